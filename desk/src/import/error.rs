//! What is wrong with a mapping or an input, said so that the person who wrote it can mend it: file, line, column, the
//! limit that was broken and the remedy. Never a cell's content.

use std::borrow::Cow;
use std::fmt;

use doorstep_client_core::client::ClientError;

/// The limit that was broken and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// What must hold.
    pub limit: Cow<'static, str>,
    /// What the person can do.
    pub remedy: Cow<'static, str>,
}

impl Reason {
    /// A reason.
    pub fn new(limit: impl Into<Cow<'static, str>>, remedy: impl Into<Cow<'static, str>>) -> Self {
        Self { limit: limit.into(), remedy: remedy.into() }
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}; {}", self.limit, self.remedy)
    }
}

/// A reason with its place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file, as the mapping or the caller names it.
    pub file: String,
    /// The line in it, from 1.
    pub line: Option<u64>,
    /// The column of an input, or the key of a mapping.
    pub column: Option<String>,
    /// What and what to do.
    pub reason: Reason,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.file)?;
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(column) = &self.column {
            write!(f, ", `{column}`")?;
        }
        write!(f, ": {}", self.reason)
    }
}

/// Why an import did not begin, or stopped. Rows that are refused are no error: they are in the report.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The mapping cannot be used.
    #[error("mapping {0}")]
    Mapping(Fault),
    /// An input file cannot be used.
    #[error("input {0}")]
    Input(Fault),
    /// The device cannot, or did not write.
    #[error(transparent)]
    Client(#[from] ClientError),
}
