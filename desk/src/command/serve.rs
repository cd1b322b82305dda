//! `doorstep serve`: the server inside a program that has one. The shipped `doorstep` has none: `doorstep-server` is apart.

use std::net::SocketAddr;
use std::path::PathBuf;

use doorstep_protocol::SignPublic;

use crate::context::{Context, ServeOptions};
use crate::failure::DeskError;
use crate::link;

/// Runs a server inside this program until Ctrl-C.
#[derive(clap::Args)]
pub struct Args {
    /// Folder for its database and keys
    #[arg(long, value_name = "FOLDER", default_value = "./doorstep-server-data")]
    data: PathBuf,
    /// Address and port to listen on; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8470")]
    listen: SocketAddr,
    /// Partnerships taken: first, any, or ids separated by commas
    #[arg(long, value_name = "WHICH", default_value = "first")]
    partnerships: String,
}

#[derive(serde::Serialize)]
struct Serving {
    address: SocketAddr,
    server_key: SignPublic,
}

/// Runs it.
///
/// # Errors
/// [`DeskError::Server`].
pub fn run(context: &Context, args: &Args) -> Result<(), DeskError> {
    let Some(embedded) = context.embedded else {
        return Err(DeskError::input("serve", "this program has no server inside", "start `doorstep-server` instead"));
    };
    let options =
        ServeOptions { data: args.data.clone(), listen: args.listen, partnerships: args.partnerships.clone() };
    let held = (embedded.start)(&options).map_err(DeskError::Server)?;
    let data = Serving { address: held.address, server_key: held.server_key };
    context.screen.show_line(&data, |_| {
        format!(
            "listening on http://{}\nserver key {}\ndata in {}\nCtrl-C stops it",
            data.address,
            data.server_key,
            args.data.display()
        )
    })?;
    link::block_on(tokio::signal::ctrl_c())?.map_err(|error| DeskError::Server(error.kind().to_string()))?;
    drop(held);
    Ok(())
}
