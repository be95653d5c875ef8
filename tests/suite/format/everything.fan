# 总注
政策 七个凡是 | seven_whenevers
  文号 “上街区第三轮行政审批制度改革”
  施行 2015-03-01 至 2020年12月31日

使用 行政审批

枚举 位阶 | rank 由低到高 {          # ordered: < and >= are allowed
  规范性文件 | normative_document
  # 中间
  法律 | law 亦作 “国家法律”、“法”
}

表 法规 | statute 引据 名称、简称 自 施行 至 废止 {
  名称 | title : 文本 主键
  施行 | effective : 日期
  废止 | repealed : 日期 可缺          # optional; reading it unguarded is a compile error with a hint
}
表 公布 | published 单份 { 办结 | closed : 整数  即办 | instant : 整数  承诺 | promised : 整数 默认 0  主键 | key : 文本 }
表 事项 | item {
  编码 | code 亦作 “事项编码” : 文本 主键
  部门 | department : 部门
  设定依据 | basis : 多个 {
    法规 | statute : 法规
    条款 | article : 文本 可缺
  } 可缺
  服务对象 | audiences : 多个 文本
  承诺时限 | promised_limit : 工作日 读作 {“当场” = 0 工作日、“天” = 工作日}
}
历法 办公日历 | office_calendar 于 日历 {
  日期 日期
  周休 6、7
  休 性质 = 休息
  班 性质 = 上班
}
参数 环节上限 | max_steps : 整数 = 5
参数 档位 | tiers : 多个 工作日 = {1 工作日、3 工作日、7 工作日}
定义 现行有效(法规) | in_force = 施行 <= 今日 且 (无 废止 或 废止 > 今日)
定义 有权设定(事项.设定依据) | may_set = 法规.现行有效 且 法规.位阶 >= 省级政府规章
定义 连续两年零办理(事项) | two_years_unused =
  办理量[年度 = 年(今日) - 1].件数 = 0 且 办理量[年度 = 年(今日) - 2].件数 = 0      # a year with no record is unknown, not zero
裁定 事项.处理意见
  次序 取消 > 报请 > 调整
  否则 保留
指标 削减率 | reduction = 1 - 数量(事项: 处理意见 = 保留) / 公布.基数
指标 精简环节 | steps_removed = 合计(事项: 改革前环节 - 数量(环节)) 按 部门
指标 时限 | days = 合计(事项 当 保留: 改革前时限) -> 合计(事项 当 保留: 承诺时限) 按 部门
指标 下一行 | next_line=合计(事项 当 保留: 改革前环节)→合计(事项 当 保留: 数量(环节: 计入环节)) 按 部门
指标 各占一行 | own_lines = 合计(事项 当 保留 且 有 承诺时限 且 需要公示: 改革前时限 * 2) ->
  合计(事项 当 保留 且 有 承诺时限 且 需要公示: 承诺时限 * 2 + 合计(特别程序: 时限)) 按 部门

第一条 甲
  凡 没有法律法规依据，属各职能部门自行设定 的 审批事项 或 前置条件 的，一律 取消。
第二条 乙
  凡是 法律法规没有要求 的 申报材料 和 前置条件，一律 取消。
第三条 丙
  凡 上级明令取消 或 法律依据不足 的 事项，一律 取消。
  凡 公布，必须 办结 = 即办 + 承诺 + 联办
  凡 保留 的 事项，数量(环节) 不得 超过 环节上限。
  凡 办结 的 办件，历时(受理日, 办结日) 不得 超过 事项.承诺时限
  凡 事项.前置条件，必须 有 依据。
  凡 事项 当 保留，提请 “看 {名称}”
  根据 《国务院关于取消和调整一批行政审批项目等事项的决定》（国发〔2015〕57号）、《行政许可法》第四十二条第一款
第九条之一 承诺时限档位 | promised_tier
  施行 2015-03-01
  凡 保留 的 事项，承诺时限 必须 属于 档位。
  除非 需要公示 或 需要听证
  优先于 第三条、七个凡是.第四条
  说明 “承诺 {承诺时限}，不在档内”
article 12-1 english
  whenever thing where retained, limit must be in {1 workdays, 3 workdays}.
  whenever thing where a, b and not c, x must not exceed 5.
  whenever case of thing, cond, x must be at most 5
  whenever thing, must have ground
  whenever any thing, must not be absent or has ground.
  whenever thing, must be not absent and starts > ends
  unless x between 1 to 5 or x is not in levels.
  overrides 3, p.4-1.
