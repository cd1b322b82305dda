//! Reads the one code in a picture: a screenshot, a scan, a photograph of a screen.

use std::collections::BTreeSet;
use std::io::Cursor;

use image::imageops::{self, FilterType};
use image::{GrayImage, ImageDecoder, ImageFormat, ImageReader, Limits};

/// The largest file that is opened.
pub const PICTURE_BYTES_MAX: u64 = 24 * 1024 * 1024;
/// The largest picture that is decoded: what a good telephone takes.
pub const PICTURE_PIXELS_MAX: u64 = 64_000_000;
/// What decoding may take: three bytes a pixel and the decoder's own work.
const DECODE_BYTES_MAX: u64 = 4 * PICTURE_PIXELS_MAX;
/// Codes in one picture that are looked at.
const CODES_MAX: usize = 16;
/// Longest sides at which a picture is looked at, after its own: smaller ones average away noise and the raster of a
/// photographed screen.
const LOOKS_PIXELS: [u32; 3] = [1_600, 1_000, 640];

/// Why a picture gave no text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// More bytes than are opened.
    #[error("is larger than 24 MB: take it again at a lower resolution, or crop it to the code")]
    TooManyBytes,
    /// More pixels than are decoded.
    #[error("has more than 64 million pixels: take it again at a lower resolution, or crop it to the code")]
    TooManyPixels,
    /// Neither of the two kinds.
    #[error("is not a PNG or JPEG picture, or is damaged: take a screenshot or a photograph")]
    NotAPicture,
    /// There is no code in it.
    #[error("no code is in the picture, or it is too blurred: show it larger, with the white edge all around it")]
    NoCode,
    /// A code was found and does not read.
    #[error("the code in the picture cannot be read: take it again straight from the front, without glare")]
    Unreadable,
    /// There are several.
    #[error("several codes are in the picture: crop it to the one that is meant")]
    SeveralCodes,
}

/// The text of the one code in a PNG or JPEG file.
///
/// # Errors
/// [`PictureError`].
pub fn read(file: &[u8]) -> Result<String, PictureError> {
    let picture = decode(file)?;
    let mut seen = Seen::Nothing;
    let longest = picture.width().max(picture.height());
    let smaller = LOOKS_PIXELS.into_iter().filter(|side| *side < longest);
    for side in std::iter::once(longest).chain(smaller) {
        let look = if side == longest { picture.clone() } else { shrunk(&picture, side) };
        match look_for_codes(&look) {
            Seen::Texts(texts) => {
                let mut texts = texts.into_iter();
                return match (texts.next(), texts.next()) {
                    (Some(text), None) => Ok(text),
                    _ => Err(PictureError::SeveralCodes),
                };
            }
            Seen::Outline => seen = Seen::Outline,
            Seen::Nothing => {}
        }
    }
    Err(if matches!(seen, Seen::Outline) { PictureError::Unreadable } else { PictureError::NoCode })
}

/// Its size is known, and held against the limits, before one pixel is decoded.
fn decode(file: &[u8]) -> Result<GrayImage, PictureError> {
    if file.len() as u64 > PICTURE_BYTES_MAX {
        return Err(PictureError::TooManyBytes);
    }
    let format = image::guess_format(file).ok().filter(|f| matches!(f, ImageFormat::Png | ImageFormat::Jpeg));
    let mut reader = ImageReader::with_format(Cursor::new(file), format.ok_or(PictureError::NotAPicture)?);
    let mut limits = Limits::no_limits();
    limits.max_alloc = Some(DECODE_BYTES_MAX);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(|_| PictureError::NotAPicture)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > PICTURE_PIXELS_MAX {
        return Err(PictureError::TooManyPixels);
    }
    let picture = image::DynamicImage::from_decoder(decoder).map_err(|_| PictureError::NotAPicture)?;
    Ok(picture.into_luma8())
}

fn shrunk(picture: &GrayImage, longest: u32) -> GrayImage {
    let (width, height) = picture.dimensions();
    let scaled = |side: u32| {
        let side = u64::from(side) * u64::from(longest) / u64::from(width.max(height).max(1));
        u32::try_from(side).unwrap_or(longest).max(1)
    };
    imageops::resize(picture, scaled(width), scaled(height), FilterType::Triangle)
}

enum Seen {
    Nothing,
    Outline,
    Texts(BTreeSet<String>),
}

fn look_for_codes(picture: &GrayImage) -> Seen {
    let (width, height) = (picture.width() as usize, picture.height() as usize);
    let pixel = |x: usize, y: usize| picture.as_raw().get(y * width + x).copied().unwrap_or(u8::MAX);
    let mut prepared = rqrr::PreparedImage::prepare_from_greyscale(width, height, pixel);
    let outlines = prepared.detect_grids();
    let texts: BTreeSet<String> =
        outlines.iter().take(CODES_MAX).filter_map(|outline| outline.decode().ok()).map(|(_, text)| text).collect();
    match (texts.is_empty(), outlines.is_empty()) {
        (false, _) => Seen::Texts(texts),
        (true, false) => Seen::Outline,
        (true, true) => Seen::Nothing,
    }
}
