//! Everything that happened to a home or a person: every change, field by field, with who and when and what stood there
//! before; and, where this device may know, everybody who opened what is sealed.

use doorstep_protocol::{Class, DocumentId, EnvelopeId, Millis};

use super::page::{Page, Paged};
use super::{Client, ClientError};
use crate::audit::{AuditEvent, AuditRecord, GlassReason};
use crate::device::{RecordId, RestrictedError};
use crate::order::Order as _;
use crate::records::history::{HistoryEntry, Wrote};
use crate::records::{ChangeHash, view};
use crate::store::documents;

/// Timelines of a device.
pub struct Timeline<'c> {
    pub(super) client: &'c Client,
}

/// One change of one document.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct TimelineEntry {
    /// The document.
    pub document: DocumentId,
    /// Its class.
    pub class: Class,
    /// The change: what a link to this entry names.
    #[serde(serialize_with = "as_hex")]
    pub change: ChangeHash,
    /// When, by that device's clock.
    pub at: Millis,
    /// The worker, or the device where the worker is not known.
    pub who: String,
    /// The device.
    pub device: String,
    /// What it wrote.
    pub wrote: Vec<Wrote>,
}

fn as_hex<S: serde::Serializer>(hash: &ChangeHash, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(hash)
}

/// Which changes are wanted. What is left open fits all.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimelineFilter {
    /// Of documents of this class.
    pub class: Option<Class>,
    /// Made at this moment or later.
    pub since: Option<Millis>,
    /// Made at this moment or earlier.
    pub until: Option<Millis>,
}

/// How something sealed was opened.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case", tag = "how")]
pub enum ReadHow {
    /// Its glass was broken.
    GlassBroken {
        /// Why.
        reason: GlassReason,
        /// Why, in words.
        text: String,
        /// The number of the incident, where there is one.
        incident: Option<String>,
    },
    /// It was shown behind a broken glass.
    BehindGlass {
        /// For which purpose: a code as grants have them.
        purpose: u16,
    },
    /// It was shown to an entitled team.
    WithPurpose {
        /// The class of what was shown.
        class: Class,
        /// For which purpose: a code as grants have them.
        purpose: u16,
    },
}

/// One opening of something sealed.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ReadRow {
    /// The audit record.
    pub record: EnvelopeId,
    /// When, by that device's clock.
    pub at: Millis,
    /// The worker, or the device where the worker is not known.
    pub who: String,
    /// The device.
    pub device: String,
    /// How.
    #[serde(flatten)]
    pub how: ReadHow,
}

/// Who read what, as far as this device may know.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case", tag = "known", content = "rows")]
pub enum Reads {
    /// All that has come to this desk, the latest first.
    Here(Vec<ReadRow>),
    /// Only auditors know.
    AuditorsOnly,
    /// An auditor's desk that is locked.
    Locked,
}

impl Timeline<'_> {
    /// Changes of every document of a record that opens with the device, the latest first.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn changes(
        &self,
        record: RecordId,
        filter: &TimelineFilter,
        page: Page,
    ) -> Result<Paged<TimelineEntry>, ClientError> {
        let names = self.client.directory().names()?;
        let mut device = self.client.lock();
        let mut dated: Vec<(Millis, ChangeHash, DocumentId)> = Vec::new();
        for document in documents::of_record_all(device.store().reader(), record.0)? {
            let found = device.with_history(document, |history, view| {
                let wanted = filter.class.is_none_or(|class| class == view.class);
                if wanted { history.changes() } else { Vec::new() }
            })?;
            let fits = |at: Millis| {
                filter.since.is_none_or(|since| since <= at) && filter.until.is_none_or(|until| at <= until)
            };
            dated
                .extend(found.into_iter().flatten().filter(|(at, _)| fits(*at)).map(|(at, hash)| (at, hash, document)));
        }
        dated.order_by(|a, b| b.cmp(a));
        let paged = page.of(dated);
        let mut rows = Vec::with_capacity(paged.rows.len());
        for (_, hash, document) in paged.rows {
            let entry = device.with_history(document, |history, view| Some((history.entry(hash)?, view.class)))?;
            let Some((HistoryEntry { by, wrote }, class)) = entry.flatten() else { continue };
            rows.push(TimelineEntry {
                document,
                class,
                change: by.change,
                at: by.at,
                who: names.who(by.who),
                device: by.who.map_or_else(|| "not known".to_owned(), |who| names.device(who.device)),
                wrote,
            });
        }
        device.let_go();
        Ok(Paged { total: paged.total, rows })
    }

    /// Who opened what is sealed about a record.
    ///
    /// # Errors
    /// [`ClientError::Restricted`] when audit records cannot be read here for another reason than who this is.
    pub fn reads(&self, record: RecordId) -> Result<Reads, ClientError> {
        let names = self.client.directory().names()?;
        let now = self.client.now();
        let mut device = self.client.lock();
        let closed = device.closed_documents_of(record, now);
        let records = match device.audit_records(now) {
            Ok(records) => records,
            Err(RestrictedError::NotEntitled { .. } | RestrictedError::NoAudit) => return Ok(Reads::AuditorsOnly),
            Err(RestrictedError::Locked) => return Ok(Reads::Locked),
            Err(other) => return Err(other.into()),
        };
        let mut rows: Vec<ReadRow> = Vec::new();
        for (by, id, AuditRecord { wall, seat, event }) in records {
            let how = match event {
                AuditEvent::GlassBroken { property, reason, text, incident, .. } if property == record.0 => {
                    ReadHow::GlassBroken { reason, text, incident }
                }
                AuditEvent::SealedRead { document, purpose, .. } if closed.contains(&document) => {
                    ReadHow::BehindGlass { purpose }
                }
                AuditEvent::ReadWithPurpose { document, class, purpose } if closed.contains(&document) => {
                    ReadHow::WithPurpose { class, purpose }
                }
                _ => continue,
            };
            let who = names.who(Some(view::Author { device: by, seat: Some(seat) }));
            rows.push(ReadRow { record: id, at: wall, who, device: names.device(by), how });
        }
        rows.order_by_key(|row| (std::cmp::Reverse(row.at), row.record));
        Ok(Reads::Here(rows))
    }
}
