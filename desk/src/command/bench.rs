//! `doorstep bench`: figures of this machine, each beside a floor measured in the same run.

use std::ffi::OsString;
use std::path::PathBuf;

use doorstep_bench::{Form, Plan, ServerCommand};

use crate::context::Context;
use crate::failure::DeskError;

const EXAMPLES: &str = "\
Examples:
  doorstep bench                              everything
  doorstep bench search open                  some
  doorstep bench sync.nochange --size 10000
  doorstep bench --json                       one object a line: name, n, value, unit, floor, ratio

No device is opened: everything is measured in temporary folders, on invented records.";

/// Measures this machine: each figure beside a floor of the same run, so that the ratio holds on any machine.
#[derive(clap::Args)]
#[command(after_help = EXAMPLES)]
pub struct Args {
    /// Names of measurements, or their beginnings [default: all]
    #[arg(value_name = "NAME")]
    names: Vec<String>,
    /// Documents, addresses or watchers, instead of each measurement's own number
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1_000_000))]
    size: Option<u64>,
    /// The server to measure [default: this program where it has one inside, else doorstep-server beside it]
    #[arg(long, value_name = "PROGRAM")]
    server_program: Option<PathBuf>,
}

/// Runs it.
///
/// # Errors
/// [`DeskError::Bench`].
pub fn run(context: &Context, args: &Args) -> Result<(), DeskError> {
    let plan = Plan {
        names: args.names.clone(),
        size: args.size.and_then(|size| usize::try_from(size).ok()),
        form: match context.screen.form {
            crate::screen::Form::Text => Form::Table,
            crate::screen::Form::Json => Form::JsonLines,
        },
        server: server_command(context, args)?,
    };
    doorstep_bench::run(&plan, &mut std::io::stdout()).map_err(DeskError::Bench)
}

fn server_command(context: &Context, args: &Args) -> Result<ServerCommand, DeskError> {
    if let Some(program) = &args.server_program {
        return Ok(ServerCommand { program: program.into(), arguments: Vec::new() });
    }
    let this = std::env::current_exe().map_err(|error| {
        DeskError::Bug(format!("the program does not know where it is ({:?})", error.kind()).into())
    })?;
    Ok(if context.embedded.is_some() {
        ServerCommand { program: this.into(), arguments: vec![OsString::from("serve")] }
    } else {
        let name = format!("doorstep-server{}", std::env::consts::EXE_SUFFIX);
        ServerCommand { program: this.with_file_name(name).into(), arguments: Vec::new() }
    })
}
