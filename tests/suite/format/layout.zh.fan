# A header, kept apart.

词汇 某某

# leads the table
表 甲 | a {
  名称 | name : 文本 主键  # trailing
  数量 | amount : 整数 默认 0
  # before the record
  项 | parts : 多个 {  # opens
    值 : 金额  # inside
    # last inside
  } 可缺  # closed
  # at the end
}

参数 x : 整数 = 1

参数 y : 百分比 = 51.5%  # 51.5
# why
定义 长(甲) =
  (名称 包含 “一个相当长的名称” 或 名称 开头为 “另一个相当长的名称”) 且 数量 不超过 100 元
  或 数量 介于 3 工作日 至 5 工作日 且 非 (名称 匹配 “[A-Z]+” 或 名称 结尾为 "“引号”")
指标 z = -数量(甲 当 数量 > 0: 有 名称) * 2 / 3

第一百零三条之二 很长
  # about the sentence
  凡 名称 包含 “一个相当长的名称” 或 名称 包含 “另一个相当长的名称”，数量 >= 3 工作日，且末县 的 甲，
    数量 应当 介于 1 至 2。
  # about the end
  说明 "他说“好”，{拼接(“甲”, 名称)}，{不是 表达式}"

  凡 甲，提请 “看 {名称}”。  # done
  # indented, belongs above

# after everything
