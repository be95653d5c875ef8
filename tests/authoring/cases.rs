//! Cases: their state, one made of a real row, an accepted snapshot.

use crate::fixture::{BOOKS, MANIFEST, ZH, open, policy};
use fanshi::testing::suite::Status;
use std::path::Path;

const CASES: &str = "[[case]]\nname = \"厚书\"\n\"书\" = [{ \"号\" = \"甲\", \"页\" = 600, \"去向\" = \"留\" }]\n\
    expect = [{ \"书\" = \"甲\", article = \"厚\", outcome = \"违反\" }]\n\n\
    [[case]]\nname = \"薄书\"\n\"书\" = [{ \"号\" = \"乙\", \"页\" = 3, \"去向\" = \"剔\" }]\n";

fn files() -> Vec<(&'static str, &'static str)> {
    vec![("fanshi.toml", MANIFEST), ("馆规.fan", ZH), ("馆规.cases.toml", CASES), ("书.csv", BOOKS)]
}

#[test]
fn a_case_shows_what_it_gives_what_it_states_and_what_came() {
    let (mut service, _) = open(&files());
    let cases = service.view().cases(policy());
    assert_eq!(cases.len(), 2);
    let thick = &cases[0];
    assert_eq!((&*thick.name, thick.status), ("厚书", Status::Passed));
    let row = &thick.given[0].rows[0];
    let fields: Vec<(&str, &str)> =
        row.fields.iter().map(|(name, text, _)| (&**name, &**text)).collect();
    assert_eq!(fields, [("号", "\"甲\""), ("页", "600"), ("去向", "\"留\"")]);
    assert_eq!(&CASES[row.fields[1].2.clone()], "600");
    assert!(thick.expected[0].agrees);
    assert_eq!(thick.expected[0].actual.as_ref().unwrap().zh, "违反");
    // Under another text of the policy it comes out otherwise.
    service.put(policy(), Some(ZH.replace("500", "5000")));
    let cases = service.view().cases(policy());
    assert_eq!(cases[0].status, Status::Failed);
    assert_eq!(cases[0].expected[0].actual.as_ref().unwrap().zh, "满足");
    assert_eq!(cases[0].told[0].at.path, Path::new("馆规.cases.toml"));
    let flips = service.view().flips(&service.saved()).cases;
    assert_eq!((flips.len(), &*flips[0].name), (1, "厚书"));
}

#[test]
fn a_snapshot_is_accepted_by_an_edit() {
    let (mut service, _) = open(&files());
    let cases = service.view().cases(policy());
    let snapshot = cases[1].snapshot.as_ref().unwrap();
    assert!(snapshot.before.is_none() && snapshot.after.contains("剔"));
    let accept = &snapshot.accept;
    service.put(&accept.path, Some(accept.text.clone()));
    assert_eq!(service.view().cases(policy())[1].status, Status::Passed);
}

#[test]
fn a_row_of_the_data_becomes_a_case_that_passes() {
    let (mut service, _) = open(&files());
    let view = service.view();
    let thick = view.policy().rules.named("library.thick").unwrap();
    let row = &view.rows(thick, 9)[0];
    let edit = view.case_of(&row.row, thick).unwrap();
    let path = edit.path.clone();
    assert_eq!(path, Path::new("馆规.cases.toml"));
    assert_eq!(edit.span.start, CASES.len());
    service.put(&path, Some(format!("{CASES}{}", edit.text)));
    let cases = service.view().cases(policy());
    let made = cases.last().unwrap();
    assert_eq!(made.status, Status::Passed, "{}\n{:?}", edit.text, made.told);
    assert!(made.expected.iter().any(|one| one.article.as_deref() == Some("厚")));
    assert!(view.case_of("书:无", thick).is_err());
}
