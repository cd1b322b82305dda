//! Lesson 31: what a core dump of the server would hold. The memory of a server that has just stored a day's work is read
//! from outside, page by page, and searched as its files are.
#![cfg(target_os = "linux")]

use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

const UPRN: &str = "999900000777";
const WORDS: [&str; 4] = ["keeps a parrot called Beaufort", "Wilhelmina Oystercatcher", "Petronella Duckworth", UPRN];
/// Memory is read in pieces of this length.
const PIECE_BYTES: usize = 1 << 20;

struct Served(Child);

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn run(folder: &Path, args: &[&str]) -> Output {
    let program = env!("CARGO_BIN_EXE_doorstep-story");
    let mut command = Command::new(program);
    command.current_dir(folder).args(args).env("DOORSTEP_PASSPHRASE", "correct horse battery");
    let output = command.stdin(Stdio::null()).output().expect("the program runs");
    assert!(output.status.success(), "{args:?}\n{}", String::from_utf8_lossy(&output.stderr));
    output
}

/// Whether each of `needles` stands in memory that the process may write: what a core dump holds of it.
fn found_in_memory(process: u32, needles: &[&[u8]]) -> Vec<bool> {
    let maps = fs::read_to_string(format!("/proc/{process}/maps")).expect("a process of ours");
    let mut memory = File::open(format!("/proc/{process}/mem")).expect("a process of ours");
    let mut found = vec![false; needles.len()];
    let overlap = needles.iter().map(|needle| needle.len()).max().unwrap_or(1);
    for line in maps.lines() {
        let mut fields = line.split_whitespace();
        let (Some(range), Some(rights)) = (fields.next(), fields.next()) else { continue };
        let Some((from, to)) = range.split_once('-') else { continue };
        if !rights.starts_with("rw") {
            continue;
        }
        let address = |text| u64::from_str_radix(text, 16).expect("an address");
        let (mut at, to) = (address(from), address(to));
        while at < to {
            let length = PIECE_BYTES.min((to - at) as usize);
            let mut piece = vec![0; length];
            memory.seek(SeekFrom::Start(at)).expect("an address");
            // Pages that the kernel keeps to itself are in no core dump either.
            if memory.read_exact(&mut piece).is_ok() {
                for (needle, found) in needles.iter().zip(&mut found) {
                    *found |= piece.windows(needle.len()).any(|window| window == *needle);
                }
            }
            at += if length > overlap { (length - overlap) as u64 } else { length as u64 };
        }
    }
    found
}

#[test]
fn lesson_31_a_core_dump_of_the_server_holds_nothing_that_was_recorded() {
    let place = tempfile::tempdir().expect("a temporary folder");
    let folder = place.path();
    let program = env!("CARGO_BIN_EXE_doorstep-story");
    let serve = ["serve", "--data", "server", "--listen", "127.0.0.1:0", "--json"];
    let mut command = Command::new(program);
    let child = command.current_dir(folder).args(serve).stdin(Stdio::null()).stdout(Stdio::piped()).spawn();
    let mut served = Served(child.expect("the program runs"));
    let mut line = String::new();
    BufReader::new(served.0.stdout.take().expect("its output")).read_line(&mut line).expect("its first line");
    let said: Value = serde_json::from_str(&line).expect("one line of JSON");
    let url = format!("http://{}", said["address"].as_str().expect("an address"));

    let desk = |args: &[&str]| run(folder, &[&["--folder", "desk"], args].concat());
    let council = "council=Hillford Council";
    let organisation = ["--organisation", council, "--area", "Mill Ward", "--worker", WORDS[2]];
    desk(&[&["init", "--server", &url, "--kit-file", "kit.txt"], &organisation[..]].concat());
    desk(&["visit", "record", "--at", UPRN, "--note", WORDS[0]]);
    desk(&["person", "record", "--name", WORDS[1], "--at", UPRN]);
    desk(&["sync"]);

    let needles: Vec<&[u8]> = WORDS.iter().map(|word| word.as_bytes()).collect();
    assert_eq!(found_in_memory(served.0.id(), &needles), [false; WORDS.len()]);
    // The search can find: the envelopes themselves passed through this memory.
    let control = [&b"DSE1"[..], b"doorstep-partnership"];
    assert_eq!(found_in_memory(served.0.id(), &control), [true, true]);
}
