# Words of the language are plain names where nothing else could stand.
表 有 | has {
  施行 | effective : 日期
  说明 : 文本
  主键 | key : 文本 主键
  有 : 文本 可缺
  可缺 : 多个 {
    值 : 整数
  }
}

定义 甲(「有」) = 施行 <= 今日 且 有 「有」 且 本行.有 = 说明 且 日期 > 名称
定义 当时(「有」) = 行为类型 为 不动产 或 或有负债 = 且末县

枚举 政策 {
  政策
  词汇
  亦作 亦作 “a”、“b”
}

第一条 甲
  凡 「有」，一律 「一律」。

第二条 乙
  凡 「有」，一律 「应当」。
