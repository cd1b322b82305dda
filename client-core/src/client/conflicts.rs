//! Values that disagree: every one with who, when and where from, until somebody reconciles them. Nothing is erased: a
//! decision is a row of its own, and can be undone.

mod columns;
mod decide;

use std::collections::BTreeSet;

use doorstep_protocol::{AreaId, Class, DocumentId, Millis, Subject};

pub use columns::{Columns, DecisionRow, VersionColumn};

use super::directory::NameBook;
use super::page::{Page, Paged};
use super::todo::{device_area, says, words};
use super::{Client, ClientError};
use crate::device::{Device, RecordId};
use crate::records::decisions::{Open, OpenConflict, open_conflicts};
use crate::records::{Path, RowId, Value};
use crate::store::{StoreError, documents, lists};

/// Conflicts of a device.
pub struct Conflicts<'c> {
    pub(super) client: &'c Client,
}

/// One value with whom it comes from, in words.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct SaidBy {
    /// The value.
    pub value: Value,
    /// The worker, or the device where the worker is not known.
    pub who: String,
    /// The device.
    pub device: String,
    /// When, by that device's clock.
    pub at: Option<Millis>,
}

/// A field in dispute.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ConflictItem {
    /// The property or person, once it is known.
    pub record: Option<RecordId>,
    /// Its address or name.
    pub title: String,
    /// The class of the document.
    pub class: Class,
    /// The document.
    pub document: DocumentId,
    /// The field.
    pub path: Path,
    /// Every value.
    pub values: Vec<SaidBy>,
    /// What visitors and crews are shown meanwhile.
    pub cautious: Value,
    /// Why it is to be settled.
    pub open: Open,
    /// The decision by which the visitor was asked, if it was.
    pub returned: Option<RowId>,
}

/// Which conflicts are wanted. What is left open fits all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ConflictFilter {
    /// Of this property or person.
    pub record: Option<RecordId>,
    /// Of documents of this class.
    pub class: Option<Class>,
    /// Of records in this area.
    pub area: Option<AreaId>,
    /// To which one of these said something: workers and devices by their names.
    pub who: Option<BTreeSet<String>>,
    /// Whose address or name, or one of who said something, holds every word of this.
    pub text: Option<String>,
}

impl ConflictFilter {
    /// Whether a dispute is wanted, as far as it can be told from itself.
    fn fits(&self, item: &ConflictItem) -> bool {
        let is_of = |said: &SaidBy, names: &BTreeSet<String>| names.contains(&said.who) || names.contains(&said.device);
        let is_theirs = self.who.as_ref().is_none_or(|names| item.values.iter().any(|said| is_of(said, names)));
        is_theirs
            && self.text.as_deref().is_none_or(|text| {
                let who: Vec<&str> = item.values.iter().map(|said| said.who.as_str()).collect();
                says(&format!("{} {}", item.title, who.join(" ")), &words(text))
            })
    }
}

/// Documents looked at for one list, at most.
const DOCUMENTS_MAX: usize = 5_000;

impl Conflicts<'_> {
    /// Every field in dispute on this device.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn list(&self) -> Result<Vec<ConflictItem>, ClientError> {
        self.fitting(&ConflictFilter::default(), DOCUMENTS_MAX)
    }

    /// A page of the fields in dispute that fit. Documents in dispute are loaded: counts alone are [`super::Todo`]'s.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn page(&self, filter: &ConflictFilter, page: Page) -> Result<Paged<ConflictItem>, ClientError> {
        Ok(page.of(self.fitting(filter, DOCUMENTS_MAX)?))
    }

    fn fitting(&self, filter: &ConflictFilter, documents_max: usize) -> Result<Vec<ConflictItem>, ClientError> {
        let names = self.client.directory().names()?;
        let mut device = self.client.lock();
        let mut items = Vec::new();
        for (document, class, _) in documents::conflicts_of(device.store().reader(), 0, documents_max)? {
            if filter.class.is_some_and(|wanted| wanted != class) {
                continue;
            }
            let record = documents::record_of(device.store().reader(), document)?.map(RecordId);
            if filter.record.is_some() && filter.record != record {
                continue;
            }
            if filter.area.is_some() {
                let zone = documents::zone_of(device.store().reader(), document)?;
                if device_area(&device, zone)? != filter.area {
                    continue;
                }
            }
            let title = title_of(&device, record, class)?;
            let Some(view) = device.view(document)? else { continue };
            let found = open_conflicts(&view).into_iter().map(|open| item(record, title.clone(), open, &names));
            items.extend(found.filter(|item| filter.fits(item)));
        }
        device.let_go();
        Ok(items)
    }
}

/// The address or name of a record, else the class of the document.
pub(super) fn title_of(device: &Device, record: Option<RecordId>, class: Class) -> Result<String, StoreError> {
    let reader = device.store().reader();
    let title = match (record, class.subject()) {
        (Some(record), Subject::Property) => lists::property_of(reader, record.0)?.map(|row| row.address),
        (Some(record), Subject::Person) => lists::person_of(reader, record.0)?.map(|row| row.name),
        _ => None,
    };
    Ok(title.unwrap_or_else(|| format!("{class} document")))
}

pub(super) fn said_by(said: crate::records::Said, names: &NameBook) -> SaidBy {
    let who = said.by.as_ref().and_then(|by| by.who);
    SaidBy {
        value: said.value,
        who: names.who(who),
        device: who.map_or_else(|| "not known".to_owned(), |who| names.device(who.device)),
        at: said.by.map(|by| by.at),
    }
}

fn item(record: Option<RecordId>, title: String, open: OpenConflict, names: &NameBook) -> ConflictItem {
    let conflict = open.conflict;
    ConflictItem {
        record,
        title,
        class: conflict.class,
        document: conflict.document,
        path: conflict.path,
        values: conflict.values.into_iter().map(|said| said_by(said, names)).collect(),
        cautious: conflict.cautious,
        open: open.open,
        returned: open.returned,
    }
}
