//! Changes made on this device that no envelope holds yet. They are on disk before the screen shows them.

use doorstep_protocol::{Digest32, DocumentId, Millis, SeatId, SessionNonce, ZoneId};
use rusqlite::{Connection, Transaction};

use super::{StoreError, fixed, signed, unsigned};

/// One change, with what its envelope will say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pending {
    /// Order on this device.
    pub seq: u64,
    /// The document.
    pub document: DocumentId,
    /// The zone it goes to.
    pub zone: ZoneId,
    /// Who made it.
    pub seat: SeatId,
    /// In which session.
    pub session: SessionNonce,
    /// When, by this device's clock.
    pub made: Millis,
    /// The document's heads after it.
    pub heads: Vec<Digest32>,
    /// The raw change.
    pub change: Vec<u8>,
}

/// Keeps a change; its `seq` is given by the store.
pub fn add(transaction: &Transaction<'_>, pending: &Pending) -> Result<(), StoreError> {
    transaction
        .prepare_cached(
            "INSERT INTO pending (document, zone, seat, session, made, heads, change)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute((
            &pending.document.0,
            &pending.zone.0,
            &pending.seat.0,
            &pending.session.0,
            signed(pending.made.0),
            pending.heads.iter().flat_map(|head| head.0).collect::<Vec<u8>>(),
            &pending.change,
        ))?;
    Ok(())
}

/// The oldest changes, at most `limit`.
pub fn oldest(connection: &Connection, limit: usize) -> Result<Vec<Pending>, StoreError> {
    select(connection, "ORDER BY seq LIMIT ?1", [signed(limit as u64)])
}

/// The oldest changes of one zone, at most `limit`.
pub fn oldest_of_zone(connection: &Connection, zone: ZoneId, limit: usize) -> Result<Vec<Pending>, StoreError> {
    select(connection, "WHERE zone = ?1 ORDER BY seq LIMIT ?2", (&zone.0, signed(limit as u64)))
}

/// Zones that changes wait for.
pub fn zones(connection: &Connection) -> Result<Vec<ZoneId>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT DISTINCT zone FROM pending ORDER BY zone")?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let zone: Vec<u8> = row.get(0)?;
        found.push(ZoneId(fixed(&zone, "pending")?));
    }
    Ok(found)
}

/// The changes of one document.
pub fn of_document(connection: &Connection, document: DocumentId) -> Result<Vec<Pending>, StoreError> {
    select(connection, "WHERE document = ?1 ORDER BY seq", [&document.0])
}

/// How many there are.
pub fn count(connection: &Connection) -> Result<u64, StoreError> {
    Ok(unsigned(connection.prepare_cached("SELECT count(*) FROM pending")?.query_row([], |row| row.get(0))?))
}

/// They are in an envelope now.
pub fn remove(transaction: &Transaction<'_>, seqs: &[u64]) -> Result<(), StoreError> {
    let mut statement = transaction.prepare_cached("DELETE FROM pending WHERE seq = ?1")?;
    for seq in seqs {
        statement.execute([signed(*seq)])?;
    }
    Ok(())
}

fn select(
    connection: &Connection,
    condition: &str,
    parameters: impl rusqlite::Params,
) -> Result<Vec<Pending>, StoreError> {
    let sql = format!("SELECT seq, document, zone, seat, session, made, heads, change FROM pending {condition}");
    let mut statement = connection.prepare_cached(&sql)?;
    let mut rows = statement.query(parameters)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let blob = |at| row.get_ref(at)?.as_blob().map_err(|_| StoreError::Damaged { table: "pending" });
        found.push(Pending {
            seq: unsigned(row.get(0)?),
            document: DocumentId(fixed(blob(1)?, "pending")?),
            zone: ZoneId(fixed(blob(2)?, "pending")?),
            seat: SeatId(fixed(blob(3)?, "pending")?),
            session: SessionNonce(fixed(blob(4)?, "pending")?),
            made: Millis(unsigned(row.get(5)?)),
            heads: blob(6)?
                .chunks(32)
                .map(|head| Ok(Digest32(fixed(head, "pending")?)))
                .collect::<Result<_, StoreError>>()?,
            change: blob(7)?.to_vec(),
        });
    }
    Ok(found)
}
