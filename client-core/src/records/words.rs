//! The exact words of the domain: UPRN, postcode, date, position and row id, each with one normal form.

use core::fmt;
use core::str::FromStr;

use doorstep_protocol::DocumentId;

use super::value::{FieldError, FieldShape, FieldValue, Limit, Value};

/// The text is not of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("expected {expected}")]
pub struct NotThisForm {
    /// The form, in words.
    pub expected: &'static str,
}

macro_rules! word {
    ($name:ident, $shape:expr, $expected:literal, $remedy:literal) => {
        impl $name {
            /// The normal form.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(&self.0)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }

        impl FieldValue for $name {
            fn value(&self) -> Value {
                Value::Text(self.0.clone())
            }

            fn check(&self, field: &'static str, _: Limit) -> Result<(), FieldError> {
                // Only parsing makes one, so this repeats the parse for values that came from a document.
                match self.0.parse::<Self>() {
                    Ok(again) if again == *self => Ok(()),
                    _ => Err(FieldError::new(field, $expected, $remedy)),
                }
            }

            fn read(value: &Value) -> Option<Self> {
                value.as_text()?.parse().ok()
            }

            fn shape(_: Limit) -> FieldShape {
                $shape
            }
        }
    };
}

/// Characters of a word that is typed.
const WORD_CHARS_MAX: usize = 20;

/// A Unique Property Reference Number: 1 to 12 digits, held without leading zeros.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Uprn(String);

impl FromStr for Uprn {
    type Err = NotThisForm;
    fn from_str(text: &str) -> Result<Self, NotThisForm> {
        let refused = NotThisForm { expected: "a UPRN of 1 to 12 digits" };
        let text = text.trim();
        if text.is_empty() || text.len() > 12 || !text.bytes().all(|b| b.is_ascii_digit()) {
            return Err(refused);
        }
        let digits = text.trim_start_matches('0');
        if digits.is_empty() { Err(refused) } else { Ok(Self(digits.to_owned())) }
    }
}

word!(
    Uprn,
    FieldShape::Text(WORD_CHARS_MAX),
    "a UPRN of 1 to 12 digits",
    "copy it from the gazetteer, or record a provisional property"
);

/// A United Kingdom postcode: upper case, one space before the last three.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Postcode(String);

impl FromStr for Postcode {
    type Err = NotThisForm;
    fn from_str(text: &str) -> Result<Self, NotThisForm> {
        let refused = NotThisForm { expected: "a postcode such as N17 9LJ" };
        let joined: String = text.chars().filter(|c| !c.is_whitespace()).map(|c| c.to_ascii_uppercase()).collect();
        if !joined.is_ascii() || !(5..=7).contains(&joined.len()) {
            return Err(refused);
        }
        let (outward, inward) = joined.split_at(joined.len() - 3);
        let inward_fits =
            inward.bytes().enumerate().all(|(at, b)| if at == 0 { b.is_ascii_digit() } else { b.is_ascii_uppercase() });
        let outward_fits = outward.starts_with(|c: char| c.is_ascii_uppercase())
            && outward.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
            && (outward.bytes().any(|b| b.is_ascii_digit()) || outward == "GIR");
        if inward_fits && outward_fits { Ok(Self(format!("{outward} {inward}"))) } else { Err(refused) }
    }
}

word!(
    Postcode,
    FieldShape::Text(WORD_CHARS_MAX),
    "a postcode such as N17 9LJ",
    "correct it, or leave it out and keep the address line"
);

/// An NHS number: ten digits, the last of which checks the others; held without spaces.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NhsNumber(String);

impl FromStr for NhsNumber {
    type Err = NotThisForm;
    fn from_str(text: &str) -> Result<Self, NotThisForm> {
        let refused = NotThisForm { expected: "an NHS number: ten digits, of which the last checks the others" };
        let joined: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        if joined.len() != 10 || !joined.bytes().all(|b| b.is_ascii_digit()) {
            return Err(refused);
        }
        let digits: Vec<u32> = joined.bytes().map(|b| u32::from(b - b'0')).collect();
        let sum: u32 = digits.iter().zip((2..=10).rev()).map(|(digit, weight)| digit * weight).sum();
        // 11 counts as 0; 10 is no digit and so never matches.
        let check = (11 - sum % 11) % 11;
        if digits.last() == Some(&check) { Ok(Self(joined)) } else { Err(refused) }
    }
}

word!(
    NhsNumber,
    FieldShape::Text(WORD_CHARS_MAX),
    "an NHS number: ten digits, of which the last checks the others",
    "read it again from the letter or card, digit by digit"
);

/// A day, as `YYYY-MM-DD`; sorts as text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(String);

impl FromStr for Date {
    type Err = NotThisForm;
    fn from_str(text: &str) -> Result<Self, NotThisForm> {
        let refused = NotThisForm { expected: "a date as YYYY-MM-DD" };
        let text = text.trim();
        if text.len() != 10 {
            return Err(refused);
        }
        let day: jiff::civil::Date = text.parse().map_err(|_| refused)?;
        // The long form only: "2026-W01-1" and the like also have ten signs.
        if day.to_string() == text { Ok(Self(text.to_owned())) } else { Err(refused) }
    }
}

impl Date {
    /// The day of a civil date.
    #[must_use]
    pub fn from_civil(day: jiff::civil::Date) -> Self {
        Self(day.to_string())
    }

    /// The day in UTC of a moment: what "today" means for expiry and review, the same on every device.
    #[must_use]
    pub fn of(moment: doorstep_protocol::Millis) -> Self {
        let day = i64::try_from(moment.0)
            .ok()
            .and_then(|ms| jiff::Timestamp::from_millisecond(ms).ok())
            .map_or(jiff::civil::Date::MAX, |at| at.to_zoned(jiff::tz::TimeZone::UTC).date());
        Self(day.to_string())
    }

    /// The same day so many months later, or the last of that month where it has none; the last day there is where the calendar
    /// ends.
    #[must_use]
    pub fn months_later(&self, months: i64) -> Self {
        let day: Option<jiff::civil::Date> = self.0.parse().ok();
        let later = day.and_then(|day| day.checked_add(jiff::Span::new().try_months(months).ok()?).ok());
        Self(later.unwrap_or(jiff::civil::Date::MAX).to_string())
    }
}

word!(Date, FieldShape::Day, "a date as YYYY-MM-DD", "write year, month and day, as in 2026-03-09");

/// Degrees × 1,000,000 in EPSG:4326.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
#[serde(transparent)]
pub struct MicroDegrees(pub i32);

impl FieldValue for MicroDegrees {
    fn value(&self) -> Value {
        Value::Whole(i64::from(self.0))
    }

    fn check(&self, field: &'static str, _: Limit) -> Result<(), FieldError> {
        let degrees_max = if field == "lat" { 90_000_000 } else { 180_000_000 };
        if self.0.abs() > degrees_max {
            return Err(FieldError::new(
                field,
                format!("within ±{degrees_max} millionths of a degree"),
                "check that latitude and longitude are not swapped",
            ));
        }
        Ok(())
    }

    fn read(value: &Value) -> Option<Self> {
        i32::try_from(value.as_whole()?).ok().map(Self)
    }

    fn shape(_: Limit) -> FieldShape {
        FieldShape::Number(None)
    }
}

/// The id of a row: 16 random bytes, or for the directory the id of what the row names.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RowId(pub [u8; 16]);

impl RowId {
    /// Stands for the only row of a single map.
    pub const SINGLE: Self = Self([0; 16]);
}

impl fmt::Display for RowId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for RowId {
    type Err = NotThisForm;
    fn from_str(text: &str) -> Result<Self, NotThisForm> {
        // One spelling only: a map key that differs in case would be another row.
        if text.bytes().any(|b| b.is_ascii_uppercase()) {
            return Err(NotThisForm { expected: "32 lower case hexadecimal digits" });
        }
        text.parse::<DocumentId>()
            .map(|id| Self(id.0))
            .map_err(|_| NotThisForm { expected: "32 lower case hexadecimal digits" })
    }
}

impl serde::Serialize for RowId {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> serde::Deserialize<'de> for RowId {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

macro_rules! id_field {
    ($($name:ty),+) => {$(
        impl FieldValue for $name {
            fn value(&self) -> Value {
                Value::Text(self.to_string())
            }

            fn check(&self, _: &'static str, _: Limit) -> Result<(), FieldError> {
                Ok(())
            }

            fn read(value: &Value) -> Option<Self> {
                value.as_text()?.parse().ok()
            }
        }
    )+};
}

id_field!(
    RowId,
    DocumentId,
    doorstep_protocol::ZoneId,
    doorstep_protocol::WorkerId,
    doorstep_protocol::OrganisationId,
    doorstep_protocol::TeamId
);

impl FieldValue for super::Class {
    fn value(&self) -> Value {
        Value::Text(self.as_str().to_owned())
    }

    fn check(&self, _: &'static str, _: Limit) -> Result<(), FieldError> {
        Ok(())
    }

    fn read(value: &Value) -> Option<Self> {
        value.as_text()?.parse().ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uprn_loses_its_leading_zeros_and_nothing_else() {
        assert_eq!("000010023".parse::<Uprn>().map(|u| u.0), Ok("10023".to_owned()));
        for bad in ["", "0", "1234567890123", "12a", "-1", "1.0"] {
            assert!(bad.parse::<Uprn>().is_err(), "{bad}");
        }
    }

    #[test]
    fn postcodes_have_one_normal_form() {
        for text in ["n179lj", " N17 9LJ ", "N179 LJ"] {
            assert_eq!(text.parse::<Postcode>().map(|p| p.0), Ok("N17 9LJ".to_owned()), "{text}");
        }
        assert_eq!("ec1a1bb".parse::<Postcode>().map(|p| p.0), Ok("EC1A 1BB".to_owned()));
        for bad in ["", "N17", "N17 99J", "9N7 9LJ", "ABCDEFG", "é17 9LJ"] {
            assert!(bad.parse::<Postcode>().is_err(), "{bad}");
        }
    }

    #[test]
    fn an_nhs_number_has_its_check_digit() {
        // 943 476 5919: 9·10+4·9+3·8+4·7+7·6+6·5+5·4+9·3+1·2 = 299; 299 mod 11 = 2; 11 − 2 = 9.
        for text in ["9434765919", "943 476 5919", " 943-476-5919"] {
            assert_eq!(text.parse::<NhsNumber>().map(|n| n.0), Ok("9434765919".to_owned()), "{text}");
        }
        // One digit off, two swapped, a wrong check of a plain number, a letter, too short, too long, nothing.
        for bad in ["9434765918", "9434756919", "1000000000", "943476591X", "943476591", "94347659190", ""] {
            assert!(bad.parse::<NhsNumber>().is_err(), "{bad}");
        }
        // Nine digits have one right tenth; those whose check would be ten (6·2 mod 11 = 1) have none.
        for (front, right) in [("943476591", 1), ("100000000", 1), ("123456788", 1), ("000000006", 0)] {
            let fitting = (0..10).filter(|last| format!("{front}{last}").parse::<NhsNumber>().is_ok()).count();
            assert_eq!(fitting, right, "{front}");
        }
    }

    #[test]
    fn dates_are_real_days_in_the_long_form() {
        assert!("2028-02-29".parse::<Date>().is_ok());
        for bad in ["2027-02-29", "2027-2-9", "20270209", "2027-W01-1", "nan"] {
            assert!(bad.parse::<Date>().is_err(), "{bad}");
        }
        assert_eq!(Date::of(doorstep_protocol::Millis(0)).as_str(), "1970-01-01");
    }
}
