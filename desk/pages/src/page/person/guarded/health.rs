//! The NHS number: set with its check digit, traced, and shown for a purpose. A device outside health and social care has no such
//! page.

use doorstep_client_core::client::HealthPage;
use doorstep_client_core::records::health_id::{HealthNumber, Trace, TraceStatus};
use doorstep_client_core::records::{NhsNumber, Source};
use maud::{Markup, html};

use super::{Behind, frame, page_of, purpose, settled};
use crate::ask::{Answer, Ask, Fault};
use crate::view::facts::{Facts, join, section};
use crate::view::form::{self, Field};
use crate::words::Message;

/// The page, without the number.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(page(ask)?))
}

fn page(ask: &Ask) -> Result<Markup, Fault> {
    let (speech, at) = (ask.speech(), Behind::Number.path(ask.record()?));
    let codes = form::codes(ask, "trace-status", TraceStatus::CODES);
    let writing = html! {
        section.card {
            h2 { (speech.say("nhs-number-set")) }
            (form::bare(ask, &format!("{at}/set"), html! {
                (form::line(ask, Field::with_hint("nhs_number", "nhs-number-hint"), "text", Some("numeric")))
                (form::select(ask, Field::named("trace_status"), &codes))
                div.actions { button.main { (speech.say("save")) } }
            }))
        }
        section.card {
            h2 { (speech.say("nhs-number-trace")) }
            (form::bare(ask, &format!("{at}/trace"), html! {
                (form::select(ask, Field::named("traced_status"), &codes))
                (form::line(ask, Field::with_hint("traced_by", "withdrawn-by-hint"), "text", None))
                (form::line(ask, Field::named("trace_reference"), "text", None))
                div.actions { button { (speech.say("save")) } }
            }))
        }
    };
    page_of(ask, Behind::Number, &writing)
}

/// Shows the number; that it was shown is recorded.
pub fn open(ask: &mut Ask) -> Result<Answer, Fault> {
    let record = ask.record()?;
    if let Some(purpose) = purpose(ask) {
        let seen = ask.house.client.health().read(record, purpose);
        if let Some(seen) = settled(ask, "look_purpose", seen)? {
            return Ok(Answer::Page(frame(ask, Behind::Number, &shown(ask, seen.show()))?));
        }
    }
    Ok(Answer::Unsound(page(ask)?))
}

fn shown(ask: &Ask, page: &HealthPage) -> Markup {
    let speech = ask.speech();
    let names = ask.house.names();
    let facts = Facts { speech, names: &names, now: ask.now() };
    let status = |status: &TraceStatus| speech.code("trace-status", status.as_str());
    let number: Vec<Markup> = page
        .number
        .iter()
        .map(|seen| {
            let words = join([
                seen.value.number.as_ref().map(|number| spaced(number.as_str())),
                seen.value.status.as_ref().map(status),
                seen.value.traced_at.map(|at| speech.moment(at, facts.now)),
            ]);
            facts.line(&words, seen.made.as_ref(), &seen.disputed)
        })
        .collect();
    let traces: Vec<Markup> = page
        .traces
        .iter()
        .map(|seen| {
            let words = join([
                seen.value.status.as_ref().map(status),
                seen.value.traced_at.map(|at| speech.moment(at, facts.now)),
                seen.value.traced_by.clone(),
                seen.value.reference.clone(),
            ]);
            facts.line(&words, seen.made.as_ref(), &seen.disputed)
        })
        .collect();
    html! {
        div.guarded {
            @if number.is_empty() { p.empty { (speech.say("not-known")) } }
            (section(&speech.say("nhs-number"), &number))
            (section(&speech.say("nhs-number-traces"), &traces))
            @if page.left_out > 0 { p.refusal { (speech.tell("sealed-left-out", "n", page.left_out)) } }
        }
        p.printed-not { (speech.say("not-printed")) }
    }
}

/// As people read it out: three, three and four digits.
fn spaced(number: &str) -> String {
    match (number.get(..3), number.get(3..6), number.get(6..)) {
        (Some(first), Some(second), Some(last)) => format!("{first} {second} {last}"),
        _ => number.to_owned(),
    }
}

/// Writes the number, its status, or both.
pub fn set(ask: &mut Ask) -> Result<Answer, Fault> {
    let record = ask.record()?;
    let typed = ask.fields.typed("nhs_number").trim().to_owned();
    let bare: String = typed.chars().filter(|sign| !sign.is_whitespace() && *sign != '-').collect();
    let number = bare.parse::<NhsNumber>().ok();
    if !bare.is_empty() && number.is_none() {
        ask.fields.refuse("nhs_number", Message::new("error-nhs-number"));
    }
    let status = ask.fields.parsed::<TraceStatus>("trace_status", "error-choose");
    if bare.is_empty() && status.is_none() {
        ask.fields.refuse("nhs_number", Message::new("error-fill-one"));
    }
    let traced_at = (status == Some(TraceStatus::Verified)).then(|| ask.now());
    let row = HealthNumber { number, status, traced_at, source: Some(Source::ToldByResident) };
    if ask.fields.is_sound() {
        let saved = ask.house.client.health().set(record, &row);
        if settled(ask, "nhs_number", saved)?.is_some() {
            return saved_now(ask, "nhs-number-set");
        }
    }
    Ok(Answer::Unsound(page(ask)?))
}

/// Records an attempt to trace it.
pub fn trace(ask: &mut Ask) -> Result<Answer, Fault> {
    let record = ask.record()?;
    let status = ask.fields.chosen::<TraceStatus>("traced_status");
    let row = Trace {
        status,
        traced_by: ask.fields.text("traced_by", 120),
        reference: ask.fields.text("trace_reference", 120),
        ..Trace::default()
    };
    if ask.fields.is_sound() {
        let saved = ask.house.client.health().trace(record, &row);
        if settled(ask, "traced_status", saved)?.is_some() {
            return saved_now(ask, "nhs-number-trace");
        }
    }
    Ok(Answer::Unsound(page(ask)?))
}

fn saved_now(ask: &Ask, what: &'static str) -> Result<Answer, Fault> {
    let said = Message::new("saved-what").with("what", ask.speech().say(what));
    Ok(Answer::GoAndSay(Behind::Number.path(ask.record()?), said))
}
