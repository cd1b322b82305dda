//! What this program does when its device was revoked: it hands over what was not sent, wipes keys and files, and says so.

use doorstep_client_core::client::Client;
use doorstep_client_core::farewell::{self, FarewellError, Mark, NO_HOOK};
use doorstep_protocol::Millis;

use crate::context::Context;
use crate::failure::DeskError;
use crate::link;

fn stopped(error: &FarewellError) -> DeskError {
    DeskError::Stopped(error.to_string().into())
}

/// Takes leave of the partnership, and wipes this device. What is returned is what the person is told: there is nothing
/// else this device can do.
///
/// # Errors
/// [`DeskError`] when the log does not say that the device was revoked, or the wipe was interrupted.
pub fn take(context: &Context, client: &Client) -> Result<DeskError, DeskError> {
    let mark = link::block_on(async { Ok::<_, DeskError>(link::syncer(context, client)?.take_leave().await) })??;
    let mark = mark.map_err(|error| stopped(&error))?;
    farewell::begin(context.folder(), &mark, NO_HOOK).map_err(|error| stopped(&error))?;
    wipe(context, &mark)
}

/// Goes on with a wipe that was interrupted.
///
/// # Errors
/// As [`take`].
pub fn go_on(context: &Context) -> Result<DeskError, DeskError> {
    let mark = farewell::mark(context.folder()).map_err(|error| stopped(&error))?;
    let mark = mark.ok_or_else(|| DeskError::Stopped("this device was wiped".into()))?;
    wipe(context, &mark)
}

fn wipe(context: &Context, mark: &Mark) -> Result<DeskError, DeskError> {
    let vault = context.vault()?;
    farewell::wipe(context.folder(), &vault, NO_HOOK).map_err(|error| stopped(&error))?;
    let transport = link::connect(context, &mark.server_url)?.trusting(mark.server_key);
    let now = Millis(jiff::Timestamp::now().as_millisecond().unsigned_abs());
    let finished = link::block_on(farewell::finish((context.folder(), &vault), &transport, mark, now, NO_HOOK))?;
    finished.map_err(|error| stopped(&error))?;
    let left = match mark.unsent {
        0 => "nothing was left unsent".to_owned(),
        unsent => format!("{unsent} could not be handed over"),
    };
    let words = format!(
        "this device was ended by its partnership: {} of its work not yet sent handed over for a person to decide, {left}; \
         its keys and records are wiped",
        mark.handed_over
    );
    Ok(DeskError::Stopped(words.into()))
}
