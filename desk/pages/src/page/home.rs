//! Home: what is to do, the search, and how sync stands.

use doorstep_client_core::client::ClientError;
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::page::{glass, search, visit};
use crate::view::{self, Tab};
use crate::words::Speech;

/// Visits that are listed here.
const VISITS_SHOWN: usize = 6;

/// One thing to do.
struct Todo {
    href: &'static str,
    count: u64,
    label: &'static str,
    none: &'static str,
    is_urgent: bool,
}

/// The page.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    let speech = ask.speech();
    let client = &ask.house.client;
    let standing = client.standing()?;
    let conflicts = client.conflicts().list()?.len() as u64;
    let late: u64 = client.late_work()?.iter().map(|work| work.envelopes.len() as u64).sum();
    let unsent = ask.house.unsent_homes() as u64;
    // Only an auditor's device reads the chains: for the others there is nothing to count.
    let glasses = match client.audit().verify() {
        Ok(page) => Some(page.tasks.len() as u64 + page.alarms.len() as u64),
        Err(ClientError::Restricted(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let mut todos = vec![
        Todo {
            href: "/reconcile",
            count: conflicts,
            label: "todo-conflicts",
            none: "todo-conflicts-none",
            is_urgent: false,
        },
        Todo { href: "/late", count: late, label: "todo-late", none: "todo-late-none", is_urgent: false },
    ];
    if let Some(count) = glasses {
        todos.push(Todo { href: "/audit", count, label: "todo-glass", none: "todo-glass-none", is_urgent: true });
    }
    todos.push(Todo {
        href: "/health",
        count: unsent,
        label: "todo-unsent",
        none: "todo-unsent-none",
        is_urgent: false,
    });
    let troubled = standing.set_aside + standing.waiting + standing.outbox.refused;
    todos.push(Todo {
        href: "/health",
        count: troubled,
        label: "todo-trouble",
        none: "todo-trouble-none",
        is_urgent: true,
    });
    let visits = visit::rows_of(ask, VISITS_SHOWN)?;
    let body = html! {
        h1 { (greeting(ask)) }
        (glass::banner(ask)?)
        (search::form(ask, None))
        section aria-labelledby="todo" {
            h2 id="todo" { (speech.say("todo")) }
            ul.todos { @for todo in &todos { (tile(speech, todo)) } }
        }
        section.card {
            h2 { (speech.say("visits-recent")) }
            @if visits.is_empty() {
                p.empty { (speech.say("visits-none")) }
            } @else {
                (visit::table(ask, &visits))
            }
        }
        p.figures {
            (speech.tell("figures-homes", "n", standing.properties)) " · "
            (speech.tell("figures-people", "n", standing.people))
        }
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Home), &speech.say("tab-home"), body)))
}

fn greeting(ask: &Ask) -> String {
    let worker = ask.house.who().worker;
    let first = worker.split_whitespace().next().unwrap_or_default();
    if first.is_empty() { ask.speech().say("hello") } else { ask.speech().tell("hello-name", "name", first) }
}

fn tile(speech: Speech, todo: &Todo) -> Markup {
    let tone = match (todo.count, todo.is_urgent) {
        (0, _) => "calm",
        (_, true) => "alarm",
        (_, false) => "due",
    };
    html! {
        li {
            a class={"tile " (tone)} href=(todo.href) {
                @if todo.count == 0 {
                    span.count aria-hidden="true" { "✓" }
                    span { (speech.say(todo.none)) }
                } @else {
                    span.count aria-hidden="true" { (todo.count) }
                    span { (speech.tell(todo.label, "n", todo.count)) }
                }
            }
        }
    }
}
