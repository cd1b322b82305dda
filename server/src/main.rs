//! The command `doorstep-server`.

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use doorstep_protocol::{PartnershipId, cbor};
use doorstep_server::SqliteStore;
use doorstep_server::config::{Config, LogForm, Settings};
use doorstep_server::keys::Keys;
use doorstep_server::relay::restore_points;
use doorstep_server::server::{Running, Server, lock_folder};
use doorstep_server::store::sqlite::carry::{self, Unsigned};
use doorstep_server::store::sqlite::{DATABASE_FILE, backup};
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

/// Stores and orders the sealed records of a Doorstep partnership. It cannot read them.
///
/// Started without any option it listens on 127.0.0.1:8470 and keeps its data in ./doorstep-server-data. Every option can
/// also be set by the variable named beside it, or by its name in the file given with --config.
#[derive(Parser)]
#[command(version, arg_required_else_help = false)]
struct Cli {
    /// Settings file (TOML); flags and variables come before it
    #[arg(long, env = "DOORSTEP_CONFIG", value_name = "FILE", global = true)]
    config: Option<PathBuf>,
    #[command(flatten)]
    settings: Settings,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Run the server (the default)
    Run,
    /// Copy the store to a file, while a server runs
    Backup {
        /// The file to write; it must not exist
        file: PathBuf,
    },
    /// Write a partnership to a file, to take it to another server; a server may run meanwhile
    Export {
        /// The partnership, 32 hexadecimal digits
        #[arg(long, value_name = "ID")]
        partnership: PartnershipId,
        /// The file to write; it must not exist
        file: PathBuf,
    },
    /// Read such a file into an empty data folder, checking every signature
    Import {
        /// The file to read
        file: PathBuf,
        /// Keep envelopes that their authors did not sign; every reader sets them aside
        #[arg(long)]
        keep_unsigned: bool,
    },
    /// Put a copy in place of the store. Stop the server first; what stands there is set aside, not deleted
    Restore {
        /// The file to read
        file: PathBuf,
    },
}

fn main() -> ExitCode {
    let cli = Cli::parse();
    match run(cli) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("doorstep-server: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: Cli) -> Result<(), Box<dyn std::error::Error>> {
    let file = cli.config.as_deref().map(Settings::read).transpose()?.unwrap_or_default();
    let config = cli.settings.or(file).check()?;
    let database = config.data.join(DATABASE_FILE);
    match cli.command.unwrap_or(Command::Run) {
        Command::Run => serve(config),
        Command::Backup { file } => {
            let identity = backup::backup(&database, &file)?;
            println!("store {} copied to {}", identity.store, file.display());
            println!("copy the folder parts from {} as well: photographs are files there", config.data.display());
            println!("keep server.key from {} beside it: the copy does not hold it", config.data.display());
            Ok(())
        }
        Command::Restore { file } => {
            let _held = lock_folder(&config)?;
            let identity = backup::restore(&file, &database)?;
            println!("store {} restored; its restore epoch is {}", identity.store, identity.restore_epoch);
            tell_restore_points(&config)?;
            Ok(())
        }
        Command::Export { partnership, file } => {
            let done = carry::export(&database, partnership, &file)?;
            println!(
                "partnership {partnership} written to {}: {} entries, {} envelopes, {} bytes of envelopes",
                file.display(),
                done.entries,
                done.envelopes,
                done.envelope_bytes
            );
            println!("photographs are not in it: devices that hold them bring them to the other server again");
            println!("what is written here from now on is not in it: stop this server before the other one starts");
            Ok(())
        }
        Command::Import { file, keep_unsigned } => {
            let _held = lock_folder(&config)?;
            let unsigned = if keep_unsigned { Unsigned::Kept } else { Unsigned::Refused };
            let done = carry::import(&file, &database, unsigned)?;
            println!(
                "partnership {} imported: {} entries, {} envelopes; the store is {}",
                done.partnership, done.entries, done.envelopes, done.identity.store
            );
            let own = Keys::open(&config.data)?.public();
            if done.server_key != own {
                println!("its log names the server key {}", done.server_key);
                println!("and the key of this folder is {own}: this server will not serve it yet.");
                println!("Have the root keys sign a ServerKey entry for {own} at the old server and export again,");
                println!("or put the old server.key into {}", config.data.display());
            }
            Ok(())
        }
    }
}

/// What the log must say before devices believe that the store was restored on purpose.
fn tell_restore_points(config: &Config) -> Result<(), Box<dyn std::error::Error>> {
    let store = SqliteStore::open(&config.data.join(DATABASE_FILE))?;
    for (partnership, point) in restore_points(&store)? {
        let file = config.data.join(format!("restore-point-{partnership}.cbor"));
        std::fs::write(&file, cbor::encode(&point))?;
        println!();
        println!("Until an admin or the root keys sign a RestorePoint, the devices of {partnership} raise an alarm.");
        println!("  store {}", point.store);
        println!("  restore epoch {}", point.restore_epoch);
        println!("  log size {}", point.log_size);
        println!("  {} feeds; the whole entry's content is in {}", point.feeds.len(), file.display());
    }
    Ok(())
}

fn serve(config: Config) -> Result<(), Box<dyn std::error::Error>> {
    start_logs(&config);
    let scheme = if config.tls.is_some() { "https" } else { "http" };
    let data = config.data.display().to_string();
    let running = Server::start(config)?;
    let mut out = std::io::stdout();
    // A reader that is gone is no reason to stop serving.
    let _told = writeln!(out, "listening on {scheme}://{}", running.address())
        .and_then(|()| writeln!(out, "server key {}", running.server_key()))
        .and_then(|()| writeln!(out, "data in {data}"))
        .and_then(|()| out.flush());
    stop_on_signal(&running)?;
    running.wait();
    Ok(())
}

fn start_logs(config: &Config) {
    let registry = tracing_subscriber::registry().with(config.log_level);
    let layer = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    match config.log_form {
        LogForm::Text => registry.with(layer).init(),
        LogForm::Json => registry.with(layer.json()).init(),
    }
}

/// SIGINT and SIGTERM let current requests finish.
fn stop_on_signal(running: &Running) -> std::io::Result<()> {
    let stop = running.stop_token();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    let ended = stop.clone();
    runtime.block_on(async {
        let interrupt = tokio::signal::ctrl_c();
        #[cfg(unix)]
        let terminate = async {
            match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
                Ok(mut signal) => {
                    signal.recv().await;
                }
                Err(_) => std::future::pending().await,
            }
        };
        #[cfg(not(unix))]
        let terminate = std::future::pending::<()>();
        tokio::select! {
            _ = interrupt => {}
            () = terminate => {}
            () = ended.cancelled() => {}
        }
    });
    stop.cancel();
    Ok(())
}
