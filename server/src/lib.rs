//! The relay of Doorstep: it stores and orders what it cannot read.
//!
//! | room | is |
//! | --- | --- |
//! | [`domain`] | decisions without IO: which entries and envelopes may be stored, what an answer holds |
//! | [`store`] | what is asked of a database, and SQLite that answers it |
//! | [`relay`] | what each request means: load, decide, one transaction, notify; no sockets |
//! | [`parts`] | the folder of sealed parts of files |
//! | `route` | HTTP: a file for each path; [`problem`] what a refused client is told |
//! | [`session`], [`keys`] | tokens that need not be remembered, and the two secrets |
//! | [`watch`] | who waits for news |
//! | [`lifeline`], `rate` | ends what a device is sent when it is no longer served; how often one may ask |
//! | [`server`] | the whole, started and stopped; [`config`] how it is set up |
//!
//! ```no_run
//! use doorstep_server::{Config, Server};
//!
//! let running = Server::start(Config::in_folder("data"))?;
//! println!("listening on {}, key {}", running.address(), running.server_key());
//! running.stop();
//! # Ok::<(), doorstep_server::server::StartError>(())
//! ```
//!
//! A program that carries requests itself, such as a simulator, uses [`relay::Relay`] over
//! [`store::SqliteStore::in_memory`]: one thread, the caller's clock, no randomness of its own.

pub mod app;
pub mod config;
pub mod domain;
pub mod keys;
pub mod lifeline;
mod listen;
pub mod metrics;
pub mod parts;
pub mod problem;
mod rate;
pub mod relay;
mod route;
pub mod server;
pub mod session;
pub mod store;
pub mod tls;
pub mod watch;

pub use config::Config;
pub use relay::Relay;
pub use server::{Running, Server};
pub use store::{SqliteStore, Store};

#[cfg(test)]
mod tests;
