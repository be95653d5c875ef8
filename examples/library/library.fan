policy library | 馆规

enum fate | 去向 ascending {
  keep | 留
  drop | 剔
}

table shelf | 架 {
  name | 名 : text key
}

table book | 书 {
  code | 号 : text key
  shelf | 架 : shelf
  pages | 页 : integer
  fate | 去向 : fate
  chapters | 章 : many {
    title | 题 : text
  }
  name | 名 : text
}

decide book.fate
  order drop
  otherwise keep

article 1 thick | 厚
  whenever book, pages must not exceed 500.

article 2 thin | 薄
  whenever book where pages < 10, then drop.

article 3 brief | 短题
  whenever book.chapters, length(title) must not exceed 5.

measure books | 册数 = count(book) by book.shelf
