//! Every name that a person is or was recorded under: what search finds them by.

use std::collections::BTreeSet;

use doorstep_protocol::Class;

use super::document::Document;
use super::identity::Person;
use super::row::Row as _;
use super::{ChangeHash, objects};
use crate::order::Order as _;

/// The fields of a person that hold a name.
const NAME_FIELDS: [&str; 4] = ["preferred_name", "forename", "middle_names", "surname"];
/// Names of one person that search knows; those that stand come first, then the latest.
const NAMES_PER_PERSON_MAX: usize = 32;
/// Changes of one document that are searched for names which no longer stand, the latest first.
const CHANGES_SEARCHED_MAX: usize = 256;
/// A genesis change and the one that recorded the person: before these no name was replaced.
const CHANGES_WITHOUT_A_PAST: usize = 2;

/// The names in an `identity` document: all that stand, disputed ones too, then those that were replaced. The same on
/// every device that holds the same changes.
pub(crate) fn recorded(document: &Document) -> Vec<String> {
    let automerge = document.automerge();
    let person = objects::collection_objects(automerge, Class::Identity, Person::COLLECTION);
    let mut names = Names::default();
    for field in NAME_FIELDS {
        objects::field_values(automerge, &person, field).iter().for_each(|(value, _)| names.add(value.as_text()));
    }
    if document.len() <= CHANGES_WITHOUT_A_PAST {
        return names.kept;
    }
    for change in latest_changes(document) {
        for field in NAME_FIELDS {
            let stood = objects::field_values_at(automerge, &person, field, change);
            stood.iter().for_each(|value| names.add(value.as_text()));
        }
    }
    names.kept
}

/// By the clocks of those who made them; which came first to this device does not count.
fn latest_changes(document: &Document) -> impl Iterator<Item = ChangeHash> {
    let changes = document.automerge().get_changes_meta(&[]);
    let mut dated: Vec<(i64, ChangeHash)> = changes.iter().map(|change| (change.timestamp, change.hash)).collect();
    dated.order_by(|a, b| b.cmp(a));
    dated.into_iter().take(CHANGES_SEARCHED_MAX).map(|(_, hash)| hash)
}

#[derive(Default)]
struct Names {
    kept: Vec<String>,
    known: BTreeSet<String>,
}

impl Names {
    fn add(&mut self, name: Option<&str>) {
        let Some(name) = name.filter(|name| !name.is_empty()) else { return };
        if self.kept.len() < NAMES_PER_PERSON_MAX && self.known.insert(name.to_owned()) {
            self.kept.push(name.to_owned());
        }
    }
}

#[cfg(test)]
mod tests {
    use doorstep_protocol::{ActorId, DocumentId, Millis};

    use super::*;

    fn person(preferred: &str, surname: &str) -> Person {
        Person {
            preferred_name: Some(preferred.into()),
            forename: Some("Margaret".into()),
            surname: Some(surname.into()),
            ..Person::default()
        }
    }

    fn put(document: &mut Document, (actor, at): (u8, u64), person: &Person) -> Vec<Vec<u8>> {
        let change = document.edit(ActorId([actor; 16]), Millis(at), |edit| edit.put(person)).expect("a valid person");
        change.into_iter().collect()
    }

    #[test]
    fn names_that_stand_come_before_those_that_were_replaced() {
        let mut document = Document::genesis(Class::Identity, DocumentId([1; 16])).expect("people are built");
        put(&mut document, (1, 1_000), &person("Peggy", "Ashdown"));
        assert_eq!(recorded(&document), ["Peggy", "Margaret", "Ashdown"]);
        put(&mut document, (1, 2_000), &person("Maggie", "Birch"));
        put(&mut document, (1, 3_000), &person("Maggie", "Coombe"));
        assert_eq!(recorded(&document), ["Maggie", "Margaret", "Coombe", "Birch", "Peggy", "Ashdown"]);
    }

    #[test]
    fn both_names_of_a_dispute_are_there_whatever_came_first() {
        let mut here = Document::genesis(Class::Identity, DocumentId([1; 16])).expect("people are built");
        put(&mut here, (1, 1_000), &person("Peggy", "Ashdown"));
        let mut there = Document::load(Class::Identity, here.id(), &here.save().expect("saved")).expect("the same");
        let ours = put(&mut here, (1, 2_000), &person("Peggy", "Birch"));
        let theirs = put(&mut there, (2, 2_000), &person("Peggy", "Coombe"));
        here.apply(&theirs).expect("theirs fits");
        there.apply(&ours).expect("ours fits");
        let names = recorded(&here);
        assert_eq!(names, recorded(&there));
        assert!(["Birch", "Coombe", "Ashdown"].iter().all(|name| names.iter().any(|known| known == name)), "{names:?}");
    }

    #[test]
    fn a_document_with_many_names_gives_a_limited_number_and_the_one_that_stands() {
        let mut document = Document::genesis(Class::Identity, DocumentId([1; 16])).expect("people are built");
        for number in 0..60 {
            put(&mut document, (1, 1_000 + number), &person(&format!("name {number}"), "Ashdown"));
        }
        let names = recorded(&document);
        assert_eq!(names.len(), NAMES_PER_PERSON_MAX);
        assert_eq!(names[..3], ["name 59", "Margaret", "Ashdown"]);
        assert!(names.contains(&"name 58".to_owned()) && !names.contains(&"name 1".to_owned()));
    }
}
