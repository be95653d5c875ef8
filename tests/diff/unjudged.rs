//! What one of two runs did not judge: there nothing was mended, and nothing is newly broken.

use super::pair::{Files, Said, pair, policies, submissions};
use serde_json::{Value, json};

const RULE: &str = "policy p\ntable t { k : text key n : integer }\narticle 1 one whenever t, n must not exceed 3.\n";
const DATA: (&str, &str) = ("t.csv", "k,n\nA,5\n");

/// The later side did not judge what the earlier found, for this cause alone; with the sides
/// exchanged, the earlier did not judge what the later finds.
#[track_caller]
fn unjudged(
    name: &str,
    [old, new]: [&Files<'_>; 2],
    lines: [&str; 2],
    [now, before]: [Value; 2],
) -> [Said; 2] {
    let said = pair(name, old, new, lines);
    let back = pair(&format!("{name}-back"), new, old, [lines[1], lines[0]]);
    for (said, side, cause) in [(&said, "now", now), (&back, "before", before)] {
        let parts = ["new", "turned", "fixed", "removed", "remaining"];
        let others: usize = parts.iter().map(|part| said.part(part).len()).sum();
        assert_eq!((said.code, others), (2, 0), "{name} {side}\n{}", said.text);
        let found = said.json["findings"]["unjudged"][side].as_array().unwrap();
        let causes: Vec<&Value> = found.iter().map(|found| &found["causes"]).collect();
        assert_eq!(causes, [&json!([cause])], "{name} {side}\n{}", said.text);
        for table in said.json["tables"].as_array().unwrap() {
            assert_eq!((&table["added"], &table["removed"]), (&json!([]), &json!([])));
        }
    }
    assert!(said.text.contains("? 不再判断"), "{}", said.text);
    assert!(back.text.contains("? 以前没有判断"), "{}", back.text);
    assert!(said.text.contains("1 处有一次没有判断。"), "{}", said.text);
    [said, back]
}

#[test]
fn an_article_with_a_mistake() {
    let article = json!({"kind": "article"});
    for (name, mistake) in [
        ("word", RULE.replace("must not", "must nota")),
        ("name", RULE.replace("n must", "big must")),
        ("type", RULE.replace("exceed 3", "exceed \"x\"")),
        ("subject", RULE.replace("whenever t", "whenever u")),
    ] {
        let (old, new) = ([("p.fan", RULE), DATA], [("p.fan", &*mistake), DATA]);
        let name = format!("mistake-{name}");
        unjudged(&name, [&old, &new], ["", ""], [article.clone(), article.clone()]);
    }
    // What is put right together with another sentence is judged where it can be.
    let two = format!("{RULE} whenever t, n must not exceed 4.\n");
    let half = two.replace("must not exceed 4", "must nota exceed 4");
    let said = policies("mistake-damaged", &two, &half, &[DATA]);
    assert_eq!(said.part("fixed").len(), 0, "{}", said.text);
}

#[test]
fn an_article_that_rests_on_a_mistake() {
    let head = "policy p\nparameter c : integer = 3\ntable t { k : text key n : integer }\n";
    let rule = format!("{head}article 1 one whenever t, n must not exceed c.\n");
    let files = [("p.fan", &*rule), DATA];
    let parameter = json!({"kind": "parameter", "parameter": "c"});
    for (name, value) in [("text", "\"x\""), ("list", "[3]"), ("table", "{ a = 1 }")] {
        let lines = format!("[parameters]\nc = {value}\n");
        let causes = [parameter.clone(), parameter.clone()];
        unjudged(&format!("parameter-{name}"), [&files, &files], ["", &lines], causes);
    }
    let defined = |body: &str| {
        format!(
            "policy p\ntable t {{ k : text key n : integer }}\n{body}\n\
            article 1 one whenever t, must not be big.\n"
        )
    };
    let old = defined("define big(t) = n exceeds 3");
    let definition = json!({"kind": "definition", "definition": "t.big"});
    for (name, body) in [("gone", ""), ("mistaken", "define big(t) = m exceeds 3")] {
        let new = defined(body);
        let (old, new) = ([("p.fan", &*old), DATA], [("p.fan", &*new), DATA]);
        let causes = [definition.clone(), definition.clone()];
        unjudged(&format!("definition-{name}"), [&old, &new], ["", ""], causes);
    }
    // A field that may be left out, of which nobody asks whether it is there.
    let field = json!({"kind": "table_field", "table_field": "t.n"});
    let optional = RULE.replace("n : integer", "n : integer optional");
    let (old, new) = ([("p.fan", RULE), DATA], [("p.fan", &*optional), DATA]);
    unjudged("optional", [&old, &new], ["", ""], [field.clone(), field]);
}

#[test]
fn rows_that_were_not_read() {
    let lost = |data: &str| json!({"kind": "data", "table": "t", "data": data});
    let causes = || [lost("missing"), lost("restored")];
    let whole = ("t.json", r#"[{"k":"A","n":5}]"#);
    let broken = ("t.json", r#"[{"k":"A","n":"#);
    let [said, _] = unjudged(
        "data-broken",
        [&[("p.fan", RULE), whole], &[("p.fan", RULE), broken]],
        ["", ""],
        causes(),
    );
    assert_eq!(said.json["tables"][0]["unread"], json!({"old": 0, "new": 1}));
    let absent = "[project]\nname = \"例\"\nas_of = 2015-11-20\npolicies = [\"*.fan\"]\n[data]\n\
        t = \"none.csv\"\n";
    let (old, new) = ([("p.fan", RULE), DATA], [("p.fan", RULE), ("fanshi.toml", absent)]);
    unjudged("data-absent", [&old, &new], ["", ""], causes());
    // Nor where the vocabulary that declares the table is not listed.
    let words = "policy w\ntable t { k : text key n : integer }\n";
    let rule = "policy p\nuse w\narticle 1 one whenever t, n must not exceed 3.\n";
    let (old, new) = ([("p.fan", rule), ("w.fan", words), DATA], [("p.fan", rule), DATA]);
    unjudged("data-undeclared", [&old, &new], ["", ""], causes());
    // One row of several.
    let (both, one) = (r#"[{"k":"A","n":5},{"k":"B","n":1}]"#, r#"[{"k":"B","n":1},{"k":"A","n":"#);
    let (old, new) = ([("p.fan", RULE), ("t.json", both)], [("p.fan", RULE), ("t.json", one)]);
    let causes = [lost("incomplete"), lost("restored")];
    unjudged("data-cut", [&old, &new], ["", ""], causes);
}

/// A row that is gone is gone, and an article that was taken away is not unread.
#[test]
fn what_was_taken_away_is_not_unjudged() {
    let open = |said: &Said| said.json["findings"]["unjudged"].clone();
    let none = json!({"now": [], "before": []});
    let gone = submissions("row-gone", RULE, &[DATA], &[("t.csv", "k,n\nB,1\n")]);
    assert_eq!((gone.part("removed").len(), open(&gone)), (1, none.clone()), "{}", gone.text);
    let rest = RULE.replace("article 1 one", "article 2 two");
    let other = policies("rule-gone", &format!("{RULE}{}", article(2)), &rest, &[DATA]);
    assert_eq!((other.part("fixed").len(), open(&other)), (1, none), "{}", other.text);
}

fn article(number: u32) -> String {
    format!("article {number} two whenever t, n must not exceed 3.\n")
}

/// Without a day nothing is judged; a policy that cannot be read may hold any article.
#[test]
fn runs_that_judge_nothing() {
    let manifest =
        |lines: &str| format!("[project]\nname = \"例\"\n{lines}[data]\nt = \"t.csv\"\n");
    let (whole, dayless) = (
        manifest("as_of = 2015-11-20\npolicies = [\"*.fan\"]\n"),
        manifest("policies = [\"*.fan\"]\n"),
    );
    let (old, new) = (
        [("p.fan", RULE), DATA, ("fanshi.toml", &*whole)],
        [("p.fan", RULE), DATA, ("fanshi.toml", &*dayless)],
    );
    let day = json!({"kind": "day"});
    unjudged("no-day", [&old, &new], ["", ""], [day.clone(), day]);
    let words = "policy w\ntable t { k : text key n : integer }\n";
    let rule = "policy p\nuse w\narticle 1 one whenever t, n must not exceed 3.\n";
    let both = manifest("as_of = 2015-11-20\npolicies = [\"w.fan\", \"p.fan\"]\n");
    let old = [("w.fan", words), ("p.fan", rule), DATA, ("fanshi.toml", &*both)];
    let new = [("w.fan", words), DATA, ("fanshi.toml", &*both)];
    let said = pair("policy-absent", &old, &new, ["", ""]);
    let counts = ["fixed", "removed"].map(|part| said.part(part).len());
    assert_eq!((said.code, counts), (2, [0, 0]), "{}", said.text);
    let found = said.json["findings"]["unjudged"]["now"].as_array().unwrap();
    assert_eq!(found[0]["causes"][0]["kind"], "passage", "{}", said.text);
}

/// An article whose heading cannot be read is not taken away.
#[test]
fn an_article_that_is_no_longer_found() {
    for (name, heading) in [("word", "artcle 1 one"), ("number", "article one")] {
        let new = RULE.replace("article 1 one", heading);
        let (old, new) = ([("p.fan", RULE), DATA], [("p.fan", &*new), DATA]);
        for (side, said) in [
            ("now", pair(&format!("heading-{name}"), &old, &new, ["", ""])),
            ("before", pair(&format!("heading-{name}-back"), &new, &old, ["", ""])),
        ] {
            let parts = ["new", "fixed", "removed"].map(|part| said.part(part).len());
            assert_eq!((said.code, parts), (2, [0, 0, 0]), "{name} {side}\n{}", said.text);
            let found = said.json["findings"]["unjudged"][side].as_array().unwrap();
            assert_eq!(found.len(), 1, "{name} {side}\n{}", said.text);
        }
    }
}

/// What is declared a second time is the cause of what is no longer judged.
#[test]
fn what_is_declared_twice() {
    let events = "policy p\ntable t { k : text key n : integer steps : many { what : text } }\n\
        process c on t.steps.what\n start → end\ndefine big(t) = n exceeds 3\nparameter m : integer = 3\n";
    let data = ("t.json", r#"[{"k":"A","n":5,"steps":[{"what":"start"}]}]"#);
    for (name, rule, again) in [
        ("definition", "must not be big", "define big(t) = n exceeds 4"),
        ("parameter", "n must not exceed m", "parameter m : integer = 4"),
        ("process", "must complete c", "process c on t.steps.what\n start → other"),
    ] {
        let old = format!("{events}article 1 one whenever t, {rule}.\n");
        let new = format!("{events}{again}\narticle 1 one whenever t, {rule}.\n");
        let said = policies(&format!("twice-{name}"), &old, &new, &[data]);
        assert_eq!((said.code, said.part("fixed").len()), (2, 0), "{name}\n{}", said.text);
        let listed = said.declarations();
        let added = listed.iter().any(|edit| edit[0] == name && edit[2] == "added");
        assert!(added, "{name}\n{}", said.text);
        for causes in said.causes() {
            assert_eq!(causes[0]["kind"], name, "{name}\n{}", said.text);
        }
    }
}

/// What is to be decided of a row, nobody knows where a mistake may decide it: nothing was mended.
#[test]
fn decisions_that_a_mistake_leaves_open() {
    let head = "policy p\nenum deed { keep drop }\ntable t { k : text key n : integer deed : deed }\n\
        decide t.deed\n order drop > keep\n otherwise keep\n";
    let rule = "article 1 one whenever t where n exceeds 3, then drop.\n";
    let second = "article 2 two whenever t where n exceeds 9, then drop.\n";
    let data = ("t.csv", "k,n,deed\nA,5,keep\n");
    let old = format!("{head}{rule}{second}");
    for (name, new) in [
        ("decided-twice", format!("{head}decide t.deed\n order keep > drop\n{rule}{second}")),
        ("mistaken", format!("{head}{}{second}", rule.replace("exceeds 3", "exceedes 3"))),
    ] {
        let (old, new) = ([("p.fan", &*old), data], [("p.fan", &*new), data]);
        let said = pair(&format!("open-{name}"), &old, &new, ["", ""]);
        let back = pair(&format!("open-{name}-back"), &new, &old, ["", ""]);
        assert_eq!((said.code, said.part("fixed").len()), (2, 0), "{name}\n{}", said.text);
        let open = said.json["findings"]["unjudged"]["now"].as_array().unwrap().len();
        assert_eq!(open + said.part("turned").len(), 1, "{name}\n{}", said.text);
        assert_eq!((back.code, back.part("new").len()), (2, 0), "{name}\n{}", back.text);
    }
}
