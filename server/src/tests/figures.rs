//! Figures against a floor measured in the same run. Run by
//! `cargo test --release -p doorstep-server figures -- --ignored --nocapture --test-threads 1`.

use std::time::Instant;

use doorstep_protocol::wire::SyncRequest;
use doorstep_protocol::{Bytes, Class, ZoneId};
use rusqlite::{Connection, params};

use super::client;
use super::http::station;
use super::relay::{Street, keys};
use super::town::{Device, Town};

const DEVICES: usize = 8;
const REQUESTS_EACH: usize = 12;
const ENVELOPES_EACH: usize = 200;
/// A padded plaintext of one edit to one document.
const PADDED_BYTES: usize = 512;

struct Load {
    town: Town,
    /// For each device, its requests.
    work: Vec<(Device, Vec<SyncRequest>)>,
    bytes: Vec<Vec<u8>>,
}

fn load() -> Load {
    let mut town = Town::new(keys().public());
    let devices: Vec<Device> = (0..DEVICES).map(|_| town.device()).collect();
    let team = town.team(1, &devices.iter().collect::<Vec<_>>());
    let zones: Vec<ZoneId> = (1..=4).map(|n| town.zone(n, Class::Register, team)).collect();
    let mut bytes = Vec::new();
    let mut work = Vec::new();
    for mut device in devices {
        let mut requests = Vec::new();
        for _ in 0..REQUESTS_EACH {
            let write = |n: usize| town.write_long(&mut device, zones[n % zones.len()], PADDED_BYTES);
            let envelopes: Vec<Bytes> = (0..ENVELOPES_EACH).map(write).collect();
            bytes.extend(envelopes.iter().map(|envelope| envelope.0.clone()));
            // The cursors stand past everything: only the push is measured.
            let cursors = zones.iter().map(|zone| doorstep_protocol::wire::Cursor {
                zone: *zone,
                number: doorstep_protocol::FeedNumber(u64::MAX),
            });
            requests.push(town.request(cursors.collect(), envelopes));
        }
        work.push((device, requests));
    }
    Load { town, work, bytes }
}

/// The same bytes into one table, in transactions of one request each, by one writer.
fn floor(load: &Load) -> f64 {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mut connection = Connection::open(folder.path().join("floor.db")).expect("a file");
    let _mode: String = connection.pragma_update_and_check(None, "journal_mode", "WAL", |row| row.get(0)).expect("WAL");
    connection.pragma_update(None, "synchronous", "FULL").expect("FULL");
    connection.execute_batch("CREATE TABLE t (n INTEGER PRIMARY KEY, bytes BLOB NOT NULL)").expect("a table");
    let begun = Instant::now();
    for batch in load.bytes.chunks(ENVELOPES_EACH) {
        let tx = connection.transaction().expect("begun");
        for bytes in batch {
            tx.prepare_cached("INSERT INTO t (bytes) VALUES (?1)")
                .and_then(|mut insert| insert.execute(params![bytes]))
                .expect("inserted");
        }
        tx.commit().expect("committed");
    }
    load.bytes.len() as f64 / begun.elapsed().as_secs_f64()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "a measurement: see the command at the top of this file"]
async fn server_push() {
    let load = load();
    let floor = floor(&load);
    let station = station(|_| {});
    let running = &station.running;
    client::append(running, &load.town.bring()).await;
    let id = load.town.id();
    let mut sessions = Vec::new();
    for (device, _) in &load.work {
        sessions.push(client::session(running, id, device).await.session.0);
    }
    let begun = Instant::now();
    let pushes = load.work.iter().zip(&sessions).map(|((device, requests), session)| async move {
        for request in requests {
            let (answer, _) = client::sync(running, id, device, session, request).await;
            assert_eq!(answer.status, http::StatusCode::OK);
        }
    });
    futures_util::future::join_all(pushes).await;
    let value = load.bytes.len() as f64 / begun.elapsed().as_secs_f64();
    println!("server.push {value:.0} envelopes/s, floor {floor:.0}, ratio {:.2}", value / floor);
}

fn resident_bytes() -> usize {
    let status = std::fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).expect("a line");
    line.trim().trim_end_matches(" kB").parse::<usize>().expect("a number") * 1024
}

#[tokio::test]
#[ignore = "a measurement: see the command at the top of this file"]
async fn watch_idle() {
    const WATCHERS: usize = 2_000;
    let street = Street::new();
    let station = station(|config| config.limits.watchers_max = WATCHERS);
    let running = &station.running;
    client::append(running, &street.town.bring()).await;
    let session = client::session(running, street.town.id(), &street.b).await.session.0;
    let mut watches = Vec::with_capacity(WATCHERS);
    let mut before = 0;
    for n in 0..WATCHERS {
        watches.push(super::watch::Watch::opened(running, &street, &street.b, &session).await);
        if n == WATCHERS / 2 {
            before = resident_bytes();
        }
    }
    let metrics = client::get(running.address(), "/metrics").await.body;
    assert!(String::from_utf8_lossy(&metrics).contains(&format!("doorstep_watchers {WATCHERS}\n")), "all are there");
    let each = (resident_bytes() - before) / (WATCHERS / 2);
    println!("watch.idle {each} bytes each, the test's own socket included");
}
