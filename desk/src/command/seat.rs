//! `doorstep seat`: at a desk, for the workers of a shared device.

use doorstep_client_core::client::{Client, ClientError};
use doorstep_client_core::partnership::{self, AdminError, Names, SeatRequest};
use doorstep_protocol::{DeviceId, WorkerId};

use super::enrol::choose;
use super::enrol::handed::Handed;
use crate::context::Context;
use crate::failure::DeskError;
use crate::link;
use crate::named::Named;
use crate::screen::Tone;

const EXAMPLES: &str = "\
A second worker on a tablet:
  doorstep pin add                                          at the tablet, which a colleague unlocks: a seat request
  doorstep seat accept --text REQUEST --worker 'Bea Lind'   at the desk
  doorstep sync                                             at the tablet

Somebody who forgot a PIN asks for a new seat in the same way, under the same name. Somebody who is locked out after ten
wrong tries and knows the PIN:
  doorstep seat again 'Bea Lind' --device 'Vehicle tablet'  at the desk, then sync the tablet
Somebody who leaves:
  doorstep seat end 'Bea Lind' --device 'Vehicle tablet'";

/// Further workers on a device: seat them, let them try again, end their seats
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Seat a worker on the device that asked for it
    Accept(AcceptArgs),
    /// Let a worker try the PIN again who was locked out by wrong ones
    Again(Which),
    /// End a worker's seat on a device: the PIN opens nothing there any more, and what was recorded stays
    End(Which),
}

/// A worker to be seated.
#[derive(clap::Args)]
pub struct AcceptArgs {
    #[command(flatten)]
    handed: Handed,
    /// Name of the worker, as people will read it; a worker who is known by it is the same one
    #[arg(long, value_name = "NAME")]
    worker: String,
    /// This is another person of the same name
    #[arg(long)]
    new: bool,
}

/// A worker on a device.
#[derive(clap::Args)]
pub struct Which {
    /// The worker's name or id
    #[arg(value_name = "WORKER")]
    worker: String,
    /// The device's name or id, as `doorstep devices` shows it
    #[arg(long, value_name = "DEVICE")]
    device: String,
}

#[derive(serde::Serialize)]
struct Seated {
    device: DeviceId,
    worker: WorkerId,
    name: String,
    /// Whether the partnership knew the worker before.
    known_worker: bool,
}

#[derive(serde::Serialize)]
struct Changed {
    device: DeviceId,
    worker: WorkerId,
    /// Seats that have ended.
    ended: usize,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    match command {
        Command::Accept(args) => accept(context, args),
        Command::Again(which) => again(context, which),
        Command::End(which) => end(context, which),
    }
}

fn accept(context: &Context, args: &AcceptArgs) -> Result<(), DeskError> {
    let request =
        SeatRequest::from_text(&args.handed.read()?).map_err(|error| ClientError::from(AdminError::Enrol(error)))?;
    choose::check_name("--worker", &args.worker)?;
    let client = context.open()?;
    // Names that another desk gave meanwhile come first.
    link::judge(&link::sync_once(context, &client)?)?;
    let names = Named::of(&client)?;
    let is_known = names.book().workers.values().any(|name| name.eq_ignore_ascii_case(args.worker.trim()));
    let worker = if is_known && !args.new { names.worker(&args.worker)? } else { choose::new_worker()? };
    let device = request.device;
    link::append(context, &client, move |desk, now, _| Ok((partnership::seat(desk, &request, worker, now)?, ())))?;
    let known_worker = is_known && !args.new;
    if !known_worker {
        let mut new = Names::default();
        new.workers.insert(worker, args.worker.trim().to_owned());
        client.directory().set(&new)?;
    }
    let data = Seated { device, worker, name: args.worker.trim().to_owned(), known_worker };
    context.screen.show(&data, |colours| {
        let done = colours.paint(Tone::Good, &format!("{} has a seat there.", data.name));
        let who = if data.known_worker { "It is the worker whom the partnership knows by that name.\n" } else { "" };
        format!("{done}\n{who}\nNext, at the device:  doorstep sync\n")
    })?;
    // The name goes up at once, so that nobody meets a worker without one.
    link::judge(&link::sync_once(context, &client)?)
}

fn which(client: &Client, which: &Which) -> Result<(DeviceId, WorkerId), DeskError> {
    let names = Named::of(client)?;
    Ok((names.device(&which.device)?, names.worker(&which.worker)?))
}

fn again(context: &Context, args: &Which) -> Result<(), DeskError> {
    let client = context.open()?;
    let (device, worker) = which(&client, args)?;
    link::append(context, &client, move |desk, now, rng| {
        Ok((partnership::seat_again(desk, device, worker, now, rng)?, ()))
    })?;
    context.screen.show(&Changed { device, worker, ended: 0 }, |colours| {
        let done = colours.paint(Tone::Good, "The PIN may be tried again.");
        format!("{done}\n\nNext, at the device:  doorstep sync, then doorstep pin check\n")
    })
}

fn end(context: &Context, args: &Which) -> Result<(), DeskError> {
    let client = context.open()?;
    let (device, worker) = which(&client, args)?;
    let ended = link::append(context, &client, move |desk, now, _| {
        let written = partnership::end_seats(desk, device, worker, now)?;
        let ended = written.entries.len();
        Ok((written, ended))
    })?;
    let left = client.partnership().devices()?.into_iter().find(|row| row.device == device).map(|row| row.workers);
    context.screen.show(&Changed { device, worker, ended }, |colours| {
        let done = colours.paint(Tone::Good, "The seat has ended.");
        let next = match left.unwrap_or_default().as_slice() {
            [] => "Nobody has a seat on that device now: end it with `doorstep device retire`, or enrol it again.\n"
                .to_owned(),
            others => format!("Still seated there: {}.\n", others.join(", ")),
        };
        format!("{done}\n{next}")
    })
}
