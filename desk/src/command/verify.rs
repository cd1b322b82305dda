//! `doorstep verify`: everything on this device checked against everything else.

use doorstep_client_core::device::VerifyReport;

use crate::context::Context;
use crate::failure::DeskError;
use crate::render::words::count;
use crate::screen::{Colours, Tone};

/// Checks every signature, every chain, the authority log, and that every page is what its envelopes make.
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  doorstep verify && echo sound\n\nExit code 0: all holds. Exit code 1: something does \
                        not; keep the folder as it is and tell an admin."
)]
pub struct Args {}

/// Runs it.
///
/// # Errors
/// [`DeskError::Faults`] when something does not hold, after the report was printed.
pub fn run(context: &Context, _: &Args) -> Result<(), DeskError> {
    let client = context.open()?;
    let report = client.verify()?;
    context.screen.show(&report, |colours| words(&report, colours))?;
    match report.faults.len() {
        0 => Ok(()),
        count => Err(DeskError::Faults { count }),
    }
}

/// A report in words.
#[must_use]
pub fn words(report: &VerifyReport, colours: Colours) -> String {
    let checked = format!(
        "{}, {} in {}, {}",
        count(report.log_entries, "log entry", "log entries"),
        count(report.envelopes, "envelope", "envelopes"),
        count(report.chains as u64, "chain", "chains"),
        count(report.documents, "document", "documents"),
    );
    if report.faults.is_empty() {
        return format!("{} ({checked})\n", colours.paint(Tone::Good, "verify: OK"));
    }
    let mut text = format!("{} ({checked})\n", colours.paint(Tone::Warning, "verify: FAULTS"));
    for fault in &report.faults {
        text.push_str(&format!("  {fault}\n"));
    }
    text
}
