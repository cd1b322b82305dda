//! Times, days and figures with their units. A moment is the language's own: `java.time.Instant`, `Date`, `datetime`.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use doorstep_client_core::records::value::MOMENT_MAX;
use doorstep_client_core::records::{Date, home};
use doorstep_protocol::Millis;

use crate::error::{DoorstepError, not_this_form};

/// A day of the calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, uniffi::Record)]
pub struct Day {
    /// Year, as 2026.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day of the month, 1 to 31.
    pub day: u8,
}

impl Day {
    /// The day as it is recorded; `field` is named where there is no such day.
    pub(crate) fn date(self, field: &str) -> Result<Date, DoorstepError> {
        let Self { year, month, day } = self;
        format!("{year:04}-{month:02}-{day:02}").parse().map_err(|_| not_this_form(field, "a day that there is"))
    }

    /// A recorded day.
    pub(crate) fn of(date: &Date) -> Option<Self> {
        Self::read(date.as_str())
    }

    /// A day that a list wrote as YYYY-MM-DD.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let mut parts = text.splitn(3, '-');
        let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
        Some(Self { year: year.parse().ok()?, month: month.parse().ok()?, day: day.parse().ok()? })
    }
}

/// The day that an optional field holds.
pub(crate) fn date(field: &str, day: Option<Day>) -> Result<Option<Date>, DoorstepError> {
    day.map(|day| day.date(field)).transpose()
}

/// A recorded moment. Whoever wrote it may have had any clock: one past the year 9999, which not every language can say, is shown
/// as the last moment of that year.
pub(crate) fn time(at: Millis) -> SystemTime {
    UNIX_EPOCH + Duration::from_millis(at.0.min(MOMENT_MAX.0))
}

/// The moment as it is recorded.
pub(crate) fn millis(field: &str, at: SystemTime) -> Result<Millis, DoorstepError> {
    let since = at.duration_since(UNIX_EPOCH).map_err(|_| not_this_form(field, "a moment after 1970"))?;
    u64::try_from(since.as_millis()).map(Millis).map_err(|_| not_this_form(field, "a moment before the year 10000"))
}

/// A mass.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, uniffi::Record)]
pub struct Kilograms {
    /// Whole kilograms.
    pub kg: u32,
}

/// A figure with its unit: the two never come apart.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Enum)]
pub enum Figure {
    /// A length.
    Millimetres {
        /// The figure.
        value: i64,
    },
    /// An angle.
    Degrees {
        /// The figure.
        value: i64,
    },
    /// A force.
    Newtons {
        /// The figure.
        value: i64,
    },
    /// Light.
    Lux {
        /// The figure.
        value: i64,
    },
    /// A temperature.
    DegreesCelsius {
        /// The figure.
        value: i64,
    },
    /// Relative humidity.
    PercentHumidity {
        /// The figure.
        value: i64,
    },
    /// A concentration.
    PartsPerMillion {
        /// The figure.
        value: i64,
    },
    /// In a unit that a newer version wrote; it is shown, and not written by this one.
    Newer {
        /// The figure.
        value: i64,
        /// The unit's code.
        unit: String,
    },
}

impl Figure {
    /// The figure and the unit that it is in.
    pub(crate) fn parts(self) -> (i64, home::Unit) {
        match self {
            Self::Millimetres { value } => (value, home::Unit::Millimetre),
            Self::Degrees { value } => (value, home::Unit::Degree),
            Self::Newtons { value } => (value, home::Unit::Newton),
            Self::Lux { value } => (value, home::Unit::Lux),
            Self::DegreesCelsius { value } => (value, home::Unit::Celsius),
            Self::PercentHumidity { value } => (value, home::Unit::Humidity),
            Self::PartsPerMillion { value } => (value, home::Unit::PartsPerMillion),
            Self::Newer { value, unit } => (value, home::Unit::Other(unit)),
        }
    }

    /// A figure in a unit.
    pub(crate) fn of(value: i64, unit: home::Unit) -> Self {
        match unit {
            home::Unit::Millimetre => Self::Millimetres { value },
            home::Unit::Degree => Self::Degrees { value },
            home::Unit::Newton => Self::Newtons { value },
            home::Unit::Lux => Self::Lux { value },
            home::Unit::Celsius => Self::DegreesCelsius { value },
            home::Unit::Humidity => Self::PercentHumidity { value },
            home::Unit::PartsPerMillion => Self::PartsPerMillion { value },
            home::Unit::Other(unit) => Self::Newer { value, unit },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_goes_there_and_back_and_one_that_there_is_not_is_refused() {
        let leap = Day { year: 2028, month: 2, day: 29 };
        let date = leap.date("expires").expect("a leap year");
        assert_eq!((date.as_str(), Day::of(&date)), ("2028-02-29", Some(leap)));
        for bad in [Day { year: 2027, ..leap }, Day { month: 13, ..leap }, Day { day: 0, ..leap }] {
            let refused = bad.date("expires").expect_err("no such day");
            assert!(matches!(&refused, DoorstepError::Value { field, .. } if field == "expires"), "{refused:?}");
        }
    }

    #[test]
    fn a_moment_that_no_language_can_say_is_shown_as_the_last_it_can() {
        assert_eq!(time(Millis(u64::MAX)), time(MOMENT_MAX));
        assert_eq!(millis("started", time(Millis(1_234))), Ok(Millis(1_234)));
        let early = UNIX_EPOCH - Duration::from_secs(1);
        assert!(matches!(millis("started", early), Err(DoorstepError::Value { .. })));
    }
}
