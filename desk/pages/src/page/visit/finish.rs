//! The end of a visit: how it went, whom the visitor met, what follows. What is typed here is kept while it is typed.

use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::RowId;
use doorstep_client_core::records::home::{Outcome, Visit, VisitState};
use maud::{Markup, html};

use super::{change, of_path, page_of, path};
use crate::ask::{Answer, Ask, Fault};
use crate::fields::Fields;
use crate::view::facts::{Facts, join};
use crate::view::form::{self as sheet, Field};
use crate::words::Message;

/// What the form begins with: what was kept before.
pub(super) fn fields(visit: &Visit) -> Fields {
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    Fields::filled([
        ("outcome", visit.outcome.as_ref().map(|outcome| outcome.as_str().to_owned()).unwrap_or_default()),
        ("met", text(&visit.met)),
        ("follow_up", text(&visit.follow_up)),
        ("note", text(&visit.note)),
    ])
}

/// The form.
pub(super) fn form(ask: &Ask, at: &str) -> Markup {
    let speech = ask.speech();
    html! {
        section.card.finish data-keep={(at) "/note"} aria-labelledby="finish" {
            h2 id="finish" { (speech.say("finish")) }
            (sheet::form(ask, &format!("{at}/finish"), html! {
                (sheet::choice(ask, Field::named("outcome"), &sheet::codes(ask, "outcome", Outcome::CODES)))
                (sheet::line(ask, Field::named("met"), "text", None))
                (sheet::area(ask, Field::named("follow_up")))
                (sheet::area(ask, Field::named("note")))
                p.kept role="status" data-kept=(speech.say("note-kept")) {}
                div.actions {
                    button.main { (speech.say("finish-now")) }
                    button.quiet formaction={(at) "/note"} { (speech.say("note-keep")) }
                }
            }))
        }
    }
}

/// How a visit that is handed in went.
pub(super) fn said(facts: Facts<'_>, visit: &Visit) -> Markup {
    let speech = facts.speech;
    let words = join([
        visit.outcome.as_ref().map(|code| speech.code("outcome", code.as_str())),
        visit.met.as_ref().map(|met| speech.tell("visit-met", "who", met.as_str())),
        visit.follow_up.as_ref().map(|text| speech.tell("visit-next", "text", text.as_str())),
        visit.note.clone(),
    ]);
    html! { @if !words.is_empty() { section.card { h2 { (speech.say("how-it-went")) } p { (words) } } } }
}

fn read(ask: &mut Ask) -> Visit {
    Visit {
        outcome: ask.fields.parsed::<Outcome>("outcome", "error-choose"),
        met: ask.fields.text("met", 300),
        follow_up: ask.fields.text("follow_up", 2_000),
        note: ask.fields.text("note", 4_000),
        ..Visit::default()
    }
}

/// Keeps what was typed, without ending the visit. The script does this by itself.
pub fn keep_note(ask: &mut Ask) -> Result<Answer, Fault> {
    let (page, visit) = of_path(ask)?;
    let typed = read(ask);
    if !ask.fields.is_sound() || (typed != Visit::default() && !change(ask, page.record, visit.row, &typed)?) {
        return Ok(Answer::Unsound(page_of(ask, &page, &visit)?));
    }
    Ok(Answer::GoAndSay(path(page.record, visit.row), Message::new("note-kept")))
}

/// Ends the visit and hands it in.
pub fn finish(ask: &mut Ask) -> Result<Answer, Fault> {
    let (page, visit) = of_path(ask)?;
    let typed = read(ask);
    if typed.outcome.is_none() {
        ask.fields.refuse("outcome", Message::new("error-choose"));
    }
    if typed.outcome == Some(Outcome::Done) {
        check_form(ask, page.record, visit.row)?;
    }
    let done = Visit { state: Some(VisitState::Submitted), ended_at: Some(ask.now()), ..typed };
    if !ask.fields.is_sound() || !change(ask, page.record, visit.row, &done)? {
        return Ok(Answer::Unsound(page_of(ask, &page, &visit)?));
    }
    Ok(Answer::GoAndSay(path(page.record, visit.row), Message::new("visit-handed-in")))
}

/// A form that was begun has an answer to what it needs, before its visit is done.
fn check_form(ask: &mut Ask, record: RecordId, visit: RowId) -> Result<(), Fault> {
    let form = ask.house.client.visits().form(record, visit)?;
    let missing = form.missing().count();
    if form.answered() > 0 && missing > 0 {
        ask.fields.refuse("outcome", Message::new("error-form").with("n", missing));
    }
    Ok(())
}
