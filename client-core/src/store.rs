//! The device's store: one SQLCipher file. Envelopes and unsealed local changes are the truth; documents, lists and search
//! are projections that can be rebuilt from them.
//!
//! Readers take a `&Connection`, writers a `&Transaction`: what belongs together is committed together.

pub mod audit;
pub mod counts;
pub mod desk;
pub mod documents;
pub mod envelopes;
pub mod fault;
pub mod feeds;
pub mod guard;
pub mod invitations;
pub mod lists;
pub mod log;
pub mod meta;
pub mod outbox;
pub mod owed;
pub mod parts;
pub mod pending;
pub mod places;
mod schema;
pub mod seats;
pub mod sources;

use std::path::{Path, PathBuf};

// SQLCipher calls it for its cipher; nothing here does.
use doorstep_sqlcipher as _;
use rusqlite::{Connection, Transaction, TransactionBehavior};

pub use fault::{CommitPoint, Fault, FaultHook};
pub use guard::{DatabaseKey, OpenError};

use fault::Ask as _;

/// Why the store did not do something.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The file could not be opened as what it must be.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database refused: disk full, file gone, another process holding it.
    #[error("the device's database did not take or give the data ({code:?}): {remedy}")]
    Database {
        /// SQLite's own code, where there is one.
        code: Option<rusqlite::ErrorCode>,
        /// What a person can do.
        remedy: &'static str,
    },
    /// A stored value is not one that this version wrote.
    #[error("a stored value in {table} does not read back; the file is kept as it is")]
    Damaged {
        /// Where.
        table: &'static str,
    },
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        // The message may quote values, so only the code is carried.
        let code = error.sqlite_error_code();
        let remedy = match code {
            Some(rusqlite::ErrorCode::DiskFull) => "free some space on this device; nothing saved before is lost",
            Some(rusqlite::ErrorCode::DatabaseBusy | rusqlite::ErrorCode::DatabaseLocked) => {
                "close the other program that has this store open"
            }
            Some(rusqlite::ErrorCode::ReadOnly | rusqlite::ErrorCode::CannotOpen) => {
                "check that the folder exists and may be written to"
            }
            _ => "try again; if it stays, keep the folder as it is and call support",
        };
        Self::Database { code, remedy }
    }
}

/// Statements kept ready on a connection: more than a save or a batch of a catch-up runs in turn. With fewer places than
/// that, every statement would be prepared anew each time.
const STATEMENTS_KEPT_MAX: usize = 128;

/// The open store.
pub struct Store {
    connection: Connection,
    path: Option<PathBuf>,
    fault_hook: Option<FaultHook>,
}

impl Store {
    /// Opens or makes the store at `path`, behind the open guard.
    ///
    /// # Errors
    /// [`OpenError`] when the file is not ours, or the key is not its key: it is then left as it is.
    pub fn open(path: &Path, key: &DatabaseKey) -> Result<Self, StoreError> {
        let connection = guard::open(path, key)?;
        Ok(Self { path: Some(path.to_owned()), ..Self::from_memory(connection)? })
    }

    /// A store in memory, for simulations.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn in_memory() -> Result<Self, StoreError> {
        Self::from_memory(Connection::open_in_memory()?)
    }

    /// A store on a database in memory that a simulation holds: empty, or the copy of another such store.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn from_memory(mut connection: Connection) -> Result<Self, StoreError> {
        schema::migrate(&mut connection)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS_KEPT_MAX);
        Ok(Self { connection, path: None, fault_hook: None })
    }

    /// Asks `hook` before and after every commit from now on, so that a test can fail it.
    pub fn set_fault_hook(&mut self, hook: FaultHook) {
        self.fault_hook = Some(hook);
    }

    /// Where the file is; `None` in memory.
    #[must_use]
    pub fn path(&self) -> Option<&Path> {
        self.path.as_deref()
    }

    /// For reading.
    #[must_use]
    pub const fn reader(&self) -> &Connection {
        &self.connection
    }

    /// Empties the journal of what was overwritten in the file, as far as nobody reads it just now.
    pub(crate) fn truncate_journal(&self) {
        // Best effort: what is left there is overwritten by what is written next, and the next erasure tries again.
        let _ = self.connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()));
    }

    /// Gives back the memory of pages and statements that are not in use.
    pub(crate) fn shrink(&self) {
        self.connection.flush_prepared_statement_cache();
        // Best effort: it is a matter of memory, and of nothing else.
        let _ = self.connection.execute_batch("PRAGMA shrink_memory");
    }

    /// Runs `work` in one transaction: all of it is on disk when this returns, or nothing is.
    ///
    /// # Errors
    /// What `work` or the commit raised.
    pub fn write<T, E: From<StoreError>>(
        &mut self,
        work: impl FnOnce(&Transaction<'_>) -> Result<T, E>,
    ) -> Result<T, E> {
        let transaction =
            self.connection.transaction_with_behavior(TransactionBehavior::Immediate).map_err(StoreError::from)?;
        let result = work(&transaction)?;
        self.fault_hook.ask(CommitPoint::Before)?;
        transaction.commit().map_err(StoreError::from)?;
        self.fault_hook.ask(CommitPoint::After)?;
        Ok(result)
    }
}

/// A fixed-length value out of a row.
pub(crate) fn fixed<const N: usize>(bytes: &[u8], table: &'static str) -> Result<[u8; N], StoreError> {
    bytes.try_into().map_err(|_| StoreError::Damaged { table })
}

/// SQLite's integers are signed; our counters never reach the sign.
pub(crate) fn signed(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// Back from SQLite's integer.
pub(crate) fn unsigned(number: i64) -> u64 {
    u64::try_from(number).unwrap_or(0)
}
