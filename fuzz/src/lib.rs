//! What fuzz targets share: a value that decodes has one form, and a log that refuses an entry stays as it was.

#[path = "../../protocol/tests/authority/harness.rs"]
#[allow(dead_code, unreachable_pub, reason = "the tests' own harness, of which this uses a part")]
mod harness;
#[path = "../../protocol/tests/support/make.rs"]
#[allow(dead_code, unreachable_pub, reason = "the tests' own generator, of which this uses a part")]
mod make;

#[cfg(feature = "server")]
pub mod carry;
#[cfg(feature = "client")]
pub mod client;
#[cfg(feature = "client")]
pub mod files;
pub mod replay;
pub mod seeds;
pub mod wire;

use doorstep_protocol::cbor;
use minicbor::{Decode, Encode};

/// More than any message may have: limits are the decoders' own business.
const LIMIT_BYTES: usize = 8 << 20;

/// Decodes, and holds that what decodes writes itself back to the very same bytes.
pub fn one_form<T: Encode<()> + for<'b> Decode<'b, ()>>(bytes: &[u8]) {
    if let Ok(value) = cbor::decode::<T>("record", bytes, LIMIT_BYTES) {
        assert_eq!(cbor::encode(&value), bytes);
    }
}

/// Bytes of a patch: position (u16) ‖ value.
#[cfg(any(feature = "client", feature = "server"))]
const PATCH_BYTES: usize = 3;
/// More patches than this leave nothing of the valid bytes.
#[cfg(any(feature = "client", feature = "server"))]
const PATCHES_MAX: usize = 64;

/// Valid bytes with what `patches` says changed.
#[cfg(any(feature = "client", feature = "server"))]
fn patched(base: &[u8], patches: &[u8]) -> Vec<u8> {
    let mut bytes = base.to_vec();
    for patch in patches.chunks_exact(PATCH_BYTES).take(PATCHES_MAX) {
        let at = usize::from(u16::from_be_bytes([patch[0], patch[1]])) % bytes.len();
        bytes[at] = patch[2];
    }
    bytes
}
