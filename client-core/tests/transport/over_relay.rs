//! The same driver over the relay without sockets, with faults put in on purpose. No threads but the runtime's, no network.

use std::collections::{BTreeMap, VecDeque};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;

use bytes::Bytes as Chunk;
use doorstep_client_core::replica::machine::{Fault, Stop};
use doorstep_client_core::store::{Store, log};
use doorstep_client_core::sync::{End, Progress};
use doorstep_client_core::transport::{
    Endpoint, FrameStream, Incompatible, Misbehaved, NoticeStream, Refused, SignedRequest, Stage, Traffic, Transport,
    TransportError,
};
use doorstep_protocol::feed::FeedPoint;
use doorstep_protocol::http_signature::HttpSignatureError;
use doorstep_protocol::wire::frame::FRAME_HEADER_BYTES;
use doorstep_protocol::wire::{
    Challenge, ChallengeRequest, FarewellRequest, Frame, FrameDecoder, InboxClear, InboxRequest, LogAppend,
    LogAppended, RecoverRequest, ServerCard, SessionAnswer, SyncRequest, TailsRequest,
};
use doorstep_protocol::{DeviceId, EnvelopeId, LogHash, LogSize, PartnershipId, SignPublic, StoreId, ZoneId};
use doorstep_server::keys::Keys;
use doorstep_server::problem::Problem;
use doorstep_server::relay::{Caller, Relay, RelayPolicy};
use doorstep_server::session::TokenKind;
use doorstep_server::store::SqliteStore;
use futures_util::{StreamExt, stream};
use tokio::task::yield_now;
use tokio_util::sync::CancellationToken;

use crate::harness::{NOW, World, notes, record, sync, syncer};

/// What goes wrong with one exchange.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Inject {
    /// The request does not arrive.
    Offline,
    /// The request is committed, and the answer is lost.
    LostAnswer,
    /// So many frames of the answer arrive.
    CutAfterFrames(usize),
    /// The closing frame has another signature.
    WrongClosing,
    /// Somebody on the way takes the last envelope out.
    TakenOut,
    /// Somebody on the way puts the last envelope in twice.
    Doubled,
    /// Somebody on the way puts in that this device has written what it does not know.
    OwnPutIn,
    /// Somebody on the way puts in that an envelope was erased.
    GonePutIn,
    /// The server asks for a pause.
    Busy { retry_after_ms: u64 },
    /// The session is not honoured.
    SessionEnded,
    /// Something else answers.
    NotTheServer,
    /// The device was revoked.
    Revoked,
    /// The server speaks another version.
    OtherVersion,
}

struct Inner {
    relay: Relay<SqliteStore>,
    injected: Mutex<VecDeque<Inject>>,
    nonces: AtomicU64,
    frames: AtomicU64,
    requests: AtomicU64,
}

/// Carries exchanges to a relay in this process.
#[derive(Clone)]
pub(crate) struct OverRelay(Arc<Inner>);

impl OverRelay {
    pub(crate) fn new(store: u8) -> Self {
        let keys = Keys::from_secrets([1; 32], [2; 32]);
        let store = SqliteStore::in_memory(StoreId([store; 16])).unwrap();
        let relay = Relay::new(store, keys, RelayPolicy::default()).unwrap();
        Self(Arc::new(Inner {
            relay,
            injected: Mutex::default(),
            nonces: AtomicU64::new(1),
            frames: AtomicU64::new(0),
            requests: AtomicU64::new(0),
        }))
    }

    pub(crate) fn key(&self) -> SignPublic {
        self.0.relay.server_key()
    }

    pub(crate) fn inject(&self, faults: &[Inject]) {
        self.0.injected.lock().unwrap().extend(faults);
    }

    /// Exchanges that were asked for.
    pub(crate) fn requests(&self) -> u64 {
        self.0.requests.load(Ordering::Relaxed)
    }

    /// Frames of the last answer that was carried whole.
    fn frames(&self) -> usize {
        usize::try_from(self.0.frames.load(Ordering::Relaxed)).unwrap()
    }

    pub(crate) fn heads(&self, partnership: PartnershipId, device: DeviceId) -> BTreeMap<ZoneId, FeedPoint> {
        self.0.relay.readable_heads(Caller::trusted(partnership, device), NOW).unwrap().1
    }

    fn authenticate(&self, request: &SignedRequest, kind: TokenKind) -> Result<Caller, TransportError> {
        let claimed = request.received().parse().unwrap();
        let (caller, verified) = self.0.relay.authenticate(claimed, kind, NOW).map_err(told)?;
        verified.check_content(request.body()).unwrap();
        Ok(caller)
    }
}

fn told(problem: Problem) -> TransportError {
    match problem {
        Problem::Unauthorised => TransportError::SessionEnded,
        Problem::LogConflict { size } => TransportError::LogConflict { size },
        Problem::LogBehind { size } => TransportError::LogBehind { size },
        Problem::LogFork => TransportError::LogFork,
        Problem::Revoked => Refused::Revoked.into(),
        Problem::Ended => Refused::Ended.into(),
        Problem::Frozen => Refused::Frozen.into(),
        other => panic!("no test leads to {other:?}"),
    }
}

/// The frames of an answer, each as its bytes.
fn cut(whole: &[u8]) -> Vec<Chunk> {
    let (mut rest, mut frames) = (whole, Vec::new());
    while !rest.is_empty() {
        let length = u32::from_be_bytes(rest[1..FRAME_HEADER_BYTES].try_into().unwrap()) as usize;
        let (frame, after) = rest.split_at(FRAME_HEADER_BYTES + length);
        frames.push(Chunk::copy_from_slice(frame));
        rest = after;
    }
    frames
}

/// Changes an answer at its last envelope, as whoever carries it can without any key.
fn tamper(frames: &mut Vec<Chunk>, how: Inject) {
    let is_envelope = |frame: &Chunk| {
        let mut decoder = FrameDecoder::default();
        decoder.push(frame);
        matches!(decoder.next_frame(), Ok(Some(Frame::Envelope(_))))
    };
    let Some(at) = frames.iter().rposition(is_envelope) else {
        // It holds no envelope: then it is cut short.
        frames.pop();
        return;
    };
    match how {
        Inject::TakenOut => drop(frames.remove(at)),
        Inject::Doubled => frames.insert(at, frames[at].clone()),
        Inject::GonePutIn => frames.insert(at, Frame::Gone(EnvelopeId([0xab; 32])).to_bytes().into()),
        _ => frames.insert(at, Frame::Own(EnvelopeId([0xab; 32])).to_bytes().into()),
    }
}

impl Transport for OverRelay {
    async fn card(&self) -> Result<ServerCard, TransportError> {
        Ok(self.0.relay.card(NOW))
    }

    async fn append_log(&self, append: &LogAppend) -> Result<LogAppended, TransportError> {
        self.0.relay.append(append).map_err(told)
    }

    async fn challenge(&self, asks: &ChallengeRequest) -> Result<Challenge, TransportError> {
        yield_now().await;
        let nonce = self.0.nonces.fetch_add(1, Ordering::Relaxed);
        Ok(self.0.relay.challenge(asks, u128::from(nonce).to_be_bytes(), NOW))
    }

    async fn open_session(&self, request: SignedRequest) -> Result<SessionAnswer, TransportError> {
        yield_now().await;
        let caller = self.authenticate(&request, TokenKind::Challenge)?;
        let nonce = self.0.nonces.fetch_add(1, Ordering::Relaxed);
        self.0.relay.open_session(caller, u128::from(nonce).to_be_bytes(), NOW).map_err(told)
    }

    async fn exchange(&self, request: SignedRequest) -> Result<FrameStream, TransportError> {
        self.0.requests.fetch_add(1, Ordering::Relaxed);
        yield_now().await;
        let injected = self.0.injected.lock().unwrap().pop_front();
        match injected {
            Some(Inject::Offline) => return Err(TransportError::Offline { stage: Stage::Connect }),
            Some(Inject::SessionEnded) => return Err(TransportError::SessionEnded),
            Some(Inject::NotTheServer) => {
                return Err(Misbehaved::Signature(HttpSignatureError::Header("signature")).into());
            }
            Some(Inject::Revoked) => return Err(Refused::Revoked.into()),
            Some(Inject::OtherVersion) => return Err(Incompatible::MediaType.into()),
            Some(Inject::Busy { retry_after_ms }) => {
                return Err(TransportError::Busy { status: 503, retry_after_ms: Some(retry_after_ms) });
            }
            _ => {}
        }
        let caller = self.authenticate(&request, TokenKind::Session)?;
        let asked = SyncRequest::parse(request.body()).unwrap();
        let whole = self.0.relay.sync_whole(caller, &asked, request.signature(), NOW).map_err(told)?;
        let mut frames = cut(&whole);
        self.0.frames.store(frames.len() as u64, Ordering::Relaxed);
        match injected {
            Some(Inject::LostAnswer) => return Err(TransportError::Offline { stage: Stage::Answer }),
            Some(Inject::CutAfterFrames(count)) => frames.truncate(count),
            Some(Inject::WrongClosing) => {
                let mut closing = frames.pop().unwrap().to_vec();
                *closing.last_mut().unwrap() ^= 1;
                frames.push(closing.into());
            }
            Some(tampers @ (Inject::TakenOut | Inject::Doubled | Inject::OwnPutIn | Inject::GonePutIn)) => {
                tamper(&mut frames, tampers)
            }
            _ => {}
        }
        yield_now().await;
        let one_by_one = stream::iter(frames).then(|frame| async {
            yield_now().await;
            Ok(frame)
        });
        Ok(FrameStream::new(request.signature(), Box::pin(one_by_one)))
    }

    async fn message(&self, request: SignedRequest, _: usize) -> Result<Vec<u8>, TransportError> {
        let relay = &self.0.relay;
        let in_session = || self.authenticate(&request, TokenKind::Session);
        Ok(match request.endpoint() {
            Endpoint::Farewell => {
                let claimed = request.received().parse().unwrap();
                let (leaver, verified) = relay.authenticate_leaver(claimed, NOW).map_err(told)?;
                verified.check_content(request.body()).unwrap();
                let asked = FarewellRequest::parse(request.body()).unwrap();
                relay.farewell(leaver, &asked, NOW).map_err(told)?.to_bytes()
            }
            Endpoint::Recover => {
                let claimed = request.received().parse().unwrap();
                let (root, _) = relay.authenticate_root(claimed, NOW).map_err(told)?;
                relay.recover(root, &RecoverRequest::parse(request.body()).unwrap()).map_err(told)?.to_bytes()
            }
            Endpoint::Inbox => {
                let asked = InboxRequest::parse(request.body()).unwrap();
                relay.inbox(in_session()?, &asked, NOW).map_err(told)?.to_bytes()
            }
            Endpoint::InboxClear => {
                let asked = InboxClear::parse(request.body()).unwrap();
                relay.clear_inbox(in_session()?, &asked, NOW).map_err(told)?;
                Vec::new()
            }
            Endpoint::Tails => {
                let asked = TailsRequest::parse(request.body()).unwrap();
                relay.tails_of(in_session()?, &asked, NOW).map_err(told)?.to_bytes()
            }
            other => panic!("{other:?} has no whole message as its answer"),
        })
    }

    async fn watch(&self, request: SignedRequest) -> Result<NoticeStream, TransportError> {
        self.authenticate(&request, TokenKind::Session)?;
        Ok(Box::pin(stream::pending()))
    }

    fn traffic(&self) -> Traffic {
        Traffic { requests: self.requests(), ..Traffic::default() }
    }
}

/// A desk whose work is on the relay, and a tablet that has work of its own and has read nothing yet.
pub(crate) async fn tablet_with_all_to_do(relay: &OverRelay, seed: u64) -> (World, crate::harness::Kept) {
    let mut world = World::found(seed, "http://127.0.0.1:1", relay.key());
    let mut desk = syncer(&world.desk.device, relay.clone());
    assert_eq!(sync(&mut desk).await.end, End::CaughtUp);
    let tablet = world.enrol(relay, Store::in_memory().unwrap()).await;
    record(&world.desk.device, 7, "seen by the desk");
    assert_eq!(sync(&mut desk).await.end, End::CaughtUp);
    // Its log first, or it cannot write.
    assert_eq!(sync(&mut syncer(&tablet.device, relay.clone())).await.end, End::CaughtUp);
    record(&world.desk.device, 8, "seen by the desk again");
    assert_eq!(sync(&mut desk).await.end, End::CaughtUp);
    record(&tablet.device, 9, "seen by the tablet");
    (world, tablet)
}

#[tokio::test]
async fn an_answer_cut_after_any_frame_is_not_believed_and_loses_nothing() {
    let frames = {
        let relay = OverRelay::new(1);
        let (_world, tablet) = tablet_with_all_to_do(&relay, 10).await;
        assert_eq!(sync(&mut syncer(&tablet.device, relay.clone())).await.end, End::CaughtUp);
        relay.frames()
    };
    assert!(frames >= 6, "opening, receipts, feeds, checkpoint, closing: {frames}");
    for count in 0..frames {
        let relay = OverRelay::new(1);
        let (_world, tablet) = tablet_with_all_to_do(&relay, 10).await;
        let mut field = syncer(&tablet.device, relay.clone());
        relay.inject(&[Inject::CutAfterFrames(count)]);
        let report = sync(&mut field).await;
        assert!(matches!(report.end, End::Waiting { fault: Fault::BadAnswer, .. }), "{count}: {report:?}");
        assert!(report.to_send > 0, "no receipt counts before the closing frame holds ({count})");
        let report = sync(&mut field).await;
        assert_eq!((report.end, report.to_send), (End::CaughtUp, 0), "{count}: {report:?}");
        let device = tablet.device.lock().unwrap();
        assert_eq!(device.verify().unwrap().faults, Vec::<String>::new());
    }
}

/// Drops a catch-up at its first, second, third … await. What is on disk is whole each time, and the next one completes.
#[tokio::test]
async fn a_catch_up_dropped_at_any_await_leaves_the_disk_whole() {
    let mut completed_at = None;
    for polls in 0..POLLS_MAX {
        let relay = OverRelay::new(1);
        let (_world, tablet) = tablet_with_all_to_do(&relay, 14).await;
        let mut field = syncer(&tablet.device, relay.clone());
        let cancel = CancellationToken::new();
        let progress = &mut |_: &Progress| {};
        let mut catching_up = Box::pin(field.sync_once(&cancel, progress));
        let (mut left, mut ended) = (polls, false);
        std::future::poll_fn(|context| {
            if left == 0 {
                return Poll::Ready(());
            }
            left -= 1;
            match catching_up.as_mut().poll(context) {
                Poll::Ready(_) => {
                    ended = true;
                    Poll::Ready(())
                }
                Poll::Pending => Poll::Pending,
            }
        })
        .await;
        drop(catching_up);
        let report = sync(&mut syncer(&tablet.device, relay.clone())).await;
        assert_eq!((report.end, report.to_send, report.refused), (End::CaughtUp, 0, 0), "{polls}: {report:?}");
        assert_eq!(tablet.device.lock().unwrap().verify().unwrap().faults, Vec::<String>::new());
        if ended {
            completed_at = Some(polls);
            break;
        }
    }
    assert!(completed_at.is_some_and(|polls| polls > 12), "{completed_at:?}");
}

/// More awaits than a small catch-up has.
const POLLS_MAX: usize = 100;

#[tokio::test]
async fn an_answer_that_the_server_did_not_close_acknowledges_nothing() {
    let relay = OverRelay::new(1);
    let (_world, tablet) = tablet_with_all_to_do(&relay, 11).await;
    let mut field = syncer(&tablet.device, relay.clone());
    relay.inject(&[Inject::WrongClosing]);
    let report = sync(&mut field).await;
    assert!(matches!(report.end, End::Waiting { fault: Fault::BadAnswer, .. }), "{report:?}");
    assert!(report.to_send > 0 && report.sent == 0, "{report:?}");
    let report = sync(&mut field).await;
    assert_eq!((report.end, report.to_send), (End::CaughtUp, 0), "{report:?}");
}

#[tokio::test]
async fn what_was_changed_on_its_way_is_read_again_and_leaves_no_alarm() {
    for how in [Inject::TakenOut, Inject::Doubled, Inject::OwnPutIn, Inject::GonePutIn] {
        let relay = OverRelay::new(1);
        let (world, tablet) = tablet_with_all_to_do(&relay, 16).await;
        let mut field = syncer(&tablet.device, relay.clone());
        // More than once: what one broken answer left behind, the next goes on from.
        for turn in [30, 31] {
            relay.inject(&[how]);
            let report = sync(&mut field).await;
            assert!(matches!(report.end, End::Waiting { fault: Fault::BadAnswer, .. }), "{how:?}: {report:?}");
            record(&world.desk.device, turn, "seen by the desk meanwhile");
            assert_eq!(sync(&mut syncer(&world.desk.device, relay.clone())).await.end, End::CaughtUp);
        }
        let report = sync(&mut field).await;
        assert_eq!((report.end, report.to_send), (End::CaughtUp, 0), "{how:?}: {report:?}");
        let mut device = tablet.device.lock().unwrap();
        assert_eq!(device.standing().unwrap().alarm, None, "{how:?}");
        let relays = relay.heads(world.partnership(), device.id());
        assert!(!relays.is_empty());
        for (zone, head) in relays {
            assert_eq!(device.feeds().get(&zone).map(|position| position.confirmed), Some(head), "{how:?}");
        }
        assert_eq!(device.verify().unwrap().faults, Vec::<String>::new());
        assert!(device.rebuild(NOW).unwrap().differing.is_empty());
    }
}

#[tokio::test]
async fn a_closed_answer_that_disagrees_with_a_confirmed_feed_is_an_alarm() {
    let relay = OverRelay::new(1);
    let (world, tablet) = tablet_with_all_to_do(&relay, 18).await;
    assert_eq!(sync(&mut syncer(&tablet.device, relay.clone())).await.end, End::CaughtUp);
    // The same server by its key and its store, showing this tablet a partnership in which the desk wrote nothing.
    let other = OverRelay::new(1);
    let entries = log::entries(tablet.device.lock().unwrap().store().reader()).unwrap();
    let append = LogAppend {
        partnership: world.partnership(),
        base_size: LogSize(0),
        base_head: LogHash::ZERO,
        entries,
        wraps: Vec::new(),
        whole: None,
    };
    other.append_log(&append).await.unwrap();
    let report = sync(&mut syncer(&tablet.device, other)).await;
    assert_eq!(report.end, End::Stopped { stop: Stop::SplitView }, "{report:?}");
    assert!(tablet.device.lock().unwrap().standing().unwrap().alarm.is_some());
}

#[tokio::test]
async fn a_server_that_lost_the_end_of_its_log_is_brought_it() {
    let relay = OverRelay::new(1);
    let (world, tablet) = tablet_with_all_to_do(&relay, 12).await;
    assert_eq!(sync(&mut syncer(&tablet.device, relay.clone())).await.end, End::CaughtUp);
    // Another store that has the founding only: the tablet is not in its log.
    let restored = OverRelay::new(2);
    let founding = crate::harness::append(world.partnership(), &world.founding.written);
    restored.append_log(&founding).await.unwrap();
    let mut field = syncer(&tablet.device, restored.clone());
    let report = sync(&mut field).await;
    assert_eq!((report.end, report.to_send), (End::CaughtUp, 0), "{report:?}");
    assert!(report.log_entries_offered > 0 && report.sent > 0, "{report:?}");
    let mut desk = syncer(&world.desk.device, restored);
    assert_eq!(sync(&mut desk).await.end, End::CaughtUp);
    let place = record(&world.desk.device, 20, "after the restore");
    assert_eq!(notes(&world.desk.device, place).len(), 4);
}

#[tokio::test]
async fn a_server_that_opens_sessions_and_honours_none_is_not_asked_for_ever() {
    let relay = OverRelay::new(1);
    let world = World::found(13, "http://127.0.0.1:1", relay.key());
    relay.inject(&[Inject::SessionEnded; 100]);
    let report = sync(&mut syncer(&world.desk.device, relay.clone())).await;
    assert!(matches!(report.end, End::Waiting { .. }), "{report:?}");
    assert!(relay.requests() <= 3, "{} exchanges", relay.requests());
}

#[tokio::test]
async fn a_person_may_ask_again_after_a_stop() {
    let relay = OverRelay::new(1);
    let world = World::found(15, "http://127.0.0.1:1", relay.key());
    let mut desk = syncer(&world.desk.device, relay.clone());
    assert_eq!(sync(&mut desk).await.end, End::CaughtUp);
    relay.inject(&[Inject::Revoked]);
    assert!(matches!(sync(&mut desk).await.end, End::Stopped { .. }));
    assert_eq!(sync(&mut desk).await.end, End::CaughtUp);
}
