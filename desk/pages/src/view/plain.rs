//! Pages for who is not inside: a locked door, a link that was used, an error.

use doorstep_client_core::client::ClientError;
use http::StatusCode;
use maud::{Markup, html};

use super::{document, page};
use crate::ask::{Ask, Fault, Looks};
use crate::words::Message;
use crate::{assets, refusals};

fn bare(looks: Looks, title: &str, body: Markup) -> Markup {
    document(
        looks,
        title,
        html! {
            header.top {
                span.brand { img src=(assets::MARK.path()) alt="" width="32" height="32"; span { (looks.speech.say("name")) } }
            }
            main id="main" class="bare" { h1 { (title) } (body) }
        },
    )
}

fn one_line(looks: Looks, title: &str, text: &str) -> Markup {
    bare(looks, &looks.speech.say(title), html! { p { (looks.speech.say(text)) } })
}

/// No session.
#[must_use]
pub fn locked_door(looks: Looks) -> Markup {
    one_line(looks, "door-locked", "door-locked-text")
}

/// A start link that was used, or is too old.
#[must_use]
pub fn used_link(looks: Looks) -> Markup {
    one_line(looks, "door-used", "door-used-text")
}

/// A request from another page, or under another name.
#[must_use]
pub fn elsewhere(looks: Looks) -> Markup {
    one_line(looks, "door-elsewhere", "door-elsewhere-text")
}

/// A form of another session.
#[must_use]
pub fn stale(looks: Looks) -> Markup {
    let speech = looks.speech;
    let body = html! { p { (speech.say("stale-text")) } p { a href="/" { (speech.say("to-home")) } } };
    bare(looks, &speech.say("stale"), body)
}

/// A form that is too large.
#[must_use]
pub fn too_large(looks: Looks) -> Markup {
    one_line(looks, "too-large", "too-large-text")
}

/// A form that was cut short on its way.
#[must_use]
pub fn broken(looks: Looks) -> Markup {
    one_line(looks, "form-broken", "form-broken-text")
}

/// No such page.
#[must_use]
pub fn not_found(looks: Looks) -> Markup {
    let speech = looks.speech;
    let body = html! { p { (speech.say("not-found-text")) } p { a href="/" { (speech.say("to-home")) } } };
    bare(looks, &speech.say("not-found"), body)
}

/// A fault of this program.
#[must_use]
pub fn bug(looks: Looks) -> Markup {
    one_line(looks, "bug", "bug-text")
}

/// The device was revoked.
#[must_use]
pub fn ended(looks: Looks) -> Markup {
    one_line(looks, "ended", "ended-text")
}

/// The start link worked: on to the pages.
#[must_use]
pub fn welcome(looks: Looks) -> Markup {
    let speech = looks.speech;
    document(
        looks,
        &speech.say("welcome"),
        html! {
            meta http-equiv="refresh" content="0;url=/";
            main id="main" class="bare" { h1 { (speech.say("welcome")) } p { a href="/" { (speech.say("to-home")) } } }
        },
    )
}

/// Why a page cannot be shown, inside the frame.
#[must_use]
pub fn fault(ask: &Ask, fault: &Fault) -> (StatusCode, Markup) {
    let (status, title, message) = match fault {
        Fault::NotFound => (StatusCode::NOT_FOUND, "not-found", Message::new("not-found-here")),
        Fault::Stale => (StatusCode::CONFLICT, "stale", Message::new("stale-text")),
        Fault::Errand(error) => (StatusCode::SERVICE_UNAVAILABLE, "refused", refusals::of_errand(error)),
        Fault::Client(ClientError::Device(_)) => {
            (StatusCode::INTERNAL_SERVER_ERROR, "bug", Message::new("storage-text"))
        }
        Fault::Client(error) => (StatusCode::UNPROCESSABLE_ENTITY, "refused", refusals::of(error)),
        Fault::Bug => (StatusCode::INTERNAL_SERVER_ERROR, "bug", Message::new("bug-text")),
    };
    let speech = ask.speech();
    let title = speech.say(title);
    let body = html! {
        h1 { (title) }
        p { (speech.message(&message)) }
        p { a.button href="/" { (speech.say("to-home")) } }
    };
    (status, page(ask, None, &title, body))
}
