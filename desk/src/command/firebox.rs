//! `doorstep firebox`: what a fire crew needs at an address.

use crate::context::Context;
use crate::failure::DeskError;
use crate::render::firebox as page;

const EXAMPLES: &str = "\
Examples:
  doorstep firebox 100023336956
  doorstep firebox flat 4 weaver house

Nothing here is ever locked or out of date without saying so: every line shows how old it is, what nobody recorded is
`not known`, and where visits disagree the more cautious word is shown and marked DISPUTED.";

/// Shows what a fire crew needs at an address, on one screen, with or without signal.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// UPRN, record id, or words that fit one home
    #[arg(required = true, value_name = "HOME")]
    home: Vec<String>,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, args: &Args) -> Result<(), DeskError> {
    let client = context.open()?;
    let record = crate::command::property::resolve(context, &client, &args.home)?;
    let found = client.firebox().open(record)?;
    // Names are a help, not a condition: the page opens without them.
    let names = client.directory().names().unwrap_or_default();
    context.screen.show(&found, |colours| page::page(&found, &names, colours))
}
