//! What stands between the phone's library and an app's language: the sources in Kotlin, Swift and Python, the surface as a
//! text to be reviewed, and its reference. All of it is read from the built library, so none of it can say what the
//! library does not.
//!
//! This is a package of its own and no part of the library: a generator inside it would make it six times as large.

mod bindings;
mod calls;
mod library;
mod reference;
mod surface;

pub use bindings::{Language, write_bindings};
pub use library::Library;
pub use reference::reference;
pub use surface::surface;

/// Why nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum BindgenError {
    /// The library is not there, or holds no surface.
    #[error(
        "{path} cannot be read as the phone's library ({reason}); build it first: cargo build -p doorstep-mobile-ffi"
    )]
    Library {
        /// Where it was looked for.
        path: String,
        /// What the reader said.
        reason: String,
    },
    /// The sources could not be generated or written.
    #[error("the {language} sources were not written: {reason}")]
    Sources {
        /// For which language.
        language: &'static str,
        /// What the generator said.
        reason: String,
    },
    /// A file beside them.
    #[error("{path}: {source}")]
    File {
        /// Which.
        path: String,
        /// Why.
        source: std::io::Error,
    },
}
