//! Writing down that somebody asks for something: who, for which organisation, how they were identified, what for, by what law.

use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::register::{Disclosure, IdentityCheck};
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::page::about;
use crate::view::form::{self, Field};
use crate::view::{self, Tab};
use crate::words::Message;

/// Whom or what it is about, as a person names it.
const ABOUT: &str = "register_about";

/// The record that the path names, where it names one.
fn of_path(ask: &Ask) -> Option<RecordId> {
    ask.record().ok()
}

/// The form.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(page_of(ask)?))
}

fn page_of(ask: &Ask) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let about = of_path(ask).map(|record| about::titled(ask, record)).transpose()?;
    let body = html! {
        p.kicker { a href="/register" { (speech.say("register")) } }
        h1 { (speech.say("register-ask")) }
        @if let Some((title, href)) = &about { p { (speech.say("register-about")) " " a href=(href) { (title) } } }
        (form::form(ask, &ask.path, html! {
            (form::line(ask, Field::named("asked_by"), "text", None))
            (form::line(ask, Field::named("organisation"), "text", None))
            @if about.is_none() { (form::line(ask, Field::with_hint(ABOUT, "register-about-hint"), "text", None)) }
            (form::area(ask, Field::with_hint("asked", "asked-hint")))
            (form::area(ask, Field::with_hint("purpose", "purpose-hint")))
            (form::line(ask, Field::with_hint("authority", "authority-hint"), "text", None))
            (identity(ask))
            (form::line(ask, Field::with_hint("asked_at", "asked-at-hint"), "datetime-local", None))
            div.actions { button.main { (speech.say("register-save")) } a.button.quiet href="/register" { (speech.say("cancel")) } }
        }))
    };
    Ok(view::page(ask, Some(Tab::Register), &speech.say("register-ask"), body))
}

/// How whoever asks was identified.
pub(super) fn identity(ask: &Ask) -> Markup {
    html! {
        (form::choice(ask, Field::named("identified"), &form::codes(ask, "identity-check", IdentityCheck::CODES)))
        (form::line(ask, Field::with_hint("identified_how", "identified-how-hint"), "text", None))
    }
}

/// Writes it down.
pub fn take(ask: &mut Ask) -> Result<Answer, Fault> {
    let record = match of_path(ask) {
        Some(record) => Some(record),
        None => about::record(ask, ABOUT)?,
    };
    let asked = Disclosure {
        record: record.map(|record| record.0),
        asked_by: ask.fields.text_needed("asked_by", 200),
        organisation: ask.fields.text("organisation", 200),
        asked: ask.fields.text_needed("asked", 1_000),
        purpose: ask.fields.text_needed("purpose", 500),
        authority: ask.fields.text("authority", 300),
        identified: ask.fields.parsed::<IdentityCheck>("identified", "error-choose"),
        identified_how: ask.fields.text("identified_how", 300),
        asked_at: ask.fields.moment("asked_at"),
        ..Disclosure::default()
    };
    let done = if ask.fields.is_sound() {
        let done = ask.house.client.register().ask(&asked);
        ask.settle(done)?
    } else {
        None
    };
    if done.is_none() {
        return Ok(Answer::Unsound(page_of(ask)?));
    }
    Ok(Answer::GoAndSay("/register".to_owned(), Message::new("register-written")))
}
