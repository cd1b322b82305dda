//! What a desk asks for beside syncing: late work of revoked devices, the ends of a device's chains, and the log for who
//! holds the root keys and no device any more.

use super::AuthorTail;
use super::frame::Remainder;
use crate::authority::SignedEntry;
use crate::cbor::{self, Bytes, CborError};
use crate::ids::{DeviceId, InboxNumber, LogSize, Millis, PartnershipId, SignerId};
use crate::limits;

messages! {
    /// Asks for what revoked devices left, of zones that the asker holds; wipe receipts go to every admin.
    InboxRequest (limit 64) {
        /// The last number read.
        0 after: InboxNumber,
    }
    /// A page of it.
    InboxPage (limit limits::INBOX_PAGE_BYTES_MAX) {
        /// Items, ascending by number.
        0 items: Vec<InboxItem>,
        /// Whether there are more.
        1 remainder: Remainder,
    }
    /// Something that a revoked device left.
    InboxItem (limit limits::ENVELOPE_BYTES_MAX + 256) {
        /// Its number.
        0 number: InboxNumber,
        /// Who left it.
        1 device: DeviceId,
        /// When it came, by the server's clock.
        2 arrived: Millis,
        /// What it is.
        3 what: InboxWhat,
        /// An envelope, or a [`super::SignedWipeReceipt`].
        4 bytes: Bytes,
    }
    /// Says that somebody has decided about items: an admin of the organisation that owns their zones.
    InboxClear (limit 64 * 1024) {
        /// The numbers, ascending.
        0 numbers: Vec<InboxNumber>,
    }
    /// Asks for the last envelope of a device in every zone: what a revocation names as its cuts.
    TailsRequest (limit 64) {
        /// The device.
        0 device: DeviceId,
    }
    /// The last envelope of a device in every zone where it has one, ascending by zone.
    DeviceTails (limit 256 * 1024) {
        /// The tails.
        0 tails: Vec<AuthorTail>,
    }
    /// Asks for the log in the name of a root key: how a partnership whose desks are all gone begins again.
    RecoverRequest (limit 512) {
        /// The tenant.
        0 partnership: PartnershipId,
        /// The root key that signs the request.
        1 root: SignerId,
        /// The challenge, returned.
        2 challenge: Bytes,
        /// The size of the log that is known.
        3 after: LogSize,
    }
    /// A stretch of the log.
    RecoverAnswer (limit limits::LOG_APPEND_BYTES_MAX) {
        /// The entries.
        0 entries: Vec<SignedEntry>,
        /// Whether there are more.
        1 remainder: Remainder,
    }
}

/// What an item of the inbox is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, minicbor::Encode, minicbor::Decode)]
#[cbor(index_only)]
pub enum InboxWhat {
    /// An envelope.
    #[n(1)]
    Envelope,
    /// A wipe receipt.
    #[n(2)]
    WipeReceipt,
}
