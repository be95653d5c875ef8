policy 值

enum fate | 去向 {
  keep | 留
  drop | 剔
}

table shelf | 架 {
  name | 名 : text key
  number | 号 : integer optional
}

table book | 书 {
  code | 编码 : text key
  title | 题名 : text
  pages | 页 : integer optional
  limit | 限 : hours
  wait | 等 : minutes optional
  stands | 所在 : shelf optional
  from | 起 : date
  chapters | 章 : many {
    on_day | 日子 : date
    length | 长 : integer
  }
  outcome | 处置 : fate
}

# 照报
decide book.outcome
  order drop > keep
  otherwise as declared  # what stands

define cap(book) | 上限 = if has pages then 2 hours else if lacks wait then 90 minutes else limit
define pages_or_none(book) | 页数 = pages or else stands.number or else 0
define bare(book) | 净名 = strip(replace(title, "a", "b"), "《》")
define latest(book) | 最近 = last(chapters where length > 3: on_day).length or else 0
define mean(book) | 均长 = avg(chapters: length) or else 0

article 1 term | 期限
  whenever book where (if has pages then (pages > 3) else (limit > 2 hours)),
    limit must be at most cap + 30 minutes.

article 2 rest | 其余
  whenever book,
    must first(chapters).length in {1, 2}
      and bare is title
      and count_distinct(chapters: length) below pages_or_none
      and latest at most mean

measure share | 占比 = count(book: outcome is keep) / count(book) by outcome
