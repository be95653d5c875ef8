//! Functions of texts. Positions count characters.

use super::axiom::Axiom;
use super::{Kind, Returns, Row, Scalar};
use crate::schema::Type;
use crate::value::similar;
use crate::value::text::narrow;
use std::borrow::Cow;

const TEXT: Kind = Kind::Exactly(Type::Text);
const INTEGER: Kind = Kind::Exactly(Type::Integer);

pub(super) const ROWS: &[Row] = &[
    Row {
        zh: "长度",
        en: "length",
        parameters: &[TEXT],
        returns: Returns::Type(Type::Integer),
        axiom: Axiom::Length,
        doc: ("字数", "how many characters"),
        kernel: |arguments, _| {
            i64::try_from(arguments.first()?.text()?.chars().count()).ok().map(Scalar::Int)
        },
    },
    Row {
        zh: "截取",
        en: "slice",
        parameters: &[TEXT, INTEGER, INTEGER],
        returns: Returns::Type(Type::Text),
        axiom: Axiom::Slice,
        doc: (
            "第几字至第几字，从 1 数起",
            "characters from one position to another, counted from 1",
        ),
        kernel: slice,
    },
    Row {
        zh: "序位",
        en: "position",
        parameters: &[TEXT, TEXT],
        returns: Returns::Type(Type::Integer),
        axiom: Axiom::Position,
        doc: (
            "后者在前者中首次出现的位置，从 0 数起",
            "where the second first stands in the first, from 0",
        ),
        kernel: |arguments, _| {
            position(arguments.first()?.text()?, arguments.get(1)?.text()?).map(Scalar::Int)
        },
    },
    Row {
        zh: "加权和",
        en: "weighted_sum",
        parameters: &[TEXT, TEXT, Kind::Weights],
        returns: Returns::Type(Type::Integer),
        axiom: Axiom::Weighted,
        doc: (
            "逐字在字符集中的序位乘以权数之和（GB 32100、GB 11643、ISO 7064 一类校验码）",
            "the sum of each character's position in an alphabet times its weight (check digits as \
                in GB 32100, GB 11643, ISO 7064)",
        ),
        kernel: weighted_sum,
    },
    Row {
        zh: "拼接",
        en: "concat",
        parameters: &[Kind::Texts],
        returns: Returns::Type(Type::Text),
        axiom: Axiom::Joined,
        doc: ("依次连接", "texts joined"),
        kernel: |arguments, _| {
            let parts: Option<Vec<&str>> = arguments.iter().map(Scalar::text).collect();
            Some(Scalar::Text(Cow::Owned(parts?.concat())))
        },
    },
    Row {
        zh: "规整",
        en: "normalize",
        parameters: &[TEXT],
        returns: Returns::Type(Type::Text),
        axiom: Axiom::Normalized,
        doc: (
            "全角字母、数字、标点化为半角，去掉空白",
            "full-width letters, digits and punctuation made half-width, blanks removed",
        ),
        kernel: |arguments, _| {
            let text = arguments.first()?.text()?;
            let narrowed =
                text.chars().map(narrow).filter(|letter| !letter.is_whitespace()).collect();
            Some(Scalar::Text(Cow::Owned(narrowed)))
        },
    },
    Row {
        zh: "替换",
        en: "replace",
        parameters: &[TEXT, TEXT, TEXT],
        returns: Returns::Type(Type::Text),
        axiom: Axiom::Edited,
        doc: (
            "把第一项中的第二项都换成第三项；第二项为空的，不变",
            "the first text with every occurrence of the second made the third; unchanged where \
                the second is empty",
        ),
        kernel: replace,
    },
    Row {
        zh: "去除",
        en: "strip",
        parameters: &[TEXT, TEXT],
        returns: Returns::Type(Type::Text),
        axiom: Axiom::Edited,
        doc: (
            "去掉首尾属于第二项的字：去除(名称, “《》”) 是不带书名号的名称",
            "without the characters of the second text at both ends of the first: \
                `strip(title, \"《》\")` is a title without its brackets",
        ),
        kernel: |arguments, _| {
            let (text, ends) = (arguments.first()?.text()?, arguments.get(1)?.text()?);
            let left = text.trim_matches(|letter| ends.contains(letter));
            Some(Scalar::Text(Cow::Owned(left.to_owned())))
        },
    },
    Row {
        zh: "相似度",
        en: "similarity",
        parameters: &[TEXT, TEXT],
        returns: Returns::Type(Type::Decimal),
        axiom: Axiom::Likeness,
        doc: (
            "0 至 1：只留字母和数字，1 减去编辑距离与较长者字数之比",
            "0 to 1: of letters and digits alone, 1 minus the edit distance over the length of the \
                longer",
        ),
        kernel: |arguments, _| {
            let (a, b) = (
                similar::plain(arguments.first()?.text()?),
                similar::plain(arguments.get(1)?.text()?),
            );
            Some(Scalar::Ratio(similar::similarity(&a, &b)))
        },
    },
];

fn replace<'a>(arguments: &[Scalar<'a>], _: &super::World<'_>) -> Option<Scalar<'a>> {
    let [text, part, with] = arguments else { return None };
    let (text, part, with) = (text.text()?, part.text()?, with.text()?);
    let changed = if part.is_empty() { text.to_owned() } else { text.replace(part, with) };
    Some(Scalar::Text(Cow::Owned(changed)))
}

fn slice<'a>(arguments: &[Scalar<'a>], _: &super::World<'_>) -> Option<Scalar<'a>> {
    let from = usize::try_from(arguments.get(1)?.int()?).ok()?.checked_sub(1)?;
    let to = usize::try_from(arguments.get(2)?.int()?).ok()?;
    let part: String = arguments.first()?.text()?.chars().take(to).skip(from).collect();
    (part.chars().count() == to.checked_sub(from)?).then_some(Scalar::Text(Cow::Owned(part)))
}

fn position(text: &str, part: &str) -> Option<i64> {
    let at = text.find(part)?;
    i64::try_from(text.get(..at)?.chars().count()).ok()
}

fn weighted_sum<'a>(arguments: &[Scalar<'a>], _: &super::World<'_>) -> Option<Scalar<'a>> {
    let (text, alphabet) = (arguments.first()?.text()?, arguments.get(1)?.text()?);
    let Scalar::Ints(weights) = arguments.get(2)? else { return None };
    let mut sum = 0_i64;
    let mut letters = text.chars();
    for weight in weights {
        let letter = letters.next()?;
        let value = i64::try_from(alphabet.chars().position(|known| known == letter)?).ok()?;
        sum = sum.checked_add(value.checked_mul(*weight)?)?;
    }
    letters.next().is_none().then_some(Scalar::Int(sum))
}
