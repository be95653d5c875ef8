policy processes | 流程们

enum 事 {
  submit | 报
  review | 审
  close | 办
  withdraw | 撤
}

table filing | 申报 {
  code | 号 : text key
  received | 收 : 时刻 default 2015-09-02 8:00
  events | 经过 : many {
    act | 事 : 事
    at | 时 : 时刻 ordering
  }
}

process a_process | 甲 on filing.经过.事
  submit → 审 → 办  # 一行

process 乙 on filing.经过.事
  # 先报
  submit? → (审 or 办)+ → 撤* → …  # 末
  → submit and (审 → 办) → "其他 事" → submit → 审 → 办 → 撤 → submit → 审 → 办 → 撤 → submit → 审
  → 办 → 撤 → submit → 审 → 办 → 撤
  # 后

article 1 first | 一
  whenever filing, must follow a_process.
  whenever filing where completes a_process,
    shall keep to 乙 and 响应(经过.事, submit, 办 where 时 after 2015年9月2日14时30分).
  whenever filing, must not complete 乙 or 出现(经过.事, 撤, 2).
  whenever filing, must keep to a_process.
