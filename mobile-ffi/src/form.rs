//! Forms of visits and lists of codes, as a partnership has published them.

use std::sync::Arc;

use doorstep_client_core::records::packs::{self, AnswerKind, Code, Content, Pack, Question, Subject};
use doorstep_client_core::records::{Date, home};

use crate::error::DoorstepError;
use crate::measures::Figure;
use crate::open::Shared;
use crate::words::{HazardScheme, VisitKind};

/// Forms and code lists of a device, as its partnership has published them.
#[derive(uniffi::Object)]
pub struct Forms {
    pub(crate) shared: Arc<Shared>,
}

/// Words in both languages.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct Words {
    /// English.
    pub en: String,
    /// Welsh.
    pub cy: String,
}

/// A code, and what it stands for.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct ListedCode {
    /// The code.
    pub code: String,
    /// What it stands for.
    pub words: Words,
}

/// A form.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct VisitForm {
    /// Its id: what answers name.
    pub id: String,
    /// Its version.
    pub version: i64,
    /// Its title.
    pub title: Words,
    /// In their order.
    pub questions: Vec<FormQuestion>,
}

/// A question.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct FormQuestion {
    /// Its id within the form.
    pub id: String,
    /// The question.
    pub text: Words,
    /// What may be answered.
    pub answer: AnswerForm,
    /// It is asked for each room.
    pub is_per_room: bool,
    /// It is about a person: asked of each who lives there, and an answer says whose it is.
    pub is_about_person: bool,
    /// A visit that is done has an answer to it.
    pub is_required: bool,
    /// It is asked only when another one has one of these answers.
    pub when: Option<AskedWhen>,
}

/// When a question is asked.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct AskedWhen {
    /// The other question.
    pub question: String,
    /// `yes`, `no`, or codes of its options.
    pub is: Vec<String>,
}

/// What may be answered.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum AnswerForm {
    /// Yes or no.
    YesNo,
    /// A figure from the least to the most, both in their unit where there is one.
    Whole {
        /// At least.
        least: i64,
        /// At most.
        most: i64,
        /// The least with its unit.
        unit: Option<Figure>,
    },
    /// One of these, or several.
    Choice {
        /// In their order.
        options: Vec<ListedCode>,
        /// Several may be chosen.
        several: bool,
    },
    /// A day.
    Day,
    /// Words.
    Text,
}

#[uniffi::export]
impl Forms {
    /// The forms of a kind of visit, as of today.
    ///
    /// # Errors
    /// [`DoorstepError::Storage`].
    pub fn for_visit(&self, kind: VisitKind) -> Result<Vec<VisitForm>, DoorstepError> {
        let kind: home::VisitKind = kind.into();
        self.shared.read(|client| {
            let (book, today) = (client.packs().book()?, Date::of(client.now()));
            Ok(book.forms(&kind, &today).into_iter().map(|(pack, _)| form(pack)).collect())
        })
    }

    /// The codes of a list of hazards, as of today.
    ///
    /// # Errors
    /// [`DoorstepError::Storage`].
    pub fn codes(&self, scheme: HazardScheme) -> Result<Vec<ListedCode>, DoorstepError> {
        let scheme: doorstep_client_core::records::hazard_codes::Scheme = scheme.into();
        self.shared.read(|client| {
            let (book, today) = (client.packs().book()?, Date::of(client.now()));
            let codes = book.codes(scheme.as_str(), &today).map(|(codes, _)| codes.codes.iter().map(listed).collect());
            Ok(codes.unwrap_or_default())
        })
    }
}

fn listed(code: &Code) -> ListedCode {
    ListedCode { code: code.code.clone(), words: Words { en: code.en.clone(), cy: code.cy.clone() } }
}

fn form(pack: &Pack) -> VisitForm {
    let questions = match &pack.content {
        Content::Form(form) => form.questions.iter().map(Into::into).collect(),
        _ => Vec::new(),
    };
    let title = (&pack.title).into();
    VisitForm { id: pack.id.clone(), version: pack.version, title, questions }
}

impl From<&Question> for FormQuestion {
    fn from(of: &Question) -> Self {
        Self {
            id: of.id.clone(),
            text: (&of.text).into(),
            answer: match &of.answer {
                AnswerKind::YesNo => AnswerForm::YesNo,
                AnswerKind::Whole { min, max, unit } => {
                    AnswerForm::Whole { least: *min, most: *max, unit: unit.clone().map(|unit| Figure::of(*min, unit)) }
                }
                AnswerKind::Choice { options, several } => {
                    AnswerForm::Choice { options: options.iter().map(listed).collect(), several: *several }
                }
                AnswerKind::Day => AnswerForm::Day,
                AnswerKind::Text => AnswerForm::Text,
            },
            is_per_room: of.rooms,
            is_about_person: of.about == Subject::Person,
            is_required: of.required,
            when: of.when.as_ref().map(|when| AskedWhen { question: when.question.clone(), is: when.is.clone() }),
        }
    }
}

impl From<&packs::Words> for Words {
    fn from(words: &packs::Words) -> Self {
        Self { en: words.en.clone(), cy: words.cy.clone() }
    }
}
