//! The authority log as this device has verified it, and the team keys sealed to it.

use std::collections::BTreeMap;

use doorstep_protocol::authority::{Entry, SignedEntry};
use doorstep_protocol::{LogSize, Millis, cbor, limits};
use rusqlite::{Connection, Transaction};

use super::{StoreError, signed};

/// Every entry, in order.
pub fn entries(connection: &Connection) -> Result<Vec<SignedEntry>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT entry FROM log ORDER BY seq")?;
    let mut rows = statement.query([])?;
    let mut entries = Vec::new();
    while let Some(row) = rows.next()? {
        let bytes = row.get_ref(0)?.as_blob().map_err(|_| StoreError::Damaged { table: "log" })?;
        let entry = cbor::decode("log entry", bytes, limits::FRAME_BYTES_MAX);
        entries.push(entry.map_err(|_| StoreError::Damaged { table: "log" })?);
    }
    Ok(entries)
}

/// When each entry was made, by its author's clock.
pub fn times(connection: &Connection) -> Result<BTreeMap<LogSize, Millis>, StoreError> {
    let damaged = |_| StoreError::Damaged { table: "log" };
    let parsed = |entry: &SignedEntry| Entry::parse(&entry.entry.0).map(|entry| (entry.seq, entry.time));
    entries(connection)?.iter().map(|entry| parsed(entry).map_err(damaged)).collect()
}

/// Appends an entry at its position.
pub fn append(transaction: &Transaction<'_>, seq: LogSize, entry: &SignedEntry) -> Result<(), StoreError> {
    transaction
        .prepare_cached("INSERT INTO log (seq, entry) VALUES (?1, ?2)")?
        .execute((signed(seq.0), cbor::encode(entry)))?;
    Ok(())
}

/// The team keys sealed to this device.
pub fn team_wraps(connection: &Connection) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT wrap FROM team_wraps")?;
    let wraps = statement.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(wraps)
}

/// Keeps a team key sealed to this device.
pub fn add_team_wrap(transaction: &Transaction<'_>, wrap: &[u8]) -> Result<(), StoreError> {
    transaction.prepare_cached("INSERT OR IGNORE INTO team_wraps (wrap) VALUES (?1)")?.execute([wrap])?;
    Ok(())
}
