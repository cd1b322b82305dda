//! The desk: the command `doorstep`, for officers at a desk, for tablets without a screen of their own, and for scripts.
//!
//! A desk is a device like any other: it holds keys and records, the server holds neither. Every command works on one device
//! folder; only `init`, `enrol accept`, `sync` and `watch` talk to a server.
//!
//! | room | is |
//! | --- | --- |
//! | [`cli`] | the list of commands, and the way from arguments to an exit code |
//! | [`command`] | one file for each command: what it does |
//! | [`render`] | one file for each page: how it is shown to a person |
//! | [`context`] | what every command has at hand |
//! | [`failure`] | errors by who can mend them, with their exit codes |
//! | [`screen`], [`passphrase`], [`link`] | output, the passphrase, the way to the server |
//!
//! ```
//! let code = doorstep_desk::cli::run(["doorstep", "visit", "template"].map(Into::into), None);
//! assert_eq!(format!("{code:?}"), format!("{:?}", std::process::ExitCode::SUCCESS));
//! ```

pub mod cli;
pub mod command;
pub mod context;
pub mod failure;
pub mod import;
pub mod link;
pub mod passphrase;
pub mod render;
pub mod screen;
