//! Catching up over real HTTP with a server in a process of its own, beside the same work done by hand.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use doorstep_client_core::client::{Client, ClientError};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::payload::ChangesPayload;
use doorstep_client_core::records::Document;
use doorstep_client_core::replica::reader::{self, Checked, Opened};
use doorstep_client_core::store::{documents, envelopes};
use doorstep_protocol::envelope::Envelope;
use doorstep_protocol::{Class, DocumentId, EnvelopeId};
use rayon::prelude::*;
use rusqlite::Connection;

use crate::figure::{Figure, ms, timed};
use crate::scene::{self, Stage};
use crate::server::{RunningServer, status_kib};
use crate::{BenchError, Plan, Report};

/// Documents when nobody says otherwise.
const DOCUMENTS: usize = 10_000;
/// Documents that two others change.
const CHANGED: usize = 200;
/// Changes that each of them makes to each.
const CHANGES_EACH: usize = 6;
/// The larger size of the no-change catch-up, by the smaller.
const LARGER: usize = 10;

fn start(plan: &Plan, folder: &Path) -> Result<RunningServer, BenchError> {
    plan.server.start(&folder.join("server"))
}

pub(crate) fn nochange(plan: &Plan, report: &mut Report<'_>) -> Result<(), BenchError> {
    let large = plan.size.unwrap_or(DOCUMENTS * LARGER);
    let small = (large / LARGER).max(1);
    let mut floor_ms = None;
    let mut floor_bytes = None;
    for count in [small, large] {
        let folder = tempfile::tempdir()?;
        let server = start(plan, folder.path())?;
        let stage = Stage::new()?;
        let desk = scene::found(&stage, &folder.path().join("desk"), &server.url, &server.key)?;
        scene::homes(&desk, count)?;
        let mut syncer = stage.syncer(&desk)?;
        stage.sync(&mut syncer)?;
        stage.sync(&mut syncer)?;
        let mut times = Vec::new();
        let mut last = None;
        for _ in 0..50 {
            let (time, done) = timed(|| stage.sync(&mut syncer));
            last = Some(done?);
            times.push(time);
        }
        let last = last.ok_or(BenchError::Setting("no catch-up ran"))?;
        let median = crate::figure::median_ms(times);
        let bytes = last.up_bytes.max(last.down_bytes) as f64;
        report.add(&Figure::new("sync.nochange", count, median, "ms", floor_ms))?;
        report.add(&Figure::new("sync.nochange.bytes", count, bytes, "bytes", floor_bytes))?;
        report.add(&Figure::new("sync.nochange.requests", count, last.requests as f64, "requests", Some(1.0)))?;
        floor_ms.get_or_insert(median);
        floor_bytes.get_or_insert(bytes);
    }
    Ok(())
}

pub(crate) fn first_and_catchup(plan: &Plan, report: &mut Report<'_>) -> Result<(), BenchError> {
    let count = plan.size.unwrap_or(DOCUMENTS);
    let folder = tempfile::tempdir()?;
    let server = start(plan, folder.path())?;
    let stage = Stage::new()?;
    let desk = scene::found(&stage, &folder.path().join("desk"), &server.url, &server.key)?;
    scene::homes(&desk, count)?;
    let mut at_desk = stage.syncer(&desk)?;
    stage.sync(&mut at_desk)?;
    let reader = scene::enrol(&stage, &desk, &folder.path().join("reader"), 1)?;
    let other = scene::enrol(&stage, &desk, &folder.path().join("other"), 2)?;

    let peak_before = status_kib("/proc/self/status", "VmRSS:")?;
    let mut at_reader = stage.syncer(&reader)?;
    let (time, done) = timed(|| stage.sync(&mut at_reader));
    let first = done?;
    let peak = status_kib("/proc/self/status", "VmRSS:")?.saturating_sub(peak_before);
    let came = envelopes_after(&reader, 0)?;
    let floor = floor(&reader, &came, Begin::Fresh, folder.path())?;
    let (value, floor) = (ms(time), Some(ms(floor)));
    report.add(&Figure::new("sync.first", count, value, "ms", floor))?;
    report.add(&Figure::new("sync.first.requests", count, first.exchanges as f64, "requests", Some(1.0)))?;
    report.add(&Figure::new("sync.first.growth", count, peak as f64 / 1024.0, "MiB", None))?;

    let mut at_other = stage.syncer(&other)?;
    stage.sync(&mut at_other)?;
    let changed = CHANGED.min(count);
    for client in [&desk, &other] {
        change(client, changed)?;
    }
    stage.sync(&mut at_desk)?;
    stage.sync(&mut at_other)?;
    let known = came.len();
    let before = saves(&reader, changed)?;
    let (time, done) = timed(|| stage.sync(&mut at_reader));
    let caught = done?;
    let came = envelopes_after(&reader, known)?;
    let floor = self::floor(&reader, &came, Begin::From(before), folder.path())?;
    report.add(&Figure::new("sync.catchup", changed, ms(time), "ms", Some(ms(floor))))?;
    report.add(&Figure::new("sync.catchup.requests", changed, caught.exchanges as f64, "requests", Some(1.0)))?;
    report.add(&Figure::new("sync.catchup.bytes", changed, caught.down_bytes as f64, "bytes", None))
}

/// Each of the first homes is changed as often as a visit changes it, one save at a time.
fn change(client: &Client, homes: usize) -> Result<(), BenchError> {
    for number in 0..homes {
        let home = scene::property(number);
        let uprn = home.uprn.as_ref().map(ToString::to_string).unwrap_or_default();
        let record = client.properties().resolve(&uprn)?;
        for turn in 0..CHANGES_EACH {
            let change = doorstep_client_core::records::index::Property {
                area: Some(format!("area {turn}")),
                building: Some(format!("Building {turn}")),
                locality: Some(format!("Locality {turn}")),
                ..Default::default()
            };
            client.write(|draft| draft.edit(record, Class::Index, |edit| edit.put(&change)))?;
        }
    }
    Ok(())
}

fn envelopes_after(client: &Client, known: usize) -> Result<Vec<(EnvelopeId, Vec<u8>)>, BenchError> {
    let shared = client.device();
    let device = shared.lock().map_err(|_| BenchError::Setting("the device failed before"))?;
    let all = envelopes::page_after(device.store().reader(), 0, usize::MAX).map_err(ClientError::from)?;
    Ok(all.into_iter().skip(known).map(|kept| (kept.id, kept.bytes)).collect())
}

fn saves(client: &Client, homes: usize) -> Result<BTreeMap<DocumentId, Vec<u8>>, BenchError> {
    let mut saves = BTreeMap::new();
    for number in 0..homes {
        let uprn = scene::property(number).uprn.as_ref().map(ToString::to_string).unwrap_or_default();
        let RecordId(document) = client.properties().resolve(&uprn)?;
        let shared = client.device();
        let device = shared.lock().map_err(|_| BenchError::Setting("the device failed before"))?;
        if let Some(kept) = documents::load(device.store().reader(), document).map_err(ClientError::from)? {
            saves.insert(document, kept.saved.save);
        }
    }
    Ok(saves)
}

/// What the documents were before.
enum Begin {
    Fresh,
    From(BTreeMap<DocumentId, Vec<u8>>),
}

/// Verify, open, load, apply, and one transaction of the same bytes: on all cores where the device uses them.
fn floor(client: &Client, came: &[(EnvelopeId, Vec<u8>)], begin: Begin, folder: &Path) -> Result<Duration, BenchError> {
    let shared = client.device();
    let device = shared.lock().map_err(|_| BenchError::Setting("the device failed before"))?;
    let (authority, keyring) = (device.authority().map_err(ClientError::from)?, device.keyring());
    let mut connection = Connection::open(folder.join(format!("floor-{}.db", came.len())))?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE envelopes (id BLOB PRIMARY KEY, bytes BLOB); CREATE TABLE documents (id BLOB PRIMARY KEY, save BLOB);",
    )?;
    let (time, done) = timed(|| -> Result<usize, BenchError> {
        let opened: Vec<(DocumentId, Class, ChangesPayload)> = came
            .par_iter()
            .filter_map(|(_, bytes)| {
                let envelope = Envelope::parse(bytes.clone()).ok()?;
                let Checked::Signed(verified) = reader::check(authority, envelope) else { return None };
                let class = authority.zones().get(&verified.header().zone)?.class;
                match reader::open(authority, keyring, &verified) {
                    Opened::Changes(payload) => Some((verified.header().document, class, payload)),
                    _ => None,
                }
            })
            .collect();
        let mut by_document: BTreeMap<DocumentId, (Class, Vec<ChangesPayload>)> = BTreeMap::new();
        for (document, class, payload) in opened {
            by_document.entry(document).or_insert((class, Vec::new())).1.push(payload);
        }
        let work: Vec<_> = by_document.into_iter().collect();
        let saved: Vec<(DocumentId, Vec<u8>)> = work
            .into_par_iter()
            .filter_map(|(id, (class, payloads))| {
                let mut document = match &begin {
                    Begin::Fresh => Document::genesis(class, id).ok()?,
                    Begin::From(saves) => Document::load(class, id, saves.get(&id)?).ok()?,
                };
                payloads.iter().try_for_each(|p| document.apply(&p.changes).map(|_| ())).ok()?;
                Some((id, document.save().ok()?))
            })
            .collect();
        let transaction = connection.transaction()?;
        {
            let mut envelope = transaction.prepare("INSERT INTO envelopes VALUES (?1, ?2)")?;
            for (id, bytes) in came {
                envelope.execute((&id.0, bytes))?;
            }
            let mut document = transaction.prepare("INSERT INTO documents VALUES (?1, ?2)")?;
            for (id, save) in &saved {
                document.execute((&id.0, save))?;
            }
        }
        transaction.commit()?;
        Ok(saved.len())
    });
    if done? == 0 {
        return Err(BenchError::Setting("the floor opened nothing"));
    }
    Ok(time)
}
