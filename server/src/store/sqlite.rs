//! The store in one SQLite file: WAL, `synchronous=FULL`, one connection that writes groups, a few that read.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use doorstep_protocol::authority::SignedEntry;
use doorstep_protocol::feed::FeedPoint;
use doorstep_protocol::wire::frame::Remainder;
use doorstep_protocol::wire::{AuthorTail, InboxItem};
use doorstep_protocol::{BlobId, DeviceId, InboxNumber, LogHash, LogSize, PartnershipId, StoreId, ZoneId};
// Where device and server are built at once, the SQLite they share asks for a cipher; nothing here does.
use doorstep_sqlcipher as _;
use rusqlite::{Connection, OpenFlags, Transaction};

use crate::domain::append::CheckedAppend;
use crate::store::{
    AppendOutcome, ClaimJob, ClaimOutcome, DeviceWrap, FaultHook, FeedItem, FeedRange, InboxJob, InboxMark,
    InboxOutcome, InboxReader, PageBytes, PartJob, PartOutcome, PartStanding, Presence, PushJob, PushOutcome, Store,
    StoreError, StoreIdentity,
};

pub mod backup;
pub mod carry;
mod erase;
mod feed;
mod group;
mod inbox;
mod log;
mod parts;
mod schema;
mod tail;

use group::{GroupWriter, Job, JobOutcome};

/// The database's file in the data folder.
pub const DATABASE_FILE: &str = "store.db";
/// Connections that stay open for reading.
const READERS_IDLE_MAX: usize = 8;
/// Statements that each connection keeps compiled.
const STATEMENTS_CACHED: usize = 64;

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        Self::Backend(Box::new(error))
    }
}

/// A store in one SQLite file, or in memory.
pub struct SqliteStore {
    writer: GroupWriter,
    readers: Readers,
    identity: StoreIdentity,
}

impl std::fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SqliteStore").field("identity", &self.identity).finish_non_exhaustive()
    }
}

enum Readers {
    /// Connections of their own, beside the writer's.
    Own { path: PathBuf, idle: Mutex<Vec<Connection>> },
    /// The writer's connection: a database in memory has no other.
    Writers,
}

/// The numbers that a new store draws.
fn random_store_id() -> Result<StoreId, StoreError> {
    let mut id = [0; 16];
    getrandom::fill(&mut id).map_err(|error| StoreError::Backend(Box::new(error)))?;
    Ok(StoreId(id))
}

impl SqliteStore {
    /// Opens the store at `path`, and makes it when it is not there.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let connection = Connection::open(path)?;
        let readers = Readers::Own { path: path.to_owned(), idle: Mutex::new(Vec::new()) };
        Self::with(connection, readers, random_store_id()?)
    }

    /// A store in memory, with a store id of the caller's choice so that a run can be repeated.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn in_memory(new_id: StoreId) -> Result<Self, StoreError> {
        Self::from_connection(Connection::open_in_memory()?, new_id)
    }

    /// A store on a connection, which reads and writes; `new_id` is used when the database is empty.
    ///
    /// # Errors
    /// [`StoreError`].
    pub fn from_connection(connection: Connection, new_id: StoreId) -> Result<Self, StoreError> {
        Self::with(connection, Readers::Writers, new_id)
    }

    fn with(mut connection: Connection, readers: Readers, new_id: StoreId) -> Result<Self, StoreError> {
        let identity = schema::prepare(&mut connection, new_id)?;
        connection.set_prepared_statement_cache_capacity(STATEMENTS_CACHED);
        Ok(Self { writer: GroupWriter::new(connection), readers, identity })
    }

    /// Asks `hook` before and after every commit from now on.
    #[must_use]
    pub fn with_fault_hook(mut self, hook: FaultHook) -> Self {
        self.writer.set_fault_hook(hook);
        self
    }

    /// Ends the store and hands back its connection, as if the program had stopped after its last commit.
    #[must_use]
    pub fn into_connection(self) -> Connection {
        self.writer.into_connection()
    }

    fn read<T>(&self, read: impl FnOnce(&Transaction<'_>) -> Result<T, StoreError>) -> Result<T, StoreError> {
        match &self.readers {
            Readers::Writers => self.writer.with_connection(|connection| {
                let transaction = connection.transaction()?;
                read(&transaction)
            }),
            Readers::Own { path, idle } => {
                let mut connection = match lock(idle).pop() {
                    Some(connection) => connection,
                    None => open_reader(path)?,
                };
                let transaction = connection.transaction()?;
                let found = read(&transaction)?;
                transaction.finish()?;
                // A connection that failed is dropped above: the next reader opens a new one.
                let mut idle = lock(idle);
                if idle.len() < READERS_IDLE_MAX {
                    idle.push(connection);
                }
                Ok(found)
            }
        }
    }
}

fn open_reader(path: &Path) -> Result<Connection, StoreError> {
    let connection =
        Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    schema::set_pragmas(&connection)?;
    connection.pragma_update(None, "query_only", true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS_CACHED);
    Ok(connection)
}

/// A list of idle connections is whole whatever a panicking thread did with its own connection.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Store for SqliteStore {
    fn identity(&self) -> Result<StoreIdentity, StoreError> {
        Ok(self.identity)
    }

    fn log_head(&self, partnership: PartnershipId) -> Result<(LogSize, LogHash), StoreError> {
        self.read(|tx| Ok(log::find(tx, partnership)?.map_or((LogSize(0), LogHash::ZERO), |row| (row.size, row.head))))
    }

    fn has_envelopes(&self, partnership: PartnershipId) -> Result<Presence, StoreError> {
        self.read(|tx| {
            let there = match log::find(tx, partnership)? {
                // Counted by their places: all bytes may have been erased.
                Some(row) => feed::any(tx, row.n)?,
                None => false,
            };
            Ok(if there { Presence::Present } else { Presence::Absent })
        })
    }

    fn log_page(
        &self,
        partnership: PartnershipId,
        after: LogSize,
        bytes: PageBytes,
    ) -> Result<Vec<SignedEntry>, StoreError> {
        self.read(|tx| log::page(tx, partnership, after, bytes))
    }

    fn append_log(&self, append: Arc<CheckedAppend>) -> Result<AppendOutcome, StoreError> {
        match self.writer.submit(Job::Append(append))? {
            JobOutcome::Append(outcome) => Ok(outcome),
            _ => Err(StoreError::WriterGone),
        }
    }

    fn wraps_page(
        &self,
        partnership: PartnershipId,
        device: DeviceId,
        range: (LogSize, LogSize),
        count_max: usize,
    ) -> Result<Vec<DeviceWrap>, StoreError> {
        self.read(|tx| log::wraps(tx, partnership, device, range, count_max))
    }

    fn push(&self, job: PushJob) -> Result<PushOutcome, StoreError> {
        match self.writer.submit(Job::Push(job))? {
            JobOutcome::Push(outcome) => Ok(outcome),
            _ => Err(StoreError::WriterGone),
        }
    }

    fn heads(&self, partnership: PartnershipId, zones: &[ZoneId]) -> Result<BTreeMap<ZoneId, FeedPoint>, StoreError> {
        self.read(|tx| feed::heads(tx, partnership, zones))
    }

    fn feed_page(
        &self,
        partnership: PartnershipId,
        range: FeedRange,
        reader: DeviceId,
        bytes: PageBytes,
    ) -> Result<Vec<FeedItem>, StoreError> {
        self.read(|tx| feed::page(tx, partnership, range, reader, bytes))
    }

    fn tails(&self, partnership: PartnershipId, device: DeviceId) -> Result<Vec<AuthorTail>, StoreError> {
        self.read(|tx| tail::of_device(tx, partnership, device))
    }

    fn partnerships(&self) -> Result<Vec<PartnershipId>, StoreError> {
        self.read(log::partnerships)
    }

    fn keep(&self, job: InboxJob) -> Result<InboxOutcome, StoreError> {
        match self.writer.submit(Job::Keep(job))? {
            JobOutcome::Keep(outcome) => Ok(outcome),
            _ => Err(StoreError::WriterGone),
        }
    }

    fn inbox_page(
        &self,
        partnership: PartnershipId,
        after: InboxNumber,
        reader: &InboxReader,
        bytes: PageBytes,
    ) -> Result<(Vec<InboxItem>, Remainder), StoreError> {
        self.read(|tx| inbox::page(tx, partnership, after, reader, bytes))
    }

    fn inbox_marks(&self, partnership: PartnershipId, numbers: &[InboxNumber]) -> Result<Vec<InboxMark>, StoreError> {
        self.read(|tx| inbox::marks(tx, partnership, numbers))
    }

    fn claim(&self, job: ClaimJob) -> Result<ClaimOutcome, StoreError> {
        match self.writer.submit(Job::Claim(job))? {
            JobOutcome::Claim(outcome) => Ok(outcome),
            _ => Err(StoreError::WriterGone),
        }
    }

    fn part(&self, partnership: PartnershipId, part: BlobId) -> Result<Option<PartStanding>, StoreError> {
        self.read(|tx| parts::standing(tx, partnership, part))
    }

    fn keep_part(&self, job: PartJob) -> Result<PartOutcome, StoreError> {
        match self.writer.submit(Job::Part(job))? {
            JobOutcome::Part(outcome) => Ok(outcome),
            _ => Err(StoreError::WriterGone),
        }
    }

    fn parts_gone(&self, count_max: usize) -> Result<Vec<(PartnershipId, BlobId)>, StoreError> {
        self.read(|tx| parts::all_gone(tx, count_max))
    }

    fn forget_parts(&self, parts: Vec<(PartnershipId, BlobId)>) -> Result<(), StoreError> {
        match self.writer.submit(Job::Forget(parts))? {
            JobOutcome::Forgotten => Ok(()),
            _ => Err(StoreError::WriterGone),
        }
    }

    fn clear_inbox(&self, partnership: PartnershipId, numbers: Vec<InboxNumber>) -> Result<(), StoreError> {
        match self.writer.submit(Job::Clear(partnership, numbers))? {
            JobOutcome::Cleared => Ok(()),
            _ => Err(StoreError::WriterGone),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    mod in_memory {
        use super::*;
        crate::store::conformance::store_conformance!(|| (
            SqliteStore::in_memory(StoreId([7; 16])).expect("memory"),
            ()
        ));
    }

    mod in_a_file {
        use super::*;

        crate::store::conformance::store_conformance!(|| {
            let folder = tempfile::tempdir().expect("a temporary folder");
            (SqliteStore::open(&folder.path().join(DATABASE_FILE)).expect("a file"), folder)
        });
    }

    #[test]
    fn a_store_of_the_first_version_gets_its_inbox_and_keeps_the_rest() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join(DATABASE_FILE);
        let before = SqliteStore::open(&path).expect("a store").identity().expect("it answers");
        Connection::open(&path)
            .and_then(|c| c.execute_batch("DROP TABLE inbox; DROP TABLE part; DROP TABLE claim; DROP TABLE part_use; DROP TABLE part_gone; PRAGMA user_version = 1"))
            .expect("as it was in the first version");
        let store = SqliteStore::open(&path).expect("it is brought up to date");
        assert_eq!(store.identity().expect("it answers"), before);
        drop(store);
        let tables: i64 = Connection::open(&path)
            .and_then(|c| {
                c.query_row("SELECT count(*) FROM sqlite_schema WHERE name IN ('inbox', 'part', 'claim')", [], |row| {
                    row.get(0)
                })
            })
            .expect("it answers");
        assert_eq!(tables, 3);
    }

    #[test]
    fn another_programs_database_and_a_newer_store_are_left_alone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join(DATABASE_FILE);
        Connection::open(&path).and_then(|c| c.execute_batch("CREATE TABLE theirs (a)")).expect("another program's");
        assert!(matches!(SqliteStore::open(&path), Err(StoreError::Version { .. })));
        let newer = folder.path().join("newer.db");
        drop(SqliteStore::open(&newer).expect("a store"));
        Connection::open(&newer).and_then(|c| c.pragma_update(None, "user_version", 4)).expect("a newer one");
        assert!(matches!(SqliteStore::open(&newer), Err(StoreError::Version { found: 4, known: 3 })));
    }
}
