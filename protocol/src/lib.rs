//! The protocol of Doorstep: ids, limits, the envelope as the server sees it, the authority log and its state machine,
//! the messages of sync, and the verification of every signature. No IO, no clock, no secrets, no Automerge: the same
//! code on server and device.
//!
//! | room | holds |
//! | --- | --- |
//! | [`ids`], [`limits`], [`label`], [`class`] | the words: a newtype for each id and number, every limit, every label |
//! | [`cbor`], [`hash`], [`signature`], [`kem`] | one form for each record, one hash, strict verification, weak keys |
//! | [`envelope`], [`wrap`], [`feed`] | sealed things as they look from outside, and the chain of a feed |
//! | [`authority`] | the log of who exists and who may do what: entries, rules, state |
//! | [`wire`], [`http_signature`] | the messages, the frames of an answer, who signed a request and an answer |
//!
//! `docs/protocol.md` shows every message with example bytes. Bytes from outside become a value in one step, or an error
//! that says which check failed:
//!
//! ```
//! use doorstep_protocol::wire::{Cursor, SyncRequest};
//! use doorstep_protocol::{CborError, FeedNumber, LogHash, LogSize, ZoneId};
//!
//! let request = SyncRequest {
//!     log_size: LogSize(0),
//!     log_head: LogHash::ZERO,
//!     cursors: vec![Cursor { zone: ZoneId([0x41; 16]), number: FeedNumber(7) }],
//!     envelopes: vec![],
//!     audit: vec![],
//!     budget_bytes: 8 * 1024 * 1024,
//! };
//! let mut bytes = request.to_bytes();
//! assert_eq!(SyncRequest::parse(&bytes), Ok(request));
//!
//! bytes.push(0);
//! assert_eq!(SyncRequest::parse(&bytes), Err(CborError::NotCanonical { record: "SyncRequest" }));
//! ```
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
