//! Flags: that something exists, and whom to ask; never why.

use doorstep_client_core::records::index;
use doorstep_client_core::records::property::FlagLine;

use super::RowFacts;
use crate::error::DoorstepError;
use crate::measures::{Day, date};
use crate::quiet::quiet;
use crate::words::{FlagKind, FlagSubject};

/// A flag.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Flag {
    /// Kind.
    pub kind: FlagKind,
    /// Whom it is about.
    #[uniffi(default)]
    pub subject: Option<FlagSubject>,
    /// Whom to ask for details.
    #[uniffi(default)]
    pub contact: Option<String>,
    /// The day of its review.
    #[uniffi(default)]
    pub review_due: Option<Day>,
    /// The day after which it is lapsed.
    #[uniffi(default)]
    pub expires: Option<Day>,
    /// Reference of the incident, without detail.
    #[uniffi(default)]
    pub reference: Option<String>,
    /// Who decided, in what role.
    #[uniffi(default)]
    pub decided_by: Option<String>,
    /// Whether the person was told.
    #[uniffi(default)]
    pub person_told: Option<bool>,
}

/// Whether a flag holds today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum FlagState {
    /// It holds.
    Live,
    /// It holds, and should have been looked at again.
    ReviewDue,
    /// Its time is over: ask the contact.
    Lapsed,
    /// Somebody decided that it ended.
    Ended,
}

/// A recorded flag.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct FlagRow {
    /// Where it comes from.
    pub facts: RowFacts,
    /// What it is.
    pub flag: Flag,
    /// Whether it holds.
    pub state: FlagState,
}

quiet!(Flag, FlagRow);

impl TryFrom<Flag> for index::Flag {
    type Error = DoorstepError;

    fn try_from(flag: Flag) -> Result<Self, DoorstepError> {
        Ok(Self {
            kind: Some(flag.kind.into()),
            subject: flag.subject.map(Into::into),
            contact: flag.contact,
            review_due: date("review_due", flag.review_due)?,
            expires: date("expires", flag.expires)?,
            reference: flag.reference,
            decided_by: flag.decided_by,
            person_told: flag.person_told,
            ..Self::default()
        })
    }
}

impl From<index::FlagState> for FlagState {
    fn from(state: index::FlagState) -> Self {
        match state {
            index::FlagState::Live => Self::Live,
            index::FlagState::ReviewDue => Self::ReviewDue,
            index::FlagState::Lapsed => Self::Lapsed,
            index::FlagState::Ended => Self::Ended,
        }
    }
}

impl FlagRow {
    pub(crate) fn shown(line: FlagLine) -> Option<Self> {
        let facts = RowFacts::of(&line.flag);
        let of = line.flag.value;
        let flag = Flag {
            kind: of.kind?.into(),
            subject: of.subject.map(Into::into),
            contact: of.contact,
            review_due: of.review_due.as_ref().and_then(Day::of),
            expires: of.expires.as_ref().and_then(Day::of),
            reference: of.reference,
            decided_by: of.decided_by,
            person_told: of.person_told,
        };
        Some(Self { facts, flag, state: line.state.into() })
    }
}
