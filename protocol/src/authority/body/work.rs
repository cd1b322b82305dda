//! What is said of recorded work: late work taken in, documents erased, stores restored.

use crate::feed::FeedPoint;
use crate::ids::{DeviceId, DocumentId, EnvelopeId, LogSize, RestoreEpoch, StoreId, ZoneId, ZoneSeq};

codes! {
    /// Why a document is erased.
    EraseReason {
        /// The person it is about asked for it, and may.
        Request = 1,
        /// It has been kept as long as it may be.
        Retention = 2,
        /// It should never have been recorded.
        Mistake = 3,
        /// A court or a regulator ordered it.
        LegalOrder = 4,
        /// It was erased before, and more of what its writers had not heard of came since. Nothing but what is named goes: who
        /// heard of the erasure may have begun the document anew.
        Finish = 5,
    }
}

records! {
    /// Takes in work that would not count: written past a cut, under a key of another epoch, or without the right.
    Adopt {
        /// The zone.
        0 zone: ZoneId,
        /// Who wrote it.
        1 author: DeviceId,
        /// The envelopes, ascending.
        2 envelopes: Vec<EnvelopeId>,
    }
    /// Erases a document everywhere: what was written of it by anybody who had not seen this entry, or, with
    /// [`EraseReason::Finish`], what it names. Signed by two admins.
    Erase {
        /// The zone.
        0 zone: ZoneId,
        /// The document.
        1 document: DocumentId,
        /// Why.
        2 reason: EraseReason,
        /// The envelopes that the signers know of, ascending: the server keeps their places and not their bytes.
        3 envelopes: Vec<ErasedEnvelope>,
    }
    /// An envelope that is erased, and its place in its author's chain.
    ErasedEnvelope {
        /// The envelope.
        0 envelope: EnvelopeId,
        /// Who wrote it.
        1 author: DeviceId,
        /// Its author's counter.
        2 zseq: ZoneSeq,
    }
    /// Says that a store was restored from a backup on purpose.
    RestorePoint {
        /// The store.
        0 store: StoreId,
        /// The epoch it has from now on.
        1 restore_epoch: RestoreEpoch,
        /// The size of the log in the backup.
        2 log_size: LogSize,
        /// The feeds in the backup, ascending by zone.
        3 feeds: Vec<ZoneFeedPoint>,
    }
    /// A feed and a point in it.
    ZoneFeedPoint {
        /// The zone.
        0 zone: ZoneId,
        /// The point.
        1 point: FeedPoint,
    }
}
