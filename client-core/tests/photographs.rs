//! Photographs from a file on one device to the screen of another, over a real server: with breaks at every part, a server that
//! gives other parts than were asked for, one that is full, and one that was wiped.

use std::collections::VecDeque;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use doorstep_client_core::client::{Client, ClientError, Held, PhotographInput, PhotographRow, Sending, SystemClock};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::partnership::{AcceptPlan, Engagement, FoundingPlan, InvitePlan, OrganisationPlan};
use doorstep_client_core::records::index::Property;
use doorstep_client_core::records::{Reading, RowId};
use doorstep_client_core::store::outbox::Delivery;
use doorstep_client_core::sync::{Clock, End, Progress, SyncReport, Syncer};
use doorstep_client_core::transport::{
    Connection, Endpoint, FrameStream, HttpTransport, NoticeStream, PlainHttp, ServerAddress, SignedRequest, Stage,
    Traffic, Transport, TransportError, Trust,
};
use doorstep_client_core::vault::MemoryVault;
use doorstep_protocol::authority::{DeviceKind, OrganisationKind};
use doorstep_protocol::limits::PART_DATA_BYTES;
use doorstep_protocol::wire::{Challenge, ChallengeRequest, LogAppend, LogAppended, ServerCard, SessionAnswer};
use doorstep_protocol::{Millis, WorkerId};
use doorstep_server::{Config, Running, Server};
use image::codecs::jpeg::JpegEncoder;
use image::{Rgb, RgbImage};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use tokio_util::sync::CancellationToken;

/// What goes wrong with one part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Fault {
    None,
    /// It does not arrive.
    Offline,
    /// It arrives, and the answer is lost.
    LostAnswer,
    /// Another part comes instead.
    Swapped,
    /// It comes short.
    Truncated,
    /// It comes twice over.
    Doubled,
}

/// The way to a server, with faults on the parts.
#[derive(Clone)]
struct Faulty {
    http: HttpTransport,
    faults: Arc<Mutex<VecDeque<Fault>>>,
    puts: Arc<AtomicU64>,
    gets: Arc<AtomicU64>,
    last: Arc<Mutex<Vec<u8>>>,
}

impl Faulty {
    fn new(http: HttpTransport, faults: &[Fault]) -> Self {
        let faults = Arc::new(Mutex::new(faults.iter().copied().collect()));
        Self { http, faults, puts: Arc::default(), gets: Arc::default(), last: Arc::default() }
    }
}

impl Transport for Faulty {
    async fn card(&self) -> Result<ServerCard, TransportError> {
        self.http.card().await
    }

    async fn append_log(&self, append: &LogAppend) -> Result<LogAppended, TransportError> {
        self.http.append_log(append).await
    }

    async fn challenge(&self, asks: &ChallengeRequest) -> Result<Challenge, TransportError> {
        self.http.challenge(asks).await
    }

    async fn open_session(&self, request: SignedRequest) -> Result<SessionAnswer, TransportError> {
        self.http.open_session(request).await
    }

    async fn exchange(&self, request: SignedRequest) -> Result<FrameStream, TransportError> {
        self.http.exchange(request).await
    }

    async fn message(&self, request: SignedRequest, limit_bytes: usize) -> Result<Vec<u8>, TransportError> {
        let counted = match request.endpoint() {
            Endpoint::PutPart(_) => &self.puts,
            Endpoint::GetPart(_) => &self.gets,
            _ => return self.http.message(request, limit_bytes).await,
        };
        counted.fetch_add(1, Ordering::Relaxed);
        let fault = self.faults.lock().unwrap().pop_front().unwrap_or(Fault::None);
        if fault == Fault::Offline {
            return Err(TransportError::Offline { stage: Stage::Request });
        }
        let answer = self.http.message(request, limit_bytes).await?;
        let before = std::mem::replace(&mut *self.last.lock().unwrap(), answer.clone());
        match fault {
            Fault::LostAnswer => Err(TransportError::Offline { stage: Stage::Answer }),
            Fault::Swapped => Ok(before),
            Fault::Truncated => Ok(answer[..answer.len() - 1].to_vec()),
            Fault::Doubled => Ok([&answer[..], &answer].concat()),
            Fault::None | Fault::Offline => Ok(answer),
        }
    }

    async fn watch(&self, request: SignedRequest) -> Result<NoticeStream, TransportError> {
        self.http.watch(request).await
    }

    fn traffic(&self) -> Traffic {
        self.http.traffic()
    }
}

/// A desk and a tablet of one partnership, and their server.
struct Place {
    folder: tempfile::TempDir,
    running: Option<Running>,
    url: String,
    desk: Client,
    tablet: Client,
    home: RecordId,
    /// What the drivers' clocks say, beyond now.
    later_ms: Arc<AtomicU64>,
}

impl Place {
    async fn new(quota_bytes: u64) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let running = serve(&folder.path().join("server"), "127.0.0.1:0", quota_bytes);
        let url = format!("http://{}", running.address());
        let key = running.server_key();
        let open = |name: &str| {
            Client::create(&folder.path().join(name), &MemoryVault::default(), Arc::new(SystemClock)).unwrap()
        };
        let (desk, tablet) = (open("desk"), open("tablet"));
        let plan = FoundingPlan {
            organisations: vec![OrganisationPlan { name: "Council".into(), kind: OrganisationKind::Council }],
            area: "Ward".into(),
            desk: "Desk".into(),
            worker: "Officer".into(),
        };
        let http = transport(&url, &running);
        let founded = desk.partnership().found(&plan, &url, &key).unwrap();
        http.append_log(&founded.append).await.unwrap();
        let invitation = desk.partnership().invite(&InvitePlan::IN_PERSON).unwrap().invitation;
        let invitation = invitation.check(None, tablet.now()).unwrap();
        let request = tablet.partnership().begin(&invitation, DeviceKind::Personal).unwrap();
        let (organisation, teams) = {
            let device = desk.device();
            let device = device.lock().unwrap();
            let authority = device.authority().unwrap();
            (*authority.organisations().keys().next().unwrap(), authority.teams().keys().copied().collect())
        };
        let worker = WorkerId([9; 16]);
        let accept = AcceptPlan { organisation, teams, worker, engagement: Engagement::Staff, not_after: None };
        let (written, append) = desk.partnership().accept(&request, &accept).unwrap();
        http.append_log(&append).await.unwrap();
        desk.partnership().take(&written).unwrap();
        let property = Property {
            uprn: Some("100023336956".parse().unwrap()),
            line: Some("1 High Street".into()),
            ..Property::default()
        };
        let later_ms = Arc::default();
        let home = RecordId(doorstep_protocol::DocumentId([0; 16]));
        let mut place = Self { folder, running: Some(running), url, desk, tablet, home, later_ms };
        place.sync(&place.tablet, &[]).await;
        place.home = place.tablet.properties().add(&property).unwrap();
        place.sync(&place.tablet, &[]).await;
        place.sync(&place.desk, &[]).await;
        place
    }

    fn http(&self) -> HttpTransport {
        transport(&self.url, self.running.as_ref().unwrap())
    }

    fn syncer(&self, client: &Client, faults: &[Fault]) -> (Syncer<Faulty>, Faulty) {
        let faulty = Faulty::new(self.http(), faults);
        let later = self.later_ms.clone();
        let now = client.now();
        let clock = Clock::with_wall(move || Millis(now.0 + later.load(Ordering::Relaxed)));
        let rng = Box::new(ChaCha20Rng::seed_from_u64(9));
        (Syncer::new(client.device(), faulty.clone(), clock, rng).unwrap(), faulty)
    }

    async fn sync(&self, client: &Client, faults: &[Fault]) -> SyncReport {
        self.sync_counted(client, faults).await.0
    }

    async fn sync_counted(&self, client: &Client, faults: &[Fault]) -> (SyncReport, Faulty) {
        let (mut syncer, faulty) = self.syncer(client, faults);
        let report = syncer.sync_once(&CancellationToken::new(), &mut |_: &Progress| {}).await;
        assert_eq!(report.end, End::CaughtUp, "field work is in sync whatever becomes of photographs: {report:?}");
        (report, faulty)
    }

    fn add(&self, file: &[u8]) -> RowId {
        let about = PhotographInput { note: Some("damp by the window".into()), ..PhotographInput::default() };
        self.tablet.photographs().add(self.home, file, &about).unwrap()
    }

    fn only(&self, client: &Client) -> PhotographRow {
        let rows = client.photographs().list(self.home).unwrap();
        assert_eq!(rows.len(), 1, "{rows:?}");
        rows.into_iter().next().unwrap()
    }
}

fn serve(folder: &Path, listen: &str, quota_bytes: u64) -> Running {
    let mut config = Config::in_folder(folder);
    config.listen = listen.parse().unwrap();
    config.policy.parts_quota_bytes = quota_bytes;
    Server::start(config).unwrap()
}

fn transport(url: &str, running: &Running) -> HttpTransport {
    let address = ServerAddress::parse(url, PlainHttp::LoopbackOnly).unwrap();
    Connection::new(address, &Trust::Public).unwrap().trusting(running.server_key())
}

/// A picture that does not shrink when it is written: so many parts as its sides ask for.
fn noise(side: u32) -> Vec<u8> {
    let mut state = 0x2545_f491u32;
    let image = RgbImage::from_fn(side, side, |_, _| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        let [red, green, blue, _] = state.to_le_bytes();
        Rgb([red, green, blue])
    });
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 90).encode_image(&image).unwrap();
    bytes
}

/// How far a record has come, as its page says.
fn delivery(client: &Client, home: RecordId) -> Delivery {
    client.properties().get(home, Reading::Shown).unwrap().delivery
}

/// The parts of an original, and one of its thumbnail.
fn parts_of(row: &PhotographRow) -> u64 {
    u64::try_from((row.bytes.unwrap() as usize).div_ceil(PART_DATA_BYTES)).unwrap() + 1
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_photograph_taken_without_signal_reaches_another_device_thumbnail_first() {
    let place = Place::new(u64::MAX).await;
    let row = place.add(&noise(900));
    let here = place.only(&place.tablet);
    let parts = parts_of(&here);
    assert!(parts >= 3, "{here:?}");
    assert_eq!((here.thumbnail, here.original, here.sending), (Held::Here, Held::Here, Sending::Parts { left: parts }));
    assert_eq!((here.width, here.height, here.note.as_deref()), (Some(900), Some(900), Some("damp by the window")));
    // Field work alone is not the whole record.
    place.sync(&place.tablet, &[Fault::Offline]).await;
    assert_eq!(delivery(&place.tablet, place.home), Delivery::NotSent);
    assert_eq!(place.tablet.standing().unwrap().photograph_parts_to_send, parts);
    let report = place.sync(&place.tablet, &[]).await;
    assert_eq!((report.photographs.sent_parts, report.photographs.to_send_parts), (parts, 0), "{report:?}");
    assert_eq!(place.only(&place.tablet).sending, Sending::Sent);
    assert_eq!(delivery(&place.tablet, place.home), Delivery::Delivered);

    let report = place.sync(&place.desk, &[]).await;
    assert_eq!((report.photographs.fetched_parts, report.photographs.message), (1, None));
    let there = place.only(&place.desk);
    assert_eq!((there.row, there.thumbnail, there.original), (row, Held::Here, Held::NotHere));
    let (at_desk, at_tablet) = (place.desk.photographs(), place.tablet.photographs());
    assert_eq!(at_desk.original(place.home, row).unwrap(), None);
    let thumbnail = at_desk.thumbnail(place.home, row).unwrap();
    assert!(thumbnail.is_some() && thumbnail == at_tablet.thumbnail(place.home, row).unwrap());
    at_desk.want(place.home, row).unwrap();
    assert_eq!(place.only(&place.desk).original, Held::Wanted);
    let report = place.sync(&place.desk, &[]).await;
    assert_eq!(report.photographs.fetched_parts, parts - 1);
    let original = at_desk.original(place.home, row).unwrap();
    assert!(original.is_some() && original == at_tablet.original(place.home, row).unwrap());
    // Nothing new costs what it cost before there were photographs.
    let report = place.sync(&place.desk, &[]).await;
    assert_eq!(report.requests, 3, "a challenge, a session, a catch-up: {report:?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn until_its_parts_come_others_are_told_that_it_is_not_here_yet() {
    let place = Place::new(u64::MAX).await;
    let row = place.add(&noise(200));
    let report = place.sync(&place.tablet, &[Fault::Offline]).await;
    assert_eq!((report.photographs.sent_parts, report.photographs.to_send_parts), (0, 2));
    assert!(report.photographs.message.is_some_and(|message| message.contains("no connection")));
    let (_, asked) = place.sync_counted(&place.desk, &[]).await;
    assert_eq!(asked.gets.load(Ordering::Relaxed), 1);
    let there = place.only(&place.desk);
    assert_eq!((there.row, there.thumbnail), (row, Held::NotHere));
    assert_eq!(there.thumbnail.to_string(), "photograph not here yet");
    // It is not asked for with every catch-up.
    let (_, asked) = place.sync_counted(&place.desk, &[]).await;
    assert_eq!(asked.gets.load(Ordering::Relaxed), 0);
    place.sync(&place.tablet, &[]).await;
    place.later_ms.store(61_000, Ordering::Relaxed);
    place.sync(&place.desk, &[]).await;
    assert_eq!(place.only(&place.desk).thumbnail, Held::Here);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_upload_that_breaks_at_every_part_goes_on_there() {
    for fault in [Fault::Offline, Fault::LostAnswer] {
        let place = Place::new(u64::MAX).await;
        let row = place.add(&noise(900));
        let parts = parts_of(&place.only(&place.tablet));
        let mut brought = 0;
        for broken in 0..parts {
            // One part gets through, the next one breaks.
            let (report, faulty) = place.sync_counted(&place.tablet, &[Fault::None, fault]).await;
            brought += faulty.puts.load(Ordering::Relaxed);
            if report.photographs.to_send_parts == 0 {
                break;
            }
            assert!(broken + 1 < parts, "{report:?}");
        }
        assert_eq!(place.only(&place.tablet).sending, Sending::Sent);
        // With a lost answer the server has the part, and the next claim says so.
        let again = if fault == Fault::Offline { parts - 1 } else { 0 };
        assert_eq!(brought, parts + again, "nothing that arrived was brought again");
        place.desk.photographs().want(place.home, row).map_or_else(
            |error| assert!(matches!(error, ClientError::NotFound { what: "photograph" })),
            |()| panic!("the desk does not know of it yet"),
        );
        place.sync(&place.desk, &[]).await;
        place.desk.photographs().want(place.home, row).unwrap();
        place.sync(&place.desk, &[Fault::Offline]).await;
        place.sync(&place.desk, &[Fault::None, Fault::LostAnswer]).await;
        place.sync(&place.desk, &[]).await;
        let original = place.desk.photographs().original(place.home, row).unwrap();
        assert_eq!(original, place.tablet.photographs().original(place.home, row).unwrap());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_gives_another_part_is_not_believed() {
    let place = Place::new(u64::MAX).await;
    let row = place.add(&noise(900));
    place.sync(&place.tablet, &[]).await;
    place.sync(&place.desk, &[]).await;
    place.desk.photographs().want(place.home, row).unwrap();
    for fault in [Fault::Swapped, Fault::Truncated, Fault::Doubled] {
        let report = place.sync(&place.desk, &[Fault::None, fault]).await;
        assert_eq!(report.photographs.fetched_parts, 1, "{fault:?}");
        let message = report.photographs.message.expect("it is said");
        assert!(message.contains("another part") || message.contains("longer than"), "{message}");
        assert_eq!(place.desk.photographs().original(place.home, row).unwrap(), None, "{fault:?}");
        if place.only(&place.desk).original == Held::Here {
            panic!("all came: the picture needs more parts");
        }
    }
    place.sync(&place.desk, &[]).await;
    let original = place.desk.photographs().original(place.home, row).unwrap();
    assert_eq!(original, place.tablet.photographs().original(place.home, row).unwrap());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_full_server_is_said_in_words_and_nothing_is_lost() {
    let mut place = Place::new(200_000).await;
    let row = place.add(&noise(900));
    let report = place.sync(&place.tablet, &[]).await;
    let message = report.photographs.message.expect("it is said");
    assert!(message.contains("no more room") && message.contains("photo-quota-bytes"), "{message}");
    assert!(report.photographs.to_send_parts > 0);
    assert!(place.tablet.photographs().original(place.home, row).unwrap().is_some());
    // Field work goes through a server that is full of photographs.
    let more = Property { line: Some("2 High Street".into()), ..Property::default() };
    place.tablet.properties().add(&more).unwrap();
    let report = place.sync(&place.tablet, &[]).await;
    assert!(report.sent > 0 && report.to_send == 0, "{report:?}");
    // The operator makes room.
    let listen = place.url.strip_prefix("http://").unwrap().to_owned();
    place.running.take().unwrap().stop();
    place.running = Some(serve(&place.folder.path().join("server"), &listen, u64::MAX));
    let report = place.sync(&place.tablet, &[]).await;
    assert_eq!((report.photographs.to_send_parts, report.photographs.message), (0, None));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_lost_its_parts_gets_them_from_whoever_holds_them() {
    let mut place = Place::new(u64::MAX).await;
    let row = place.add(&noise(200));
    place.sync(&place.tablet, &[]).await;
    let listen = place.url.strip_prefix("http://").unwrap().to_owned();
    place.running.take().unwrap().stop();
    let server = place.folder.path().join("server");
    for name in ["store.db", "store.db-wal", "store.db-shm"] {
        let _there_or_not = std::fs::remove_file(server.join(name));
    }
    std::fs::remove_dir_all(server.join("parts")).unwrap();
    place.running = Some(serve(&server, &listen, u64::MAX));
    let report = place.sync(&place.tablet, &[]).await;
    assert_eq!((report.photographs.sent_parts, report.photographs.to_send_parts), (2, 0), "{report:?}");
    place.sync(&place.desk, &[]).await;
    assert!(place.desk.photographs().thumbnail(place.home, row).unwrap().is_some());
}

/// What a device holds is made again from its envelopes, and its sealed parts are read again.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_rebuild_finds_every_photograph_again_and_a_check_finds_a_part_that_was_changed() {
    let place = Place::new(u64::MAX).await;
    let row = place.add(&noise(200));
    let before = place.only(&place.tablet);
    place.tablet.rebuild().unwrap();
    assert_eq!(place.only(&place.tablet), before);
    let report = place.sync(&place.tablet, &[]).await;
    assert_eq!(report.photographs.sent_parts, 2);
    let checked = place.tablet.verify().unwrap();
    assert_eq!((checked.photograph_parts, checked.faults), (2, Vec::new()));
    for (path, mut bytes) in files(&place.folder.path().join("tablet/parts")) {
        bytes[40] ^= 1;
        std::fs::write(&path, bytes).unwrap();
    }
    assert!(place.tablet.verify().unwrap().faults[0].contains("2 sealed parts"));
    assert_eq!(place.tablet.photographs().thumbnail(place.home, row).unwrap(), None, "never a wrong picture");
    // What was damaged comes again.
    place.sync(&place.tablet, &[]).await;
    assert!(place.tablet.photographs().thumbnail(place.home, row).unwrap().is_some());
}

/// Every file of a folder.
fn files(folder: &Path) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if let Ok(bytes) = std::fs::read(&path) {
            found.push((path, bytes));
        }
    }
    found
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn no_picture_stands_in_clear_anywhere() {
    let place = Place::new(u64::MAX).await;
    let file = noise(300);
    let row = place.add(&file);
    place.sync(&place.tablet, &[]).await;
    place.sync(&place.desk, &[]).await;
    place.desk.photographs().want(place.home, row).unwrap();
    place.sync(&place.desk, &[]).await;
    let photographs = place.desk.photographs();
    let (original, thumbnail) = (
        photographs.original(place.home, row).unwrap().unwrap(),
        photographs.thumbnail(place.home, row).unwrap().unwrap(),
    );
    let holds = |hay: &[u8], needle: &[u8]| hay.windows(needle.len()).any(|window| window == needle);
    let needles: Vec<&[u8]> = [&file, &original, &thumbnail]
        .into_iter()
        .flat_map(|jpeg| [&jpeg[..20], &jpeg[jpeg.len() / 2..][..20], &jpeg[jpeg.len() - 20..]])
        .collect();
    let everything = files(place.folder.path());
    let at_server = everything.iter().filter(|(path, _)| path.starts_with(place.folder.path().join("server/parts")));
    assert!(at_server.count() >= 2, "the sealed parts are looked through");
    for (path, bytes) in &everything {
        for needle in &needles {
            assert!(!holds(bytes, needle), "{} holds a picture", path.display());
        }
    }
    assert!(needles.iter().any(|needle| holds(&original, needle)), "the search finds what is there");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_cannot_be_a_photograph_is_refused_and_leaves_nothing() {
    let place = Place::new(u64::MAX).await;
    let photographs = place.tablet.photographs();
    let refused = photographs.add(place.home, b"no picture", &PhotographInput::default());
    assert!(matches!(refused, Err(ClientError::Picture(_))), "{refused:?}");
    let long = PhotographInput { note: Some("x".repeat(1_001)), ..PhotographInput::default() };
    let refused = photographs.add(place.home, &noise(50), &long).expect_err("a note that is too long");
    assert!(refused.to_string().contains("note") && refused.to_string().contains("1000"), "{refused}");
    let nowhere = RecordId(doorstep_protocol::DocumentId([0xee; 16]));
    assert!(photographs.add(nowhere, &noise(50), &PhotographInput::default()).is_err());
    assert_eq!(photographs.list(place.home).unwrap(), []);
    assert_eq!(photographs.parts_to_send().unwrap(), 0);
    let left =
        files(&place.folder.path().join("tablet")).into_iter().filter(|(p, _)| p.to_string_lossy().contains("/parts/"));
    assert_eq!(left.count(), 0, "no part is left behind");
}
