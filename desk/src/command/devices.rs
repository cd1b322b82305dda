//! `doorstep devices`: who is in the partnership, and how a device is called.

use doorstep_client_core::client::DeviceRow;
use doorstep_protocol::DeviceId;

use super::enrol::check_name;
use crate::context::Context;
use crate::failure::DeskError;
use crate::render::table::table;
use crate::render::words::moment;
use crate::screen::Tone;

const EXAMPLES: &str = "\
Examples:
  doorstep devices
  doorstep devices name 3f9a01c2 'OT tablet' --worker 'Ada Mensah'

A further device: `doorstep enrol --help`. If the connection failed while a device was accepted, it may be in the
partnership without a name: accept the same request again, or `doorstep sync`, then name it here.";

/// Lists the devices of the partnership with their workers and teams, or names one.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES, args_conflicts_with_subcommands = true)]
pub struct Args {
    #[command(subcommand)]
    command: Option<Command>,
}

/// What to do with a device
#[derive(clap::Subcommand)]
enum Command {
    /// Name a device, or give it another name
    Name(NameArgs),
}

/// Names a device. The name reaches the others with the next sync.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
struct NameArgs {
    /// The device: its id or the beginning of it, or the name it has now
    device: String,
    /// The name, as people will read it
    name: String,
    /// Name the worker who uses it too
    #[arg(long, value_name = "NAME")]
    worker: Option<String>,
}

#[derive(serde::Serialize)]
struct Named {
    device: DeviceId,
    name: String,
    workers: Vec<String>,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, args: &Args) -> Result<(), DeskError> {
    match &args.command {
        None => list(context),
        Some(Command::Name(args)) => name(context, args),
    }
}

fn list(context: &Context) -> Result<(), DeskError> {
    let rows = context.open()?.partnership().devices()?;
    context.screen.show(&rows, |_| {
        let lines: Vec<Vec<String>> = rows
            .iter()
            .map(|row| {
                let mut name = row.name.clone();
                if row.this_device {
                    name.push_str(" (this device)");
                }
                if let Some(last) = row.not_after {
                    name.push_str(&format!(" (until {})", moment(last)));
                }
                if row.revoked {
                    name.push_str(" (REVOKED)");
                }
                vec![name, row.workers.join(", "), row.organisation.clone(), row.teams.join(", ")]
            })
            .collect();
        table(&["device", "worker", "organisation", "teams"], &lines)
    })
}

fn name(context: &Context, args: &NameArgs) -> Result<(), DeskError> {
    check_name("NAME", &args.name)?;
    args.worker.as_deref().map_or(Ok(()), |worker| check_name("--worker", worker))?;
    let client = context.open()?;
    let partnership = client.partnership();
    let rows = partnership.devices()?;
    let device = choose(&rows, args.device.trim())?.device;
    if let Some(other) = rows.iter().find(|row| row.device != device && row.name == args.name) {
        return Err(DeskError::input(
            "NAME",
            format!("device {} has this name already", other.device),
            "choose a name that tells them apart",
        ));
    }
    partnership.rename(device, &args.name, args.worker.as_deref())?;
    let workers = partnership.devices()?.into_iter().find(|row| row.device == device).map(|row| row.workers);
    let data = Named { device, name: args.name.clone(), workers: workers.unwrap_or_default() };
    context.screen.show(&data, |colours| {
        let said = format!("The device is called {} now.", data.name);
        format!("{}\n\nThe others see it after:  doorstep sync\n", colours.paint(Tone::Good, &said))
    })
}

/// The one device that is meant: a whole id or name before the beginning of an id.
fn choose<'r>(rows: &'r [DeviceRow], wanted: &str) -> Result<&'r DeviceRow, DeskError> {
    let id = wanted.to_ascii_lowercase();
    let exact = |row: &&DeviceRow| row.device.to_string() == id || row.name.eq_ignore_ascii_case(wanted);
    let begins = |row: &&DeviceRow| !id.is_empty() && row.device.to_string().starts_with(&id);
    let found: Vec<&DeviceRow> = match rows.iter().filter(exact).collect::<Vec<_>>() {
        none if none.is_empty() => rows.iter().filter(begins).collect(),
        some => some,
    };
    match found.as_slice() {
        [one] => Ok(one),
        [] => Err(DeskError::NotFound {
            what: "device".into(),
            remedy:
                "there is no such device here: see `doorstep devices`; if it was just accepted, `doorstep sync` first"
                    .into(),
        }),
        many => Err(DeskError::NotFound {
            what: "device".into(),
            remedy: format!("{} devices fit: give more of the id, see `doorstep devices --json`", many.len()).into(),
        }),
    }
}
