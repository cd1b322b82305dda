//! The digital firebox: one screen for a crew, offline, never gated.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use doorstep_client_core::records;
use doorstep_client_core::records::firebox::{Basis, FireEntry};

use crate::error::DoorstepError;
use crate::found::FlagState;
use crate::ids::{RecordId, RowId};
use crate::measures::time;
use crate::open::Shared;
use crate::quiet::quiet;

/// Fireboxes of a device.
#[derive(uniffi::Object)]
pub struct Firebox {
    pub(crate) shared: Arc<Shared>,
}

/// The screen of an address.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct FireboxScreen {
    /// The property.
    pub record: RecordId,
    /// The address.
    pub address: String,
    /// Every line in its order. One without entries is *not known*, never *no*.
    pub lines: Vec<FireboxLine>,
}

/// One line of the screen.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct FireboxLine {
    /// What it answers.
    pub line: FireLine,
    /// The same in few words.
    pub label: String,
    /// The facts, the newest first.
    pub entries: Vec<FireboxEntry>,
}

/// One fact.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct FireboxEntry {
    /// In few words.
    pub words: String,
    /// Room or floor.
    pub place: Option<String>,
    /// As of when; none if nobody said.
    pub as_of: Option<SystemTime>,
    /// How old that is.
    pub age: Option<Duration>,
    /// People disagree; this is the more cautious word.
    pub is_disputed: bool,
    /// What it rests on.
    pub basis: FireBasis,
    /// The row of the fact or flag.
    pub row: RowId,
}

quiet!(FireboxScreen, FireboxLine, FireboxEntry);

/// What an entry rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum FireBasis {
    /// A fact.
    Fact,
    /// That a flag exists.
    Flag {
        /// Whether it holds.
        state: FlagState,
    },
}

/// Declares the lines of the screen.
macro_rules! lines {
    ($($(#[$doc:meta])* $line:ident,)+) => {
        /// What a line answers.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
        pub enum FireLine {
            $($(#[$doc])* $line,)+
        }

        impl From<records::FireLine> for FireLine {
            fn from(line: records::FireLine) -> Self {
                match line {
                    $(records::FireLine::$line => Self::$line,)+
                }
            }
        }
    };
}

lines! {
    /// People likely inside, and on which floor.
    PeopleInside,
    /// Who cannot leave unaided.
    CannotSelfEvacuate,
    /// Rescue with a hoist, a bariatric team, or somebody on powered equipment.
    Rescue,
    /// Oxygen, cylinders, ammunition, chemicals.
    OxygenAndCylinders,
    /// Clutter and blocked ways.
    ClutterAndRoutes,
    /// That a violence or animal marker exists.
    ViolenceOrDog,
    /// Alarms.
    Alarms,
    /// Telecare.
    Telecare,
    /// Sprinkler.
    Sprinkler,
    /// E-bikes and other batteries charging.
    EBikes,
    /// What may start or feed a fire.
    IgnitionAndFuel,
    /// Asbestos.
    Asbestos,
    /// How to get in, and that a key safe exists.
    AccessAndKeySafe,
    /// Whom to ask.
    Contact,
}

#[uniffi::export]
impl Firebox {
    /// Opens the firebox of a property: at once, whether or not anybody has unlocked the device.
    ///
    /// # Errors
    /// [`DoorstepError::NotHere`].
    pub fn open(&self, record: RecordId) -> Result<FireboxScreen, DoorstepError> {
        let record = record.try_into()?;
        let page = self.shared.read(|client| client.firebox().open(record))?;
        let line = |(line, entries): (records::FireLine, Vec<FireEntry>)| FireboxLine {
            line: line.into(),
            label: line.label().to_owned(),
            entries: entries.into_iter().map(Into::into).collect(),
        };
        let lines = page.view.lines.into_iter().map(line).collect();
        Ok(FireboxScreen { record: page.record.into(), address: page.row.address, lines })
    }
}

impl From<FireEntry> for FireboxEntry {
    fn from(entry: FireEntry) -> Self {
        Self {
            words: entry.words,
            place: entry.place,
            as_of: entry.as_of.map(time),
            age: entry.age_ms.map(Duration::from_millis),
            is_disputed: entry.is_disputed,
            basis: match entry.basis {
                Basis::Fact => FireBasis::Fact,
                Basis::Flag(state) => FireBasis::Flag { state: state.into() },
            },
            row: entry.row.into(),
        }
    }
}
