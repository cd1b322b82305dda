//! Lists and search: rows that answer without loading a document.

use doorstep_protocol::DocumentId;
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

use super::{StoreError, fixed, signed, unsigned};

/// Results of one search at most.
pub const SEARCH_RESULTS_MAX: usize = 200;
/// Words of one search at most.
const SEARCH_WORDS_MAX: usize = 12;

/// A property in a list.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct PropertyRow {
    /// The property.
    pub record: DocumentId,
    /// Its UPRN, once known.
    pub uprn: Option<String>,
    /// The UPRN of the building it is in.
    pub parent_uprn: Option<String>,
    /// Its address in one line.
    pub address: String,
    /// Its postcode.
    pub postcode: Option<String>,
    /// How many flags exist for it.
    pub flags: usize,
}

/// A person in a list.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct PersonRow {
    /// The person.
    pub record: DocumentId,
    /// The name shown first.
    pub name: String,
    /// Date of birth.
    pub born: Option<String>,
    /// Their reference in the system they were imported from.
    pub reference: Option<String>,
}

/// Where a person is or was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OccupancyRow {
    /// The row in the person's document.
    pub row: [u8; 16],
    /// The property.
    pub property: DocumentId,
    /// Kind of address.
    pub kind: String,
    /// Until when.
    pub ended: Option<String>,
}

/// A visit in a list.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct VisitRow {
    /// The `home` document.
    pub document: DocumentId,
    /// The row in it.
    pub row: [u8; 16],
    /// The property, once it is known.
    pub record: Option<DocumentId>,
    /// Kind.
    pub kind: String,
    /// How far it is.
    pub state: String,
    /// The day it began.
    pub started: String,
    /// The worker's id, or the visitor's name where no id is known.
    pub visitor: String,
}

/// The number that search knows a row of a list by: its own, else the next.
///
/// It is asked for by itself because a statement that returns what it wrote opens a savepoint, and at each of these the search
/// index writes out what it holds in memory: once a row instead of once a batch.
fn key_of(transaction: &Transaction<'_>, list: &str, record: DocumentId) -> Result<i64, StoreError> {
    let known: Option<i64> = transaction
        .prepare_cached(&format!("SELECT key FROM {list} WHERE record = ?1"))?
        .query_row([&record.0], |found| found.get(0))
        .optional()?;
    match known {
        Some(key) => Ok(key),
        None => Ok(transaction
            .prepare_cached(&format!("SELECT coalesce(max(key), 0) + 1 FROM {list}"))?
            .query_row([], |found| found.get(0))?),
    }
}

/// Writes a property's row and what search finds it by, unless they are there as they should be.
pub fn set_property(transaction: &Transaction<'_>, row: &PropertyRow) -> Result<(), StoreError> {
    if property_of(transaction, row.record)?.as_ref() == Some(row) {
        return Ok(());
    }
    let key = key_of(transaction, "properties", row.record)?;
    transaction
        .prepare_cached(
            "INSERT INTO properties (record, key, uprn, parent_uprn, address, postcode, flags)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (record) DO UPDATE SET uprn = ?3, parent_uprn = ?4, address = ?5, postcode = ?6, flags = ?7",
        )?
        .execute((
            &row.record.0,
            key,
            &row.uprn,
            &row.parent_uprn,
            &row.address,
            &row.postcode,
            signed(row.flags as u64),
        ))?;
    // A postcode is found with and without its space.
    let joined = row.postcode.as_ref().map(|code| code.replace(' ', ""));
    let postcode = [row.postcode.as_deref(), joined.as_deref()].into_iter().flatten().collect::<Vec<_>>().join(" ");
    let known: Option<(String, String, String)> = transaction
        .prepare_cached("SELECT address, postcode, uprn FROM property_search WHERE rowid = ?1")?
        .query_row([key], |found| Ok((found.get(0)?, found.get(1)?, found.get(2)?)))
        .optional()?;
    let wanted = (row.address.clone(), postcode, row.uprn.clone().unwrap_or_default());
    if known.as_ref() == Some(&wanted) {
        return Ok(());
    }
    if known.is_some() {
        transaction.prepare_cached("DELETE FROM property_search WHERE rowid = ?1")?.execute([key])?;
    }
    transaction
        .prepare_cached("INSERT INTO property_search (rowid, address, postcode, uprn) VALUES (?1, ?2, ?3, ?4)")?
        .execute((key, &wanted.0, &wanted.1, &wanted.2))?;
    Ok(())
}

/// Takes everything that a document has put on lists off them, and out of what search finds.
pub fn remove(transaction: &Transaction<'_>, document: DocumentId) -> Result<(), StoreError> {
    for (list, search) in [("properties", "property_search"), ("people", "people_search")] {
        let key: Option<i64> = transaction
            .prepare_cached(&format!("DELETE FROM {list} WHERE record = ?1 RETURNING key"))?
            .query_row([&document.0], |row| row.get(0))
            .optional()?;
        if let Some(key) = key {
            transaction.prepare_cached(&format!("DELETE FROM {search} WHERE rowid = ?1"))?.execute([key])?;
        }
    }
    transaction.prepare_cached("DELETE FROM occupancies WHERE person = ?1")?.execute([&document.0])?;
    transaction.prepare_cached("DELETE FROM visits WHERE document = ?1")?.execute([&document.0])?;
    super::parts::remove_named(transaction, document)?;
    super::places::remove(transaction, document)?;
    super::desk::remove(transaction, document)
}

/// Writes what search finds by anew. A word that is taken out leaves the file only so: until then it stands beside a mark that it
/// no longer counts.
pub fn write_search_anew(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    transaction.execute_batch(
        "INSERT INTO property_search (property_search) VALUES ('optimize');
         INSERT INTO people_search (people_search) VALUES ('optimize');",
    )?;
    Ok(())
}

/// Writes a person's row and the names that search finds them by beside the one shown.
pub fn set_person(transaction: &Transaction<'_>, row: &PersonRow, names: &[String]) -> Result<(), StoreError> {
    let key = key_of(transaction, "people", row.record)?;
    transaction
        .prepare_cached(
            "INSERT INTO people (record, key, name, born, reference) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (record) DO UPDATE SET name = ?3, born = ?4, reference = ?5",
        )?
        .execute((&row.record.0, key, &row.name, &row.born, &row.reference))?;
    transaction.prepare_cached("DELETE FROM people_search WHERE rowid = ?1")?.execute([key])?;
    // One name a line, the shown one once.
    let others = names.iter().map(String::as_str).filter(|name| *name != row.name);
    let text = std::iter::once(row.name.as_str()).chain(others).collect::<Vec<_>>().join("\n");
    transaction.prepare_cached("INSERT INTO people_search (rowid, name) VALUES (?1, ?2)")?.execute((key, &text))?;
    Ok(())
}

/// Writes where a person is or was, all of it.
pub fn set_occupancies(
    transaction: &Transaction<'_>,
    person: DocumentId,
    rows: impl Iterator<Item = OccupancyRow>,
) -> Result<(), StoreError> {
    transaction.prepare_cached("DELETE FROM occupancies WHERE person = ?1")?.execute([&person.0])?;
    let mut insert = transaction
        .prepare_cached("INSERT INTO occupancies (person, row, property, kind, ended) VALUES (?1, ?2, ?3, ?4, ?5)")?;
    for row in rows {
        insert.execute((&person.0, &row.row, &row.property.0, &row.kind, &row.ended))?;
    }
    Ok(())
}

/// Writes the visits of a document, all of them.
pub fn set_visits(
    transaction: &Transaction<'_>,
    document: DocumentId,
    rows: impl Iterator<Item = VisitRow>,
) -> Result<(), StoreError> {
    transaction.prepare_cached("DELETE FROM visits WHERE document = ?1")?.execute([&document.0])?;
    let mut insert = transaction.prepare_cached(
        "INSERT INTO visits (document, row, record, kind, state, started, visitor)
         VALUES (?1, ?2, (SELECT record FROM links WHERE document = ?1), ?3, ?4, ?5, ?6)",
    )?;
    for row in rows {
        insert.execute((&document.0, &row.row, &row.kind, &row.state, &row.started, &row.visitor))?;
    }
    Ok(())
}

pub(super) fn property(row: &Row<'_>) -> rusqlite::Result<PropertyRow> {
    let record: [u8; 16] = row.get(0)?;
    let flags: i64 = row.get(5)?;
    Ok(PropertyRow {
        record: DocumentId(record),
        uprn: row.get(1)?,
        parent_uprn: row.get(2)?,
        address: row.get(3)?,
        postcode: row.get(4)?,
        flags: usize::try_from(flags).unwrap_or(0),
    })
}

pub(super) const PROPERTY: &str = "p.record, p.uprn, p.parent_uprn, p.address, p.postcode, p.flags";

/// Each word as a quoted prefix, so that nothing a person types is taken for a search operator.
fn match_expression(text: &str) -> Option<String> {
    let words: Vec<String> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .take(SEARCH_WORDS_MAX)
        .map(|word| format!("\"{word}\"*"))
        .collect();
    if words.is_empty() { None } else { Some(words.join(" ")) }
}

/// Properties by UPRN, postcode, street or part of an address; best first, at most `limit`.
pub fn find_properties(connection: &Connection, text: &str, limit: usize) -> Result<Vec<PropertyRow>, StoreError> {
    let Some(expression) = match_expression(text) else { return Ok(Vec::new()) };
    let limit = signed(limit.min(SEARCH_RESULTS_MAX) as u64);
    let sql = format!(
        "SELECT {PROPERTY} FROM (SELECT rowid AS key, rank AS score FROM property_search WHERE property_search MATCH ?1
         ORDER BY rank LIMIT ?2) s JOIN properties p ON p.key = s.key ORDER BY s.score, p.address"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    Ok(statement.query_map((expression, limit), property)?.collect::<Result<_, _>>()?)
}

/// One property.
pub fn property_of(connection: &Connection, record: DocumentId) -> Result<Option<PropertyRow>, StoreError> {
    let sql = format!("SELECT {PROPERTY} FROM properties p WHERE p.record = ?1");
    Ok(connection.prepare_cached(&sql)?.query_row([&record.0], property).optional()?)
}

/// Properties of a UPRN: more than one when a provisional property was matched to it.
pub fn properties_of_uprn(connection: &Connection, uprn: &str) -> Result<Vec<PropertyRow>, StoreError> {
    let sql = format!("SELECT {PROPERTY} FROM properties p WHERE p.uprn = ?1 ORDER BY p.record");
    Ok(connection.prepare_cached(&sql)?.query_map([uprn], property)?.collect::<Result<_, _>>()?)
}

/// Homes in a building.
pub fn children_of(connection: &Connection, uprn: &str) -> Result<Vec<PropertyRow>, StoreError> {
    let sql = format!("SELECT {PROPERTY} FROM properties p WHERE p.parent_uprn = ?1 ORDER BY p.address, p.record");
    Ok(connection.prepare_cached(&sql)?.query_map([uprn], property)?.collect::<Result<_, _>>()?)
}

/// Properties in the order of their addresses, from `offset`, at most `limit`.
pub fn list_properties(connection: &Connection, offset: usize, limit: usize) -> Result<Vec<PropertyRow>, StoreError> {
    let sql = format!("SELECT {PROPERTY} FROM properties p ORDER BY p.address, p.record LIMIT ?1 OFFSET ?2");
    let window = (signed(limit as u64), signed(offset as u64));
    Ok(connection.prepare_cached(&sql)?.query_map(window, property)?.collect::<Result<_, _>>()?)
}

/// How many properties there are.
pub fn count_properties(connection: &Connection) -> Result<u64, StoreError> {
    Ok(unsigned(connection.prepare_cached("SELECT count(*) FROM properties")?.query_row([], |row| row.get(0))?))
}

/// How many people there are.
pub fn count_people(connection: &Connection) -> Result<u64, StoreError> {
    Ok(unsigned(connection.prepare_cached("SELECT count(*) FROM people")?.query_row([], |row| row.get(0))?))
}

fn person(row: &Row<'_>) -> rusqlite::Result<PersonRow> {
    let record: [u8; 16] = row.get(0)?;
    Ok(PersonRow { record: DocumentId(record), name: row.get(1)?, born: row.get(2)?, reference: row.get(3)? })
}

const PERSON: &str = "p.record, p.name, p.born, p.reference";

/// People by any name they are or were recorded under, at most `limit`.
pub fn find_people(connection: &Connection, text: &str, limit: usize) -> Result<Vec<PersonRow>, StoreError> {
    let Some(expression) = match_expression(text) else { return Ok(Vec::new()) };
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {PERSON} FROM people_search s JOIN people p ON p.key = s.rowid
         WHERE people_search MATCH ?1 ORDER BY s.rank, p.name, p.record LIMIT ?2"
    ))?;
    let limit = signed(limit.min(SEARCH_RESULTS_MAX) as u64);
    Ok(statement.query_map((expression, limit), person)?.collect::<Result<_, _>>()?)
}

/// One person.
pub fn person_of(connection: &Connection, record: DocumentId) -> Result<Option<PersonRow>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("SELECT {PERSON} FROM people p WHERE p.record = ?1"))?;
    Ok(statement.query_row([&record.0], person).optional()?)
}

/// The person of a reference in another system; of several, which two desks that imported one file can make, the one
/// whose record comes first, so that every device names the same.
pub fn person_of_reference(connection: &Connection, reference: &str) -> Result<Option<PersonRow>, StoreError> {
    let sql = format!("SELECT {PERSON} FROM people p WHERE p.reference = ?1 ORDER BY p.record LIMIT 1");
    Ok(connection.prepare_cached(&sql)?.query_row([reference], person).optional()?)
}

/// Whether past occupants are wanted too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occupants {
    /// Only whose address it is on `today` (an ISO day).
    Current,
    /// Everybody there ever was.
    Ever,
}

/// People of a property, by name. `today` is an ISO day.
pub fn people_of(
    connection: &Connection,
    property: DocumentId,
    occupants: Occupants,
    today: &str,
) -> Result<Vec<PersonRow>, StoreError> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT DISTINCT {PERSON} FROM occupancies o JOIN people p ON p.record = o.person
         WHERE o.property = ?1 AND (?2 OR ((o.ended IS NULL OR o.ended >= ?3) AND o.kind IN ('main', 'temporary')))
         ORDER BY p.name, p.record"
    ))?;
    let ever = occupants == Occupants::Ever;
    Ok(statement.query_map((&property.0, ever, today), person)?.collect::<Result<_, _>>()?)
}

/// Properties where a person lives on `today` (an ISO day).
pub fn properties_of_person(
    connection: &Connection,
    person: DocumentId,
    today: &str,
) -> Result<Vec<DocumentId>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT DISTINCT property FROM occupancies
         WHERE person = ?1 AND (ended IS NULL OR ended >= ?2) AND kind IN ('main', 'temporary') ORDER BY property",
    )?;
    let mut rows = statement.query((&person.0, today))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let bytes: Vec<u8> = row.get(0)?;
        found.push(DocumentId(fixed(&bytes, "occupancies")?));
    }
    Ok(found)
}

/// When each record was last visited, the longest ago first, at most `limit`.
pub fn last_visits(connection: &Connection, limit: usize) -> Result<Vec<(DocumentId, String)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT record, max(started) FROM visits WHERE record IS NOT NULL GROUP BY record ORDER BY 2, 1 LIMIT ?1",
    )?;
    let rows = statement.query_map([signed(limit as u64)], |row| {
        let record: [u8; 16] = row.get(0)?;
        Ok((DocumentId(record), row.get(1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn visit(row: &Row<'_>) -> rusqlite::Result<VisitRow> {
    let document: [u8; 16] = row.get(0)?;
    let record: Option<[u8; 16]> = row.get(2)?;
    Ok(VisitRow {
        document: DocumentId(document),
        row: row.get(1)?,
        record: record.map(DocumentId),
        kind: row.get(3)?,
        state: row.get(4)?,
        started: row.get(5)?,
        visitor: row.get(6)?,
    })
}

const VISIT: &str = "document, row, record, kind, state, started, visitor";

/// Visits, the newest first, at most `limit`.
pub fn list_visits(connection: &Connection, limit: usize) -> Result<Vec<VisitRow>, StoreError> {
    let sql = format!("SELECT {VISIT} FROM visits ORDER BY started DESC, document, row LIMIT ?1");
    Ok(connection.prepare_cached(&sql)?.query_map([signed(limit as u64)], visit)?.collect::<Result<_, _>>()?)
}

/// Visits that are still being recorded, then those that began on a day; in each the newest first.
pub fn visits_at_hand(connection: &Connection, day: &str, limit: usize) -> Result<Vec<VisitRow>, StoreError> {
    let sql = format!(
        "SELECT {VISIT} FROM visits WHERE state IN ('draft', 'returned') OR started = ?1
         ORDER BY state NOT IN ('draft', 'returned'), started DESC, document, row LIMIT ?2"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    Ok(statement.query_map(rusqlite::params![day, signed(limit as u64)], visit)?.collect::<Result<_, _>>()?)
}

/// One visit.
pub fn visit_of(connection: &Connection, row: [u8; 16]) -> Result<Option<VisitRow>, StoreError> {
    let sql = format!("SELECT {VISIT} FROM visits WHERE row = ?1 ORDER BY document LIMIT 1");
    Ok(connection.prepare_cached(&sql)?.query_row([row], visit).optional()?)
}

/// Which visits are wanted. What is left open fits all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VisitFilter {
    /// How far they are.
    pub state: Option<String>,
    /// Their kind.
    pub kind: Option<String>,
    /// The visitor, as the row has it.
    pub visitor: Option<String>,
    /// At which property.
    pub record: Option<DocumentId>,
}

const VISIT_FITS: &str = "(?1 IS NULL OR state = ?1) AND (?2 IS NULL OR kind = ?2) AND (?3 IS NULL OR visitor = ?3)
     AND (?4 IS NULL OR record = ?4)";

/// Visits that fit, those that wait longest first.
pub fn visits_that_fit(
    connection: &Connection,
    filter: &VisitFilter,
    offset: usize,
    limit: usize,
) -> Result<Vec<VisitRow>, StoreError> {
    let sql =
        format!("SELECT {VISIT} FROM visits WHERE {VISIT_FITS} ORDER BY started, document, row LIMIT ?5 OFFSET ?6");
    let record = filter.record.map(|record| record.0);
    let window = (signed(limit as u64), signed(offset as u64));
    let mut statement = connection.prepare_cached(&sql)?;
    let rows =
        statement.query_map((&filter.state, &filter.kind, &filter.visitor, record, window.0, window.1), visit)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// How many visits fit.
pub fn count_visits(connection: &Connection, filter: &VisitFilter) -> Result<u64, StoreError> {
    let sql = format!("SELECT count(*) FROM visits WHERE {VISIT_FITS}");
    let record = filter.record.map(|record| record.0);
    let mut statement = connection.prepare_cached(&sql)?;
    let count = statement.query_row((&filter.state, &filter.kind, &filter.visitor, record), |row| row.get(0))?;
    Ok(unsigned(count))
}

/// Properties of a postcode that have a UPRN, by address, at most `limit`.
pub fn properties_of_postcode(
    connection: &Connection,
    postcode: &str,
    limit: usize,
) -> Result<Vec<PropertyRow>, StoreError> {
    let sql = format!(
        "SELECT {PROPERTY} FROM properties p WHERE p.postcode = ?1 AND p.uprn IS NOT NULL
         ORDER BY p.address, p.record LIMIT ?2"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    Ok(statement.query_map((postcode, signed(limit as u64)), property)?.collect::<Result<_, _>>()?)
}
