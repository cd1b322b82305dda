//! Statutory clocks in words.

use doorstep_client_core::client::HazardClocks;
use doorstep_client_core::records::clocks::{Clock, ClockRule, ClockState, Doubt, Stopped, local_day};
use doorstep_client_core::records::hazard_codes;

use super::words::{moment, plain};
use crate::screen::{Colours, Tone};

/// A deadline as people name it.
#[must_use]
pub const fn rule_words(rule: ClockRule) -> &'static str {
    match rule {
        ClockRule::EmergencyInvestigate => "investigate the emergency",
        ClockRule::EmergencyMakeSafe => "make the emergency safe",
        ClockRule::Investigate => "investigate",
        ClockRule::WrittenSummary => "give the written summary",
        ClockRule::MakeSafe => "make safe",
        ClockRule::SupplementaryWork => "start the lasting work",
    }
}

/// How a clock stands.
#[must_use]
pub const fn state_words(state: ClockState) -> &'static str {
    match state {
        ClockState::Overdue => "OVERDUE",
        ClockState::DueSoon => "due soon",
        ClockState::FactMissing => "a date is missing",
        ClockState::Running => "running",
        ClockState::MetLate => "done late",
        ClockState::Met => "done in time",
        ClockState::Stopped(Stopped::NoSignificantHazard) => "stopped: no significant hazard was found",
        ClockState::Stopped(Stopped::NoFurtherWork) => "stopped: no further work is needed",
        ClockState::Stopped(Stopped::Resolved) => "stopped: the hazard is gone",
    }
}

/// By when: the moment for an emergency, else the day.
#[must_use]
pub fn due_words(clock: &Clock) -> String {
    let Some(due) = clock.due else { return "not known".to_owned() };
    match clock.rule {
        ClockRule::EmergencyInvestigate | ClockRule::EmergencyMakeSafe => moment(due),
        _ => local_day(due).map_or_else(|| "not known".to_owned(), |day| format!("end of {day}")),
    }
}

const fn doubt_words(doubt: Doubt) -> &'static str {
    match doubt {
        Doubt::TenureNotKnown => "whether this is social housing is not recorded",
        Doubt::SeverityNotKnown => "how severe it is, is not recorded",
        Doubt::HolidaysNotKnown => "bank holidays of that time are not known here: only weekends were left out",
        Doubt::PhaseNotFixed => {
            "from which day the law reaches such hazards is not fixed yet: the earliest that it can be was taken"
        }
        Doubt::Disputed => "somebody says that it is no hazard; the clock runs until that is decided",
    }
}

/// The clocks of a home.
#[must_use]
pub fn page(hazards: &[HazardClocks], colours: Colours) -> String {
    if hazards.is_empty() {
        return "no statutory clock runs for this home\n".to_owned();
    }
    let mut text = String::new();
    for one in hazards {
        let hazard = &one.hazard.value;
        let label = match (&hazard.scheme, &hazard.code) {
            (Some(scheme), Some(code)) => hazard_codes::label(scheme, code).unwrap_or(code).to_owned(),
            _ => "hazard".to_owned(),
        };
        let room = hazard.room.as_deref().unwrap_or("room not known");
        let head = format!("{label}, {room}  {}", one.hazard.row);
        text.push_str(&format!("{}\n", colours.paint(Tone::Heading, &head)));
        for clock in &one.clocks {
            let tone = match clock.state {
                ClockState::Overdue => Tone::Alarm,
                ClockState::DueSoon | ClockState::FactMissing => Tone::Warning,
                _ => Tone::Quiet,
            };
            let state = colours.paint(tone, state_words(clock.state));
            text.push_str(&format!("  {}: {state}, by {}\n", rule_words(clock.rule), due_words(clock)));
            for reading in &clock.readings {
                let from = plain(reading.from.as_str());
                let due = due_words(&Clock { due: Some(reading.due), ..clock.clone() });
                text.push_str(&format!("    from {from} on {}: {due}\n", moment(reading.started)));
            }
            if let Some(missing) = &clock.missing {
                text.push_str(&format!("    not recorded: when {}\n", plain(missing.as_str())));
            }
            for refusal in &clock.refusals {
                text.push_str(&format!("    access refused {}\n", moment(*refusal)));
            }
            for doubt in &clock.doubts {
                text.push_str(&format!("    note: {}\n", doubt_words(*doubt)));
            }
        }
    }
    text
}
