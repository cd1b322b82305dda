//! Bringing in a device: an invitation as a code and as text, and the request with which the device answers. Remote invitations
//! come with six words that are shown once, to be read out over the telephone.

use doorstep_client_core::client::TeamRow;
use doorstep_client_core::partnership::{
    AcceptPlan, Engagement, EnrolmentRequest, InvitePlan, InviteRow, InviteState, Way,
};
use doorstep_client_core::records::Date;
use doorstep_client_core::sync::Enrolled;
use doorstep_protocol::authority::TeamTier;
use doorstep_protocol::{InviteId, Millis, OrganisationId, TeamId};
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::network::{Done, Errand};
use crate::page::devices::seats::worker_named;
use crate::view::filter::named;
use crate::view::form::{self, Field};
use crate::view::{self, Tab, code, token};
use crate::words::{Message, clockwork};

/// Characters of a name.
const NAME_CHARS_MAX: usize = 120;
/// Characters of a request as text.
const REQUEST_CHARS_MAX: usize = 20_000;

/// The page: the next step, and every invitation.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(page_of(ask)?))
}

fn page_of(ask: &Ask) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let rows = ask.house.client.partnership().invitations()?;
    let choose = |all: [(&str, &str); 2]| all.map(|(value, id)| (value.to_owned(), speech.say(id)));
    let body = html! {
        p.kicker { a href="/devices" { (speech.say("tab-devices")) } }
        h1 { (speech.say("enrol")) }
        ol.steps {
            li { p { (speech.say("enrol-step-invite")) } }
            li { p { (speech.say("enrol-step-device")) } }
            li { p { (speech.say("enrol-step-accept")) } }
        }
        div.columns {
            section.card {
                h2 { (speech.say("invite-new")) }
                (form::form(ask, "/enrol", html! {
                    (form::choice(ask, Field::named("invite_way"), &choose([("in-person", "way-in-person"), ("remote", "way-remote")])))
                    (form::choice(ask, Field::with_hint("invite_for", "invite-for-hint"), &choose([("staff", "for-staff"), ("volunteer", "for-volunteer")])))
                    button.main { (speech.say("invite-make")) }
                }))
            }
            section.card {
                h2 { (speech.say("enrol-accept")) }
                p.hint { (speech.say("enrol-accept-text")) }
                p { a.button href="/enrol/accept" { (speech.say("enrol-accept")) } }
            }
        }
        section.card {
            h2 { (speech.say("invitations")) }
            @if rows.is_empty() { p.empty { (speech.say("invitations-none")) } }
            ul.facts { @for row in &rows { (line(ask, row)) } }
        }
    };
    Ok(view::page(ask, Some(Tab::Devices), &speech.say("enrol"), body))
}

fn line(ask: &Ask, row: &InviteRow) -> Markup {
    let (speech, now) = (ask.speech(), ask.now());
    let state = match row.state {
        InviteState::Waits => "invite-waits",
        InviteState::Used => "invite-used",
        InviteState::Expired => "invite-expired",
        InviteState::Void => "invite-void",
    };
    let words = [
        speech.say(match row.way {
            Way::InPerson => "way-in-person",
            Way::Remote => "way-remote",
        }),
        speech.say(match row.engagement {
            Engagement::Staff => "for-staff",
            Engagement::Volunteer => "for-volunteer",
        }),
        speech.tell("invite-until", "at", speech.moment(row.expires, now)),
    ];
    html! {
        li.fact {
            strong { (speech.say(state)) }
            span.words { (words.join(", ")) }
            span.by { (speech.moment(row.made, now)) }
            @if row.state == InviteState::Waits {
                form.inline method="post" action="/enrol/cancel" {
                    (token(ask))
                    input type="hidden" name="invite" value=(row.id);
                    button.quiet { (speech.say("invite-cancel")) span.unseen { ": " (speech.moment(row.made, now)) } }
                }
            }
        }
    }
}

/// Makes an invitation and shows it, this once: its words are kept nowhere.
pub fn invite(ask: &mut Ask) -> Result<Answer, Fault> {
    let way = match ask.fields.typed("invite_way") {
        "in-person" => Some(Way::InPerson),
        "remote" => Some(Way::Remote),
        _ => None,
    };
    let engagement = match ask.fields.typed("invite_for") {
        "staff" => Some(Engagement::Staff),
        "volunteer" => Some(Engagement::Volunteer),
        _ => None,
    };
    for (field, is_missing) in [("invite_way", way.is_none()), ("invite_for", engagement.is_none())] {
        if is_missing {
            ask.fields.refuse(field, Message::new("error-choose"));
        }
    }
    let (Some(way), Some(engagement)) = (way, engagement) else { return Ok(Answer::Unsound(page_of(ask)?)) };
    let invited = ask.house.client.partnership().invite(&InvitePlan { way, engagement, valid_ms: None })?;
    let text = invited.invitation.to_text();
    let (speech, now) = (ask.speech(), ask.now());
    let body = html! {
        p.kicker { a href="/enrol" { (speech.say("enrol")) } }
        h1 { (speech.say("invitation")) }
        p.lead { (speech.tell("invitation-text", "at", speech.moment(invited.invitation.expires, now))) }
        @if let Some(words) = &invited.words {
            section.card.words-once {
                h2 { (speech.say("invitation-words")) }
                p.value { (words.expose_text()) }
                p.hint { (speech.say("invitation-words-text")) }
            }
        }
        section.card {
            h2 { (speech.say("invitation-code")) }
            (code::square(&text, &speech.say("invitation-code")))
            label for="f-invitation" { (speech.say("invitation-as-text")) }
            textarea id="f-invitation" rows="4" readonly { (text) }
        }
        p { a.button href="/enrol/accept" { (speech.say("enrol-accept")) } }
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Devices), &speech.say("invitation"), body)))
}

/// Cancels one.
pub fn cancel(ask: &mut Ask) -> Result<Answer, Fault> {
    let invite: InviteId = ask.fields.typed("invite").parse().map_err(|_| Fault::NotFound)?;
    ask.house.client.partnership().cancel_invitation(invite)?;
    Ok(Answer::GoAndSay("/enrol".to_owned(), Message::new("invite-cancelled")))
}

/// The form for a request.
pub fn show_accept(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(accept_page(ask)?))
}

fn accept_page(ask: &Ask) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let teams = ask.house.client.partnership().teams()?;
    let teams: Vec<(String, String)> =
        teams.iter().filter(|row| !row.is_everyone()).map(|row| (row.team.to_string(), row.name.clone())).collect();
    let engagements = [("staff", "for-staff"), ("volunteer", "for-volunteer")];
    let engagements = engagements.map(|(value, id)| (value.to_owned(), speech.say(id)));
    let body = html! {
        p.kicker { a href="/enrol" { (speech.say("enrol")) } }
        h1 { (speech.say("enrol-accept")) }
        (form::form(ask, "/enrol/accept", html! {
            (form::area(ask, Field::with_hint("enrol_request", "enrol-request-hint")))
            (form::line(ask, Field::with_hint("new_device", "new-device-hint"), "text", None))
            (form::line(ask, Field::with_hint("worker_name", "worker-name-hint"), "text", None))
            (form::several(ask, Field::named("worker_new"), &[("yes".to_owned(), speech.say("worker-new"))]))
            (form::select(ask, Field::named("of_organisation"), &named(&ask.house.names().organisations, "")))
            (form::several(ask, Field::with_hint("in_teams", "in-teams-hint"), &teams))
            (form::choice(ask, Field::named("invite_for"), &engagements))
            (form::line(ask, Field::with_hint("until_day", "until-day-hint"), "date", None))
            div.actions { button.main { (speech.say("enrol-accept-now")) } a.button.quiet href="/enrol" { (speech.say("cancel")) } }
        }))
    };
    Ok(view::page(ask, Some(Tab::Devices), &speech.say("enrol-accept"), body))
}

/// Takes the request: the device becomes a member.
pub fn accept(ask: &mut Ask) -> Result<Answer, Fault> {
    let text = ask.fields.text_needed("enrol_request", REQUEST_CHARS_MAX);
    let request = text.and_then(|text| EnrolmentRequest::from_text(&text).ok());
    if request.is_none() {
        ask.fields.refuse("enrol_request", Message::new("error-request"));
    }
    let device_name = ask.fields.text_needed("new_device", NAME_CHARS_MAX);
    let worker_name = ask.fields.text_needed("worker_name", NAME_CHARS_MAX);
    let organisation = ask.fields.chosen::<OrganisationId>("of_organisation");
    let engagement = match ask.fields.typed("invite_for") {
        "staff" => Some(Engagement::Staff),
        "volunteer" => Some(Engagement::Volunteer),
        _ => None,
    };
    if engagement.is_none() {
        ask.fields.refuse("invite_for", Message::new("error-choose"));
    }
    let not_after = until(ask, engagement);
    let teams = match (organisation, engagement) {
        (Some(organisation), Some(engagement)) => teams(ask, organisation, engagement)?,
        _ => Vec::new(),
    };
    let worker = match &worker_name {
        Some(name) => worker_named(ask, "worker_name", name)?,
        None => None,
    };
    let (Some(request), Some(device_name), Some(worker_name), Some((worker, _)), true) =
        (request, device_name, worker_name, worker, ask.fields.is_sound())
    else {
        return Ok(Answer::Unsound(accept_page(ask)?));
    };
    let (Some(organisation), Some(engagement)) = (organisation, engagement) else {
        return Ok(Answer::Unsound(accept_page(ask)?));
    };
    let plan = AcceptPlan { organisation, teams, worker, engagement, not_after };
    let Done::Enrolled(enrolled) = ask.errand(Errand::Enrol(Box::new(request), Box::new(plan)))? else {
        return Err(Fault::Bug);
    };
    let (member, said) = match enrolled {
        Enrolled::Now(member) => (member, "enrolled"),
        Enrolled::Before(member) => (member, "enrolled-before"),
    };
    ask.house.client.partnership().name((member.device, &device_name), (member.worker, &worker_name))?;
    // The names go up at once, so that nobody meets a device without one.
    ask.house.forget_names();
    ask.house.wake();
    Ok(Answer::GoAndSay(format!("/device/{}", member.device), Message::new(said).with("device", device_name)))
}

/// The last moment of the last day; a volunteer has one.
fn until(ask: &mut Ask, engagement: Option<Engagement>) -> Option<Millis> {
    let day = ask.fields.parsed::<Date>("until_day", "error-date");
    if day.is_none() && engagement == Some(Engagement::Volunteer) {
        ask.fields.refuse("until_day", Message::new("error-volunteer-day"));
    }
    let end = clockwork::end_of_day(day?.as_str());
    if end.is_none_or(|end| end <= ask.now()) {
        ask.fields.refuse("until_day", Message::new("error-past"));
    }
    end
}

/// The teams that it joins: those chosen, else the field team of its organisation; and that of everyone.
fn teams(ask: &mut Ask, organisation: OrganisationId, engagement: Engagement) -> Result<Vec<TeamId>, Fault> {
    let all = ask.house.client.partnership().teams()?;
    let chosen: Vec<TeamId> = ask.fields.all("in_teams").filter_map(|id| id.parse().ok()).collect();
    let is_chosen = |row: &&TeamRow| match chosen.is_empty() {
        true => row.is_field_team_of(organisation),
        // That of everyone is joined in any case, and only once.
        false => chosen.contains(&row.team) && !row.is_everyone(),
    };
    let mut teams: Vec<&TeamRow> = all.iter().filter(is_chosen).collect();
    if teams.is_empty() {
        ask.fields.refuse("in_teams", Message::new("error-team-needed"));
    }
    if engagement == Engagement::Volunteer && teams.iter().any(|row| row.tier == TeamTier::Restricted) {
        ask.fields.refuse("in_teams", Message::new("error-volunteer-team"));
    }
    teams.extend(all.iter().filter(|row| row.is_everyone()));
    Ok(teams.into_iter().map(|row| row.team).collect())
}
