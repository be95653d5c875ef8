# The seven whenevers: the principles of the 2015 third round of approval reform. The sentences are those of the Chinese policy
# (../seven-whenevers.fan); this file takes its place where people work in English, and gives the same findings.
#
# The account says “seven”, but counting sentences gives six. Three readings:
#   a. sentence one holds two cases, expressly abolished and insufficiently based (one looks at decisions from above, the other at
#      the item's own basis); counted apart, seven;
#   b. sentence four speaks of items and of preconditions; counted apart, seven;
#   c. two sentences on stands another “whenever … without exception” (what superiors moved to ex-post supervision); with it, seven.
# Reading (a) is taken: the two cases rest on different evidence, checked by different people, and the department is told different
# things. In (b) evidence and words are the same. The sentence of (c) stands in its own paragraph, on processes: companion.fan.
# So article 1 has the whole sentence and article 2 its second half alone: all six sentences, seven rules.
# That seven are announced and six listed is not hidden: published-figures.fan reports it.

policy seven_whenevers | 七个凡是
  document "上街区第三轮行政审批制度改革"
  effective 2015-03-01

use approval

article 1 cancelled_above | 明令取消
  whenever item where abolished_above or lacks_sufficient_basis, then cancel.
  because "abolished by a superior organ"

# The second half of article 1 alone. Where both hold article 1 speaks: a decision from above needs no review.
article 2 insufficient_basis | 依据不足
  whenever item where lacks_sufficient_basis and not abolished_above, then cancel.
  overrides 1
  cite 《行政许可法》第十七条
  because "no basis in force that may set a {category}"

article 3 devolved | 下放对接
  whenever item where devolved_here, then take_over.
  because "devolved to the county level, to be taken over"

article 4 moved_up | 上解登记
  whenever item where taken_up, then register_only.
  because "moved up, the district only registers and forwards"

# What has no basis and is self-made falls under article 2 as well; this one says it more exactly, so it speaks.
article 5 self_set | 自行设定
  whenever approval_item or preconditions where without_statutory_basis and self_made, then cancel.
  overrides 1, 2
  cite 《行政许可法》第十七条
  because "no law or regulation as its basis, set by {set_by}"

# What laws, administrative regulations or State Council decisions set the district may not stop (Administrative Licensing Law,
# articles 20 and 21); it can only argue and refer up: “market_referral” in companion.fan.
article 6 market_adjustable | 市场调节
  whenever item where market_suffices, then cancel.
  unless nationally_set
  cite 《行政许可法》第十三条第二项
  because "found to be regulated well enough by the market"

# A year without a record is unknown, not zero. Clean-up is a procedure, not a cancellation.
article 7 unused | 零办理
  whenever approval_item where two_years_unused, then clean_up.
  because "no case in the last two years"

# ── What the words in the sentences mean ─────────────────────────────────────

define abolished_above(item) | 上级明令取消 = any(superior_decision: latest and action = abolish)

define lacks_sufficient_basis(item) | 法律依据不足 = none(basis: may_set)

define devolved_here(item) | 下放 =
  any(superior_decision: latest and action = devolve and has taken_over_by and taken_over_by = county)

define taken_up(item) | 上解 = any(superior_decision: latest and action = move_up)

# “Laws and regulations” are laws, administrative and local regulations; State Council decisions may set licences and count too.
define without_statutory_basis(item) | 没有法律法规依据 =
  none(basis: statute.in_force and statute.rank >= local_regulation)

define without_statutory_basis(item.preconditions) | 没有法律法规依据 =
  lacks basis or not basis.in_force or basis.rank < local_regulation

define self_made(item) | 属各职能部门自行设定 = set_by = department_itself

define self_made(item.preconditions) | 属各职能部门自行设定 = set_by = department_itself

define nationally_set(item) | 国家设定 =
  any(basis: statute.in_force and statute.rank >= state_council_decision)

# Whether the market can regulate is argued by people; only their conclusion is read here. Its absence is another matter (companion.fan).
define market_suffices(item) | 市场机制能够有效调节 =
  has necessity and necessity = market_adjustable

define two_years_unused(item) | 连续两年零办理 =
  volumes[year = year(today) - 1].cases = 0 and volumes[year = year(today) - 2].cases = 0

# ── Decisions ────────────────────────────────────────────────────────────────

# Where several whenevers (those of companion.fan too) apply to one item, which is followed:
# 1. cancel is highest: what is abolished above, or has no basis, need not be asked how it is handled.
# 2. what superiors moved to ex-post supervision or moved up goes before taking over: of an item devolved and moved up on one day the
#    latter holds, so that it is not reviewed at both levels.
# 3. taking over goes before cleaning up: what was just devolved had no cases in the district before; that is not “unused”.
# 4. suspending and cleaning up go before adjusting: whether to stop is for the organ in power; until it is told, the nature stays.
decide item.outcome
  order cancel > follow_superior > register_only > take_over > suspend > clean_up > delist > to_other_power > to_public_service
  otherwise retain

decide item.preconditions.outcome
  otherwise retain
