//! Packs: what is data and not code. Code lists, forms, thresholds, bank holidays, areas and licensed instruments come in files of
//! JSON, each with an id, a version and its first day. The shipped ones stand in this program ([`shipped`]); a partnership
//! publishes them, and its own, to the directory ([`Published`]), where the envelope of whoever published one vouches for it.
//!
//! A row names the version it was recorded under, so that an old inspection reads as it was. What a version says never changes:
//! a change is a further version.

mod answered;
mod book;
mod check;
mod content;
mod fill;
mod shipped;

use doorstep_protocol::Millis;

use super::row::{choice, row};
use super::value::FieldError;
use super::words::Date;

pub use answered::{Completeness, check_answers, conform, is_asked, rows_of};
pub use book::{Book, Origin};
pub use check::{PackError, parse};
pub use content::{
    AnswerKind, Area, AreaKind, Areas, Code, Codes, Content, Fill, Form, Holiday, Holidays, Instrument, Keep, Pack,
    PhotographPolicy, Question, Subject, Thresholds, When, Words,
};
pub use fill::{Filled, FilledRow, fill};
pub use shipped::shipped;

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
        /// A law whose deadlines run.
        Law = "law",
        /// What is kept of photographs.
        Photographs = "photographs",
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
