//! The sealed formats, read and written by a second implementation in another language.

use std::path::Path;
use std::process::Command;

#[test]
#[ignore = "needs Python packages, which scripts/test installs"]
fn a_second_implementation_reads_and_writes_every_format() {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("interop/run");
    let status = Command::new("bash").arg(&script).status().expect("bash runs the interop script");
    assert!(status.success(), "{} ended with {status}", script.display());
}
