//! Packs: what is data and not code (code lists, forms, thresholds, bank holidays), by version.

use super::row::{choice, row};
use super::value::FieldError;
use super::words::Date;
use doorstep_protocol::Millis;

/// Characters of one pack, as JSON.
pub const PACK_CHARS_MAX: usize = 100_000;

choice! {
    /// What a pack holds.
    enum PackKind {
        /// A list of codes.
        Codes = "codes",
        /// A form.
        Form = "form",
        /// Thresholds of the partnership.
        Thresholds = "thresholds",
        /// Bank holidays.
        Holidays = "holidays",
        /// Areas and what belongs to them.
        Areas = "areas",
        /// A licensed instrument that an organisation brings.
        Instrument = "instrument",
    }
}

row! {
    /// A version of a pack, published to the partnership. What it says is never changed: a change is a further version.
    struct Published in Directory "packs" Edited, check(published_is_whole) {
        /// The pack.
        pack: String [Chars(60)],
        /// Its kind.
        kind: PackKind,
        /// Its version.
        version: i64 [Within(1, 1_000_000)],
        /// The first day on which it is used.
        valid_from: Date,
        /// The whole pack, as JSON.
        content: String [Chars(100_000)],
        /// When it was withdrawn: nothing new is recorded under it.
        withdrawn_at: Millis,
        /// Why.
        withdrawn_why: String [Chars(300)],
    }
}

fn published_is_whole(row: &Published) -> Result<(), FieldError> {
    if row.pack.is_some() && row.kind.is_some() && row.version.is_some() && row.content.is_some() {
        return Ok(());
    }
    Err(FieldError::new("pack", "a pack has an id, a kind, a version and content", "publish it from its file"))
}
