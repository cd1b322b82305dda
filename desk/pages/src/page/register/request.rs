//! What a resident asks for: written down with the day by which it is to be answered, moved on, answered or refused.

use doorstep_client_core::client::{Page, RequestRow};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::register::{IdentityCheck, Request, RequestKind, RequestState};
use doorstep_client_core::records::{Date, RowId};
use doorstep_protocol::DocumentId;
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::fields::Fields;
use crate::page::about;
use crate::view::form::{self, Field};
use crate::view::{self, Tab};
use crate::words::Message;

/// About whom.
const ABOUT: &str = "request_person";

/// The form for a new one.
pub fn show_new(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(new_page(ask)))
}

fn new_page(ask: &Ask) -> Markup {
    let speech = ask.speech();
    let body = html! {
        p.kicker { a href="/register" { (speech.say("register")) } }
        h1 { (speech.say("register-request")) }
        (form::form(ask, "/register/request", html! {
            (form::select(ask, Field::named("request_kind"), &form::codes(ask, "request-kind", RequestKind::CODES)))
            (form::line(ask, Field::named("asked_by"), "text", None))
            (form::line(ask, Field::with_hint("on_behalf", "on-behalf-hint"), "text", None))
            (form::line(ask, Field::with_hint(ABOUT, "request-person-hint"), "text", None))
            (form::area(ask, Field::named("request_text")))
            (form::choice(ask, Field::named("identified"), &form::codes(ask, "identity-check", IdentityCheck::CODES)))
            (form::line(ask, Field::with_hint("due", "due-hint"), "date", None))
            div.actions { button.main { (speech.say("register-save")) } a.button.quiet href="/register" { (speech.say("cancel")) } }
        }))
    };
    view::page(ask, Some(Tab::Register), &speech.say("register-request"), body)
}

/// Writes it down.
pub fn take(ask: &mut Ask) -> Result<Answer, Fault> {
    let person = about::person(ask, ABOUT)?;
    let asked = Request {
        person: person.map(|person| person.0),
        kind: ask.fields.chosen::<RequestKind>("request_kind"),
        asked_by: ask.fields.text_needed("asked_by", 200),
        on_behalf: ask.fields.text("on_behalf", 300),
        text: ask.fields.text("request_text", 2_000),
        identified: ask.fields.parsed::<IdentityCheck>("identified", "error-choose"),
        due: ask.fields.parsed::<Date>("due", "error-date"),
        ..Request::default()
    };
    let done = if ask.fields.is_sound() {
        let done = ask.house.client.register().request(&asked);
        ask.settle(done)?
    } else {
        None
    };
    if done.is_none() {
        return Ok(Answer::Unsound(new_page(ask)));
    }
    Ok(Answer::GoAndSay("/register".to_owned(), Message::new("request-written")))
}

fn of_path(ask: &Ask) -> Result<RequestRow, Fault> {
    let (document, row) = (ask.part::<DocumentId>("document")?, ask.part::<RowId>("row")?);
    let register = ask.house.client.register();
    let mut page = Page::FIRST;
    loop {
        let found = register.requests(page)?;
        page.offset += found.rows.len();
        let is_last = found.rows.is_empty() || page.offset as u64 >= found.total;
        let is_it = |one: &RequestRow| one.document == document && one.request.row == row;
        if let Some(one) = found.rows.into_iter().find(is_it) {
            return Ok(one);
        }
        if is_last {
            return Err(Fault::NotFound);
        }
    }
}

/// One request.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    let row = of_path(ask)?;
    let value = &row.request.value;
    ask.fields = Fields::filled([
        ("request_state", value.state.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("handled_by", value.handled_by.clone().unwrap_or_default()),
        ("request_answer", value.answer.clone().unwrap_or_default()),
    ]);
    Ok(Answer::Page(page_of(ask, &row)))
}

fn page_of(ask: &Ask, row: &RequestRow) -> Markup {
    let (speech, now) = (ask.speech(), ask.now());
    let value = &row.request.value;
    let about = value.person.and_then(|person| about::titled(ask, RecordId(person)).ok());
    let kind =
        value.kind.as_ref().map_or_else(|| speech.say("not-known"), |kind| speech.code("request-kind", kind.as_str()));
    let body = html! {
        p.kicker { a href="/register" { (speech.say("register")) } }
        h1 { (kind) }
        section.card {
            dl.said {
                dt { (speech.say("field-asked_by")) } dd { (value.asked_by.as_deref().unwrap_or_default()) }
                @if let Some(right) = &value.on_behalf { dt { (speech.say("field-on_behalf")) } dd { (right) } }
                @if let Some((title, href)) = &about { dt { (speech.say("register-about")) } dd { a href=(href) { (title) } } }
                @if let Some(text) = &value.text { dt { (speech.say("field-request_text")) } dd { (text) } }
                @if let Some(how) = &value.identified { dt { (speech.say("field-identified")) } dd { (speech.code("identity-check", how.as_str())) } }
                @if let Some(at) = value.received_at { dt { (speech.say("request-came")) } dd { (speech.moment(at, now)) } }
                @if let Some(due) = &value.due { dt { (speech.say("field-due")) } dd { (speech.day(due.as_str())) } }
                @if let Some(at) = value.answered_at { dt { (speech.say("request-answered")) } dd { (speech.moment(at, now)) } }
                dt { (speech.say("recorded-by")) } dd { (row.recorded_by) }
            }
        }
        section.card {
            h2 { (speech.say("request-go-on")) }
            (form::form(ask, &ask.path, html! {
                (form::choice(ask, Field::named("request_state"), &form::codes(ask, "request-state", RequestState::CODES)))
                (form::line(ask, Field::with_hint("handled_by", "decided-by-hint"), "text", None))
                (form::area(ask, Field::with_hint("request_answer", "request-answer-hint")))
                button.main { (speech.say("save")) }
            }))
        }
    };
    view::page(ask, Some(Tab::Register), &kind, body)
}

/// Moves it on, answers or refuses it.
pub fn answer(ask: &mut Ask) -> Result<Answer, Fault> {
    let row = of_path(ask)?;
    let state = ask.fields.chosen::<RequestState>("request_state");
    let is_closed = matches!(state, Some(RequestState::Answered | RequestState::Refused));
    let set = Request {
        handled_by: ask.fields.text("handled_by", 120),
        answer: ask.fields.text("request_answer", 2_000),
        answered_at: is_closed.then(|| ask.now()),
        state,
        ..Request::default()
    };
    if is_closed && set.answer.is_none() {
        ask.fields.refuse("request_answer", Message::new("error-answer"));
    }
    let done = if ask.fields.is_sound() {
        let done = ask.house.client.register().answer(row.document, row.request.row, &set);
        ask.settle(done)?
    } else {
        None
    };
    if done.is_none() {
        return Ok(Answer::Unsound(page_of(ask, &row)));
    }
    Ok(Answer::GoAndSay("/register".to_owned(), Message::new("request-moved-on")))
}
