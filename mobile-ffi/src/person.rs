//! People: search and the page of one.

use doorstep_client_core::client::Client;
use doorstep_client_core::records::Reading;

use crate::error::DoorstepError;
use crate::page::{PersonPage, PersonRow};

/// People of a device.
#[derive(uniffi::Object)]
pub struct People {
    pub(crate) client: Client,
}

#[uniffi::export]
impl People {
    /// By name, best first, at most `limit`.
    ///
    /// # Errors
    /// [`DoorstepError::Storage`].
    pub fn find(&self, text: &str, limit: u32) -> Result<Vec<PersonRow>, DoorstepError> {
        let rows = self.client.people().find(text, limit as usize)?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// The page of a person: by their record id, or a name that fits one.
    ///
    /// # Errors
    /// [`DoorstepError::NotHere`], [`DoorstepError::Ambiguous`].
    pub fn get(&self, which: &str) -> Result<PersonPage, DoorstepError> {
        let people = self.client.people();
        Ok(people.get(people.resolve(which)?, Reading::Cautious)?.into())
    }
}
