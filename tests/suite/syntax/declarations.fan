表 c | c {
  名称 | title : 文本 主建
  时限 : 工作日
}
历法 k 于 d { 日期 x 日期 y }
历法 k 于 d { }
裁定 c.d 否则 x 否则 y
定意 j(c) = x
参数 k 整数 = 5
枚举 l 由低到高
  甲
表 m {
  定义 | definition : 文本
  表 : 文本
}
使用 甲 乙
#! 2:19-2:21 misspelt_keyword 不认识 `主建` / `主建` is not a word of the language
#!   是不是 `主键`？ / did you mean `主键`?
#! 5:17-5:19 repeated_entry `日期` 写了两次 / `日期` stands twice
#!   只留一个 / keep one of them
#! 6:1-6:3 missing_entry 历法缺少 `日期` / the calendar has no `date`
#!   在花括号中补上 `日期` / add `date` between the braces
#! 8:1-8:3 misspelt_keyword 不认识 `定意` / `定意` is not a word of the language
#!   是不是 `定义`？ / did you mean `定义`?
#! 9:6-9:8 unexpected_word 这里不能是 `整数` / `整数` cannot stand here
#!   这里可以写 `:` / what can stand here: `:`
#! 11:3-11:4 unexpected_word 这里不能是 `甲` / `甲` cannot stand here
#!   这里可以写 `{` / what can stand here: `{`
#! 16:6-16:7 unexpected_word 这里不能是 `乙` / `乙` cannot stand here
#!   这里可以写 逗号，或 新的声明（如 表、定义、第…条） / what can stand here: a comma, or another declaration (like table, define, article)
