//! `doorstep rebuild`: every list and page again from the sealed envelopes.

use crate::context::Context;
use crate::failure::DeskError;
use crate::render::words::{count, grouped};
use crate::screen::Tone;

/// Makes every list, page and search again from the sealed envelopes, which are the truth, and compares.
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  doorstep rebuild\n\nRun it when `doorstep verify` says that a page is not what its \
                        envelopes make. Nothing that was recorded is touched."
)]
pub struct Args {}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, _: &Args) -> Result<(), DeskError> {
    let client = context.open()?;
    let report = client.rebuild()?;
    context.screen.show(&report, |colours| {
        let differing = match report.differing.len() as u64 {
            0 => colours.paint(Tone::Good, "all as before"),
            some => colours.paint(Tone::Warning, &format!("{} differed and are right now", grouped(some))),
        };
        format!(
            "rebuilt {} from {} and {} not sent yet: {differing}",
            count(report.documents, "document", "documents"),
            count(report.applied as u64, "envelope", "envelopes"),
            count(report.unsealed_changes as u64, "change", "changes"),
        )
    })
}
