//! Codes there and back: on a screen, in a file, in a bad photograph.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::imageops::{self, FilterType};
use image::{GrayImage, ImageFormat, Luma, RgbImage};
use proptest::prelude::*;

use super::*;

/// As long as a request with every field.
fn long_text() -> String {
    format!("DOORSTEP-REQUEST-1.{}", "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".repeat(14).get(..442).expect("long enough"))
}

fn png(picture: &GrayImage) -> Vec<u8> {
    let mut file = Cursor::new(Vec::new());
    picture.write_to(&mut file, ImageFormat::Png).expect("in memory");
    file.into_inner()
}

/// What a terminal shows, as a picture: each character is a column of two square cells.
fn terminal_picture(text: &str, drawn: u8, cell: u32) -> GrayImage {
    let stripped = |line: &str| line.replace("\u{1b}[38;5;16;48;5;231m", "").replace("\u{1b}[0m", "");
    let rows: Vec<Vec<char>> = text.lines().map(|line| stripped(line).chars().collect()).collect();
    let columns = rows[0].len() as u32;
    GrayImage::from_fn(columns * cell, rows.len() as u32 * 2 * cell, |x, y| {
        let (row, half) = ((y / cell / 2) as usize, y / cell % 2);
        let is_drawn = match rows[row][(x / cell) as usize] {
            '█' => true,
            '▀' => half == 0,
            '▄' => half == 1,
            _ => false,
        };
        Luma([if is_drawn { drawn } else { 255 - drawn }])
    })
}

/// A photograph of a screen: turned, dim on one side, with noise of its own seed, saved as JPEG.
fn photograph(code: &GrayImage, degrees: f32, noise: u32, size: u32) -> Vec<u8> {
    let mut state = noise.wrapping_mul(2_654_435_761).wrapping_add(1);
    let mut draw = move |below: u32| {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state % below
    };
    let code = imageops::resize(code, size * 7 / 10, size * 7 / 10, FilterType::Triangle);
    let (sin, cos) = degrees.to_radians().sin_cos();
    let middle = size as f32 / 2.0;
    let half = code.width() as f32 / 2.0;
    let photo = RgbImage::from_fn(size, size, |x, y| {
        let (dx, dy) = (x as f32 - middle, y as f32 - middle);
        let (u, v) = (dx * cos + dy * sin + half, dy * cos - dx * sin + half);
        let inside = u >= 0.0 && v >= 0.0 && u < code.width() as f32 && v < code.height() as f32;
        // A desk around the screen, and light that falls off to one side.
        let seen = if inside { f32::from(code.get_pixel(u as u32, v as u32).0[0]) } else { 90.0 };
        let light = 0.55 + 0.35 * x as f32 / size as f32;
        let grey = 30.0 + seen * light * 0.8 + draw(40) as f32 - 20.0;
        let grey = grey.clamp(0.0, 255.0) as u8;
        image::Rgb([grey, grey.saturating_sub(6), grey.saturating_sub(12)])
    });
    let mut file = Vec::new();
    JpegEncoder::new_with_quality(&mut file, 70).encode_image(&photo).expect("in memory");
    file
}

#[test]
fn the_longest_request_fits_a_terminal_of_eighty_columns() {
    let code = Code::of(&long_text()).expect("it fits");
    assert!(code.columns() <= 80, "{} columns", code.columns());
    let shown = code.to_terminal(Ink::Set);
    assert!(shown.lines().all(|line| line.starts_with("\u{1b}[38;5;16;48;5;231m") && line.ends_with("\u{1b}[0m")));
    assert!(shown.lines().count() <= 40, "{} lines", shown.lines().count());
    assert!(Code::of(&"A".repeat(5_000)).is_none(), "no code holds so much");
}

#[test]
fn a_screenshot_of_either_window_reads_back() {
    let text = long_text();
    let code = Code::of(&text).expect("it fits");
    let set = terminal_picture(&code.to_terminal(Ink::Set), 0, 6);
    let window = terminal_picture(&code.to_terminal(Ink::Window), 255, 6);
    for picture in [set, window] {
        assert_eq!(read(&png(&picture)).as_deref(), Ok(text.as_str()));
    }
}

#[test]
fn a_turned_dim_noisy_photograph_reads_back() {
    let text = long_text();
    let code = Code::of(&text).expect("it fits").to_picture();
    for (degrees, noise) in [(0.0, 1), (4.0, 2), (-7.0, 3), (12.0, 4), (93.0, 5)] {
        let photo = photograph(&code, degrees, noise, 1_400);
        assert_eq!(read(&photo).as_deref(), Ok(text.as_str()), "{degrees} degrees");
    }
}

#[test]
fn a_picture_without_a_code_says_so() {
    let plain = GrayImage::from_fn(400, 300, |x, y| Luma([(x / 3 + y / 2) as u8]));
    assert_eq!(read(&png(&plain)), Err(PictureError::NoCode));
    let mut state = 9_u32;
    let noise = GrayImage::from_fn(300, 300, |_, _| {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        Luma([(state >> 24) as u8])
    });
    assert!(matches!(read(&png(&noise)), Err(PictureError::NoCode | PictureError::Unreadable)));
    for side in [1, 2, 7] {
        assert_eq!(read(&png(&GrayImage::new(side, side))), Err(PictureError::NoCode));
    }
}

#[test]
fn a_code_that_is_covered_in_part_is_found_and_not_guessed() {
    let mut picture = Code::of(&long_text()).expect("it fits").to_picture();
    let side = picture.width();
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        // The three corners stay, so that it is still seen to be a code.
        if (side * 2 / 5..side * 9 / 10).contains(&x) && (side * 2 / 5..side * 9 / 10).contains(&y) {
            *pixel = Luma([255]);
        }
    }
    assert_eq!(read(&png(&picture)), Err(PictureError::Unreadable));
}

#[test]
fn two_codes_are_not_chosen_between_and_the_same_one_twice_is_one() {
    let side_by_side = |left: &str, right: &str| {
        let pictures = [left, right].map(|text| Code::of(text).expect("it fits").to_picture());
        let mut both = GrayImage::from_pixel(pictures[0].width() + pictures[1].width(), 900, Luma([255]));
        imageops::replace(&mut both, &pictures[0], 0, 0);
        imageops::replace(&mut both, &pictures[1], i64::from(pictures[0].width()), 40);
        png(&both)
    };
    assert_eq!(read(&side_by_side("ONE", "TWO")), Err(PictureError::SeveralCodes));
    assert_eq!(read(&side_by_side("ONE", "ONE")).as_deref(), Ok("ONE"));
}

#[test]
fn what_is_no_picture_or_too_large_is_refused_before_it_is_decoded() {
    assert_eq!(read(b"DOORSTEP-INVITE-1.AAAA"), Err(PictureError::NotAPicture));
    assert_eq!(read(b""), Err(PictureError::NotAPicture));
    assert_eq!(read(b"GIF89a and so on"), Err(PictureError::NotAPicture));
    let whole = Code::of("TEXT").expect("it fits").to_png();
    assert_eq!(read(&whole[..whole.len() / 2]), Err(PictureError::NotAPicture), "cut short");
    assert_eq!(read(&vec![0; PICTURE_BYTES_MAX as usize + 1]), Err(PictureError::TooManyBytes));
    // The header of a PNG that says 100,000 × 100,000, and nothing after it.
    let mut bomb = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".to_vec();
    bomb.extend([100_000_u32.to_be_bytes(), 100_000_u32.to_be_bytes()].concat());
    bomb.extend([8, 0, 0, 0, 0]);
    let checksum = crc32(&bomb[12..]);
    bomb.extend(checksum.to_be_bytes());
    bomb.extend(b"\0\0\0\0IDAT\x35\xaf\x06\x1e");
    assert_eq!(read(&bomb), Err(PictureError::TooManyPixels));
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn every_text_of_letters_and_digits_reads_back(text in "DOORSTEP-(INVITE|REQUEST)-1[.][A-Z2-7]{1,600}") {
        let code = Code::of(&text).expect("it fits");
        prop_assert_eq!(read(&code.to_png()), Ok(text.clone()));
        let screen = terminal_picture(&code.to_terminal(Ink::Set), 0, 5);
        prop_assert_eq!(read(&png(&screen)), Ok(text));
    }
}
