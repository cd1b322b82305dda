//! The folder of sealed parts beside a device's store: a file each, as it was sealed or as it came. Nothing here is ever in the
//! clear; which parts there are to be is known by the store.

use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use doorstep_protocol::BlobId;
use doorstep_protocol::limits::PART_SEALED_BYTES_MAX;

/// The folder within a device's.
pub const PARTS_FOLDER: &str = "parts";
const FAN_DIGITS: usize = 2;

/// Sealed parts in files.
#[derive(Clone, Debug)]
pub struct PartFiles {
    root: PathBuf,
}

impl PartFiles {
    /// The parts of the device in `folder`. Nothing is made before there is one.
    #[must_use]
    pub fn within(folder: &Path) -> Self {
        Self { root: folder.join(PARTS_FOLDER) }
    }

    /// Keeps a part: it is durable when this returns.
    ///
    /// # Errors
    /// What the system says.
    pub fn put(&self, id: BlobId, sealed: &[u8]) -> io::Result<()> {
        let path = self.path(id);
        let folder = path.parent().unwrap_or(&self.root);
        let is_new = !folder.is_dir();
        fs::create_dir_all(folder)?;
        let coming = path.with_extension("new");
        let written = File::create(&coming).and_then(|mut file| {
            file.write_all(sealed)?;
            file.sync_all()
        });
        if let Err(error) = written {
            // A disk that is full has room again for the next.
            let _gone_or_not = fs::remove_file(&coming);
            return Err(error);
        }
        fs::rename(&coming, &path)?;
        sync_folder(folder)?;
        if is_new {
            sync_folder(&self.root)?;
            self.root.parent().map_or(Ok(()), sync_folder)?;
        }
        Ok(())
    }

    /// A part, if it is here.
    ///
    /// # Errors
    /// What the system says.
    pub fn get(&self, id: BlobId) -> io::Result<Option<Vec<u8>>> {
        let file = match File::open(self.path(id)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut sealed = Vec::new();
        file.take(PART_SEALED_BYTES_MAX as u64 + 1).read_to_end(&mut sealed)?;
        Ok(Some(sealed))
    }

    /// Takes a part away.
    ///
    /// # Errors
    /// What the system says.
    pub fn remove(&self, id: BlobId) -> io::Result<()> {
        match fs::remove_file(self.path(id)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        }
    }

    fn path(&self, id: BlobId) -> PathBuf {
        let name = id.to_string();
        self.root.join(&name[..FAN_DIGITS]).join(&name)
    }
}

/// Systems that cannot open a folder keep their own order.
fn sync_folder(folder: &Path) -> io::Result<()> {
    match File::open(folder) {
        Ok(folder) => folder.sync_all(),
        Err(_) => Ok(()),
    }
}
