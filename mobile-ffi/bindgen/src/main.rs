//! `doorstep-bindgen`: writes an app's sources, the surface and the reference from a built library.

use std::env;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};
use doorstep_bindgen::{BindgenError, Language, Library, reference, surface, write_bindings};

/// Writes the Kotlin, Swift and Python of the phone's library, and what its surface is.
#[derive(Parser)]
#[command(name = "doorstep-bindgen", version)]
struct Cli {
    /// The built library; without it, the one that `cargo build -p doorstep-mobile-ffi` made beside this program
    #[arg(long, global = true)]
    library: Option<PathBuf>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Write the sources of a language into a folder
    Sources {
        /// The language
        #[arg(long, value_enum)]
        language: Language,
        /// The folder
        #[arg(long)]
        out: PathBuf,
    },
    /// Print the surface, which the repository keeps as mobile-ffi/surface.txt
    Surface,
    /// Print the reference, which the repository keeps as docs/api.md
    Reference,
}

fn main() -> ExitCode {
    match run(&Cli::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("doorstep-bindgen: {error}");
            ExitCode::FAILURE
        }
    }
}

fn run(cli: &Cli) -> Result<(), BindgenError> {
    let library = Library::read(&cli.library.clone().unwrap_or_else(beside_this_program))?;
    match &cli.command {
        Command::Sources { language, out } => write_bindings(&library, *language, out)?,
        Command::Surface => print!("{}", surface(&library)),
        Command::Reference => print!("{}", reference(&library)),
    }
    Ok(())
}

fn beside_this_program() -> PathBuf {
    let name = format!("{}doorstep_mobile_ffi{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
    let program = env::current_exe().unwrap_or_default();
    program.parent().unwrap_or(Path::new("")).join(name)
}
