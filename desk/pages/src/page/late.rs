//! Late work: what revoked devices had recorded and not sent, or wrote after they were ended. It counts once somebody takes it
//! in, and not before.

use doorstep_client_core::client::{LateItem, LateWhat};
use doorstep_client_core::device::LateWork;
use doorstep_client_core::partnership::adoptions;
use doorstep_client_core::replica::reader::SetAside;
use doorstep_protocol::{InboxNumber, ZoneId};
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::network::{Done, Errand, ErrandError};
use crate::refusals;
use crate::view::{self, Tab, token};
use crate::words::{Message, kebab};

/// The page: what waits at the server, and what is here and does not count.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    let speech = ask.speech();
    let held = ask.house.client.late_work()?;
    let (items, trouble) = match inbox(ask) {
        Ok(items) => (items, None),
        Err(Fault::Errand(error)) => (Vec::new(), Some(refusals::of_errand(&error))),
        Err(error) => return Err(error),
    };
    let names = ask.house.names();
    let now = ask.now();
    let zone = |id: ZoneId| names.zones.get(&id.to_string()).cloned().unwrap_or_else(|| speech.say("zone-unknown"));
    let body = html! {
        h1 { (speech.say("tab-late")) }
        p.lead { (speech.say("late-text")) }
        @if let Some(trouble) = &trouble { p.refusal { (speech.say("late-not-asked")) " " (speech.message(trouble)) } }
        @if items.is_empty() && held.is_empty() && trouble.is_none() { p.empty { (speech.say("late-none")) } }
        @if !items.is_empty() {
            section.card {
                h2 { (speech.say("late-inbox")) }
                ul.facts {
                    @for item in &items {
                        li.fact {
                            strong { (names.device(item.device)) }
                            span.words { (what(ask, item.what)) @if let Some(id) = item.zone { ", " (zone(id)) } }
                            span.by { (speech.moment(item.arrived, now)) }
                            form.inline method="post" action="/late" {
                                (token(ask))
                                input type="hidden" name="number" value=(item.number);
                                @if item.what == LateWhat::Work { button.main name="decision" value="adopt" { (speech.say("late-adopt")) } }
                                button.quiet name="decision" value="dismiss" { (speech.say("late-dismiss")) }
                            }
                        }
                    }
                }
            }
        }
        @if !held.is_empty() {
            section.card {
                h2 { (speech.say("late-here")) }
                p.hint { (speech.say("late-here-text")) }
                ul.facts {
                    @for (at, work) in held.iter().enumerate() { (of_held(ask, at, work, &names.device(work.author), &zone(work.zone))) }
                }
            }
        }
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Late), &speech.say("tab-late"), body)))
}

fn of_held(ask: &Ask, at: usize, work: &LateWork, device: &str, zone: &str) -> Markup {
    let speech = ask.speech();
    html! {
        li.fact {
            strong { (device) }
            span.words { (speech.tell("late-batches", "n", work.envelopes.len())) ", " (zone) }
            span.words { (speech.code("tray", &reason(work.why))) }
            span.by { (speech.moment(work.last_arrived, ask.now())) }
            form.inline method="post" action="/late" {
                (token(ask))
                input type="hidden" name="held" value=(at);
                input type="hidden" name="author" value=(work.author);
                input type="hidden" name="zone" value=(work.zone);
                input type="hidden" name="why" value=(reason(work.why));
                button.main name="decision" value="adopt" { (speech.say("late-adopt")) }
            }
        }
    }
}

fn reason(why: SetAside) -> String {
    kebab(&format!("{why:?}"))
}

fn what(ask: &Ask, what: LateWhat) -> String {
    ask.speech().say(match what {
        LateWhat::Work => "late-work",
        LateWhat::Wiped { unsent: 0, .. } => "late-wiped",
        LateWhat::Wiped { .. } => "late-wiped-some",
        LateWhat::NotReadable => "late-unreadable",
    })
}

fn inbox(ask: &Ask) -> Result<Vec<LateItem>, Fault> {
    let network = ask.house.network.as_ref().ok_or(ErrandError::Gone)?;
    match network.run(Errand::Inbox)? {
        Done::Inbox(items) => Ok(ask.house.client.partnership().late_items(items)?),
        _ => Err(Fault::Bug),
    }
}

/// Takes something in, or takes it away.
pub fn decide(ask: &mut Ask) -> Result<Answer, Fault> {
    if ask.fields.is_ticked("held") { adopt_held(ask) } else { decide_item(ask) }
}

fn decide_item(ask: &Ask) -> Result<Answer, Fault> {
    let number: u64 = ask.fields.typed("number").parse().map_err(|_| Fault::NotFound)?;
    let network = ask.house.network.as_ref().ok_or(ErrandError::Gone)?;
    let Some(item) = inbox(ask)?.into_iter().find(|item| item.number == number) else {
        return Ok(Answer::GoAndSay("/late".to_owned(), Message::new("late-decided-already")));
    };
    let numbers = vec![InboxNumber(item.number)];
    let said = match (ask.fields.typed("decision"), item.zone, item.envelope) {
        ("adopt", Some(zone), Some(envelope)) => {
            let adopts = adoptions([(zone, item.device, envelope)]);
            network.run(Errand::Adopt(adopts))?;
            // On this desk's disk, and in its outbox, before the server's copy goes.
            ask.house.client.partnership().take_late(vec![item])?;
            network.run(Errand::Sync)?;
            "late-adopted"
        }
        ("dismiss", ..) => "late-dismissed",
        _ => return Err(Fault::NotFound),
    };
    network.run(Errand::ClearInbox(numbers))?;
    Ok(Answer::GoAndSay("/late".to_owned(), Message::new(said)))
}

fn adopt_held(ask: &Ask) -> Result<Answer, Fault> {
    let network = ask.house.network.as_ref().ok_or(ErrandError::Gone)?;
    let held = ask.house.client.late_work()?;
    let is_it = |work: &&LateWork| {
        work.author.to_string() == ask.fields.typed("author")
            && work.zone.to_string() == ask.fields.typed("zone")
            && reason(work.why) == ask.fields.typed("why")
    };
    let Some(work) = held.iter().find(is_it) else {
        return Ok(Answer::GoAndSay("/late".to_owned(), Message::new("late-decided-already")));
    };
    let adopts = adoptions(work.envelopes.iter().map(|envelope| (work.zone, work.author, *envelope)));
    network.run(Errand::Adopt(adopts))?;
    Ok(Answer::GoAndSay("/late".to_owned(), Message::new("late-adopted")))
}
