//! What was published from a document that two admins erased: nobody is shown it any more, on any device.
//!
//! A published row names its source, the source's zone and the size of the authority log that its writer had verified. It is
//! hidden when the log erases that source at a larger size: the writer had not heard of it. What is published after the
//! source was begun anew is not. So what is shown follows from the row and the log alone, whatever came first.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_protocol::{Class, DocumentId, LogSize, ZoneId};

use crate::records::Row;
use crate::records::decisions::set_aside_mistakes;
use crate::records::fire::Fact;
use crate::records::identity::hide_places;
use crate::records::index::Flag;
use crate::records::joins::Visits;
use crate::records::value::FieldValue;
use crate::records::view::{DocumentView, RowView};
use crate::records::words::RowId;

/// Documents that the log erases, as sources of published rows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ErasedSources(BTreeMap<DocumentId, Vec<(ZoneId, LogSize)>>);

/// What [`hide`] took out of a view.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Hidden {
    /// The rows, in the collection of published rows of the view's class.
    pub rows: BTreeSet<RowId>,
    /// Where a person is whose address is protected.
    pub places: BTreeSet<RowId>,
    /// Whether rows about such a person say at which visit they were made.
    pub visits: Visits,
}

impl ErasedSources {
    /// From erased documents, each with the size of the log that has its last erasure.
    pub fn new(erased: impl IntoIterator<Item = ((ZoneId, DocumentId), LogSize)>) -> Self {
        let mut sources: BTreeMap<DocumentId, Vec<(ZoneId, LogSize)>> = BTreeMap::new();
        for ((zone, document), at) in erased {
            sources.entry(document).or_default().push((zone, at));
        }
        Self(sources)
    }

    /// Nothing is erased.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a published row speaks of what is erased. Where somebody set its source twice, one that is erased is enough,
    /// and the smallest log size holds; a row that names no zone or no size is as old as can be.
    #[must_use]
    pub fn covers(&self, row: &RowView) -> bool {
        let zones: Vec<ZoneId> = values(row, "source_zone");
        let known: Vec<i64> = values(row, "source_log");
        let known = LogSize(known.into_iter().min().and_then(|size| u64::try_from(size).ok()).unwrap_or_default());
        values::<DocumentId>(row, "source_document")
            .iter()
            .filter_map(|source| self.0.get(source))
            .flatten()
            .any(|(zone, at)| known < *at && (zones.is_empty() || zones.contains(zone)))
    }
}

fn values<T: FieldValue>(row: &RowView, field: &str) -> Vec<T> {
    row.fields
        .get(field)
        .map(|view| &view.values)
        .into_iter()
        .flatten()
        .filter_map(|said| T::read(&said.value))
        .collect()
}

/// The collection of a class that holds published rows.
#[must_use]
pub const fn published_rows(class: Class) -> Option<&'static str> {
    match class {
        Class::Fire => Some(Fact::COLLECTION),
        Class::Index => Some(Flag::COLLECTION),
        _ => None,
    }
}

/// Takes out of a view what nobody is shown: what speaks of what is erased, what was recorded by mistake, and where somebody is whose
/// address is protected.
pub fn hide(view: &mut DocumentView, erased: &ErasedSources) -> Hidden {
    set_aside_mistakes(view);
    let mut hidden = Hidden { places: hide_places(view), ..Hidden::default() };
    if erased.is_empty() {
        return hidden;
    }
    let Some(section) = published_rows(view.class).and_then(|name| view.sections.get_mut(name)) else { return hidden };
    section.rows.retain(|row, row_view| {
        let stays = !erased.covers(row_view);
        if !stays {
            hidden.rows.insert(*row);
        }
        stays
    });
    section.erased_rows = hidden.rows.len();
    hidden
}

/// The documents that the published rows of a view come from.
#[must_use]
pub fn sources(view: &DocumentView) -> BTreeSet<DocumentId> {
    let section = published_rows(view.class).and_then(|name| view.sections.get(name));
    let rows = section.into_iter().flat_map(|section| section.rows.values());
    rows.flat_map(|row| values::<DocumentId>(row, "source_document")).collect()
}

#[cfg(test)]
mod tests {
    use doorstep_protocol::{ActorId, Millis};

    use super::*;
    use crate::records::fire::FactKind;
    use crate::records::{Document, read};

    const SOURCE: DocumentId = DocumentId([1; 16]);
    const ZONE: ZoneId = ZoneId([2; 16]);
    const OTHER_ZONE: ZoneId = ZoneId([3; 16]);

    /// Facts with these sources, zones and log sizes, of which a view shows those that are not hidden.
    fn shown(facts: &[(Option<DocumentId>, Option<ZoneId>, Option<i64>)], erased: &[(ZoneId, u64)]) -> usize {
        let mut document = Document::genesis(Class::Fire, DocumentId([9; 16])).expect("a genesis");
        document
            .edit(ActorId([1; 16]), Millis(1), |edit| {
                facts.iter().zip(1u8..).try_for_each(|((source, zone, log), number)| {
                    let fact = Fact {
                        kind: Some(FactKind::Oxygen),
                        as_of: Some(Millis(1)),
                        source_document: *source,
                        source_zone: *zone,
                        source_log: *log,
                        ..Fact::default()
                    };
                    edit.create(RowId([number; 16]), &fact)
                })
            })
            .expect("an edit");
        let mut view = read(&document, &|_| None);
        let erased = ErasedSources::new(erased.iter().map(|(zone, at)| ((*zone, SOURCE), LogSize(*at))));
        let hidden = hide(&mut view, &erased);
        let rows = view.sections["facts"].rows.len();
        assert_eq!(rows + hidden.rows.len(), facts.len());
        assert_eq!(view.sections["facts"].erased_rows, hidden.rows.len());
        rows
    }

    #[test]
    fn what_was_published_before_the_erasure_is_hidden_and_what_came_after_is_not() {
        let at = |log| (Some(SOURCE), Some(ZONE), Some(log));
        assert_eq!(shown(&[at(6), at(7), at(8)], &[(ZONE, 7)]), 2);
        assert_eq!(shown(&[at(6), at(7), at(8)], &[]), 3);
    }

    #[test]
    fn a_row_of_another_source_or_of_none_stays() {
        let other = (Some(DocumentId([8; 16])), Some(ZONE), Some(1));
        assert_eq!(shown(&[other, (None, None, None)], &[(ZONE, 7)]), 2);
    }

    #[test]
    fn an_erasure_in_another_zone_hides_nothing_that_names_its_own() {
        // Two admins of one organisation cannot silence what another one's record says.
        assert_eq!(shown(&[(Some(SOURCE), Some(ZONE), Some(1))], &[(OTHER_ZONE, 7)]), 1);
    }

    #[test]
    fn a_row_that_does_not_say_when_is_taken_to_be_old() {
        assert_eq!(shown(&[(Some(SOURCE), None, None)], &[(ZONE, 7)]), 0);
        assert_eq!(shown(&[(Some(SOURCE), Some(ZONE), None)], &[(ZONE, 7)]), 0);
    }
}
