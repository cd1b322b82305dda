//! What an audit record says: `[wall_ms, seat, event]`, and what its envelope holds: `[record, mac]`.
//!
//! A record names documents, codes and the words that a worker gave as a reason. It is sealed to the auditors; the device
//! that wrote it cannot read it back.

use core::fmt;

use doorstep_protocol::cbor::{self, Bytes, CborError};
use doorstep_protocol::{Class, Digest32, DocumentId, EnvelopeId, Millis, SeatId};
use zeroize::Zeroize;

/// The longest record.
pub const RECORD_BYTES_MAX: usize = 4 * 1_024;
/// Signs of the words given as a reason, or noted in a review.
pub const TEXT_CHARS_MAX: usize = 500;
/// Signs of an incident's number.
pub const INCIDENT_CHARS_MAX: usize = 80;

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident { $($(#[$code_doc:meta])* $variant:ident = $code:literal, $text:literal;)+ })+) => {$(
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, minicbor::Encode, minicbor::Decode, serde::Serialize,
        )]
        #[cbor(index_only)]
        #[serde(rename_all = "kebab-case")]
        pub enum $name {
            $($(#[$code_doc])* #[n($code)] $variant,)+
        }

        impl $name {
            /// Every code, in its order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The code as people write it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text,)+ }
            }

            /// The code of a text.
            #[must_use]
            pub fn of(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|code| code.as_str() == text)
            }
        }
    )+};
}

codes! {
    /// Why a glass is broken.
    GlassReason {
        /// A crew is on its way to, or at, an incident there.
        Incident = 1, "incident";
        /// Somebody's life or health may be in danger.
        Welfare = 2, "welfare";
        /// Before staff go in.
        StaffSafety = 3, "staff-safety";
        /// Another reason, said in the text.
        Other = 4, "other";
    }
    /// What a review of a broken glass came to.
    ReviewOutcome {
        /// It was right to.
        Justified = 1, "justified";
        /// It was not right to.
        NotJustified = 2, "not-justified";
        /// It is being looked into.
        Escalated = 3, "escalated";
    }
}

/// The first MAC key of a device's chain, for the auditors. Zeroed when dropped, silent in `Debug`.
#[derive(Clone, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(transparent)]
pub struct FirstKey(#[n(0)] pub Digest32);

impl fmt::Debug for FirstKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FirstKey(secret)")
    }
}

impl Drop for FirstKey {
    fn drop(&mut self) {
        self.0.0.zeroize();
    }
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
pub enum AuditEvent {
    /// The chain of a device begins.
    #[n(1)]
    Start {
        /// Its first MAC key.
        #[n(0)]
        first: FirstKey,
    },
    /// The device is there and nothing else happened.
    #[n(2)]
    Heartbeat,
    /// A worker unlocked the device.
    #[n(3)]
    Unlocked,
    /// Wrong PINs were tried before the right one, or before the device locked them out.
    #[n(4)]
    WrongPins {
        /// How many.
        #[n(0)]
        count: u32,
    },
    /// A glass was broken.
    #[n(5)]
    GlassBroken {
        /// The property.
        #[n(0)]
        property: DocumentId,
        /// Its sealed document.
        #[n(1)]
        document: DocumentId,
        /// Why.
        #[n(2)]
        reason: GlassReason,
        /// Why, in words.
        #[n(3)]
        text: String,
        /// The number of the incident, where there is one.
        #[n(4)]
        incident: Option<String>,
        /// Until when it shows.
        #[n(5)]
        until: Millis,
    },
    /// A sealed document was shown behind a broken glass.
    #[n(6)]
    SealedRead {
        /// The document.
        #[n(0)]
        document: DocumentId,
        /// The record of the glass.
        #[n(1)]
        glass: EnvelopeId,
        /// For which purpose: a code as grants have them.
        #[n(2)]
        purpose: u16,
    },
    /// A glass was closed before its time.
    #[n(7)]
    GlassClosed {
        /// The record of the glass.
        #[n(0)]
        glass: EnvelopeId,
    },
    /// A document that opens with a worker's PIN was shown to an entitled team.
    #[n(8)]
    ReadWithPurpose {
        /// The document.
        #[n(0)]
        document: DocumentId,
        /// Its class.
        #[n(1)]
        class: Class,
        /// For which purpose: a code as grants have them.
        #[n(2)]
        purpose: u16,
    },
    /// A broken glass was looked at afterwards.
    #[n(9)]
    Reviewed {
        /// The record of the glass.
        #[n(0)]
        glass: EnvelopeId,
        /// What it came to.
        #[n(1)]
        outcome: ReviewOutcome,
        /// In words.
        #[n(2)]
        note: String,
    },
}

/// One record.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct AuditRecord {
    /// When, by the device's clock.
    #[n(0)]
    pub wall: Millis,
    /// Whose seat.
    #[n(1)]
    pub seat: SeatId,
    /// What happened.
    #[n(2)]
    pub event: AuditEvent,
}

/// What the envelope holds.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct MacedRecord {
    /// The record's bytes.
    #[n(0)]
    pub record: Bytes,
    /// Its evolving MAC, see `doorstep_crypto::audit`.
    #[n(1)]
    pub mac: Digest32,
}

impl AuditRecord {
    /// The canonical bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(self)
    }

    /// Reads a record.
    ///
    /// # Errors
    /// [`CborError`]: not canonical, of a kind this version does not know, or too long.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CborError> {
        cbor::decode("audit record", bytes, RECORD_BYTES_MAX)
    }
}

impl MacedRecord {
    /// The canonical bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        cbor::encode(self)
    }

    /// Reads what an envelope of the audit zone holds.
    ///
    /// # Errors
    /// [`CborError`].
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, CborError> {
        cbor::decode("audit envelope", bytes, RECORD_BYTES_MAX + 64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn record(event: AuditEvent) -> AuditRecord {
        AuditRecord { wall: Millis(1_790_000_000_000), seat: SeatId([7; 16]), event }
    }

    fn examples() -> Vec<AuditEvent> {
        let (document, glass) = (DocumentId([3; 16]), EnvelopeId([4; 32]));
        vec![
            AuditEvent::Start { first: FirstKey(Digest32([5; 32])) },
            AuditEvent::Heartbeat,
            AuditEvent::Unlocked,
            AuditEvent::WrongPins { count: 3 },
            AuditEvent::GlassBroken {
                property: DocumentId([2; 16]),
                document,
                reason: GlassReason::Incident,
                text: "smoke reported".into(),
                incident: Some("2026-0417".into()),
                until: Millis(1_790_001_800_000),
            },
            AuditEvent::SealedRead { document, glass, purpose: 3 },
            AuditEvent::GlassClosed { glass },
            AuditEvent::ReadWithPurpose { document, class: Class::Sealed, purpose: 1 },
            AuditEvent::Reviewed { glass, outcome: ReviewOutcome::Justified, note: "seen".into() },
        ]
    }

    /// These bytes are in docs/protocol.md and are read for ever.
    #[test]
    fn records_have_the_documented_bytes() {
        let hex = |event| record(event).to_bytes().iter().map(|byte| format!("{byte:02x}")).collect::<String>();
        let front = "831b000001a0c4506c0050".to_owned() + &"07".repeat(16);
        assert_eq!(hex(AuditEvent::Heartbeat), front.clone() + "820280");
        assert_eq!(hex(AuditEvent::WrongPins { count: 3 }), front.clone() + "82048103");
        let glass = EnvelopeId([4; 32]);
        let closed = front + "8207815820" + &"04".repeat(32);
        assert_eq!(hex(AuditEvent::GlassClosed { glass }), closed);
    }

    #[test]
    fn every_record_reads_back_and_no_other_form_does() {
        for event in examples() {
            let bytes = record(event.clone()).to_bytes();
            assert_eq!(AuditRecord::from_bytes(&bytes), Ok(record(event)));
            assert!(AuditRecord::from_bytes(&[&bytes[..], &[0]].concat()).is_err());
            for length in 0..bytes.len() {
                assert!(AuditRecord::from_bytes(&bytes[..length]).is_err());
            }
        }
        assert_eq!(format!("{:?}", examples()[0]), "Start { first: FirstKey(secret) }");
        for reason in GlassReason::ALL {
            assert_eq!(GlassReason::of(reason.as_str()), Some(*reason));
        }
    }

    proptest! {
        #[test]
        fn foreign_bytes_never_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(read) = AuditRecord::from_bytes(&bytes) {
                prop_assert_eq!(read.to_bytes(), bytes);
            }
        }
    }
}
