//! The phone's library as apps meet it: its sources generated, compiled and run against a real server and a real desk.

use std::path::Path;
use std::process::Command;

fn passes(language: &str) {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("phone/run");
    let status = Command::new("bash").arg(&script).arg(language).status().expect("bash runs the phone script");
    assert!(status.success(), "{} {language} ended with {status}", script.display());
}

#[test]
#[ignore = "needs Java, JNA and the Kotlin compiler, which scripts/test installs"]
fn an_app_in_kotlin_records_syncs_and_stops() {
    passes("kotlin");
}

#[test]
#[ignore = "needs Python, which scripts/test installs"]
fn an_app_in_python_records_syncs_and_stops() {
    passes("python");
}
