//! Tables that the manifest gives nothing for.

use super::{Opened, Project};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::engine::{Policy, Rows, RuleId, calendar_table};
use crate::lowering::{Domain, Graph, Grouping, Node, Op, Pairs};
use crate::place::Place;
use crate::program::{Article, ArticleId};
use crate::say;
use crate::schema::{Frame, FrameId, Schema};
use std::collections::BTreeSet;

/// Tables without any file, of which the manifest does not say that they have no rows.
pub(super) fn unfed(project: &Project, schema: &Schema, opened: &[Opened]) -> Vec<FrameId> {
    let known = |id: &FrameId| {
        opened.iter().any(|file| file.frame == *id) || project.may_be_empty.contains(id)
    };
    schema.tables().map(|(id, _)| id).filter(|id| !known(id)).collect()
}

/// Tables that articles in effect look into and the manifest gives no file: nothing would be found
/// there, as if nothing were.
pub(super) fn without_file(project: &Project, graph: &Graph, opened: &[Opened]) -> Vec<Diagnostic> {
    let schema = &graph.program.schema;
    let known = |root: &FrameId| {
        opened.iter().any(|file| file.frame == *root)
            || project.unopened.contains(root)
            || project.may_be_empty.contains(root)
    };
    let unfed = looked_into(graph).into_iter().filter(|root| !known(root));
    unfed.filter_map(|root| Some(no_file(project, schema.frame(root)?))).collect()
}

/// The tables some article asks for rows of.
fn looked_into(graph: &Graph) -> BTreeSet<FrameId> {
    let schema = &graph.program.schema;
    let whole = |grouping: &Grouping| match grouping {
        Grouping::Inverse(frame, _) | Grouping::All(frame) => Some(*frame),
        Grouping::Nested(_) | Grouping::Pairs(_) => None,
    };
    let single =
        |frame: &FrameId| schema.frame(*frame).filter(|found| found.single).map(|_| *frame);
    let in_node = |node: &Node| match &node.op {
        Op::Nearest(alike, _) => graph.node(alike.key).and_then(|key| match key.domain {
            Domain::Frame(frame) => Some(frame),
            _ => None,
        }),
        Op::Column(frame, _) | Op::Bits(frame, _) | Op::Present(frame, _) => single(frame),
        op => whole(&op.grouping()?),
    };
    let in_pairs = |pairs: &Pairs| match &pairs.group {
        Some(group) => whole(&group.grouping),
        None => Some(pairs.inner),
    };
    let read =
        graph.nodes.iter().filter_map(in_node).chain(graph.pairs.iter().filter_map(in_pairs));
    read.chain(calendar_table(graph)).map(|frame| schema.root(frame)).collect()
}

fn no_file(project: &Project, table: &Frame) -> Diagnostic {
    let (zh, en) = (table.names.zh(), table.names.en());
    let help = if table.single {
        say!("在 [data] 下写 \"{en}\" = \"文件\"", "write \"{en}\" = \"file\" under [data]")
    } else {
        say!(
            "在 [data] 下写 \"{en}\" = \"文件\"；确实一行也没有的，写 \"{en}\" = {{ empty = true }}",
            "write \"{en}\" = \"file\" under [data]; where there are no rows, \"{en}\" = {{ empty \
                = true }}"
        )
    };
    let place = Place::file(project.manifest_source.name.clone());
    let message = say!(
        "条文要查 `{zh}`，清单却没有给它数据",
        "articles look into `{en}`, for which the manifest gives no file"
    );
    Diagnostic::error("table_without_file", message).help(help).at(place, Bilingual::default())
}

/// What is wrong where nothing was judged: a project that lost its data must not pass. Each table
/// that articles in effect speak of has rows, unless the manifest says that it may be empty, or
/// what is wrong with its files was said; and some article speaks. `forgotten` are the tables
/// without a file; `only` are the rules asked for; `told` where other mistakes are to be mended first.
pub(super) fn nothing_judged(
    project: &Project,
    policy: &Policy,
    (rows, forgotten): (&Rows, &[FrameId]),
    (only, told): (&[String], bool),
) -> Option<Diagnostic> {
    let asked = |rule: RuleId| {
        let called =
            |name: &String| policy.rules.called(name).is_ok_and(|called| called.contains(&rule));
        only.is_empty() || only.iter().any(called)
    };
    let articles = (0..).map(ArticleId).zip(&policy.program.articles);
    let articles: Vec<&Article> = articles
        .filter(|(id, _)| asked(RuleId::Article(*id)))
        .map(|(_, article)| article)
        .collect();
    let in_effect = articles.iter().filter(|article| article.in_effect);
    let sentences = in_effect.flat_map(|article| &article.sentences);
    let otherwise = policy.decisions.iter().filter(|plan| plan.otherwise.is_some());
    let otherwise = otherwise.filter(|plan| asked(RuleId::decision(plan.decision)));
    let decided = otherwise.filter_map(|plan| policy.program.decisions.get(plan.decision));
    let spoken_of: BTreeSet<FrameId> = sentences.map(|sentence| sentence.frame).collect();
    let decided = decided.map(|decision| decision.frame);
    let frames: BTreeSet<FrameId> = spoken_of.iter().copied().chain(decided).collect();
    if frames.is_empty() {
        // Of an article that could not be understood it was said why.
        return match articles.iter().any(|article| article.in_effect) {
            true => None,
            false if articles.is_empty() && !told => no_article(project, policy, only),
            false if articles.is_empty() => None,
            false => Some(none_in_effect(project)),
        };
    }
    let schema = policy.schema();
    let has_rows = |frame: FrameId| rows.frame(frame).is_some_and(|data| data.len > 0);
    let is_lost = |frame: FrameId| {
        rows.frame(frame).is_some_and(|data| !data.whole) && !forgotten.contains(&frame)
    };
    let may_be_empty = |frame: &FrameId| {
        [*frame, schema.root(*frame)].iter().any(|each| project.may_be_empty.contains(each))
    };
    // Of those that articles look into it was said that they have no file.
    let looked_into = looked_into(&policy.graph);
    let is_told = |root: FrameId| forgotten.contains(&root) && looked_into.contains(&root);
    let is_open = |frame: &FrameId| {
        let root = schema.root(*frame);
        !has_rows(*frame) && !may_be_empty(frame) && !is_lost(root) && !is_told(root)
    };
    let nothing = !frames.iter().any(|frame| has_rows(*frame));
    // Lists may be empty as long as something is judged.
    let tables: BTreeSet<FrameId> =
        if nothing { frames } else { spoken_of.iter().map(|each| schema.root(*each)).collect() };
    let open: Vec<FrameId> = tables.into_iter().filter(is_open).collect();
    no_rows(project, schema, &open, nothing)
}

/// These tables and lists have no row: `nothing` where no other has one either. `None` where there
/// are none of them.
fn no_rows(
    project: &Project,
    schema: &Schema,
    frames: &[FrameId],
    nothing: bool,
) -> Option<Diagnostic> {
    let names: Vec<Bilingual> = frames.iter().map(|frame| called(schema, *frame)).collect();
    let of = |pick: fn(&Bilingual) -> &String, mark: &str| {
        names.iter().map(|name| format!("`{}`", pick(name))).collect::<Vec<_>>().join(mark)
    };
    let (zh, en) = (of(|name| &name.zh, "、"), of(|name| &name.en, ", "));
    let message = if nothing {
        say!(
            "没有判断任何一行：条文说的 {zh} 没有行",
            "no row was judged: there are no rows of {en}, of which the articles speak"
        )
    } else {
        say!(
            "条文说的 {zh} 没有行，说它的条文什么也没有判断",
            "there are no rows of {en}: the articles that speak of it judged nothing"
        )
    };
    let first = names.first()?;
    let entries = |name: &Bilingual| {
        let entries = project.manifest.data.iter().filter(|entry| !entry.file.is_empty());
        let (zh, en) = (name.zh.clone(), name.en.clone());
        entries.filter(move |entry| entry.table == zh || entry.table == en)
    };
    let help = match entries(first).next() {
        Some(entry) => {
            let (table, file) = (&entry.table, &entry.file);
            say!(
                "核对 `{file}`；确实没有行的，写 \"{table}\" = {{ file = \"{file}\", empty = true }}",
                "check `{file}`; where it is right that there are none, write \"{table}\" = {{ file \
                    = \"{file}\", empty = true }}"
            )
        }
        None => {
            let Bilingual { zh, en } = first;
            say!(
                "在 [data] 下写 \"{zh}\" = \"文件\"；确实没有行的，写 \"{zh}\" = {{ empty = true }}",
                "write \"{en}\" = \"file\" under [data]; where it is right that there are none, \
                    \"{en}\" = {{ empty = true }}"
            )
        }
    };
    let found = Diagnostic::error("nothing_judged", message).help(help);
    let places: Vec<Place> = names
        .iter()
        .flat_map(entries)
        .map(|entry| Place::of(&project.manifest_source, entry.span.clone()))
        .collect();
    if places.is_empty() {
        let manifest = Place::file(project.manifest_source.name.clone());
        return Some(found.at(manifest, Bilingual::default()));
    }
    Some(places.into_iter().fold(found, |found, place| found.at(place, Bilingual::default())))
}

/// There is no article at all, nor anything else to say of the rows; `None` where articles were
/// asked for: that was said.
fn no_article(project: &Project, policy: &Policy, only: &[String]) -> Option<Diagnostic> {
    let told = project.policies_lost
        || project.manifest.policies.is_empty()
        || !policy.program.unread.is_empty();
    if told || !only.is_empty() || !policy.measures.is_empty() {
        return None;
    }
    let message =
        say!("没有判断任何一行：政策里没有条文", "no row was judged: the policies have no article");
    let help = say!(
        "核对 policies 所列的文件；政策里至少写一条条文，或一项指标",
        "check the files under policies; a policy has an article at least, or a measure"
    );
    let place = Place::file(project.manifest_source.name.clone());
    Some(Diagnostic::error("nothing_judged", message).help(help).at(place, Bilingual::default()))
}

fn none_in_effect(project: &Project) -> Diagnostic {
    let message = say!(
        "没有判断任何一行：没有一条在判断的这一天施行",
        "no row was judged: no article is in effect on the day judged for"
    );
    let help = say!("核对 as_of 和施行期", "check as_of, and when the articles are in effect");
    Diagnostic::error("nothing_judged", message)
        .help(help)
        .at(Place::file(project.manifest_source.name.clone()), Bilingual::default())
}

/// A table, or a list with its table: `书.章`.
fn called(schema: &Schema, frame: FrameId) -> Bilingual {
    let names = schema.frame(frame).map(|found| (found.names.clone(), found.parent));
    let Some((names, parent)) = names else { return Bilingual::default() };
    let own = Bilingual::new(names.zh(), names.en());
    let Some((parent, _)) = parent else { return own };
    let above = called(schema, parent);
    Bilingual::new(format!("{}.{}", above.zh, own.zh), format!("{}.{}", above.en, own.en))
}
