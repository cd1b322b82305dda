//! `doorstep enrol`: a further device, by two texts handed over in person. The desk shows an invitation, the device answers
//! with a request, the desk accepts it.

use std::path::PathBuf;

use doorstep_client_core::client::{Client, TeamRow};
use doorstep_client_core::partnership::{AcceptPlan, EnrolmentRequest, Invitation};
use doorstep_client_core::records::Date;
use doorstep_client_core::transport::Transport;
use doorstep_protocol::authority::DeviceKind;
use doorstep_protocol::{DeviceId, Millis, OrganisationId, TeamId, WorkerId};

use crate::context::Context;
use crate::failure::DeskError;
use crate::link;
use crate::screen::Tone;

/// The longest text of an invitation or a request in a file.
const TEXT_BYTES_MAX: u64 = 16 * 1024;
/// The team that every device joins: it holds the directory of names.
const EVERYONE: &str = "Everyone";
/// How the team that visits is named at the founding.
const FIELD_TEAM_SUFFIX: &str = "field team";

const EXAMPLES: &str = "\
A further device in three steps:
  at the desk     doorstep enrol invite
  at the tablet   doorstep --folder ./ot-tablet enrol request --invitation DOORSTEP-INVITE-1.…
  at the desk     doorstep enrol accept --request DOORSTEP-REQUEST-1.… --name 'OT tablet' \\
                      --worker 'Ada Mensah' --organisation 'Hillford Council'
  at the tablet   doorstep --folder ./ot-tablet sync

Both texts are public: who reads them learns keys that open nothing. Hand them over in person all the same, so that
each side knows whom it deals with.";

/// Bring a further device into the partnership
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Show the invitation that a new device needs (at the desk)
    Invite,
    /// Make a device in --folder and show its request (at the new device)
    Request(RequestArgs),
    /// Accept a request: the device gets its worker, its teams and their keys (at the desk)
    Accept(AcceptArgs),
}

/// Makes a device in --folder, which must be empty, under a passphrase of its own.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct RequestArgs {
    /// The invitation, as the desk showed it
    #[arg(long, value_name = "TEXT", required_unless_present = "invitation_file")]
    invitation: Option<String>,
    /// A file that holds the invitation
    #[arg(long, value_name = "FILE", conflicts_with = "invitation")]
    invitation_file: Option<PathBuf>,
    /// What this device is
    #[arg(long, value_enum, default_value = "personal")]
    kind: Kind,
}

/// What a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// One worker's tablet
    Personal,
    /// A vehicle's or team's tablet
    Shared,
    /// A desk
    Desk,
    /// A service without a person in front of it
    Service,
}

impl From<Kind> for DeviceKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Personal => Self::Personal,
            Kind::Shared => Self::Shared,
            Kind::Desk => Self::Desk,
            Kind::Service => Self::Service,
        }
    }
}

/// Accepts a request and tells the server. Needs a connection.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct AcceptArgs {
    /// The request, as the device showed it
    #[arg(long, value_name = "TEXT", required_unless_present = "request_file")]
    request: Option<String>,
    /// A file that holds the request
    #[arg(long, value_name = "FILE", conflicts_with = "request")]
    request_file: Option<PathBuf>,
    /// Name of the device, as people will read it
    #[arg(long, value_name = "NAME")]
    name: String,
    /// Name of the worker who uses it
    #[arg(long, value_name = "NAME")]
    worker: String,
    /// The worker's id, for a second device of the same worker
    #[arg(long, value_name = "HEX")]
    worker_id: Option<WorkerId>,
    /// The organisation it belongs to
    #[arg(long, value_name = "NAME")]
    organisation: String,
    /// Teams it joins [default: the organisation's field team]; every device also joins Everyone
    #[arg(long, value_name = "NAME")]
    team: Vec<String>,
    /// The day until which it is served, for volunteers and temporary staff
    #[arg(long, value_name = "YYYY-MM-DD")]
    until: Option<String>,
}

#[derive(serde::Serialize)]
struct Invited {
    invitation: String,
}

#[derive(serde::Serialize)]
struct Requested {
    device: DeviceId,
    request: String,
}

#[derive(serde::Serialize)]
struct Accepted {
    device: DeviceId,
    name: String,
    worker: WorkerId,
    organisation: OrganisationId,
    teams: Vec<String>,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    match command {
        Command::Invite => invite(context),
        Command::Request(args) => request(context, args),
        Command::Accept(args) => accept(context, args),
    }
}

fn invite(context: &Context) -> Result<(), DeskError> {
    let data = Invited { invitation: context.open()?.partnership().invite()?.to_text() };
    context.screen.show(&data, |_| {
        format!(
            "{}\n\nNext, at the new device:\n  doorstep --folder DIR enrol request --invitation THE-TEXT-ABOVE\n",
            data.invitation
        )
    })
}

fn request(context: &Context, args: &RequestArgs) -> Result<(), DeskError> {
    let text = text_of(args.invitation.as_deref(), args.invitation_file.as_deref())?;
    // Read first: a text that is none makes no device.
    let invitation = Invitation::from_text(&text).map_err(doorstep_client_core::client::ClientError::from)?;
    let client = context.create()?;
    let request = match client.partnership().begin(&invitation, args.kind.into()) {
        Ok(request) => request,
        Err(error) => {
            drop(client);
            crate::context::remove_new_device(context.folder());
            return Err(error.into());
        }
    };
    let data = Requested { device: request.device(), request: request.to_text() };
    context.screen.show(&data, |_| {
        format!(
            "{}\n\nNext, at the desk:\n  doorstep enrol accept --request THE-TEXT-ABOVE --name 'OT tablet' \
             --worker 'NAME' --organisation 'NAME'\nthen here:\n  doorstep --folder {} sync\n",
            data.request,
            context.folder().display()
        )
    })
}

fn accept(context: &Context, args: &AcceptArgs) -> Result<(), DeskError> {
    let text = text_of(args.request.as_deref(), args.request_file.as_deref())?;
    let request = EnrolmentRequest::from_text(&text).map_err(doorstep_client_core::client::ClientError::from)?;
    let not_after = args.until.as_deref().map(end_of_day).transpose()?;
    check_name("--name", &args.name)?;
    check_name("--worker", &args.worker)?;
    let client = context.open()?;
    let organisation = organisation(&client, &args.organisation)?;
    let teams = choose_teams(&client.partnership().teams()?, organisation, &args.team)?;
    let worker = args.worker_id.map_or_else(new_worker, Ok)?;
    let plan = AcceptPlan { organisation, teams: teams.iter().map(|(id, _)| *id).collect(), worker, not_after };
    // What others wrote to the log meanwhile comes first, else the server would refuse ours as out of step.
    link::judge(&link::sync_once(context, &client)?)?;
    let (written, append) = client.partnership().accept(&request, &plan)?;
    link::block_on(link::transport(context, &client)?.append_log(&append))??;
    client.partnership().take(&written)?;
    client.partnership().name((request.device(), &args.name), (worker, &args.worker))?;
    let data = Accepted {
        device: request.device(),
        name: args.name.clone(),
        worker,
        organisation,
        teams: teams.into_iter().map(|(_, name)| name).collect(),
    };
    context.screen.show(&data, |colours| {
        format!(
            "{}\n  teams   {}\n  worker  {} ({})\n\nNext, at the device:  doorstep --folder DIR sync\n",
            colours.paint(Tone::Good, &format!("{} is enrolled.", data.name)),
            data.teams.join(", "),
            args.worker,
            data.worker,
        )
    })?;
    // The names go up at once, so that nobody meets a device without one.
    link::judge(&link::sync_once(context, &client)?)
}

fn text_of(text: Option<&str>, file: Option<&std::path::Path>) -> Result<String, DeskError> {
    let Some(path) = file else { return Ok(text.unwrap_or_default().to_owned()) };
    let unreadable = |error: std::io::Error| DeskError::file(path, format!("cannot be read ({:?})", error.kind()));
    if std::fs::metadata(path).map_err(unreadable)?.len() > TEXT_BYTES_MAX {
        return Err(DeskError::file(path, "is longer than such a text: is this the right file?"));
    }
    std::fs::read_to_string(path).map_err(unreadable)
}

/// A name of a device or a worker, as people say it.
pub(super) fn check_name(field: &'static str, name: &str) -> Result<(), DeskError> {
    if name.trim().is_empty() || name.chars().count() > 120 || name.chars().any(char::is_control) {
        return Err(DeskError::input(field, "a name of 1 to 120 characters", "write it as people say it"));
    }
    Ok(())
}

fn end_of_day(text: &str) -> Result<Millis, DeskError> {
    let wrong = || DeskError::input("--until", "a day as YYYY-MM-DD", "write it like 2027-03-31");
    let day: Date = text.parse().map_err(|_| wrong())?;
    let day: jiff::civil::Date = day.as_str().parse().map_err(|_| wrong())?;
    let end = day.tomorrow().and_then(|next| next.to_zoned(jiff::tz::TimeZone::system())).map_err(|_| wrong())?;
    u64::try_from(end.timestamp().as_millisecond()).map(Millis).map_err(|_| wrong())
}

fn new_worker() -> Result<WorkerId, DeskError> {
    let mut id = [0u8; 16];
    getrandom::fill(&mut id).map_err(|_| DeskError::Bug("the system gives no randomness".into()))?;
    Ok(WorkerId(id))
}

fn organisation(client: &Client, wanted: &str) -> Result<OrganisationId, DeskError> {
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
fn choose_teams(
    all: &[TeamRow],
    organisation: OrganisationId,
    wanted: &[String],
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
        chosen.push((team.team, team.name.clone()));
    }
    let own = |team: &&TeamRow| team.organisation == organisation && team.name.ends_with(FIELD_TEAM_SUFFIX);
    if wanted.is_empty() {
        chosen.extend(all.iter().filter(own).map(|team| (team.team, team.name.clone())));
    }
    if chosen.is_empty() {
        return Err(DeskError::NotFound {
            what: "--team".into(),
            remedy: "this organisation has no field team: name a team (see `doorstep teams`)".into(),
        });
    }
    chosen.extend(all.iter().filter(|team| team.name == EVERYONE).map(|team| (team.team, team.name.clone())));
    chosen.sort_by(|a, b| (&a.1, a.0).cmp(&(&b.1, b.0)));
    chosen.dedup();
    Ok(chosen)
}
