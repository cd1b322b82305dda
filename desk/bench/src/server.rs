//! A server in a process of its own, as it is shipped.

use std::ffi::OsString;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use doorstep_protocol::SignPublic;

use crate::BenchError;

/// The program that is the server, and its first arguments.
#[derive(Clone, Debug)]
pub struct ServerCommand {
    /// The program.
    pub program: OsString,
    /// What comes before the server's own flags.
    pub arguments: Vec<OsString>,
}

/// A server that runs. Dropping it ends it.
pub(crate) struct RunningServer {
    child: Child,
    /// Where it listens.
    pub url: String,
    /// The key it signs with.
    pub key: SignPublic,
}

impl ServerCommand {
    /// Starts a server on a free port with its data in `folder`.
    pub(crate) fn start(&self, folder: &Path) -> Result<RunningServer, BenchError> {
        let refused = |reason: String| BenchError::Server { reason };
        let mut child = Command::new(&self.program)
            .args(&self.arguments)
            .args(["--listen", "127.0.0.1:0", "--partnerships", "any", "--data"])
            .arg(folder)
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .stdin(Stdio::null())
            .spawn()
            .map_err(|error| refused(error.to_string()))?;
        let Some(stdout) = child.stdout.take() else { return Err(refused("it has no output".to_owned())) };
        let (mut url, mut key) = (None, None);
        for line in BufReader::new(stdout).lines().take(8) {
            let line = line?;
            if let Some(found) = line.strip_prefix("listening on ") {
                url = Some(found.trim().to_owned());
            }
            if let Some(found) = line.strip_prefix("server key ") {
                key = found.trim().parse().ok();
            }
            if let (Some(url), Some(key)) = (&url, key) {
                return Ok(RunningServer { child, url: url.clone(), key });
            }
        }
        let _ended = child.kill();
        Err(refused("it did not say where it listens".to_owned()))
    }
}

impl RunningServer {
    /// Memory that the process holds now, in bytes.
    pub(crate) fn resident_bytes(&self) -> Result<u64, BenchError> {
        status_kib(&format!("/proc/{}/status", self.child.id()), "VmRSS:").map(|kib| kib * 1024)
    }
}

impl Drop for RunningServer {
    fn drop(&mut self) {
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// A line of a process's status, in KiB.
pub(crate) fn status_kib(path: &str, line: &str) -> Result<u64, BenchError> {
    let text = std::fs::read_to_string(path)?;
    let found = text.lines().find_map(|l| l.strip_prefix(line)).and_then(|rest| rest.split_whitespace().next());
    found.and_then(|kib| kib.parse().ok()).ok_or(BenchError::Setting("this system does not tell a process's memory"))
}
