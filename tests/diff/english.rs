//! An English project compared in English: no Chinese that is not the project's own.

use super::pair::{Files, run_in, written};

const POLICY: &str = "policy p\nenum grade ascending { low, high }\n\
    table s { n : integer }\n\
    table day { on : date off : boolean grade : grade optional }\n\
    table t { k : text key n : integer optional \
    l : many { name : text m : integer } f : many integer }\n\
    article 1 one whenever s, n must not exceed 5.\n\
    article 2 two whenever t, count(day: off) must not exceed 1.\n\
    article 3 three whenever t.l, m must not exceed 5.\n\
    article 4 four whenever t where has n, n must not exceed 5.\n\
    article 5 five whenever t where lacks n, refer \"ask\".\n";

/// Whether a letter is Chinese, or a mark that only Chinese texts have.
fn is_chinese(letter: char) -> bool {
    matches!(letter,
        '\u{3000}'..='\u{303f}' | '\u{4e00}'..='\u{9fff}' | '\u{ff00}'..='\u{ffef}')
}

fn english(name: &str, old: &Files<'_>, new: &Files<'_>) -> Vec<String> {
    let named = |side: &str| format!("english-{name}-{side}");
    let manifest = |lines: &str| {
        format!(
            "[project]\nname = \"example\"\nas_of = 2015-11-20\npolicies = [\"*.fan\"]\n\
            [data]\n{lines}"
        )
    };
    let folder = |side: &str, files: &Files<'_>| {
        let data = files.iter().filter_map(|(name, _)| Some((name.rsplit_once('.')?, name)));
        let data = data.filter(|((_, ending), _)| *ending != "fan");
        let lines = data.map(|((table, _), name)| format!("{table} = \"{name}\"\n"));
        let manifest = manifest(&lines.collect::<String>());
        let files: Vec<(&str, &str)> =
            files.iter().copied().chain([("fanshi.toml", &*manifest)]).collect();
        written(&named(side), &files, "")
    };
    let (old, new) = (folder("old", old), folder("new", new));
    let mut all = Vec::new();
    for format in ["text", "json", "html"] {
        for [before, after] in [[&old, &new], [&new, &old]] {
            let (_, out, said) = run_in(before, after, format, "en");
            // The style has marks for either language.
            let page = out.split_once("</style>").map_or(&*out, |(_, page)| page);
            let lines = page.lines().chain(said.lines());
            let lines = lines.filter(|line| line.chars().any(is_chinese));
            let lines: Vec<&str> = lines.collect();
            assert!(lines.is_empty(), "{name} {format}: {lines:#?}");
            all.push(out);
        }
    }
    all
}

#[test]
fn an_english_project_has_no_chinese() {
    let day = "on,off,grade\n2015-01-01,yes,low\n";
    let rows = r#"[{"k":"A","n":1,"l":[{"name":"x","m":9}],"f":[1,2]},
        {"k":"B","n":1,"l":[],"f":[]}]"#;
    let more = r#"[{"k":"A","n":9,"l":[{"name":"x","m":1},{"name":"y","m":9}],"f":[2]},
        {"k":"C","l":[],"f":[]}]"#;
    let old = [("p.fan", POLICY), ("s.csv", "n\n5\n"), ("day.csv", day), ("t.json", rows)];
    let days = format!("{day}2015-01-02,yes,high\n2015-01-03,no,\n");
    let new = [("p.fan", POLICY), ("s.csv", "n\n5\n6\n"), ("day.csv", &days), ("t.json", more)];
    let said = english("rows", &old, &new);
    assert!(said[0].contains("day `2015-01-02, true, high` is new"), "{}", said[0]);
    assert!(said[2].contains("\"key\": \"2015-01-02, true, high\""), "{}", said[2]);
    // What could not be read, on either side.
    let cut = [
        ("p.fan", POLICY),
        ("s.csv", "n\nmany\n"),
        ("day.csv", "on,off,grade\nnever,yes,low\n"),
        ("t.json", r#"[{"k":"A","n":"x","l":[{"name":"x","m":"y"}],"f":["z"]},{"k":"#),
    ];
    english("unread", &old, &cut);
    // A table of one row that has two.
    let one = format!(
        "{}article 6 six whenever t, s.n must not exceed 5.\n",
        POLICY.replace("table s {", "table s single {")
    );
    let sole = |rows: &'static str| [("p.fan", &*one), ("s.csv", rows), old[2], old[3]];
    english("sole", &sole("n\n5\n"), &sole("n\n5\n6\n"));
    // Other declarations.
    let other = POLICY
        .replace("low, high", "low, middle, high")
        .replace("n : integer optional", "n also \"number\" : integer default 7")
        .replace(
            "article 4",
            "parameter most : integer = 3\ndefine big(t) = n exceeds most\narticle 4",
        )
        .replace("exceed 5.\narticle 5", "exceed most.\n unless big\narticle 5");
    english("policies", &old, &[("p.fan", &*other), old[1], old[2], old[3]]);
    let lost = "policy p\nartcle 1 x whenever t, n must be 1.\n";
    english("policy-lost", &old, &[("p.fan", lost), old[1]]);
}
