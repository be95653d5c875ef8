# 清理行政审批事项所用的词：事项、部门、法规、上级决定长什么样，哪些说法是什么意思。日历另是一份（calendar.fan），只数工作日的用它就够。
# 引擎不懂审批；凡与审批有关的，都写在这里和同目录的政策里。

词汇 行政审批 | approval
  缺 “无”、“/”、“—”、“——”

使用 日历

# ── 种类 ─────────────────────────────────────────────────────────────────────

# 次序只用来判断“地方性法规以上”“行政法规以上”。部门规章与省级政府规章效力相同（《立法法》第九十一条），
# 国务院决定不是《立法法》上的位阶，设定许可时与行政法规并列（《行政许可法》第十四条第二款）。
枚举 位阶 | rank 由低到高 {
  规范性文件 | normative_document
  市级政府规章 | city_rule 亦作 “设区的市政府规章”
  部门规章 | departmental_rule
  省级政府规章 | provincial_rule
  地方性法规 | local_regulation
  国务院决定 | state_council_decision
  行政法规 | administrative_regulation
  法律 | law
}

# 十一个类别，行政强制分为措施和执行（《行政强制法》分别规定由谁设定）；非行政许可审批是2015年取消的类别。
枚举 类别 | category {
  行政许可 | licence
  行政处罚 | penalty
  行政强制措施 | coercive_measure 亦作 “行政强制”
  行政强制执行 | coercive_execution
  行政征收 | levy
  行政给付 | benefit
  行政检查 | inspection
  行政确认 | confirmation
  行政奖励 | award
  行政裁决 | adjudication
  其他行政权力 | other_power 亦作 “其他职权”
  公共服务 | public_service
  非行政许可审批 | non_licence_approval 亦作 “非许可审批”
}

# 对一个事项的处理意见。前七种是公布结果里的；按程序清理列入公布的“暂不实行”，只登记不审核列入“不列入清单”，
# 参照上级部门的做法执行（改为事后监管）列入“调整为其他行政权力”。
枚举 处理 | disposition {
  保留 | retain
  取消 | cancel
  暂不实行 | suspend 亦作 “暂缓实施”
  调整为其他行政权力 | to_other_power 亦作 “其他行政权力”
  调整为公共服务 | to_public_service 亦作 “公共服务”
  不列入清单 | delist
  做好对接 | take_over 亦作 “承接”、“对接”
  做到只登记不审核 | register_only 亦作 “只登记”、“只登记不审核”
  按程序清理 | clean_up
  参照上级部门的做法执行 | follow_superior 亦作 “参照上级”、“改为事后监管”
}

枚举 去留 | keep_or_drop {
  保留 | retain
  取消 | cancel
}

枚举 上级处理 | superior_action {
  明令取消 | abolish 亦作 “取消”
  下放管理层级 | devolve 亦作 “下放”
  上收管理层级 | move_up 亦作 “上解”、“上收”
  变前置审批为事后监管 | make_ex_post 亦作 “改为后置审批”、“改为事后监管”
  恢复实施 | restore 亦作 “恢复”
}

枚举 层级 | level 由高到低 {
  国家级 | national 亦作 “国务院”
  省级 | provincial
  市级 | municipal
  县级 | county 亦作 “区级”、“县区”
  镇级 | township 亦作 “镇（街道）级”
}

枚举 设定者 | setter {
  法律法规 | statute_itself
  上级机关 | superior_organ
  本部门 | department_itself 亦作 “部门自设”
}

# 《行政许可法》第十三条四项，加上“仍须设定”。是不是，由人论证；这里只记论证的结论。
枚举 必要性 | necessity {
  确有必要 | necessary
  自主决定 | self_decidable
  市场调节 | market_adjustable
  行业自律 | self_regulated
  事后监督 | ex_post_supervisable
}

枚举 事务性质 | nature {
  审批 | approving
  备案认定 | filing
  服务 | serving
  内部管理 | internal
}

枚举 办件类型 | case_type {
  即办件 | instant
  承诺件 | promised
  联办件 | joint
  上报件 | forwarded
}

枚举 环节类型 | step_type {
  受理 | acceptance
  登记 | registration
  审查 | review
  决定 | deciding
  送达 | delivery
  转报 | forwarding
  现场勘查 | site_visit
  公示 | publicity
  听证 | hearing
  专家论证 | expert_argument 亦作 “论证”
}

枚举 可否 | permission {
  可 | yes
  有条件 | conditional
  临时 | temporary
  否 | no
}

# ── 事实 ─────────────────────────────────────────────────────────────────────

表 法规 | statute 引据 名称、简称 自 施行 至 废止 {
  名称 | title : 文本 主键
  简称 | short_title : 文本 可缺
  文号 | document : 文本 可缺
  位阶 | rank : 位阶
  施行 | effective : 日期
  废止 | repealed : 日期 可缺
  来源 | source : 文本 可缺
}

# 哪一位阶可以设定哪一类权力；没有记载的组合是“不知道”，不是“可以”。
表 设定权 | setting_authority {
  权力 | power : 类别
  等级 | instrument : 位阶
  可否 | permission : 可否
  条件 | proviso : 文本 可缺
  来源 | source : 文本
}

表 部门 | department {
  名称 | name : 文本 主键
  统一社会信用代码 | credit_code : 文本 唯一
  上报日期 | reported : 日期
}

# 上级的取消、下放、调整决定，逐条登记；区里没有对应事项的，“对应事项”空着。
表 上级决定 | superior_decision {
  编号 | number : 文本 主键
  文号 | document : 文本
  日期 | day : 日期
  机关 | organ : 层级
  名称 | name : 文本
  处理方式 | action : 上级处理
  承接层级 | taken_over_by : 层级 可缺
  对应事项 | item : 事项 可缺
}

表 事项 | item {
  编码 | code 亦作 “事项编码” : 文本 主键
  名称 | name 亦作 “事项名称”、“项目名称” : 文本
  部门 | department 亦作 “责任单位” : 部门
  类别 | category 亦作 “事项类型” : 类别
  实施主体代码 | body_code 亦作 “实施主体编码” : 文本 可缺
  实施编码 | implementation_code : 文本 可缺
  事务性质 | nature : 事务性质 默认 审批
  设定者 | set_by : 设定者
  设定依据 | basis : 多个 {
    法规 | statute : 法规
    条款 | provision : 文本
    标注位阶 | declared_rank : 位阶 可缺
    引文 | quotation : 文本 可缺  # 抄写的原文
    条文出处 | quoted_from : 引据 于 法规、条款、引文  # 清单给了 [texts] 的，与条文核对
  }
  必要性 | necessity 亦作 “必要性论证” : 必要性 可缺
  论证文号 | argument : 文本 可缺
  受理条件 | conditions : 文本 可缺
  前置条件 | preconditions : 多个 {
    名称 | name : 文本
    依据 | basis : 法规 可缺
    条款 | provision : 文本 可缺
    设定者 | set_by : 设定者
    处理意见 | outcome : 去留 默认 保留
  }
  申报材料 | materials : 多个 {
    名称 | name : 文本
    依据 | basis : 法规 可缺
    条款 | provision : 文本 可缺
    份数 | copies : 整数 默认 1
    处理意见 | outcome : 去留 默认 保留
  }
  环节 | steps : 多个 {
    名称 | name : 文本
    类型 | type : 环节类型
    时限 | days : 工作日
  }
  环节档 | step_tier : 整数
  改革前环节 | steps_before : 整数
  特别程序 | special_procedures : 多个 {
    种类 | type : 环节类型
    依据 | basis : 法规 可缺
  }
  办件类型 | case_type : 办件类型
  法定时限 | statutory_limit 亦作 “法定办结时限”、“法定期限” : 工作日 可缺 读作 {“个工作日” = 工作日}
  法定自然日 | statutory_days : 日 可缺
  时限档 | limit_tier : 工作日 可缺
  承诺时限 | promised_limit 亦作 “承诺办结时限”、“承诺期限” : 工作日 读作 {“当场” = 0 工作日、“即办” = 0 工作日、“个工作日” = 工作日}
  改革前时限 | limit_before : 工作日 读作 {“个工作日” = 工作日}
  进驻大厅 | in_hall 亦作 “是否进驻” : 是否
  不进驻批准 | hall_exemption : 文本 可缺
  收费 | charges 亦作 “是否收费” : 是否 读作 {“收费” = 是、“不收费” = 否}
  收费依据 | fee_basis : 法规 可缺
  服务对象 | audiences : 多个 文本
  办理量 | volumes : 多个 {
    年度 | year : 整数
    件数 | cases : 整数
  }
  处理意见 | outcome 亦作 “清理意见” : 处理
}

# ── 说法 ─────────────────────────────────────────────────────────────────────

定义 现行有效(法规) | in_force = 施行 <= 今日 且 (无 废止 或 废止 > 今日)

定义 审批事项(事项) | approval_item = 类别 属于 {行政许可、行政确认、非行政许可审批}

定义 保留(事项) | retained = 处理意见 = 保留

# 清理以后区里继续办的：保留的和承接的。
定义 列入清单(事项) | listed = 处理意见 属于 {保留、做好对接}

# 省级政府规章的临时性许可实施满一年须提请制定地方性法规（《行政许可法》第十五条第一款），过后不再作数。
定义 有权设定(事项.设定依据) | may_set =
  法规.现行有效
  且 (设定权[权力 = 类别 且 等级 = 法规.位阶].可否 属于 {可、有条件}
     或 (设定权[权力 = 类别 且 等级 = 法规.位阶].可否 = 临时 且 法规.施行 + 12 个月 不早于 今日))

# 同一事项先取消、后恢复或者下放的，以最后的决定为准；今日以后才作出的，还不作数。
定义 最新决定日(事项) | last_decided = 最大(上级决定 当 日期 不晚于 今日: 日期)

定义 最新(上级决定) | latest = 有 对应事项 且 日期 不晚于 今日 且 日期 = 对应事项.最新决定日
