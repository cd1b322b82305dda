//! Small words: moments, ages, counts.

use doorstep_client_core::client::NameBook;
use doorstep_client_core::records::Provenance;
use doorstep_protocol::Millis;

const MINUTE_MS: u64 = 60 * 1_000;
const HOUR_MS: u64 = 60 * MINUTE_MS;
const DAY_MS: u64 = 24 * HOUR_MS;

/// A moment by the clock of where this program runs: `2026-11-22 14:05`.
#[must_use]
pub fn moment(at: Millis) -> String {
    i64::try_from(at.0).ok().and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok()).map_or_else(
        || "not known".to_owned(),
        |at| at.to_zoned(jiff::tz::TimeZone::system()).strftime("%Y-%m-%d %H:%M").to_string(),
    )
}

/// How long ago something was, in one unit: `3 h ago`.
#[must_use]
pub fn age(age_ms: u64) -> String {
    let (count, unit) = match age_ms {
        0..MINUTE_MS => return "just now".to_owned(),
        MINUTE_MS..HOUR_MS => (age_ms / MINUTE_MS, "min"),
        HOUR_MS..DAY_MS => (age_ms / HOUR_MS, "h"),
        _ => match age_ms / DAY_MS {
            1 => return "1 day ago".to_owned(),
            days @ 2..=60 => (days, "days"),
            days @ 61..=730 => (days / 30, "months"),
            days => (days / 365, "years"),
        },
    };
    format!("{count} {unit} ago")
}

/// Who and when: `Ada Mensah, 2026-11-22 14:05`.
#[must_use]
pub fn by(names: &NameBook, made: Option<&Provenance>) -> String {
    made.map_or_else(|| "not known".to_owned(), |by| format!("{}, {}", names.who(by.who), moment(by.at)))
}

/// `1 home`, `2 homes`.
#[must_use]
pub fn count(number: u64, one: &str, many: &str) -> String {
    if number == 1 { format!("1 {one}") } else { format!("{} {many}", grouped(number)) }
}

/// A number in groups of three: `12 345`.
#[must_use]
pub fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// Code words as people write them: `restricted-access` as `restricted access`.
#[must_use]
pub fn plain(code: &str) -> String {
    code.replace('-', " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_one_unit() {
        let said = [0, 59_999, 60_000, 3_600_000, 26 * HOUR_MS, 3 * DAY_MS, 90 * DAY_MS, 800 * DAY_MS].map(age);
        let expected =
            ["just now", "just now", "1 min ago", "1 h ago", "1 day ago", "3 days ago", "3 months ago", "2 years ago"];
        assert_eq!(said, expected);
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!([0, 999, 1_000, 1_234_567].map(grouped), ["0", "999", "1,000", "1,234,567"]);
    }
}
