//! Values that disagree: every one with who and when, until somebody chooses. Nothing is erased.

use std::sync::Arc;

use doorstep_client_core::client::{self, Client};
use doorstep_client_core::records::Value;

use crate::error::DoorstepError;

/// Conflicts of a device.
#[derive(uniffi::Object)]
pub struct Conflicts {
    pub(crate) client: Client,
}

/// A field in dispute.
#[derive(uniffi::Object)]
pub struct ConflictItem {
    client: Client,
    item: client::ConflictItem,
}

/// One value of a field in dispute.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct SaidValue {
    /// The value, in words.
    pub value: String,
    /// The worker, or the device where the worker is not known.
    pub who: String,
    /// When, in milliseconds since 1970.
    pub at_ms: Option<u64>,
    /// Whether visitors and crews are shown this one meanwhile.
    pub is_shown: bool,
}

#[uniffi::export]
impl Conflicts {
    /// Every field in dispute on this device.
    ///
    /// # Errors
    /// [`DoorstepError::Storage`].
    pub fn list(&self) -> Result<Vec<Arc<ConflictItem>>, DoorstepError> {
        let items = self.client.conflicts().list()?;
        Ok(items.into_iter().map(|item| Arc::new(ConflictItem { client: self.client.clone(), item })).collect())
    }
}

#[uniffi::export]
impl ConflictItem {
    /// The address or name of the record.
    #[must_use]
    pub fn title(&self) -> String {
        self.item.title.clone()
    }

    /// The field, as `hazards.severity`.
    #[must_use]
    pub fn field(&self) -> String {
        format!("{}.{}", self.item.path.collection, self.item.path.field)
    }

    /// Every value.
    #[must_use]
    pub fn values(&self) -> Vec<SaidValue> {
        let shown = |value: &Value| *value == self.item.cautious;
        self.item
            .values
            .iter()
            .map(|said| SaidValue {
                value: said.value.to_string(),
                who: said.who.clone(),
                at_ms: said.at.map(|at| at.0),
                is_shown: shown(&said.value),
            })
            .collect()
    }

    /// Ends the dispute with the value at this place of `values`. The others stay in the history.
    ///
    /// # Errors
    /// [`DoorstepError::NotHere`] when there is no such place; [`DoorstepError::Misfit`] when the dispute has changed.
    pub fn resolve(&self, choice: u32) -> Result<(), DoorstepError> {
        let said = self.item.values.get(choice as usize).ok_or_else(|| DoorstepError::NotHere {
            what: "value".to_owned(),
            remedy: "choose one of those shown".to_owned(),
        })?;
        let item = &self.item;
        Ok(self.client.conflicts().resolve(item.document, item.class, &item.path, &said.value)?)
    }
}
