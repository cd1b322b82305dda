//! Which documents need which sealed parts: claims, before the parts themselves are brought.

use crate::cbor::{self, CborError};
use crate::ids::{BlobId, DocumentId, LogSize, ZoneId};
use crate::limits;

messages! {
    /// A document needs these parts.
    BlobClaim (limit 8 * 1024) {
        /// The document's zone.
        0 zone: ZoneId,
        /// The document.
        1 document: DocumentId,
        /// The parts, ascending, at most [`limits::CLAIM_BLOBS_MAX`].
        2 blobs: Vec<BlobId>,
    }
    /// Claims parts. The same again changes nothing.
    ClaimRequest (limit limits::CLAIM_REQUEST_BYTES_MAX) {
        /// How much of the authority log the device has verified: what was erased after that is not claimed.
        0 log_size: LogSize,
        /// The claims, at most [`limits::CLAIMS_MAX`] of at most [`limits::CLAIM_REQUEST_BLOBS_MAX`] parts together.
        1 claims: Vec<BlobClaim>,
    }
    /// What the server does not have yet of what was claimed.
    ClaimAnswer (limit limits::CLAIM_REQUEST_BYTES_MAX) {
        /// Parts to bring, ascending.
        0 missing: Vec<BlobId>,
        /// Documents whose zone the device may not write, ascending: nothing was claimed for them.
        1 refused: Vec<DocumentId>,
    }
}

impl ClaimRequest {
    /// Whether it keeps its counts and orders.
    #[must_use]
    pub fn is_in_form(&self) -> bool {
        let all: usize = self.claims.iter().map(|claim| claim.blobs.len()).sum();
        self.claims.len() <= limits::CLAIMS_MAX
            && all <= limits::CLAIM_REQUEST_BLOBS_MAX
            && self.claims.iter().all(|claim| {
                (1..=limits::CLAIM_BLOBS_MAX).contains(&claim.blobs.len()) && claim.blobs.is_sorted_by(|a, b| a < b)
            })
    }
}
