//! Which documents have published rows of which source, so that an erasure of the source finds them. A document stands here
//! for as long as it may name the source: rows are never taken out of a document, and a rebuild begins anew.

use std::collections::BTreeSet;

use doorstep_protocol::{DocumentId, ZoneId};
use rusqlite::{Connection, Transaction};

use super::{StoreError, fixed};

/// A document has rows that were published from these.
pub fn add(
    transaction: &Transaction<'_>,
    document: DocumentId,
    sources: &BTreeSet<DocumentId>,
) -> Result<(), StoreError> {
    if sources.is_empty() {
        return Ok(());
    }
    let mut statement =
        transaction.prepare_cached("INSERT OR IGNORE INTO sources (source, document) VALUES (?1, ?2)")?;
    for source in sources {
        statement.execute((&source.0, &document.0))?;
    }
    Ok(())
}

/// Documents with rows that were published from a source, and their zones.
pub fn published_from(connection: &Connection, source: DocumentId) -> Result<Vec<(ZoneId, DocumentId)>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT documents.zone, documents.id FROM sources JOIN documents ON documents.id = sources.document
         WHERE sources.source = ?1 ORDER BY documents.id",
    )?;
    let mut rows = statement.query([&source.0])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (zone, document): (Vec<u8>, Vec<u8>) = (row.get(0)?, row.get(1)?);
        found.push((ZoneId(fixed(&zone, "documents")?), DocumentId(fixed(&document, "documents")?)));
    }
    Ok(found)
}
