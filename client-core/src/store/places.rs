//! In which street and building each property is: so that a person finds a home without a map and without its name.

use doorstep_protocol::{DocumentId, ZoneId};
use rusqlite::{Connection, OptionalExtension, Transaction};

use super::lists::{PROPERTY, PropertyRow, property};
use super::{StoreError, fixed, signed, unsigned};

/// Where a property is, as far as its address says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Its street with village and town; empty where none is recorded.
    pub street: String,
    /// The name of its building; empty where it has none.
    pub building: String,
}

/// Properties of one zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZoneCount {
    /// The zone.
    pub zone: ZoneId,
    /// How many properties.
    pub properties: u64,
    /// In how many streets.
    pub streets: u64,
}

/// A street of a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StreetCount {
    /// The zone.
    pub zone: ZoneId,
    /// The street; empty for properties of which none is recorded.
    pub street: String,
    /// One of its properties: what the street is named by where its name may not stand.
    pub first: DocumentId,
    /// How many properties.
    pub properties: u64,
}

/// Writes where a property is.
pub fn set(transaction: &Transaction<'_>, record: DocumentId, place: &Place) -> Result<(), StoreError> {
    if of(transaction, record)?.as_ref() == Some(place) {
        return Ok(());
    }
    transaction
        .prepare_cached("INSERT OR REPLACE INTO places (record, street, building) VALUES (?1, ?2, ?3)")?
        .execute((&record.0, &place.street, &place.building))?;
    Ok(())
}

/// Takes a property out.
pub fn remove(transaction: &Transaction<'_>, record: DocumentId) -> Result<(), StoreError> {
    transaction.prepare_cached("DELETE FROM places WHERE record = ?1")?.execute([&record.0])?;
    Ok(())
}

/// Where a property is.
pub fn of(connection: &Connection, record: DocumentId) -> Result<Option<Place>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT street, building FROM places WHERE record = ?1")?;
    let found = statement.query_row([&record.0], |row| Ok(Place { street: row.get(0)?, building: row.get(1)? }));
    Ok(found.optional()?)
}

/// How many properties and streets each zone has.
pub fn zones(connection: &Connection) -> Result<Vec<ZoneCount>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT d.zone, count(*), count(DISTINCT p.street) FROM places p JOIN documents d ON d.id = p.record
         GROUP BY d.zone ORDER BY d.zone",
    )?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let zone: Vec<u8> = row.get(0)?;
        let zone = ZoneId(fixed(&zone, "documents")?);
        found.push(ZoneCount { zone, properties: unsigned(row.get(1)?), streets: unsigned(row.get(2)?) });
    }
    Ok(found)
}

/// The streets of every zone in the order of their names, those without a name last, at most `limit`.
pub fn streets(connection: &Connection, limit: usize) -> Result<Vec<StreetCount>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT d.zone, p.street, min(p.record), count(*) FROM places p JOIN documents d ON d.id = p.record
         GROUP BY d.zone, p.street ORDER BY p.street = '', p.street, d.zone LIMIT ?1",
    )?;
    let mut rows = statement.query([signed(limit as u64)])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (zone, first): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(2)?);
        found.push(StreetCount {
            zone: ZoneId(fixed(&zone, "documents")?),
            street: row.get(1)?,
            first: DocumentId(fixed(&first, "places")?),
            properties: unsigned(row.get(3)?),
        });
    }
    Ok(found)
}

/// The properties of a street of one zone, each with the name of its building, at most `limit`.
pub fn of_street(
    connection: &Connection,
    zone: ZoneId,
    street: &str,
    limit: usize,
) -> Result<Vec<(PropertyRow, String)>, StoreError> {
    let sql = format!(
        "SELECT {PROPERTY}, s.building FROM places s JOIN documents d ON d.id = s.record
         JOIN properties p ON p.record = s.record WHERE s.street = ?1 AND d.zone = ?2 ORDER BY p.address, p.record LIMIT ?3"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let rows = statement
        .query_map((street, &zone.0, signed(limit as u64)), |row| Ok((property(row)?, row.get::<_, String>(6)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}
