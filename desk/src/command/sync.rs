//! `doorstep sync`: once up and down.

use doorstep_client_core::sync::{End, SyncReport};

use crate::context::Context;
use crate::failure::DeskError;
use crate::link;
use crate::render::words::{count, grouped};
use crate::screen::{Colours, Tone};

const EXAMPLES: &str = "\
Examples:
  doorstep sync
  doorstep sync --json | jq .sent
  doorstep --trust-certificate server.pem sync      a server with a certificate of its own

Without a connection it says so (exit code 4); nothing is lost, and the same command sends it later.";

/// Sends what is new here and takes what is new elsewhere, in one request.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {}

/// Runs it.
///
/// # Errors
/// [`DeskError::NotSynced`] when it did not catch up.
pub fn run(context: &Context, _: &Args) -> Result<(), DeskError> {
    let client = context.open()?;
    let report = link::sync_once(context, &client)?;
    context.screen.show(&report, |colours| words(&report, colours))?;
    link::judge(&report)
}

/// A report in words.
#[must_use]
pub fn words(report: &SyncReport, colours: Colours) -> String {
    let head = match report.end {
        End::CaughtUp => colours.paint(Tone::Good, "in sync"),
        End::Cancelled | End::OutOfTime => colours.paint(Tone::Warning, "broken off"),
        End::Waiting { .. } => colours.paint(Tone::Warning, "not in sync"),
        End::Stopped { .. } => colours.paint(Tone::Warning, "stopped"),
    };
    let mut text = format!(
        "{head}: sent {}, took in {}; {} up, {} down in {}\n",
        count(report.sent, "envelope", "envelopes"),
        // What comes back of this device's own is not news to a person.
        grouped(report.applied),
        bytes(report.up_bytes),
        bytes(report.down_bytes),
        count(report.requests, "request", "requests"),
    );
    let mut also = |number: u64, words: &str| {
        if number > 0 {
            text.push_str(&format!("  {} {words}\n", grouped(number)));
        }
    };
    also(report.to_send, "still to send: kept here until there is a connection");
    also(report.refused, "refused by the server: kept here, see `doorstep status`");
    also(report.waiting, "wait for something that has not come yet: see `doorstep tray`");
    also(report.photographs.sent_parts, "parts of photographs sent");
    also(report.photographs.fetched_parts, "parts of photographs came");
    also(report.photographs.to_send_parts, "parts of photographs still to send: kept here");
    also(report.set_aside_all, "set aside for a person: see `doorstep tray`");
    if let Some(message) = &report.photographs.message {
        text.push_str(&format!("  {message}\n"));
    }
    text
}

fn bytes(number: u64) -> String {
    match number {
        0..1_000 => format!("{number} B"),
        1_000..10_000_000 => format!("{}.{} KB", grouped(number / 1_000), number % 1_000 / 100),
        _ => format!("{} MB", grouped(number / 1_000_000)),
    }
}
