//! Rules: what can be broken, waived, asked for and counted. A rule is an article, or what a
//! decision requires where no article speaks; the two never share a name.

use crate::diagnostic::{Bilingual, Diagnostic};
use crate::nearest::nearest;
use crate::program::{Article, ArticleId, Decision, Program};
use crate::say;
use crate::schema::{FrameId, Names};
use crate::steps::step;
use crate::syntax::word;
use std::collections::{BTreeMap, BTreeSet, HashMap};

/// Index of a decision in [`Program::decisions`].
///
/// # Examples
///
/// ```
/// use fanshi::{DecisionId, Options, Project, RuleId};
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// assert_eq!(policy.rules.named("book.fate").unwrap(), RuleId::Decision(DecisionId(0)));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct DecisionId(pub u32);

/// A rule of one policy.
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project, RuleId};
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// let rule = policy.rules.named("thick").unwrap();
/// assert!(matches!(rule, RuleId::Article(_)));
/// assert_eq!(policy.rules.code(rule), "library.thick");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum RuleId {
    /// An article.
    Article(ArticleId),
    /// What a decision requires where no article speaks (否则).
    Decision(DecisionId),
}

/// What a rule is called.
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project};
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// let (_, name) = policy.rules.iter().next().unwrap();
/// assert_eq!(name.code, "library.thick");
/// assert_eq!(name.heading.zh, "馆规 第一条 厚");
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleName {
    /// By English names, the same from run to run and unlike that of any other rule:
    /// `policy.article`; for a decision `policy.field`, or `policy.table.field` where an article
    /// of the policy is called as the field, or another decision is of a field so called.
    pub code: String,
    /// The heading people know: `馆规 第二条 厚书`, `裁定 书.状态 否则`.
    pub heading: Bilingual,
    /// Every full name it may be asked for by, in either language.
    full: Vec<String>,
    /// Names that are enough where no other rule has them.
    short: Vec<String>,
    /// The policy's names.
    policy: Vec<String>,
}

impl RuleName {
    fn of_article(program: &Program, article: &Article) -> Self {
        let policy = policy(program, article.module);
        let (number, digits) =
            (word::article_number(article.number), word::english_number(article.number));
        // As the language takes it too: `第12条`.
        let plain = word::digit_number(article.number);
        let own: Vec<String> =
            article.names.iter().map(str::to_owned).chain([number, digits, plain]).collect();
        let heading = article_heading(program, article);
        let mut full = qualified(&policy, &own);
        full.extend([heading.zh.clone(), heading.en.clone()]);
        Self { code: program.article_name(article), heading, full, short: own, policy }
    }

    fn of_decision(program: &Program, decision: &Decision) -> Self {
        let policy = policy(program, decision.module);
        let heading = decision_heading(program, decision);
        let schema = &program.schema;
        let field = schema.field(decision.frame, decision.field).map(|field| &field.names);
        let fields: Vec<String> =
            field.into_iter().flat_map(Names::iter).map(str::to_owned).collect();
        let frame = schema.frame(decision.frame);
        let tables: Vec<String> =
            frame.iter().flat_map(|frame| frame.names.iter()).map(str::to_owned).collect();
        // As the decision itself names it, through all lists; and by its own list alone.
        let mut whole = qualified(&tables, &fields);
        let mut parent = frame.and_then(|frame| frame.parent);
        while let Some(owner) = parent.and_then(|(parent, _)| schema.frame(parent)) {
            let owners: Vec<String> = owner.names.iter().map(str::to_owned).collect();
            let longer = qualified(&owners, &whole);
            whole.extend(longer);
            parent = owner.parent;
        }
        let mut full = qualified(&policy, &whole);
        full.extend(qualified(&policy, &fields));
        full.extend(whole.iter().cloned());
        full.extend(whole.iter().map(|name| format!("裁定 {name} 否则")));
        full.extend(whole.iter().map(|name| format!("decide {name} otherwise")));
        let code = decision_code(program, decision);
        Self { code, heading, full, short: fields, policy }
    }

    /// Whether it is asked for by a name: its own, or its policy's.
    fn is_called(&self, wanted: &str) -> bool {
        [&self.full, &self.short, &self.policy].into_iter().flatten().any(|name| name == wanted)
    }
}

fn policy(program: &Program, module: usize) -> Vec<String> {
    let names = program.modules.get(module).map(|module| &module.names);
    names.into_iter().flat_map(Names::iter).map(str::to_owned).collect()
}

fn qualified(owners: &[String], names: &[String]) -> Vec<String> {
    owners
        .iter()
        .flat_map(|owner| names.iter().map(move |name| format!("{owner}.{name}")))
        .collect()
}

/// `POLICY 第二条 NAME`.
pub(super) fn article_heading(program: &Program, article: &Article) -> Bilingual {
    let module = program.modules.get(article.module);
    let (zh, en) = module.map_or(("", ""), |module| (module.names.zh(), module.names.en()));
    let (number, digits) =
        (word::article_number(article.number), word::english_number(article.number));
    Bilingual {
        zh: format!("{zh} {number} {}", article.names.zh()),
        en: format!("{en} article {digits} {}", article.names.en()),
    }
}

/// What a decision is called where no article speaks.
fn decision_heading(program: &Program, decision: &Decision) -> Bilingual {
    let path = program.schema.path(decision.frame, decision.field);
    path.map_or_else(Bilingual::default, |(zh, en)| Bilingual {
        zh: format!("裁定 {zh} 否则"),
        en: format!("decide {en} otherwise"),
    })
}

/// The shortest of a decision's names that no article and no other decision of its policy has.
fn decision_code(program: &Program, decision: &Decision) -> String {
    let names = |decision: &Decision| {
        let (_, path) = program.schema.path(decision.frame, decision.field).unwrap_or_default();
        let parts: Vec<&str> = path.split('.').collect();
        let nested = parts.len() > 2;
        let least = if nested { 2 } else { 1 };
        let from = |count: usize| parts.iter().skip(parts.len().saturating_sub(count));
        (least..=parts.len())
            .map(|count| from(count).copied().collect::<Vec<_>>().join("."))
            .collect::<Vec<String>>()
    };
    let article = |name: &str| {
        let mut articles = program.articles.iter();
        articles.any(|other| other.module == decision.module && other.names.en() == name)
    };
    let decided = |name: &String| {
        let others = program.decisions.iter().filter(|other| other.module == decision.module);
        let mut others =
            others.filter(|other| (other.frame, other.field) != (decision.frame, decision.field));
        others.any(|other| names(other).contains(name))
    };
    let own = names(decision);
    let free = own.iter().find(|name| !article(name) && !decided(name));
    let name = free.or(own.last()).map_or("", String::as_str);
    let module = program.modules.get(decision.module).map_or("", |module| module.names.en());
    format!("{module}.{name}")
}

/// The rules of a policy with their names, articles before decisions.
///
/// # Examples
///
/// ```
/// use fanshi::{Options, Project};
///
/// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
/// let codes: Vec<&str> = policy.rules.iter().map(|(_, name)| &*name.code).collect();
/// assert_eq!(codes, ["library.thick", "library.thin", "library.brief", "library.fate"]);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Rules {
    names: BTreeMap<RuleId, RuleName>,
    /// The rules by full name, in order.
    full: HashMap<String, Vec<RuleId>>,
    /// The same by names that are enough where no other rule has them.
    short: HashMap<String, Vec<RuleId>>,
}

impl Rules {
    /// The rules of a program.
    #[must_use]
    pub fn of(program: &Program) -> Self {
        let articles = (0..).map(|at| RuleId::Article(ArticleId(at))).zip(&program.articles);
        let articles = articles.map(|(id, article)| (id, RuleName::of_article(program, article)));
        let decisions = (0..).map(|at| RuleId::Decision(DecisionId(at))).zip(&program.decisions);
        let decisions =
            decisions.map(|(id, decision)| (id, RuleName::of_decision(program, decision)));
        let mut rules = Self { names: articles.chain(decisions).collect(), ..Self::default() };
        for (id, name) in &rules.names {
            for (known, own) in [(&mut rules.full, &name.full), (&mut rules.short, &name.short)] {
                for name in own {
                    let ids = known.entry(name.clone()).or_default();
                    if ids.last() != Some(id) {
                        ids.push(*id);
                    }
                }
            }
        }
        rules
    }

    /// Every rule with its name, in order.
    pub fn iter(&self) -> impl Iterator<Item = (RuleId, &RuleName)> {
        self.names.iter().map(|(id, name)| {
            step();
            (*id, name)
        })
    }

    /// A rule's name by English names; see [`RuleName::code`].
    #[must_use]
    pub fn code(&self, rule: RuleId) -> &str {
        self.names.get(&rule).map_or("", |name| &name.code)
    }

    /// A rule's heading.
    #[must_use]
    pub fn heading(&self, rule: RuleId) -> Bilingual {
        self.names.get(&rule).map_or_else(Bilingual::default, |name| name.heading.clone())
    }

    /// The rules asked for: by `policy.article`, an article's name or number, or a policy's name,
    /// in either language.
    ///
    /// # Errors
    /// Where nothing is called so, with the name that was probably meant.
    ///
    /// # Examples
    ///
    /// ```
    /// use fanshi::{Options, Project};
    ///
    /// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
    /// assert_eq!(policy.rules.called("馆规").unwrap().len(), 4); // all rules of the policy
    /// let unknown = policy.rules.called("thickk").unwrap_err();
    /// assert_eq!(unknown.help.unwrap().en, "did you mean `thick`?");
    /// ```
    pub fn called(&self, wanted: &str) -> Result<BTreeSet<RuleId>, Box<Diagnostic>> {
        let found: BTreeSet<RuleId> =
            self.iter().filter(|(_, name)| name.is_called(wanted)).map(|(id, _)| id).collect();
        if found.is_empty() {
            let message = say!(
                "没有名为 `{wanted}` 的条文或政策",
                "there is no article or policy called `{wanted}`"
            );
            return Err(Box::new(self.unknown(wanted, message)));
        }
        Ok(found)
    }

    /// The one rule with a name: `policy.article` or, where no other has it, `article`. Where an
    /// article and a decision share the name, the article is meant; a decision is told apart by its
    /// table.
    ///
    /// # Errors
    /// Where no rule has the name, or several have.
    ///
    /// # Examples
    ///
    /// ```
    /// use fanshi::{Options, Project};
    ///
    /// let policy = Project::read("examples/library".as_ref()).policy(&Options::default());
    /// assert_eq!(policy.rules.named("厚").unwrap(), policy.rules.named("library.thick").unwrap());
    /// assert_eq!(policy.rules.named("thickk").unwrap_err().code, "unknown_article_name");
    /// ```
    pub fn named(&self, wanted: &str) -> Result<RuleId, Box<Diagnostic>> {
        let of = |known: &HashMap<String, Vec<RuleId>>| known.get(wanted).cloned();
        let mut called = of(&self.full).unwrap_or_default();
        if let Some(id @ RuleId::Article(_)) = called.first() {
            return Ok(*id);
        }
        if called.is_empty() {
            called = of(&self.short).unwrap_or_default();
        }
        match called.as_slice() {
            [only] => Ok(*only),
            [] => {
                let message =
                    say!("没有名为 `{wanted}` 的条文", "there is no article called `{wanted}`");
                Err(Box::new(self.unknown(wanted, message)))
            }
            several => {
                let names: Vec<String> =
                    several.iter().map(|id| format!("`{}`", self.code(*id))).collect();
                let (zh, en) = (names.join("、"), names.join(", "));
                let message =
                    say!("不止一条叫 `{wanted}`", "several articles are called `{wanted}`");
                let help = say!("写明哪一条：{zh}", "write which: {en}");
                Err(Box::new(Diagnostic::error("unknown_article_name", message).help(help)))
            }
        }
    }

    fn unknown(&self, wanted: &str, message: Bilingual) -> Diagnostic {
        // Who writes a name did not mean a number.
        let numbered = |name: &str| name.contains(|c: char| c.is_ascii_digit() || c == '第');
        let names = self.iter().flat_map(|(_, name)| {
            [&name.full, &name.short, &name.policy].into_iter().flatten().map(String::as_str)
        });
        // `第12条` is taken, and `第十二条` proposed.
        let digits =
            |name: &str| name.contains('第') && name.contains(|c: char| c.is_ascii_digit());
        let names = names.filter(|name| numbered(wanted) || !numbered(name));
        let names = names.filter(|name| digits(wanted) || !digits(name));
        let help = nearest(wanted, names).map_or_else(
            || self.forms(),
            |near| say!("是不是 `{near}`？", "did you mean `{near}`?"),
        );
        Diagnostic::error("unknown_article_name", message).help(help)
    }

    /// What may be written, by example.
    fn forms(&self) -> Bilingual {
        let example = |wanted: fn(&RuleId) -> bool| {
            self.iter().find(|(id, _)| wanted(id)).map(|(_, name)| name)
        };
        let article = example(|id| matches!(id, RuleId::Article(_)));
        let decision = example(|id| matches!(id, RuleId::Decision(_)));
        let mut help = say!("写“政策.条文”", "write `policy.article`");
        if let Some(name) = article {
            help.zh.push_str(&format!("，如 `{}`", name.code));
            help.en.push_str(&format!(", such as `{}`", name.code));
        }
        if let Some(name) = decision {
            help.zh.push_str(&format!("；没有条文要求其他处理时的裁定，写 `{}`", name.heading.zh));
            help.en.push_str(&format!(
                "; a decision where no article speaks is `{}`",
                name.heading.en
            ));
        }
        help
    }
}

/// The tables a rule speaks of, each once.
#[must_use]
pub fn tables(program: &Program, rule: RuleId) -> BTreeSet<FrameId> {
    let frames: Vec<FrameId> = match rule {
        RuleId::Article(id) => program.article(id).map_or_else(Vec::new, |article| {
            article.sentences.iter().map(|sentence| sentence.frame).collect()
        }),
        RuleId::Decision(id) => program
            .decisions
            .get(id.0 as usize)
            .map(|decision| decision.frame)
            .into_iter()
            .collect(),
    };
    frames.into_iter().map(|frame| program.schema.root(frame)).collect()
}
