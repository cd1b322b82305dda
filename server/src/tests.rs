//! Behaviour through the relay and through real sockets. `town` makes partnerships, `reader` reads answers as a careful
//! client does, `client` speaks HTTP.

mod chains;
mod client;
mod ended;
mod erasing;
mod http;
mod leaving;
mod limits;
mod logs;
mod moving;
mod parts;
mod reader;
mod relay;
mod resume;
pub(crate) mod town;
mod watch;
