//! The command `doorstep`.

use std::process::ExitCode;

fn main() -> ExitCode {
    doorstep_desk::cli::run(std::env::args_os(), None)
}
