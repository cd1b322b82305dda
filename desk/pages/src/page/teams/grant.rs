//! Letting a team into a zone: what it may do, what for, by what law, until when; and ending that.

use doorstep_client_core::client::GrantRow;
use doorstep_client_core::partnership::{GrantPlan, law, purpose};
use doorstep_client_core::records::Date;
use doorstep_protocol::authority::Rights;
use doorstep_protocol::{Digest32, GrantId, Millis, ZoneId};
use maud::{Markup, html};

use super::of_path;
use crate::ask::{Answer, Ask, Fault};
use crate::network::{Done, Errand};
use crate::page::register::agreements;
use crate::view::facts::join;
use crate::view::filter::named;
use crate::view::form::{self, Field};
use crate::view::{self, Tab, token};
use crate::words::{Message, Speech, clockwork};

/// Rights with what they are in the log.
const RIGHTS: [(&str, Rights); 3] = [("read", Rights::READ), ("write", Rights::WRITE), ("glass", Rights::GLASS)];
/// Purposes with their codes.
const PURPOSES: [(&str, u16); 4] = [
    ("prevention", purpose::PREVENTION),
    ("housing-condition", purpose::HOUSING_CONDITION),
    ("emergency", purpose::EMERGENCY),
    ("audit", purpose::AUDIT),
];
/// Legal powers with their codes.
const POWERS: [(&str, u16); 3] =
    [("care-act", law::CARE_ACT), ("fire-services-act", law::FIRE_SERVICES_ACT), ("housing-act", law::HOUSING_ACT)];

/// The word of a code.
fn word(all: &[(&'static str, u16)], code: u16) -> Option<&'static str> {
    all.iter().find(|(_, known)| *known == code).map(|(word, _)| *word)
}

/// What a grant is for, in words.
#[must_use]
pub fn purpose_words(speech: Speech, code: u16) -> String {
    word(&PURPOSES, code).map_or_else(|| code.to_string(), |word| speech.code("grant-purpose", word))
}

/// A grant in a list, with its end.
pub(super) fn line(ask: &Ask, row: &GrantRow, agreements: &[(Digest32, String)]) -> Markup {
    let (speech, now) = (ask.speech(), ask.now());
    let purposes = row.purposes.iter().map(|code| purpose_words(speech, *code));
    let purposes = purposes.collect::<Vec<_>>().join(", ");
    let rights: Vec<String> = row.rights.iter().map(|right| speech.code("right", right)).collect();
    let until = row.expires.map(|at| speech.tell("grant-until", "at", speech.moment(at, now)));
    let stands_on = row.agreement.map(|digest| {
        let name = agreements.iter().find(|(known, _)| *known == digest).map(|(_, name)| name.clone());
        speech.tell("grant-agreement", "name", name.unwrap_or_else(|| speech.say("not-known")))
    });
    html! {
        li.fact {
            strong { (row.zone) }
            span.words { (join([Some(rights.join(", ")), Some(purposes), word(&POWERS, row.legal_power).map(|word| speech.code("legal-power", word)), stands_on, until])) }
            form.inline method="post" action="/grant/end" {
                (token(ask))
                input type="hidden" name="grant" value=(row.grant);
                input type="hidden" name="team" value=(row.of_team);
                button.quiet { (speech.say("grant-end")) span.unseen { ": " (row.zone) } }
            }
        }
    }
}

/// The form.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(page_of(ask)?))
}

fn page_of(ask: &Ask) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let team = of_path(ask)?;
    let at = format!("/team/{}", team.team);
    let words = |family: &str, all: &[(&str, u16)]| {
        all.iter().map(|(word, _)| ((*word).to_owned(), speech.code(family, word))).collect::<Vec<_>>()
    };
    let rights: Vec<_> = RIGHTS.iter().map(|(word, _)| ((*word).to_owned(), speech.code("right", word))).collect();
    let agreements = agreements::choices(ask)?;
    let agreements: Vec<_> = agreements.into_iter().map(|(digest, name)| (digest.to_string(), name)).collect();
    let body = html! {
        p.kicker { a href=(at) { (team.name) } }
        h1 { (speech.say("grant-give")) }
        p.lead { (speech.say("grant-text")) }
        (form::form(ask, &format!("{at}/grant"), html! {
            (form::select(ask, Field::named("grant_zone"), &named(&ask.house.names().zones, "")))
            (form::several(ask, Field::named("grant_rights"), &rights))
            (form::several(ask, Field::named("grant_purposes"), &words("grant-purpose", &PURPOSES)))
            (form::select(ask, Field::with_hint("grant_power", "grant-power-hint"), &words("legal-power", &POWERS)))
            @if !agreements.is_empty() { (form::select_or(ask, Field::named("grant_agreement"), "grant-agreement-none", &agreements)) }
            (form::line(ask, Field::with_hint("grant_until", "grant-until-hint"), "date", None))
            div.actions { button.main { (speech.say("grant-give-now")) } a.button.quiet href=(at) { (speech.say("cancel")) } }
        }))
    };
    Ok(view::page(ask, Some(Tab::Devices), &speech.say("grant-give"), body))
}

/// Lets the team in.
pub fn give(ask: &mut Ask) -> Result<Answer, Fault> {
    let team = of_path(ask)?;
    let zone = ask.fields.chosen::<ZoneId>("grant_zone");
    let rights = RIGHTS.iter().filter(|(word, _)| ask.fields.all("grant_rights").any(|chosen| chosen == *word));
    let rights = Rights(rights.fold(0, |bits, (_, right)| bits | right.0));
    let purposes: Vec<u16> = PURPOSES
        .iter()
        .filter(|(word, _)| ask.fields.all("grant_purposes").any(|chosen| chosen == *word))
        .map(|(_, code)| *code)
        .collect();
    let power = POWERS.iter().find(|(word, _)| *word == ask.fields.typed("grant_power")).map(|(_, code)| *code);
    for (field, is_missing) in
        [("grant_rights", rights.0 == 0), ("grant_purposes", purposes.is_empty()), ("grant_power", power.is_none())]
    {
        if is_missing {
            ask.fields.refuse(field, Message::new("error-choose"));
        }
    }
    let expires = until(ask);
    let agreement = ask.fields.parsed::<Digest32>("grant_agreement", "error-choose");
    let (Some(zone), Some(legal_power), true) = (zone, power, ask.fields.is_sound()) else {
        return Ok(Answer::Unsound(page_of(ask)?));
    };
    let plan = GrantPlan {
        zone,
        team: team.team,
        rights,
        purposes,
        agreement,
        legal_power,
        lawful_basis: law::PUBLIC_TASK,
        expires,
    };
    ask.errand(Errand::GiveGrant(plan))?;
    Ok(Answer::GoAndSay(format!("/team/{}", team.team), Message::new("grant-given")))
}

/// The last moment of the last day, where one is set.
fn until(ask: &mut Ask) -> Option<Millis> {
    let day = ask.fields.parsed::<Date>("grant_until", "error-date")?;
    let end = clockwork::end_of_day(day.as_str());
    if end.is_none_or(|end| end <= ask.now()) {
        ask.fields.refuse("grant_until", Message::new("error-past"));
    }
    end
}

/// Ends one: the zone gets a new key in the same step.
pub fn end(ask: &mut Ask) -> Result<Answer, Fault> {
    let grant: GrantId = ask.fields.typed("grant").parse().map_err(|_| Fault::NotFound)?;
    let team: doorstep_protocol::TeamId = ask.fields.typed("team").parse().map_err(|_| Fault::NotFound)?;
    let Done::Ended(rotated) = ask.errand(Errand::EndGrant(grant))? else { return Err(Fault::Bug) };
    Ok(Answer::GoAndSay(format!("/team/{team}"), Message::new("grant-ended").with("zones", rotated.zones)))
}
