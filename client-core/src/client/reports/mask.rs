//! NHS numbers that somebody wrote into a note: they are found by their check digit, and no report carries them.

use crate::records::NhsNumber;

/// What stands instead.
const REMOVED: &str = "[NHS number removed]";
const DIGITS: usize = 10;

/// A text without what reads as an NHS number: ten digits with a right check digit, in one run or in groups.
pub(super) fn nhs_numbers(text: &str) -> String {
    // Most texts have no ten digits at all.
    if text.bytes().filter(u8::is_ascii_digit).count() < DIGITS {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(first) = rest.find(|c: char| c.is_ascii_digit()) {
        let (before, run) = rest.split_at(first);
        out.push_str(before);
        let (digits, end) = run_of_digits(run);
        let (run, after) = run.split_at(end);
        if digits.len() == DIGITS && digits.parse::<NhsNumber>().is_ok() {
            out.push_str(REMOVED)
        } else {
            out.push_str(run)
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// The digits of a run and where it ends: groups of digits with single spaces, dots or hyphens between belong together.
fn run_of_digits(text: &str) -> (String, usize) {
    let (mut digits, mut end, mut gap) = (String::new(), 0, 0);
    for (at, sign) in text.char_indices() {
        match sign {
            '0'..='9' => {
                digits.push(sign);
                (end, gap) = (at + 1, 0);
            }
            ' ' | '-' | '.' | '\u{a0}' if gap == 0 => gap = 1,
            _ => break,
        }
    }
    (digits, end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_a_right_check_digit_go_in_every_way_of_writing_them() {
        for text in ["9434765919", "943 476 5919", "943-476-5919", "no 943 476 5919, she said", "(9434765919)"] {
            let out = nhs_numbers(text);
            assert!(out.contains(REMOVED) && !out.contains("5919"), "{out}");
        }
    }

    #[test]
    fn telephones_dates_and_references_stay() {
        for text in ["07700 900123", "2026-03-09 10:15", "9434765918", "ref 12345678901234", "Flat 12", "é 7 日 8"] {
            assert_eq!(nhs_numbers(text), text);
        }
    }
}
