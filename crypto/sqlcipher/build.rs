//! Puts an empty `libcrypto` where the linker looks first. SQLCipher is told to call this package for its cipher (`.cargo/config.toml`),
//! but whoever builds it asks for OpenSSL's library all the same: nothing is taken from it, and so it need not be installed.

use std::path::Path;
use std::{env, fs};

/// An archive with nothing in it.
const EMPTY_ARCHIVE: &[u8] = b"!<arch>\n";

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let folder = env::var_os("OUT_DIR").expect("cargo names the folder of what a build makes");
    fs::write(Path::new(&folder).join("libcrypto.a"), EMPTY_ARCHIVE)
        .expect("the folder of what a build makes can be written to");
    println!("cargo:rustc-link-search=native={}", Path::new(&folder).display());
}
