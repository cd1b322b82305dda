//! A person: the name they want to be called by, how to reach them, what they need and can do, who matters to them and what they
//! agreed to. Nothing that is protected stands here.

pub mod consent;
pub mod edit;
pub mod guarded;
pub mod parts;
pub mod protection;
pub mod questions;
mod rows;

use doorstep_client_core::client::PersonPage;
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::function::Ability;
use doorstep_client_core::records::identity::Occupancy;
use doorstep_client_core::records::{Date, Reading, Row as _, Seen};
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::page::mistaken::{self, Of};
use crate::page::{property, twins};
use crate::view::facts::{Facts, join, section};
use crate::view::{self, Tab};
use crate::words::Speech;
use parts::Part;

/// The page.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    let record = ask.record()?;
    let speech = ask.speech();
    let page = ask.house.client.people().get(record, Reading::Cautious)?;
    let names = ask.house.names();
    let facts = Facts { speech, names: &names, now: ask.now() };
    let homes = homes(ask, facts, &page.view.occupancies)?;
    let person = page.view.person.as_ref().map(|seen| &seen.value);
    let body = html! {
        div.head {
            div { h1 { (page.row.name) } (who(speech, &page)) }
            div.actions {
                a.button href={"/person/" (record) "/part/person"} { (speech.say("part-person")) }
                a.button.quiet href={"/person/" (record) "/questions"} { (speech.say("person-questions")) }
                (guarded::ways(ask, record)?)
                a.button.quiet href={"/person/" (record) "/protection"} { (speech.say(if protection::holds(person) { "protection" } else { "protection-begin" })) }
                a.button.quiet href={"/timeline/" (record)} { (speech.say("timeline")) }
                @if ask.house.who().is_desk {
                    a.button.quiet href={"/reports/resident/" (record)} { (speech.say("report-resident")) }
                    a.button.quiet href={"/register/ask/" (record)} { (speech.say("register-ask")) }
                    a.button.quiet href={"/register/allocations/new/" (record)} { (speech.say("allocation-new")) }
                }
            }
        }
        (protection::notice(ask, person))
        @if !page.view.conflicts.is_empty() {
            p.disputes { a href="/reconcile" { (speech.tell("disputes", "n", page.view.conflicts.len())) } }
        }
        (twins::links(ask, &ask.house.client.duplicates().linked(record)?))
        div.columns {
            div {
                (part(facts, record, "needs", Part::Need, &lines(facts, record, Some(Part::Need), &page.view.needs, property::need)))
                (part(facts, record, "language-of-person", Part::Language, &language(facts, &page)))
                (part(facts, record, "abilities", Part::Ability, &abilities(facts, record, &page)))
                (mistaken::taken(ask, Of::Person(record))?)
                (section(&speech.say("conditions"), &lines(facts, record, None, &page.view.conditions, rows::condition)))
                (part(facts, record, "contacts", Part::Contact, &lines(facts, record, Some(Part::Contact), &page.view.contacts, rows::contact)))
                (section(&speech.say("homes"), &homes))
                (part(facts, record, "notes", Part::Note, &lines(facts, record, None, &page.view.notes, rows::note)))
            }
            div {
                (consents(facts, record, &page))
                (network(facts, record, &page))
            }
        }
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Search), &speech.say("title-person"), body)))
}

/// A part with its rows, and the way to another; of what there is one of, the way to change it.
fn part(facts: Facts<'_>, record: RecordId, heading: &str, part: Part, lines: &[Markup]) -> Markup {
    let speech = facts.speech;
    let verb = if part.is_single() && !lines.is_empty() { "change" } else { "add" };
    html! {
        section.card {
            h2 { (speech.say(heading)) }
            @if lines.is_empty() { p.empty { (speech.say("not-known")) } }
            ul.facts { @for line in lines { (line) } }
            p { a.button.quiet href={"/person/" (record) "/part/" (part.word())} aria-label=(speech.tell_all(if verb == "add" { "add-what" } else { "change-what" }, &[("what", speech.say(part.label()).into())])) { (speech.say(verb)) } }
        }
    }
}

/// Who lives there, who matters, who speaks for the person and who knows them.
fn network(facts: Facts<'_>, record: RecordId, page: &PersonPage) -> Markup {
    let (speech, view) = (facts.speech, &page.view);
    let today = Date::of(facts.now);
    let household: Vec<Markup> = view
        .household
        .iter()
        .map(|seen| facts.line(&rows::household(speech, &seen.value), seen.made.as_ref(), &seen.disputed))
        .collect();
    let proxies: Vec<Markup> = view
        .proxies
        .iter()
        .map(|seen| {
            let change = change(speech, record, Part::Proxy, seen);
            facts.line_with(&rows::proxy(speech, &seen.value, &today), seen.made.as_ref(), &seen.disputed, &change)
        })
        .collect();
    html! {
        (part(facts, record, "household", Part::Household, &household))
        (part(facts, record, "members-of-household", Part::Member, &lines(facts, record, Some(Part::Member), &view.members, rows::member)))
        (part(facts, record, "important-people", Part::Important, &lines(facts, record, Some(Part::Important), &view.important, rows::important)))
        (part(facts, record, "proxies", Part::Proxy, &proxies))
        (part(facts, record, "known-to", Part::Professional, &lines(facts, record, Some(Part::Professional), &view.professionals, rows::professional)))
    }
}

/// What the person agreed to: the latest word on each, and the way to ask.
fn consents(facts: Facts<'_>, record: RecordId, page: &PersonPage) -> Markup {
    let speech = facts.speech;
    html! {
        section.card {
            h2 { (speech.say("consents")) }
            @if page.view.consents.is_empty() { p.empty { (speech.say("consents-none")) } }
            ul.facts { @for line in lines(facts, record, None, &page.view.consents, rows::consent) { (line) } }
            p { a.button.quiet href={"/person/" (record) "/consents"} { (speech.say("consents-open")) } }
        }
    }
}

/// The way to change a row.
fn change<R>(speech: Speech, record: RecordId, part: Part, seen: &Seen<R>) -> Markup {
    html! { a.change href={"/person/" (record) "/part/" (part.word()) "/" (seen.row)} aria-label=(speech.tell("change-what", "what", speech.say(part.label()))) { (speech.say("change")) } }
}

/// Rows in words; those of a part can be changed.
fn lines<R>(
    facts: Facts<'_>,
    record: RecordId,
    part: Option<Part>,
    rows: &[Seen<R>],
    words: fn(Speech, &R) -> String,
) -> Vec<Markup> {
    let line = |seen: &Seen<R>| {
        let more = html! { @if let Some(part) = part { (change(facts.speech, record, part, seen)) } };
        facts.line_with(&words(facts.speech, &seen.value), seen.made.as_ref(), &seen.disputed, &more)
    };
    rows.iter().map(line).collect()
}

/// What they can do: each can be changed, and taken back where it was said of somebody else.
fn abilities(facts: Facts<'_>, record: RecordId, page: &PersonPage) -> Vec<Markup> {
    let speech = facts.speech;
    let line = |seen: &Seen<Ability>| {
        let words = property::ability(speech, &seen.value);
        let more = html! {
            (change(speech, record, Part::Ability, seen))
            (mistaken::way(speech, Of::Person(record), Ability::COLLECTION, seen.row, &words))
        };
        facts.line_with(&words, seen.made.as_ref(), &seen.disputed, &more)
    };
    page.view.abilities.iter().map(line).collect()
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
