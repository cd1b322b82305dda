//! Protecting a person's address, and ending that: each a named decision. From the moment it begins no list, search, page or report
//! says where the person is, so the page names whom to ask instead.

use doorstep_client_core::client::{PlacesMoved, ProtectionDecision};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::identity::Person;
use doorstep_client_core::records::{Date, Reading};
use maud::{Markup, html};

use super::guarded;
use crate::ask::{Answer, Ask, Fault};
use crate::view::form::{self, Field};
use crate::view::{self, Tab};
use crate::words::Message;

/// Characters of a name with a role.
const BY_CHARS_MAX: usize = 120;
/// Characters of whom to ask.
const CONTACT_CHARS_MAX: usize = 200;

/// The page.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(page_of(ask)?))
}

fn path(record: RecordId) -> String {
    format!("/person/{record}/protection")
}

/// Whether an address is protected, as far as this device knows.
pub(super) fn holds(person: Option<&Person>) -> bool {
    person.is_some_and(|person| person.address_protected == Some(true))
}

/// What stands on the page of a person whose address is protected: that it is, and whom to ask.
pub(super) fn notice(ask: &Ask, person: Option<&Person>) -> Markup {
    let speech = ask.speech();
    html! {
        @if let Some(person) = person.filter(|person| holds(Some(person))) {
            p.refusal {
                strong { (speech.say("protection-holds")) }
                @if let Some(contact) = &person.protected_contact { " " (speech.tell("flag-ask-only", "contact", contact.as_str())) }
            }
        }
    }
}

fn page_of(ask: &Ask) -> Result<Markup, Fault> {
    let (record, speech) = (ask.record()?, ask.speech());
    let client = &ask.house.client;
    let page = client.people().get(record, Reading::Cautious)?;
    let person = page.view.person.map(|seen| seen.value);
    // Who keeps protected addresses moves them in the same step, which opens with their PIN; anybody else can still protect somebody.
    let is_locked = client.protection().is_kept_here()? && client.seats().asks_for_pin();
    let title = speech.say(if holds(person.as_ref()) { "protection-end" } else { "protection-begin" });
    let body = html! {
        p.kicker { a href={"/person/" (record)} { (page.row.name) } }
        h1 { (title) }
        @if is_locked {
            p.lead { (speech.say("protection-unlock")) }
            (form::summary(ask))
            (guarded::unlocking(ask, record, &path(record)))
        } @else if let Some(person) = person.as_ref().filter(|person| holds(Some(person))) {
            (standing(ask, person))
            @if client.protection().is_kept_here()? { (moving(ask, record, person)) }
            (ending(ask, record))
        } @else {
            p.lead { (speech.say("protection-text")) }
            (beginning(ask, record))
        }
    };
    Ok(view::page(ask, Some(Tab::Search), &title, body))
}

/// Who decided, since when, whom to ask.
fn standing(ask: &Ask, person: &Person) -> Markup {
    let speech = ask.speech();
    html! {
        section.card {
            dl.said {
                @if let Some(by) = &person.protected_by { dt { (speech.say("field-protected_by")) } dd { (by) } }
                @if let Some(contact) = &person.protected_contact { dt { (speech.say("field-protected_contact")) } dd { (contact) } }
                @if let Some(day) = &person.protected_from { dt { (speech.say("field-protected_from")) } dd { (speech.day(day.as_str())) } }
            }
        }
    }
}

/// The same decision once more, where another device could not move the places.
fn moving(ask: &Ask, record: RecordId, person: &Person) -> Markup {
    let speech = ask.speech();
    let same = [
        ("protected_by", person.protected_by.clone()),
        ("protected_contact", person.protected_contact.clone()),
        ("protected_from", person.protected_from.as_ref().map(ToString::to_string)),
    ];
    html! {
        p { (speech.say("protection-move-text")) }
        (form::bare(ask, &path(record), html! {
            @for (name, value) in &same { input type="hidden" name=(name) value=(value.as_deref().unwrap_or_default()); }
            button { (speech.say("protection-move")) }
        }))
    }
}

fn beginning(ask: &Ask, record: RecordId) -> Markup {
    let speech = ask.speech();
    form::form(
        ask,
        &path(record),
        html! {
            (form::line(ask, Field::with_hint("protected_by", "decided-by-hint"), "text", None))
            (form::line(ask, Field::with_hint("protected_contact", "protection-contact-hint"), "text", None))
            (form::line(ask, Field::with_hint("protected_from", "protection-from-hint"), "date", None))
            div.actions { button.main { (speech.say("protection-begin")) } a.button.quiet href={"/person/" (record)} { (speech.say("cancel")) } }
        },
    )
}

fn ending(ask: &Ask, record: RecordId) -> Markup {
    let speech = ask.speech();
    html! {
        p { (speech.say("protection-end-text")) }
        (form::form(ask, &format!("{}/end", path(record)), html! {
            (form::line(ask, Field::with_hint("protected_by", "decided-by-hint"), "text", None))
            div.actions { button.danger { (speech.say("protection-end")) } a.button.quiet href={"/person/" (record)} { (speech.say("cancel")) } }
        }))
    }
}

/// Protects the address.
pub fn begin(ask: &mut Ask) -> Result<Answer, Fault> {
    let record = ask.record()?;
    let by = ask.fields.text_needed("protected_by", BY_CHARS_MAX);
    let contact = ask.fields.text_needed("protected_contact", CONTACT_CHARS_MAX);
    let from = ask.fields.parsed::<Date>("protected_from", "error-date");
    if let (Some(by), Some(contact), true) = (by, contact, ask.fields.is_sound()) {
        let begun = ask.house.client.protection().begin(record, &ProtectionDecision { by, contact, from });
        if let Some(moved) = ask.settle(begun)? {
            let said = match moved {
                PlacesMoved { left: 0, .. } => "protection-begun",
                _ => "protection-begun-left",
            };
            return Ok(Answer::GoAndSay(format!("/person/{record}"), Message::new(said)));
        }
    }
    Ok(Answer::Unsound(page_of(ask)?))
}

/// Ends the protection.
pub fn end(ask: &mut Ask) -> Result<Answer, Fault> {
    let record = ask.record()?;
    if let Some(by) = ask.fields.text_needed("protected_by", BY_CHARS_MAX) {
        let ended = ask.house.client.protection().end(record, &by);
        if let Some(back) = ask.settle(ended)? {
            let said = if back == 0 { "protection-ended-ask" } else { "protection-ended" };
            return Ok(Answer::GoAndSay(format!("/person/{record}"), Message::new(said)));
        }
    }
    Ok(Answer::Unsound(page_of(ask)?))
}
