//! The story of one home, told on real parts: a server with its files, four devices in folders of their own, sockets between.
//!
//! [`tell`] runs it and writes it down for a newcomer; every step checks what it says, and a promise that does not hold ends
//! the story with [`StoryError::Broken`].
//!
//! | file | is |
//! | --- | --- |
//! | [`embedded`] | the server inside this program |
//! | [`device`], [`switch`] | devices whose network can be cut |
//! | `visits` | what three visitors find at one flat |
//! | `chapters` | the steps, one function each |
//! | [`stay`] | after the story: each device as a page in the browser, with a switch for its signal |
//! | [`holdings`], [`scan`] | what the server has, and a search of its files |
//! | `telling` | how it is written down |

pub mod device;
pub mod embedded;
pub mod holdings;
pub mod scan;
pub mod stay;
pub mod switch;

mod chapters;
mod telling;
mod visits;

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use doorstep_desk::context::HeldServer;

use chapters::Town;
use device::{ServerAt, StoryDevice};
use telling::Telling;

/// How the story is told.
#[derive(Clone, Debug)]
pub struct StoryOptions {
    /// Folder for everything it makes; it must not exist, or be empty.
    pub data: PathBuf,
    /// How a reader starts this program again, for the commands at the end.
    pub program: String,
}

/// What the story came to.
pub struct Report {
    /// Where everything is.
    pub data: PathBuf,
    /// Homes that every device has.
    pub homes: u64,
    /// Fields in dispute at the flat.
    pub conflicts: usize,
    /// Whether the crew was shown the cautious value, marked as disputed.
    pub crew_warned: bool,
    /// Devices whose pages of the flat are the same.
    pub devices_alike: usize,
    /// Words looked for in the server's files.
    pub words: usize,
    /// Words found there.
    pub found_on_server: usize,
    /// Words found in a plain export by the same search.
    pub found_in_control: usize,
    /// Envelopes that the server holds of the flat and its people.
    pub envelopes_of_flat: usize,
    /// Faults that verification found.
    pub faults: usize,
    /// How long it took.
    pub took: Duration,
    /// The server, still running; dropping it stops it.
    pub server: HeldServer,
}

/// Why the story could not be told to its end.
#[derive(Debug, thiserror::Error)]
pub enum StoryError {
    /// A device.
    #[error(transparent)]
    Client(#[from] doorstep_client_core::client::ClientError),
    /// The import of the street.
    #[error(transparent)]
    Import(#[from] doorstep_desk::import::ImportError),
    /// The way to the server.
    #[error("the way to the server: {0}")]
    Link(String),
    /// A file.
    #[error("a file or the output ({0:?})")]
    File(io::ErrorKind),
    /// The folder for the data.
    #[error("{path} exists and is not empty: name a new folder with --data", path = .0.display())]
    Occupied(PathBuf),
    /// The pages.
    #[error(transparent)]
    Pages(#[from] doorstep_pages::ServeError),
    /// The server did not start.
    #[error("the server did not start: {0}")]
    Server(String),
    /// The server's database.
    #[error("the server's database: {0}")]
    Database(#[from] rusqlite::Error),
    /// A promise did not hold.
    #[error("the story breaks off, because a promise did not hold: {0}")]
    Broken(&'static str),
}

impl StoryError {
    pub(crate) fn link(error: &dyn std::error::Error) -> Self {
        Self::Link(error.to_string())
    }
}

impl From<io::Error> for StoryError {
    fn from(error: io::Error) -> Self {
        Self::File(error.kind())
    }
}

/// What is left when the story is told: the server runs, the devices are open.
pub struct Kept {
    /// Where the server is.
    pub at: ServerAt,
    /// The desk and the three tablets.
    pub devices: Vec<StoryDevice>,
}

/// Tells the story, and leaves the server running in what it returns.
///
/// # Errors
/// [`StoryError`].
pub fn tell(out: &mut dyn Write, options: &StoryOptions) -> Result<Report, StoryError> {
    // Dropping the devices closes their folders, so that the commands at the end of the story can open them.
    tell_and_keep(out, options).map(|(report, _)| report)
}

/// Tells the story and keeps its devices open.
///
/// # Errors
/// [`StoryError`].
pub fn tell_and_keep(out: &mut dyn Write, options: &StoryOptions) -> Result<(Report, Kept), StoryError> {
    let begun = Instant::now();
    make_folder(&options.data)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build()?;
    let mut telling = Telling::new(out);
    let mut town = Town::found(&options.data, &mut telling, &runtime)?;
    town.import(&mut telling)?;
    town.enrol(&mut telling, &runtime)?;
    town.cut(&mut telling, &runtime)?;
    let flat = town.visit(&mut telling)?;
    town.reconnect(&mut telling, &runtime)?;
    let conflicts = town.desk_page(&mut telling, &flat)?;
    let crew_warned = town.crew_page(&mut telling, &flat)?;
    let devices_alike = town.compare(&mut telling, &flat)?;
    let holdings = town.server_page(&mut telling, &flat)?;
    let searched = town.search(&mut telling, &flat)?;
    let faults = town.verify(&mut telling)?;
    let homes = town.homes()?;
    let (server, kept) = town.close(&mut telling, options, &flat, begun.elapsed())?;
    drop(runtime);
    let report = Report {
        data: options.data.clone(),
        homes,
        conflicts,
        crew_warned,
        devices_alike,
        words: searched.words,
        found_on_server: searched.on_server,
        found_in_control: searched.in_control,
        envelopes_of_flat: holdings,
        faults,
        took: begun.elapsed(),
        server,
    };
    Ok((report, kept))
}

fn make_folder(path: &Path) -> Result<(), StoryError> {
    std::fs::create_dir_all(path)?;
    if std::fs::read_dir(path)?.next().is_some() {
        return Err(StoryError::Occupied(path.to_owned()));
    }
    Ok(())
}
