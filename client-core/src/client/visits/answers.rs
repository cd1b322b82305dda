//! Answers to a form become what is recorded: the visit names the form, hazards name the version of their list, and rows that
//! follow from an answer stand beside those that the visitor wrote.

use rand_core::CryptoRng;

use super::VisitInput;
use crate::device::{Draft, WriteError};
use crate::records::answers::Answer;
use crate::records::home::{Dwelling, Outcome, Visit};
use crate::records::packs::{Book, Completeness, Content, FilledRow, Form, Subject, check_answers, conform, rows_of};
use crate::records::{Date, FieldError, rooms};

/// Completes a visit by what its answers say.
pub(super) fn follow<R: CryptoRng>(draft: &mut Draft<'_, R>, input: &mut VisitInput) -> Result<(), WriteError> {
    let today = Date::of(draft.now());
    let book = draft.device().book()?;
    if !input.answers.is_empty() {
        take_form(&book, &today, input)?;
    }
    for hazard in &mut input.hazards {
        let list = hazard.scheme.as_ref().and_then(|scheme| book.codes(scheme.as_str(), &today));
        hazard.version = hazard.version.or(list.map(|(_, version)| version));
    }
    Ok(())
}

/// Whether a visit that is to be handed in as done has all the answers that its form requires.
pub(super) fn check_whole<R: CryptoRng>(
    draft: &mut Draft<'_, R>,
    visit: &Visit,
    (outcome, completeness): (Option<&Outcome>, Completeness),
    mut given: Vec<Answer>,
) -> Result<(), WriteError> {
    let (Some(id), Some(version), Some(Outcome::Done)) = (&visit.form, visit.version, outcome) else { return Ok(()) };
    let book = draft.device().book()?;
    // A form that this device does not know any more was checked where the answers were given.
    let Some(Content::Form(form)) = book.version(id, version).map(|pack| &pack.content) else { return Ok(()) };
    conform(form, &mut given);
    Ok(check_answers(form, &given, completeness)?)
}

fn take_form(book: &Book, today: &Date, input: &mut VisitInput) -> Result<(), FieldError> {
    let named = input.visit.form.clone().or_else(|| input.answers.iter().find_map(|answer| answer.form.clone()));
    let id = match (named, &input.visit.kind) {
        (Some(id), _) => id,
        (None, Some(kind)) => match book.forms(kind, today).as_slice() {
            [(pack, _)] => pack.id.clone(),
            _ => {
                return Err(FieldError::new(
                    "form",
                    "there are several forms for this kind of visit, or none",
                    "name the form: `doorstep pack list` has them",
                ));
            }
        },
        (None, None) => {
            return Err(FieldError::new("form", "answers belong to a form", "name the form, or the kind of visit"));
        }
    };
    let version = input.visit.version.or_else(|| input.answers.iter().find_map(|answer| answer.version));
    let pack = match version {
        Some(version) => book.version(&id, version),
        None => book.current(&id, today),
    };
    let Some((pack, Content::Form(form))) = pack.map(|pack| (pack, &pack.content)) else {
        return Err(FieldError::new(
            "form",
            "a form that this device knows, in that version",
            "choose one of `doorstep pack list`, or sync to get a new one",
        ));
    };
    for answer in &mut input.answers {
        answer.form = Some(pack.id.clone());
        answer.version = Some(pack.version);
    }
    input.visit.form = Some(pack.id.clone());
    input.visit.version = Some(pack.version);
    input.visit.kind = input.visit.kind.clone().or_else(|| Some(form.visit.clone()));
    conform(form, &mut input.answers);
    let completeness = match (&input.visit.outcome, input.people.as_slice()) {
        (Some(Outcome::Done), []) => Completeness::DoneAboutNobody,
        (Some(Outcome::Done), _) => Completeness::Done,
        _ => Completeness::Partial,
    };
    check_answers(form, &input.answers, completeness)?;
    add_rows(form, input);
    take_to_person(form, input)
}

/// What is answered about a person goes with the person who was met, and not into the home.
fn take_to_person(form: &Form, input: &mut VisitInput) -> Result<(), FieldError> {
    let is_about_person = |answer: &mut Answer| {
        let id = answer.question.as_deref();
        form.questions.iter().any(|one| Some(one.id.as_str()) == id && one.about == Subject::Person)
    };
    let about_person: Vec<Answer> = input.answers.extract_if(.., is_about_person).collect();
    match input.people.as_mut_slice() {
        _ if about_person.is_empty() => Ok(()),
        [person] => {
            person.answers.extend(about_person);
            Ok(())
        }
        _ => Err(FieldError::new(
            "people",
            "an answer about a person belongs to one person who was met",
            "name that person, or answer question by question in a visit that has begun",
        )),
    }
}

/// Adds what follows from the answers, unless the visitor wrote it down himself.
fn add_rows(form: &Form, input: &mut VisitInput) {
    for row in rows_of(form, &input.answers) {
        match row {
            FilledRow::Dwelling(said) => {
                let dwelling = input.dwelling.take().unwrap_or_default();
                input.dwelling = Some(beside(dwelling, *said));
            }
            FilledRow::Hazard(hazard) => {
                let is_same = |one: &crate::records::home::Hazard| {
                    (&one.scheme, &one.code) == (&hazard.scheme, &hazard.code)
                        && rooms::is_same(one.room.as_deref(), hazard.room.as_deref())
                };
                push_new(&mut input.hazards, *hazard.clone(), is_same);
            }
            FilledRow::Measurement(taken) => push_new(&mut input.measurements, *taken.clone(), |one| {
                (&one.feature, &one.quantity) == (&taken.feature, &taken.quantity)
                    && rooms::is_same(one.room.as_deref(), taken.room.as_deref())
            }),
            FilledRow::Alarm(alarm) => {
                push_new(&mut input.alarms, *alarm.clone(), |one| {
                    one.kind == alarm.kind && rooms::is_same(one.room.as_deref(), alarm.room.as_deref())
                });
            }
            FilledRow::Clutter(rated) => {
                push_new(&mut input.clutter, *rated.clone(), |one| {
                    rooms::is_same(one.room.as_deref(), rated.room.as_deref())
                });
            }
            FilledRow::Equipment(found) => {
                push_new(&mut input.equipment, *found.clone(), |one| {
                    one.kind == found.kind && rooms::is_same(one.room.as_deref(), found.room.as_deref())
                });
            }
            FilledRow::Adaptation(one) => input.adaptations.push(*one),
            // Whose ability it is can be told only where one person was met.
            FilledRow::Ability(ability) => {
                if let [person] = input.people.as_mut_slice() {
                    push_new(&mut person.abilities, *ability.clone(), |one| one.what == ability.what);
                }
            }
        }
    }
}

fn push_new<T>(rows: &mut Vec<T>, row: T, is_same: impl Fn(&T) -> bool) {
    if !rows.iter().any(is_same) {
        rows.push(row);
    }
}

/// What the visitor wrote, and beside it what an answer says.
fn beside(written: Dwelling, said: Dwelling) -> Dwelling {
    Dwelling {
        storeys: written.storeys.or(said.storeys),
        floor: written.floor.or(said.floor),
        bedrooms: written.bedrooms.or(said.bedrooms),
        habitable_rooms: written.habitable_rooms.or(said.habitable_rooms),
        bathrooms: written.bathrooms.or(said.bathrooms),
        kitchens: written.kitchens.or(said.kitchens),
        lift: written.lift.or(said.lift),
        attic: written.attic.or(said.attic),
        basement: written.basement.or(said.basement),
        construction: written.construction.or(said.construction),
        built_year: written.built_year.or(said.built_year),
        heating: written.heating.or(said.heating),
        tenure: written.tenure.or(said.tenure),
        landlord: written.landlord.or(said.landlord),
        main_exit: written.main_exit.or(said.main_exit),
        main_exit_note: written.main_exit_note.or(said.main_exit_note),
        access_notes: written.access_notes.or(said.access_notes),
        key_safe: written.key_safe.or(said.key_safe),
        people_inside: written.people_inside.or(said.people_inside),
        sprinkler: written.sprinkler.or(said.sprinkler),
        telecare: written.telecare.or(said.telecare),
        contact: written.contact.or(said.contact),
        source: written.source.or(said.source),
    }
}
