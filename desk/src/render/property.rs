//! A home: its line in lists, and its page.

mod rows;

use doorstep_client_core::client::{NameBook, PropertyPage};
use doorstep_client_core::records::home::HazardState;
use doorstep_client_core::records::index::FlagState;
use doorstep_client_core::records::{DocumentView, Provenance, Reading, Seen, Value};
use doorstep_client_core::store::lists::PropertyRow;
use doorstep_client_core::store::outbox::Delivery;

use super::table::{table, wrap};
use super::words::{by, count, plain};
use crate::screen::{Colours, Tone};

/// Signs of a line.
const WIDTH: usize = 100;

/// Homes as a list.
#[must_use]
pub fn list(rows: &[PropertyRow]) -> String {
    if rows.is_empty() {
        return "no homes\n".to_owned();
    }
    let lines: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let uprn = row.uprn.clone().unwrap_or_else(|| "provisional".to_owned());
            let flags = if row.flags == 0 { String::new() } else { count(row.flags as u64, "flag", "flags") };
            vec![uprn, flags, row.address.clone()]
        })
        .collect();
    table(&["UPRN", "flags", "home"], &lines)
}

/// A page in the making: sections of lines, each with who said it.
pub(super) struct Page<'a> {
    pub(super) text: String,
    pub(super) names: &'a NameBook,
    pub(super) colours: Colours,
}

impl Page<'_> {
    pub(super) fn heading(&mut self, words: &str) {
        let words = self.colours.paint(Tone::Heading, words);
        self.text.push_str(&format!("\n{words}\n"));
    }

    /// One field: its name, its value, who and when.
    pub(super) fn field(&mut self, name: &str, value: &Value, by: Option<&Provenance>, is_disputed: bool) {
        let value = super::conflicts::value_words(value);
        let words = format!("{:<17}{value}", name.replace('_', " "));
        let disputed = if is_disputed { "  ⚠ disputed" } else { "" };
        let words = format!("{words:<44}{disputed}");
        let words = if is_disputed { self.colours.paint(Tone::Warning, &words) } else { words };
        let by = self.colours.paint(Tone::Quiet, &format!("– {}", super::words::by(self.names, by)));
        self.text.push_str(&format!("  {words}  {by}\n"));
    }

    /// One row: what it says, then who and when; disputed fields are named in words.
    pub(super) fn row<R>(&mut self, words: &str, seen: &Seen<R>) {
        let disputed = if seen.disputed.is_empty() {
            String::new()
        } else {
            format!(
                " ⚠ disputed: {}",
                seen.disputed.iter().map(|field| field.replace('_', " ")).collect::<Vec<_>>().join(", ")
            )
        };
        for (at, line) in wrap(&format!("{words}{disputed}"), WIDTH - 4).iter().enumerate() {
            let indent = if at == 0 { "  " } else { "    " };
            let line = if disputed.is_empty() { line.clone() } else { self.colours.paint(Tone::Warning, line) };
            self.text.push_str(&format!("{indent}{line}\n"));
        }
        let by = format!("– {}", by(self.names, seen.made.as_ref()));
        self.text.push_str(&format!("      {}\n", self.colours.paint(Tone::Quiet, &by)));
    }
}

/// Everything about one home. `home` is its document of that class: the dwelling is shown field by field.
#[must_use]
pub fn page(
    found: &PropertyPage,
    home: Option<&DocumentView>,
    names: &NameBook,
    reading: Reading,
    colours: Colours,
) -> String {
    let view = &found.view;
    let mut page = Page { text: String::new(), names, colours };
    page.text.push_str(&format!("{}\n", colours.paint(Tone::Heading, &found.row.address)));
    page.text.push_str(&format!("{}\n", identity(found)));
    if reading == Reading::Cautious {
        page.text.push_str("shown as visitors and crews see it: where visits disagree, the more cautious value\n");
    }
    if !view.conflicts.is_empty() {
        let words = format!(
            "⚠ {} in which visits disagree: see `doorstep conflicts list`",
            count(view.conflicts.len() as u64, "field", "fields")
        );
        page.text.push_str(&format!("{}\n", colours.paint(Tone::Warning, &words)));
    }
    flags(&mut page, found);
    rows::dwelling(&mut page, view, home, reading);
    hazards(&mut page, found);
    rows::clutter(&mut page, view);
    rows::alarms(&mut page, view);
    rows::equipment(&mut page, view);
    rows::adaptations(&mut page, view);
    rows::measurements(&mut page, view);
    rows::alerts(&mut page, view);
    people(&mut page, found);
    rows::visits(&mut page, view);
    if !found.children.is_empty() {
        page.heading(&format!("{} in this building", count(found.children.len() as u64, "home", "homes")));
        for line in list(&found.children).lines() {
            page.text.push_str(&format!("  {line}\n"));
        }
    }
    page.text
}

fn identity(found: &PropertyPage) -> String {
    let mut parts = Vec::new();
    match &found.row.uprn {
        Some(uprn) => parts.push(format!("UPRN {uprn}")),
        None => parts.push("provisional: no UPRN yet".to_owned()),
    }
    if let Some(parent) = &found.row.parent_uprn {
        parts.push(format!("in building {parent}"));
    }
    let property = found.view.property.as_ref().map(|seen| &seen.value);
    if let Some(class) = property.and_then(|property| property.blpu_class.as_ref()) {
        parts.push(class.clone());
    }
    parts.extend(found.areas.iter().map(|area| format!("{} {}", area.kind.words(), area.name)));
    if let (Some(area), []) = (property.and_then(|property| property.area.as_ref()), found.areas.as_slice()) {
        parts.push(area.clone());
    }
    parts.push(
        match found.delivery {
            Delivery::Delivered => "the server has all of it",
            _ => "not all of it is sent yet",
        }
        .to_owned(),
    );
    parts.join(" · ")
}

fn flags(page: &mut Page<'_>, found: &PropertyPage) {
    if found.view.flags.is_empty() {
        return;
    }
    page.heading("Flags");
    for line in &found.view.flags {
        let flag = &line.flag.value;
        let kind = flag.kind.as_ref().map_or_else(|| "flag".to_owned(), |kind| plain(kind.as_str()));
        let state = match line.state {
            FlagState::Lapsed => " LAPSED, ask the contact",
            FlagState::ReviewDue => " review overdue",
            FlagState::Live | FlagState::Ended => "",
        };
        let contact = flag.contact.as_deref().unwrap_or("the organisation that set it");
        let review = flag.review_due.as_ref().map_or_else(String::new, |day| format!("; review by {day}"));
        page.row(&format!("{kind}{state}: ask {contact}{review}"), &line.flag);
    }
}

fn hazards(page: &mut Page<'_>, found: &PropertyPage) {
    let view = &found.view;
    if view.hazards.is_empty() && view.common_hazards.is_empty() {
        return;
    }
    let open = view.hazards.iter().filter(|seen| seen.value.state != Some(HazardState::Resolved)).count();
    page.heading(&format!("Hazards ({open} open)"));
    for seen in &view.hazards {
        page.row(&rows::hazard(&seen.value), seen);
    }
    let building = found.building.as_ref().map_or("the building", |building| building.address.as_str());
    for seen in &view.common_hazards {
        page.row(&format!("in {building}: {}", rows::hazard(&seen.value)), seen);
    }
}

fn people(page: &mut Page<'_>, found: &PropertyPage) {
    if found.people.is_empty() {
        return;
    }
    page.heading("People");
    for (row, person) in found.people.iter().zip(&found.view.persons) {
        let born = row.born.as_ref().map_or_else(String::new, |day| format!(", born {day}"));
        match &person.person {
            Some(seen) => page.row(&format!("{}{born}", row.name), seen),
            None => page.text.push_str(&format!("  {}{born}\n", row.name)),
        }
        for seen in &person.needs {
            page.row(&format!("needs {}", super::person::need(&seen.value)), seen);
        }
        for seen in &person.abilities {
            page.row(&super::person::ability(&seen.value), seen);
        }
    }
}
