//! Invitations that this desk has made: what lets it say of a request that its invitation is unknown, over, or used.

use doorstep_protocol::{DeviceId, InviteId, Millis};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};
use zeroize::Zeroizing;

use super::{StoreError, fixed, signed, unsigned};

/// Invitations kept at most, used and expired ones too; the oldest goes first.
pub const KEPT_MAX: u64 = 1_024;

/// An invitation as the desk remembers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// Its id, which the request names.
    pub id: InviteId,
    /// When it was made, by this desk's clock.
    pub made: Millis,
    /// Until when it can be used, by this desk's clock.
    pub expires: Millis,
    /// Code of whom it is for: see `partnership::Engagement`.
    pub engagement: u8,
    /// The key that its six words gave; an invitation handed over in person has none.
    pub key: Option<KeptInviteKey>,
    /// Requests in its name that did not know the words.
    pub wrong_words: u32,
    /// The device that used it.
    pub used_by: Option<DeviceId>,
}

/// A key in a row: kept sealed with the store, and never printed.
#[derive(Clone, PartialEq, Eq)]
pub struct KeptInviteKey(pub Zeroizing<[u8; 32]>);

impl core::fmt::Debug for KeptInviteKey {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("KeptInviteKey(secret)")
    }
}

const COLUMNS: &str = "id, made, expires, engagement, key, wrong_words, used_by";

/// Keeps a new one, and lets the oldest go past [`KEPT_MAX`].
pub fn add(transaction: &Transaction<'_>, issued: &Issued) -> Result<(), StoreError> {
    transaction
        .prepare_cached(
            "INSERT INTO invitations (id, made, expires, engagement, key, wrong_words, used_by)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute((
            &issued.id.0,
            signed(issued.made.0),
            signed(issued.expires.0),
            issued.engagement,
            issued.key.as_ref().map(|key| key.0.as_slice()),
            issued.wrong_words,
            issued.used_by.map(|device| device.0),
        ))?;
    transaction
        .prepare_cached(
            "DELETE FROM invitations WHERE id IN
             (SELECT id FROM invitations ORDER BY made DESC, id LIMIT -1 OFFSET ?1)",
        )?
        .execute([signed(KEPT_MAX)])?;
    Ok(())
}

/// One of them.
pub fn get(connection: &Connection, id: InviteId) -> Result<Option<Issued>, StoreError> {
    connection
        .prepare_cached(&format!("SELECT {COLUMNS} FROM invitations WHERE id = ?1"))?
        .query_row([&id.0], |row| Ok(read(row)))
        .optional()?
        .transpose()
}

/// All of them, the newest first.
pub fn all(connection: &Connection) -> Result<Vec<Issued>, StoreError> {
    let mut statement =
        connection.prepare_cached(&format!("SELECT {COLUMNS} FROM invitations ORDER BY made DESC, id"))?;
    let rows = statement.query_map([], |row| Ok(read(row)))?;
    rows.map(|row| row?).collect()
}

/// How many could still be used at `now`.
pub fn count_open(connection: &Connection, now: Millis) -> Result<u64, StoreError> {
    Ok(connection
        .prepare_cached("SELECT COUNT(*) FROM invitations WHERE used_by IS NULL AND expires >= ?1")?
        .query_row([signed(now.0)], |row| row.get(0).map(unsigned))?)
}

/// One more request did not know the words.
pub fn count_wrong_words(transaction: &Transaction<'_>, id: InviteId) -> Result<(), StoreError> {
    transaction
        .prepare_cached("UPDATE invitations SET wrong_words = wrong_words + 1 WHERE id = ?1")?
        .execute([&id.0])?;
    Ok(())
}

/// A device uses it, from now on this one only.
pub fn set_used(transaction: &Transaction<'_>, id: InviteId, device: DeviceId) -> Result<(), StoreError> {
    transaction
        .prepare_cached("UPDATE invitations SET used_by = ?2 WHERE id = ?1 AND used_by IS NULL")?
        .execute((&id.0, &device.0))?;
    Ok(())
}

/// Forgets one. Returns whether there was such a one.
pub fn remove(transaction: &Transaction<'_>, id: InviteId) -> Result<Removal, StoreError> {
    let gone = transaction.prepare_cached("DELETE FROM invitations WHERE id = ?1")?.execute([&id.0])?;
    Ok(if gone == 0 { Removal::NotThere } else { Removal::Removed })
}

/// Whether there was something to forget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    /// It is gone.
    Removed,
    /// There was none.
    NotThere,
}

fn read(row: &Row<'_>) -> Result<Issued, StoreError> {
    const TABLE: &str = "invitations";
    let id: Vec<u8> = row.get(0)?;
    let key: Option<Zeroizing<Vec<u8>>> = row.get::<_, Option<Vec<u8>>>(4)?.map(Zeroizing::new);
    let used_by: Option<Vec<u8>> = row.get(6)?;
    Ok(Issued {
        id: InviteId(fixed(&id, TABLE)?),
        made: Millis(unsigned(row.get(1)?)),
        expires: Millis(unsigned(row.get(2)?)),
        engagement: row.get(3)?,
        key: key.map(|key| Ok::<_, StoreError>(KeptInviteKey(Zeroizing::new(fixed(&key, TABLE)?)))).transpose()?,
        wrong_words: row.get(5)?,
        used_by: used_by.map(|device| Ok::<_, StoreError>(DeviceId(fixed(&device, TABLE)?))).transpose()?,
    })
}
