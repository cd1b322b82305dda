//! The server inside this program, as the `doorstep` command takes one.

use doorstep_desk::context::{EmbeddedServer, HeldServer, ServeOptions};
use doorstep_server::Server;
use doorstep_server::config::Settings;

/// The server inside.
#[must_use]
pub fn server() -> EmbeddedServer {
    EmbeddedServer { start }
}

/// Starts one; it runs until what this returns is dropped.
///
/// # Errors
/// In words, for a person.
pub fn start(options: &ServeOptions) -> Result<HeldServer, String> {
    let settings = Settings {
        data: Some(options.data.clone()),
        listen: Some(options.listen.to_string()),
        partnerships: Some(options.partnerships.clone()),
        ..Settings::default()
    };
    let config = settings.check().map_err(|error| error.to_string())?;
    let running = Server::start(config).map_err(|error| error.to_string())?;
    Ok(HeldServer { address: running.address(), server_key: running.server_key(), held: Box::new(running) })
}
