//! JSON as `serde_json` reads it.
#![expect(clippy::unwrap_used, reason = "tests")]
use super::*;

/// Writes the events down as JSON again.
#[derive(Default)]
struct Copy(String);

impl Copy {
    fn separate(&mut self) {
        if !self.0.is_empty() && !self.0.ends_with(['[', '{', ':']) {
            self.0.push(',');
        }
    }
}

impl Sink for Copy {
    fn open_object(&mut self, _: usize, _: usize) {
        self.separate();
        self.0.push('{');
    }
    fn close_object(&mut self, _: usize) {
        self.0.push('}');
    }
    fn open_array(&mut self, _: usize) {
        self.separate();
        self.0.push('[');
    }
    fn close_array(&mut self) {
        self.0.push(']');
    }
    fn expected_key(&mut self, _: &[u8], _: usize) -> Option<usize> {
        None
    }
    fn key(&mut self, name: &str, _: Range<usize>) {
        self.separate();
        self.0.push_str(&serde_json::to_string(name).unwrap());
        self.0.push(':');
    }
    fn scalar(&mut self, value: Scalar<'_>, _: Range<usize>) {
        self.separate();
        let text = match value {
            Scalar::Text(text) => serde_json::to_string(text).unwrap(),
            Scalar::Number(text) | Scalar::Moment(text) => text.to_owned(),
            Scalar::Bool(value) => value.to_string(),
            Scalar::Null => "null".to_owned(),
        };
        self.0.push_str(&text);
    }
}

fn copy(text: &str) -> Result<String, Problem> {
    let mut sink = Copy::default();
    read(text, 0, &mut sink).map(|()| sink.0).map_err(|broken| broken.problem)
}

const SAMPLE: &str = r#" {"a": [1, -0.5e+3, 0, {}], "b\u00e9\n": {"c": "\ud83d\ude00\"\\\/", "d": [true, false, null, []]}, "一二三四五六七": "八九"} "#;

#[test]
fn agrees_with_serde_json_on_damaged_texts() {
    let mut state = 7_u64;
    let mut next = |below: usize| {
        state =
            state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    };
    let chars: Vec<char> = SAMPLE.chars().collect();
    let spice: Vec<char> = "[]{}:,\"\\ueE+-.01d\n\u{1}一 tfn".chars().collect();
    for _ in 0..20_000 {
        let mut damaged = chars.clone();
        for _ in 0..=next(2) {
            let at = next(damaged.len());
            match next(3) {
                0 => drop(damaged.remove(at)),
                1 => damaged.insert(at, spice.get(next(spice.len())).copied().unwrap()),
                _ => damaged.truncate(at + 1),
            }
        }
        let text: String = damaged.into_iter().collect();
        let theirs = serde_json::from_str::<serde_json::Value>(&text).ok();
        let mine =
            copy(&text).ok().map(|copy| serde_json::from_str::<serde_json::Value>(&copy).unwrap());
        assert_eq!(mine, theirs, "{text}");
    }
}

#[test]
fn each_problem_has_its_smallest_text() {
    let deep = "[".repeat(65);
    let texts = [
        ("", Problem::Nothing),
        (" \n\t", Problem::Nothing),
        ("[1", Problem::End),
        ("[,]", Problem::Value),
        ("[None]", Problem::Word),
        ("[1,]", Problem::TrailingComma),
        ("{\"a\": 1,}", Problem::TrailingComma),
        ("{a: 1}", Problem::Key),
        ("{\"a\" 1}", Problem::Colon),
        ("[1 2]", Problem::ArrayEnd),
        ("{\"a\": 1 \"b\": 2}", Problem::ObjectEnd),
        ("01", Problem::Number),
        ("1.", Problem::Number),
        ("-", Problem::Number),
        ("\"a\n\"", Problem::Control),
        ("\"\\x\"", Problem::Escape),
        ("\"\\ud800\"", Problem::Surrogate),
        ("\"\\udc00\\ud800\"", Problem::Surrogate),
        ("['a']", Problem::SingleQuote),
        ("// a", Problem::Comment),
        ("{} {}", Problem::After),
        (&deep, Problem::Depth),
    ];
    for (text, problem) in texts {
        assert_eq!(copy(text), Err(problem), "{text}");
    }
    assert!(copy(&format!("{}{}", "[".repeat(64), "]".repeat(64))).is_ok());
}

#[test]
fn special_bytes_are_found_at_every_offset() {
    for length in 0..40 {
        for byte in [b'"', b'\\', 0, 0x1F] {
            let mut bytes = vec![0xE4; 40];
            assert_eq!(special(&bytes, length), 40);
            if let Some(slot) = bytes.get_mut(length) {
                *slot = byte;
            }
            assert_eq!(special(&bytes, 0), length);
        }
    }
}
