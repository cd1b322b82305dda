//! How a text gets from one screen to the other: as text, in a file, as a code in a picture.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use crate::failure::DeskError;
use crate::qr::{self, Code, Ink, PICTURE_BYTES_MAX, PictureError};

/// The longest text in a file.
const TEXT_BYTES_MAX: u64 = 16 * 1024;

const EXISTS: &str = "exists already: choose another name";

/// What came from the other screen.
#[derive(clap::Args)]
#[group(required = true, multiple = false)]
pub(in crate::command) struct Handed {
    /// The text, as the other screen shows it
    #[arg(long, value_name = "TEXT", aliases = ["invitation", "request"])]
    text: Option<String>,
    /// A file that holds the text
    #[arg(long, value_name = "FILE", aliases = ["invitation-file", "request-file"])]
    text_file: Option<PathBuf>,
    /// A picture of the code (PNG or JPEG): a screenshot, or a photograph of the other screen
    #[arg(long, value_name = "FILE")]
    picture: Option<PathBuf>,
}

impl Handed {
    /// The text, wherever it is.
    pub(in crate::command) fn read(&self) -> Result<String, DeskError> {
        if let Some(path) = &self.picture {
            let bytes = bytes_of(path, PICTURE_BYTES_MAX, &PictureError::TooManyBytes.to_string())?;
            return qr::read(&bytes).map_err(|error| DeskError::file(path, error.to_string()));
        }
        let Some(path) = &self.text_file else { return Ok(self.text.clone().unwrap_or_default()) };
        let bytes = bytes_of(path, TEXT_BYTES_MAX, "is longer than such a text: is this the right file?")?;
        String::from_utf8(bytes).map_err(|_| DeskError::file(path, "is not a text: give a picture with --picture"))
    }
}

/// The bytes of a file, of which never more than the limit are read, whatever it grows to meanwhile.
fn bytes_of(path: &Path, limit: u64, too_long: &str) -> Result<Vec<u8>, DeskError> {
    let unreadable = |error: std::io::Error| DeskError::file(path, format!("cannot be read ({:?})", error.kind()));
    let mut bytes = Vec::new();
    File::open(path).and_then(|file| file.take(limit + 1).read_to_end(&mut bytes)).map_err(unreadable)?;
    if bytes.len() as u64 > limit { Err(DeskError::file(path, too_long.to_owned())) } else { Ok(bytes) }
}

/// Refuses a picture that could not be written, before anything is made that it would show.
pub(in crate::command) fn check_new(png: Option<&Path>) -> Result<(), DeskError> {
    match png {
        Some(path) if path.exists() => Err(DeskError::file(path, EXISTS)),
        _ => Ok(()),
    }
}

/// The code of a text, for the other screen.
pub(in crate::command) struct Shown {
    code: Option<Code>,
}

impl Shown {
    /// Makes the code, and its picture where one is wanted.
    pub(in crate::command) fn of(text: &str, png: Option<&Path>) -> Result<Self, DeskError> {
        let code = Code::of(text);
        if let Some(path) = png {
            let code = code.as_ref().ok_or_else(|| DeskError::file(path, "the text is too long for a code"))?;
            write_new(path, &code.to_png())?;
        }
        Ok(Self { code })
    }

    /// The code for a terminal, with a line that says what it needs.
    pub(in crate::command) fn to_terminal(&self, png: Option<&Path>) -> String {
        let Some(code) = &self.code else { return "The text is too long for a code: hand the text over.\n".to_owned() };
        let mut text = code.to_terminal(Ink::of_stdout());
        match png {
            Some(path) => text.push_str(&format!("The same code is in {}.\n", path.display())),
            None => text.push_str(&format!(
                "The code needs a window of {} columns and {} lines; --png FILE writes it as a picture.\n",
                code.columns(),
                code.columns().div_ceil(2) + 1
            )),
        }
        text
    }
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<(), DeskError> {
    let mut file = File::create_new(path).map_err(|error| {
        let wrong = match error.kind() {
            std::io::ErrorKind::AlreadyExists => EXISTS.to_owned(),
            kind => format!("cannot be made ({kind:?})"),
        };
        DeskError::file(path, wrong)
    })?;
    file.write_all(bytes).map_err(|error| DeskError::file(path, format!("cannot be written ({:?})", error.kind())))
}
