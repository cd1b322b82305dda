//! Without arguments: the story. With arguments: the `doorstep` command, with a server inside.

use std::io::IsTerminal;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use doorstep_story::{Kept, Report, StoryOptions, embedded, stay, tell_and_keep};

/// Tells the story of one home, on real parts: a server, four devices, real sockets and files.
///
/// With a command of `doorstep` it behaves like `doorstep`, with a server inside (`serve`): try `--help`.
#[derive(Parser)]
#[command(disable_help_flag = true)]
struct Cli {
    /// Serve the devices' pages after the story until Ctrl-C, also where nobody looks at a terminal
    #[arg(long)]
    stay: bool,
    /// Folder for everything the story makes; new or empty
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
}

fn main() -> ExitCode {
    let args: Vec<_> = std::env::args_os().collect();
    let is_story = args.get(1).is_none_or(|first| {
        first == "--stay" || first.to_str().is_some_and(|text| text == "--data" || text.starts_with("--data="))
    });
    if !is_story {
        return doorstep_desk::cli::run(args, Some(embedded::server()));
    }
    let cli = Cli::parse_from(args);
    let options = StoryOptions { data: cli.data.unwrap_or_else(fresh_folder), program: program() };
    // In a pipe or a test it ends by itself; a person at a terminal is shown the devices.
    let stays = cli.stay || (std::io::stdout().is_terminal() && std::io::stdin().is_terminal());
    match tell_and_keep(&mut std::io::stdout(), &options) {
        Ok((report, kept)) => end(report, stays.then_some(kept)),
        Err(error) => {
            eprintln!("doorstep-story: {error}");
            eprintln!("what was made so far is in {}", options.data.display());
            ExitCode::FAILURE
        }
    }
}

fn end(report: Report, kept: Option<Kept>) -> ExitCode {
    let sound = report.faults == 0 && report.crew_warned;
    if let Some(kept) = kept
        && let Err(error) = stay::serve(&mut std::io::stdout(), kept)
    {
        eprintln!("doorstep-story: {error}");
        return ExitCode::FAILURE;
    }
    drop(report);
    if sound { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// A new folder here, named after the moment.
fn fresh_folder() -> PathBuf {
    let now = jiff::Zoned::now().strftime("%Y-%m-%d-%H%M%S").to_string();
    PathBuf::from("doorstep-story-data").join(now)
}

/// How this program was started: by cargo, or by its path.
fn program() -> String {
    if std::env::var_os("CARGO").is_some() {
        return "cargo run --release -q --".to_owned();
    }
    std::env::args().next().unwrap_or_else(|| "doorstep-story".to_owned())
}
