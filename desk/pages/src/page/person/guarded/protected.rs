//! What is protected about a person: concerns, notes, and where they are. It is shown to a named team for a purpose, never in the
//! view of a home, and never printed.

use doorstep_client_core::client::ProtectedPage;
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::protected::{Concern, ConcernKind, Link, ProtectedNote};
use doorstep_client_core::records::{Date, Source};
use maud::{Markup, html};

use super::{Behind, frame, page_of, places, purpose, settled};
use crate::ask::{Answer, Ask, Fault};
use crate::view::facts::{Facts, join, section};
use crate::view::form::{self, Field};
use crate::words::{Message, Speech};

/// The page, without what is protected.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(page(ask)?))
}

pub(super) fn page(ask: &Ask) -> Result<Markup, Fault> {
    let (speech, at) = (ask.speech(), Behind::Protected.path(ask.record()?));
    let writing = html! {
        (places::moving_in(ask)?)
        section.card {
            h2 { (speech.say("protected-note-add")) }
            (form::bare(ask, &format!("{at}/note"), html! {
                (form::area(ask, Field::named("protected_note")))
                div.actions { button.main { (speech.say("save")) } }
            }))
        }
        section.card {
            h2 { (speech.say("protected-concern-add")) }
            (form::bare(ask, &format!("{at}/concern"), html! {
                (form::choice(ask, Field::named("concern_kind"), &form::codes(ask, "concern-kind", ConcernKind::CODES)))
                (form::area(ask, Field::named("concern_detail")))
                (form::area(ask, Field::named("precaution")))
                (form::line(ask, Field::with_hint("concern_holder", "concern-holder-hint"), "text", None))
                (form::line(ask, Field::named("concern_reference"), "text", None))
                (form::line(ask, Field::with_hint("concern_review", "date-hint"), "date", None))
                div.actions { button { (speech.say("save")) } }
            }))
        }
    };
    page_of(ask, Behind::Protected, &writing)
}

/// Shows what is protected; that it was shown is recorded.
pub fn open(ask: &mut Ask) -> Result<Answer, Fault> {
    let record = ask.record()?;
    if let Some(purpose) = purpose(ask) {
        let seen = ask.house.client.protection().read(record, purpose);
        if let Some(seen) = settled(ask, "look_purpose", seen)? {
            let inside = shown(ask, seen.show())?;
            return Ok(Answer::Page(frame(ask, Behind::Protected, &inside)?));
        }
    }
    Ok(Answer::Unsound(page(ask)?))
}

fn shown(ask: &Ask, page: &ProtectedPage) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let names = ask.house.names();
    let facts = Facts { speech, names: &names, now: ask.now() };
    let concerns: Vec<Markup> = page
        .concerns
        .iter()
        .map(|seen| facts.line(&concern(speech, &seen.value), seen.made.as_ref(), &seen.disputed))
        .collect();
    let notes: Vec<Markup> = page
        .notes
        .iter()
        .map(|seen| facts.line(seen.value.text.as_deref().unwrap_or_default(), seen.made.as_ref(), &seen.disputed))
        .collect();
    let mut links = Vec::new();
    for seen in &page.links {
        let words = link(ask, &seen.value)?;
        let way = places::way_out(ask, ask.record()?, seen, &words);
        links.push(facts.line_with(&words, seen.made.as_ref(), &seen.disputed, &way));
    }
    let is_empty = concerns.is_empty() && notes.is_empty() && links.is_empty();
    Ok(html! {
        div.guarded {
            @if is_empty { p.empty { (speech.say("protected-nothing")) } }
            (section(&speech.say("protected-concerns"), &concerns))
            (section(&speech.say("protected-places"), &links))
            (section(&speech.say("notes"), &notes))
            @if page.left_out > 0 { p.refusal { (speech.tell("sealed-left-out", "n", page.left_out)) } }
        }
        p.printed-not { (speech.say("not-printed")) }
    })
}

fn concern(speech: Speech, row: &Concern) -> String {
    join([
        row.kind.as_ref().map(|code| speech.code("concern-kind", code.as_str())),
        row.detail.clone(),
        row.precaution.as_ref().map(|text| speech.tell("sealed-precaution", "text", text.as_str())),
        row.holder.as_ref().map(|who| speech.tell("flag-ask-only", "contact", who.as_str())),
        row.reference.clone(),
        row.review_on.as_ref().map(|day| speech.tell("review-by", "day", speech.day(day.as_str()))),
        row.ended_on.as_ref().map(|day| speech.tell("ended-on", "day", speech.day(day.as_str()))),
    ])
}

fn link(ask: &Ask, row: &Link) -> Result<String, Fault> {
    let speech = ask.speech();
    let home = match row.property {
        Some(property) => ask.house.client.properties().row(RecordId(property))?,
        None => None,
    };
    Ok(join([
        home.map(|home| home.address).or_else(|| row.address.clone()).or_else(|| Some(speech.say("home-not-here"))),
        row.kind.as_ref().map(|code| speech.code("occupancy-kind", code.as_str())),
        row.role.as_ref().map(|code| speech.code("occupancy-role", code.as_str())),
        row.note.clone(),
        row.to.as_ref().map(|day| speech.tell("ended-on", "day", speech.day(day.as_str()))),
    ]))
}

/// Records a note.
pub fn add_note(ask: &mut Ask) -> Result<Answer, Fault> {
    let record = ask.record()?;
    let text = ask.fields.text_needed("protected_note", 4_000);
    let note = ProtectedNote { text, source: Some(Source::ToldByResident), ..ProtectedNote::default() };
    if ask.fields.is_sound() {
        let saved = ask.house.client.protection().add_note(record, &note);
        if settled(ask, "protected_note", saved)?.is_some() {
            return Ok(saved_now(record));
        }
    }
    Ok(Answer::Unsound(page(ask)?))
}

/// Records a concern.
pub fn add_concern(ask: &mut Ask) -> Result<Answer, Fault> {
    let record = ask.record()?;
    let row = Concern {
        kind: ask.fields.chosen::<ConcernKind>("concern_kind"),
        detail: ask.fields.text("concern_detail", 4_000),
        precaution: ask.fields.text("precaution", 1_000),
        holder: ask.fields.text_needed("concern_holder", 200),
        reference: ask.fields.text("concern_reference", 80),
        review_on: ask.fields.parsed::<Date>("concern_review", "error-date"),
        source: Some(Source::ToldByResident),
        ..Concern::default()
    };
    if row.review_on.is_none() {
        ask.fields.refuse("concern_review", Message::new("error-fill"));
    }
    if ask.fields.is_sound() {
        let saved = ask.house.client.protection().add_concern(record, &row);
        if settled(ask, "concern_kind", saved)?.is_some() {
            return Ok(saved_now(record));
        }
    }
    Ok(Answer::Unsound(page(ask)?))
}

pub(super) fn saved_now(record: RecordId) -> Answer {
    Answer::GoAndSay(Behind::Protected.path(record), Message::new("protected-saved"))
}
