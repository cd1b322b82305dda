//! The firebox: one screen for a crew, read in two seconds. Each question has its place, whether or not anybody knows the
//! answer; what nobody recorded is *not known*, never *no*; each fact has its age. No PIN, no network, no gate.

use doorstep_client_core::records::firebox::{Basis, FireEntry, FireLine};
use doorstep_client_core::records::index::FlagState;
use doorstep_client_core::records::rooms;
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::page::glass;
use crate::view::facts::Facts;
use crate::view::{self, Tab};
use crate::words::{Arg, Speech};

pub mod spoken;

/// The message of a line.
const fn label(line: FireLine) -> &'static str {
    match line {
        FireLine::PeopleInside => "line-people-inside",
        FireLine::CannotSelfEvacuate => "line-cannot-self-evacuate",
        FireLine::Rescue => "line-rescue",
        FireLine::OxygenAndCylinders => "line-oxygen",
        FireLine::ClutterAndRoutes => "line-routes",
        FireLine::ViolenceOrDog => "line-violence",
        FireLine::Alarms => "line-alarms",
        FireLine::Telecare => "line-telecare",
        FireLine::Sprinkler => "line-sprinkler",
        FireLine::EBikes => "line-e-bikes",
        FireLine::IgnitionAndFuel => "line-ignition",
        FireLine::Asbestos => "line-asbestos",
        FireLine::AccessAndKeySafe => "line-access",
        FireLine::Contact => "line-contact",
    }
}

/// Whether what stands on a line is a danger to the crew or to who is inside.
const fn is_danger(line: FireLine) -> bool {
    matches!(
        line,
        FireLine::CannotSelfEvacuate
            | FireLine::Rescue
            | FireLine::OxygenAndCylinders
            | FireLine::ClutterAndRoutes
            | FireLine::ViolenceOrDog
            | FireLine::EBikes
            | FireLine::IgnitionAndFuel
            | FireLine::Asbestos
    )
}

/// The page.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    let speech = ask.speech();
    let record = ask.record()?;
    let page = ask.house.client.firebox().open(record)?;
    let names = ask.house.names();
    let facts = Facts { speech, names: &names, now: ask.now() };
    let body = html! {
        div.firebox-head {
            div {
                p.kicker { (speech.say("firebox")) }
                h1 { (page.row.address) }
            }
            div.actions {
                a.button.glass href={"/glass/" (record)} { (speech.say("glass-break")) }
                a.button.quiet href={"/home/" (record)} { (speech.say("whole-record")) }
            }
        }
        (glass::banner(ask)?)
        ul.firebox {
            @for (line, entries) in &page.view.lines { (cell(facts, *line, entries)) }
        }
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Search), &speech.say("firebox"), body)))
}

fn cell(facts: Facts<'_>, line: FireLine, entries: &[FireEntry]) -> Markup {
    let speech = facts.speech;
    let tone = match (entries.is_empty(), is_danger(line)) {
        (true, _) => "unknown",
        (false, true) => "danger",
        (false, false) => "known",
    };
    html! {
        li class={"cell " (tone)} {
            h2 { (speech.say(label(line))) }
            @if entries.is_empty() {
                p.unknown { (speech.say("not-known")) }
            } @else {
                ul { @for entry in once(entries) { li { (said(facts, line, entry)) } } }
            }
        }
    }
}

/// The same words for the same place are said once, by the newest of them: two visits that saw one thing are no two dangers.
fn once(entries: &[FireEntry]) -> Vec<&FireEntry> {
    let mut shown: Vec<&FireEntry> = Vec::with_capacity(entries.len());
    for entry in entries {
        let is_told = shown.iter().any(|other| {
            (&other.words, other.basis) == (&entry.words, entry.basis)
                && rooms::is_same(other.place.as_deref(), entry.place.as_deref())
                && (other.is_disputed || !entry.is_disputed)
        });
        if !is_told {
            shown.push(entry);
        }
    }
    shown
}

fn said(facts: Facts<'_>, line: FireLine, entry: &FireEntry) -> Markup {
    let speech = facts.speech;
    // The number of people stands alone in the record, and their floor where other facts have a room.
    let counted = (line == FireLine::PeopleInside).then(|| entry.words.parse::<u64>().ok()).flatten();
    let words = counted.map_or_else(|| words(speech, entry), |count| speech.tell("said-people", "n", count));
    html! {
        span.words { (words) }
        @match (&entry.place, counted) {
            (Some(floor), Some(_)) => span.place { (speech.tell("said-floor", "floor", floor.as_str())) },
            (Some(place), None) => span.place { (speech.room(place)) },
            (None, _) => {},
        }
        @if entry.is_disputed { (facts.disputed()) }
        span.age {
            (match entry.age_ms { Some(age) => speech.age(age), None => speech.say("age-unknown") })
        }
    }
}

fn words(speech: Speech, entry: &FireEntry) -> String {
    match entry.basis {
        Basis::Fact => spoken::fact(speech, &entry.words),
        Basis::Flag(state) => {
            // The contact is the last part of what the record says of a flag.
            let contact = entry.words.rsplit_once(": ").map_or("", |(_, rest)| rest);
            let contact = contact.trim_start_matches("lapsed, ").trim_start_matches("ask ");
            let id = if state == FlagState::Lapsed { "flag-lapsed" } else { "flag-ask" };
            let kind = speech.code("flag-kind", &entry.kind);
            let contact = match contact {
                "the organisation that set it" | "" => speech.say("flag-contact-none"),
                named => named.to_owned(),
            };
            speech.tell_all(id, &[("kind", Arg::Text(kind)), ("contact", Arg::Text(contact))])
        }
    }
}
