//! Answers to the questions of a form.

use doorstep_client_core::client::{AnswerInput, FormPage, Given};
use doorstep_client_core::records::answers::Answer;

use crate::error::DoorstepError;
use crate::form::{FormQuestion, Words};
use crate::ids::{RecordId, RowId};
use crate::measures::{Day, Figure};
use crate::quiet::quiet;

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
    /// The form; left out where the kind of visit has one, and for a visit that has begun.
    #[uniffi(default)]
    pub form: Option<String>,
    /// Whose ability it is, where the question is about a person and the visit has begun.
    #[uniffi(default)]
    pub person: Option<RecordId>,
}

/// A form of a kind of visit.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct FormChoice {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: i64,
    /// Its title.
    pub title: Words,
}

/// The form of a visit, and how far it is filled in.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct FilledForm {
    /// The form; none while it is to be chosen, or is not known here.
    pub form: Option<FormChoice>,
    /// Forms to choose from, while none is chosen.
    pub choices: Vec<FormChoice>,
    /// Questions that are asked, in the order of the form.
    pub asked: Vec<AskedQuestion>,
    /// Questions, by their ids, that a visit which is done has an answer to, and this one has not.
    pub missing: Vec<String>,
    /// Answers to questions that only a newer form has: they stay as they are.
    pub unknown: u64,
}

/// A question that is asked, and what was answered.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct AskedQuestion {
    /// The question.
    pub question: FormQuestion,
    /// The answers, in the order of their rooms; one for each person where the question is about a person.
    pub answers: Vec<AnswerRow>,
}

/// A recorded answer.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct AnswerRow {
    /// Its row.
    pub row: RowId,
    /// The answer.
    pub answer: Answered,
    /// Room, where the question is asked for each.
    pub room: Option<String>,
    /// Whom it is about; none where it is about the home.
    pub person: Option<RecordId>,
    /// Whether people answered differently.
    pub is_disputed: bool,
}

quiet!(Answered, AnswerGiven, FilledForm, AskedQuestion, AnswerRow);

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

impl TryFrom<AnswerGiven> for AnswerInput {
    type Error = DoorstepError;

    fn try_from(given: AnswerGiven) -> Result<Self, DoorstepError> {
        let value = match given.answer {
            Answered::YesNo { yes } => if yes { "yes" } else { "no" }.to_owned(),
            Answered::Whole { number } => number.to_string(),
            Answered::Measured { figure } => figure.parts().0.to_string(),
            Answered::Chosen { codes } => codes.join(","),
            Answered::Day { day } => day.date("day")?.to_string(),
            Answered::Text { words } => words,
        };
        let person = given.person.map(TryInto::try_into).transpose()?;
        Ok(Self { question: given.question, room: given.room, value: Some(value), person })
    }
}

impl Answered {
    /// What was answered; none where a newer version answered in another way.
    fn shown(of: Answer) -> Option<Self> {
        let Answer { truth, whole, unit, choice, day, text, .. } = of;
        if let Some(yes) = truth {
            return Some(Self::YesNo { yes });
        }
        match (whole, unit, choice) {
            (Some(value), Some(unit), _) => return Some(Self::Measured { figure: Figure::of(value, unit) }),
            (Some(number), None, _) => return Some(Self::Whole { number }),
            (None, _, Some(codes)) => {
                return Some(Self::Chosen { codes: codes.split(',').map(str::to_owned).collect() });
            }
            (None, _, None) => {}
        }
        match day {
            Some(day) => Some(Self::Day { day: Day::of(&day)? }),
            None => Some(Self::Text { words: text? }),
        }
    }
}

impl AnswerRow {
    fn shown(given: Given) -> Option<Self> {
        let (room, is_disputed) = (given.answer.room.clone(), !given.disputed.is_empty());
        let (row, person) = (given.row.into(), given.person.map(Into::into));
        Some(Self { row, answer: Answered::shown(given.answer)?, room, person, is_disputed })
    }
}

impl From<FormPage> for FilledForm {
    fn from(page: FormPage) -> Self {
        let choice = |form: doorstep_client_core::client::FormRef| FormChoice {
            title: (&form.title).into(),
            id: form.id,
            version: form.version,
        };
        let missing = page.missing().map(|question| question.id.clone()).collect();
        let asked = page.asked.into_iter().map(|asked| AskedQuestion {
            question: (&asked.question).into(),
            answers: asked.given.into_iter().filter_map(AnswerRow::shown).collect(),
        });
        Self {
            asked: asked.collect(),
            missing,
            unknown: page.unknown.len() as u64,
            form: page.form.map(choice),
            choices: page.choices.into_iter().map(choice).collect(),
        }
    }
}
