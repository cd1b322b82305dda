//! What the pages say: message catalogues in English and Welsh, and the numbers, days and ages that stand in them.
//!
//! A message is named by an id; nothing that a person reads stands anywhere else. Codes of the record (`owner-occupied`) have
//! messages of their own family (`tenure-owner-occupied`).

pub mod clockwork;
pub mod refused;

use std::sync::OnceLock;

use doorstep_client_core::records::rooms;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};

pub use clockwork::{DAY_MS, HOUR_MS, MINUTE_MS};

/// The English catalogue.
pub const ENGLISH: &str = concat!(include_str!("../locales/en.ftl"), "\n", include_str!("../locales/en/office.ftl"));
/// The Welsh catalogue.
pub const WELSH: &str = concat!(include_str!("../locales/cy.ftl"), "\n", include_str!("../locales/cy/office.ftl"));

/// A language of the pages.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Welsh.
    Welsh,
}

impl Language {
    /// As `lang` attributes and the cookie have it.
    #[must_use]
    pub const fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Welsh => "cy",
        }
    }

    /// The language of a tag.
    #[must_use]
    pub fn of(tag: &str) -> Option<Self> {
        match tag {
            "en" => Some(Self::English),
            "cy" => Some(Self::Welsh),
            _ => None,
        }
    }

    /// The first of the languages that a browser asks for that there is.
    #[must_use]
    pub fn asked_for(accept_language: &str) -> Self {
        let asked = accept_language.split(',').filter_map(|one| one.trim().get(..2));
        asked.into_iter().find_map(Self::of).unwrap_or_default()
    }
}

/// What stands in a placeholder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arg {
    /// A number; it chooses the plural form.
    Number(u64),
    /// Text.
    Text(String),
    /// What the core refuses, in its own English: said in the language of the page.
    Refused(String),
}

macro_rules! numbers {
    ($($ty:ty),+) => {$(
        impl From<$ty> for Arg {
            fn from(number: $ty) -> Self {
                Self::Number(u64::try_from(number).unwrap_or_default())
            }
        }
    )+};
}

numbers!(u64, u32, usize, i64, u16);

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

/// A message that is said later, in whatever language is then asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// Its id.
    pub id: &'static str,
    /// What stands in its placeholders.
    pub args: Vec<(&'static str, Arg)>,
}

impl Message {
    /// One without placeholders.
    #[must_use]
    pub const fn new(id: &'static str) -> Self {
        Self { id, args: Vec::new() }
    }

    /// The same with a placeholder filled.
    #[must_use]
    pub fn with(mut self, name: &'static str, arg: impl Into<Arg>) -> Self {
        self.args.push((name, arg.into()));
        self
    }
}

/// Says messages in one language.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Speech {
    /// The language.
    pub language: Language,
}

impl Speech {
    /// In this language.
    #[must_use]
    pub const fn of(language: Language) -> Self {
        Self { language }
    }

    /// A message without placeholders.
    #[must_use]
    pub fn say(self, id: &str) -> String {
        self.format(id, None)
    }

    /// A message with one placeholder.
    #[must_use]
    pub fn tell(self, id: &str, name: &'static str, arg: impl Into<Arg>) -> String {
        self.format(id, Some(&[(name, arg.into())]))
    }

    /// A message with several.
    #[must_use]
    pub fn tell_all(self, id: &str, args: &[(&'static str, Arg)]) -> String {
        self.format(id, Some(args))
    }

    /// A message that was named before.
    #[must_use]
    pub fn message(self, message: &Message) -> String {
        self.format(message.id, Some(&message.args))
    }

    /// A code of the record in words. A code that a newer version wrote is shown as it is, without its hyphens.
    #[must_use]
    pub fn code(self, family: &str, code: &str) -> String {
        // Rooms have their words with the record: they are one room in both languages.
        if family == "room" {
            return self.room(code);
        }
        let id = format!("{family}-{}", code.to_lowercase());
        match self.find(&id, None) {
            Some(words) => words,
            None => code.replace(['-', '_'], " "),
        }
    }

    /// A room as people say it in this language, where it is one that most homes have; any other as it was typed.
    #[must_use]
    pub fn room(self, room: &str) -> String {
        let known = rooms::known(room).map(|known| match self.language {
            Language::English => known.en,
            Language::Welsh => known.cy,
        });
        known.unwrap_or(room).to_owned()
    }

    fn refused(self, text: &str) -> String {
        let welsh = (self.language == Language::Welsh).then(|| refused::in_welsh(text)).flatten();
        welsh.unwrap_or_else(|| text.to_owned())
    }

    /// A message, if there is one of this id.
    #[must_use]
    pub fn find(self, id: &str, args: Option<&[(&'static str, Arg)]>) -> Option<String> {
        let bundle = bundle(self.language);
        let pattern = bundle.get_message(id)?.value()?;
        let args = args.map(|args| {
            let mut filled = FluentArgs::with_capacity(args.len());
            for (name, arg) in args {
                filled.set(
                    *name,
                    match arg {
                        Arg::Number(number) => FluentValue::from(*number),
                        Arg::Text(text) => FluentValue::from(text.as_str()),
                        Arg::Refused(text) => FluentValue::from(self.refused(text)),
                    },
                );
            }
            filled
        });
        let mut errors = Vec::new();
        let said = bundle.format_pattern(pattern, args.as_ref(), &mut errors).into_owned();
        if !errors.is_empty() {
            tracing::error!(id, "a message lacks what stands in it");
        }
        Some(said)
    }

    fn format(self, id: &str, args: Option<&[(&'static str, Arg)]>) -> String {
        self.find(id, args).unwrap_or_else(|| {
            tracing::error!(id, "there is no such message");
            id.to_owned()
        })
    }
}

/// The name of a variant as the catalogue spells it.
#[must_use]
pub fn kebab(name: &str) -> String {
    let mut text = String::with_capacity(name.len() + 4);
    for sign in name.chars() {
        if sign.is_ascii_uppercase() && !text.is_empty() {
            text.push('-');
        }
        text.push(sign.to_ascii_lowercase());
    }
    text
}

fn bundle(language: Language) -> &'static FluentBundle<FluentResource> {
    static BUNDLES: OnceLock<[FluentBundle<FluentResource>; 2]> = OnceLock::new();
    let [english, welsh] = BUNDLES.get_or_init(|| [made(Language::English), made(Language::Welsh)]);
    match language {
        Language::English => english,
        Language::Welsh => welsh,
    }
}

fn made(language: Language) -> FluentBundle<FluentResource> {
    let text = match language {
        Language::English => ENGLISH,
        Language::Welsh => WELSH,
    };
    let locale = language.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![locale]);
    // Signs around placeholders help where directions of writing mix; here they would only get into what is copied.
    bundle.set_use_isolating(false);
    // The tests read both files strictly; what a broken line leaves over is still said.
    let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(whole, _)| whole);
    if bundle.add_resource(resource).is_err() {
        tracing::error!(language = language.tag(), "a message stands twice");
    }
    bundle
}
