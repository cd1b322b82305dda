//! The examples of `docs/protocol.md`, the same on every run: a short valid authority log, and every message with values
//! that fit it. What would be sealed is filler, because this crate cannot seal.

use doorstep_protocol::authority::{
    AdminSet, Adopt, Body, DeviceRevoke, Erase, EraseReason, ErasedEnvelope, EscrowKey, EscrowOpen, EscrowPurpose,
    Freeze, Grant, GrantEnd, Policy, RestorePoint, RevokeReason, SeatAdd, SeatRevoke, ServerKey, SignedEntry, Standing,
    TeamSet, TeamTier, Unfreeze, ZoneFeedPoint,
};
use doorstep_protocol::cbor::{self, Bytes};
use doorstep_protocol::envelope::{EnvelopeKind, Header, Keying, envelope_id};
use doorstep_protocol::feed::{FeedPoint, heads_digest};
use doorstep_protocol::http_signature::{AnswerHead, RequestHead, RequestHeaders, SignedContent, content_digest};
use doorstep_protocol::wire::frame::{Closing, FRAME_HEADER_BYTES, Remainder, closing_digest};
use doorstep_protocol::wire::{
    AuthorTail, BlobClaim, Challenge, ChallengeRequest, Checkpoint, ClaimAnswer, ClaimRequest, Cursor, DeviceTails,
    FarewellAnswer, FarewellRequest, FeedStart, Frame, InboxClear, InboxItem, InboxPage, InboxRequest, InboxWhat,
    LogAppend, LogAppended, Opening, Receipt, RecoverAnswer, RecoverRequest, Refusal, RefusalReason, STREAM_MEDIA_TYPE,
    ServerCard, SessionAnswer, SessionRequest, SignedCheckpoint, SignedWipeReceipt, SyncRequest, TailsRequest,
    WatchNotice, WipeReceipt,
};
use doorstep_protocol::wrap::{KeyWrapPurpose, SealedWrapPurpose};
use doorstep_protocol::{
    BlobId, Class, DocumentId, EnvelopeId, Epoch, FeedNumber, InboxNumber, KemPublic, LogSize, Millis, RestoreEpoch,
    Signature, StoreId, WorkerId, ZoneSeq, hash, label,
};
use ed25519_dalek::Signer;

use crate::harness::{CARE_TEAM, COUNCIL, DIRECTORY_ZONE, Device, Log, public, server_key, sign};

/// A label of a `hex` block, and its bytes.
pub(crate) type Example = (String, Vec<u8>);

const NOW: Millis = Millis(1_760_000_100_000);
const STORE: StoreId = StoreId([0x5a; 16]);

/// A log with every kind of entry that this version knows.
fn log(desk: &Device, tablet: &Device) -> Log {
    let mut log = Log::begin();
    let partnership = log.partnership();
    log.roots_say(Body::DeviceAdd(desk.add(partnership, COUNCIL)));
    log.roots_say(Body::AdminSet(AdminSet { organisation: COUNCIL, device: desk.id, standing: Standing::Granted }));
    log.says(desk, Body::DeviceAdd(tablet.add(partnership, COUNCIL)));
    let seat = SeatAdd { device: tablet.id, worker: WorkerId([0x77; 16]), key: public(&Device::new(3).sign) };
    let seat_id = hash::seat_id(seat.device, seat.worker, &seat.key);
    log.says(desk, Body::SeatAdd(seat));
    log.says(desk, Body::TeamSet(TeamSet { team: CARE_TEAM, organisation: COUNCIL, tier: TeamTier::Ops }));
    let member = log.member(CARE_TEAM, tablet.id, Standing::Granted);
    log.says(desk, Body::TeamMember(member));
    let epoch = log.team_epoch(CARE_TEAM);
    log.says(desk, Body::TeamEpoch(epoch));
    let zone = log.zone_create(DIRECTORY_ZONE, COUNCIL, Class::Directory);
    log.says(desk, Body::ZoneCreate(zone));
    let grant = Grant { expires: Some(Millis(1_800_000_000_000)), ..log.grant(0x61, DIRECTORY_ZONE, CARE_TEAM) };
    let grant_id = grant.grant;
    log.says(desk, Body::Grant(grant));
    let epoch = log.zone_epoch(DIRECTORY_ZONE);
    log.says(desk, Body::ZoneEpoch(epoch));
    let point = FeedPoint::START.then(EnvelopeId([1; 32]));
    log.roots_say(Body::RestorePoint(RestorePoint {
        store: STORE,
        restore_epoch: RestoreEpoch(1),
        log_size: LogSize(11),
        feeds: vec![ZoneFeedPoint { zone: DIRECTORY_ZONE, point }],
    }));
    log.says(desk, Body::GrantEnd(GrantEnd { grant: grant_id, cuts: Vec::new() }));
    log.says(desk, Body::SeatRevoke(SeatRevoke { seat: seat_id }));
    let cut =
        doorstep_protocol::authority::Cut { zone: DIRECTORY_ZONE, zseq: ZoneSeq(1), envelope: EnvelopeId([1; 32]) };
    log.says(desk, Body::DeviceRevoke(DeviceRevoke { device: tablet.id, reason: RevokeReason::Lost, cuts: vec![cut] }));
    say_what_years_bring(&mut log, desk, tablet);
    log
}

/// Freezing, late work, erasure, escrow, and what root keys change.
fn say_what_years_bring(log: &mut Log, desk: &Device, tablet: &Device) {
    let (partnership, second, spare) = (log.partnership(), Device::new(4), Device::new(5));
    log.says(desk, Body::DeviceAdd(second.add(partnership, COUNCIL)));
    log.roots_say(Body::AdminSet(AdminSet { organisation: COUNCIL, device: second.id, standing: Standing::Granted }));
    log.says(desk, Body::DeviceAdd(spare.add(partnership, COUNCIL)));
    log.says(desk, Body::Freeze(Freeze { device: spare.id }));
    log.says(desk, Body::Unfreeze(Unfreeze { device: spare.id }));
    let envelopes = vec![EnvelopeId([2; 32]), EnvelopeId([3; 32])];
    log.says(desk, Body::Adopt(Adopt { zone: DIRECTORY_ZONE, author: tablet.id, envelopes }));
    let erased = ErasedEnvelope { envelope: EnvelopeId([1; 32]), author: tablet.id, zseq: ZoneSeq(1) };
    let document = DocumentId([0xd0; 16]);
    let erase = Erase { zone: DIRECTORY_ZONE, document, reason: EraseReason::Request, envelopes: vec![erased] };
    let signed = log.by_devices(&[desk, &second], Body::Erase(erase));
    log.push(signed).expect("two admins erase");
    let zones = vec![DIRECTORY_ZONE];
    let purpose = EscrowPurpose::Drill;
    log.says(desk, Body::EscrowOpen(EscrowOpen { organisation: COUNCIL, purpose, zones }));
    log.roots_say(Body::Policy(Policy { lease_hours: 12, ..Policy::DEFAULT }));
    let key = KemPublic(crate::harness::bytes32("new escrow", 1));
    log.roots_say(Body::EscrowKey(EscrowKey { organisation: COUNCIL, key }));
    log.roots_say(Body::ServerKey(ServerKey { key: public(&Device::new(6).sign) }));
    let rotated = crate::harness::rotation(log, 2);
    log.push(rotated).expect("enough of the old and of the new root keys have signed");
}

fn server_sign(label: &str, message: &[u8]) -> Signature {
    sign(&server_key(), label, message)
}

/// The entries of the log, labelled `log N Kind`.
pub(crate) fn log_entries() -> Vec<(String, SignedEntry)> {
    let log = log(&Device::new(1), &Device::new(2));
    let named = log.entries.iter().enumerate().map(|(index, signed)| {
        let entry = doorstep_protocol::authority::Entry::parse(&signed.entry.0).expect("it was just appended");
        (format!("log {} {}", index + 1, entry.body.name()), signed.clone())
    });
    named.collect()
}

fn request_head<'a>(log: &Log, device: &Device, path: &'a str, session: &'a [u8], body: &[u8]) -> RequestHead<'a> {
    RequestHead {
        method: "POST",
        path,
        partnership: log.partnership(),
        session,
        device: device.id,
        created: NOW,
        content: content_digest(body),
    }
}

fn signed_request(log: &Log, device: &Device, path: &str, session: &[u8], body: &[u8]) -> RequestHeaders {
    let head = request_head(log, device, path, session, body);
    head.sign(|base| Signature(device.sign.sign(base).to_bytes()))
}

/// The position of the tablet's revocation.
const REVOKED_AT: LogSize = LogSize(15);

/// What a revoked device and the desks say beside syncing.
fn offices(log: &Log, tablet: &Device, envelope: &[u8], id: EnvelopeId) -> Vec<Example> {
    let (partnership, device, challenge) = (log.partnership(), tablet.id, Bytes(vec![0xc4; 40]));
    let head_at = |size| log.state.head_at(size).expect("the log is longer");
    let entries = vec![log.entries[14].clone()];
    let remainder = Remainder::Nothing;
    let receipt =
        WipeReceipt { partnership, device, log_size: REVOKED_AT, log_head: head_at(REVOKED_AT), time: NOW, unsent: 0 };
    let receipt = Bytes(receipt.to_bytes());
    let signature = sign(&tablet.sign, label::SIG_WIPE, &SignedWipeReceipt::signing_digest(&receipt.0));
    let farewell = FarewellRequest {
        partnership,
        device,
        challenge: challenge.clone(),
        log_size: LogSize(14),
        log_head: head_at(LogSize(14)),
        envelopes: vec![Bytes(envelope.to_vec())],
        wiped: None,
    };
    let refused = vec![Refusal { envelope: EnvelopeId([2; 32]), reason: RefusalReason::NotHeld, tail: None }];
    let item = InboxItem {
        number: InboxNumber(1),
        device,
        arrived: NOW,
        what: InboxWhat::Envelope,
        bytes: Bytes(envelope.to_vec()),
    };
    let tail = AuthorTail { zone: DIRECTORY_ZONE, zseq: ZoneSeq(1), envelope: id };
    let root = *log.state.roots().keys().next().expect("it has root keys");
    let recover = RecoverRequest { partnership, root, challenge, after: LogSize(14) };
    [
        ("FarewellRequest", farewell.to_bytes()),
        ("FarewellAnswer", FarewellAnswer { entries: entries.clone(), remainder, held: vec![id], refused }.to_bytes()),
        ("SignedWipeReceipt", SignedWipeReceipt { receipt, signature }.to_bytes()),
        ("InboxRequest", InboxRequest { after: InboxNumber(0) }.to_bytes()),
        ("InboxPage", InboxPage { items: vec![item], remainder }.to_bytes()),
        ("InboxClear", InboxClear { numbers: vec![InboxNumber(1)] }.to_bytes()),
        ("TailsRequest", TailsRequest { device }.to_bytes()),
        ("DeviceTails", DeviceTails { tails: vec![tail] }.to_bytes()),
        ("RecoverRequest", recover.to_bytes()),
        ("RecoverAnswer", RecoverAnswer { entries, remainder }.to_bytes()),
    ]
    .map(|(label, bytes)| (label.to_owned(), bytes))
    .into()
}

/// Every example: `hex` blocks, then `http` blocks.
pub(crate) fn all() -> (Vec<Example>, Vec<(String, String)>) {
    let (desk, tablet) = (Device::new(1), Device::new(2));
    let log = log(&desk, &tablet);
    let partnership = log.partnership();
    let (session, challenge) = ([0x5e; 40], [0xc4; 40]);
    let mut hex: Vec<Example> =
        log_entries().into_iter().map(|(label, signed)| (label, cbor::encode(&signed))).collect();

    let header = Header {
        kind: EnvelopeKind::Changes,
        keying: Keying::ZoneKey,
        partnership,
        zone: DIRECTORY_ZONE,
        document: DocumentId([0xd0; 16]),
        epoch: Epoch(1),
        author: tablet.id,
        zseq: ZoneSeq(1),
        prev: EnvelopeId::ZERO,
        log_size: LogSize(11),
        log_head: log.state.head_at(LogSize(11)).expect("the log is longer"),
    };
    // salt ‖ commitment ‖ ciphertext of 256 + 16 bytes.
    let unsigned = [&header.to_bytes()[..], &[0x11; 32], &[0x22; 32], &[0x33; 272]].concat();
    let id = envelope_id(&unsigned);
    let envelope = [&unsigned[..], &sign(&tablet.sign, label::SIG_ENVELOPE, &id.0).0].concat();
    hex.push(("envelope header".into(), header.to_bytes().to_vec()));
    hex.push(("envelope".into(), envelope.clone()));
    let zone_key = log.key_wrap(KeyWrapPurpose::ZoneUnderTeam, (CARE_TEAM.0, Epoch(1)), (DIRECTORY_ZONE.0, Epoch(1)));
    hex.push(("key wrap".into(), zone_key.0));
    let team_wrap = log.sealed_wrap(SealedWrapPurpose::TeamToDevice, (CARE_TEAM.0, Epoch(1)), tablet.id.0);
    hex.push(("sealed wrap".into(), team_wrap.0.clone()));

    let point = FeedPoint::START.then(id);
    let tail = AuthorTail { zone: DIRECTORY_ZONE, zseq: ZoneSeq(1), envelope: id };
    let restore_epoch = RestoreEpoch(0);
    let sync = SyncRequest {
        log_size: LogSize(11),
        log_head: header.log_head,
        cursors: vec![Cursor { zone: DIRECTORY_ZONE, number: FeedNumber(0) }],
        envelopes: vec![Bytes(envelope.clone())],
        audit: vec![],
        budget_bytes: 8 * 1024 * 1024,
    };
    let opening = SessionRequest { partnership, device: tablet.id, challenge: Bytes(challenge.to_vec()) };
    let card = ServerCard { server_key: public(&server_key()), store: STORE, restore_epoch, now: NOW };
    let session_answer = SessionAnswer {
        session: Bytes(session.to_vec()),
        expires: Millis(NOW.0 + 12 * 60 * 60 * 1_000),
        store: STORE,
        restore_epoch,
        now: NOW,
        tails: vec![tail.clone()],
    };
    let append = LogAppend {
        partnership,
        base_size: LogSize(7),
        base_head: log.state.head_at(LogSize(7)).expect("the log is longer"),
        entries: vec![log.entries[7].clone()],
        wraps: vec![team_wrap.clone()],
        whole: None,
    };
    let appended = LogAppended { size: LogSize(8), head: log.state.head_at(LogSize(8)).expect("the log is longer") };
    let notice = WatchNotice { log_size: LogSize(11), zones: vec![ZoneFeedPoint { zone: DIRECTORY_ZONE, point }] };
    hex.extend([
        ("ServerCard".into(), card.to_bytes()),
        ("LogAppend".into(), append.to_bytes()),
        ("LogAppended".into(), appended.to_bytes()),
        ("ChallengeRequest".into(), ChallengeRequest { partnership, device: tablet.id }.to_bytes()),
        ("Challenge".into(), Challenge { challenge: Bytes(challenge.to_vec()), now: NOW }.to_bytes()),
        ("SessionRequest".into(), opening.to_bytes()),
        ("SessionAnswer".into(), session_answer.to_bytes()),
        ("SyncRequest".into(), sync.to_bytes()),
        ("WatchNotice".into(), notice.to_bytes()),
    ]);
    let claims = vec![BlobClaim {
        zone: DIRECTORY_ZONE,
        document: DocumentId([0xd0; 16]),
        blobs: vec![BlobId([0xb1; 32]), BlobId([0xb2; 32])],
    }];
    hex.push(("ClaimRequest".into(), ClaimRequest { log_size: LogSize(11), claims }.to_bytes()));
    let answer = ClaimAnswer { missing: vec![BlobId([0xb2; 32])], refused: vec![] };
    hex.push(("ClaimAnswer".into(), answer.to_bytes()));
    hex.extend(offices(&log, &tablet, &envelope, id));

    let sync_headers = signed_request(&log, &tablet, "/v1/sync", &session, &sync.to_bytes());
    let checkpoint = cbor::encode(&Checkpoint {
        version: Checkpoint::VERSION,
        partnership,
        reader: tablet.id,
        store: STORE,
        restore_epoch,
        time: NOW,
        log_size: LogSize(11),
        log_head: header.log_head,
        heads: heads_digest([(&DIRECTORY_ZONE, &point)]),
        changed: vec![ZoneFeedPoint { zone: DIRECTORY_ZONE, point }],
    });
    let signature = server_sign(label::SIG_CHECKPOINT, &Checkpoint::signing_digest(&checkpoint).0);
    let wrap = team_wrap.0.try_into().expect("a sealed wrap has one length");
    let frames = [
        Frame::Opening(Opening { store: STORE, restore_epoch, now: NOW, log_size: LogSize(11) }),
        Frame::LogEntry(log.entries[10].clone()),
        Frame::TeamWrap(Box::new(wrap)),
        Frame::Receipt(Receipt { zone: DIRECTORY_ZONE, number: FeedNumber(1), envelope: id }),
        Frame::Refusal(Refusal { envelope: EnvelopeId([2; 32]), reason: RefusalReason::Gap, tail: Some(tail) }),
        Frame::FeedStart(FeedStart { zone: DIRECTORY_ZONE, after: FeedNumber(0) }),
        Frame::Own(id),
        Frame::Envelope(envelope),
        Frame::Checkpoint(SignedCheckpoint { checkpoint: Bytes(checkpoint), signature }),
    ];
    let stream: Vec<u8> = frames.iter().flat_map(Frame::to_bytes).collect();
    let remainder = Remainder::Nothing;
    let digest = closing_digest(&sync_headers.signed, &hash::sha256(&stream), remainder);
    let closing = Frame::Closing(Closing { remainder, signature: server_sign(label::SIG_ANSWER, &digest.0) });
    for frame in frames.into_iter().chain([closing]) {
        let name = match &frame {
            Frame::Opening(_) => "Opening",
            Frame::LogEntry(_) => "LogEntry",
            Frame::TeamWrap(_) => "TeamWrap",
            Frame::Receipt(_) => "Receipt",
            Frame::Refusal(_) => "Refusal",
            Frame::FeedStart(_) => "FeedStart",
            Frame::Envelope(_) => "Envelope",
            Frame::Own(_) => "Own",
            Frame::Checkpoint(_) => "Checkpoint",
            Frame::Gone(_) => "Gone",
            Frame::Closing(_) => "Closing",
        };
        let bytes = frame.to_bytes();
        // The envelope stands elsewhere in full; its frame is shown by its head alone.
        let shown = if name == "Envelope" { bytes[..FRAME_HEADER_BYTES].to_vec() } else { bytes };
        hex.push((format!("frame {name}"), shown));
    }

    let opening_headers = signed_request(&log, &tablet, "/v1/session", &challenge, &opening.to_bytes());
    let server_sign_raw = |base: &[u8]| Signature(server_key().sign(base).to_bytes());
    let whole = AnswerHead {
        status: 200,
        content: SignedContent::Digest(content_digest(&session_answer.to_bytes())),
        request: Some(opening_headers.signed),
        created: NOW,
    };
    let whole_headers = whole.sign(server_sign_raw);
    let content = SignedContent::Stream { content_type: STREAM_MEDIA_TYPE };
    let streamed = AnswerHead { status: 200, content, request: Some(sync_headers.signed), created: NOW };
    let stream_headers = streamed.sign(server_sign_raw);
    let media = doorstep_protocol::wire::MEDIA_TYPE;
    let request_text = |path: &str, headers: &RequestHeaders| {
        let lines: String = headers.pairs().map(|(name, value)| format!("{name}: {value}\n")).concat();
        format!("POST {path} HTTP/1.1\ncontent-type: {media}\n{lines}")
    };
    let answer_text = |media: &str, digest: Option<&str>, input: &str, signature: &str| {
        let digest = digest.map(|value| format!("content-digest: {value}\n")).unwrap_or_default();
        format!("HTTP/1.1 200 OK\ncontent-type: {media}\n{digest}signature-input: {input}\nsignature: {signature}\n")
    };
    let http = vec![
        ("session request".into(), request_text("/v1/session", &opening_headers)),
        (
            "session answer".into(),
            answer_text(
                media,
                whole_headers.content_digest.as_deref(),
                &whole_headers.signature_input,
                &whole_headers.signature,
            ),
        ),
        ("sync request".into(), request_text("/v1/sync", &sync_headers)),
        (
            "sync answer".into(),
            answer_text(STREAM_MEDIA_TYPE, None, &stream_headers.signature_input, &stream_headers.signature),
        ),
    ];
    (hex, http)
}
