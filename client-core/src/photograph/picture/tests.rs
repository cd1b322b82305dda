//! Files as cameras, programs and enemies make them.

use std::io::Cursor;

use image::codecs::webp::WebPEncoder;
use image::{ExtendedColorType, ImageFormat, Rgba, RgbaImage};

use super::*;

/// A picture that is red on its left half and blue on its right.
fn halves(width: u32, height: u32) -> RgbImage {
    RgbImage::from_fn(width, height, |x, _| if x < width / 2 { Rgb([250, 10, 10]) } else { Rgb([10, 10, 250]) })
}

fn jpeg(image: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    JpegEncoder::new_with_quality(&mut bytes, 95).encode_image(image).expect("small");
    bytes
}

fn field(tag: u16, kind: u16, count: u32, value: [u8; 4]) -> Vec<u8> {
    [&tag.to_le_bytes()[..], &kind.to_le_bytes(), &count.to_le_bytes(), &value].concat()
}

/// What a telephone writes into a file: how it was held, where it was, and a word that is looked for.
fn exif(orientation: u8) -> Vec<u8> {
    let word = b"CANARY IN THE CAMERA\0";
    let (first_fields, gps_fields) = (3u32, 4u32);
    let gps_at = 8 + 2 + 12 * first_fields + 4;
    let word_at = gps_at + 2 + 12 * gps_fields + 4;
    let degrees_at = word_at + word.len() as u32;
    let mut tiff = b"II*\0".to_vec();
    tiff.extend(8u32.to_le_bytes());
    tiff.extend((first_fields as u16).to_le_bytes());
    tiff.extend(field(0x010e, 2, word.len() as u32, word_at.to_le_bytes()));
    tiff.extend(field(0x0112, 3, 1, [orientation, 0, 0, 0]));
    tiff.extend(field(0x8825, 4, 1, gps_at.to_le_bytes()));
    tiff.extend(0u32.to_le_bytes());
    tiff.extend((gps_fields as u16).to_le_bytes());
    tiff.extend(field(1, 2, 2, *b"N\0\0\0"));
    tiff.extend(field(2, 5, 3, degrees_at.to_le_bytes()));
    tiff.extend(field(3, 2, 2, *b"W\0\0\0"));
    tiff.extend(field(4, 5, 3, degrees_at.to_le_bytes()));
    tiff.extend(0u32.to_le_bytes());
    tiff.extend(word);
    for number in [51u32, 1, 30, 1, 26, 1] {
        tiff.extend(number.to_le_bytes());
    }
    tiff
}

/// The file with such a note, and with a comment.
fn with_exif(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let note = [b"Exif\0\0".to_vec(), exif(orientation)].concat();
    let comment = b"CANARY IN A COMMENT";
    let segment = |marker: u8, data: &[u8]| {
        let length = u16::try_from(data.len() + 2).expect("short").to_be_bytes();
        [&[0xff, marker], &length[..], data].concat()
    };
    [&jpeg[..2], &segment(0xe1, &note), &segment(0xfe, comment), &jpeg[2..]].concat()
}

/// The markers of a JPEG file up to its picture.
fn markers(jpeg: &[u8]) -> Vec<u8> {
    let (mut at, mut found) = (2, Vec::new());
    while jpeg[at] == 0xff && jpeg[at + 1] != 0xda {
        found.push(jpeg[at + 1]);
        at += 2 + usize::from(u16::from_be_bytes([jpeg[at + 2], jpeg[at + 3]]));
    }
    found
}

fn holds(bytes: &[u8], word: &[u8]) -> bool {
    bytes.windows(word.len()).any(|window| window == word)
}

#[test]
fn nothing_but_the_picture_gets_through_and_it_stands_upright() {
    let file = with_exif(&jpeg(&halves(64, 32)), 6);
    assert!(holds(&file, b"Exif") && holds(&file, b"CANARY IN THE CAMERA") && markers(&file).contains(&0xe1));
    let picture = Picture::from_file(&file).expect("a photograph");
    // Turned clockwise: what was left is above.
    assert_eq!((picture.width, picture.height), (32, 64));
    for made in [&picture.original, &picture.thumbnail] {
        assert!(!holds(made, b"Exif") && !holds(made, b"CANARY"));
        let known = [0xe0, 0xdb, 0xc0, 0xc4];
        assert!(markers(made).iter().all(|marker| known.contains(marker)), "{:x?}", markers(made));
        let seen = image::load_from_memory(made).expect("our own file").into_rgb8();
        assert!(seen.get_pixel(16, 8).0[0] > 200 && seen.get_pixel(16, 56).0[2] > 200);
    }
    let as_held = Picture::from_file(&with_exif(&jpeg(&halves(64, 32)), 1)).expect("a photograph");
    assert_eq!((as_held.width, as_held.height), (64, 32));
}

#[test]
fn where_a_file_was_taken_is_read_beside_the_picture_and_never_stays_in_it() {
    use crate::photograph::Position;
    use crate::records::MicroDegrees;
    let file = with_exif(&jpeg(&halves(64, 32)), 1);
    let there = Position { lat: MicroDegrees(51_507_222), lon: MicroDegrees(-51_507_222) };
    assert_eq!(Position::of_file(&file), Some(there));
    let picture = Picture::from_file(&file).expect("a photograph");
    assert_eq!(picture.position, Some(there));
    assert_eq!((Position::of_file(&picture.original), Position::of_file(&jpeg(&halves(8, 8)))), (None, None));
    // A letter for no direction, and a latitude past the pole.
    let other = |from: &[u8], to: &[u8]| {
        let at = file.windows(from.len()).position(|part| part == from).expect("it is in the note");
        let mut file = file.clone();
        file[at..at + to.len()].copy_from_slice(to);
        Position::of_file(&file)
    };
    assert_eq!(other(b"N\0\0\0", b"X\0\0\0"), None);
    assert_eq!(other(&51u32.to_le_bytes(), &91u32.to_le_bytes()), None);
    let (over, over_nothing) = ([51u32, 1].map(u32::to_le_bytes).concat(), [51u32, 0].map(u32::to_le_bytes).concat());
    assert_eq!(other(&over, &over_nothing), None);
}

#[test]
fn a_large_picture_is_reduced_and_a_small_one_is_not_blown_up() {
    let picture = Picture::from_file(&jpeg(&halves(3_000, 1_000))).expect("a photograph");
    assert_eq!((picture.width, picture.height), (2_048, 683));
    let thumbnail = image::load_from_memory(&picture.thumbnail).expect("our own file");
    assert_eq!((thumbnail.width(), thumbnail.height()), (320, 107));
    let line = Picture::from_file(&jpeg(&halves(4_000, 1))).expect("a photograph");
    assert_eq!((line.width, line.height), (2_048, 1));
    let small = Picture::from_file(&jpeg(&halves(10, 7))).expect("a photograph");
    assert_eq!((small.width, small.height), (10, 7));
    assert!(picture.original.len() <= ORIGINAL_BYTES_MAX);
}

#[test]
fn png_and_webp_are_taken_and_what_shines_through_is_white() {
    let image = RgbaImage::from_pixel(20, 20, Rgba([0, 0, 0, 0]));
    let mut png = Cursor::new(Vec::new());
    image.write_to(&mut png, ImageFormat::Png).expect("small");
    let mut webp = Vec::new();
    WebPEncoder::new_lossless(&mut webp).encode(&image, 20, 20, ExtendedColorType::Rgba8).expect("small");
    for file in [png.into_inner(), webp] {
        let picture = Picture::from_file(&file).expect("a photograph");
        let seen = image::load_from_memory(&picture.original).expect("our own file").into_rgb8();
        assert!(seen.pixels().all(|pixel| pixel.0.iter().all(|colour| *colour > 250)));
    }
}

/// A PNG that says it has so many pixels, and has none.
fn png_of(width: u32, height: u32) -> Vec<u8> {
    let chunk = |kind: &[u8; 4], data: &[u8]| {
        let mut crc = flate2::Crc::new();
        crc.update(kind);
        crc.update(data);
        [&u32::try_from(data.len()).expect("short").to_be_bytes()[..], kind, data, &crc.sum().to_be_bytes()].concat()
    };
    let head = [&width.to_be_bytes()[..], &height.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &head), chunk(b"IDAT", &[]), chunk(b"IEND", &[])].concat()
}

#[test]
fn a_file_that_would_fill_the_memory_is_refused_before_it_is_decoded() {
    for (width, height) in
        [(SIDE_MAX + 1, 1), (1, SIDE_MAX + 1), (SIDE_MAX, SIDE_MAX), (8_000, 7_501), (100_000_000, 100_000_000)]
    {
        let refused = Picture::from_file(&png_of(width, height));
        let (side_max, pixels_max) = (SIDE_MAX, PIXELS_MAX);
        assert_eq!(refused, Err(PictureError::TooLarge { width, height, side_max, pixels_max }));
    }
    let long = vec![0xff; FILE_BYTES_MAX + 1];
    let refused = Picture::from_file(&long).expect_err("too long");
    assert!(matches!(refused, PictureError::FileTooLong { .. }));
    for part in ["at most", "41943040", "41943041", "smaller"] {
        assert!(refused.to_string().contains(part), "{refused}");
    }
}

#[test]
fn other_files_and_damaged_ones_are_refused_in_words() {
    let mut gif = b"GIF89a".to_vec();
    gif.resize(100, 0);
    for file in [Vec::new(), b"a text".to_vec(), gif, b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec()] {
        let refused = Picture::from_file(&file).expect_err("none of the kinds");
        assert!(refused == PictureError::Kind && refused.to_string().contains("save it as JPEG"), "{refused}");
    }
    assert_eq!(Picture::from_file(&png_of(10, 10)).map(|_| ()), Err(PictureError::Unreadable));
    assert_eq!(Picture::from_file(&jpeg(&halves(64, 32))[..30]).map(|_| ()), Err(PictureError::Unreadable));
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(48))]

    #[test]
    fn no_file_makes_the_reader_fall_over(
        changes in proptest::collection::vec((proptest::prelude::any::<proptest::sample::Index>(), proptest::prelude::any::<u8>()), 1..12),
        kind in 0..3u8,
    ) {
        let mut file = match kind {
            0 => with_exif(&jpeg(&halves(48, 32)), 6),
            1 => {
                let mut png = Cursor::new(Vec::new());
                halves(48, 32).write_to(&mut png, ImageFormat::Png).expect("small");
                png.into_inner()
            }
            _ => {
                let mut webp = Vec::new();
                WebPEncoder::new_lossless(&mut webp).encode(&halves(48, 32), 48, 32, ExtendedColorType::Rgb8).expect("small");
                webp
            }
        };
        for (at, to) in changes {
            let at = at.index(file.len());
            file[at] = to;
        }
        if let Some(place) = crate::photograph::Position::of_file(&file) {
            proptest::prop_assert!(place.lat.0.abs() <= 90_000_000 && place.lon.0.abs() <= 180_000_000);
        }
        if let Ok(picture) = Picture::from_file(&file) {
            proptest::prop_assert!(picture.width.max(picture.height) <= ORIGINAL_SIDE_MAX);
            proptest::prop_assert!(!holds(&picture.original, b"CANARY"));
        }
    }
}
