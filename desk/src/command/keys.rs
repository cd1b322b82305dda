//! `doorstep keys`: keys that are owed, and making them.

use doorstep_client_core::client::OwedRows;
use doorstep_client_core::partnership;

use super::device::owed;
use crate::context::Context;
use crate::failure::DeskError;
use crate::link;
use crate::render::words::count;
use crate::screen::Tone;

const EXAMPLES: &str = "\
Examples:
  doorstep keys owed
  doorstep keys rotate

A key is owed when somebody who may no longer read still has the current one. Whoever ends a device, a membership or a
grant makes the new keys in the same step, as far as that desk can; the rest is owed until a desk that is in the team,
of the organisation that the team or the zone belongs to, makes them.";

/// Keys that are owed, and making them
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Show which keys are owed
    Owed,
    /// Make the keys that are owed, as far as this desk can
    Rotate,
}

#[derive(serde::Serialize)]
struct Made {
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
    match command {
        Command::Owed => {
            let rows = client.partnership().owed_keys()?;
            context.screen.show(&rows, |colours| {
                if rows.is_empty() { "No key is owed.\n".to_owned() } else { owed(&rows, colours) }
            })
        }
        Command::Rotate => {
            let rotated = link::append(context, &client, partnership::take_up)?;
            let data = Made { teams: rotated.teams, zones: rotated.zones, owed: client.partnership().owed_keys()? };
            context.screen.show(&data, |colours| {
                let made = format!(
                    "{} and {} have new keys.",
                    count(data.teams as u64, "team", "teams"),
                    count(data.zones as u64, "zone", "zones")
                );
                format!("{}\n{}", colours.paint(Tone::Good, &made), owed(&data.owed, colours))
            })
        }
    }
}
