//! Erasure: the bytes of named envelopes go, their numbers and places stay.

use doorstep_protocol::authority::{Erase, EraseReason, ErasedEnvelope};
use doorstep_protocol::{DocumentId, EnvelopeId, PartnershipId};
use rusqlite::{Transaction, params};

use crate::store::StoreError;

use super::{feed, inbox, parts, tail};

/// Where an envelope's header names its document, counted from 1.
const DOCUMENT_AT: i64 = 41;

/// The first envelope that an erasure names and that stands elsewhere than it says, or is another's document. What is not
/// here cannot be compared: a log that is brought back may be ahead of what it erases.
pub(super) fn misnamed(
    tx: &Transaction<'_>,
    partnership: i64,
    erase: &Erase,
) -> Result<Option<EnvelopeId>, StoreError> {
    let Some((feed, _)) = feed::find(tx, partnership, erase.zone)? else { return Ok(None) };
    for one in &erase.envelopes {
        if !is_here(tx, partnership, feed, one)? {
            continue;
        }
        let standing = feed::standing(tx, feed, one.author, one.zseq)?;
        let Some((number, _)) = standing.filter(|(_, there)| *there == one.envelope) else {
            return Ok(Some(one.envelope));
        };
        // Of what was erased before there is nothing, and a part of nothing is NULL.
        let document: Option<Vec<u8>> = tx
            .prepare_cached("SELECT substr(bytes, ?2, ?3) FROM envelope WHERE place = ?1")?
            .query_row(params![feed::place(feed, number)?, DOCUMENT_AT, DocumentId::LEN as i64], |row| row.get(0))?;
        if document.is_some_and(|document| document != erase.document.0) {
            return Ok(Some(one.envelope));
        }
    }
    Ok(None)
}

/// Takes the bytes, and says how many they were.
pub(super) fn blank(
    tx: &Transaction<'_>,
    (partnership, id): (i64, PartnershipId),
    erase: &Erase,
) -> Result<Freed, StoreError> {
    let mut freed = Freed::default();
    // What finishes an erasure takes what it names: the rest may be of a document that was begun anew.
    if erase.reason != EraseReason::Finish {
        freed.inbox_bytes = inbox::erase(tx, partnership, erase.zone, erase.document)?;
        freed.part_bytes = parts::free(tx, partnership, id, erase.zone, erase.document)?;
    }
    let Some((feed, _)) = feed::find(tx, partnership, erase.zone)? else { return Ok(freed) };
    let mut length = tx.prepare_cached("SELECT length(bytes) FROM envelope WHERE place = ?1")?;
    let mut blank = tx.prepare_cached("UPDATE envelope SET bytes = x'' WHERE place = ?1")?;
    for one in &erase.envelopes {
        if !is_here(tx, partnership, feed, one)? {
            continue;
        }
        if let Some((number, _)) = feed::standing(tx, feed, one.author, one.zseq)? {
            let place = feed::place(feed, number)?;
            freed.feed_bytes += length.query_row(params![place], |row| row.get::<_, u64>(0))?;
            blank.execute(params![place])?;
        }
    }
    Ok(freed)
}

fn is_here(tx: &Transaction<'_>, partnership: i64, feed: i64, one: &ErasedEnvelope) -> Result<bool, StoreError> {
    Ok(tail::find(tx, partnership, one.author, feed)?.is_some_and(|(tail, _)| one.zseq <= tail))
}

/// Bytes that an erasure freed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Freed {
    /// In the feeds: they no longer count against the quota.
    pub(super) feed_bytes: u64,
    /// In the inbox.
    pub(super) inbox_bytes: u64,
    /// Parts of files that nobody else claims.
    pub(super) part_bytes: u64,
}
