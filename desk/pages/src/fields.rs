//! What was typed into a form, kept as it was typed, and the errors that stand at its fields.

use std::collections::BTreeMap;
use std::str::FromStr;

use bytes::Bytes;
use doorstep_protocol::Millis;

use crate::words::{Message, clockwork};

/// Bytes of one form.
pub const FORM_BYTES_MAX: usize = 256 * 1_024;
/// Fields of one form.
const FIELDS_MAX: usize = 400;

/// A file that came with a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Upload {
    /// It is here, whole.
    File(Bytes),
    /// It was longer than may be, and was not kept.
    TooLong {
        /// Bytes found.
        found_bytes: usize,
    },
}

/// A form that came in, or an empty one.
#[derive(Clone, Debug, Default)]
pub struct Fields {
    values: Vec<(String, String)>,
    uploads: Vec<(String, Upload)>,
    errors: BTreeMap<String, Message>,
}

impl Fields {
    /// From the body of a request.
    #[must_use]
    pub fn parse(body: &[u8]) -> Self {
        let values = form_urlencoded::parse(body).map(|(name, value)| (name.into_owned(), value.into_owned()));
        Self::of_parts(values, Vec::new())
    }

    /// From the parts of a form that carries files.
    #[must_use]
    pub fn of_parts(values: impl IntoIterator<Item = (String, String)>, uploads: Vec<(String, Upload)>) -> Self {
        // Browsers send line ends as two signs.
        let values = values.into_iter().map(|(name, value)| (name, value.replace("\r\n", "\n")));
        Self { values: values.take(FIELDS_MAX).collect(), uploads, errors: BTreeMap::new() }
    }

    /// A form that is filled before anybody typed.
    #[must_use]
    pub fn filled<'a>(values: impl IntoIterator<Item = (&'a str, String)>) -> Self {
        let values = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { values, uploads: Vec::new(), errors: BTreeMap::new() }
    }

    /// Some of the fields, without their errors: what is remembered of a form.
    #[must_use]
    pub fn only(&self, names: &[&str]) -> Self {
        let named = |(name, value): &&(String, String)| names.contains(&name.as_str()) && !value.is_empty();
        Self { values: self.values.iter().filter(named).cloned().collect(), ..Self::default() }
    }

    /// The same with one field filled anew.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.values.retain(|(known, _)| known != name);
        self.values.push((name.to_owned(), value.into()));
        self
    }

    /// What was typed, as it was typed; empty when nothing was.
    #[must_use]
    pub fn typed(&self, name: &str) -> &str {
        self.values.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }

    /// The first file of these fields that came; a page may offer two ways to one file.
    #[must_use]
    pub fn upload(&self, names: &[&str]) -> Option<&Upload> {
        self.uploads.iter().find(|(known, _)| names.contains(&known.as_str())).map(|(_, upload)| upload)
    }

    /// Every value of a field that may be chosen several times.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        self.values.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Whether a box is ticked.
    #[must_use]
    pub fn is_ticked(&self, name: &str) -> bool {
        !self.typed(name).is_empty()
    }

    /// The error at a field.
    #[must_use]
    pub fn error(&self, name: &str) -> Option<&Message> {
        self.errors.get(name)
    }

    /// Every error, by field.
    #[must_use]
    pub const fn errors(&self) -> &BTreeMap<String, Message> {
        &self.errors
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.errors.is_empty()
    }

    /// Puts an error at a field; the first one stays.
    pub fn refuse(&mut self, name: &str, message: Message) {
        self.errors.entry(name.to_owned()).or_insert(message);
    }

    /// Text without the blanks around it; `None` when nothing was typed.
    pub fn text(&mut self, name: &str, chars_max: usize) -> Option<String> {
        let text = self.typed(name).trim().to_owned();
        let chars = text.chars().count();
        if chars > chars_max {
            self.refuse(name, Message::new("error-too-long").with("max", chars_max).with("n", chars));
            return None;
        }
        (!text.is_empty()).then_some(text)
    }

    /// The same, where something must be typed.
    pub fn text_needed(&mut self, name: &str, chars_max: usize) -> Option<String> {
        let text = self.text(name, chars_max);
        if text.is_none() {
            self.refuse(name, Message::new("error-fill"));
        }
        text
    }

    /// Something of an exact form: a postcode, a day, a code.
    pub fn parsed<T: FromStr>(&mut self, name: &str, refusal: &'static str) -> Option<T> {
        let text = self.typed(name).trim();
        if text.is_empty() {
            return None;
        }
        match text.parse() {
            Ok(value) => Some(value),
            Err(_) => {
                self.refuse(name, Message::new(refusal));
                None
            }
        }
    }

    /// The same, where something must be said.
    pub fn chosen<T: FromStr>(&mut self, name: &str) -> Option<T> {
        let value = self.parsed(name, "error-choose");
        if value.is_none() {
            self.refuse(name, Message::new("error-choose"));
        }
        value
    }

    /// A moment by the clock of where this program runs: `2026-03-09T14:05`.
    pub fn moment(&mut self, name: &str) -> Option<Millis> {
        let text = self.typed(name).trim();
        if text.is_empty() {
            return None;
        }
        let read = clockwork::moment_typed(text);
        if read.is_none() {
            self.refuse(name, Message::new("error-moment"));
        }
        read
    }

    /// A whole number within its limits.
    pub fn number(&mut self, name: &str, (min, max): (i64, i64)) -> Option<i64> {
        let text = self.typed(name).trim();
        if text.is_empty() {
            return None;
        }
        match text.parse::<i64>() {
            Ok(number) if (min..=max).contains(&number) => Some(number),
            _ => {
                let refusal = Message::new("error-number").with("min", min.to_string()).with("max", max.to_string());
                self.refuse(name, refusal);
                None
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_kept_beside_its_error() {
        let mut fields = Fields::parse(b"rating=ten&room=+Front+room&note=one%0D%0Atwo");
        assert_eq!(fields.number("rating", (1, 9)), None);
        assert_eq!(fields.typed("rating"), "ten");
        assert_eq!(fields.error("rating").map(|error| error.id), Some("error-number"));
        assert_eq!(fields.text("room", 80).as_deref(), Some("Front room"));
        assert_eq!(fields.text("note", 3), None, "too long");
        assert_eq!(fields.error("note").map(|error| error.id), Some("error-too-long"));
        assert_eq!(fields.typed("note"), "one\ntwo");
        assert!(!fields.is_sound());
    }

    #[test]
    fn a_moment_is_read_as_it_is_shown_and_nothing_else_is_one() {
        let at = Millis(1_773_065_100_000);
        let mut fields = Fields::filled([("at", clockwork::moment_to_type(at)), ("bad", "9 March, noon".to_owned())]);
        assert_eq!(fields.moment("at"), Some(at));
        assert_eq!((fields.moment("none"), fields.is_sound()), (None, true));
        assert_eq!(fields.moment("bad"), None);
        assert_eq!(fields.error("bad").map(|error| error.id), Some("error-moment"));
    }

    #[test]
    fn what_is_remembered_of_a_form_is_what_was_asked_for() {
        let fields = Fields::parse(b"token=00&filter_text=okoro&filter_area=&how=all");
        let kept = fields.only(&["filter_text", "filter_area"]).with("from", "50").with("from", "100");
        assert_eq!((kept.typed("filter_text"), kept.typed("token"), kept.typed("from")), ("okoro", "", "100"));
    }

    #[test]
    fn what_is_needed_is_asked_for_once() {
        let mut fields = Fields::parse(b"kind=&state=nonsense");
        assert_eq!(fields.chosen::<u8>("kind"), None);
        assert_eq!(fields.chosen::<u8>("state"), None);
        assert_eq!(fields.text_needed("text", 10), None);
        let ids: Vec<&str> = fields.errors().values().map(|error| error.id).collect();
        assert_eq!(ids, ["error-choose", "error-choose", "error-fill"]);
    }
}
