//! Single values: which partnership, which store was last met, which server.

use doorstep_protocol::{LogHash, LogSize, PartnershipId, RestoreEpoch, SignPublic, StoreId};
use rusqlite::{Connection, OptionalExtension, Transaction};

use super::{StoreError, fixed};
use crate::replica::machine::Stop;

/// Which store of which server this device has last met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreIdentity {
    /// The store.
    pub store: StoreId,
    /// How often it was restored.
    pub restore_epoch: RestoreEpoch,
}

pub(super) fn get(connection: &Connection, name: &str) -> Result<Option<Vec<u8>>, StoreError> {
    Ok(connection
        .prepare_cached("SELECT value FROM meta WHERE name = ?1")?
        .query_row([name], |row| row.get(0))
        .optional()?)
}

pub(super) fn set(transaction: &Transaction<'_>, name: &str, value: &[u8]) -> Result<(), StoreError> {
    transaction
        .prepare_cached("INSERT INTO meta (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = ?2")?
        .execute((name, value))?;
    Ok(())
}

pub(super) fn remove(transaction: &Transaction<'_>, name: &str) -> Result<(), StoreError> {
    transaction.prepare_cached("DELETE FROM meta WHERE name = ?1")?.execute([name])?;
    Ok(())
}

/// The store last met; `None` before the first meeting.
pub fn store_identity(connection: &Connection) -> Result<Option<StoreIdentity>, StoreError> {
    let Some(bytes) = get(connection, "store-identity")? else { return Ok(None) };
    let bytes: [u8; 20] = fixed(&bytes, "meta")?;
    let (store, epoch) = bytes.split_at(16);
    Ok(Some(StoreIdentity {
        store: StoreId(fixed(store, "meta")?),
        restore_epoch: RestoreEpoch(u32::from_be_bytes(fixed(epoch, "meta")?)),
    }))
}

/// Remembers the store that was met.
pub fn set_store_identity(transaction: &Transaction<'_>, met: StoreIdentity) -> Result<(), StoreError> {
    set(transaction, "store-identity", &[&met.store.0[..], &met.restore_epoch.0.to_be_bytes()].concat())
}

/// Where the server is.
pub fn server_url(connection: &Connection) -> Result<Option<String>, StoreError> {
    get(connection, "server-url")?
        .map(|bytes| String::from_utf8(bytes).map_err(|_| StoreError::Damaged { table: "meta" }))
        .transpose()
}

/// Remembers where the server is.
pub fn set_server_url(transaction: &Transaction<'_>, url: &str) -> Result<(), StoreError> {
    set(transaction, "server-url", url.as_bytes())
}

/// The partnership this device belongs to, fixed at enrolment.
pub fn partnership(connection: &Connection) -> Result<Option<PartnershipId>, StoreError> {
    get(connection, "partnership")?.map(|bytes| Ok(PartnershipId(fixed(&bytes, "meta")?))).transpose()
}

/// Fixes the partnership.
pub fn set_partnership(transaction: &Transaction<'_>, partnership: PartnershipId) -> Result<(), StoreError> {
    set(transaction, "partnership", &partnership.0)
}

/// The server key of the genesis, as it was handed over in person.
pub fn server_key(connection: &Connection) -> Result<Option<SignPublic>, StoreError> {
    get(connection, "server-key")?.map(|bytes| Ok(SignPublic(fixed(&bytes, "meta")?))).transpose()
}

/// Remembers the server key.
pub fn set_server_key(transaction: &Transaction<'_>, key: &SignPublic) -> Result<(), StoreError> {
    set(transaction, "server-key", &key.0)
}

/// A point of the authority log that was handed over in person.
pub fn pinned_log(connection: &Connection) -> Result<Option<(LogSize, LogHash)>, StoreError> {
    let Some(bytes) = get(connection, "pinned-log")? else { return Ok(None) };
    let bytes: [u8; 40] = fixed(&bytes, "meta")?;
    let (size, head) = bytes.split_at(8);
    Ok(Some((LogSize(u64::from_be_bytes(fixed(size, "meta")?)), LogHash(fixed(head, "meta")?))))
}

/// Remembers a point of the authority log that was handed over in person.
pub fn set_pinned_log(transaction: &Transaction<'_>, size: LogSize, head: LogHash) -> Result<(), StoreError> {
    set(transaction, "pinned-log", &[&size.0.to_be_bytes()[..], &head.0].concat())
}

/// Whether the first catch-up of this device has been completed: an explicit state, so that an interrupted first sync is
/// not taken for an empty partnership.
pub fn first_sync_done(connection: &Connection) -> Result<FirstSync, StoreError> {
    Ok(if get(connection, "first-sync")?.is_some() { FirstSync::Done } else { FirstSync::Owed })
}

/// Remembers that the first catch-up is complete.
pub fn set_first_sync_done(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    set(transaction, "first-sync", b"done")
}

/// Whether the first catch-up is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FirstSync {
    /// Not yet: what is shown may be incomplete.
    Owed,
    /// Complete.
    Done,
}

/// Whether a rebuild of projections was begun and not ended.
pub fn rebuild_owed(connection: &Connection) -> Result<bool, StoreError> {
    Ok(get(connection, "rebuild")?.is_some())
}

/// Remembers that a rebuild was begun: projections are incomplete until it has ended.
pub fn set_rebuild_begun(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    set(transaction, "rebuild", b"begun")
}

/// A rebuild has ended.
pub fn set_rebuild_ended(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    transaction.execute("DELETE FROM meta WHERE name = 'rebuild'", [])?;
    Ok(())
}

/// Whether the store last met may lack wraps for others that this device holds.
pub fn owes_wraps(connection: &Connection) -> Result<bool, StoreError> {
    Ok(get(connection, "wraps-to-bring")?.is_some())
}

/// Another store was met: whoever brings it the log may hold no wraps but their own.
pub fn owe_wraps(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    set(transaction, "wraps-to-bring", &[])
}

/// The store last met has the wraps that this device holds.
pub fn settle_wraps(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    remove(transaction, "wraps-to-bring")
}

/// What this device raised an alarm about. It stays until a person has dealt with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// Why the device does not go on.
    pub stop: Stop,
    /// In words, for a person.
    pub words: String,
}

const STOPS: [Stop; 4] = [Stop::Cloned, Stop::SplitView, Stop::Refused, Stop::Incompatible];

/// The alarm that stands, if one does.
pub fn alarm(connection: &Connection) -> Result<Option<Alarm>, StoreError> {
    let Some(bytes) = get(connection, "alarm")? else { return Ok(None) };
    let damaged = StoreError::Damaged { table: "meta" };
    let Some((kind, words)) = bytes.split_first() else { return Err(damaged) };
    let Some(stop) = STOPS.get(usize::from(*kind)).copied() else { return Err(damaged) };
    let words = String::from_utf8(words.to_vec()).map_err(|_| StoreError::Damaged { table: "meta" })?;
    Ok(Some(Alarm { stop, words }))
}

/// Raises an alarm.
pub fn set_alarm(transaction: &Transaction<'_>, alarm: &Alarm) -> Result<(), StoreError> {
    let kind = STOPS.iter().position(|stop| *stop == alarm.stop).and_then(|at| u8::try_from(at).ok()).unwrap_or(0);
    set(transaction, "alarm", &[&[kind], alarm.words.as_bytes()].concat())
}
