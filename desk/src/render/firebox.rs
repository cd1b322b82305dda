//! The firebox: one screen, read in two seconds, on the way, with gloves.

use doorstep_client_core::client::{FireboxPage, NameBook};
use doorstep_client_core::records::FireLine;
use doorstep_client_core::records::firebox::FireEntry;

use super::table::wrap;
use super::words::{age, plain};
use crate::screen::{Colours, Tone};

/// Where the values begin.
const LABEL_WIDTH: usize = 22;
/// Signs of a value.
const VALUE_WIDTH: usize = 44;

/// The screen.
#[must_use]
pub fn page(found: &FireboxPage, names: &NameBook, colours: Colours) -> String {
    let uprn = found.row.uprn.as_ref().map_or_else(|| "no UPRN yet".to_owned(), |uprn| format!("UPRN {uprn}"));
    let mut text = format!("{}  ({uprn})\n", colours.paint(Tone::Heading, &found.row.address));
    for (line, entries) in &found.view.lines {
        let said = gather(*line, entries);
        if said.is_empty() {
            let unknown = colours.paint(Tone::Quiet, "not known");
            text.push_str(&format!("{:<LABEL_WIDTH$}{unknown}\n", line.label()));
        }
        for (at, one) in said.iter().enumerate() {
            one.write(&mut text, if at == 0 { line.label() } else { "" }, names, colours);
        }
    }
    text
}

/// The same words on the same line, said once or several times; the newest stands for them.
struct OneWord<'a> {
    words: String,
    newest: &'a FireEntry,
    times: usize,
    is_disputed: bool,
}

fn gather(line: FireLine, entries: &[FireEntry]) -> Vec<OneWord<'_>> {
    let mut gathered: Vec<OneWord<'_>> = Vec::new();
    for entry in entries {
        let words = words_of(line, entry);
        match gathered.iter_mut().find(|one| one.words == words) {
            Some(one) => {
                one.times += 1;
                one.is_disputed |= entry.is_disputed;
                if entry.as_of > one.newest.as_of {
                    one.newest = entry;
                }
            }
            None => gathered.push(OneWord { words, newest: entry, times: 1, is_disputed: entry.is_disputed }),
        }
    }
    gathered
}

fn words_of(line: FireLine, entry: &FireEntry) -> String {
    let place = match (&entry.place, line) {
        (Some(floor), FireLine::PeopleInside) => format!(", floor {floor}"),
        (Some(place), _) => format!(", {place}"),
        (None, _) => String::new(),
    };
    format!("{}{place}", sentence(&entry.words))
}

impl OneWord<'_> {
    fn write(&self, text: &mut String, label: &str, names: &NameBook, colours: Colours) {
        let age = self.newest.age_ms.map_or_else(|| "age not known".to_owned(), age);
        let who = self.newest.by.as_ref().map_or_else(String::new, |by| format!(", {}", names.who(by.who)));
        let times = if self.times > 1 { format!(" (said {} times)", self.times) } else { String::new() };
        let note = colours.paint(Tone::Quiet, &format!("{age}{who}{times}"));
        let disputed = if self.is_disputed { colours.paint(Tone::Warning, "⚠ DISPUTED  ") } else { String::new() };
        for (at, part) in wrap(&self.words, VALUE_WIDTH).iter().enumerate() {
            let label = if at == 0 { label } else { "" };
            let padded = format!("{part:<VALUE_WIDTH$}");
            let padded = if self.is_disputed { colours.paint(Tone::Warning, &padded) } else { padded };
            let note = if at == 0 { format!(" {disputed}{note}") } else { String::new() };
            text.push_str(format!("{label:<LABEL_WIDTH$}{padded}{note}").trim_end());
            text.push('\n');
        }
    }
}

/// Codes as people write them; a sentence stays as it is.
fn sentence(words: &str) -> String {
    if words.contains(' ') && !words.contains('-') { words.to_owned() } else { plain(words) }
}
