//! `doorstep status`: how this device stands.

use doorstep_client_core::client::{ClientError, OwedRows};
use doorstep_client_core::device::{DeviceError, Standing};
use doorstep_protocol::{DeviceId, PartnershipId};

use crate::context::Context;
use crate::failure::DeskError;
use crate::render::words::{count, grouped, moment};
use crate::screen::{Colours, Tone};

const EXAMPLES: &str = "\
Examples:
  doorstep status
  doorstep status --json | jq .unsealed_changes

Nothing here needs a connection. `doorstep sync` sends what is unsent; `doorstep tray` shows what waits.";

/// Shows how this device stands: what is unsent, what waits, what disagrees, whether an alarm was raised.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {}

#[derive(serde::Serialize)]
struct Status {
    device: DeviceId,
    name: Option<String>,
    partnership: PartnershipId,
    server: Option<String>,
    log_entries: u64,
    time_over: bool,
    /// Keys that are owed: somebody who may no longer read has the current ones.
    owed_keys: OwedRows,
    #[serde(flatten)]
    standing: Standing,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, _: &Args) -> Result<(), DeskError> {
    let client = context.open()?;
    let (partnership, size) = client.partnership().id()?;
    // Before its first sync a device knows neither the log nor names.
    let known = match client.directory().names() {
        Ok(names) => Some((client.partnership().server()?.url, names.device(client.id()))),
        Err(ClientError::Device(DeviceError::NotEnrolled)) => None,
        Err(other) => return Err(other.into()),
    };
    let (server, name) = known.unzip();
    let owed_keys = if name.is_some() { client.partnership().owed_keys()? } else { OwedRows::default() };
    let standing = client.standing()?;
    let time_over = standing.not_after.is_some_and(|last| last < client.now());
    let device = client.id();
    let status = Status { device, name, partnership, server, log_entries: size.0, time_over, owed_keys, standing };
    context.screen.show(&status, |colours| words(&status, colours))
}

fn words(status: &Status, colours: Colours) -> String {
    let mut text = standing(status, colours);
    text.push_str(&super::device::owed(&status.owed_keys, colours));
    text
}

fn standing(status: &Status, colours: Colours) -> String {
    let standing = &status.standing;
    let mut text = String::new();
    let mut line = |name: &str, words: &str| text.push_str(&format!("{name:<14}{words}\n"));
    line("device", status.name.as_deref().unwrap_or("not named here yet"));
    line("", &status.device.to_string());
    line("partnership", &status.partnership.to_string());
    if let Some(last) = standing.not_after {
        if status.time_over {
            let words = format!("since {}", moment(last));
            line("TIME OVER", &colours.paint(Tone::Warning, &words));
            line("", "nothing new comes or goes; homes and what a crew needs stay readable");
            line("", "hand it in, or carry what is unsent to a desk: `doorstep carrier export`");
        } else {
            line("serves until", &moment(last));
        }
    }
    line("server", status.server.as_deref().unwrap_or("not synced yet: run `doorstep sync`"));
    line(
        "records",
        &format!(
            "{}, {} ({} sealed documents)",
            count(standing.properties, "home", "homes"),
            count(standing.people, "person", "people"),
            grouped(standing.documents)
        ),
    );
    if !standing.first_sync_complete {
        line("first sync", &colours.paint(Tone::Warning, "not complete: some records have not come yet"));
    }
    let unsent = standing.unsealed_changes + standing.outbox.to_send;
    let unsent_words = match unsent {
        0 if standing.outbox.receipted == 0 => colours.paint(Tone::Good, "nothing: the server has everything"),
        0 => format!("nothing; {} taken by the server and not yet in its signed checkpoint", standing.outbox.receipted),
        more => colours.paint(
            Tone::Warning,
            &format!("{}: kept here until `doorstep sync`", count(more, "change or envelope", "changes and envelopes")),
        ),
    };
    line("unsent", &unsent_words);
    let mut also = |name: &str, number: u64, words: &str| {
        if number > 0 {
            line(name, &colours.paint(Tone::Warning, &format!("{} {words}", grouped(number))));
        }
    };
    also(
        "photographs",
        standing.photograph_parts_to_send,
        "parts on this device only: they go up with `doorstep sync`, after everything else",
    );
    also("refused", standing.outbox.refused, "by the server: kept here; ask an admin");
    also("waiting", standing.waiting, "for something that has not come yet: see `doorstep tray`");
    also("set aside", standing.set_aside, "for a person: see `doorstep tray`");
    also("disputed", standing.documents_in_conflict as u64, "with values that disagree: see `doorstep conflicts list`");
    also(
        "keys",
        standing.unopened_teams.len() as u64,
        "of teams came and do not open here: tell the desk that enrolled it",
    );
    also(
        "FORKED",
        standing.equivocations.len() as u64,
        "devices wrote two different things in one place: they may have been copied; tell an admin, see `doorstep tray`",
    );
    if standing.restore_unsigned {
        line(
            "SERVER",
            &colours.paint(Tone::Warning, "it went back to an earlier day, and no admin has said that this was meant"),
        );
        line("", "nothing recorded here is lost; tell your desk, which asks who runs it: `doorstep restored --help`");
    }
    if let Some(alarm) = &standing.alarm {
        line("ALARM", &colours.paint(Tone::Warning, &format!("{}: tell an admin; keep the folder as it is", alarm.0)));
    }
    text
}
