//! What needs no server: opening, searching, saving, and how long an edit is.

use std::time::Duration;

use doorstep_client_core::client::Client;
use doorstep_client_core::records::index::Property;
use doorstep_client_core::records::{Reading, view};
use doorstep_client_core::store::{documents, envelopes};
use doorstep_client_core::vault::MemoryVault;
use doorstep_protocol::Class;
use doorstep_protocol::envelope::{OVERHEAD_BYTES, PADDED_BYTES_MIN};
use rusqlite::Connection;

use crate::figure::{Figure, median_ms, ms, timed};
use crate::scene::{self, nobody};
use crate::{BenchError, Plan, Report};

/// Homes that are opened.
const HOMES: usize = 200;
/// Hazards that are saved.
const SAVES: usize = 300;
/// Addresses that are searched when nobody says otherwise.
const ADDRESSES: usize = 10_000;

fn alone(folder: &std::path::Path) -> Result<Client, BenchError> {
    Ok(scene::found_alone(folder, "http://127.0.0.1:1", &nobody())?.0)
}

/// One durable commit of one row, with the device's settings but for the encryption.
struct CommitFloor {
    connection: Connection,
    row: Vec<u8>,
    times: Vec<Duration>,
}

impl CommitFloor {
    fn new(folder: &std::path::Path, row_bytes: usize) -> Result<Self, BenchError> {
        let connection = Connection::open(folder.join("floor.db"))?;
        connection.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
             CREATE TABLE rows (id INTEGER PRIMARY KEY, row BLOB);",
        )?;
        Ok(Self { connection, row: vec![7u8; row_bytes], times: Vec::with_capacity(SAVES) })
    }

    fn commit(&mut self) -> Result<(), BenchError> {
        let (time, done) = timed(|| self.connection.execute("INSERT INTO rows (row) VALUES (?1)", [&self.row]));
        done?;
        self.times.push(time);
        Ok(())
    }
}

pub(crate) fn save_hazard(_: &Plan, report: &mut Report<'_>) -> Result<(), BenchError> {
    let folder = tempfile::tempdir()?;
    let client = alone(&folder.path().join("device"))?;
    let mut floor = CommitFloor::new(folder.path(), 500)?;
    let mut record = client.properties().add(&scene::property(1))?;
    let mut times = Vec::with_capacity(SAVES);
    for number in 0..SAVES {
        // A home has a handful of hazards: a fresh home for every ten.
        if number % 10 == 0 {
            record = client.properties().add(&scene::property(number + 2))?;
        }
        let hazard = scene::hazard(number);
        let (time, saved) = timed(|| {
            client.write(|draft| {
                let row = draft.row_id();
                draft.edit(record, Class::Home, |edit| edit.create(row, &hazard))
            })
        });
        saved?;
        times.push(time);
        // Turn by turn, so that whatever else the disk has to do falls on both alike.
        floor.commit()?;
    }
    report.add(&Figure::new("save.hazard", SAVES, median_ms(times), "ms", Some(median_ms(floor.times))))
}

pub(crate) fn open(_: &Plan, report: &mut Report<'_>) -> Result<(), BenchError> {
    let folder = tempfile::tempdir()?;
    let at = folder.path().join("device");
    let vault = MemoryVault::default();
    {
        let client = Client::create(&at, &vault, std::sync::Arc::new(doorstep_client_core::client::SystemClock))?;
        let plan = doorstep_client_core::partnership::FoundingPlan {
            organisations: vec![doorstep_client_core::partnership::OrganisationPlan {
                name: "Council".into(),
                kind: doorstep_protocol::authority::OrganisationKind::Council,
            }],
            area: "Ward".into(),
            desk: "Desk".into(),
            worker: "Officer".into(),
        };
        client.partnership().found(&plan, "http://127.0.0.1:1", &nobody())?;
        for number in 0..HOMES {
            scene::full_home(&client, number)?;
        }
    }
    let client = Client::open(&at, &vault, std::sync::Arc::new(doorstep_client_core::client::SystemClock))?;
    let rows = client.properties().list(0, HOMES)?;
    let mut cold = Vec::with_capacity(rows.len());
    let mut warm = Vec::with_capacity(rows.len());
    for row in &rows {
        let record = doorstep_client_core::device::RecordId(row.record);
        let (time, page) = timed(|| client.properties().get(record, Reading::Cautious));
        page?;
        cold.push(time);
        let (time, page) = timed(|| client.properties().get(record, Reading::Cautious));
        page?;
        warm.push(time);
    }
    let floor = open_floor(&client)?;
    report.add(&Figure::new("open.warm", rows.len(), median_ms(warm), "ms", Some(floor)))?;
    report.add(&Figure::new("open.cold", rows.len(), median_ms(cold), "ms", Some(floor)))
}

/// Six documents read from the store, loaded by Automerge and read whole.
fn open_floor(client: &Client) -> Result<f64, BenchError> {
    let shared = client.device();
    let device = shared.lock().map_err(|_| BenchError::Setting("the device failed before"))?;
    let all = documents::all(device.store().reader()).map_err(doorstep_client_core::client::ClientError::from)?;
    let mut by_class: Vec<Duration> = Vec::new();
    for class in [Class::Index, Class::Home, Class::Fire, Class::Identity, Class::Communication, Class::Function] {
        let mut times = Vec::new();
        for (id, _) in all.iter().filter(|(_, of)| *of == class).take(HOMES) {
            let (time, read) = timed(|| {
                let document = documents::load(device.store().reader(), *id).ok()??.open(*id).ok()?;
                Some(view::read(&document, &|_| None))
            });
            read.ok_or(BenchError::Setting("a document does not load"))?;
            times.push(time);
        }
        times.sort_unstable();
        by_class.extend(times.get(times.len() / 2));
    }
    Ok(by_class.into_iter().map(ms).sum())
}

pub(crate) fn search(plan: &Plan, report: &mut Report<'_>) -> Result<(), BenchError> {
    let count = plan.size.unwrap_or(ADDRESSES);
    let folder = tempfile::tempdir()?;
    let client = alone(&folder.path().join("device"))?;
    scene::homes(&client, count)?;
    let mut times = Vec::new();
    let mut floor = Vec::new();
    for number in (0..count).step_by((count / 50).max(1)) {
        let home = scene::property(number);
        let text = |part: Option<String>| part.unwrap_or_default();
        let asked = [
            text(home.uprn.as_ref().map(ToString::to_string)),
            text(home.postcode.as_ref().map(ToString::to_string)),
            text(home.street.clone()),
            format!(
                "{} {}",
                text(home.number.clone()),
                text(home.street.as_ref().map(|s| s.chars().take(4).collect()))
            ),
        ];
        for asked in &asked {
            let (time, found) = timed(|| client.properties().find(asked, 20));
            if found?.is_empty() {
                return Err(BenchError::Setting("a search found nothing"));
            }
            times.push(time);
        }
        let record = by_uprn(&client, &home)?;
        let (time, row) = timed(|| client.properties().resolve(&record.to_string()));
        row?;
        floor.push(time);
    }
    let runs = times.len();
    report.add(&Figure::new("search", runs, median_ms(times), "ms", Some(median_ms(floor))))
}

fn by_uprn(client: &Client, home: &Property) -> Result<doorstep_client_core::device::RecordId, BenchError> {
    let uprn = home.uprn.as_ref().map(ToString::to_string).unwrap_or_default();
    Ok(client.properties().resolve(&uprn)?)
}

pub(crate) fn wire_edit(_: &Plan, report: &mut Report<'_>) -> Result<(), BenchError> {
    let folder = tempfile::tempdir()?;
    let client = alone(&folder.path().join("device"))?;
    scene::full_home(&client, 1)?;
    let seal = || -> Result<Vec<usize>, BenchError> {
        let shared = client.device();
        let mut device = shared.lock().map_err(|_| BenchError::Setting("the device failed before"))?;
        let now = client.now();
        let failed = doorstep_client_core::client::ClientError::from;
        let before = envelopes::count(device.store().reader()).map_err(failed)?;
        while device.seal_pending(now, &mut doorstep_client_core::randomness::os()).map_err(failed2)? > 0 {}
        let all = envelopes::page_after(device.store().reader(), 0, usize::MAX).map_err(failed)?;
        let new = usize::try_from(before).unwrap_or(usize::MAX);
        Ok(all.iter().skip(new).map(|kept| kept.bytes.len()).collect())
    };
    seal()?;
    let rows = client.properties().list(0, 1)?;
    let record = rows.first().map(|row| doorstep_client_core::device::RecordId(row.record));
    let record = record.ok_or(BenchError::Setting("no home"))?;
    client.write(|draft| {
        draft.edit(record, Class::Home, |edit| {
            edit.put(&doorstep_client_core::records::home::Dwelling {
                bedrooms: Some(2),
                floor: Some(1),
                heating: Some("heat pump".into()),
                ..Default::default()
            })
        })
    })?;
    let lengths = seal()?;
    let [length] = lengths.as_slice() else { return Err(BenchError::Setting("the edit is not one envelope")) };
    // In the request an envelope has three bytes of framing before it.
    let on_the_wire = (length + 3) as f64;
    report.add(&Figure::new("wire.edit", 1, on_the_wire, "bytes", Some((OVERHEAD_BYTES + PADDED_BYTES_MIN) as f64)))
}

fn failed2(error: doorstep_client_core::device::DeviceError) -> BenchError {
    BenchError::Client(error.into())
}
