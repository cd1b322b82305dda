//! A team: which devices are in it, which zones it holds and until when; who joins, who leaves, what it is let into. Whoever can
//! read no more because of it gets no key that is made from then on.

pub mod grant;

use doorstep_client_core::client::{DeviceRow, GrantRow, TeamRow};
use doorstep_protocol::authority::TeamTier;
use doorstep_protocol::{DeviceId, OrganisationId, TeamId};
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::network::{Done, Errand};
use crate::page::register::agreements;
use crate::view::facts::join;
use crate::view::filter::named;
use crate::view::form::{self, Field};
use crate::view::{self, Tab, token};
use crate::words::Message;

/// Characters of a name.
pub(super) const NAME_CHARS_MAX: usize = 120;

fn of_path(ask: &Ask) -> Result<TeamRow, Fault> {
    let team: TeamId = ask.part("team")?;
    ask.house.client.partnership().teams()?.into_iter().find(|row| row.team == team).ok_or(Fault::NotFound)
}

/// The page of a team.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    let team = of_path(ask)?;
    Ok(Answer::Page(page_of(ask, &team)?))
}

fn page_of(ask: &Ask, team: &TeamRow) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let partnership = ask.house.client.partnership();
    let devices = partnership.devices()?;
    let (inside, outside): (Vec<&DeviceRow>, Vec<&DeviceRow>) =
        devices.iter().filter(|row| !row.revoked).partition(|row| team.devices.contains(&row.device));
    let grants: Vec<GrantRow> = partnership.grants()?.into_iter().filter(|row| row.of_team == team.team).collect();
    let others: Vec<TeamRow> = partnership.teams()?.into_iter().filter(|row| row.team != team.team).collect();
    let tier = match team.tier {
        TeamTier::Ops => "tier-ops",
        TeamTier::Restricted => "tier-restricted",
    };
    let choices = |rows: &[&DeviceRow]| -> Vec<(String, String)> {
        rows.iter().map(|row| (row.device.to_string(), device_words(row))).collect()
    };
    let teams: Vec<(String, String)> = others.iter().map(|row| (row.team.to_string(), row.name.clone())).collect();
    let agreements = agreements::choices(ask)?;
    let body = html! {
        p.kicker { a href="/devices" { (speech.say("tab-devices")) } }
        h1 { (team.name) }
        p.by { (join([Some(team.organisation_name.clone()), Some(format!("{}: {}", speech.say("tier"), speech.say(tier)))])) }
        (form::summary(ask))
        div.columns {
            section.card {
                h2 { (speech.tell("devices-count", "n", inside.len())) }
                ul.facts {
                    @for row in &inside {
                        li.fact {
                            a href={"/device/" (row.device)} { strong { (row.name) } }
                            span.words { (row.workers.join(", ")) }
                            @if row.this_device { span.tag { (speech.say("this-device")) } }
                            form.inline method="post" action={"/team/" (team.team) "/leave"} {
                                (token(ask))
                                input type="hidden" name="member" value=(row.device);
                                button.quiet { (speech.say("team-remove")) span.unseen { ": " (row.name) } }
                            }
                        }
                    }
                }
                @if !outside.is_empty() {
                    form.sheet method="post" action={"/team/" (team.team) "/join"} novalidate {
                        (token(ask))
                        (form::select(ask, Field::named("joins"), &choices(&outside)))
                        button { (speech.say("team-add")) }
                    }
                }
                @if !inside.is_empty() && !teams.is_empty() {
                    details open[ask.fields.error("moves").is_some() || ask.fields.error("moves_to").is_some()] {
                        summary { (speech.say("team-move")) }
                        form.sheet method="post" action={"/team/" (team.team) "/move"} novalidate {
                            (token(ask))
                            (form::select(ask, Field::named("moves"), &choices(&inside)))
                            (form::select(ask, Field::named("moves_to"), &teams))
                            button { (speech.say("team-move-now")) }
                        }
                    }
                }
            }
            section.card {
                h2 { (speech.say("grants")) }
                @if grants.is_empty() { p.empty { (speech.say("grants-none")) } }
                ul.facts { @for row in &grants { (grant::line(ask, row, &agreements)) } }
                p { a.button href={"/team/" (team.team) "/grant"} { (speech.say("grant-give")) } }
            }
        }
    };
    Ok(view::page(ask, Some(Tab::Devices), &team.name, body))
}

fn device_words(row: &DeviceRow) -> String {
    let workers = row.workers.join(", ");
    if workers.is_empty() { row.name.clone() } else { format!("{} ({workers})", row.name) }
}

/// Changes who is in teams, and says so.
fn change(ask: &Ask, team: TeamId, device: DeviceId, joined: Vec<TeamId>, left: Vec<TeamId>) -> Result<Answer, Fault> {
    let has_left = !left.is_empty();
    let Done::Ended(rotated) = ask.errand(Errand::ChangeTeams { device, joined, left })? else {
        return Err(Fault::Bug);
    };
    let name = ask.house.names().device(device);
    let said = if has_left {
        Message::new("team-left").with("device", name).with("teams", rotated.teams).with("zones", rotated.zones)
    } else {
        Message::new("team-joined").with("device", name)
    };
    Ok(Answer::GoAndSay(format!("/team/{team}"), said))
}

/// A device joins.
pub fn join_team(ask: &mut Ask) -> Result<Answer, Fault> {
    let team = of_path(ask)?;
    let Some(device) = ask.fields.chosen::<DeviceId>("joins") else { return Ok(Answer::Unsound(page_of(ask, &team)?)) };
    change(ask, team.team, device, vec![team.team], Vec::new())
}

/// A device leaves.
pub fn leave_team(ask: &mut Ask) -> Result<Answer, Fault> {
    let team = of_path(ask)?;
    let device: DeviceId = ask.fields.typed("member").parse().map_err(|_| Fault::NotFound)?;
    change(ask, team.team, device, Vec::new(), vec![team.team])
}

/// A device goes from this team to another, in one step.
pub fn move_on(ask: &mut Ask) -> Result<Answer, Fault> {
    let team = of_path(ask)?;
    let (device, to) = (ask.fields.chosen::<DeviceId>("moves"), ask.fields.chosen::<TeamId>("moves_to"));
    let (Some(device), Some(to)) = (device, to) else { return Ok(Answer::Unsound(page_of(ask, &team)?)) };
    change(ask, team.team, device, vec![to], vec![team.team])
}

/// The form for a new team.
pub fn show_new(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(new_page(ask)))
}

fn new_page(ask: &Ask) -> Markup {
    let speech = ask.speech();
    let tiers = [("ops", "tier-ops"), ("restricted", "tier-restricted")];
    let tiers = tiers.map(|(value, id)| (value.to_owned(), speech.say(id)));
    let body = html! {
        p.kicker { a href="/devices" { (speech.say("tab-devices")) } }
        h1 { (speech.say("team-new")) }
        p.lead { (speech.say("team-new-text")) }
        (form::form(ask, "/teams/new", html! {
            (form::line(ask, Field::named("team_name"), "text", None))
            (form::select(ask, Field::named("of_organisation"), &named(&ask.house.names().organisations, "")))
            (form::choice(ask, Field::with_hint("team_tier", "tier-hint"), &tiers))
            div.actions { button.main { (speech.say("team-make")) } a.button.quiet href="/devices" { (speech.say("cancel")) } }
        }))
    };
    view::page(ask, Some(Tab::Devices), &speech.say("team-new"), body)
}

/// Makes it; this desk is in it, to hand its key on.
pub fn create(ask: &mut Ask) -> Result<Answer, Fault> {
    let name = ask.fields.text_needed("team_name", NAME_CHARS_MAX);
    let organisation = ask.fields.chosen::<OrganisationId>("of_organisation");
    let tier = match ask.fields.typed("team_tier") {
        "ops" => Some(TeamTier::Ops),
        "restricted" => Some(TeamTier::Restricted),
        _ => None,
    };
    if tier.is_none() {
        ask.fields.refuse("team_tier", Message::new("error-choose"));
    }
    let known = ask.house.names();
    if name.as_ref().is_some_and(|name| known.teams.values().any(|known| known.eq_ignore_ascii_case(name))) {
        ask.fields.refuse("team_name", Message::new("error-name-taken"));
    }
    let (Some(name), Some(organisation), Some(tier), true) = (name, organisation, tier, ask.fields.is_sound()) else {
        return Ok(Answer::Unsound(new_page(ask)));
    };
    let Done::Team(team) = ask.errand(Errand::CreateTeam { organisation, tier })? else { return Err(Fault::Bug) };
    let mut names = doorstep_client_core::partnership::Names::default();
    names.teams.insert(team, name.clone());
    ask.house.client.directory().set(&names)?;
    // The name goes up at once, so that nobody meets a team without one.
    ask.house.forget_names();
    ask.house.wake();
    Ok(Answer::GoAndSay(format!("/team/{team}"), Message::new("team-made").with("team", name)))
}
