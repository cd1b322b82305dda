//! `doorstep devices`: who is in the partnership.

use crate::context::Context;
use crate::failure::DeskError;
use crate::render::table::table;

/// Lists the devices of the partnership with their workers and teams.
#[derive(clap::Args)]
#[command(after_help = "Example:\n  doorstep devices\n\nA further device: `doorstep enrol --help`.")]
pub struct Args {}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, _: &Args) -> Result<(), DeskError> {
    let rows = context.open()?.partnership().devices()?;
    context.screen.show(&rows, |_| {
        let lines: Vec<Vec<String>> = rows
            .iter()
            .map(|row| {
                let mut name = row.name.clone();
                if row.this_device {
                    name.push_str(" (this device)");
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
