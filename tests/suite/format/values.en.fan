policy values

table shelf {
  name : text key
  number : integer optional
}

table book | 书 {
  code | 号 : text key
  title | 名 : text
  pages | 页 : integer optional
  limit | 限 : hours
  wait | 等 : minutes optional
  shelf | 架 : shelf optional
  from | 起 : instant
  to | 止 : instant
  chapters | 章 : many {
    day | 日期 : date
    length | 长 : integer
  }
  fate | 去 : fate
}

enum fate {
  keep | 留
  drop | 剔
}

# 照报
decide book.fate
  order drop > keep
  otherwise as declared  # what stands

define cap(book) | 上限 = if has pages then 2 hours else if lacks wait then 90 minutes else limit
define pages_or_none(book) = pages or else shelf.number or else 0
define bare(book) = strip(replace(title, "a", "b"), "《》")
define latest(book) = last(chapters where length > 3: day).length or else 0
define mean(book) = avg(chapters: length) or else 0

article 1 cap
  whenever book where (if has pages then (pages > 3) else (limit > 2 hours)),
    to - from must be at most cap + 30 minutes.

article 2 rest
  whenever book,
    must first(chapters).length in {1, 2}
      and bare is title
      and count_distinct(chapters: length) below pages_or_none
      and latest at most mean

measure share | 占比 = count(book: fate is keep) / count(book) by fate
