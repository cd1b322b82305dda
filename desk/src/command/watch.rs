//! `doorstep watch`: stay in sync.

use doorstep_client_core::sync::{End, Step, SyncReport};
use doorstep_client_core::transport::Refused;

use crate::context::Context;
use crate::failure::DeskError;
use crate::link;
use crate::screen::Progress;

const EXAMPLES: &str = "\
Examples:
  doorstep watch
  doorstep watch --json            one JSON object a line, for each catch-up

The folder belongs to this command as long as it runs: other commands on it say so.";

/// Stays in sync until Ctrl-C: the server says when something is new, and failed attempts are tried again.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {}

/// Runs it.
///
/// # Errors
/// [`DeskError::NotSynced`] when a person has to decide before it can go on.
pub fn run(context: &Context, _: &Args) -> Result<(), DeskError> {
    let client = context.open()?;
    if context.screen.form == crate::screen::Form::Text {
        context.screen.text("watching; Ctrl-C ends it")?;
    }
    let last = link::block_on(async {
        let mut syncer = link::syncer(context, &client)?;
        let cancel = link::cancel_on_interrupt();
        let mut progress = Progress::of("syncing");
        let mut last: Option<SyncReport> = None;
        let mut unwritten = None;
        let stop = cancel.clone();
        let mut told = |report: &SyncReport| {
            let news = last.as_ref().is_none_or(|before| before.end != report.end)
                || report.sent + report.received + report.log_entries > 0;
            if news
                && let Err(error) = context.screen.show_line(report, |colours| {
                    let now = crate::render::words::moment(client.now());
                    format!("{now}  {}", super::sync::words(report, colours))
                })
            {
                // Nobody reads any more.
                unwritten = Some(error);
                stop.cancel();
            }
            last = Some(report.clone());
        };
        let mut at = |at: &doorstep_client_core::sync::Progress| match at.step {
            // Each catch-up has its own second before anything is said of it.
            Step::Opening | Step::OfferingLog | Step::Sending => progress = Progress::of("syncing"),
            Step::Receiving | Step::Exchanged => progress.at(at.received, None),
        };
        syncer.run(&cancel, &mut at, &mut told).await;
        match unwritten {
            Some(error) => Err(error),
            None => Ok(last),
        }
    })??;
    match last {
        Some(report) if report.denied == Some(Refused::Revoked) => Err(crate::leave::take(context, &client)?),
        Some(report) if matches!(report.end, End::Stopped { .. }) => link::judge(&report),
        _ => Ok(()),
    }
}
