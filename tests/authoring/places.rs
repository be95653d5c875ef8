//! Where things are declared, and where they are spoken of.

use crate::fixture::{BOOKS, MANIFEST, ZH, library, open, policy, texts};
use std::path::Path;

#[test]
fn a_name_leads_to_its_declaration() {
    let text = ZH.replace("  页 | pages", "  ⟦页⟧ | pages").replace("凡 书，页", "凡 书，⟦页⟧");
    let (view, marks) = library(&text);
    let found = view.definition(policy(), marks[1].start);
    assert_eq!(found[0].span, marks[0]);
    // At the end of the word as well.
    assert_eq!(view.definition(policy(), marks[1].end)[0].span, marks[0]);
    let value = ZH.replace("一律 剔", "一律 ⟦剔⟧").replace("  剔 | drop", "  ⟦剔⟧ | drop");
    let (view, marks) = library(&value);
    assert_eq!(view.definition(policy(), marks[1].start)[0].span, marks[0]);
}

#[test]
fn a_name_is_found_in_policies_cases_the_manifest_and_headings() {
    let cases = "as_of = 2015-11-20\n[[case]]\nname = \"厚书\"\n\"书\" = [{ \"号\" = \"甲\", \"页\" = 600, \"去向\" = \"留\" }]\n\
        expect = [{ \"书\" = \"甲\", article = \"厚\", outcome = \"违反\", because = [\"页\"] }]\n";
    let manifest = format!("{MANIFEST}\n[[correction]]\nname = \"页\"\nfields = [\"书.页\"]\n");
    let files = [
        ("fanshi.toml", &*manifest),
        ("馆规.fan", &ZH.replace("凡 书，页", "凡 书，⟦页⟧")),
        ("馆规.cases.toml", cases),
        ("书.csv", BOOKS),
    ];
    let (mut service, marks) = open(&files);
    let view = service.view();
    let found = texts(&view, &view.references(policy(), marks[0].1.start, true));
    let count = |file: &str| found.iter().filter(|text| text.starts_with(file)).count();
    assert_eq!((count("馆规.fan"), count("fanshi.toml")), (4, 1));
    assert_eq!((count("馆规.cases.toml"), count("书.csv")), (2, 1));
    // From a heading and from a case back to the policy.
    let heading = view.definition(Path::new("书.csv"), BOOKS.find('页').unwrap());
    assert_eq!(heading[0].path, policy());
    let case = view.definition(Path::new("馆规.cases.toml"), cases.find("厚\", outcome").unwrap());
    assert_eq!(case[0].path, policy());
}
