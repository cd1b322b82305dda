//! The disclosure register: who asked for what, how they were identified, what was decided by whom, what was given, and every
//! refusal with its reason. And what residents ask for, by the day on which it is due; who works with whom; what was agreed.

pub mod agreements;
pub mod allocations;
pub mod asked;
pub mod decided;
pub mod request;

use doorstep_client_core::client::{DisclosureRow, RegisterFilter, RequestRow};
use doorstep_client_core::records::register::DisclosureDecision;
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::view::facts::join;
use crate::view::filter;
use crate::view::{self, Tab};

/// What the session calls this list.
const LIST: &str = "register";

/// The page.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(page_of(ask)?))
}

/// Narrows the list, or goes on in it.
pub fn narrow(ask: &mut Ask) -> Result<Answer, Fault> {
    if !filter::take(ask, LIST) {
        return Ok(Answer::Unsound(page_of(ask)?));
    }
    Ok(Answer::Go("/register".to_owned()))
}

fn page_of(ask: &mut Ask) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let asked = filter::read(ask, LIST)?;
    let decision = ask.fields.typed("filter_state");
    let decision = (!decision.is_empty()).then(|| DisclosureDecision::from_code(decision));
    let wanted = RegisterFilter { record: None, decision, text: asked.text };
    let listed = ask.house.client.register().disclosures(&wanted, asked.page)?;
    let requests = ask.house.client.register().requests(doorstep_client_core::client::Page::FIRST)?;
    let (open, closed): (Vec<&RequestRow>, Vec<&RequestRow>) =
        requests.rows.iter().partition(|row| row.request.value.is_open());
    let choices = view::form::codes(ask, "disclosure-decision", DisclosureDecision::CODES);
    let body = html! {
        div.head {
            div { h1 { (speech.say("register")) } p.lead { (speech.say("register-text")) } }
            div.actions {
                a.button.main href="/register/ask" { (speech.say("register-ask")) }
                a.button href="/register/request" { (speech.say("register-request")) }
                a.button.quiet href="/register/allocations" { (speech.say("allocations")) }
                a.button.quiet href="/register/agreements" { (speech.say("agreements")) }
            }
        }
        section.card {
            h2 { (speech.tell("requests-open", "n", open.len())) }
            @if open.is_empty() { p.empty { (speech.say("requests-none")) } }
            ul.found { @for row in open { (request_line(ask, row)) } }
            @if !closed.is_empty() {
                details {
                    summary { (speech.tell("requests-closed", "n", closed.len())) }
                    ul.found { @for row in closed { (request_line(ask, row)) } }
                }
            }
        }
        section {
            h2 { (speech.say("disclosures")) }
            (filter::form(ask, "/register/list", &[], &[filter::one_of(ask, "filter_state", &choices)])?)
            @if listed.rows.is_empty() {
                p.empty { @if filter::is_narrow(ask) { (speech.say("filter-none")) } @else { (speech.say("disclosures-none")) } }
            }
            ul.found.card { @for row in &listed.rows { (line(ask, row)) } }
            (filter::pager(ask, "/register/list", asked.page, listed.total))
        }
    };
    Ok(view::page(ask, Some(Tab::Register), &speech.say("register"), body))
}

/// A disclosure in the list: who, about whom, what was decided, and of a refusal why.
fn line(ask: &Ask, row: &DisclosureRow) -> Markup {
    let (speech, now) = (ask.speech(), ask.now());
    let value = &row.disclosure.value;
    let decision = value.decision.as_ref().map_or("pending", DisclosureDecision::as_str);
    html! {
        li {
            a.open href={"/register/" (row.document) "/" (row.disclosure.row)} {
                strong { (join([value.asked_by.clone(), value.organisation.clone()])) }
                @if value.is_pending() {
                    span.tag.warn { (speech.code("disclosure-decision", decision)) }
                } @else {
                    span.tag { (speech.code("disclosure-decision", decision)) }
                }
                span { (join([row.title.clone(), value.asked.clone()])) }
                @if value.decision == Some(DisclosureDecision::Refused) {
                    @if let Some(why) = &value.why { span { (speech.tell("refused-because", "why", why.as_str())) } }
                }
                @if let Some(at) = value.asked_at { span.by { (speech.moment(at, now)) } }
            }
        }
    }
}

fn request_line(ask: &Ask, row: &RequestRow) -> Markup {
    let speech = ask.speech();
    let value = &row.request.value;
    let kind = value.kind.as_ref().map(|kind| speech.code("request-kind", kind.as_str()));
    html! {
        li {
            a.open href={"/register/request/" (row.document) "/" (row.request.row)} {
                strong { (join([value.asked_by.clone(), kind])) }
                @if let Some(state) = &value.state { span.tag { (speech.code("request-state", state.as_str())) } }
                span { (join([row.title.clone(), value.text.clone()])) }
                @if let (true, Some(due)) = (value.is_open(), &value.due) { span.tag.warn { (speech.tell("due-by", "day", speech.day(due.as_str()))) } }
            }
        }
    }
}
