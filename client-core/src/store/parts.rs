//! Which sealed parts the photographs of each document have, which of them lie beside this store, and what is owed of them.
//!
//! `photograph_parts` is a projection of documents; `parts` is the truth about this device's files and their sending.

use doorstep_protocol::{BlobId, DocumentId, Millis, ZoneId};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

use super::{StoreError, fixed, signed, unsigned};

/// Which form of a photograph a part is of, as its column has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PartForm {
    /// The picture.
    Original = 1,
    /// The small one.
    Thumbnail = 2,
}

/// A part of a photograph, as a document names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NamedPart {
    /// The photograph.
    pub row: [u8; 16],
    /// Which form.
    pub form: PartForm,
    /// From 0.
    pub index: u32,
    /// The part.
    pub part: BlobId,
}

/// A part that is owed to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PartToSend {
    /// The part.
    pub part: BlobId,
    /// The document that needs it.
    pub document: DocumentId,
    /// The document's zone.
    pub zone: ZoneId,
}

/// How a part stands on this device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PartState {
    /// Not here, and not asked for.
    Elsewhere,
    /// Not here; a person asked for it.
    Wanted,
    /// Here, and not sent yet.
    ToSend,
    /// Here, and at the server.
    Here,
}

/// The longest pause before a part that the server did not have is asked for again.
const ASK_PAUSE_MS_MAX: u64 = 24 * 60 * 60 * 1_000;
/// The first such pause.
const ASK_PAUSE_MS_MIN: u64 = 60 * 1_000;

/// Writes which parts the photographs of a document have, all of them.
pub fn set_named(
    transaction: &Transaction<'_>,
    document: DocumentId,
    parts: impl Iterator<Item = NamedPart>,
) -> Result<(), StoreError> {
    remove_named(transaction, document)?;
    let mut insert = transaction.prepare_cached(
        "INSERT OR IGNORE INTO photograph_parts (document, row, form, place, part) VALUES (?1, ?2, ?3, ?4, ?5)",
    )?;
    for named in parts {
        insert.execute((&document.0, &named.row, named.form as i64, named.index, &named.part.0))?;
    }
    Ok(())
}

/// Forgets which parts the photographs of a document have.
pub fn remove_named(transaction: &Transaction<'_>, document: DocumentId) -> Result<(), StoreError> {
    transaction.prepare_cached("DELETE FROM photograph_parts WHERE document = ?1")?.execute([&document.0])?;
    Ok(())
}

/// Notes parts that this device has made, and owes.
pub fn add_made(
    transaction: &Transaction<'_>,
    (document, zone): (DocumentId, ZoneId),
    parts: &[BlobId],
    now: Millis,
) -> Result<(), StoreError> {
    let mut insert = transaction.prepare_cached(
        "INSERT OR REPLACE INTO parts (part, document, zone, held, sending, made, tries, ask_at)
         VALUES (?1, ?2, ?3, 1, 1, ?4, 0, 0)",
    )?;
    for part in parts {
        insert.execute((&part.0, &document.0, &zone.0, signed(now.0)))?;
    }
    Ok(())
}

/// Notes that a part came.
pub fn came(transaction: &Transaction<'_>, wanted: &PartToSend, now: Millis) -> Result<(), StoreError> {
    transaction
        .prepare_cached(
            "INSERT INTO parts (part, document, zone, held, sending, made, tries, ask_at)
             VALUES (?1, ?2, ?3, 1, 0, ?4, 0, 0) ON CONFLICT (part) DO UPDATE SET held = 1, tries = 0",
        )?
        .execute((&wanted.part.0, &wanted.document.0, &wanted.zone.0, signed(now.0)))?;
    Ok(())
}

/// Notes that the server does not have a part yet: it is asked for again later, and each time later still.
pub fn not_there(transaction: &Transaction<'_>, wanted: &PartToSend, now: Millis) -> Result<(), StoreError> {
    let tries: Option<u32> = transaction
        .prepare_cached("SELECT tries FROM parts WHERE part = ?1")?
        .query_row([&wanted.part.0], |row| row.get(0))
        .optional()?;
    let tries = tries.unwrap_or(0);
    let pause = ASK_PAUSE_MS_MIN.saturating_mul(1 << tries.min(20)).min(ASK_PAUSE_MS_MAX);
    transaction
        .prepare_cached(
            "INSERT INTO parts (part, document, zone, held, sending, made, tries, ask_at)
             VALUES (?1, ?2, ?3, 0, 0, ?4, ?5, ?6) ON CONFLICT (part) DO UPDATE SET tries = ?5, ask_at = ?6",
        )?
        .execute((
            &wanted.part.0,
            &wanted.document.0,
            &wanted.zone.0,
            signed(now.0),
            tries.saturating_add(1),
            signed(now.0.saturating_add(pause)),
        ))?;
    Ok(())
}

/// Notes that the server has a part.
pub fn sent(transaction: &Transaction<'_>, part: BlobId) -> Result<(), StoreError> {
    transaction.prepare_cached("UPDATE parts SET sending = 0 WHERE part = ?1")?.execute([&part.0])?;
    Ok(())
}

/// Notes that a part's file is not there or is damaged: it is fetched again like any other, and cannot be sent.
pub fn lost(transaction: &Transaction<'_>, part: BlobId) -> Result<(), StoreError> {
    transaction.prepare_cached("UPDATE parts SET held = 0, sending = 0 WHERE part = ?1")?.execute([&part.0])?;
    Ok(())
}

/// Offers every part that lies here again: the server's store is another one.
pub fn offer_all(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    transaction.prepare_cached("UPDATE parts SET sending = 1 WHERE held = 1")?.execute([])?;
    transaction.prepare_cached("UPDATE parts SET tries = 0, ask_at = 0 WHERE held = 0")?.execute([])?;
    Ok(())
}

/// A person wants a photograph's original here.
pub fn want(transaction: &Transaction<'_>, document: DocumentId, row: [u8; 16]) -> Result<(), StoreError> {
    transaction
        .prepare_cached("INSERT OR IGNORE INTO photographs_wanted (document, row) VALUES (?1, ?2)")?
        .execute((&document.0, &row))?;
    transaction
        .prepare_cached(
            "UPDATE parts SET ask_at = 0 WHERE held = 0 AND part IN
             (SELECT part FROM photograph_parts WHERE document = ?1 AND row = ?2)",
        )?
        .execute((&document.0, &row))?;
    Ok(())
}

fn owed(row: &Row<'_>) -> rusqlite::Result<([u8; 32], [u8; 16], [u8; 16])> {
    Ok((row.get(0)?, row.get(1)?, row.get(2)?))
}

fn all(
    rows: impl Iterator<Item = rusqlite::Result<([u8; 32], [u8; 16], [u8; 16])>>,
) -> Result<Vec<PartToSend>, StoreError> {
    let mut found = Vec::new();
    for row in rows {
        let (part, document, zone) = row?;
        found.push(PartToSend { part: BlobId(part), document: DocumentId(document), zone: ZoneId(zone) });
    }
    Ok(found)
}

/// What is owed to the server of documents that name it, the oldest first, thumbnails before originals.
pub fn to_send(connection: &Connection, limit: usize) -> Result<Vec<PartToSend>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT p.part, p.document, p.zone FROM parts p JOIN photograph_parts n ON n.part = p.part
         WHERE p.sending = 1 AND p.held = 1 GROUP BY p.part ORDER BY max(n.form) DESC, p.made, n.row, n.place LIMIT ?1",
    )?;
    all(statement.query_map([signed(limit as u64)], owed)?)
}

/// What is to be fetched now: the originals that a person wants, then thumbnails.
pub fn to_fetch(connection: &Connection, now: Millis, limit: usize) -> Result<Vec<PartToSend>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT n.part, n.document, d.zone FROM photograph_parts n JOIN documents d ON d.id = n.document
         LEFT JOIN parts p ON p.part = n.part
         WHERE (p.part IS NULL OR (p.held = 0 AND p.ask_at <= ?1))
           AND (n.form = 2 OR EXISTS (SELECT 1 FROM photographs_wanted w WHERE w.document = n.document AND w.row = n.row))
         GROUP BY n.part ORDER BY max(n.form), n.document, n.row, n.place LIMIT ?2",
    )?;
    all(statement.query_map((signed(now.0), signed(limit as u64)), owed)?)
}

/// How the parts of one form of a photograph stand, in their order.
pub fn states(
    connection: &Connection,
    document: DocumentId,
    row: [u8; 16],
    form: PartForm,
) -> Result<Vec<PartState>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT coalesce(p.held, 0), coalesce(p.sending, 0),
                EXISTS (SELECT 1 FROM photographs_wanted w WHERE w.document = n.document AND w.row = n.row)
         FROM photograph_parts n LEFT JOIN parts p ON p.part = n.part
         WHERE n.document = ?1 AND n.row = ?2 AND n.form = ?3 ORDER BY n.place",
    )?;
    let rows = statement.query_map((&document.0, &row, form as i64), |row| {
        let (held, sending, wanted): (bool, bool, bool) = (row.get(0)?, row.get(1)?, row.get(2)?);
        Ok(match (held, sending, wanted) {
            (true, true, _) => PartState::ToSend,
            (true, false, _) => PartState::Here,
            (false, _, true) => PartState::Wanted,
            (false, _, false) => PartState::Elsewhere,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Parts that are owed to the server.
pub fn count_to_send(connection: &Connection) -> Result<u64, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT count(*) FROM parts p WHERE p.sending = 1 AND p.held = 1
         AND EXISTS (SELECT 1 FROM photograph_parts n WHERE n.part = p.part)",
    )?;
    Ok(unsigned(statement.query_row([], |row| row.get(0))?))
}

/// Photographs of which some part lies here.
pub fn count_photographs_here(connection: &Connection) -> Result<u64, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT count(*) FROM (SELECT DISTINCT n.document, n.row FROM photograph_parts n
         JOIN parts p ON p.part = n.part WHERE p.held = 1)",
    )?;
    Ok(unsigned(statement.query_row([], |row| row.get(0))?))
}

/// Whether parts of a document's photographs are on this device only.
pub fn is_owed(connection: &Connection, document: DocumentId) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT 1 FROM photograph_parts n JOIN parts p ON p.part = n.part
         WHERE n.document = ?1 AND p.sending = 1 AND p.held = 1",
    )?;
    Ok(statement.exists([&document.0])?)
}

/// Parts that lie here, after one of them, by name.
pub fn held_after(connection: &Connection, after: BlobId, limit: usize) -> Result<Vec<BlobId>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT part FROM parts WHERE held = 1 AND part > ?1 ORDER BY part LIMIT ?2")?;
    let rows = statement.query_map((&after.0, signed(limit as u64)), |row| Ok(BlobId(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Parts that no document names: of erased documents, or of work that does not count just now.
pub fn unnamed(connection: &Connection, limit: usize) -> Result<Vec<PartToSend>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT p.part, p.document, p.zone FROM parts p
         WHERE NOT EXISTS (SELECT 1 FROM photograph_parts n WHERE n.part = p.part) LIMIT ?1",
    )?;
    all(statement.query_map([signed(limit as u64)], owed)?)
}

/// Forgets a part whose file is gone.
pub fn forget(transaction: &Transaction<'_>, part: BlobId) -> Result<(), StoreError> {
    transaction.prepare_cached("DELETE FROM parts WHERE part = ?1")?.execute([&part.0])?;
    Ok(())
}

/// Whether a document is kept here.
pub fn zone_of(connection: &Connection, document: DocumentId) -> Result<Option<ZoneId>, StoreError> {
    let zone: Option<Vec<u8>> = connection
        .prepare_cached("SELECT zone FROM documents WHERE id = ?1")?
        .query_row([&document.0], |row| row.get(0))
        .optional()?;
    zone.map(|zone| fixed(&zone, "documents").map(ZoneId)).transpose()
}
