//! Who read what, at an auditor's desk: broken glasses to be looked at, and chains that do not hold.

use doorstep_client_core::audit::ReviewOutcome;
use doorstep_client_core::client::{AuditPage, ClientError, TaskRow};
use doorstep_protocol::EnvelopeId;
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::refusals;
use crate::view::form::{self, Field};
use crate::view::{self, Tab};
use crate::words::{Message, kebab};

/// The page.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(page_of(ask)?))
}

fn page_of(ask: &Ask) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let body = match ask.house.client.audit().verify() {
        Ok(page) => html! {
            h1 { (speech.say("tab-audit")) }
            p.lead { (speech.tell_all("audit-followed", &[("devices", page.devices.into()), ("records", page.records.into())])) }
            (alarms(ask, &page))
            section {
                h2 { (speech.tell("audit-tasks", "n", page.tasks.len())) }
                @if page.tasks.is_empty() { p.empty { (speech.say("audit-tasks-none")) } }
                @for (at, task) in page.tasks.iter().enumerate() { (task_card(ask, task, at == 0)) }
            }
        },
        Err(error @ (ClientError::Restricted(_) | ClientError::Unlock(_))) => html! {
            h1 { (speech.say("tab-audit")) }
            p.lead { (speech.say("audit-elsewhere")) }
            p.refusal { (speech.message(&refusals::of(&error))) }
            @if ask.house.client.seats().asks_for_pin() { p { a.button.main href="/unlock" { (speech.say("unlock")) } } }
        },
        Err(error) => return Err(error.into()),
    };
    Ok(view::page(ask, Some(Tab::Audit), &speech.say("tab-audit"), body))
}

fn alarms(ask: &Ask, page: &AuditPage) -> Markup {
    let speech = ask.speech();
    html! {
        @if !page.alarms.is_empty() {
            section.card.alarms role="alert" {
                h2 { (speech.tell("audit-alarms", "n", page.alarms.len())) }
                ul.facts {
                    @for (device, alarm) in &page.alarms {
                        li.fact { strong { (device) } span.words { (speech.code("audit-alarm", &kebab(&format!("{:?}", alarm.kind)))) } }
                    }
                }
            }
        }
    }
}

fn task_card(ask: &Ask, row: &TaskRow, is_next: bool) -> Markup {
    let (speech, now) = (ask.speech(), ask.now());
    let task = &row.task;
    let outcomes: Vec<&str> = ReviewOutcome::ALL.iter().map(|outcome| outcome.as_str()).collect();
    let is_this = ask.fields.typed("glass") == task.glass.to_string();
    html! {
        article.card.task {
            h3 { (row.address.clone().unwrap_or_else(|| speech.say("a-home"))) }
            p.value { (speech.code("glass-reason", task.reason.as_str())) ": " (task.text) }
            dl {
                dt { (speech.say("said-by")) } dd { (row.who) }
                dt { (speech.say("said-on")) } dd { (row.device_name) }
                dt { (speech.say("said-when")) } dd { (speech.moment(task.at, now)) }
                @if let Some(incident) = &task.incident { dt { (speech.say("incident")) } dd { (incident) } }
                dt { (speech.say("times-shown")) } dd { (task.reads) }
            }
            // One after the other: the next one has the form, or the one whose form was sent and had something wrong.
            @if is_this || (is_next && !ask.fields.is_ticked("glass")) {
                (form::form(ask, "/audit", html! {
                    input type="hidden" name="glass" value=(task.glass);
                    (form::choice(ask, Field::named("review"), &form::codes(ask, "review", &outcomes)))
                    (form::line(ask, Field::with_hint("review_note", "review-hint"), "text", None))
                    button.main { (speech.say("review-save")) }
                }))
            }
        }
    }
}

/// Says what looking at one came to.
pub fn review(ask: &mut Ask) -> Result<Answer, Fault> {
    let glass: EnvelopeId = ask.fields.typed("glass").parse().map_err(|_| Fault::NotFound)?;
    let outcome = ReviewOutcome::of(ask.fields.typed("review"));
    if outcome.is_none() {
        ask.fields.refuse("review", Message::new("error-choose"));
    }
    let note = ask.fields.text_needed("review_note", 500);
    let (Some(outcome), Some(note), true) = (outcome, note, ask.fields.is_sound()) else {
        return Ok(Answer::Unsound(page_of(ask)?));
    };
    ask.house.client.audit().review(glass, outcome, &note)?;
    ask.house.wake();
    Ok(Answer::GoAndSay("/audit".to_owned(), Message::new("review-saved")))
}
