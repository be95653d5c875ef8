//! XES, IEEE 1849: a log of traces with events. A trace is a row, its attributes are fields, its
//! events the elements of a list.

use super::event::{Scalar, Sink};
use super::fault::Fault;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};
use std::ops::Range;

/// What stopped the reading.
pub struct Broken {
    /// Where.
    pub span: Range<usize>,
    /// What is wrong.
    pub fault: Fault,
}

/// Attributes nest this deep.
const DEEPEST: usize = 64;

/// Reads a log into `sink`: each trace an object, its events an array under the key `list`. Events
/// in no trace are counted, with the place of the first.
///
/// # Errors
/// Where the XML is broken: what came before has been read, the open trace is to be given up.
pub fn read<S: Sink>(
    text: &str,
    list: &str,
    sink: &mut S,
    strays: &mut Option<(Range<usize>, usize)>,
) -> Result<(), Broken> {
    let mut xml = Reader::from_str(text);
    let mut log = Log { list, base: 0, depth: 0, sink };
    let (mut is_log, mut is_over) = (false, false);
    loop {
        let at = position(&xml);
        match next(&mut xml)? {
            Event::Start(found) if is_log && found.local_name().as_ref() == "event" => {
                strays.get_or_insert((at..position(&xml), 0)).1 += 1;
                skip(&mut xml, 1)?;
            }
            Event::Empty(found) if is_log && found.local_name().as_ref() == "event" => {
                strays.get_or_insert((at..position(&xml), 0)).1 += 1;
            }
            Event::Start(found) if found.local_name().as_ref() == "log" => is_log = true,
            Event::Start(found) if is_log && found.local_name().as_ref() == "trace" => {
                log.trace(&mut xml, at)?
            }
            Event::Empty(found) if is_log && found.local_name().as_ref() == "trace" => {
                log.empty_trace(at..position(&xml))
            }
            Event::Empty(found) if found.local_name().as_ref() == "log" => {
                (is_log, is_over) = (true, true)
            }
            Event::Start(_) if is_log => skip(&mut xml, 1)?,
            Event::End(_) if is_log => is_over = true,
            Event::Eof if is_over => return Ok(()),
            Event::Eof if is_log => return Err(ended(&xml)),
            Event::Eof => return Err(Broken { span: 0..0, fault: Fault::NotLog }),
            _ => {}
        }
    }
}

/// Reads the trace that begins at a byte; `None` where the text ends before it does.
pub fn read_trace<S: Sink>(text: &str, at: usize, list: &str, sink: &mut S) -> Option<()> {
    let mut xml = Reader::from_str(text.get(at..)?);
    let mut log = Log { list, base: at, depth: 0, sink };
    match xml.read_event().ok()? {
        Event::Start(_) => log.trace(&mut xml, 0).ok(),
        Event::Empty(_) => {
            log.empty_trace(at..at + position(&xml));
            Some(())
        }
        _ => None,
    }
}

fn position(xml: &Reader<&[u8]>) -> usize {
    usize::try_from(xml.buffer_position()).unwrap_or(usize::MAX)
}

fn next<'t>(xml: &mut Reader<&'t [u8]>) -> Result<Event<'t>, Broken> {
    let before = position(xml);
    let event = xml.read_event().map_err(|error| {
        let at = usize::try_from(xml.error_position()).unwrap_or(usize::MAX);
        broken(at, error.to_string())
    })?;
    match &event {
        // `quick-xml` takes `< key="…"/>` for an element whose name has no letters.
        Event::Start(found) | Event::Empty(found) if found.name().as_ref().is_empty() => {
            Err(broken(before, "an element has no name".to_owned()))
        }
        _ => Ok(event),
    }
}

fn broken(at: usize, error: String) -> Broken {
    Broken { span: at..at + 1, fault: Fault::Xml(error) }
}

/// Passes over the rest of an element.
fn skip(xml: &mut Reader<&[u8]>, mut open: usize) -> Result<(), Broken> {
    while open > 0 {
        match next(xml)? {
            Event::Start(_) => open += 1,
            Event::End(_) => open -= 1,
            Event::Eof => return Err(ended(xml)),
            _ => {}
        }
    }
    Ok(())
}

fn ended(xml: &Reader<&[u8]>) -> Broken {
    broken(position(xml).saturating_sub(1), "unexpected end".to_owned())
}

/// A log being read.
struct Log<'s, S> {
    list: &'s str,
    /// What the reader's positions count from.
    base: usize,
    depth: usize,
    sink: &'s mut S,
}

impl<S: Sink> Log<'_, S> {
    /// A trace, whose first tag has been read.
    fn trace(&mut self, xml: &mut Reader<&[u8]>, at: usize) -> Result<(), Broken> {
        self.sink.open_object(self.base + at, self.base + position(xml));
        let (mut has_events, mut is_listed) = (false, false);
        loop {
            let at = position(xml);
            let event = next(xml)?;
            let is_empty = matches!(event, Event::Empty(_));
            match event {
                Event::Start(found) | Event::Empty(found)
                    if found.local_name().as_ref() == "event" =>
                {
                    if !has_events {
                        self.sink.key(self.list, self.base + at..self.base + position(xml));
                        self.sink.open_array(self.base + at);
                        (has_events, is_listed) = (true, true);
                    }
                    self.sink.open_object(self.base + at, self.base + position(xml));
                    if !is_empty {
                        self.attributes(xml, "")?;
                    }
                    self.sink.close_object(self.base + position(xml));
                }
                Event::Start(found) | Event::Empty(found) => {
                    if std::mem::take(&mut has_events) {
                        self.sink.close_array();
                    }
                    self.attribute(xml, &found, at, is_empty, "")?;
                }
                Event::End(_) => break,
                Event::Eof => return Err(ended(xml)),
                _ => {}
            }
        }
        let end = self.base + position(xml);
        if has_events {
            self.sink.close_array();
        }
        if !is_listed {
            self.no_events(self.base + at..end);
        }
        self.sink.close_object(end);
        Ok(())
    }

    /// A trace of nothing.
    fn empty_trace(&mut self, span: Range<usize>) {
        self.sink.open_object(span.start, span.end);
        self.no_events(span.clone());
        self.sink.close_object(span.end);
    }

    /// A trace without events has an empty list of them.
    fn no_events(&mut self, span: Range<usize>) {
        self.sink.key(self.list, span.clone());
        self.sink.open_array(span.start);
        self.sink.close_array();
    }

    /// The attributes of an event or of an attribute, up to its end.
    fn attributes(&mut self, xml: &mut Reader<&[u8]>, within: &str) -> Result<(), Broken> {
        loop {
            let at = position(xml);
            match next(xml)? {
                Event::Start(found) => self.attribute(xml, &found, at, false, within)?,
                Event::Empty(found) => self.attribute(xml, &found, at, true, within)?,
                Event::End(_) => return Ok(()),
                Event::Eof => return Err(ended(xml)),
                _ => {}
            }
        }
    }

    /// One attribute; those of an attribute have its key before theirs, with `/` between.
    fn attribute(
        &mut self,
        xml: &mut Reader<&[u8]>,
        found: &BytesStart<'_>,
        at: usize,
        is_empty: bool,
        within: &str,
    ) -> Result<(), Broken> {
        let span = self.base + at..self.base + position(xml);
        let (mut key, mut value) = (None, None);
        for attribute in found.attributes() {
            let attribute = attribute.map_err(|error| broken(at, error.to_string()))?;
            let slot = match attribute.key.as_ref() {
                "key" => &mut key,
                "value" => &mut value,
                _ => continue,
            };
            let text = attribute
                .normalized_value(quick_xml::XmlVersion::Implicit1_0)
                .map_err(|error| broken(at, error.to_string()))?;
            *slot = Some(text.into_owned());
        }
        let name = key.unwrap_or_default();
        let name = if within.is_empty() { name } else { format!("{within}/{name}") };
        if let Some(value) = &value
            && !name.is_empty()
        {
            self.sink.key(&name, span.clone());
            self.sink.scalar(Scalar::Text(value), span);
        }
        if is_empty {
            return Ok(());
        }
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Broken { span: at..position(xml), fault: Fault::TooDeep { lines: false } });
        }
        self.attributes(xml, &name)?;
        self.depth -= 1;
        Ok(())
    }
}

/// The encoding an XML text declares.
#[must_use]
pub fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(200))?).into_owned();
    let declaration =
        head.trim_start_matches('\u{FEFF}').strip_prefix("<?xml")?.split("?>").next()?.to_owned();
    let value = declaration
        .split("encoding")
        .nth(1)?
        .trim_start()
        .strip_prefix('=')?
        .trim_start()
        .to_owned();
    let quote = value.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    value.get(1..)?.split(quote).next().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_xml_declaration_may_name_the_encoding() {
        assert_eq!(
            declared_encoding(b"<?xml version=\"1.0\" encoding='GB18030' ?><log/>").as_deref(),
            Some("GB18030")
        );
        assert_eq!(declared_encoding(b"<?xml version=\"1.0\"?><log/>"), None);
        assert_eq!(declared_encoding(b"<log/>"), None);
    }
}
