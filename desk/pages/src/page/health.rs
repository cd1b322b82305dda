//! Sync and health, in words: what is not sent yet, when the server was last reached, what waits and why, and a check of
//! everything on this device.

use doorstep_client_core::store::envelopes::Standing;
use doorstep_client_core::sync::{End, Watching};
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::network::{Done, Errand, ErrandError};
use crate::view::{self, Stand, Tab, token};
use crate::words::{Message, Speech, kebab};

/// The page.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    let speech = ask.speech();
    let now = ask.now();
    let standing = ask.house.client.standing()?;
    let stand = Stand::of(&ask.house, speech, now);
    let status = ask.house.network.as_ref().map(crate::network::Network::status);
    let body = html! {
        h1 { (speech.say("tab-health")) }
        p class={"stand " (stand.tone)} { (stand.words) }
        @if let Some(message) = status.as_ref().and_then(|status| status.message.as_ref()) {
            p.refusal { (speech.say("sync-trouble")) " " span lang="en" { (message) } }
        }
        @if let Some(alarm) = &standing.alarm { p.refusal role="alert" { (speech.say("device-alarm")) " " span lang="en" { (alarm.0) } } }
        @if standing.restore_unsigned { p.refusal role="alert" { (speech.say("restore-unsigned")) } }
        @if !standing.equivocations.is_empty() { p.refusal role="alert" { (speech.tell("equivocations", "n", standing.equivocations.len())) } }
        div.actions {
            form.inline method="post" action="/health/sync" { (token(ask)) button.main { (speech.say("sync-now")) } }
            form.inline method="post" action="/health/verify" { (token(ask)) button { (speech.say("verify-now")) } }
        }
        section.card {
            h2 { (speech.say("health-figures")) }
            dl.figures {
                (figure(speech, "figure-unsent", ask.house.unsent_homes() as u64))
                (figure(speech, "figure-to-send", standing.unsealed_changes + standing.outbox.to_send))
                (figure(speech, "figure-refused", standing.outbox.refused))
                (figure(speech, "figure-waiting", standing.waiting))
                (figure(speech, "figure-set-aside", standing.set_aside))
                (figure(speech, "figure-conflicts", standing.documents_in_conflict as u64))
                (figure(speech, "figure-homes", standing.properties))
                (figure(speech, "figure-people", standing.people))
                (figure(speech, "figure-documents", standing.documents))
            }
            @if let Some(at) = standing.not_after { p { (speech.tell("time-over", "at", speech.moment(at, now))) } }
            @if let Some(status) = &status {
                p.by { (speech.say(if status.watching == Watching::Yes { "watching-yes" } else { "watching-no" })) }
            }
        }
        (aside(ask)?)
        (seats(ask)?)
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Health), &speech.say("tab-health"), body)))
}

fn figure(speech: Speech, label: &str, count: u64) -> Markup {
    html! { div { dt { (speech.say(label)) } dd { (count) } } }
}

/// What came and is in no record.
fn aside(ask: &Ask) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let rows = ask.house.client.tray()?;
    let names = ask.house.names();
    Ok(html! {
        @if !rows.is_empty() {
            section.card {
                h2 { (speech.say("tray")) }
                p.hint { (speech.say("tray-text")) }
                ul.facts {
                    @for row in rows.iter().take(50) {
                        li.fact {
                            strong { (row.author.map_or_else(|| speech.say("not-known"), |author| names.device(author))) }
                            span.words { (speech.code("tray", &why(row.standing))) }
                            span.by { (speech.moment(row.arrived, ask.now())) }
                        }
                    }
                }
            }
        }
    })
}

/// Why something is in no record, as the catalogue spells it.
fn why(standing: Standing) -> String {
    match standing {
        Standing::Waits(wait) => kebab(&format!("{wait:?}")),
        Standing::SetAside(why) => kebab(&format!("{why:?}")),
        Standing::Applied | Standing::Closed => "kept".to_owned(),
    }
}

/// The worker's PIN, and locking.
fn seats(ask: &Ask) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let seats = ask.house.client.seats();
    let rows = seats.list()?;
    if ask.house.who().is_desk {
        return Ok(html! {});
    }
    Ok(html! {
        section.card {
            h2 { (speech.say("pin")) }
            p { (speech.say(match (rows.is_empty(), seats.is_unlocked()) {
                (true, _) => "pin-none",
                (false, true) => "pin-unlocked",
                (false, false) => "pin-locked",
            })) }
            div.actions {
                a.button.quiet href="/unlock" { (speech.say(if seats.asks_for_pin() { "unlock" } else { "pin-choose" })) }
                @if !rows.is_empty() && seats.is_unlocked() {
                    form.inline method="post" action="/lock" { (token(ask)) button { (speech.say("lock-now")) } }
                }
            }
        }
    })
}

/// Catches up now.
pub fn sync(ask: &mut Ask) -> Result<Answer, Fault> {
    let network = ask.house.network.as_ref().ok_or(ErrandError::Gone)?;
    let Done::Synced(report) = network.run(Errand::Sync)? else { return Err(Fault::Bug) };
    let said = match report.end {
        End::CaughtUp => Message::new("synced").with("sent", report.sent).with("received", report.received),
        End::Cancelled | End::OutOfTime | End::Waiting { .. } => Message::new("no-connection"),
        End::Stopped { .. } => Message::new("status-stopped"),
    };
    Ok(Answer::GoAndSay("/health".to_owned(), said))
}

/// Checks everything on this device against everything else.
pub fn verify(ask: &mut Ask) -> Result<Answer, Fault> {
    let report = ask.house.client.verify()?;
    let said = if report.faults.is_empty() {
        Message::new("verified").with("envelopes", report.envelopes).with("documents", report.documents)
    } else {
        Message::new("verify-faults").with("n", report.faults.len())
    };
    Ok(Answer::GoAndSay("/health".to_owned(), said))
}
