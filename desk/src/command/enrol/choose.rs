//! What a person names when a request is accepted: organisation, teams, last day.

use doorstep_client_core::client::{Client, TeamRow};
use doorstep_client_core::partnership::Engagement;
use doorstep_client_core::records::Date;
use doorstep_protocol::authority::TeamTier;
use doorstep_protocol::{Millis, OrganisationId, TeamId, WorkerId};

use crate::failure::DeskError;

/// The longest name.
const NAME_CHARS_MAX: usize = 120;

/// A name of a device or a worker, as people say it.
pub(in crate::command) fn check_name(field: &'static str, name: &str) -> Result<(), DeskError> {
    if name.trim().is_empty() || name.chars().count() > NAME_CHARS_MAX || name.chars().any(char::is_control) {
        return Err(DeskError::input(field, "a name of 1 to 120 characters", "write it as people say it"));
    }
    Ok(())
}

/// The last moment of a day, by the clock of where this program runs.
pub(in crate::command) fn end_of_day(text: &str) -> Result<Millis, DeskError> {
    let wrong = || DeskError::input("--until", "a day as YYYY-MM-DD", "write it like 2027-03-31");
    let day: Date = text.parse().map_err(|_| wrong())?;
    let day: jiff::civil::Date = day.as_str().parse().map_err(|_| wrong())?;
    let end = day.tomorrow().and_then(|next| next.to_zoned(jiff::tz::TimeZone::system())).map_err(|_| wrong())?;
    u64::try_from(end.timestamp().as_millisecond()).map(|next| Millis(next.saturating_sub(1))).map_err(|_| wrong())
}

pub(in crate::command) fn new_worker() -> Result<WorkerId, DeskError> {
    let mut id = [0u8; 16];
    getrandom::fill(&mut id).map_err(|_| DeskError::Bug("the system gives no randomness".into()))?;
    Ok(WorkerId(id))
}

pub(super) fn organisation(client: &Client, wanted: &str) -> Result<OrganisationId, DeskError> {
    let names = client.directory().names()?;
    let found = names.organisations.iter().find(|(_, name)| name.eq_ignore_ascii_case(wanted.trim()));
    found.and_then(|(id, _)| id.parse().ok()).ok_or_else(|| {
        let mut known: Vec<&str> = names.organisations.values().map(String::as_str).collect();
        known.sort_unstable();
        DeskError::NotFound {
            what: "--organisation".into(),
            remedy: format!("there is no such organisation here; there are: {}", known.join(", ")).into(),
        }
    })
}

/// The teams by name, else the organisation's own; with the team that everyone is in.
pub(super) fn teams(
    all: &[TeamRow],
    organisation: OrganisationId,
    wanted: &[String],
    engagement: Engagement,
) -> Result<Vec<(TeamId, String)>, DeskError> {
    let mut chosen: Vec<(TeamId, String)> = Vec::new();
    for name in wanted {
        let found = all.iter().find(|team| team.name.eq_ignore_ascii_case(name.trim()));
        let team = found.ok_or_else(|| DeskError::NotFound {
            what: "--team".into(),
            remedy: format!(
                "there is no such team here; there are: {}",
                all.iter().map(|team| team.name.as_str()).collect::<Vec<_>>().join(", ")
            )
            .into(),
        })?;
        if engagement == Engagement::Volunteer && team.tier == TeamTier::Restricted {
            return Err(DeskError::input(
                "--team",
                format!("{} opens sealed detail, and a volunteer is never in such a team", team.name),
                "leave it out, or enrol a member of staff",
            ));
        }
        chosen.push((team.team, team.name.clone()));
    }
    let own = |team: &&TeamRow| team.is_field_team_of(organisation);
    if wanted.is_empty() {
        chosen.extend(all.iter().filter(own).map(|team| (team.team, team.name.clone())));
    }
    if chosen.is_empty() {
        return Err(DeskError::NotFound {
            what: "--team".into(),
            remedy: "this organisation has no field team: name a team (see `doorstep teams`)".into(),
        });
    }
    chosen.extend(all.iter().filter(|team| team.is_everyone()).map(|team| (team.team, team.name.clone())));
    chosen.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
    chosen.dedup();
    Ok(chosen)
}
