//! The law as data: which hazards from which day, and how long for what.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_protocol::Millis;

use super::calendar::{Calendar, Deadline, civil_day};
use super::facts::{HazardFacts, Holding};
use super::steps::StepKind;
use super::{ClockRule, local_day};
use crate::records::hazard_codes::Scheme;
use crate::records::home::Severity;
use crate::records::words::Date;

const ENGLAND: &str = include_str!("awaabs-law-england.json");
const HOUR_MS: u64 = 60 * 60 * 1_000;
/// The longest period that a law may name, in its unit.
const PERIOD_MAX: u32 = 260;
/// The longest text of a law.
const LAW_BYTES_MAX: usize = 64 * 1024;

/// A law cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}: the law's file is to be corrected")]
pub struct LawError {
    /// What does not hold.
    pub what: &'static str,
}

/// From which day the law reaches which hazards.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Phase {
    /// Its name.
    pub name: String,
    /// The first day on which a landlord's becoming aware starts a clock.
    pub from: Date,
    /// It reaches emergencies of every kind.
    #[serde(default)]
    pub emergencies: bool,
    /// The codes it reaches, by list.
    pub codes: BTreeMap<Scheme, BTreeSet<String>>,
}

/// A law about hazards in social housing.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Law {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub source: String,
    /// The lists whose codes can be emergencies under it.
    pub emergency_schemes: BTreeSet<Scheme>,
    /// Its phases, by their day.
    pub phases: Vec<Phase>,
    /// Hours for an emergency, of the clock.
    pub emergency_hours: u32,
    /// Working days to investigate.
    pub investigate_working_days: u32,
    /// Working days for the written summary.
    pub summary_working_days: u32,
    /// Working days to make safe.
    pub make_safe_working_days: u32,
    /// Weeks to start the work that lasts.
    pub supplementary_weeks: u32,
    /// Hours before the end of an emergency's time from which on it is due soon.
    pub soon_emergency_hours: u32,
    /// The same, in working days, for the other deadlines.
    pub soon_working_days: u32,
    /// The same for the work that lasts.
    pub soon_supplementary_working_days: u32,
}

impl Law {
    /// The law of England as this version ships it.
    #[must_use]
    pub fn england() -> Self {
        Self::from_json(ENGLAND).expect("the law that is shipped is read by a test")
    }

    /// Reads a law.
    ///
    /// # Errors
    /// [`LawError`].
    pub fn from_json(text: &str) -> Result<Self, LawError> {
        if text.len() > LAW_BYTES_MAX {
            return Err(LawError { what: "it is too long" });
        }
        let law: Self = serde_json::from_str(text).map_err(|_| LawError { what: "it is not of the form" })?;
        let periods = [
            law.emergency_hours,
            law.investigate_working_days,
            law.summary_working_days,
            law.make_safe_working_days,
            law.supplementary_weeks,
            law.soon_emergency_hours,
            law.soon_working_days,
            law.soon_supplementary_working_days,
        ];
        if periods.iter().any(|period| !(1..=PERIOD_MAX).contains(period)) {
            return Err(LawError { what: "a period is not between 1 and 260" });
        }
        if law.phases.is_empty() || !law.phases.is_sorted_by_key(|phase| &phase.from) {
            return Err(LawError { what: "its phases do not follow each other by their day" });
        }
        Ok(law)
    }

    /// The phase that reaches a hazard: the landlord became aware on its first day or later. Where that is not recorded, the
    /// day of `now` stands in.
    pub(super) fn phase_of(&self, facts: &HazardFacts, now: Millis) -> Option<&Phase> {
        // A hazard that looked slight to the visitor starts no clock; one of which that is not known does.
        if facts.holding == Holding::Other || facts.severity == Some(Severity::Low) {
            return None;
        }
        let scheme = facts.scheme.as_ref()?;
        let code = facts.code.as_ref()?;
        let day = local_day(facts.first(&StepKind::LandlordAware).unwrap_or(now))?;
        let is_emergency = facts.severity == Some(Severity::Emergency) && self.emergency_schemes.contains(scheme);
        self.phases.iter().filter(|phase| phase.from <= day).find(|phase| {
            (is_emergency && phase.emergencies) || phase.codes.get(scheme).is_some_and(|codes| codes.contains(code))
        })
    }

    pub(super) fn deadline(&self, rule: ClockRule, started: Millis, calendar: &Calendar) -> Option<Deadline> {
        match rule {
            ClockRule::EmergencyInvestigate | ClockRule::EmergencyMakeSafe => {
                civil_day(started)?;
                let due = Millis(started.0 + u64::from(self.emergency_hours) * HOUR_MS);
                Some(Deadline { due, holidays_known: true })
            }
            ClockRule::Investigate => calendar.working_days_after(started, self.investigate_working_days),
            ClockRule::WrittenSummary => calendar.working_days_after(started, self.summary_working_days),
            ClockRule::MakeSafe => calendar.working_days_after(started, self.make_safe_working_days),
            ClockRule::SupplementaryWork => Calendar::weeks_after(started, self.supplementary_weeks),
        }
    }

    pub(super) fn is_due_soon(&self, rule: ClockRule, due: Millis, calendar: &Calendar, now: Millis) -> bool {
        let days = match rule {
            ClockRule::EmergencyInvestigate | ClockRule::EmergencyMakeSafe => {
                return due.0.saturating_sub(now.0) <= u64::from(self.soon_emergency_hours) * HOUR_MS;
            }
            ClockRule::SupplementaryWork => self.soon_supplementary_working_days,
            ClockRule::Investigate | ClockRule::WrittenSummary | ClockRule::MakeSafe => self.soon_working_days,
        };
        calendar.working_days_before(due, days).is_none_or(|from| from <= now)
    }
}
