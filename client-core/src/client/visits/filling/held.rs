//! Where the answers of a visit stand: those about a person with what that person can do, all others in the home. So whoever reads
//! a home reads nothing there of what somebody who lives in it can or cannot do.

use doorstep_protocol::Class;
use rand_core::CryptoRng;
use rusqlite::Connection;

use super::{Given, Open};
use crate::device::{Draft, RecordId, WriteError};
use crate::order::Order as _;
use crate::records::answers::Answer;
use crate::records::packs::Completeness;
use crate::records::{Date, DocumentView, Reading, RowId, Seen, rooms};
use crate::store::StoreError;
use crate::store::lists::{self, Occupants};

/// Whom the answers of a visit may be about.
pub(super) struct Residents {
    /// Everybody who ever lived at the home: an old visit reads as it was answered.
    ever: Vec<RecordId>,
    /// Whether anybody lives there today, as far as this device knows.
    pub(super) anybody: bool,
}

impl Residents {
    pub(super) fn of(reader: &Connection, home: RecordId, today: &Date) -> Result<Self, StoreError> {
        let listed = |occupants| lists::people_of(reader, home.0, occupants, today.as_str());
        let ever = listed(Occupants::Ever)?.into_iter().map(|row| RecordId(row.record)).collect();
        Ok(Self { ever, anybody: !listed(Occupants::Current)?.is_empty() })
    }

    /// What a visit that is done must have answered: where nobody is known to live, nothing about a person.
    pub(super) const fn completeness(&self) -> Completeness {
        if self.anybody { Completeness::Done } else { Completeness::DoneAboutNobody }
    }

    /// The answers of a visit that say something: those of the home, and those of each person, whose document `view` shows.
    pub(super) fn answers<E>(
        &self,
        home: &DocumentView,
        visit: RowId,
        mut view: impl FnMut(RecordId) -> Result<Option<DocumentView>, E>,
    ) -> Result<Vec<Given>, E> {
        let mut given = answers_in(home, Some(visit), None);
        for person in &self.ever {
            if let Some(function) = view(*person)? {
                given.extend(answers_in(&function, Some(visit), Some(*person)));
            }
        }
        Ok(given)
    }
}

/// The answers of a visit, or of none, that one document holds, in the order of their rooms.
pub(super) fn answers_in(view: &DocumentView, visit: Option<RowId>, person: Option<RecordId>) -> Vec<Given> {
    let rows = view.rows::<Answer>(Reading::Shown).into_iter();
    let of_visit = rows.filter(|seen| seen.value.visit == visit && seen.value.says_something());
    let mut given: Vec<Given> = of_visit
        .map(|Seen { row, value, made, disputed }| Given { row, answer: value, person, made, disputed })
        .collect();
    given.order_by(|a, b| (&a.answer.room, a.row).cmp(&(&b.answer.room, b.row)));
    given
}

/// Whom and what the answers of an open visit are about.
pub(in crate::client::visits) fn of_open<R: CryptoRng>(
    draft: &mut Draft<'_, R>,
    open: &Open,
) -> Result<(Vec<Given>, Completeness), WriteError> {
    let today = Date::of(draft.now());
    let residents = Residents::of(draft.device().store().reader(), open.record, &today)?;
    let given = residents.answers(&open.home, open.row, |person| {
        // A device without a key to what people can do answers for the home alone.
        match draft.device().document_of(person, Class::Function)? {
            Some(_) => draft.view(person, Class::Function),
            None => Ok(None),
        }
    })?;
    Ok((given, residents.completeness()))
}

/// The answer to a question that stands in the place of a new one: of the same room and the same person. One that an earlier
/// version left in the home is whoever's answers anew.
pub(super) fn in_place_of<'g>(
    given: &'g [Given],
    question: &str,
    room: Option<&str>,
    person: Option<RecordId>,
) -> Option<&'g Given> {
    let fits = given.iter().filter(|one| {
        one.answer.question.as_deref() == Some(question)
            && rooms::is_same(one.answer.room.as_deref(), room)
            && (one.person.is_none() || person.is_none() || one.person == person)
    });
    fits.max_by_key(|one| one.person.is_some())
}

/// The document in which an answer stands.
pub(super) fn place(home: RecordId, person: Option<RecordId>) -> (RecordId, Class) {
    person.map_or((home, Class::Home), |person| (person, Class::Function))
}

/// Saves an answer where it stands, in the place of the one that stands there. One that is taken back is emptied.
pub(super) fn put<R: CryptoRng>(
    draft: &mut Draft<'_, R>,
    (record, class): (RecordId, Class),
    before: Option<&Given>,
    after: Option<&Answer>,
) -> Result<(), WriteError> {
    match (before, after) {
        (Some(given), Some(after)) => draft.edit(record, class, |edit| edit.update(given.row, after)),
        (Some(given), None) => {
            let filled = given.answer.filled();
            draft.edit(record, class, |edit| filled.iter().try_for_each(|name| edit.clear::<Answer>(given.row, name)))
        }
        (None, Some(after)) => {
            let fresh = draft.row_id();
            draft.edit(record, class, |edit| edit.create(fresh, after))
        }
        (None, None) => Ok(()),
    }
}
