//! `doorstep team`: who is in which team. What somebody can no longer read gets a new key in the same step.

use doorstep_client_core::client::{Client, OwedRows};
use doorstep_client_core::partnership::{self, Names};
use doorstep_protocol::authority::TeamTier;
use doorstep_protocol::{DeviceId, TeamId};

use super::device::owed;
use crate::context::Context;
use crate::failure::DeskError;
use crate::link;
use crate::named::Named;
use crate::render::words::count;
use crate::screen::Tone;

const EXAMPLES: &str = "\
Examples:
  doorstep team create 'Night crews' --organisation 'Hillford Fire and Rescue' --member 'Engine 2'
  doorstep team add 'Night crews' 'Engine 3'
  doorstep team remove 'Night crews' 'Engine 2'
  doorstep team move 'OT tablet' --from 'North team' --to 'South team'
  doorstep team leave 'OT tablet'                           out of every team: somebody leaves

Who leaves a team can read nothing that is written from then on. What they wrote before counts.";

/// Who is in which team
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Make a team; this desk is in it, to hand its key on
    Create(CreateArgs),
    /// Add a device to a team
    Add(MemberArgs),
    /// Take a device out of a team
    Remove(MemberArgs),
    /// Take a device out of one team and into another, in one step
    Move(MoveArgs),
    /// Take a device out of every team that this desk looks after
    Leave(LeaveArgs),
}

/// A team to be.
#[derive(clap::Args)]
pub struct CreateArgs {
    /// Its name
    #[arg(value_name = "NAME")]
    name: String,
    /// The organisation it belongs to
    #[arg(long, value_name = "NAME")]
    organisation: String,
    /// Its first devices
    #[arg(long, value_name = "DEVICE")]
    member: Vec<String>,
    /// Its keys open with a worker's PIN only: for sealed detail, NHS numbers and safeguarding
    #[arg(long)]
    restricted: bool,
}

/// A team and a device.
#[derive(clap::Args)]
pub struct MemberArgs {
    /// The team
    #[arg(value_name = "TEAM")]
    team: String,
    /// The device
    #[arg(value_name = "DEVICE")]
    device: String,
}

/// A device that moves.
#[derive(clap::Args)]
pub struct MoveArgs {
    /// The device
    #[arg(value_name = "DEVICE")]
    device: String,
    /// The team it leaves
    #[arg(long, value_name = "TEAM")]
    from: String,
    /// The team it joins
    #[arg(long, value_name = "TEAM")]
    to: String,
}

/// A device that leaves.
#[derive(clap::Args)]
pub struct LeaveArgs {
    /// The device
    #[arg(value_name = "DEVICE")]
    device: String,
}

#[derive(serde::Serialize)]
struct Created {
    team: TeamId,
    name: String,
}

#[derive(serde::Serialize)]
struct Changed {
    device: DeviceId,
    joined: Vec<TeamId>,
    left: Vec<TeamId>,
    teams: usize,
    zones: usize,
    owed: OwedRows,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    let client = context.open()?;
    let names = Named::of(&client)?;
    match command {
        Command::Create(args) => create(context, &client, &names, args),
        Command::Add(args) => {
            change(context, &client, names.device(&args.device)?, (vec![names.team(&args.team)?], Vec::new()))
        }
        Command::Remove(args) => {
            change(context, &client, names.device(&args.device)?, (Vec::new(), vec![names.team(&args.team)?]))
        }
        Command::Move(args) => {
            let teams = (vec![names.team(&args.to)?], vec![names.team(&args.from)?]);
            change(context, &client, names.device(&args.device)?, teams)
        }
        Command::Leave(args) => {
            let device = names.device(&args.device)?;
            let teams = client.partnership().teams_to_leave(device)?;
            if teams.is_empty() {
                return Err(DeskError::NotFound {
                    what: "team".into(),
                    remedy: "it is in no team of an organisation that this desk is an admin of".into(),
                });
            }
            change(context, &client, device, (Vec::new(), teams))
        }
    }
}

fn create(context: &Context, client: &Client, names: &Named, args: &CreateArgs) -> Result<(), DeskError> {
    let organisation = names.organisation(&args.organisation)?;
    let members = args.member.iter().map(|name| names.device(name)).collect::<Result<Vec<_>, _>>()?;
    let tier = if args.restricted { TeamTier::Restricted } else { TeamTier::Ops };
    let team = link::append(context, client, move |desk, now, rng| {
        partnership::create_team(desk, (organisation, tier), &members, now, rng)
    })?;
    let mut new = Names::default();
    new.teams.insert(team, args.name.clone());
    client.directory().set(&new)?;
    let data = Created { team, name: args.name.clone() };
    context.screen.show(&data, |colours| {
        let made = colours.paint(Tone::Good, &format!("{} is made.", data.name));
        format!("{made}\nNext: let it into zones with `doorstep grant give`.\n")
    })?;
    // The name goes up at once, so that nobody meets a team without one.
    link::judge(&link::sync_once(context, client)?)
}

fn change(
    context: &Context,
    client: &Client,
    device: DeviceId,
    (joined, left): (Vec<TeamId>, Vec<TeamId>),
) -> Result<(), DeskError> {
    let (to, from) = (joined.clone(), left.clone());
    let rotated = link::append(context, client, move |desk, now, rng| {
        partnership::change_teams(desk, device, (&to, &from), now, rng)
    })?;
    let owed_keys = client.partnership().owed_keys()?;
    let data = Changed { device, joined, left, teams: rotated.teams, zones: rotated.zones, owed: owed_keys };
    context.screen.show(&data, |colours| {
        let mut text = format!("{}\n", colours.paint(Tone::Good, "Done."));
        if !data.left.is_empty() {
            text.push_str(&format!(
                "{} and {} have new keys.\n",
                count(data.teams as u64, "team", "teams"),
                count(data.zones as u64, "zone", "zones")
            ));
        }
        text.push_str(&owed(&data.owed, colours));
        text
    })
}
