//! Documents as they stand: each is what its envelopes and unsealed changes make, kept so that it opens at once.

use doorstep_protocol::{ActorId, Class, DeviceId, DocumentId, SeatId, ZoneId};
use rusqlite::{Connection, OptionalExtension, Transaction};

use super::{StoreError, fixed, signed, unsigned};
use crate::records::{Document, LoadError};

/// A document as it is kept.
#[derive(Clone, Debug)]
pub struct Saved {
    /// Its class.
    pub class: Class,
    /// The zone its new envelopes go to.
    pub zone: ZoneId,
    /// Automerge's bytes; empty where it is kept sealed.
    pub save: Vec<u8>,
}

/// How a document is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As Automerge's bytes, so that it opens at once.
    Open,
    /// In its envelopes only: it is made of them whenever it is read.
    Sealed,
}

impl Saved {
    /// How it is kept.
    #[must_use]
    pub const fn form(&self) -> Form {
        if self.save.is_empty() { Form::Sealed } else { Form::Open }
    }
}

/// Who stands behind an Automerge actor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Author {
    /// The device.
    pub device: DeviceId,
    /// The worker on it.
    pub seat: SeatId,
}

/// A document as it stands on disk: its kept form, and what this device changed since.
#[derive(Clone, Debug)]
pub struct Kept {
    /// The kept form.
    pub saved: Saved,
    /// How many of its values disagree.
    pub conflicts: usize,
    /// Raw changes that go on top, in order; some may be in the kept form.
    pub unfolded: Vec<Vec<u8>>,
}

impl Kept {
    /// Reads it, where its form is open.
    ///
    /// # Errors
    /// [`LoadError`].
    pub fn open(&self, id: DocumentId) -> Result<Document, LoadError> {
        Document::load_with(self.saved.class, id, &self.saved.save, &self.unfolded)
    }
}

/// Loads one document.
pub fn load(connection: &Connection, id: DocumentId) -> Result<Option<Kept>, StoreError> {
    let row: Option<(i64, Vec<u8>, i64, Vec<u8>)> = connection
        .prepare_cached("SELECT class, zone, conflicts, save FROM documents WHERE id = ?1")?
        .query_row([&id.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))
        .optional()?;
    let Some((class, zone, conflicts, save)) = row else { return Ok(None) };
    let saved = Saved { class: class_of(class)?, zone: ZoneId(fixed(&zone, "documents")?), save };
    let conflicts = usize::try_from(conflicts).map_err(|_| StoreError::Damaged { table: "documents" })?;
    Ok(Some(Kept { saved, conflicts, unfolded: super::pending::unfolded(connection, id)? }))
}

/// Keeps one document.
pub fn save(transaction: &Transaction<'_>, id: DocumentId, saved: &Saved, conflicts: usize) -> Result<(), StoreError> {
    transaction
        .prepare_cached(
            "INSERT INTO documents (id, class, zone, record, conflicts, save)
             VALUES (?1, ?2, ?3, (SELECT record FROM links WHERE document = ?1), ?4, ?5)
             ON CONFLICT (id) DO UPDATE SET conflicts = ?4, save = ?5, record = coalesce(record, excluded.record)",
        )?
        .execute((&id.0, i64::from(saved.class.code()), &saved.zone.0, signed(conflicts as u64), &saved.save))?;
    Ok(())
}

/// Ids and classes of all documents, in the order of their ids.
pub fn all(connection: &Connection) -> Result<Vec<(DocumentId, Class)>, StoreError> {
    ids(connection, "ORDER BY id", [])
}

/// Documents in which values disagree.
pub fn in_conflict(connection: &Connection) -> Result<Vec<(DocumentId, Class)>, StoreError> {
    ids(connection, "WHERE conflicts > 0 ORDER BY id", [])
}

/// Documents in which values disagree, with how many values do, from `offset`, at most `limit`.
pub fn conflicts_of(
    connection: &Connection,
    offset: usize,
    limit: usize,
) -> Result<Vec<(DocumentId, Class, u64)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, class, conflicts FROM documents WHERE conflicts > 0 ORDER BY id LIMIT ?1 OFFSET ?2",
    )?;
    let mut rows = statement.query((signed(limit as u64), signed(offset as u64)))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let id: Vec<u8> = row.get(0)?;
        found.push((DocumentId(fixed(&id, "documents")?), class_of(row.get(1)?)?, unsigned(row.get(2)?)));
    }
    Ok(found)
}

/// How many documents there are in which values disagree.
pub fn count_conflicts(connection: &Connection) -> Result<u64, StoreError> {
    let mut statement = connection.prepare_cached("SELECT count(*) FROM documents WHERE conflicts > 0")?;
    Ok(unsigned(statement.query_row([], |row| row.get(0))?))
}

/// How many documents there are.
pub fn count(connection: &Connection) -> Result<u64, StoreError> {
    Ok(unsigned(connection.prepare_cached("SELECT count(*) FROM documents")?.query_row([], |row| row.get(0))?))
}

/// How many documents of a zone there are.
pub fn count_in_zone(connection: &Connection, zone: ZoneId) -> Result<u64, StoreError> {
    let count = connection.query_row("SELECT count(*) FROM documents WHERE zone = ?1", [&zone.0], |row| row.get(0))?;
    Ok(unsigned(count))
}

/// Documents of a class, in the order of their ids.
pub fn of_class(connection: &Connection, class: Class) -> Result<Vec<DocumentId>, StoreError> {
    let found = ids(connection, "WHERE class = ?1 ORDER BY id", [i64::from(class.code())])?;
    Ok(found.into_iter().map(|(id, _)| id).collect())
}

/// The class of a document.
pub fn class_of_document(connection: &Connection, id: DocumentId) -> Result<Option<Class>, StoreError> {
    let code: Option<i64> = connection
        .prepare_cached("SELECT class FROM documents WHERE id = ?1")?
        .query_row([&id.0], |row| row.get(0))
        .optional()?;
    code.map(class_of).transpose()
}

/// The zone of a document.
pub fn zone_of(connection: &Connection, id: DocumentId) -> Result<Option<ZoneId>, StoreError> {
    let found: Option<Vec<u8>> = connection
        .prepare_cached("SELECT zone FROM documents WHERE id = ?1")?
        .query_row([&id.0], |row| row.get(0))
        .optional()?;
    found.map(|bytes| Ok(ZoneId(fixed(&bytes, "documents")?))).transpose()
}

/// The record that a document belongs to, once it is known.
pub fn record_of(connection: &Connection, document: DocumentId) -> Result<Option<DocumentId>, StoreError> {
    let found: Option<Vec<u8>> = connection
        .prepare_cached("SELECT record FROM links WHERE document = ?1")?
        .query_row([&document.0], |row| row.get(0))
        .optional()?;
    found.map(|bytes| Ok(DocumentId(fixed(&bytes, "links")?))).transpose()
}

/// The document of a record in a class, once it is linked.
pub fn of_record(connection: &Connection, record: DocumentId, class: Class) -> Result<Option<DocumentId>, StoreError> {
    let found: Option<Vec<u8>> = connection
        .prepare_cached("SELECT id FROM documents WHERE record = ?1 AND class = ?2")?
        .query_row((&record.0, i64::from(class.code())), |row| row.get(0))
        .optional()?;
    found.map(|bytes| Ok(DocumentId(fixed(&bytes, "documents")?))).transpose()
}

/// Every document of a record, by class.
pub fn of_record_all(connection: &Connection, record: DocumentId) -> Result<Vec<DocumentId>, StoreError> {
    Ok(ids(connection, "WHERE record = ?1 ORDER BY class", [&record.0])?.into_iter().map(|(id, _)| id).collect())
}

/// Says which record a document belongs to.
pub fn link(transaction: &Transaction<'_>, document: DocumentId, record: DocumentId) -> Result<(), StoreError> {
    let new = transaction
        .prepare_cached("INSERT INTO links (document, record) VALUES (?1, ?2) ON CONFLICT (document) DO NOTHING")?
        .execute((&document.0, &record.0))?;
    if new == 0 {
        return Ok(());
    }
    let is_here = transaction
        .prepare_cached("UPDATE documents SET record = ?2 WHERE id = ?1")?
        .execute((&document.0, &record.0))?;
    if is_here > 0 {
        transaction
            .prepare_cached("UPDATE visits SET record = ?2 WHERE document = ?1")?
            .execute((&document.0, &record.0))?;
    }
    Ok(())
}

/// Remembers who stands behind an actor.
pub fn add_actor(transaction: &Transaction<'_>, actor: ActorId, author: Author) -> Result<(), StoreError> {
    transaction.prepare_cached("INSERT OR IGNORE INTO actors (actor, device, seat) VALUES (?1, ?2, ?3)")?.execute((
        &actor.0,
        &author.device.0,
        &author.seat.0,
    ))?;
    Ok(())
}

/// Who stands behind an actor.
pub fn author_of(connection: &Connection, actor: ActorId) -> Result<Option<Author>, StoreError> {
    let found: Option<(Vec<u8>, Vec<u8>)> = connection
        .prepare_cached("SELECT device, seat FROM actors WHERE actor = ?1")?
        .query_row([&actor.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    found
        .map(|(device, seat)| {
            Ok(Author { device: DeviceId(fixed(&device, "actors")?), seat: SeatId(fixed(&seat, "actors")?) })
        })
        .transpose()
}

/// Forgets who stands behind an actor.
pub fn remove_actor(transaction: &Transaction<'_>, actor: ActorId) -> Result<(), StoreError> {
    transaction.prepare_cached("DELETE FROM actors WHERE actor = ?1")?.execute([&actor.0])?;
    Ok(())
}

/// Takes away a document of which nothing counts any more.
pub fn remove(transaction: &Transaction<'_>, id: DocumentId) -> Result<(), StoreError> {
    transaction.prepare_cached("DELETE FROM documents WHERE id = ?1")?.execute([&id.0])?;
    Ok(())
}

/// Forgets which documents belong to a record: its first document says so anew.
pub fn unlink(transaction: &Transaction<'_>, record: DocumentId) -> Result<(), StoreError> {
    let linked = transaction.prepare_cached("DELETE FROM links WHERE record = ?1")?.execute([&record.0])?;
    if linked > 0 {
        transaction.prepare_cached("UPDATE documents SET record = NULL WHERE record = ?1")?.execute([&record.0])?;
        transaction.prepare_cached("UPDATE visits SET record = NULL WHERE record = ?1")?.execute([&record.0])?;
    }
    Ok(())
}

/// Forgets every projection; envelopes and unsealed changes stay.
pub fn clear_projections(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    transaction.execute_batch(
        "DELETE FROM documents; DELETE FROM links; DELETE FROM properties; DELETE FROM property_search;
         DELETE FROM people; DELETE FROM people_search; DELETE FROM occupancies; DELETE FROM visits; DELETE FROM sources;
         DELETE FROM desk; DELETE FROM photograph_parts; DELETE FROM places;",
    )?;
    super::pending::unfold_all(transaction)
}

fn ids(
    connection: &Connection,
    condition: &str,
    parameters: impl rusqlite::Params,
) -> Result<Vec<(DocumentId, Class)>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("SELECT id, class FROM documents {condition}"))?;
    let mut rows = statement.query(parameters)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let id: Vec<u8> = row.get(0)?;
        found.push((DocumentId(fixed(&id, "documents")?), class_of(row.get(1)?)?));
    }
    Ok(found)
}

fn class_of(code: i64) -> Result<Class, StoreError> {
    u8::try_from(code).ok().and_then(Class::from_code).ok_or(StoreError::Damaged { table: "documents" })
}
