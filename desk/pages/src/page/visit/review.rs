//! Looking at a visit that was handed in, at a desk: approve it, or give it back with a note.

use doorstep_client_core::client::{ReviewMove, ReviewPage};
use doorstep_protocol::{Class, DocumentId};
use maud::{Markup, html};

use super::{of_path, page_of, path, settle};
use crate::ask::{Answer, Ask, Fault};
use crate::view::facts::Facts;
use crate::view::form::{self, Field};
use crate::words::Message;

/// The review of the visit that the path names.
fn of_visit(ask: &Ask) -> Result<(DocumentId, ReviewPage), Fault> {
    let (record, visit) = (ask.record()?, ask.row()?);
    let home = ask.house.client.document(record, Class::Home)?.ok_or(Fault::NotFound)?;
    Ok((home.document, ask.house.client.reviews().get(home.document, visit)?))
}

/// What became of the visit so far, and at a desk what can be done with it.
pub(super) fn section(ask: &Ask, facts: Facts<'_>) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let (_, review) = of_visit(ask)?;
    let may = |step: ReviewMove| ask.house.who().is_desk && review.may.contains(&step);
    let at = path(ask.record()?, ask.row()?);
    Ok(html! {
        @if ask.house.who().is_desk {
            p { a.button.quiet href={"/reports" (at)} { (speech.say("report-of-it")) } }
        }
        @if !review.steps.is_empty() {
            section.card {
                h2 { (speech.say("review-steps")) }
                ul.facts {
                    @for step in &review.steps {
                        li.fact {
                            strong { (speech.code("visit-state", step.state.as_str())) }
                            @if let Some(note) = &step.note { span.words { (note) } }
                            span.by { (step.who) ", " (speech.since(step.at, facts.now)) }
                        }
                    }
                }
            }
        }
        @if may(ReviewMove::Approve) || may(ReviewMove::Return) || may(ReviewMove::Reopen) {
            section.card {
                h2 { (speech.say("review-visit")) }
                @if !review.conflicts.is_empty() {
                    p.disputes { a href="/reconcile" { (speech.tell("disputes", "n", review.conflicts.len())) } }
                }
                (form::form(ask, &format!("{at}/review"), html! {
                    (form::area(ask, Field::with_hint("visit_note", "visit-note-hint")))
                    div.actions {
                        @if may(ReviewMove::Approve) { button.main name="move" value="approve" { (speech.say("review-approve")) } }
                        @if may(ReviewMove::Return) { button name="move" value="return" { (speech.say("review-return")) } }
                        @if may(ReviewMove::Reopen) { button.quiet name="move" value="reopen" { (speech.say("review-reopen")) } }
                    }
                }))
            }
        }
    })
}

/// Approves it, gives it back, or opens it again.
pub fn decide(ask: &mut Ask) -> Result<Answer, Fault> {
    let (page, visit) = of_path(ask)?;
    let (document, _) = of_visit(ask)?;
    let note = ask.fields.text("visit_note", 1_000);
    let client = ask.house.client.clone();
    let (done, said) = match ask.fields.typed("move") {
        "approve" => (client.reviews().approve(document, visit.row, note.as_deref()), "review-approved"),
        "reopen" => (client.reviews().reopen(document, visit.row, note.as_deref()), "review-reopened"),
        "return" => {
            let Some(note) = &note else {
                ask.fields.refuse("visit_note", Message::new("error-fill"));
                return Ok(Answer::Unsound(page_of(ask, &page, &visit)?));
            };
            (client.reviews().return_with_note(document, visit.row, note), "review-returned")
        }
        _ => return Err(Fault::NotFound),
    };
    if !ask.fields.is_sound() || !settle(ask, done)? {
        return Ok(Answer::Unsound(page_of(ask, &page, &visit)?));
    }
    Ok(Answer::GoAndSay(path(page.record, visit.row), Message::new(said)))
}
