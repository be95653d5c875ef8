# 案例的自测用的小政策。

政策 来访 | visits

枚举 结论 | verdict {
  接待 | receive
  谢绝 | refuse
}

表 来客 | guest {
  编号 | number : 文本 主键
  人数 | people : 整数
  预约 | booked : 是否
  介绍信 | letter : 文本 可缺
  结论 | verdict : 结论
}

裁定 来客.结论
  否则 接待

第一条 未预约 | unbooked
  凡 非 预约 的 来客，一律 谢绝。
  除非 有 介绍信
  说明 “没有预约”

第二条 人数 | people
  凡 结论 为 接待 的 来客，人数 不得 超过 10。
