//! Devices, teams, grants and access; and what to do when a tablet is lost.

pub mod seats;

use doorstep_client_core::client::{DeviceRow, Exposure};
use doorstep_protocol::DeviceId;
use doorstep_protocol::authority::{RevokeReason, TeamTier};
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::network::{Done, Errand};
use crate::view::facts::join;
use crate::view::form::{self, Field};
use crate::view::{self, Tab, token};
use crate::words::{Arg, Message, Speech};

/// Every device, every team.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    let speech = ask.speech();
    let partnership = ask.house.client.partnership();
    let (devices, teams, owed) = (partnership.devices()?, partnership.teams()?, partnership.owed_keys()?);
    let body = html! {
        h1 { (speech.say("tab-devices")) }
        @if !owed.is_empty() {
            p.refusal role="alert" { (speech.tell("keys-owed", "names", [owed.teams, owed.zones].concat().join(", "))) }
        }
        section.card {
            h2 { (speech.tell("devices-count", "n", devices.len())) }
            ul.found { @for row in &devices { (line(speech, row)) } }
            div.actions {
                a.button href="/enrol" { (speech.say("enrol")) }
                a.button.quiet href="/keeping" { (speech.say("keeping")) }
            }
        }
        section.card {
            h2 { (speech.say("teams")) }
            div.scroll tabindex="0" role="region" aria-label=(speech.say("teams")) {
                table {
                    thead { tr {
                        th scope="col" { (speech.say("team")) } th scope="col" { (speech.say("organisation")) }
                        th scope="col" { (speech.say("tier")) } th scope="col" { (speech.say("members")) }
                        th scope="col" { (speech.say("zones")) }
                    } }
                    tbody { @for team in &teams { tr {
                        th scope="row" { a href={"/team/" (team.team)} { (team.name) } }
                        td { (team.organisation_name) }
                        td { (speech.say(match team.tier { TeamTier::Ops => "tier-ops", TeamTier::Restricted => "tier-restricted" })) }
                        td.number { (team.members) }
                        td { (team.zones.join(", ")) }
                    } } }
                }
            }
            div.actions {
                a.button.quiet href="/devices/access" { (speech.say("access-who")) }
                a.button.quiet href="/teams/new" { (speech.say("team-new")) }
            }
        }
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Devices), &speech.say("tab-devices"), body)))
}

fn line(speech: Speech, row: &DeviceRow) -> Markup {
    html! {
        li {
            a.open href={"/device/" (row.device)} {
                strong { (row.name) }
                span { (join([Some(row.workers.join(", ")), Some(row.organisation.clone())])) }
                @if row.this_device { span.tag { (speech.say("this-device")) } }
                @if row.revoked { span.tag.warn { (speech.say("device-ended")) } }
            }
        }
    }
}

/// Who holds which records, and every grant.
pub fn access(ask: &mut Ask) -> Result<Answer, Fault> {
    let speech = ask.speech();
    let rows = ask.house.client.partnership().access()?;
    let now = ask.now();
    let body = html! {
        h1 { (speech.say("access-who")) }
        p.lead { (speech.say("access-text")) }
        div.scroll tabindex="0" role="region" aria-label=(speech.say("access-who")) {
            table {
                thead { tr {
                    th scope="col" { (speech.say("zone")) } th scope="col" { (speech.say("holds")) }
                    th scope="col" { (speech.say("team")) } th scope="col" { (speech.say("device")) }
                    th scope="col" { (speech.say("rights")) } th scope="col" { (speech.say("grant-expires")) }
                    th scope="col" { (speech.say("last-wrote")) }
                } }
                tbody { @for row in &rows { tr {
                    th scope="row" { (row.zone) }
                    td { (speech.code("class", row.class.as_str())) }
                    td { (row.team) }
                    td { (row.device) " " span.by { (row.workers.join(", ")) } }
                    td { (row.rights.iter().map(|right| speech.code("right", right)).collect::<Vec<_>>().join(", ")) }
                    td { @match row.expires { Some(at) => (speech.moment(at, now)), None => (speech.say("never")) } }
                    td { @match row.last_wrote { Some(at) => (speech.since(at, now)), None => (speech.say("not-yet")) } }
                } } }
            }
        }
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Devices), &speech.say("access-who"), body)))
}

fn of_path(ask: &Ask) -> Result<(DeviceRow, Exposure), Fault> {
    let id: DeviceId = ask.part("device")?;
    let partnership = ask.house.client.partnership();
    let row = partnership.devices()?.into_iter().find(|row| row.device == id).ok_or(Fault::NotFound)?;
    Ok((row, partnership.exposure(id)?))
}

/// One device: what it is, what it could read, and what to do when it is missing.
pub fn one(ask: &mut Ask) -> Result<Answer, Fault> {
    let (row, exposure) = of_path(ask)?;
    let speech = ask.speech();
    let id = row.device;
    let is_frozen = exposure.frozen_since.is_some();
    let body = html! {
        div.head { div {
            h1 { (row.name) }
            p.by { (join([Some(row.workers.join(", ")), Some(row.organisation.clone()), Some(row.teams.join(", "))])) }
            p {
                @if row.this_device { span.tag { (speech.say("this-device")) } }
                @if row.revoked { span.tag.warn { (speech.say("device-ended")) } }
                @if is_frozen && !row.revoked { span.tag.warn { (speech.say("device-frozen")) } }
            }
        } }
        @if !row.revoked && !row.this_device {
            section.card.lost {
                h2 { (speech.say("lost-question")) }
                ol.steps {
                    li {
                        p { (speech.say("lost-freeze-text")) }
                        @if is_frozen {
                            form.inline method="post" action={"/device/" (id) "/unfreeze"} { (token(ask)) button.quiet { (speech.say("unfreeze")) } }
                        } @else {
                            form.inline method="post" action={"/device/" (id) "/freeze"} { (token(ask)) button.main { (speech.say("freeze")) } }
                        }
                    }
                    li {
                        p { (speech.say("lost-end-text")) }
                        a.button.danger href={"/device/" (id) "/lost"} { (speech.say("lost-end")) }
                    }
                    li { p { (speech.say("lost-after-text")) } }
                }
            }
        }
        @if !row.revoked { (seats::section(ask, &row)?) }
        (exposed(ask, &exposure))
        p { a.button.quiet href={"/reports/exposure/" (id)} { (speech.say("report-exposure")) } }
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Devices), &row.name, body)))
}

fn exposed(ask: &Ask, exposure: &Exposure) -> Markup {
    let (speech, now) = (ask.speech(), ask.now());
    html! {
        section.card {
            h2 { (speech.say("exposure")) }
            p.hint {
                @match exposure.last_work_came {
                    Some(at) => (speech.tell("last-work-came", "at", speech.moment(at, now))),
                    None => (speech.say("no-work-came")),
                }
            }
            div.scroll tabindex="0" role="region" aria-label=(speech.say("exposure")) {
                table {
                    thead { tr {
                        th scope="col" { (speech.say("zone")) } th scope="col" { (speech.say("holds")) }
                        th scope="col" { (speech.say("since")) } th scope="col" { (speech.say("until")) }
                        th scope="col" { (speech.say("documents")) } th scope="col" { (speech.say("how")) }
                    } }
                    tbody { @for zone in &exposure.zones { tr {
                        th scope="row" { (zone.name) }
                        td { (speech.code("class", zone.class.as_str())) }
                        td { (speech.moment(zone.since, now)) }
                        td { @match zone.until { Some(at) => (speech.moment(at, now)), None => (speech.say("still")) } }
                        td.number { @match zone.documents { Some(count) => (count), None => (speech.say("not-known")) } }
                        td { (speech.say(if zone.behind_glass { "how-glass" } else { "how-at-once" })) }
                    } } }
                }
            }
        }
    }
}

/// Stops a device from being served.
pub fn freeze(ask: &mut Ask) -> Result<Answer, Fault> {
    let (row, _) = of_path(ask)?;
    ask.errand(Errand::Freeze(row.device))?;
    Ok(Answer::GoAndSay(format!("/device/{}", row.device), Message::new("frozen-now").with("device", row.name)))
}

/// Serves it again.
pub fn unfreeze(ask: &mut Ask) -> Result<Answer, Fault> {
    let (row, _) = of_path(ask)?;
    ask.errand(Errand::Unfreeze(row.device))?;
    Ok(Answer::GoAndSay(format!("/device/{}", row.device), Message::new("unfrozen-now").with("device", row.name)))
}

/// Asks once more, by name.
pub fn ask_lost(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(confirm(ask)?))
}

fn confirm(ask: &Ask) -> Result<Markup, Fault> {
    let (row, _) = of_path(ask)?;
    let speech = ask.speech();
    let reasons = [("lost", "reason-lost"), ("retired", "reason-retired")];
    let reasons: Vec<(String, String)> =
        reasons.into_iter().map(|(word, id)| (word.to_owned(), speech.say(id))).collect();
    let body = html! {
        p.kicker { a href={"/device/" (row.device)} { (row.name) } }
        h1 { (speech.tell("lost-title", "device", row.name.as_str())) }
        p { (speech.say("lost-end-text")) }
        p { (speech.say("lost-after-text")) }
        (form::form(ask, &format!("/device/{}/lost", row.device), html! {
            (form::choice(ask, Field::named("end_reason"), &reasons))
            (form::line(ask, Field::with_hint("device_name", "device-name-hint"), "text", None))
            div.actions {
                button.main.danger { (speech.say("lost-end")) }
                a.button.quiet href={"/device/" (row.device)} { (speech.say("cancel")) }
            }
        }))
    };
    Ok(view::page(ask, Some(Tab::Devices), &speech.say("lost-end"), body))
}

/// Ends it, and replaces every key that it had.
pub fn end(ask: &mut Ask) -> Result<Answer, Fault> {
    let (row, _) = of_path(ask)?;
    let reason = match ask.fields.typed("end_reason") {
        "lost" => Some(RevokeReason::Lost),
        "retired" => Some(RevokeReason::Retired),
        _ => None,
    };
    if reason.is_none() {
        ask.fields.refuse("end_reason", Message::new("error-choose"));
    }
    if ask.fields.typed("device_name").trim() != row.name {
        ask.fields.refuse("device_name", Message::new("error-device-name").with("device", row.name.as_str()));
    }
    let (Some(reason), true) = (reason, ask.fields.is_sound()) else { return Ok(Answer::Unsound(confirm(ask)?)) };
    let Done::Ended(rotated) = ask.errand(Errand::End(row.device, reason))? else { return Err(Fault::Bug) };
    let id = if rotated.alarms.is_empty() { "lost-ended" } else { "lost-ended-alarm" };
    let said = Message {
        id,
        args: vec![
            ("device", Arg::Text(row.name)),
            ("teams", Arg::from(rotated.teams)),
            ("zones", Arg::from(rotated.zones)),
        ],
    };
    Ok(Answer::GoAndSay(format!("/device/{}", row.device), said))
}
