//! Visits: recorded whole at the end, or begun as a draft and added to room by room; with or without signal.

use std::sync::Arc;
use std::time::SystemTime;

use doorstep_client_core::client::{self, AnswerInput, PropertyRef, VisitInput};
use doorstep_client_core::records::{Seen, home, index};
use doorstep_client_core::store::lists;

use crate::answer::{AnswerGiven, FilledForm};
use crate::error::DoorstepError;
use crate::findings::{Findings, all};
use crate::found::RowFacts;
use crate::ids::{RecordId, RowId, Uprn};
use crate::measures::{Day, millis, time};
use crate::open::Shared;
use crate::quiet::quiet;
use crate::words::{Outcome, VisitKind, VisitState};

/// Visits of a device.
#[derive(uniffi::Object)]
pub struct Visits {
    pub(crate) shared: Arc<Shared>,
}

/// At which home.
#[derive(Clone, PartialEq, Eq, uniffi::Enum)]
#[uniffi::export(Debug, Display)]
pub enum AtProperty {
    /// The one with this UPRN, known to this device or not.
    WithUprn {
        /// Its UPRN.
        uprn: Uprn,
    },
    /// One this device knows.
    Known {
        /// The property.
        record: RecordId,
    },
    /// One whose UPRN is not known: matched later at the desk.
    Provisional {
        /// The address, as the resident says it.
        address: String,
    },
}

/// What is said of a visit itself.
#[derive(Clone, Default, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct VisitWords {
    /// How it ended.
    #[uniffi(default)]
    pub outcome: Option<Outcome>,
    /// When it ended; when it is handed in, where nothing is said.
    #[uniffi(default)]
    pub ended: Option<SystemTime>,
    /// Why.
    #[uniffi(default)]
    pub purpose: Option<String>,
    /// Whom the visitor met.
    #[uniffi(default)]
    pub met: Option<String>,
    /// What follows.
    #[uniffi(default)]
    pub follow_up: Option<String>,
    /// More.
    #[uniffi(default)]
    pub note: Option<String>,
}

/// A visit that begins, or that is recorded whole.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct NewVisit {
    /// At which home.
    pub at: AtProperty,
    /// Kind.
    pub kind: VisitKind,
    /// When it began; now, where nothing is said.
    #[uniffi(default)]
    pub started: Option<SystemTime>,
    /// What is said of it.
    pub words: VisitWords,
    /// What it found.
    pub found: Findings,
    /// Answers to the questions of a form. What they say of hazards, alarms and the like is recorded with them.
    #[uniffi(default)]
    pub answers: Vec<AnswerGiven>,
}

/// What a visit became.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct VisitRecorded {
    /// The property.
    pub record: RecordId,
    /// The visit.
    pub visit: RowId,
    /// The people, in the order they were given.
    pub people: Vec<RecordId>,
}

/// A recorded visit.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct VisitRow {
    /// Where it comes from.
    pub facts: RowFacts,
    /// Kind.
    pub kind: Option<VisitKind>,
    /// How far it is through the back office.
    pub state: Option<VisitState>,
    /// When it began.
    pub started: Option<SystemTime>,
    /// What is said of it.
    pub words: VisitWords,
    /// What the back office says about it to the visitor.
    pub review_note: Option<String>,
    /// When the back office last looked at it.
    pub reviewed: Option<SystemTime>,
}

/// A visit in a list.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct VisitLine {
    /// The property; none while it is not known here.
    pub record: Option<RecordId>,
    /// The visit.
    pub visit: RowId,
    /// Kind.
    pub kind: VisitKind,
    /// How far it is.
    pub state: VisitState,
    /// The day it began.
    pub started: Option<Day>,
}

quiet!(AtProperty, VisitWords, NewVisit, VisitRow, VisitLine);

#[uniffi::export]
impl Visits {
    /// Saves a visit and hands it in: all of it, or nothing.
    ///
    /// # Errors
    /// [`DoorstepError::Value`] names the field, the limit and the remedy.
    pub fn record(&self, visit: NewVisit) -> Result<VisitRecorded, DoorstepError> {
        let input = visit.try_into()?;
        Ok(self.shared.write(|client| client.visits().record(&input))?.into())
    }

    /// Begins a visit: a draft, on disk when this returns, that nobody reviews until it is handed in.
    ///
    /// # Errors
    /// [`DoorstepError::Value`].
    pub fn begin(&self, visit: NewVisit) -> Result<VisitRecorded, DoorstepError> {
        let input = visit.try_into()?;
        Ok(self.shared.write(|client| client.visits().begin(&input))?.into())
    }

    /// Adds what was found to a visit that was not handed in yet, or that was returned. It is on disk when this returns.
    ///
    /// # Errors
    /// [`DoorstepError::Value`], also when the visit was handed in.
    pub fn add(
        &self,
        record: RecordId,
        visit: RowId,
        words: VisitWords,
        found: Findings,
    ) -> Result<VisitRecorded, DoorstepError> {
        let (record, visit) = (record.try_into()?, visit.try_into()?);
        let mut input = VisitInput::to(PropertyRef::Record(record));
        input.visit = words.try_into()?;
        found.into_input(&mut input)?;
        Ok(self.shared.write(|client| client.visits().add(record, visit, &input))?.into())
    }

    /// The form of a visit that has one, and what was answered so far.
    ///
    /// # Errors
    /// [`DoorstepError::NotHere`].
    pub fn form(&self, record: RecordId, visit: RowId) -> Result<FilledForm, DoorstepError> {
        let (record, visit) = (record.try_into()?, visit.try_into()?);
        Ok(self.shared.read(|client| client.visits().form(record, visit))?.into())
    }

    /// Chooses the form of a visit whose kind has several. It stays the same once a question is answered.
    ///
    /// # Errors
    /// [`DoorstepError::Value`].
    pub fn choose_form(&self, record: RecordId, visit: RowId, form: &str) -> Result<(), DoorstepError> {
        let (record, visit) = (record.try_into()?, visit.try_into()?);
        self.shared.write(|client| client.visits().choose_form(record, visit, form))
    }

    /// Answers one question of a visit that is being recorded, for the first time or anew. What follows from it is recorded with it.
    ///
    /// # Errors
    /// [`DoorstepError::Value`]: the field is the question.
    pub fn answer(&self, record: RecordId, visit: RowId, given: AnswerGiven) -> Result<(), DoorstepError> {
        let (record, visit) = (record.try_into()?, visit.try_into()?);
        let input = given.try_into()?;
        self.shared.write(|client| client.visits().answer(record, visit, &input))
    }

    /// Takes an answer back: the question is not answered any more. Whom it was about may be left out where it was answered
    /// about one person.
    ///
    /// # Errors
    /// [`DoorstepError::Value`].
    #[uniffi::method(default(room = None, person = None))]
    pub fn take_back(
        &self,
        record: RecordId,
        visit: RowId,
        question: String,
        room: Option<String>,
        person: Option<RecordId>,
    ) -> Result<(), DoorstepError> {
        let (record, visit) = (record.try_into()?, visit.try_into()?);
        let person = person.map(TryInto::try_into).transpose()?;
        let input = AnswerInput { question, room, value: None, person };
        self.shared.write(|client| client.visits().answer(record, visit, &input))
    }

    /// Hands a visit in, for the first time or after it was returned.
    ///
    /// # Errors
    /// [`DoorstepError::Value`] names the question of its form that has no answer.
    pub fn submit(&self, record: RecordId, visit: RowId, words: VisitWords) -> Result<(), DoorstepError> {
        let (record, visit, end) = (record.try_into()?, visit.try_into()?, words.try_into()?);
        self.shared.write(|client| client.visits().submit(record, visit, &end))
    }

    /// A visit. What it found is in the page of its property, by its row.
    ///
    /// # Errors
    /// [`DoorstepError::NotHere`].
    pub fn get(&self, record: RecordId, visit: RowId) -> Result<VisitRow, DoorstepError> {
        let (record, visit) = (record.try_into()?, visit.try_into()?);
        Ok(self.shared.read(|client| client.visits().get(record, visit))?.into())
    }

    /// Visits that this device knows, the newest first, at most `limit`.
    ///
    /// # Errors
    /// [`DoorstepError::Storage`].
    pub fn list(&self, limit: u32) -> Result<Vec<VisitLine>, DoorstepError> {
        let rows = self.shared.read(|client| client.visits().list(limit as usize))?;
        Ok(rows.into_iter().map(Into::into).collect())
    }
}

impl TryFrom<AtProperty> for PropertyRef {
    type Error = DoorstepError;

    fn try_from(at: AtProperty) -> Result<Self, DoorstepError> {
        Ok(match at {
            AtProperty::WithUprn { uprn } => Self::Uprn(uprn.try_into()?),
            AtProperty::Known { record } => Self::Record(record.try_into()?),
            AtProperty::Provisional { address } => {
                Self::Provisional(Box::new(index::Property { line: Some(address), ..index::Property::default() }))
            }
        })
    }
}

impl TryFrom<VisitWords> for home::Visit {
    type Error = DoorstepError;

    fn try_from(words: VisitWords) -> Result<Self, DoorstepError> {
        Ok(Self {
            outcome: words.outcome.map(Into::into),
            ended_at: words.ended.map(|at| millis("ended", at)).transpose()?,
            purpose: words.purpose,
            met: words.met,
            follow_up: words.follow_up,
            note: words.note,
            ..Self::default()
        })
    }
}

impl TryFrom<NewVisit> for VisitInput {
    type Error = DoorstepError;

    fn try_from(new: NewVisit) -> Result<Self, DoorstepError> {
        let mut input = Self::to(new.at.try_into()?);
        let words: home::Visit = new.words.try_into()?;
        let started_at = new.started.map(|at| millis("started", at)).transpose()?;
        input.visit = home::Visit { kind: Some(new.kind.into()), started_at, ..words };
        new.found.into_input(&mut input)?;
        input.answers = all(new.answers)?;
        Ok(input)
    }
}

impl From<client::VisitRecorded> for VisitRecorded {
    fn from(recorded: client::VisitRecorded) -> Self {
        Self {
            record: recorded.property.into(),
            visit: recorded.visit.into(),
            people: recorded.people.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<Seen<home::Visit>> for VisitRow {
    fn from(seen: Seen<home::Visit>) -> Self {
        let facts = RowFacts::of(&seen);
        let of = seen.value;
        Self {
            facts,
            kind: of.kind.map(Into::into),
            state: of.state.map(Into::into),
            started: of.started_at.map(time),
            words: VisitWords {
                outcome: of.outcome.map(Into::into),
                ended: of.ended_at.map(time),
                purpose: of.purpose,
                met: of.met,
                follow_up: of.follow_up,
                note: of.note,
            },
            review_note: of.review_note,
            reviewed: of.reviewed_at.map(time),
        }
    }
}

impl From<lists::VisitRow> for VisitLine {
    fn from(row: lists::VisitRow) -> Self {
        Self {
            record: row.record.map(Into::into),
            visit: doorstep_client_core::records::RowId(row.row).into(),
            kind: home::VisitKind::from_code(&row.kind).into(),
            state: home::VisitState::from_code(&row.state).into(),
            started: Day::read(&row.started),
        }
    }
}
