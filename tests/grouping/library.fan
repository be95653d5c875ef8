词汇 馆 | library
枚举 类 | kind { 小 大 }
表 馆 | hall { 名 | name : 文本 主键 }
表 架 | shelf { 号 | code : 文本 主键 馆 | hall : 馆 可缺 }
表 书 | book {
  号 | id : 文本 主键
  题 | title : 文本
  架 | shelf : 架
  藏 | store : 馆 可缺
  类 | kind 亦作 “类别” : 类 可缺
  破 | torn : 是否 可缺
  页 | pages : 整数
  章 | chapters : 多个 { 目 | heading : 文本 } 默认 {}
}
表 借 | loan { 号 | id : 文本 主键 书 | book : 书 桌 | desk : 桌 日 | days : 整数 }
表 桌 | desk { 号 | code : 文本 主键 馆 | hall : 馆 }
表 年 | year 单份 { 数 | copies : 整数 }

第一条 厚 | thick
  凡 书，页 不得 超过 10。
第二条 薄 | thin
  凡 书，页 宜 不少于 3。
第三条 问 | ask
  凡 有 类 且 类 为 大 的 书，提请 “要不要留”。
第四条 久 | long
  凡 借，日 不得 超过 30。
第五条 数 | copies
  凡 年，数 必须 为 数量(书)。
第六条 馆 | hall
  凡 架，必须 有 馆。
第七条 无 | never
  凡 页 超过 9999 的 书，必须 有 类。
