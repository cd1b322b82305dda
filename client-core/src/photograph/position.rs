//! Where a photograph was taken, as the camera wrote it into the file: read only for a partnership that keeps it, and then a field
//! of the row, which people see. The picture itself carries it on no account.

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use exif::{Exif, In, Rational, Reader, Tag, Value};

use super::FILE_BYTES_MAX;
use crate::records::MicroDegrees;

/// A place on the earth, EPSG:4326.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Position {
    /// Degrees of latitude × 1,000,000; north is more.
    pub lat: MicroDegrees,
    /// Degrees of longitude × 1,000,000; east is more.
    pub lon: MicroDegrees,
}

impl Position {
    /// The position that a file names; `None` where it names none, or none that is on the earth.
    #[must_use]
    pub fn of_file(bytes: &[u8]) -> Option<Self> {
        if bytes.len() > FILE_BYTES_MAX {
            return None;
        }
        // A reader that falls over a made-up file takes nothing else with it.
        let exif = catch_unwind(AssertUnwindSafe(|| Reader::new().read_from_container(&mut Cursor::new(bytes)).ok()));
        let exif = exif.ok().flatten()?;
        let lat = degrees(&exif, Tag::GPSLatitude, Tag::GPSLatitudeRef, (b'N', b'S'), 90.0)?;
        let lon = degrees(&exif, Tag::GPSLongitude, Tag::GPSLongitudeRef, (b'E', b'W'), 180.0)?;
        // What a camera writes before it knows where it is.
        (lat.0 != 0 || lon.0 != 0).then_some(Self { lat, lon })
    }
}

/// Degrees, minutes and seconds with a letter for the direction, as millionths of a degree.
fn degrees(exif: &Exif, tag: Tag, letter: Tag, (more, less): (u8, u8), degrees_max: f64) -> Option<MicroDegrees> {
    let Value::Rational(parts) = &exif.get_field(tag, In::PRIMARY)?.value else { return None };
    let [degrees, minutes, seconds] = parts.as_slice() else { return None };
    let whole = |part: &Rational| (part.denom != 0).then(|| part.to_f64());
    let angle = whole(degrees)? + whole(minutes)? / 60.0 + whole(seconds)? / 3_600.0;
    let Value::Ascii(letters) = &exif.get_field(letter, In::PRIMARY)?.value else { return None };
    let sign = match letters.first().and_then(|word| word.first()).copied()? {
        letter if letter == more => 1.0,
        letter if letter == less => -1.0,
        _ => return None,
    };
    if !(0.0..=degrees_max).contains(&angle) {
        return None;
    }
    #[expect(clippy::cast_possible_truncation, reason = "within ±180 million")]
    let micro = (angle * sign * 1_000_000.0).round() as i32;
    Some(MicroDegrees(micro))
}
