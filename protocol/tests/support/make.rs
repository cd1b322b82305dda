//! Makes any record or message from seeded randomness: small vectors, numbers of every length, every code.
#![allow(dead_code, reason = "each test that shares this uses a part of it")]

use doorstep_protocol::authority::entry::EntrySignature;
use doorstep_protocol::authority::*;
use doorstep_protocol::feed::FeedPoint;
use doorstep_protocol::wire::checkpoint::Checkpoint;
use doorstep_protocol::wire::frame::{Closing, Remainder};
use doorstep_protocol::wire::*;
use doorstep_protocol::*;
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

/// A value that randomness makes.
pub(crate) trait Make: Sized {
    fn make(rng: &mut ChaCha8Rng) -> Self;
}

/// The value of a seed.
pub(crate) fn of_seed<T: Make>(seed: u64) -> T {
    T::make(&mut ChaCha8Rng::seed_from_u64(seed))
}

pub(crate) fn one_of<T: Copy>(rng: &mut ChaCha8Rng, all: &[T]) -> T {
    all[rng.next_u32() as usize % all.len()]
}

impl Make for u64 {
    /// Every length of the wire's integers is as likely: their edges are where forms differ.
    fn make(rng: &mut ChaCha8Rng) -> Self {
        let edges = [0, 23, 24, 0xff, 0x100, 0xffff, 0x1_0000, 0xffff_ffff, 0x1_0000_0000, Self::MAX];
        match rng.next_u32() % 6 {
            0 => one_of(rng, &edges),
            length => rng.next_u64() >> (64 - 8 * (2 * length - 2).clamp(1, 8)),
        }
    }
}

macro_rules! narrow {
    ($($ty:ty),+) => {$(
        impl Make for $ty {
            fn make(rng: &mut ChaCha8Rng) -> Self {
                u64::make(rng).min(<$ty>::MAX.into()) as $ty
            }
        }
    )+};
}
narrow!(u8, u16, u32);

macro_rules! ids {
    ($($ty:ident),+ $(,)?) => {$(
        impl Make for $ty {
            fn make(rng: &mut ChaCha8Rng) -> Self {
                let mut bytes = [0; Self::LEN];
                rng.fill_bytes(&mut bytes);
                Self(bytes)
            }
        }
    )+};
}
ids!(
    PartnershipId,
    OrganisationId,
    DeviceId,
    SignerId,
    WorkerId,
    SeatId,
    TeamId,
    ZoneId,
    AreaId,
    GrantId,
    DocumentId,
    StoreId,
    BlobId,
    EnvelopeId,
    FeedHead,
    LogHash,
    Digest32,
    KeyCommitment,
    SignPublic,
    KemPublic,
    Signature,
);

macro_rules! numbers {
    ($($ty:ident),+) => {$(
        impl Make for $ty {
            fn make(rng: &mut ChaCha8Rng) -> Self {
                Self(Make::make(rng))
            }
        }
    )+};
}
numbers!(ZoneSeq, FeedNumber, InboxNumber, LogSize, Epoch, RestoreEpoch, Millis, Rights);

macro_rules! codes {
    ($($ty:ident: $($variant:ident)+;)+) => {$(
        impl Make for $ty {
            fn make(rng: &mut ChaCha8Rng) -> Self {
                one_of(rng, &[$(Self::$variant),+])
            }
        }
    )+};
}
codes! {
    OrganisationKind: Council Fire Landlord Health Other;
    DeviceKind: Personal Shared Desk Service;
    TeamTier: Ops Restricted;
    Standing: Granted Ended;
    RevokeReason: Lost Retired;
    LateWork: Held Refused;
    EscrowPurpose: Drill Recovery LegalOrder;
    EraseReason: Request Retention Mistake LegalOrder Finish;
    InboxWhat: Envelope WipeReceipt;
    Remainder: Nothing More;
    RefusalReason: Malformed OtherPartnership UnknownAuthor Revoked NotEntitled Signature Gap Fork LogMismatch LogAhead Epoch Quota NotHeld;
}

impl Make for Class {
    fn make(rng: &mut ChaCha8Rng) -> Self {
        one_of(rng, Self::ALL)
    }
}

impl Make for Bytes {
    fn make(rng: &mut ChaCha8Rng) -> Self {
        let mut bytes = vec![0; rng.next_u32() as usize % 40];
        rng.fill_bytes(&mut bytes);
        Self(bytes)
    }
}

impl<T: Make> Make for Option<T> {
    fn make(rng: &mut ChaCha8Rng) -> Self {
        (!rng.next_u32().is_multiple_of(3)).then(|| T::make(rng))
    }
}

impl<T: Make> Make for Vec<T> {
    fn make(rng: &mut ChaCha8Rng) -> Self {
        let count = rng.next_u32() % 3;
        (0..count).map(|_| T::make(rng)).collect()
    }
}

macro_rules! structs {
    ($($ty:ident { $($field:ident)+ })+) => {$(
        impl Make for $ty {
            fn make(rng: &mut ChaCha8Rng) -> Self {
                Self { $($field: Make::make(rng)),+ }
            }
        }
    )+};
}
structs! {
    FeedPoint { number head }
    Organisation { id kind escrow }
    Genesis { roots threshold organisations server_key nonce }
    AdminSet { organisation device standing }
    RootRotate { roots threshold }
    Policy { late_work lease_hours glass_minutes silent_days }
    ServerKey { key }
    EscrowKey { organisation key }
    EscrowOpen { organisation purpose zones }
    DeviceAdd { organisation kind sign kem not_after possession kem_restricted }
    Freeze { device }
    Unfreeze { device }
    Cut { zone zseq envelope }
    DeviceRevoke { device reason cuts }
    SeatAdd { device worker key }
    SeatRevoke { seat }
    TeamSet { team organisation tier }
    TeamMember { team device standing wrap cuts }
    ZoneCreate { zone organisation class area locator }
    LocatorWrap { commitment wrap }
    Grant { grant zone team rights purposes agreement legal_power lawful_basis expires wrap }
    GrantEnd { grant cuts }
    AuthorCut { device zseq envelope }
    TeamEpoch { team epoch commitment previous recipients wraps_root count }
    ZoneTeamWrap { team team_epoch wrap }
    ZoneEpoch { zone epoch commitment previous wraps escrow drop_box }
    Adopt { zone author envelopes }
    Erase { zone document reason envelopes }
    ErasedEnvelope { envelope author zseq }
    RestorePoint { store restore_epoch log_size feeds }
    ZoneFeedPoint { zone point }
    EntrySignature { signer signature }
    SignedEntry { entry signatures }
    Entry { partnership seq prev time author body }
    ServerCard { server_key store restore_epoch now }
    LogAppend { partnership base_size base_head entries wraps whole }
    LogAppended { size head }
    ChallengeRequest { partnership device }
    Challenge { challenge now }
    SessionRequest { partnership device challenge }
    SessionAnswer { session expires store restore_epoch now tails }
    AuthorTail { zone zseq envelope }
    SyncRequest { log_size log_head cursors envelopes audit budget_bytes }
    Cursor { zone number }
    Opening { store restore_epoch now log_size }
    Receipt { zone number envelope }
    Refusal { envelope reason tail }
    FeedStart { zone after }
    WatchNotice { log_size zones }
    Checkpoint { version partnership reader store restore_epoch time log_size log_head heads changed }
    SignedCheckpoint { checkpoint signature }
    Closing { remainder signature }
    FarewellRequest { partnership device challenge log_size log_head envelopes wiped }
    FarewellAnswer { entries remainder held refused }
    WipeReceipt { partnership device log_size log_head time unsent }
    SignedWipeReceipt { receipt signature }
    InboxRequest { after }
    InboxPage { items remainder }
    InboxItem { number device arrived what bytes }
    InboxClear { numbers }
    TailsRequest { device }
    DeviceTails { tails }
    RecoverRequest { partnership root challenge after }
    RecoverAnswer { entries remainder }
    BlobClaim { zone document blobs }
    ClaimRequest { log_size claims }
    ClaimAnswer { missing refused }
}

impl Make for Body {
    fn make(rng: &mut ChaCha8Rng) -> Self {
        match rng.next_u32() % 23 {
            0 => Self::Genesis(Make::make(rng)),
            1 => Self::AdminSet(Make::make(rng)),
            2 => Self::DeviceAdd(Make::make(rng)),
            3 => Self::DeviceRevoke(Make::make(rng)),
            4 => Self::SeatAdd(Make::make(rng)),
            5 => Self::SeatRevoke(Make::make(rng)),
            6 => Self::TeamSet(Make::make(rng)),
            7 => Self::TeamMember(Make::make(rng)),
            8 => Self::ZoneCreate(Make::make(rng)),
            9 => Self::Grant(Make::make(rng)),
            10 => Self::GrantEnd(Make::make(rng)),
            11 => Self::TeamEpoch(Make::make(rng)),
            12 => Self::ZoneEpoch(Make::make(rng)),
            13 => Self::RootRotate(Make::make(rng)),
            14 => Self::Freeze(Make::make(rng)),
            15 => Self::Unfreeze(Make::make(rng)),
            16 => Self::Adopt(Make::make(rng)),
            17 => Self::Erase(Make::make(rng)),
            18 => Self::EscrowOpen(Make::make(rng)),
            19 => Self::Policy(Make::make(rng)),
            20 => Self::ServerKey(Make::make(rng)),
            21 => Self::EscrowKey(Make::make(rng)),
            _ => Self::RestorePoint(Make::make(rng)),
        }
    }
}

impl Make for Frame {
    fn make(rng: &mut ChaCha8Rng) -> Self {
        match rng.next_u32() % 11 {
            0 => Self::Opening(Make::make(rng)),
            1 => Self::LogEntry(Make::make(rng)),
            2 => {
                let mut wrap = Box::new([0; doorstep_protocol::wrap::SEALED_WRAP_BYTES]);
                rng.fill_bytes(&mut *wrap);
                Self::TeamWrap(wrap)
            }
            3 => Self::Receipt(Make::make(rng)),
            4 => Self::Refusal(Make::make(rng)),
            5 => Self::FeedStart(Make::make(rng)),
            6 => Self::Envelope(Bytes::make(rng).0),
            7 => Self::Own(Make::make(rng)),
            8 => Self::Checkpoint(Make::make(rng)),
            9 => Self::Gone(Make::make(rng)),
            _ => Self::Closing(Make::make(rng)),
        }
    }
}
