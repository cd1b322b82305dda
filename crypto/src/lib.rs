//! Seal, open, wrap, derive and sign for Doorstep: the bytes of the protocol's sealed formats and the keys behind them.
//!
//! The server is built without this crate, so it cannot read what it stores. There is no IO, no clock and no source of
//! randomness in here: every function that draws takes `rng: &mut impl rand_core::CryptoRng`. Functions named `make_*`,
//! `seal_*` and `wrap_*` draw; functions named `derive_*`, `open_*` and `unwrap_*` are deterministic.
//!
//! | module | does |
//! | --- | --- |
//! | [`keys`] | signing keys and key-encapsulation secrets, and the symmetric keys of zones, teams, locators, documents |
//! | [`envelope`] | seals and opens the envelopes that `doorstep_protocol::envelope` parses and verifies |
//! | [`wrap`] | a key under another key (176 bytes), a key to somebody's public key (140 bytes) |
//! | [`locator`] | the keyed document id of a property or person |
//! | [`passphrase`] | a key from a passphrase (Argon2id) |
//! | [`pin`] | a key from a worker's PIN and the device's pepper, and what is sealed for a seat under it |
//! | [`words`] | a one-time phrase of six words, to be read over the telephone |
//! | [`invite`] | the MACs with which invitation and request prove that they know the six words |
//! | [`audit`] | the evolving MAC of a device's audit records |
//! | [`local`] | what a device keeps at rest under a key or a passphrase |
//! | [`part`] | a part of a file that is kept beside a document: a photograph |
//! | [`shares`] | Shamir shares of a 32-byte secret for the printed recovery kit |
//! | [`padding`] | Padmé: how much of a length an envelope gives away |
//!
//! With the feature `suite-2` there is also `hybrid`, the X-Wing keys that wraps to escrow switch to first; it is off by
//! default.
//!
//! # What holds everywhere
//!
//! * **Secrets** live in one heap allocation, are zeroed when dropped, compare in constant time, print as
//!   `ZoneKey(secret)`, and have neither `Clone` nor serde. Taking the bytes out is spelt `expose_bytes`.
//! * **One-time keys**: each envelope, wrap and local blob derives its own cipher key from a hedged salt, so there is no
//!   nonce to repeat and a stuck random source does not repeat a key for two plaintexts.
//! * **Commitment**: the derivation also gives 32 bytes that bind key and header; they are checked before the cipher, so
//!   a ciphertext moved to another author, zone, document, epoch or slot is refused as a wrong key is.
//! * **Fail closed**: every check has its own error variant; errors carry numbers, never content or keys.
//!
//! # Main use
//!
//! ```
//! use doorstep_crypto::{envelope, keys::{SigningKey, ZoneKey}};
//! use doorstep_protocol::{envelope::{Envelope, EnvelopeKind, Header, Keying}, *};
//! use rand_chacha::{ChaCha20Rng, rand_core::SeedableRng};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let mut rng = ChaCha20Rng::from_seed([7; 32]); // a device passes the operating system's generator
//! let zone_key = ZoneKey::make(&mut rng);
//! let device = SigningKey::make(&mut rng);
//! let header = Header {
//!     kind: EnvelopeKind::Changes,
//!     keying: Keying::ZoneKey,
//!     partnership: PartnershipId([1; 16]),
//!     zone: ZoneId([2; 16]),
//!     document: DocumentId([3; 16]),
//!     epoch: Epoch(1),
//!     author: DeviceId([4; 16]),
//!     zseq: ZoneSeq(1),
//!     prev: EnvelopeId::ZERO,
//!     log_size: LogSize(9),
//!     log_head: LogHash([5; 32]),
//! };
//! let sealed = envelope::seal(&zone_key, &header, b"grab rail by the bath", &device, &mut rng)?;
//!
//! // Somebody else's device: form, signature, then the seal.
//! let received = Envelope::parse(sealed.into_bytes())?.verify(&device.public())?;
//! assert_eq!(envelope::open(&received, &zone_key)?, b"grab rail by the bath");
//! # Ok(())
//! # }
//! ```
#![cfg_attr(not(test), deny(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing))]

pub mod audit;
pub mod envelope;
#[cfg(feature = "suite-2")]
pub mod hybrid;
pub mod invite;
pub mod keys;
pub mod local;
pub mod locator;
pub mod padding;
pub mod part;
pub mod passphrase;
pub mod pin;
pub mod shares;
pub mod words;
pub mod wrap;

mod committed;
mod derive;
mod public_seal;
mod secret;

pub use public_seal::WeakRecipient;
