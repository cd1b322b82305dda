//! A temporary folder, a server, and runs of the program in it.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use doorstep_server::{Config, Running, Server};
use serde_json::Value;
use tempfile::TempDir;

pub(crate) const UPRN: &str = "999900000110";

/// A folder that is gone when the test is.
pub(crate) struct Place {
    folder: TempDir,
}

/// What a run came to.
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Ran {
    /// It succeeded.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, 0, "{}\n{}", self.out, self.err);
        self
    }

    /// It failed with this code, and its message holds these words.
    #[track_caller]
    pub(crate) fn fails(self, code: i32, words: &[&str]) -> Self {
        assert_eq!(self.code, code, "{}\n{}", self.out, self.err);
        for word in words {
            assert!(self.err.contains(word), "“{word}” is not in: {}", self.err);
        }
        self
    }

    /// Its output as JSON.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|error| panic!("{error}: {}", self.out))
    }
}

impl Place {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().expect("a temporary folder") }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).expect("a file in a temporary folder");
        path
    }

    /// A server with its data here.
    pub(crate) fn server(&self) -> Running {
        Server::start(Config::in_folder(self.path("server"))).expect("a server")
    }

    /// Runs the program on the device in the folder `device`, with the passphrase in the variable.
    pub(crate) fn run(&self, device: &str, args: &[&str]) -> Ran {
        self.run_with(device, args, Some("correct horse battery"))
    }

    pub(crate) fn run_with(&self, device: &str, args: &[&str], passphrase: Option<&str>) -> Ran {
        ran(self.command(device, args, passphrase).output().expect("the program runs"))
    }

    pub(crate) fn command(&self, device: &str, args: &[&str], passphrase: Option<&str>) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_doorstep"));
        command.current_dir(self.folder.path()).args(["--folder", device]).args(args);
        command.env_remove("DOORSTEP_PASSPHRASE").env_remove("DOORSTEP_FOLDER").stdin(std::process::Stdio::null());
        if let Some(passphrase) = passphrase {
            command.env("DOORSTEP_PASSPHRASE", passphrase);
        }
        command
    }

    /// A partnership with the desk in the folder `desk`.
    pub(crate) fn found(&self, server: &Running) {
        let url = format!("http://{}", server.address());
        let args = [
            "init",
            "--server",
            &url,
            "--organisation",
            "council=Hillford Council",
            "--organisation",
            "landlord=Mill Homes",
            "--area",
            "Mill Ward",
            "--worker",
            "Ros Adeyemi",
            "--kit-file",
            "kit.txt",
        ];
        self.run("desk", &args).ok();
    }

    /// A tablet of an organisation, enrolled and in sync.
    pub(crate) fn enrol(&self, folder: &str, organisation: &str) {
        let text = |ran: Ran, field: &str| ran.ok().json()[field].as_str().expect("a text").to_owned();
        let invitation = text(self.run("desk", &["enrol", "invite", "--json"]), "invitation");
        let asks = ["enrol", "request", "--text", &invitation, "--json"];
        let request = text(self.run(folder, &asks), "request");
        let accepts = ["enrol", "accept", "--text", &request, "--name", folder, "--worker", "Ada Mensah"];
        self.run("desk", &[&accepts[..], &["--organisation", organisation]].concat()).ok();
        self.run(folder, &["sync"]).ok();
    }
}

pub(crate) fn ran(output: Output) -> Ran {
    Ran {
        code: output.status.code().unwrap_or(-1),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Names in a folder, sorted.
pub(crate) fn names_in(folder: &Path) -> Vec<String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut names: Vec<String> = entries.flatten().map(|e| e.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}
