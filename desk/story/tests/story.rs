//! The story as a test: real sockets, real files, and every promise of it.

use std::process::Command;

use doorstep_story::{StoryOptions, tell};

#[test]
fn the_story_keeps_its_promises() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let data = folder.path().join("data");
    let options = StoryOptions { data: data.clone(), program: env!("CARGO_BIN_EXE_doorstep-story").to_owned() };
    let mut told = Vec::new();
    let report = tell(&mut told, &options).expect("the story is told to its end");
    let told = String::from_utf8(told).expect("the story is text");

    assert_eq!(report.homes, 43, "40 homes and 3 buildings on every device");
    assert_eq!(report.conflicts, 1, "the way out is in dispute, and nothing else of the flat");
    assert!(report.crew_warned, "the crew sees the cautious value, marked as disputed");
    assert_eq!(report.devices_alike, 4);
    assert_eq!(report.faults, 0);
    assert_eq!(report.found_on_server, 0, "the server's files hold no word of it");
    assert_eq!(report.found_in_control, report.words, "the search can find");
    assert!(report.words > 10 && report.envelopes_of_flat > 5);
    assert!(report.took.as_secs() < 60, "told in under a minute, took {:?}", report.took);

    assert!(told.contains("verify: OK"));
    assert!(told.contains("no signal"));
    for line in told.lines().filter(|line| !line.starts_with("  ")) {
        assert!(line.chars().count() <= 100, "longer than 100 columns: {line}");
    }
    assert!(!data.join("control").exists(), "the plain export does not stay behind");

    // The server still runs: what the story says one can try works as printed.
    let commands: Vec<&str> = told.lines().filter_map(|line| line.strip_prefix("  ")).collect();
    let shown = |word: &str| commands.iter().any(|line| line.contains(word));
    assert!(shown("firebox") && shown("conflicts resolve") && shown("sync") && shown("verify"));
    for command in commands.iter().filter(|line| line.starts_with(&options.program)) {
        if command.contains(" serve ") {
            continue;
        }
        let ran = Command::new("sh")
            .args(["-c", command])
            .env("DOORSTEP_PASSPHRASE", doorstep_story::device::PASSPHRASE)
            .output()
            .expect("a shell");
        let words = String::from_utf8_lossy(&ran.stderr);
        assert!(ran.status.success(), "{command}\n{words}");
    }
}

#[test]
fn a_folder_that_is_not_empty_is_left_alone() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let mine = folder.path().join("mine.txt");
    std::fs::write(&mine, "mine").expect("a file");
    let options = StoryOptions { data: folder.path().to_owned(), program: "doorstep-story".to_owned() };
    let error = tell(&mut Vec::new(), &options).err().expect("it refuses").to_string();
    assert!(error.contains("not empty") && error.contains("--data"), "{error}");
    assert_eq!(std::fs::read_to_string(&mine).expect("the file"), "mine");
    assert_eq!(std::fs::read_dir(folder.path()).expect("the folder").count(), 1);
}

#[test]
fn with_arguments_it_is_the_command() {
    let ran = Command::new(env!("CARGO_BIN_EXE_doorstep-story")).arg("--help").output().expect("the program");
    let text = String::from_utf8_lossy(&ran.stdout);
    assert!(ran.status.success() && text.contains("serve") && text.contains("visit"), "{text}");
    let ran = Command::new(env!("CARGO_BIN_EXE_doorstep-story")).arg("nonsense").output().expect("the program");
    assert_eq!(ran.status.code(), Some(2));
}
