//! Mistakes of meaning in words.

use super::conditional::Mistake;
use super::customary::declare_value;
use super::error::Error;
use super::guard::unguarded;
use super::key::circular_key;
use super::pause::paused;
use super::phrasing::{
    declaration, declare_subject, foreign_letter, function_meant, name_meant, no_items,
    other_sentence, type_meant,
};
use super::precedence::articles_there;
use super::units::remedy;
use crate::builtin::TYPES;
use crate::diagnostic::{Bilingual, Diagnostic, Severity};
use crate::place::Place;
use crate::say;
use crate::schema::Type;
use crate::syntax::remedy::{made, made_of};
use crate::syntax::tree::Operator;
use crate::text::{Sources, Span};

/// `a`, or nothing.
fn did_you_mean(nearest: Option<&String>) -> Option<Bilingual> {
    nearest.map(|near| say!("是不是 `{near}`？", "did you mean `{near}`?"))
}

/// A name that another file declares.
fn use_it(module: Option<&String>) -> Option<Bilingual> {
    module.map(|module| {
        say!(
            "它在 `{module}` 中：加一行 `使用 {module}`",
            "it is declared in `{module}`: add a line `use {module}`"
        )
    })
}

/// What is said of a mistake, and where.
pub(super) struct Parts {
    code: &'static str,
    message: Bilingual,
    help: Option<Bilingual>,
    places: Vec<(Span, Bilingual)>,
}

/// What is said of a mistake at one place.
pub(super) fn parts(
    code: &'static str,
    message: Bilingual,
    help: Option<Bilingual>,
    span: Span,
) -> Parts {
    Parts { code, message, help, places: vec![(span, Bilingual::default())] }
}

impl Parts {
    pub(super) fn and(mut self, span: Span, text: Bilingual) -> Self {
        self.places.push((span, text));
        self
    }
}

impl Error {
    /// Whether the run is incomplete because of it.
    #[must_use]
    pub(super) fn severity(&self) -> Severity {
        match self {
            Self::Unused { .. }
            | Self::SameSides { .. }
            | Self::Paused { .. }
            | Self::PeriodsApart { .. }
            | Self::NoRestDays { .. }
            | Self::NoWorkingDays { .. }
            | Self::BuiltinName { .. }
            | Self::NegativeSpan { .. }
            | Self::NameOfRule { .. }
            | Self::Conditional { mistake: Mistake::NeverMissing(_), .. }
            | Self::NegativeParameter { .. } => Severity::Warning,
            _ => Severity::Error,
        }
    }

    /// The diagnostic.
    #[must_use]
    pub(super) fn diagnostic(&self, sources: &Sources) -> Diagnostic {
        let parts = self.parts();
        let mut diagnostic = Diagnostic::error(parts.code, parts.message);
        diagnostic.severity = self.severity();
        diagnostic.help = parts.help;
        if let Self::UnknownParameter { place, .. }
        | Self::BadParameter { place, .. }
        | Self::NegativeParameter { place, .. }
        | Self::RepeatedParameter { place, .. } = self
        {
            diagnostic = diagnostic.at(place.clone(), Bilingual::default());
        }
        if let Self::RepeatedParameter { first, .. } = self {
            diagnostic = diagnostic.at(first.clone(), say!("先前的值", "set here before"));
        }
        for (span, text) in parts.places {
            diagnostic = diagnostic.at(Place::policy(sources, span), text);
        }
        diagnostic
    }

    /// The code, the words and the places of each mistake. A new one breaks the build here.
    #[expect(clippy::too_many_lines, reason = "a table of messages")]
    fn parts(&self) -> Parts {
        match self {
            // names
            Self::UnknownName { name, span, kind, nearest, split, hidden_in, wanted } => {
                let (zh, en) = (&kind.zh, &kind.en);
                let message = say!("没有名为 `{name}` 的{zh}", "there is no {en} called `{name}`");
                let help = split.as_ref().map(|split| {
                    say!("词与词之间要空格：`{split}`", "words are separated by blanks: `{split}`")
                });
                let help = help.or_else(|| use_it(hidden_in.as_ref()));
                let help = help.or_else(|| foreign_letter(name, nearest.as_ref()));
                let help = help.or_else(|| did_you_mean(nearest.as_ref()));
                let quoted = || {
                    let is_text = *wanted == Some(Type::Text);
                    is_text.then(|| {
                        say!("是文本时写 `“{name}”`", "if it is a text, write `\"{name}\"`")
                    })
                };
                let help = name_meant(name, *wanted).or(help);
                let help = help.or_else(quoted).or_else(|| declaration(name, *wanted));
                parts("unknown_name", message, help, *span)
            }
            Self::UnknownType { name, span, nearest } => {
                let message = say!(
                    "没有名为 `{name}` 的类型、枚举或表",
                    "there is no type, enum or table called `{name}`"
                );
                let types = |name: fn(&(Type, &'static str, &'static str)) -> &'static str| {
                    TYPES.iter().map(name).collect::<Vec<_>>()
                };
                let (zh, en) =
                    (types(|(_, zh, _)| zh).join("、"), types(|(_, _, en)| en).join(", "));
                let help = type_meant(name).or_else(|| did_you_mean(nearest.as_ref()));
                let help = help.unwrap_or_else(|| {
                    say!("类型有 {zh}，以及枚举和表", "the types are {en}, enums and tables")
                });
                parts("unknown_type", message, Some(help), *span)
            }
            Self::UnknownModule { name, span, nearest } => {
                let message = say!(
                    "没有名为 `{name}` 的词汇或政策",
                    "there is no vocabulary or policy called `{name}`"
                );
                let help = did_you_mean(nearest.as_ref()).unwrap_or_else(|| {
                    say!(
                        "把该文件列入 fanshi.toml 的 policies",
                        "list its file under `policies` in fanshi.toml"
                    )
                });
                parts("unknown_module", message, Some(help), *span)
            }
            Self::UnknownValue { name, enumeration, span, nearest, values } => {
                let (zh, en) = (&enumeration.zh, &enumeration.en);
                let message = say!("`{zh}` 没有 `{name}` 这个值", "`{en}` has no value `{name}`");
                let help = did_you_mean(nearest.as_ref()).or_else(|| made_of(name).map(made));
                let help = help.unwrap_or_else(|| declare_value(enumeration, values));
                parts("unknown_value", message, Some(help), *span)
            }
            Self::UnknownFunction { name, span, nearest } => {
                let message =
                    say!("没有名为 `{name}` 的函数", "there is no function called `{name}`");
                let help = function_meant(name).or_else(|| did_you_mean(nearest.as_ref()));
                parts("unknown_function", message, help, *span)
            }
            Self::UnknownArticle { number, span, others } => {
                let message = say!("没有 `{number}`", "there is no article {number}");
                let help = articles_there(others.as_deref());
                parts("unknown_article", message, Some(help), *span)
            }
            Self::UnknownParameter { name, nearest, .. } => Parts {
                code: "unknown_parameter",
                message: say!(
                    "清单 [parameters] 中的 `{name}` 不是任何政策的参数",
                    "`{name}` under [parameters] is no parameter of any policy"
                ),
                help: did_you_mean(nearest.as_ref()),
                places: Vec::new(),
            },
            // types
            Self::WrongType { found, expected, span, help } => {
                let (zh, en) = ((&expected.zh, &found.zh), (&expected.en, &found.en));
                let message = Bilingual {
                    zh: format!("这里需要{}，却是{}", zh.0, zh.1),
                    en: format!("expected {}, found {}", en.0, en.1),
                };
                parts("wrong_type", message, help.clone(), *span)
            }
            Self::MixedUnits { left, right, operator, span, help } => {
                let (zh, en) = match operator {
                    None => ("相比", "compared"),
                    Some(Operator::Add) => ("相加", "added"),
                    Some(Operator::Subtract) => ("相减", "subtracted"),
                    Some(Operator::Multiply) => ("相乘", "multiplied"),
                    Some(Operator::Divide) => ("相除", "divided"),
                };
                let message = Bilingual {
                    zh: format!("{}与{}不能{zh}", left.zh, right.zh),
                    en: format!("{} and {} cannot be {en}", left.en, right.en),
                };
                let help = help.clone().unwrap_or_else(|| remedy(left, right));
                parts("mixed_units", message, Some(help), *span)
            }
            Self::UnguardedOptional { text, is_date, span, declared } => {
                unguarded(text, *is_date, *span, *declared)
            }
            Self::NotOrdered { enumeration, span, declared } => {
                let (zh, en) = (&enumeration.zh, &enumeration.en);
                let message = say!(
                    "枚举 `{zh}` 没有次序，不能比较高低",
                    "the values of `{en}` have no order"
                );
                let help =
                    say!("在枚举名后写“由低到高”", "write `ascending` after the enum's name");
                parts("not_ordered", message, Some(help), *span)
                    .and(*declared, say!("枚举在此", "the enum"))
            }
            // forms of expressions
            Self::BadLiteral { text, span, expected } => {
                let (zh, en) = (&expected.zh, &expected.en);
                let message = say!("`{text}` 不是有效的{zh}", "`{text}` is not a valid {en}");
                parts("bad_literal", message, None, *span)
            }
            Self::WrongArguments { name, span, usage } => {
                let (zh, en) = (&usage.zh, &usage.en);
                let message = say!("`{name}` 不是这样用的", "`{name}` is not used like this");
                parts("wrong_arguments", message, Some(say!("写法：{zh}", "write {en}")), *span)
            }
            Self::NoCalendar { name, span } => {
                let message = say!(
                    "`{name}` 要数工作日，却没有声明历法",
                    "`{name}` counts working days, but no calendar is declared"
                );
                let help = say!(
                    "写“历法 …”，或 `使用` 有历法的词汇",
                    "declare a `calendar`, or `use` a vocabulary that has one"
                );
                parts("no_calendar", message, Some(help), *span)
            }
            Self::NotAList { text, span, help } => {
                let message = say!("`{text}` 不是列表", "`{text}` is not a list");
                let plain = || {
                    say!(
                        "写嵌套列表、表，或引用本行的表",
                        "write a nested list, a table, or a table that refers to this row"
                    )
                };
                let help = help.clone().unwrap_or_else(plain);
                parts("not_a_list", message, Some(help), *span)
            }
            Self::ProcessTooLarge { name, span, states, steps } => {
                let message = say!(
                    "流程 `{name}` 太大：展开后超过 {states} 个状态，或超过 {steps} 步",
                    "the process `{name}` is too large: more than {states} states, or more than \
                        {steps} steps"
                );
                let help = say!(
                    "少用“并”，或拆成几个流程",
                    "use `and` for fewer steps, or split the process"
                );
                parts("process_too_large", message, Some(help), *span)
            }
            Self::NotEvents { text, span } => {
                let message = say!(
                    "`{text}` 不是一列事件的字段",
                    "`{text}` is not the field of a list of events"
                );
                let help = say!(
                    "写 列表.字段，如 经过.活动",
                    "write `list.field`, such as `events.activity`"
                );
                parts("not_events", message, Some(help), *span)
            }
            // calendars
            Self::SeveralCalendars { name, span, first } => {
                let message = say!(
                    "`{name}` 是第二部历法，不知道按哪一部数工作日",
                    "`{name}` is a second calendar: nobody knows by which one working days count"
                );
                parts("several_calendars", message, Some(say!("只留一部", "keep one")), *span)
                    .and(*first, say!("先前的历法", "the first one"))
            }
            Self::NoRestDays { span } => {
                let message = say!(
                    "历法没有写“周休”：一周七天都是工作日",
                    "the calendar has no `rest`: all seven days of the week are working days"
                );
                let help = say!(
                    "周六、周日不算工作日的，写 周休 6、7",
                    "where Saturday and Sunday are days off, write `rest 6, 7`"
                );
                parts("no_rest_days", message, Some(help), *span)
            }
            Self::NoWorkingDays { span } => {
                let message = say!(
                    "“周休”写了七天：没有一天是工作日，按工作日的限度总不会超过",
                    "all seven days are in `rest`: no day is a working day, and no limit in \
                        working days is ever exceeded"
                );
                let help = say!("周六、周日写 6、7", "Saturday and Sunday are 6, 7");
                parts("no_working_days", message, Some(help), *span)
            }
            Self::NoWeekday { text, span } => {
                let message = say!("`{text}` 不是星期几", "`{text}` is no day of the week");
                let help = if text.trim_start_matches('0').is_empty() {
                    say!("星期日写 7", "Sunday is 7")
                } else {
                    say!("星期一至星期日写 1 至 7", "Monday to Sunday are written 1 to 7")
                };
                parts("bad_weekday", message, Some(help), *span)
            }
            Self::RepeatedRestDay { text, span } => {
                let message = say!("“周休”里 `{text}` 写了两次", "`{text}` stands twice in `rest`");
                let help = say!(
                    "删去一个，或改为所要的一天；周六、周日写 6、7",
                    "delete one, or write the day that was meant; Saturday and Sunday are 6, 7"
                );
                parts("repeated_rest_day", message, Some(help), *span)
            }
            // structure
            Self::CircularUse { name, span } => {
                let message = say!("`使用 {name}` 绕回了自身", "`use {name}` leads back to itself");
                let help =
                    say!("把公用的词移到第三个文件", "move the shared words to a third file");
                parts("circular_use", message, Some(help), *span)
            }
            Self::DuplicateName { name, span, first } => {
                let message = say!("`{name}` 已经声明过", "`{name}` is declared twice");
                let number =
                    name.starts_with('第') || name.starts_with(|c: char| c.is_ascii_digit());
                let help = if number {
                    say!("换一个条号，或删去其一", "give one another number, or delete it")
                } else {
                    say!("换一个名字，或删去其一", "rename one, or delete it")
                };
                parts("duplicate_name", message, Some(help), *span)
                    .and(*first, say!("先前的声明", "first declared here"))
            }
            Self::BuiltinName { name, builtin, span } => {
                let (zh, en) = (&builtin.zh, &builtin.en);
                let message = say!(
                    "`{name}` 是语言自己的词（{zh}，英文 {en}）：同名的分不清，译成另一种语言时意思会变",
                    "`{name}` is a word of the language itself (`{en}`, `{zh}` in Chinese): the two \
                        cannot be told apart, and a translation changes the meaning"
                );
                let help = say!("换一个名字", "choose another name");
                parts("builtin_name", message, Some(help), *span)
            }
            Self::CircularDefinition { name, span } => {
                let message =
                    say!("定义 `{name}` 用到了它自己", "the definition of `{name}` uses itself");
                parts("circular_definition", message, None, *span)
            }
            Self::UnorderedDisposition { name, span, decision } => {
                let message = say!(
                    "裁定的次序里没有 `{name}`",
                    "the decision's order does not have `{name}`"
                );
                let help = say!("在“次序”中给它一个位置", "give it a place in `order`");
                parts("disposition_without_order", message, Some(help), *span)
                    .and(*decision, say!("裁定在此", "the decision"))
            }
            Self::NoDecision { subject, span } => {
                let message = say!(
                    "没有针对 `{subject}` 的裁定，“一律”无从比较",
                    "no decision is declared for `{subject}`"
                );
                let help = say!("写 `裁定 {subject}.字段`", "write `decide {subject}.field`");
                parts("no_decision", message, Some(help), *span)
            }
            Self::SeveralDecisions { name, span, first } => {
                let message =
                    say!("`{name}` 有不止一个裁定", "more than one decision fits `{name}`");
                parts("several_decisions", message, None, *span)
                    .and(*first, say!("另一个", "the other one"))
            }
            Self::UnrelatedArticle { number, span } => {
                let message = say!(
                    "`{number}` 说的不是同样的行，无从优先",
                    "article {number} speaks of other rows"
                );
                let help = say!(
                    "两条的主语须是同一个表，或一个是另一个的上级",
                    "both must speak of one table, or one of the other's parent"
                );
                parts("unrelated_article", message, Some(help), *span)
            }
            Self::CircularOverride { articles, places } => {
                let (zh, en) = (&articles.zh, &articles.en);
                let message = say!(
                    "“优先于”绕成一圈：{zh}；其中两条以上都管的行，不知道由哪一条管",
                    "`overrides` goes round in a circle: {en}; of a row that two of them govern, \
                        nobody knows which counts"
                );
                let help = say!("删去其中一个“优先于”", "delete one of these `overrides`");
                let places = places.iter().map(|span| (*span, Bilingual::default())).collect();
                Parts { code: "circular_override", message, help: Some(help), places }
            }
            Self::OverridesItself { number, span } => {
                let message =
                    say!("“优先于 {number}”说的就是本条", "an article does not override itself");
                let help = say!("写另一条的条号，或删去它", "name another article, or delete it");
                parts("overrides_itself", message, Some(help), *span)
            }
            Self::EmptyPeriod { span } => {
                let message = say!(
                    "施行的末日在首日之前，哪一天都不施行",
                    "the period ends before it begins: no day lies in it"
                );
                parts(
                    "empty_period",
                    message,
                    Some(say!("对调两个日期", "exchange the two dates")),
                    *span,
                )
            }
            Self::PeriodsApart { span, policy } => {
                let message = say!(
                    "本条的施行期间与政策的没有一天相同，哪一天都不施行",
                    "no day lies both in the article's period and in its policy's: it is never in \
                        effect"
                );
                let help = say!(
                    "改正其中一个期间；本条施行与否，两个期间都要满足",
                    "correct one of the two; an article is in effect where both hold"
                );
                parts("periods_apart", message, Some(help), *span)
                    .and(*policy, say!("政策的期间", "the policy's period"))
            }
            Self::CircularKey { ring } => circular_key(ring),
            Self::BadTable { message, help, span } => {
                parts("bad_table", message.clone(), Some(help.clone()), *span)
            }
            Self::NameOfRule { name, modal, span } => {
                let message = say!(
                    "`{name}` 是条的名称，不判断；其中有“{modal}”",
                    "`{name}` is the name of the article and judges nothing; it holds `{modal}`"
                );
                let help = say!(
                    "要判断的，写作 `凡 …，…`；确实是名称的，不需要改动",
                    "write what is to be judged as a sentence: `凡 …，…`; where it is a name, nothing \
                        needs to be done"
                );
                parts("name_reads_as_rule", message, Some(help), *span)
            }
            Self::EmptyWord { span } => {
                let message = say!("“亦作”里的词是空的", "a word of `also` is empty");
                let help = say!(
                    "删去它；空着的单元格是没有填，字段可以不填的写“可缺”",
                    "leave it out; an empty cell is one not given: a field that need not be given is `optional`"
                );
                parts("empty_word", message, Some(help), *span)
            }
            // parameters
            Self::BadParameter { name, value, expected, help, span, .. } => {
                let (zh, en) = (&expected.zh, &expected.en);
                let message = say!(
                    "给参数 `{name}` 定的值 `{value}` 不是{zh}；用到它的条文不判断",
                    "the value `{value}` set for `{name}` is not {en}; articles that use it are not \
                        judged"
                );
                Parts {
                    code: "bad_parameter",
                    message,
                    help: Some(help.clone()),
                    places: vec![(*span, say!("声明在此", "declared here"))],
                }
            }
            Self::NegativeSpan { text, span } => {
                let message = say!("`{text}` 是负的时间", "`{text}` is a span of time below 0");
                let help = say!(
                    "写成正数：往前推的，用减；比较的，把两边对调",
                    "write it above 0: subtract to go back in time, or exchange the sides of a \
                        comparison"
                );
                parts("negative_span", message, Some(help), *span)
            }
            Self::NegativeParameter { name, .. } => {
                let message = say!(
                    "参数 `{name}` 定成了负的时间",
                    "the parameter `{name}` is set to a span of time below 0"
                );
                let help = say!("写成正数", "write it above 0");
                Parts { code: "negative_span", message, help: Some(help), places: Vec::new() }
            }
            Self::RepeatedParameter { name, .. } => {
                let message = say!(
                    "参数 `{name}` 定了两次；用到它的条文不判断",
                    "the parameter `{name}` is set twice; articles that use it are not judged"
                );
                let help =
                    say!("同一个参数的两个名称只写一个", "write one of the parameter's two names");
                Parts { code: "repeated_parameter", message, help: Some(help), places: Vec::new() }
            }
            // what is left
            Self::Unused { kind, name, span } => {
                let (zh, en) = (&kind.zh, &kind.en);
                let message = say!("{zh}`{name}` 没有被用到", "{en} `{name}` is never used");
                parts(
                    "unused",
                    message,
                    Some(say!("删去它，或在条文中使用它", "delete it, or use it in an article")),
                    *span,
                )
            }
            Self::SameSides { text, done, this, span } => {
                let (zh, en) = (&done.zh, &done.en);
                let message = say!(
                    "`{text}` 与自己{zh}：两边是同一行的同一个值",
                    "`{text}` is {en}: both sides are the same value of the same row"
                );
                let help = this.as_ref().map_or_else(
                    || say!("改其中一边，或者删去", "change one side, or leave it out"),
                    |this| {
                        let Bilingual { zh, en } = this;
                        say!("一边是不是要写 `{zh}`？", "was one side meant to be `{en}`?")
                    },
                );
                parts("same_sides", message, Some(help), *span)
            }
            Self::Otherwise { found, help, span } => {
                let message = say!("`{found}` 在这里不这样写", "`{found}` is put otherwise here");
                parts("put_otherwise", message, Some(help.clone()), *span)
            }
            Self::NoItems { span } => no_items(*span),
            Self::Paused { all, any, span } => paused(all, any, *span),
            Self::Conditional { mistake, span } => mistake.parts(*span),
            Self::TooDeep { span } => {
                let message = say!("嵌套太深", "nested too deeply");
                parts(
                    "too_deep",
                    message,
                    Some(say!(
                        "把条件并列写在一层；定义套定义也算层数",
                        "put conditions side by side; definitions of definitions count too"
                    )),
                    *span,
                )
            }
            Self::BadPattern { pattern, reason, span } => {
                let message = say!(
                    "`{pattern}` 不是有效的正则表达式：{reason}",
                    "`{pattern}` is not a regular expression: {reason}"
                );
                parts("bad_pattern", message, None, *span)
            }
            Self::NotASubject { text, span, nearest, hidden_in, tables, field_of } => {
                let message = say!(
                    "`{text}` 不是表、嵌套列表，也不是它们之上的条件",
                    "`{text}` is not a table, a nested list, or a condition defined on one"
                );
                let (zh_tables, en_tables) = (&tables.zh, &tables.en);
                let tables = || {
                    (!zh_tables.is_empty())
                        .then(|| say!("声明的表有：{zh_tables}", "declared tables: {en_tables}"))
                };
                let of = field_of.as_ref().map(|table| {
                    let (zh, en) = (&table.zh, &table.en);
                    say!("写作 `凡 {text} 的 {zh}，…`", "write `whenever {en} where {text}, …`")
                });
                let help = of
                    .or_else(|| use_it(hidden_in.as_ref()))
                    .or_else(|| did_you_mean(nearest.as_ref()))
                    .or_else(|| other_sentence(text))
                    .or_else(tables)
                    .or_else(|| Some(declare_subject(text)));
                parts("not_a_subject", message, help, *span)
            }
            Self::AmbiguousSubject { text, owners, span } => {
                let (zh, en) = (&owners.zh, &owners.en);
                let message =
                    say!("“{text}”不止一个：{zh} 都有", "there is more than one `{text}`: in {en}");
                let help = say!(
                    "写明是哪个表的：“表.{text}”，或“{text} 的 表”",
                    "say of which table: `table.{text}`, or `table where {text}`"
                );
                parts("ambiguous_subject", message, Some(help), *span)
            }
            Self::Unsupported { message, help, span } => {
                parts("unsupported", message.clone(), Some(help.clone()), *span)
            }
        }
    }
}
