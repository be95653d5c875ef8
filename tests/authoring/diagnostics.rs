//! Mistakes at their places, with related ones.

use crate::fixture::{BOOKS, MANIFEST, ZH, library, open, policy};
use std::path::Path;

#[test]
fn a_mistake_has_its_bytes_and_what_belongs_to_it() {
    let text = ZH.replace("号 | code", "⟦号 | code").replace("页 不得", "⟦厚度⟧ 不得");
    let text = text.replace("⟦号", "号");
    let (view, marks) = library(&text);
    let told = view.diagnostics_of(policy());
    assert_eq!(told.len(), 1, "{told:?}");
    assert_eq!((told[0].code, told[0].at.span.clone()), ("unknown_name", marks[0].clone()));

    let twice = ZH.replace("  去向 | fate : 去向\n", "  去向 | fate : 去向\n  页 : 整数\n");
    let (view, _) = library(&twice);
    let told = view.diagnostics_of(policy());
    let twin = told.iter().find(|told| told.code == "duplicate_name").unwrap();
    let (first, _) = &twin.related[0];
    assert_eq!(&twice[first.span.clone()], "页");
    assert!(first.span.start < twin.at.span.start);
}

#[test]
fn the_manifest_cases_and_data_have_theirs() {
    let manifest = MANIFEST.replace("as_of", "asof");
    let cases = "[[case]]\nnam = \"甲\"\n";
    let files = [
        ("fanshi.toml", &*manifest),
        ("馆规.fan", ZH),
        ("馆规.cases.toml", cases),
        ("书.csv", &BOOKS.replace("610", "六百一十页多")),
    ];
    let (mut service, _) = open(&files);
    let view = service.view();
    let codes = |path: &str| -> Vec<&str> {
        view.diagnostics_of(Path::new(path)).iter().map(|told| told.code).collect()
    };
    assert_eq!(codes("fanshi.toml"), ["unknown_key"]);
    assert!(codes("馆规.cases.toml").contains(&"case_without_name"));
    assert!(codes("书.csv").is_empty()); // nothing was loaded
    let _ = view.run();
    let data: Vec<_> = view.diagnostics();
    let wrong = data.iter().find(|told| told.at.path == Path::new("书.csv")).unwrap();
    let text = BOOKS.replace("610", "六百一十页多");
    assert_eq!(&text[wrong.at.span.clone()], "六百一十页多");
}

#[test]
fn what_is_typed_is_seen_and_what_is_taken_back_is_not() {
    let (mut service, _) = open(&[("fanshi.toml", MANIFEST), ("馆规.fan", ZH), ("书.csv", BOOKS)]);
    assert!(service.view().diagnostics().is_empty());
    service.put(policy(), Some(ZH.replace("必须", "不得").replace("凡 书，", "凡 纸，")));
    assert_eq!(service.view().diagnostics()[0].code, "not_a_subject");
    assert!(service.saved().diagnostics().is_empty());
    service.put(policy(), None);
    assert!(service.view().diagnostics().is_empty());
    // Data that are typed are loaded anew.
    assert_eq!(service.view().run().summary.totals.violated, 2);
    service.put(Path::new("书.csv"), Some(BOOKS.replace("610", "61")));
    assert_eq!(service.view().run().summary.totals.violated, 1);
    assert_eq!(service.saved().run().summary.totals.violated, 2);
}

#[test]
fn a_project_is_opened_by_any_of_its_files_and_a_policy_without_one_by_itself() {
    use fanshi::Memory;
    use fanshi::authoring::{KnownKind, Service, View};
    use std::sync::Arc;
    fn sent<T: Send + Sync + Clone>(_: &T) {}
    let words = "词汇 词\n参数 上限 : 整数 = 500\n";
    let used = ZH.replace("枚举 去向", "使用 词\n\n枚举 去向").replace("500", "上限");
    let memory = Memory::new()
        .with("甲/fanshi.toml", MANIFEST)
        .with("甲/馆规.fan", ZH)
        .with("甲/馆规.cases.toml", "as_of = 2015-11-20\n")
        .with("甲/书.csv", BOOKS)
        .with("乙/馆规.fan", used)
        .with("乙/词.fan", words);
    let files: Arc<dyn fanshi::Files> = Arc::new(memory);
    let kinds = |path: &str| -> (View, Vec<KnownKind>) {
        let view = Service::open(files.clone(), Path::new(path)).view();
        sent(&view);
        let kinds = view.files().iter().map(|known| known.kind).collect();
        (view, kinds)
    };
    for path in ["甲", "甲/fanshi.toml", "甲/馆规.fan", "甲/馆规.cases.toml"] {
        let (view, kinds) = kinds(path);
        let all = [KnownKind::Manifest, KnownKind::Policy, KnownKind::Cases, KnownKind::Data];
        assert_eq!(kinds, all, "{path}");
        assert_eq!(view.run().summary.totals.violated, 2);
    }
    let (view, kinds) = kinds("乙/馆规.fan");
    assert_eq!(kinds, [KnownKind::Policy, KnownKind::Policy]);
    assert!(view.diagnostics_of(Path::new("乙/馆规.fan")).is_empty(), "{:?}", view.diagnostics());
}
