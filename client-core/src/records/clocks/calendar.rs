//! Days in the United Kingdom: which are working days, when one ends, summer time included.

use std::collections::BTreeSet;
use std::sync::OnceLock;

use doorstep_protocol::Millis;
use jiff::civil::{self, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

use crate::records::words::Date;

/// Summer time as it has been since 1996: from the last Sunday of March to the last of October, at 01:00 UTC both times.
/// Written out, so that no device needs a time zone database.
const UNITED_KINGDOM: &str = "GMT0BST,M3.5.0/1,M10.5.0/2";

/// Days looked at for one deadline, at most.
const DAYS_MAX: u32 = 400;

fn united_kingdom() -> &'static TimeZone {
    static ZONE: OnceLock<TimeZone> = OnceLock::new();
    ZONE.get_or_init(|| TimeZone::posix(UNITED_KINGDOM).expect("the rule above is well formed: a test reads it"))
}

/// The day in the United Kingdom of a moment; `None` past the end of every calendar.
#[must_use]
pub fn local_day(at: Millis) -> Option<Date> {
    civil_day(at).map(Date::from_civil)
}

pub(super) fn civil_day(at: Millis) -> Option<civil::Date> {
    let at = Timestamp::from_millisecond(i64::try_from(at.0).ok()?).ok()?;
    Some(united_kingdom().to_datetime(at).date())
}

pub(super) fn civil_of(day: &Date) -> Option<civil::Date> {
    day.as_str().parse().ok()
}

/// The first moment of a day.
fn begin_of(day: civil::Date) -> Option<Millis> {
    // The clocks never change at midnight, so it is there exactly once.
    let at = united_kingdom().to_timestamp(day.at(0, 0, 0, 0)).ok()?;
    u64::try_from(at.as_millisecond()).ok().map(Millis)
}

/// The last millisecond of a day.
fn end_of(day: civil::Date) -> Option<Millis> {
    Some(Millis(begin_of(day.tomorrow().ok()?)?.0 - 1))
}

/// The bank holidays that this device knows of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    holidays: BTreeSet<civil::Date>,
}

/// A last moment in time, and whether the bank holidays until then were known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Deadline {
    pub(super) due: Millis,
    pub(super) holidays_known: bool,
}

impl Calendar {
    /// A calendar of bank holidays. It knows every year from the first day of the list to the last.
    pub fn of_holidays(days: impl IntoIterator<Item = Date>) -> Self {
        Self { holidays: days.into_iter().filter_map(|day| civil_of(&day)).collect() }
    }

    fn knows(&self, day: civil::Date) -> bool {
        match (self.holidays.first(), self.holidays.last()) {
            (Some(first), Some(last)) => (first.year()..=last.year()).contains(&day.year()),
            _ => false,
        }
    }

    fn works(&self, day: civil::Date) -> bool {
        !matches!(day.weekday(), Weekday::Saturday | Weekday::Sunday) && !self.holidays.contains(&day)
    }

    /// The end of the `count`-th working day after the day of a moment, which is day 0 whatever day it is.
    pub(super) fn working_days_after(&self, moment: Millis, count: u32) -> Option<Deadline> {
        let mut day = civil_day(moment)?;
        let (mut left, mut holidays_known) = (count, true);
        for _ in 0..DAYS_MAX {
            if left == 0 {
                return Some(Deadline { due: end_of(day)?, holidays_known });
            }
            day = day.tomorrow().ok()?;
            holidays_known &= self.knows(day);
            if self.works(day) {
                left -= 1;
            }
        }
        None
    }

    /// The end of the same day of the week, so many weeks after the day of a moment.
    pub(super) fn weeks_after(moment: Millis, weeks: u32) -> Option<Deadline> {
        let day = civil_day(moment)?.checked_add(i64::from(weeks).weeks()).ok()?;
        Some(Deadline { due: end_of(day)?, holidays_known: true })
    }

    /// The begin of the `count`-th working day before the day of a moment.
    pub(super) fn working_days_before(&self, moment: Millis, count: u32) -> Option<Millis> {
        let mut day = civil_day(moment)?;
        let mut left = count;
        for _ in 0..DAYS_MAX {
            if left == 0 {
                return begin_of(day);
            }
            day = day.yesterday().ok()?;
            if self.works(day) {
                left -= 1;
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Millis {
        Millis(u64::try_from(text.parse::<Timestamp>().unwrap().as_millisecond()).unwrap())
    }

    #[test]
    fn days_follow_summer_time() {
        for (moment, day) in [
            ("2026-03-29T00:30:00Z", "2026-03-29"),
            ("2026-03-28T23:59:59Z", "2026-03-28"),
            ("2026-06-30T22:59:59Z", "2026-06-30"),
            ("2026-06-30T23:00:00Z", "2026-07-01"),
            ("2026-10-24T23:00:00Z", "2026-10-25"),
            ("2026-10-25T23:30:00Z", "2026-10-25"),
            ("2026-12-31T23:59:59Z", "2026-12-31"),
        ] {
            assert_eq!(local_day(at(moment)).unwrap().as_str(), day, "{moment}");
        }
    }

    #[test]
    fn a_day_ends_where_the_next_begins_also_when_the_clocks_change() {
        for (day, hours) in [("2026-03-29", 23), ("2026-10-25", 25), ("2026-11-22", 24)] {
            let day: civil::Date = day.parse().unwrap();
            let (begin, end) = (begin_of(day).unwrap(), end_of(day).unwrap());
            assert_eq!(end.0 + 1 - begin.0, hours * 3_600_000, "{day}");
        }
    }

    #[test]
    fn moments_past_every_calendar_have_no_day() {
        assert_eq!(local_day(Millis(u64::MAX)), None);
    }
}
