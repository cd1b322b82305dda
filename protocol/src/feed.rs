//! The chain of a feed: `z_i = SHA256(LBL("doorstep/1/feed") ‖ z_{i−1} ‖ u64 i ‖ envelope id)`, `z_0` zero.
//!
//! A reader recomputes it, so a server that reorders, drops or swaps an envelope is noticed.

use sha2::{Digest, Sha256};

use crate::hash;
use crate::ids::{Digest32, EnvelopeId, FeedHead, FeedNumber, ZoneId};
use crate::label;

/// A position in a feed together with the head there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct FeedPoint {
    /// How many envelopes the feed has up to here.
    #[n(0)]
    pub number: FeedNumber,
    /// The chain's value here.
    #[n(1)]
    pub head: FeedHead,
}

impl FeedPoint {
    /// Before the first envelope.
    pub const START: Self = Self { number: FeedNumber(0), head: FeedHead::ZERO };

    /// The point after one more envelope.
    #[must_use]
    pub fn then(self, envelope: EnvelopeId) -> Self {
        let number = self.number.next();
        let mut hasher = Sha256::new();
        hasher.update(label::prefixed(label::FEED));
        hasher.update(self.head.0);
        hasher.update(number.0.to_be_bytes());
        hasher.update(envelope.0);
        Self { number, head: FeedHead(hasher.finalize().into()) }
    }
}

/// One digest over the heads of several feeds, in the order of their zones; empty feeds do not count.
#[must_use]
pub fn heads_digest<'a>(feeds: impl IntoIterator<Item = (&'a ZoneId, &'a FeedPoint)>) -> Digest32 {
    let mut sorted: Vec<_> = feeds.into_iter().filter(|(_, point)| point.number > FeedNumber(0)).collect();
    sorted.sort_unstable();
    let mut flat = Vec::with_capacity(sorted.len() * 56);
    for (zone, point) in sorted {
        flat.extend_from_slice(&zone.0);
        flat.extend_from_slice(&point.number.0.to_be_bytes());
        flat.extend_from_slice(&point.head.0);
    }
    Digest32(hash::tagged(label::HEADS, &[&flat]))
}
