//! What a person or a program is shown: text or JSON on standard output, progress on standard error.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use crate::failure::DeskError;

/// In what form data is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Whether words are also coloured. Colour never carries a meaning alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colours {
    /// Plain text.
    Off,
    /// On a terminal that wants them.
    On,
}

/// How a word is set off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// A heading.
    Heading,
    /// Something to look at.
    Warning,
    /// Something that must not be overlooked.
    Alarm,
    /// All is well.
    Good,
    /// Less important.
    Quiet,
}

impl Colours {
    /// For standard output: off when it is no terminal, when `NO_COLOR` is set, or when the terminal is dumb.
    #[must_use]
    pub fn of_stdout() -> Self {
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|set| !set.is_empty())
            || std::env::var_os("TERM").is_some_and(|term| term == "dumb");
        if io::stdout().is_terminal() && !unwanted { Self::On } else { Self::Off }
    }

    /// `text`, set off.
    #[must_use]
    pub fn paint(self, tone: Tone, text: &str) -> String {
        let code = match (self, tone) {
            (Self::Off, _) => return text.to_owned(),
            (Self::On, Tone::Heading) => "1",
            (Self::On, Tone::Warning) => "33",
            (Self::On, Tone::Alarm) => "1;31",
            (Self::On, Tone::Good) => "32",
            (Self::On, Tone::Quiet) => "2",
        };
        format!("\u{1b}[{code}m{text}\u{1b}[0m")
    }
}

/// Standard output in the chosen form.
#[derive(Clone, Copy, Debug)]
pub struct Screen {
    /// The form.
    pub form: Form,
    /// The colours.
    pub colours: Colours,
}

impl Screen {
    /// Prints `data` as one JSON document, or the text that `render` makes.
    ///
    /// # Errors
    /// [`DeskError::Output`].
    pub fn show(&self, data: &impl serde::Serialize, render: impl FnOnce(Colours) -> String) -> Result<(), DeskError> {
        match self.form {
            Form::Text => self.text(&render(self.colours)),
            Form::Json => {
                let json = serde_json::to_string_pretty(data)
                    .map_err(|error| DeskError::Bug(format!("JSON: {error}").into()))?;
                self.text(&json)
            }
        }
    }

    /// Prints `data` as one line of JSON, or the text that `render` makes: for commands that go on.
    ///
    /// # Errors
    /// [`DeskError::Output`].
    pub fn show_line(
        &self,
        data: &impl serde::Serialize,
        render: impl FnOnce(Colours) -> String,
    ) -> Result<(), DeskError> {
        match self.form {
            Form::Text => self.text(&render(self.colours)),
            Form::Json => {
                let json =
                    serde_json::to_string(data).map_err(|error| DeskError::Bug(format!("JSON: {error}").into()))?;
                self.text(&json)
            }
        }
    }

    /// Prints what a search found; to a person nothing when it found nothing, since the error that follows says so.
    ///
    /// # Errors
    /// [`DeskError::Output`].
    pub fn show_list<T: serde::Serialize>(&self, rows: &[T], render: impl FnOnce() -> String) -> Result<(), DeskError> {
        if rows.is_empty() && self.form == Form::Text {
            return Ok(());
        }
        self.show(&rows, |_| render())
    }

    /// Prints text as it is, with a line end.
    ///
    /// # Errors
    /// [`DeskError::Output`].
    pub fn text(&self, text: &str) -> Result<(), DeskError> {
        let mut out = io::stdout().lock();
        let end = if text.ends_with('\n') { "" } else { "\n" };
        write!(out, "{text}{end}").and_then(|()| out.flush()).map_err(|error| DeskError::Output(error.kind()))
    }
}

/// Nothing is said of work that is done before this.
const SAY_AFTER: Duration = Duration::from_secs(1);
/// On a terminal the line is drawn again this often.
const REDRAW: Duration = Duration::from_millis(200);
/// In a log a further line is written this often.
const REPEAT: Duration = Duration::from_secs(10);

/// Says on standard error how far work that takes longer than a second has come.
#[derive(Debug)]
pub struct Progress {
    what: &'static str,
    began: Instant,
    said: Option<Instant>,
    is_terminal: bool,
}

impl Progress {
    /// Work that begins now, in words such as `importing`.
    #[must_use]
    pub fn of(what: &'static str) -> Self {
        Self { what, began: Instant::now(), said: None, is_terminal: io::stderr().is_terminal() }
    }

    /// So much is done, of a total where it is known.
    pub fn at(&mut self, done: u64, total: Option<u64>) {
        let now = Instant::now();
        let pause = if self.is_terminal { REDRAW } else { REPEAT };
        let due = match self.said {
            None => now.duration_since(self.began) >= SAY_AFTER,
            Some(said) => now.duration_since(said) >= pause,
        };
        if !due {
            return;
        }
        self.said = Some(now);
        let of = total.map(|total| format!(" of {total}")).unwrap_or_default();
        let line = format!("{}: {done}{of} …", self.what);
        let mut err = io::stderr().lock();
        // Whether anybody reads it does not change the work.
        let _unread =
            if self.is_terminal { write!(err, "\r\u{1b}[2K{line}") } else { writeln!(err, "{line}") }.and(err.flush());
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.is_terminal && self.said.is_some() {
            let _unread = write!(io::stderr().lock(), "\r\u{1b}[2K");
        }
    }
}
