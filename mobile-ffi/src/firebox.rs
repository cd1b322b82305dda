//! The digital firebox: one screen for a crew, offline, never gated.

use doorstep_client_core::client::Client;
use doorstep_client_core::records::firebox::{FireEntry, FireLine};

use crate::error::DoorstepError;

/// Fireboxes of a device.
#[derive(uniffi::Object)]
pub struct Firebox {
    pub(crate) client: Client,
}

/// The screen of an address.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct FireboxScreen {
    /// The address.
    pub address: String,
    /// Every line in its order. One without entries is *not known*, never *no*.
    pub lines: Vec<FireboxLine>,
}

/// One line of the screen.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct FireboxLine {
    /// What it answers.
    pub label: String,
    /// The facts, the newest first.
    pub entries: Vec<FireboxEntry>,
}

/// One fact.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct FireboxEntry {
    /// In few words.
    pub words: String,
    /// Room or floor.
    pub place: Option<String>,
    /// How old it is, in milliseconds; none if nobody said.
    pub age_ms: Option<u64>,
    /// People disagree; this is the more cautious word.
    pub is_disputed: bool,
}

#[uniffi::export]
impl Firebox {
    /// Opens the firebox of a property: by its record id, its UPRN, or words that fit one address.
    ///
    /// # Errors
    /// [`DoorstepError::NotHere`], [`DoorstepError::Ambiguous`].
    pub fn open(&self, which: &str) -> Result<FireboxScreen, DoorstepError> {
        let page = self.client.firebox().open(self.client.properties().resolve(which)?)?;
        let lines = page.view.lines.into_iter().map(Into::into).collect();
        Ok(FireboxScreen { address: page.row.address, lines })
    }
}

impl From<(FireLine, Vec<FireEntry>)> for FireboxLine {
    fn from((line, entries): (FireLine, Vec<FireEntry>)) -> Self {
        Self { label: line.label().to_owned(), entries: entries.into_iter().map(Into::into).collect() }
    }
}

impl From<FireEntry> for FireboxEntry {
    fn from(entry: FireEntry) -> Self {
        Self { words: entry.words, place: entry.place, age_ms: entry.age_ms, is_disputed: entry.is_disputed }
    }
}
