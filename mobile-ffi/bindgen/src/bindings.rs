//! The sources of each language.

use std::fs;
use std::path::Path;

use uniffi_bindgen::bindings::{GenerateOptions, TargetLanguage, generate};

use crate::{BindgenError, Library};

/// How the library looks in each language.
const CONFIG: &str = include_str!("../languages.toml");

/// A language, as `--language` names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Language {
    /// Kotlin, the same on a JVM and on Android.
    Kotlin,
    /// Swift, with the C header and module map it needs.
    Swift,
    /// Python.
    Python,
}

impl Language {
    fn target(self) -> TargetLanguage {
        match self {
            Self::Kotlin => TargetLanguage::Kotlin,
            Self::Swift => TargetLanguage::Swift,
            Self::Python => TargetLanguage::Python,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Kotlin => "Kotlin",
            Self::Swift => "Swift",
            Self::Python => "Python",
        }
    }
}

/// Writes the sources of a language into a folder, which is made.
///
/// # Errors
/// [`BindgenError::Sources`], [`BindgenError::File`].
pub fn write_bindings(library: &Library, language: Language, folder: &Path) -> Result<(), BindgenError> {
    let failed = |reason: String| BindgenError::Sources { language: language.name(), reason };
    let utf8 = |path: &Path| path.to_str().map(str::to_owned).ok_or_else(|| failed("a path is not UTF-8".to_owned()));
    let in_folder = |path: &Path| {
        let path = path.display().to_string();
        move |source| BindgenError::File { path, source }
    };
    fs::create_dir_all(folder).map_err(in_folder(folder))?;
    let config = folder.join("languages.toml");
    fs::write(&config, CONFIG).map_err(in_folder(&config))?;
    let options = GenerateOptions {
        languages: vec![language.target()],
        source: utf8(library.path())?.into(),
        out_dir: utf8(folder)?.into(),
        config_override: Some(utf8(&config)?.into()),
        ..GenerateOptions::default()
    };
    generate(options).map_err(|error| failed(format!("{error:#}")))?;
    fs::remove_file(&config).map_err(in_folder(&config))
}
