//! Flat objects grouped: those of one value of a key are one row of the table, each of them an
//! element of a list of it.

use super::Target;
use super::cell;
use super::conventions::How;
use super::groups::GroupNames;
use super::headings::{Headings, list_called};
use super::pairs::{Pair, Part};
use super::plan::Plan;
use super::units::Met;
use super::unpaired::Seen;
use crate::data::Mapping;
use crate::data::event::{Scalar, Sink};
use crate::data::fault::{At, Fault, Found};
use crate::data::names::{fold, shorten};
use crate::value::key;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

/// A value that is kept.
#[derive(Clone, Debug, PartialEq)]
pub enum Kept {
    /// A text.
    Text(String),
    /// A number, digits as written.
    Number(String),
    /// A truth value.
    Bool(bool),
    /// Nothing.
    Null,
    /// A date of TOML.
    Moment(String),
    /// An object or an array.
    Container(Found),
}

impl Kept {
    /// What is kept of a value.
    pub fn of(scalar: Scalar<'_>) -> Self {
        match scalar {
            Scalar::Text(text) => Self::Text(text.to_owned()),
            Scalar::Number(digits) => Self::Number(digits.to_owned()),
            Scalar::Bool(value) => Self::Bool(value),
            Scalar::Null => Self::Null,
            Scalar::Moment(text) => Self::Moment(text.to_owned()),
        }
    }

    /// Gives it to a field of the open row.
    pub fn put<T: Target>(&self, at: At, span: Range<usize>, target: &mut T) {
        match self.scalar() {
            Ok(scalar) => target.value(at, scalar, span),
            Err(found) => target.misfit(at, found.clone(), span),
        }
    }

    /// As a value of the format.
    fn scalar(&self) -> Result<Scalar<'_>, &Found> {
        Ok(match self {
            Self::Text(text) => Scalar::Text(text),
            Self::Number(digits) => Scalar::Number(digits),
            Self::Bool(value) => Scalar::Bool(*value),
            Self::Null => Scalar::Null,
            Self::Moment(text) => Scalar::Moment(text),
            Self::Container(found) => return Err(found),
        })
    }

    /// Whether two values of one group say the same for a field.
    fn is_same(&self, other: &Self, at: At, plan: &Plan) -> bool {
        let texts = self.group().zip(other.group());
        self == other || texts.is_some_and(|(a, b)| a != b && plan.is_same(at, &a, &b))
    }

    /// As what rows are grouped by; `None` where it says nothing.
    pub fn group(&self) -> Option<String> {
        match self {
            Self::Text(text) | Self::Number(text) | Self::Moment(text) => {
                Some(text.trim().to_owned()).filter(|text| !key::is_blank(text))
            }
            Self::Bool(value) => Some(value.to_string()),
            Self::Null | Self::Container(_) => None,
        }
    }
}

/// One object.
#[derive(Debug, Default)]
struct Record {
    span: Range<usize>,
    values: Vec<Given>,
}

/// Collects the objects of a document.
#[derive(Default)]
pub struct Flat {
    records: Vec<Record>,
    /// The keys there are.
    keys: Vec<String>,
    numbers: HashMap<String, usize>,
    pending: usize,
    /// Containers open inside an object, itself included.
    depth: usize,
}

impl Flat {
    /// Gives up the open object, after a syntax error.
    pub fn abort(&mut self) {
        if self.depth > 0 {
            self.records.pop();
        }
        self.depth = 0;
    }

    fn keep(&mut self, value: Kept, span: Range<usize>) {
        if let (1, Some(record)) = (self.depth, self.records.last_mut()) {
            record.values.push((self.pending, value, span));
        }
    }

    /// Hands the rows to `target`.
    pub fn emit<T: Target>(
        &self,
        plan: &Plan,
        frame: usize,
        (headings, mapping): (&Headings, &Mapping),
        target: &mut T,
    ) {
        let (list, inner) = match list_called(plan, frame, mapping.list.as_deref()) {
            Ok(found) => found,
            Err(fault) => return target.fault(0..0, fault),
        };
        let own = |key: &str| headings.field(frame, key).filter(|field| *field != list);
        let pairs = &headings.conventions.pairs;
        let (own_parts, inner_parts) = (self.parts(headings, frame), self.parts(headings, inner));
        let outer = self.fields(&own_parts, own);
        let elements = self.fields(&inner_parts, |key| headings.field(inner, key));
        let frames = [(frame, &outer), (inner, &elements)];
        let mut spoilt = self.units(plan, headings, &frames, target);
        let by = mapping.group_by.as_deref().unwrap_or_default();
        let is_by = |key: &String| {
            *fold(key) == *fold(by) || own(by).is_some_and(|field| own(key) == Some(field))
        };
        let by_keys: Vec<usize> =
            (0..).zip(&self.keys).filter(|(_, key)| is_by(key)).map(|(at, _)| at).collect();
        if by_keys.is_empty() {
            if !self.records.is_empty() {
                target.fault(0..0, Fault::MissingGroup(shorten(by)));
            }
            return;
        }
        let names = GroupNames::new(own(by).and_then(|field| plan.last_key(frame, field)));
        let is_known = |key: usize| {
            let is_field =
                |fields: &Vec<Option<usize>>| fields.get(key).is_some_and(Option::is_some);
            let is_part = |parts: &Vec<Parts>| parts.get(key).is_some_and(|it| !it.is_empty());
            by_keys.contains(&key)
                || [&outer, &elements].into_iter().any(is_field)
                || [&own_parts, &inner_parts].into_iter().any(is_part)
        };
        let doubtful = self.unpaired(is_known, headings, &frames, target);
        spoilt.extend(doubtful.iter().map(|(_, at)| *at));
        let is_known = |key: usize| is_known(key) || doubtful.iter().any(|(own, _)| *own == key);
        for (group, records) in self.groups((frame, &by_keys), names, target) {
            let Some(first) = records.first() else { continue };
            target.open(frame, first.span.clone());
            if records.iter().any(|record| self.holds_unclaimed(record, is_known, headings)) {
                target.doubt(frame);
            }
            for field in outer.iter().flatten().copied().collect::<BTreeSet<usize>>() {
                let at = At { frame, field };
                if spoilt.contains(&at) {
                    target.give_up(at);
                    continue;
                }
                let of_field = |key: usize| outer.get(key).copied().flatten() == Some(field);
                let give = |(_, value, span): &Given, target: &mut T| {
                    value.put(at, span.clone(), target);
                };
                let whole = (&*group, &*records, &of_field as &dyn Fn(usize) -> bool);
                whole_value(whole, &[at], (plan, headings), give, target);
            }
            for (key, parts) in own_parts.iter().enumerate() {
                let (fields, of_key) = (fields_of(parts, pairs), |own: usize| own == key);
                let give = |given: &Given, target: &mut T| part(given, parts, pairs, target);
                let whole = (&*group, &*records, &of_key as &dyn Fn(usize) -> bool);
                whole_value(whole, &fields, (plan, headings), give, target);
            }
            if target.list(At { frame, field: list }, first.span.start..first.span.start + 1) {
                for record in &records {
                    let is_doubtful = self.holds_unclaimed(record, is_known, headings);
                    let is_null = |field: usize, value: &Kept| {
                        is_null(value, At { frame: inner, field }, plan, headings)
                    };
                    let kinds = (&*elements, &is_null as &dyn Fn(usize, &Kept) -> bool);
                    let parts = (&*inner_parts, &**pairs);
                    element(record, (kinds, parts), (inner, is_doubtful), &spoilt, target);
                }
            }
            target.close(frame, records.last().map_or(0, |record| record.span.end));
        }
        self.unknown(is_known, (headings, frame), target);
    }

    /// What each key holds of pairs of a frame.
    fn parts(&self, headings: &Headings, frame: usize) -> Vec<Parts> {
        self.keys.iter().map(|key| headings.conventions.parts(frame, key)).collect()
    }

    /// The field of each key, but for those of pairs.
    fn fields(&self, parts: &[Parts], field: impl Fn(&str) -> Option<usize>) -> Vec<Option<usize>> {
        let keys = self.keys.iter().zip(parts);
        keys.map(|(key, parts)| field(key).filter(|_| parts.is_empty())).collect()
    }

    /// Says what the numbers of each field are in; the fields whose unit does not fit.
    fn units<T: Target>(
        &self,
        plan: &Plan,
        headings: &Headings,
        frames: &[(usize, &Vec<Option<usize>>)],
        target: &mut T,
    ) -> BTreeSet<At> {
        let (mut spoilt, mut met) = (BTreeSet::new(), Met::default());
        for (frame, fields) in frames {
            for (key, (name, field)) in self.keys.iter().zip(*fields).enumerate() {
                let Some(field) = *field else { continue };
                let at = At { frame: *frame, field };
                match met.stated(plan, headings, at, name) {
                    Ok(None) => {}
                    Ok(Some(measure)) => target.measure(at, measure),
                    Err(fault) => {
                        let values = self.records.iter().flat_map(|record| &record.values);
                        let first = values.into_iter().find(|(own, _, _)| *own == key);
                        target.fault(first.map_or(0..0, |(_, _, span)| span.clone()), fault);
                        spoilt.insert(at);
                    }
                }
            }
        }
        spoilt
    }

    /// The keys no field is called that hold the units of fields, with these.
    fn unpaired<T: Target>(
        &self,
        is_known: impl Fn(usize) -> bool,
        headings: &Headings,
        frames: &[(usize, &Vec<Option<usize>>)],
        target: &mut T,
    ) -> Vec<(usize, At)> {
        let mut doubtful = Vec::new();
        for (key, name) in self.keys.iter().enumerate() {
            if is_known(key) || headings.ignores(name) {
                continue;
            }
            for (frame, fields) in frames {
                let mut candidates = headings.candidates(*frame, name);
                candidates.retain(|field| fields.contains(&Some(field)));
                let values = self.records.iter().flat_map(|record| &record.values);
                let own = values.filter(|(own, _, _)| *own == key);
                let texts = own.filter_map(|(_, value, span)| Some((value.group()?, span.clone())));
                let (mut seen, mut first, mut rows) = (Seen::default(), 0..0, 0);
                for (text, span) in texts {
                    candidates.see(&text, &mut seen);
                    first = if rows == 0 { span } else { first };
                    rows += 1;
                }
                if !seen.fields.is_empty() {
                    target.unpaired((*frame, &seen.fields), name, first, (&seen.words, rows));
                    let own = seen.fields.iter().map(|field| At { frame: *frame, field: *field });
                    doubtful.extend(own.map(|at| (key, at)));
                }
            }
        }
        doubtful
    }

    /// Whether an object gives something that no field is called.
    fn holds_unclaimed(
        &self,
        record: &Record,
        is_known: impl Fn(usize) -> bool,
        headings: &Headings,
    ) -> bool {
        let unclaimed = |key: usize| {
            !is_known(key) && !self.keys.get(key).is_some_and(|name| headings.ignores(name))
        };
        record.values.iter().any(|(key, value, _)| *value != Kept::Null && unclaimed(*key))
    }

    /// The objects by the value of a key, in the order of the first of each.
    fn groups<T: Target>(
        &self,
        (frame, by): (usize, &[usize]),
        mut names: GroupNames<'_>,
        target: &mut T,
    ) -> Vec<(String, Vec<&Record>)> {
        let heading = by.first().and_then(|by| self.keys.get(*by)).map_or("", |key| key);
        let mut groups: Vec<(String, Vec<&Record>)> = Vec::new();
        for record in &self.records {
            let mut values = record.values.iter().filter(|(key, _, _)| by.contains(key));
            let (first, again) = (values.next(), values.next());
            if let Some((_, _, span)) = again {
                let at = At { frame, field: usize::MAX };
                let heading = shorten(heading);
                target.fault(span.clone(), Fault::DuplicateHeading { at, heading });
                continue;
            }
            let Some(group) = first.and_then(|(_, value, _)| value.group()) else {
                let start = record.span.start..record.span.start + 1;
                let span = first.map_or(start, |(_, _, span)| span.clone());
                let (heading, rows, fill) = (shorten(heading), 1, Vec::new());
                target.fault(span, Fault::EmptyGroup { heading, rows, fill });
                continue;
            };
            match groups.get_mut(names.number(&group)) {
                Some((_, records)) => records.push(record),
                None => groups.push((group, vec![record])),
            }
        }
        groups
    }

    /// Says which keys no field is called.
    fn unknown<T: Target>(
        &self,
        is_known: impl Fn(usize) -> bool,
        (headings, frame): (&Headings, usize),
        target: &mut T,
    ) {
        let mut counts: BTreeMap<usize, (Range<usize>, usize)> = BTreeMap::new();
        for (key, _, span) in self.records.iter().flat_map(|record| &record.values) {
            if !is_known(*key) {
                counts.entry(*key).or_insert_with(|| (span.clone(), 0)).1 += 1;
            }
        }
        for (key, (span, rows)) in counts {
            let name = self.keys.get(key).map_or("", |key| key);
            if !headings.ignores(name) {
                target.unknown(frame, name, span, rows);
            }
        }
    }
}

/// A value of an object: its key, the value, its place.
type Given = (usize, Kept, Range<usize>);

/// Whether a value means that a field is not given.
fn is_null(value: &Kept, at: At, plan: &Plan, headings: &Headings) -> bool {
    let how = How { conventions: &headings.conventions, measure: None };
    let scalar = match value {
        Kept::Null => return true,
        Kept::Text(text) if !text.is_empty() => Scalar::Text(text),
        Kept::Number(digits) => Scalar::Number(digits),
        Kept::Text(_) | Kept::Bool(_) | Kept::Moment(_) | Kept::Container(_) => return false,
    };
    plan.field(at.frame, at.field).is_some_and(|field| cell::leaves_out(field, scalar, how))
}

/// Whether a value of a field means that it is not given.
type IsNull<'f> = &'f dyn Fn(&Kept) -> bool;

/// The same, by field.
type IsFieldNull<'f> = &'f dyn Fn(usize, &Kept) -> bool;

/// A field of the whole: what its objects say, which has to be the same where it is given.
fn shared<'r>(
    group: &str,
    records: &[&'r Record],
    (of_field, is_null): (&dyn Fn(usize) -> bool, IsNull<'_>),
    at: At,
    plan: &Plan,
) -> Result<Option<&'r Given>, (Range<usize>, Fault)> {
    let mut given: Option<&Given> = None;
    for record in records {
        let mut own = record.values.iter().filter(|(key, _, _)| of_field(*key));
        let Some(found) = own.next() else { continue };
        if let Some((_, _, span)) = own.next() {
            return Err((span.clone(), Fault::DuplicateField(at)));
        }
        match given {
            _ if is_null(&found.1) => {}
            None => given = Some(found),
            Some((_, value, _)) if value.is_same(&found.1, at, plan) => {}
            Some(_) => {
                return Err((found.2.clone(), Fault::Varying { at, group: shorten(group) }));
            }
        }
    }
    Ok(given)
}

/// What a key holds of pairs: each with its part.
type Parts = Vec<(usize, Part)>;

/// The field of each key, and which of its values say nothing.
type Plain<'f> = (&'f [Option<usize>], IsFieldNull<'f>);

/// What each key holds of pairs, and these.
type Paired<'f> = (&'f [Parts], &'f [Pair]);

/// The fields that the number of a pair may be a value of.
fn fields_of(parts: &Parts, pairs: &[Pair]) -> Vec<At> {
    let own = parts.iter().filter_map(|(pair, _)| pairs.get(*pair));
    own.flat_map(|pair| pair.fields.iter().copied()).collect()
}

/// Gives a value to the pairs it is a part of.
fn part<T: Target>((_, value, span): &Given, parts: &Parts, pairs: &[Pair], target: &mut T) {
    let fields = fields_of(parts, pairs);
    match value.scalar() {
        Ok(scalar) => target.part(parts, &fields, scalar, span.clone()),
        Err(found) => {
            fields.into_iter().for_each(|at| target.misfit(at, found.clone(), span.clone()))
        }
    }
}

/// Gives the whole what its objects say of some fields under one key, or gives these up.
fn whole_value<T: Target>(
    (group, records, of_field): (&str, &[&Record], &dyn Fn(usize) -> bool),
    fields: &[At],
    (plan, headings): (&Plan, &Headings),
    give: impl Fn(&Given, &mut T),
    target: &mut T,
) {
    let Some(at) = fields.first().copied() else { return };
    let is_null = |value: &Kept| is_null(value, at, plan, headings);
    match shared(group, records, (of_field, &is_null), at, plan) {
        Ok(None) => {}
        Ok(Some(given)) => give(given, target),
        Err((span, fault)) => {
            target.fault(span, fault);
            fields.iter().for_each(|at| target.give_up(*at));
        }
    }
}

/// An object as an element; one that gives none of its fields is none.
fn element<T: Target>(
    record: &Record,
    ((fields, is_null), (parts, pairs)): (Plain<'_>, Paired<'_>),
    (frame, is_doubtful): (usize, bool),
    spoilt: &BTreeSet<At>,
    target: &mut T,
) {
    let own = || {
        record
            .values
            .iter()
            .filter_map(|(key, value, span)| Some(((*fields.get(*key)?)?, value, span)))
    };
    let in_pairs = || {
        let all = record.values.iter();
        let of = |given: &&Given| parts.get(given.0).is_some_and(|it| !it.is_empty());
        all.filter(of).filter_map(|given| Some((given, parts.get(given.0)?)))
    };
    let gives_pair = in_pairs().any(|((_, value, _), parts)| {
        let at = fields_of(parts, pairs).first().copied();
        at.is_some_and(|at| !is_null(at.field, value))
    });
    if !gives_pair && own().all(|(field, value, _)| is_null(field, value)) {
        return;
    }
    target.open(frame, record.span.clone());
    if is_doubtful {
        target.doubt(frame);
    }
    for (field, value, span) in own() {
        let at = At { frame, field };
        if spoilt.contains(&at) {
            target.give_up(at);
        } else {
            value.put(at, span.clone(), target);
        }
    }
    in_pairs().for_each(|(given, own)| part(given, own, pairs, target));
    target.close(frame, record.span.end);
}

impl Sink for Flat {
    fn open_object(&mut self, at: usize, until: usize) {
        if self.depth == 0 {
            self.records.push(Record { span: at..until, values: Vec::new() });
        } else {
            self.keep(Kept::Container(Found::Object), at..until);
        }
        self.depth += 1;
    }

    fn close_object(&mut self, end: usize) {
        self.depth = self.depth.saturating_sub(1);
        if let (0, Some(record)) = (self.depth, self.records.last_mut()) {
            record.span.end = end;
        }
    }

    fn open_array(&mut self, at: usize) {
        if self.depth > 0 {
            self.keep(Kept::Container(Found::Array), at..at + 1);
            self.depth += 1;
        }
    }

    fn close_array(&mut self) {
        self.depth = self.depth.saturating_sub(1);
    }

    fn expected_key(&mut self, _: &[u8], _: usize) -> Option<usize> {
        None
    }

    fn key(&mut self, name: &str, _: Range<usize>) {
        if self.depth == 1 {
            let next = self.keys.len();
            self.pending = *self.numbers.entry(name.to_owned()).or_insert_with(|| {
                self.keys.push(name.to_owned());
                next
            });
        }
    }

    fn scalar(&mut self, value: Scalar<'_>, span: Range<usize>) {
        self.keep(Kept::of(value), span);
    }
}
