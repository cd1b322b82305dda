//! `doorstep server`: which server this device is at, and how a partnership moves to another one, with the old server's help or
//! without it.

use doorstep_client_core::client::ClientError;
use doorstep_client_core::partnership;
use doorstep_protocol::SignPublic;

use super::escrow::{SheetArgs, roots};
use crate::context::Context;
use crate::failure::DeskError;
use crate::link;
use crate::screen::Tone;

const EXAMPLES: &str = "\
The partnership moves, while the old server still answers:
  doorstep server move --to https://new.example --sheet kit.txt        at an admin's desk
  doorstep sync, then doorstep server use --server https://new.example at every other device

The old server is lost, or its operator does not help:
  doorstep server move --to https://new.example --sheet kit.txt --without-the-old-one
  doorstep carrier export moved.carrier                                at that desk
  doorstep carrier import moved.carrier, then doorstep server use --server https://new.example   at every other device

Each device brings what it holds: records, the log, and the keys that it made for others. Nothing but ciphertext travels.";

/// Which server this partnership is at; move it to another one
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Show the server of this device
    Show,
    /// Name another server in the partnership's log, with the recovery kit, and bring it everything that is here
    Move(MoveArgs),
    /// Turn this device to a server that the partnership's log names
    Use(UseArgs),
}

/// Where to.
#[derive(clap::Args)]
pub struct MoveArgs {
    /// Address of the new server
    #[arg(long, value_name = "URL")]
    to: String,
    #[command(flatten)]
    sheets: SheetArgs,
    /// The old server is lost, or is not asked: other devices learn of it by carrier file
    #[arg(long)]
    without_the_old_one: bool,
}

/// Which server.
#[derive(clap::Args)]
pub struct UseArgs {
    /// Its address
    #[arg(long, value_name = "URL")]
    server: String,
}

#[derive(serde::Serialize)]
struct At {
    server: String,
    server_key: SignPublic,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    match command {
        Command::Show => {
            let known = context.open()?.partnership().server()?;
            let data = At { server: known.url, server_key: known.key };
            context.screen.show(&data, |_| format!("{}\nits key: {}\n", data.server, data.server_key))
        }
        Command::Move(args) => move_to(context, args),
        Command::Use(args) => turn_to(context, args),
    }
}

fn found_at(context: &Context, address: &str) -> Result<At, DeskError> {
    let connection = link::connect(context, address)?;
    let server = connection.address().to_string();
    Ok(At { server, server_key: link::introduce(&connection)?.server_key })
}

fn move_to(context: &Context, args: &MoveArgs) -> Result<(), DeskError> {
    let client = context.open()?;
    let roots = roots(&client, &args.sheets)?;
    let at = found_at(context, &args.to)?;
    let key = at.server_key;
    let is_named = {
        let device = client.device();
        let device = device.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        *device.authority().map_err(ClientError::from)?.server_key() == key
    };
    // A run that broke off has named it already.
    if !is_named {
        if args.without_the_old_one {
            let written = {
                let device = client.device();
                let device = device.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
                partnership::set_server(&device, &roots, key, client.now()).map_err(ClientError::from)?
            };
            client.partnership().take(&written)?;
        } else {
            link::append(context, &client, move |desk, now, _| {
                Ok((partnership::set_server(desk, &roots, key, now)?, ()))
            })?;
        }
    }
    arrive(context, &client, &at)?;
    context.screen.show(&at, |colours| {
        format!(
            "{}\nNext, at every other device: `doorstep server use --server {}`; see `doorstep server --help`.\n",
            colours.paint(Tone::Good, "The partnership is at the new server, with all that this desk holds."),
            at.server
        )
    })
}

fn turn_to(context: &Context, args: &UseArgs) -> Result<(), DeskError> {
    let client = context.open()?;
    let at = found_at(context, &args.server)?;
    arrive(context, &client, &at)?;
    context.screen.show(&at, |colours| {
        format!("{}\n", colours.paint(Tone::Good, "This device is at the new server, with all that it holds."))
    })
}

fn arrive(context: &Context, client: &doorstep_client_core::client::Client, at: &At) -> Result<(), DeskError> {
    client.partnership().use_server(&at.server, &at.server_key)?;
    link::judge(&link::sync_once(context, client)?)
}
