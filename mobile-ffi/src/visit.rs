//! Visits: what a worker recorded at a home, saved whole, with or without signal.

use doorstep_client_core::client::{self, Client, PropertyRef, VisitInput};
use doorstep_client_core::records::home::Visit;
use doorstep_client_core::records::index::Property;
use doorstep_protocol::Millis;

use crate::error::{DoorstepError, not_this_form};
use crate::found::{FoundAlarm, FoundClutter, FoundFlag, FoundHazard};
use crate::words::{Outcome, VisitKind};

/// Visits of a device.
#[derive(uniffi::Object)]
pub struct Visits {
    pub(crate) client: Client,
}

/// At which home.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum AtProperty {
    /// The one with this UPRN, known to this device or not.
    Uprn {
        /// 1 to 12 digits.
        uprn: String,
    },
    /// One this device knows.
    Record {
        /// Its record id.
        record: String,
    },
    /// One whose UPRN is not known: matched later at the desk.
    Provisional {
        /// The address, as the resident says it.
        address: String,
    },
}

/// What a visit found.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct NewVisit {
    /// At which home.
    pub at: AtProperty,
    /// Kind.
    pub kind: VisitKind,
    /// When it began, in milliseconds since 1970; now when left out.
    #[uniffi(default)]
    pub started_ms: Option<u64>,
    /// How it ended.
    #[uniffi(default)]
    pub outcome: Option<Outcome>,
    /// More.
    #[uniffi(default)]
    pub note: Option<String>,
    /// Hazards seen; one with a `row` changes that row, and a field left out stays as it is.
    #[uniffi(default)]
    pub hazards: Vec<FoundHazard>,
    /// Clutter by room.
    #[uniffi(default)]
    pub clutter: Vec<FoundClutter>,
    /// Alarms found or fitted.
    #[uniffi(default)]
    pub alarms: Vec<FoundAlarm>,
    /// Flags to raise.
    #[uniffi(default)]
    pub flags: Vec<FoundFlag>,
}

/// What a visit became.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct VisitRecorded {
    /// The property.
    pub record: String,
    /// The row of the visit.
    pub visit: String,
}

#[uniffi::export]
impl Visits {
    /// Saves a visit: all of it, or nothing.
    ///
    /// # Errors
    /// [`DoorstepError::Value`] names the field, the limit and the remedy.
    pub fn record(&self, visit: NewVisit) -> Result<VisitRecorded, DoorstepError> {
        Ok(self.client.visits().record(&visit.try_into()?)?.into())
    }
}

impl TryFrom<AtProperty> for PropertyRef {
    type Error = DoorstepError;

    fn try_from(at: AtProperty) -> Result<Self, DoorstepError> {
        Ok(match at {
            AtProperty::Uprn { uprn } => Self::Uprn(uprn.parse().map_err(|_| not_this_form("uprn", "1 to 12 digits"))?),
            AtProperty::Record { record } => {
                Self::Record(record.parse().map_err(|_| not_this_form("record", "32 hexadecimal digits"))?)
            }
            AtProperty::Provisional { address } => {
                Self::Provisional(Box::new(Property { line: Some(address), ..Property::default() }))
            }
        })
    }
}

impl TryFrom<NewVisit> for VisitInput {
    type Error = DoorstepError;

    fn try_from(new: NewVisit) -> Result<Self, DoorstepError> {
        let mut input = Self::to(new.at.try_into()?);
        input.visit = Visit {
            kind: Some(new.kind.into()),
            started_at: new.started_ms.map(Millis),
            outcome: new.outcome.map(Into::into),
            note: new.note,
            ..Visit::default()
        };
        let (known, seen): (Vec<_>, Vec<_>) = new.hazards.into_iter().partition(|hazard| hazard.row.is_some());
        input.hazards = seen.into_iter().map(Into::into).collect();
        input.hazard_updates = known.into_iter().map(FoundHazard::update).collect::<Result<_, _>>()?;
        input.clutter = new.clutter.into_iter().map(Into::into).collect();
        input.alarms = new.alarms.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?;
        input.flags = new.flags.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?;
        Ok(input)
    }
}

impl From<client::VisitRecorded> for VisitRecorded {
    fn from(recorded: client::VisitRecorded) -> Self {
        Self { record: recorded.property.to_string(), visit: recorded.visit.to_string() }
    }
}
