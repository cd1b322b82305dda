//! The arrows between rooms, and how files look: what the compiler does not hold by itself.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("the workspace is above this package").to_owned()
}

/// Names of all packages that one package is built from, itself among them.
fn built_from(package: &str) -> BTreeSet<String> {
    let cargo = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let arguments =
        ["tree", "--offline", "--edges", "normal,build", "--prefix", "none", "--format", "{p}", "-p", package];
    let output = Command::new(cargo).args(arguments).current_dir(root()).output().expect("cargo runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let lines = String::from_utf8(output.stdout).expect("cargo writes UTF-8");
    let names: BTreeSet<String> = lines.lines().filter_map(|line| line.split(' ').next()).map(String::from).collect();
    assert!(names.contains(package) && names.len() > 1, "{package} is built from something: {names:?}");
    names
}

#[test]
fn the_server_is_built_from_nothing_that_could_read() {
    let names = built_from("doorstep-server");
    for able_to_read in ["automerge", "doorstep-crypto", "doorstep-client-core", "chacha20poly1305", "hpke"] {
        assert!(!names.contains(able_to_read), "the server is built from {able_to_read}");
    }
    assert!(names.contains("doorstep-protocol"));
}

#[test]
fn the_protocol_and_the_cryptography_are_leaves() {
    let protocol = built_from("doorstep-protocol");
    let rooms: Vec<&String> = protocol.iter().filter(|name| name.starts_with("doorstep-")).collect();
    assert_eq!(rooms, ["doorstep-protocol"]);
    for kept_out in ["tokio", "rusqlite", "automerge", "getrandom", "reqwest", "hyper"] {
        assert!(!protocol.contains(kept_out), "the protocol is built from {kept_out}");
    }
    let crypto = built_from("doorstep-crypto");
    let rooms: Vec<&String> = crypto.iter().filter(|name| name.starts_with("doorstep-")).collect();
    assert_eq!(rooms, ["doorstep-crypto", "doorstep-protocol"]);
    let cipher = built_from("doorstep-sqlcipher");
    assert_eq!(cipher.iter().filter(|name| name.starts_with("doorstep-")).count(), 1);
    for kept_out in ["tokio", "rusqlite", "automerge", "hyper"] {
        assert!(!crypto.contains(kept_out), "the cryptography is built from {kept_out}");
    }
}

/// OpenSSL would bring a second generation of every primitive, and perl and make to each machine that builds.
#[test]
fn nothing_is_built_from_openssl() {
    for package in ["doorstep-client-core", "doorstep-server", "doorstep-mobile-ffi", "doorstep-story"] {
        let names = built_from(package);
        let found: Vec<_> = names.iter().filter(|name| name.contains("openssl")).collect();
        assert!(found.is_empty() && names.contains("doorstep-sqlcipher"), "{package} is built from {found:?}");
    }
}

#[test]
fn the_device_and_the_pages_keep_their_arrows() {
    let client = built_from("doorstep-client-core");
    for kept_out in ["doorstep-server", "axum", "uniffi", "doorstep-desk"] {
        assert!(!client.contains(kept_out), "the device is built from {kept_out}");
    }
    assert!(!built_from("doorstep-mobile-ffi").contains("doorstep-server"));
}

#[test]
fn the_phones_library_carries_no_generator() {
    let library = built_from("doorstep-mobile-ffi");
    for kept_out in ["doorstep-bindgen", "uniffi_bindgen", "goblin", "askama", "clap"] {
        assert!(!library.contains(kept_out), "the phone's library is built from {kept_out}");
    }
    assert!(built_from("doorstep-bindgen").contains("uniffi_bindgen"), "the generator is in a package of its own");
}

fn rust_files(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder") {
        let path = entry.expect("an entry").path();
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_dir() {
            if !name.starts_with('.') && name != "target" {
                rust_files(&path, into);
            }
        } else if name.ends_with(".rs") {
            into.push(path);
        }
    }
}

#[test]
fn every_file_says_what_its_room_is_for() {
    let mut files = Vec::new();
    rust_files(&root(), &mut files);
    assert!(files.len() > 100, "the workspace was found: {} files", files.len());
    let mut wrong = Vec::new();
    for path in &files {
        let text = fs::read_to_string(path).expect("a source file");
        let shown = path.strip_prefix(root()).unwrap_or(path).display().to_string();
        if !text.starts_with("//!") {
            wrong.push(format!("{shown} does not open with what it is for"));
        }
        let stem = path.file_stem().map(|stem| stem.to_string_lossy().into_owned()).unwrap_or_default();
        if ["mod", "util", "utils", "helpers", "common", "manager", "misc", "types"].contains(&stem.as_str()) {
            wrong.push(format!("{shown} has a name that says nothing"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// What C hands over is pointers; nothing else in the project may take any.
#[test]
fn one_package_may_be_unsafe() {
    let manifest = fs::read_to_string(root().join("Cargo.toml")).expect("the workspace's manifest");
    assert!(manifest.contains("unsafe_code = \"forbid\""));
    let (_, members) = manifest.split_once("\nmembers = [").expect("the workspace names its packages");
    let (members, _) = members.split_once(']').expect("the list ends");
    let lenient: Vec<&str> = members
        .split(',')
        .map(|member| member.trim().trim_matches('"'))
        .filter(|member| {
            let manifest = fs::read_to_string(root().join(member).join("Cargo.toml")).expect("a package's manifest");
            !manifest.contains("[lints]\nworkspace = true\n")
        })
        .collect();
    assert_eq!(lenient, ["crypto/sqlcipher"]);
}

#[test]
fn no_source_leaves_work_undone() {
    let mut files = Vec::new();
    rust_files(&root(), &mut files);
    let marks =
        [["to", "do!("].concat(), ["unimplemen", "ted!("].concat(), ["TO", "DO"].concat(), ["FIX", "ME"].concat()];
    let mut wrong = Vec::new();
    for path in files {
        let text = fs::read_to_string(&path).expect("a source file");
        for mark in marks.iter().filter(|mark| text.contains(mark.as_str())) {
            wrong.push(format!("{}: {mark}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
