//! `doorstep carrier`: records on a stick.

use std::fs::File;
use std::io::BufWriter;
use std::path::{Path, PathBuf};

use crate::context::Context;
use crate::failure::DeskError;
use crate::render::words::count;

const EXAMPLES: &str = "\
Examples:
  doorstep carrier export /media/stick/today.doorstep      at the tablet without signal
  doorstep carrier import /media/stick/today.doorstep      at a device that syncs

What is in the file is sealed and signed: whoever carries it can neither read nor change it. Importing twice is harmless.
Pictures of photographs are not in it: how many were left out is said.";

/// Carry records on a stick: sealed, for a device without signal
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Write everything this device holds to a new file
    Export {
        /// The file; it must not exist
        file: PathBuf,
    },
    /// Take what a file holds; the whole file is checked first
    Import {
        /// The file
        file: PathBuf,
    },
}

#[derive(serde::Serialize)]
struct Exported {
    envelopes: usize,
    bytes: u64,
    photographs_left_out: u64,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`]; a file that could not be written whole is removed.
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    match command {
        Command::Export { file } => export(context, file),
        Command::Import { file } => import(context, file),
    }
}

fn export(context: &Context, path: &Path) -> Result<(), DeskError> {
    let client = context.open()?;
    let failed = |error: std::io::Error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => DeskError::file(path, "exists already: name a new file"),
        kind => DeskError::file(path, format!("cannot be written ({kind:?})")),
    };
    let mut out = BufWriter::new(File::create_new(path).map_err(failed)?);
    let written = client.carrier().export(&mut out).map_err(DeskError::from).and_then(|envelopes| {
        let file = out.into_inner().map_err(|error| failed(error.into_error()))?;
        file.sync_all().map_err(failed)?;
        let bytes = file.metadata().map_err(failed)?.len();
        let photographs_left_out = client.carrier().photographs_left_out()?;
        Ok(Exported { envelopes, bytes, photographs_left_out })
    });
    let data = match written {
        Ok(data) => data,
        Err(error) => {
            let _gone = std::fs::remove_file(path);
            return Err(error);
        }
    };
    context.screen.show(&data, |_| {
        let mut text = format!(
            "{} in {}; next, at a device that syncs:  doorstep carrier import FILE\n",
            count(data.envelopes as u64, "sealed envelope", "sealed envelopes"),
            count(data.bytes, "byte", "bytes"),
        );
        if data.photographs_left_out > 0 {
            text.push_str(&format!(
                "Not in it: the pictures of {}. That they exist, and what was written beside them, is in it; the pictures stay on \
                 this device and go up when it next syncs.\n",
                count(data.photographs_left_out, "photograph", "photographs")
            ));
        }
        text
    })
}

fn import(context: &Context, path: &Path) -> Result<(), DeskError> {
    let client = context.open()?;
    let mut file =
        File::open(path).map_err(|error| DeskError::file(path, format!("cannot be read ({:?})", error.kind())))?;
    let report = client.carrier().import(&mut file)?;
    context.screen.show(&report, |_| {
        let mut text = format!(
            "{} in the file: {} new and in their records, {} known\n",
            count(report.envelopes as u64, "envelope", "envelopes"),
            report.applied,
            report.known
        );
        if report.waiting + report.set_aside > 0 {
            text.push_str(&format!("{} wait, {} set aside: see `doorstep tray`\n", report.waiting, report.set_aside));
        }
        text
    })
}
