//! The server inside this program, as the `doorstep` command takes one.

use std::net::SocketAddr;
use std::path::Path;

use doorstep_desk::context::{EmbeddedServer, HeldServer};
use doorstep_server::{Config, Server};

/// The server inside.
#[must_use]
pub fn server() -> EmbeddedServer {
    EmbeddedServer { start }
}

/// Starts one; it runs until what this returns is dropped.
///
/// # Errors
/// In words, for a person.
pub fn start(data: &Path, listen: SocketAddr) -> Result<HeldServer, String> {
    let config = Config { listen, ..Config::in_folder(data) };
    let running = Server::start(config).map_err(|error| error.to_string())?;
    Ok(HeldServer { address: running.address(), server_key: running.server_key(), held: Box::new(running) })
}
