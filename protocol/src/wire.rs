//! The messages between device and server, all canonical CBOR; `docs/protocol.md` shows each with example bytes.
//!
//! | request | body | answer |
//! | --- | --- | --- |
//! | `GET /v1/server` | – | [`ServerCard`] |
//! | `POST /v1/log` | [`LogAppend`] | [`LogAppended`] |
//! | `POST /v1/challenge` | [`ChallengeRequest`] | [`Challenge`] |
//! | `POST /v1/session` | [`SessionRequest`], signed over the challenge | [`SessionAnswer`] |
//! | `POST /v1/sync` | [`SyncRequest`], signed in a session | a stream of [`frame`]s |
//! | `GET /v1/watch` | –, signed in a session | WebSocket of [`WatchNotice`]s |
//! | `POST /v1/farewell` | [`FarewellRequest`], signed over the challenge by a revoked device | [`FarewellAnswer`] |
//! | `POST /v1/inbox` | [`InboxRequest`], signed in a session | [`InboxPage`] |
//! | `POST /v1/inbox/clear` | [`InboxClear`], signed in a session | – |
//! | `POST /v1/tails` | [`TailsRequest`], signed in a session of an admin | [`DeviceTails`] |
//! | `POST /v1/claims` | [`ClaimRequest`], signed in a session | [`ClaimAnswer`] |
//! | `PUT`, `GET`, `HEAD /v1/blobs/{id}` | a sealed part, or nothing; signed in a session | nothing, or a sealed part |
//! | `POST /v1/recover` | [`RecoverRequest`], signed over the challenge by a root key | [`RecoverAnswer`] |

use crate::authority::{SignedEntry, ZoneFeedPoint};
use crate::cbor::{self, Bytes, CborError};
use crate::ids::{
    DeviceId, EnvelopeId, FeedNumber, LogHash, LogSize, Millis, PartnershipId, RestoreEpoch, SignPublic, StoreId,
    ZoneId, ZoneSeq,
};
use crate::limits;

/// The media type of every body.
pub const MEDIA_TYPE: &str = "application/vnd.doorstep.v1+cbor";
/// The media type of a sealed part of a file.
pub const PART_MEDIA_TYPE: &str = "application/vnd.doorstep.v1.part";
/// Where parts are: their ids follow.
pub const PARTS_PATH: &str = "/v1/blobs/";
/// The media type of a streamed answer.
pub const STREAM_MEDIA_TYPE: &str = "application/vnd.doorstep.v1.frames";
/// The longest challenge or session token.
pub const TOKEN_BYTES_MAX: usize = 128;

macro_rules! messages {
    ($($(#[$doc:meta])* $name:ident (limit $limit:expr) { $($(#[$field_doc:meta])* $n:literal $field:ident: $ty:ty,)+ })+) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
        #[cbor(array)]
        pub struct $name {
            $($(#[$field_doc])* #[n($n)] pub $field: $ty,)+
        }

        impl $name {
            /// The canonical bytes.
            #[must_use]
            pub fn to_bytes(&self) -> Vec<u8> {
                cbor::encode(self)
            }

            /// Decodes the message within its limit.
            ///
            /// # Errors
            /// [`CborError`].
            pub fn parse(bytes: &[u8]) -> Result<Self, CborError> {
                cbor::decode(stringify!($name), bytes, $limit)
            }
        }
    )+};
}

pub mod checkpoint;
pub mod farewell;
pub mod frame;
pub mod office;
pub mod parts;

pub use checkpoint::{Checkpoint, SignedCheckpoint};
pub use farewell::{FarewellAnswer, FarewellRequest, SignedWipeReceipt, WipeReceipt};
pub use frame::{Frame, FrameDecoder, FrameError};
pub use office::{
    DeviceTails, InboxClear, InboxItem, InboxPage, InboxRequest, InboxWhat, RecoverAnswer, RecoverRequest, TailsRequest,
};
pub use parts::{BlobClaim, ClaimAnswer, ClaimRequest};

messages! {
    /// Who a server says it is. A client believes the key only when the genesis names it.
    ServerCard (limit 256) {
        /// The key it signs with.
        0 server_key: SignPublic,
        /// The store behind it.
        1 store: StoreId,
        /// How often that store was restored.
        2 restore_epoch: RestoreEpoch,
        /// The server's clock.
        3 now: Millis,
    }
    /// Appends to the authority log, or brings a partnership to a server that has none: compare-and-set on size and head.
    LogAppend (limit limits::LOG_APPEND_BYTES_MAX) {
        /// The tenant.
        0 partnership: PartnershipId,
        /// The size the entries follow.
        1 base_size: LogSize,
        /// The head at that size, zero at zero.
        2 base_head: LogHash,
        /// The entries, all or none.
        3 entries: Vec<SignedEntry>,
        /// The wraps delivered beside the team epochs among them.
        4 wraps: Vec<Bytes>,
        /// How long the log is that is brought, where more of it follows.
        5 whole: Option<LogSize>,
    }
    /// What the log is after an append.
    LogAppended (limit 256) {
        /// Its size.
        0 size: LogSize,
        /// Its head.
        1 head: LogHash,
    }
    /// Asks for a challenge.
    ChallengeRequest (limit 256) {
        /// The tenant.
        0 partnership: PartnershipId,
        /// The device.
        1 device: DeviceId,
    }
    /// What the device must sign to open a session.
    Challenge (limit 512) {
        /// Opaque, at most [`TOKEN_BYTES_MAX`] bytes.
        0 challenge: Bytes,
        /// The server's clock: tells a device how far its own is off.
        1 now: Millis,
    }
    /// Opens a session; the HTTP signature covers the challenge.
    SessionRequest (limit 512) {
        /// The tenant.
        0 partnership: PartnershipId,
        /// The device.
        1 device: DeviceId,
        /// The challenge, returned.
        2 challenge: Bytes,
    }
    /// A session, and what the server knows of the device's own work.
    SessionAnswer (limit 64 * 1024) {
        /// Opaque, at most [`TOKEN_BYTES_MAX`] bytes; named in every signed request.
        0 session: Bytes,
        /// When it ends, by the server's clock.
        1 expires: Millis,
        /// The store behind the server.
        2 store: StoreId,
        /// How often that store was restored.
        3 restore_epoch: RestoreEpoch,
        /// The server's clock.
        4 now: Millis,
        /// The device's own last envelope in every zone where it has one, ascending by zone. If the device does not
        /// know one of them it was cloned or rolled back, and must stop writing.
        5 tails: Vec<AuthorTail>,
    }
    /// The last envelope of an author in a zone.
    AuthorTail (limit 128) {
        /// The zone.
        0 zone: ZoneId,
        /// Its counter.
        1 zseq: ZoneSeq,
        /// Its id.
        2 envelope: EnvelopeId,
    }
    /// One catch-up: what I have read, what I bring.
    SyncRequest (limit limits::SYNC_REQUEST_BYTES_MAX) {
        /// How much of the authority log I have verified.
        0 log_size: LogSize,
        /// Its head there.
        1 log_head: LogHash,
        /// How far I have read each zone, ascending by zone; a zone that is not named is read from its start.
        2 cursors: Vec<Cursor>,
        /// Envelopes, mine in the order of my counters.
        3 envelopes: Vec<Bytes>,
        /// Kept empty: audit records are envelopes of the audit zone like any other, and go first among them.
        4 audit: Vec<Bytes>,
        /// How many bytes the answer may have.
        5 budget_bytes: u32,
    }
    /// How far a device has read a feed.
    Cursor (limit 64) {
        /// The zone.
        0 zone: ZoneId,
        /// The last number read.
        1 number: FeedNumber,
    }
    /// First frame of an answer: which store speaks.
    Opening (limit 256) {
        /// The store.
        0 store: StoreId,
        /// How often it was restored.
        1 restore_epoch: RestoreEpoch,
        /// The server's clock.
        2 now: Millis,
        /// The size of its authority log.
        3 log_size: LogSize,
    }
    /// The envelope is durable, at this place. Believed once the answer's closing signature holds.
    Receipt (limit 128) {
        /// The zone.
        0 zone: ZoneId,
        /// Its number in the feed.
        1 number: FeedNumber,
        /// The envelope.
        2 envelope: EnvelopeId,
    }
    /// The envelope was not taken.
    Refusal (limit 256) {
        /// The envelope: a digest over what was sent when it does not even parse.
        0 envelope: EnvelopeId,
        /// Why.
        1 reason: RefusalReason,
        /// The author's tail that the server has in this zone, where that is the reason.
        2 tail: Option<AuthorTail>,
    }
    /// The envelopes that follow are of this zone, numbered from the one after `after`.
    FeedStart (limit 64) {
        /// The zone.
        0 zone: ZoneId,
        /// The number before the first that follows.
        1 after: FeedNumber,
    }
    /// Something is new: how far zones have come. Data always comes by pull.
    WatchNotice (limit 64 * 1024) {
        /// The size of the authority log.
        0 log_size: LogSize,
        /// Zones that have grown, and their new points.
        1 zones: Vec<ZoneFeedPoint>,
    }
}

/// Why the server did not take an envelope.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    minicbor::Encode,
    minicbor::Decode,
    serde::Serialize,
    serde::Deserialize,
)]
#[cbor(index_only)]
#[serde(rename_all = "kebab-case")]
pub enum RefusalReason {
    /// Its form is not one this version knows.
    #[n(1)]
    Malformed,
    /// It belongs to another partnership.
    #[n(2)]
    OtherPartnership,
    /// Its author is not in the log.
    #[n(3)]
    UnknownAuthor,
    /// Its author was revoked.
    #[n(4)]
    Revoked,
    /// Its author may not write to the zone.
    #[n(5)]
    NotEntitled,
    /// Its signature does not hold.
    #[n(6)]
    Signature,
    /// Envelopes of the author between the tail and this one are missing.
    #[n(7)]
    Gap,
    /// Another envelope stands where this one wants to stand: the author was cloned or rolled back.
    #[n(8)]
    Fork,
    /// The log head it names is not the server's at that size.
    #[n(9)]
    LogMismatch,
    /// It names a larger log than the server has.
    #[n(10)]
    LogAhead,
    /// The epoch of its key does not exist.
    #[n(11)]
    Epoch,
    /// The partnership has used its space.
    #[n(12)]
    Quota,
    /// The partnership takes no late work of revoked devices.
    #[n(13)]
    NotHeld,
}
