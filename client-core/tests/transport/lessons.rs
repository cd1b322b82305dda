//! What went wrong elsewhere, each a test.

use std::time::Duration;

use doorstep_client_core::device::Device;
use doorstep_client_core::replica::machine::{Fault, RETRY_MS_MIN, Stop};
use doorstep_client_core::store::Store;
use doorstep_client_core::store::outbox::Delivery;
use doorstep_client_core::sync::{Activity, End, Progress, SyncReport};
use doorstep_client_core::vault::DeviceSecrets;
use doorstep_crypto::keys::SigningKey;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::harness::{World, http, notes, record, seeded, sync, syncer};
use crate::over_relay::{Inject, OverRelay};

/// The server commits, and the device dies before it hears so.
#[tokio::test]
async fn lesson_02_killed_between_commit_and_answer_gets_the_same_receipt() {
    let relay = OverRelay::new(1);
    let mut world = World::found(20, "http://127.0.0.1:1", relay.key());
    assert_eq!(sync(&mut syncer(&world.desk.device, relay.clone())).await.end, End::CaughtUp);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ops.db");
    let secrets = DeviceSecrets::make(&mut seeded(1));
    let tablet = world.enrol(&relay, Store::open(&path, &secrets.database).unwrap()).await;
    let mut field = syncer(&tablet.device, relay.clone());
    assert_eq!(sync(&mut field).await.end, End::CaughtUp);
    let place = record(&tablet.device, 7, "written once");
    relay.inject(&[Inject::LostAnswer]);
    let report = sync(&mut field).await;
    assert!(matches!(report.end, End::Waiting { fault: Fault::Offline, .. }), "{report:?}");
    let id = tablet.device.lock().unwrap().id();
    let committed = relay.heads(world.partnership(), id);
    assert!(committed.values().any(|point| point.number.0 > 0), "the server has it");
    // The program is gone; what is on disk is opened again.
    drop(field);
    drop(tablet.device);
    let device = Device::open(Store::open(&path, &secrets.database).unwrap(), tablet.secrets, &mut seeded(2)).unwrap();
    assert_ne!(device.delivery(place).unwrap(), Delivery::Delivered, "nothing was acknowledged");
    let device = std::sync::Arc::new(std::sync::Mutex::new(device));
    let report = sync(&mut syncer(&device, relay.clone())).await;
    assert_eq!((report.end, report.to_send, report.refused), (End::CaughtUp, 0, 0), "{report:?}");
    assert_eq!(relay.heads(world.partnership(), id), committed, "the same numbers, nothing twice");
    assert_eq!(device.lock().unwrap().delivery(place).unwrap(), Delivery::Delivered);
    assert_eq!(notes(&device, place), ["written once"]);
}

/// A server takes the request and never answers: the tablet left signal.
#[tokio::test]
async fn lesson_02_a_half_open_socket_never_blocks_a_local_write() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let key = SigningKey::make(&mut seeded(3)).public();
    let world = World::found(21, &url, key);
    let mut desk = syncer(&world.desk.device, http(&url, key));
    let cancel = CancellationToken::new();
    let hanging = tokio::spawn({
        let cancel = cancel.clone();
        async move { desk.sync_once(&cancel, &mut |_: &Progress| {}).await }
    });
    let (mut socket, _) = listener.accept().await.unwrap();
    let mut request = [0u8; 16];
    socket.read_exact(&mut request).await.unwrap();
    // The request is out, and its answer will never come.
    let place = record(&world.desk.device, 7, "written meanwhile");
    assert_eq!(notes(&world.desk.device, place), ["written meanwhile"]);
    assert!(!hanging.is_finished());
    cancel.cancel();
    let report = hanging.await.unwrap();
    assert_eq!(report.end, End::Cancelled);
    assert!(report.to_send > 0, "what was written meanwhile is kept and owed: {report:?}");
}

/// An upload fails once, nobody edits, and it is sent all the same.
#[tokio::test(start_paused = true)]
async fn lesson_03_a_failed_upload_is_retried_by_its_own_timer() {
    let relay = OverRelay::new(1);
    let world = World::found(22, "http://127.0.0.1:1", relay.key());
    assert_eq!(sync(&mut syncer(&world.desk.device, relay.clone())).await.end, End::CaughtUp);
    let place = record(&world.desk.device, 7, "the only edit");
    relay.inject(&[Inject::Offline, Inject::Offline]);
    let mut desk = syncer(&world.desk.device, relay.clone());
    let (cancel, begun) = (CancellationToken::new(), Instant::now());
    let mut ends = Vec::new();
    let stop = cancel.clone();
    let told = &mut |report: &SyncReport| {
        ends.push(report.end);
        if report.end == End::CaughtUp {
            stop.cancel();
        }
    };
    desk.run(&cancel, &mut |_: &Progress| {}, told).await;
    assert!(
        matches!(
            ends[..],
            [End::Waiting { fault: Fault::Offline, .. }, End::Waiting { fault: Fault::Offline, .. }, End::CaughtUp]
        ),
        "{ends:?}"
    );
    let waited = begun.elapsed();
    assert!(waited >= Duration::from_millis(RETRY_MS_MIN / 2 + RETRY_MS_MIN), "a second pause is longer: {waited:?}");
    assert_eq!(world.desk.device.lock().unwrap().delivery(place).unwrap(), Delivery::Delivered);
}

/// A server that asks for a pause is left alone for that long, even by edits.
#[tokio::test(start_paused = true)]
async fn lesson_03_a_pause_that_the_server_asks_for_is_kept() {
    let relay = OverRelay::new(1);
    let world = World::found(23, "http://127.0.0.1:1", relay.key());
    assert_eq!(sync(&mut syncer(&world.desk.device, relay.clone())).await.end, End::CaughtUp);
    relay.inject(&[Inject::Busy { retry_after_ms: 40_000 }]);
    let mut desk = syncer(&world.desk.device, relay.clone());
    let (cancel, begun, waker) = (CancellationToken::new(), Instant::now(), desk.waker());
    record(&world.desk.device, 7, "an edit");
    let stop = cancel.clone();
    let told = &mut |report: &SyncReport| match report.end {
        End::CaughtUp => stop.cancel(),
        _ => waker.wake(),
    };
    desk.run(&cancel, &mut |_: &Progress| {}, told).await;
    assert!(begun.elapsed() >= Duration::from_secs(40), "{:?}", begun.elapsed());
    assert_eq!(world.desk.device.lock().unwrap().standing().unwrap().outbox.to_send, 0);
}

/// Every failure has a state that a person sees, with words that say what to do.
#[tokio::test]
async fn lesson_15_each_fault_shows_in_the_status() {
    let waiting =
        |fault| move |activity: Activity| matches!(activity, Activity::Waiting { fault: found, .. } if found == fault);
    let stopped = |stop| move |activity: Activity| activity == Activity::Stopped { stop };
    type Expected = Box<dyn Fn(Activity) -> bool>;
    let cases: [(Inject, Expected, &str); 9] = [
        (Inject::Offline, Box::new(waiting(Fault::Offline)), "no connection"),
        (Inject::LostAnswer, Box::new(waiting(Fault::Offline)), "no connection"),
        (Inject::CutAfterFrames(1), Box::new(waiting(Fault::BadAnswer)), "ends before its end"),
        (Inject::WrongClosing, Box::new(waiting(Fault::BadAnswer)), "has not signed"),
        (Inject::NotTheServer, Box::new(waiting(Fault::BadAnswer)), "not signed by the server"),
        (Inject::Busy { retry_after_ms: 1_000 }, Box::new(waiting(Fault::Busy)), "busy"),
        (Inject::Revoked, Box::new(stopped(Stop::Refused)), "revoked"),
        (Inject::OtherVersion, Box::new(stopped(Stop::Incompatible)), "another version"),
        (Inject::SessionEnded, Box::new(|activity| activity == Activity::Resting), ""),
    ];
    for (inject, expected, words) in cases {
        let relay = OverRelay::new(1);
        let world = World::found(24, "http://127.0.0.1:1", relay.key());
        assert_eq!(sync(&mut syncer(&world.desk.device, relay.clone())).await.end, End::CaughtUp);
        record(&world.desk.device, 7, "not to be lost");
        relay.inject(&[inject]);
        let mut desk = syncer(&world.desk.device, relay.clone());
        let status = desk.status();
        let report = sync(&mut desk).await;
        let status = status.borrow().clone();
        assert!(expected(status.activity), "{inject:?}: {status:?}");
        let message = status.message.unwrap_or_default();
        assert!(message.contains(words), "{inject:?}: {message}");
        assert_eq!(report.message.unwrap_or_default(), message);
        let json = serde_json::to_value(desk.status().borrow().clone()).unwrap();
        assert!(json.get("activity").is_some(), "{json}");
        if !words.is_empty() {
            assert!(report.to_send > 0, "{inject:?}: what was not sent is counted");
        }
    }
}
