//! The tables, their version, and the settings of every connection.

use doorstep_protocol::{RestoreEpoch, StoreId};
use rusqlite::{Connection, OptionalExtension, TransactionBehavior, params};

use super::parts;
use crate::store::{StoreError, StoreIdentity};

/// Written into the file's header, so that no other program's database is taken for a store: `DSTR`.
const APPLICATION_ID: i64 = 0x4453_5452;
/// The version this program writes.
const VERSION: i64 = 3;
const BUSY_MS: u64 = 10_000;
const WRITER_CACHE_KIB: i64 = 16 * 1024;

/// `envelope.place` is feed number times 2^40 plus the number in the feed: a feed lies together, in order, and needs no
/// index beside it.
///
/// `chain` finds an envelope by its author's counter: one row for a run, the envelopes whose counters and numbers go in step from
/// the row's on. Chains have no gaps, so the row at or before a counter is that of its run.
const TABLES: &str = "
CREATE TABLE meta (
    only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
    store BLOB NOT NULL,
    restore_epoch INTEGER NOT NULL
);
CREATE TABLE partnership (
    n INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    log_size INTEGER NOT NULL,
    log_head BLOB NOT NULL,
    used_bytes INTEGER NOT NULL
);
CREATE TABLE log_entry (
    partnership INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    entry BLOB NOT NULL,
    PRIMARY KEY (partnership, seq)
);
CREATE TABLE team_wrap (
    partnership INTEGER NOT NULL,
    device BLOB NOT NULL,
    seq INTEGER NOT NULL,
    wrap BLOB NOT NULL,
    PRIMARY KEY (partnership, device, seq)
) WITHOUT ROWID;
CREATE TABLE feed (
    n INTEGER PRIMARY KEY,
    partnership INTEGER NOT NULL,
    zone BLOB NOT NULL,
    number INTEGER NOT NULL,
    head BLOB NOT NULL,
    UNIQUE (partnership, zone)
);
CREATE TABLE envelope (
    place INTEGER PRIMARY KEY,
    author BLOB NOT NULL,
    id BLOB NOT NULL,
    bytes BLOB NOT NULL
);
CREATE TABLE chain (
    feed INTEGER NOT NULL,
    author BLOB NOT NULL,
    zseq INTEGER NOT NULL,
    number INTEGER NOT NULL,
    PRIMARY KEY (feed, author, zseq)
) WITHOUT ROWID;
CREATE TABLE tail (
    partnership INTEGER NOT NULL,
    device BLOB NOT NULL,
    feed INTEGER NOT NULL,
    zseq INTEGER NOT NULL,
    envelope BLOB NOT NULL,
    PRIMARY KEY (partnership, device, feed)
) WITHOUT ROWID;
";

/// Since version 2: what revoked devices left. No zone: a wipe receipt; no bytes: decided.
const INBOX: &str = "
CREATE TABLE inbox (
    partnership INTEGER NOT NULL,
    number INTEGER NOT NULL,
    device BLOB NOT NULL,
    arrived INTEGER NOT NULL,
    zone BLOB,
    id BLOB NOT NULL,
    bytes BLOB,
    PRIMARY KEY (partnership, number),
    UNIQUE (partnership, id)
);
";

/// Sets up a connection that writes, makes the tables when there are none, and says which store it is.
pub(super) fn prepare(connection: &mut Connection, new_id: StoreId) -> Result<StoreIdentity, StoreError> {
    set_pragmas(connection)?;
    connection.pragma_update(None, "cache_size", -WRITER_CACHE_KIB)?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let application_id: i64 = transaction.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let version: i64 = transaction.pragma_query_value(None, "user_version", |row| row.get(0))?;
    let tables: i64 = transaction.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    match (application_id, version, tables) {
        (0, 0, 0) => {
            transaction.execute_batch(TABLES)?;
            transaction.execute_batch(INBOX)?;
            transaction.execute_batch(parts::TABLES)?;
            transaction.pragma_update(None, "application_id", APPLICATION_ID)?;
            transaction.pragma_update(None, "user_version", VERSION)?;
            transaction
                .execute("INSERT INTO meta (only_row, store, restore_epoch) VALUES (1, ?1, 0)", params![new_id.0])?;
        }
        (APPLICATION_ID, VERSION, _) => {}
        (APPLICATION_ID, 1 | 2, _) => {
            if version == 1 {
                transaction.execute_batch(INBOX)?;
            }
            transaction.execute_batch(parts::TABLES)?;
            transaction.pragma_update(None, "user_version", VERSION)?;
        }
        (_, found, _) => return Err(StoreError::Version { found, known: VERSION }),
    }
    let identity = identity(&transaction)?;
    transaction.commit()?;
    // What an erasure before a crash left in the write-ahead log.
    rinse(connection)?;
    Ok(identity)
}

/// Checks that a database is a store of a version that this program reads, and says which.
pub(super) fn prepare_existing(connection: &Connection) -> Result<StoreIdentity, StoreError> {
    let application_id: i64 = connection.pragma_query_value(None, "application_id", |row| row.get(0))?;
    let found: i64 = connection.pragma_query_value(None, "user_version", |row| row.get(0))?;
    if application_id != APPLICATION_ID || !(1..=VERSION).contains(&found) {
        return Err(StoreError::Version { found, known: VERSION });
    }
    identity(connection)
}

/// Which store a database is.
fn identity(connection: &Connection) -> Result<StoreIdentity, StoreError> {
    let row = connection
        .query_row("SELECT store, restore_epoch FROM meta", [], |row| Ok((row.get::<_, [u8; 16]>(0)?, row.get(1)?)))
        .optional()?;
    let (store, epoch) = row.ok_or(StoreError::Damaged { what: "it does not say which store it is" })?;
    Ok(StoreIdentity { store: StoreId(store), restore_epoch: RestoreEpoch(epoch) })
}

/// Settings that hold for the connection, not for the file.
pub(super) fn set_pragmas(connection: &Connection) -> Result<(), StoreError> {
    connection.busy_timeout(std::time::Duration::from_millis(BUSY_MS))?;
    // A database in memory answers "memory", which is as good.
    let _mode: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0))?;
    connection.pragma_update(None, "synchronous", "FULL")?;
    // What is erased is overwritten, not only let go.
    let _on: i64 = connection.pragma_update_and_check(None, "secure_delete", true, |row| row.get(0))?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    Ok(())
}

/// Empties the write-ahead log into the file, and says whether that is done: a reader may be in its way.
pub(super) fn rinse(connection: &Connection) -> Result<bool, StoreError> {
    // Nobody waits for a reader here: it is tried again after the next write.
    connection.busy_timeout(std::time::Duration::ZERO)?;
    let busy = connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |row| row.get::<_, i64>(0));
    connection.busy_timeout(std::time::Duration::from_millis(BUSY_MS))?;
    Ok(busy? == 0)
}
