//! The sealed formats, read and written by a second implementation in another language.

use std::path::Path;
use std::process::Command;
use std::sync::{Mutex, PoisonError};

use doorstep_client_core::store::{DatabaseKey, Store, StoreError};

/// Whoever comes first installs the packages, and two must not do so at once.
static PYTHON: Mutex<()> = Mutex::new(());

#[test]
#[ignore = "needs Python packages, which scripts/test installs"]
fn a_second_implementation_reads_and_writes_every_format() {
    let _alone = PYTHON.lock().unwrap_or_else(PoisonError::into_inner);
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("interop/run");
    let status = Command::new("bash").arg(&script).status().expect("bash runs the interop script");
    assert!(status.success(), "{} ended with {status}", script.display());
}

/// Our cipher beneath SQLCipher writes what OpenSSL reads, and reads what OpenSSL writes: a device opens its store whichever made it.
#[test]
#[ignore = "needs Python packages, which scripts/test installs"]
fn openssl_reads_and_writes_the_devices_database() {
    let _alone = PYTHON.lock().unwrap_or_else(PoisonError::into_inner);
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| folder.path().join(name);
    let key = || DatabaseKey::from_bytes(*b"the key of a tablet in a drawer.");
    let hex: String = b"the key of a tablet in a drawer.".iter().map(|byte| format!("{byte:02x}")).collect();
    let turn = |what: &str, from: &str, to: &str| {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("interop");
        let script = [folder.join("python"), folder.join("database.py")];
        let status = Command::new("bash").args(script).args([what, &hex]).args([at(from), at(to)]).status();
        assert!(status.expect("bash runs the interop script").success(), "{what} {from}");
    };
    let count = |connection: &rusqlite::Connection| -> (i64, String) {
        let sum = "SELECT count(*), hex(max(value)) FROM carried WHERE row = length(value)";
        connection.query_row(sum, [], |row| Ok((row.get(0)?, row.get(1)?))).expect("the rows read back")
    };

    let mut store = Store::open(&at("ours.db"), &key()).expect("a store is made");
    let fill = "CREATE TABLE carried (row INTEGER PRIMARY KEY, value BLOB); WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n \
                WHERE i < 2000) INSERT INTO carried SELECT i, randomblob(i) FROM n";
    let filled: Result<(), StoreError> = store.write(|transaction| Ok(transaction.execute_batch(fill)?));
    filled.expect("rows are kept");
    let written = count(store.reader());
    assert_eq!(written.0, 2_000);
    drop(store);

    turn("decrypt", "ours.db", "plain.db");
    let plain = rusqlite::Connection::open(at("plain.db")).expect("a plain database");
    let sound: String = plain.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("it can be checked");
    assert_eq!((sound.as_str(), count(&plain)), ("ok", written.clone()));
    drop(plain);

    turn("encrypt", "plain.db", "theirs.db");
    let store = Store::open(&at("theirs.db"), &key()).expect("what OpenSSL wrote opens");
    assert_eq!(count(store.reader()), written);
}
