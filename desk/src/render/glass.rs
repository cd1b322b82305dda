//! What is behind the glass: it says so in words, and in red where there are colours.

use doorstep_client_core::client::SealedPage;
use doorstep_protocol::Millis;

use super::words::moment;
use crate::screen::{Colours, Tone};

/// The screen.
#[must_use]
pub fn page(seen: &SealedPage, until: Option<Millis>, colours: Colours) -> String {
    let until = until.map_or_else(String::new, |until| format!(", until {}", moment(until)));
    let head = format!("SEALED – do not copy, do not photograph. Your looking at this is recorded{until}.");
    let mut text = format!("{}\n", colours.paint(Tone::Alarm, &head));
    let mut line = |label: &str, parts: &[Option<&str>]| {
        let said: Vec<&str> = parts.iter().flatten().copied().collect();
        text.push_str(&format!("{label:<22}{}\n", said.join("; ")));
    };
    for row in &seen.violence {
        let row = &row.value;
        let kind = row.kind.as_ref().map(ToString::to_string);
        line("Violence", &[kind.as_deref(), row.detail.as_deref(), row.precaution.as_deref()]);
    }
    for row in &seen.entries {
        let row = &row.value;
        line("Way in", &[row.place.as_deref(), row.code.as_deref(), row.key_holder.as_deref()]);
    }
    for row in &seen.pointers {
        let row = &row.value;
        let kind = row.kind.as_ref().map(ToString::to_string);
        line("Ask", &[kind.as_deref(), row.reference.as_deref(), row.contact.as_deref()]);
    }
    if seen.left_out > 0 {
        text.push_str(&format!("{} entries could not be read here: there may be more.\n", seen.left_out));
    }
    text
}
