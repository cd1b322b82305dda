//! The list of commands, and the way from arguments to an exit code.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use crate::command;
use crate::context::{Context, EmbeddedServer, Global};
use crate::failure::DeskError;

/// Exit codes, as `--help` shows them.
pub const EXIT_CODES: &str = "\
Exit codes, by who can mend it:
  0  done
  1  a verification found faults: tell an admin
  2  what was asked does not fit: an option, a value, a file
  3  there is no such thing on this device, or several fit
  4  no connection, or the server asks to wait: the same command may work later
  5  the server refuses, or this device is not entitled: ask an admin
  6  the folder, the store or the keys of this device
  70 a fault of this program: please report it

The first steps:
  doorstep-server                                       the server; it cannot read what it stores
  doorstep init --help                                  a partnership, with this desk as its first device
  doorstep enrol invite                                 a further device
  doorstep import --help                                homes and people from CSV files
  doorstep visit record --help                          what a visit found, with or without signal
  doorstep desk                                         all of it in this machine's browser
  doorstep sync                                         what is new goes up, what is new comes down";

/// Records of homes and the people in them: made offline, merged with nothing lost, sealed before they leave.
///
/// Every command works on the device in --folder and needs its passphrase. What an admin writes (`init`, `enrol accept`,
/// `device`, `keys`, `team`, `grant`, `admin`, `escrow`) needs the network, and so do `sync` and `watch`; nothing else does.
#[derive(Parser)]
#[command(name = "doorstep", version, after_help = EXIT_CODES, arg_required_else_help = true, max_term_width = 100)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Make a partnership, with this desk as its first device
    Init(command::init::Args),
    /// Bring a further device into the partnership
    #[command(subcommand)]
    Enrol(command::enrol::Command),
    /// Take homes and people from CSV files
    Import(command::import::Args),
    /// Search homes, or people, on this device
    Find(command::find::Args),
    /// Show, add or list homes
    #[command(subcommand)]
    Property(command::property::Command),
    /// Record a visit, show a template, list visits
    #[command(subcommand)]
    Visit(command::visit::Command),
    /// Find, show or record people
    #[command(subcommand)]
    Person(command::person::Command),
    /// What people agreed to: show it, record an answer, take a yes back
    #[command(subcommand)]
    Consent(command::consent::Command),
    /// NHS numbers, for health and social care: write one, record a trace, show one
    #[command(subcommand)]
    Nhs(command::nhs::Command),
    /// Addresses that are protected: decide it, see it where you may, end it
    #[command(subcommand)]
    Protection(command::protection::Command),
    /// Code lists, forms, thresholds, bank holidays
    #[command(subcommand)]
    Pack(command::pack::Command),
    /// Photographs of homes: take one in, list them, save one
    #[command(subcommand)]
    Photo(command::photo::Command),
    /// What a fire crew needs at an address, on one screen
    Firebox(command::firebox::Args),
    /// What is sealed about a home: break the glass, read it, seal it
    #[command(subcommand)]
    Glass(command::glass::Command),
    /// Your PIN on this device
    #[command(subcommand)]
    Pin(command::pin::Command),
    /// Further workers on a device: seat them, let them try again, end their seats
    #[command(subcommand)]
    Seat(command::seat::Command),
    /// Who read what: chains, alarms, reviews (at an auditor's desk)
    #[command(subcommand)]
    Audit(command::audit::Command),
    /// What is to be done at this desk
    Todo(command::todo::Args),
    /// Visits that were handed in: approve them, return them
    #[command(subcommand)]
    Review(command::review::Command),
    /// Statutory clocks of a home, and the steps that meet them
    #[command(subcommand)]
    Clocks(command::clocks::Command),
    /// What may be there twice: compare it, link it
    #[command(subcommand)]
    Duplicates(command::duplicates::Command),
    /// Who asked for something, what was decided, what was given
    #[command(subcommand)]
    Register(command::register::Command),
    /// Who works with whom, and since when
    #[command(subcommand)]
    Allocation(command::allocation::Command),
    /// Agreements to share, which grants refer to
    #[command(subcommand)]
    Agreement(command::agreement::Command),
    /// What leaves this device as a file: CSV or JSON Lines
    #[command(subcommand)]
    Report(command::report::Command),
    /// Everything that happened to a home or a person
    Timeline(command::timeline::Args),
    /// Values that disagree: list them, settle them
    #[command(subcommand)]
    Conflicts(command::conflicts::Command),
    /// What was recorded by mistake: take it back, let it stand after all
    #[command(subcommand)]
    Mistaken(command::mistaken::Command),
    /// This device's pages, for the browser on this machine
    Desk(command::desk::Args),
    /// Send what is new here and take what is new elsewhere, once
    Sync(command::sync::Args),
    /// Stay in sync until Ctrl-C
    Watch(command::watch::Args),
    /// How this device stands: what is unsent, what waits, what disagrees
    Status(command::status::Args),
    /// What came and is not in a record: it waits, or was set aside for a person
    Tray(command::tray::Args),
    /// Carry records on a stick: sealed, for a device without signal
    #[command(subcommand)]
    Carrier(command::carrier::Command),
    /// Make every list and page again from the sealed envelopes
    Rebuild(command::rebuild::Args),
    /// Check every chain, signature and page on this device against each other
    Verify(command::verify::Args),
    /// A device that is lost, retired, or stopped for a while
    #[command(subcommand)]
    Device(command::device::Command),
    /// Say that the server was put back from a backup on purpose
    Restored(command::restored::Args),
    /// Which server this partnership is at; move it to another one
    #[command(subcommand)]
    Server(command::server::Command),
    /// Keys that are owed, and making them
    #[command(subcommand)]
    Keys(command::keys::Command),
    /// What revoked devices had not sent: look at it, take it in
    #[command(subcommand)]
    Late(command::late::Command),
    /// Who is in which team
    #[command(subcommand)]
    Team(command::team::Command),
    /// Which team holds which zone, what for, until when
    #[command(subcommand)]
    Grant(command::grant::Command),
    /// Make a zone: records of one kind, in one area, of one organisation
    Zone(command::grant::ZoneArgs),
    /// Who holds which records, and who uses them
    Access(command::access::Args),
    /// Make a desk an admin, or end one, with the recovery kit
    #[command(subcommand)]
    Admin(command::escrow::AdminCommand),
    /// Set the partnership's rules, with the recovery kit
    Policy(command::escrow::PolicyArgs),
    /// Prove that the recovery kit opens everything, or get keys back with it
    #[command(subcommand)]
    Escrow(command::escrow::Command),
    /// Make a fresh desk for a partnership whose desks are gone, with the recovery kit
    Recover(command::recover::Args),
    /// Erase a document: one admin proposes, another signs
    #[command(subcommand)]
    Erase(command::erase::Command),
    /// Records that must not be erased
    #[command(subcommand)]
    Hold(command::erase::HoldCommand),
    /// What has been kept as long as the rules say
    #[command(subcommand)]
    Retention(command::erase::RetentionCommand),
    /// Replace the recovery kit: new root keys, new escrow keys
    RenewKit(command::escrow::KitArgs),
    /// Devices of the partnership
    Devices(command::devices::Args),
    /// Teams of the partnership
    Teams(command::teams::Args),
    /// Measure this machine: each figure beside a floor of the same run
    Bench(command::bench::Args),
    /// Run a server inside this program (only in programs that have one)
    Serve(command::serve::Args),
}

/// Runs one command line, the program's name first. `embedded` is a server inside the program, where there is one.
#[must_use]
pub fn run(args: impl IntoIterator<Item = OsString>, embedded: Option<EmbeddedServer>) -> ExitCode {
    let parsed = Cli::command()
        .mut_subcommand("serve", |serve| serve.hide(embedded.is_none()))
        .try_get_matches_from(args)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) => {
            let code = if error.use_stderr() { ExitCode::from(2) } else { ExitCode::SUCCESS };
            let _unread = error.print();
            return code;
        }
    };
    start_logs();
    let context = Context::new(cli.global, embedded);
    match dispatch(&context, cli.command) {
        Ok(()) => ExitCode::SUCCESS,
        // Whoever closed the pipe has read enough.
        Err(DeskError::Output(ErrorKind::BrokenPipe)) => ExitCode::SUCCESS,
        Err(error) => {
            report(&context, &error);
            ExitCode::from(error.blame() as u8)
        }
    }
}

fn dispatch(context: &Context, command: Command) -> Result<(), DeskError> {
    match command {
        Command::Init(args) => command::init::run(context, &args),
        Command::Enrol(command) => command::enrol::run(context, &command),
        Command::Import(args) => command::import::run(context, &args),
        Command::Find(args) => command::find::run(context, &args),
        Command::Property(command) => command::property::run(context, &command),
        Command::Visit(command) => command::visit::run(context, &command),
        Command::Person(command) => command::person::run(context, &command),
        Command::Consent(command) => command::consent::run(context, &command),
        Command::Nhs(command) => command::nhs::run(context, &command),
        Command::Protection(command) => command::protection::run(context, &command),
        Command::Pack(command) => command::pack::run(context, &command),
        Command::Photo(command) => command::photo::run(context, &command),
        Command::Firebox(args) => command::firebox::run(context, &args),
        Command::Glass(command) => command::glass::run(context, &command),
        Command::Pin(command) => command::pin::run(context, &command),
        Command::Seat(command) => command::seat::run(context, &command),
        Command::Audit(command) => command::audit::run(context, &command),
        Command::Todo(args) => command::todo::run(context, &args),
        Command::Review(command) => command::review::run(context, &command),
        Command::Clocks(command) => command::clocks::run(context, &command),
        Command::Duplicates(command) => command::duplicates::run(context, &command),
        Command::Register(command) => command::register::run(context, &command),
        Command::Allocation(command) => command::allocation::run(context, &command),
        Command::Agreement(command) => command::agreement::run(context, &command),
        Command::Report(command) => command::report::run(context, &command),
        Command::Timeline(args) => command::timeline::run(context, &args),
        Command::Conflicts(command) => command::conflicts::run(context, &command),
        Command::Mistaken(command) => command::mistaken::run(context, &command),
        Command::Desk(args) => command::desk::run(context, &args),
        Command::Sync(args) => command::sync::run(context, &args),
        Command::Watch(args) => command::watch::run(context, &args),
        Command::Status(args) => command::status::run(context, &args),
        Command::Tray(args) => command::tray::run(context, &args),
        Command::Carrier(command) => command::carrier::run(context, &command),
        Command::Rebuild(args) => command::rebuild::run(context, &args),
        Command::Verify(args) => command::verify::run(context, &args),
        Command::Device(command) => command::device::run(context, &command),
        Command::Restored(args) => command::restored::run(context, &args),
        Command::Server(command) => command::server::run(context, &command),
        Command::Keys(command) => command::keys::run(context, &command),
        Command::Late(command) => command::late::run(context, &command),
        Command::Team(command) => command::team::run(context, &command),
        Command::Grant(command) => command::grant::run(context, &command),
        Command::Zone(args) => command::grant::create_zone(context, &args),
        Command::Access(args) => command::access::run(context, &args),
        Command::Admin(command) => command::escrow::admin(context, &command),
        Command::Policy(args) => command::escrow::policy(context, &args),
        Command::Escrow(command) => command::escrow::run(context, &command),
        Command::Recover(args) => command::recover::run(context, &args),
        Command::Erase(command) => command::erase::run(context, &command),
        Command::Hold(command) => command::erase::hold(context, &command),
        Command::Retention(command) => command::erase::retention(context, &command),
        Command::RenewKit(args) => command::escrow::renew(context, &args),
        Command::Devices(args) => command::devices::run(context, &args),
        Command::Teams(args) => command::teams::run(context, &args),
        Command::Bench(args) => command::bench::run(context, &args),
        Command::Serve(args) => command::serve::run(context, &args),
    }
}

/// An error in JSON: `{"error": {"code", "blame", "message"}}`.
#[derive(serde::Serialize)]
struct ErrorData<'a> {
    error: ErrorBody<'a>,
}

#[derive(serde::Serialize)]
struct ErrorBody<'a> {
    code: u8,
    blame: crate::failure::Blame,
    message: &'a str,
}

fn report(context: &Context, error: &DeskError) {
    let (message, blame) = (error.to_string(), error.blame());
    if context.global.json {
        let data = ErrorData { error: ErrorBody { code: blame as u8, blame, message: &message } };
        if let Ok(json) = serde_json::to_string(&data) {
            eprintln!("{json}");
            return;
        }
    }
    eprintln!("doorstep: {message}");
}

/// Warnings of the rooms below go to standard error; `RUST_LOG` says more.
fn start_logs() {
    let filter = tracing_subscriber::EnvFilter::try_from_default_env()
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    // A program that calls this twice has its logs already.
    let _already = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).try_init();
}
