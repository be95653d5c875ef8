第一条 甲
  凡事项，一律 取消
  凡 事项一律 取消。
  凡 事项，一率 取消
  凡 保留 事项，一律 取消
  凡 保留的 事项，一律 取消
  凡 事项，承诺时限 必须属于 档位
  凡 事项，承诺时限 必需 属于 档位
  凡 事项，承诺时限 必须 大于 档位
  凡 事项，承诺时限
  根据 国发
  说明 没有引号
第一百二条 乙
  凡 事项，必须 有 依据
第三条
  凡 事项，必须 有 依据
第四条 丁
  凡 事项，期限 必须 为 1 且 期限 为 2
  凡 事项，一律 取消 或 保留
#! 2:3-2:6 glued_words `凡事项` 是几个词连写在一起 / `凡事项` is several words written together
#!   词与词之间要有空格：`凡 事项` / put blanks between words: `凡 事项`
#! 3:5-3:9 glued_words `事项一律` 是几个词连写在一起 / `事项一律` is several words written together
#!   词与词之间要有空格：`事项 一律` / put blanks between words: `事项 一律`
#! 4:8-4:10 misspelt_keyword 不认识 `一率` / `一率` is not a word of the language
#!   是不是 `一律`？ / did you mean `一律`?
#! 5:8-5:10 missing_of 条件与主体没有分开 / the condition and its subject are not told apart
#!   在主体前加 `的`：`凡 条件 的 主体，…` / write `的` before the subject: `凡 CONDITION 的 SUBJECT，…`
#! 6:5-6:8 glued_words `保留的` 是几个词连写在一起 / `保留的` is several words written together
#!   词与词之间要有空格：`保留 的` / put blanks between words: `保留 的`
#! 7:13-7:17 glued_words `必须属于` 是几个词连写在一起 / `必须属于` is several words written together
#!   词与词之间要有空格：`必须 属于` / put blanks between words: `必须 属于`
#! 8:13-8:15 misspelt_keyword 不认识 `必需` / `必需` is not a word of the language
#!   是不是 `必须`？ / did you mean `必须`?
#! 10:8-10:12 unexpected_end `承诺时限` 之后还缺内容 / something is missing after `承诺时限`
#!   这里可以写 “必须”“不得”等（或 一律、提请） / what can stand here: a modal such as `must` or `must not` (or then, refer)
#! 11:6-11:8 put_otherwise `国发` 在这里不这样写 / `国发` is put otherwise here
#!   写作 `《国发》` / write `《国发》`
#! 12:6-12:10 unexpected_word 这里不能是 `没有引号` / `没有引号` cannot stand here
#!   这里可以写 引号中的文字（如 “…”） / what can stand here: a text (like "…")
#! 13:1-13:6 bad_numeral `第一百二条` 不是完整的条号 / `第一百二条` is not a well-formed article number
#!   是不是 `第一百零二条`？ / did you mean `第一百零二条`?
#! 18:18-18:19 joined_clause 一句只有一个要求，`且` 不能接在它后面 / a sentence makes one demand; `且` cannot follow it
#!   写成两句，或把情态词放在整个条件之前：`必须 甲 为 1 且 乙 为 2` / write two sentences, or the modal before the whole condition: `must a = 1 and b = 2`
#! 19:14-19:15 joined_clause 一句只有一个要求，`或` 不能接在它后面 / a sentence makes one demand; `或` cannot follow it
#!   写成两句，或把情态词放在整个条件之前：`必须 甲 为 1 且 乙 为 2` / write two sentences, or the modal before the whole condition: `must a = 1 and b = 2`
