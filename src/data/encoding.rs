//! Bytes as stored → UTF-8, and the way back: a checkpoint every few KiB says which byte, line and
//! column the text has reached.

use super::fault::{Fault, StatedBy};
use crate::steps::passed;
use encoding_rs::{
    BIG5, Decoder, DecoderResult, EUC_JP, EUC_KR, Encoding, GB18030, GBK, ISO_2022_JP, UTF_8,
    UTF_16BE, UTF_16LE, WINDOWS_1252,
};
use std::borrow::Cow;

/// Where a text stands at a point of the stored bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Checkpoint {
    /// Byte of the text.
    pub decoded: u64,
    /// Byte of the file.
    pub stored: u64,
    /// Line ends before it.
    pub line: u32,
    /// Characters before it in its line.
    pub column: u32,
}

impl Checkpoint {
    /// The checkpoint after more text that took `stored` bytes of the file.
    #[must_use]
    pub fn after(self, text: &str, stored: u64) -> Self {
        passed(text.len());
        let bytes = text.as_bytes();
        let ends = memchr::memchr_iter(b'\n', bytes).count();
        let last = memchr::memrchr(b'\n', bytes);
        let tail = text.get(last.map_or(0, |at| at + 1)..).unwrap_or("");
        let count = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let column = count(tail.chars().count()).saturating_add(if last.is_none() {
            self.column
        } else {
            0
        });
        Self {
            decoded: self.decoded + text.len() as u64,
            stored: self.stored + stored,
            line: self.line.saturating_add(count(ends)),
            column,
        }
    }
}

/// How many bytes lie between checkpoints.
const STEP: usize = 4096;

/// Whether a text is the stored bytes themselves.
#[derive(Clone, Copy, Debug)]
pub struct Coding {
    /// The encoding.
    pub encoding: &'static Encoding,
    /// UTF-8 without damage: offsets in text and file differ by a constant.
    pub exact: bool,
    /// Whether lines end in a carriage return alone; they are read as if it were a line feed.
    pub returns: bool,
}

/// A decoded text.
#[derive(Debug)]
pub struct Decoded<'b> {
    /// The text; U+FFFD stands for what could not be decoded.
    pub text: Cow<'b, str>,
    /// From the beginning, ascending.
    pub checkpoints: Vec<Checkpoint>,
    /// How the bytes were read.
    pub coding: Coding,
    /// Undecodable bytes: where their replacement stands in the text, and the first byte.
    pub damage: Vec<(usize, u8)>,
}

impl Decoded<'_> {
    /// Says what is wrong with an undecodable byte.
    #[must_use]
    pub fn fault(&self, byte: u8) -> Fault {
        if self.coding.encoding == UTF_8 {
            Fault::InvalidUtf8(byte)
        } else {
            Fault::Undecodable { encoding: self.coding.encoding.name(), byte }
        }
    }
}

/// Whether a file is in the encoding that the manifest, or its first line, gives it: refused where it is not, and is in
/// another one.
///
/// # Errors
/// Where no byte of the file is damaged in the other encoding.
pub fn doubt(bytes: &[u8], declared: &'static Encoding, by: Option<StatedBy>) -> Result<(), Fault> {
    let fits = |encoding: &'static Encoding| {
        encoding.decode_without_bom_handling_and_without_replacement(bytes).is_some()
    };
    let Some(by) = by.filter(|_| !fits(declared)) else { return Ok(()) };
    match detect(bytes, None) {
        Ok((likely, _)) if likely != declared && fits(likely) => {
            Err(Fault::WrongEncoding { declared: declared.name(), likely: likely.name(), by })
        }
        _ => Ok(()),
    }
}

/// Decodes a whole file, or a part of it that starts with a line; the bytes begin at byte `stored`
/// of the file.
#[must_use]
pub fn decode<'b>(bytes: &'b [u8], encoding: &'static Encoding, stored: u64) -> Decoded<'b> {
    let start = Checkpoint { stored, ..Checkpoint::default() };
    if let (true, Some(text)) =
        (encoding == UTF_8, UTF_8.decode_without_bom_handling_and_without_replacement(bytes))
    {
        let checkpoints = checkpoints(&text, start);
        return Decoded {
            text,
            checkpoints,
            coding: Coding { encoding, exact: true, returns: false },
            damage: Vec::new(),
        };
    }
    let mut text = String::new();
    let (mut checkpoints, mut damage) = (vec![start], Vec::new());
    let (mut rest, mut at) = (bytes, start);
    while !rest.is_empty() {
        let (block, after) =
            rest.split_at_checked(cut(rest, encoding, STEP)).unwrap_or((rest, &[]));
        let from = text.len();
        decode_block(block, encoding, &mut text, &mut damage);
        at = at.after(text.get(from..).unwrap_or(""), block.len() as u64);
        checkpoints.push(at);
        rest = after;
    }
    Decoded {
        text: text.into(),
        checkpoints,
        coding: Coding { encoding, exact: false, returns: false },
        damage,
    }
}

/// Checkpoints of a text that is stored as it is.
#[must_use]
pub fn checkpoints(text: &str, start: Checkpoint) -> Vec<Checkpoint> {
    let mut points = Vec::with_capacity(text.len() / STEP + 2);
    points.push(start);
    let (mut rest, mut at) = (text, start);
    while !rest.is_empty() {
        let (block, after) =
            rest.split_at_checked(cut(rest.as_bytes(), UTF_8, STEP)).unwrap_or((rest, ""));
        at = at.after(block, block.len() as u64);
        points.push(at);
        rest = after;
    }
    points
}

/// Whether lines end in a carriage return alone, as old files have them.
#[must_use]
pub fn has_returns(bytes: &[u8], encoding: &'static Encoding) -> bool {
    let wide = encoding == UTF_16LE || encoding == UTF_16BE;
    !wide && memchr::memchr(b'\r', bytes).is_some() && memchr::memchr(b'\n', bytes).is_none()
}

/// Makes carriage returns line feeds; neither is part of a longer character in any encoding that is
/// read.
pub fn feed_lines(bytes: &mut [u8]) {
    bytes.iter_mut().filter(|byte| **byte == b'\r').for_each(|byte| *byte = b'\n');
}

/// The first place at or after `from` where a block may end without cutting a character in two.
fn cut(bytes: &[u8], encoding: &'static Encoding, from: usize) -> usize {
    let unit = |at: usize| Some([*bytes.get(at)?, *bytes.get(at + 1)?]);
    let mut at = from;
    if encoding == UTF_16LE || encoding == UTF_16BE {
        let high = |unit: [u8; 2]| {
            if encoding == UTF_16LE { u16::from_le_bytes(unit) } else { u16::from_be_bytes(unit) }
        };
        at += at % 2;
        while unit(at).is_some_and(|unit| (0xDC00..0xE000).contains(&high(unit))) {
            at += 2;
        }
    } else if encoding == UTF_8 {
        while bytes.get(at).is_some_and(|byte| byte & 0xC0 == 0x80) {
            at += 1;
        }
    } else {
        // below 0x30 no byte is part of a longer character in any encoding of the web but UTF-16
        let is_inside = |at: usize| bytes.get(at - 1).is_some_and(|&byte| byte >= 0x30);
        while at < bytes.len() && is_inside(at) {
            at += 1;
            let head = bytes.get(..at).filter(|_| at == from + STEP && encoding != ISO_2022_JP);
            let whole = head.and_then(|head| whole_letters(head, encoding));
            if let Some(whole) = whole.filter(|whole| *whole >= from) {
                return whole;
            }
        }
    }
    at.min(bytes.len())
}

/// Decodes bytes that hold whole characters.
pub fn decode_block(
    mut bytes: &[u8],
    encoding: &'static Encoding,
    text: &mut String,
    damage: &mut Vec<(usize, u8)>,
) {
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut piece = [0; STEP];
    loop {
        let (result, read, written) =
            decoder.decode_to_utf8_without_replacement(bytes, &mut piece, true);
        passed(written);
        text.push_str(&String::from_utf8_lossy(piece.get(..written).unwrap_or(&[])));
        let (used, rest) = bytes.split_at_checked(read).unwrap_or((bytes, &[]));
        match result {
            DecoderResult::InputEmpty => return,
            DecoderResult::OutputFull => {}
            DecoderResult::Malformed(length, after) => {
                let first = used.len().saturating_sub(usize::from(length) + usize::from(after));
                damage.push((text.len(), used.get(first).copied().unwrap_or(0)));
                text.push('\u{FFFD}');
                if rest.is_empty() {
                    return;
                }
            }
        }
        bytes = rest;
    }
}

/// What a decoder is fed byte by byte.
struct Walk<'b> {
    decoder: Decoder,
    bytes: &'b [u8],
    at: usize,
    /// How many bytes of text there are so far.
    written: usize,
}

impl<'b> Walk<'b> {
    fn new(bytes: &'b [u8], encoding: &'static Encoding) -> Self {
        let decoder = encoding.new_decoder_without_bom_handling();
        Self { decoder, bytes, at: 0, written: 0 }
    }

    /// Feeds one byte: where what was read so far ends, and whether it is damaged. A byte that ends
    /// a damaged character and is none of it is fed again.
    fn feed(&mut self) -> Option<(usize, bool)> {
        let byte = self.bytes.get(self.at)?;
        passed(1);
        let mut letters = [0; 16];
        let (result, read, written) = self.decoder.decode_to_utf8_without_replacement(
            std::slice::from_ref(byte),
            &mut letters,
            self.at + 1 == self.bytes.len(),
        );
        self.at += read;
        self.written += written;
        let DecoderResult::Malformed(_, after) = result else { return Some((self.at, false)) };
        self.written += '\u{FFFD}'.len_utf8();
        Some((self.at.saturating_sub(usize::from(after)), true))
    }
}

/// How many bytes of the file the first `length` bytes of the decoded block take.
#[must_use]
pub fn stored_length(block: &[u8], encoding: &'static Encoding, length: usize) -> usize {
    let mut walk = Walk::new(block, encoding);
    let (mut whole, mut before) = (0, 0);
    while let Some((end, _)) = walk.feed() {
        if walk.written > length {
            break;
        }
        if walk.written > before {
            whole = end;
        }
        before = walk.written;
    }
    whole
}

/// Where the last character ends that is whole, with none damaged before it.
fn whole_letters(bytes: &[u8], encoding: &'static Encoding) -> Option<usize> {
    let mut walk = Walk::new(bytes, encoding);
    let (mut whole, mut before) = (None, 0);
    while let Some((end, is_damaged)) = walk.feed() {
        if is_damaged {
            break;
        }
        if walk.written > before {
            whole = Some(end);
        }
        before = walk.written;
    }
    whole
}

/// The encoding of a file and the length of its byte order mark: as declared, as marked, or as it
/// looks.
///
/// # Errors
/// Where the declared label names no encoding.
pub fn detect(bytes: &[u8], declared: Option<&str>) -> Result<(&'static Encoding, usize), Fault> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return Ok((encoding, mark));
    }
    if let Some(label) = declared {
        let known = Encoding::for_label(label.trim().as_bytes())
            .ok_or_else(|| Fault::UnknownEncoding(label.to_owned()))?;
        return Ok((if known.name() == "GBK" { GB18030 } else { known }, 0));
    }
    Ok((utf_16(bytes).unwrap_or_else(|| utf_8_or_legacy(bytes)), 0))
}

/// UTF-16 without a mark: every second byte of an ASCII character is 0.
fn utf_16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = bytes.get(..bytes.len().min(STEP)).filter(|_| bytes.len().is_multiple_of(2))?;
    let zeros = |odd: usize| head.iter().skip(odd).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (zeros(0), zeros(1));
    match (even, odd) {
        _ if odd * 40 > head.len() && odd > even * 4 => Some(UTF_16LE),
        _ if even * 40 > head.len() && even > odd * 4 => Some(UTF_16BE),
        _ => None,
    }
}

/// UTF-8 if it is valid, or cut off, or has few bytes that are not, or the alternative is no
/// better.
fn utf_8_or_legacy(bytes: &[u8]) -> &'static Encoding {
    let valid = Encoding::utf8_valid_up_to(bytes);
    if valid == bytes.len()
        || bytes.get(valid..).is_some_and(|rest| {
            std::str::from_utf8(rest).is_err_and(|error| error.error_len().is_none())
        })
    {
        return UTF_8;
    }
    // A few lines of another encoding do not make it that of the others.
    let (mut right, mut wrong) = (0_usize, 0_usize);
    for line in bytes.split(|byte| *byte == b'\n').filter(|line| !line.is_ascii()) {
        let is_right = std::str::from_utf8(line).is_ok();
        right += usize::from(is_right);
        wrong += usize::from(!is_right);
    }
    if right > wrong
        || right == wrong && bytes.split(|byte| *byte == b'\n').next().is_some_and(is_utf_8)
    {
        return UTF_8;
    }
    let (mut good, mut bad) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        good += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        bad += usize::from(!chunk.invalid().is_empty());
    }
    if good >= bad * 9 {
        return UTF_8;
    }
    let legacy = legacy(bytes);
    let clean = legacy.decode_without_bom_handling_and_without_replacement(bytes).is_some();
    if clean || good <= bad { legacy } else { UTF_8 }
}

/// Whether a line is UTF-8, and more than ASCII.
fn is_utf_8(line: &[u8]) -> bool {
    !line.is_ascii() && std::str::from_utf8(line).is_ok()
}

/// Another encoding that a file of which GB18030 was guessed may well be in: one of Latin letters,
/// where read so single Chinese characters stand between letters, as accented ones become, and
/// little else is Chinese; another East Asian one, where many pairs of bytes stand for no sign of
/// GB/T 2312, of which nearly all that is written in GB18030 consists; one of Cyrillic letters, where
/// most signs are of its rare half; Korean, where none is of the half of the common ones that Korean
/// has no signs in; Japanese, where
/// kana are among the signs; any in which all bytes are letters, where some are none in GB18030, or
/// where the letters make words.
#[must_use]
pub fn other(bytes: &[u8], encoding: &'static Encoding) -> Option<&'static Encoding> {
    if encoding != GB18030 {
        return None;
    }
    let head = bytes.get(..bytes.len().min(1 << 20)).unwrap_or(bytes);
    if is_latin(head) {
        return Some(WINDOWS_1252);
    }
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(head, true);
    let guess = detector.guess(None, chardetng::Utf8Detection::Deny);
    let signs = signs(head);
    if signs.odd * 3 > signs.usual {
        return Some(if guess == GBK { BIG5 } else { guess });
    }
    let fits = |encoding: &'static Encoding| {
        encoding.decode_without_bom_handling_and_without_replacement(bytes).is_some()
    };
    // Kana have the same bytes in both; Chinese has none.
    if signs.kana * 4 > signs.usual && fits(EUC_JP) {
        return Some(EUC_JP);
    }
    let is_other = signs.rare * 2 > signs.usual
        || guess.is_single_byte() && is_cased(head, guess)
        || guess == EUC_KR && signs.korean == signs.usual && signs.usual >= FEW
        // One damaged byte in Chinese makes it no other language.
        || signs.odd * 4 > signs.usual && !fits(GB18030) && fits(guess);
    (is_other && guess != GBK && guess != GB18030).then_some(guess)
}

/// Fewer signs say nothing of the language.
const FEW: usize = 6;

/// Whether a text, read as GB18030, has single Chinese characters between Latin letters.
fn is_latin(head: &[u8]) -> bool {
    let (text, _) = GB18030.decode_without_bom_handling(head);
    let (mut strange, mut usual) = (0_usize, 0_usize);
    for line in text.lines() {
        let letters: Vec<char> = line.chars().collect();
        for run in letters.split(|c| c.is_ascii() && !c.is_ascii_alphabetic()) {
            let wide = run.iter().filter(|c| !c.is_ascii()).count();
            let lone = wide > 0 && wide * 2 < run.len();
            strange += if lone { wide } else { 0 };
            usual += if lone { 0 } else { wide };
        }
    }
    strange > usual
}

/// Whether a text, read in an encoding of letters, has its words in capitals or in small letters but
/// for the first: bytes of another script make letters of any case.
fn is_cased(head: &[u8], encoding: &'static Encoding) -> bool {
    let (text, _) = encoding.decode_without_bom_handling(head);
    let mut letters = 0_usize;
    for word in text.split(|letter: char| letter.is_ascii()) {
        let small = word.chars().skip(1).all(char::is_lowercase);
        if !small && !word.chars().all(char::is_uppercase) {
            return false;
        }
        letters += word.chars().count();
    }
    letters >= FEW * 2
}

/// What a text in GB18030 consists of.
#[derive(Debug, Default)]
struct Signs {
    /// Signs of GB/T 2312.
    usual: usize,
    /// Of these, the rare half of the characters.
    rare: usize,
    /// Of these, those whose bytes are a Korean syllable in EUC-KR.
    korean: usize,
    /// Of these, kana.
    kana: usize,
    /// Bytes and pairs of them that are no sign of GB/T 2312.
    odd: usize,
}

/// Counts the signs of a text.
fn signs(bytes: &[u8]) -> Signs {
    let mut signs = Signs::default();
    let mut rest = bytes;
    while let Some((first, after)) = rest.split_first() {
        rest = match (first, after.first()) {
            (0..=0x7F, _) => after,
            (0xA1..=0xA9 | 0xB0..=0xF7, Some(0xA1..=0xFE)) => {
                signs.usual += 1;
                signs.rare += usize::from(*first >= 0xD8);
                signs.kana += usize::from(matches!(first, 0xA4 | 0xA5));
                signs.korean += usize::from((0xB0..=0xC8).contains(first));
                after.get(1..).unwrap_or(&[])
            }
            // Four bytes of GB18030: a rare sign, whole.
            (0x81..=0xFE, Some(0x30..=0x39)) => {
                signs.odd += 1;
                after.get(3..).unwrap_or(&[])
            }
            (0x81..=0xFE, Some(0x40..=0xFE)) => {
                signs.odd += 1;
                after.get(1..).unwrap_or(&[])
            }
            _ => {
                signs.odd += 1;
                after
            }
        };
    }
    signs
}

/// A legacy encoding: GB18030 unless the text looks like another East Asian one.
fn legacy(bytes: &[u8]) -> &'static Encoding {
    let mut detector = chardetng::EncodingDetector::new(chardetng::Iso2022JpDetection::Deny);
    detector.feed(bytes.get(..bytes.len().min(1 << 20)).unwrap_or(bytes), true);
    let guess = detector.guess(Some(b"cn"), chardetng::Utf8Detection::Deny);
    let unlikely = guess.is_single_byte() || guess.name() == "GBK";
    if unlikely { GB18030 } else { guess }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    const TEXT: &str = "编码,名称\r\nA1,企业名称预先核准\r\nA2,“特种”行业许可证\r\n";

    fn stored(encoding: &'static Encoding) -> Vec<u8> {
        match encoding.name() {
            "UTF-16LE" => TEXT.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "UTF-16BE" => TEXT.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            _ => encoding.encode(TEXT).0.into_owned(),
        }
    }

    #[test]
    fn encodings_are_told_apart() {
        for encoding in [UTF_8, GB18030, UTF_16LE, UTF_16BE] {
            let bytes = stored(encoding);
            assert_eq!(detect(&bytes, None), Ok((encoding, 0)));
            assert_eq!(decode(&bytes, encoding, 0).text, TEXT);
        }
        assert_eq!(detect(b"\xEF\xBB\xBFa", None), Ok((UTF_8, 3)));
        assert_eq!(detect(b"\xFF\xFEa\0", Some("gbk")), Ok((UTF_16LE, 2)));
        assert_eq!(detect(b"a", Some("gbk")), Ok((GB18030, 0)));
        assert_eq!(detect(b"a", Some("gbq")), Err(Fault::UnknownEncoding("gbq".into())));
        assert_eq!(detect(b"", None), Ok((UTF_8, 0)));
    }

    #[test]
    fn one_bad_byte_does_not_make_a_file_another_encoding() {
        let mut bytes = TEXT.repeat(3).into_bytes();
        bytes.insert(18, 0xFF);
        assert_eq!(detect(&bytes, None), Ok((UTF_8, 0)));
        let decoded = decode(&bytes, UTF_8, 0);
        assert_eq!(decoded.damage, [(18, 0xFF)]);
        assert!(decoded.text.contains('\u{FFFD}'));
        let short = "名称".as_bytes();
        assert_eq!(detect(short.get(..5).unwrap(), None), Ok((UTF_8, 0)));
    }

    #[test]
    fn every_character_is_found_again_in_the_file() {
        let lines = "编码A1，𠀀企业\n".repeat(3000);
        // A long cell in which no byte tells by itself that a letter begins.
        let cell = lines.replace('\n', "数");
        let texts = [lines, cell];
        let encodings = [GB18030, UTF_16LE, UTF_8];
        for (text, encoding) in texts.iter().flat_map(|text| encodings.map(|of| (text, of))) {
            let bytes = match encoding.name() {
                "UTF-16LE" => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
                _ => encoding.encode(text).0.into_owned(),
            };
            let decoded = decode(&bytes, encoding, 0);
            assert_eq!(decoded.text, *text);
            assert!(decoded.checkpoints.len() > bytes.len() / (3 * STEP));
            for (decoded_at, _) in text.char_indices().step_by(997) {
                let after =
                    decoded.checkpoints.partition_point(|point| point.decoded <= decoded_at as u64);
                let point = decoded.checkpoints.get(after - 1).unwrap();
                let block = bytes.get(usize::try_from(point.stored).unwrap()..).unwrap();
                let length = decoded_at - usize::try_from(point.decoded).unwrap();
                let stored =
                    usize::try_from(point.stored).unwrap() + stored_length(block, encoding, length);
                let mut head = String::new();
                decode_block(bytes.get(..stored).unwrap(), encoding, &mut head, &mut Vec::new());
                assert_eq!(head.len(), decoded_at, "{}", encoding.name());
            }
        }
    }

    #[test]
    fn what_stands_behind_damaged_bytes_is_found_again() {
        let bytes = b"A\xB1,B\xFF\xFFC\x81\x30,D\xB1\nE";
        let mut text = String::new();
        decode_block(bytes, GB18030, &mut text, &mut Vec::new());
        for letter in ['A', 'B', 'C', 'D', 'E'] {
            let stored = bytes.iter().position(|byte| char::from(*byte) == letter);
            let length = text.find(letter).unwrap();
            assert_eq!(Some(stored_length(bytes, GB18030, length)), stored, "{letter}");
        }
    }
}
