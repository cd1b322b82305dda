//! A worker's PIN: unlocking, choosing one, locking.

use doorstep_client_core::client::ClientError;
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::refusals;
use crate::view;
use crate::view::form::{self, Field};
use crate::words::Message;

/// The page.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(page_of(ask)?))
}

fn page_of(ask: &Ask) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let seats = ask.house.client.seats();
    let rows = seats.list()?;
    let whose: Vec<(String, String)> =
        rows.iter().filter_map(|row| row.pin.seat.map(|seat| (seat.to_string(), row.name.clone()))).collect();
    let body = html! {
        h1 { (speech.say(if seats.asks_for_pin() { "unlock" } else { "pin-choose" })) }
        p.lead { (speech.say("pin-text")) }
        @if seats.asks_for_pin() {
            (form::form(ask, "/unlock", html! {
                // Who came from elsewhere and mistyped goes back there all the same.
                @if ask.fields.is_ticked("back") { input type="hidden" name="back" value=(ask.back()); }
                @if whose.len() > 1 { (form::choice(ask, Field::named("seat"), &whose)) }
                (form::line(ask, Field::with_hint("pin", "pin-hint"), "password", Some("numeric")))
                button.main { (speech.say("unlock")) }
            }))
        } @else if ask.house.who().is_desk {
            p { (speech.say("no-pin-desk")) }
        } @else if ask.house.vault.is_some() {
            (form::form(ask, "/unlock/pin", html! {
                (form::line(ask, Field::with_hint("new_pin", "new-pin-hint"), "password", Some("numeric")))
                (form::line(ask, Field::named("new_pin_again"), "password", Some("numeric")))
                button.main { (speech.say("pin-save")) }
            }))
        }
    };
    Ok(view::page(ask, None, &speech.say("unlock"), body))
}

/// Unlocks the device.
pub fn unlock(ask: &mut Ask) -> Result<Answer, Fault> {
    let seat = ask.fields.typed("seat").parse().ok();
    let opened = ask.house.client.seats().unlock(seat, ask.fields.typed("pin"));
    let to = ask.fields.is_ticked("back").then(|| ask.back());
    settle(ask, opened, "pin", "unlocked-now", to)
}

/// Chooses a PIN, or changes it.
pub fn choose_pin(ask: &mut Ask) -> Result<Answer, Fault> {
    let vault = ask.house.vault.as_ref().ok_or(Fault::NotFound)?;
    if ask.fields.typed("new_pin") != ask.fields.typed("new_pin_again") {
        ask.fields.refuse("new_pin_again", Message::new("error-pin-again"));
        return Ok(Answer::Unsound(page_of(ask)?));
    }
    let set = {
        let vault = vault.lock().map_err(|_| Fault::Bug)?;
        ask.house.client.seats().set_pin(vault.as_ref(), ask.fields.typed("new_pin"))
    };
    settle(ask, set, "new_pin", "pin-set", None)
}

/// `to` is where somebody came from who had to unlock first.
fn settle(
    ask: &mut Ask,
    done: Result<(), ClientError>,
    field: &str,
    said: &'static str,
    to: Option<String>,
) -> Result<Answer, Fault> {
    match done {
        Ok(()) => Ok(Answer::GoAndSay(to.unwrap_or_else(|| "/health".to_owned()), Message::new(said))),
        Err(error @ ClientError::Unlock(_)) => {
            ask.fields.refuse(field, refusals::of(&error));
            Ok(Answer::Unsound(page_of(ask)?))
        }
        Err(error) => Err(error.into()),
    }
}

/// Locks the device.
pub fn lock(ask: &mut Ask) -> Result<Answer, Fault> {
    ask.house.client.seats().lock()?;
    Ok(Answer::GoAndSay("/health".to_owned(), Message::new("locked-now")))
}
