政策 a
  文号 “没有收尾
枚举 b {
  甲 | a
  乙 | b

参数 c : 整数 = 1)
定义 d(c = x
定义 e(c) = (a 且 [b)
第一条 甲
  凡 c，数量(x 不得 超过 5。
  根据 《没有收尾
  凡 c，必须 有 x。
#! 2:6-2:7 unclosed_text 本行内缺少收尾的 `”` / the closing `”` is missing on this line
#!   文字不能跨行，收尾的引号要与开头配对 / a text ends on its line, with the quote that matches its opening
#! 3:6-3:7 unclosed_bracket `{` 没有收尾 / `{` is never closed
#!   补上 `}` / add `}`
#! 7:14-7:15 unopened_bracket `)` 没有对应的开头 / `)` closes nothing
#!   删去 `)`，或补上它的开头 / remove `)`, or add its opening
#! 8:5-8:6 unclosed_bracket `(` 没有收尾 / `(` is never closed
#!   补上 `)` / add `)`
#! 9:16-9:17 unclosed_bracket `[` 没有收尾 / `[` is never closed
#!   补上 `]` / add `]`
#! 11:9-11:10 unclosed_bracket `(` 没有收尾 / `(` is never closed
#!   补上 `)` / add `)`
#! 12:6-12:7 unclosed_text 本行内缺少收尾的 `》` / the closing `》` is missing on this line
#!   文字不能跨行，收尾的引号要与开头配对 / a text ends on its line, with the quote that matches its opening
