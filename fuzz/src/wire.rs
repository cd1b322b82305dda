//! Messages and records by number: the first byte of an input says which one the rest is.

use doorstep_protocol::authority::{
    AdminSet, Adopt, DeviceAdd, DeviceRevoke, Erase, EscrowKey, EscrowOpen, Freeze, Genesis, Grant, GrantEnd, Policy,
    RestorePoint, RootRotate, SeatAdd, SeatRevoke, ServerKey, SignedEntry, TeamEpoch, TeamMember, TeamSet, Unfreeze,
    ZoneCreate, ZoneEpoch, entry::EntrySignature,
};
use doorstep_protocol::feed::FeedPoint;
use doorstep_protocol::wire::frame::Closing;
use doorstep_protocol::wire::{
    AuthorTail, BlobClaim, Challenge, ChallengeRequest, Checkpoint, ClaimAnswer, ClaimRequest, Cursor, DeviceTails,
    FarewellAnswer, FarewellRequest, FeedStart, InboxClear, InboxItem, InboxPage, InboxRequest, LogAppend, LogAppended,
    Opening, Receipt, RecoverAnswer, RecoverRequest, Refusal, ServerCard, SessionAnswer, SessionRequest,
    SignedCheckpoint, SignedWipeReceipt, SyncRequest, TailsRequest, WatchNotice, WipeReceipt,
};

use crate::make::of_seed;
use crate::one_form;

macro_rules! numbered {
    ($decode:ident, $make:ident: $($ty:ty),+ $(,)?) => {
        /// Decodes the rest of `input` as the type that its first byte names.
        pub fn $decode(input: &[u8]) {
            let Some((number, bytes)) = input.split_first() else { return };
            let all: &[fn(&[u8])] = &[$(one_form::<$ty>),+];
            if let Some(decode) = all.get(usize::from(*number) % all.len()) {
                decode(bytes);
            }
        }

        /// An input for each type.
        #[must_use]
        pub fn $make(seed: u64) -> Vec<Vec<u8>> {
            let all = [$(doorstep_protocol::cbor::encode(&of_seed::<$ty>(seed))),+];
            all.into_iter().enumerate().map(|(number, bytes)| [&[number as u8], &bytes[..]].concat()).collect()
        }
    };
}

numbered!(message, messages:
    ServerCard, LogAppend, LogAppended, ChallengeRequest, Challenge, SessionRequest, SessionAnswer, AuthorTail,
    SyncRequest, Cursor, Opening, Receipt, Refusal, FeedStart, WatchNotice, Checkpoint, SignedCheckpoint, Closing,
    FarewellRequest, FarewellAnswer, WipeReceipt, SignedWipeReceipt, InboxRequest, InboxPage, InboxItem, InboxClear,
    TailsRequest, DeviceTails, RecoverRequest, RecoverAnswer, BlobClaim, ClaimRequest, ClaimAnswer,
);

numbered!(record, records:
    Genesis, AdminSet, DeviceAdd, DeviceRevoke, SeatAdd, SeatRevoke, TeamSet, TeamMember, ZoneCreate, Grant, GrantEnd,
    TeamEpoch, ZoneEpoch, RestorePoint, SignedEntry, EntrySignature, FeedPoint, RootRotate, Policy, ServerKey, EscrowKey,
    EscrowOpen, Freeze, Unfreeze, Adopt, Erase,
);
