//! Where the passphrase comes from: a variable, a file, or a question without echo. Never an argument, which every other
//! program on the machine can read.

use std::io::IsTerminal;
use std::path::Path;

use zeroize::Zeroizing;

use crate::failure::DeskError;

/// The variable that may hold it.
pub const VARIABLE: &str = "DOORSTEP_PASSPHRASE";
/// The longest passphrase, as the vault has it.
const PASSPHRASE_BYTES_MAX: usize = 1_024;
/// What a new passphrase has at least: shorter ones are guessed.
const NEW_PASSPHRASE_CHARS_MIN: usize = 8;

/// Whether a passphrase opens what exists, or is chosen for something new.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Use {
    /// It opens a device that exists.
    Open,
    /// It is chosen for a new device: asked twice, and not too short.
    New,
}

/// Finds the passphrase.
///
/// # Errors
/// [`DeskError::Input`] when there is none, or when a new one is too short.
pub fn find(file: Option<&Path>, purpose: Use) -> Result<Zeroizing<String>, DeskError> {
    let found = match file {
        Some(path) => read(path)?,
        None => match std::env::var(VARIABLE) {
            Ok(text) => Zeroizing::new(text),
            Err(std::env::VarError::NotPresent) => ask(purpose)?,
            Err(std::env::VarError::NotUnicode(_)) => {
                return Err(DeskError::input(VARIABLE, "must be text (UTF-8)", "set it again"));
            }
        },
    };
    let limit = if found.is_empty() || found.len() > PASSPHRASE_BYTES_MAX {
        Some("has 1 to 1024 bytes")
    } else if purpose == Use::New && found.chars().count() < NEW_PASSPHRASE_CHARS_MIN {
        Some("a new one has at least 8 characters")
    } else {
        None
    };
    match limit {
        Some(limit) => {
            Err(DeskError::input("passphrase", limit, "choose a few words that only you would put together"))
        }
        None => Ok(found),
    }
}

fn read(path: &Path) -> Result<Zeroizing<String>, DeskError> {
    let text = std::fs::read_to_string(path).map(Zeroizing::new).map_err(|error| {
        DeskError::file(path, format!("the passphrase cannot be read from it ({:?})", error.kind()))
    })?;
    // Editors end a file with a line end; a passphrase has none.
    Ok(Zeroizing::new(text.trim_end_matches(['\r', '\n']).to_owned()))
}

fn ask(purpose: Use) -> Result<Zeroizing<String>, DeskError> {
    let none = || {
        DeskError::input(
            "passphrase",
            "there is none, and nobody to ask",
            "set DOORSTEP_PASSPHRASE, or name a file with --passphrase-file",
        )
    };
    if !std::io::stdin().is_terminal() {
        return Err(none());
    }
    let prompt = |words: &str| rpassword::prompt_password(words).map(Zeroizing::new).map_err(|_| none());
    match purpose {
        Use::Open => prompt("Passphrase of this device: "),
        Use::New => {
            let first = prompt("Choose a passphrase for this device: ")?;
            if *prompt("The same again: ")? == *first {
                Ok(first)
            } else {
                Err(DeskError::input("passphrase", "the two are not the same", "start again"))
            }
        }
    }
}
