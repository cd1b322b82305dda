//! The beginning of a visit: which home, what kind. It is saved as a draft at once.

use doorstep_client_core::client::{PropertyRef, VisitInput};
use doorstep_client_core::records::home::{Visit, VisitKind, VisitState};
use doorstep_client_core::records::index::Property;
use doorstep_client_core::records::{Postcode, Uprn};
use maud::{Markup, html};

use super::path;
use crate::ask::{Answer, Ask, Fault};
use crate::view::form::{self, Field};
use crate::view::{self, Tab};
use crate::words::Message;

/// Which kind of visit, at a home that this device knows.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(at_home(ask)?))
}

fn at_home(ask: &Ask) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let record = ask.record()?;
    let row = ask.house.client.properties().row(record)?.ok_or(Fault::NotFound)?;
    let body = html! {
        p.kicker { (speech.say("visit-record")) }
        h1 { (row.address) }
        (form::form(ask, &format!("/home/{record}/visit"), html! {
            (kinds(ask))
            div.actions { button.main { (speech.say("visit-begin")) } a.button.quiet href={"/home/" (record)} { (speech.say("cancel")) } }
        }))
    };
    Ok(view::page(ask, Some(Tab::Visits), &speech.say("visit-record"), body))
}

fn kinds(ask: &Ask) -> Markup {
    form::choice(ask, Field::named("kind"), &form::codes(ask, "visit-kind", VisitKind::CODES))
}

/// Begins it.
pub fn begin(ask: &mut Ask) -> Result<Answer, Fault> {
    let record = ask.record()?;
    match ask.fields.chosen::<VisitKind>("kind") {
        Some(kind) => save(ask, PropertyRef::Record(record), kind),
        None => Ok(Answer::Unsound(at_home(ask)?)),
    }
}

/// A home that is not on this device: by its UPRN, or by its address until somebody finds the UPRN.
pub fn elsewhere(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(new_home(ask)))
}

fn new_home(ask: &Ask) -> Markup {
    let speech = ask.speech();
    let body = html! {
        p.kicker { (speech.say("visit-record")) }
        h1 { (speech.say("visit-elsewhere")) }
        p { (speech.say("visit-elsewhere-text")) }
        (form::form(ask, "/visit/new", html! {
            (form::line(ask, Field::with_hint("line", "line-hint"), "text", None))
            (form::line(ask, Field::with_hint("postcode", "postcode-hint"), "text", None))
            (form::line(ask, Field::with_hint("uprn", "uprn-hint"), "text", Some("numeric")))
            (kinds(ask))
            div.actions { button.main { (speech.say("visit-begin")) } a.button.quiet href="/search" { (speech.say("cancel")) } }
        }))
    };
    view::page(ask, Some(Tab::Visits), &speech.say("visit-elsewhere"), body)
}

/// Begins a visit there.
pub fn begin_elsewhere(ask: &mut Ask) -> Result<Answer, Fault> {
    let line = ask.fields.text("line", 300);
    let postcode = ask.fields.parsed::<Postcode>("postcode", "error-postcode");
    let uprn = ask.fields.parsed::<Uprn>("uprn", "error-uprn");
    let kind = ask.fields.chosen::<VisitKind>("kind");
    if line.is_none() && postcode.is_none() && uprn.is_none() {
        ask.fields.refuse("line", Message::new("error-address"));
    }
    let (Some(kind), true) = (kind, ask.fields.is_sound()) else { return Ok(Answer::Unsound(new_home(ask))) };
    let home = match uprn {
        Some(uprn) => {
            // What is known of the address goes with it.
            let property = Property { uprn: Some(uprn.clone()), line, postcode, ..Property::default() };
            let known = ask.house.client.properties().of_uprn(&uprn)?;
            match known {
                Some(record) => PropertyRef::Record(record),
                None => PropertyRef::Record(ask.house.client.properties().add(&property)?),
            }
        }
        None => PropertyRef::Provisional(Box::new(Property { line, postcode, ..Property::default() })),
    };
    save(ask, home, kind)
}

fn save(ask: &mut Ask, home: PropertyRef, kind: VisitKind) -> Result<Answer, Fault> {
    let who = ask.house.who();
    let filled = |text: String| (!text.is_empty()).then_some(text);
    let mut input = VisitInput::to(home);
    input.visit = Visit {
        kind: Some(kind),
        visitor: filled(who.worker),
        organisation: filled(who.organisation),
        state: Some(VisitState::Draft),
        ..Visit::default()
    };
    let made = ask.house.client.visits().record(&input)?;
    ask.house.wake();
    Ok(Answer::GoAndSay(path(made.property, made.visit), Message::new("visit-begun")))
}
