//! Breaking the glass: say why, then see what is sealed about one home, under a red banner, until it is closed or its time is
//! over. It works without signal; that it was broken is on this device's disk before anything is shown.

use doorstep_client_core::audit::GlassReason;
use doorstep_client_core::client::{ClientError, SealedPage};
use doorstep_client_core::device::{GlassError, GlassPlea, RecordId, RestrictedError};
use doorstep_client_core::records::sealed::{Entry, Pointer, Violence};
use doorstep_protocol::Millis;
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::refusals;
use crate::view::facts::{Facts, join, section};
use crate::view::form::{self, Field};
use crate::view::{self, Tab, token};
use crate::words::Message;

/// Signs of the reason in words.
const TEXT_CHARS_MAX: usize = 500;
/// Signs of an incident's number.
const INCIDENT_CHARS_MAX: usize = 80;

/// The form that asks why.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    let record = ask.record()?;
    if open_until(ask, record)?.is_some() {
        return Ok(Answer::Go(format!("/glass/{record}/open")));
    }
    Ok(Answer::Page(ask_why(ask, record, None)?))
}

fn ask_why(ask: &Ask, record: RecordId, refusal: Option<&Message>) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let row = ask.house.client.properties().row(record)?.ok_or(Fault::NotFound)?;
    let is_locked = ask.house.client.seats().asks_for_pin();
    let reasons: Vec<&str> = GlassReason::ALL.iter().map(|reason| reason.as_str()).collect();
    let body = html! {
        p.kicker { (speech.say("glass-break")) }
        h1 { (row.address) }
        @if let Some(refusal) = refusal { p.refusal role="alert" { (speech.message(refusal)) } }
        div.why { p { (speech.say("glass-what-happens")) } }
        (form::form(ask, &format!("/glass/{record}"), html! {
            @if is_locked { (form::line(ask, Field::with_hint("pin", "pin-hint"), "password", Some("numeric"))) }
            (form::choice(ask, Field::named("reason"), &form::codes(ask, "glass-reason", &reasons)))
            (form::area(ask, Field::with_hint("why", "why-hint")))
            (form::line(ask, Field::with_hint("incident", "incident-hint"), "text", None))
            div.actions {
                button.main.danger { (speech.say("glass-break-now")) }
                a.button.quiet href={"/firebox/" (record)} { (speech.say("cancel")) }
            }
        }))
    };
    Ok(view::page(ask, Some(Tab::Search), &speech.say("glass-break"), body))
}

/// Breaks it.
pub fn break_it(ask: &mut Ask) -> Result<Answer, Fault> {
    let record = ask.record()?;
    let client = ask.house.client.clone();
    let reason = GlassReason::of(ask.fields.typed("reason"));
    if reason.is_none() {
        ask.fields.refuse("reason", Message::new("error-choose"));
    }
    let text = ask.fields.text_needed("why", TEXT_CHARS_MAX);
    if text.as_ref().is_some_and(|text| text.chars().count() < 5) {
        ask.fields.refuse("why", Message::new("error-too-short").with("min", 5u64));
    }
    let incident = ask.fields.text("incident", INCIDENT_CHARS_MAX);
    if client.seats().asks_for_pin()
        && ask.fields.is_sound()
        && let Err(error) = client.seats().unlock(None, ask.fields.typed("pin"))
    {
        ask.fields.refuse("pin", refusals::of(&error));
    }
    let (Some(reason), Some(text), true) = (reason, text, ask.fields.is_sound()) else {
        return Ok(Answer::Unsound(ask_why(ask, record, None)?));
    };
    match client.glass().break_glass(record, &GlassPlea { reason, text, incident }) {
        Ok(_) => {
            ask.house.wake();
            Ok(Answer::Go(format!("/glass/{record}/open")))
        }
        Err(error @ (ClientError::Restricted(_) | ClientError::Unlock(_))) => {
            Ok(Answer::Unsound(ask_why(ask, record, Some(&refusals::of(&error)))?))
        }
        Err(error) => Err(error.into()),
    }
}

/// What is behind a broken glass. Every look at it is on the audit chain.
pub fn behind(ask: &mut Ask) -> Result<Answer, Fault> {
    let record = ask.record()?;
    let speech = ask.speech();
    let row = ask.house.client.properties().row(record)?.ok_or(Fault::NotFound)?;
    let seen = match ask.house.client.glass().show(record) {
        Ok(seen) => seen,
        Err(ClientError::Restricted(RestrictedError::Glass(GlassError::Whole | GlassError::Over))) => {
            return Ok(Answer::GoAndSay(format!("/firebox/{record}"), Message::new("glass-closed")));
        }
        Err(error) => return Err(error.into()),
    };
    ask.house.wake();
    let names = ask.house.names();
    let facts = Facts { speech, names: &names, now: ask.now() };
    let body = html! {
        p.kicker { (speech.say("glass-behind")) }
        h1 { (row.address) }
        (banner(ask)?)
        (sealed(facts, seen.show()))
        p { a.button.quiet href={"/firebox/" (record)} { (speech.say("firebox")) } }
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Search), &speech.say("glass-behind"), body)))
}

/// What is sealed about a home.
#[must_use]
pub fn sealed(facts: Facts<'_>, page: &SealedPage) -> Markup {
    let speech = facts.speech;
    let violence: Vec<Markup> = page
        .violence
        .iter()
        .map(|seen| facts.line(&violence(facts, &seen.value), seen.made.as_ref(), &seen.disputed))
        .collect();
    let entries: Vec<Markup> = page
        .entries
        .iter()
        .map(|seen| facts.line(&entry(facts, &seen.value), seen.made.as_ref(), &seen.disputed))
        .collect();
    let pointers: Vec<Markup> = page
        .pointers
        .iter()
        .map(|seen| facts.line(&pointer(facts, &seen.value), seen.made.as_ref(), &seen.disputed))
        .collect();
    let is_empty = violence.is_empty() && entries.is_empty() && pointers.is_empty();
    html! {
        (section(&speech.say("sealed-violence"), &violence))
        (section(&speech.say("sealed-entries"), &entries))
        (section(&speech.say("sealed-pointers"), &pointers))
        @if is_empty { p.empty { (speech.say("sealed-nothing")) } }
        @if page.left_out > 0 { p.refusal { (speech.tell("sealed-left-out", "n", page.left_out)) } }
    }
}

fn violence(facts: Facts<'_>, row: &Violence) -> String {
    let speech = facts.speech;
    join([
        row.kind.as_ref().map(|kind| speech.code("violence-kind", kind.as_str())),
        row.detail.clone(),
        row.precaution.as_ref().map(|text| speech.tell("sealed-precaution", "text", text.as_str())),
        row.review_on.as_ref().map(|day| speech.tell("review-by", "day", speech.day(day.as_str()))),
    ])
}

fn entry(facts: Facts<'_>, row: &Entry) -> String {
    let speech = facts.speech;
    join([
        row.place.clone(),
        row.code.as_ref().map(|code| speech.tell("sealed-code", "code", code.as_str())),
        row.key_holder.as_ref().map(|who| speech.tell("sealed-key-holder", "who", who.as_str())),
        row.checked_on.as_ref().map(|day| speech.tell("sealed-checked", "day", speech.day(day.as_str()))),
    ])
}

fn pointer(facts: Facts<'_>, row: &Pointer) -> String {
    let speech = facts.speech;
    join([
        row.kind.as_ref().map(|kind| speech.code("pointer-kind", kind.as_str())),
        row.reference.clone(),
        row.contact.as_ref().map(|who| speech.tell("flag-ask-only", "contact", who.as_str())),
    ])
}

/// Closes it before its time.
pub fn close(ask: &mut Ask) -> Result<Answer, Fault> {
    let record = ask.record()?;
    ask.house.client.glass().close(record)?;
    ask.house.wake();
    Ok(Answer::GoAndSay(format!("/firebox/{record}"), Message::new("glass-closed")))
}

fn open_until(ask: &Ask, record: RecordId) -> Result<Option<Millis>, Fault> {
    let open = ask.house.client.glass().open_now()?;
    Ok(open.into_iter().find(|glass| glass.property == record).map(|glass| glass.until))
}

/// The red banner while a glass is open anywhere on this device.
///
/// # Errors
/// [`Fault::Client`].
pub fn banner(ask: &Ask) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let mut open = Vec::new();
    for glass in ask.house.client.glass().open_now()? {
        let row = ask.house.client.properties().row(glass.property)?;
        open.push((glass, row.map_or_else(|| speech.say("a-home"), |row| row.address)));
    }
    Ok(html! {
        @for (glass, address) in &open {
            div.open-glass role="alert" {
                p {
                    strong { (speech.tell("glass-open-until", "clock", speech.clock(glass.until))) }
                    " " a href={"/glass/" (glass.property) "/open"} { (address) }
                }
                form method="post" action={"/glass/" (glass.property) "/close"} {
                    (token(ask)) button { (speech.say("glass-close")) }
                }
            }
        }
    })
}
