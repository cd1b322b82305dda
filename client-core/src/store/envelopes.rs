//! Envelopes: the truth. Nothing here is ever deleted; what cannot be read is kept with its reason. Of what was erased the
//! header stays, so that chains still hold.

use doorstep_protocol::envelope::HEADER_BYTES;
use doorstep_protocol::{DeviceId, DocumentId, EnvelopeId, Millis, ZoneId, ZoneSeq};
use rusqlite::{Connection, OptionalExtension, Row, Transaction};

use super::{StoreError, fixed, signed, unsigned};
use crate::replica::reader::{SetAside, Tail, Tails, Wait};

/// What has become of an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its changes are in the document.
    Applied,
    /// It waits for something.
    Waits(Wait),
    /// It is set aside for a person.
    SetAside(SetAside),
    /// It is well, and stays sealed: what it holds is never written down, and opened only when somebody reads it.
    Closed,
}

/// Whether an envelope has its place in its author's chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Chained {
    /// It has.
    Yes,
    /// Not (yet).
    No,
}

const WAITS: [Wait; 5] = [Wait::LogAhead, Wait::ChainGap, Wait::NoKey, Wait::MissingDependencies, Wait::NewerVersion];
const SET_ASIDE: [SetAside; 14] = [
    SetAside::UnknownAuthor,
    SetAside::NotEntitled,
    SetAside::Signature,
    SetAside::Fork,
    SetAside::PastCut,
    SetAside::Seal,
    SetAside::Payload,
    SetAside::Seat,
    SetAside::Actor,
    SetAside::Changes,
    SetAside::OtherPartnership,
    SetAside::OtherEpoch,
    SetAside::Erased,
    SetAside::SeatEnded,
];

impl Standing {
    fn to_columns(self) -> (i64, i64) {
        let position = |found: Option<usize>| found.and_then(|at| i64::try_from(at).ok()).unwrap_or(i64::MAX);
        match self {
            Self::Applied => (0, 0),
            Self::Waits(wait) => (1, position(WAITS.iter().position(|w| *w == wait))),
            Self::SetAside(why) => (2, position(SET_ASIDE.iter().position(|s| *s == why))),
            Self::Closed => (3, 0),
        }
    }

    fn from_columns(standing: i64, reason: i64) -> Result<Self, StoreError> {
        let at = usize::try_from(reason).map_err(|_| StoreError::Damaged { table: "envelopes" })?;
        match standing {
            0 => Some(Self::Applied),
            1 => WAITS.get(at).copied().map(Self::Waits),
            2 => SET_ASIDE.get(at).copied().map(Self::SetAside),
            3 => Some(Self::Closed),
            _ => None,
        }
        .ok_or(StoreError::Damaged { table: "envelopes" })
    }
}

/// An envelope as it is kept.
#[derive(Clone, Debug)]
pub struct Kept {
    /// Order of arrival.
    pub rank: u64,
    /// Its id.
    pub id: EnvelopeId,
    /// What has become of it.
    pub standing: Standing,
    /// Whether it has its place in the chain.
    pub chained: Chained,
    /// When it came, by this device's clock.
    pub arrived: Millis,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// What is about to be kept.
#[derive(Clone, Copy, Debug)]
pub struct Arrival<'a> {
    /// Its id.
    pub id: EnvelopeId,
    /// Its zone.
    pub zone: ZoneId,
    /// Its document.
    pub document: DocumentId,
    /// Its author.
    pub author: DeviceId,
    /// The author's counter.
    pub zseq: ZoneSeq,
    /// Whether it has its place in the chain.
    pub chained: Chained,
    /// What has become of it.
    pub standing: Standing,
    /// When it came.
    pub arrived: Millis,
    /// All of it.
    pub bytes: &'a [u8],
}

const COLUMNS: &str = "rank, id, standing, reason, chained, arrived, bytes";

fn kept(row: &Row<'_>) -> Result<Kept, StoreError> {
    let id: Vec<u8> = row.get(1)?;
    Ok(Kept {
        rank: unsigned(row.get(0)?),
        id: EnvelopeId(fixed(&id, "envelopes")?),
        standing: Standing::from_columns(row.get(2)?, row.get(3)?)?,
        chained: if row.get::<_, i64>(4)? == 1 { Chained::Yes } else { Chained::No },
        arrived: Millis(unsigned(row.get(5)?)),
        bytes: row.get(6)?,
    })
}

pub(super) fn all(
    connection: &Connection,
    condition: &str,
    parameters: impl rusqlite::Params,
) -> Result<Vec<Kept>, StoreError> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM envelopes {condition}"))?;
    let mut rows = statement.query(parameters)?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        found.push(kept(row)?);
    }
    Ok(found)
}

/// Keeps an envelope, or updates what has become of one that is kept. Returns its rank.
pub fn keep(transaction: &Transaction<'_>, arrival: &Arrival<'_>) -> Result<u64, StoreError> {
    let (standing, reason) = arrival.standing.to_columns();
    let rank: i64 = transaction
        .prepare_cached(
            "INSERT INTO envelopes (id, zone, document, author, zseq, chained, standing, reason, arrived, bytes)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)
             ON CONFLICT (id) DO UPDATE SET chained = max(chained, ?6), standing = ?7, reason = ?8
             RETURNING rank",
        )?
        .query_row(
            (
                &arrival.id.0,
                &arrival.zone.0,
                &arrival.document.0,
                &arrival.author.0,
                signed(arrival.zseq.0),
                i64::from(arrival.chained == Chained::Yes),
                standing,
                reason,
                signed(arrival.arrived.0),
                arrival.bytes,
            ),
            |row| row.get(0),
        )?;
    Ok(unsigned(rank))
}

/// Whether an envelope is kept.
pub fn has(connection: &Connection, id: EnvelopeId) -> Result<bool, StoreError> {
    Ok(connection.prepare_cached("SELECT 1 FROM envelopes WHERE id = ?1")?.exists([&id.0])?)
}

/// Forgets the row under which an envelope was kept before its author was known: in the same transaction it is kept under
/// its own id, or is there already.
pub fn supersede(transaction: &Transaction<'_>, id: EnvelopeId) -> Result<(), StoreError> {
    transaction.prepare_cached("DELETE FROM envelopes WHERE id = ?1 AND chained = 0")?.execute([&id.0])?;
    Ok(())
}

/// The log names an author now who was not known: what came from it before is tried again, and kept under its own id then.
pub fn retry_author(transaction: &Transaction<'_>, author: DeviceId) -> Result<(), StoreError> {
    let (unknown, unknown_reason) = Standing::SetAside(SetAside::UnknownAuthor).to_columns();
    let (waits, reason) = Standing::Waits(Wait::LogAhead).to_columns();
    transaction
        .prepare_cached(
            "UPDATE envelopes SET standing = ?4, reason = ?5
             WHERE standing = ?1 AND standing <> 0 AND reason = ?2 AND author = ?3 AND chained = 0",
        )?
        .execute((unknown, unknown_reason, &author.0, waits, reason))?;
    Ok(())
}

/// Whether an envelope is kept and has its place in its author's chain.
pub fn is_chained(connection: &Connection, id: EnvelopeId) -> Result<bool, StoreError> {
    Ok(connection.prepare_cached("SELECT 1 FROM envelopes WHERE id = ?1 AND chained = 1")?.exists([&id.0])?)
}

/// The id of an author's envelope by its counter.
pub fn id_at(
    connection: &Connection,
    zone: ZoneId,
    author: DeviceId,
    zseq: ZoneSeq,
) -> Result<Option<EnvelopeId>, StoreError> {
    let found: Option<Vec<u8>> = connection
        .prepare_cached("SELECT id FROM envelopes WHERE zone = ?1 AND author = ?2 AND zseq = ?3 AND chained = 1")?
        .query_row((&zone.0, &author.0, signed(zseq.0)), |row| row.get(0))
        .optional()?;
    found.map(|id| Ok(EnvelopeId(fixed(&id, "envelopes")?))).transpose()
}

/// Whether any envelope of an author stands in a chain here.
pub fn has_author(connection: &Connection, author: DeviceId) -> Result<bool, StoreError> {
    Ok(connection.prepare_cached("SELECT 1 FROM authors WHERE author = ?1")?.exists([&author.0])?)
}

/// One envelope.
pub fn find(connection: &Connection, id: EnvelopeId) -> Result<Option<Kept>, StoreError> {
    Ok(all(connection, "WHERE id = ?1", [&id.0])?.pop())
}

/// Without the second condition the index of what is not applied is passed over, and every envelope is looked at.
pub(super) const WAITING_AFTER: &str = "WHERE standing = 1 AND standing <> 0 AND rank > ?1 ORDER BY rank LIMIT ?2";

/// Envelopes that wait after `rank`, in order of arrival, at most `limit`.
pub fn waiting_after(connection: &Connection, rank: u64, limit: usize) -> Result<Vec<Kept>, StoreError> {
    all(connection, WAITING_AFTER, (signed(rank), signed(limit as u64)))
}

/// Envelopes that wait or are set aside, without their bytes being applied, in order of arrival, at most `limit`.
pub fn not_applied(connection: &Connection, limit: usize) -> Result<Vec<Kept>, StoreError> {
    all(connection, "WHERE standing <> 0 AND standing <> 3 ORDER BY standing, rank LIMIT ?1", [signed(limit as u64)])
}

/// The envelopes of a document that stay sealed, in order of arrival.
pub fn closed_of(connection: &Connection, document: DocumentId) -> Result<Vec<Kept>, StoreError> {
    all(connection, "WHERE document = ?1 AND standing = 3 AND chained = 1 ORDER BY rank", [&document.0])
}

/// Envelopes after `rank`, in order of arrival, at most `limit`: pages through all of them.
pub fn page_after(connection: &Connection, rank: u64, limit: usize) -> Result<Vec<Kept>, StoreError> {
    all(connection, "WHERE rank > ?1 ORDER BY rank LIMIT ?2", (signed(rank), signed(limit as u64)))
}

/// Where the envelopes of a document stand in their authors' chains, at most `limit` of them.
pub fn places_of_document(
    connection: &Connection,
    document: DocumentId,
    limit: usize,
) -> Result<Vec<(EnvelopeId, DeviceId, ZoneSeq)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, author, zseq FROM envelopes WHERE document = ?1 AND chained = 1 ORDER BY rank LIMIT ?2",
    )?;
    let mut rows = statement.query((&document.0, signed(limit as u64)))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (id, author): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
        let zseq = ZoneSeq(unsigned(row.get(2)?));
        found.push((EnvelopeId(fixed(&id, "envelopes")?), DeviceId(fixed(&author, "envelopes")?), zseq));
    }
    Ok(found)
}

/// When work of an author last came, in one zone or in any.
pub fn last_arrived(
    connection: &Connection,
    author: DeviceId,
    zone: Option<ZoneId>,
) -> Result<Option<Millis>, StoreError> {
    let found: Option<i64> = match zone {
        Some(zone) => connection
            .prepare_cached("SELECT max(arrived) FROM envelopes WHERE zone = ?1 AND author = ?2")?
            .query_row((&zone.0, &author.0), |row| row.get(0))?,
        None => connection
            .prepare_cached("SELECT max(arrived) FROM envelopes WHERE author = ?1")?
            .query_row([&author.0], |row| row.get(0))?,
    };
    Ok(found.map(|at| Millis(unsigned(at))))
}

/// The first envelope of a zone that is in its document.
pub fn first_applied_of_zone(connection: &Connection, zone: ZoneId) -> Result<Option<Kept>, StoreError> {
    Ok(all(connection, "WHERE zone = ?1 AND standing = 0 AND chained = 1 ORDER BY rank LIMIT 1", [&zone.0])?.pop())
}

/// How many envelopes are kept.
pub fn count(connection: &Connection) -> Result<u64, StoreError> {
    Ok(unsigned(connection.prepare_cached("SELECT count(*) FROM envelopes")?.query_row([], |row| row.get(0))?))
}

/// How many envelopes wait, and how many are set aside.
pub fn count_not_applied(connection: &Connection) -> Result<(u64, u64), StoreError> {
    let count = |standing: i64| -> Result<u64, StoreError> {
        let sql = "SELECT count(*) FROM envelopes WHERE standing = ?1 AND standing <> 0";
        Ok(unsigned(connection.prepare_cached(sql)?.query_row([standing], |row| row.get(0))?))
    };
    Ok((count(1)?, count(2)?))
}

/// An envelope of a chain, without what it holds.
#[derive(Clone, Debug)]
pub struct Link {
    /// Its id.
    pub id: EnvelopeId,
    /// Its document.
    pub document: DocumentId,
    /// What has become of it.
    pub standing: Standing,
    /// Whether it has its place in the chain.
    pub chained: Chained,
    /// The front of it.
    pub header: Vec<u8>,
    /// Whether what it holds is here, too.
    pub is_whole: bool,
}

/// Everything of an author in a zone, in the order of its counters.
pub fn of_chain(connection: &Connection, zone: ZoneId, author: DeviceId) -> Result<Vec<Link>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT id, document, standing, reason, chained, substr(bytes, 1, ?3), length(bytes) > ?3 FROM envelopes
         WHERE zone = ?1 AND author = ?2 ORDER BY zseq, rank",
    )?;
    let mut rows = statement.query((&zone.0, &author.0, signed(HEADER_BYTES as u64)))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let blob = |at| row.get_ref(at)?.as_blob().map_err(|_| StoreError::Damaged { table: "envelopes" });
        found.push(Link {
            id: EnvelopeId(fixed(blob(0)?, "envelopes")?),
            document: DocumentId(fixed(blob(1)?, "envelopes")?),
            standing: Standing::from_columns(row.get(2)?, row.get(3)?)?,
            chained: if row.get::<_, i64>(4)? == 1 { Chained::Yes } else { Chained::No },
            header: blob(5)?.to_vec(),
            is_whole: row.get(6)?,
        });
    }
    Ok(found)
}

/// Everything of a document in a zone, in order of arrival.
pub fn of_document(connection: &Connection, zone: ZoneId, document: DocumentId) -> Result<Vec<Kept>, StoreError> {
    all(connection, "WHERE document = ?1 AND zone = ?2 ORDER BY rank", (&document.0, &zone.0))
}

/// Who has written to a document.
pub fn authors_of(connection: &Connection, zone: ZoneId, document: DocumentId) -> Result<Vec<DeviceId>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT DISTINCT author FROM envelopes WHERE document = ?1 AND zone = ?2 ORDER BY author")?;
    let mut rows = statement.query((&document.0, &zone.0))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let author: Vec<u8> = row.get(0)?;
        found.push(DeviceId(fixed(&author, "envelopes")?));
    }
    Ok(found)
}

/// Whether an envelope is set aside because another one has its place.
pub fn is_fork(connection: &Connection, id: EnvelopeId) -> Result<bool, StoreError> {
    let (standing, reason) = Standing::SetAside(SetAside::Fork).to_columns();
    Ok(connection
        .prepare_cached("SELECT 1 FROM envelopes WHERE id = ?1 AND standing = ?2 AND reason = ?3")?
        .exists((&id.0, standing, reason))?)
}

/// Whether something with this counter was decided on without a place in its author's chain: taken in, or erased. What waits for
/// its place is tried again anyway.
pub fn is_beside(connection: &Connection, zone: ZoneId, author: DeviceId, zseq: ZoneSeq) -> Result<bool, StoreError> {
    let (waits, ahead) = Standing::Waits(Wait::LogAhead).to_columns();
    let (_, gap) = Standing::Waits(Wait::ChainGap).to_columns();
    let (set_aside, fork) = Standing::SetAside(SetAside::Fork).to_columns();
    Ok(connection
        .prepare_cached(
            "SELECT 1 FROM envelopes WHERE zone = ?1 AND author = ?2 AND zseq = ?3 AND chained = 0
             AND NOT (standing = ?4 AND reason IN (?5, ?6)) AND NOT (standing = ?7 AND reason = ?8)",
        )?
        .exists((&zone.0, &author.0, signed(zseq.0), waits, ahead, gap, set_aside, fork))?)
}

/// Whether changes of any document were refused by it.
pub fn has_any_refused_changes(connection: &Connection) -> Result<bool, StoreError> {
    let (standing, reason) = Standing::SetAside(SetAside::Changes).to_columns();
    Ok(connection
        .prepare_cached("SELECT 1 FROM envelopes WHERE standing = ?1 AND standing <> 0 AND reason = ?2")?
        .exists((standing, reason))?)
}

/// Whether changes of a document were refused by it: which of several it takes must not hang on what came first.
pub fn has_refused_changes(connection: &Connection, document: DocumentId) -> Result<bool, StoreError> {
    let (standing, reason) = Standing::SetAside(SetAside::Changes).to_columns();
    Ok(connection
        .prepare_cached("SELECT 1 FROM envelopes WHERE document = ?1 AND standing = ?2 AND reason = ?3")?
        .exists((&document.0, standing, reason))?)
}

/// Says anew what has become of an envelope.
pub fn set_standing(transaction: &Transaction<'_>, id: EnvelopeId, standing: Standing) -> Result<(), StoreError> {
    let (standing, reason) = standing.to_columns();
    transaction
        .prepare_cached("UPDATE envelopes SET standing = ?2, reason = ?3 WHERE id = ?1")?
        .execute((&id.0, standing, reason))?;
    Ok(())
}

/// Gives an envelope its place in the chain, or takes it away.
pub fn set_chained(transaction: &Transaction<'_>, id: EnvelopeId, chained: Chained) -> Result<(), StoreError> {
    transaction
        .prepare_cached("UPDATE envelopes SET chained = ?2 WHERE id = ?1")?
        .execute((&id.0, i64::from(chained == Chained::Yes)))?;
    Ok(())
}

/// Erases what an envelope holds. Its header stays.
pub fn erase(transaction: &Transaction<'_>, id: EnvelopeId) -> Result<(), StoreError> {
    transaction
        .prepare_cached("UPDATE envelopes SET bytes = substr(bytes, 1, ?2) WHERE id = ?1")?
        .execute((&id.0, signed(HEADER_BYTES as u64)))?;
    Ok(())
}

/// Envelopes that are set aside for one of these reasons, in order of arrival, at most `limit`.
pub fn set_aside(connection: &Connection, why: SetAside, limit: usize) -> Result<Vec<Kept>, StoreError> {
    let (standing, reason) = Standing::SetAside(why).to_columns();
    all(
        connection,
        "WHERE standing = ?1 AND standing <> 0 AND reason = ?2 ORDER BY rank LIMIT ?3",
        (standing, reason, signed(limit as u64)),
    )
}

/// Where an envelope that was erased had its place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ErasedPlace {
    /// The envelope.
    pub id: EnvelopeId,
    /// Its zone.
    pub zone: ZoneId,
    /// Its document.
    pub document: DocumentId,
    /// Who wrote it.
    pub author: DeviceId,
    /// Its author's counter.
    pub zseq: ZoneSeq,
    /// When it came.
    pub arrived: Millis,
}

/// Envelopes in chains that were erased, in order of arrival.
pub fn erased_places(connection: &Connection) -> Result<Vec<ErasedPlace>, StoreError> {
    let (standing, reason) = Standing::SetAside(SetAside::Erased).to_columns();
    let mut statement = connection.prepare_cached(
        "SELECT id, zone, document, author, zseq, arrived FROM envelopes
         WHERE standing = ?1 AND standing <> 0 AND reason = ?2 AND chained = 1 ORDER BY rank",
    )?;
    let mut rows = statement.query((standing, reason))?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let blob = |at| row.get_ref(at)?.as_blob().map_err(|_| StoreError::Damaged { table: "envelopes" });
        found.push(ErasedPlace {
            id: EnvelopeId(fixed(blob(0)?, "envelopes")?),
            zone: ZoneId(fixed(blob(1)?, "envelopes")?),
            document: DocumentId(fixed(blob(2)?, "envelopes")?),
            author: DeviceId(fixed(blob(3)?, "envelopes")?),
            zseq: ZoneSeq(unsigned(row.get(4)?)),
            arrived: Millis(unsigned(row.get(5)?)),
        });
    }
    Ok(found)
}

/// The tail of an author in a zone.
pub fn tail(connection: &Connection, zone: ZoneId, author: DeviceId) -> Result<Option<Tail>, StoreError> {
    let found: Option<(i64, Vec<u8>)> = connection
        .prepare_cached("SELECT zseq, envelope FROM authors WHERE zone = ?1 AND author = ?2")?
        .query_row((&zone.0, &author.0), |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    found
        .map(|(zseq, id)| Ok(Tail { zseq: ZoneSeq(unsigned(zseq)), envelope: EnvelopeId(fixed(&id, "authors")?) }))
        .transpose()
}

/// Moves the tail of an author in a zone.
pub fn set_tail(transaction: &Transaction<'_>, zone: ZoneId, author: DeviceId, tail: Tail) -> Result<(), StoreError> {
    transaction
        .prepare_cached(
            "INSERT INTO authors (zone, author, zseq, envelope) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT (zone, author) DO UPDATE SET zseq = ?3, envelope = ?4",
        )?
        .execute((&zone.0, &author.0, signed(tail.zseq.0), &tail.envelope.0))?;
    Ok(())
}

/// Every tail.
pub fn tails(connection: &Connection) -> Result<Tails, StoreError> {
    let mut statement = connection.prepare_cached("SELECT zone, author, zseq, envelope FROM authors")?;
    let mut rows = statement.query([])?;
    let mut tails = Tails::new();
    while let Some(row) = rows.next()? {
        let blob = |at| row.get_ref(at)?.as_blob().map_err(|_| StoreError::Damaged { table: "authors" });
        let slot = (ZoneId(fixed(blob(0)?, "authors")?), DeviceId(fixed(blob(1)?, "authors")?));
        let envelope = EnvelopeId(fixed(blob(3)?, "authors")?);
        tails.insert(slot, Tail { zseq: ZoneSeq(unsigned(row.get(2)?)), envelope });
    }
    Ok(tails)
}
