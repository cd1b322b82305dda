//! The folder of sealed parts: a file each, synced and named before it is acknowledged. What is in it is decided by the store.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use doorstep_protocol::limits::PART_SEALED_BYTES_MAX;
use doorstep_protocol::{BlobId, PartnershipId};

/// The folder within the data folder.
pub const PARTS_FOLDER: &str = "parts";
/// Where a part stands until it is whole.
const COMING_FOLDER: &str = "coming";
/// A folder for each first byte of the ids keeps every folder short.
const FAN_DIGITS: usize = 2;

/// Sealed parts in files.
#[derive(Debug)]
pub struct PartFolder {
    root: PathBuf,
    coming: AtomicU64,
}

impl PartFolder {
    /// Opens the folder within a data folder, and makes it when it is not there. What a crash left half written goes.
    ///
    /// # Errors
    /// What the system says.
    pub fn open(data: &Path) -> io::Result<Self> {
        let root = data.join(PARTS_FOLDER);
        let coming = root.join(COMING_FOLDER);
        if coming.is_dir() {
            fs::remove_dir_all(&coming)?;
        }
        fs::create_dir_all(&coming)?;
        sync_folder(&root)?;
        sync_folder(data)?;
        Ok(Self { root, coming: AtomicU64::new(0) })
    }

    /// Keeps a part: it is durable under its name when this returns.
    ///
    /// # Errors
    /// What the system says; the part is then not there, or as it was.
    pub fn put(&self, partnership: PartnershipId, id: BlobId, bytes: &[u8]) -> io::Result<()> {
        let number = self.coming.fetch_add(1, Ordering::Relaxed);
        let coming = self.root.join(COMING_FOLDER).join(number.to_string());
        let written = File::create_new(&coming).and_then(|mut file| {
            file.write_all(bytes)?;
            file.sync_all()
        });
        let named = written.and_then(|()| {
            let path = self.path(partnership, id);
            let fan = path.parent().unwrap_or(&self.root);
            let tenant = fan.parent().unwrap_or(&self.root);
            let is_new = !fan.is_dir();
            fs::create_dir_all(fan)?;
            fs::rename(&coming, &path)?;
            sync_folder(fan)?;
            if is_new {
                sync_folder(tenant)?;
                sync_folder(&self.root)?;
            }
            Ok(())
        });
        if named.is_err() {
            // A disk that is full has room again for the next.
            let _gone_or_not = fs::remove_file(&coming);
        }
        named
    }

    /// A part, if it is there.
    ///
    /// # Errors
    /// What the system says.
    pub fn get(&self, partnership: PartnershipId, id: BlobId) -> io::Result<Option<Vec<u8>>> {
        let file = match File::open(self.path(partnership, id)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        file.take(PART_SEALED_BYTES_MAX as u64 + 1).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    /// Whether a part is there, whole or not.
    #[must_use]
    pub fn has(&self, partnership: PartnershipId, id: BlobId) -> bool {
        self.path(partnership, id).is_file()
    }

    /// Takes a part away; that it is gone is durable when this returns.
    ///
    /// # Errors
    /// What the system says.
    pub fn remove(&self, partnership: PartnershipId, id: BlobId) -> io::Result<()> {
        let path = self.path(partnership, id);
        match fs::remove_file(&path) {
            Ok(()) => path.parent().map_or(Ok(()), sync_folder),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            Err(error) => Err(error),
        }
    }

    fn path(&self, partnership: PartnershipId, id: BlobId) -> PathBuf {
        let name = id.to_string();
        let fan = &name[..FAN_DIGITS];
        self.root.join(partnership.to_string()).join(fan).join(&name)
    }
}

/// Makes what was named or removed in a folder durable. Elsewhere than on Unix folders cannot be synced, and need not be.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { File::open(folder)?.sync_all() } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_is_there_until_it_is_removed_and_what_was_half_written_goes() {
        let data = tempfile::tempdir().expect("a temporary folder");
        let folder = PartFolder::open(data.path()).expect("a folder");
        let (tenant, id) = (PartnershipId([1; 16]), BlobId([2; 32]));
        assert_eq!(folder.get(tenant, id).expect("it answers"), None);
        for _ in 0..2 {
            folder.put(tenant, id, b"sealed").expect("kept");
            assert_eq!(folder.get(tenant, id).expect("it answers").as_deref(), Some(&b"sealed"[..]));
        }
        assert_eq!(folder.get(PartnershipId([3; 16]), id).expect("it answers"), None, "partnerships are apart");
        fs::write(data.path().join(PARTS_FOLDER).join(COMING_FOLDER).join("7"), b"half").expect("written");
        drop(folder);
        let folder = PartFolder::open(data.path()).expect("again");
        assert!(folder.has(tenant, id));
        assert!(fs::read_dir(data.path().join(PARTS_FOLDER).join(COMING_FOLDER)).expect("there").next().is_none());
        for _ in 0..2 {
            folder.remove(tenant, id).expect("gone");
            assert!(!folder.has(tenant, id));
        }
    }
}
