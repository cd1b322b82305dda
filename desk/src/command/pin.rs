//! `doorstep pin`: workers' PINs on this device. A command ends with its keys, so each that needs them asks for the PIN.

use std::path::PathBuf;

use doorstep_client_core::client::{Client, SeatRow};
use doorstep_protocol::SeatId;

use super::enrol::handed::{self, Shown};
use super::input::secret;
use crate::context::Context;
use crate::failure::DeskError;

/// The variable that may hold a PIN.
pub const VARIABLE: &str = "DOORSTEP_PIN";
/// The variable that may hold a PIN to be chosen.
const NEW_VARIABLE: &str = "DOORSTEP_NEW_PIN";

const EXAMPLES: &str = "\
Examples:
  doorstep pin set                     choose, or change, your PIN on this device
  doorstep pin check                   see that it opens this device
  doorstep pin check --as 'Bea Lind'   the same, where several workers have a PIN here
  doorstep pin add                     a colleague unlocks, the next worker chooses a PIN; a desk then seats the worker

What is sealed opens with a PIN; the firebox needs none. DOORSTEP_PIN may hold it, else you are asked. A desk has no PIN:
its passphrase opens it. Forgotten PINs, and ten wrong ones: `doorstep seat --help`.";

/// The worker's PIN on this device.
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Choose a PIN, or change it
    Set,
    /// See that the PIN opens this device
    #[command(alias = "unlock")]
    Check,
    /// Make a seat with a PIN for another worker, and print what a desk needs to seat them
    Add(AddArgs),
    /// Workers with a PIN here
    List,
}

/// A further worker.
#[derive(clap::Args)]
pub struct AddArgs {
    /// Write the request as a picture, too, for a desk to photograph
    #[arg(long, value_name = "FILE")]
    png: Option<PathBuf>,
}

#[derive(serde::Serialize)]
struct Asked {
    request: String,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    match command {
        Command::Set => {
            let (client, vault) = context.open_with_vault()?;
            refuse_desk(&client)?;
            // Changing a PIN takes the old one.
            unlock(context, &client)?;
            client.seats().set_pin(&vault, &secret("Choose a PIN: ", NEW_VARIABLE)?)?;
            context.screen.show(&"set", |_| "The PIN is set.".to_owned())
        }
        Command::Check => {
            let client = context.open()?;
            refuse_desk(&client)?;
            unlock(context, &client)?;
            context.screen.show(&"right", |_| "The PIN is right.".to_owned())
        }
        Command::Add(args) => add(context, args),
        Command::List => {
            let client = context.open()?;
            refuse_desk(&client)?;
            let rows = client.seats().list()?;
            context.screen.show(&rows, |_| match rows.as_slice() {
                [] => "Nobody has a PIN here yet: choose one with `doorstep pin set`.\n".to_owned(),
                rows => rows.iter().map(line).collect(),
            })
        }
    }
}

fn line(row: &SeatRow) -> String {
    match (row.pin.locked_out, row.pin.wrong) {
        (true, _) => format!("{}  locked out: at a desk, `doorstep seat again`\n", row.name),
        (false, 0) => format!("{}\n", row.name),
        (false, wrong) => format!("{}  {wrong} wrong PINs in a row\n", row.name),
    }
}

fn add(context: &Context, args: &AddArgs) -> Result<(), DeskError> {
    handed::check_new(args.png.as_deref())?;
    let client = context.open()?;
    refuse_desk(&client)?;
    if client.seats().list()?.is_empty() {
        return Err(DeskError::NotFound {
            what: "PIN".into(),
            remedy: "nobody has a PIN here yet: the worker of this device chooses one first, with `doorstep pin set`"
                .into(),
        });
    }
    unlock(context, &client)?;
    let request = client.seats().add(&secret("The next worker chooses a PIN: ", NEW_VARIABLE)?)?.to_text();
    let shown = Shown::of(&request, args.png.as_deref())?;
    let data = Asked { request };
    context.screen.show(&data, |_| {
        format!(
            "{}\nThe PIN opens this device once a desk has seated its worker. At the desk:\n  doorstep seat accept --text {} --worker NAME\n",
            shown.to_terminal(args.png.as_deref()),
            data.request
        )
    })
}

/// A desk is told at once, before anybody thinks of a PIN.
fn refuse_desk(client: &Client) -> Result<(), DeskError> {
    if client.seats().opens_by_passphrase() {
        return Err(DeskError::input(
            "pin",
            "this is a desk: its passphrase opens it, and there are no PINs on it",
            "use `doorstep pin` at a tablet",
        ));
    }
    Ok(())
}

/// Unlocks a device that asks for a PIN: that of the worker in `--as`, or of the only one.
///
/// # Errors
/// [`DeskError`].
pub fn unlock(context: &Context, client: &Client) -> Result<(), DeskError> {
    if client.seats().asks_for_pin() {
        let seat = whose(client, context.global.worker.as_deref())?;
        client.seats().unlock(seat, &secret("PIN: ", VARIABLE)?)?;
    }
    Ok(())
}

/// The seat of the worker who is here, where several have a PIN.
fn whose(client: &Client, wanted: Option<&str>) -> Result<Option<SeatId>, DeskError> {
    let rows = client.seats().list()?;
    let seated: Vec<&SeatRow> = rows.iter().filter(|row| row.pin.seat.is_some()).collect();
    let names = || seated.iter().map(|row| row.name.as_str()).collect::<Vec<_>>().join(", ");
    let Some(wanted) = wanted else {
        return match seated.as_slice() {
            [] => Ok(None),
            [one] => Ok(one.pin.seat),
            _ => Err(DeskError::input(
                "--as",
                format!("several workers have a PIN here: {}", names()),
                "say whose it is, with --as NAME or DOORSTEP_WORKER",
            )),
        };
    };
    let is_wanted = |row: &&&SeatRow| {
        let by_id = row.pin.seat.is_some_and(|seat| seat.to_string() == wanted.trim());
        by_id || row.name.eq_ignore_ascii_case(wanted.trim())
    };
    // Somebody who forgot a PIN has the newer seat beside the older one.
    let found: Vec<&SeatRow> = seated.iter().filter(is_wanted).copied().collect();
    match found.as_slice() {
        [one] => Ok(one.pin.seat),
        [] if rows.is_empty() => Ok(None),
        [] => Err(DeskError::NotFound {
            what: "worker".into(),
            remedy: format!("nobody here has that name; these have a PIN here: {}", names()).into(),
        }),
        several => {
            let ids: Vec<String> = several.iter().filter_map(|row| row.pin.seat).map(|seat| seat.to_string()).collect();
            Err(DeskError::input(
                "--as",
                format!("this name has several PINs here, with the ids {}", ids.join(", ")),
                "give the id of the one you mean, and let a desk end what is not used any more",
            ))
        }
    }
}
