//! `doorstep glass`: what is sealed about a home. On a screen only: there is no JSON of it, and no file.

use std::path::PathBuf;

use doorstep_client_core::audit::GlassReason;
use doorstep_client_core::client::{SealedInput, SealedPage};
use doorstep_client_core::device::{GlassPlea, Guarded};
use doorstep_client_core::partnership::purpose;

use crate::command::pin;
use crate::context::Context;
use crate::failure::DeskError;
use crate::render::glass as page;
use crate::screen::Form;

const EXAMPLES: &str = "\
Examples:
  doorstep glass break 100023336956 --reason incident --text \"smoke reported\" --incident 2026-0417
  doorstep glass show 100023336956      again, while it is broken
  doorstep glass close 100023336956
  doorstep glass read 100023336956      for teams that are entitled to it
  doorstep glass seal 100023336956 --file sealed.json

Every look is recorded before it is shown, and reviewed afterwards. The firebox (`doorstep firebox`) needs none of this.";

/// What is sealed about a home.
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Break the glass of a home and show what is behind it
    Break {
        /// UPRN, record id, or words that fit one home
        #[arg(required = true, value_name = "HOME")]
        home: Vec<String>,
        /// incident, welfare, staff-safety or other
        #[arg(long)]
        reason: String,
        /// Why, in a few words: the review reads it
        #[arg(long)]
        text: String,
        /// Number of the incident
        #[arg(long)]
        incident: Option<String>,
    },
    /// Show it again while the glass is broken
    Show(Home),
    /// Close the glass before its time
    Close(Home),
    /// Show it to a team that is entitled to read it
    Read(Home),
    /// Seal what a JSON file says: lists `violence`, `entries`, `pointers`
    Seal {
        /// UPRN, record id, or words that fit one home
        #[arg(required = true, value_name = "HOME")]
        home: Vec<String>,
        /// The file; delete it afterwards
        #[arg(long)]
        file: PathBuf,
    },
}

/// Which home.
#[derive(clap::Args)]
pub struct Home {
    /// UPRN, record id, or words that fit one home
    #[arg(required = true, value_name = "HOME")]
    home: Vec<String>,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    let shows = matches!(command, Command::Break { .. } | Command::Show(_) | Command::Read(_));
    if shows && context.screen.form == Form::Json {
        return Err(DeskError::input("--json", "what is sealed is shown on a screen only", "leave it out"));
    }
    let client = context.open()?;
    let resolve = |home: &[String]| crate::command::property::resolve(context, &client, home);
    let show =
        |seen: Guarded<SealedPage>, until| context.screen.text(&page::page(seen.show(), until, context.screen.colours));
    pin::unlock(context, &client)?;
    match command {
        Command::Break { home, reason, text, incident } => {
            let reason = GlassReason::of(reason).ok_or_else(|| {
                DeskError::input("--reason", "one of incident, welfare, staff-safety, other", "choose one of these")
            })?;
            let record = resolve(home)?;
            let plea = GlassPlea { reason, text: text.clone(), incident: incident.clone() };
            let broken = client.glass().break_glass(record, &plea)?;
            show(client.glass().show(record)?, Some(broken.until))
        }
        Command::Show(home) => show(client.glass().show(resolve(&home.home)?)?, None),
        Command::Read(home) => show(client.glass().read(resolve(&home.home)?, purpose::PREVENTION)?, None),
        Command::Close(home) => {
            client.glass().close(resolve(&home.home)?)?;
            context.screen.show(&"closed", |_| "The glass is closed.".to_owned())
        }
        Command::Seal { home, file } => {
            let unreadable = |why: String| DeskError::file(file, why);
            let text =
                std::fs::read_to_string(file).map_err(|e| unreadable(format!("cannot be read ({:?})", e.kind())))?;
            let input = SealedInput::from_json(&text).map_err(|error| {
                DeskError::input(format!("{}: {}", file.display(), error.field), error.limit, error.remedy)
            })?;
            client.glass().seal(resolve(home)?, &input)?;
            context.screen.show(&"sealed", |_| "Sealed.".to_owned())
        }
    }
}
