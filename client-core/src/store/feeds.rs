//! How far each feed has been read, and up to where the server has signed for it.

use std::collections::BTreeMap;

use doorstep_protocol::feed::FeedPoint;
use doorstep_protocol::{FeedHead, FeedNumber, ZoneId};
use rusqlite::{Connection, Transaction};

use super::{StoreError, fixed, signed, unsigned};

/// A feed as this device knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FeedPosition {
    /// Read up to here.
    pub read: FeedPoint,
    /// A checkpoint has stated the head up to here.
    pub confirmed: FeedPoint,
}

impl FeedPosition {
    /// Before anything was read.
    pub const START: Self = Self { read: FeedPoint::START, confirmed: FeedPoint::START };
}

/// Every feed that was read.
pub fn positions(connection: &Connection) -> Result<BTreeMap<ZoneId, FeedPosition>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT zone, number, head, confirmed_number, confirmed_head FROM feeds")?;
    let mut rows = statement.query([])?;
    let mut positions = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let blob = |at| row.get_ref(at)?.as_blob().map_err(|_| StoreError::Damaged { table: "feeds" });
        let point = |number: usize, head: usize| -> Result<FeedPoint, StoreError> {
            Ok(FeedPoint {
                number: FeedNumber(unsigned(row.get(number)?)),
                head: FeedHead(fixed(blob(head)?, "feeds")?),
            })
        };
        let position = FeedPosition { read: point(1, 2)?, confirmed: point(3, 4)? };
        positions.insert(ZoneId(fixed(blob(0)?, "feeds")?), position);
    }
    Ok(positions)
}

/// Moves a feed.
pub fn set_position(transaction: &Transaction<'_>, zone: ZoneId, position: FeedPosition) -> Result<(), StoreError> {
    transaction
        .prepare_cached(
            "INSERT INTO feeds (zone, number, head, confirmed_number, confirmed_head) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (zone) DO UPDATE SET number = ?2, head = ?3, confirmed_number = ?4, confirmed_head = ?5",
        )?
        .execute((
            &zone.0,
            signed(position.read.number.0),
            &position.read.head.0,
            signed(position.confirmed.number.0),
            &position.confirmed.head.0,
        ))?;
    Ok(())
}

/// Reads every feed from its start again: another store answers.
pub fn reset(transaction: &Transaction<'_>) -> Result<(), StoreError> {
    transaction.execute("DELETE FROM feeds", [])?;
    Ok(())
}
