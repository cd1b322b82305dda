//! Measures a device and a server, each figure beside a floor: the same work done by hand on the same machine in the same
//! run. A ratio says more than a time: it holds on any machine.
//!
//! | name | what | floor |
//! | --- | --- | --- |
//! | `sync.nochange` | a catch-up when nothing changed | the same at a tenth of the size |
//! | `sync.catchup` | 200 documents changed by two others, six changes each | verify, open, load, apply, one transaction |
//! | `sync.first` | the first catch-up | verify, open, apply, one transaction |
//! | `open.warm`, `open.cold` | a property with a person: six compartments to one view | six documents loaded and read |
//! | `search` | a search among addresses | one row found by its key |
//! | `save.hazard` | one hazard, durable | one commit of one row with the same settings, unencrypted |
//! | `server.push` | eight devices push at once | the same bytes inserted in batches |
//! | `wire.edit` | a three-field edit as one envelope | the smallest envelope there is |
//! | `watch.idle` | a waiting watcher | – |
//! | `lost.tablet` | one of 500 devices, in all of 12 teams, is revoked and every key of 40 zones made anew | the seals alone |

mod figure;
mod local;
mod lost;
mod push;
mod scene;
mod server;
mod sync;
mod watch;

use std::io::Write;

pub use figure::Figure;
pub use server::ServerCommand;

/// Why a measurement was not made.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// No such measurement.
    #[error("there is no measurement {name}; there are: {known}")]
    Unknown {
        /// The name.
        name: String,
        /// Those there are.
        known: String,
    },
    /// The device did not do its part.
    #[error(transparent)]
    Client(#[from] doorstep_client_core::client::ClientError),
    /// A device did not sync.
    #[error("a device did not catch up: {0}")]
    Sync(String),
    /// The server did not start, or ended.
    #[error("the server to measure did not start ({reason}); build it first: cargo build --release -p doorstep-server")]
    Server {
        /// Why.
        reason: String,
    },
    /// A file of the measurement.
    #[error("a file of the measurement: {0}")]
    File(#[from] std::io::Error),
    /// The floor's database.
    #[error("the floor's database: {0}")]
    Floor(#[from] rusqlite::Error),
    /// A part of the setting failed.
    #[error("the setting of the measurement failed: {0}")]
    Setting(&'static str),
}

/// What is to be measured.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Names, or their beginnings; all when empty.
    pub names: Vec<String>,
    /// Documents, addresses or watchers, in place of each measurement's own number.
    pub size: Option<usize>,
    /// One JSON object a line instead of a table.
    pub form: Form,
    /// How a server is started.
    pub server: ServerCommand,
}

/// How figures are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// A table for people.
    Table,
    /// One JSON object a line.
    JsonLines,
}

type Measure = fn(&Plan, &mut Report<'_>) -> Result<(), BenchError>;

/// Names and what measures them; some are measured together.
const ALL: &[(&[&str], Measure)] = &[
    (&["wire.edit"], local::wire_edit),
    (&["save.hazard"], local::save_hazard),
    (&["open.warm", "open.cold"], local::open),
    (&["search"], local::search),
    (&["sync.first", "sync.catchup"], sync::first_and_catchup),
    (&["sync.nochange"], sync::nochange),
    (&["server.push"], push::push),
    (&["watch.idle"], watch::idle),
    (&["lost.tablet"], lost::lost_tablet),
];

/// Where figures go as they are measured.
pub struct Report<'a> {
    out: &'a mut dyn Write,
    form: Form,
    begun: bool,
}

impl Report<'_> {
    fn add(&mut self, figure: &Figure) -> Result<(), BenchError> {
        match self.form {
            Form::JsonLines => {
                let line = serde_json::to_string(figure).map_err(std::io::Error::from)?;
                writeln!(self.out, "{line}")?;
            }
            Form::Table => {
                if !self.begun {
                    writeln!(self.out, "{}", figure::HEAD)?;
                    self.begun = true;
                }
                writeln!(self.out, "{}", figure.row())?;
            }
        }
        Ok(self.out.flush()?)
    }
}

/// Runs the measurements that a plan names, and writes each figure as soon as it is there.
///
/// # Errors
/// [`BenchError`]; figures before it are written.
pub fn run(plan: &Plan, out: &mut dyn Write) -> Result<(), BenchError> {
    let fits = |name: &&str, wanted: &str| *name == wanted || name.starts_with(&format!("{wanted}."));
    for wanted in &plan.names {
        if !ALL.iter().flat_map(|(names, _)| *names).any(|name| fits(name, wanted)) {
            let known = ALL.iter().flat_map(|(names, _)| *names).copied().collect::<Vec<_>>().join(", ");
            return Err(BenchError::Unknown { name: wanted.clone(), known });
        }
    }
    let mut report = Report { out, form: plan.form, begun: false };
    for (names, measure) in ALL {
        let wanted = plan.names.is_empty() || names.iter().any(|name| plan.names.iter().any(|w| fits(name, w)));
        if wanted {
            measure(plan, &mut report)?;
        }
    }
    Ok(())
}
