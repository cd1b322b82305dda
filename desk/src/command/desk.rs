//! `doorstep desk`: this device's pages, for the browser of the person in front of it.

use std::io::{BufRead, IsTerminal};
use std::process::{Command, Stdio};
use std::sync::Arc;

use doorstep_pages::network::wiping;
use doorstep_pages::{House, Network, Pages, ServeError, Setup};

use crate::context::Context;
use crate::failure::DeskError;
use crate::link;

const EXAMPLES: &str = "\
Examples:
  doorstep desk
  doorstep desk --port 8100
  doorstep desk --open             gives the link to this machine's browser

The pages are on 127.0.0.1, for this machine only, and made by this device: its records go nowhere but through sync. The link
works once, for an hour; Enter shows a new one. --open hands it to the browser as an argument of a command, which other users
of this machine could see: on a shared machine copy it instead. Ctrl-C ends the pages.";

/// Serves this device's pages to the browser on this machine until Ctrl-C.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Port of 127.0.0.1; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 0)]
    port: u16,
    /// Open the link in this machine's browser
    #[arg(long, overrides_with = "no_open")]
    open: bool,
    /// Only show the link (this is what happens without either)
    #[arg(long, overrides_with = "open")]
    no_open: bool,
}

#[derive(serde::Serialize)]
struct Ready {
    address: String,
    link: String,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, args: &Args) -> Result<(), DeskError> {
    let (client, vault) = context.open_with_vault()?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .map_err(|error| DeskError::Bug(format!("no runtime ({:?})", error.kind()).into()))?;
    runtime.block_on(async {
        let network = match link::syncer(context, &client) {
            Ok(syncer) => {
                let leave = wiping(context.folder(), context.vault()?, link::transport(context, &client)?);
                Some(Network::start(&tokio::runtime::Handle::current(), syncer, leave))
            }
            // A device that belongs to nothing yet has nowhere to sync to.
            Err(DeskError::Client(_)) => None,
            Err(error) => return Err(error),
        };
        let setup = Setup { client, vault: Some(Box::new(vault)), network, signal: None };
        let pages = Pages::bind(setup, args.port).await.map_err(of_pages)?;
        let link = pages.house().start_link().map_err(|error| of_pages(error.into()))?;
        let ready = Ready { address: format!("http://{}", pages.address()), link };
        context.screen.show_line(&ready, |_| {
            format!(
                "The pages of this device (the link works once; Enter shows a new one, Ctrl-C ends them):\n\n  {}\n",
                ready.link
            )
        })?;
        if args.open && !args.no_open {
            open_browser(&ready.link);
        }
        if std::io::stdin().is_terminal() {
            let house = pages.house();
            std::thread::spawn(move || new_links(&house));
        }
        pages.serve(link::cancel_on_interrupt()).await.map_err(of_pages)
    })
}

/// A new link for each Enter.
fn new_links(house: &Arc<House>) {
    for line in std::io::stdin().lock().lines() {
        match (line, house.start_link()) {
            (Ok(_), Ok(link)) => eprintln!("  {link}\n"),
            _ => return,
        }
    }
}

fn of_pages(error: ServeError) -> DeskError {
    match error {
        ServeError::Port { .. } => DeskError::input("--port", error.to_string(), "choose another, or 0"),
        ServeError::Stopped(_) | ServeError::NoRandomness(_) => DeskError::Stopped(error.to_string().into()),
    }
}

fn open_browser(link: &str) {
    let (program, before): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("cmd", &["/C", "start", ""])
    } else {
        ("xdg-open", &[])
    };
    let started = Command::new(program)
        .args(before)
        .arg(link)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    if started.is_err() {
        eprintln!("doorstep: no browser could be opened: copy the link");
    }
}
