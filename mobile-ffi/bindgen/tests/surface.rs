//! The surface that apps compile against, and its reference, as the repository keeps them: a changed one is a reviewed
//! difference.

use std::path::{Path, PathBuf};
use std::{env, fs};

use doorstep_bindgen::{BindgenError, Language, Library, reference, surface, write_bindings};
// Cargo builds the library for this test because the test names it.
use doorstep_mobile_ffi as _;

/// How a difference is accepted.
const ACCEPT: &str = "DOORSTEP_ACCEPT=1 cargo test -p doorstep-bindgen --test surface";

fn library() -> Library {
    let name = format!("{}doorstep_mobile_ffi{}", env::consts::DLL_PREFIX, env::consts::DLL_SUFFIX);
    let test = env::current_exe().expect("a running test has a path");
    Library::read(&test.with_file_name(name)).expect("the library this test was built with")
}

fn held_to(file: &str, now: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(file);
    if env::var_os("DOORSTEP_ACCEPT").is_some() {
        fs::write(&path, now).expect("the kept file can be written");
        return;
    }
    let kept = fs::read_to_string(&path).unwrap_or_default();
    let (kept, now): (Vec<&str>, Vec<&str>) = (kept.lines().collect(), now.lines().collect());
    let gone: Vec<String> = kept.iter().filter(|line| !now.contains(line)).map(|line| format!("- {line}")).collect();
    let new: Vec<String> = now.iter().filter(|line| !kept.contains(line)).map(|line| format!("+ {line}")).collect();
    assert!(
        kept == now,
        "{file} is not what the library says:\n{}\n\nIf apps are meant to see this, accept it and look at the difference: {ACCEPT}",
        [gone, new].concat().join("\n")
    );
}

#[test]
fn the_surface_is_the_one_that_was_reviewed() {
    let surface = surface(&library());
    assert!(surface.contains("\nobject Doorstep\n") && surface.contains("\nerror DoorstepError\n"), "{surface}");
    held_to("mobile-ffi/surface.txt", &surface);
}

#[test]
fn the_reference_says_what_the_library_says() {
    held_to("docs/api.md", &reference(&library()));
}

#[test]
fn an_error_is_one_of_ten_at_most() {
    let surface = surface(&library());
    let errors: Vec<&str> = surface.split("\n\n").filter(|block| block.starts_with("error ")).collect();
    assert!(!errors.is_empty(), "an error is thrown somewhere");
    for error in errors {
        let variants = error.lines().count() - 1;
        assert!((1..=10).contains(&variants), "{variants} variants:\n{error}");
    }
}

#[test]
fn every_language_is_written() {
    let folder = tempfile::tempdir().expect("a folder");
    let library = library();
    let written = |language: Language, file: &str| {
        let into: PathBuf = folder.path().join(format!("{language:?}"));
        write_bindings(&library, language, &into).expect("sources are written");
        fs::read_to_string(into.join(file)).unwrap_or_else(|error| panic!("{language:?} has no {file}: {error}"))
    };
    let kotlin = written(Language::Kotlin, "doorstep/doorstep.kt");
    assert!(kotlin.contains("package doorstep\n"));
    assert!(!kotlin.contains("import android"), "the Kotlin that is tested on a JVM is the one that ships on phones");
    assert!(written(Language::Swift, "DoorstepKit.swift").contains("open class Doorstep"));
    assert!(written(Language::Swift, "DoorstepFFI.h").contains("doorstep_mobile_ffi"));
    assert!(written(Language::Python, "doorstep.py").contains("class Doorstep"));
}

#[test]
fn what_is_no_library_is_named() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("empty.so");
    for content in [None, Some("no library")] {
        if let Some(content) = content {
            fs::write(&path, content).expect("a file");
        }
        let refused = Library::read(&path).err().expect("refused");
        assert!(matches!(refused, BindgenError::Library { .. }), "{refused:?}");
        assert!(refused.to_string().contains("empty.so") && refused.to_string().contains("cargo build"), "{refused}");
    }
}
