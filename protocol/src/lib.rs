//! The protocol of Doorstep: ids, limits, the envelope as the server sees it, the authority log and its state machine,
//! the messages of sync, and the verification of every signature. No IO, no clock, no secrets, no Automerge: the same
//! code on server and device.
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic))]

pub mod authority;
pub mod cbor;
pub mod class;
pub mod envelope;
pub mod feed;
pub mod hash;
pub mod http_signature;
pub mod ids;
pub mod kem;
pub mod label;
pub mod limits;
pub mod signature;
pub mod wire;
pub mod wrap;

pub use cbor::{Bytes, CborError};
pub use class::{Class, Subject};
pub use ids::*;
