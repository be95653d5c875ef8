//! Measures loading: `cargo run --release --example load -- FILE [all]` with a file of the made-up table `thing`, described below.
#![expect(clippy::print_stdout, reason = "prints its measurements")]

use fanshi::data::{Format, Input, Mapping, Store, load};
use fanshi::schema::{Enum, EnumId, EnumValue, Field, FieldId, Frame, FrameId, Names, Schema, Type};
use fanshi::text::{FileId, Span};
use std::fs::File;
use std::io::{Error, ErrorKind, Read, Result};
use std::os::unix::fs::FileExt;
use std::time::Instant;

/// A file on disk, read by position.
struct Disk(File, u64);

impl Store for Disk {
    fn len(&self) -> u64 {
        self.1
    }

    fn read(&self, start: u64, end: u64) -> Result<Vec<u8>> {
        let mut bytes = vec![0; usize::try_from(end - start).map_err(|_| Error::from(ErrorKind::FileTooLarge))?];
        self.0.read_exact_at(&mut bytes, start)?;
        Ok(bytes)
    }
}

fn names(name: &str) -> Names {
    Names { name: name.into(), alias: None }
}

fn span() -> Span {
    Span::new(FileId(0), 0, 0)
}

fn enumeration(name: &str, values: &[&str]) -> Enum {
    let value = |value: &&str| EnumValue { names: names(value), also: Vec::new(), span: span() };
    Enum { names: names(name), values: values.iter().map(value).collect(), order: None, span: span() }
}

fn frame(name: &str, parent: Option<(u32, u32)>, fields: &[(&str, Type)]) -> Frame {
    let field = |&(name, ty): &(&str, Type)| Field {
        names: names(name),
        also: Vec::new(),
        ty,
        optional: false,
        default: None,
        key: name == "code" && parent.is_none(),
        unique: false,
        readings: Vec::new(),
        span: span(),
    };
    let parent = parent.map(|(frame, field)| (FrameId(frame), FieldId(field)));
    Frame {
        names: names(name),
        parent,
        fields: fields.iter().map(field).collect(),
        single: false,
        plain: false,
        citable: None,
        span: span(),
    }
}

fn schema() -> Schema {
    use Type::{Boolean, Integer, List, Text, Workdays};
    let category = Type::Enum(EnumId(0));
    let (above, rank, by, outcome) = (Type::Enum(EnumId(1)), Type::Enum(EnumId(2)), Type::Enum(EnumId(3)), Type::Enum(EnumId(4)));
    let named = [("name", Text), ("required_by_law", Boolean)];
    let enums = vec![
        enumeration(
            "category",
            &[
                "行政许可",
                "行政处罚",
                "行政强制",
                "行政征收",
                "行政给付",
                "行政检查",
                "行政确认",
                "行政奖励",
                "行政裁决",
                "非行政许可审批",
                "其他权力",
            ],
        ),
        enumeration("above", &["none", "cancelled", "delegated", "escalated", "post_supervision"]),
        enumeration(
            "rank",
            &["law", "admin_regulation", "state_council_decision", "local_regulation", "provincial_rule", "dept_rule", "normative_doc"],
        ),
        enumeration("by", &["law", "department"]),
        enumeration("outcome", &["retain", "cancel", "adjust", "dock", "register_only", "cleanup"]),
    ];
    let fields = [
        ("code", Text),
        ("name", Text),
        ("department", Text),
        ("category", category),
        ("superior_decision", above),
        ("basis", List(FrameId(1))),
        ("set_by", by),
        ("market_adjustable", Boolean),
        ("handled_2013", Integer),
        ("handled_2014", Integer),
        ("steps", List(FrameId(2))),
        ("materials", List(FrameId(3))),
        ("preconditions", List(FrameId(4))),
        ("statutory_days", Workdays),
        ("promised_days", Workdays),
        ("needs_publicity", Boolean),
        ("needs_hearing", Boolean),
        ("needs_argument", Boolean),
        ("in_hall", Boolean),
        ("outcome", outcome),
    ];
    let frames = vec![
        frame("item", None, &fields),
        frame("basis", Some((0, 5)), &[("law", Text), ("rank", rank), ("in_force", Boolean), ("article", Integer)]),
        frame("steps", Some((0, 10)), &[("name", Text), ("has_basis", Boolean), ("days", Workdays)]),
        frame("materials", Some((0, 11)), &named),
        frame("preconditions", Some((0, 12)), &named),
    ];
    Schema { enums, frames }
}

fn peak() -> String {
    let mut status = String::new();
    let _ = File::open("/proc/self/status").and_then(|mut file| file.read_to_string(&mut status));
    status.lines().find(|line| line.starts_with("VmHWM")).unwrap_or("").to_owned()
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let schema = schema();
    let all = arguments.iter().any(|argument| argument == "all");
    let kept = |field: &Field| all || !matches!(field.ty, Type::Text);
    let needed = schema.frames.iter().map(|frame| frame.fields.iter().map(kept).collect()).collect();
    let mut stores = Vec::new();
    for path in arguments.iter().filter(|argument| *argument != "all") {
        let file = File::open(path)?;
        let len = file.metadata()?.len();
        stores.push((path.as_str(), Disk(file, len)));
    }
    let input = |(path, store): &'_ (&str, Disk)| {
        let extension = path.rsplit('.').next().unwrap_or("");
        let format = match extension {
            "toml" => Format::Toml,
            "json" => Format::Json,
            "csv" => Format::Csv,
            _ => Format::JsonLines,
        };
        let child = schema.frames.iter().skip(1).position(|frame| path.contains(&*frame.names.name)).map_or(0, |at| at + 1);
        (FrameId(u32::try_from(child).unwrap_or(0)), (*path).into(), format, store.len())
    };
    let described: Vec<_> = stores.iter().map(input).collect();
    let inputs: Vec<Input<'_>> = described
        .into_iter()
        .zip(&stores)
        .map(|((frame, name, format, _), (_, store))| Input { frame, name, format, mapping: Mapping::default(), inline: None, store })
        .collect();
    let bytes: u64 = stores.iter().map(|(_, store)| store.1).sum();
    let start = Instant::now();
    let (data, diagnostics) = load(&schema, &needed, &inputs);
    let seconds = start.elapsed().as_secs_f64();
    let rows: Vec<usize> = data.frames.iter().map(|frame| frame.len).collect();
    println!("{seconds:.3} s, {:.0} MB/s, rows {rows:?}, {} diagnostics, {}", bytes as f64 / seconds / 1e6, diagnostics.len(), peak());
    let first = diagnostics.iter().take(3);
    first.for_each(|diagnostic| println!("{}: {}", diagnostic.code, diagnostic.message.en));
    let start = Instant::now();
    let count = data.frames.first().map_or(0, |frame| frame.len);
    let found = (0..count).step_by(100).filter(|&row| data.located.locate(FrameId(0), row, Some(FieldId(19))).is_some()).count();
    println!("{found} places in {:.3} s, {}", start.elapsed().as_secs_f64(), peak());
    Ok(())
}
