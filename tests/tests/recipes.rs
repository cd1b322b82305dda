//! The recipes for phones on machines that lack what they need, and on one that has it: its tools are stand-ins that write
//! down how they were called.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::{env, fs};

use tempfile::TempDir;

/// What every Unix has and a recipe may use without asking.
const EVERYWHERE: &[&str] =
    &["bash", "cat", "cp", "dirname", "du", "env", "install", "mkdir", "printf", "rm", "sed", "sort", "tail", "uname"];

/// A machine with these tools and no others.
struct Machine {
    folder: TempDir,
}

impl Machine {
    fn bare() -> Self {
        let machine = Self { folder: tempfile::tempdir().expect("a folder") };
        fs::create_dir_all(machine.path("bin")).expect("a folder for tools");
        for tool in EVERYWHERE {
            machine.has(tool);
        }
        machine
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A tool of the machine the test runs on.
    fn has(&self, tool: &str) {
        let found =
            env::split_paths(&env::var_os("PATH").unwrap_or_default()).map(|at| at.join(tool)).find(|at| at.exists());
        symlink(found.unwrap_or_else(|| panic!("this machine has no {tool}")), self.path("bin").join(tool))
            .expect("a link");
    }

    /// Python itself: what is on the path may be a script that looks for it and finds nothing here.
    fn has_python(&self) {
        let asked =
            Command::new("python3").args(["-c", "import sys; print(sys.executable)"]).output().expect("python runs");
        let found = String::from_utf8(asked.stdout).expect("a path is text");
        symlink(found.trim(), self.path("bin/python3")).expect("a link");
    }

    /// A stand-in that notes its arguments in `calls`, then does what `script` says.
    fn stand_in(&self, tool: &str, script: &str) {
        self.program(&self.path("bin").join(tool), &format!("printf '{tool} %s\\n' \"$*\" >>\"$CALLS\"\n{script}"));
    }

    fn program(&self, at: &Path, script: &str) {
        fs::create_dir_all(at.parent().expect("a tool is in a folder")).expect("a folder");
        let bash = self.path("bin/bash");
        fs::write(at, format!("#!{}\n{script}\n", bash.display())).expect("a script");
        fs::set_permissions(at, fs::Permissions::from_mode(0o755)).expect("a script runs");
    }

    fn run(&self, recipe: &str, variables: &[(&str, PathBuf)]) -> Output {
        let recipe = Path::new(env!("CARGO_MANIFEST_DIR")).join("../scripts").join(recipe);
        let mut command = Command::new(self.path("bin/bash"));
        command.arg(recipe).env_clear().env("PATH", self.path("bin")).env("CALLS", self.path("calls"));
        command.env("CARGO_TARGET_DIR", self.path("target")).envs(variables.iter().cloned());
        command.output().expect("bash runs")
    }

    fn calls(&self) -> String {
        fs::read_to_string(self.path("calls")).unwrap_or_default()
    }
}

fn missing_of(output: &Output) -> String {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert_eq!(output.status.code(), Some(2), "{said}{}", String::from_utf8_lossy(&output.stdout));
    said
}

/// Writes the library that `--target` and `--profile` name, as Cargo would; says where Rust keeps each target's library.
const CARGO: &str = r#"
while [ $# -gt 0 ]; do
    case "$1" in --target) target=$2 ;; esac
    shift
done
if [ -n "${target:-}" ]; then
    mkdir -p "$CARGO_TARGET_DIR/$target/mobile"
    printf '%s' "$target" >"$CARGO_TARGET_DIR/$target/mobile/libdoorstep_mobile_ffi.so"
    printf '%s' "$target" >"$CARGO_TARGET_DIR/$target/mobile/libdoorstep_mobile_ffi.a"
fi"#;

/// Writes the sources of a language.
const BINDGEN: &str = r#"
out=$5
mkdir -p "$out/doorstep"
for file in DoorstepKit.swift DoorstepFFI.h DoorstepFFI.modulemap; do printf 'of %s\n' "$file" >"$out/$file"; done"#;

#[test]
fn a_bare_machine_is_told_all_that_android_needs_and_nothing_is_built() {
    let machine = Machine::bare();
    let said = missing_of(&machine.run("build-android", &[]));
    for needed in [
        "Android SDK",
        "ANDROID_HOME",
        "Android NDK",
        "sdkmanager 'ndk;",
        "SDK platform",
        "cargo on the PATH",
        "java on the PATH",
        "npm on the PATH",
        "rustup target add aarch64-linux-android",
        "rustup target add armv7-linux-androideabi",
        "rustup target add x86_64-linux-android",
    ] {
        assert!(said.contains(needed), "{needed} is not in:\n{said}");
    }
    assert!(!machine.path("target").exists(), "nothing is built before everything is there");
}

#[test]
fn a_folder_that_is_named_and_not_there_is_named_back() {
    let machine = Machine::bare();
    let said = missing_of(&machine.run("build-android", &[("ANDROID_HOME", machine.path("sdk-of-old"))]));
    assert!(said.contains("(there is no folder ") && said.contains("sdk-of-old)"), "{said}");
}

#[test]
fn a_machine_that_lacks_one_thing_is_told_of_that_one_only() {
    let machine = android_machine();
    fs::remove_dir_all(machine.path("rust/armv7-linux-androideabi")).expect("one target less");
    let said = missing_of(&machine.run("build-android", &android_variables(&machine)));
    let listed: Vec<&str> = said.lines().filter(|line| line.starts_with("  - ")).collect();
    assert_eq!(listed, ["  - Rust's library for armv7-linux-androideabi: rustup target add armv7-linux-androideabi"]);
    assert!(!machine.calls().contains("cargo"), "{}", machine.calls());
}

#[test]
fn android_is_built_for_three_processors_with_its_kotlin() {
    let machine = android_machine();
    let output = machine.run("build-android", &android_variables(&machine));
    assert!(output.status.success(), "{output:?}");
    let calls = machine.calls();
    for target in ["aarch64-linux-android", "armv7-linux-androideabi", "x86_64-linux-android"] {
        let build = format!("cargo rustc --locked --profile mobile --target {target} -p doorstep-mobile-ffi --lib");
        assert!(calls.contains(&format!("{build} --crate-type cdylib\n")), "{build} is not in:\n{calls}");
    }
    assert!(calls.contains("K2JVMCompiler") && calls.contains("android-34/android.jar"), "{calls}");
    let names = names_in(&machine.path("target/mobile/doorstep.aar"));
    for part in
        ["AndroidManifest.xml", "classes.jar", "R.txt", "jni/arm64-v8a/lib", "jni/armeabi-v7a/lib", "jni/x86_64/lib"]
    {
        assert!(names.contains(part), "{part} is not in:\n{names}");
    }
    let arm = fs::read_to_string(machine.path("target/mobile/android/jni/armeabi-v7a/libdoorstep_mobile_ffi.so"));
    assert_eq!(arm.expect("a library"), "armv7-linux-androideabi", "each processor has its own");
}

fn names_in(archive: &Path) -> String {
    let output = Command::new("python3").args(["-m", "zipfile", "-l"]).arg(archive).output().expect("python runs");
    String::from_utf8(output.stdout).expect("names are text")
}

fn android_machine() -> Machine {
    let machine = Machine::bare();
    machine.has_python();
    rust_with(&machine, &["aarch64-linux-android", "armv7-linux-androideabi", "x86_64-linux-android"]);
    machine.stand_in("npm", "");
    machine.stand_in("java", r#"while [ $# -gt 0 ]; do case "$1" in -d) printf classes >"$2" ;; esac; shift; done"#);
    let sdk = machine.path("sdk");
    for file in ["platforms/android-34/android.jar", "jna.jar"] {
        fs::create_dir_all(sdk.join(file).parent().expect("in a folder")).expect("a folder");
        fs::write(sdk.join(file), "").expect("a file");
    }
    fs::create_dir_all(sdk.join("ndk/27.2.12479018/toolchains/llvm/prebuilt/linux-x86_64/bin")).expect("a folder");
    machine
}

fn android_variables(machine: &Machine) -> [(&'static str, PathBuf); 2] {
    [("ANDROID_HOME", machine.path("sdk")), ("DOORSTEP_JNA", machine.path("sdk/jna.jar"))]
}

fn rust_with(machine: &Machine, targets: &[&str]) {
    for target in targets {
        fs::create_dir_all(machine.path("rust").join(target)).expect("a folder");
    }
    machine.stand_in("cargo", CARGO);
    // `rustc --print target-libdir --target T`
    machine.stand_in("rustc", &format!("printf '%s/%s\\n' '{}' \"$4\"", machine.path("rust").display()));
    machine.program(&machine.path("target/debug/doorstep-bindgen"), BINDGEN);
}

#[test]
fn a_bare_machine_is_told_all_that_ios_needs_and_nothing_is_built() {
    let machine = Machine::bare();
    let said = missing_of(&machine.run("build-ios", &[]));
    for needed in ["xcodebuild", "lipo", "cargo on the PATH", "rustup target add aarch64-apple-ios-sim"] {
        assert!(said.contains(needed), "{needed} is not in:\n{said}");
    }
    if cfg!(target_os = "linux") {
        assert!(said.contains("macOS"), "{said}");
    }
    assert!(!machine.path("target").exists(), "nothing is built before everything is there");
}

#[test]
fn ios_is_built_for_devices_and_simulators_with_its_swift() {
    let machine = Machine::bare();
    fs::remove_file(machine.path("bin/uname")).expect("a stand-in takes its place");
    machine.stand_in("uname", "printf 'Darwin\\n'");
    rust_with(&machine, &["aarch64-apple-ios", "aarch64-apple-ios-sim", "x86_64-apple-ios"]);
    machine.stand_in("xcrun", "");
    machine.stand_in("lipo", r#"printf '%s %s' "$2" "$3" >"${!#}""#);
    machine.stand_in("xcodebuild", r#"mkdir -p "${!#}""#);
    let output = machine.run("build-ios", &[]);
    assert!(output.status.success(), "{output:?}");
    let calls = machine.calls();
    for target in ["aarch64-apple-ios", "aarch64-apple-ios-sim", "x86_64-apple-ios"] {
        let build = format!("cargo rustc --locked --profile mobile --target {target} -p doorstep-mobile-ffi --lib");
        assert!(calls.contains(&format!("{build} --crate-type staticlib\n")), "{build} is not in:\n{calls}");
    }
    let both = fs::read_to_string(machine.path("target/mobile/ios/simulator/libdoorstep_mobile_ffi.a")).expect("made");
    assert!(both.contains("aarch64-apple-ios-sim/mobile/") && both.contains("x86_64-apple-ios/mobile/"), "{both}");
    for part in
        ["DoorstepKit.swift", "ios/headers/module.modulemap", "ios/headers/DoorstepFFI.h", "Doorstep.xcframework"]
    {
        assert!(machine.path("target/mobile").join(part).exists(), "{part} was not made");
    }
}
