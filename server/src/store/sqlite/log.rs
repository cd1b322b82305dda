//! The authority logs and the wraps delivered beside them.

use doorstep_protocol::authority::SignedEntry;
use doorstep_protocol::{DeviceId, LogHash, LogSize, PartnershipId, cbor, limits};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::domain::append::CheckedAppend;
use crate::store::{AppendOutcome, BringRule, DeviceWrap, PageBytes, StoreError};

use super::erase;

/// A partnership's row.
pub(super) struct PartnershipRow {
    /// Its number in this store.
    pub(super) n: i64,
    pub(super) size: LogSize,
    pub(super) head: LogHash,
    pub(super) used_bytes: u64,
}

pub(super) fn find(connection: &Connection, partnership: PartnershipId) -> Result<Option<PartnershipRow>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT n, log_size, log_head, used_bytes FROM partnership WHERE id = ?1")?;
    let row = statement
        .query_row(params![partnership.0], |row| {
            Ok(PartnershipRow {
                n: row.get(0)?,
                size: LogSize(row.get(1)?),
                head: LogHash(row.get(2)?),
                used_bytes: row.get(3)?,
            })
        })
        .optional()?;
    Ok(row)
}

/// The partnerships that are here, in the order of their ids.
pub(super) fn partnerships(tx: &Transaction<'_>) -> Result<Vec<PartnershipId>, StoreError> {
    let mut statement = tx.prepare("SELECT id FROM partnership ORDER BY id")?;
    let rows = statement.query_map([], |row| Ok(PartnershipId(row.get(0)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn append(tx: &Transaction<'_>, append: &CheckedAppend) -> Result<AppendOutcome, StoreError> {
    let row = find(tx, append.partnership())?;
    let there = row.as_ref().map_or((LogSize(0), LogHash::ZERO), |row| (row.size, row.head));
    if there != (append.base_size(), append.base_head()) {
        return Ok(AppendOutcome::Moved);
    }
    let n = match row {
        Some(row) => row.n,
        None => {
            let others: i64 = tx.query_row("SELECT count(*) FROM partnership", [], |row| row.get(0))?;
            if *append.bring() == BringRule::First && others > 0 {
                return Ok(AppendOutcome::NotTaken);
            }
            tx.execute(
                "INSERT INTO partnership (id, log_size, log_head, used_bytes) VALUES (?1, 0, ?2, 0)",
                params![append.partnership().0, LogHash::ZERO.0],
            )?;
            tx.last_insert_rowid()
        }
    };
    for (seq, erase) in append.erasures() {
        if let Some(envelope) = erase::misnamed(tx, n, erase)? {
            return Ok(AppendOutcome::Misnamed { seq: *seq, envelope });
        }
    }
    let mut insert = tx.prepare_cached("INSERT INTO log_entry (partnership, seq, entry) VALUES (?1, ?2, ?3)")?;
    for (entry, seq) in append.entries().iter().zip(append.base_size().0 + 1..) {
        insert.execute(params![n, seq, cbor::encode(entry)])?;
    }
    let mut insert =
        tx.prepare_cached("INSERT OR IGNORE INTO team_wrap (partnership, device, seq, wrap) VALUES (?1, ?2, ?3, ?4)")?;
    for wrap in append.wraps() {
        insert.execute(params![n, wrap.device.0, wrap.seq.0, wrap.wrap])?;
    }
    let mut freed = erase::Freed::default();
    for (_, erase) in append.erasures() {
        let more = erase::blank(tx, (n, append.partnership()), erase)?;
        freed.feed_bytes += more.feed_bytes;
        freed.inbox_bytes += more.inbox_bytes;
        freed.part_bytes += more.part_bytes;
    }
    if freed.feed_bytes > 0 {
        tx.prepare_cached("UPDATE partnership SET used_bytes = max(used_bytes - ?2, 0) WHERE n = ?1")?
            .execute(params![n, freed.feed_bytes])?;
    }
    tx.prepare_cached("UPDATE partnership SET log_size = ?2, log_head = ?3 WHERE n = ?1")?.execute(params![
        n,
        append.size().0,
        append.head().0
    ])?;
    Ok(AppendOutcome::Appended { freed_bytes: freed.feed_bytes + freed.inbox_bytes + freed.part_bytes })
}

pub(super) fn page(
    tx: &Transaction<'_>,
    partnership: PartnershipId,
    after: LogSize,
    bytes: PageBytes,
) -> Result<Vec<SignedEntry>, StoreError> {
    let Some(PartnershipRow { n, .. }) = find(tx, partnership)? else { return Ok(Vec::new()) };
    let mut statement =
        tx.prepare_cached("SELECT seq, entry FROM log_entry WHERE partnership = ?1 AND seq > ?2 ORDER BY seq")?;
    let mut rows = statement.query(params![n, after.0])?;
    let mut entries = Vec::new();
    let (mut filled, mut expected) = (0, after);
    while let Some(row) = rows.next()? {
        expected = expected.next();
        if row.get::<_, u64>(0)? != expected.0 {
            return Err(StoreError::Damaged { what: "a log entry is missing" });
        }
        let entry = row.get_ref(1)?.as_blob().map_err(rusqlite::Error::from)?;
        filled += entry.len();
        if filled > bytes.most {
            break;
        }
        let entry = cbor::decode("log entry", entry, limits::FRAME_BYTES_MAX)
            .map_err(|_| StoreError::Damaged { what: "a log entry does not decode" })?;
        entries.push(entry);
        if filled >= bytes.enough {
            break;
        }
    }
    Ok(entries)
}

pub(super) fn wraps(
    tx: &Transaction<'_>,
    partnership: PartnershipId,
    device: DeviceId,
    (after, through): (LogSize, LogSize),
    count_max: usize,
) -> Result<Vec<DeviceWrap>, StoreError> {
    let Some(PartnershipRow { n, .. }) = find(tx, partnership)? else { return Ok(Vec::new()) };
    let mut statement = tx.prepare_cached(
        "SELECT seq, wrap FROM team_wrap
         WHERE partnership = ?1 AND device = ?2 AND seq > ?3 AND seq <= ?4 ORDER BY seq LIMIT ?5",
    )?;
    let count_max = i64::try_from(count_max).unwrap_or(i64::MAX);
    let rows = statement.query_map(params![n, device.0, after.0, through.0, count_max], |row| {
        Ok(DeviceWrap { device, seq: LogSize(row.get(0)?), wrap: row.get(1)? })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
