//! Files of secrets: made once, replaced at once or not at all, overwritten when they go.

use std::fs;
use std::io::{ErrorKind, Write};
use std::path::Path;

use super::VaultError;

/// The longest file of secrets that is overwritten: many times what there is.
const OVERWRITE_BYTES_MAX: usize = 64 * 1024;

fn unreachable(error: &std::io::Error) -> VaultError {
    VaultError::Unreachable { kind: error.kind() }
}

/// Reads a file of secrets.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, VaultError> {
    fs::read(path).map_err(|error| match error.kind() {
        ErrorKind::NotFound => VaultError::Empty,
        kind => VaultError::Unreachable { kind },
    })
}

/// Writes a file where there is none.
pub(super) fn write_new(path: &Path, blob: &[u8]) -> Result<(), VaultError> {
    let taken = |error: std::io::Error| match error.kind() {
        ErrorKind::AlreadyExists => VaultError::Occupied,
        kind => VaultError::Unreachable { kind },
    };
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path).map_err(taken)?;
    file.write_all(blob).and_then(|()| file.sync_all()).map_err(taken)
}

/// Puts a file in the place of the one that is there, at once or not at all.
pub(super) fn replace(path: &Path, blob: &[u8]) -> Result<(), VaultError> {
    let beside = path.with_extension("new");
    // What a crash left there was never the device's keys.
    match fs::remove_file(&beside) {
        Err(error) if error.kind() != ErrorKind::NotFound => return Err(unreachable(&error)),
        _ => {}
    }
    write_new(&beside, blob)?;
    fs::rename(&beside, path).map_err(|error| unreachable(&error))?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    fs::File::open(folder).and_then(|folder| folder.sync_all()).map_err(|error| unreachable(&error))
}

/// The same, and overwrites the bytes of the old one.
pub(super) fn replace_overwriting(path: &Path, blob: &[u8]) -> Result<(), VaultError> {
    // Held open, to be overwritten once the new one has its name.
    let old = fs::OpenOptions::new().write(true).open(path).map_err(|error| unreachable(&error))?;
    replace(path, blob)?;
    overwrite(&old).map_err(|error| unreachable(&error))
}

/// Overwrites a file and removes it. Harmless to repeat.
pub(super) fn destroy(path: &Path) -> Result<(), VaultError> {
    let old = match fs::OpenOptions::new().write(true).open(path) {
        Ok(old) => old,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(unreachable(&error)),
    };
    overwrite(&old).and_then(|()| fs::remove_file(path)).map_err(|error| unreachable(&error))
}

fn overwrite(mut file: &fs::File) -> std::io::Result<()> {
    let length = usize::try_from(file.metadata()?.len()).unwrap_or(OVERWRITE_BYTES_MAX).min(OVERWRITE_BYTES_MAX);
    file.write_all(&vec![0; length])?;
    file.sync_all()
}
