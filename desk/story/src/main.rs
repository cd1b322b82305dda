//! Without arguments: the story. With arguments: the `doorstep` command, with a server inside.

use std::path::PathBuf;
use std::process::ExitCode;

use clap::Parser;
use doorstep_desk::link;
use doorstep_story::{Report, StoryOptions, embedded, tell};

/// Tells the story of one home, on real parts: a server, four devices, real sockets and files.
///
/// With a command of `doorstep` it behaves like `doorstep`, with a server inside (`serve`): try `--help`.
#[derive(Parser)]
#[command(disable_help_flag = true)]
struct Cli {
    /// Keep the server running after the story, until Ctrl-C
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
    match tell(&mut std::io::stdout(), &options) {
        Ok(report) => end(report, cli.stay),
        Err(error) => {
            eprintln!("doorstep-story: {error}");
            eprintln!("what was made so far is in {}", options.data.display());
            ExitCode::FAILURE
        }
    }
}

fn end(report: Report, stay: bool) -> ExitCode {
    if stay {
        println!("\nThe server keeps running at http://{}; Ctrl-C stops it.", report.server.address);
        if !matches!(link::block_on(tokio::signal::ctrl_c()), Ok(Ok(()))) {
            return ExitCode::FAILURE;
        }
    }
    let sound = report.faults == 0 && report.crew_warned;
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
