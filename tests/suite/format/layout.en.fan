# A header, kept apart.

vocabulary 某某

# leads the table
table a | 甲 {
  name | 名称 : text key  # trailing
  amount | 数量 : integer default 0
  # before the record
  parts | 项 : many {  # opens
    值 : 金额  # inside
    # last inside
  } optional  # closed
  # at the end
}

parameter x : integer = 1

parameter y : 百分比 = 51.5%  # 51.5
# why
define 长(甲) =
  (名称 contains "一个相当长的名称" or 名称 starts with "另一个相当长的名称")
    and count at most 100 yuan
  or count between 3 workdays to 5 workdays
    and not (名称 matches "[A-Z]+" or 名称 ends with "“引号”")
measure z = -count(甲 where count > 0: has 名称) * 2 / 3

article 103-2 很长
  # about the sentence
  whenever 甲 where 名称 contains "一个相当长的名称" or 名称 contains "另一个相当长的名称",
      count >= 3 workdays,
      且末县,
    count shall be between 1 to 2.
  # about the end
  because "他说“好”，{拼接(“甲”, 名称)}，{不是 表达式}"

  whenever 甲, refer "看 {名称}".  # done
  # indented, belongs above

# after everything
