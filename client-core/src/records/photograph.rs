//! Rows of photographs in the class `home`, and what a row says of the sealed parts behind it.

use doorstep_crypto::keys::FileKey;
use doorstep_crypto::part::part_count;
use doorstep_protocol::limits::FILE_PARTS_MAX;
use doorstep_protocol::{BlobId, Millis, cbor};
use zeroize::Zeroize;

use super::Source;
use super::row::row;
use super::value::{FieldError, HIDDEN_BYTES_MAX, HiddenBytes};
use super::words::{MicroDegrees, RowId};

row! {
    /// A photograph. Its picture lies beside the record, in sealed parts.
    struct Photograph in Home "photographs" Edited, check(photograph_has_parts) {
        /// The key of the file and the names of its parts, see [`PhotographParts`]. Not for people.
        parts: HiddenBytes,
        /// What it shows, in words.
        note: String [Chars(1_000)],
        /// Room.
        room: String [Chars(80)],
        /// The hazard that it shows.
        hazard: RowId,
        /// The visit it was taken at.
        visit: RowId,
        /// When it was taken, or taken in.
        taken_at: Millis,
        /// Pixels across.
        width: i64 [Within(1, 65_535)],
        /// Pixels down.
        height: i64 [Within(1, 65_535)],
        /// How it is known.
        source: Source,
        /// Its file, where it came from another system.
        reference: String [Chars(300)],
        /// Where it was taken, where the partnership keeps that: degrees of latitude × 1,000,000.
        lat: MicroDegrees,
        /// Degrees of longitude × 1,000,000.
        lon: MicroDegrees,
    }
}

fn photograph_has_parts(photograph: &Photograph) -> Result<(), FieldError> {
    let is_whole = photograph.parts.as_ref().is_some_and(|held| PhotographParts::parse(held).is_some());
    if is_whole {
        return Ok(());
    }
    Err(FieldError::new("parts", "a photograph names its parts", "add the photograph from its file"))
}

/// One form of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormParts {
    /// Its length.
    pub bytes: u32,
    /// Its parts, in their order.
    pub parts: Vec<BlobId>,
}

/// What a row says of its parts: `[1, key32, original, thumbnail]`, each form `[bytes, [id32…]]`, as CBOR that no person is
/// shown. The file of the parts is the row.
pub struct PhotographParts {
    /// The key of the file.
    pub key: FileKey,
    /// The picture.
    pub original: FormParts,
    /// The small one.
    pub thumbnail: FormParts,
}

const VERSION: u8 = 1;

#[derive(minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
struct Record {
    #[n(0)]
    version: u8,
    #[cbor(n(1), with = "minicbor::bytes")]
    key: [u8; 32],
    #[n(2)]
    original: Form,
    #[n(3)]
    thumbnail: Form,
}

#[derive(minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
struct Form {
    #[n(0)]
    bytes: u32,
    #[n(1)]
    parts: Vec<BlobId>,
}

impl Drop for Record {
    fn drop(&mut self) {
        self.key.zeroize();
    }
}

impl FormParts {
    /// Whether it has as many parts as its length needs.
    fn is_whole(&self) -> bool {
        let count = usize::try_from(self.bytes).ok().and_then(part_count);
        count.is_some_and(|count| count <= FILE_PARTS_MAX && self.parts.len() == count as usize)
    }
}

impl PhotographParts {
    /// What a row holds.
    #[must_use]
    pub fn to_hidden(&self) -> HiddenBytes {
        let form = |form: &FormParts| Form { bytes: form.bytes, parts: form.parts.clone() };
        let record = Record {
            version: VERSION,
            key: *self.key.expose_bytes(),
            original: form(&self.original),
            thumbnail: form(&self.thumbnail),
        };
        HiddenBytes::new(cbor::encode(&record))
    }

    /// Reads what a row holds; nothing where it is not exactly what [`Self::to_hidden`] writes.
    #[must_use]
    pub fn parse(held: &HiddenBytes) -> Option<Self> {
        let mut record: Record = cbor::decode("photograph parts", held.expose(), HIDDEN_BYTES_MAX).ok()?;
        let form = |form: &mut Form| FormParts { bytes: form.bytes, parts: std::mem::take(&mut form.parts) };
        let parts = Self {
            key: FileKey::from_bytes(record.key),
            original: form(&mut record.original),
            thumbnail: form(&mut record.thumbnail),
        };
        let is_whole = record.version == VERSION && parts.original.is_whole() && parts.thumbnail.is_whole();
        is_whole.then_some(parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(original_bytes: u32, count: u8) -> PhotographParts {
        PhotographParts {
            key: FileKey::from_bytes([7; 32]),
            original: FormParts { bytes: original_bytes, parts: (0..count).map(|n| BlobId([n; 32])).collect() },
            thumbnail: FormParts { bytes: 9_000, parts: vec![BlobId([0xff; 32])] },
        }
    }

    #[test]
    fn what_a_row_says_of_its_parts_reads_back_and_fits_the_row() {
        for (bytes, count) in [(1, 1), (262_140, 1), (262_141, 2), (32 * 262_140, 32)] {
            let held = parts(bytes, count).to_hidden();
            let read = PhotographParts::parse(&held).expect("our own form");
            assert_eq!((read.original.bytes, read.original.parts.len()), (bytes, usize::from(count)));
            assert_eq!(read.key, FileKey::from_bytes([7; 32]));
            let row = Photograph { parts: Some(held), ..Photograph::default() };
            assert!(super::super::row::Row::check(&row).is_ok());
            assert!(super::super::row::Row::entries(&row).iter().all(|entry| entry.checked.is_ok()), "{bytes}");
        }
    }

    #[test]
    fn other_counts_and_other_forms_are_refused() {
        for (bytes, count) in [(0, 0), (0, 1), (1, 2), (262_141, 1), (33 * 262_140, 33)] {
            assert!(PhotographParts::parse(&parts(bytes, count).to_hidden()).is_none(), "{bytes} {count}");
        }
        let held = parts(1, 1).to_hidden();
        let held = held.expose();
        for wrong in [&[][..], &[held, &[0]].concat(), &held[1..], &held[..held.len() - 1], &[0xff; 80]] {
            assert!(PhotographParts::parse(&HiddenBytes::new(wrong.to_vec())).is_none(), "{wrong:?}");
        }
    }

    #[test]
    fn no_person_is_shown_the_key() {
        let row = Photograph { parts: Some(parts(1, 1).to_hidden()), ..Photograph::default() };
        let value = super::super::row::Row::entries(&row).remove(0).value;
        let shown =
            [format!("{row:?}"), serde_json::to_string(&row).expect("a row"), format!("{value:?}"), value.to_string()];
        let key = "07".repeat(8);
        for text in shown {
            assert!(!text.contains(&key) && !text.contains("7, 7, 7") && text.len() < 400, "{text}");
        }
        assert!(serde_json::from_str::<Photograph>(r#"{"parts": "AAAA"}"#).is_err());
    }
}
