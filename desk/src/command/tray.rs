//! `doorstep tray`: what came and is in no record.

use doorstep_client_core::device::NotApplied;
use doorstep_client_core::replica::reader::{SetAside, Wait};
use doorstep_client_core::store::envelopes::Standing;
use doorstep_protocol::{EnvelopeId, Millis};

use crate::context::Context;
use crate::failure::DeskError;
use crate::render::table::table;
use crate::render::words::{grouped, moment};

/// Shows what came and is not in a record: it waits for something, or was set aside. Nothing of it is lost.
#[derive(clap::Args)]
#[command(
    after_help = "Example:\n  doorstep tray\n\nWhat waits goes into its record by itself once the missing part has come. \
                        What was set aside needs a person."
)]
pub struct Args {}

/// One envelope.
#[derive(serde::Serialize)]
struct Line {
    envelope: EnvelopeId,
    device: String,
    /// `waits` or `set-aside`.
    standing: &'static str,
    reason: &'static str,
    arrived: Millis,
    bytes: usize,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, _: &Args) -> Result<(), DeskError> {
    let client = context.open()?;
    let names = client.directory().names().unwrap_or_default();
    let lines: Vec<Line> = client
        .tray()?
        .into_iter()
        .map(|kept: NotApplied| {
            let (standing, reason) = reason(kept.standing);
            Line {
                envelope: kept.envelope,
                device: kept.author.map_or_else(|| "not readable".to_owned(), |author| names.device(author)),
                standing,
                reason,
                arrived: kept.arrived,
                bytes: kept.bytes,
            }
        })
        .collect();
    context.screen.show(&lines, |_| {
        if lines.is_empty() {
            return "the tray is empty: everything that came is in its record\n".to_owned();
        }
        let rows: Vec<Vec<String>> = lines
            .iter()
            .map(|line| {
                let standing = if line.standing == "waits" { "waits" } else { "SET ASIDE" };
                let bytes = grouped(line.bytes as u64);
                vec![moment(line.arrived), line.device.clone(), bytes, format!("{standing}: {}", line.reason)]
            })
            .collect();
        table(&["arrived", "from", "bytes", "why"], &rows)
    })
}

const fn reason(standing: Standing) -> (&'static str, &'static str) {
    match standing {
        Standing::Applied | Standing::Closed => ("applied", "in its record"),
        Standing::Waits(wait) => (
            "waits",
            match wait {
                Wait::LogAhead => "it names a newer list of members: sync",
                Wait::ChainGap => "an earlier one of the same device has not come",
                Wait::NoKey => "this device has no key for it (yet)",
                Wait::MissingDependencies => "it builds on changes that have not come",
                Wait::NewerVersion => "a newer version of this program reads it: update",
            },
        ),
        Standing::SetAside(why) => ("set-aside", why_aside(why)),
    }
}

/// Why something was set aside.
pub(super) const fn why_aside(why: SetAside) -> &'static str {
    match why {
        SetAside::UnknownAuthor => "its device is not a member",
        SetAside::NotEntitled => "its device may not write there",
        SetAside::Signature => "its signature does not hold",
        SetAside::Fork => "its device wrote two different ones in one place",
        SetAside::PastCut => {
            "it was written after its device lost the right to write here: an admin's desk can take it in"
        }
        SetAside::OtherEpoch => "it was sealed under a key of another time than its device knew",
        SetAside::Erased => "its record was erased, and its device had not heard of it",
        SetAside::Seal => "its seal does not open",
        SetAside::Payload => "what is in it cannot be read",
        SetAside::Seat => "its worker is not known, or did not sign it",
        SetAside::SeatEnded => "its worker's seat had ended when it was sealed",
        SetAside::Actor => "a change in it is by somebody else",
        SetAside::Changes => "its changes do not fit the record",
        SetAside::OtherPartnership => "it belongs to another partnership",
    }
}
