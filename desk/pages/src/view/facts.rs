//! How facts are shown: with who and when, never without.

use doorstep_client_core::client::NameBook;
use doorstep_client_core::records::{Date, Provenance, Value};
use doorstep_protocol::Millis;
use maud::{Markup, html};

use crate::words::Speech;

/// What facts on a page are shown with.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    /// The words.
    pub speech: Speech,
    /// The names.
    pub names: &'a NameBook,
    /// Now.
    pub now: Millis,
}

impl Facts<'_> {
    /// Who and how long ago, with the exact moment for who asks for it.
    #[must_use]
    pub fn by(&self, made: Option<&Provenance>) -> Markup {
        match made {
            Some(made) => html! {
                span.by {
                    (self.names.who(made.who)) ", "
                    time datetime=(iso(made.at)) title=(self.speech.moment(made.at, self.now)) { (self.speech.since(made.at, self.now)) }
                }
            },
            None => html! { span.by { (self.speech.say("by-unknown")) } },
        }
    }

    /// A fact in a list: what is said, its first part in bold, and by whom.
    #[must_use]
    pub fn line(&self, words: &str, made: Option<&Provenance>, disputed: &[&str]) -> Markup {
        self.line_with(words, made, disputed, &html! {})
    }

    /// The same with more below it: pictures, what can be done about it.
    #[must_use]
    pub fn line_with(&self, words: &str, made: Option<&Provenance>, disputed: &[&str], more: &Markup) -> Markup {
        let (first, rest) = words.split_once(", ").unwrap_or((words, ""));
        html! {
            li.fact {
                span.words { strong { (first) } @if !rest.is_empty() { span.rest { ", " (rest) } } }
                @if !disputed.is_empty() { " " (self.disputed()) }
                (self.by(made))
                (more)
            }
        }
    }

    /// That people disagree.
    #[must_use]
    pub fn disputed(&self) -> Markup {
        html! { span.tag.warn { (self.speech.say("disputed")) } }
    }

    /// The same beside other values: a day as people say it, and ids, which say nothing to a person, as a sign.
    #[must_use]
    pub fn brief(&self, value: &Value, family: Option<&str>) -> String {
        match value {
            Value::Text(text) if are_ids(text) => "…".to_owned(),
            Value::Text(day) if family.is_none() && day.parse::<Date>().is_ok() => self.speech.day(day),
            other => self.value(other, family),
        }
    }

    /// A value of a field in words. `family` names the codes of the field, if it holds any.
    #[must_use]
    pub fn value(&self, value: &Value, family: Option<&str>) -> String {
        match value {
            Value::Cleared => self.speech.say("value-cleared"),
            Value::Truth(true) => self.speech.say("yes"),
            Value::Truth(false) => self.speech.say("no"),
            Value::Whole(number) => number.to_string(),
            Value::Moment(at) => self.speech.moment(*at, self.now),
            Value::Text(text) => family.map_or_else(|| text.clone(), |family| self.speech.code(family, text)),
            Value::Hidden(_) => self.speech.say("value-hidden"),
            Value::Unreadable => self.speech.say("value-newer"),
        }
    }
}

/// Digits of an id in a text; a change has more.
const ID_DIGITS: usize = 32;

/// Whether a text is an id, or several with spaces between.
fn are_ids(text: &str) -> bool {
    let is_id = |word: &str| word.len() >= ID_DIGITS && word.bytes().all(|sign| sign.is_ascii_hexdigit());
    !text.is_empty() && text.split(' ').all(is_id)
}

/// Parts of a line that are filled, with commas between.
#[must_use]
pub fn join(parts: impl IntoIterator<Item = Option<String>>) -> String {
    parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
}

/// A moment as machines read it.
#[must_use]
pub fn iso(at: Millis) -> String {
    i64::try_from(at.0)
        .ok()
        .and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok())
        .map(|at| at.to_string())
        .unwrap_or_default()
}

/// A section of facts under a heading, or nothing where there are none.
#[must_use]
pub fn section(heading: &str, lines: &[Markup]) -> Markup {
    html! {
        @if !lines.is_empty() {
            section.card { h2 { (heading) } ul.facts { @for line in lines { (line) } } }
        }
    }
}
