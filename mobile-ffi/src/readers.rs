//! Who may read a home or a person, and until when: what a visitor answers when a resident asks at the door.

use std::time::SystemTime;

use doorstep_client_core::client;
use doorstep_protocol::Class;

use crate::error::DoorstepError;
use crate::glass::ReadPurpose;
use crate::ids::RecordId;
use crate::measures::time;
use crate::open::Shared;
use crate::person::People;
use crate::property::Properties;
use crate::quiet::quiet;

/// A part of a record: each has keys of its own, so that who may read one may not read another for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, uniffi::Enum)]
pub enum RecordPart {
    /// Of a home: its address, and which flags exist.
    Index,
    /// Of a home: hazards, measurements, equipment, alarms, visits.
    Home,
    /// Of a home: what a crew needs.
    Fire,
    /// Of a person: names, contacts, addresses.
    Identity,
    /// Of a person: communication needs and language.
    Communication,
    /// Of a person: what they can do.
    Function,
    /// Of a person: household, important people, consent.
    Network,
}

/// A team that may read some of a record.
#[derive(Clone, PartialEq, Eq, uniffi::Record)]
#[uniffi::export(Debug, Display)]
pub struct ReaderLine {
    /// Its organisation.
    pub organisation: String,
    /// Its name.
    pub team: String,
    /// What it may read.
    pub parts: Vec<RecordPart>,
    /// What for.
    pub purposes: Vec<ReadPurpose>,
    /// The last moment; none where it may until somebody ends it.
    pub until: Option<SystemTime>,
}

quiet!(ReaderLine);

#[uniffi::export]
impl Properties {
    /// Teams that may read what this device has of a home now, by organisation. What is sealed is not in it: every look at that is recorded by
    /// itself.
    ///
    /// # Errors
    /// [`DoorstepError::NotHere`].
    pub fn readers(&self, record: RecordId) -> Result<Vec<ReaderLine>, DoorstepError> {
        readers(&self.shared, record)
    }
}

#[uniffi::export]
impl People {
    /// Teams that may read what this device has of a person now, by organisation. What is protected is not in it.
    ///
    /// # Errors
    /// [`DoorstepError::NotHere`].
    pub fn readers(&self, record: RecordId) -> Result<Vec<ReaderLine>, DoorstepError> {
        readers(&self.shared, record)
    }
}

fn readers(shared: &Shared, record: RecordId) -> Result<Vec<ReaderLine>, DoorstepError> {
    let record = record.try_into()?;
    let rows = shared.read(|client| client.partnership().readers(record))?;
    Ok(rows.into_iter().map(Into::into).collect())
}

impl RecordPart {
    const fn of(class: Class) -> Option<Self> {
        Some(match class {
            Class::Index => Self::Index,
            Class::Home => Self::Home,
            Class::Fire => Self::Fire,
            Class::Identity => Self::Identity,
            Class::Communication => Self::Communication,
            Class::Function => Self::Function,
            Class::Network => Self::Network,
            // What opens with a worker stands in no list, and the others are of no home and no person.
            Class::Sealed | Class::HealthId | Class::Protected | Class::Register | Class::Directory | Class::Audit => {
                return None;
            }
        })
    }
}

impl From<client::ReaderRow> for ReaderLine {
    fn from(row: client::ReaderRow) -> Self {
        Self {
            organisation: row.organisation,
            team: row.team,
            parts: row.classes.into_iter().filter_map(RecordPart::of).collect(),
            purposes: row.purposes.into_iter().filter_map(ReadPurpose::of_code).collect(),
            until: row.until.map(time),
        }
    }
}
