//! Two devices and a server: up, down, apart and together again.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use crate::place::{Place, UPRN};

#[test]
fn two_devices_disagree_apart_and_are_settled_at_the_desk() {
    let place = Place::new();
    let server = place.server();
    place.found(&server);
    place.enrol("tablet", "Mill Homes");
    let record = |device: &str, exit: &str| {
        place.run(device, &["visit", "record", "--at", UPRN, "--main-exit", exit]).ok();
    };
    record("desk", "clear");
    record("tablet", "blocked");
    for device in ["desk", "tablet", "desk"] {
        let report = place.run(device, &["sync", "--json"]).ok().json();
        assert_eq!(report["end"], "caught-up");
        assert_eq!(report["to_send"], 0);
    }
    for device in ["desk", "tablet"] {
        let conflicts = place.run(device, &["conflicts", "list", "--json"]).ok().json();
        assert_eq!(conflicts.as_array().map(Vec::len), Some(1));
        assert_eq!(conflicts[0]["cautious"], "blocked");
        let firebox = place.run(device, &["firebox", UPRN]).ok().out;
        assert!(firebox.contains("main way out blocked") && firebox.contains("DISPUTED"), "{device}: {firebox}");
    }
    let resolve = |field: &str, keep: &str| place.run("desk", &["conflicts", "resolve", field, "--keep", keep]);
    resolve("dwelling.main_exit", "open").fails(2, &["--keep", "blocked", "clear"]);
    resolve("dwelling.lift", "no").fails(3, &["not in dispute"]);
    resolve("dwelling.main_exit", "blocked").ok();
    place.run("desk", &["sync"]).ok();
    place.run("tablet", &["sync"]).ok();
    let tablet = place.run("tablet", &["conflicts", "list"]).ok().out;
    assert!(tablet.contains("no conflicts"), "{tablet}");
    assert!(!place.run("tablet", &["firebox", UPRN]).ok().out.contains("DISPUTED"));
}

#[test]
fn without_a_server_work_is_kept_said_and_sent_later() {
    let place = Place::new();
    let server = place.server();
    place.found(&server);
    let address = server.address();
    server.stop();
    place.run("desk", &["visit", "record", "--at", UPRN, "--note", "no signal here"]).ok();
    let ran = place.run("desk", &["sync", "--json"]).fails(4, &["no connection", "kept"]);
    assert_eq!(ran.json()["end"], "waiting");
    assert!(ran.json()["to_send"].as_u64() >= Some(1));
    assert!(place.run("desk", &["status"]).ok().out.contains("kept here until"));
    let config =
        doorstep_server::Config { listen: address, ..doorstep_server::Config::in_folder(place.path("server")) };
    let _server = doorstep_server::Server::start(config).expect("the same server again");
    place.run("desk", &["sync"]).ok();
    let status = place.run("desk", &["status", "--json"]).ok().json();
    assert_eq!((&status["unsealed_changes"], &status["outbox"]["to_send"]), (&0.into(), &0.into()));
}

#[test]
fn two_programs_on_one_folder_are_told_apart() {
    let place = Place::new();
    let server = place.server();
    place.found(&server);
    let mut watch = place.command("desk", &["watch", "--json"], Some("correct horse battery"));
    let mut watching = watch.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program runs");
    let mut lines = BufReader::new(watching.stdout.take().expect("its output")).lines();
    let first = lines.next().expect("a first report").expect("text");
    let first: serde_json::Value = serde_json::from_str(&first).expect("one JSON object a line");
    assert_eq!(first["end"], "caught-up");
    place.run("desk", &["status"]).fails(6, &["another program", "close it first"]);
    watching.kill().expect("it ends");
    watching.wait().expect("it has ended");
    // What held the folder is gone with the program, however it ended.
    place.run("desk", &["verify"]).ok();
}

#[test]
fn a_stick_carries_what_the_network_does_not() {
    let place = Place::new();
    let server = place.server();
    place.found(&server);
    place.enrol("tablet", "Hillford Council");
    place.run("tablet", &["visit", "record", "--at", UPRN, "--note", "on the stick"]).ok();
    let exported = place.run("tablet", &["carrier", "export", "stick", "--json"]).ok().json();
    assert!(exported["envelopes"].as_u64() >= Some(1));
    let file = std::fs::read(place.path("stick")).expect("the file");
    assert!(!file.windows(12).any(|bytes| bytes == b"on the stick"), "what is carried is sealed");
    place.run("tablet", &["carrier", "export", "stick"]).fails(2, &["exists already"]);
    std::fs::write(place.path("half"), &file[..file.len() / 2]).expect("a file");
    place.run("desk", &["carrier", "import", "half"]).fails(2, &["damaged or incomplete", "nothing of it was taken"]);
    let report = place.run("desk", &["carrier", "import", "stick", "--json"]).ok().json();
    assert!(report["applied"].as_u64() >= Some(1), "{report}");
    let again = place.run("desk", &["carrier", "import", "stick", "--json"]).ok().json();
    assert_eq!(again["applied"], 0);
    assert!(place.run("desk", &["property", "show", UPRN]).ok().out.contains("on the stick"));
}
