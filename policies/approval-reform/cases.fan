# 办件登记所用的词：一件从申请、受理到办结、送达，记下哪一天做了什么、钟停在哪里。

词汇 办件登记 | cases

使用 行政审批

# 听证等九种所需的时间不计算在期限内（《行政许可法》第四十五条）；补正是受理以前的事，退回补正的重新起算。
# 公示不在其内：它可以免于压缩承诺时限，但不停钟。
枚举 停钟事由 | stop_reason {
  听证 | hearing
  招标 | tender
  拍卖 | auction
  检验 | examination
  检测 | testing
  检疫 | quarantine
  鉴定 | appraisal
  专家评审 | expert_review
  其他事由 | other_reason 亦作 “其他”
}

枚举 批准人 | approver {
  科室负责人 | section_head
  本机关负责人 | organ_head
  本级政府负责人 | government_head
}

# 一件一行，没有办结的，“办结日”空着。上报件由本级审查后直接转报，转报日就是办结日。
表 办件 | case {
  编号 | number : 文本 主键
  事项 | item : 事项
  申请日 | applied : 日期 可缺
  补正告知日 | deficiency_notice : 日期 可缺
  受理日 | accepted : 日期
  办结日 | closed : 日期 可缺
  送达日 | delivered : 日期 可缺
  延期 | extension : 工作日 默认 0 工作日
  延期批准 | extended_by : 批准人 可缺
  延期告知日 | extension_notice : 日期 可缺
  停钟 | stops : 多个 {
    事由 | reason : 停钟事由
    起 | from : 日期
    止 | to : 日期
    书面告知日 | notice : 日期 可缺
  } 默认 {}
  经过 | log : 多个 {
    步骤 | step : 文本
    开始 | started : 日期 为序
    结束 | finished : 日期 可缺
  } 默认 {}
}

# 电子监察系统里设的步骤和时限，一个步骤一行；与事项清单的环节应当一致。
表 监察步骤 | monitored_step {
  事项 | item : 事项
  名称 | name : 文本
  时限 | limit : 工作日
}

# ── 说法 ─────────────────────────────────────────────────────────────────────

# 停钟从“起”的次日数到“止”当日，与期间的数法一样。
定义 不计时(办件) | stopped = 合计(停钟: 历时(起, 止))
