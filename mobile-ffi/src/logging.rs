//! What the library says of itself, to the log of the app: level, place and a fixed sentence. No field, no argument and no error of a
//! library is passed on, so nothing recorded can be in one.

use std::fmt::Write as _;
use std::sync::Arc;

use tracing::field::{Field, Visit};
use tracing::span;

use crate::error::DoorstepError;

/// Whose lines are passed on.
const OURS: &str = "doorstep_";
/// The field in which a line's sentence stands.
const MESSAGE: &str = "message";

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, uniffi::Enum)]
pub enum LogLevel {
    /// Something failed, and a person may have to look.
    Error,
    /// Something is not as it should be, and was dealt with.
    Warning,
    /// Something happened.
    Info,
    /// For whoever looks for a fault.
    Debug,
}

/// A line.
#[derive(Clone, Debug, PartialEq, Eq, uniffi::Record)]
pub struct LogLine {
    /// How much it matters.
    pub level: LogLevel,
    /// Where in the library.
    pub target: String,
    /// A sentence that is always the same at its place.
    pub text: String,
}

/// The log of an app.
#[uniffi::export(with_foreign)]
pub trait LogSink: Send + Sync {
    /// Called on any thread: it must not call the library.
    fn log(&self, line: LogLine);
}

/// Passes lines of this level, and of those that matter more, on to the app, from now until the program ends.
///
/// # Errors
/// [`DoorstepError::Misfit`] when a log was set before.
#[uniffi::export]
pub fn set_log(sink: Arc<dyn LogSink>, level: LogLevel) -> Result<(), DoorstepError> {
    tracing::subscriber::set_global_default(Lines { sink, level }).map_err(|_| DoorstepError::Misfit {
        reason: "this program has a log already".to_owned(),
        remedy: "set it once, when the program starts".to_owned(),
    })
}

struct Lines {
    sink: Arc<dyn LogSink>,
    level: LogLevel,
}

fn level_of(level: tracing::Level) -> LogLevel {
    match level {
        tracing::Level::ERROR => LogLevel::Error,
        tracing::Level::WARN => LogLevel::Warning,
        tracing::Level::INFO => LogLevel::Info,
        _ => LogLevel::Debug,
    }
}

impl tracing::Subscriber for Lines {
    fn enabled(&self, metadata: &tracing::Metadata<'_>) -> bool {
        metadata.is_event() && metadata.target().starts_with(OURS) && level_of(*metadata.level()) <= self.level
    }

    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }

    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}

    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}

    fn event(&self, event: &tracing::Event<'_>) {
        let mut sentence = Sentence(String::new());
        event.record(&mut sentence);
        let metadata = event.metadata();
        let level = level_of(*metadata.level());
        self.sink.log(LogLine { level, target: metadata.target().to_owned(), text: sentence.0 });
    }

    fn enter(&self, _: &span::Id) {}

    fn exit(&self, _: &span::Id) {}
}

/// The sentence of a line, and none of its fields.
struct Sentence(String);

impl Visit for Sentence {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == MESSAGE {
            // Writing to a text does not fail.
            let _ = write!(self.0, "{value:?}");
        }
    }
}
