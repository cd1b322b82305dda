//! A hazard in three taps: which, in which room, how bad. The last tap saves it.

use doorstep_client_core::records::Source;
use doorstep_client_core::records::hazard_codes::{self, Scheme};
use doorstep_client_core::records::home::{Hazard, HazardState, Severity};
use maud::{Markup, html};

use super::{of_path, path, save};
use crate::ask::{Answer, Ask, Fault};
use crate::page::property::hazard_label;
use crate::view::form::{self, Field};
use crate::view::{self, Tab};
use crate::words::Message;

/// Rooms that are one tap; any other is typed.
pub const ROOMS: [&str; 8] =
    ["hall", "living-room", "kitchen", "bedroom", "bathroom", "stairs", "outside", "whole-home"];

/// The room that a form names: typed, else tapped, in the words of the page.
pub(super) fn room(ask: &mut Ask) -> Option<String> {
    let typed = ask.fields.text("room_other", 80);
    let tapped = ask.fields.typed("room").to_owned();
    typed.or_else(|| ROOMS.contains(&tapped.as_str()).then(|| ask.speech().code("room", &tapped)))
}

/// The fields for a room.
pub(super) fn rooms(ask: &Ask) -> Markup {
    html! {
        (form::choice(ask, Field::named("room"), &form::codes(ask, "room", &ROOMS)))
        details open[!ask.fields.typed("room_other").is_empty()] {
            summary { (ask.speech().say("room-another")) }
            (form::line(ask, Field::named("room_other"), "text", None))
        }
    }
}

/// Every hazard of every list.
pub fn list(ask: &mut Ask) -> Result<Answer, Fault> {
    let speech = ask.speech();
    let (page, visit) = of_path(ask)?;
    let at = path(page.record, visit.row);
    let schemes = [Scheme::FireV1, Scheme::OtV1, Scheme::Hhsrs2026, Scheme::Hhsrs2005];
    let body = html! {
        p.kicker { a href=(at) { (page.row.address) } }
        h1 { (speech.say("all-hazards")) }
        @for scheme in &schemes {
            section {
                h2 { (speech.code("scheme", scheme.as_str())) }
                ul.grid {
                    @for (code, _) in hazard_codes::codes(scheme) {
                        li { a.button href={(at) "/hazard/" (scheme) "/" (code)} { (hazard_label(speech, scheme, code)) } }
                    }
                }
            }
        }
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Visits), &speech.say("all-hazards"), body)))
}

fn code_of_path(ask: &Ask) -> Result<(Scheme, String), Fault> {
    let scheme: Scheme = ask.part("scheme")?;
    let code: String = ask.part("code")?;
    hazard_codes::label(&scheme, &code).ok_or(Fault::NotFound)?;
    Ok((scheme, code))
}

/// Which room, how bad.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(page_of(ask)?))
}

fn page_of(ask: &Ask) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let (scheme, code) = code_of_path(ask)?;
    let (page, visit) = of_path(ask)?;
    let at = path(page.record, visit.row);
    let title = hazard_label(speech, &scheme, &code);
    let body = html! {
        p.kicker { a href=(at) { (page.row.address) } }
        h1 { (title) }
        (form::form(ask, &format!("{at}/hazard/{scheme}/{code}"), html! {
            (rooms(ask))
            details open[!ask.fields.typed("note").is_empty()] {
                summary { (speech.say("note-add")) }
                (form::area(ask, Field::named("note")))
            }
            fieldset.field id="f-severity" tabindex="-1" {
                legend { (speech.say("severity-save")) }
                @if let Some(error) = ask.fields.error("severity") { p.error { (speech.message(error)) } }
                div.severities {
                    @for severity in Severity::CODES {
                        button class={"severity " (severity)} name="severity" value=(severity) { (speech.code("severity", severity)) }
                    }
                }
            }
            p { a.button.quiet href=(at) { (speech.say("cancel")) } }
        }))
    };
    Ok(view::page(ask, Some(Tab::Visits), &title, body))
}

/// Saves it.
pub fn add(ask: &mut Ask) -> Result<Answer, Fault> {
    let (scheme, code) = code_of_path(ask)?;
    let (page, visit) = of_path(ask)?;
    let said = hazard_label(ask.speech(), &scheme, &code);
    let severity = ask.fields.chosen::<Severity>("severity");
    let hazard = Hazard {
        scheme: Some(scheme),
        code: Some(code),
        room: room(ask),
        severity,
        note: ask.fields.text("note", 4_000),
        observed_at: Some(ask.now()),
        source: Some(Source::Observed),
        state: Some(HazardState::Open),
        visit: Some(visit.row),
        ..Hazard::default()
    };
    if !ask.fields.is_sound() || !save(ask, page.record, &hazard)? {
        return Ok(Answer::Unsound(page_of(ask)?));
    }
    Ok(Answer::GoAndSay(path(page.record, visit.row), Message::new("saved-what").with("what", said)))
}
