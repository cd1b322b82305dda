//! `doorstep access`: zone by zone, who holds it, and when they last used it.

use crate::context::Context;
use crate::failure::DeskError;
use crate::render::table::table;
use crate::render::words::moment;

const EXAMPLES: &str = "\
Examples:
  doorstep access
  doorstep access --json | jq 'map(select(.last_wrote == null))'      who holds records and has written nothing

When somebody last wrote is as far as this desk knows; who read sealed detail is on the audit chain.";

/// Shows who holds which records: zone, team, device, workers, and when they last wrote there.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, _: &Args) -> Result<(), DeskError> {
    let rows = context.open()?.partnership().access()?;
    context.screen.show(&rows, |_| {
        let cells: Vec<Vec<String>> = rows
            .iter()
            .map(|row| {
                let last = row.last_wrote.map_or_else(|| "nothing known".to_owned(), moment);
                let who = format!("{} ({})", row.device, row.workers.join(", "));
                vec![row.zone.clone(), row.team.clone(), row.rights.join(" "), last, who]
            })
            .collect();
        if cells.is_empty() {
            return "Nobody holds anything yet.\n".to_owned();
        }
        table(&["zone", "team", "may", "last wrote", "device and workers"], &cells)
    })
}
