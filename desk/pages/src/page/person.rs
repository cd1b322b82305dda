//! A person: the name they want to be called by, how to reach them, what they need and can do.

use doorstep_client_core::client::PersonPage;
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::identity::{Contact, Occupancy};
use doorstep_client_core::records::{Reading, Seen};
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::page::property;
use crate::view::facts::{Facts, join, section};
use crate::view::{self, Tab};
use crate::words::Speech;

/// The page.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    let record = ask.record()?;
    let speech = ask.speech();
    let page = ask.house.client.people().get(record, Reading::Cautious)?;
    let names = ask.house.names();
    let facts = Facts { speech, names: &names, now: ask.now() };
    let homes = homes(ask, facts, &page.view.occupancies)?;
    let body = html! {
        div.head {
            div { h1 { (page.row.name) } (who(speech, &page)) }
            div.actions { a.button.quiet href={"/timeline/" (record)} { (speech.say("timeline")) } }
        }
        @if !page.view.conflicts.is_empty() {
            p.disputes { a href="/reconcile" { (speech.tell("disputes", "n", page.view.conflicts.len())) } }
        }
        div.columns {
            div {
                (section(&speech.say("needs"), &lines(facts, &page.view.needs, property::need)))
                (section(&speech.say("language-of-person"), &language(facts, &page)))
                (section(&speech.say("abilities"), &lines(facts, &page.view.abilities, property::ability)))
                (section(&speech.say("notes"), &notes(facts, &page)))
            }
            div {
                (section(&speech.say("homes"), &homes))
                (section(&speech.say("contacts"), &lines(facts, &page.view.contacts, contact)))
            }
        }
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Search), &speech.say("title-person"), body)))
}

fn lines<R>(facts: Facts<'_>, rows: &[Seen<R>], words: fn(Speech, &R) -> String) -> Vec<Markup> {
    rows.iter().map(|seen| facts.line(&words(facts.speech, &seen.value), seen.made.as_ref(), &seen.disputed)).collect()
}

fn who(speech: Speech, page: &PersonPage) -> Markup {
    let person = page.view.person.as_ref().map(|seen| &seen.value);
    let legal = person.map(|person| {
        let names = [&person.title, &person.forename, &person.middle_names, &person.surname];
        names.into_iter().flatten().cloned().collect::<Vec<_>>().join(" ")
    });
    let legal = legal.filter(|legal| !legal.is_empty() && *legal != page.row.name);
    html! {
        p.by {
            (join([
                legal.map(|name| speech.tell("legal-name", "name", name)),
                person.and_then(|person| person.pronouns.clone()),
                person.and_then(|person| person.born.as_ref()).map(|day| speech.tell("born-on", "day", speech.day(day.as_str()))),
                person.and_then(|person| person.died.as_ref()).map(|day| speech.tell("died-on", "day", speech.day(day.as_str()))),
            ]))
        }
    }
}

fn homes(ask: &Ask, facts: Facts<'_>, occupancies: &[Seen<Occupancy>]) -> Result<Vec<Markup>, Fault> {
    let speech = facts.speech;
    let mut lines = Vec::new();
    for seen in occupancies {
        let row = match seen.value.property {
            Some(property) => ask.house.client.properties().row(RecordId(property))?,
            None => None,
        };
        let about = join([
            seen.value.kind.as_ref().map(|code| speech.code("occupancy-kind", code.as_str())),
            seen.value.role.as_ref().map(|code| speech.code("occupancy-role", code.as_str())),
            seen.value.to.as_ref().map(|day| speech.tell("ended-on", "day", speech.day(day.as_str()))),
        ]);
        lines.push(html! {
            li.fact {
                @match &row {
                    Some(row) => a href={"/home/" (row.record)} { strong { (row.address) } },
                    None => span { (speech.say("home-not-here")) },
                }
                span.words { (about) }
                (facts.by(seen.made.as_ref()))
            }
        });
    }
    Ok(lines)
}

fn contact(speech: Speech, row: &Contact) -> String {
    join([
        row.channel.as_ref().map(|code| speech.code("channel", code.as_str())),
        row.value.clone(),
        row.whose.clone(),
        row.purpose.clone(),
        row.ended_on.as_ref().map(|day| speech.tell("ended-on", "day", speech.day(day.as_str()))),
    ])
}

fn language(facts: Facts<'_>, page: &PersonPage) -> Vec<Markup> {
    let speech = facts.speech;
    let Some(seen) = &page.view.language else { return Vec::new() };
    let row = &seen.value;
    let words = join([
        row.spoken.as_ref().map(|tag| speech.tell("speaks", "language", speech.code("tongue", tag))),
        row.written.as_ref().map(|tag| speech.tell("reads", "language", speech.code("tongue", tag))),
        (row.interpreter == Some(true)).then(|| speech.say("interpreter")),
        row.interpreter_language.clone(),
    ]);
    vec![facts.line(&words, seen.made.as_ref(), &seen.disputed)]
}

fn notes(facts: Facts<'_>, page: &PersonPage) -> Vec<Markup> {
    let speech = facts.speech;
    let rows = page.view.notes.iter();
    rows.map(|seen| {
        let words = join([
            seen.value.kind.as_ref().map(|code| speech.code("note-kind", code.as_str())),
            seen.value.decision.clone(),
            seen.value.text.clone(),
        ]);
        facts.line(&words, seen.made.as_ref(), &seen.disputed)
    })
    .collect()
}
