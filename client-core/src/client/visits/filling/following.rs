//! Rows that follow from an answer, beside those that stand there: pure. An answer that is changed changes the row that followed
//! from it; a hazard that no longer follows is said to be gone, what was seen by an answer that is taken back was a mistake, and nothing is
//! erased.

use doorstep_protocol::Millis;

use super::{Book, Date, DocumentView, Edit, EditError, FilledRow, Reading, RowId, Source};
use crate::client::visits::mistaken::{mistaken_field, said_again, say};
use crate::records::decisions::Decision;
use crate::records::home::{Adaptation, Alarm, Clutter, Dwelling, Equipment, Hazard, HazardState, Measurement};
use crate::records::{Row, rooms};

/// What every row that follows says of itself.
pub(super) struct Stamp<'a> {
    pub(super) visit: RowId,
    pub(super) now: Millis,
    pub(super) book: &'a Book,
    /// Since when the answer before has stood: what the dwelling was said to be earlier does not follow from it.
    pub(super) since: Option<Millis>,
}

/// What is written because of an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A row that was not there.
    Make(FilledRow),
    /// Fields of one that was.
    Set(RowId, FilledRow),
    /// What the dwelling is; these fields were taken back before, and are said again.
    Say(Vec<&'static str>, Box<Dwelling>),
    /// Something that was there was recorded by mistake.
    TakeBack(Box<Decision>),
}

/// Does the same with whatever row it is. What a person can do stands in a document of their own.
macro_rules! with {
    ($filled:expr, $row:ident => $done:expr) => {
        match $filled {
            FilledRow::Dwelling($row) => $done,
            FilledRow::Hazard($row) => $done,
            FilledRow::Measurement($row) => $done,
            FilledRow::Alarm($row) => $done,
            FilledRow::Clutter($row) => $done,
            FilledRow::Equipment($row) => $done,
            FilledRow::Adaptation($row) => $done,
            FilledRow::Ability(_) => Ok(()),
        }
    };
}

impl Step {
    /// Writes it; a new row gets the id that was drawn for it.
    pub(super) fn write(&self, edit: &mut Edit<'_, '_>, fresh: RowId) -> Result<(), EditError> {
        match self {
            Self::Make(filled) => with!(filled, row => edit.create(fresh, &**row)),
            Self::Set(at, filled) => with!(filled, row => edit.update(*at, &**row)),
            Self::Say(again, dwelling) => say(edit, again, dwelling),
            Self::TakeBack(mistaken) => edit.create(fresh, &**mistaken),
        }
    }
}

/// The row of a home that is meant, if it is there.
fn held<R: Row>(home: &DocumentView, is_meant: impl Fn(&R) -> bool) -> Option<(RowId, R)> {
    let mut rows = home.rows::<R>(Reading::Shown).into_iter().map(|seen| (seen.row, seen.value));
    rows.find(|(_, row)| is_meant(row))
}

/// What is to be written so that the rows which followed from the answer before become those of the answer now.
pub(super) fn steps(home: &DocumentView, stamp: &Stamp<'_>, before: &[FilledRow], after: &[FilledRow]) -> Vec<Step> {
    let mut steps: Vec<Step> = after.iter().filter_map(|row| step(home, stamp, before, row)).collect();
    let same_hazard = |a: &Hazard, b: &Hazard| {
        (&a.scheme, &a.code) == (&b.scheme, &b.code) && rooms::is_same(a.room.as_deref(), b.room.as_deref())
    };
    for gone in before.iter().filter_map(as_hazard) {
        let still_follows = after.iter().filter_map(as_hazard).any(|one| same_hazard(one, gone));
        let there = held::<Hazard>(home, |one| one.visit == Some(stamp.visit) && same_hazard(one, gone));
        if let (false, Some((row, _))) = (still_follows, there) {
            let set = Hazard { state: Some(HazardState::Resolved), ..Hazard::default() };
            steps.push(Step::Set(row, FilledRow::Hazard(Box::new(set))));
        }
    }
    // An answer that is taken back was given by mistake, and so was what stood because of it.
    if after.is_empty() {
        steps.extend(before.iter().flat_map(|row| taken_back(home, stamp, row)));
    }
    steps
}

/// What was seen because of an answer, where it still stands.
fn taken_back(home: &DocumentView, stamp: &Stamp<'_>, row: &FilledRow) -> Vec<Step> {
    fn step<R: Row>(home: &DocumentView, is_meant: impl Fn(&R) -> bool) -> Vec<Step> {
        let there = held::<R>(home, is_meant).into_iter();
        there.map(|(row, _)| Step::TakeBack(Box::new(Decision::mistaken(R::COLLECTION, row)))).collect()
    }
    let visit = Some(stamp.visit);
    match row {
        FilledRow::Measurement(said) => step(home, |one| is_figure(one, visit, said)),
        FilledRow::Alarm(said) => step(home, |one| is_alarm(one, visit, said)),
        FilledRow::Clutter(said) => step(home, |one| is_clutter(one, visit, said)),
        FilledRow::Equipment(said) => step(home, |one| is_equipment(one, visit, said)),
        FilledRow::Adaptation(said) => step(home, |one: &Adaptation| one.visit == visit && one.kind == said.kind),
        FilledRow::Dwelling(said) => {
            let fields = said.entries().into_iter();
            let mistaken = fields.filter_map(|one| {
                mistaken_field(home, one.field, |held| {
                    let is_since = held.by.as_ref().is_some_and(|by| stamp.since.is_some_and(|since| since <= by.at));
                    is_since && held.value == one.value
                })
            });
            mistaken.map(|decision| Step::TakeBack(Box::new(decision))).collect()
        }
        FilledRow::Hazard(_) | FilledRow::Ability(_) => Vec::new(),
    }
}

fn is_figure(one: &Measurement, visit: Option<RowId>, said: &Measurement) -> bool {
    (one.visit, &one.feature, &one.quantity, one.value) == (visit, &said.feature, &said.quantity, said.value)
        && rooms::is_same(one.room.as_deref(), said.room.as_deref())
}

fn is_alarm(one: &Alarm, visit: Option<RowId>, said: &Alarm) -> bool {
    (one.visit, &one.kind) == (visit, &said.kind) && rooms::is_same(one.room.as_deref(), said.room.as_deref())
}

fn is_clutter(one: &Clutter, visit: Option<RowId>, said: &Clutter) -> bool {
    one.visit == visit && rooms::is_same(one.room.as_deref(), said.room.as_deref())
}

fn is_equipment(one: &Equipment, visit: Option<RowId>, said: &Equipment) -> bool {
    (one.visit, &one.kind) == (visit, &said.kind) && rooms::is_same(one.room.as_deref(), said.room.as_deref())
}

fn as_hazard(row: &FilledRow) -> Option<&Hazard> {
    match row {
        FilledRow::Hazard(hazard) => Some(hazard),
        _ => None,
    }
}

fn step(home: &DocumentView, stamp: &Stamp<'_>, before: &[FilledRow], row: &FilledRow) -> Option<Step> {
    let (visit, observed_at, source) = (Some(stamp.visit), Some(stamp.now), Some(Source::Observed));
    Some(match row {
        FilledRow::Dwelling(said) => {
            let said = Dwelling { source, ..(**said).clone() };
            Step::Say(said_again(Some(home), &said), Box::new(said))
        }
        FilledRow::Hazard(said) => {
            let version =
                said.scheme.as_ref().and_then(|scheme| stamp.book.codes(scheme.as_str(), &Date::of(stamp.now)));
            let fresh = Hazard {
                visit,
                observed_at,
                source,
                state: Some(HazardState::Open),
                version: version.map(|(_, version)| version),
                ..(**said).clone()
            };
            let is_meant = |one: &Hazard| {
                (one.visit, &one.scheme, &one.code) == (visit, &said.scheme, &said.code)
                    && rooms::is_same(one.room.as_deref(), said.room.as_deref())
            };
            match held(home, is_meant) {
                None => Step::Make(FilledRow::Hazard(Box::new(fresh))),
                Some((at, there)) => {
                    let reopened = (there.state == Some(HazardState::Resolved)).then_some(HazardState::Open);
                    let set = Hazard { severity: said.severity.clone(), state: reopened, ..Hazard::default() };
                    Step::Set(at, FilledRow::Hazard(Box::new(set)))
                }
            }
        }
        FilledRow::Measurement(said) => {
            let taken = Measurement { visit, observed_at, source, ..(**said).clone() };
            // An observation stands; another figure is a further one.
            if held(home, |one| is_figure(one, visit, said)).is_some() {
                return None;
            }
            Step::Make(FilledRow::Measurement(Box::new(taken)))
        }
        FilledRow::Alarm(said) => {
            let fresh = Alarm { visit, observed_at, source, ..(**said).clone() };
            placed(held(home, |one| is_alarm(one, visit, said)), FilledRow::Alarm(Box::new(fresh)))
        }
        FilledRow::Clutter(said) => {
            let fresh = Clutter { visit, observed_at, source, ..(**said).clone() };
            let is_meant =
                |one: &Clutter| one.visit == visit && rooms::is_same(one.room.as_deref(), said.room.as_deref());
            placed(held(home, is_meant), FilledRow::Clutter(Box::new(fresh)))
        }
        FilledRow::Equipment(said) => {
            let fresh = Equipment { visit, source, ..(**said).clone() };
            placed(held(home, |one| is_equipment(one, visit, said)), FilledRow::Equipment(Box::new(fresh)))
        }
        FilledRow::Adaptation(said) => {
            let fresh = Adaptation { visit, source, ..(**said).clone() };
            // What it is called is the answer itself: the one that the answer before named is meant.
            let named = before.iter().find_map(|row| match row {
                FilledRow::Adaptation(one) => Some(&one.kind),
                _ => None,
            });
            let is_meant = |one: &Adaptation| one.visit == visit && Some(&one.kind) == named;
            placed(held(home, is_meant), FilledRow::Adaptation(Box::new(fresh)))
        }
        FilledRow::Ability(_) => return None,
    })
}

/// The row in the place of one that is there, else a new one.
fn placed<R>(there: Option<(RowId, R)>, row: FilledRow) -> Step {
    match there {
        Some((at, _)) => Step::Set(at, row),
        None => Step::Make(row),
    }
}
