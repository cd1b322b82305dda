//! Every record and message has one form: what is made reads back equal, and every other form of it is refused.

#[path = "support/make.rs"]
mod make;

use doorstep_protocol::authority::entry::EntrySignature;
use doorstep_protocol::authority::*;
use doorstep_protocol::feed::FeedPoint;
use doorstep_protocol::wire::checkpoint::Checkpoint;
use doorstep_protocol::wire::frame::Closing;
use doorstep_protocol::wire::*;
use doorstep_protocol::{CborError, Class, cbor, limits};
use make::{Make, of_seed};
use minicbor::data::Type;
use minicbor::{Decode, Decoder, Encode};

const SEEDS: std::ops::Range<u64> = 0..400;
const LIMIT_BYTES: usize = 1 << 20;

/// Where each item of a canonical record begins, and how long its head (major type and argument) is.
fn heads(bytes: &[u8]) -> Vec<(usize, Type)> {
    let mut decoder = Decoder::new(bytes);
    let mut found = Vec::new();
    while decoder.position() < bytes.len() {
        let at = decoder.position();
        let kind = decoder.datatype().expect("an item begins here");
        found.push((at, kind));
        match kind {
            Type::Array => drop(decoder.array().expect("an array")),
            _ => decoder.skip().expect("a whole item"),
        }
    }
    found
}

/// The length of the argument after the initial byte.
fn argument_bytes(initial: u8) -> usize {
    match initial & 0x1f {
        24 => 1,
        25 => 2,
        26 => 4,
        27 => 8,
        _ => 0,
    }
}

fn argument(bytes: &[u8], at: usize) -> u64 {
    match argument_bytes(bytes[at]) {
        0 => u64::from(bytes[at] & 0x1f),
        length => bytes[at + 1..=at + length].iter().fold(0, |value, byte| value << 8 | u64::from(*byte)),
    }
}

/// The same item with its argument written in more bytes than it needs.
fn overlong(bytes: &[u8], at: usize) -> Vec<Vec<u8>> {
    let (major, value, length) = (bytes[at] & 0xe0, argument(bytes, at), argument_bytes(bytes[at]));
    let longer = [(1, 24), (2, 25), (4, 26), (8, 27u8)].into_iter().filter(|(bytes, _)| *bytes > length);
    longer
        .map(|(argument_length, code)| {
            let argument = &value.to_be_bytes()[8 - argument_length..];
            [&bytes[..at], &[major | code], argument, &bytes[at + 1 + length..]].concat()
        })
        .collect()
}

/// The array or byte string at `at` in its indefinite form.
fn indefinite(bytes: &[u8], at: usize) -> Vec<u8> {
    let mut decoder = Decoder::new(bytes);
    decoder.set_position(at);
    decoder.skip().expect("a whole item");
    let end = decoder.position();
    let after_head = at + 1 + argument_bytes(bytes[at]);
    let major = bytes[at] & 0xe0;
    if major == 0x80 {
        return [&bytes[..at], &[0x9f], &bytes[after_head..end], &[0xff], &bytes[end..]].concat();
    }
    // A byte string in chunks: one chunk that is the definite string.
    [&bytes[..at], &[0x5f], &bytes[at..end], &[0xff], &bytes[end..]].concat()
}

fn refused<T: Encode<()> + for<'b> Decode<'b, ()>>(name: &'static str, other: &[u8], how: &str, seed: u64) {
    let outcome = cbor::decode::<T>(name, other, LIMIT_BYTES);
    assert!(outcome.is_err(), "{name}, seed {seed}: {how} was taken");
}

fn one_form<T>(name: &'static str)
where
    T: Make + Encode<()> + for<'b> Decode<'b, ()> + PartialEq + std::fmt::Debug,
{
    let mut mutated = 0;
    for seed in SEEDS {
        let value: T = of_seed(seed);
        let bytes = cbor::encode(&value);
        assert_eq!(cbor::decode(name, &bytes, LIMIT_BYTES).as_ref(), Ok(&value), "{name}, seed {seed}");
        refused::<T>(name, &[&bytes[..], &[0xf6]].concat(), "a trailing item", seed);
        refused::<T>(name, &bytes[..bytes.len() - 1], "a missing last byte", seed);
        let too_long = cbor::decode::<T>(name, &bytes, bytes.len() - 1);
        assert!(matches!(too_long, Err(CborError::TooLong { .. })), "{name}, seed {seed}: past its limit");
        for (at, kind) in heads(&bytes) {
            if matches!(kind, Type::Array | Type::Bytes) {
                refused::<T>(name, &indefinite(&bytes, at), "an indefinite form", seed);
            }
            if bytes[at] & 0xe0 != 0xe0 {
                for other in overlong(&bytes, at) {
                    refused::<T>(name, &other, "an overlong form", seed);
                    mutated += 1;
                }
            }
            // A tag before an item says nothing here.
            refused::<T>(name, &[&bytes[..at], &[0xc1], &bytes[at..]].concat(), "a tag", seed);
        }
        // An array that says it has one more item, and has it.
        if bytes[0] & 0xe0 == 0x80 && argument_bytes(bytes[0]) == 0 && bytes[0] < 0x97 {
            let longer = [&[bytes[0] + 1], &bytes[1..], &[0xf6]].concat();
            refused::<T>(name, &longer, "a null more at the end", seed);
        }
    }
    assert!(mutated > 100, "{name}: only {mutated} overlong forms were tried");
}

macro_rules! one_form {
    ($($test:ident: $($ty:ident)+;)+) => {$(
        #[test]
        fn $test() {
            $(one_form::<$ty>(stringify!($ty));)+
        }
    )+};
}
one_form! {
    entries_and_genesis: SignedEntry EntrySignature Genesis Organisation;
    bodies_about_people: AdminSet DeviceAdd DeviceRevoke Cut SeatAdd SeatRevoke TeamSet TeamMember;
    bodies_about_roots: RootRotate Policy ServerKey EscrowKey EscrowOpen;
    bodies_about_loss: Freeze Unfreeze AuthorCut Adopt Erase ErasedEnvelope;
    bodies_about_keys: ZoneCreate LocatorWrap Grant GrantEnd TeamEpoch ZoneTeamWrap ZoneEpoch RestorePoint ZoneFeedPoint FeedPoint;
    messages_before_a_session: ServerCard LogAppend LogAppended ChallengeRequest Challenge SessionRequest;
    messages_of_a_session: SessionAnswer AuthorTail SyncRequest Cursor WatchNotice;
    messages_of_a_farewell: FarewellRequest FarewellAnswer WipeReceipt SignedWipeReceipt;
    messages_of_a_desk: InboxRequest InboxPage InboxItem InboxClear TailsRequest DeviceTails RecoverRequest RecoverAnswer;
    messages_about_files: BlobClaim ClaimRequest ClaimAnswer;
    parts_of_an_answer: Opening Receipt Refusal FeedStart Checkpoint SignedCheckpoint Closing;
}

#[test]
fn an_entry_reads_back_from_its_signed_bytes() {
    for seed in SEEDS {
        let entry: Entry = of_seed(seed);
        assert_eq!(Entry::parse(&entry.to_bytes()), Ok(entry), "seed {seed}");
    }
}

#[test]
fn a_body_reads_back_under_its_own_kind_only() {
    for seed in SEEDS {
        let body: Body = of_seed(seed);
        assert_eq!(Body::parse(body.code(), &body.to_bytes()), Ok(body.clone()), "seed {seed}");
        let others = (0..=255).filter(|code| *code != body.code());
        for code in others {
            // Two kinds may have the same shape; what is read is then another body, never this one.
            assert_ne!(Body::parse(code, &body.to_bytes()), Ok(body.clone()), "seed {seed}, code {code}");
        }
    }
}

#[test]
fn every_code_reads_back_and_no_other_is_a_code() {
    for code in 0..=255u8 {
        let bytes = cbor::encode(&code);
        let class = cbor::decode::<Class>("class", &bytes, 8);
        assert_eq!(class.ok(), Class::from_code(code), "{code}");
        assert_eq!(cbor::decode::<RefusalReason>("reason", &bytes, 8).is_ok(), (1..=13).contains(&code), "{code}");
        assert_eq!(cbor::decode::<DeviceKind>("kind", &bytes, 8).is_ok(), (1..=4).contains(&code), "{code}");
        assert_eq!(cbor::decode::<OrganisationKind>("kind", &bytes, 8).is_ok(), (1..=5).contains(&code), "{code}");
        assert_eq!(cbor::decode::<TeamTier>("tier", &bytes, 8).is_ok(), (1..=2).contains(&code), "{code}");
        assert_eq!(cbor::decode::<Standing>("standing", &bytes, 8).is_ok(), (1..=2).contains(&code), "{code}");
        assert_eq!(cbor::decode::<RevokeReason>("reason", &bytes, 8).is_ok(), (1..=2).contains(&code), "{code}");
        assert_eq!(cbor::decode::<EraseReason>("reason", &bytes, 8).is_ok(), (1..=5).contains(&code), "{code}");
    }
    for class in Class::ALL {
        assert_eq!(class.as_str().parse(), Ok(*class));
    }
}

#[test]
fn maps_floats_text_and_negative_numbers_are_no_part_of_any_record() {
    for other in [&[0xa0][..], &[0xf9, 0x3c, 0x00], &[0x61, 0x61], &[0x20], &[0xf5], &[0xf6], &[]] {
        assert!(matches!(cbor::decode::<Cut>("cut", other, 64), Err(CborError::Malformed { record: "cut" })));
        let in_place = [&[0x82][..], other, &[0x01]].concat();
        assert!(cbor::decode::<Cursor>("cursor", &in_place, 64).is_err());
    }
}

#[test]
fn a_count_that_is_not_there_costs_nothing() {
    // An array of 2^64 − 1 items in nine bytes.
    let bytes = [&[0x85, 0x9b][..], &[0xff; 8]].concat();
    assert!(Genesis::parse_for_test(&bytes).is_err());
    assert!(SyncRequest::parse(&[&[0x86, 0x00, 0x58, 0x20][..], &[0; 32], &[0x9b], &[0xff; 8]].concat()).is_err());
}

trait ParseForTest: Sized {
    fn parse_for_test(bytes: &[u8]) -> Result<Self, CborError>;
}

impl ParseForTest for Genesis {
    fn parse_for_test(bytes: &[u8]) -> Result<Self, CborError> {
        cbor::decode("genesis", bytes, limits::LOG_ENTRY_BYTES_MAX)
    }
}
