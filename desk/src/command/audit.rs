//! `doorstep audit`: who read what, at an auditor's desk.

use doorstep_client_core::audit::ReviewOutcome;
use doorstep_protocol::EnvelopeId;

use crate::command::pin;
use crate::context::Context;
use crate::failure::DeskError;
use crate::render::words::moment;
use crate::screen::Tone;

const EXAMPLES: &str = "\
Examples:
  doorstep audit verify                                    follow every device's chain; alarms end with code 1
  doorstep audit tasks                                     glasses that nobody has looked at since
  doorstep audit review RECORD --outcome justified --note \"call 2026-0417\"";

/// Who read what.
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Follow the chain of every device
    Verify,
    /// Broken glasses to be looked at
    Tasks,
    /// Say what looking at one came to
    Review {
        /// The record, as `audit tasks` shows it
        record: EnvelopeId,
        /// justified, not-justified or escalated
        #[arg(long)]
        outcome: String,
        /// In words
        #[arg(long, default_value = "")]
        note: String,
    },
}

/// Runs it.
///
/// # Errors
/// [`DeskError::Faults`] when a chain does not hold.
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    let client = context.open()?;
    pin::unlock(context, &client)?;
    match command {
        Command::Verify => {
            let found = client.audit().verify()?;
            context.screen.show(&found, |colours| {
                let mut text = format!("{} records of {} devices hold.\n", found.records, found.devices);
                for (name, alarm) in &found.alarms {
                    let words = format!("ALARM {:?} at record {} of {name}", alarm.kind, alarm.zseq);
                    text.push_str(&format!("{}\n", colours.paint(Tone::Alarm, &words)));
                }
                text
            })?;
            match found.alarms.len() {
                0 => Ok(()),
                count => Err(DeskError::Faults { count }),
            }
        }
        Command::Tasks => {
            let found = client.audit().verify()?.tasks;
            context.screen.show(&found, |colours| {
                let mut text = String::new();
                for row in &found {
                    let home = row.address.as_deref().unwrap_or("a home that is not on this device");
                    let head = format!("{}  {home}", moment(row.task.at));
                    let incident = row.task.incident.as_deref().unwrap_or("none");
                    text.push_str(&format!(
                        "{}\n  {} on {}: {}, “{}”, incident {incident}, shown {} times\n  {}\n",
                        colours.paint(Tone::Heading, &head),
                        row.who,
                        row.device_name,
                        row.task.reason.as_str(),
                        row.task.text,
                        row.task.reads,
                        row.task.glass,
                    ));
                }
                if text.is_empty() { "Nothing to look at.".to_owned() } else { text }
            })
        }
        Command::Review { record, outcome, note } => {
            let outcome = ReviewOutcome::of(outcome).ok_or_else(|| {
                DeskError::input("--outcome", "one of justified, not-justified, escalated", "choose one of these")
            })?;
            client.audit().review(*record, outcome, note)?;
            context.screen.show(&"reviewed", |_| "Recorded.".to_owned())
        }
    }
}
