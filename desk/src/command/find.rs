//! `doorstep find`: homes, or people, on this device.

use doorstep_client_core::store::lists::SEARCH_RESULTS_MAX;

use crate::context::Context;
use crate::failure::DeskError;
use crate::render::{person, property};

const EXAMPLES: &str = "\
Examples:
  doorstep find 100023336956        by UPRN
  doorstep find 'N17 9LJ'           by postcode
  doorstep find 'mill st 12'        by part of an address
  doorstep find --people okafor     people by any name recorded, former ones too

What happens next: `doorstep property show UPRN` shows a home, `doorstep firebox UPRN` what a crew needs there.";

/// Searches this device, with or without signal: homes by UPRN, postcode, street or part of an address.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// What to look for; the beginning of each word is enough
    #[arg(required = true)]
    text: Vec<String>,
    /// Look for people instead: by preferred, first, middle or last name, also one they had before
    #[arg(long)]
    people: bool,
    /// How many at most, 1 to 200
    #[arg(long, value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=SEARCH_RESULTS_MAX as u64))]
    limit: u64,
}

/// Runs it.
///
/// # Errors
/// [`DeskError::NotFound`] when nothing fits, after an empty list was printed.
pub fn run(context: &Context, args: &Args) -> Result<(), DeskError> {
    let (text, limit) = (args.text.join(" "), usize::try_from(args.limit).unwrap_or(SEARCH_RESULTS_MAX));
    let client = context.open()?;
    let is_empty = if args.people {
        let rows = client.people().find(&text, limit)?;
        context.screen.show_list(&rows, || person::list(&rows))?;
        rows.is_empty()
    } else {
        let rows = client.properties().find(&text, limit)?;
        context.screen.show_list(&rows, || property::list(&rows))?;
        rows.is_empty()
    };
    if !is_empty {
        return Ok(());
    }
    Err(DeskError::NotFound {
        what: if args.people { "people".into() } else { "homes".into() },
        remedy: "nothing on this device fits: try fewer or other words, or sync".into(),
    })
}
