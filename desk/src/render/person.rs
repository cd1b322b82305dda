//! A person: the line in lists, and the page.

use doorstep_client_core::client::{NameBook, PersonPage};
use doorstep_client_core::records::communication::Need;
use doorstep_client_core::records::function::Ability;
use doorstep_client_core::records::property::PersonView;
use doorstep_client_core::store::lists::PersonRow;

use super::property::Page;
use super::table::table;
use super::words::plain;
use crate::screen::{Colours, Tone};

/// People as a list.
#[must_use]
pub fn list(rows: &[PersonRow]) -> String {
    if rows.is_empty() {
        return "nobody\n".to_owned();
    }
    let lines: Vec<Vec<String>> = rows
        .iter()
        .map(|row| {
            let born = row.born.clone().unwrap_or_else(|| "not known".to_owned());
            vec![row.name.clone(), born, row.record.to_string()]
        })
        .collect();
    table(&["name", "born", "record"], &lines)
}

/// A need in words.
pub(super) fn need(need: &Need) -> String {
    let kind = need.kind.as_ref().map_or_else(|| "something".to_owned(), |kind| plain(kind.as_str()));
    let share =
        need.share.as_ref().map_or_else(String::new, |share| format!(" (shared with {})", plain(share.as_str())));
    let detail = need.detail.as_ref().map_or_else(String::new, |detail| format!(": {detail}"));
    format!("{kind}{detail}{share}")
}

/// An ability in words.
pub(super) fn ability(ability: &Ability) -> String {
    let what = ability.what.as_ref().map_or_else(|| "ability".to_owned(), |what| plain(what.as_str()));
    let level = ability.level.as_ref().map_or_else(|| "not known".to_owned(), |level| plain(level.as_str()));
    let constancy = ability.constancy.as_ref().map_or_else(String::new, |how| format!(", {how}"));
    let until = ability.to.as_ref().map_or_else(String::new, |day| format!(", until {day}"));
    let detail = ability.detail.as_ref().map_or_else(String::new, |detail| format!(": {detail}"));
    format!("{what}: {level}{constancy}{until}{detail}")
}

/// What is known of a person.
#[must_use]
pub fn page(found: &PersonPage, names: &NameBook, colours: Colours) -> String {
    let view = &found.view;
    let mut page = Page { text: String::new(), names, colours };
    page.text.push_str(&format!("{}\n", colours.paint(Tone::Heading, &found.row.name)));
    page.text.push_str(&format!("record {}\n", found.record));
    if !view.conflicts.is_empty() {
        let words = "⚠ visits disagree about this person: see `doorstep conflicts list`";
        page.text.push_str(&format!("{}\n", colours.paint(Tone::Warning, words)));
    }
    if let Some(seen) = &view.person {
        let person = &seen.value;
        let legal = [&person.title, &person.forename, &person.middle_names, &person.surname];
        let legal = legal.into_iter().flatten().map(String::as_str).collect::<Vec<_>>().join(" ");
        let born = person.born.as_ref().map_or_else(|| "born: not known".to_owned(), |day| format!("born {day}"));
        let died = person.died.as_ref().map_or_else(String::new, |day| format!(", died {day}"));
        let pronouns = person.pronouns.as_ref().map_or_else(String::new, |words| format!(", {words}"));
        let legal = if legal.is_empty() { "legal name: not known".to_owned() } else { format!("legal name {legal}") };
        page.heading("Identity");
        page.row(&format!("{legal}, {born}{died}{pronouns}"), seen);
    }
    if !view.contacts.is_empty() {
        page.heading("Contact");
        for seen in &view.contacts {
            let contact = &seen.value;
            let channel = contact.channel.as_ref().map_or("contact", |channel| channel.as_str());
            let value = contact.value.as_deref().unwrap_or("not known");
            let whose = contact.whose.as_ref().map_or_else(String::new, |whose| format!(" ({whose})"));
            page.row(&format!("{}: {value}{whose}", plain(channel)), seen);
        }
    }
    if view.language.is_some() || !view.needs.is_empty() {
        page.heading("Communication");
        if let Some(seen) = &view.language {
            let spoken = seen.value.spoken.as_deref().unwrap_or("not known");
            let interpreter = if seen.value.interpreter == Some(true) { ", needs an interpreter" } else { "" };
            page.row(&format!("speaks {spoken}{interpreter}"), seen);
        }
        for seen in &view.needs {
            page.row(&need(&seen.value), seen);
        }
    }
    network(&mut page, view);
    if !view.abilities.is_empty() || !view.notes.is_empty() {
        page.heading("What the person can do");
        for seen in &view.abilities {
            page.row(&ability(&seen.value), seen);
        }
        for seen in &view.notes {
            page.row(seen.value.text.as_deref().unwrap_or_default(), seen);
        }
    }
    page.text
}

/// Who matters to the person, who speaks for them, who knows them, and what they agreed to.
fn network(page: &mut Page<'_>, view: &PersonView) {
    let named = |name: &Option<String>| name.clone().unwrap_or_else(|| "name not known".to_owned());
    let coded = |code: Option<&str>| code.map_or_else(String::new, |code| format!(", {}", plain(code)));
    let said = |words: &Option<String>| words.as_ref().map_or_else(String::new, |words| format!(", {words}"));
    if !view.important.is_empty() || !view.proxies.is_empty() || !view.professionals.is_empty() {
        page.heading("People and services");
    }
    for seen in &view.important {
        let one = &seen.value;
        let roles = [(one.emergency_contact, "emergency contact"), (one.key_holder, "holds a key")];
        let roles: String =
            roles.iter().filter(|(holds, _)| *holds == Some(true)).map(|(_, role)| format!(", {role}")).collect();
        let relation = coded(one.relation.as_ref().map(|relation| relation.as_str()));
        page.row(&format!("{}{relation}{roles}{}", named(&one.name), said(&one.phone)), seen);
    }
    for seen in &view.proxies {
        let one = &seen.value;
        let kind = coded(one.kind.as_ref().map(|kind| kind.as_str()));
        let until = one.until.as_ref().map_or_else(String::new, |day| format!(", until {day}"));
        let scope = one.scope.as_deref().unwrap_or("not known");
        page.row(&format!("{} may speak about {scope}{kind}{until}", named(&one.name)), seen);
    }
    for seen in &view.professionals {
        let one = &seen.value;
        let service = one.service.as_deref().unwrap_or("a service");
        page.row(&format!("known to {service}{}{}", said(&one.role), said(&one.contact)), seen);
    }
    if !view.consents.is_empty() {
        page.heading("Consent");
    }
    for seen in &view.consents {
        page.row(&super::consent::row(&seen.value), seen);
    }
}
