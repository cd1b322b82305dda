//! Changes made on this device that no envelope holds yet. They are on disk before the screen shows them.
//!
//! A save writes the change and leaves the kept document as it is: what is read is the kept document with these changes on top.
//! They are folded into it when there are many, and at the latest when they are sealed.

use std::collections::BTreeSet;

use doorstep_protocol::{Digest32, DocumentId, Millis, SeatId, SessionNonce, ZoneId};
use rusqlite::{Connection, Transaction};

use super::{StoreError, fixed, signed, unsigned};

/// Whether a change is in the kept document, too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Folded {
    /// It is.
    Yes,
    /// It may not be.
    No,
}

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
    /// Whether the kept document has it.
    pub folded: Folded,
}

/// Keeps a change; its `seq` is given by the store.
pub fn add(transaction: &Transaction<'_>, pending: &Pending) -> Result<(), StoreError> {
    transaction
        .prepare_cached(
            "INSERT INTO pending (document, zone, seat, session, made, heads, change, folded)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute((
            &pending.document.0,
            &pending.zone.0,
            &pending.seat.0,
            &pending.session.0,
            signed(pending.made.0),
            pending.heads.iter().flat_map(|head| head.0).collect::<Vec<u8>>(),
            &pending.change,
            i64::from(pending.folded == Folded::Yes),
        ))?;
    Ok(())
}

/// The oldest changes, at most `limit`.
pub fn oldest(connection: &Connection, limit: usize) -> Result<Vec<Pending>, StoreError> {
    select(connection, "ORDER BY seq LIMIT ?1", [signed(limit as u64)])
}

/// Changes after `seq`, the oldest first, at most `limit`: pages through all of them.
pub fn page_after(connection: &Connection, seq: u64, limit: usize) -> Result<Vec<Pending>, StoreError> {
    select(connection, "WHERE seq > ?1 ORDER BY seq LIMIT ?2", (signed(seq), signed(limit as u64)))
}

/// Raw changes of a document that its kept form may not have, in the order in which they were made.
pub fn unfolded(connection: &Connection, document: DocumentId) -> Result<Vec<Vec<u8>>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT change FROM pending WHERE document = ?1 AND folded = 0 ORDER BY seq")?;
    Ok(statement.query_map([&document.0], |row| row.get(0))?.collect::<Result<_, _>>()?)
}

/// Documents after `after` with changes that their kept form may not have, in the order of their ids, at most `limit`.
pub fn documents_unfolded(
    connection: &Connection,
    after: DocumentId,
    limit: usize,
) -> Result<BTreeSet<DocumentId>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT document FROM pending WHERE document > ?1 AND folded = 0 ORDER BY document LIMIT ?2",
    )?;
    let found = statement.query_map((&after.0, signed(limit as u64)), |row| row.get(0).map(DocumentId))?;
    Ok(found.collect::<Result<_, _>>()?)
}

/// The kept form of a document has all of its changes.
pub fn set_folded(transaction: &Transaction<'_>, document: DocumentId) -> Result<(), StoreError> {
    transaction
        .prepare_cached("UPDATE pending SET folded = 1 WHERE document = ?1 AND folded = 0")?
        .execute([&document.0])?;
    Ok(())
}

/// No kept form is there any more.
pub fn unfold_all(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    transaction.execute("UPDATE pending SET folded = 0", [])?;
    Ok(())
}

/// The changes of one document, the oldest first.
pub fn of_document(connection: &Connection, document: DocumentId) -> Result<Vec<Pending>, StoreError> {
    select(connection, "WHERE document = ?1 ORDER BY seq", [&document.0])
}

/// The document was erased, and what this device had not sealed of it goes with it.
pub fn erase(transaction: &Transaction<'_>, zone: ZoneId, document: DocumentId) -> Result<(), StoreError> {
    transaction
        .prepare_cached("DELETE FROM pending WHERE document = ?1 AND zone = ?2")?
        .execute((&document.0, &zone.0))?;
    Ok(())
}

/// Whether a seat has changes that no envelope holds yet.
pub fn has_of_seat(connection: &Connection, seat: SeatId) -> Result<bool, StoreError> {
    Ok(connection.prepare_cached("SELECT 1 FROM pending WHERE seat = ?1")?.exists([&seat.0])?)
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
    let sql =
        format!("SELECT seq, document, zone, seat, session, made, heads, change, folded FROM pending {condition}");
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
            folded: if row.get::<_, i64>(8)? == 1 { Folded::Yes } else { Folded::No },
        });
    }
    Ok(found)
}
