//! The styles, the small script and the mark: part of the program, served under a name that changes with what is in them.

use std::sync::OnceLock;

use sha2::{Digest as _, Sha256};

/// A file that pages refer to.
#[derive(Clone, Copy, Debug)]
pub struct Asset {
    /// Its name before the hash, and its ending.
    pub name: (&'static str, &'static str),
    /// What it is.
    pub media: &'static str,
    /// What is in it.
    pub bytes: &'static [u8],
}

/// Styles.
pub const STYLE: Asset = Asset {
    name: ("doorstep", "css"),
    media: "text/css; charset=utf-8",
    bytes: include_bytes!("../assets/doorstep.css"),
};
/// The script: everything works without it.
pub const SCRIPT: Asset = Asset {
    name: ("doorstep", "js"),
    media: "text/javascript; charset=utf-8",
    bytes: include_bytes!("../assets/doorstep.js"),
};
/// The mark.
pub const MARK: Asset =
    Asset { name: ("doorstep", "svg"), media: "image/svg+xml", bytes: include_bytes!("../assets/doorstep.svg") };

const ALL: [Asset; 3] = [STYLE, SCRIPT, MARK];

impl Asset {
    /// Where it is served.
    #[must_use]
    pub fn path(&self) -> &'static str {
        static PATHS: OnceLock<[String; 3]> = OnceLock::new();
        let paths = PATHS.get_or_init(|| ALL.map(|asset| asset.hashed()));
        let at = ALL.iter().position(|asset| asset.name == self.name).unwrap_or_default();
        &paths[at]
    }

    fn hashed(&self) -> String {
        let digest = Sha256::digest(self.bytes);
        let hash: String = digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect();
        format!("/static/{}-{hash}.{}", self.name.0, self.name.1)
    }
}

/// The file at a path, under its present hash only.
#[must_use]
pub fn at(path: &str) -> Option<&'static Asset> {
    static FILES: [Asset; 3] = ALL;
    FILES.iter().find(|asset| asset.path() == path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_served_under_its_own_hash_only() {
        let paths: std::collections::BTreeSet<&str> = ALL.iter().map(Asset::path).collect();
        assert_eq!(paths.len(), ALL.len());
        assert_eq!(at(STYLE.path()).map(|asset| asset.media), Some(STYLE.media));
        assert!(at("/static/doorstep-0000000000000000.css").is_none());
    }

    #[test]
    fn nothing_is_fetched_from_elsewhere() {
        for asset in ALL {
            let text = std::str::from_utf8(asset.bytes).expect("text");
            let elsewhere = text.replace("http://www.w3.org/2000/svg", "");
            assert!(!elsewhere.contains("://"), "{:?}", asset.name);
        }
    }
}
