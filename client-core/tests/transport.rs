//! Transport and sync driver: against the real server over sockets, against the relay without any, and against servers
//! that break off, stall, lie, or are not the server at all.
#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

#[path = "transport/harness.rs"]
mod harness;
#[path = "transport/server.rs"]
mod server;
