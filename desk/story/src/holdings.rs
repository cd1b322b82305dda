//! What the server holds, read from its own database: rows as they lie there.

use std::collections::BTreeMap;
use std::path::Path;

use doorstep_protocol::envelope::Header;
use doorstep_protocol::{DocumentId, EnvelopeId};
use doorstep_server::store::sqlite::DATABASE_FILE;
use rusqlite::{Connection, OpenFlags};

use crate::StoryError;

/// The number in a feed is the low part of an envelope's place.
const FEED_NUMBER_BITS: u32 = 40;

/// One envelope as the server has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Its number in its feed.
    pub number: u64,
    /// Its id.
    pub id: EnvelopeId,
    /// The document it is of: a random or keyed id.
    pub document: DocumentId,
    /// Its length.
    pub bytes: usize,
}

/// All that the server holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Holdings {
    /// Envelopes.
    pub envelopes: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Envelopes of each document.
    pub by_document: BTreeMap<DocumentId, Vec<Held>>,
}

/// Reads the database in a server's folder, while it runs.
///
/// # Errors
/// [`StoryError::Database`].
pub fn read(folder: &Path) -> Result<Holdings, StoryError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(folder.join(DATABASE_FILE), flags)?;
    let mut statement = connection.prepare("SELECT place, id, bytes FROM envelope ORDER BY place")?;
    let mut rows = statement.query([])?;
    let mut holdings = Holdings::default();
    while let Some(row) = rows.next()? {
        let place: i64 = row.get(0)?;
        let (id, bytes): (Vec<u8>, Vec<u8>) = (row.get(1)?, row.get(2)?);
        let header = Header::parse(&bytes).map_err(|_| StoryError::Broken("the server holds what is no envelope"))?;
        let id = EnvelopeId::from_slice(&id).ok_or(StoryError::Broken("the server holds an id of another length"))?;
        let number = u64::try_from(place).unwrap_or_default() & ((1 << FEED_NUMBER_BITS) - 1);
        holdings.envelopes += 1;
        holdings.bytes += bytes.len() as u64;
        let held = Held { number, id, document: header.document, bytes: bytes.len() };
        holdings.by_document.entry(header.document).or_default().push(held);
    }
    Ok(holdings)
}
