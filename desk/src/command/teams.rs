//! `doorstep teams`: who may read and write what.

use crate::context::Context;
use crate::failure::DeskError;
use crate::render::table::wrap;
use crate::render::words::count;
use crate::screen::Tone;

/// Lists the teams of the partnership with the zones they hold.
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  doorstep teams\n\nA device joins teams when it is accepted: `doorstep enrol accept --team`."
)]
pub struct Args {}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, _: &Args) -> Result<(), DeskError> {
    let rows = context.open()?.partnership().teams()?;
    context.screen.show(&rows, |colours| {
        let mut text = String::new();
        for row in &rows {
            let members = count(row.members as u64, "device", "devices");
            let name = colours.paint(Tone::Heading, &row.name);
            text.push_str(&format!("{name}  ({}, {members})\n", row.organisation_name));
            let zones = if row.zones.is_empty() { "no zones".to_owned() } else { row.zones.join(", ") };
            for line in wrap(&zones, 90) {
                text.push_str(&format!("  {line}\n"));
            }
        }
        text
    })
}
