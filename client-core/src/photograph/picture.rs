//! A file becomes a picture of our own making: decoded within limits, turned the way it was held, reduced, and written again.
//! Nothing of the file but its pixels gets through: no position, no time, no camera, no comment. Who keeps the position reads it
//! beside the picture (`position`).

use std::io::Cursor;
use std::panic::{AssertUnwindSafe, catch_unwind};

use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageFormat, ImageReader, Limits, Rgb, RgbImage};

use super::Position;

/// The longest file.
pub const FILE_BYTES_MAX: usize = 40 * 1024 * 1024;
/// Pixels on either side of what is decoded.
pub const SIDE_MAX: u32 = 16_384;
/// Pixels of what is decoded.
pub const PIXELS_MAX: u64 = 60_000_000;
/// Bytes that decoding may take: four channels of a byte for each pixel, and some for the decoder itself.
const DECODE_BYTES_MAX: u64 = PIXELS_MAX * 4 + 64 * 1024 * 1024;
/// Pixels on the longer side of what is kept.
pub const ORIGINAL_SIDE_MAX: u32 = 2_048;
/// Pixels on the longer side of the thumbnail.
pub const THUMBNAIL_SIDE_MAX: u32 = 320;
/// The longest picture that is kept.
pub const ORIGINAL_BYTES_MAX: usize = 4 * 1024 * 1024;
/// Bytes of a thumbnail: one part holds it.
const THUMBNAIL_BYTES_MAX: usize = 128 * 1024;
/// How well pictures are kept, from the best; the next is tried when the result is too long.
const QUALITIES: [u8; 4] = [82, 70, 50, 30];

const _: () = assert!(ORIGINAL_SIDE_MAX <= SIDE_MAX && THUMBNAIL_SIDE_MAX < ORIGINAL_SIDE_MAX);

/// Why a file did not become a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PictureError {
    /// The file is too long.
    #[error(
        "photograph: at most {limit_bytes} bytes, and the file has {found_bytes}; save it smaller, or take it again at a \
         lower resolution"
    )]
    FileTooLong {
        /// Bytes found.
        found_bytes: usize,
        /// Bytes allowed.
        limit_bytes: usize,
    },
    /// Not one of the kinds of file that are taken.
    #[error("photograph: JPEG, PNG and WebP files are taken, and this is none of them; save it as JPEG")]
    Kind,
    /// Too many pixels.
    #[error(
        "photograph: at most {side_max} pixels on a side and {pixels_max} together, and this has {width} by {height}; save \
         it smaller"
    )]
    TooLarge {
        /// Pixels across.
        width: u32,
        /// Pixels down.
        height: u32,
        /// Pixels allowed on a side.
        side_max: u32,
        /// Pixels allowed together.
        pixels_max: u64,
    },
    /// Damaged, cut short, or made to do harm.
    #[error("photograph: the file does not read as a picture; open it elsewhere and save it again, or take another")]
    Unreadable,
}

/// A picture as it is kept: two JPEG files of our own making.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    /// The picture.
    pub original: Vec<u8>,
    /// The small one.
    pub thumbnail: Vec<u8>,
    /// Pixels across.
    pub width: u32,
    /// Pixels down.
    pub height: u32,
    /// Where its file says that it was taken: in neither of the two, and kept only by who keeps that.
    pub position: Option<Position>,
}

impl core::fmt::Debug for Picture {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        write!(f, "Picture({} by {})", self.width, self.height)
    }
}

impl Picture {
    /// Makes a picture of a file's bytes.
    ///
    /// # Errors
    /// [`PictureError`] names what is allowed and what to do.
    pub fn from_file(bytes: &[u8]) -> Result<Self, PictureError> {
        if bytes.len() > FILE_BYTES_MAX {
            return Err(PictureError::FileTooLong { found_bytes: bytes.len(), limit_bytes: FILE_BYTES_MAX });
        }
        // A decoder that falls over a made-up file takes nothing else with it.
        let image = catch_unwind(AssertUnwindSafe(|| decode(bytes))).unwrap_or(Err(PictureError::Unreadable))?;
        let original = fitted(&image, ORIGINAL_SIDE_MAX, FilterType::CatmullRom);
        let thumbnail = fitted(&original, THUMBNAIL_SIDE_MAX, FilterType::Triangle);
        let (width, height) = original.dimensions();
        Ok(Self {
            original: encoded(&original, ORIGINAL_BYTES_MAX)?,
            thumbnail: encoded(&thumbnail, THUMBNAIL_BYTES_MAX)?,
            width,
            height,
            position: Position::of_file(bytes),
        })
    }
}

fn decode(bytes: &[u8]) -> Result<RgbImage, PictureError> {
    let unreadable = |_| PictureError::Unreadable;
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().map_err(|_| PictureError::Kind)?;
    if !matches!(reader.format(), Some(ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP)) {
        return Err(PictureError::Kind);
    }
    let mut limits = Limits::default();
    limits.max_alloc = Some(DECODE_BYTES_MAX);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(unreadable)?;
    let (width, height) = decoder.dimensions();
    if width.max(height) > SIDE_MAX || u64::from(width) * u64::from(height) > PIXELS_MAX {
        return Err(PictureError::TooLarge { width, height, side_max: SIDE_MAX, pixels_max: PIXELS_MAX });
    }
    if width == 0 || height == 0 || decoder.total_bytes() > DECODE_BYTES_MAX {
        return Err(PictureError::Unreadable);
    }
    // A note that does not read turns nothing.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(unreadable)?;
    image.apply_orientation(orientation);
    Ok(on_white(image))
}

/// What shines through becomes white, since JPEG has nothing to shine through.
fn on_white(image: DynamicImage) -> RgbImage {
    if !image.color().has_alpha() {
        return image.into_rgb8();
    }
    let image = image.into_rgba8();
    let (width, height) = image.dimensions();
    RgbImage::from_fn(width, height, |x, y| {
        let [red, green, blue, alpha] = image.get_pixel(x, y).0;
        let over = |colour: u8| {
            let (colour, alpha) = (u32::from(colour), u32::from(alpha));
            // At most 255 by its weights.
            ((colour * alpha + 255 * (255 - alpha)) / 255) as u8
        };
        Rgb([over(red), over(green), over(blue)])
    })
}

/// No larger than it is, and its longer side at most so long.
fn fitted(image: &RgbImage, side_max: u32, filter: FilterType) -> RgbImage {
    let (width, height) = image.dimensions();
    let longer = width.max(height);
    if longer <= side_max {
        return image.clone();
    }
    let scaled = |side: u32| {
        let side = (u64::from(side) * u64::from(side_max)).div_ceil(u64::from(longer));
        u32::try_from(side).unwrap_or(side_max).clamp(1, side_max)
    };
    image::imageops::resize(image, scaled(width), scaled(height), filter)
}

fn encoded(image: &RgbImage, bytes_max: usize) -> Result<Vec<u8>, PictureError> {
    for quality in QUALITIES {
        let mut bytes = Vec::new();
        JpegEncoder::new_with_quality(&mut bytes, quality).encode_image(image).map_err(|_| PictureError::Unreadable)?;
        if bytes.len() <= bytes_max {
            return Ok(bytes);
        }
    }
    Err(PictureError::Unreadable)
}

#[cfg(test)]
mod tests;
