//! Trades sealed bytes with the second implementation in `tests/interop`: one case a line, JSON with hexadecimal bytes.
//!
//! ```text
//! interop make <seed> <count>    writes `count` cases of every format
//! interop read <count>           reads cases, refuses what it must, and fails on anything else or on fewer lines
//! ```

use std::io::{BufRead, Write};
use std::process::ExitCode;

mod json;
mod make;
mod read;
mod record;

/// Every format that is traded.
pub(crate) const FORMATS: [&str; 13] = [
    "envelope",
    "drop_box",
    "key_wrap",
    "sealed_wrap",
    "locator",
    "feed",
    "identity",
    "record",
    "local",
    "shares",
    "audit",
    "invite",
    "part",
];

/// Failures that are written out; more of the same help nobody.
const SHOWN_MAX: usize = 20;

fn write_cases(seed: u64, count: usize) -> std::io::Result<()> {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    let mut maker = make::Maker::new(seed);
    for format in FORMATS {
        for index in 0..count {
            writeln!(out, "{}", maker.case(format, index))?;
        }
    }
    out.flush()
}

/// Reads all cases; whether every one of them did what it must.
fn read_cases(count: usize) -> std::io::Result<bool> {
    let (mut passed, mut failed) = (0usize, 0usize);
    for line in std::io::stdin().lock().lines() {
        let line = line?;
        match read::check(&line) {
            Ok(()) => passed += 1,
            Err(wrong) => {
                failed += 1;
                if failed <= SHOWN_MAX {
                    eprintln!("line {}: {wrong}", passed + failed);
                }
            }
        }
    }
    println!("{passed} passed, {failed} failed");
    Ok(failed == 0 && passed == count * FORMATS.len())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words[..] {
        ["make", seed, count] => match (seed.parse(), count.parse()) {
            (Ok(seed), Ok(count)) => write_cases(seed, count).map(|()| true),
            _ => Ok(false),
        },
        ["read", count] => count.parse().map_or(Ok(false), read_cases),
        _ => {
            eprintln!("interop make <seed> <count> | interop read <count>");
            Ok(false)
        }
    };
    match done {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
