//! Moving in and out of an address that is protected: written by the team that keeps such addresses, sealed at once, and shown only
//! where somebody looks for a purpose.

use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::identity::OccupancyKind;
use doorstep_client_core::records::protected::Link;
use doorstep_client_core::records::{Date, Reading, RowId, Seen, Source};
use maud::{Markup, html};

use super::{Behind, page_with, protected, settled};
use crate::ask::{Answer, Ask, Fault};
use crate::page::about;
use crate::page::person::protection::holds;
use crate::view::form::{self, Field};
use crate::words::Message;

/// The field of the form that names a home.
const HOME: &str = "moved_to_home";

/// The form for where the person is from now on, where their address is protected.
pub(super) fn moving_in(ask: &Ask) -> Result<Markup, Fault> {
    let (record, speech) = (ask.record()?, ask.speech());
    let person = ask.house.client.people().get(record, Reading::Cautious)?.view.person;
    let kinds = form::codes(ask, "occupancy-kind", OccupancyKind::CODES);
    Ok(html! {
        @if holds(person.as_ref().map(|seen| &seen.value)) {
            section.card {
                h2 { (speech.say("protected-move-in")) }
                p { (speech.say("protected-move-in-text")) }
                (form::bare(ask, &format!("{}/place", Behind::Protected.path(record)), html! {
                    (form::line(ask, Field::with_hint(HOME, "moved-to-home-hint"), "text", None))
                    (form::line(ask, Field::with_hint("moved_to_address", "moved-to-address-hint"), "text", None))
                    (form::choice(ask, Field::named("occupancy_kind"), &kinds))
                    (form::line(ask, Field::with_hint("moved_from", "date-hint"), "date", None))
                    (form::area(ask, Field::with_hint("moved_note", "moved-note-hint")))
                    div.actions { button { (speech.say("save")) } }
                }))
            }
        }
    })
}

/// Records where the person is from now on.
pub fn add(ask: &mut Ask) -> Result<Answer, Fault> {
    let record = ask.record()?;
    let home = about::home(ask, HOME)?;
    let link = Link {
        property: home.map(|home| home.0),
        address: ask.fields.text("moved_to_address", 300),
        kind: ask.fields.chosen::<OccupancyKind>("occupancy_kind"),
        from: ask.fields.parsed::<Date>("moved_from", "error-date"),
        note: ask.fields.text("moved_note", 1_000),
        source: Some(Source::ToldByResident),
        ..Link::default()
    };
    match (&link.property, &link.address) {
        (None, None) if ask.fields.error(HOME).is_none() => {
            ask.fields.refuse(HOME, Message::new("error-home-or-address"))
        }
        (Some(_), Some(_)) => ask.fields.refuse("moved_to_address", Message::new("error-home-or-address")),
        _ => {}
    }
    if ask.fields.is_sound() {
        let saved = ask.house.client.protection().link(record, &link);
        if settled(ask, HOME, saved)?.is_some() {
            return Ok(protected::saved_now(record));
        }
    }
    Ok(Answer::Unsound(protected::page(ask)?))
}

/// The way to say that the person is at a place no more, beside the place.
pub(super) fn way_out(ask: &Ask, record: RecordId, seen: &Seen<Link>, words: &str) -> Markup {
    let speech = ask.speech();
    html! {
        @if seen.value.to.is_none() && seen.value.holds(&Date::of(ask.now())) {
            a.change href=(out_path(record, seen.row)) aria-label=(speech.tell("protected-move-out-of", "what", words)) { (speech.say("protected-move-out")) }
        }
    }
}

fn out_path(record: RecordId, row: RowId) -> String {
    format!("{}/place/{row}", Behind::Protected.path(record))
}

/// The form for the last day at a place. Which one it is was shown on the page before, and is not shown again.
pub fn show_out(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(out_page(ask)?))
}

fn out_page(ask: &Ask) -> Result<Markup, Fault> {
    let (record, speech) = (ask.record()?, ask.speech());
    let body = html! {
        section.card {
            h2 { (speech.say("protected-move-out")) }
            p { (speech.say("protected-move-out-text")) }
            (form::bare(ask, &out_path(record, ask.row()?), html! {
                (form::line(ask, Field::with_hint("moved_until", "date-hint"), "date", None))
                div.actions { button.main { (speech.say("save")) } a.button.quiet href=(Behind::Protected.path(record)) { (speech.say("cancel")) } }
            }))
        }
    };
    page_with(ask, Behind::Protected, &body)
}

/// Ends the link: the person is there no more.
pub fn end(ask: &mut Ask) -> Result<Answer, Fault> {
    let (record, row) = (ask.record()?, ask.row()?);
    let until = ask.fields.parsed::<Date>("moved_until", "error-date");
    match until {
        Some(until) => {
            let left = ask.house.client.protection().leave(record, row, &until);
            if settled(ask, "moved_until", left)?.is_some() {
                return Ok(protected::saved_now(record));
            }
        }
        None if ask.fields.error("moved_until").is_none() => {
            ask.fields.refuse("moved_until", Message::new("error-fill"))
        }
        None => {}
    }
    Ok(Answer::Unsound(out_page(ask)?))
}
