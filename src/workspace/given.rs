//! Tables that the manifest gives nothing for.

use super::{Opened, Project};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::engine::calendar_table;
use crate::lowering::{Domain, Graph, Grouping, Node, Op, Pairs};
use crate::place::Place;
use crate::say;
use crate::schema::{FrameId, Names, Schema};
use std::collections::BTreeSet;

/// Tables without any file.
pub(super) fn unfed(schema: &Schema, opened: &[Opened]) -> Vec<FrameId> {
    schema
        .tables()
        .map(|(id, _)| id)
        .filter(|id| !opened.iter().any(|file| file.frame == *id))
        .collect()
}

/// Tables that articles in effect speak of and the manifest gives no file. Where articles look into
/// one, nothing would be found in it, as if nothing were there: an error. Where they only speak of
/// its rows, there is nothing to judge: a warning.
pub(super) fn without_file(project: &Project, graph: &Graph, opened: &[Opened]) -> Vec<Diagnostic> {
    let schema = &graph.program.schema;
    let looked_into = looked_into(graph);
    let articles = graph.program.articles.iter().filter(|article| article.in_effect);
    let subjects =
        articles.flat_map(|article| &article.sentences).map(|sentence| schema.root(sentence.frame));
    let spoken_of: BTreeSet<FrameId> = subjects.chain(looked_into.iter().copied()).collect();
    let known = |root: &FrameId| {
        opened.iter().any(|file| file.frame == *root) || project.unopened.contains(root)
    };
    let unfed = spoken_of.into_iter().filter(|root| !known(root));
    unfed
        .filter_map(|root| {
            Some(no_file(project, &schema.frame(root)?.names, looked_into.contains(&root)))
        })
        .collect()
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

fn no_file(project: &Project, names: &Names, looked_into: bool) -> Diagnostic {
    let (zh, en) = (names.zh(), names.en());
    let help = say!(
        "在 [data] 下写 \"{en}\" = \"文件\"；确实一行也没有的，给一个只有标题的文件",
        "write \"{en}\" = \"file\" under [data]; where there are no rows, a file with headings only"
    );
    let place = Place::file(project.manifest_source.name.clone());
    let diagnostic = if looked_into {
        let message = say!(
            "条文要查 `{zh}`，清单却没有给它数据",
            "articles look into `{en}`, for which the manifest gives no file"
        );
        Diagnostic::error("table_without_file", message)
    } else {
        let message = say!(
            "条文说的是 `{zh}`，清单却没有给它数据",
            "articles speak of `{en}`, for which the manifest gives no file"
        );
        Diagnostic::warning("no_data", message)
    };
    diagnostic.help(help).at(place, Bilingual::default())
}
