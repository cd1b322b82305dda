//! Home: what is to do, the search, and how sync stands.

use maud::html;

use crate::ask::{Answer, Ask, Fault};
use crate::page::{glass, search, todo, visit};
use crate::view::{self, Tab};

/// Visits that are listed here.
const VISITS_SHOWN: usize = 6;
/// Visits of today, and those that are still being recorded.
const AT_HAND_SHOWN: usize = 12;

/// The page.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    let speech = ask.speech();
    let client = &ask.house.client;
    let standing = client.standing()?;
    let counts = client.todo().counts()?;
    let at_hand = visit::at_hand(ask, AT_HAND_SHOWN)?;
    let visits = visit::rows_of(ask, VISITS_SHOWN)?;
    let body = html! {
        h1 { (greeting(ask)) }
        (glass::banner(ask)?)
        (search::form(ask, None))
        section.card {
            h2 { (speech.say("visits-today")) }
            @if at_hand.is_empty() {
                p.empty { (speech.say("visits-today-none")) }
            } @else {
                (visit::table(ask, &at_hand))
            }
        }
        section aria-labelledby="todo" {
            h2 id="todo" { (speech.say("todo")) }
            (todo::tiles(speech, &counts))
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
            (speech.tell("figures-people", "n", standing.people)) " · "
            a href="/places" { (speech.say("places-browse")) }
        }
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Home), &speech.say("tab-home"), body)))
}

fn greeting(ask: &Ask) -> String {
    let worker = ask.house.who().worker;
    let first = worker.split_whitespace().next().unwrap_or_default();
    if first.is_empty() { ask.speech().say("hello") } else { ask.speech().tell("hello-name", "name", first) }
}
