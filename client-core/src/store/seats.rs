//! Workers' secrets on this device, each under the worker's PIN, with the count of wrong tries; the marks of the clock; the
//! glasses that were broken here.

use doorstep_protocol::{DocumentId, EnvelopeId, LogSize, Millis, SignPublic};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

use super::{StoreError, fixed, meta, signed, unsigned};
use crate::seat::ClockMarks;

/// Workers with a PIN on one device at most.
pub const PINS_MAX: usize = 64;

/// What is kept of a worker's PIN.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PinRow {
    /// The public key of the worker's seat.
    pub key: SignPublic,
    /// The seat's signing seed under the PIN; `None` where the vault holds it.
    pub signing: Option<Vec<u8>>,
    /// The device's second sealing secret under the PIN.
    pub restricted: Vec<u8>,
    /// Wrong PINs in a row.
    pub wrong: u32,
    /// When the last of them was tried, by this device's clock.
    pub last: Millis,
    /// The size of the log when the last of them was tried.
    pub log_size: LogSize,
}

const COLUMNS: &str = "key, signing, restricted, wrong, last, log_size";

fn row(row: &Row<'_>) -> Result<PinRow, StoreError> {
    let key: Vec<u8> = row.get(0)?;
    Ok(PinRow {
        key: SignPublic(fixed(&key, "pins")?),
        signing: row.get(1)?,
        restricted: row.get(2)?,
        wrong: u32::try_from(unsigned(row.get(3)?)).unwrap_or(u32::MAX),
        last: Millis(unsigned(row.get(4)?)),
        log_size: LogSize(unsigned(row.get(5)?)),
    })
}

/// Every worker with a PIN here, in the order of their keys.
pub fn pins(connection: &Connection) -> Result<Vec<PinRow>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM pins ORDER BY key"))?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(next) = rows.next()? {
        found.push(row(next)?);
    }
    Ok(found)
}

/// Keeps a worker's secrets, in place of those under an earlier PIN.
pub fn set_pin(transaction: &Transaction<'_>, pin: &PinRow) -> Result<(), StoreError> {
    transaction
        .prepare_cached(
            "INSERT INTO pins (key, signing, restricted, wrong, last, log_size) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
             ON CONFLICT (key) DO UPDATE SET signing = ?2, restricted = ?3, wrong = ?4, last = ?5, log_size = ?6",
        )?
        .execute((
            &pin.key.0,
            &pin.signing,
            &pin.restricted,
            i64::from(pin.wrong),
            signed(pin.last.0),
            signed(pin.log_size.0),
        ))?;
    Ok(())
}

/// Forgets a worker's secrets.
pub fn remove_pin(transaction: &Transaction<'_>, key: &SignPublic) -> Result<(), StoreError> {
    transaction.prepare_cached("DELETE FROM pins WHERE key = ?1")?.execute([&key.0])?;
    Ok(())
}

/// Sets the count of wrong tries.
pub fn set_wrong(
    transaction: &Transaction<'_>,
    key: &SignPublic,
    wrong: u32,
    last: Millis,
    log_size: LogSize,
) -> Result<(), StoreError> {
    transaction.prepare_cached("UPDATE pins SET wrong = ?2, last = ?3, log_size = ?4 WHERE key = ?1")?.execute((
        &key.0,
        i64::from(wrong),
        signed(last.0),
        signed(log_size.0),
    ))?;
    Ok(())
}

/// The marks of the clock.
pub fn clock_marks(connection: &Connection) -> Result<ClockMarks, StoreError> {
    let Some(bytes) = meta::get(connection, "clock")? else { return Ok(ClockMarks::default()) };
    let bytes: [u8; 16] = fixed(&bytes, "meta")?;
    let (answered, latest) = bytes.split_at(8);
    let answered = u64::from_be_bytes(fixed(answered, "meta")?);
    Ok(ClockMarks {
        answered: (answered > 0).then_some(Millis(answered)),
        latest: Millis(u64::from_be_bytes(fixed(latest, "meta")?)),
    })
}

/// Remembers the marks of the clock.
pub fn set_clock_marks(transaction: &Transaction<'_>, marks: ClockMarks) -> Result<(), StoreError> {
    let answered = marks.answered.map_or(0, |at| at.0);
    meta::set(transaction, "clock", &[answered.to_be_bytes(), marks.latest.0.to_be_bytes()].concat())
}

/// A glass that was broken here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GlassRow {
    /// The audit record of it.
    pub envelope: EnvelopeId,
    /// The property.
    pub property: DocumentId,
    /// Its sealed document.
    pub document: DocumentId,
    /// Until when it shows.
    pub until: Millis,
}

/// Remembers a broken glass.
pub fn add_glass(transaction: &Transaction<'_>, glass: &GlassRow) -> Result<(), StoreError> {
    transaction
        .prepare_cached("INSERT INTO glass (envelope, property, document, until, closed) VALUES (?1, ?2, ?3, ?4, 0)")?
        .execute((&glass.envelope.0, &glass.property.0, &glass.document.0, signed(glass.until.0)))?;
    Ok(())
}

/// Glasses that are not closed and whose time is not over, the one that ends first before the others.
pub fn open_glasses(connection: &Connection, now: Millis) -> Result<Vec<GlassRow>, StoreError> {
    connection
        .prepare_cached(
            "SELECT envelope, property, document, until FROM glass WHERE closed = 0 AND until >= ?1 ORDER BY until",
        )?
        .query_map([signed(now.0)], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?, row.get(3)?)))?
        .map(|found| {
            let (envelope, property, document, until): (Vec<u8>, Vec<u8>, Vec<u8>, i64) = found?;
            Ok(GlassRow {
                envelope: EnvelopeId(fixed(&envelope, "glass")?),
                property: DocumentId(fixed(&property, "glass")?),
                document: DocumentId(fixed(&document, "glass")?),
                until: Millis(unsigned(until)),
            })
        })
        .collect()
}

/// The newest glass of a property that was not closed.
pub fn open_glass(connection: &Connection, property: DocumentId) -> Result<Option<GlassRow>, StoreError> {
    let found: Option<(Vec<u8>, Vec<u8>, i64)> = connection
        .prepare_cached(
            "SELECT envelope, document, until FROM glass WHERE property = ?1 AND closed = 0 ORDER BY until DESC LIMIT 1",
        )?
        .query_row([&property.0], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    found
        .map(|(envelope, document, until)| {
            Ok(GlassRow {
                envelope: EnvelopeId(fixed(&envelope, "glass")?),
                property,
                document: DocumentId(fixed(&document, "glass")?),
                until: Millis(unsigned(until)),
            })
        })
        .transpose()
}

/// Closes every glass of a property.
pub fn close_glass(transaction: &Transaction<'_>, property: DocumentId) -> Result<(), StoreError> {
    transaction.prepare_cached("UPDATE glass SET closed = 1 WHERE property = ?1")?.execute([&property.0])?;
    Ok(())
}
