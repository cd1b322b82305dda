//! What must hold while a run goes on, and what must hold once everything has healed and come to rest.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_client_core::device::{Device, NotApplied, RecordId};
use doorstep_client_core::records::DocumentView;
use doorstep_client_core::replica::machine::Phase;
use doorstep_client_core::replica::reader::Wait;
use doorstep_client_core::store::envelopes::Standing;
use doorstep_client_core::store::feeds::FeedPosition;
use doorstep_client_core::store::meta::{self, StoreIdentity};
use doorstep_client_core::store::{documents, envelopes, outbox};
use doorstep_protocol::envelope::{HEADER_BYTES, Header, envelope_id};
use doorstep_protocol::feed::FeedPoint;
use doorstep_protocol::{Class, DeviceId, DocumentId, EnvelopeId, FeedNumber, LogHash, Millis, Signature, ZoneId};
use doorstep_server::store::{FeedItem, FeedRange, PageBytes};
use doorstep_server::{SqliteStore, Store};

use super::station::Station;
use super::tablet::Tablet;
use super::work::Work;
use crate::town::{Town, reads};

/// Envelopes that a tablet of a run has to send at most.
const OUTBOX_ROWS_MAX: usize = 100_000;

/// Something that must hold does not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broken(pub String);

/// How far a tablet had read, to see that it never goes back.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cursors {
    identity: Option<StoreIdentity>,
    positions: BTreeMap<ZoneId, FeedPosition>,
}

impl Cursors {
    /// Compares with what was seen before, and keeps what is seen now.
    ///
    /// # Errors
    /// [`Broken`] when a cursor went back under one and the same store.
    pub fn watch(&mut self, tablet: usize, device: &Device) -> Result<(), Broken> {
        let identity = meta::store_identity(device.store().reader()).map_err(|error| Broken(error.to_string()))?;
        let positions = device.feeds();
        if identity == self.identity {
            for (zone, before) in &self.positions {
                let now = positions.get(zone).copied().unwrap_or(FeedPosition::START);
                let back = now.read.number < before.read.number || now.confirmed.number < before.confirmed.number;
                let turned = now.read.number == before.read.number && now.read.head != before.read.head;
                if back || turned {
                    return Err(Broken(format!(
                        "tablet {tablet}: the cursor of zone {zone} went from {} (confirmed {}) to {} (confirmed {})",
                        before.read.number, before.confirmed.number, now.read.number, now.confirmed.number
                    )));
                }
                if now.confirmed.number > now.read.number {
                    return Err(Broken(format!("tablet {tablet}: zone {zone} is confirmed past what was read")));
                }
            }
        }
        if identity != self.identity || *positions != self.positions {
            self.identity = identity;
            self.positions.clone_from(positions);
        }
        Ok(())
    }
}

/// What the server has: the heads of every zone, and of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heads {
    feeds: BTreeMap<ZoneId, FeedPoint>,
    log: LogHash,
}

/// Whether a tablet has all that the server has, and the server all that it has.
#[must_use]
pub fn at_rest(tablet: &mut Tablet, heads: &Heads) -> bool {
    let Some(device) = tablet.device() else { return false };
    let (Ok(standing), Ok(authority)) = (device.standing(), device.authority()) else { return false };
    let readable = authority.readable_zones(device.id(), crate::town::NOON);
    let outbox = standing.outbox;
    standing.unsealed_changes == 0
        && authority.head() == heads.log
        && outbox.to_send + outbox.receipted + outbox.refused == 0
        && readable.iter().all(|zone| {
            let read = device.feeds().get(zone).map_or(FeedPoint::START, |position| position.read);
            read == heads.feeds.get(zone).copied().unwrap_or(FeedPoint::START)
        })
}

/// The heads of every zone and of the log, as stored.
#[must_use]
pub fn heads(store: &SqliteStore) -> Heads {
    let town = Town::get();
    Heads {
        feeds: store.heads(town.partnership, &town.zones).expect("the store answers"),
        log: store.log_head(town.partnership).expect("the store answers").1,
    }
}

/// All that must hold at the end.
///
/// # Errors
/// The first thing that does not hold.
pub fn at_the_end(
    tablets: &mut [Tablet],
    station: &mut Station,
    work: &Work,
    gone: &BTreeSet<usize>,
) -> Result<(), Broken> {
    let feeds = feeds_hold(station)?;
    let heads = station.look(heads);
    for (number, tablet) in tablets.iter_mut().enumerate().filter(|(number, _)| !gone.contains(number)) {
        stands_well(number, tablet, &heads)?;
    }
    every_envelope_is_everywhere(tablets, gone, &feeds)?;
    same_everywhere(tablets, gone)?;
    nothing_recorded_is_lost(tablets, gone, work)?;
    // The dearest check, and all show the same by now: one device a run, another one in another. Who is gone holds
    // together, too.
    let number = work.recorded.len() % tablets.len();
    holds_together(number, &mut tablets[number])
}

/// Numbers are dense, the chain is right, and every receipt of this store names what stands at its number.
fn feeds_hold(station: &mut Station) -> Result<BTreeMap<ZoneId, Vec<EnvelopeId>>, Broken> {
    let given = Station::numbers_of(&station.given, station.identity());
    let everything = PageBytes { enough: usize::MAX, most: usize::MAX };
    let feeds = station.look(|store| -> Result<_, Broken> {
        let mut feeds = BTreeMap::new();
        for (zone, head) in heads(store).feeds {
            let range = FeedRange { zone, after: FeedNumber(0), through: head.number };
            let items = store
                .feed_page(Town::get().partnership, range, DeviceId::ZERO, everything)
                .map_err(|error| Broken(format!("the feed of zone {zone}: {error}")))?;
            let mut point = FeedPoint::START;
            let mut ids = Vec::with_capacity(items.len());
            for item in items {
                let id = match item {
                    FeedItem::Own(id) | FeedItem::Gone(id) => id,
                    FeedItem::Envelope(bytes) => envelope_id(&bytes[..bytes.len() - Signature::LEN]),
                };
                point = point.then(id);
                ids.push(id);
            }
            if point != head {
                return Err(Broken(format!("the feed of zone {zone} does not lead to its head")));
            }
            if ids.iter().collect::<BTreeSet<_>>().len() != ids.len() {
                return Err(Broken(format!("the feed of zone {zone} holds an envelope twice")));
            }
            feeds.insert(zone, ids);
        }
        Ok(feeds)
    })?;
    for ((zone, number), receipt) in given {
        let there = feeds.get(&zone).and_then(|ids: &Vec<EnvelopeId>| ids.get(number.0 as usize - 1));
        if there != Some(&receipt.envelope) {
            return Err(Broken(format!("a receipt was given for {zone} {number}, where something else stands")));
        }
    }
    Ok(feeds)
}

fn stands_well(number: usize, tablet: &mut Tablet, heads: &Heads) -> Result<(), Broken> {
    let phase = tablet.phase();
    if phase != Phase::Resting {
        return Err(Broken(format!("tablet {number} does not come to rest: {phase:?}")));
    }
    let rests = at_rest(tablet, heads);
    let Some(device) = tablet.device() else { return Err(Broken(format!("tablet {number} is off"))) };
    let standing = device.standing().map_err(|error| Broken(format!("tablet {number}: {error}")))?;
    let tray = device.tray().map_err(|error| Broken(error.to_string()))?;
    let why: Vec<_> =
        tray.iter().filter(|one| !is_carried_only(device, one)).map(|one| (one.envelope, one.standing)).collect();
    if !rests || !why.is_empty() || standing.alarm.is_some() || !standing.first_sync_complete {
        return Err(Broken(format!("tablet {number} does not stand well: {standing:?} tray {why:?}")));
    }
    Ok(())
}

/// What a device was given to carry and has no key for: it waits here, and is none of its business.
fn is_carried_only(device: &Device, one: &NotApplied) -> bool {
    let Ok(Some(kept)) = envelopes::find(device.store().reader(), one.envelope) else { return false };
    let (Ok(header), Ok(authority)) = (Header::parse(&kept.bytes), device.authority()) else { return false };
    let readable = authority.readable_zones(device.id(), crate::town::NOON);
    one.standing == Standing::Waits(Wait::NoKey) && !readable.contains(&header.zone)
}

/// Whether all that a tablet owes has gone out, but for what follows a piece of an erased record that only its author, or the
/// admins who finish the erasure, can put in its place.
#[must_use]
pub fn owes_nothing(tablet: &mut Tablet) -> bool {
    let Some(device) = tablet.device() else { return false };
    let Ok(standing) = device.standing() else { return false };
    let reader = device.store().reader();
    let slot = |bytes: &[u8]| Header::parse(bytes).map(|header| (header.zone, header.author)).expect("it was kept");
    let authority = device.authority().expect("a tablet that owes something has the log");
    let places = envelopes::erased_places(reader).expect("its own store").into_iter();
    let unnamed = places.filter(|place| authority.erased_envelope(place.id).is_none());
    let held_up: BTreeSet<(ZoneId, DeviceId)> = unnamed.map(|place| (place.zone, place.author)).collect();
    let to_send = outbox::next(reader, None, usize::MAX, OUTBOX_ROWS_MAX).expect("its own store");
    standing.unsealed_changes == 0 && to_send.iter().all(|one| held_up.contains(&slot(&one.bytes)))
}

/// What any device sealed is in the server's feed, and applied on every device that reads its zone.
fn every_envelope_is_everywhere(
    tablets: &mut [Tablet],
    gone: &BTreeSet<usize>,
    feeds: &BTreeMap<ZoneId, Vec<EnvelopeId>>,
) -> Result<(), Broken> {
    let (mut all, mut erased): (BTreeSet<EnvelopeId>, BTreeSet<EnvelopeId>) = Default::default();
    for (_, tablet) in tablets.iter_mut().enumerate().filter(|(number, _)| !gone.contains(number)) {
        let Some(device) = tablet.device() else { continue };
        let kept = envelopes::page_after(device.store().reader(), 0, usize::MAX).expect("its own store");
        for one in kept {
            all.insert(one.id);
            if one.bytes.len() == HEADER_BYTES {
                erased.insert(one.id);
            }
        }
        // The place of what was erased before this came here is all that is left of it.
        erased.extend(
            device
                .authority()
                .map(|authority| authority.erased_envelopes().keys().copied().collect::<Vec<_>>())
                .unwrap_or_default(),
        );
    }
    let stored: BTreeSet<EnvelopeId> = feeds.values().flatten().copied().collect();
    match all.symmetric_difference(&stored).find(|id| !erased.contains(id)) {
        Some(id) if stored.contains(id) => Err(Broken(format!("envelope {id} is at the server and on no device"))),
        Some(id) => Err(Broken(format!("envelope {id} is on a device and not at the server"))),
        None => Ok(()),
    }
}

struct Shown {
    class: Class,
    heads: Vec<String>,
    view: DocumentView,
    record: Option<DocumentId>,
}

fn shown(device: &mut Device) -> Result<BTreeMap<DocumentId, Shown>, String> {
    let all = documents::all(device.store().reader()).map_err(|error| error.to_string())?;
    let mut found = BTreeMap::new();
    for (id, class) in all {
        let heads = device.heads_of(id).map_err(|error| error.to_string())?;
        let heads = heads.ok_or("a listed document is not there")?.iter().map(ToString::to_string).collect();
        let view = device.view(id).map_err(|error| error.to_string())?.ok_or("a listed document has no view")?;
        let record = documents::record_of(device.store().reader(), id).map_err(|error| error.to_string())?;
        found.insert(id, Shown { class, heads, view, record });
    }
    Ok(found)
}

/// Every two devices show the same documents, of the classes that both read.
fn same_everywhere(tablets: &mut [Tablet], gone: &BTreeSet<usize>) -> Result<(), Broken> {
    let (mut views, mut lists, mut numbers) = (Vec::new(), Vec::new(), Vec::new());
    for (number, tablet) in tablets.iter_mut().enumerate().filter(|(number, _)| !gone.contains(number)) {
        let Some(device) = tablet.device() else { continue };
        numbers.push(number);
        views.push(shown(device).map_err(|what| Broken(format!("tablet {number}: {what}")))?);
        lists.push(projections(device).map_err(|error| Broken(format!("tablet {number}: {error}")))?);
    }
    let residents = &Town::get().residents;
    for (at, mine) in views.iter().enumerate() {
        for (id, one) in mine {
            for (other, theirs) in views.iter().enumerate().filter(|(other, _)| *other != at) {
                if !reads(residents[numbers[other]].organisation, one.class) {
                    continue;
                }
                let (at, other) = (numbers[at], numbers[other]);
                let Some(twin) = theirs.get(id) else {
                    return Err(Broken(format!("{} {id} is on tablet {at} and not on tablet {other}", one.class)));
                };
                let differs = match () {
                    () if one.heads != twin.heads => Some("heads"),
                    () if one.view != twin.view => Some("view"),
                    () if one.record != twin.record => Some("record"),
                    () => None,
                };
                if let Some(what) = differs {
                    return Err(Broken(format!(
                        "the {what} of {} {id} differs between tablets {at} and {other}: {:?} {:?} / {:?} {:?}",
                        one.class, one.heads, one.record, twin.heads, twin.record
                    )));
                }
            }
        }
        if let Some(differing) = lists.first().filter(|first| **first != lists[at]) {
            return Err(Broken(format!(
                "the lists of tablets 0 and {at} differ:\n{}\n{}",
                differing.join("\n"),
                lists[at].join("\n")
            )));
        }
    }
    Ok(())
}

/// What lists and searches show, row by row.
fn projections(device: &Device) -> Result<Vec<String>, rusqlite::Error> {
    let reader = device.store().reader();
    let mut rows = Vec::new();
    for sql in [
        "SELECT 'property', hex(record), uprn, parent_uprn, address, postcode, flags FROM properties ORDER BY record",
        "SELECT 'person', hex(record), name, born, '', '', 0 FROM people ORDER BY record",
        "SELECT 'occupancy', hex(person), hex(row), hex(property), kind, ended, 0 FROM occupancies ORDER BY person, row",
        "SELECT 'visit', hex(document), hex(row), hex(record), kind, started, 0 FROM visits ORDER BY document, row",
    ] {
        let mut statement = reader.prepare(sql)?;
        let found = statement.query_map([], |row| {
            let mut text = String::new();
            for at in 0..7 {
                text.push_str(&format!("{:?} ", row.get_ref(at)?));
            }
            Ok(text)
        })?;
        for row in found {
            rows.push(row?);
        }
    }
    Ok(rows)
}

fn nothing_recorded_is_lost(tablets: &mut [Tablet], gone: &BTreeSet<usize>, work: &Work) -> Result<(), Broken> {
    let residents = &Town::get().residents;
    for (number, tablet) in tablets.iter_mut().enumerate().filter(|(number, _)| !gone.contains(number)) {
        let Some(device) = tablet.device() else { continue };
        let mut views: BTreeMap<(RecordId, Class), Option<DocumentView>> = BTreeMap::new();
        for (row, by) in &work.recorded {
            // What is gone with a tablet, or was erased, is nobody's to expect.
            let is_expected = !gone.contains(by) && !work.erased.contains(&(row.record, row.class));
            if !is_expected || !reads(residents[number].organisation, row.class) {
                continue;
            }
            let view = views.entry((row.record, row.class)).or_insert_with(|| {
                let document = device.document_of(row.record, row.class).ok()??;
                device.view(document).ok()?
            });
            if view.as_ref().is_none_or(|view| view.row(row.collection, row.row).is_none()) {
                return Err(Broken(format!(
                    "tablet {number} does not show row {} of {} that tablet {by} saved for {}",
                    row.row, row.collection, row.record
                )));
            }
        }
    }
    Ok(())
}

/// Every chain and document is what its envelopes make, and a rebuild makes the same again.
fn holds_together(number: usize, tablet: &mut Tablet) -> Result<(), Broken> {
    let Some(device) = tablet.device() else { return Ok(()) };
    // A tablet that was ended before it had the log has nothing to hold.
    if device.authority().is_err() {
        return Ok(());
    }
    let say = |error: doorstep_client_core::device::DeviceError| Broken(format!("tablet {number}: {error}"));
    let faults = device.verify().map_err(say)?.faults;
    if !faults.is_empty() {
        return Err(Broken(format!("tablet {number} does not hold together: {faults:?}")));
    }
    let before = projections(device).map_err(|error| Broken(error.to_string()))?;
    let rebuilt = device.rebuild(Millis(0)).map_err(say)?;
    let after = projections(device).map_err(|error| Broken(error.to_string()))?;
    if !rebuilt.differing.is_empty() || before != after {
        let lost: Vec<_> = before.iter().filter(|row| !after.contains(row)).collect();
        let made: Vec<_> = after.iter().filter(|row| !before.contains(row)).collect();
        return Err(Broken(format!(
            "tablet {number}: a rebuild makes something else: {:?}, without {lost:?}, with {made:?}",
            rebuilt.differing
        )));
    }
    Ok(())
}
