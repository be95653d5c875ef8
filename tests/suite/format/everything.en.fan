# 总注
policy seven_whenevers | 七个凡是
  document "上街区第三轮行政审批制度改革"
  effective 2015-03-01 to 2020-12-31

use 行政审批

enum rank | 位阶 ascending {  # ordered: < and >= are allowed
  normative_document | 规范性文件
  # 中间
  law | 法律 also "国家法律", "法"
}

table statute | 法规 citable by title, 简称 from effective to repealed {
  title | 名称 : text key
  effective | 施行 : date
  repealed | 废止 : date optional  # optional; reading it unguarded is a compile error with a hint
}

table published | 公布 single {
  closed | 办结 : integer
  instant | 即办 : integer
  promised | 承诺 : integer default 0
  key | 主键 : text
}

table item | 事项 {
  code | 编码 also "事项编码" : text key
  department | 部门 : department
  basis | 设定依据 : many {
    statute | 法规 : statute
    article | 条款 : text optional
  } optional
  audiences | 服务对象 : many text
  promised_limit | 承诺时限 : workdays reading {"当场" = 0 workdays, "天" = workdays}
}

calendar office_calendar | 办公日历 on 日历 {
  date date
  rest 6, 7
  off 性质 = 休息
  on 性质 = 上班
}

parameter max_steps | 环节上限 : integer = 5
parameter tiers | 档位 : many workdays = {1 workday, 3 workdays, 7 workdays}
define in_force(statute) | 现行有效 = effective <= today and (lacks repealed or repealed > today)
define may_set(item.basis) | 有权设定 = statute.in_force and statute.rank >= 省级政府规章
define two_years_unused(item) | 连续两年零办理 =
  办理量[年度 = year(today) - 1].件数 = 0 and 办理量[年度 = year(today) - 2].件数 = 0  # a year with no record is unknown, not zero

decide item.处理意见
  order 取消 > 报请 > 调整
  otherwise 保留

measure reduction | 削减率 = 1 - count(item: 处理意见 = 保留) / published.基数
measure steps_removed | 精简环节 = sum(item: 改革前环节 - count(环节)) by department
measure days | 时限 =
  sum(item where 保留: 改革前时限) → sum(item where 保留: promised_limit) by department
measure next_line | 下一行 =
  sum(item where 保留: 改革前环节) → sum(item where 保留: count(环节: 计入环节)) by department
measure own_lines | 各占一行 =
  sum(item where 保留 and has promised_limit and 需要公示: 改革前时限 * 2)
  → sum(item where 保留 and has promised_limit and 需要公示: promised_limit * 2 + sum(特别程序: days)) by department

article 1 甲
  whenever case of 审批事项 or 前置条件 where 没有法律法规依据, 属各职能部门自行设定, then 取消.

article 2 乙
  whenever any 申报材料 and 前置条件 where 法律法规没有要求, then 取消.

article 3 丙
  whenever item where 上级明令取消 or 法律依据不足, then 取消.
  whenever published, must 办结 = 即办 + 承诺 + 联办.
  whenever item where 保留, count(环节) must not exceed max_steps.
  whenever 办件 where 办结, elapsed(受理日, 办结日) must not exceed item.promised_limit.
  whenever item.前置条件, must have 依据.
  whenever item where 保留, refer "看 {title}".
  cite 《国务院关于取消和调整一批行政审批项目等事项的决定》（国发〔2015〕57号）, 《行政许可法》第四十二条第一款

article 9-1 promised_tier | 承诺时限档位
  effective 2015-03-01
  whenever item where 保留, promised_limit must be in tiers.
  unless 需要公示 or 需要听证
  overrides 3, seven_whenevers.4
  because "承诺 {promised_limit}，不在档内"

article 12-1 english
  whenever thing where retained, limit must be in {1 workday, 3 workdays}.
  whenever thing where a, b and not c, x must not exceed 5.
  whenever case of thing, cond, x must be at most 5.
  whenever thing, must have ground.
  whenever any thing, must not be absent or has ground.
  whenever thing, must be not absent and starts > ends.
  unless x between 1 to 5 or x not in levels
  overrides 3, p.4-1
