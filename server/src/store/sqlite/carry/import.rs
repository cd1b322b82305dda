//! Reads a partnership from a file into a new store, believing nothing: the log is replayed, every signature and chain is
//! checked, and the store takes its place only when the file has come to a whole end.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::Path;

use doorstep_protocol::authority::{Authority, Body, Entry, wraps_digest};
use doorstep_protocol::envelope::Envelope;
use doorstep_protocol::feed::FeedPoint;
use doorstep_protocol::wire::{InboxItem, InboxWhat};
use doorstep_protocol::wrap::SealedWrapHeader;
use doorstep_protocol::{
    DeviceId, Digest32, EnvelopeId, LogHash, LogSize, PartnershipId, SignPublic, ZoneId, ZoneSeq, hash,
};
use rusqlite::{Connection, Transaction, params};

use super::{CarryError, Player, Record};
use crate::store::sqlite::{SqliteStore, backup, feed, random_store_id, schema, tail};
use crate::store::{Store, StoreIdentity};

/// What to do with envelopes that their authors did not sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unsigned {
    /// Refuse the file.
    Refused,
    /// Keep them where they are: every reader sets them aside.
    Kept,
}

/// What was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Imported {
    /// The new store.
    pub identity: StoreIdentity,
    /// The partnership.
    pub partnership: PartnershipId,
    /// The key of the server that its log names.
    pub server_key: SignPublic,
    /// Entries of the log.
    pub entries: LogSize,
    /// Envelopes, erased ones too.
    pub envelopes: u64,
}

/// Reads a partnership from `source` into a store at `database`, which must not exist or be empty.
///
/// # Errors
/// [`CarryError`]; the store is then as it was.
pub fn import(source: &Path, database: &Path, unsigned: Unsigned) -> Result<Imported, CarryError> {
    let io = |path: &Path| {
        let path = path.to_owned();
        move |error| CarryError::Io { path, error }
    };
    if database.exists() && !SqliteStore::open(database)?.partnerships()?.is_empty() {
        return Err(CarryError::NotEmpty(database.to_owned()));
    }
    let incoming = backup::beside(database, "importing");
    let sweep = || {
        for suffix in ["", "-wal", "-shm"] {
            let _may_not_be_there = fs::remove_file(backup::with_suffix(&incoming, suffix));
        }
    };
    // What an import that was killed left behind.
    sweep();
    let file = File::open(source).map_err(io(source))?;
    let read = fill(&incoming, Player::begin(BufReader::new(file)), unsigned);
    let imported = match read {
        Ok(imported) => imported,
        Err(error) => {
            sweep();
            return Err(error);
        }
    };
    for suffix in ["-wal", "-shm"] {
        let _of_the_empty_store = fs::remove_file(backup::with_suffix(database, suffix));
    }
    fs::rename(&incoming, database).map_err(io(database))?;
    Ok(imported)
}

fn fill<R: Read>(
    incoming: &Path,
    player: Result<Player<R>, CarryError>,
    unsigned: Unsigned,
) -> Result<Imported, CarryError> {
    let mut player = player?;
    let mut connection = Connection::open(incoming).map_err(CarryError::from)?;
    let identity = schema::prepare(&mut connection, random_store_id()?)?;
    let tx = connection.transaction()?;
    let mut arrival = Arrival::begin(&tx, player.next()?, unsigned)?;
    while let Some(record) = player.next()? {
        arrival.take(record)?;
    }
    let imported = arrival.end(identity)?;
    tx.commit()?;
    // Everything stands in the one file that is put in its place.
    schema::rinse(&connection)?;
    connection.close().map_err(|(_, error)| CarryError::from(error))?;
    Ok(imported)
}

/// A feed that is being read.
struct Feed {
    n: i64,
    zone: ZoneId,
    end: FeedPoint,
    point: FeedPoint,
    tails: BTreeMap<DeviceId, (ZoneSeq, EnvelopeId)>,
}

/// The wraps of one team epoch.
#[derive(Default)]
struct Wraps {
    seq: LogSize,
    wraps: Vec<Vec<u8>>,
}

struct Arrival<'a> {
    tx: &'a Transaction<'a>,
    partnership: PartnershipId,
    size: LogSize,
    head: LogHash,
    log: Option<Authority>,
    /// What the wraps that came with each team epoch must come to.
    wraps_roots: BTreeMap<LogSize, Digest32>,
    wraps: Wraps,
    feed: Option<Feed>,
    used_bytes: u64,
    envelopes: u64,
    unsigned: Unsigned,
    unsigned_found: Option<(u64, DeviceId)>,
}

/// Every store that imports has one partnership.
const N: i64 = 1;

impl<'a> Arrival<'a> {
    fn begin(tx: &'a Transaction<'a>, first: Option<Record>, unsigned: Unsigned) -> Result<Self, CarryError> {
        let Some(Record::Head { partnership, size, head }) = first else {
            return Err(CarryError::Damaged("it does not say whose it is"));
        };
        tx.execute(
            "INSERT INTO partnership (n, id, log_size, log_head, used_bytes) VALUES (?1, ?2, ?3, ?4, 0)",
            params![N, partnership.0, size.0, head.0],
        )?;
        Ok(Self {
            tx,
            partnership,
            size,
            head,
            log: None,
            wraps_roots: BTreeMap::new(),
            wraps: Wraps::default(),
            feed: None,
            used_bytes: 0,
            envelopes: 0,
            unsigned,
            unsigned_found: None,
        })
    }

    fn take(&mut self, record: Record) -> Result<(), CarryError> {
        if let Record::Entry(signed) = record {
            return self.entry(&signed);
        }
        let whole = self.log.as_ref().map(|log| (log.partnership(), log.size(), log.head()));
        if whole != Some((self.partnership, self.size, self.head)) {
            return Err(CarryError::Damaged("its log is not as long as it says, or another's"));
        }
        match record {
            Record::Head { .. } | Record::Entry(_) => Err(CarryError::Damaged("records are out of order")),
            Record::Wrap { seq, wrap } => self.wrap(seq, wrap),
            Record::Feed { zone, end } => {
                self.end_wraps()?;
                self.end_feed()?;
                self.begin_feed(zone, end)
            }
            Record::Envelope(bytes) => self.envelope(bytes),
            Record::Gone(id) => self.gone(id),
            Record::Item(item) => self.item(&item),
        }
    }

    fn log(&self) -> Result<&Authority, CarryError> {
        self.log.as_ref().ok_or(CarryError::Damaged("it has no log"))
    }

    fn entry(&mut self, signed: &doorstep_protocol::authority::SignedEntry) -> Result<(), CarryError> {
        if self.feed.is_some() || !self.wraps.wraps.is_empty() {
            return Err(CarryError::Damaged("records are out of order"));
        }
        match &mut self.log {
            None => self.log = Some(Authority::begin(signed)?),
            Some(log) => log.append(signed)?,
        }
        let seq = self.log()?.size();
        if let Ok(Entry { body: Body::TeamEpoch(epoch), .. }) = Entry::parse(&signed.entry.0) {
            self.wraps_roots.insert(seq, epoch.wraps_root);
        }
        self.tx
            .prepare_cached("INSERT INTO log_entry (partnership, seq, entry) VALUES (?1, ?2, ?3)")?
            .execute(params![N, seq.0, doorstep_protocol::cbor::encode(signed)])?;
        Ok(())
    }

    fn wrap(&mut self, seq: LogSize, wrap: Vec<u8>) -> Result<(), CarryError> {
        let stray = CarryError::Damaged("a wrap belongs to no team epoch of the log");
        if self.feed.is_some() || seq < self.wraps.seq {
            return Err(CarryError::Damaged("records are out of order"));
        }
        if seq != self.wraps.seq {
            self.end_wraps()?;
            self.wraps.seq = seq;
        }
        let Ok(header) = SealedWrapHeader::parse(&wrap) else { return Err(stray) };
        if header.partnership != self.partnership || !self.wraps_roots.contains_key(&seq) {
            return Err(stray);
        }
        self.tx
            .prepare_cached("INSERT INTO team_wrap (partnership, device, seq, wrap) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![N, header.recipient, seq.0, wrap])?;
        self.wraps.wraps.push(wrap);
        Ok(())
    }

    /// The wraps of one epoch are those that its signed entry names.
    fn end_wraps(&mut self) -> Result<(), CarryError> {
        let wraps = std::mem::take(&mut self.wraps.wraps);
        let digest = wraps_digest(wraps.iter().map(|wrap| &wrap[..]));
        if wraps.is_empty() || self.wraps_roots.get(&self.wraps.seq) == Some(&digest) {
            Ok(())
        } else {
            Err(CarryError::Damaged("the wraps of a team epoch are not those that the log names"))
        }
    }

    fn begin_feed(&mut self, zone: ZoneId, end: FeedPoint) -> Result<(), CarryError> {
        if !self.log()?.zones().contains_key(&zone) {
            return Err(CarryError::Damaged("a feed is of no zone of the log"));
        }
        self.tx
            .prepare_cached("INSERT INTO feed (partnership, zone, number, head) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![N, zone.0, end.number.0, end.head.0])?;
        let n = self.tx.last_insert_rowid();
        self.feed = Some(Feed { n, zone, end, point: FeedPoint::START, tails: BTreeMap::new() });
        Ok(())
    }

    fn end_feed(&mut self) -> Result<(), CarryError> {
        let Some(feed) = self.feed.take() else { return Ok(()) };
        if feed.point != feed.end {
            return Err(CarryError::Damaged("a feed does not lead to its head"));
        }
        for (author, end) in feed.tails {
            tail::set(self.tx, N, author, feed.n, end)?;
        }
        Ok(())
    }

    fn envelope(&mut self, bytes: Vec<u8>) -> Result<(), CarryError> {
        let Ok(envelope) = Envelope::parse(bytes) else {
            return Err(CarryError::Damaged("an envelope cannot be read"));
        };
        let header = envelope.header().clone();
        let log = self.log()?;
        let is_of_log = header.partnership == self.partnership
            && log.head_at(header.log_size) == Some(header.log_head)
            && log.erased_envelope(envelope.id()).is_none();
        let Some(author) = log.devices().get(&header.author).filter(|_| is_of_log) else {
            return Err(CarryError::Damaged("an envelope is not of its log"));
        };
        if envelope.clone().verify(&author.sign).is_err() {
            let (count, first) = self.unsigned_found.unwrap_or((0, header.author));
            self.unsigned_found = Some((count + 1, first));
        }
        let place = (header.zone, header.author, header.zseq);
        self.place(place, Some(header.prev), envelope.id(), envelope.as_bytes())
    }

    fn gone(&mut self, id: EnvelopeId) -> Result<(), CarryError> {
        let Some(at) = self.log()?.erased_envelope(id).copied() else {
            return Err(CarryError::Damaged("an envelope is missing that nobody erased"));
        };
        self.place((at.zone, at.author, at.zseq), None, id, &[])
    }

    /// The next of its feed and of its author's chain.
    fn place(
        &mut self,
        (zone, author, zseq): (ZoneId, DeviceId, ZoneSeq),
        prev: Option<EnvelopeId>,
        id: EnvelopeId,
        bytes: &[u8],
    ) -> Result<(), CarryError> {
        let Some(feed) = self.feed.as_mut().filter(|feed| feed.zone == zone) else {
            return Err(CarryError::Damaged("an envelope stands in another zone's feed"));
        };
        let before = feed.tails.get(&author).copied().unwrap_or((ZoneSeq(0), EnvelopeId::ZERO));
        if zseq != before.0.next() || prev.is_some_and(|prev| prev != before.1) {
            return Err(CarryError::Damaged("an author's chain is broken"));
        }
        feed.point = feed.point.then(id);
        feed.tails.insert(author, (zseq, id));
        let number = feed.point.number;
        self.tx
            .prepare_cached("INSERT INTO envelope (place, author, id, bytes) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![feed::place(feed.n, number)?, author.0, id.0, bytes])?;
        self.tx
            .prepare_cached("INSERT INTO chain (feed, author, zseq, number) VALUES (?1, ?2, ?3, ?4)")?
            .execute(params![feed.n, author.0, zseq.0, number.0])?;
        self.used_bytes += bytes.len() as u64;
        self.envelopes += 1;
        Ok(())
    }

    fn item(&mut self, item: &InboxItem) -> Result<(), CarryError> {
        self.end_wraps()?;
        self.end_feed()?;
        let (zone, id) = match item.what {
            InboxWhat::Envelope => {
                let Ok(envelope) = Envelope::parse(item.bytes.0.clone()) else {
                    return Err(CarryError::Damaged("an item of the inbox cannot be read"));
                };
                (Some(envelope.header().zone.0), envelope.id().0)
            }
            InboxWhat::WipeReceipt => (None, hash::sha256(&item.bytes.0).0),
        };
        self.tx
            .prepare_cached(
                "INSERT INTO inbox (partnership, number, device, arrived, zone, id, bytes)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![N, item.number.0, item.device.0, item.arrived.0, zone, id, item.bytes.0])?;
        Ok(())
    }

    fn end(mut self, identity: StoreIdentity) -> Result<Imported, CarryError> {
        self.end_wraps()?;
        self.end_feed()?;
        if let (Some((count, first)), Unsigned::Refused) = (self.unsigned_found, self.unsigned) {
            return Err(CarryError::Unsigned { count, first });
        }
        self.tx.execute("UPDATE partnership SET used_bytes = ?2 WHERE n = ?1", params![N, self.used_bytes])?;
        let log = self.log()?;
        if (log.partnership(), log.size(), log.head()) != (self.partnership, self.size, self.head) {
            return Err(CarryError::Damaged("its log is not as long as it says, or another's"));
        }
        Ok(Imported {
            identity,
            partnership: self.partnership,
            server_key: *log.server_key(),
            entries: log.size(),
            envelopes: self.envelopes,
        })
    }
}
