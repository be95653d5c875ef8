//! The workload of `tests/peers`, made here: rows of the same shape, the same sixteen rules, and
//! more rules like them.

use fanshi::engine::{Keep, Policy, Rows, Source};
use fanshi::workspace::{Opened, Options, Project};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

const RANKS: [&str; 7] = [
    "law",
    "admin_regulation",
    "state_council_decision",
    "local_regulation",
    "provincial_rule",
    "dept_rule",
    "normative_doc",
];
const OUTCOMES: [&str; 6] = ["retain", "cancel", "adjust", "dock", "register_only", "cleanup"];
const NAMES: [&str; 8] = [
    "受理",
    "现场勘查",
    "专家评审",
    "可行性研究报告",
    "营业执照",
    "上年度审计报告",
    "中介机构评估",
    "公示无异议证明",
];

/// A stream of numbers that is the same everywhere (SplitMix64).
pub struct Random(u64);

impl Random {
    /// Begins a stream.
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below another.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end
    }

    /// True so many times in a thousand.
    pub fn chance(&mut self, thousandths: u64) -> bool {
        self.below(1000) < thousandths
    }

    /// One of some.
    pub fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.below(from.len() as u64)).expect("an index")]
    }
}

/// A row with its lists, as names and values already in JSON's form (TOML's is the same).
struct Item {
    fields: Vec<(&'static str, String)>,
    lists: [(&'static str, Vec<Vec<(&'static str, String)>>); 4],
}

fn quoted(text: &str) -> String {
    format!("\"{text}\"")
}

impl Item {
    fn new(index: usize, random: &mut Random) -> Self {
        let superior = match random.below(100) {
            0..86 => "none",
            86..90 => "cancelled",
            90..93 => "delegated",
            93..95 => "escalated",
            _ => "post_supervision",
        };
        let basis: Vec<_> = (0..random.below(4)).map(|_| basis(random)).collect();
        let want = match superior {
            "cancelled" => "cancel",
            "delegated" => "dock",
            "escalated" => "register_only",
            "post_supervision" => "adjust",
            _ if basis.is_empty() => "cancel",
            _ => "retain",
        };
        let outcome = if random.chance(60) { random.pick(&OUTCOMES) } else { want };
        let handled = |random: &mut Random| if random.chance(60) { 0 } else { random.below(3000) };
        let promised = if random.chance(900) { 7 } else { random.below(20) + 1 };
        let steps = (0..2 + random.below(4)).map(|_| step(random)).collect();
        let required = |count: u64, random: &mut Random| {
            (0..random.below(count))
                .map(|_| {
                    vec![
                        ("name", quoted(random.pick(&NAMES))),
                        ("required_by_law", (!random.chance(10)).to_string()),
                    ]
                })
                .collect()
        };
        let fields = vec![
            ("code", format!("\"SX{index:07}\"")),
            (
                "name",
                format!("\"{}{}{}事项核准\"", random.pick(&NAMES), random.pick(&NAMES), index % 97),
            ),
            ("department", format!("\"市第{}局\"", index % 53)),
            ("category", quoted("行政许可")),
            ("superior_decision", quoted(superior)),
            ("set_by", quoted(if random.chance(800) { "law" } else { "department" })),
            ("market_adjustable", random.chance(30).to_string()),
            ("handled_2013", handled(random).to_string()),
            ("handled_2014", handled(random).to_string()),
            ("statutory_days", random.pick(&[10, 15, 20, 20, 30, 45]).to_string()),
            ("promised_days", promised.to_string()),
            ("needs_publicity", random.chance(120).to_string()),
            ("needs_hearing", random.chance(40).to_string()),
            ("needs_argument", random.chance(50).to_string()),
            ("in_hall", random.chance(970).to_string()),
            ("outcome", quoted(outcome)),
        ];
        let lists = [
            ("basis", basis),
            ("steps", steps),
            ("materials", required(11, random)),
            ("preconditions", required(4, random)),
        ];
        Self { fields, lists }
    }
}

fn basis(random: &mut Random) -> Vec<(&'static str, String)> {
    let rank = if random.chance(350) { RANKS[0] } else { random.pick(&RANKS) };
    vec![
        ("law", format!("\"中华人民共和国建设工程法（第{}号）\"", random.below(300))),
        ("rank", quoted(rank)),
        ("in_force", random.chance(930).to_string()),
        ("article", (random.below(120) + 1).to_string()),
    ]
}

fn step(random: &mut Random) -> Vec<(&'static str, String)> {
    let days = random.below(2) + if random.chance(10) { 6 } else { 0 };
    vec![
        ("name", quoted(random.pick(&NAMES))),
        ("has_basis", random.chance(990).to_string()),
        ("days", days.to_string()),
    ]
}

fn object(fields: &[(&str, String)]) -> String {
    let fields: Vec<String> =
        fields.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
    fields.join(",")
}

fn json(item: &Item) -> String {
    let mut line = format!("{{{}", object(&item.fields));
    for (name, elements) in &item.lists {
        let elements: Vec<String> =
            elements.iter().map(|element| format!("{{{}}}", object(element))).collect();
        let _ = write!(line, ",\"{name}\":[{}]", elements.join(","));
    }
    line + "}"
}

fn toml(item: &Item) -> String {
    let mut text = String::from("[[item]]\n");
    let mut pairs = |head: &str, fields: &[(&str, String)]| {
        text.push_str(head);
        for (name, value) in fields {
            let _ = writeln!(text, "{name} = {value}");
        }
    };
    pairs("", &item.fields);
    for (name, elements) in &item.lists {
        if elements.is_empty() {
            pairs("", &[(name, "[]".to_owned())]);
        }
    }
    for (name, elements) in &item.lists {
        for element in elements {
            pairs(&format!("[[item.{name}]]\n"), element);
        }
    }
    text + "\n"
}

fn cells(lead: &str, fields: &[(&str, String)]) -> String {
    let cells: Vec<&str> = fields.iter().map(|(_, value)| value.trim_matches('"')).collect();
    format!("{lead}{}\n", cells.join(","))
}

fn headings(lead: &str, fields: &[(&str, String)]) -> String {
    let names: Vec<&str> = fields.iter().map(|(name, _)| *name).collect();
    format!("{lead}{}\n", names.join(","))
}

/// Writes the rows in a manifest's format, the policy with `variants` times sixteen rules, and the
/// manifest.
pub fn folder(rows: usize, variants: usize, manifest: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("speed-{rows}-{variants}"));
    let own = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/peers");
    std::fs::create_dir_all(&folder).expect("a folder for the workload");
    let read = |name: &str| std::fs::read_to_string(own.join(name)).expect("tests/peers is there");
    let policy = read("peers.fan");
    let mut random = Random(20_150_607);
    let items: Vec<Item> = (0..rows).map(|index| Item::new(index, &mut random)).collect();
    let lines = |end: &str| items.iter().map(json).collect::<Vec<_>>().join(end);
    let mut files = match manifest {
        "json.toml" => vec![("items.json".to_owned(), format!("[\n{}\n]\n", lines(",\n")))],
        "toml.toml" => vec![("items.toml".to_owned(), items.iter().map(toml).collect())],
        "csv.toml" => sheets(&items),
        _ => vec![("items.jsonl".to_owned(), lines("\n") + "\n")],
    };
    files.push((
        "peers.fan".to_owned(),
        (1..variants).fold(policy.clone(), |all, variant| all + &varied(&policy, variant)),
    ));
    files.push((manifest.to_owned(), read(manifest)));
    for (name, text) in files {
        std::fs::write(folder.join(name), text).expect("the workload can be written");
    }
    folder
}

/// The table and its lists, a sheet each.
fn sheets(items: &[Item]) -> Vec<(String, String)> {
    let first = items.first().expect("at least one row");
    let table =
        items.iter().fold(headings("", &first.fields), |all, item| all + &cells("", &item.fields));
    let mut sheets = vec![("items.csv".to_owned(), table)];
    for (list, (name, _)) in first.lists.iter().enumerate() {
        let element =
            items.iter().find_map(|item| item.lists[list].1.first()).expect("at least one element");
        let mut sheet = headings("code,", element);
        for item in items {
            let lead = format!("{},", item.fields[0].1.trim_matches('"'));
            item.lists[list].1.iter().for_each(|element| sheet.push_str(&cells(&lead, element)));
        }
        sheets.push((format!("{name}.csv"), sheet));
    }
    sheets
}

/// The sixteen articles once more with other numbers, names and one more condition each.
fn varied(policy: &str, variant: usize) -> String {
    let articles = policy.find("第一条").map_or("", |start| &policy[start..]);
    let mut text = String::new();
    let mut number = 16 * variant;
    for line in articles.lines() {
        if line.starts_with('第') {
            number += 1;
            let _ = writeln!(text, "第{number}条 「规则{number}」 | R{number}");
        } else if let Some(rest) = line.strip_prefix("  凡 事项，") {
            let _ = writeln!(text, "  凡 去年办件 不少于 {} 的 事项，{rest}", 5 * variant);
        } else if let Some(rest) = line.strip_prefix("  凡 事项.") {
            let _ = writeln!(text, "  凡 去年办件 不少于 {} 的 事项.{rest}", 5 * variant);
        } else if let Some(rest) = line.strip_prefix("  凡 ") {
            let _ = writeln!(text, "  凡 去年办件 不少于 {}，{rest}", 5 * variant);
        } else {
            let _ = writeln!(text, "{line}");
        }
    }
    text
}

/// A project opened and compiled, ready to load.
pub struct Compiled {
    /// Its policy.
    pub policy: Policy,
    /// Its data files.
    pub opened: Vec<Opened>,
}

/// Writes, opens and compiles a workload.
pub fn compile(rows: usize, variants: usize, manifest: &str) -> Compiled {
    open(&folder(rows, variants, manifest).join(manifest))
}

/// Opens and compiles a project.
pub fn open(manifest: &Path) -> Compiled {
    let mut project = Project::read(manifest);
    let policy = project.policy(&Options::default());
    let opened = project.open_data(policy.schema());
    assert!(
        project.diagnostics.is_empty() && policy.diagnostics.is_empty(),
        "{:?}",
        policy.diagnostics.first()
    );
    Compiled { policy, opened }
}

/// Loads the data of a compiled project.
pub fn load(compiled: &Compiled) -> Rows {
    let inputs = compiled.opened.iter().map(Opened::input).collect();
    let source = Source { inputs, ..Source::default() };
    Rows::load(&compiled.policy, source, Keep::default())
}
