//! What fuzz targets share: a value that decodes has one form, and a log that refuses an entry stays as it was.

#[path = "../../protocol/tests/authority/harness.rs"]
#[allow(dead_code, unreachable_pub, reason = "the tests' own harness, of which this uses a part")]
mod harness;
#[path = "../../protocol/tests/support/make.rs"]
#[allow(dead_code, unreachable_pub, reason = "the tests' own generator, of which this uses a part")]
mod make;

#[cfg(feature = "client")]
pub mod client;
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
