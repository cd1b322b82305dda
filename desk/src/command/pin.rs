//! `doorstep pin`: the worker's PIN on this device. A command ends with its keys, so each that needs them asks for the PIN.

use doorstep_client_core::client::Client;
use zeroize::Zeroizing;

use crate::context::Context;
use crate::failure::DeskError;

/// The variable that may hold a PIN.
pub const VARIABLE: &str = "DOORSTEP_PIN";

const EXAMPLES: &str = "\
Examples:
  doorstep pin set      choose, or change, your PIN on this device
  doorstep pin check    see that it opens this device

What is sealed opens with a PIN; the firebox needs none. DOORSTEP_PIN may hold it, else you are asked. A desk has no PIN:
its passphrase opens it.";

/// The worker's PIN on this device.
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Choose a PIN, or change it
    Set,
    /// See that the PIN opens this device
    Check,
    /// Workers with a PIN here
    List,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    match command {
        Command::Set => {
            let (client, vault) = context.open_with_vault()?;
            // Changing a PIN takes the old one.
            if client.seats().asks_for_pin() {
                unlock(&client)?;
            }
            client.seats().set_pin(&vault, &ask("Choose a PIN: ", "DOORSTEP_NEW_PIN")?)?;
            context.screen.show(&"set", |_| "The PIN is set.".to_owned())
        }
        Command::Check => {
            unlock(&context.open()?)?;
            context.screen.show(&"right", |_| "The PIN is right.".to_owned())
        }
        Command::List => {
            let rows = context.open()?.seats().list()?;
            context.screen.show(&rows, |_| {
                let line = |row: &doorstep_client_core::client::SeatRow| match row.pin.locked_out {
                    true => format!("{}  locked out: a desk can seat them again\n", row.name),
                    false => format!("{}  {} wrong PINs in a row\n", row.name, row.pin.wrong),
                };
                rows.iter().map(line).collect()
            })
        }
    }
}

/// Unlocks a device that asks for a PIN.
///
/// # Errors
/// [`DeskError`].
pub fn unlock(client: &Client) -> Result<(), DeskError> {
    if client.seats().asks_for_pin() {
        client.seats().unlock(None, &ask("PIN: ", VARIABLE)?)?;
    }
    Ok(())
}

fn ask(prompt: &str, variable: &'static str) -> Result<Zeroizing<String>, DeskError> {
    if let Ok(pin) = std::env::var(variable) {
        return Ok(Zeroizing::new(pin));
    }
    rpassword::prompt_password(prompt)
        .map(Zeroizing::new)
        .map_err(|_| DeskError::input(variable, "there is no PIN, and nobody to ask", "set this variable"))
}
