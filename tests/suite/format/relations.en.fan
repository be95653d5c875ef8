table a | 甲 {
  n | 数 : integer
  name | 名 : text optional
  day | 日 : date
}

define words(a) | 词 =
  n is 1 or n is not 1 or n exceeds 1 or n at most 1 or n below 1 or n at least 1
define signs(a) | 符号 = n = 1 or n != 1 or n > 1 or n <= 1 or n < 1 or n >= 1
define days(a) | 日子 =
  day before today or day after today or day not before today or day not after today
define others(a) | 其他 =
  n in {1, 2}
  or n not in {1, 2}
  or n between 1 to 2
  or name contains "x"
  or name starts with "x"
  or name ends with "x"
  or name matches "x"
define prefixes(a) | 前缀 =
  not not has name and --n = -(1 - 2 * 3) or (lacks name or this.n = a[n = 1].n)

article 1 in_words | 词
  whenever a, n must be 1.
  whenever a, n shall be not 1.
  whenever a, n must not exceed 1.
  whenever a, n should be at most 1.
  whenever a, n should not be below 1.
  whenever a, n must be at least 1.
  whenever a, day must be before today.
  whenever a, day must be after today.
  whenever a, day must be not before today.
  whenever a, day must be not after today.
  whenever a, n must be in {1, 2}.
  whenever a, n must be not in {1, 2}.
  whenever a, n must be between 1 to 2.
  whenever a, name must contain "x".
  whenever a, name must start with "x".
  whenever a, name must end with "x".
  whenever a, name must match "x".

article 2 in_signs | 符号
  whenever a, n must = 1.
  whenever a, n must not != 1.
  whenever a, n must >= 1.

article 3 conditions | 条件
  whenever a, must have name and has name.
  whenever a, must lack name.
  whenever a, must be not in_words or in_words.
  whenever a, must not be not in_words.
  whenever a, should not be in_words and in_signs.
  whenever a, must any(a: n = 1).

article 4 with_commas | 并列
  whenever a where in_signs, (in_words or conditions), must have name.
