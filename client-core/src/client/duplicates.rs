//! What may be there twice: hazards that are one, people who are one, a home without a UPRN that has one. Candidates come
//! from rows alone, within limits, with or without a network. A decision is a row, can be undone, and links: both histories stay.

mod compare;
mod decide;
mod search;

use doorstep_protocol::{Class, DocumentId, Millis};

pub use compare::{Agreement, ComparedField, Comparison, Side};
pub use decide::TwinVerdict;

use super::conflicts::title_of;
use super::page::{Page, Paged};
use super::{Client, ClientError};
use crate::device::RecordId;
use crate::records::RowId;
use crate::records::decisions::Twins;
use crate::store::desk::{self, DeskList};
use crate::store::documents;

/// What may be there twice.
pub struct Duplicates<'c> {
    pub(super) client: &'c Client,
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TwinKind {
    /// Two hazards of one home.
    Hazards,
    /// Two people.
    People,
    /// A home without a UPRN and one with it.
    Properties,
}

impl TwinKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Hazards, Self::People, Self::Properties];
}

/// A pair to be compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum TwinKey {
    /// Two hazards of one home.
    Hazards {
        /// The `home` document.
        document: DocumentId,
        /// One.
        a: RowId,
        /// The other.
        b: RowId,
    },
    /// Two people.
    People {
        /// One.
        a: RecordId,
        /// The other.
        b: RecordId,
    },
    /// A home without a UPRN and one with it.
    Properties {
        /// The one without.
        provisional: RecordId,
        /// The one with.
        known: RecordId,
    },
}

impl TwinKey {
    /// What is compared.
    #[must_use]
    pub const fn kind(self) -> TwinKind {
        match self {
            Self::Hazards { .. } => TwinKind::Hazards,
            Self::People { .. } => TwinKind::People,
            Self::Properties { .. } => TwinKind::Properties,
        }
    }

    /// The document that a decision about the pair stands in: the same on every device.
    fn document(self) -> (Class, DocumentId) {
        match self {
            Self::Hazards { document, .. } => (Class::Home, document),
            Self::People { a, b } => (Class::Identity, a.0.min(b.0)),
            Self::Properties { provisional, .. } => (Class::Index, provisional.0),
        }
    }

    /// How lists name the pair.
    fn listed(self) -> String {
        let (a, b) = match self {
            Self::Hazards { a, b, .. } => (a.to_string(), b.to_string()),
            Self::People { a, b } | Self::Properties { provisional: a, known: b } => (a.to_string(), b.to_string()),
        };
        if a <= b { format!("{a} {b}") } else { format!("{b} {a}") }
    }
}

/// Why a pair is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Likeness {
    /// The same reference in another system.
    Reference,
    /// The same day of birth and surname.
    BornAndSurname,
    /// The same telephone number.
    Phone,
    /// The same email address.
    Email,
    /// The same name.
    Name,
    /// The same hazard code in the same home, and no word that the rooms differ.
    CodeAndRoom,
    /// The same postcode, and an address that reads alike.
    PostcodeAndAddress,
    /// An address that reads alike.
    Address,
}

/// A pair that may be one.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct TwinPair {
    /// The pair.
    #[serde(flatten)]
    pub key: TwinKey,
    /// One, in words.
    pub left: String,
    /// The other, in words.
    pub right: String,
    /// Why it is shown, the strongest reason first.
    pub alike: Vec<Likeness>,
}

/// A record that was decided to be, or not to be, the same as another.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Linked {
    /// The pair.
    pub key: TwinKey,
    /// The other record.
    pub other: RecordId,
    /// The other, in words.
    pub title: String,
    /// What was decided.
    pub twins: Twins,
}

/// What became of a pair.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct TwinDecision {
    /// The row of the decision: what undoing it names.
    pub decision: RowId,
    /// What was decided.
    pub twins: Twins,
    /// Who decided.
    pub who: String,
    /// When, by that device's clock.
    pub at: Option<Millis>,
    /// Why, in words.
    pub note: Option<String>,
    /// The row that undid it.
    pub undone_by: Option<RowId>,
}

/// Pairs of records that were decided, looked at for one record, at most.
const PAIRS_MAX: usize = 50_000;

impl Duplicates<'_> {
    /// Pairs that may be one and that nobody has decided about, the likeliest first.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn candidates(&self, kind: TwinKind, page: Page) -> Result<Paged<TwinPair>, ClientError> {
        let mut device = self.client.lock();
        let (device, settled) = device.lists()?;
        Ok(page.of(search::candidates(device, settled, kind)?))
    }

    /// Every pair that may be one, of one kind or of all.
    pub(super) fn all(&self, kind: Option<TwinKind>) -> Result<Vec<TwinPair>, ClientError> {
        let mut device = self.client.lock();
        let (device, settled) = device.lists()?;
        let mut found = Vec::new();
        for one in TwinKind::ALL.into_iter().filter(|one| kind.is_none_or(|wanted| wanted == *one)) {
            found.extend(search::candidates(device, settled, one)?);
        }
        Ok(found)
    }

    /// How many pairs of each kind may be one.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn counts(&self) -> Result<Vec<(TwinKind, u64)>, ClientError> {
        let mut device = self.client.lock();
        let (device, settled) = device.lists()?;
        let count = |kind| Ok((kind, search::candidates(device, settled, kind)?.len() as u64));
        TwinKind::ALL.into_iter().map(count).collect()
    }

    /// Records that were decided to be, or not to be, the same as this one.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn linked(&self, record: RecordId) -> Result<Vec<Linked>, ClientError> {
        let mut device = self.client.lock();
        let (device, settled) = device.lists()?;
        let reader = device.store().reader();
        let mut found = Vec::new();
        for listed in desk::page(settled, DeskList::Pair, 0, PAIRS_MAX)? {
            let mut ids = listed.row.key.split(' ').filter_map(|id| id.parse::<RecordId>().ok());
            let (Some(a), Some(b)) = (ids.next(), ids.next()) else { continue };
            if (a != record && b != record) || listed.row.row != RowId::SINGLE.0 {
                continue;
            }
            let Some(class) = documents::class_of_document(reader, listed.document)? else { continue };
            let Ok(twins) = serde_json::from_str::<Twins>(&listed.row.data) else { continue };
            let other = if a == record { b } else { a };
            let key = match class {
                Class::Index => {
                    let provisional = RecordId(listed.document);
                    TwinKey::Properties { provisional, known: if provisional == a { b } else { a } }
                }
                _ => TwinKey::People { a, b },
            };
            found.push(Linked { key, other, title: title_of(device, Some(other), class)?, twins });
        }
        Ok(found)
    }
}
