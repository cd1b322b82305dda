//! `doorstep recover`: a fresh desk for a partnership whose desks are gone, by the recovery kit.

use doorstep_client_core::sync::recover_log;
use doorstep_client_core::transport::Transport;
use doorstep_protocol::{Millis, PartnershipId, WorkerId};

use super::escrow::{SheetArgs, read_sheets};
use crate::context::Context;
use crate::failure::DeskError;
use crate::link;
use crate::screen::Tone;

const EXAMPLES: &str = "\
Example, on a new machine:
  doorstep --folder new-desk recover --server https://doorstep.example --sheet sheet-1.txt --sheet sheet-3.txt \\
      --worker 'Ros Adeyemi'

The root keys on the sheets make this desk an admin of every organisation, in the partnership's log for all to see; the
escrow keys give it the keys of the records. Tablets in the field go on as they are.

What happens next: end the desks that are gone (`doorstep device lost`), and make a new kit (`doorstep renew-kit`).";

/// Makes a fresh desk for a partnership whose desks are gone, with sheets of the recovery kit.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// The server's address
    #[arg(long, value_name = "URL")]
    server: String,
    #[command(flatten)]
    sheets: SheetArgs,
    /// Name of this desk
    #[arg(long, value_name = "NAME", default_value = "Recovered desk")]
    desk: String,
    /// Name of who works at it
    #[arg(long, value_name = "NAME")]
    worker: String,
}

#[derive(serde::Serialize)]
struct Recovered {
    partnership: PartnershipId,
    device: doorstep_protocol::DeviceId,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`]; then no device is left behind.
pub fn run(context: &Context, args: &Args) -> Result<(), DeskError> {
    context.check_vacant()?;
    let sheets = read_sheets(&args.sheets)?;
    let partnership = sheets.partnership();
    let connection = link::connect(context, &args.server)?;
    let url = connection.address().to_string();
    let key = link::introduce(&connection)?.server_key;
    let transport = connection.trusting(key);
    let client = context.create()?;
    let made = recovered(args, &client, &transport, (&url, key));
    let worker = match made {
        Ok(worker) => worker,
        Err(error) => {
            drop(client);
            crate::context::remove_new_device(context.folder());
            return Err(error);
        }
    };
    link::judge(&link::sync_once(context, &client)?)?;
    client.partnership().name((client.id(), &args.desk), (worker, &args.worker))?;
    let data = Recovered { partnership, device: client.id() };
    context.screen.show(&data, |colours| {
        format!(
            "{}\nNext: `doorstep device lost` for each desk that is gone, then `doorstep renew-kit`.\n",
            colours.paint(Tone::Good, "This desk is an admin of the partnership, and holds its keys.")
        )
    })?;
    link::judge(&link::sync_once(context, &client)?)
}

fn recovered<T: Transport>(
    args: &Args,
    client: &doorstep_client_core::client::Client,
    transport: &T,
    (url, key): (&str, doorstep_protocol::SignPublic),
) -> Result<WorkerId, DeskError> {
    let sheets = read_sheets(&args.sheets)?;
    let partnership = sheets.partnership();
    let (roots, _) = sheets.into_parts();
    let root = roots.first().ok_or_else(|| {
        DeskError::input("--sheet", "at least one sheet with a root key", "name the files of the recovery kit")
    })?;
    let now: Millis = client.now();
    let entries = link::block_on(recover_log(transport, partnership, root, now))??;
    let mut id = [0u8; 16];
    getrandom::fill(&mut id).map_err(|_| DeskError::Bug("the system gives no randomness".into()))?;
    let worker = WorkerId(id);
    let (written, append) = client.partnership().recover(read_sheets(&args.sheets)?, entries, (url, &key), worker)?;
    link::block_on(transport.append_log(&append))??;
    client.partnership().take(&written)?;
    Ok(worker)
}
