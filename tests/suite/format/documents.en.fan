policy documents | 文件

table item | 事项 {
  code | 编码 : text key
  department | 部门 : text
  statutory | 法定时限 : workdays
  promised | 承诺时限 : workdays
  fee | 收费 : 金额
  basis | 依据 : text optional
  accepted | 受理 : date optional
  devolved | 下放 : 是否
}

define special(事项) | 特殊 = any of the following:
  (a) 下放;
  (b) lacks 依据

chapter 1 总则

article 1 时限
  whenever 事项 where any of the following, must have 依据:
    (a) 下放;
    (b) 收费 at least 10000 yuan, department in {"甲", "乙"}.

article 2 bases | 依据
  whenever 事项, must not lack 依据, unless 下放.
  whenever 事项 where any of the following, shall lack 受理:
    (a) 下放;
    (b) has 依据, unless 特殊.

section 1 无名  # 没有名称的

article 3
  whenever 事项, 承诺时限 must not exceed 法定时限 / 2, unless 下放, unless 收费 exceeds 100 yuan.
  unless any of the following:
    (a) 特殊;
    (b) 收费 is 0 yuan

article 4
  whenever 事项 where has 受理, 受理 before 2018-8-1, must not be 下放.

article 5 并列
  whenever 事项 where department in {甲, 乙}, 承诺时限 must be at most 法定时限 * 2 / 3.
  whenever 事项 where 下放, has 依据, must all of the following:
    (a) 承诺时限 at most 法定时限 * 50%;
    (b) has 受理 and 受理 not before 2018-08-01.
