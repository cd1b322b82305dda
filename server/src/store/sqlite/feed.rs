//! The feeds: what a push reads, decides and writes in its transaction, and pages for readers.

use std::collections::BTreeMap;

use doorstep_protocol::feed::FeedPoint;
use doorstep_protocol::{DeviceId, EnvelopeId, FeedHead, FeedNumber, PartnershipId, ZoneId, ZoneSeq};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::domain::push::{self, ChainPlace, PushFacts, PushPlan};
use crate::store::{FeedItem, FeedRange, PageBytes, PushJob, PushOutcome, StoreError};

use super::{log, tail};

/// Numbers in one feed stay under this, so that feed and number share one key.
const NUMBERS_PER_FEED: i64 = 1 << 40;

pub(super) fn place(feed: i64, number: FeedNumber) -> Result<i64, StoreError> {
    let number = i64::try_from(number.0).ok().filter(|number| *number < NUMBERS_PER_FEED);
    let place = number.and_then(|number| feed.checked_mul(NUMBERS_PER_FEED)?.checked_add(number));
    place.ok_or(StoreError::Damaged { what: "a feed has more numbers than fit" })
}

pub(super) fn find(
    connection: &Connection,
    partnership: i64,
    zone: ZoneId,
) -> Result<Option<(i64, FeedPoint)>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT n, number, head FROM feed WHERE partnership = ?1 AND zone = ?2")?;
    let row = statement
        .query_row(params![partnership, zone.0], |row| {
            Ok((row.get(0)?, FeedPoint { number: FeedNumber(row.get(1)?), head: FeedHead(row.get(2)?) }))
        })
        .optional()?;
    Ok(row)
}

/// Whether a partnership has any feed.
pub(super) fn any(tx: &Transaction<'_>, partnership: i64) -> Result<bool, StoreError> {
    Ok(tx.prepare_cached("SELECT 1 FROM feed WHERE partnership = ?1")?.exists(params![partnership])?)
}

/// Loads what the request touches, decides, writes.
pub(super) fn push(tx: &Transaction<'_>, job: &PushJob) -> Result<PushOutcome, StoreError> {
    let Some(partnership) = log::find(tx, job.partnership)?.filter(|row| row.size == job.log_size) else {
        return Ok(PushOutcome::LogMoved);
    };
    let (facts, feeds) = load(tx, &partnership, job)?;
    let used_before = facts.used_bytes;
    let plan = push::decide(facts, &job.envelopes, &job.gone, job.quota_bytes);
    if !plan.inserts.is_empty() {
        write(tx, partnership.n, job, &plan, feeds)?;
        tx.prepare_cached("UPDATE partnership SET used_bytes = ?2 WHERE n = ?1")?
            .execute(params![partnership.n, plan.used_bytes])?;
    }
    debug_assert!(plan.used_bytes >= used_before);
    Ok(PushOutcome::Stored { verdicts: plan.verdicts, grown: plan.grown })
}

fn load(
    tx: &Transaction<'_>,
    partnership: &log::PartnershipRow,
    job: &PushJob,
) -> Result<(PushFacts, BTreeMap<ZoneId, i64>), StoreError> {
    let mut facts = PushFacts { used_bytes: partnership.used_bytes, ..PushFacts::default() };
    let mut feeds: BTreeMap<ZoneId, i64> = BTreeMap::new();
    let mut asked = std::collections::BTreeSet::new();
    for envelope in &job.envelopes {
        let header = envelope.header();
        let (zone, author) = (header.zone, header.author);
        if asked.insert((zone, None))
            && let Some((n, point)) = find(tx, partnership.n, zone)?
        {
            feeds.insert(zone, n);
            facts.feeds.insert(zone, point);
        }
        let Some(feed) = feeds.get(&zone).copied() else { continue };
        if asked.insert((zone, Some(author)))
            && let Some(end) = tail::find(tx, partnership.n, author, feed)?
        {
            facts.tails.insert((zone, author), end);
        }
        let tail_seq = facts.tails.get(&(zone, author)).map_or(ZoneSeq(0), |(zseq, _)| *zseq);
        if header.zseq <= tail_seq
            && let Some(there) = standing(tx, feed, author, header.zseq)?
        {
            facts.taken.insert(ChainPlace { zone, author, zseq: header.zseq }, there);
        }
    }
    Ok((facts, feeds))
}

/// What stands at a counter that is not past its author's last.
pub(super) fn standing(
    tx: &Transaction<'_>,
    feed: i64,
    author: DeviceId,
    zseq: ZoneSeq,
) -> Result<Option<(FeedNumber, EnvelopeId)>, StoreError> {
    let run: Option<(u64, u64)> = tx
        .prepare_cached(
            "SELECT zseq, number FROM chain WHERE feed = ?1 AND author = ?2 AND zseq <= ?3 ORDER BY zseq DESC LIMIT 1",
        )?
        .query_row(params![feed, author.0, zseq.0], |row| Ok((row.get(0)?, row.get(1)?)))
        .optional()?;
    let Some((first, number)) = run else { return Ok(None) };
    let number = FeedNumber(number + (zseq.0 - first));
    let id: [u8; 32] = tx
        .prepare_cached("SELECT id FROM envelope WHERE place = ?1")?
        .query_row(params![place(feed, number)?], |row| row.get(0))?;
    Ok(Some((number, EnvelopeId(id))))
}

fn write(
    tx: &Transaction<'_>,
    partnership: i64,
    job: &PushJob,
    plan: &PushPlan,
    mut feeds: BTreeMap<ZoneId, i64>,
) -> Result<(), StoreError> {
    for (zone, point) in &plan.grown {
        match feeds.get(zone) {
            Some(feed) => {
                tx.prepare_cached("UPDATE feed SET number = ?2, head = ?3 WHERE n = ?1")?.execute(params![
                    feed,
                    point.number.0,
                    point.head.0
                ])?;
            }
            None => {
                tx.prepare_cached("INSERT INTO feed (partnership, zone, number, head) VALUES (?1, ?2, ?3, ?4)")?
                    .execute(params![partnership, zone.0, point.number.0, point.head.0])?;
                feeds.insert(*zone, tx.last_insert_rowid());
            }
        }
    }
    let missing = StoreError::Damaged { what: "a feed that grows has no row" };
    let mut envelopes = tx.prepare_cached("INSERT INTO envelope (place, author, id, bytes) VALUES (?1, ?2, ?3, ?4)")?;
    let mut chain = tx.prepare_cached("INSERT INTO chain (feed, author, zseq, number) VALUES (?1, ?2, ?3, ?4)")?;
    let mut runs = BTreeMap::new();
    for insert in &plan.inserts {
        let ChainPlace { zone, author, zseq } = insert.place;
        let Some(feed) = feeds.get(&zone).copied() else { return Err(missing) };
        let bytes = insert.index.map_or(&[][..], |index| job.envelopes[index].as_bytes());
        envelopes.execute(params![place(feed, insert.number)?, author.0, insert.envelope.0, bytes])?;
        // A chain has no gaps, so a run goes on for as long as its counters and the feed's numbers go in step.
        let run = (insert.number.0, zseq.0);
        let before = runs.insert((feed, author), run);
        if before.is_none_or(|(number, zseq)| run != (number + 1, zseq + 1)) {
            chain.execute(params![feed, author.0, zseq.0, insert.number.0])?;
        }
    }
    for ((zone, author), (zseq, envelope)) in &plan.tails {
        let Some(feed) = feeds.get(zone).copied() else { return Err(missing) };
        tail::set(tx, partnership, *author, feed, (*zseq, *envelope))?;
    }
    Ok(())
}

pub(super) fn heads(
    tx: &Transaction<'_>,
    partnership: PartnershipId,
    zones: &[ZoneId],
) -> Result<BTreeMap<ZoneId, FeedPoint>, StoreError> {
    let Some(log::PartnershipRow { n, .. }) = log::find(tx, partnership)? else { return Ok(BTreeMap::new()) };
    let mut heads = BTreeMap::new();
    for zone in zones {
        if let Some((_, point)) = find(tx, n, *zone)? {
            heads.insert(*zone, point);
        }
    }
    Ok(heads)
}

pub(super) fn page(
    tx: &Transaction<'_>,
    partnership: PartnershipId,
    range: FeedRange,
    reader: DeviceId,
    bytes: PageBytes,
) -> Result<Vec<FeedItem>, StoreError> {
    let missing = StoreError::Damaged { what: "a number of a feed is missing" };
    let Some(log::PartnershipRow { n, .. }) = log::find(tx, partnership)? else { return Err(missing) };
    let Some((feed, _)) = find(tx, n, range.zone)? else { return Err(missing) };
    let mut statement = tx.prepare_cached(
        "SELECT place, author, id, bytes, length(bytes) FROM envelope WHERE place > ?1 AND place <= ?2 ORDER BY place",
    )?;
    let mut rows = statement.query(params![place(feed, range.after)?, place(feed, range.through)?])?;
    let mut items = Vec::new();
    let (mut filled, mut number) = (0, range.after);
    while let Some(row) = rows.next()? {
        number = number.next();
        if row.get::<_, i64>(0)? != place(feed, number)? {
            return Err(missing);
        }
        let item = if row.get::<_, i64>(4)? == 0 {
            FeedItem::Gone(EnvelopeId(row.get(2)?))
        } else if row.get::<_, [u8; 16]>(1)? == reader.0 {
            FeedItem::Own(EnvelopeId(row.get(2)?))
        } else {
            let envelope = row.get_ref(3)?.as_blob().map_err(rusqlite::Error::from)?;
            if filled + envelope.len() > bytes.most {
                return Ok(items);
            }
            FeedItem::Envelope(envelope.to_vec())
        };
        filled += match &item {
            FeedItem::Envelope(envelope) => envelope.len(),
            FeedItem::Own(_) | FeedItem::Gone(_) => EnvelopeId::LEN,
        };
        if filled > bytes.most {
            return Ok(items);
        }
        items.push(item);
        if filled >= bytes.enough {
            return Ok(items);
        }
    }
    if number < range.through { Err(missing) } else { Ok(items) }
}
