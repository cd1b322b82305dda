//! What a desk has to look at, a row each, made from one document alone: lists and counts answer from here.
//!
//! The rows say what the kept form of a document says. Of changes that stand beside it they are owed, so whoever reads a list
//! comes by [`Settled`], which is given once nothing is.

use std::collections::BTreeSet;

use doorstep_protocol::{ActorId, DocumentId};
use rusqlite::{Connection, Row, Transaction};

use super::{StoreError, fixed, signed, unsigned};

/// Which list a row is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum DeskList {
    /// A hazard for which a statutory clock may run: `data` holds its facts.
    Clocked,
    /// A fact to be looked at again: `due` is the day, `key` the collection, `data` what it is.
    Stale,
    /// A hazard that is not dealt with: `key` is its list and code, `data` its room.
    Hazard,
    /// Something by which one person may be found to be another: `key` is it.
    PersonKey,
    /// A property without a UPRN: `key` is its postcode, `data` its address.
    Provisional,
    /// A pair that somebody decided about: `key` names it, `data` says what was decided.
    Pair,
    /// A request to disclose that nobody has decided: `due` is the day it came.
    Request,
    /// A fact that nobody set a day for: `due` is the day it was seen, `key` the collection, `data` what it is.
    Seen,
}

impl DeskList {
    const fn code(self) -> i64 {
        match self {
            Self::Clocked => 1,
            Self::Stale => 2,
            Self::Hazard => 3,
            Self::PersonKey => 4,
            Self::Provisional => 5,
            Self::Pair => 6,
            Self::Request => 7,
            Self::Seen => 8,
        }
    }

    fn from_code(code: i64) -> Result<Self, StoreError> {
        const ALL: [DeskList; 8] = [
            DeskList::Clocked,
            DeskList::Stale,
            DeskList::Hazard,
            DeskList::PersonKey,
            DeskList::Provisional,
            DeskList::Pair,
            DeskList::Request,
            DeskList::Seen,
        ];
        ALL.into_iter().find(|list| list.code() == code).ok_or(StoreError::Damaged { table: "desk" })
    }
}

/// What one document puts on a list.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct DeskRow {
    /// The list.
    pub list: DeskList,
    /// The row in the document.
    pub row: [u8; 16],
    /// What it is found by.
    pub key: String,
    /// An ISO day, or nothing.
    pub due: String,
    /// More, as the list says.
    pub data: String,
    /// By whom the row was recorded, on the lists of facts to be looked at again.
    pub author: Option<ActorId>,
}

/// A row of a list with the document it is from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// The document.
    pub document: DocumentId,
    /// The record that the document belongs to, once it is known.
    pub record: Option<DocumentId>,
    /// The row.
    pub row: DeskRow,
}

/// Writes what a document puts on the lists. Only what differs is written: a save adds a hazard or two to a home.
pub fn set(transaction: &Transaction<'_>, document: DocumentId, rows: &[DeskRow]) -> Result<(), StoreError> {
    let known: BTreeSet<DeskRow> = of_document(transaction, document)?.into_iter().collect();
    let wanted: BTreeSet<&DeskRow> = rows.iter().collect();
    for row in known.iter().filter(|row| !wanted.contains(row)) {
        transaction
            .prepare_cached("DELETE FROM desk WHERE document = ?1 AND list = ?2 AND row = ?3 AND key = ?4")?
            .execute((&document.0, row.list.code(), &row.row, &row.key))?;
    }
    for row in wanted.into_iter().filter(|row| !known.contains(*row)) {
        let author = row.author.as_ref().map_or(&[][..], |author| author.0.as_slice());
        transaction
            .prepare_cached(
                "INSERT INTO desk (document, list, row, key, due, data, author) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute((&document.0, row.list.code(), &row.row, &row.key, &row.due, &row.data, author))?;
    }
    Ok(())
}

/// Takes a document off every list.
pub fn remove(transaction: &Transaction<'_>, document: DocumentId) -> Result<(), StoreError> {
    transaction.prepare_cached("DELETE FROM desk WHERE document = ?1")?.execute([&document.0])?;
    Ok(())
}

fn desk_row(row: &Row<'_>, first: usize) -> Result<DeskRow, StoreError> {
    let author: Vec<u8> = row.get(first + 5)?;
    let author = if author.is_empty() { None } else { Some(ActorId(fixed(&author, "desk")?)) };
    Ok(DeskRow {
        list: DeskList::from_code(row.get(first)?)?,
        row: row.get(first + 1)?,
        key: row.get(first + 2)?,
        due: row.get(first + 3)?,
        data: row.get(first + 4)?,
        author,
    })
}

/// What a document puts on the lists, sorted.
pub fn of_document(connection: &Connection, document: DocumentId) -> Result<Vec<DeskRow>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT list, row, key, due, data, author FROM desk WHERE document = ?1 ORDER BY 1, 2, 3")?;
    let mut rows = statement.query([&document.0])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(desk_row(row, 0)?);
    }
    Ok(found)
}

const LISTED: &str = "SELECT d.document, k.record, d.list, d.row, d.key, d.due, d.data, d.author
     FROM desk d LEFT JOIN documents k ON k.id = d.document";

/// Lists for which nothing is owed: what they say is what the documents say.
#[derive(Clone, Copy)]
pub struct Settled<'c> {
    connection: &'c Connection,
}

impl<'c> Settled<'c> {
    /// For the device, which knows that nothing is owed.
    pub(crate) const fn trusted(connection: &'c Connection) -> Self {
        Self { connection }
    }
}

fn listed(lists: Settled<'_>, condition: &str, parameters: impl rusqlite::Params) -> Result<Vec<Listed>, StoreError> {
    let mut statement = lists.connection.prepare_cached(&format!("{LISTED} WHERE {condition}"))?;
    let mut rows = statement.query(parameters)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let document: [u8; 16] = row.get(0)?;
        let record: Option<[u8; 16]> = row.get(1)?;
        found.push(Listed { document: DocumentId(document), record: record.map(DocumentId), row: desk_row(row, 2)? });
    }
    Ok(found)
}

/// Hazards for which a statutory clock may run, at most `limit`.
pub fn clocked(lists: Settled<'_>, limit: usize) -> Result<Vec<Listed>, StoreError> {
    listed(lists, "d.list = 1 ORDER BY d.document, d.row LIMIT ?1", [signed(limit as u64)])
}

/// What the indexes by day and by key leave out, so that SQLite may use them.
const NOT_OF_HAZARDS: &str = "list <> 1 AND list <> 3";

/// A list that is not of hazards, by day, from `offset`, at most `limit`.
pub fn page(lists: Settled<'_>, list: DeskList, offset: usize, limit: usize) -> Result<Vec<Listed>, StoreError> {
    let window = (list.code(), signed(limit as u64), signed(offset as u64));
    let condition =
        format!("d.list = ?1 AND {NOT_OF_HAZARDS} ORDER BY d.due, d.document, d.row, d.key LIMIT ?2 OFFSET ?3");
    listed(lists, &condition, window)
}

/// What of a list is due on a day (ISO) or before, the longest due first.
pub fn due(
    lists: Settled<'_>,
    list: DeskList,
    day: &str,
    offset: usize,
    limit: usize,
) -> Result<Vec<Listed>, StoreError> {
    let condition = format!(
        "d.list = ?1 AND {NOT_OF_HAZARDS} AND d.due <= ?2 ORDER BY d.due, d.document, d.row, d.key LIMIT ?3 OFFSET ?4"
    );
    listed(lists, &condition, (list.code(), day, signed(limit as u64), signed(offset as u64)))
}

/// How much of a list is due on a day (ISO) or before.
pub fn count_due(lists: Settled<'_>, list: DeskList, day: &str) -> Result<u64, StoreError> {
    let sql = format!("SELECT count(*) FROM desk WHERE list = ?1 AND {NOT_OF_HAZARDS} AND due <= ?2");
    let mut statement = lists.connection.prepare_cached(&sql)?;
    Ok(unsigned(statement.query_row((list.code(), day), |row| row.get(0))?))
}

/// Rows with a key of a list that is not of hazards.
pub fn of_key(lists: Settled<'_>, list: DeskList, key: &str, limit: usize) -> Result<Vec<Listed>, StoreError> {
    let wanted = (list.code(), key, signed(limit as u64));
    let condition = format!("d.list = ?1 AND {NOT_OF_HAZARDS} AND d.key = ?2 ORDER BY d.document, d.row LIMIT ?3");
    listed(lists, &condition, wanted)
}

/// Keys of a list that between two and `documents_max` rows share; a key that more share says nothing.
pub fn shared_keys(
    lists: Settled<'_>,
    list: DeskList,
    rows_max: usize,
    limit: usize,
) -> Result<Vec<String>, StoreError> {
    let mut statement = lists.connection.prepare_cached(&format!(
        "SELECT key FROM desk WHERE list = ?1 AND {NOT_OF_HAZARDS}
         GROUP BY key HAVING count(*) BETWEEN 2 AND ?2 ORDER BY key LIMIT ?3"
    ))?;
    let keys = statement.query_map((list.code(), signed(rows_max as u64), signed(limit as u64)), |row| row.get(0))?;
    Ok(keys.collect::<Result<_, _>>()?)
}

/// Pairs of hazards of one home that have the same code, in rooms that may be one.
pub fn hazard_pairs(lists: Settled<'_>, limit: usize) -> Result<Vec<(Listed, [u8; 16])>, StoreError> {
    let mut statement = lists.connection.prepare_cached(
        "SELECT d.document, k.record, d.list, d.row, d.key, d.due, d.data, d.author, o.row
         FROM desk d JOIN desk o ON o.document = d.document AND o.list = d.list AND o.row > d.row AND o.key = d.key
              AND (o.data = d.data OR o.data = '' OR d.data = '')
         LEFT JOIN documents k ON k.id = d.document
         WHERE d.list = ?1 ORDER BY d.document, d.row, o.row LIMIT ?2",
    )?;
    let mut rows = statement.query((DeskList::Hazard.code(), signed(limit as u64)))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let document: [u8; 16] = row.get(0)?;
        let record: Option<[u8; 16]> = row.get(1)?;
        let listed = Listed { document: DocumentId(document), record: record.map(DocumentId), row: desk_row(row, 2)? };
        found.push((listed, row.get(8)?));
    }
    Ok(found)
}
