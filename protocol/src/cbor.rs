//! Canonical CBOR: what is decoded must encode to the very same bytes, so that one record has one form.
//!
//! minicbor reads overlong integers, indefinite arrays and trailing bytes; a signed record in two forms is two records.

use minicbor::{Decode, Encode};

/// Why bytes are not a canonical record.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum CborError {
    /// Not a record of this shape.
    #[error("{record} does not decode")]
    Malformed {
        /// The record that was expected.
        record: &'static str,
    },
    /// A record of this shape in another form than the one it encodes to.
    #[error("{record} is not in its canonical form")]
    NotCanonical {
        /// The record that was expected.
        record: &'static str,
    },
    /// More bytes than the record may have.
    #[error("{record} has {found_bytes} bytes, the limit is {limit_bytes}")]
    TooLong {
        /// The record that was expected.
        record: &'static str,
        /// Bytes found.
        found_bytes: usize,
        /// Bytes allowed.
        limit_bytes: usize,
    },
}

/// The canonical bytes of a record.
#[must_use]
pub fn encode<T: Encode<()>>(record: &T) -> Vec<u8> {
    let mut bytes = Vec::new();
    // A Vec takes every byte and our records' encoders raise no error of their own.
    let _infallible: Result<(), _> = minicbor::encode(record, &mut bytes);
    bytes
}

/// Decodes a record of at most `limit_bytes`, refusing every form but the canonical one.
///
/// # Errors
/// [`CborError`] with the name of the record.
pub fn decode<'b, T: Decode<'b, ()> + Encode<()>>(
    record: &'static str,
    bytes: &'b [u8],
    limit_bytes: usize,
) -> Result<T, CborError> {
    if bytes.len() > limit_bytes {
        return Err(CborError::TooLong { record, found_bytes: bytes.len(), limit_bytes });
    }
    let decoded: T = minicbor::decode(bytes).map_err(|_| CborError::Malformed { record })?;
    let mut rest = Expected(bytes);
    if minicbor::encode(&decoded, &mut rest).is_err() || !rest.0.is_empty() {
        return Err(CborError::NotCanonical { record });
    }
    Ok(decoded)
}

/// Takes bytes only for as long as they are the expected ones: a record is compared as it is written, and never copied.
struct Expected<'b>(&'b [u8]);

struct Differs;

impl minicbor::encode::Write for Expected<'_> {
    type Error = Differs;

    fn write_all(&mut self, bytes: &[u8]) -> Result<(), Differs> {
        self.0 = self.0.strip_prefix(bytes).ok_or(Differs)?;
        Ok(())
    }
}

/// Bytes in a record: a CBOR byte string (a bare `Vec<u8>` would be an array of numbers).
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Bytes(pub Vec<u8>);

impl<C> Encode<C> for Bytes {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.bytes(&self.0)?.ok()
    }
}

impl<'b, C> Decode<'b, C> for Bytes {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        Ok(Self(d.bytes()?.to_vec()))
    }
}

impl From<Vec<u8>> for Bytes {
    fn from(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }
}

impl AsRef<[u8]> for Bytes {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn overlong_indefinite_and_trailing_forms_are_refused() {
        let canonical = encode(&vec![Bytes(vec![1, 2]), Bytes(vec![])]);
        assert_eq!(decode::<Vec<Bytes>>("t", &canonical, 64).map(|v| v.len()), Ok(2));
        // Array header 0x82 as 0x98 0x02 (overlong) and as 0x9f … 0xff (indefinite).
        let overlong = [&[0x98, 0x02], &canonical[1..]].concat();
        let indefinite = [&[0x9f], &canonical[1..], &[0xff]].concat();
        let trailing = [&canonical[..], &[0x00]].concat();
        for bytes in [overlong, indefinite, trailing] {
            assert_eq!(decode::<Vec<Bytes>>("t", &bytes, 64), Err(CborError::NotCanonical { record: "t" }));
        }
        assert!(matches!(decode::<Vec<Bytes>>("t", &canonical, 2), Err(CborError::TooLong { .. })));
    }
}
