//! Which documents claim which sealed parts, and which parts are here. The parts themselves are files.

use doorstep_protocol::{BlobId, DocumentId, PartnershipId, ZoneId, limits};
use rusqlite::{OptionalExtension, Transaction, params};

use super::log;
use crate::store::{ClaimJob, ClaimLimit, ClaimOutcome, PartJob, PartOutcome, PartStanding, StoreError};

/// Since version 3. `part.bytes` is null until the part has come; `part_gone` lists files to be taken away.
pub(super) const TABLES: &str = "
CREATE TABLE part (
    partnership INTEGER NOT NULL,
    id BLOB NOT NULL,
    bytes INTEGER,
    since INTEGER NOT NULL,
    PRIMARY KEY (partnership, id)
) WITHOUT ROWID;
CREATE INDEX part_awaited ON part (partnership, since) WHERE bytes IS NULL;
CREATE TABLE claim (
    partnership INTEGER NOT NULL,
    part BLOB NOT NULL,
    zone BLOB NOT NULL,
    document BLOB NOT NULL,
    PRIMARY KEY (partnership, part, zone, document)
) WITHOUT ROWID;
CREATE INDEX claim_by_document ON claim (partnership, zone, document);
CREATE TABLE part_use (
    partnership INTEGER PRIMARY KEY,
    bytes INTEGER NOT NULL,
    awaited INTEGER NOT NULL
);
CREATE TABLE part_gone (
    partnership BLOB NOT NULL,
    id BLOB NOT NULL,
    PRIMARY KEY (partnership, id)
) WITHOUT ROWID;
";

/// Claims that lapse in one transaction.
const LAPSED_AT_ONCE_MAX: usize = 4_096;

#[derive(Clone, Copy, Default)]
struct Use {
    bytes: u64,
    awaited: u64,
}

fn used(tx: &Transaction<'_>, partnership: i64) -> Result<Use, StoreError> {
    let row = tx
        .prepare_cached("SELECT bytes, awaited FROM part_use WHERE partnership = ?1")?
        .query_row(params![partnership], |row| Ok(Use { bytes: row.get(0)?, awaited: row.get(1)? }))
        .optional()?;
    Ok(row.unwrap_or_default())
}

fn set_used(tx: &Transaction<'_>, partnership: i64, now: Use) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT OR REPLACE INTO part_use (partnership, bytes, awaited) VALUES (?1, ?2, ?3)")?
        .execute(params![partnership, now.bytes, now.awaited])?;
    Ok(())
}

/// Writes all claims, or none when a limit is reached.
pub(super) fn claim(tx: &Transaction<'_>, job: &ClaimJob) -> Result<ClaimOutcome, StoreError> {
    let Some(row) = log::find(tx, job.partnership)?.filter(|row| row.size == job.log_size) else {
        return Ok(ClaimOutcome::LogMoved);
    };
    let mut now = used(tx, row.n)?;
    lapse(tx, row.n, job.now.0.saturating_sub(limits::CLAIM_WAITS_MS_MAX), &mut now)?;
    if let Some(limit) = over(tx, row.n, job, now)? {
        set_used(tx, row.n, now)?;
        return Ok(ClaimOutcome::Full(limit));
    }
    let mut missing = std::collections::BTreeSet::new();
    let mut here = std::collections::BTreeSet::new();
    let mut insert =
        tx.prepare_cached("INSERT OR IGNORE INTO claim (partnership, part, zone, document) VALUES (?1, ?2, ?3, ?4)")?;
    let mut renew = tx.prepare_cached(
        "UPDATE part SET since = ?3 WHERE partnership = ?1 AND id = ?2 AND bytes IS NULL RETURNING 1",
    )?;
    let mut await_it =
        tx.prepare_cached("INSERT OR IGNORE INTO part (partnership, id, bytes, since) VALUES (?1, ?2, NULL, ?3)")?;
    for claim in &job.claims {
        for blob in &claim.blobs {
            insert.execute(params![row.n, blob.0, claim.zone.0, claim.document.0])?;
            if await_it.execute(params![row.n, blob.0, job.now.0])? > 0 {
                now.awaited += 1;
                missing.insert(*blob);
            } else if renew.query_row(params![row.n, blob.0, job.now.0], |_| Ok(())).optional()?.is_some() {
                missing.insert(*blob);
            } else {
                here.insert(*blob);
            }
        }
    }
    set_used(tx, row.n, now)?;
    Ok(ClaimOutcome::Claimed { missing: missing.into_iter().collect(), here: here.into_iter().collect() })
}

/// The limit that the claims would break, counted as if none of them were known.
fn over(tx: &Transaction<'_>, n: i64, job: &ClaimJob, now: Use) -> Result<Option<ClaimLimit>, StoreError> {
    let all: u64 = job.claims.iter().map(|claim| claim.blobs.len() as u64).sum();
    if now.awaited + all > limits::AWAITED_BLOBS_MAX {
        return Ok(Some(ClaimLimit::Awaited));
    }
    let mut count =
        tx.prepare_cached("SELECT count(*) FROM claim WHERE partnership = ?1 AND zone = ?2 AND document = ?3")?;
    let mut by_document = std::collections::BTreeMap::<(ZoneId, DocumentId), u64>::new();
    for claim in &job.claims {
        *by_document.entry((claim.zone, claim.document)).or_default() += claim.blobs.len() as u64;
    }
    for ((zone, document), more) in by_document {
        let held: u64 = count.query_row(params![n, zone.0, document.0], |row| row.get(0))?;
        if held + more > limits::DOCUMENT_BLOBS_MAX {
            return Ok(Some(ClaimLimit::Document));
        }
    }
    Ok(None)
}

/// Takes away claims whose part did not come.
fn lapse(tx: &Transaction<'_>, n: i64, before: u64, now: &mut Use) -> Result<(), StoreError> {
    let mut old = tx.prepare_cached(
        "SELECT id FROM part WHERE partnership = ?1 AND bytes IS NULL AND since < ?2 ORDER BY since LIMIT ?3",
    )?;
    let ids = old
        .query_map(params![n, before, LAPSED_AT_ONCE_MAX], |row| row.get::<_, [u8; 32]>(0))?
        .collect::<Result<Vec<_>, _>>()?;
    for id in ids {
        tx.prepare_cached("DELETE FROM claim WHERE partnership = ?1 AND part = ?2")?.execute(params![n, id])?;
        tx.prepare_cached("DELETE FROM part WHERE partnership = ?1 AND id = ?2")?.execute(params![n, id])?;
        now.awaited = now.awaited.saturating_sub(1);
    }
    Ok(())
}

/// How a part stands; nothing when nobody claims it.
pub(super) fn standing(
    tx: &Transaction<'_>,
    partnership: PartnershipId,
    id: BlobId,
) -> Result<Option<PartStanding>, StoreError> {
    let Some(row) = log::find(tx, partnership)? else { return Ok(None) };
    let bytes: Option<Option<u64>> = tx
        .prepare_cached("SELECT bytes FROM part WHERE partnership = ?1 AND id = ?2")?
        .query_row(params![row.n, id.0], |row| row.get(0))
        .optional()?;
    let Some(held_bytes) = bytes else { return Ok(None) };
    let mut zones = tx.prepare_cached("SELECT DISTINCT zone FROM claim WHERE partnership = ?1 AND part = ?2")?;
    let zones = zones.query_map(params![row.n, id.0], |row| Ok(ZoneId(row.get(0)?)))?.collect::<Result<_, _>>()?;
    Ok(Some(PartStanding { zones, held_bytes, used_bytes: used(tx, row.n)?.bytes }))
}

/// Counts a part whose file is durable.
pub(super) fn keep(tx: &Transaction<'_>, job: &PartJob) -> Result<PartOutcome, StoreError> {
    let Some(row) = log::find(tx, job.partnership)? else { return Ok(PartOutcome::Unclaimed) };
    let known: Option<Option<u64>> = tx
        .prepare_cached("SELECT bytes FROM part WHERE partnership = ?1 AND id = ?2")?
        .query_row(params![row.n, job.part.0], |row| row.get(0))
        .optional()?;
    let mut now = used(tx, row.n)?;
    let outcome = match known {
        None => PartOutcome::Unclaimed,
        Some(Some(_)) => PartOutcome::Kept,
        Some(None) if now.bytes.saturating_add(job.bytes) > job.quota_bytes => PartOutcome::Full,
        Some(None) => {
            tx.prepare_cached("UPDATE part SET bytes = ?3 WHERE partnership = ?1 AND id = ?2")?
                .execute(params![row.n, job.part.0, job.bytes])?;
            now.bytes += job.bytes;
            now.awaited = now.awaited.saturating_sub(1);
            set_used(tx, row.n, now)?;
            PartOutcome::Kept
        }
    };
    if outcome != PartOutcome::Kept {
        gone(tx, job.partnership, job.part)?;
    }
    Ok(outcome)
}

/// Frees what only this document claims, and says how many bytes that are.
pub(super) fn free(
    tx: &Transaction<'_>,
    n: i64,
    partnership: PartnershipId,
    zone: ZoneId,
    document: DocumentId,
) -> Result<u64, StoreError> {
    let mut claimed =
        tx.prepare_cached("DELETE FROM claim WHERE partnership = ?1 AND zone = ?2 AND document = ?3 RETURNING part")?;
    let parts = claimed
        .query_map(params![n, zone.0, document.0], |row| row.get::<_, [u8; 32]>(0))?
        .collect::<Result<Vec<_>, _>>()?;
    let mut now = used(tx, n)?;
    let mut freed_bytes = 0;
    for id in parts {
        let is_claimed: bool = tx
            .prepare_cached("SELECT EXISTS (SELECT 1 FROM claim WHERE partnership = ?1 AND part = ?2)")?
            .query_row(params![n, id], |row| row.get(0))?;
        if is_claimed {
            continue;
        }
        let bytes: Option<Option<u64>> = tx
            .prepare_cached("DELETE FROM part WHERE partnership = ?1 AND id = ?2 RETURNING bytes")?
            .query_row(params![n, id], |row| row.get(0))
            .optional()?;
        match bytes {
            Some(Some(bytes)) => {
                freed_bytes += bytes;
                gone(tx, partnership, BlobId(id))?;
            }
            Some(None) => now.awaited = now.awaited.saturating_sub(1),
            None => {}
        }
    }
    now.bytes = now.bytes.saturating_sub(freed_bytes);
    set_used(tx, n, now)?;
    Ok(freed_bytes)
}

fn gone(tx: &Transaction<'_>, partnership: PartnershipId, id: BlobId) -> Result<(), StoreError> {
    tx.prepare_cached("INSERT OR IGNORE INTO part_gone (partnership, id) VALUES (?1, ?2)")?
        .execute(params![partnership.0, id.0])?;
    Ok(())
}

/// Files to be taken away.
pub(super) fn all_gone(tx: &Transaction<'_>, count_max: usize) -> Result<Vec<(PartnershipId, BlobId)>, StoreError> {
    let mut statement = tx.prepare_cached("SELECT partnership, id FROM part_gone LIMIT ?1")?;
    let rows = statement.query_map(params![count_max], |row| Ok((PartnershipId(row.get(0)?), BlobId(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Files that were taken away.
pub(super) fn forget(tx: &Transaction<'_>, parts: &[(PartnershipId, BlobId)]) -> Result<(), StoreError> {
    let mut statement = tx.prepare_cached("DELETE FROM part_gone WHERE partnership = ?1 AND id = ?2")?;
    for (partnership, id) in parts {
        statement.execute(params![partnership.0, id.0])?;
    }
    Ok(())
}
