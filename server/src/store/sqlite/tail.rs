//! Each author's last envelope in each zone: where its chain goes on, and what a cloned device is recognised by.

use doorstep_protocol::wire::AuthorTail;
use doorstep_protocol::{DeviceId, EnvelopeId, PartnershipId, ZoneId, ZoneSeq};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::store::StoreError;

use super::log;

pub(super) fn find(
    connection: &Connection,
    partnership: i64,
    device: DeviceId,
    feed: i64,
) -> Result<Option<(ZoneSeq, EnvelopeId)>, StoreError> {
    let row = connection
        .prepare_cached("SELECT zseq, envelope FROM tail WHERE partnership = ?1 AND device = ?2 AND feed = ?3")?
        .query_row(params![partnership, device.0, feed], |row| Ok((ZoneSeq(row.get(0)?), EnvelopeId(row.get(1)?))))
        .optional()?;
    Ok(row)
}

pub(super) fn set(
    tx: &Transaction<'_>,
    partnership: i64,
    device: DeviceId,
    feed: i64,
    (zseq, envelope): (ZoneSeq, EnvelopeId),
) -> Result<(), StoreError> {
    tx.prepare_cached(
        "INSERT INTO tail (partnership, device, feed, zseq, envelope) VALUES (?1, ?2, ?3, ?4, ?5)
         ON CONFLICT DO UPDATE SET zseq = excluded.zseq, envelope = excluded.envelope",
    )?
    .execute(params![partnership, device.0, feed, zseq.0, envelope.0])?;
    Ok(())
}

pub(super) fn of_device(
    tx: &Transaction<'_>,
    partnership: PartnershipId,
    device: DeviceId,
) -> Result<Vec<AuthorTail>, StoreError> {
    let Some(log::PartnershipRow { n, .. }) = log::find(tx, partnership)? else { return Ok(Vec::new()) };
    let mut statement = tx.prepare_cached(
        "SELECT feed.zone, tail.zseq, tail.envelope FROM tail JOIN feed ON feed.n = tail.feed
         WHERE tail.partnership = ?1 AND tail.device = ?2 ORDER BY feed.zone",
    )?;
    let rows = statement.query_map(params![n, device.0], |row| {
        Ok(AuthorTail { zone: ZoneId(row.get(0)?), zseq: ZoneSeq(row.get(1)?), envelope: EnvelopeId(row.get(2)?) })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
