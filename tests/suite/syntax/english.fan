article 1 a
  whenever item, x shal be in tiers.
  whenevr item, x shall be in tiers.
  whenever item, promised_limit must be inn tiers.
  whenever retained item, promised_limit must be in tiers.
  whenever item where retained, must.
  unless a orr b
  because 'x'
polcy b
tabel c {
  d : text kye
}
defne e(c) = 1
article f
#! 2:20-2:24 misspelt_keyword 不认识 `shal` / `shal` is not a word of the language
#!   是不是 `shall`？ / did you mean `shall`?
#! 3:3-3:10 misspelt_keyword 不认识 `whenevr` / `whenevr` is not a word of the language
#!   是不是 `whenever`？ / did you mean `whenever`?
#! 4:45-4:50 unexpected_word 这里不能是 `tiers` / `tiers` cannot stand here
#!   这里可以写 `(`，运算符，逗号，`凡`、`除非`、`根据` 等条文内容，或 新的声明（如 表、定义、第…条） / what can stand here: `(`, an operator, a comma, a line of the article: `whenever`, `unless`, `cite` …, or another declaration (like table, define, article)
#! 5:21-5:25 missing_of 条件与主体没有分开 / the condition and its subject are not told apart
#!   写作 `whenever 主体 where 条件, …` / write `whenever SUBJECT where CONDITION, …`
#! 6:37-6:38 unexpected_word 这里不能是 `.` / `.` cannot stand here
#!   这里可以写 名称、数或条件 / what can stand here: a name, a number or a condition
#! 7:12-7:15 unexpected_word 这里不能是 `orr` / `orr` cannot stand here
#!   这里可以写 `(`，关系词（如 不超过、属于、=），`且`、`或`，运算符，或 逗号 / what can stand here: `(`, a relation (like at most, in, =), `and`, `or`, an operator, or a comma
#! 8:11-8:12 wrong_sign 没有 `'` 这个符号 / there is no sign `'`
#!   写作 `“…”` 或 `"…"` / write `"…"` or `“…”`
#! 9:1-9:6 misspelt_keyword 不认识 `polcy` / `polcy` is not a word of the language
#!   是不是 `policy`？ / did you mean `policy`?
#! 10:1-10:6 misspelt_keyword 不认识 `tabel` / `tabel` is not a word of the language
#!   是不是 `table`？ / did you mean `table`?
#! 13:1-13:6 misspelt_keyword 不认识 `defne` / `defne` is not a word of the language
#!   是不是 `define`？ / did you mean `define`?
#! 14:9-14:10 unexpected_word 这里不能是 `f` / `f` cannot stand here
#!   这里可以写 条号（如 第三条） / what can stand here: an article number (like 3)
