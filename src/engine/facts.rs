//! What a run takes from the data beyond the judged rows: which columns are kept.

use super::policy::Policy;
use crate::builtin::citation::Part;
use crate::data::{FrameData, Need, Needed};
use crate::diagnostic::{Bilingual, Diagnostic};
use crate::lowering::{Domain, Judgement, NodeId, Op, Outcomes};
use crate::program::ArticleId;
use crate::provision::Asked;
use crate::say;
use crate::schema::{FieldId, Frame, FrameId, Type};
use std::collections::BTreeSet;

/// Which values are kept after loading.
///
/// # Examples
///
/// ```
/// use fanshi::{FieldId, FrameId, Keep, Options, Project};
///
/// let name = |keep| {
///     let options = Options { keep, ..Options::default() };
///     let run = Project::read("examples/library".as_ref()).run(&options);
///     run.show().whole(FrameId(1), 0, FieldId(5)).map(|name| name.zh)
/// };
/// assert_eq!(name(Keep::Read), None); // no article reads the names of books
/// assert_eq!(name(Keep::Everything).as_deref(), Some("山河"));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Keep {
    /// What the policies read. Rows without a key are then not told apart from run to run, so no
    /// finding has a fingerprint.
    Verdicts,
    /// And what tells rows without a key apart.
    #[default]
    Read,
    /// And the fields that group rows: references, enums, texts and truth values of tables.
    Groups,
    /// Everything declared.
    Everything,
}

/// The columns to keep: what the policies read, what tells rows without a key apart, and what else
/// is asked for. In the frames `nameless` there are rows whose key is missing or cannot be read.
pub(super) fn needed(policy: &Policy, keep: Keep, nameless: &BTreeSet<FrameId>) -> Needed {
    let schema = policy.schema();
    let usual = if keep == Keep::Everything { Need::Kept } else { Need::No };
    let mut needed: Needed =
        schema.frames.iter().map(|frame| vec![usual; frame.fields.len()]).collect();
    let mut mark = |frame: FrameId, field: FieldId, need: Need| {
        let fields = needed.get_mut(frame.0 as usize);
        if let Some(slot) = fields.and_then(|fields| fields.get_mut(field.0 as usize)) {
            *slot = need.max(*slot);
        }
    };
    let own = judged(policy);
    let calendars = policy.program.calendar.iter().map(|calendar| calendar.frame);
    let own: BTreeSet<FrameId> = own.into_iter().chain(calendars).collect();
    let read = |frame: FrameId| if own.contains(&frame) { Need::Read } else { Need::Looked };
    for node in &policy.graph.nodes {
        if let Op::Column(frame, field)
        | Op::Bits(frame, field)
        | Op::Present(frame, field)
        | Op::Unread(frame, field) = node.op
        {
            mark(frame, field, read(frame));
        }
        // What looks into elements rests on their list.
        if let Domain::Frame(frame) = node.domain {
            let mut around = schema.frame(frame).and_then(|frame| frame.parent);
            while let Some((parent, list)) = around {
                mark(parent, list, read(parent));
                around = schema.frame(parent).and_then(|frame| frame.parent);
            }
        }
    }
    let judged = judged(policy);
    for (id, frame) in (0..).map(FrameId).zip(&schema.frames) {
        let cited = frame.citable.iter().flat_map(|citable| {
            citable.titles.iter().chain(&citable.from).chain(&citable.to).copied()
        });
        cited.for_each(|field| mark(id, field, read(id)));
        // Labels of citations are held against these.
        if frame.citable.is_some() && schema.frames.iter().any(|other| other.citations.is_some()) {
            let named = (0..).map(FieldId).zip(&frame.fields);
            let named = named.filter(|(_, field)| matches!(field.ty, Type::Enum(_)));
            named.for_each(|(field, _)| mark(id, field, Need::Kept));
        }
        if let Some(citations) = frame.citations {
            let read = (0..).map(FieldId).take(Part::Words.index() + 1);
            read.for_each(|field| mark(id, field, Need::Kept));
            let of = citations.of.zip(frame.parent);
            of.iter().for_each(|(of, (parent, _))| {
                of.iter().for_each(|field| mark(*parent, field, Need::Kept));
            });
        }
        let by_content = keep != Keep::Verdicts
            && (frame.key().is_none() && !frame.single || nameless.contains(&id))
            && judged.contains(&id);
        for (field, found) in (0..).map(FieldId).zip(&frame.fields) {
            let groups = keep == Keep::Groups
                && frame.parent.is_none()
                && matches!(found.ty, Type::Ref(_) | Type::Enum(_) | Type::Text | Type::Boolean);
            if by_content || groups {
                mark(id, field, Need::Kept);
            }
        }
    }
    needed
}

/// So many articles are named that need a field.
const NAMED: usize = 6;

/// Says of fields that a file lacks which articles need them, and how to do without those.
pub(super) fn say_readers(
    policy: &Policy,
    lacking: &[(usize, Vec<(FrameId, FieldId)>)],
    diagnostics: &mut [Diagnostic],
) {
    let judged: BTreeSet<_> = policy.judgements.iter().map(|judgement| judgement.article).collect();
    for (at, fields) in lacking {
        let Some(diagnostic) = diagnostics.get_mut(*at) else { continue };
        let articles = readers(policy, fields);
        let names: Vec<Bilingual> = articles
            .iter()
            .take(NAMED)
            .filter_map(|id| Some(policy.heading(policy.program.article(*id)?)))
            .collect();
        if names.is_empty() {
            continue;
        }
        let zh = names.iter().map(|name| &*name.zh).collect::<Vec<_>>().join("、");
        let en = names.iter().map(|name| &*name.en).collect::<Vec<_>>().join(", ");
        let (etc_zh, etc_en) = if articles.len() > NAMED { (" 等", ", …") } else { ("", "") };
        let (all, some) = (judged.len(), articles.len());
        let said = say!(
            "；{all} 条中有 {some} 条要用：{zh}{etc_zh}",
            "; {some} of {all} articles need it: {en}{etc_en}"
        );
        diagnostic.message.zh.push_str(&said.zh);
        diagnostic.message.en.push_str(&said.en);
        if let Some(help) = diagnostic.help.as_mut().filter(|_| some < all) {
            let other = say!(
                "；不用这些条文的，在 `policies` 中写 `articles`，只取别的",
                "; to do without these articles, take the others only: `articles` in `policies`"
            );
            help.zh.push_str(&other.zh);
            help.en.push_str(&other.en);
        }
    }
}

/// The articles whose outcomes rest on fields.
fn readers(policy: &Policy, fields: &[(FrameId, FieldId)]) -> BTreeSet<ArticleId> {
    let is_read = |op: &Op| match op {
        Op::Column(frame, field)
        | Op::Bits(frame, field)
        | Op::Present(frame, field)
        | Op::Unread(frame, field) => fields.contains(&(*frame, *field)),
        _ => false,
    };
    let lists: BTreeSet<FrameId> = (0..)
        .map(FrameId)
        .zip(&policy.schema().frames)
        .filter(|(_, frame)| frame.parent.is_some_and(|parent| fields.contains(&parent)))
        .map(|(id, _)| id)
        .collect();
    let rests = |judgement: &Judgement| {
        let Outcomes { satisfied, violated, not_applicable, .. } = judgement.outcomes;
        let mut open = vec![satisfied, violated, not_applicable];
        let mut met: BTreeSet<NodeId> = open.iter().copied().collect();
        while let Some(node) = open.pop().and_then(|id| policy.graph.node(id)) {
            if is_read(&node.op) || matches!(node.domain, Domain::Frame(id) if lists.contains(&id))
            {
                return true;
            }
            open.extend(policy.graph.operands(node).into_iter().filter(|id| met.insert(*id)));
        }
        false
    };
    let found = policy.judgements.iter().filter(|judgement| rests(judgement));
    found.map(|judgement| judgement.article).collect()
}

/// The parts of citations that policies ask for.
pub(super) fn asked(policy: &Policy) -> Asked {
    let of = |op: &Op| match *op {
        Op::Column(frame, field)
        | Op::Bits(frame, field)
        | Op::Present(frame, field)
        | Op::Unread(frame, field) => {
            let found = policy.schema().frame(frame)?;
            found.citations.map(|_| (frame, field.0 as usize))
        }
        _ => None,
    };
    policy.graph.nodes.iter().filter_map(|node| of(&node.op)).collect()
}

/// The frames that sentences and decisions are about, and those around them: an element is told
/// apart by the rows it lies in too.
fn judged(policy: &Policy) -> BTreeSet<FrameId> {
    let sentences = policy.judgements.iter().map(|judgement| judgement.frame);
    let all = sentences.chain(policy.program.decisions.iter().map(|decision| decision.frame));
    let mut found = BTreeSet::new();
    for frame in all {
        let mut around = Some(frame);
        // What is there already has what is around it.
        while let Some(id) = around.filter(|id| found.insert(*id)) {
            let parent = policy.schema().frame(id).and_then(|frame| frame.parent);
            around = parent.map(|(parent, _)| parent);
        }
    }
    found
}

/// Of the frames that findings can be about, those with rows whose key is missing or cannot be
/// read: such rows are known by what they say.
pub(super) fn nameless(policy: &Policy, frames: &[FrameData]) -> BTreeSet<FrameId> {
    let lacks = |id: &FrameId| {
        let key = policy.schema().frame(*id).and_then(Frame::key);
        let data = frames.get(id.0 as usize);
        key.zip(data).is_some_and(|(key, data)| data.present(key).count() < data.len)
    };
    judged(policy).into_iter().filter(lacks).collect()
}
