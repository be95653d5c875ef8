# 同行引擎的共同工作量：合成的事项，十六条规则。意思以 oracle.py 为准，一条规则一个条文。

政策 同行 | peers

枚举 位阶 | rank 由高到低 {
  法律 | law
  行政法规 | admin_regulation
  国务院决定 | state_council_decision
  地方性法规 | local_regulation
  省级政府规章 | provincial_rule
  部门规章 | dept_rule
  规范性文件 | normative_doc
}

枚举 上级决定 | superior_decision {
  没有决定 | none
  取消 | cancelled
  下放 | delegated
  上收 | escalated
  改为事后监管 | post_supervision
}

枚举 设定者 | setter {
  法律法规 | law
  部门 | department
}

枚举 处理 | outcome {
  保留 | retain
  取消 | cancel
  调整 | adjust
  对接 | dock
  只登记 | register_only
  清理 | cleanup
}

表 事项 | item {
  编码 | code : 文本 主键
  名称 | name : 文本
  部门 | department : 文本
  类别 | category : 文本
  上级决定 | superior_decision : 上级决定
  设定依据 | basis : 多个 {
    法规 | law : 文本
    位阶 | rank : 位阶
    现行有效 | in_force : 是否
    条款 | article : 整数
  } 默认 {}
  设定者 | set_by : 设定者
  可由市场调节 | market_adjustable : 是否
  前年办件 | handled_2013 : 整数
  去年办件 | handled_2014 : 整数
  环节 | steps 亦作 “step” : 多个 {
    名称 | name : 文本
    有依据 | has_basis : 是否
    时限 | days : 工作日
  } 默认 {}
  材料 | materials 亦作 “material” : 多个 {
    名称 | name : 文本
    法定 | required_by_law : 是否
  } 默认 {}
  前置条件 | preconditions 亦作 “precondition” : 多个 {
    名称 | name : 文本
    法定 | required_by_law : 是否
  } 默认 {}
  法定时限 | statutory_days : 工作日
  承诺时限 | promised_days : 工作日
  需要公示 | needs_publicity : 是否
  需要听证 | needs_hearing : 是否
  需要论证 | needs_argument : 是否
  进驻大厅 | in_hall : 是否
  处理意见 | outcome : 处理
}

第一条 上级取消 | R1
  凡 上级决定 为 取消 的 事项，处理意见 必须 为 取消。

第二条 有权设定 | R2
  凡 处理意见 不为 取消 的 事项，必须 存在(设定依据: 现行有效 且 位阶 不少于 省级政府规章)。

第三条 上级下放 | R3
  凡 上级决定 为 下放 的 事项，处理意见 必须 为 对接。

第四条 上级上收 | R4
  凡 上级决定 为 上收 的 事项，处理意见 必须 为 只登记。

第五条 部门自设 | R5
  凡 设定者 为 部门，没有(设定依据) 的 事项，处理意见 必须 为 取消。

第六条 市场调节 | R6
  凡 可由市场调节 的 事项，处理意见 必须 为 取消。

第七条 两年没有办件 | R7
  凡 前年办件 为 0，去年办件 为 0 的 事项，处理意见 必须 为 清理。

第八条 环节依据 | R8
  凡 处理意见 不为 取消 的 事项.环节，必须 有依据。

第九条 材料法定 | R9
  凡 事项.材料，必须 法定。

第十条 前置条件法定 | R10
  凡 事项.前置条件，必须 法定。

第十一条 环节数 | R11
  凡 事项，数量(环节) 不得 超过 5。

第十二条 承诺档位 | R12
  凡 事项，承诺时限 必须 属于 {1 工作日、3 工作日、7 工作日}。
  除非 需要公示 或 需要听证 或 需要论证

第十三条 不超法定 | R13
  凡 事项，承诺时限 不得 超过 法定时限。

第十四条 环节时限 | R14
  凡 事项，合计(环节: 时限) 不得 超过 承诺时限。

第十五条 事后监管 | R15
  凡 上级决定 为 改为事后监管 的 事项，处理意见 必须 为 调整。

第十六条 进驻大厅 | R16
  凡 处理意见 为 保留 的 事项，必须 进驻大厅。
