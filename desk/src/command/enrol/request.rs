//! `doorstep enrol request`: a new device takes an invitation and answers.

use std::io::{BufRead, IsTerminal, Read, Write};
use std::path::PathBuf;

use doorstep_client_core::client::{Client, ClientError, Clock, SystemClock};
use doorstep_client_core::partnership::{AdminError, Invitation, Way};
use doorstep_client_core::vault::VaultError;
use doorstep_protocol::DeviceId;
use doorstep_protocol::authority::DeviceKind;

use super::handed::{Handed, Shown, check_new};
use crate::context::{Context, remove_new_device};
use crate::failure::DeskError;

/// The longest line of words that is read.
const WORDS_BYTES_MAX: u64 = 1_024;

/// Makes a device in --folder, which must hold none, under a passphrase of its own.
///
/// A device that was made before and has not been accepted yet asks again, with a new invitation.
#[derive(clap::Args)]
#[command(after_help = super::EXAMPLES)]
pub struct Args {
    #[command(flatten)]
    handed: Handed,
    /// The six words that the desk read out over the telephone; asked for when they are needed
    #[arg(long, value_name = "WORDS")]
    words: Option<String>,
    /// What this device is
    #[arg(long, value_enum, default_value = "personal")]
    kind: Kind,
    /// Also write the code of the request as a picture
    #[arg(long, value_name = "FILE")]
    png: Option<PathBuf>,
}

/// What a device is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    /// One worker's tablet
    Personal,
    /// A vehicle's or team's tablet
    Shared,
    /// A desk
    Desk,
    /// A service without a person in front of it
    Service,
}

impl From<Kind> for DeviceKind {
    fn from(kind: Kind) -> Self {
        match kind {
            Kind::Personal => Self::Personal,
            Kind::Shared => Self::Shared,
            Kind::Desk => Self::Desk,
            Kind::Service => Self::Service,
        }
    }
}

#[derive(serde::Serialize)]
struct Data {
    device: DeviceId,
    request: String,
}

pub(super) fn run(context: &Context, args: &Args) -> Result<(), DeskError> {
    check_new(args.png.as_deref())?;
    let refused = |error| DeskError::from(ClientError::from(AdminError::Enrol(error)));
    // Read first: a text that is none, or whose words are others, makes no device.
    let invitation = Invitation::from_text(&args.handed.read()?).map_err(refused)?;
    let words = match &args.words {
        None if invitation.way() == Way::Remote => ask_for_words()?,
        words => words.clone(),
    };
    let invitation = invitation.check(words.as_deref(), SystemClock.now()).map_err(refused)?;
    let (client, made) = device(context)?;
    let request = match client.partnership().begin(&invitation, args.kind.into()) {
        Ok(request) => request,
        Err(error) => {
            drop(client);
            if made == Made::Now {
                remove_new_device(context.folder());
            }
            return Err(error.into());
        }
    };
    let data = Data { device: request.device(), request: request.to_text() };
    let shown = Shown::of(&data.request, args.png.as_deref())?;
    context.screen.show(&data, |_| {
        format!(
            "{}\n{}\n\nNext, at the desk:\n  doorstep enrol accept --picture PHOTO    or    --text THE-TEXT-ABOVE, \
             with --name 'OT tablet' --worker 'NAME' --organisation 'NAME'\nthen here:\n  doorstep --folder {} sync\n",
            shown.to_terminal(args.png.as_deref()),
            data.request,
            context.folder().display()
        )
    })
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Made {
    Now,
    Before,
}

/// A new device, or one that has asked before and belongs to nothing yet: its invitation may have expired.
fn device(context: &Context) -> Result<(Client, Made), DeskError> {
    if context.check_vacant().is_ok() {
        return Ok((context.create()?, Made::Now));
    }
    let client = context.open()?;
    match client.partnership().id() {
        Ok((_, size)) if size.0 > 0 => Err(ClientError::from(VaultError::Occupied).into()),
        _ => Ok((client, Made::Before)),
    }
}

fn ask_for_words() -> Result<Option<String>, DeskError> {
    if !std::io::stdin().is_terminal() {
        return Ok(None);
    }
    let mut err = std::io::stderr().lock();
    let _unread = write!(err, "The six words that the desk reads out: ").and(err.flush());
    let mut line = String::new();
    std::io::stdin().lock().take(WORDS_BYTES_MAX).read_line(&mut line).map_err(|error| {
        DeskError::input("--words", "they could not be read", format!("try again ({:?})", error.kind()))
    })?;
    Ok(Some(line))
}
