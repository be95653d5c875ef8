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
    /// of the policy is called as the field, or another decision is of a field so called. A name
    /// that has a dot stands in its `「」`.
    pub code: String,
    /// The heading people know: `馆规 第二条 厚书`, `裁定 书.状态 否则`.
    pub heading: Bilingual,
    /// The names it may be asked for by, in either language: first those that say all of it, then
    /// those that leave a policy or a list out; each is enough where no other rule has it, and
    /// those before are not meant.
    known: [Vec<String>; 3],
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
            spelt(&article.names).into_iter().chain([number, digits, plain]).collect();
        let heading = article_heading(program, article);
        let mut exact = qualified(&policy, &own);
        exact.extend([heading.zh.clone(), heading.en.clone()]);
        // It reads like a table with its field.
        exact.extend(own.iter().filter(|name| name.contains('.')).cloned());
        let known = [exact, Vec::new(), own];
        Self { code: program.article_name(article), heading, known, policy }
    }

    fn of_decision(program: &Program, decision: &Decision) -> Self {
        let policy = policy(program, decision.module);
        let heading = decision_heading(program, decision);
        let schema = &program.schema;
        let field = schema.field(decision.frame, decision.field).map(|field| &field.names);
        let fields = field.map_or_else(Vec::new, spelt);
        let frame = schema.frame(decision.frame);
        let tables = frame.map_or_else(Vec::new, |frame| spelt(&frame.names));
        // As the decision itself names it, through all lists; and by some of them.
        let mut exact = qualified(&tables, &fields);
        let mut part = Vec::new();
        let mut parent = frame.and_then(|frame| frame.parent);
        while let Some(owner) = parent.and_then(|(parent, _)| schema.frame(parent)) {
            let owners = spelt(&owner.names);
            part.extend(qualified(&owners, &part));
            part.extend(exact.iter().cloned());
            exact = qualified(&owners, &exact);
            parent = owner.parent;
        }
        let headed = |whole: &[String]| {
            let zh = whole.iter().map(|name| format!("裁定 {name} 否则"));
            let en = whole.iter().map(|name| format!("decide {name} otherwise"));
            zh.chain(en).chain(qualified(&policy, whole)).collect::<Vec<String>>()
        };
        let code = decision_code(program, decision);
        let (headed_exact, headed_part) = (headed(&exact), headed(&part));
        exact.extend(headed_exact);
        exact.push(code.clone());
        part.extend(headed_part);
        part.extend(qualified(&policy, &fields));
        Self { code, heading, known: [exact, part, fields], policy }
    }

    /// The names of the rule and of its policy.
    fn all(&self) -> impl Iterator<Item = &str> {
        self.known.iter().flatten().chain(&self.policy).map(String::as_str)
    }
}

fn policy(program: &Program, module: usize) -> Vec<String> {
    let names = program.modules.get(module).map(|module| &module.names);
    names.map_or_else(Vec::new, spelt)
}

/// The names as they are spelt, and in their `「」` where they have a dot.
fn spelt(names: &Names) -> Vec<String> {
    let told = |name: &str| word::dotted([name]);
    let told = names.iter().map(told).filter(|told| !names.iter().any(|name| name == told));
    names.iter().map(str::to_owned).chain(told).collect()
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
    let title = article.title();
    Bilingual { zh: format!("{zh} {}", title.zh), en: format!("{en} {}", title.en) }
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
        let parts = program.schema.chain(decision.frame, decision.field);
        let parts: Vec<&str> = parts.into_iter().map(Names::en).collect();
        let least = if parts.len() > 2 { 2 } else { 1 };
        let from = |count: usize| parts.iter().skip(parts.len().saturating_sub(count)).copied();
        let part = |count: usize| word::dotted(from(count));
        (least..=parts.len()).map(part).collect::<Vec<String>>()
    };
    let article = |name: &str| {
        let mut articles = program.articles.iter();
        let is_called = |own: &str| own == name || word::dotted([own]) == name;
        articles.any(|other| other.module == decision.module && other.names.iter().any(is_called))
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
    format!("{}.{name}", word::dotted([module]))
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
    /// The rules by name, in order: as [`RuleName::known`].
    known: [HashMap<String, Vec<RuleId>>; 3],
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
        rules.tell_apart();
        for (id, name) in &rules.names {
            for (known, own) in rules.known.iter_mut().zip(&name.known) {
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

    /// What is filed under a name that is declared twice, which is an error, stays apart.
    fn tell_apart(&mut self) {
        let mut seen: HashMap<String, usize> = HashMap::new();
        for name in self.names.values_mut() {
            let times = seen.entry(name.code.clone()).or_default();
            *times += 1;
            if *times > 1 {
                name.code.push_str(&format!("#{times}"));
                let [exact, ..] = &mut name.known;
                exact.push(name.code.clone());
            }
        }
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
        let of_policy =
            |(_, name): &(RuleId, &RuleName)| name.policy.iter().any(|own| own == wanted);
        let of_policy = self.iter().filter(of_policy).map(|(id, _)| id);
        let found: BTreeSet<RuleId> = of_policy.chain(self.meant(wanted).iter().copied()).collect();
        if found.is_empty() {
            let message = say!(
                "没有名为 `{wanted}` 的条文或政策",
                "there is no article or policy called `{wanted}`"
            );
            return Err(Box::new(self.unknown(wanted, message)));
        }
        Ok(found)
    }

    /// The rules of a name: those that it says all of; else those it says in part.
    fn meant(&self, wanted: &str) -> &[RuleId] {
        self.known.iter().find_map(|known| known.get(wanted)).map_or(&[], Vec::as_slice)
    }

    /// The one rule with a name: `policy.article` or, where no other has it, `article`. Where
    /// `policy.field` of a decision is the name of an article, the article is meant; a decision is
    /// told apart by its table.
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
        match self.meant(wanted) {
            [only] => Ok(*only),
            [] => {
                let message =
                    say!("没有名为 `{wanted}` 的条文", "there is no article called `{wanted}`");
                Err(Box::new(self.unknown(wanted, message)))
            }
            several => {
                let name = |id: &RuleId| match self.code(*id) {
                    code if self.meant(code).len() == 1 => Bilingual::same(code.to_owned()),
                    _ => self.heading(*id),
                };
                let names: Vec<Bilingual> = several.iter().map(name).collect();
                let joined = |pick: fn(&Bilingual) -> &String, mark: &str| {
                    let names = names.iter().map(|name| format!("`{}`", pick(name)));
                    names.collect::<Vec<_>>().join(mark)
                };
                let (zh, en) = (joined(|name| &name.zh, "、"), joined(|name| &name.en, ", "));
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
        let names = self.iter().flat_map(|(_, name)| name.all());
        // `第12条` is taken, and `第十二条` proposed.
        let digits =
            |name: &str| name.contains('第') && name.contains(|c: char| c.is_ascii_digit());
        let names = names.filter(|name| numbered(wanted) || !numbered(name));
        let names = names.filter(|name| digits(wanted) || !digits(name));
        let near = nearest(wanted, names).or_else(|| self.holding(wanted));
        let help = near.map_or_else(
            || self.forms(),
            |near| say!("是不是 `{near}`？", "did you mean `{near}`?"),
        );
        Diagnostic::error("unknown_article_name", message).help(help)
    }

    /// The one article whose name holds a word.
    fn holding(&self, word: &str) -> Option<String> {
        let holds = |(_, name): &(RuleId, &RuleName)| {
            word.chars().count() > 1 && name.all().any(|own| own.contains(word))
        };
        let mut found = self.iter().filter(holds);
        let only = found.next().filter(|_| found.next().is_none());
        only.map(|(_, name)| name.code.clone())
    }

    /// What may be written: all names of a few articles, else an example.
    fn forms(&self) -> Bilingual {
        let example = |wanted: fn(&RuleId) -> bool| {
            self.iter().find(|(id, _)| wanted(id)).map(|(_, name)| name)
        };
        let article = example(|id| matches!(id, RuleId::Article(_)));
        let decision = example(|id| matches!(id, RuleId::Decision(_)));
        let mut help = say!("写“政策.条文”", "write `policy.article`");
        let codes = self.iter().filter(|(id, _)| matches!(id, RuleId::Article(_)));
        let codes: Vec<String> = codes.map(|(_, name)| format!("`{}`", name.code)).collect();
        if (2..=MOST_LISTED).contains(&codes.len()) {
            let (zh, en) = (codes.join("、"), codes.join(", "));
            help = say!("写“政策.条文”：{zh}", "write `policy.article`, one of {en}");
        } else if let Some(name) = article {
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

/// No more articles are listed by name where none has the name that is asked for.
const MOST_LISTED: usize = 8;

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
