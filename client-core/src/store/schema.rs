//! The tables, by version.

use rusqlite::{Connection, TransactionBehavior};

use super::StoreError;

/// Each step brings the store from the version of its position to the next.
const STEPS: &[&str] = &[
    FIRST,
    INVITATIONS,
    FOLDED,
    JUDGED_AGAIN,
    WORKERS,
    SOURCES,
    SEARCH_FORGETS_ONCE,
    DESK,
    PHOTOGRAPHS,
    PLACES,
    SEEN,
    RECORDED_BY,
];

/// Documents that were kept before are read once more, so that an erasure finds what was published from its document.
const SOURCES: &str = "
CREATE TABLE sources (source BLOB NOT NULL, document BLOB NOT NULL, PRIMARY KEY (source, document)) WITHOUT ROWID;
INSERT OR REPLACE INTO meta (name, value) SELECT 'rebuild', CAST('begun' AS BLOB) WHERE EXISTS (SELECT 1 FROM documents);
";

/// What a desk has to look at. Of what is here already it is made by a rebuild, which the last line owes.
const DESK: &str = "
CREATE TABLE desk (
    document BLOB NOT NULL,
    list INTEGER NOT NULL,
    row BLOB NOT NULL,
    key TEXT NOT NULL,
    due TEXT NOT NULL,
    data TEXT NOT NULL,
    PRIMARY KEY (document, list, row, key)
) WITHOUT ROWID;
-- Every hazard that is saved writes its own rows, so these are in no index that only others need.
CREATE INDEX desk_clocked ON desk (document, row) WHERE list = 1;
CREATE INDEX desk_by_due ON desk (list, due) WHERE list <> 1 AND list <> 3;
CREATE INDEX desk_by_key ON desk (list, key) WHERE list <> 1 AND list <> 3;
ALTER TABLE visits ADD COLUMN visitor TEXT NOT NULL DEFAULT '';
CREATE INDEX visits_by_state ON visits (state, started);
CREATE INDEX properties_by_postcode ON properties (postcode);
INSERT OR REPLACE INTO meta (name, value) SELECT 'rebuild', x'626567756e' WHERE EXISTS (SELECT 1 FROM documents);
";

/// Sealed parts of photographs lie in files. Of what is here already a rebuild makes the projection.
const PHOTOGRAPHS: &str = "
-- Projection: which parts the photographs of a document have. form: 1 original, 2 thumbnail.
CREATE TABLE photograph_parts (
    document BLOB NOT NULL,
    row BLOB NOT NULL,
    form INTEGER NOT NULL,
    place INTEGER NOT NULL,
    part BLOB NOT NULL,
    PRIMARY KEY (document, row, form, place)
) WITHOUT ROWID;
CREATE INDEX photograph_parts_by_part ON photograph_parts (part);
-- The truth about the files: which parts are here, which are owed to the server, when to ask again for one it did not have.
CREATE TABLE parts (
    part BLOB PRIMARY KEY,
    document BLOB NOT NULL,
    zone BLOB NOT NULL,
    held INTEGER NOT NULL,
    sending INTEGER NOT NULL,
    made INTEGER NOT NULL,
    tries INTEGER NOT NULL,
    ask_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX parts_to_send ON parts (made) WHERE sending = 1;
-- Photographs whose original a person asked for.
CREATE TABLE photographs_wanted (document BLOB NOT NULL, row BLOB NOT NULL, PRIMARY KEY (document, row)) WITHOUT ROWID;
INSERT OR REPLACE INTO meta (name, value) SELECT 'rebuild', x'626567756e' WHERE EXISTS (SELECT 1 FROM documents);
";

/// In which street and building each property is. Of what is here already a rebuild makes it.
const PLACES: &str = "
CREATE TABLE places (record BLOB PRIMARY KEY, street TEXT NOT NULL, building TEXT NOT NULL) WITHOUT ROWID;
CREATE INDEX places_by_street ON places (street);
INSERT OR REPLACE INTO meta (name, value) SELECT 'rebuild', x'626567756e' WHERE EXISTS (SELECT 1 FROM documents);
";

const WORKERS: &str = "
-- A worker's secrets under the worker's PIN; wrong PINs are counted before they are tried.
CREATE TABLE pins (
    key BLOB PRIMARY KEY,
    signing BLOB,
    restricted BLOB NOT NULL,
    wrong INTEGER NOT NULL,
    last INTEGER NOT NULL,
    log_size INTEGER NOT NULL
) WITHOUT ROWID;
-- Glasses broken on this device: which property, and until when.
CREATE TABLE glass (
    envelope BLOB PRIMARY KEY,
    property BLOB NOT NULL,
    document BLOB NOT NULL,
    until INTEGER NOT NULL,
    closed INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX outbox_by_zone ON outbox (zone, state, rank);
";

const FIRST: &str = "
CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE log (seq INTEGER PRIMARY KEY, entry BLOB NOT NULL);
CREATE TABLE team_wraps (wrap BLOB PRIMARY KEY) WITHOUT ROWID;

-- The truth: every envelope, in order of arrival. standing: 0 applied, 1 waits, 2 set aside.
CREATE TABLE envelopes (
    rank INTEGER PRIMARY KEY,
    id BLOB NOT NULL UNIQUE,
    zone BLOB NOT NULL,
    document BLOB NOT NULL,
    author BLOB NOT NULL,
    zseq INTEGER NOT NULL,
    chained INTEGER NOT NULL,
    standing INTEGER NOT NULL,
    reason INTEGER NOT NULL,
    arrived INTEGER NOT NULL,
    bytes BLOB NOT NULL
);
CREATE INDEX envelopes_by_document ON envelopes (document);
CREATE INDEX envelopes_by_author ON envelopes (zone, author, zseq);
CREATE INDEX envelopes_not_applied ON envelopes (standing, rank) WHERE standing <> 0;

-- The truth until it is sealed: changes made on this device since the last upload.
CREATE TABLE pending (
    seq INTEGER PRIMARY KEY AUTOINCREMENT,
    document BLOB NOT NULL,
    zone BLOB NOT NULL,
    seat BLOB NOT NULL,
    session BLOB NOT NULL,
    made INTEGER NOT NULL,
    heads BLOB NOT NULL,
    change BLOB NOT NULL
);
CREATE INDEX pending_by_document ON pending (document);
CREATE INDEX pending_by_zone ON pending (zone, seq);

-- What the server has not durably taken: state 0 to send, 1 receipt held, 2 refused, 3 came by
-- hand and is held until it is in a document.
CREATE TABLE outbox (
    envelope BLOB PRIMARY KEY,
    rank INTEGER NOT NULL,
    zone BLOB NOT NULL,
    document BLOB NOT NULL,
    bytes INTEGER NOT NULL,
    state INTEGER NOT NULL,
    detail INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX outbox_in_order ON outbox (state, rank);
CREATE INDEX outbox_by_document ON outbox (document);

CREATE TABLE feeds (
    zone BLOB PRIMARY KEY,
    number INTEGER NOT NULL,
    head BLOB NOT NULL,
    confirmed_number INTEGER NOT NULL,
    confirmed_head BLOB NOT NULL
) WITHOUT ROWID;
CREATE TABLE authors (
    zone BLOB NOT NULL,
    author BLOB NOT NULL,
    zseq INTEGER NOT NULL,
    envelope BLOB NOT NULL,
    PRIMARY KEY (zone, author)
) WITHOUT ROWID;
CREATE TABLE actors (actor BLOB PRIMARY KEY, device BLOB NOT NULL, seat BLOB NOT NULL) WITHOUT ROWID;

-- Projections.
CREATE TABLE documents (
    id BLOB PRIMARY KEY,
    class INTEGER NOT NULL,
    zone BLOB NOT NULL,
    record BLOB,
    conflicts INTEGER NOT NULL DEFAULT 0,
    save BLOB NOT NULL
);
CREATE INDEX documents_by_record ON documents (record, class);
CREATE INDEX documents_in_conflict ON documents (id, class) WHERE conflicts > 0;
CREATE TABLE links (document BLOB PRIMARY KEY, record BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE properties (
    record BLOB PRIMARY KEY,
    key INTEGER NOT NULL UNIQUE,
    uprn TEXT,
    parent_uprn TEXT,
    address TEXT NOT NULL,
    postcode TEXT,
    flags INTEGER NOT NULL
);
CREATE INDEX properties_by_uprn ON properties (uprn);
CREATE INDEX properties_by_parent ON properties (parent_uprn);
CREATE VIRTUAL TABLE property_search USING fts5(address, postcode, uprn, tokenize = 'unicode61 remove_diacritics 2', prefix = '2');
CREATE TABLE people (
    record BLOB PRIMARY KEY,
    key INTEGER NOT NULL UNIQUE,
    name TEXT NOT NULL,
    born TEXT,
    reference TEXT
);
CREATE INDEX people_by_reference ON people (reference) WHERE reference IS NOT NULL;
CREATE VIRTUAL TABLE people_search USING fts5(name, tokenize = 'unicode61 remove_diacritics 2', prefix = '2');
CREATE TABLE occupancies (
    person BLOB NOT NULL,
    row BLOB NOT NULL,
    property BLOB NOT NULL,
    kind TEXT NOT NULL,
    ended TEXT,
    PRIMARY KEY (person, row)
) WITHOUT ROWID;
CREATE INDEX occupancies_by_property ON occupancies (property);
CREATE TABLE visits (
    document BLOB NOT NULL,
    row BLOB NOT NULL,
    record BLOB,
    kind TEXT NOT NULL,
    state TEXT NOT NULL,
    started TEXT NOT NULL,
    PRIMARY KEY (document, row)
) WITHOUT ROWID;
";

/// What a desk has handed out.
const INVITATIONS: &str = "
-- What this desk has handed out, so that a request is held against it: key is set when six words go with it.
CREATE TABLE invitations (
    id BLOB PRIMARY KEY,
    made INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    engagement INTEGER NOT NULL,
    key BLOB,
    wrong_words INTEGER NOT NULL,
    used_by BLOB
) WITHOUT ROWID;
";

/// Unsealed changes stand beside the kept document until they are folded into it; before, every save wrote it whole. A save
/// writes as few pages as it can: one index, and no counter beside the table.
const FOLDED: &str = "
CREATE TABLE unsealed (
    seq INTEGER PRIMARY KEY,
    document BLOB NOT NULL,
    zone BLOB NOT NULL,
    seat BLOB NOT NULL,
    session BLOB NOT NULL,
    made INTEGER NOT NULL,
    heads BLOB NOT NULL,
    change BLOB NOT NULL,
    folded INTEGER NOT NULL
);
INSERT INTO unsealed SELECT seq, document, zone, seat, session, made, heads, change, 1 FROM pending;
DROP TABLE pending;
ALTER TABLE unsealed RENAME TO pending;
CREATE INDEX pending_by_document ON pending (document, folded);
";

/// What is owed after verdicts have changed. What is taken out of a search index leaves its pages, too.
const JUDGED_AGAIN: &str = "
CREATE TABLE owed_chains (zone BLOB NOT NULL, author BLOB NOT NULL, PRIMARY KEY (zone, author)) WITHOUT ROWID;
CREATE TABLE owed_documents (document BLOB PRIMARY KEY, zone BLOB NOT NULL) WITHOUT ROWID;
CREATE TABLE blocked (document BLOB PRIMARY KEY) WITHOUT ROWID;
INSERT INTO property_search (property_search, rank) VALUES ('secure-delete', 1);
INSERT INTO people_search (people_search, rank) VALUES ('secure-delete', 1);
";

/// What is erased leaves the search index when that is written anew, once for all that was erased: to look for the words of every
/// row that changes took half the time of a catch-up.
const SEARCH_FORGETS_ONCE: &str = "
INSERT INTO property_search (property_search, rank) VALUES ('secure-delete', 0);
INSERT INTO people_search (people_search, rank) VALUES ('secure-delete', 0);
";

/// Facts without a day of review are on a list of their own. Of what is here already a rebuild makes it.
const SEEN: &str = "
INSERT OR REPLACE INTO meta (name, value) SELECT 'rebuild', x'626567756e' WHERE EXISTS (SELECT 1 FROM documents);
";

/// A fact to be looked at says by which actor it was recorded: whose that is, `actors` says. Of what is here already a rebuild makes it.
const RECORDED_BY: &str = "
ALTER TABLE desk ADD COLUMN author BLOB NOT NULL DEFAULT x'';
INSERT OR REPLACE INTO meta (name, value) SELECT 'rebuild', x'626567756e' WHERE EXISTS (SELECT 1 FROM documents);
";

pub(super) fn migrate(connection: &mut Connection) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let version: i64 = transaction.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let done = usize::try_from(version).map_err(|_| StoreError::Damaged { table: "user_version" })?;
    if done > STEPS.len() {
        return Err(StoreError::Damaged { table: "user_version (written by a newer version)" });
    }
    for step in &STEPS[done..] {
        transaction.execute_batch(step)?;
    }
    transaction.execute_batch(&format!("PRAGMA user_version = {}", STEPS.len()))?;
    transaction.commit()?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn unsealed_changes_of_a_store_of_the_first_version_stay_and_are_in_their_documents() {
        let mut connection = Connection::open_in_memory().unwrap();
        connection.execute_batch(FIRST).unwrap();
        connection
            .execute_batch(
                "INSERT INTO pending (document, zone, seat, session, made, heads, change)
                 VALUES (x'01', x'02', x'03', x'04', 5, x'06', x'07'); PRAGMA user_version = 1;",
            )
            .unwrap();
        migrate(&mut connection).unwrap();
        let row: (i64, Vec<u8>, i64) = connection
            .query_row("SELECT seq, change, folded FROM pending", [], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
            .unwrap();
        assert_eq!(row, (1, vec![7], 1));
        migrate(&mut connection).unwrap();
    }

    fn fresh() -> Connection {
        let mut connection = Connection::open_in_memory().unwrap();
        migrate(&mut connection).unwrap();
        connection
    }

    /// A catch-up of a tablet with everything on it looked at every envelope there was.
    #[test]
    fn what_waits_is_found_without_a_look_at_every_envelope() {
        let connection = fresh();
        super::super::envelopes::waiting_after(&connection, 0, 1).unwrap();
        let plan: Vec<String> = connection
            .prepare(&format!("EXPLAIN QUERY PLAN SELECT id FROM envelopes {}", super::super::envelopes::WAITING_AFTER))
            .unwrap()
            .query_map((0, 1), |row| row.get(3))
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        assert_eq!(plan, ["SEARCH envelopes USING INDEX envelopes_not_applied (standing=? AND rank>?)"]);
    }

    #[test]
    fn lists_of_a_desk_are_read_by_their_indexes() {
        let connection = fresh();
        let plan = |condition: &str| -> String {
            let sql = format!("EXPLAIN QUERY PLAN SELECT d.key FROM desk d WHERE {condition}");
            connection.query_row(&sql, [], |row| row.get(3)).unwrap()
        };
        assert!(plan("d.list = 1 ORDER BY d.document, d.row").contains("INDEX desk_clocked"));
        assert!(plan("d.list = 2 AND list <> 1 AND list <> 3 AND d.due <= 'x'").contains("INDEX desk_by_due"));
        assert!(plan("d.list = 4 AND list <> 1 AND list <> 3 AND d.key = 'x'").contains("INDEX desk_by_key"));
    }

    #[test]
    fn a_word_that_was_erased_is_in_no_page_of_the_search_index() {
        use super::super::lists::{PropertyRow, remove, set_property, write_search_anew};
        let mut connection = fresh();
        let record = doorstep_protocol::DocumentId([1; 16]);
        let row = |record, address: &str| PropertyRow {
            record,
            uprn: None,
            parent_uprn: None,
            address: address.into(),
            postcode: None,
            flags: 0,
        };
        let transaction = connection.transaction().unwrap();
        set_property(&transaction, &row(doorstep_protocol::DocumentId([2; 16]), "Yewtree Court")).unwrap();
        set_property(&transaction, &row(record, "Kingfisher House")).unwrap();
        transaction.commit().unwrap();
        // A corrected address is in the index twice: the older one with a mark that it no longer counts.
        let transaction = connection.transaction().unwrap();
        set_property(&transaction, &row(record, "Nightingale House")).unwrap();
        transaction.commit().unwrap();
        let holds = |connection: &Connection, word: &str| -> bool {
            let sql = "SELECT count(*) FROM property_search_data WHERE instr(block, CAST(?1 AS BLOB)) > 0";
            connection.query_row(sql, [word], |row| row.get::<_, i64>(0)).unwrap() > 0
        };
        assert!(holds(&connection, "ingfisher") && holds(&connection, "ightingale"));
        let transaction = connection.transaction().unwrap();
        remove(&transaction, record).unwrap();
        write_search_anew(&transaction).unwrap();
        transaction.commit().unwrap();
        assert!(!holds(&connection, "ingfisher") && !holds(&connection, "ightingale"));
        assert!(holds(&connection, "ewtree"));
    }
}
