//! `doorstep device`: a device that is lost, retired, or stopped for a while.

use doorstep_client_core::client::{Client, Exposure, OwedRows};
use doorstep_client_core::partnership::{self, Rotated, TailAlarm};
use doorstep_protocol::DeviceId;
use doorstep_protocol::authority::RevokeReason;

use crate::context::Context;
use crate::failure::DeskError;
use crate::link;
use crate::named::Named;
use crate::render::table::table;
use crate::render::words::{count, grouped, moment};
use crate::screen::{Colours, Tone};

const EXAMPLES: &str = "\
A tablet is missing:
  doorstep device freeze 'OT tablet'        at once, at any hour: it is served nothing more; can be undone
  doorstep device lost 'OT tablet'          when it is sure: it is ended, and every key it had is replaced
  doorstep device exposure 'OT tablet'      what it could read, and since when

When the tablet next asks, it hands over what it had not sent (`doorstep tray`), wipes itself, and says so.";

/// A device that is lost, retired, or stopped for a while
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Stop a device from being served; nothing of its work is touched
    Freeze(Which),
    /// Serve a frozen device again
    Unfreeze(Which),
    /// End a lost or stolen device, and replace every key it had, in one step
    Lost(Which),
    /// End a device that is not used any more, and replace every key it had, in one step
    Retire(Which),
    /// What a device could read, since when and until when
    Exposure(Which),
}

/// Which device.
#[derive(clap::Args)]
pub struct Which {
    /// Its name or id, as `doorstep devices` shows it
    #[arg(value_name = "DEVICE")]
    device: String,
}

#[derive(serde::Serialize)]
struct Ended {
    device: DeviceId,
    teams: usize,
    zones: usize,
    owed: OwedRows,
    alarms: Vec<TailAlarm>,
    exposure: Exposure,
}

#[derive(serde::Serialize)]
struct Stopped {
    device: DeviceId,
    frozen: bool,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    let client = context.open()?;
    let names = Named::of(&client)?;
    match command {
        Command::Freeze(which) => freeze(context, &client, names.device(&which.device)?),
        Command::Unfreeze(which) => unfreeze(context, &client, names.device(&which.device)?),
        Command::Lost(which) => end(context, &client, (names.device(&which.device)?, RevokeReason::Lost)),
        Command::Retire(which) => end(context, &client, (names.device(&which.device)?, RevokeReason::Retired)),
        Command::Exposure(which) => {
            let exposure = client.partnership().exposure(names.device(&which.device)?)?;
            context.screen.show(&exposure, |colours| exposed(&exposure, colours))
        }
    }
}

fn freeze(context: &Context, client: &Client, device: DeviceId) -> Result<(), DeskError> {
    link::append(context, client, move |desk, now, _| Ok((partnership::freeze(desk, device, now)?, ())))?;
    let data = Stopped { device, frozen: true };
    context.screen.show(&data, |_| {
        "It is frozen: the server gives it nothing more. What it wrote counts.\n\
         Next: `doorstep device lost` when it is sure, `doorstep device unfreeze` when it is found.\n"
            .to_owned()
    })
}

fn unfreeze(context: &Context, client: &Client, device: DeviceId) -> Result<(), DeskError> {
    link::append(context, client, move |desk, now, _| Ok((partnership::unfreeze(desk, device, now)?, ())))?;
    context.screen.show(&Stopped { device, frozen: false }, |_| "It is served again.\n".to_owned())
}

fn end(context: &Context, client: &Client, (device, reason): (DeviceId, RevokeReason)) -> Result<(), DeskError> {
    let rotated = link::at_the_office(context, client, async |syncer, cancel| {
        if reason == RevokeReason::Lost {
            // Frozen first, as an entry of its own: that needs nothing but a signature.
            syncer.freeze(device, cancel).await?;
        }
        syncer.revoke(device, reason, cancel).await
    })?;
    let Rotated { teams, zones, alarms, .. } = rotated;
    let partnership = client.partnership();
    let data =
        Ended { device, teams, zones, owed: partnership.owed_keys()?, alarms, exposure: partnership.exposure(device)? };
    context.screen.show(&data, |colours| ended(&data, colours))?;
    if data.alarms.is_empty() { Ok(()) } else { Err(DeskError::Faults { count: data.alarms.len() }) }
}

fn ended(data: &Ended, colours: Colours) -> String {
    let mut text = format!(
        "{}: {} and {} have new keys.\n",
        colours.paint(Tone::Good, &format!("{} is ended", data.exposure.name)),
        count(data.teams as u64, "team", "teams"),
        count(data.zones as u64, "zone", "zones"),
    );
    text.push_str(&owed(&data.owed, colours));
    if !data.alarms.is_empty() {
        let words = format!(
            "The server shows less of its work than this desk has verified, in {}: it has lost or hides some. Tell its operator.",
            count(data.alarms.len() as u64, "zone", "zones")
        );
        text.push_str(&format!("{}\n", colours.paint(Tone::Warning, &words)));
    }
    text.push('\n');
    text.push_str(&exposed(&data.exposure, colours));
    text
}

/// Keys that are owed, in words; nothing when none are.
#[must_use]
pub fn owed(owed: &OwedRows, colours: Colours) -> String {
    if owed.is_empty() {
        return String::new();
    }
    let names: Vec<&str> = owed.teams.iter().chain(&owed.zones).map(String::as_str).collect();
    let words =
        format!("Keys are still owed for: {}. Somebody who may no longer read has the current ones.", names.join(", "));
    format!(
        "{}\nNext: `doorstep keys rotate` here, or at a desk of their organisation that is in these teams.\n",
        colours.paint(Tone::Warning, &words)
    )
}

fn exposed(exposure: &Exposure, colours: Colours) -> String {
    let mut text = format!("What {} could read:\n", exposure.name);
    let rows: Vec<Vec<String>> = exposure
        .zones
        .iter()
        .map(|zone| {
            let documents = zone.documents.map_or_else(|| "not known here".to_owned(), grouped);
            let until = zone.until.map_or_else(|| "now".to_owned(), moment);
            let how = if zone.behind_glass { "behind the glass" } else { "at once" };
            vec![zone.name.clone(), zone.class.to_string(), moment(zone.since), until, documents, how.to_owned()]
        })
        .collect();
    if rows.is_empty() {
        text.push_str("  nothing\n");
    } else {
        text.push_str(&table(&["zone", "holds", "since", "until", "documents", "how"], &rows));
    }
    match exposure.last_work_came {
        Some(at) => text.push_str(&format!("Its last work came here at {}.\n", moment(at))),
        None => text.push_str("No work of it has come here.\n"),
    }
    if exposure.revoked_since.is_none() && exposure.frozen_since.is_none() {
        text.push_str(&format!("{}\n", colours.paint(Tone::Warning, "It is still served.")));
    }
    text
}
