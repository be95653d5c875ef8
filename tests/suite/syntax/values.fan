参数 a : 整数 = 3 天
参数 b : 整数 = 30天
参数 c : 是否 = x && y
参数 d : 是否 = 1 < x < 3
参数 e : 是否 = x 属于 y 属于 z
参数 f : = 5
参数 g :
定义 h(c) = 有 x 且
定义 i(c) = a 且b
定义 j(c) = a == b
定义 k(c) = a 等于 b
参数 l : 整数 = ​5
参数 m : 整数 = 凡
参数 n : 文本 = ‘x’
定义 o(c) = 3工作日且
参数 p : 日期 = 2015年3月
#! 1:15-1:16 unknown_unit `3` 之后的 `天` 不是计量单位 / `天` after `3` is not a unit
#!   单位有 `工作日`、`日`、`个月`、`小时`、`分钟`、`元`、`%`；工作日与日不同，必须写明 / the units are `workdays`, `days`, `months`, `hours`, `minutes`, `yuan` and `%`; workdays and days differ
#! 2:15-2:16 unknown_unit `30` 之后的 `天` 不是计量单位 / `天` after `30` is not a unit
#!   单位有 `工作日`、`日`、`个月`、`小时`、`分钟`、`元`、`%`；工作日与日不同，必须写明 / the units are `workdays`, `days`, `months`, `hours`, `minutes`, `yuan` and `%`; workdays and days differ
#! 3:15-3:17 wrong_sign 没有 `&&` 这个符号 / there is no sign `&&`
#!   写作 `且` 或 `and` / write `and` or `且`
#! 4:19-4:20 chained_relation 比较不能连写 / relations cannot be chained
#!   用 `且` 连接两个比较，或写 `介于 … 至 …` / join two relations with `and`, or write `between … to …`
#! 5:20-5:22 chained_relation 比较不能连写 / relations cannot be chained
#!   用 `且` 连接两个比较，或写 `介于 … 至 …` / join two relations with `and`, or write `between … to …`
#! 6:8-6:9 unexpected_word 这里不能是 `=` / `=` cannot stand here
#!   这里可以写 名称 / what can stand here: a name
#! 7:6-7:7 unexpected_end `:` 之后还缺内容 / something is missing after `:`
#!   这里可以写 名称 / what can stand here: a name
#! 8:15-8:16 unexpected_end `且` 之后还缺内容 / something is missing after `且`
#!   这里可以写 名称、数或条件 / what can stand here: a name, a number or a condition
#! 9:13-9:15 glued_words `且b` 是几个词连写在一起 / `且b` is several words written together
#!   词与词之间要有空格：`且 b` / put blanks between words: `且 b`
#! 10:13-10:15 wrong_sign 没有 `==` 这个符号 / there is no sign `==`
#!   写作 `=` / write `=`
#! 12:13-12:14 invisible_character 这里有一个看不见的字符（U+200B） / there is an invisible character here (U+200B)
#!   删去它；从别处复制的文字常带有这种字符 / remove it; text copied from elsewhere often carries such characters
#! 13:13-13:14 reserved_name `凡` 是保留词，这里需要名称、数或条件 / `凡` is a reserved word; a name, a number or a condition is needed here
#!   如果它是名称，写作 `「凡」` / if it is a name, write `「凡」`
#! 14:13-14:14 wrong_sign 没有 `‘` 这个符号 / there is no sign `‘`
#!   写作 `“…”` 或 `"…"` / write `"…"` or `“…”`
#! 15:12-15:16 glued_words `工作日且` 是几个词连写在一起 / `工作日且` is several words written together
#!   词与词之间要有空格：`工作日 且` / put blanks between words: `工作日 且`
#! 16:17-16:20 unknown_unit `2015` 之后的 `年3月` 不是计量单位 / `年3月` after `2015` is not a unit
#!   日期写作 `2015年3月1日` 或 `2015-03-01` / write a date as `2015-03-01` or `2015年3月1日`
