//! Values that disagree: every one with who, when and where from, until somebody reconciles them. Nothing is erased.

use doorstep_protocol::{Class, DocumentId, Millis, Subject};

use super::directory::NameBook;
use super::{Client, ClientError};
use crate::device::RecordId;
use crate::records::{self, Conflict, Path, Value};
use crate::store::{documents, lists};

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
}

impl Conflicts<'_> {
    /// Every field in dispute on this device.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn list(&self) -> Result<Vec<ConflictItem>, ClientError> {
        let names = self.client.directory().names()?;
        let mut device = self.client.lock();
        let mut items = Vec::new();
        for (document, class) in documents::in_conflict(device.store().reader())? {
            let record = documents::record_of(device.store().reader(), document)?;
            let title = match (record, class.subject()) {
                (Some(record), Subject::Property) => {
                    lists::property_of(device.store().reader(), record)?.map(|row| row.address)
                }
                (Some(record), Subject::Person) => {
                    lists::person_of(device.store().reader(), record)?.map(|row| row.name)
                }
                _ => None,
            };
            let Some(view) = device.view(document)? else { continue };
            for conflict in records::conflicts(&view) {
                let title = title.clone().unwrap_or_else(|| format!("{class} document"));
                items.push(item(record.map(RecordId), title, conflict, &names));
            }
        }
        device.let_go();
        Ok(items)
    }

    /// Ends a dispute with one of its values. The others stay in the history.
    ///
    /// # Errors
    /// [`ClientError::Write`] when the value is not among those shown.
    pub fn resolve(&self, document: DocumentId, class: Class, path: &Path, chosen: &Value) -> Result<(), ClientError> {
        let record = documents::record_of(self.client.lock().store().reader(), document)?;
        self.client.write(|draft| {
            draft.edit_document(document, class, record.map(RecordId), |edit| edit.resolve(path, chosen))
        })
    }
}

fn item(record: Option<RecordId>, title: String, conflict: Conflict, names: &NameBook) -> ConflictItem {
    let values = conflict
        .values
        .into_iter()
        .map(|said| {
            let who = said.by.as_ref().and_then(|by| by.who);
            SaidBy {
                value: said.value,
                who: names.who(who),
                device: who.map_or_else(|| "not known".to_owned(), |who| names.device(who.device)),
                at: said.by.map(|by| by.at),
            }
        })
        .collect();
    ConflictItem {
        record,
        title,
        class: conflict.class,
        document: conflict.document,
        path: conflict.path,
        values,
        cautious: conflict.cautious,
    }
}
