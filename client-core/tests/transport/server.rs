//! The real server in this process, over real sockets.

use doorstep_client_core::store::Store;
use doorstep_client_core::store::outbox::Delivery;
use doorstep_client_core::sync::{Activity, End, Progress, SyncReport, Watching};
use doorstep_client_core::transport::{Connection, PlainHttp, ServerAddress, TransportError, Trust};
use doorstep_protocol::SignPublic;
use doorstep_server::{Config, Running, Server};
use tokio_util::sync::CancellationToken;

use crate::harness::{World, http, notes, record, sync, syncer};

struct Real {
    running: Running,
    folder: tempfile::TempDir,
}

impl Real {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { running: Server::start(Config::in_folder(folder.path())).unwrap(), folder }
    }

    fn url(&self) -> String {
        format!("http://{}", self.running.address())
    }

    fn key(&self) -> SignPublic {
        self.running.server_key()
    }

    /// Stops it and starts another with the same key on an empty store, as after a disk was lost.
    fn wiped(self) -> Self {
        let fresh = tempfile::tempdir().unwrap();
        let Self { running, folder } = self;
        running.stop();
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            if name.contains("key") || name.contains("secret") {
                std::fs::copy(entry.path(), fresh.path().join(name)).unwrap();
            }
        }
        Self { running: Server::start(Config::in_folder(fresh.path())).unwrap(), folder: fresh }
    }
}

#[track_caller]
fn caught_up(report: &SyncReport) {
    assert_eq!(report.end, End::CaughtUp, "{report:?}");
    assert_eq!((report.to_send, report.refused, report.message.as_ref()), (0, 0, None), "{report:?}");
}

#[tokio::test]
async fn two_devices_meet_through_the_server() {
    let real = Real::start();
    let mut world = World::found(1, &real.url(), real.key());
    let transport = http(&real.url(), real.key());
    let mut desk = syncer(&world.desk.device, transport.clone());
    // The server has never heard of the partnership: the desk brings it its log.
    let report = sync(&mut desk).await;
    caught_up(&report);
    assert!(report.log_entries_offered > 0);
    let tablet = world.enrol(&transport, Store::in_memory().unwrap()).await;
    let at_desk = record(&world.desk.device, 7, "seen by the desk");
    caught_up(&sync(&mut desk).await);
    let mut field = syncer(&tablet.device, http(&real.url(), real.key()));
    let report = sync(&mut field).await;
    caught_up(&report);
    assert!(report.log_entries > 0 && report.applied >= 2, "{report:?}");
    let at_tablet = record(&tablet.device, 8, "seen by the tablet");
    assert_eq!(at_desk, at_tablet);
    caught_up(&sync(&mut field).await);
    caught_up(&sync(&mut desk).await);
    for device in [&world.desk.device, &tablet.device] {
        assert_eq!(notes(device, at_desk), ["seen by the desk", "seen by the tablet"]);
        let device = device.lock().unwrap();
        assert_eq!(device.delivery(at_desk).unwrap(), Delivery::Delivered);
        assert_eq!(device.verify().unwrap().faults, Vec::<String>::new());
    }
}

#[tokio::test]
async fn nothing_new_costs_one_request_under_one_kilobyte_each_way() {
    let real = Real::start();
    let world = World::found(2, &real.url(), real.key());
    let mut desk = syncer(&world.desk.device, http(&real.url(), real.key()));
    record(&world.desk.device, 7, "a note");
    caught_up(&sync(&mut desk).await);
    let report = sync(&mut desk).await;
    caught_up(&report);
    assert_eq!((report.requests, report.exchanges), (1, 1));
    println!("no change: {} bytes up, {} bytes down", report.up_bytes, report.down_bytes);
    assert!(report.up_bytes > 0 && report.up_bytes < 1_024, "{report:?}");
    assert!(report.down_bytes > 0 && report.down_bytes < 1_024, "{report:?}");
}

#[tokio::test]
async fn a_wiped_server_is_brought_the_log_and_all_work_again() {
    let real = Real::start();
    let mut world = World::found(3, &real.url(), real.key());
    let transport = http(&real.url(), real.key());
    let mut desk = syncer(&world.desk.device, transport.clone());
    caught_up(&sync(&mut desk).await);
    let tablet = world.enrol(&transport, Store::in_memory().unwrap()).await;
    let mut field = syncer(&tablet.device, transport);
    caught_up(&sync(&mut field).await);
    let place = record(&tablet.device, 8, "before the disk was lost");
    caught_up(&sync(&mut field).await);
    let real = real.wiped();
    // A new driver each, because the address is a new one; the devices know the lost store.
    let mut field = syncer(&tablet.device, http(&real.url(), real.key()));
    let report = sync(&mut field).await;
    caught_up(&report);
    assert!(report.log_entries_offered > 0 && report.sent > 0, "{report:?}");
    let mut desk = syncer(&world.desk.device, http(&real.url(), real.key()));
    caught_up(&sync(&mut desk).await);
    assert_eq!(notes(&world.desk.device, place), ["before the disk was lost"]);
}

#[tokio::test]
async fn a_device_that_was_not_accepted_yet_waits_and_says_so() {
    let real = Real::start();
    let mut world = World::found(4, &real.url(), real.key());
    let transport = http(&real.url(), real.key());
    caught_up(&sync(&mut syncer(&world.desk.device, transport.clone())).await);
    let (tablet, _) = world.invite(Store::in_memory().unwrap());
    let mut field = syncer(&tablet.device, transport);
    let report = sync(&mut field).await;
    assert!(matches!(report.end, End::Waiting { .. }), "{report:?}");
    assert!(report.message.unwrap().contains("does not know this device yet"));
}

#[tokio::test]
async fn who_stays_hears_of_the_others_work_and_sends_its_own_edits() {
    let real = Real::start();
    let mut world = World::found(5, &real.url(), real.key());
    let transport = http(&real.url(), real.key());
    let mut desk = syncer(&world.desk.device, transport.clone());
    caught_up(&sync(&mut desk).await);
    let tablet = world.enrol(&transport, Store::in_memory().unwrap()).await;
    let mut field = syncer(&tablet.device, transport);
    let (cancel, waker) = (CancellationToken::new(), field.waker());
    let mut status = field.status();
    let mut applied = tokio::sync::mpsc::unbounded_channel();
    let staying = tokio::spawn({
        let cancel = cancel.clone();
        async move {
            let told = &mut |report: &SyncReport| applied.0.send((report.applied, report.sent)).unwrap();
            field.run(&cancel, &mut |_: &Progress| {}, told).await;
        }
    });
    status.wait_for(|status| status.watching == Watching::Yes).await.unwrap();
    let place = record(&world.desk.device, 7, "seen by the desk");
    caught_up(&sync(&mut desk).await);
    // No edit and no timer on the tablet: the notice wakes it.
    while applied.1.recv().await.unwrap().0 == 0 {}
    assert_eq!(notes(&tablet.device, place), ["seen by the desk"]);
    record(&tablet.device, 8, "seen by the tablet");
    waker.wake();
    while applied.1.recv().await.unwrap().1 == 0 {}
    caught_up(&sync(&mut desk).await);
    assert_eq!(notes(&world.desk.device, place), ["seen by the desk", "seen by the tablet"]);
    cancel.cancel();
    staying.await.unwrap();
    assert_eq!(status.borrow().activity, Activity::Resting);
}

#[tokio::test]
async fn a_server_with_another_key_is_not_believed() {
    let (real, other) = (Real::start(), Real::start());
    let world = World::found(6, &real.url(), real.key());
    let mut desk = syncer(&world.desk.device, http(&other.url(), real.key()));
    let report = sync(&mut desk).await;
    assert!(matches!(report.end, End::Waiting { .. }), "{report:?}");
    assert!(report.message.unwrap().contains("not signed by the server"));
}

#[tokio::test]
async fn an_unknown_server_introduces_itself_and_nobody_listens_elsewhere() {
    let real = Real::start();
    let address = |url: &str| ServerAddress::parse(url, PlainHttp::LoopbackOnly).unwrap();
    let connection = Connection::new(address(&real.url()), &Trust::Public).unwrap();
    assert_eq!(connection.introduce().await.unwrap().server_key, real.key());
    let url = real.url();
    real.running.stop();
    let gone = Connection::new(address(&url), &Trust::Public).unwrap().introduce().await;
    assert!(matches!(gone, Err(TransportError::Offline { .. })), "{gone:?}");
}

#[tokio::test]
async fn tls_is_believed_for_the_named_certificate_only() {
    let folder = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let (certificate, key) = (folder.path().join("cert.pem"), folder.path().join("cert.key"));
    std::fs::write(&certificate, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let mut config = Config::in_folder(folder.path().join("data"));
    config.tls = Some(doorstep_server::config::TlsFiles { certificate, key });
    let running = Server::start(config).unwrap();
    let address = |host: &str| {
        let url = format!("https://{host}:{}", running.address().port());
        ServerAddress::parse(&url, PlainHttp::LoopbackOnly).unwrap()
    };
    let pinned = Trust::Only(made.cert.pem().into_bytes());
    // By name as an authority would be, and by address because it is byte for byte the named one.
    for host in ["localhost", "127.0.0.1"] {
        let connection = Connection::new(address(host), &pinned).unwrap();
        assert_eq!(connection.introduce().await.unwrap().server_key, running.server_key());
    }
    let other = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    for trust in [Trust::Public, Trust::PublicAnd(other.cert.pem().into_bytes())] {
        let refused = Connection::new(address("localhost"), &trust).unwrap().introduce().await;
        assert!(
            matches!(&refused, Err(TransportError::Misbehaved(found)) if found.to_string().contains("certificate")),
            "{refused:?}"
        );
    }
    assert!(Connection::new(address("localhost"), &Trust::Only(b"no certificate".to_vec())).is_err());
}
