//! Transforms: what a mapping may do to the text of a cell. Each either gives the one normal form or says what it expected.

use std::borrow::Cow;
use std::str::FromStr;

use doorstep_client_core::records::{Date, Postcode};

use super::error::Reason;

/// What is done to the text of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Transform {
    /// `15.0` to `15`: a code that a spreadsheet took for a number.
    NumberAsCode,
    /// `44335014151` or `0335 014151` to `+44335014151`.
    PhoneUk,
    /// A day as `YYYY-MM-DD`; a time behind it is cut off.
    Date,
    /// A day as `DD/MM/YYYY`, with `/`, `-` or `.`.
    DateUk,
    /// Upper case, one space before the last three.
    Postcode,
    /// `True`, `yes`, `Y`, `1` to `true`; their opposites to `false`.
    Boolean,
    /// Lower case.
    Lower,
    /// Upper case.
    Upper,
}

/// Every transform by the name that mappings use.
const NAMES: &[(&str, Transform)] = &[
    ("number-as-code", Transform::NumberAsCode),
    ("phone-uk", Transform::PhoneUk),
    ("date", Transform::Date),
    ("date-uk", Transform::DateUk),
    ("postcode", Transform::Postcode),
    ("boolean", Transform::Boolean),
    ("lower", Transform::Lower),
    ("upper", Transform::Upper),
];

impl FromStr for Transform {
    type Err = Reason;

    fn from_str(name: &str) -> Result<Self, Reason> {
        NAMES.iter().find(|(known, _)| *known == name).map(|(_, transform)| *transform).ok_or_else(|| {
            let all: Vec<&str> = NAMES.iter().map(|(known, _)| *known).collect();
            Reason::new(format!("there is no transform `{name}`"), format!("use one of: {}", all.join(", ")))
        })
    }
}

impl Transform {
    /// The normal form of `text`.
    pub(super) fn apply<'t>(self, text: &'t str) -> Result<Cow<'t, str>, Reason> {
        Ok(match self {
            Self::NumberAsCode => number_as_code(text)?.into(),
            Self::PhoneUk => phone_uk(text)?.into(),
            Self::Date => date(text)?.into(),
            Self::DateUk => date_uk(text)?.into(),
            Self::Postcode => text.parse::<Postcode>().map_err(|e| expected(e.expected))?.to_string().into(),
            Self::Boolean => boolean(text)?.into(),
            Self::Lower => text.to_lowercase().into(),
            Self::Upper => text.to_uppercase().into(),
        })
    }
}

fn expected(form: &'static str) -> Reason {
    Reason::new(format!("expected {form}"), "correct the cell, or map another column")
}

/// Whole numbers only lose an empty fraction; anything with a real fraction is not a code.
fn number_as_code(text: &str) -> Result<&str, Reason> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !fraction.bytes().all(|b| b == b'0') {
        return Err(expected("a whole number, such as 15 or 15.0"));
    }
    Ok(whole)
}

/// Digits of a national number, without the leading zero. Most have ten, a few old ones down to seven.
const PHONE_DIGITS: std::ops::RangeInclusive<usize> = 7..=10;

fn phone_uk(text: &str) -> Result<String, Reason> {
    let refused = || expected("a United Kingdom telephone number of 7 to 10 digits after 0 or 44");
    let has_plus = text.starts_with('+');
    let allowed = |c: char| c.is_ascii_digit() || matches!(c, ' ' | '-' | '(' | ')');
    if !text.chars().skip(usize::from(has_plus)).all(allowed) {
        return Err(refused());
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let national = match (has_plus, digits.strip_prefix("44"), digits.strip_prefix('0')) {
        (_, Some(rest), _) => rest.strip_prefix('0').unwrap_or(rest),
        (false, None, Some(rest)) => rest,
        _ => return Err(refused()),
    };
    if PHONE_DIGITS.contains(&national.len()) { Ok(format!("+44{national}")) } else { Err(refused()) }
}

fn date(text: &str) -> Result<String, Reason> {
    let day = text.get(..10).filter(|_| matches!(text.as_bytes().get(10), None | Some(b' ' | b'T')));
    let day = day.and_then(|day| day.parse::<Date>().ok());
    day.map(|day| day.to_string()).ok_or_else(|| expected("a date as YYYY-MM-DD"))
}

fn date_uk(text: &str) -> Result<String, Reason> {
    let refused = || expected("a date as DD/MM/YYYY");
    let parts: Vec<&str> = text.split(['/', '-', '.']).collect();
    let [day, month, year] = parts.as_slice() else {
        return Err(refused());
    };
    // Two digits of a year would be a guess.
    if year.len() != 4 || day.is_empty() || month.is_empty() || day.len() > 2 || month.len() > 2 {
        return Err(refused());
    }
    format!("{year}-{month:0>2}-{day:0>2}").parse::<Date>().map(|day| day.to_string()).map_err(|_| refused())
}

fn boolean(text: &str) -> Result<&'static str, Reason> {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "y" | "1" | "1.0" => Ok("true"),
        "false" | "no" | "n" | "0" | "0.0" => Ok("false"),
        _ => Err(expected("yes or no")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(transform: Transform, pairs: &[(&str, Option<&str>)]) {
        for (text, wanted) in pairs {
            let got = transform.apply(text).ok();
            assert_eq!(got.as_deref(), *wanted, "{transform:?} of {text}");
        }
    }

    #[test]
    fn a_code_loses_an_empty_fraction_and_nothing_else() {
        let pairs = [("15.0", Some("15")), ("15", Some("15")), ("15.", Some("15")), ("007", Some("007"))];
        all(Transform::NumberAsCode, &pairs);
        all(Transform::NumberAsCode, &[("15.5", None), ("", None), (".0", None), ("-1", None), ("1e3", None)]);
    }

    #[test]
    fn a_telephone_number_gets_its_plus() {
        let wanted = Some("+44335014151");
        all(Transform::PhoneUk, &[("44335014151", wanted), ("0335 014151", wanted), ("+44 (0)335 014-151", wanted)]);
        all(Transform::PhoneUk, &[("07700 900123", Some("+447700900123"))]);
        all(
            Transform::PhoneUk,
            &[("335014151", None), ("+33 1 2345 6789", None), ("44", None), ("44123456", None), ("x44335014151", None)],
        );
        all(Transform::PhoneUk, &[("4433501415123", None), ("", None), ("+", None)]);
    }

    #[test]
    fn a_day_is_a_real_day() {
        all(Transform::Date, &[("2024-04-07", Some("2024-04-07")), ("2024-04-07 00:00:00", Some("2024-04-07"))]);
        all(Transform::Date, &[("2024-04-31", None), ("2024-04-071", None), ("07/04/2024", None), ("", None)]);
        all(Transform::DateUk, &[("7/4/2024", Some("2024-04-07")), ("07.04.2024", Some("2024-04-07"))]);
        all(Transform::DateUk, &[("7/4/24", None), ("4/31/2024", None), ("2024-04-07", None), ("7/4", None)]);
    }

    #[test]
    fn yes_and_no_are_the_only_answers() {
        all(Transform::Boolean, &[("True", Some("true")), ("N", Some("false")), ("maybe", None), ("", None)]);
    }

    #[test]
    fn an_unknown_transform_is_answered_with_the_list() {
        let refused = "phone".parse::<Transform>().map_err(|reason| reason.to_string());
        assert!(refused.is_err_and(|text| text.contains("`phone`") && text.contains("phone-uk")));
    }
}
