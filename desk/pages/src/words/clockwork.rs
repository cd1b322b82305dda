//! Moments, days, ages and numbers in words.

use doorstep_protocol::Millis;
use jiff::Zoned;
use jiff::civil::Date as Day;
use jiff::tz::TimeZone;

use super::{Arg, Speech};

/// A minute.
pub const MINUTE_MS: u64 = 60 * 1_000;
/// An hour.
pub const HOUR_MS: u64 = 60 * MINUTE_MS;
/// A day.
pub const DAY_MS: u64 = 24 * HOUR_MS;

fn local(at: Millis) -> Option<Zoned> {
    let at = jiff::Timestamp::from_millisecond(i64::try_from(at.0).ok()?).ok()?;
    Some(at.to_zoned(TimeZone::system()))
}

/// A moment as a person types it, and as browsers send it: `2026-03-09T14:05`, by the clock of where this program runs.
#[must_use]
pub fn moment_typed(text: &str) -> Option<Millis> {
    let text = text.trim().replacen(' ', "T", 1);
    let at: jiff::civil::DateTime = text.parse().ok().filter(|_| text.contains('T'))?;
    let at = at.to_zoned(TimeZone::system()).ok()?.timestamp().as_millisecond();
    u64::try_from(at).ok().map(Millis)
}

/// The last moment of a day, by the clock of where this program runs.
#[must_use]
pub fn end_of_day(day: &str) -> Option<Millis> {
    let day: Day = day.parse().ok()?;
    let next = day.tomorrow().ok()?.to_zoned(TimeZone::system()).ok()?.timestamp().as_millisecond();
    u64::try_from(next).ok().map(|next| Millis(next.saturating_sub(1)))
}

/// A moment as it is typed.
#[must_use]
pub fn moment_to_type(at: Millis) -> String {
    local(at).map(|at| at.strftime("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default()
}

impl Speech {
    /// A moment by the clock of where this program runs: `today 14:05`, `9 March 2026, 14:05`.
    #[must_use]
    pub fn moment(self, at: Millis, now: Millis) -> String {
        let (Some(at), Some(now)) = (local(at), local(now)) else { return self.say("not-known") };
        let clock = at.strftime("%H:%M").to_string();
        if at.date() == now.date() {
            return self.tell("moment-today", "clock", clock);
        }
        if at.date().tomorrow().is_ok_and(|next| next == now.date()) {
            return self.tell("moment-yesterday", "clock", clock);
        }
        self.tell_all("moment-day", &[("day", Arg::Text(self.civil(at.date()))), ("clock", Arg::Text(clock))])
    }

    /// The time of day alone, for what was a moment ago.
    #[must_use]
    pub fn clock(self, at: Millis) -> String {
        local(at).map_or_else(|| self.say("not-known"), |at| at.strftime("%H:%M").to_string())
    }

    /// A day as the record spells it: `9 March 2026`.
    #[must_use]
    pub fn day(self, day: &str) -> String {
        day.parse::<Day>().map_or_else(|_| day.to_owned(), |day| self.civil(day))
    }

    fn civil(self, day: Day) -> String {
        let month = self.code("month", &day.month().to_string());
        format!("{} {month} {}", day.day(), day.year())
    }

    /// How long ago something was, in one unit.
    #[must_use]
    pub fn age(self, age_ms: u64) -> String {
        let (id, count) = match age_ms {
            0..MINUTE_MS => return self.say("age-now"),
            MINUTE_MS..HOUR_MS => ("age-minutes", age_ms / MINUTE_MS),
            HOUR_MS..DAY_MS => ("age-hours", age_ms / HOUR_MS),
            _ => match age_ms / DAY_MS {
                days @ 0..=60 => ("age-days", days),
                days @ 61..=730 => ("age-months", days / 30),
                days => ("age-years", days / 365),
            },
        };
        self.tell(id, "n", count)
    }

    /// How long ago a moment was.
    #[must_use]
    pub fn since(self, at: Millis, now: Millis) -> String {
        self.age(now.0.saturating_sub(at.0))
    }
}
