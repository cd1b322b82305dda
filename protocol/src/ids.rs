//! Ids and digests: one newtype each, so that a zone is never handed where a document is meant.

use core::fmt;
use core::str::FromStr;

/// The text was not the hexadecimal form of an id of this length.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected_digits} hexadecimal digits, found {found_digits} characters or another sign")]
pub struct NotAnId {
    /// Digits that the id has.
    pub expected_digits: usize,
    /// Characters in the text.
    pub found_digits: usize,
}

fn write_hex(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
}

fn parse_hex<const N: usize>(text: &str) -> Result<[u8; N], NotAnId> {
    let refused = NotAnId { expected_digits: N * 2, found_digits: text.chars().count() };
    if text.len() != N * 2 {
        return Err(refused);
    }
    let mut bytes = [0u8; N];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let digit = |ascii: u8| (ascii as char).to_digit(16).ok_or(refused);
        // Two hexadecimal digits fit one byte.
        *byte = ((digit(pair[0])? << 4) | digit(pair[1])?) as u8;
    }
    Ok(bytes)
}

macro_rules! fixed_bytes {
    ($($(#[$doc:meta])* $name:ident[$len:literal];)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub [u8; $len]);

        impl $name {
            /// Length in bytes.
            pub const LEN: usize = $len;
            /// All bytes zero: what stands before the first of a chain.
            pub const ZERO: Self = Self([0; $len]);

            /// The bytes.
            #[must_use]
            pub const fn as_bytes(&self) -> &[u8; $len] {
                &self.0
            }

            /// From a slice of exactly [`Self::LEN`] bytes.
            #[must_use]
            pub fn from_slice(bytes: &[u8]) -> Option<Self> {
                bytes.try_into().ok().map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write_hex(&self.0, f)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(concat!(stringify!($name), "("))?;
                write_hex(&self.0, f)?;
                f.write_str(")")
            }
        }

        impl FromStr for $name {
            type Err = NotAnId;
            fn from_str(text: &str) -> Result<Self, NotAnId> {
                parse_hex(text).map(Self)
            }
        }

        impl<C> minicbor::Encode<C> for $name {
            fn encode<W: minicbor::encode::Write>(
                &self,
                e: &mut minicbor::Encoder<W>,
                _: &mut C,
            ) -> Result<(), minicbor::encode::Error<W::Error>> {
                e.bytes(&self.0)?.ok()
            }
        }

        impl<'b, C> minicbor::Decode<'b, C> for $name {
            fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
                let at = d.position();
                Self::from_slice(d.bytes()?)
                    .ok_or_else(|| minicbor::decode::Error::message(concat!(stringify!($name), ": wrong length")).at(at))
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )+};
}

fixed_bytes! {
    /// One tenant: `H("doorstep/1/partnership", genesis body)[..16]`.
    PartnershipId[16];
    /// A data controller inside a partnership; random, fixed in the genesis.
    OrganisationId[16];
    /// A device: `H("doorstep/1/device", sign_pk, kem_pk)[..16]`, so the id certifies the keys.
    DeviceId[16];
    /// Who signs an entry of the authority log: a root key's id or an admin's device id.
    SignerId[16];
    /// A worker; random. Names live in the directory.
    WorkerId[16];
    /// A worker on one device: `H("doorstep/1/seat", device, worker, seat_pk)[..16]`.
    SeatId[16];
    /// Devices with rights; random.
    TeamId[16];
    /// Owner organisation × compartment class × area; random.
    ZoneId[16];
    /// The area of a zone (ward, station ground); random, named in the directory.
    AreaId[16];
    /// A grant of a zone to a team; random.
    GrantId[16];
    /// One invite to one device; random, used once.
    InviteId[16];
    /// One Automerge document: a locator, or random.
    DocumentId[16];
    /// The locator key of one class and organisation, as wraps name it.
    LocatorKeyId[16];
    /// One server store; random at its creation, so that a wiped server is recognised.
    StoreId[16];
    /// One run of a client: no two sessions ever share an Automerge actor.
    SessionNonce[16];
    /// A file kept beside a document, such as a photograph; random.
    FileId[16];
    /// An Automerge actor: `H("doorstep/1/actor", device, document, session)[..16]`.
    ActorId[16];
    /// The id of an envelope: a digest over all of it but its signature.
    EnvelopeId[32];
    /// The head of a feed: see [`crate::feed`].
    FeedHead[32];
    /// The hash of an entry of the authority log with its signatures.
    LogHash[32];
    /// A plain SHA-256 digest.
    Digest32[32];
    /// A sealed part of a file, named by the SHA-256 of its bytes.
    BlobId[32];
    /// `H("doorstep/1/key-com", key)`: what the log says a key must be.
    KeyCommitment[32];
    /// An Ed25519 public key.
    SignPublic[32];
    /// An X25519 public key.
    KemPublic[32];
    /// An Ed25519 signature.
    Signature[64];
}

macro_rules! numbers {
    ($($(#[$doc:meta])* $name:ident($inner:ty);)+) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash,
            minicbor::Encode, minicbor::Decode, serde::Serialize, serde::Deserialize,
        )]
        #[cbor(transparent)]
        #[serde(transparent)]
        pub struct $name(#[n(0)] pub $inner);

        impl $name {
            /// The number that follows; the largest stays where it is.
            #[must_use]
            pub const fn next(self) -> Self {
                Self(self.0.saturating_add(1))
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(&self.0, f)
            }
        }
    )+};
}

numbers! {
    /// An author's counter in one zone, from 1; 0 before the first.
    ZoneSeq(u64);
    /// A position in a feed, dense from 1; 0 before the first.
    FeedNumber(u64);
    /// A number in the inbox of what revoked devices left, from 1.
    InboxNumber(u64);
    /// How many entries an authority log has.
    LogSize(u64);
    /// The epoch of a zone or team key, from 1.
    Epoch(u32);
    /// How often a store was restored from a backup.
    RestoreEpoch(u32);
    /// Milliseconds since 1970-01-01T00:00:00Z by somebody's clock.
    Millis(u64);
}

impl From<DeviceId> for SignerId {
    fn from(device: DeviceId) -> Self {
        Self(device.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_reads_back_from_its_own_text() {
        let id = ZoneId([0xa7; 16]);
        assert_eq!(id.to_string().parse::<ZoneId>(), Ok(id));
        assert!("a7".parse::<ZoneId>().is_err());
        assert!("zz".repeat(16).parse::<ZoneId>().is_err());
    }

    #[test]
    fn an_id_of_another_length_is_refused() {
        let mut bytes = Vec::new();
        minicbor::encode(EnvelopeId::ZERO, &mut bytes).expect("a Vec takes every byte");
        assert!(minicbor::decode::<ZoneId>(&bytes).is_err());
    }
}
