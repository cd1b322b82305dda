//! Writes a partnership to a file, from one moment of a store that a server may be using.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use doorstep_protocol::feed::FeedPoint;
use doorstep_protocol::wire::frame::Remainder;
use doorstep_protocol::{DeviceId, FeedHead, FeedNumber, InboxNumber, LogSize, PartnershipId, ZoneId};
use rusqlite::{OpenFlags, Transaction, params};

use super::{CarryError, Record, Recorder};
use crate::store::sqlite::{feed, inbox, log, schema};
use crate::store::{FeedItem, FeedRange, InboxReader, PageBytes, Receipts, StoreError};

/// Read at once.
const PAGE: PageBytes = PageBytes { enough: 1024 * 1024, most: 4 * 1024 * 1024 };
/// No device has this id, so that no envelope is left out as the reader's own.
const NOBODY: DeviceId = DeviceId([0; 16]);

/// What was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Exported {
    /// Entries of the log.
    pub entries: u64,
    /// Envelopes, erased ones too.
    pub envelopes: u64,
    /// Bytes of envelopes.
    pub envelope_bytes: u64,
}

/// Writes a partnership of the store at `database` to `target`.
///
/// # Errors
/// [`CarryError`]; the target is then removed.
pub fn export(database: &Path, partnership: PartnershipId, target: &Path) -> Result<Exported, CarryError> {
    let io = |error| CarryError::Io { path: target.to_owned(), error };
    if target.exists() {
        return Err(CarryError::Exists(target.to_owned()));
    }
    let mut connection = rusqlite::Connection::open_with_flags(database, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    schema::set_pragmas(&connection)?;
    schema::prepare_existing(&connection)?;
    let tx = connection.transaction()?;
    let Some(row) = log::find(&tx, partnership)? else {
        let there: Vec<String> = log::partnerships(&tx)?.iter().map(PartnershipId::to_string).collect();
        return Err(CarryError::NotHere(partnership, there.join(", ")));
    };
    let written = File::create_new(target).map_err(io).and_then(|file| {
        let mut out = Recorder::begin(BufWriter::new(file)).map_err(io)?;
        let done = write(&tx, partnership, &row, &mut |record| out.put(&record).map_err(io))?;
        let file = out.end().map_err(io)?.into_inner().map_err(|error| io(error.into_error()))?;
        file.sync_all().map_err(io)?;
        Ok(done)
    });
    if written.is_err() {
        // Half a file would be refused, and is in the way.
        let _gone = std::fs::remove_file(target);
    }
    written
}

type Put<'a> = dyn FnMut(Record) -> Result<(), CarryError> + 'a;

fn write(
    tx: &Transaction<'_>,
    partnership: PartnershipId,
    row: &log::PartnershipRow,
    put: &mut Put<'_>,
) -> Result<Exported, CarryError> {
    let mut done = Exported::default();
    put(Record::Head { partnership, size: row.size, head: row.head })?;
    let mut after = LogSize(0);
    while after < row.size {
        let page = log::page(tx, partnership, after, PAGE)?;
        if page.is_empty() {
            return Err(StoreError::Damaged { what: "a log entry is missing" }.into());
        }
        for entry in page {
            after = after.next();
            done.entries += 1;
            put(Record::Entry(entry))?;
        }
    }
    let mut wraps = tx.prepare("SELECT seq, wrap FROM team_wrap WHERE partnership = ?1 ORDER BY seq, device")?;
    let mut rows = wraps.query(params![row.n])?;
    while let Some(wrap) = rows.next()? {
        put(Record::Wrap { seq: LogSize(wrap.get(0)?), wrap: wrap.get(1)? })?;
    }
    let mut feeds = tx.prepare("SELECT zone, number, head FROM feed WHERE partnership = ?1 ORDER BY zone")?;
    let mut rows = feeds.query(params![row.n])?;
    while let Some(found) = rows.next()? {
        let zone = ZoneId(found.get(0)?);
        let end = FeedPoint { number: FeedNumber(found.get(1)?), head: FeedHead(found.get(2)?) };
        put(Record::Feed { zone, end })?;
        write_feed(tx, partnership, FeedRange { zone, after: FeedNumber(0), through: end.number }, put, &mut done)?;
    }
    let zones = log_zones(tx, row.n)?;
    let reader = InboxReader { zones, receipts: Receipts::Shown };
    let mut after = InboxNumber(0);
    loop {
        let (items, more) = inbox::page(tx, partnership, after, &reader, PAGE)?;
        for item in items {
            after = item.number;
            put(Record::Item(item))?;
        }
        if more == Remainder::Nothing {
            return Ok(done);
        }
    }
}

fn write_feed(
    tx: &Transaction<'_>,
    partnership: PartnershipId,
    mut range: FeedRange,
    put: &mut Put<'_>,
    done: &mut Exported,
) -> Result<(), CarryError> {
    while range.after < range.through {
        let page = feed::page(tx, partnership, range, NOBODY, PAGE)?;
        if page.is_empty() {
            return Err(StoreError::Damaged { what: "a number of a feed is missing" }.into());
        }
        for item in page {
            range.after = range.after.next();
            done.envelopes += 1;
            match item {
                FeedItem::Envelope(bytes) => {
                    done.envelope_bytes += bytes.len() as u64;
                    put(Record::Envelope(bytes))?;
                }
                FeedItem::Gone(id) | FeedItem::Own(id) => put(Record::Gone(id))?,
            }
        }
    }
    Ok(())
}

/// The zones of everything in the inbox.
fn log_zones(tx: &Transaction<'_>, partnership: i64) -> Result<std::collections::BTreeSet<ZoneId>, CarryError> {
    let mut statement = tx.prepare("SELECT DISTINCT zone FROM inbox WHERE partnership = ?1 AND zone IS NOT NULL")?;
    let zones = statement.query_map(params![partnership], |row| Ok(ZoneId(row.get(0)?)))?;
    Ok(zones.collect::<Result<_, _>>()?)
}
