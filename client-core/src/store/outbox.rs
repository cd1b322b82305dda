//! What the server has not durably taken. A row leaves only when a signed checkpoint covers its receipt; the envelope itself
//! always stays. What came by hand and is in no document is held here until it is: the server may not have it.

use doorstep_protocol::wire::RefusalReason;
use doorstep_protocol::{DeviceId, DocumentId, EnvelopeId, FeedNumber, ZoneId, ZoneSeq};
use rusqlite::{Connection, Transaction};

use super::{StoreError, fixed, signed, unsigned};

/// An envelope that is to be sent.
#[derive(Clone, Debug)]
pub struct ToSend {
    /// Its id.
    pub id: EnvelopeId,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// How much waits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct OutboxCount {
    /// Envelopes to send.
    pub to_send: u64,
    /// Their bytes.
    pub to_send_bytes: u64,
    /// Taken, and not yet covered by a checkpoint.
    pub receipted: u64,
    /// Refused by the server; kept here.
    pub refused: u64,
}

/// Whether what came by hand is in a document, so that the server takes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fit {
    /// It is: it is offered.
    Yes,
    /// Not yet: it is held.
    NotYet,
}

const TO_SEND: i64 = 0;
const RECEIPTED: i64 = 1;
const REFUSED: i64 = 2;
const HELD: i64 = 3;

/// Of what was erased no more than the header is here: it is not offered. The statements below have this number.
const _: () = assert!(doorstep_protocol::envelope::HEADER_BYTES == 156);

/// Puts an envelope that is kept into the outbox.
pub fn put(
    transaction: &Transaction<'_>,
    id: EnvelopeId,
    rank: u64,
    (zone, document): (ZoneId, DocumentId),
    bytes: usize,
) -> Result<(), StoreError> {
    transaction
        .prepare_cached(
            "INSERT INTO outbox (envelope, rank, zone, document, bytes, state, detail) VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)
             ON CONFLICT (envelope) DO UPDATE SET state = ?6, detail = 0",
        )?
        .execute((&id.0, signed(rank), &zone.0, &document.0, signed(bytes as u64), TO_SEND))?;
    Ok(())
}

/// Offers an envelope that came by hand, or holds it, unless the outbox has it.
pub fn put_carried(
    transaction: &Transaction<'_>,
    id: EnvelopeId,
    rank: u64,
    (zone, document): (ZoneId, DocumentId),
    (bytes, fit): (usize, Fit),
) -> Result<(), StoreError> {
    let state = if fit == Fit::Yes { TO_SEND } else { HELD };
    transaction
        .prepare_cached(
            "INSERT OR IGNORE INTO outbox (envelope, rank, zone, document, bytes, state, detail)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, 0)",
        )?
        .execute((&id.0, signed(rank), &zone.0, &document.0, signed(bytes as u64), state))?;
    Ok(())
}

/// What the server takes now of what is held: standing 0 is applied, 3 is closed.
const FIT_NOW: &str = "state = ?1 AND EXISTS (
    SELECT 1 FROM envelopes e WHERE e.id = outbox.envelope AND e.chained = 1 AND e.standing IN (0, 3))";

/// Whether something that is held can go.
pub fn has_fit(connection: &Connection) -> Result<bool, StoreError> {
    Ok(connection.prepare_cached(&format!("SELECT 1 FROM outbox WHERE {FIT_NOW}"))?.exists([HELD])?)
}

/// Offers what is held and is in a document by now.
pub fn release(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    transaction.prepare_cached(&format!("UPDATE outbox SET state = ?2 WHERE {FIT_NOW}"))?.execute((HELD, TO_SEND))?;
    Ok(())
}

/// Whether an envelope that is kept was written by this author.
pub fn is_by(connection: &Connection, id: EnvelopeId, author: DeviceId) -> Result<bool, StoreError> {
    Ok(connection
        .prepare_cached("SELECT 1 FROM envelopes WHERE id = ?1 AND author = ?2")?
        .exists((&id.0, &author.0))?)
}

/// An envelope of another device that the server has refused: it is held if it is in no document here, so that it is offered
/// once somebody has taken it in, and leaves the outbox if it is.
pub fn refused_of_another(transaction: &Transaction<'_>, id: EnvelopeId) -> Result<(), StoreError> {
    transaction
        .prepare_cached("UPDATE outbox SET state = ?2, detail = 0 WHERE envelope = ?1")?
        .execute((&id.0, HELD))?;
    transaction
        .prepare_cached(&format!("DELETE FROM outbox WHERE envelope = ?2 AND {FIT_NOW}"))?
        .execute((HELD, &id.0))?;
    Ok(())
}

/// An envelope that the server has no use for, or has, leaves the outbox; it stays kept.
pub fn withdraw(transaction: &Transaction<'_>, id: EnvelopeId) -> Result<(), StoreError> {
    transaction.prepare_cached("DELETE FROM outbox WHERE envelope = ?1")?.execute([&id.0])?;
    Ok(())
}

/// The next envelopes to send, those of the zone `first` before all others and each in order of arrival, until
/// `limit_bytes` or `limit_count` is reached; at least one.
pub fn next(
    connection: &Connection,
    first: Option<ZoneId>,
    limit_bytes: usize,
    limit_count: usize,
) -> Result<Vec<ToSend>, StoreError> {
    let first = first.unwrap_or(ZoneId::ZERO);
    let (mut found, mut total) = (Vec::new(), 0);
    for condition in ["o.zone = ?2", "o.zone <> ?2"] {
        let mut statement = connection.prepare_cached(&format!(
            "SELECT o.envelope, e.bytes FROM outbox o JOIN envelopes e ON e.id = o.envelope
             WHERE o.state = ?1 AND {condition} ORDER BY o.rank LIMIT ?3"
        ))?;
        let mut rows = statement.query((TO_SEND, &first.0, signed((limit_count - found.len()) as u64)))?;
        while let Some(row) = rows.next()? {
            let id: Vec<u8> = row.get(0)?;
            let bytes: Vec<u8> = row.get(1)?;
            total += bytes.len();
            if total > limit_bytes && !found.is_empty() {
                return Ok(found);
            }
            found.push(ToSend { id: EnvelopeId(fixed(&id, "outbox")?), bytes });
        }
    }
    Ok(found)
}

/// Envelopes of this author that the server has not taken, after a rank: each with its rank and bytes, until the limits of
/// bytes and count are reached; at least one.
pub fn own_unsent_after(
    connection: &Connection,
    author: DeviceId,
    after: u64,
    (limit_bytes, limit_count): (usize, usize),
) -> Result<Vec<(u64, Vec<u8>)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT e.rank, e.bytes FROM outbox o JOIN envelopes e ON e.id = o.envelope
         WHERE o.state IN (?1, ?2) AND e.author = ?3 AND e.rank > ?4 ORDER BY e.rank LIMIT ?5",
    )?;
    let mut rows = statement.query((TO_SEND, REFUSED, &author.0, signed(after), signed(limit_count as u64)))?;
    let (mut found, mut total) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let bytes: Vec<u8> = row.get(1)?;
        total += bytes.len();
        if total > limit_bytes && !found.is_empty() {
            break;
        }
        found.push((unsigned(row.get(0)?), bytes));
    }
    Ok(found)
}

/// How many envelopes of this author the server has not taken, after a rank.
pub fn count_own_unsent_after(connection: &Connection, author: DeviceId, after: u64) -> Result<u64, StoreError> {
    let count = connection
        .prepare_cached(
            "SELECT count(*) FROM outbox o JOIN envelopes e ON e.id = o.envelope
             WHERE o.state IN (?1, ?2) AND e.author = ?3 AND e.rank > ?4",
        )?
        .query_row((TO_SEND, REFUSED, &author.0, signed(after)), |row| row.get(0))?;
    Ok(unsigned(count))
}

/// The server has taken an envelope, under this number.
pub fn receipted(transaction: &Transaction<'_>, id: EnvelopeId, number: FeedNumber) -> Result<(), StoreError> {
    transaction.prepare_cached("UPDATE outbox SET state = ?2, detail = ?3 WHERE envelope = ?1")?.execute((
        &id.0,
        RECEIPTED,
        signed(number.0),
    ))?;
    Ok(())
}

/// The server has refused an envelope.
pub fn refused(transaction: &Transaction<'_>, id: EnvelopeId, reason: RefusalReason) -> Result<(), StoreError> {
    transaction
        .prepare_cached("UPDATE outbox SET state = ?2, detail = ?3 WHERE envelope = ?1 AND state = ?4")?
        .execute((&id.0, REFUSED, reason as i64, TO_SEND))?;
    Ok(())
}

/// A signed checkpoint covers every receipt of a zone up to `number`.
pub fn covered(transaction: &Transaction<'_>, zone: ZoneId, number: FeedNumber) -> Result<(), StoreError> {
    transaction.prepare_cached("DELETE FROM outbox WHERE zone = ?1 AND state = ?2 AND detail <= ?3")?.execute((
        &zone.0,
        RECEIPTED,
        signed(number.0),
    ))?;
    Ok(())
}

/// Offers everything that is kept, again: another store answers.
pub fn offer_all(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    transaction.execute(
        "INSERT INTO outbox (envelope, rank, zone, document, bytes, state, detail)
         SELECT id, rank, zone, document, length(bytes), ?1, 0 FROM envelopes WHERE chained = 1 AND length(bytes) > 156
         ON CONFLICT (envelope) DO UPDATE SET state = ?1, detail = 0",
        [TO_SEND],
    )?;
    Ok(())
}

/// Offers an author's envelopes after `tail` in a zone again: the server has fewer than this device.
pub fn offer_after(
    transaction: &Transaction<'_>,
    zone: ZoneId,
    author: DeviceId,
    tail: ZoneSeq,
) -> Result<(), StoreError> {
    transaction
        .prepare_cached(
            "INSERT INTO outbox (envelope, rank, zone, document, bytes, state, detail)
             SELECT id, rank, zone, document, length(bytes), ?4, 0 FROM envelopes
             WHERE chained = 1 AND zone = ?1 AND author = ?2 AND zseq > ?3 AND length(bytes) > 156
             ON CONFLICT (envelope) DO UPDATE SET state = ?4, detail = 0",
        )?
        .execute((&zone.0, &author.0, signed(tail.0), TO_SEND))?;
    Ok(())
}

/// Offers the envelopes of the same author in the same zone as this one, after `tail`, again: the server has fewer of them
/// than this device.
pub fn offer_rest(transaction: &Transaction<'_>, envelope: EnvelopeId, tail: ZoneSeq) -> Result<(), StoreError> {
    transaction
        .prepare_cached(
            "INSERT INTO outbox (envelope, rank, zone, document, bytes, state, detail)
             SELECT e.id, e.rank, e.zone, e.document, length(e.bytes), ?3, 0 FROM envelopes e
             JOIN envelopes refused ON refused.id = ?1 AND e.zone = refused.zone AND e.author = refused.author
             WHERE e.chained = 1 AND e.zseq > ?2 AND length(e.bytes) > 156
             ON CONFLICT (envelope) DO UPDATE SET state = ?3, detail = 0",
        )?
        .execute((&envelope.0, signed(tail.0), TO_SEND))?;
    Ok(())
}

/// How many envelopes are to be sent.
pub fn to_send(connection: &Connection) -> Result<u64, StoreError> {
    let count = connection
        .prepare_cached("SELECT count(*) FROM outbox WHERE state = ?1")?
        .query_row([TO_SEND], |row| row.get(0))?;
    Ok(unsigned(count))
}

/// How much waits.
pub fn count(connection: &Connection) -> Result<OutboxCount, StoreError> {
    let mut statement = connection.prepare_cached("SELECT state, count(*), sum(bytes) FROM outbox GROUP BY state")?;
    let mut rows = statement.query([])?;
    let mut count = OutboxCount::default();
    while let Some(row) = rows.next()? {
        let envelopes = unsigned(row.get(1)?);
        match row.get::<_, i64>(0)? {
            TO_SEND => (count.to_send, count.to_send_bytes) = (envelopes, unsigned(row.get(2)?)),
            RECEIPTED => count.receipted = envelopes,
            REFUSED => count.refused = envelopes,
            // What is held is nobody's to wait for.
            _ => {}
        }
    }
    Ok(count)
}

/// Homes and people with work that was not sent. What belongs to no record (audit, directory) is not counted.
pub fn records_not_sent(connection: &Connection) -> Result<usize, StoreError> {
    let count: i64 = connection
        .prepare_cached(
            "SELECT count(DISTINCT documents.record) FROM documents WHERE documents.record IS NOT NULL AND documents.id IN
             (SELECT document FROM pending UNION SELECT document FROM outbox WHERE state = ?1)",
        )?
        .query_row([TO_SEND], |row| row.get(0))?;
    Ok(usize::try_from(count).unwrap_or_default())
}

/// How far the work on one document has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Delivery {
    /// The server has all of it, durably.
    Delivered,
    /// The server has taken it; the next checkpoint will cover it.
    Receipted,
    /// Some of it has not been sent.
    NotSent,
    /// The server refused some of it; it is kept here.
    Refused,
}

/// How far the work on one document has come.
pub fn delivery(connection: &Connection, document: DocumentId) -> Result<Delivery, StoreError> {
    let unsealed = connection.prepare_cached("SELECT 1 FROM pending WHERE document = ?1")?.exists([&document.0])?;
    let mut statement = connection.prepare_cached("SELECT DISTINCT state FROM outbox WHERE document = ?1")?;
    let states: Vec<i64> = statement.query_map([&document.0], |row| row.get(0))?.collect::<Result<_, _>>()?;
    Ok(if states.contains(&REFUSED) {
        Delivery::Refused
    } else if unsealed || states.contains(&TO_SEND) {
        Delivery::NotSent
    } else if states.contains(&RECEIPTED) {
        Delivery::Receipted
    } else {
        Delivery::Delivered
    })
}

/// Envelopes that the server refused, with its reason.
pub fn refusals(connection: &Connection, limit: usize) -> Result<Vec<(EnvelopeId, u64)>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT envelope, detail FROM outbox WHERE state = ?1 ORDER BY rank LIMIT ?2")?;
    let mut rows = statement.query((REFUSED, signed(limit as u64)))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let id: Vec<u8> = row.get(0)?;
        found.push((EnvelopeId(fixed(&id, "outbox")?), unsigned(row.get(1)?)));
    }
    Ok(found)
}
