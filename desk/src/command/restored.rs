//! `doorstep restored`: an admin says that the server was put back from a backup on purpose.

use std::path::PathBuf;

use doorstep_client_core::partnership;

use crate::context::Context;
use crate::failure::DeskError;
use crate::link;
use crate::screen::Tone;

const EXAMPLES: &str = "\
Examples:
  doorstep restored restore-point-2f24a6cd….cbor

After `doorstep-server restore` every device warns that the server went back to an earlier day, because a thief of the
server could do the same. Ask whoever runs the server what happened; when it was on purpose, sign it here. Devices
bring back what the backup lacks by themselves, signed or not.";

/// Say that the server was put back from a backup on purpose
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The file that `doorstep-server restore` wrote
    #[arg(value_name = "FILE")]
    file: PathBuf,
}

#[derive(serde::Serialize)]
struct Signed {
    store: String,
    restore_epoch: u32,
}

/// A restore point of every zone there may be is not longer.
const FILE_BYTES_MAX: u64 = 1024 * 1024;

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, args: &Args) -> Result<(), DeskError> {
    let unreadable = || {
        let remedy = "take the file restore-point-….cbor that `doorstep-server restore` wrote";
        DeskError::input("FILE", "it cannot be read, or is longer than 1 MiB", remedy)
    };
    let length = std::fs::metadata(&args.file).map_err(|_| unreadable())?.len();
    if length > FILE_BYTES_MAX {
        return Err(unreadable());
    }
    let bytes = std::fs::read(&args.file).map_err(|_| unreadable())?;
    let client = context.open()?;
    let point = partnership::read_restore_point(&bytes)
        .map_err(|error| DeskError::Client(doorstep_client_core::client::ClientError::Admin(error)))?;
    let signed = Signed { store: point.store.to_string(), restore_epoch: point.restore_epoch.0 };
    link::append(context, &client, move |desk, now, _| Ok((partnership::sign_restore(desk, &point, now)?, ())))?;
    context.screen.show(&signed, |colours| {
        let words = "Signed: devices no longer warn of this restore once they have synced.";
        format!("{}\n", colours.paint(Tone::Good, words))
    })
}
