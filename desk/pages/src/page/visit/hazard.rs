//! A hazard in three taps: which, in which room, how bad. The last tap saves it, with a photograph if one was taken. What is not
//! in the dwelling is one tap more, and stands where it is: at the building, so that every home in it shows it.

use doorstep_client_core::client::PhotographInput;
use doorstep_client_core::records::Source;
use doorstep_client_core::records::hazard_codes::{self, Scheme};
use doorstep_client_core::records::home::{Hazard, HazardState, Scope, Severity};
use doorstep_client_core::records::rooms::{self, ROOMS};
use maud::{Markup, html};

use super::{of_path, path};
use crate::ask::{Answer, Ask, Fault};
use crate::fields::Fields;
use crate::page::photographs::take;
use crate::page::property::hazard_label;
use crate::refusals;
use crate::view::form::{self, Field, From};
use crate::view::{self, Tab};
use crate::words::{Message, Speech};

/// The room that a form names, typed or else tapped, as the record holds it in every language.
pub(in crate::page) fn room(ask: &mut Ask) -> Option<String> {
    if let Some(typed) = ask.fields.text("room_other", 80) {
        return Some(rooms::as_recorded(&typed).to_owned());
    }
    let tapped = ROOMS.iter().find(|room| room.code == ask.fields.typed("room"));
    tapped.map(|room| room.en.to_owned())
}

/// Rooms that are one tap, in the words of the page; any other is typed.
pub(super) fn taps(speech: Speech) -> Vec<(String, String)> {
    ROOMS.iter().map(|room| (room.code.to_owned(), speech.room(room.code))).collect()
}

/// The fields for a room.
pub(in crate::page) fn room_fields(ask: &Ask) -> Markup {
    html! {
        (form::choice(ask, Field::named("room"), &taps(ask.speech())))
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

/// Which room, where, how bad.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    ask.fields = Fields::filled([("hazard_scope", Scope::Dwelling.as_str().to_owned())]);
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
        (form::form_with_file(ask, &format!("{at}/hazard/{scheme}/{code}"), html! {
            (room_fields(ask))
            // Side by side on a tablet: how bad it is, the tap that saves, stays on the screen.
            div.pair {
                (form::choice(ask, Field::with_hint("hazard_scope", "scope-hint"), &form::codes(ask, "scope", Scope::CODES)))
                (form::picture(ask, Field::named("photo"), From::Camera))
            }
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

/// Saves it, and the photograph with it. Where the photograph is none, nothing is saved yet.
pub fn add(ask: &mut Ask) -> Result<Answer, Fault> {
    let (scheme, code) = code_of_path(ask)?;
    let (page, visit) = of_path(ask)?;
    let said = hazard_label(ask.speech(), &scheme, &code);
    let severity = ask.fields.chosen::<Severity>("severity");
    let picture = take::picture(ask);
    let hazard = Hazard {
        scheme: Some(scheme),
        code: Some(code),
        room: room(ask),
        scope: ask.fields.parsed::<Scope>("hazard_scope", "error-choose"),
        severity,
        note: ask.fields.text("note", 4_000),
        observed_at: Some(ask.now()),
        source: Some(Source::Observed),
        state: Some(HazardState::Open),
        visit: Some(visit.row),
        ..Hazard::default()
    };
    if !ask.fields.is_sound() {
        return Ok(Answer::Unsound(page_of(ask)?));
    }
    let client = ask.house.client.clone();
    let saved = client.visits().add_hazard(page.record, &hazard);
    let Some((record, row)) = ask.settle(saved)? else { return Ok(Answer::Unsound(page_of(ask)?)) };
    let back = path(page.record, visit.row);
    let Some(picture) = picture else {
        return Ok(Answer::GoAndSay(back, Message::new("saved-what").with("what", said)));
    };
    let about =
        PhotographInput { hazard: Some(row), visit: Some(visit.row), room: hazard.room, ..PhotographInput::default() };
    // The hazard is saved: a photograph that could not be kept does not take it back.
    let message = match client.photographs().add_picture(record, &picture, &about) {
        Ok(_) => Message::new("saved-with-photograph").with("what", said),
        Err(error) => refusals::of(&error),
    };
    Ok(Answer::GoAndSay(back, message))
}
