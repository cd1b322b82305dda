//! Forms: their questions, answers to them, and lists of codes.

use std::sync::Arc;

use doorstep_client_core::records::answers::Answer;
use doorstep_client_core::records::packs::{AnswerKind, Code, Content, Pack, Question};
use doorstep_client_core::records::{Date, home};

use crate::error::DoorstepError;
use crate::measures::{Day, Figure};
use crate::open::Shared;
use crate::quiet::quiet;
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
pub struct Form {
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
    pub per_room: bool,
    /// A visit that is done has an answer to it.
    pub required: bool,
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

/// What was answered.
#[derive(Clone, PartialEq, Eq, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum Answered {
    /// Yes or no.
    YesNo {
        /// Yes.
        yes: bool,
    },
    /// A number without a unit.
    Whole {
        /// The number.
        number: i64,
    },
    /// A figure with its unit.
    Measured {
        /// The figure.
        figure: Figure,
    },
    /// The codes of what was chosen, in the order of the form.
    Chosen {
        /// The codes.
        codes: Vec<String>,
    },
    /// A day.
    Day {
        /// The day.
        day: Day,
    },
    /// Words.
    Text {
        /// The words.
        words: String,
    },
}

/// An answer to a question.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct AnswerGiven {
    /// The question, by its id.
    pub question: String,
    /// The answer.
    pub answer: Answered,
    /// Room, where the question is asked for each.
    #[uniffi(default)]
    pub room: Option<String>,
    /// The form; left out where the kind of visit has one.
    #[uniffi(default)]
    pub form: Option<String>,
}

quiet!(Answered, AnswerGiven);

#[uniffi::export]
impl Forms {
    /// The forms of a kind of visit, as of today.
    ///
    /// # Errors
    /// [`DoorstepError::Storage`].
    pub fn for_visit(&self, kind: VisitKind) -> Result<Vec<Form>, DoorstepError> {
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

fn form(pack: &Pack) -> Form {
    let questions = match &pack.content {
        Content::Form(form) => form.questions.iter().map(question).collect(),
        _ => Vec::new(),
    };
    let title = Words { en: pack.title.en.clone(), cy: pack.title.cy.clone() };
    Form { id: pack.id.clone(), version: pack.version, title, questions }
}

fn question(of: &Question) -> FormQuestion {
    FormQuestion {
        id: of.id.clone(),
        text: Words { en: of.text.en.clone(), cy: of.text.cy.clone() },
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
        per_room: of.rooms,
        required: of.required,
        when: of.when.as_ref().map(|when| AskedWhen { question: when.question.clone(), is: when.is.clone() }),
    }
}

impl TryFrom<AnswerGiven> for Answer {
    type Error = DoorstepError;

    fn try_from(given: AnswerGiven) -> Result<Self, DoorstepError> {
        let answer = Self { question: Some(given.question), room: given.room, form: given.form, ..Self::default() };
        Ok(match given.answer {
            Answered::YesNo { yes } => Self { truth: Some(yes), ..answer },
            Answered::Whole { number } => Self { whole: Some(number), ..answer },
            Answered::Measured { figure } => {
                let (value, unit) = figure.parts();
                Self { whole: Some(value), unit: Some(unit), ..answer }
            }
            Answered::Chosen { codes } => Self { choice: Some(codes.join(",")), ..answer },
            Answered::Day { day } => Self { day: Some(day.date("day")?), ..answer },
            Answered::Text { words } => Self { text: Some(words), ..answer },
        })
    }
}
