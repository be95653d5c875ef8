# 一份真实的县级清单有哪些列。名字与行政审批词汇相同的，事项身份的各条就能用在它上面。

词汇 行政审批 | approval

枚举 类别 | category {
  行政许可 | licence
  行政处罚 | penalty
  行政强制 | coercion
  行政征收 | levy
  行政给付 | benefit
  行政检查 | inspection
  行政确认 | confirmation
  行政奖励 | award
  行政裁决 | adjudication
  其他行政权力 | other_power
  公共服务 | public_service
}

# 清单没有哪一列是每行都有、各行不同的，所以没有主键，以行号称呼。
表 事项 | item {
  部门 | department : 文本
  主项 | main_item : 文本
  名称 | name 亦作 “item_name” : 文本
  类别序号 | category_number 亦作 “task_type_code” : 整数
  类别 | category 亦作 “task_type” : 类别
  实施编码 | implementation_code 亦作 “impl_code” : 文本 可缺
  目录编码 | catalogue_code 亦作 “catalog_code” : 文本 可缺
  实施主体代码 | body_code 亦作 “impl_body_uscc” : 文本 可缺
  区划 | area 亦作 “area_code” : 文本
}
