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

const HOUR_MS: u64 = 60 * 60 * 1_000;
/// The longest period that a law may name, in its unit.
const PERIOD_MAX: u32 = 260;
/// Phases of one law at most.
const PHASES_MAX: usize = 20;

/// A law cannot be used: what does not hold, by its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LawError {
    /// The field.
    pub field: &'static str,
    /// What must hold.
    pub limit: &'static str,
}

/// How sure the first day of a phase is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Fixing {
    /// It stands in the law.
    #[default]
    Fixed,
    /// It was announced without a day: the earliest that it can be stands in, and every clock of the phase says so.
    EarliestPossible,
}

#[allow(clippy::trivially_copy_pass_by_ref)]
const fn is_no(yes: &bool) -> bool {
    !*yes
}

/// From which day the law reaches which hazards.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Phase {
    /// Its name.
    pub name: String,
    /// The first day on which a landlord's becoming aware starts a clock.
    pub from: Date,
    /// How sure that day is.
    #[serde(default)]
    pub day: Fixing,
    /// It reaches emergencies of every kind.
    #[serde(default, skip_serializing_if = "is_no")]
    pub emergencies: bool,
    /// The codes it reaches, by list.
    pub codes: BTreeMap<Scheme, BTreeSet<String>>,
}

/// A law about hazards in social housing. With what a deadline begins is no part of it: where sources disagree every reading is
/// taken and the strictest holds ([`super::clocks()`]), and no pack makes that laxer.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Law {
    /// Whose: `england` or `wales`.
    pub nation: String,
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
    /// That it can be counted by.
    ///
    /// # Errors
    /// [`LawError`].
    pub fn check(&self) -> Result<(), LawError> {
        let law = self;
        let refused = |field, limit| Err(LawError { field, limit });
        if !["england", "wales"].contains(&law.nation.as_str()) {
            return refused("nation", "england or wales");
        }
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
            return refused("periods", "each from 1 to 260 hours, days or weeks");
        }
        let is_ordered = law.phases.is_sorted_by_key(|phase| &phase.from);
        if !(1..=PHASES_MAX).contains(&law.phases.len()) || !is_ordered {
            return refused("phases", "1 to 20 phases, in the order of their days");
        }
        if law.phases.iter().any(|phase| phase.name.trim().is_empty()) {
            return refused("phases", "each has a name");
        }
        Ok(())
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
