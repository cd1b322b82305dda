//! An NHS number: it says so in words, and in red where there are colours.

use doorstep_client_core::client::HealthPage;
use doorstep_client_core::records::health_id::TraceStatus;

use super::words::moment;
use crate::screen::{Colours, Tone};

/// The screen.
#[must_use]
pub fn page(seen: &HealthPage, colours: Colours) -> String {
    let head = "NHS NUMBER – for health and social care only. Your looking at this is recorded.";
    let mut text = format!("{}\n", colours.paint(Tone::Alarm, head));
    match &seen.number {
        Some(found) => {
            let number =
                found.value.number.as_ref().map_or_else(|| "not known".to_owned(), |one| grouped(one.as_str()));
            let traced = found.value.traced_at.map_or_else(String::new, |at| format!(", {}", moment(at)));
            text.push_str(&format!("{number}\n{}{traced}\n", status(found.value.status.as_ref())));
            if !found.disputed.is_empty() {
                let words = "⚠ several were recorded side by side: look at the letter or card, and set it again";
                text.push_str(&format!("{}\n", colours.paint(Tone::Warning, words)));
            }
        }
        None => text.push_str("not known\n"),
    }
    for trace in &seen.traces {
        let trace = &trace.value;
        let at = trace.traced_at.map_or_else(|| "not known when".to_owned(), moment);
        let by = trace.traced_by.as_ref().map_or_else(String::new, |by| format!(", by {by}"));
        let reference = trace.reference.as_ref().map_or_else(String::new, |reference| format!(", {reference}"));
        let again = trace.again_on.as_ref().map_or_else(String::new, |day| format!("; again on {day}"));
        text.push_str(&format!("traced {at}{by}{reference}: {}{again}\n", status(trace.status.as_ref())));
    }
    if seen.left_out > 0 {
        text.push_str(&format!("{} entries could not be read here: there may be more.\n", seen.left_out));
    }
    text
}

/// A number as it stands on letters: `943 476 5919`.
fn grouped(number: &str) -> String {
    match (number.get(..3), number.get(3..6), number.get(6..)) {
        (Some(first), Some(second), Some(third)) => format!("{first} {second} {third}"),
        _ => number.to_owned(),
    }
}

fn status(status: Option<&TraceStatus>) -> String {
    let words = match status {
        Some(TraceStatus::Verified) => "present and verified",
        Some(TraceStatus::NotTraced) => "present, not traced",
        Some(TraceStatus::TraceRequired) => "a trace is required",
        Some(TraceStatus::NoOrManyMatches) => "no match, or several",
        Some(TraceStatus::Conflict) => "a conflict that somebody has to resolve",
        Some(TraceStatus::InProgress) => "a trace is in progress",
        Some(TraceStatus::NotRequired) => "not present, and no trace required",
        Some(TraceStatus::Postponed) => "the trace is postponed",
        Some(TraceStatus::Other(_)) | None => return "trace status: not known".to_owned(),
    };
    format!("{} {words}", status.map_or("", |status| status.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_grouped_as_on_letters() {
        assert_eq!(grouped("9434765919"), "943 476 5919");
        assert_eq!(grouped("94"), "94");
    }
}
