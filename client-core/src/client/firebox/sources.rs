//! What the sources of a firebox say beyond what was published: that they disagree, and what nobody has published yet because
//! the disagreement only arose when two devices met.
//!
//! A visitor who finds the way out blocked publishes that; another, who finds it clear, withdraws it. Once both are here the
//! record is disputed, the cautious word holds, and no device has written anything since. The crew is told all the same.

use doorstep_protocol::{DocumentId, Millis};

use crate::records::fire::Fact;
use crate::records::firebox::{Basis, FireEntry, FireLine, FireboxView, live_facts};
use crate::records::publish::{self, Desired, RULES, Rule, Says, Test, Thresholds};
use crate::records::view::RowView;
use crate::records::{Date, DocumentView, RowId, Seen, caution};

/// Marks what is disputed, and adds what is missing.
pub(in crate::client) fn tell(
    view: &mut FireboxView,
    fire: Option<&DocumentView>,
    sources: &[&DocumentView],
    withheld: &[DocumentId],
    (now, thresholds): (Millis, Thresholds),
) {
    let today = Date::of(now);
    let published = fire.map(live_facts).unwrap_or_default();
    // A use of what the person has withdrawn meanwhile: the withdrawal beats it before anybody has written so.
    let is_withheld = |seen: &Seen<Fact>| seen.value.source_document.is_some_and(|of| withheld.contains(&of));
    for seen in published.iter().filter(|seen| is_withheld(seen)) {
        for (_, entries) in &mut view.lines {
            entries.retain(|entry| entry.row != seen.row || entry.basis != Basis::Fact);
        }
    }
    for source in sources.iter().filter(|source| !withheld.contains(&source.document)) {
        for desired in publish::published(source, &today, thresholds) {
            let Some(rule) = RULES.iter().find(|rule| rule.name == desired.rule) else { continue };
            let Some(row) = source.row(rule.collection, desired.source_row) else { continue };
            let is_disputed = is_disputed(rule, row);
            let standing = published.iter().find(|seen| {
                seen.value.rule.as_deref() == Some(rule.name)
                    && seen.value.source_row == Some(desired.source_row)
                    && seen.value.source_document == Some(source.document)
            });
            match standing {
                Some(seen) if is_disputed => mark(view, seen.row, &desired),
                Some(_) => {}
                None => add(view, row, desired, is_disputed, now),
            }
        }
    }
}

/// Whether people disagree on something that the rule reads.
fn is_disputed(rule: &Rule, row: &RowView) -> bool {
    let tested = rule.when.iter().map(|test| match test {
        Test::Is(field, _)
        | Test::IsNot(field, _)
        | Test::Yes(field)
        | Test::Filled(field)
        | Test::ReachesClutterThreshold(field)
        | Test::NotPast(field) => *field,
    });
    let said: Vec<&str> = match &rule.fact {
        Some((_, Says::Field(field) | Says::Before(_, field))) => vec![field],
        Some((_, Says::Both(one, two))) => vec![one, two],
        Some((_, Says::Words(_))) | None => Vec::new(),
    };
    tested.chain(said).chain(rule.place).any(|field| {
        let caution = caution::rule(rule.class, rule.collection, field);
        row.fields.get(field).is_some_and(|view| view.is_disputed(caution))
    })
}

/// The entry of a published fact says that it is disputed, in the cautious word of today.
fn mark(view: &mut FireboxView, fact: RowId, desired: &Desired) {
    let entries = view.lines.iter_mut().flat_map(|(_, entries)| entries);
    for entry in entries.filter(|entry| entry.row == fact && entry.basis == Basis::Fact) {
        entry.is_disputed = true;
        if let Some((_, words)) = &desired.fact {
            entry.words.clone_from(words);
        }
    }
}

fn add(view: &mut FireboxView, row: &RowView, desired: Desired, is_disputed: bool, now: Millis) {
    let Some((kind, words)) = desired.fact else { return };
    let line = FireLine::of(&kind);
    let entry = FireEntry {
        kind: kind.to_string(),
        words: if words.is_empty() { kind.to_string() } else { words },
        place: desired.place,
        as_of: Some(desired.as_of),
        age_ms: Some(now.0.saturating_sub(desired.as_of.0)),
        is_disputed,
        basis: Basis::Fact,
        row: desired.source_row,
        by: row.made.clone(),
    };
    if let Some((_, entries)) = view.lines.iter_mut().find(|(of, _)| *of == line) {
        // Before what is known with less doubt: nothing cautious is pushed off the screen.
        entries.insert(0, entry);
    }
}

#[cfg(test)]
mod tests {
    use doorstep_protocol::{ActorId, Class, DocumentId};

    use super::*;
    use crate::records::firebox::firebox;
    use crate::records::home::{Dwelling, ExitState};
    use crate::records::{Document, read};

    const HOME: DocumentId = DocumentId([7; 16]);
    const NOW: Millis = Millis(1_790_000_000_000);

    fn says(actor: u8, exit: ExitState) -> Vec<Vec<u8>> {
        let mut document = Document::genesis(Class::Home, HOME).expect("a genesis");
        let dwelling = Dwelling { main_exit: Some(exit), ..Dwelling::default() };
        let made = document.edit(ActorId([actor; 16]), NOW, |edit| edit.put(&dwelling)).expect("an edit");
        made.into_iter().collect()
    }

    fn home(changes: &[Vec<Vec<u8>>]) -> DocumentView {
        let mut document = Document::genesis(Class::Home, HOME).expect("a genesis");
        changes.iter().for_each(|changes| {
            document.apply(changes).expect("sound changes");
        });
        read(&document, &|_| None)
    }

    #[test]
    fn a_crew_is_told_of_a_blocked_way_out_that_somebody_else_withdrew_meanwhile() {
        let home = home(&[says(1, ExitState::Blocked), says(2, ExitState::Clear)]);
        let mut view = firebox(None, None, None, NOW);
        tell(&mut view, None, &[&home], &[], (NOW, Thresholds::default()));
        let routes = view.line(FireLine::ClutterAndRoutes);
        assert_eq!(routes.len(), 1, "{routes:?}");
        assert_eq!(routes[0].words, "main way out blocked");
        assert!(routes[0].is_disputed);
    }

    #[test]
    fn what_nobody_disputes_is_not_marked_and_what_is_clear_is_not_shown() {
        for (exit, shown) in [(ExitState::Restricted, 1), (ExitState::Clear, 0)] {
            let home = home(&[says(1, exit)]);
            let mut view = firebox(None, None, None, NOW);
            tell(&mut view, None, &[&home], &[], (NOW, Thresholds::default()));
            let routes = view.line(FireLine::ClutterAndRoutes);
            assert_eq!(routes.len(), shown);
            assert!(routes.iter().all(|entry| !entry.is_disputed));
        }
    }
}
