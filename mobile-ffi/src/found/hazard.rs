//! Hazards.

use std::time::SystemTime;

use doorstep_client_core::client::RowUpdate;
use doorstep_client_core::records::{Seen, home};

use super::RowFacts;
use crate::error::DoorstepError;
use crate::ids::RowId;
use crate::measures::{Day, date, millis, time};
use crate::quiet::quiet;
use crate::words::{Confidence, HazardScheme, HazardState, Scope, Severity, Source};

/// A hazard as seen.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct Hazard {
    /// The list its code is from.
    pub scheme: HazardScheme,
    /// The code within the list; [`crate::Forms::codes`] has them.
    pub code: String,
    /// Room.
    #[uniffi(default)]
    pub room: Option<String>,
    /// Where.
    #[uniffi(default)]
    pub scope: Option<Scope>,
    /// As seen; not a score.
    #[uniffi(default)]
    pub severity: Option<Severity>,
    /// In words.
    #[uniffi(default)]
    pub note: Option<String>,
    /// How far it is dealt with.
    #[uniffi(default)]
    pub state: Option<HazardState>,
    /// When the landlord became aware: the earliest that anybody recorded holds.
    #[uniffi(default)]
    pub aware: Option<SystemTime>,
    /// When it was seen; at a visit, when that began.
    #[uniffi(default)]
    pub observed: Option<SystemTime>,
    /// The day to look again.
    #[uniffi(default)]
    pub review_due: Option<Day>,
    /// How it is known; seen, where nothing is said.
    #[uniffi(default)]
    pub source: Option<Source>,
    /// How sure.
    #[uniffi(default)]
    pub confidence: Option<Confidence>,
}

/// New words about a hazard that is recorded; what is left out stays as it is.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct HazardChange {
    /// Which.
    pub row: RowId,
    /// What it is now.
    pub set: Hazard,
}

/// A recorded hazard.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct HazardRow {
    /// Where it comes from.
    pub facts: RowFacts,
    /// What it is.
    pub hazard: Hazard,
    /// The visit that found it.
    pub visit: Option<RowId>,
}

quiet!(Hazard, HazardChange, HazardRow);

impl TryFrom<Hazard> for home::Hazard {
    type Error = DoorstepError;

    fn try_from(hazard: Hazard) -> Result<Self, DoorstepError> {
        Ok(Self {
            scheme: Some(hazard.scheme.into()),
            code: Some(hazard.code),
            room: hazard.room,
            scope: hazard.scope.map(Into::into),
            severity: hazard.severity.map(Into::into),
            note: hazard.note,
            state: hazard.state.map(Into::into),
            aware_at: hazard.aware.map(|at| millis("aware", at)).transpose()?,
            observed_at: hazard.observed.map(|at| millis("observed", at)).transpose()?,
            review_due: date("review_due", hazard.review_due)?,
            source: hazard.source.map(Into::into),
            confidence: hazard.confidence.map(Into::into),
            ..Self::default()
        })
    }
}

impl TryFrom<HazardChange> for RowUpdate<home::Hazard> {
    type Error = DoorstepError;

    fn try_from(change: HazardChange) -> Result<Self, DoorstepError> {
        Ok(Self { row: change.row.try_into()?, set: change.set.try_into()? })
    }
}

impl HazardRow {
    /// As it is shown; none where a newer version left out what this one needs.
    pub(crate) fn shown(seen: Seen<home::Hazard>) -> Option<Self> {
        let facts = RowFacts::of(&seen);
        let of = seen.value;
        let hazard = Hazard {
            scheme: of.scheme?.into(),
            code: of.code?,
            room: of.room,
            scope: of.scope.map(Into::into),
            severity: of.severity.map(Into::into),
            note: of.note,
            state: of.state.map(Into::into),
            aware: of.aware_at.map(time),
            observed: of.observed_at.map(time),
            review_due: of.review_due.as_ref().and_then(Day::of),
            source: of.source.map(Into::into),
            confidence: of.confidence.map(Into::into),
        };
        Some(Self { facts, hazard, visit: of.visit.map(Into::into) })
    }
}
