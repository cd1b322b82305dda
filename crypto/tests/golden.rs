//! Fixed figures of every sealed format, see `golden/sealing.json`.

use doorstep_crypto::audit::{self, AuditKey};
use doorstep_crypto::invite::derive_invite_key;
use doorstep_crypto::keys::{FileKey, LocatorKey, SigningKey, TeamKey, ZoneKey, derive_document_key, derive_drop_box};
use doorstep_crypto::part::{self, PartKind, PartPlace};
use doorstep_crypto::passphrase::PassphraseCost;
use doorstep_crypto::pin::{self, PinPepper};
use doorstep_crypto::words::OneTimePhrase;
use doorstep_crypto::{envelope, locator, padding, wrap};
use doorstep_protocol::envelope::{Envelope, EnvelopeKind, Header, Keying};
use doorstep_protocol::feed::FeedPoint;
use doorstep_protocol::wrap::{KeyWrapHeader, KeyWrapPurpose};
use doorstep_protocol::{
    DeviceId, DocumentId, EnvelopeId, Epoch, FileId, InviteId, LogHash, LogSize, PartnershipId, SeatId, ZoneId,
    ZoneSeq, hash,
};
use serde_json::Value;

/// A source that gives the same bytes again and again, as the figures were made with.
struct Fixed([u8; 32]);

impl rand_core::TryRng for Fixed {
    type Error = core::convert::Infallible;
    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(u32::from_le_bytes(self.0[..4].try_into().expect("four bytes")))
    }
    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(u64::from_le_bytes(self.0[..8].try_into().expect("eight bytes")))
    }
    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), Self::Error> {
        for (to, from) in to.iter_mut().zip(self.0.iter().cycle()) {
            *to = *from;
        }
        Ok(())
    }
}
impl rand_core::TryCryptoRng for Fixed {}

fn figures() -> Value {
    serde_json::from_str(include_str!("golden/sealing.json")).expect("the golden file is JSON")
}

fn bytes(value: &Value) -> Vec<u8> {
    let hex = value.as_str().expect("hexadecimal text");
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("a hexadecimal pair")).collect()
}

fn array<const N: usize>(value: &Value) -> [u8; N] {
    bytes(value).try_into().expect("as many bytes as the field has")
}

fn number(value: &Value) -> usize {
    usize::try_from(value.as_u64().expect("a number")).expect("a small number")
}

fn header() -> Header {
    Header {
        kind: EnvelopeKind::Changes,
        keying: Keying::ZoneKey,
        partnership: PartnershipId([1; 16]),
        zone: ZoneId([2; 16]),
        document: DocumentId([3; 16]),
        epoch: Epoch(4),
        author: DeviceId([5; 16]),
        zseq: ZoneSeq(6),
        prev: EnvelopeId([7; 32]),
        log_size: LogSize(8),
        log_head: LogHash([9; 32]),
    }
}

#[test]
fn header_and_document_key() {
    let golden = figures();
    assert_eq!(header().to_bytes().to_vec(), bytes(&golden["header"]));
    let zone_key = ZoneKey::from_bytes(array(&golden["inputs"]["key"]));
    let document_key = derive_document_key(&zone_key, DocumentId([3; 16]), Epoch(4));
    assert_eq!(document_key.expose_bytes().to_vec(), bytes(&golden["document_key"]));
}

#[test]
fn envelopes() {
    let golden = figures();
    let zone_key = ZoneKey::from_bytes(array(&golden["inputs"]["key"]));
    let device = SigningKey::from_seed(array(&golden["inputs"]["device_seed"]));
    assert_eq!(device.public().0.to_vec(), bytes(&golden["inputs"]["device_public"]));
    let cases = golden["envelopes"].as_array().expect("a list");
    assert_eq!(cases.len(), 5);
    let mut feed = FeedPoint::START;
    for case in cases {
        let data: Vec<u8> = (0..number(&case["data_bytes"])).map(|j| ((31 * j + 7) % 256) as u8).collect();
        let mut rng = Fixed(array(&golden["inputs"]["random"]));
        let made = envelope::seal(&zone_key, &header(), &data, &device, &mut rng).expect("sealed");
        assert_eq!(made.as_bytes().len(), number(&case["envelope_bytes"]));
        assert_eq!(made.id().0.to_vec(), bytes(&case["id"]));
        assert_eq!(hash::sha256(made.as_bytes()).0.to_vec(), bytes(&case["sha256"]));
        feed = feed.then(made.id());
        assert_eq!(feed.head.0.to_vec(), bytes(&case["feed_head"]));
        let read = Envelope::parse(made.into_bytes()).expect("its own form").verify(&device.public()).expect("signed");
        assert_eq!(envelope::open(&read, &zone_key), Ok(data));
    }
}

#[test]
fn symmetric_wrap() {
    let golden = figures();
    let case = &golden["key_wrap"];
    let parent = TeamKey::from_bytes(array(&golden["inputs"]["key"]));
    let child = ZoneKey::from_bytes(array(&case["child_key"]));
    let header = KeyWrapHeader {
        purpose: KeyWrapPurpose::ZoneUnderTeam,
        partnership: PartnershipId([1; 16]),
        parent: array(&case["parent"]),
        child: array(&case["child"]),
        parent_epoch: Epoch(2),
        child_epoch: Epoch(3),
    };
    let made = wrap::wrap(&header, &parent, &child, &mut Fixed(array(&golden["inputs"]["random"]))).expect("wrapped");
    assert_eq!(made.to_vec(), bytes(&case["bytes"]));
    assert_eq!(wrap::unwrap::<ZoneKey>(&bytes(&case["bytes"]), &header, &parent, &child.commitment()), Ok(child));
}

#[test]
fn locator_of_a_property() {
    let golden = figures();
    let key = LocatorKey::from_bytes(array(&golden["inputs"]["key"]));
    let text = |name: &str| golden["locator"][name].as_str().expect("text").to_owned();
    let made = locator::locator(&key, &text("class"), &text("id")).expect("a class and an id");
    assert_eq!(made.to_string(), text("document"));
}

fn cost(value: &Value) -> PassphraseCost {
    let [memory_kib, passes, lanes] = [0, 1, 2].map(|at| u32::try_from(number(&value[at])).expect("a small number"));
    PassphraseCost { memory_kib, passes, lanes }
}

#[test]
fn drop_box_of_an_epoch() {
    let golden = figures();
    let made = derive_drop_box(&ZoneKey::from_bytes(array(&golden["inputs"]["key"])));
    assert_eq!(made.expose_bytes().to_vec(), bytes(&golden["drop_box"]["secret"]));
    assert_eq!(made.public().0.to_vec(), bytes(&golden["drop_box"]["public"]));
}

#[test]
fn audit_chain() {
    let golden = figures();
    let case = &golden["audit"];
    let mut key = AuditKey::from_bytes(array(&golden["inputs"]["key"]));
    let (records, macs) = (case["records"].as_array().expect("a list"), case["macs"].as_array().expect("a list"));
    assert_eq!((records.len(), macs.len()), (3, 3));
    for (record, found) in records.iter().zip(macs) {
        assert_eq!(audit::mac(&key, &header(), &bytes(record)).0.to_vec(), bytes(found));
        key = key.evolve();
    }
    assert_eq!(key.expose_bytes().to_vec(), bytes(&case["next"]));
}

#[test]
fn pin_blob() {
    let golden = figures();
    let case = &golden["pin"];
    let (blob, name) = (bytes(&case["blob"]), case["name"].as_str().expect("text"));
    let pepper = PinPepper::from_bytes(array(&golden["inputs"]["key"]));
    let key = pin::derive_pin_key_of(&blob, case["pin"].as_str().expect("text"), &pepper).expect("a PIN blob");
    assert_eq!(key.expose_bytes().to_vec(), bytes(&case["key"]));
    let (seat, secret) = (SeatId(array(&case["seat"])), array::<32>(&case["secret"]));
    assert_eq!(pin::open_for_seat(&key, seat, name, &blob).as_deref(), Ok(&secret));
    let mut rng = Fixed(array(&golden["inputs"]["random"]));
    assert_eq!(pin::seal_for_seat(&key, seat, name, &secret, &mut rng), Ok(blob));
}

#[test]
fn invite_macs() {
    let golden = figures();
    let case = &golden["invite"];
    let words = OneTimePhrase::parse(case["words"].as_str().expect("text")).expect("six words");
    let key = derive_invite_key(&words, InviteId(array(&case["invite"])), cost(&case["cost"])).expect("a small cost");
    assert_eq!(key.expose_bytes().to_vec(), bytes(&case["key"]));
    let message = case["message"].as_str().expect("text").as_bytes();
    assert_eq!(key.mac_invitation(message).0.to_vec(), bytes(&case["invitation_mac"]));
    assert_eq!(key.mac_request(message).0.to_vec(), bytes(&case["request_mac"]));
}

#[test]
fn part_of_a_file() {
    let golden = figures();
    let case = &golden["part"];
    let count = |name: &str| u32::try_from(number(&case[name])).expect("a small number");
    let place = PartPlace {
        file: FileId(array(&case["file"])),
        kind: PartKind::Thumbnail,
        index: count("index"),
        count: count("count"),
    };
    let data: Vec<u8> = (0..number(&case["data_bytes"])).map(|j| ((31 * j + 7) % 256) as u8).collect();
    let key = FileKey::from_bytes(array(&golden["inputs"]["key"]));
    let made = part::seal_part(&key, place, &data, &mut Fixed(array(&golden["inputs"]["random"]))).expect("sealed");
    assert_eq!(made, bytes(&case["bytes"]));
    assert_eq!(part::blob_id(&made).0.to_vec(), bytes(&case["id"]));
    assert_eq!(part::open_part(&key, place, &made).as_deref(), Ok(&data));
}

#[test]
fn padded_lengths() {
    for case in figures()["padme"].as_array().expect("a list") {
        assert_eq!(padding::padme(number(&case["length"])), number(&case["padded"]));
    }
}
