//! Backup is an online copy; restore puts a copy in place and raises its restore epoch, so that every client notices.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags, params};

use crate::store::{StoreError, StoreIdentity};

use super::schema;

/// A file that a restored store's predecessor is set aside as; numbered from 1.
const ASIDE: &str = "before-restore";
const ASIDE_MAX: u32 = 10_000;

/// Why a backup or restore did not happen.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The target exists: nothing is overwritten.
    #[error("{0} exists: choose another name")]
    Exists(PathBuf),
    /// A file cannot be read or written.
    #[error("{path}: {error}")]
    Io {
        /// The file.
        path: PathBuf,
        /// What happened.
        error: std::io::Error,
    },
    /// The store cannot be read, or is not one.
    #[error("{path}: {error}")]
    Store {
        /// The file.
        path: PathBuf,
        /// What happened.
        error: StoreError,
    },
    /// The copy fails SQLite's own check.
    #[error("{0} is damaged: take another backup")]
    Damaged(PathBuf),
}

/// Copies the store at `database` to `target` while a server goes on using it.
///
/// # Errors
/// [`BackupError`].
pub fn backup(database: &Path, target: &Path) -> Result<StoreIdentity, BackupError> {
    let failed = |error| BackupError::Store { path: database.to_owned(), error };
    if target.exists() {
        return Err(BackupError::Exists(target.to_owned()));
    }
    let Some(name) = target.to_str() else {
        let error = std::io::Error::other("the name is not Unicode");
        return Err(BackupError::Io { path: target.to_owned(), error });
    };
    let source = open_existing(database).map_err(failed)?;
    source.execute("VACUUM INTO ?1", params![name]).map_err(|error| failed(error.into()))?;
    sync(target)?;
    check(target)
}

/// Puts the copy at `copy` in the place of `database` and raises its restore epoch above both. What stood there is set
/// aside, never deleted: it may hold what the copy does not. No server may be using it.
///
/// # Errors
/// [`BackupError`]; the store is then as it was.
pub fn restore(copy: &Path, database: &Path) -> Result<StoreIdentity, BackupError> {
    let restored = check(copy)?;
    let there = if database.exists() { check(database).ok() } else { None };
    let same_store = there.filter(|identity: &StoreIdentity| identity.store == restored.store);
    let epoch =
        same_store.map_or(restored.restore_epoch, |there| there.restore_epoch.max(restored.restore_epoch)).next();

    let incoming = beside(database, "restoring");
    let io = |path: &Path| {
        let path = path.to_owned();
        move |error| BackupError::Io { path, error }
    };
    let failed = |error: StoreError| BackupError::Store { path: incoming.clone(), error };
    fs::copy(copy, &incoming).map_err(io(&incoming))?;
    {
        let connection = open_existing(&incoming).map_err(failed)?;
        connection
            .execute("UPDATE meta SET restore_epoch = ?1", params![epoch.0])
            .map_err(|error| failed(error.into()))?;
    }
    sync(&incoming)?;
    if database.exists() {
        let aside = (1..=ASIDE_MAX).map(|n| beside(database, &format!("{ASIDE}-{n}"))).find(|path| !path.exists());
        let aside = aside.ok_or_else(|| BackupError::Exists(beside(database, ASIDE)))?;
        for suffix in ["-wal", "-shm"] {
            let part = with_suffix(database, suffix);
            if part.exists() {
                fs::rename(&part, with_suffix(&aside, suffix)).map_err(io(&part))?;
            }
        }
        fs::rename(database, &aside).map_err(io(&aside))?;
    }
    fs::rename(&incoming, database).map_err(io(database))?;
    if let Some(folder) = database.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        sync(folder)?;
    }
    Ok(StoreIdentity { restore_epoch: epoch, ..restored })
}

/// Whether a file is a whole store, and which.
fn check(path: &Path) -> Result<StoreIdentity, BackupError> {
    let failed = |error| BackupError::Store { path: path.to_owned(), error };
    if !path.exists() {
        return Err(BackupError::Io { path: path.to_owned(), error: std::io::ErrorKind::NotFound.into() });
    }
    let connection = open_existing(path).map_err(failed)?;
    let verdict: String = connection
        .query_row("PRAGMA integrity_check(1)", [], |row| row.get(0))
        .map_err(|error| failed(error.into()))?;
    if verdict != "ok" {
        return Err(BackupError::Damaged(path.to_owned()));
    }
    schema::prepare_existing(&connection).map_err(failed)
}

fn open_existing(path: &Path) -> Result<Connection, StoreError> {
    let connection = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    connection.busy_timeout(std::time::Duration::from_secs(10))?;
    Ok(connection)
}

fn sync(path: &Path) -> Result<(), BackupError> {
    let synced = File::open(path).and_then(|file| file.sync_all());
    synced.map_err(|error| BackupError::Io { path: path.to_owned(), error })
}

pub(super) fn with_suffix(path: &Path, suffix: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(suffix);
    PathBuf::from(name)
}

pub(super) fn beside(path: &Path, suffix: &str) -> PathBuf {
    with_suffix(path, &format!(".{suffix}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::{SqliteStore, Store};

    #[test]
    fn a_restore_raises_the_epoch_and_sets_the_old_store_aside() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = folder.path().join("store.db");
        let copy = folder.path().join("copy.db");
        let first = SqliteStore::open(&database).expect("a new store").identity().expect("an identity");
        // The backup is taken from a live store.
        let live = SqliteStore::open(&database).expect("open");
        assert_eq!(backup(&database, &copy).expect("copied"), first);
        assert!(matches!(backup(&database, &copy), Err(BackupError::Exists(_))));
        drop(live);

        let once = restore(&copy, &database).expect("restored");
        assert_eq!((once.store, once.restore_epoch.0), (first.store, 1));
        let twice = restore(&copy, &database).expect("restored again");
        assert_eq!(twice.restore_epoch.0, 2, "the epoch of what stood there counts too");
        assert_eq!(SqliteStore::open(&database).expect("opens").identity().expect("an identity"), twice);
        assert!(folder.path().join("store.db.before-restore-1").exists());
        assert!(folder.path().join("store.db.before-restore-2").exists());
    }

    #[test]
    fn what_is_not_a_store_is_not_restored() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let database = folder.path().join("store.db");
        let before = SqliteStore::open(&database).expect("a new store").identity().expect("an identity");
        let foreign = folder.path().join("foreign.db");
        Connection::open(&foreign).and_then(|c| c.execute_batch("CREATE TABLE t (a)")).expect("another database");
        let text = folder.path().join("text.db");
        fs::write(&text, "not a database at all, and long enough to be looked at".repeat(40)).expect("written");
        for wrong in [&foreign, &text, &folder.path().join("missing.db")] {
            assert!(restore(wrong, &database).is_err(), "{wrong:?}");
        }
        assert_eq!(SqliteStore::open(&database).expect("opens").identity().expect("an identity"), before);
    }
}
