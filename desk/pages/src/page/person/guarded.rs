//! What opens with a worker: a person's NHS number, and what is protected about them. Where the device is locked it asks for the
//! PIN first, then why somebody looks; that it was shown is recorded before it is shown. A look has no address of its own, is in
//! no history of the browser, and is not printed.

pub mod health;
pub mod places;
pub mod protected;

use doorstep_client_core::client::ClientError;
use doorstep_client_core::device::{RecordId, RestrictedError};
use doorstep_client_core::partnership::purpose;
use doorstep_client_core::records::EditError;
use maud::{Markup, html};

use crate::ask::{Ask, Fault};
use crate::refusals;
use crate::view::form::{self, Field};
use crate::view::{self, Tab};
use crate::words::Message;

/// Purposes that a look can be for, as the form has them.
const PURPOSES: [(&str, u16); 3] =
    [("prevention", purpose::PREVENTION), ("housing", purpose::HOUSING_CONDITION), ("emergency", purpose::EMERGENCY)];

/// What is behind a lock of a person.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Behind {
    Number,
    Protected,
}

impl Behind {
    const ALL: [Self; 2] = [Self::Number, Self::Protected];

    const fn word(self) -> &'static str {
        match self {
            Self::Number => "nhs-number",
            Self::Protected => "protected-notes",
        }
    }

    const fn text(self) -> &'static str {
        match self {
            Self::Number => "nhs-number-text",
            Self::Protected => "protected-text",
        }
    }

    /// Whether this device has business with it at all, locked or not.
    fn is_read_here(self, ask: &Ask) -> Result<bool, Fault> {
        let client = &ask.house.client;
        Ok(match self {
            Self::Number => client.health().is_read_here()?,
            Self::Protected => client.protection().is_kept_here()?,
        })
    }

    fn path(self, record: RecordId) -> String {
        format!("/person/{record}/{}", self.word())
    }
}

/// The ways to what opens with a worker, where this device has any.
pub(super) fn ways(ask: &Ask, record: RecordId) -> Result<Markup, Fault> {
    let mut ways = Vec::new();
    for behind in Behind::ALL {
        if behind.is_read_here(ask)? {
            ways.push(behind);
        }
    }
    Ok(html! {
        @for behind in ways { a.button.quiet href=(behind.path(record)) { (ask.speech().say(behind.word())) } }
    })
}

/// The page: the PIN, where the device is locked; else why somebody looks, and what can be written without looking.
fn page_of(ask: &Ask, behind: Behind, writing: &Markup) -> Result<Markup, Fault> {
    let asking = asking(ask, behind)?;
    page_with(ask, behind, &html! { (asking) (writing) })
}

/// The page: the PIN, where the device is locked; else what is inside.
fn page_with(ask: &Ask, behind: Behind, inside: &Markup) -> Result<Markup, Fault> {
    let is_locked = ask.house.client.seats().asks_for_pin();
    frame(
        ask,
        behind,
        &html! {
            div.why { p { (ask.speech().say(behind.text())) } }
            (form::summary(ask))
            @if is_locked { (unlocking(ask, ask.record()?, &behind.path(ask.record()?))) } @else { (inside) }
        },
    )
}

fn frame(ask: &Ask, behind: Behind, inside: &Markup) -> Result<Markup, Fault> {
    if !behind.is_read_here(ask)? {
        return Err(Fault::NotFound);
    }
    let record = ask.record()?;
    let person = ask.house.client.people().row(record)?.ok_or(Fault::NotFound)?;
    let title = ask.speech().say(behind.word());
    let body = html! {
        p.kicker { a href={"/person/" (record)} { (person.name) } }
        h1 { (title) }
        (inside)
    };
    Ok(view::page(ask, Some(Tab::Search), &title, body))
}

/// The form that asks for the PIN, and comes back to the page that needs it.
pub(super) fn unlocking(ask: &Ask, record: RecordId, back: &str) -> Markup {
    let speech = ask.speech();
    form::bare(
        ask,
        "/unlock",
        html! {
            input type="hidden" name="back" value=(back);
            (form::line(ask, Field::with_hint("pin", "pin-hint"), "password", Some("numeric")))
            div.actions { button.main { (speech.say("unlock")) } a.button.quiet href={"/person/" (record)} { (speech.say("cancel")) } }
        },
    )
}

fn asking(ask: &Ask, behind: Behind) -> Result<Markup, Fault> {
    let (record, speech) = (ask.record()?, ask.speech());
    let purposes = PURPOSES.map(|(word, _)| (word.to_owned(), speech.code("purpose", word)));
    Ok(form::bare(
        ask,
        &format!("{}/open", behind.path(record)),
        html! {
            (form::choice(ask, Field::named("look_purpose"), &purposes))
            div.actions { button.main { (speech.say("look-now")) } a.button.quiet href={"/person/" (record)} { (speech.say("cancel")) } }
        },
    ))
}

/// For what the form says that somebody looks.
fn purpose(ask: &mut Ask) -> Option<u16> {
    let said = PURPOSES.iter().find(|(word, _)| *word == ask.fields.typed("look_purpose")).map(|(_, code)| *code);
    if said.is_none() {
        ask.fields.refuse("look_purpose", Message::new("error-choose"));
    }
    said
}

/// What came of a look or of writing. What was refused stands at its field, else at `field`.
fn settled<T>(ask: &mut Ask, field: &str, done: Result<T, ClientError>) -> Result<Option<T>, Fault> {
    match done {
        Ok(done) => {
            ask.house.wake();
            Ok(Some(done))
        }
        Err(error @ (ClientError::Restricted(_) | ClientError::Unlock(_) | ClientError::Write(_))) => {
            let named = match &error {
                ClientError::Restricted(RestrictedError::Edit(EditError::Field(error))) => error.field.to_string(),
                _ => field.to_owned(),
            };
            let message = refusals::of(&error);
            ask.fields.refuse(&named, message);
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}
