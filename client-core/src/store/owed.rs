//! What is still owed after the log has grown or an author has forked: chains to be judged again and documents to be made again.
//! A mark is written with what makes it owed and goes with what settles it, so that a crash in between loses neither.

use doorstep_protocol::{DeviceId, DocumentId, ZoneId};
use rusqlite::{Connection, OptionalExtension, Transaction};

use super::{StoreError, fixed, meta};

/// The chain of an author in a zone is to be judged again.
pub fn owe_chain(transaction: &Transaction<'_>, zone: ZoneId, author: DeviceId) -> Result<(), StoreError> {
    transaction
        .prepare_cached("INSERT OR IGNORE INTO owed_chains (zone, author) VALUES (?1, ?2)")?
        .execute((&zone.0, &author.0))?;
    Ok(())
}

/// The next chain to be judged again.
pub fn next_chain(connection: &Connection) -> Result<Option<(ZoneId, DeviceId)>, StoreError> {
    let found: Option<(Vec<u8>, Vec<u8>)> = connection
        .prepare_cached("SELECT zone, author FROM owed_chains ORDER BY zone, author LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    found
        .map(|(zone, author)| Ok((ZoneId(fixed(&zone, "owed_chains")?), DeviceId(fixed(&author, "owed_chains")?))))
        .transpose()
}

/// A chain was judged.
pub fn settle_chain(transaction: &Transaction<'_>, zone: ZoneId, author: DeviceId) -> Result<(), StoreError> {
    transaction
        .prepare_cached("DELETE FROM owed_chains WHERE zone = ?1 AND author = ?2")?
        .execute((&zone.0, &author.0))?;
    Ok(())
}

/// A document is to be made again of what counts.
pub fn owe_document(transaction: &Transaction<'_>, zone: ZoneId, document: DocumentId) -> Result<(), StoreError> {
    transaction
        .prepare_cached("INSERT OR IGNORE INTO owed_documents (document, zone) VALUES (?1, ?2)")?
        .execute((&document.0, &zone.0))?;
    Ok(())
}

/// The next document to be made again, and its zone.
pub fn next_document(connection: &Connection) -> Result<Option<(ZoneId, DocumentId)>, StoreError> {
    let found: Option<(Vec<u8>, Vec<u8>)> = connection
        .prepare_cached("SELECT zone, document FROM owed_documents ORDER BY document LIMIT 1")?
        .query_row([], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    found
        .map(|(zone, document)| {
            Ok((ZoneId(fixed(&zone, "owed_documents")?), DocumentId(fixed(&document, "owed_documents")?)))
        })
        .transpose()
}

/// A document was made again.
pub fn settle_document(transaction: &Transaction<'_>, document: DocumentId) -> Result<(), StoreError> {
    transaction.prepare_cached("DELETE FROM owed_documents WHERE document = ?1")?.execute([&document.0])?;
    Ok(())
}

/// Whether unsealed changes of a document build on what was taken out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Blocked {
    /// Some do: their envelope waits.
    Yes,
    /// None does.
    No,
}

/// Whether unsealed changes of a document wait.
pub fn blocked(connection: &Connection, document: DocumentId) -> Result<Blocked, StoreError> {
    let is_there = connection.prepare_cached("SELECT 1 FROM blocked WHERE document = ?1")?.exists([&document.0])?;
    Ok(if is_there { Blocked::Yes } else { Blocked::No })
}

/// Remembers whether unsealed changes of a document wait.
pub fn set_blocked(transaction: &Transaction<'_>, document: DocumentId, blocked: Blocked) -> Result<(), StoreError> {
    let sql = match blocked {
        Blocked::Yes => "INSERT OR IGNORE INTO blocked (document) VALUES (?1)",
        Blocked::No => "DELETE FROM blocked WHERE document = ?1",
    };
    transaction.prepare_cached(sql)?.execute([&document.0])?;
    Ok(())
}

/// What search finds by is to be written anew: words of what was erased may still stand in it.
const SEARCH: &str = "search-to-be-written-anew";

/// Words of what was erased may stand in what search finds by.
pub fn owe_search(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    meta::set(transaction, SEARCH, &[])
}

/// Whether what search finds by is to be written anew.
pub fn owes_search(connection: &Connection) -> Result<bool, StoreError> {
    Ok(meta::get(connection, SEARCH)?.is_some())
}

/// What search finds by was written anew.
pub fn settle_search(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    meta::remove(transaction, SEARCH)
}
