//! Transport and sync driver: against the real server over sockets, against the relay without any, and against servers
//! that break off, stall, lie, or are not the server at all.

#[path = "transport/farewell.rs"]
mod farewell;
#[path = "transport/harness.rs"]
mod harness;
#[path = "transport/hostile.rs"]
mod hostile;
#[path = "transport/lessons.rs"]
mod lessons;
#[path = "transport/lost.rs"]
mod lost;
#[path = "transport/over_relay.rs"]
mod over_relay;
#[path = "transport/server.rs"]
mod server;
#[path = "transport/term.rs"]
mod term;
