//! What is recorded, noun by noun: visits that grow room by room, answers, people, photographs, carrier files, decisions.

use doorstep_client_core::partnership::InvitePlan;
use doorstep_mobile_ffi::{
    Ability, AboutPhotograph, Adaptation, AdaptationStatus, AnswerForm, AnswerGiven, Answered, AtProperty, Contact,
    DecisionKind, Delivery, DeviceKind, Doing, Doorstep, DoorstepError, Equipment, EquipmentChange, EquipmentKind,
    EquipmentState, FieldValue, Figure, Findings, FormQuestion, HazardChange, HazardScheme, Kilograms, Level,
    MeasuredBy, Measurement, Need, NeedKind, NewPerson, NewVisit, Outcome, PhotographHeld, PhotographSending, RecordId,
    Severity, VisitKind, VisitState, VisitWords,
};

use crate::desk::{COUNCIL, Town, caught_up, text};
use crate::home::{damp, named, visit};

fn words(outcome: Outcome) -> VisitWords {
    VisitWords { outcome: Some(outcome), ..VisitWords::default() }
}

#[tokio::test]
async fn a_visit_grows_room_by_room_is_handed_in_returned_and_handed_in_again() {
    let town = Town::new().await;
    let tablet = town.tablet("tablet", 1).await;
    let begun = tablet.visits().begin(visit(VisitKind::OtAssessment, damp(Severity::Low))).unwrap();
    let (record, row) = (begun.record.clone(), begun.visit.clone());
    assert_eq!(tablet.visits().get(record.clone(), row.clone()).unwrap().state, Some(VisitState::Draft));
    let door = Measurement {
        feature: "front door".into(),
        figure: Figure::Millimetres { value: 740 },
        quantity: Some("width".into()),
        room: None,
        by: Some(MeasuredBy::Tape),
        observed: None,
    };
    let hoist = Equipment {
        kind: EquipmentKind::Hoist,
        label: None,
        room: Some("Bedroom".into()),
        safe_load: Some(Kilograms { kg: 190 }),
        installed: None,
        owner: None,
        service_due: None,
        state: Some(EquipmentState::InUse),
        note: None,
    };
    let ramp = Adaptation {
        kind: "ramp".into(),
        status: Some(AdaptationStatus::Recommended),
        room: None,
        since: None,
        note: None,
    };
    let found = Findings {
        measurements: vec![door.clone()],
        equipment: vec![hoist.clone()],
        adaptations: vec![ramp.clone()],
        ..Findings::default()
    };
    tablet.visits().add(record.clone(), row.clone(), VisitWords::default(), found).unwrap();
    let page = tablet.properties().get(record.clone()).unwrap();
    assert_eq!(page.measurements[0].measurement.figure, door.figure);
    assert_eq!(page.measurements[0].visit.as_ref(), Some(&row));
    assert_eq!((&page.equipment[0].equipment, &page.adaptations[0].adaptation), (&hoist, &ramp));
    let faulty = Equipment { state: Some(EquipmentState::Faulty), ..hoist };
    let change = EquipmentChange { row: page.equipment[0].facts.row.clone(), set: faulty.clone() };
    let found = Findings { equipment_changes: vec![change], ..Findings::default() };
    tablet.visits().add(record.clone(), row.clone(), words(Outcome::Partial), found).unwrap();
    assert_eq!(tablet.properties().get(record.clone()).unwrap().equipment[0].equipment, faulty);

    tablet.visits().submit(record.clone(), row.clone(), VisitWords::default()).unwrap();
    let handed_in = tablet.visits().get(record.clone(), row.clone()).unwrap();
    assert_eq!((handed_in.state, handed_in.words.outcome), (Some(VisitState::Submitted), Some(Outcome::Partial)));
    assert!(handed_in.words.ended.is_some());
    let late = tablet.visits().add(record.clone(), row.clone(), VisitWords::default(), Findings::default());
    assert!(matches!(&late, Err(DoorstepError::Value { field, .. }) if field == "state"), "{late:?}");
    assert_eq!(tablet.visits().list(5).unwrap()[0].state, VisitState::Submitted);
    assert!(tablet.todo().returned_visits(5).unwrap().is_empty());

    caught_up(&tablet).await;
    town.sync().await;
    let (home, visit_row) = {
        let found = town.client.visits().list(5).unwrap();
        (found[0].document, doorstep_client_core::records::RowId(found[0].row))
    };
    town.client.reviews().return_with_note(home, visit_row, "which side does the door open?").unwrap();
    town.sync().await;
    caught_up(&tablet).await;
    let returned = tablet.todo().returned_visits(5).unwrap();
    assert_eq!(returned.len(), 1);
    assert_eq!((&returned[0].visit, returned[0].note.as_deref()), (&row, Some("which side does the door open?")));
    assert!(town.tablet("colleague", 9).await.todo().returned_visits(5).unwrap().is_empty(), "it is not theirs");
    let note = VisitWords { note: Some("to the left".into()), ..VisitWords::default() };
    tablet.visits().add(record.clone(), row.clone(), note, Findings::default()).unwrap();
    tablet.visits().submit(record, row, words(Outcome::Done)).unwrap();
    assert!(tablet.todo().returned_visits(5).unwrap().is_empty());
}

#[tokio::test]
async fn answers_are_of_a_form_and_a_visit_that_is_done_has_all_that_are_required() {
    let town = Town::new().await;
    let tablet = town.tablet("tablet", 1).await;
    let codes = tablet.forms().codes(HazardScheme::Hhsrs2026).unwrap();
    assert!(codes.iter().any(|code| code.code == "11" && !code.words.cy.is_empty()));
    let forms = tablet.forms().for_visit(VisitKind::SafeAndWell).unwrap();
    let form = &forms[0];
    let yes_no = form.questions.iter().find(|question| question.answer == AnswerForm::YesNo && !question.is_per_room);
    let given = |yes| AnswerGiven {
        question: yes_no.unwrap().id.clone(),
        answer: Answered::YesNo { yes },
        room: None,
        form: Some(form.id.clone()),
        person: None,
    };
    let mut begins = visit(VisitKind::SafeAndWell, damp(Severity::Low));
    begins.answers = vec![given(false)];
    let begun = tablet.visits().begin(begins).unwrap();
    let (record, row) = (begun.record.clone(), begun.visit.clone());
    tablet.visits().answer(record.clone(), row.clone(), given(true)).unwrap();
    let filled = tablet.visits().form(record.clone(), row.clone()).unwrap();
    let asked = filled.asked.iter().find(|asked| asked.question.id == given(true).question).unwrap();
    let answers: Vec<_> = asked.answers.iter().map(|answer| answer.answer.clone()).collect();
    assert_eq!(answers, [Answered::YesNo { yes: true }], "answered anew, not twice");
    assert!(!filled.missing.is_empty() && filled.form.is_some_and(|chosen| chosen.id == form.id));
    let done = tablet.visits().submit(record.clone(), row.clone(), words(Outcome::Done)).unwrap_err();
    assert!(matches!(&done, DoorstepError::Value { .. }), "{done:?}");
    let state = tablet.visits().get(record.clone(), row.clone()).unwrap().state;
    assert_eq!(state, Some(VisitState::Draft), "it is as it was");
    tablet.visits().take_back(record.clone(), row.clone(), given(true).question, None, None).unwrap();
    let filled = tablet.visits().form(record, row).unwrap();
    assert!(filled.asked.iter().all(|asked| asked.answers.is_empty()));
    tablet.visits().submit(begun.record, begun.visit, words(Outcome::Partial)).unwrap();
}

#[tokio::test]
async fn an_answer_about_a_person_says_of_whom_it_is() {
    let town = Town::new().await;
    let tablet = town.tablet("tablet", 1).await;
    let mut begins = visit(VisitKind::OtAssessment, damp(Severity::Low));
    begins.found.people = ["Ada", "Bea"].map(named).to_vec();
    let begun = tablet.visits().begin(begins).unwrap();
    let (record, row) = (begun.record.clone(), begun.visit.clone());
    let asked = || tablet.visits().form(record.clone(), row.clone()).unwrap().asked;
    let is_goal = |question: &FormQuestion| question.is_about_person && question.answer == AnswerForm::Text;
    let about = asked().into_iter().find(|asked| is_goal(&asked.question)).unwrap().question.id;
    let answer = |words: &str, person| {
        let (question, answer) = (about.clone(), Answered::Text { words: words.into() });
        let given = AnswerGiven { question, answer, room: None, form: None, person };
        tablet.visits().answer(record.clone(), row.clone(), given)
    };
    let (ada, bea) = (begun.people[0].clone(), begun.people[1].clone());
    assert!(matches!(answer("to cook", None), Err(DoorstepError::Value { field, .. }) if field == "person"));
    answer("to cook", Some(ada.clone())).unwrap();
    answer("to garden", Some(bea.clone())).unwrap();
    let said = || {
        let asked = asked().into_iter().find(|asked| asked.question.id == about).unwrap();
        let words = |of: &RecordId| {
            let mut rows = asked.answers.iter().filter(|row| row.person.as_ref() == Some(of));
            rows.next().map(|row| row.answer.clone())
        };
        (words(&ada), words(&bea))
    };
    let cook = Answered::Text { words: "to cook".into() };
    let garden = Answered::Text { words: "to garden".into() };
    assert_eq!(said(), (Some(cook), Some(garden.clone())));
    tablet.visits().take_back(record.clone(), row.clone(), about.clone(), None, Some(ada.clone())).unwrap();
    assert_eq!(said(), (None, Some(garden)));
}

#[tokio::test]
async fn people_are_found_by_name_and_live_where_they_were_met() {
    let town = Town::new().await;
    let tablet = town.tablet("tablet", 1).await;
    let person = NewPerson {
        preferred_name: "Wilhelmina Oystercatcher".into(),
        forename: None,
        surname: None,
        born: Some(doorstep_mobile_ffi::Day { year: 1941, month: 7, day: 9 }),
        contacts: vec![Contact {
            channel: None,
            value: "020 7946 0018".into(),
            whose: None,
            when: None,
            safe: Some(true),
        }],
        needs: vec![Need { kind: NeedKind::LargePrint, detail: None }],
        abilities: vec![Ability { what: Doing::Stairs, level: Level::Cannot, constancy: None, detail: None }],
        lives_at: None,
    };
    let mut met = visit(VisitKind::OtAssessment, damp(Severity::Low));
    met.found.people = vec![person.clone()];
    let recorded = tablet.visits().record(met).unwrap();
    let found = tablet.people().find("oystercatcher", 5).unwrap();
    assert_eq!(found[0].record, recorded.people[0]);
    let page = tablet.people().get(found[0].record.clone()).unwrap();
    assert_eq!((page.line.born, &page.contacts, &page.needs), (person.born, &person.contacts, &person.needs));
    let abilities: Vec<_> = page.abilities.into_iter().map(|row| row.ability).collect();
    assert_eq!((&abilities, page.delivery), (&person.abilities, Delivery::NotSent));
    assert_eq!(page.occupancies[0].property.as_ref(), Some(&recorded.record));
    assert_eq!(tablet.properties().get(recorded.record.clone()).unwrap().people, found);
    let alone = NewPerson { preferred_name: "Ada".into(), lives_at: Some(recorded.record), ..person };
    let alone = tablet.people().record(alone).unwrap();
    assert_eq!(tablet.people().resolve("Ada").unwrap(), alone);
    assert!(matches!(tablet.people().resolve("Nobody"), Err(DoorstepError::NotHere { .. })));
}

/// One grey pixel, as PNG.
const PNG: [u8; 67] = [
    0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d, 0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00,
    0x01, 0x00, 0x00, 0x00, 0x01, 0x08, 0x00, 0x00, 0x00, 0x00, 0x3a, 0x7e, 0x9b, 0x55, 0x00, 0x00, 0x00, 0x0a, 0x49,
    0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0x68, 0x00, 0x00, 0x00, 0x82, 0x00, 0x81, 0xda, 0x45, 0x08, 0x3b, 0x00, 0x00,
    0x00, 0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
];

#[tokio::test]
async fn a_photograph_travels_thumbnail_first_and_the_original_when_it_is_wanted() {
    let town = Town::new().await;
    let (takes, sees) = (town.tablet("takes", 1).await, town.tablet("sees", 2).await);
    let record = takes.visits().record(visit(VisitKind::StockCondition, damp(Severity::Low))).unwrap().record;
    let not_one = takes.photographs().add(record.clone(), b"no picture".to_vec(), AboutPhotograph::default());
    assert!(matches!(not_one, Err(DoorstepError::Misfit { .. })), "{not_one:?}");
    let about = AboutPhotograph { note: Some("mould".into()), ..AboutPhotograph::default() };
    let row = takes.photographs().add(record.clone(), PNG.to_vec(), about).unwrap();
    let held = &takes.photographs().list(record.clone()).unwrap()[0];
    assert_eq!((&held.photograph, held.original), (&row, PhotographHeld::Here));
    assert!(
        matches!(held.sending, PhotographSending::Parts { .. }) && takes.photographs().parts_to_send().unwrap() > 0
    );
    caught_up(&takes).await;
    assert_eq!(takes.photographs().list(record.clone()).unwrap()[0].sending, PhotographSending::Sent);
    caught_up(&sees).await;
    let seen = &sees.photographs().list(record.clone()).unwrap()[0];
    assert_eq!((seen.thumbnail, seen.about.note.as_deref()), (PhotographHeld::Here, Some("mould")));
    assert!(sees.photographs().thumbnail(record.clone(), row.clone()).unwrap().is_some());
    sees.photographs().want(record.clone(), row.clone()).unwrap();
    caught_up(&sees).await;
    let original = sees.photographs().original(record.clone(), row.clone()).unwrap().unwrap();
    assert_eq!(Some(original), takes.photographs().original(record, row).unwrap());
}

#[tokio::test]
async fn work_goes_by_a_carrier_file_where_there_is_no_signal() {
    let town = Town::new().await;
    let (from, to) = (town.tablet("from", 1).await, town.tablet("to", 2).await);
    let record = from.visits().record(visit(VisitKind::SafeAndWell, damp(Severity::High))).unwrap().record;
    let file = text(&town.at("carried.doorstep"));
    assert!(from.carrier().export_to(&file).unwrap() > 0);
    let again = from.carrier().export_to(&file);
    assert!(matches!(again, Err(DoorstepError::Storage { .. })), "{again:?}");
    let report = to.carrier().import_from(&file).unwrap();
    assert!(report.applied > 0 && report.set_aside == 0, "{report:?}");
    assert_eq!(to.properties().get(record).unwrap().hazards.len(), 1);
    std::fs::write(&file, b"something else").unwrap();
    assert!(matches!(to.carrier().import_from(&file), Err(DoorstepError::Misfit { .. })));
}

#[tokio::test]
async fn a_dispute_is_kept_edited_returned_and_undone() {
    let town = Town::new().await;
    let (one, two) = (town.tablet("one", 1).await, town.tablet("two", 2).await);
    let recorded = one.visits().record(visit(VisitKind::SafeAndWell, damp(Severity::Medium))).unwrap();
    caught_up(&one).await;
    caught_up(&two).await;
    let hazard = one.properties().get(recorded.record.clone()).unwrap().hazards[0].facts.row.clone();
    for (tablet, severity) in [(&one, Severity::High), (&two, Severity::Low)] {
        let change = HazardChange { row: hazard.clone(), set: damp(severity) };
        let found = Findings { hazard_changes: vec![change], ..Findings::default() };
        let at = AtProperty::Known { record: recorded.record.clone() };
        let kind = VisitKind::FollowUp;
        tablet
            .visits()
            .record(NewVisit { at, kind, started: None, words: VisitWords::default(), found, answers: vec![] })
            .unwrap();
    }
    caught_up(&two).await;
    caught_up(&one).await;
    let conflicts = one.conflicts();
    let open = || conflicts.list(Some(recorded.record.clone()), 0, 10).unwrap().conflicts;
    let path = open()[0].path.clone();
    conflicts.return_to_visitor(path.clone(), recorded.visit.clone(), "please look again".into()).unwrap();
    assert!(open()[0].returned.is_some(), "it stays open");
    let kept = conflicts.keep_all(path.clone(), Some("two rooms".into())).unwrap();
    assert!(open().is_empty());
    conflicts.undo(path.document.clone(), kept, None).unwrap();
    assert!(!open().is_empty(), "it is open again");
    let refused = conflicts.edit(path.clone(), FieldValue::Text { text: "enormous".into() }, None).unwrap_err();
    assert!(matches!(&refused, DoorstepError::Value { .. }) && !format!("{refused:?}").contains("enormous"));
    conflicts.edit(path.clone(), FieldValue::Text { text: "emergency".into() }, None).unwrap();
    assert!(open().is_empty());
    let kinds: Vec<_> = conflicts.decisions(path).unwrap().into_iter().filter_map(|row| row.kind).collect();
    let expected = [DecisionKind::Edited, DecisionKind::AllKept, DecisionKind::Returned];
    assert!(expected.iter().all(|kind| kinds.contains(kind)), "{kinds:?}");
}

#[tokio::test]
async fn an_invitation_from_afar_needs_its_words() {
    let town = Town::new().await;
    let (invitation, phrase) = town.invitation(&InvitePlan::REMOTE);
    let phrase = phrase.unwrap();
    let vault = std::sync::Arc::new(crate::pocket::Pocket::default());
    let tablet = Doorstep::create(text(&town.at("remote")), vault, None).unwrap();
    let early = tablet.sync(None, None).await;
    assert!(matches!(early, Err(DoorstepError::NotAllowed { .. })), "{early:?}");
    let enrolment = tablet.enrolment();
    assert!(enrolment.needs_words(&invitation).unwrap());
    assert!(matches!(enrolment.begin("hello", DeviceKind::Shared), Err(DoorstepError::Misfit { .. })));
    assert!(matches!(enrolment.begin(&invitation, DeviceKind::Shared), Err(DoorstepError::Misfit { .. })));
    let other = enrolment.begin_with_words(&invitation, "one two three four five six", DeviceKind::Shared).unwrap_err();
    assert!(!format!("{other:?} {other}").contains("three"));
    let request = enrolment.begin_with_words(&invitation, &phrase, DeviceKind::Shared).unwrap();
    town.accept(&request, COUNCIL, 3).await;
    caught_up(&tablet).await;
}
