//! What revoked devices left. An item that was decided keeps its row and loses its bytes, so that it is not brought again.

use std::collections::BTreeSet;

use doorstep_protocol::wire::frame::Remainder;
use doorstep_protocol::wire::{InboxItem, InboxWhat};
use doorstep_protocol::{Bytes, DeviceId, Digest32, DocumentId, InboxNumber, Millis, PartnershipId, ZoneId, limits};
use rusqlite::{OptionalExtension, Transaction, params};

use crate::domain::inbox::{self, InboxFacts, Kind};
use crate::store::{InboxJob, InboxMark, InboxOutcome, InboxReader, PageBytes, StoreError};

use super::log;

/// What an item takes in a page beside its bytes, generously.
const ITEM_BYTES: usize = 96;
/// Where an envelope's header names its document, counted from 1.
const DOCUMENT_AT: i64 = 41;

pub(super) fn keep(tx: &Transaction<'_>, job: &InboxJob) -> Result<InboxOutcome, StoreError> {
    let Some(row) = log::find(tx, job.partnership)?.filter(|row| row.size == job.log_size) else {
        return Ok(InboxOutcome::LogMoved);
    };
    let envelopes = job.envelopes.iter().map(|envelope| {
        let zone = envelope.header().zone;
        (Kind::Envelope, Some(zone), Digest32(envelope.id().0), envelope.as_bytes())
    });
    let receipt = job.receipt.iter().map(|receipt| (Kind::Receipt, None, receipt.id(), receipt.as_bytes()));
    let items: Vec<_> = envelopes.chain(receipt).collect();
    let facts = load(tx, row.n, job.device, items.iter().map(|(_, _, id, _)| *id))?;
    let (mut said, new) =
        inbox::decide(facts, items.iter().map(|(kind, _, id, bytes)| (*kind, *id, bytes.len() as u64)));
    let mut insert = tx.prepare_cached(
        "INSERT INTO inbox (partnership, number, device, arrived, zone, id, bytes) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
    )?;
    for (index, number) in &new {
        let (_, zone, id, bytes) = &items[*index];
        let zone = zone.map(|zone| zone.0);
        insert.execute(params![row.n, number.0, job.device.0, job.arrived.0, zone, id.0, bytes])?;
    }
    said.truncate(job.envelopes.len());
    Ok(InboxOutcome::Kept(said))
}

fn load(
    tx: &Transaction<'_>,
    partnership: i64,
    device: DeviceId,
    ids: impl Iterator<Item = Digest32>,
) -> Result<InboxFacts, StoreError> {
    let (last, partnership_bytes) = tx
        .prepare_cached(
            "SELECT coalesce(max(number), 0), coalesce(sum(length(bytes)), 0) FROM inbox WHERE partnership = ?1",
        )?
        .query_row(params![partnership], |row| Ok((InboxNumber(row.get(0)?), row.get(1)?)))?;
    let (device_envelopes, device_bytes, device_receipts) = tx
        .prepare_cached(
            "SELECT count(zone), coalesce(sum(CASE WHEN zone IS NULL THEN 0 ELSE length(bytes) END), 0),
                    count(*) - count(zone)
             FROM inbox WHERE partnership = ?1 AND device = ?2",
        )?
        .query_row(params![partnership, device.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?;
    let mut there = BTreeSet::new();
    let mut find = tx.prepare_cached("SELECT 1 FROM inbox WHERE partnership = ?1 AND id = ?2")?;
    for id in ids {
        if find.exists(params![partnership, id.0])? {
            there.insert(id);
        }
    }
    Ok(InboxFacts { last, device_envelopes, device_bytes, device_receipts, partnership_bytes, there })
}

pub(super) fn page(
    tx: &Transaction<'_>,
    partnership: PartnershipId,
    after: InboxNumber,
    reader: &InboxReader,
    bytes: PageBytes,
) -> Result<(Vec<InboxItem>, Remainder), StoreError> {
    let Some(log::PartnershipRow { n, .. }) = log::find(tx, partnership)? else {
        return Ok((Vec::new(), Remainder::Nothing));
    };
    let mut statement = tx.prepare_cached(
        "SELECT number, zone, device, arrived, bytes FROM inbox
         WHERE partnership = ?1 AND number > ?2 AND bytes IS NOT NULL ORDER BY number",
    )?;
    let mut rows = statement.query(params![n, after.0])?;
    let (mut items, mut filled) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let zone = row.get::<_, Option<[u8; 16]>>(1)?.map(ZoneId);
        if !reader.may_read(zone) {
            continue;
        }
        let content = row.get_ref(4)?.as_blob().map_err(rusqlite::Error::from)?;
        filled += content.len() + ITEM_BYTES;
        if filled > bytes.most || filled > bytes.enough && !items.is_empty() {
            return Ok((items, Remainder::More));
        }
        items.push(InboxItem {
            number: InboxNumber(row.get(0)?),
            device: DeviceId(row.get(2)?),
            arrived: Millis(row.get(3)?),
            what: if zone.is_some() { InboxWhat::Envelope } else { InboxWhat::WipeReceipt },
            bytes: Bytes(content.to_vec()),
        });
    }
    Ok((items, Remainder::Nothing))
}

pub(super) fn marks(
    tx: &Transaction<'_>,
    partnership: PartnershipId,
    numbers: &[InboxNumber],
) -> Result<Vec<InboxMark>, StoreError> {
    let Some(log::PartnershipRow { n, .. }) = log::find(tx, partnership)? else { return Ok(Vec::new()) };
    let mut statement = tx.prepare_cached("SELECT device, zone FROM inbox WHERE partnership = ?1 AND number = ?2")?;
    let mut marks = Vec::new();
    for number in numbers {
        let mark = statement
            .query_row(params![n, number.0], |row| {
                let zone = row.get::<_, Option<[u8; 16]>>(1)?.map(ZoneId);
                Ok(InboxMark { number: *number, device: DeviceId(row.get(0)?), zone })
            })
            .optional()?;
        marks.extend(mark);
    }
    Ok(marks)
}

pub(super) fn clear(
    tx: &Transaction<'_>,
    partnership: PartnershipId,
    numbers: &[InboxNumber],
) -> Result<(), StoreError> {
    let Some(log::PartnershipRow { n, .. }) = log::find(tx, partnership)? else { return Ok(()) };
    let mut statement = tx.prepare_cached("UPDATE inbox SET bytes = NULL WHERE partnership = ?1 AND number = ?2")?;
    for number in numbers {
        statement.execute(params![n, number.0])?;
    }
    Ok(())
}

/// Takes the bytes of a document that is erased, and says how many they were.
pub(super) fn erase(
    tx: &Transaction<'_>,
    partnership: i64,
    zone: ZoneId,
    document: DocumentId,
) -> Result<u64, StoreError> {
    let of_document = "partnership = ?1 AND zone = ?2 AND substr(bytes, ?3, ?4) = ?5";
    let whose = params![partnership, zone.0, DOCUMENT_AT, DocumentId::LEN as i64, document.0];
    let freed: u64 = tx
        .prepare_cached(&format!("SELECT coalesce(sum(length(bytes)), 0) FROM inbox WHERE {of_document}"))?
        .query_row(whose, |row| row.get(0))?;
    if freed > 0 {
        tx.prepare_cached(&format!("UPDATE inbox SET bytes = NULL WHERE {of_document}"))?.execute(whose)?;
    }
    Ok(freed)
}

const _: () = assert!(limits::INBOX_PAGE_BYTES_MAX > limits::ENVELOPE_BYTES_MAX + ITEM_BYTES);
