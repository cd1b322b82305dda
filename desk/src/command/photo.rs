//! `doorstep photo`: photographs of homes.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use doorstep_client_core::client::{Client, ClientError, Held, PhotographInput, PhotographRow};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::photograph::FILE_BYTES_MAX;
use doorstep_client_core::records::RowId;
use doorstep_client_core::records::home::Hazard;
use doorstep_client_core::records::{Class, Reading};

use crate::context::Context;
use crate::failure::DeskError;
use crate::render::table::table;
use crate::render::words::{by, moment};

const EXAMPLES: &str = "\
Examples:
  doorstep photo add 100023336956 window.jpg --room bedroom --note 'damp by the window'
  doorstep photo add 100023336956 stairs.png --hazard 3f2a…           the hazard's id, from `property show --json`
  doorstep photo list 100023336956
  doorstep photo save 100023336956 9c41… window.jpg
  doorstep photo save 100023336956 9c41… small.jpg --thumbnail

What happens next: a photograph is made anew, so the place, the time and the camera that the file names are left out (the place is
kept beside it where the partnership's pack `photographs` says so). It is kept sealed, and goes up with `doorstep sync` after
everything else.";

/// Photographs of homes
#[derive(clap::Subcommand)]
#[command(after_help = EXAMPLES)]
pub enum Command {
    /// Take a JPEG, PNG or WebP file in as a photograph of a home
    Add(AddArgs),
    /// The photographs of a home, the newest first
    List(ListArgs),
    /// Write a photograph to a JPEG file
    Save(SaveArgs),
}

/// Takes a file in as a photograph of a home. The file stays as it is.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct AddArgs {
    /// UPRN, record id, or words that fit one home
    #[arg(value_name = "HOME")]
    home: String,
    /// JPEG, PNG or WebP, at most 40 MiB
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The hazard that it shows: its id, or the beginning of it
    #[arg(long, value_name = "ID")]
    hazard: Option<String>,
    /// Room
    #[arg(long)]
    room: Option<String>,
    /// What it shows
    #[arg(long)]
    note: Option<String>,
}

/// Lists the photographs of a home, the newest first.
#[derive(clap::Args)]
pub struct ListArgs {
    /// UPRN, record id, or words that fit one home
    #[arg(required = true, value_name = "HOME")]
    home: Vec<String>,
}

/// Writes a photograph to a JPEG file. The file is not sealed: keep it as carefully as the record.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct SaveArgs {
    /// UPRN, record id, or words that fit one home
    #[arg(value_name = "HOME")]
    home: String,
    /// The photograph: its id from `photo list`, or the beginning of it
    #[arg(value_name = "PHOTOGRAPH")]
    photograph: String,
    /// The file to write; it must not exist
    #[arg(value_name = "FILE")]
    file: PathBuf,
    /// The small one
    #[arg(long)]
    thumbnail: bool,
}

#[derive(serde::Serialize)]
struct Added {
    property: RecordId,
    photograph: RowId,
}

#[derive(serde::Serialize)]
struct Listed {
    photographs: Vec<PhotographRow>,
}

#[derive(serde::Serialize)]
struct Saved {
    photograph: RowId,
    bytes: u64,
}

/// Runs it.
///
/// # Errors
/// [`DeskError`].
pub fn run(context: &Context, command: &Command) -> Result<(), DeskError> {
    match command {
        Command::Add(args) => add(context, args),
        Command::List(args) => list(context, args),
        Command::Save(args) => save(context, args),
    }
}

fn home_of(context: &Context, client: &Client, home: &str) -> Result<RecordId, DeskError> {
    super::property::resolve(context, client, &[home.to_owned()])
}

/// The row whose id begins with what was given.
fn row_of(wanted: &str, rows: impl Iterator<Item = RowId>, what: &'static str) -> Result<RowId, DeskError> {
    let wanted = wanted.trim().trim_end_matches('…');
    let mut found = rows.filter(|row| !wanted.is_empty() && row.to_string().starts_with(wanted));
    match (found.next(), found.next()) {
        (Some(row), None) => Ok(row),
        (Some(_), Some(_)) => Err(ClientError::Ambiguous { what, count: 2 + found.count() }.into()),
        (None, _) => Err(ClientError::NotFound { what }.into()),
    }
}

fn read(file: &Path) -> Result<Vec<u8>, DeskError> {
    let failed = |error: std::io::Error| match error.kind() {
        ErrorKind::NotFound => DeskError::file(file, "there is no such file: check its name"),
        kind => DeskError::file(file, format!("it cannot be read ({kind:?})")),
    };
    let length = fs::metadata(file).map_err(failed)?.len();
    if length > FILE_BYTES_MAX as u64 {
        let limit = format!("it has {length} bytes, and at most {FILE_BYTES_MAX} are taken: save it smaller");
        return Err(DeskError::file(file, limit));
    }
    fs::read(file).map_err(failed)
}

fn add(context: &Context, args: &AddArgs) -> Result<(), DeskError> {
    let bytes = read(&args.file)?;
    let client = context.open()?;
    let property = home_of(context, &client, &args.home)?;
    let hazard = match &args.hazard {
        Some(wanted) => {
            let home = client.document(property, Class::Home)?;
            let hazards = home.map(|view| view.rows::<Hazard>(Reading::Shown)).unwrap_or_default();
            Some(row_of(wanted, hazards.into_iter().map(|seen| seen.row), "hazard of that home")?)
        }
        None => None,
    };
    let about =
        PhotographInput { note: args.note.clone(), room: args.room.clone(), hazard, ..PhotographInput::default() };
    let photograph = client.photographs().add(property, &bytes, &about)?;
    let added = client.photographs().list(property)?.into_iter().find(|row| row.row == photograph);
    let place = match added.and_then(|row| row.position) {
        Some(_) => "with the place that the file named, as this partnership keeps it",
        None => "without the place and time that the file named",
    };
    context.screen.show(&Added { property, photograph }, |_| {
        format!(
            "Kept as photograph {photograph}, {place}.\nIt goes up with the next \
             `doorstep sync`, after everything else. The file is still where it was.\n"
        )
    })
}

fn list(context: &Context, args: &ListArgs) -> Result<(), DeskError> {
    let client = context.open()?;
    let property = super::property::resolve(context, &client, &args.home)?;
    let photographs = client.photographs().list(property)?;
    // Names are a help, not a condition.
    let names = client.directory().names().unwrap_or_default();
    let listed = Listed { photographs };
    context.screen.show(&listed, |_| {
        if listed.photographs.is_empty() {
            return "No photographs of this home.\n".to_owned();
        }
        let rows: Vec<Vec<String>> = listed
            .photographs
            .iter()
            .map(|row| {
                let held = match (row.original, row.thumbnail) {
                    (Held::Here, _) => "on this device",
                    (Held::Wanted, _) => "asked for, comes with the next sync",
                    (Held::NotHere, Held::Here) => "thumbnail on this device",
                    (Held::NotHere, _) => "photograph not here yet",
                };
                vec![
                    row.row.to_string()[..8].to_owned(),
                    row.taken_at.map_or_else(|| "not known".to_owned(), moment),
                    row.room.clone().unwrap_or_default(),
                    held.to_owned(),
                    row.sending.to_string(),
                    by(&names, row.made.as_ref()),
                    row.note.clone().unwrap_or_default().replace(['\n', '\t'], " "),
                ]
            })
            .collect();
        table(&["photo", "taken", "room", "here", "sent", "by", "note"], &rows)
    })
}

fn save(context: &Context, args: &SaveArgs) -> Result<(), DeskError> {
    let client = context.open()?;
    let property = home_of(context, &client, &args.home)?;
    let photographs = client.photographs();
    let all = photographs.list(property)?;
    let photograph = row_of(&args.photograph, all.iter().map(|row| row.row), "photograph")?;
    let found = if args.thumbnail {
        photographs.thumbnail(property, photograph)?
    } else {
        photographs.original(property, photograph)?
    };
    let Some(bytes) = found else {
        photographs.want(property, photograph)?;
        return Err(DeskError::NotFound {
            what: "photograph".into(),
            remedy: "it is not here yet; this device has asked for it: sync, and save it again".into(),
        });
    };
    write_new(&args.file, &bytes)?;
    let saved = Saved { photograph, bytes: bytes.len() as u64 };
    context.screen.show(&saved, |_| {
        format!(
            "Written to {}. This file is not sealed: delete it when it is not needed any more.\n",
            args.file.display()
        )
    })
}

fn write_new(path: &Path, bytes: &[u8]) -> Result<(), DeskError> {
    let written = File::create_new(path).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    written.map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => DeskError::file(path, "it is there already: choose another name"),
        kind => DeskError::file(path, format!("it cannot be written ({kind:?}): check the folder")),
    })
}
