政策 values

表 shelf {
  name : 文本 主键
  number : 整数 可缺
}

表 书 | book {
  号 | code : 文本 主键
  名 | title : 文本
  页 | pages : 整数 可缺
  限 | limit : 小时
  等 | wait : 分钟 可缺
  架 | shelf : shelf 可缺
  起 | from : 时刻
  止 | to : 时刻
  章 | chapters : 多个 {
    日期 | day : 日期
    长 | length : 整数
  }
  去 | fate : fate
}

枚举 fate {
  留 | keep
  剔 | drop
}

# 照报
裁定 书.去
  次序 剔 > 留
  否则 照报  # what stands

定义 上限(书) | cap = 若 有 页 则 2 小时 否则 若 无 等 则 90 分钟 否则 限
定义 pages_or_none(书) = 页 缺则 架.number 缺则 0
定义 bare(书) = 去除(替换(名, “a”, “b”), “《》”)
定义 latest(书) = 末个(章 当 长 > 3: 日期).长 缺则 0
定义 mean(书) = 平均(章: 长) 缺则 0

第一条 cap
  凡 (若 有 页 则 (页 > 3) 否则 (限 > 2 小时)) 的 书，止 - 起 必须 不超过 上限 + 30 分钟。

第二条 rest
  凡 书，
    必须 首个(章).长 属于 {1、2}
      且 bare 为 名
      且 不同数量(章: 长) 少于 pages_or_none
      且 latest 不超过 mean

指标 占比 | share = 数量(书: 去 为 留) / 数量(书) 按 去
