//! What every command has at hand: the folder of the device, its passphrase, the screen, and a server inside this program
//! where there is one.

use std::any::Any;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use clap::Args;
use doorstep_client_core::client::{Client, ClientError, SystemClock};
use doorstep_client_core::transport::{PlainHttp, Trust};
use doorstep_client_core::vault::{FileVault, VaultError};
use doorstep_protocol::SignPublic;
use zeroize::Zeroizing;

use crate::failure::DeskError;
use crate::passphrase::{self, Use};
use crate::screen::{Colours, Form, Screen};

/// The file in a device's folder that holds its sealed keys.
const KEYS_FILE: &str = "keys.sealed";

/// Options that every command takes.
#[derive(Args, Clone, Debug)]
pub struct Global {
    /// Folder of this device: its sealed store and keys
    #[arg(long, env = "DOORSTEP_FOLDER", value_name = "DIR", default_value = "./doorstep-device", global = true)]
    pub folder: PathBuf,
    /// File that holds the passphrase; else DOORSTEP_PASSPHRASE, else you are asked
    #[arg(long, value_name = "FILE", global = true)]
    pub passphrase_file: Option<PathBuf>,
    /// Print data as JSON, and errors as JSON on standard error
    #[arg(long, global = true)]
    pub json: bool,
    /// Worker whose PIN opens this device, where several have one here
    #[arg(long = "as", env = "DOORSTEP_WORKER", value_name = "NAME", global = true)]
    pub worker: Option<String>,
    /// Certificate (PEM) to trust besides the public authorities, for a server with its own
    #[arg(long, env = "DOORSTEP_TRUST_CERTIFICATE", value_name = "FILE", global = true)]
    pub trust_certificate: Option<PathBuf>,
    /// Allow http:// to another machine: contents stay sealed, but who talks to whom is seen on the way
    #[arg(long, env = "DOORSTEP_ALLOW_PLAIN_HTTP", global = true)]
    pub allow_plain_http: bool,
}

/// A server that a program has inside. The shipped `doorstep` has none.
#[derive(Clone, Copy)]
pub struct EmbeddedServer {
    /// Starts one, or says in words why not.
    pub start: fn(&ServeOptions) -> Result<HeldServer, String>,
}

/// How a server inside this program is set up.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    /// Folder for its database and keys.
    pub data: PathBuf,
    /// Where it listens; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Which partnerships it takes, as `doorstep-server --partnerships` has it.
    pub partnerships: String,
}

impl ServeOptions {
    /// The first partnership that comes, as a server does that nobody configured.
    #[must_use]
    pub fn first_partnership(data: &Path, listen: SocketAddr) -> Self {
        Self { data: data.to_owned(), listen, partnerships: "first".to_owned() }
    }
}

/// A server that runs until this is dropped.
pub struct HeldServer {
    /// Where it listens.
    pub address: SocketAddr,
    /// The key that it signs with.
    pub server_key: SignPublic,
    /// Keeps it running.
    pub held: Box<dyn Any + Send>,
}

/// What a command works with.
pub struct Context {
    /// Options that every command takes.
    pub global: Global,
    /// Standard output.
    pub screen: Screen,
    /// A server inside this program.
    pub embedded: Option<EmbeddedServer>,
    passphrase: OnceLock<Zeroizing<String>>,
}

impl Context {
    /// From the options.
    #[must_use]
    pub fn new(global: Global, embedded: Option<EmbeddedServer>) -> Self {
        let form = if global.json { Form::Json } else { Form::Text };
        Self { global, screen: Screen { form, colours: Colours::of_stdout() }, embedded, passphrase: OnceLock::new() }
    }

    /// The folder of the device.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.global.folder
    }

    /// Opens the device in the folder.
    ///
    /// # Errors
    /// [`DeskError::Client`] when there is none, or its passphrase is another.
    pub fn open(&self) -> Result<Client, DeskError> {
        // Nobody is asked for the passphrase of a device that is not there.
        if !self.keys().is_file() {
            return Err(DeskError::NoDevice { folder: self.folder().to_owned() });
        }
        let vault = self.vault()?;
        match Client::open(self.folder(), &vault, Arc::new(SystemClock)) {
            // It was interrupted while it wiped itself: that comes first, and nothing comes after.
            Err(ClientError::Wiping) => Err(crate::leave::go_on(self)?),
            opened => Ok(opened?),
        }
    }

    /// The same, with the vault: a first PIN takes a secret out of it.
    ///
    /// # Errors
    /// As [`Self::open`].
    pub fn open_with_vault(&self) -> Result<(Client, FileVault), DeskError> {
        Ok((self.open()?, self.vault()?))
    }

    /// The vault of the device in the folder. The passphrase is asked for once.
    ///
    /// # Errors
    /// [`DeskError::Input`].
    pub fn vault(&self) -> Result<FileVault, DeskError> {
        let passphrase = match self.passphrase.get() {
            Some(known) => known.clone(),
            None => {
                let found = passphrase::find(self.global.passphrase_file.as_deref(), Use::Open)?;
                self.passphrase.get_or_init(|| found).clone()
            }
        };
        Ok(FileVault::new(&self.keys(), passphrase))
    }

    /// The folder holds no device yet.
    ///
    /// # Errors
    /// [`DeskError::Client`] when it does.
    pub fn check_vacant(&self) -> Result<(), DeskError> {
        if self.keys().exists() {
            return Err(ClientError::from(VaultError::Occupied).into());
        }
        Ok(())
    }

    /// Makes a new device in the folder, which must hold none.
    ///
    /// # Errors
    /// [`DeskError::Client`] when the folder holds a device already.
    pub fn create(&self) -> Result<Client, DeskError> {
        self.check_vacant()?;
        let passphrase = passphrase::find(self.global.passphrase_file.as_deref(), Use::New)?;
        let vault = FileVault::new(&self.keys(), passphrase);
        Ok(Client::create(self.folder(), &vault, Arc::new(SystemClock))?)
    }

    /// Where HTTP without TLS may go.
    #[must_use]
    pub const fn plain_http(&self) -> PlainHttp {
        if self.global.allow_plain_http { PlainHttp::Anywhere } else { PlainHttp::LoopbackOnly }
    }

    /// Whose certificates are believed.
    ///
    /// # Errors
    /// [`DeskError::File`].
    pub fn trust(&self) -> Result<Trust, DeskError> {
        let Some(path) = &self.global.trust_certificate else { return Ok(Trust::Public) };
        let pem = std::fs::read(path)
            .map_err(|error| DeskError::file(path, format!("the certificate cannot be read ({:?})", error.kind())))?;
        Ok(Trust::PublicAnd(pem))
    }

    fn keys(&self) -> PathBuf {
        self.folder().join(KEYS_FILE)
    }
}

/// Where the sealed keys of a device in `folder` are.
#[must_use]
pub fn keys_of(folder: &Path) -> PathBuf {
    folder.join(KEYS_FILE)
}

/// Files that a device makes in its folder.
const DEVICE_FILES: [&str; 5] = [KEYS_FILE, "ops.db", "ops.db-wal", "ops.db-shm", "device.lock"];

/// Removes a device that was made a moment ago and never became part of anything.
pub(crate) fn remove_new_device(folder: &Path) {
    for file in DEVICE_FILES {
        let _gone = std::fs::remove_file(folder.join(file));
    }
}
