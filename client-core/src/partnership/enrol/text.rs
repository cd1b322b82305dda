//! Invitations and requests as text: capitals and digits only, which a code on a screen holds in half the room, no mail
//! program breaks, and nobody has to read case out of.
//!
//! `prefix ‖ base32(record ‖ SHA-256(prefix ‖ record)[..4])`. The four bytes find a letter that was copied wrong; they
//! prove nothing.

use data_encoding::BASE32_NOPAD;
use doorstep_protocol::{cbor, hash};

use super::EnrolError;

/// The longest text of either.
pub const TEXT_CHARS_MAX: usize = 2_048;
/// Bytes that find a wrong letter.
const CHECK_BYTES: usize = 4;

/// Which of the two texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Text {
    /// What a desk hands out.
    Invitation,
    /// What a device answers.
    Request,
    /// What a shared device asks for a further worker.
    Seat,
}

impl Text {
    const ALL: [Self; 3] = [Self::Invitation, Self::Request, Self::Seat];

    const fn prefix(self) -> &'static str {
        match self {
            Self::Invitation => "DOORSTEP-INVITE-1.",
            Self::Request => "DOORSTEP-REQUEST-1.",
            Self::Seat => "DOORSTEP-SEAT-1.",
        }
    }
}

impl core::fmt::Display for Text {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(match self {
            Self::Invitation => "invitation",
            Self::Request => "enrolment request",
            Self::Seat => "seat request",
        })
    }
}

fn check(prefix: &str, record: &[u8]) -> [u8; CHECK_BYTES] {
    let [a, b, c, d, ..] = hash::sha256(&[prefix.as_bytes(), record].concat()).0;
    [a, b, c, d]
}

pub(in crate::partnership) fn write<T: minicbor::Encode<()>>(text: Text, record: &T) -> String {
    let prefix = text.prefix();
    let mut bytes = cbor::encode(record);
    bytes.extend(check(prefix, &bytes));
    format!("{prefix}{}", BASE32_NOPAD.encode(&bytes))
}

pub(in crate::partnership) fn read<T>(expected: Text, text: &str) -> Result<T, EnrolError>
where
    T: for<'b> minicbor::Decode<'b, ()> + minicbor::Encode<()>,
{
    // A text copied out of a message often comes with line breaks, and from some keyboards in small letters.
    let text: String =
        text.chars().filter(|c| !c.is_whitespace()).take(TEXT_CHARS_MAX + 1).map(|c| c.to_ascii_uppercase()).collect();
    let Some(encoded) = text.strip_prefix(expected.prefix()) else {
        let found = Text::ALL.into_iter().find(|other| text.starts_with(other.prefix()));
        return Err(found.map_or(EnrolError::NotReadable { expected }, |found| EnrolError::Other { expected, found }));
    };
    let damaged = EnrolError::Damaged { text: expected };
    let Ok(bytes) = BASE32_NOPAD.decode(encoded.as_bytes()) else { return Err(damaged) };
    let Some((record, found)) = bytes.split_last_chunk::<CHECK_BYTES>() else { return Err(damaged) };
    if *found != check(expected.prefix(), record) {
        return Err(damaged);
    }
    cbor::decode("an enrolment text", record, TEXT_CHARS_MAX).map_err(|_| EnrolError::NotReadable { expected })
}
