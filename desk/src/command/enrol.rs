//! `doorstep enrol`: a further device, by two texts. The desk shows an invitation, the device answers with a request, the desk
//! accepts it: from screen to screen when both are there, else by any post and with six words over the telephone.

mod accept;
pub(super) mod choose;
pub(super) mod handed;
mod invite;
mod request;

pub(super) use choose::check_name;
use doorstep_protocol::InviteId;

use crate::context::Context;
use crate::failure::DeskError;

const EXAMPLES: &str = "\
In person, from screen to screen:
  at the desk     doorstep enrol invite
  at the tablet   doorstep --folder ./ot-tablet enrol request --picture photo-of-the-desk.jpg
  at the desk     doorstep enrol accept --picture photo-of-the-tablet.jpg --name 'OT tablet' \\
                      --worker 'Ada Mensah' --organisation 'Hillford Council'
  at the tablet   doorstep --folder ./ot-tablet sync

Whoever cannot take a photograph copies the text under the code, and gives it with --text.

From afar, by e-mail and telephone:
  at the desk     doorstep enrol invite --remote          mail the text; read the six words out over the telephone
  at the tablet   doorstep --folder ./ot-tablet enrol request --text DOORSTEP-INVITE-1.…     asks for the words
  at the desk     doorstep enrol accept --text DOORSTEP-REQUEST-1.… --name …                 as above

Both texts are public: who reads them learns keys that open nothing. The six words are not: never send them with the text.
An invitation is for one device, and expires: after 15 minutes in person, after 7 days from afar.";

/// Bring a further device into the partnership
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Show the invitation that a new device needs (at the desk)
    Invite(invite::Args),
    /// Make a device in --folder and show its request (at the new device)
    Request(request::Args),
    /// Accept a request: the device gets its worker, its teams and their keys (at the desk)
    Accept(accept::Args),
    /// List the invitations of this desk: which wait, which were used
    List,
    /// Cancel an invitation: nobody can use it any more
    Cancel {
        /// Its id, as `doorstep enrol list` shows it
        #[arg(value_name = "HEX")]
        invitation: InviteId,
    },
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    match command {
        Command::Invite(args) => invite::run(context, args),
        Command::Request(args) => request::run(context, args),
        Command::Accept(args) => accept::run(context, args),
        Command::List => invite::list(context),
        Command::Cancel { invitation } => invite::cancel(context, *invitation),
    }
}
