# Words of the language are plain names where nothing else could stand.
table has | 有 {
  effective | 施行 : date
  说明 : text
  key | 主键 : text key
  有 : text optional
  可缺 : many {
    值 : integer
  }
}

define 甲(「has」) = effective <= today and has 「has」 and this.has = 说明 and date > 名称
define 当时(「has」) = 行为类型 is 不动产 or 或有负债 = 且末县

enum 政策 {
  政策
  词汇
  亦作 also "a", "b"
}

article 1 甲
  whenever 「has」, then 「一律」.

article 2 乙
  whenever 「has」, then 「应当」.
