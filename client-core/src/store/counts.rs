//! Counts over lists, by group.

use rusqlite::Connection;

use super::{StoreError, unsigned};

/// Groups of one count at most.
const GROUPS_MAX: i64 = 1_000;

fn groups(connection: &Connection, sql: &str) -> Result<Vec<(String, u64)>, StoreError> {
    let mut statement = connection.prepare_cached(sql)?;
    let rows = statement.query_map([GROUPS_MAX], |row| Ok((row.get(0)?, unsigned(row.get(1)?))))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Homes with a hazard that is not dealt with, by list and code.
pub fn homes_by_hazard(connection: &Connection) -> Result<Vec<(String, u64)>, StoreError> {
    // 3 is the list of hazards: see `desk`.
    groups(
        connection,
        "SELECT key, count(DISTINCT document) FROM desk WHERE list = 3 GROUP BY key ORDER BY key LIMIT ?1",
    )
}

/// Visits by kind.
pub fn visits_by_kind(connection: &Connection) -> Result<Vec<(String, u64)>, StoreError> {
    groups(connection, "SELECT kind, count(*) FROM visits GROUP BY kind ORDER BY kind LIMIT ?1")
}

/// Visits by how far they are.
pub fn visits_by_state(connection: &Connection) -> Result<Vec<(String, u64)>, StoreError> {
    groups(connection, "SELECT state, count(*) FROM visits GROUP BY state ORDER BY state LIMIT ?1")
}
