//! The history of a home or a person: every change with who, when, on which device and what stood there before; and who opened
//! what is sealed. Nothing here was ever erased by a choice.

use doorstep_client_core::client::{Page, ReadHow, Reads, TimelineEntry, TimelineFilter};
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::page::property;
use crate::view::facts::{Facts, iso};
use crate::view::{self, Tab};

/// Fields of one change that are shown; the others are counted.
const WROTE_SHOWN: usize = 12;

/// The page.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    let record = ask.record()?;
    let speech = ask.speech();
    let client = &ask.house.client;
    let (title, back) = match client.properties().row(record)? {
        Some(row) => (row.address, format!("/home/{record}")),
        None => {
            let page = client.people().get(record, doorstep_client_core::records::Reading::Shown)?;
            (page.row.name, format!("/person/{record}"))
        }
    };
    let changes = client.timeline().changes(record, &TimelineFilter::default(), Page::FIRST)?;
    let reads = client.timeline().reads(record)?;
    let names = ask.house.names();
    let facts = Facts { speech, names: &names, now: ask.now() };
    let body = html! {
        p.kicker { a href=(back) { (title) } }
        h1 { (speech.say("timeline")) }
        (opened(facts, &reads))
        section.card {
            h2 { (speech.tell("timeline-changes", "n", changes.total)) }
            ol.timeline { @for entry in &changes.rows { (change(facts, entry)) } }
        }
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Search), &speech.say("timeline"), body)))
}

fn change(facts: Facts<'_>, entry: &TimelineEntry) -> Markup {
    let speech = facts.speech;
    html! {
        li {
            p {
                strong { (entry.who) } " "
                span.by { (entry.device) ", " time datetime=(iso(entry.at)) { (speech.moment(entry.at, facts.now)) } ", " (speech.code("class", entry.class.as_str())) }
            }
            ul.wrote {
                @for wrote in entry.wrote.iter().take(WROTE_SHOWN) {
                    @let family = property::family(&wrote.path.collection, &wrote.path.field);
                    li {
                        span.by { (speech.code("collection", &wrote.path.collection)) ": " (speech.code("field", &wrote.path.field)) } " "
                        @for old in &wrote.old { del { (facts.brief(old, family)) } " → " }
                        ins { (facts.brief(&wrote.new, family)) }
                    }
                }
                @if entry.wrote.len() > WROTE_SHOWN { li.by { (speech.tell("timeline-more", "n", entry.wrote.len() - WROTE_SHOWN)) } }
            }
        }
    }
}

fn opened(facts: Facts<'_>, reads: &Reads) -> Markup {
    let speech = facts.speech;
    html! {
        section.card {
            h2 { (speech.say("timeline-reads")) }
            @match reads {
                Reads::AuditorsOnly => p.empty { (speech.say("timeline-auditors")) },
                Reads::Locked => p.empty { (speech.say("no-locked")) },
                Reads::Here(rows) => {
                    @if rows.is_empty() { p.empty { (speech.say("timeline-nobody")) } }
                    ul.facts {
                        @for row in rows {
                            li.fact {
                                strong { (row.who) }
                                span.words {
                                    @match &row.how {
                                        ReadHow::GlassBroken { reason, text, .. } =>
                                            { (speech.say("read-glass-broken")) ": " (speech.code("glass-reason", reason.as_str())) ", " (text) },
                                        ReadHow::BehindGlass { .. } => (speech.say("read-behind-glass")),
                                        ReadHow::WithPurpose { .. } => (speech.say("read-with-purpose")),
                                    }
                                }
                                span.by { (row.device) ", " (speech.moment(row.at, facts.now)) }
                            }
                        }
                    }
                },
            }
        }
    }
}
