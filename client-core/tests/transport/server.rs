//! The real server in this process, over real sockets.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use doorstep_client_core::partnership::{self, Written};
use doorstep_client_core::replica::machine::Fault;
use doorstep_client_core::store::outbox::Delivery;
use doorstep_client_core::store::{Store, log};
use doorstep_client_core::sync::{Activity, End, Progress, SyncReport, Watching};
use doorstep_client_core::transport::{
    Connection, HttpTransport, Misbehaved, PlainHttp, ServerAddress, Transport as _, TransportError, Trust,
};
use doorstep_protocol::authority::{Adopt, RevokeReason};
use doorstep_protocol::{EnvelopeId, LogHash, LogSize, SignPublic, limits};
use doorstep_server::config::TlsFiles;
use doorstep_server::{Config, Running, Server};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

use crate::harness::{NOW, World, append, http, notes, record, sync, syncer};

struct Real {
    running: Running,
    folder: tempfile::TempDir,
    trust: Trust,
}

impl Real {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        Self { running: Server::start(Config::in_folder(folder.path())).unwrap(), folder, trust: Trust::Public }
    }

    /// With a certificate of its own.
    fn start_with_tls() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
        let (certificate, key) = (folder.path().join("cert.pem"), folder.path().join("cert.key"));
        std::fs::write(&certificate, made.cert.pem()).unwrap();
        std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
        let mut config = Config::in_folder(folder.path().join("data"));
        config.tls = Some(TlsFiles { certificate, key });
        Self { running: Server::start(config).unwrap(), folder, trust: Trust::Only(made.cert.pem().into_bytes()) }
    }

    fn url(&self) -> String {
        let port = self.running.address().port();
        match self.trust {
            Trust::Public => format!("http://127.0.0.1:{port}"),
            _ => format!("https://localhost:{port}"),
        }
    }

    fn connection(&self, url: &str, trust: &Trust) -> Connection {
        Connection::new(ServerAddress::parse(url, PlainHttp::LoopbackOnly).unwrap(), trust).unwrap()
    }

    fn transport(&self) -> HttpTransport {
        self.connection(&self.url(), &self.trust).trusting(self.key())
    }

    fn key(&self) -> SignPublic {
        self.running.server_key()
    }

    /// Stops it and starts another with the same key on an empty store, as after a disk was lost.
    fn wiped(self) -> Self {
        let fresh = tempfile::tempdir().unwrap();
        let Self { running, folder, trust } = self;
        running.stop();
        for entry in std::fs::read_dir(folder.path()).unwrap() {
            let entry = entry.unwrap();
            let name = entry.file_name().into_string().unwrap();
            if name.contains("key") || name.contains("secret") {
                std::fs::copy(entry.path(), fresh.path().join(name)).unwrap();
            }
        }
        Self { running: Server::start(Config::in_folder(fresh.path())).unwrap(), folder: fresh, trust }
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
    let transport = real.transport();
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
    let transport = real.transport();
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

/// The tablet that brings the log first holds no wraps but its own: those of everybody else come with the desk.
#[tokio::test]
async fn wraps_of_others_come_back_to_a_wiped_server_with_the_desk_whoever_brought_the_log() {
    let real = Real::start();
    let mut world = World::found(14, &real.url(), real.key());
    let transport = real.transport();
    let mut desk = syncer(&world.desk.device, transport.clone());
    caught_up(&sync(&mut desk).await);
    let first = world.enrol(&transport, Store::in_memory().unwrap()).await;
    let third = world.enrol(&transport, Store::in_memory().unwrap()).await;
    let lost = world.enrol(&transport, Store::in_memory().unwrap()).await;
    let lost = (lost.device.lock().unwrap().id(), RevokeReason::Lost);
    let revoked = {
        let desk = world.desk.device.lock().unwrap();
        partnership::revoke(&desk, lost, &[], NOW, &mut world.rng).unwrap().0
    };
    transport.append_log(&append(world.partnership(), &revoked)).await.unwrap();
    partnership::take_written(&mut world.desk.device.lock().unwrap(), &revoked).unwrap();
    let mut field = syncer(&first.device, transport);
    caught_up(&sync(&mut field).await);
    let place = record(&first.device, 8, "before the disk was lost");
    caught_up(&sync(&mut field).await);
    caught_up(&sync(&mut desk).await);
    // The third tablet has never synced: its new keys lie at the server when that loses its disk.
    let real = real.wiped();
    let mut field = syncer(&first.device, http(&real.url(), real.key()));
    caught_up(&sync(&mut field).await);
    let mut unread = syncer(&third.device, http(&real.url(), real.key()));
    sync(&mut unread).await;
    assert_eq!(notes(&third.device, place), Vec::<String>::new());
    let mut desk = syncer(&world.desk.device, http(&real.url(), real.key()));
    caught_up(&sync(&mut desk).await);
    caught_up(&sync(&mut unread).await);
    assert_eq!(notes(&third.device, place), ["before the disk was lost"]);
    assert!(world.desk.device.lock().unwrap().wraps_to_bring().unwrap().is_none(), "they were taken");
}

/// Entries that an append holds at most are far fewer than this log has, and the new server is named by the last of them.
#[tokio::test]
async fn a_log_of_many_years_moves_to_a_new_server_when_the_old_one_is_gone() {
    let old = Real::start();
    let mut world = World::found(16, &old.url(), old.key());
    let transport = old.transport();
    let mut desk = syncer(&world.desk.device, transport.clone());
    caught_up(&sync(&mut desk).await);
    let tablet = world.enrol(&transport, Store::in_memory().unwrap()).await;
    let mut field = syncer(&tablet.device, transport);
    caught_up(&sync(&mut field).await);
    let place = record(&tablet.device, 8, "before the server went");
    caught_up(&sync(&mut field).await);
    let (roots, _) = crate::lost::kit(&world, &[0, 1, 2]);
    old.running.stop();
    let new = Real::start();
    let moved = {
        let mut desk = world.desk.device.lock().unwrap();
        let (id, zone) = (desk.id(), *desk.authority().unwrap().zones().keys().next().unwrap());
        let adopts: Vec<Adopt> = (0..2 * limits::LOG_APPEND_ENTRIES_MAX)
            .map(|at| Adopt { zone, author: id, envelopes: vec![EnvelopeId([(at % 251) as u8; 32])] })
            .collect();
        let years = partnership::adopt(&desk, &adopts, NOW).unwrap();
        partnership::take_written(&mut desk, &years).unwrap();
        let moved = partnership::set_server(&desk, &roots, new.key(), NOW).unwrap();
        partnership::settle(&mut desk, world.partnership(), &moved, (&new.url(), &new.key())).unwrap();
        log::entries(desk.store().reader()).unwrap()
    };
    let mut desk = syncer(&world.desk.device, http(&new.url(), new.key()));
    let report = sync(&mut desk).await;
    caught_up(&report);
    assert_eq!(report.log_entries_offered, moved.len() as u64, "{report:?}");
    {
        // By a carrier file, as `server use` asks for.
        let mut tablet = tablet.device.lock().unwrap();
        let all = Written { base_size: LogSize(0), base_head: LogHash::ZERO, entries: moved, wraps: Vec::new() };
        partnership::settle(&mut tablet, world.partnership(), &all, (&new.url(), &new.key())).unwrap();
    }
    let mut field = syncer(&tablet.device, http(&new.url(), new.key()));
    caught_up(&sync(&mut field).await);
    caught_up(&sync(&mut desk).await);
    assert_eq!(notes(&world.desk.device, place), ["before the server went"]);
}

#[tokio::test]
async fn a_device_that_was_not_accepted_yet_waits_and_says_so() {
    let real = Real::start();
    let mut world = World::found(4, &real.url(), real.key());
    let transport = real.transport();
    caught_up(&sync(&mut syncer(&world.desk.device, transport.clone())).await);
    let (tablet, _) = world.invite(Store::in_memory().unwrap());
    let mut field = syncer(&tablet.device, transport);
    let report = sync(&mut field).await;
    assert!(matches!(report.end, End::Waiting { .. }), "{report:?}");
    assert!(report.message.unwrap().contains("does not know this device yet"));
}

#[tokio::test]
async fn who_stays_hears_of_the_others_work_and_sends_its_own_edits() {
    for real in [Real::start(), Real::start_with_tls()] {
        let mut world = World::found(5, &real.url(), real.key());
        let mut desk = syncer(&world.desk.device, real.transport());
        caught_up(&sync(&mut desk).await);
        let tablet = world.enrol(&real.transport(), Store::in_memory().unwrap()).await;
        let mut field = syncer(&tablet.device, real.transport());
        let (cancel, waker) = (CancellationToken::new(), field.waker());
        let mut status = field.status();
        let (tell, mut told) = tokio::sync::mpsc::unbounded_channel();
        let staying = tokio::spawn({
            let cancel = cancel.clone();
            async move {
                let told = &mut |report: &SyncReport| tell.send((report.applied, report.sent)).unwrap();
                field.run(&cancel, &mut |_: &Progress| {}, told).await;
            }
        });
        status.wait_for(|status| status.watching == Watching::Yes).await.unwrap();
        let place = record(&world.desk.device, 7, "seen by the desk");
        caught_up(&sync(&mut desk).await);
        // No edit and no timer on the tablet: the notice wakes it.
        while told.recv().await.unwrap().0 == 0 {}
        assert_eq!(notes(&tablet.device, place), ["seen by the desk"]);
        record(&tablet.device, 8, "seen by the tablet");
        waker.wake();
        while told.recv().await.unwrap().1 == 0 {}
        caught_up(&sync(&mut desk).await);
        assert_eq!(notes(&world.desk.device, place), ["seen by the desk", "seen by the tablet"]);
        cancel.cancel();
        staying.await.unwrap();
        assert_eq!(status.borrow().activity, Activity::Resting);
        assert_eq!(status.borrow().watching, Watching::No);
    }
}

#[tokio::test]
async fn lesson_15_who_stays_says_when_the_server_is_gone() {
    let real = Real::start();
    let world = World::found(7, &real.url(), real.key());
    let mut desk = syncer(&world.desk.device, real.transport());
    let (cancel, waker, mut status) = (CancellationToken::new(), desk.waker(), desk.status());
    let staying = tokio::spawn({
        let cancel = cancel.clone();
        async move { desk.run(&cancel, &mut |_: &Progress| {}, &mut |_: &SyncReport| {}).await }
    });
    status.wait_for(|status| status.watching == Watching::Yes).await.unwrap();
    let stopping = tokio::task::spawn_blocking(move || real.running.stop());
    status.wait_for(|status| status.watching == Watching::No).await.unwrap();
    stopping.await.unwrap();
    record(&world.desk.device, 7, "not sent");
    waker.wake();
    let offline = |activity| matches!(activity, Activity::Waiting { fault: Fault::Offline, .. });
    let seen = status.wait_for(|status| offline(status.activity)).await.unwrap().clone();
    assert!(seen.message.is_some_and(|message| message.contains("no connection")));
    assert!(seen.caught_up.is_some(), "when it was last well is said too");
    cancel.cancel();
    staying.await.unwrap();
}

/// Carries bytes to a server, and counts connections.
async fn counting_proxy(to: SocketAddr) -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let accepted = Arc::new(AtomicUsize::new(0));
    let count = accepted.clone();
    tokio::spawn(async move {
        while let Ok((mut near, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::Relaxed);
            tokio::spawn(async move {
                let mut far = TcpStream::connect(to).await.unwrap();
                let _ends_when_one_side_does = tokio::io::copy_bidirectional(&mut near, &mut far).await;
            });
        }
    });
    (url, accepted)
}

#[tokio::test]
async fn one_connection_carries_many_catch_ups() {
    let real = Real::start();
    let (url, accepted) = counting_proxy(real.running.address()).await;
    let world = World::found(8, &url, real.key());
    let mut desk = syncer(&world.desk.device, http(&url, real.key()));
    for seed in 0..5 {
        record(&world.desk.device, seed, "one more");
        caught_up(&sync(&mut desk).await);
    }
    assert_eq!(accepted.load(Ordering::Relaxed), 1);
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
    let real = Real::start_with_tls();
    let port = real.running.address().port();
    // By name as an authority would be, and by address because it is byte for byte the named one.
    for host in ["localhost", "127.0.0.1"] {
        let connection = real.connection(&format!("https://{host}:{port}"), &real.trust);
        assert_eq!(connection.introduce().await.unwrap().server_key, real.key());
    }
    let other = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap().cert.pem().into_bytes();
    for trust in [Trust::Public, Trust::PublicAnd(other.clone()), Trust::Only(other)] {
        let refused = real.connection(&real.url(), &trust).introduce().await;
        assert_eq!(refused, Err(TransportError::Misbehaved(Misbehaved::Certificate)));
    }
    let address = ServerAddress::parse(&real.url(), PlainHttp::LoopbackOnly).unwrap();
    assert!(Connection::new(address, &Trust::Only(b"no certificate".to_vec())).is_err());
}
