//! The device's own place in its audit chain: the key of its next record, and when the last was written.

use doorstep_crypto::audit::AuditKey;
use doorstep_protocol::{DeviceId, Millis, ZoneId};
use rusqlite::{Connection, OptionalExtension, Transaction};
use zeroize::Zeroizing;

use super::envelopes::{self, Kept};
use super::{StoreError, fixed, meta, unsigned};

/// Where the device stands in its audit chain.
pub struct AuditState {
    /// The key of the next record.
    pub next: AuditKey,
    /// When the last record was written, by this device's clock.
    pub last: Millis,
}

/// Where the device stands; `None` before its first record.
pub fn state(connection: &Connection) -> Result<Option<AuditState>, StoreError> {
    let Some(bytes) = meta::get(connection, "audit")?.map(Zeroizing::new) else { return Ok(None) };
    let bytes: Zeroizing<[u8; 40]> = Zeroizing::new(fixed(&bytes, "meta")?);
    let (key, last) = bytes.split_at(32);
    Ok(Some(AuditState {
        next: AuditKey::from_bytes(fixed(key, "meta")?),
        last: Millis(u64::from_be_bytes(fixed(last, "meta")?)),
    }))
}

/// Moves on, in the transaction that keeps the record: the key before is overwritten.
pub fn set_state(transaction: &Transaction<'_>, state: &AuditState) -> Result<(), StoreError> {
    let mut bytes = Zeroizing::new([0u8; 40]);
    bytes[..32].copy_from_slice(state.next.expose_bytes());
    bytes[32..].copy_from_slice(&state.last.0.to_be_bytes());
    meta::set(transaction, "audit", bytes.as_slice())
}

/// When the oldest audit record of this device was written that the server has not taken, by this device's clock.
pub fn oldest_unsent(connection: &Connection, zone: ZoneId, author: DeviceId) -> Result<Option<Millis>, StoreError> {
    let found: Option<i64> = connection
        .prepare_cached(
            "SELECT e.arrived FROM outbox o JOIN envelopes e ON e.id = o.envelope
             WHERE o.zone = ?1 AND o.state <> 1 AND e.author = ?2 ORDER BY o.rank LIMIT 1",
        )?
        .query_row((&zone.0, &author.0), |row| row.get(0))
        .optional()?;
    Ok(found.map(|at| Millis(unsigned(at))))
}

/// Every envelope of a zone, by author and counter, whatever became of it.
pub fn chains(connection: &Connection, zone: ZoneId) -> Result<Vec<Kept>, StoreError> {
    envelopes::all(connection, "WHERE zone = ?1 ORDER BY author, zseq, rank", [&zone.0])
}
