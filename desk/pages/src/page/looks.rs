//! The switches of every page: language, light, signal, and the way out.

use maud::html;

use crate::ask::{Answer, Ask, Fault, LANGUAGE_COOKIE, LIGHT_COOKIE, Light};
use crate::house::SignalIs;
use crate::view;
use crate::words::{Language, Message};

/// How long a browser keeps a choice of language or light.
const CHOICE_SECONDS: u32 = 365 * 24 * 60 * 60;

/// How sync stands: fetched by the script.
pub fn status(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(view::status(ask)))
}

/// Another language, or another light.
pub fn set(ask: &mut Ask) -> Result<Answer, Fault> {
    let language = Language::of(ask.fields.typed("language")).map(|language| (LANGUAGE_COOKIE, language.tag()));
    let light = ask.fields.is_ticked("light").then(|| (LIGHT_COOKIE, Light::of(ask.fields.typed("light")).as_str()));
    let Some((name, value)) = language.or(light) else { return Ok(Answer::Go(ask.back())) };
    let cookie = format!("{name}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={CHOICE_SECONDS}");
    Ok(Answer::GoWith(ask.back(), cookie))
}

/// Cuts the signal, or brings it back.
pub fn signal(ask: &mut Ask) -> Result<Answer, Fault> {
    let signal = ask.house.signal.as_ref().ok_or(Fault::NotFound)?;
    let to = if ask.fields.typed("signal") == "cut" { SignalIs::Cut } else { SignalIs::On };
    signal.set(to);
    ask.house.wake();
    let said = if to == SignalIs::Cut { "signal-is-cut" } else { "signal-is-on" };
    Ok(Answer::GoAndSay(ask.back(), Message::new(said)))
}

/// Ends this browser's session, and locks what opens with a worker.
pub fn leave(ask: &mut Ask) -> Result<Answer, Fault> {
    ask.house.client.seats().lock()?;
    ask.house.door().close(ask.session);
    let speech = ask.speech();
    let body = html! { main id="main" class="bare" { h1 { (speech.say("left")) } p { (speech.say("left-text")) } } };
    Ok(Answer::Page(view::document(ask.looks, &speech.say("left"), body)))
}
