//! A revoked device takes its leave: it hands over what it had not sent, destroys its keys and its files, and says so.
//!
//! It does so only once its own verified log names its revocation; a server alone wipes nobody. The mark in its folder is on
//! disk before the first key goes, so that a device that loses power in the middle goes on where it was when it is next
//! started: keys, store, receipt, and last the key that signs the receipt.

use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;

use doorstep_crypto::keys::{NotSigned, Sign as _};
use doorstep_protocol::wire::{ChallengeRequest, FarewellRequest, SignedWipeReceipt, WipeReceipt};
use doorstep_protocol::{Bytes, DeviceId, LogHash, LogSize, Millis, PartnershipId, SignPublic, cbor, label, limits};

use crate::store::{Fault, StoreError};
use crate::transport::{Endpoint, SignedRequest, Signer, Transport, TransportError};
use crate::vault::{Destroy, DeviceSigner, KeyVault, VaultError};

/// The mark's file in a device's folder.
pub const MARK_FILE: &str = "wiping";
/// The longest mark.
const MARK_BYTES_MAX: usize = 2_048;
/// Everything a store leaves in its folder.
const STORE_FILES: [&str; 4] = ["ops.db", "ops.db-wal", "ops.db-shm", "ops.db-journal"];

/// Why a device has not wiped itself, or not to the end. What was begun is taken up at the next start.
#[derive(Debug, thiserror::Error)]
pub enum FarewellError {
    /// The server says that the device was revoked, and its log does not.
    #[error(
        "the server says that this device was ended, but the partnership's log does not: nothing was wiped; tell an admin"
    )]
    NotRevoked,
    /// The log does not hold.
    #[error("the authority log that the server shows does not hold ({0}): nothing was wiped; tell an admin")]
    Log(doorstep_protocol::authority::LogError),
    /// The device's store.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The device.
    #[error(transparent)]
    Device(#[from] crate::device::DeviceError),
    /// The keys.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// The keystore did not sign; it is tried again.
    #[error(transparent)]
    NotSigned(#[from] NotSigned),
    /// The server was not reached; it is tried again.
    #[error(transparent)]
    Transport(#[from] TransportError),
    /// A file in the folder.
    #[error("a file of this device cannot be removed ({kind:?}): check its folder, and start the program again")]
    File {
        /// What the system says.
        kind: ErrorKind,
    },
    /// The program was interrupted.
    #[error("this device was interrupted while it wiped itself: start the program again")]
    Interrupted,
    /// The mark is damaged.
    #[error("the mark of a wipe in this device's folder does not read back: tell an admin")]
    Mark,
}

impl From<std::io::Error> for FarewellError {
    fn from(error: std::io::Error) -> Self {
        Self::File { kind: error.kind() }
    }
}

/// What a wipe needs once nothing else is left: on disk before the first key goes.
#[derive(Clone, Debug, PartialEq, Eq, minicbor::Encode, minicbor::Decode)]
#[cbor(array)]
pub struct Mark {
    /// The tenant.
    #[n(0)]
    pub partnership: PartnershipId,
    /// The device.
    #[n(1)]
    pub device: DeviceId,
    /// Where the server is.
    #[n(2)]
    pub server_url: String,
    /// The key that it signs with.
    #[n(3)]
    pub server_key: SignPublic,
    /// The size of the log with the revocation in it, as this device verified it.
    #[n(4)]
    pub log_size: LogSize,
    /// Its head there.
    #[n(5)]
    pub log_head: LogHash,
    /// When it began.
    #[n(6)]
    pub time: Millis,
    /// Envelopes and changes that nobody took.
    #[n(7)]
    pub unsent: u32,
    /// Envelopes that the server holds for a person to decide, or has stored.
    #[n(8)]
    pub handed_over: u32,
}

/// Where a wipe stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Step {
    /// The mark is on disk.
    Marked,
    /// The keys are gone, but for the one that signs the receipt.
    KeysGone,
    /// The store is gone.
    StoreGone,
    /// The receipt is with the server.
    ReceiptSent,
    /// The signing key is gone.
    SigningKeyGone,
}

/// Asked after each step, so that a test can stop there as a dead battery does.
pub type StepHook<'h> = &'h (dyn Fn(Step) -> Fault + Sync);

/// Goes on whatever happens.
pub const NO_HOOK: StepHook<'static> = &|_| Fault::None;

fn reached(hook: StepHook<'_>, step: Step) -> Result<(), FarewellError> {
    match hook(step) {
        Fault::Fail => Err(FarewellError::Interrupted),
        Fault::None => Ok(()),
    }
}

/// The mark in a folder, where a wipe was begun.
///
/// # Errors
/// [`FarewellError::Mark`], [`FarewellError::File`].
pub fn mark(folder: &Path) -> Result<Option<Mark>, FarewellError> {
    match fs::read(folder.join(MARK_FILE)) {
        Ok(bytes) => cbor::decode("mark", &bytes, MARK_BYTES_MAX).map(Some).map_err(|_| FarewellError::Mark),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error.into()),
    }
}

/// Puts the mark on disk. From here on the wipe is done to its end.
///
/// # Errors
/// [`FarewellError::File`]; then nothing has begun.
pub fn begin(folder: &Path, mark: &Mark, hook: StepHook<'_>) -> Result<(), FarewellError> {
    let beside = folder.join("wiping.new");
    let mut file = File::create(&beside)?;
    file.write_all(&cbor::encode(mark))?;
    file.sync_all()?;
    fs::rename(&beside, folder.join(MARK_FILE))?;
    sync_folder(folder)?;
    reached(hook, Step::Marked)
}

/// Destroys the keys, but for the one that signs the receipt, and the store. Harmless to repeat.
///
/// # Errors
/// [`FarewellError`]; it is taken up at the next start.
pub fn wipe(folder: &Path, vault: &dyn KeyVault, hook: StepHook<'_>) -> Result<(), FarewellError> {
    vault.destroy(Destroy::AllButSigning)?;
    reached(hook, Step::KeysGone)?;
    for name in STORE_FILES {
        match fs::remove_file(folder.join(name)) {
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            _ => {}
        }
    }
    // Sealed parts, whose keys went with the store.
    match fs::remove_dir_all(folder.join(crate::photograph::PARTS_FOLDER)) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
        _ => {}
    }
    sync_folder(folder)?;
    reached(hook, Step::StoreGone)
}

/// Signs the receipt, brings it to the server, and destroys the key that signed it. Harmless to repeat.
///
/// # Errors
/// [`FarewellError`]; it is taken up at the next start.
pub async fn finish<T: Transport>(
    (folder, vault): (&Path, &dyn KeyVault),
    transport: &T,
    mark: &Mark,
    now: Millis,
    hook: StepHook<'_>,
) -> Result<(), FarewellError> {
    match vault.open() {
        Ok(secrets) => {
            send_receipt(transport, mark, &secrets.sign, now).await?;
            reached(hook, Step::ReceiptSent)?;
            drop(secrets);
            vault.destroy(Destroy::Everything)?;
        }
        // It had come so far before it was interrupted.
        Err(VaultError::Empty) => {}
        Err(error) => return Err(error.into()),
    }
    reached(hook, Step::SigningKeyGone)?;
    fs::remove_file(folder.join(MARK_FILE))?;
    Ok(sync_folder(folder)?)
}

/// Goes on with a wipe to its end, from wherever it is: keys and store, then the receipt.
///
/// # Errors
/// [`FarewellError`]; it is taken up at the next start.
pub async fn go_on<T: Transport>(
    (folder, vault): (&Path, &dyn KeyVault),
    mark: &Mark,
    now: Millis,
    transport: &T,
) -> Result<(), FarewellError> {
    wipe(folder, vault, NO_HOOK)?;
    finish((folder, vault), transport, mark, now, NO_HOOK).await
}

async fn send_receipt<T: Transport>(
    transport: &T,
    mark: &Mark,
    sign: &DeviceSigner,
    now: Millis,
) -> Result<(), FarewellError> {
    let receipt = WipeReceipt {
        partnership: mark.partnership,
        device: mark.device,
        log_size: mark.log_size,
        log_head: mark.log_head,
        time: now,
        unsent: mark.unsent,
    };
    let bytes = receipt.to_bytes();
    let signature = sign.try_sign(label::SIG_WIPE, &SignedWipeReceipt::signing_digest(&bytes))?;
    let signed = SignedWipeReceipt { receipt: Bytes(bytes), signature };
    let asks = ChallengeRequest { partnership: mark.partnership, device: mark.device };
    let challenge = transport.challenge(&asks).await?.challenge;
    let request = FarewellRequest {
        partnership: mark.partnership,
        device: mark.device,
        challenge: challenge.clone(),
        log_size: mark.log_size,
        log_head: mark.log_head,
        envelopes: Vec::new(),
        wiped: Some(Bytes(signed.to_bytes())),
    };
    let signer = Signer { partnership: mark.partnership, device: mark.device, session: &challenge.0 };
    let request =
        SignedRequest::try_sign(Endpoint::Farewell, signer, request.to_bytes(), now, |base| sign.try_sign_raw(base))?;
    transport.message(request, limits::LOG_APPEND_BYTES_MAX).await?;
    Ok(())
}

fn sync_folder(folder: &Path) -> std::io::Result<()> {
    // Systems that cannot open a folder keep their own order.
    match File::open(folder) {
        Ok(folder) => folder.sync_all(),
        Err(_) => Ok(()),
    }
}
