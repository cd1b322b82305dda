//! The firebox: one screen, read in two seconds, on the way, with gloves.

use doorstep_client_core::client::{FireboxPage, NameBook};
use doorstep_client_core::records::firebox::FireEntry;

use super::words::{age, plain};
use crate::screen::{Colours, Tone};

/// Where the values begin.
const LABEL_WIDTH: usize = 22;
/// Where the age begins.
const VALUE_WIDTH: usize = 44;

/// The screen.
#[must_use]
pub fn page(found: &FireboxPage, names: &NameBook, colours: Colours) -> String {
    let uprn = found.row.uprn.as_ref().map_or_else(|| "no UPRN yet".to_owned(), |uprn| format!("UPRN {uprn}"));
    let mut text = format!("{}  ({uprn})\n", colours.paint(Tone::Heading, &found.row.address));
    for (line, entries) in &found.view.lines {
        let label = line.label();
        if entries.is_empty() {
            let unknown = colours.paint(Tone::Quiet, "not known");
            text.push_str(&format!("{label:<LABEL_WIDTH$}{unknown}\n"));
            continue;
        }
        for (at, entry) in entries.iter().enumerate() {
            let label = if at == 0 { label } else { "" };
            text.push_str(&format!("{label:<LABEL_WIDTH$}{}\n", entry_words(entry, names, colours)));
        }
    }
    text
}

fn entry_words(entry: &FireEntry, names: &NameBook, colours: Colours) -> String {
    let place = entry.place.as_ref().map_or_else(String::new, |place| format!(", {place}"));
    let words = format!("{}{place}", sentence(&entry.words));
    let words = format!("{words:<VALUE_WIDTH$}");
    let words = if entry.is_disputed { colours.paint(Tone::Warning, &words) } else { words };
    let age = entry.age_ms.map_or_else(|| "age not known".to_owned(), age);
    let who = entry.by.as_ref().map_or_else(String::new, |by| format!(", {}", names.who(by.who)));
    let disputed = if entry.is_disputed { colours.paint(Tone::Warning, "  ⚠ DISPUTED") } else { String::new() };
    format!("{words} {}{disputed}", colours.paint(Tone::Quiet, &format!("{age}{who}")))
}

/// Codes as people write them; a sentence stays as it is.
fn sentence(words: &str) -> String {
    if words.contains(' ') && !words.contains('-') { words.to_owned() } else { plain(words) }
}
