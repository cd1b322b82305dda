//! What was recorded at the wrong home, of the wrong room, or misread: taken back with a reason, listed, and let stand after all.

use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::decisions::MISTAKABLE;
use doorstep_client_core::records::home::{Adaptation, Alarm, Clutter, Equipment, Measurement};
use doorstep_client_core::records::view::RowView;
use doorstep_client_core::records::{Class, Reading, RowId};
use maud::{Markup, html};

use super::rows;
use crate::ask::{Answer, Ask, Fault};
use crate::view::facts::Facts;
use crate::view::form::{self, Field};
use crate::view::{self, Tab, token};
use crate::words::{Message, Speech};

/// Characters of a reason.
const WHY_CHARS_MAX: usize = 2_000;

fn path(record: RecordId) -> String {
    format!("/home/{record}/mistakes")
}

/// The way to take a fact back.
pub(super) fn way(speech: Speech, record: RecordId, collection: &str, row: RowId, words: &str) -> Markup {
    html! {
        a.change href={(path(record)) "/" (collection) "/" (row)} aria-label=(speech.tell("mistake-take-back-what", "what", words)) { (speech.say("mistake-take-back")) }
    }
}

/// The way to what was taken back, where anything was.
pub(super) fn taken(ask: &Ask, record: RecordId) -> Result<Markup, Fault> {
    let count = ask.house.client.visits().mistaken(record)?.len();
    Ok(html! {
        @if count > 0 { p { a.button.quiet href=(path(record)) { (ask.speech().tell("mistakes-count", "n", count)) } } }
    })
}

/// A fact in words.
fn words(speech: Speech, collection: &str, row: &RowView) -> String {
    match collection {
        "alarms" => rows::alarm(speech, &row.typed::<Alarm>(Reading::Shown)),
        "clutter" => rows::clutter(speech, &row.typed::<Clutter>(Reading::Shown)),
        "measurements" => rows::measurement(speech, &row.typed::<Measurement>(Reading::Shown)),
        "equipment" => rows::equipment(speech, &row.typed::<Equipment>(Reading::Shown)),
        _ => rows::adaptation(speech, &row.typed::<Adaptation>(Reading::Shown)),
    }
}

/// What was taken back, with why, and the way to let it stand after all.
pub fn list(ask: &mut Ask) -> Result<Answer, Fault> {
    let (record, speech) = (ask.record()?, ask.speech());
    let client = &ask.house.client;
    let home = client.properties().row(record)?.ok_or(Fault::NotFound)?;
    let view = client.document(record, Class::Home)?;
    let names = ask.house.names();
    let facts = Facts { speech, names: &names, now: ask.now() };
    let taken = client.visits().mistaken(record)?;
    let held = |collection: &str, row: &RowId| view.as_ref()?.sections.get(collection)?.mistaken.get(row);
    let body = html! {
        p.kicker { a href={"/home/" (record)} { (home.address) } }
        h1 { (speech.say("mistakes")) }
        p.lead { (speech.say("mistakes-text")) }
        @if taken.is_empty() { p.empty { (speech.say("mistakes-none")) } }
        ul.facts.card {
            @for fact in &taken {
                @let what = held(&fact.collection, &fact.row).map(|row| words(speech, &fact.collection, row));
                @let what = what.unwrap_or_else(|| speech.say("value-newer"));
                li.fact {
                    span.words { (speech.code("collection", &fact.collection)) ": " del { (what) } }
                    span.words { (fact.why.clone().unwrap_or_else(|| speech.say("mistake-answer"))) }
                    (facts.by(fact.made.as_ref()))
                    form.inline method="post" action={(path(record)) "/undo"} {
                        (token(ask))
                        input type="hidden" name="mistake" value=(fact.decision);
                        button.quiet { (speech.say("mistake-undo")) span.unseen { ": " (what) } }
                    }
                }
            }
        }
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Search), &speech.say("mistakes"), body)))
}

/// Which fact the path names, in words.
fn of_path(ask: &Ask) -> Result<(String, RowId, String), Fault> {
    let (record, collection, row) = (ask.record()?, ask.part::<String>("collection")?, ask.row()?);
    let view = ask.house.client.document(record, Class::Home)?.ok_or(Fault::NotFound)?;
    let fact = view.row(&collection, row).filter(|_| MISTAKABLE.contains(&collection.as_str()));
    let words = words(ask.speech(), &collection, fact.ok_or(Fault::NotFound)?);
    Ok((collection, row, words))
}

/// The form.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(page_of(ask)?))
}

fn page_of(ask: &Ask) -> Result<Markup, Fault> {
    let (record, speech) = (ask.record()?, ask.speech());
    let home = ask.house.client.properties().row(record)?.ok_or(Fault::NotFound)?;
    let (collection, _, words) = of_path(ask)?;
    let body = html! {
        p.kicker { a href={"/home/" (record)} { (home.address) } }
        h1 { (speech.say("mistake-take-back")) }
        section.card { p { (speech.code("collection", &collection)) ": " strong { (words) } } }
        p { (speech.say("mistake-text")) }
        (form::form(ask, &ask.path, html! {
            (form::area(ask, Field::with_hint("mistake_why", "mistake-why-hint")))
            div.actions { button.main { (speech.say("mistake-take-back-now")) } a.button.quiet href={"/home/" (record)} { (speech.say("cancel")) } }
        }))
    };
    Ok(view::page(ask, Some(Tab::Search), &speech.say("mistake-take-back"), body))
}

/// Takes it back.
pub fn take_back(ask: &mut Ask) -> Result<Answer, Fault> {
    let record = ask.record()?;
    let (collection, row, _) = of_path(ask)?;
    if let Some(why) = ask.fields.text_needed("mistake_why", WHY_CHARS_MAX) {
        let taken = ask.house.client.visits().take_back(record, (&collection, row), &why);
        if ask.settle(taken)?.is_some() {
            return Ok(Answer::GoAndSay(format!("/home/{record}"), Message::new("mistake-taken-back")));
        }
    }
    Ok(Answer::Unsound(page_of(ask)?))
}

/// Lets it stand after all.
pub fn undo(ask: &mut Ask) -> Result<Answer, Fault> {
    let record = ask.record()?;
    let decision: RowId = ask.fields.typed("mistake").parse().map_err(|_| Fault::NotFound)?;
    ask.house.client.visits().let_stand(record, decision)?;
    ask.house.wake();
    Ok(Answer::GoAndSay(path(record), Message::new("mistake-undone")))
}
