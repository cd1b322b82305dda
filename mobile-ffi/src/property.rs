//! Properties: search and the page of one.

use doorstep_client_core::client::Client;
use doorstep_client_core::records::Reading;

use crate::error::DoorstepError;
use crate::page::{PropertyPage, PropertyRow};

/// Properties of a device.
#[derive(uniffi::Object)]
pub struct Properties {
    pub(crate) client: Client,
}

#[uniffi::export]
impl Properties {
    /// By UPRN, postcode, street or part of an address, best first, at most `limit`.
    ///
    /// # Errors
    /// [`DoorstepError::Storage`].
    pub fn find(&self, text: &str, limit: u32) -> Result<Vec<PropertyRow>, DoorstepError> {
        let rows = self.client.properties().find(text, limit as usize)?;
        Ok(rows.into_iter().map(Into::into).collect())
    }

    /// The page of a property: by its record id, its UPRN, or words that fit one address. Where visits disagree, the more
    /// cautious value.
    ///
    /// # Errors
    /// [`DoorstepError::NotHere`], [`DoorstepError::Ambiguous`].
    pub fn get(&self, which: &str) -> Result<PropertyPage, DoorstepError> {
        let properties = self.client.properties();
        Ok(properties.get(properties.resolve(which)?, Reading::Cautious)?.into())
    }
}
