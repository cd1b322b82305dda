//! Lines of lists and pages of one record.

use doorstep_client_core::client;
use doorstep_client_core::store::{lists, outbox};

use crate::found::{FoundAlarm, FoundClutter, FoundFlag, FoundHazard};

/// A property in a list.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PropertyRow {
    /// The property: what other calls take.
    pub record: String,
    /// Its UPRN, once known.
    pub uprn: Option<String>,
    /// The UPRN of the building it is in.
    pub parent_uprn: Option<String>,
    /// Its address in one line.
    pub address: String,
    /// Its postcode.
    pub postcode: Option<String>,
    /// How many flags exist for it.
    pub flags: u64,
}

/// A person in a list.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PersonRow {
    /// The person: what other calls take.
    pub record: String,
    /// The name shown first.
    pub name: String,
    /// Date of birth, as YYYY-MM-DD.
    pub born: Option<String>,
}

/// How far this device's work on a record has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Delivery {
    /// The server has all of it, durably.
    Delivered,
    /// The server has taken it; the next checkpoint will cover it.
    Receipted,
    /// Some of it has not been sent.
    NotSent,
    /// The server refused some of it; it is kept here.
    Refused,
}

/// What is known of a property.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PropertyPage {
    /// Its line in lists.
    pub row: PropertyRow,
    /// Flags that have not ended, lapsed ones included.
    pub flags: Vec<FoundFlag>,
    /// Hazards, unresolved ones first.
    pub hazards: Vec<FoundHazard>,
    /// Hazards of the building's common parts.
    pub common_hazards: Vec<FoundHazard>,
    /// Clutter, the latest first.
    pub clutter: Vec<FoundClutter>,
    /// Alarms, the latest first.
    pub alarms: Vec<FoundAlarm>,
    /// Who lives there.
    pub people: Vec<PersonRow>,
    /// Homes in it, when it is a building.
    pub children: Vec<PropertyRow>,
    /// How many fields are in dispute.
    pub conflicts: u64,
    /// How far this device's work on it has come.
    pub delivery: Delivery,
}

/// What is known of a person.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct PersonPage {
    /// Their line in lists.
    pub row: PersonRow,
    /// Numbers and addresses, in their order of preference.
    pub contacts: Vec<String>,
    /// The codes of their communication needs.
    pub needs: Vec<String>,
    /// What they can do, as `walk: with-equipment`.
    pub abilities: Vec<String>,
    /// First language, BCP 47.
    pub language: Option<String>,
    /// Whether they need an interpreter; none where nobody said.
    pub interpreter: Option<bool>,
    /// How many fields are in dispute.
    pub conflicts: u64,
    /// How far this device's work on them has come.
    pub delivery: Delivery,
}

impl From<lists::PropertyRow> for PropertyRow {
    fn from(row: lists::PropertyRow) -> Self {
        Self {
            record: row.record.to_string(),
            uprn: row.uprn,
            parent_uprn: row.parent_uprn,
            address: row.address,
            postcode: row.postcode,
            flags: row.flags as u64,
        }
    }
}

impl From<lists::PersonRow> for PersonRow {
    fn from(row: lists::PersonRow) -> Self {
        Self { record: row.record.to_string(), name: row.name, born: row.born }
    }
}

impl From<outbox::Delivery> for Delivery {
    fn from(delivery: outbox::Delivery) -> Self {
        match delivery {
            outbox::Delivery::Delivered => Self::Delivered,
            outbox::Delivery::Receipted => Self::Receipted,
            outbox::Delivery::NotSent => Self::NotSent,
            outbox::Delivery::Refused => Self::Refused,
        }
    }
}

impl From<client::PropertyPage> for PropertyPage {
    fn from(page: client::PropertyPage) -> Self {
        let view = page.view;
        Self {
            row: page.row.into(),
            flags: view.flags.into_iter().filter_map(|line| FoundFlag::shown(line.flag)).collect(),
            hazards: view.hazards.into_iter().filter_map(FoundHazard::shown).collect(),
            common_hazards: view.common_hazards.into_iter().filter_map(FoundHazard::shown).collect(),
            clutter: view.clutter.into_iter().filter_map(FoundClutter::shown).collect(),
            alarms: view.alarms.into_iter().filter_map(FoundAlarm::shown).collect(),
            people: page.people.into_iter().map(Into::into).collect(),
            children: page.children.into_iter().map(Into::into).collect(),
            conflicts: view.conflicts.len() as u64,
            delivery: page.delivery.into(),
        }
    }
}

impl From<client::PersonPage> for PersonPage {
    fn from(page: client::PersonPage) -> Self {
        let view = page.view;
        let language = view.language.map(|seen| seen.value);
        let ability = |seen: doorstep_client_core::records::Seen<doorstep_client_core::records::function::Ability>| {
            Some(format!("{}: {}", seen.value.what?, seen.value.level?))
        };
        Self {
            row: page.row.into(),
            contacts: view.contacts.into_iter().filter_map(|seen| seen.value.value).collect(),
            needs: view.needs.into_iter().filter_map(|seen| seen.value.kind).map(|kind| kind.to_string()).collect(),
            abilities: view.abilities.into_iter().filter_map(ability).collect(),
            interpreter: language.as_ref().and_then(|language| language.interpreter),
            language: language.and_then(|language| language.spoken),
            conflicts: view.conflicts.len() as u64,
            delivery: page.delivery.into(),
        }
    }
}
