//! The surface as it stands in the built library.

use std::path::{Path, PathBuf};

use uniffi_bindgen::interface::ComponentInterface;
use uniffi_bindgen::{BindgenLoader, BindgenPaths, GlobalConfig};

use crate::BindgenError;

/// The name of the library's crate.
const CRATE: &str = "doorstep_mobile_ffi";

/// A built library, and what it says of itself.
pub struct Library {
    path: PathBuf,
    interface: ComponentInterface,
}

impl Library {
    /// Reads a built library: `.so`, `.dylib`, `.dll` or `.a`, for any processor.
    ///
    /// # Errors
    /// [`BindgenError::Library`].
    pub fn read(path: &Path) -> Result<Self, BindgenError> {
        let failed = |reason: String| BindgenError::Library { path: path.display().to_string(), reason };
        let loader = BindgenLoader::new(BindgenPaths::default(), GlobalConfig::default());
        let text = path.to_str().ok_or_else(|| failed("its path is not UTF-8".to_owned()))?;
        let metadata = loader.load_metadata(text.into()).map_err(|error| failed(format!("{error:#}")))?;
        let interfaces = loader.load_cis(metadata).map_err(|error| failed(format!("{error:#}")))?;
        let interface = interfaces.into_iter().find(|interface| interface.crate_name() == CRATE);
        let interface = interface.ok_or_else(|| failed(format!("nothing of {CRATE} is in it")))?;
        Ok(Self { path: path.to_owned(), interface })
    }

    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn interface(&self) -> &ComponentInterface {
        &self.interface
    }
}
