# 国家标准里的政务服务事项长什么样：《政务服务平台基础数据规范》（GB/T 39046—2020）和各地向国家平台汇聚数据的库表。
# 照标准导出的事项、材料、权责清单，不用对照表头就能读入；approval-reform 里的政策“使用 行政审批”，列了这一份，用的就是这一份。
# 代码属于哪一张表，写在枚举上面；表里没有的，是导出里常见而标准没有列的。

词汇 行政审批 | approval
  缺 “无”、“/”、“—”、“——”、“不涉及”

使用 日历

# ── 代码表 ───────────────────────────────────────────────────────────────────

# 附录A.1 事项类型。
枚举 类别 | category {
  行政权力事项 | power 亦作 “00”
  行政许可 | licence 亦作 “01”
  行政处罚 | penalty 亦作 “02”
  行政强制 | coercion 亦作 “03”
  行政征收 | levy 亦作 “04”
  行政给付 | benefit 亦作 “05”
  行政检查 | inspection 亦作 “06”
  行政确认 | confirmation 亦作 “07”
  行政奖励 | award 亦作 “08”
  行政裁决 | adjudication 亦作 “09”
  其他行政权力 | other_power 亦作 “10”、“其他类别事项”
  公共服务 | public_service 亦作 “20”、“公共服务事项”
}

# 附录A.2 行使层级。
枚举 层级 | level 由高到低 {
  国家级 | national 亦作 “1”
  省级 | provincial 亦作 “2”
  市级 | municipal 亦作 “3”
  县级 | county 亦作 “4”、“区级”、“县区”
  镇级 | township 亦作 “5”、“镇（乡、街道）级”
  村级 | village 亦作 “6”、“村（社区）级”
  分级管理 | shared 亦作 “7”
}

# 附录A.3 实施主体性质。
枚举 主体性质 | body_kind {
  法定机关 | statutory_organ 亦作 “1”
  授权组织 | authorised_body 亦作 “2”
  受委托组织 | entrusted_body 亦作 “3”
  其他主体 | other_body 亦作 “9”、“其他”
}

# 附录A.4 服务对象。
枚举 对象 | audience {
  自然人 | person 亦作 “1”
  企业法人 | enterprise 亦作 “2”
  事业法人 | institution 亦作 “3”
  社会组织法人 | association 亦作 “4”
  行政机关 | organ 亦作 “5”
  其他组织 | other_organisation 亦作 “6”
}

# 附录A.5 办理形式。
枚举 形式 | channel {
  窗口办理 | counter 亦作 “1”
  电脑端网上办理 | web 亦作 “2”
  移动端网上申请 | mobile 亦作 “3”
  快递申请 | post 亦作 “4”
  其他形式 | other_channel 亦作 “9”
}

# 附录A.6 办件类型；联办件、上报件标准里没有，都在“其他”里，写明了的照写明的。
枚举 办件类型 | case_type {
  即办件 | instant 亦作 “1”
  承诺件 | promised 亦作 “2”
  其他件 | other_case 亦作 “9”、“其他”
  联办件 | joint
  上报件 | forwarded
}

# 事项状态：标准没有列，各平台相同。
枚举 状态 | state {
  在用 | in_use 亦作 “1”
  暂停 | suspended 亦作 “2”、“挂起”
  取消 | cancelled 亦作 “3”
  草稿 | draft 亦作 “4”
}

# 材料必要性：标准只有是、否（1、0）；导出里有容缺后补。
枚举 必要 | necessity {
  必要 | needed 亦作 “1”
  非必要 | not_needed 亦作 “2”、“0”
  容缺后补 | may_follow 亦作 “3”
}

枚举 材料类型 | paper_type {
  原件 | original 亦作 “1”
  复印件 | copy 亦作 “2”
  原件或复印件 | either 亦作 “3”
}

枚举 来源 | source {
  申请人自备 | applicant 亦作 “10”
  政府部门核发 | government 亦作 “20”
  中介机构出具 | intermediary 亦作 “30”
  其他来源 | other_source 亦作 “99”、“其他”
}

# 次序只用来判断“行政法规以上”一类；地方政府规章不分省、市。
枚举 位阶 | rank 由低到高 {
  规范性文件 | normative_document
  地方政府规章 | local_rule 亦作 “省级政府规章”、“市级政府规章”
  部门规章 | departmental_rule
  地方性法规 | local_regulation
  国务院决定 | state_council_decision
  行政法规 | administrative_regulation
  法律 | law
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

# 时限和单位是两列：1 是工作日；2 是自然日，标准没有列，各地如此。
# 依据在一格里，一条接一条：【位阶】《名称》（修订或者文号）第几条：条文。位阶写“法规”的，看不出是哪一级。
表 事项 | item {
  实施编码 | implementation_code 亦作 “实施清单编码”、“task_code” : 文本 主键
  名称 | name 亦作 “事项名称”、“task_name” : 文本
  基本编码 | catalogue_code 亦作 “catalog_code” : 文本 可缺
  业务办理项编码 | handling_code 亦作 “task_handle_item” : 文本 可缺
  类别 | category 亦作 “事项类型” : 类别
  类别代码 | category_code 亦作 “事项类型代码”、“task_type” : 类别 可缺
  设定依据 | basis 亦作 “by_law” : 多个 {
    标注位阶 | declared_rank : 位阶 可缺
    法规 | statute : 法规
    括注 | note : 文本 可缺
    条款 | provision : 文本 默认 “”
    条文出处 | quoted_from : 引据 于 法规、条款
  } 默认 {} 写作 “(?:[0-9]+[.．、]\s*)?(?:【(?:法规|(?<标注位阶>[^】]+))】)?《(?<法规>[^》]+)》(?:[（(](?<括注>[^）)]*)[）)])?\s*(?:【条款项】\s*)?(?<条款>[第附][第条之款项目附件表录号()（）、及和至一二三四五六七八九十百千零〇0-9 　]*)?\s*(?:【内容】|[：:])?[^\n【]*”
  行使层级 | level : 层级 可缺
  行使层级代码 | level_code 亦作 “use_level” : 层级 可缺
  权限划分 | division : 文本 可缺
  行使内容 | content : 文本 可缺
  部门 | department 亦作 “实施主体”、“dept_name” : 文本
  实施主体代码 | body_code 亦作 “实施主体编码”、“dept_code” : 文本 可缺
  实施主体性质 | body_kind 亦作 “实施主体性质代码”、“dept_type” : 主体性质 可缺
  法定时限 | statutory_limit 亦作 “法定办结时限”、“anticipate_day” : 工作日 可缺 读作 {“当场” = 0 工作日、“即办” = 0 工作日、“1” = 工作日} 单位 “法定办结时限单位”
  法定自然日 | statutory_days : 日 可缺 读作 {“2” = 日} 单位 “法定办结时限单位”
  法定时限月 | statutory_months : 月 可缺 单位 “法定办结时限单位”
  法定时限说明 | statutory_note 亦作 “法定办结时限说明”、“anticipate_explain” : 文本 可缺
  承诺时限 | promised_limit 亦作 “承诺办结时限”、“promise_day” : 工作日 可缺 读作 {“当场” = 0 工作日、“即办” = 0 工作日、“1” = 工作日} 单位 “承诺办结时限单位”
  承诺自然日 | promised_days : 日 可缺 读作 {“2” = 日} 单位 “承诺办结时限单位”
  承诺时限月 | promised_months : 月 可缺 单位 “承诺办结时限单位”
  承诺时限说明 | promised_note 亦作 “承诺办结时限说明”、“promise_explain” : 文本 可缺
  受理条件 | conditions 亦作 “accept_condition” : 文本 可缺
  办理流程 | flow 亦作 “handle_flow” : 文本 可缺
  共同实施部门 | joint_departments 亦作 “联办机构”、“other_dept” : 文本 可缺
  承办机构 | section : 文本 可缺
  中介服务 | intermediary 亦作 “service_type” : 文本 可缺
  数量限制 | quota 亦作 “limit_explain” : 文本 可缺
  结果名称 | result 亦作 “审批结果名称”、“result_name” : 文本 可缺
  收费 | charges 亦作 “是否收费”、“is_fee” : 是否 读作 {“1” = 是、“0” = 否}
  收费依据 | fee_basis : 文本 可缺
  服务对象 | audiences 亦作 “服务对象代码”、“server_type” : 多个 对象 默认 {} 写作 “(?<值>[^,，、;；\s]+)[,，]?”
  办件类型 | case_type 亦作 “办件类型代码”、“project_type” : 办件类型
  办理形式 | channels 亦作 “办理形式代码”、“handle_type” : 多个 形式 默认 {} 写作 “(?<值>[^,，、;；\s]+)[,，]?”
  特别程序 | special_procedures 亦作 “special_procedure” : 多个 {
    种类 | type : 文本
    时限 | days : 工作日 可缺
  } 默认 {} 写作 “(?<种类>[^\s/0-9；;、]+)\s*(?:(?<时限>[0-9]+)|/)?”
  到办事现场次数 | visits 亦作 “limit_scene_num” : 整数 可缺
  必须现场办理原因 | visit_reason 亦作 “必须现场办理原因说明”、“limit_scene_explain” : 文本 可缺
  进驻大厅 | in_hall 亦作 “是否进驻政务大厅”、“is_entry_center” : 是否 读作 {“1” = 是、“0” = 否}
  不进驻批准 | hall_exemption : 文本 可缺
  通办范围 | handling_area 亦作 “通办范围代码”、“handle_area” : 文本 可缺
  办理地点 | address 亦作 “transact_addr” : 文本 可缺
  办理时间 | hours 亦作 “transact_time” : 文本 可缺
  咨询电话 | enquiries 亦作 “咨询方式”、“link_way” : 文本 可缺
  监督电话 | complaints 亦作 “监督投诉方式”、“supervise_way” : 文本 可缺
  事项状态 | state 亦作 “task_state” : 状态 默认 在用
  事项版本 | version 亦作 “task_version” : 整数 可缺
  申报材料 | materials : 多个 {
    序号 | order 亦作 “排序” : 整数 可缺
    名称 | name 亦作 “材料名称”、“material_name” : 文本
    必要性 | necessity 亦作 “材料必要性”、“是否必备材料”、“is_need” : 必要 可缺
    类型 | type 亦作 “材料类型”、“material_type” : 材料类型 可缺
    形式 | form 亦作 “材料形式”、“material_format” : 文本 可缺
    来源 | source 亦作 “来源渠道”、“source_type” : 来源 可缺
    来源说明 | source_note 亦作 “来源渠道说明”、“出具机构” : 文本 可缺
    原件份数 | originals : 整数 可缺
    复印件份数 | copies : 整数 可缺
    规格 | format 亦作 “纸质材料规格”、“page_format” : 文本 可缺
    依据 | basis 亦作 “要求提供材料的依据” : 文本 可缺
    受理标准 | standard 亦作 “accept_stand” : 文本 可缺
    填报须知 | instructions 亦作 “fill_explain” : 文本 可缺
    备注 | remark : 文本 可缺
  } 默认 {}
}

# 权责清单的一行；主项、依据跨几行合并的，各行都算写了。
表 权责 | power {
  编号 | number 亦作 “序号” : 文本 主键
  类别 | category 亦作 “权力类型”、“权力类别”、“职权类型”、“权责类型” : 类别
  主项名称 | main_item 亦作 “权责事项名称”、“事项名称”、“职权名称”、“权力事项名称” : 文本
  子项名称 | sub_item 亦作 “子项”、“事项子项” : 文本 可缺
  实施依据 | basis 亦作 “设定依据”、“法律依据”、“权力依据” : 多个 {
    标注位阶 | declared_rank : 位阶 可缺
    法规 | statute : 文本 可缺
    括注 | note : 文本 可缺
    条款 | provision : 文本 可缺
    另见 | elsewhere : 文本 可缺
  } 默认 {} 写作 “(?:[0-9]+[.．、]\s*)?(?:【(?:法规|(?<标注位阶>[^】]+))】)?(?:《(?<法规>[^》]+)》(?:[（(](?<括注>[^）)]*)[）)])?\s*(?:【条款项】\s*)?(?<条款>[第附][第条之款项目附件表录号()（）、及和至一二三四五六七八九十百千零〇0-9 　]*)?\s*(?:【内容】|[：:])?[^\n【]*|(?<另见>[^《》【】\n]+))”
  责任主体 | body 亦作 “行使主体”、“实施主体” : 文本 可缺
  承办机构 | section 亦作 “承办科室”、“责任科室” : 文本 可缺
  实施层级 | level 亦作 “实施层级及权限”、“行使层级” : 文本 可缺
  责任事项 | duties 亦作 “责任事项内容” : 文本 可缺
  责任事项依据 | duties_basis 亦作 “责任依据” : 文本 可缺
  追责对象 | liable 亦作 “追责对象范围”、“问责对象” : 文本 可缺
  追责情形 | liability 亦作 “问责情形” : 文本 可缺
  追责依据 | liability_basis : 文本 可缺
  备注 | remark : 文本 可缺
}

# ── 说法 ─────────────────────────────────────────────────────────────────────

定义 现行有效(法规) | in_force = 施行 <= 今日 且 (无 废止 或 废止 > 今日)

定义 审批事项(事项) | approval_item = 类别 属于 {行政许可、行政确认}

定义 列入清单(事项) | listed = 事项状态 = 在用

定义 保留(事项) | retained = 列入清单
