//! The open guard: a forgotten key would let SQLCipher write plaintext, and a wrong one must never lead to a fresh file in
//! place of one that may hold unsent work.

use std::fs::File;
use std::io::{ErrorKind, Read};
use std::path::Path;
use std::sync::Once;
use std::time::Duration;

use rusqlite::{Connection, OpenFlags, OptionalExtension};
use zeroize::Zeroizing;

/// How long a second program waits for the first before it is told that the store is in use.
const BUSY_TIMEOUT: Duration = Duration::from_secs(2);
/// How often the library is asked whether its encryption is ready, at most: about a second in all.
const STARTS_MAX: u32 = 10_000;
/// What every unencrypted SQLite file begins with.
const PLAIN_HEADER: &[u8; 16] = b"SQLite format 3\0";
/// Page cache of one connection, in KiB (negative: SQLite's way to say KiB).
const CACHE_KIB: i64 = -8_192;

/// The key of the database: 32 random bytes that the key vault keeps.
pub struct DatabaseKey(pub(crate) Zeroizing<[u8; 32]>);

impl DatabaseKey {
    /// From the bytes that a vault kept.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }
}

/// Why a store was not opened. The file is left exactly as it was.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpenError {
    /// The file is an unencrypted database.
    #[error("the store is not encrypted, so it is not opened; keep the file and call support")]
    Plaintext,
    /// The library in use cannot encrypt.
    #[error("this program was built without encryption and opens no store")]
    NoEncryption,
    /// The key does not open the file, or its first page is damaged.
    #[error("the store does not open with this key, or is damaged; it is kept as it is and was not replaced")]
    WrongKeyOrDamaged,
    /// The file cannot be reached.
    #[error("the store cannot be reached ({kind:?}): check that the folder exists and may be written to")]
    Unreachable {
        /// What the system says.
        kind: ErrorKind,
    },
    /// Another program has it open.
    #[error("another program has this store open: close it first")]
    InUse,
}

/// Waits, once in a program, until the library can encrypt. SQLite calls itself ready before SQLCipher has set itself up, so
/// of two threads that open their first stores at once, one would be told that its key is wrong.
fn start_encryption() {
    static STARTED: Once = Once::new();
    STARTED.call_once(|| {
        let ready = || Connection::open_in_memory()?.execute_batch("PRAGMA key = 'ready?';");
        for _ in 0..STARTS_MAX {
            if ready().is_ok() {
                return;
            }
            std::thread::yield_now();
        }
    });
}

pub(super) fn open(path: &Path, key: &DatabaseKey) -> Result<Connection, OpenError> {
    refuse_plaintext(path)?;
    start_encryption();
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection =
        Connection::open_with_flags(path, flags).map_err(|_| OpenError::Unreachable { kind: ErrorKind::NotFound })?;
    // SQLCipher writes to the program's own stderr what it thinks of a key: that is for the program to say.
    connection
        .query_row("PRAGMA cipher_log_level = NONE", [], |_| Ok(()))
        .optional()
        .map_err(|_| OpenError::NoEncryption)?;
    let hex: Zeroizing<String> = Zeroizing::new(key.0.iter().map(|byte| format!("{byte:02x}")).collect());
    let pragma = Zeroizing::new(format!("PRAGMA key = \"x'{}'\";", hex.as_str()));
    connection.execute_batch(&pragma).map_err(|_| OpenError::NoEncryption)?;
    let version: Option<String> = connection.query_row("PRAGMA cipher_version", [], |row| row.get(0)).ok();
    if version.is_none_or(|version| version.is_empty()) {
        return Err(OpenError::NoEncryption);
    }
    connection.busy_timeout(BUSY_TIMEOUT).map_err(|_| OpenError::WrongKeyOrDamaged)?;
    // A real read: with a wrong key it is the first thing that fails.
    connection.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get::<_, i64>(0)).map_err(refusal)?;
    let settings = format!(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; \
         PRAGMA temp_store = MEMORY; PRAGMA cache_size = {CACHE_KIB};"
    );
    connection.execute_batch(&settings).map_err(refusal)?;
    Ok(connection)
}

fn refuse_plaintext(path: &Path) -> Result<(), OpenError> {
    let mut header = [0u8; 16];
    match File::open(path) {
        Ok(mut file) => match file.read(&mut header) {
            Ok(16) if &header == PLAIN_HEADER => Err(OpenError::Plaintext),
            Ok(_) => Ok(()),
            Err(error) => Err(OpenError::Unreachable { kind: error.kind() }),
        },
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(OpenError::Unreachable { kind: error.kind() }),
    }
}

fn refusal(error: rusqlite::Error) -> OpenError {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => OpenError::InUse,
        _ => OpenError::WrongKeyOrDamaged,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Says in which process the store is opened, and where it is.
    const OPENS: &str = "DOORSTEP_TEST_OPENS";
    /// Names the emulator that runs these tests, where one does.
    const RUNNER: &str = "DOORSTEP_TEST_RUNNER";

    /// Runs one of these tests in a process of its own, told where to open what.
    fn run_apart(test: &str, at: &Path) -> std::process::Output {
        use std::process::Command;
        let mut command = match std::env::var_os(RUNNER) {
            Some(runner) => {
                let mut command = Command::new(runner);
                command.arg(std::env::args_os().next().unwrap());
                command
            }
            None => Command::new(std::env::current_exe().unwrap()),
        };
        command.args(["--exact", "--nocapture", &format!("store::guard::tests::{test}")]);
        command.env(OPENS, at).output().unwrap()
    }

    /// The library writes to the stderr of the whole process, so a process of its own opens the store.
    #[test]
    fn a_wrong_key_prints_nothing() {
        if let Some(path) = std::env::var_os(OPENS) {
            let refused = open(Path::new(&path), &DatabaseKey::from_bytes([2; 32])).err();
            assert_eq!(refused, Some(OpenError::WrongKeyOrDamaged));
            return;
        }
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("ops.db");
        let connection = open(&path, &DatabaseKey::from_bytes([1; 32])).unwrap();
        connection.execute_batch("CREATE TABLE kept (row BLOB)").unwrap();
        drop(connection);
        let output = run_apart("a_wrong_key_prints_nothing", &path);
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        assert!(!said.contains("sqlcipher") && !said.contains("ERROR"), "{said}");
    }

    /// Processes of their own, because only the first stores of a process can meet the library half set up.
    #[test]
    fn first_stores_opened_at_once_all_open() {
        const PROCESSES: usize = 60;
        const THREADS: usize = 8;
        if let Some(folder) = std::env::var_os(OPENS) {
            let together = std::sync::Barrier::new(THREADS);
            std::thread::scope(|scope| {
                let opens = |thread: usize| {
                    let (together, path) = (&together, Path::new(&folder).join(format!("{thread}.db")));
                    scope.spawn(move || {
                        together.wait();
                        open(&path, &DatabaseKey::from_bytes([1; 32])).unwrap();
                    })
                };
                (0..THREADS).map(opens).for_each(drop);
            });
            return;
        }
        for _ in 0..PROCESSES {
            let folder = tempfile::tempdir().unwrap();
            let output = run_apart("first_stores_opened_at_once_all_open", folder.path());
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        }
    }
}
