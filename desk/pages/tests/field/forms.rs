//! The form of a visit: tap by tap, with what follows from each answer.

use doorstep_client_core::client::{PersonInput, PropertyRef, ProtectionDecision, VisitInput};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::answers::Answer;
use doorstep_client_core::records::function::Level;
use doorstep_client_core::records::home::{Dwelling, ExitState, HazardState, Visit, VisitKind, VisitState};
use doorstep_client_core::records::identity::Person;
use doorstep_client_core::records::{Class, Reading, RowId};

use super::served::{Served, Visitor, served};
use super::visits::begin;

pub(crate) fn answer(visitor: &Visitor<'_>, visit: &str, question: &str, fields: &[(&str, &str)]) {
    let to = visitor.post(&format!("{visit}/form/{question}"), fields).location();
    assert_eq!(to, format!("{visit}/form#q-{question}"), "back to the question");
}

/// The part of a form's page that is about one question.
pub(crate) fn question(page: &str, id: &str) -> String {
    let (_, after) = page.split_once(&format!("id=\"q-{id}\"")).unwrap_or_else(|| panic!("{id} is asked: {page}"));
    after.split("</section>").next().unwrap_or_default().to_owned()
}

#[test]
fn each_tap_is_saved_with_what_follows_from_it_and_what_is_not_answered_is_not_known() {
    let served = served();
    let visitor = served.visitor();
    let visit = begin(&visitor, "safe-and-well");
    let html = visitor.page(&format!("{visit}/form"));
    assert!(html.contains("0 of ") && question(&html, "smoking").contains("not known"), "{html}");
    answer(&visitor, &visit, "smoking", &[("answer", "yes")]);
    answer(&visitor, &visit, "smoke-alarm", &[("room", "hall"), ("answer", "none")]);
    answer(&visitor, &visit, "way-out", &[("answer", "clear")]);
    answer(&visitor, &visit, "clutter", &[("room_other", "box room"), ("answer", "7")]);
    let html = visitor.page(&format!("{visit}/form"));
    assert!(html.contains("4 of "), "{html}");
    assert!(question(&html, "smoking").contains("aria-pressed=\"true\""));
    assert!(question(&html, "smoke-alarm").contains("hall: <strong>None"), "{}", question(&html, "smoke-alarm"));
    let home = visitor.page(&format!("/home/{}", served.record));
    for shown in ["Smoking materials", "hall, smoke alarm, none", "rating 7 of 9"] {
        assert!(
            home.replace("<strong>", "").replace("</strong>", "").replace("<span class=\"rest\">", "").contains(shown),
            "{shown}: {home}"
        );
    }
    let welsh = visitor.page_in_welsh(&format!("{visit}/form"));
    assert!(welsh.contains("Ymweliad Diogel ac Iach") && welsh.contains("Larwm mwg ar y llawr hwn?"), "{welsh}");
}

#[test]
fn an_answer_that_is_changed_changes_what_followed_and_one_that_is_taken_back_is_not_known() {
    let served = served();
    let visitor = served.visitor();
    let visit = begin(&visitor, "safe-and-well");
    let state = |code: &str| {
        let home = served.client.properties().get(served.record, Reading::Shown).expect("the home");
        let found: Vec<_> = home.view.hazards.iter().filter(|seen| seen.value.code.as_deref() == Some(code)).collect();
        assert!(found.len() <= 1, "{code} stands once");
        found.first().and_then(|seen| seen.value.state.clone())
    };
    answer(&visitor, &visit, "candles", &[("answer", "yes")]);
    assert_eq!(state("candles"), Some(HazardState::Open));
    answer(&visitor, &visit, "candles", &[("answer", "no")]);
    assert_eq!(state("candles"), Some(HazardState::Resolved), "it is said to be gone");
    answer(&visitor, &visit, "candles", &[("answer", "yes")]);
    assert_eq!(state("candles"), Some(HazardState::Open), "the same hazard is open again");
    answer(&visitor, &visit, "candles", &[("take_back", "yes")]);
    assert_eq!(state("candles"), Some(HazardState::Resolved));
    assert!(question(&visitor.page(&format!("{visit}/form")), "candles").contains("not known"));
    // An alarm is the one alarm, however often its answer is changed; one that was answered by mistake was not found.
    answer(&visitor, &visit, "smoke-alarm", &[("room", "hall"), ("answer", "present")]);
    answer(&visitor, &visit, "smoke-alarm", &[("room", "hall"), ("answer", "replaced")]);
    let home = served.client.properties().get(served.record, Reading::Shown).expect("the home");
    assert_eq!(home.view.alarms.len(), 1, "one alarm, in its latest state");
    assert_eq!(home.view.alarms[0].value.state.as_ref().map(|state| state.as_str()), Some("replaced"));
    answer(&visitor, &visit, "smoke-alarm", &[("room_other", "hall"), ("take_back", "yes")]);
    let alarms = || served.client.properties().get(served.record, Reading::Shown).expect("the home").view.alarms;
    assert_eq!(alarms(), [], "nobody found one");
    answer(&visitor, &visit, "smoke-alarm", &[("room", "hall"), ("answer", "none")]);
    assert_eq!(alarms().len(), 1, "and answered anew it stands");
}

#[test]
fn what_an_answer_says_of_the_dwelling_is_taken_back_with_it_and_what_was_known_before_stays() {
    let served = served();
    let visitor = served.visitor();
    let way_out = || {
        let page = served.client.properties().get(served.record, Reading::Shown).expect("the home");
        page.view.dwelling.and_then(|seen| seen.value.main_exit)
    };
    let first = begin(&visitor, "safe-and-well");
    answer(&visitor, &first, "way-out", &[("answer", "blocked")]);
    assert_eq!(way_out(), Some(ExitState::Blocked));
    let firebox = format!("/firebox/{}", served.record);
    let blocked = visitor.page(&firebox);
    answer(&visitor, &first, "way-out", &[("take_back", "yes")]);
    assert_eq!(way_out(), None, "nobody knows");
    assert_ne!(visitor.page(&firebox).matches("blocked").count(), blocked.matches("blocked").count());
    assert!(question(&visitor.page(&format!("{first}/form")), "way-out").contains("not known"));
    answer(&visitor, &first, "way-out", &[("answer", "blocked")]);
    assert_eq!(way_out(), Some(ExitState::Blocked), "the same said again stands");
    // Another visit says the same, and takes it back: what the first one saw stands.
    let second = begin(&visitor, "safe-and-well");
    answer(&visitor, &second, "way-out", &[("answer", "blocked")]);
    answer(&visitor, &second, "way-out", &[("take_back", "yes")]);
    assert_eq!(way_out(), Some(ExitState::Blocked));
    answer(&visitor, &second, "way-out", &[("answer", "clear")]);
    answer(&visitor, &second, "way-out", &[("take_back", "yes")]);
    assert_eq!(way_out(), None);
    // A visit that is recorded whole says it again, too.
    let mut whole = VisitInput::to(PropertyRef::Record(served.record));
    whole.dwelling = Some(Dwelling { main_exit: Some(ExitState::Clear), ..Dwelling::default() });
    served.client.visits().record(&whole).expect("a visit");
    assert_eq!(way_out(), Some(ExitState::Clear));
}

#[test]
fn what_somebody_can_do_is_taken_back_with_the_answer_that_said_it() {
    let served = served();
    let visitor = served.visitor();
    let quill = add_person(&visitor, "Mrs Quill");
    let visit = begin(&visitor, "ot-assessment");
    let abilities = || {
        let page = served.client.people().get(quill, Reading::Shown).expect("the person");
        page.view.abilities.into_iter().filter_map(|seen| seen.value.level).collect::<Vec<_>>()
    };
    answer(&visitor, &visit, "stairs", &[("answer", "cannot")]);
    assert_eq!(abilities(), [Level::Cannot]);
    answer(&visitor, &visit, "stairs", &[("person", &quill.to_string()), ("take_back", "yes")]);
    assert_eq!(abilities(), []);
    let list = visitor.page(&format!("/person/{quill}/mistakes"));
    assert!(list.contains("stairs: cannot") && list.contains("The answer was taken back."), "{list}");
    answer(&visitor, &visit, "stairs", &[("answer", "cannot")]);
    assert_eq!(abilities(), [Level::Cannot], "and answered anew it stands");
}

#[test]
fn what_does_not_fit_stands_at_its_question_and_what_was_typed_is_kept() {
    let served = served();
    let visitor = served.visitor();
    let visit = begin(&visitor, "stock-condition");
    for (id, fields, said) in [
        ("built", &[("answer", "in the seventies")][..], "A whole number from"),
        ("heating", &[("answer", "  ")][..], "Fill this in."),
    ] {
        let refused = visitor.post(&format!("{visit}/form/{id}"), fields);
        let html = refused.text();
        assert_eq!(refused.status, 422, "{id}: {html}");
        assert!(html.contains("href=\"#f-answer\"") && question(&html, id).contains(said), "{id}: {html}");
        assert!(question(&html, id).contains(fields[0].1.trim()), "{id}: what was typed is kept");
    }
    let safe = begin(&visitor, "safe-and-well");
    let refused = visitor.post(&format!("{safe}/form/smoke-alarm"), &[("answer", "none")]);
    assert_eq!(refused.status, 422);
    assert!(question(&refused.text(), "smoke-alarm").contains("Say which room."));
    assert_eq!(visitor.post(&format!("{safe}/form/no-such-question"), &[("answer", "yes")]).status, 404);
    assert_eq!(visitor.post(&format!("{safe}/form/way-out"), &[("answer", "sideways")]).status, 422);
    // What the core refuses is said in the language of the page.
    let welsh = visitor.in_welsh().post(&format!("{safe}/form/way-out"), &[("answer", "sideways")]).text();
    assert!(welsh.contains("Heb ei gadw: un o clear") && !welsh.contains("answer as the form asks"), "{welsh}");
}

#[test]
fn a_form_that_was_begun_is_whole_before_its_visit_is_done() {
    let served = served();
    let visitor = served.visitor();
    let visit = begin(&visitor, "safe-and-well");
    answer(&visitor, &visit, "way-out", &[("answer", "blocked")]);
    let refused = visitor.post(&format!("{visit}/finish"), &[("outcome", "done"), ("note", "all well")]);
    let html = refused.text();
    assert_eq!(refused.status, 422, "{html}");
    assert!(html.contains("questions of the form still need an answer") && html.contains("all well"), "{html}");
    answer(&visitor, &visit, "escape", &[("answer", "yes")]);
    answer(&visitor, &visit, "smoke-alarm", &[("room", "hall"), ("answer", "tested")]);
    visitor.post(&format!("{visit}/finish"), &[("outcome", "done")]).location();
    let html = visitor.page(&format!("{visit}/form"));
    assert!(!question(&html, "way-out").contains("<button"), "what is handed in is read");
    assert_eq!(visitor.post(&format!("{visit}/form/way-out"), &[("answer", "clear")]).status, 422);
}

#[test]
fn a_kind_of_visit_with_several_forms_asks_which_and_keeps_to_it() {
    let served = served();
    let visitor = served.visitor();
    let visit = begin(&visitor, "hhsrs-inspection");
    let html = visitor.page(&format!("{visit}/form"));
    assert!(html.contains("Which form?") && html.contains("form-hhsrs-inspection-2026"), "{html}");
    visitor.post(&format!("{visit}/form"), &[("form", "form-hhsrs-inspection-2026")]).location();
    let html = visitor.page(&format!("{visit}/form"));
    assert!(html.contains("class=\"question\"") && !html.contains("Which form?"), "{html}");
}

#[test]
fn every_kind_of_visit_shows_its_form_in_both_languages() {
    let served = served();
    let visitor = served.visitor();
    for kind in VisitKind::CODES.iter().filter(|kind| **kind != "hhsrs-inspection") {
        let visit = begin(&visitor, kind);
        let (english, welsh) =
            (visitor.page(&format!("{visit}/form")), visitor.page_in_welsh(&format!("{visit}/form")));
        let count = |html: &str| html.matches("class=\"question\"").count();
        assert!(count(&english) > 3 && count(&english) == count(&welsh), "{kind}");
    }
}

#[test]
fn an_answer_about_the_person_becomes_what_they_can_do() {
    let served = served();
    let visitor = served.visitor();
    let added = visitor.post(&format!("/home/{}/person", served.record), &[("preferred_name", "Mrs Quill")]).location();
    let visit = begin(&visitor, "ot-assessment");
    let html = visitor.page(&format!("{visit}/form"));
    assert!(html.contains("About Mrs Quill."), "{html}");
    let book = served.client.packs().book().expect("packs");
    let today = doorstep_client_core::records::Date::of(served.client.now());
    let (_, form) = book.forms(&VisitKind::OtAssessment, &today)[0];
    let of_person =
        form.questions.iter().find(|one| one.fills.iter().any(|fill| fill.row == "abilities")).expect("one");
    answer(&visitor, &visit, &of_person.id, &[("answer", "with-help")]);
    let record: RecordId = added.trim_start_matches("/person/").parse().expect("a person");
    let page = served.client.people().get(record, Reading::Shown).expect("the person");
    assert_eq!(page.view.abilities.len(), 1, "{:?}", page.view.abilities);
    answer(&visitor, &visit, &of_person.id, &[("answer", "independent")]);
    let page = served.client.people().get(record, Reading::Shown).expect("the person");
    let levels: Vec<_> = page.view.abilities.iter().filter_map(|seen| seen.value.level.as_ref()).collect();
    assert_eq!(levels.len(), 1, "the same ability, changed");
    assert_eq!(levels[0].as_str(), "independent");
}

/// The questions that a class of a record has answers to, as the document holds them.
fn answered(served: &Served, record: RecordId, class: Class) -> Vec<String> {
    let view = served.client.document(record, class).expect("a document");
    let rows = view.map(|view| view.rows::<Answer>(Reading::Shown)).unwrap_or_default();
    let said = rows.into_iter().filter(|seen| seen.value.says_something());
    said.filter_map(|seen| seen.value.question).collect()
}

fn add_person(visitor: &Visitor<'_>, name: &str) -> RecordId {
    let to = visitor.post(&format!("/home/{}/person", visitor.served.record), &[("preferred_name", name)]).location();
    to.trim_start_matches("/person/").parse().expect("a person")
}

#[test]
fn what_is_answered_about_a_person_stands_with_that_person_and_never_in_the_home() {
    let served = served();
    let visitor = served.visitor();
    let visit = begin(&visitor, "ot-assessment");
    let refused = visitor.post(&format!("{visit}/form/stairs"), &[("answer", "cannot")]);
    assert_eq!(refused.status, 422, "nobody is known to live there");
    assert!(question(&refused.text(), "stairs").contains("Add the person, then answer."), "{}", refused.text());
    let (quill, other) = (add_person(&visitor, "Mrs Quill"), add_person(&visitor, "Mr Adeyemi"));
    let refused = visitor.post(&format!("{visit}/form/stairs"), &[("answer", "cannot")]);
    assert_eq!(refused.status, 422, "one of two is meant");
    for (person, level, words) in [(quill, "cannot", "the garden"), (other, "independent", "his books")] {
        let person = person.to_string();
        answer(&visitor, &visit, "stairs", &[("person", &person), ("answer", level)]);
        answer(&visitor, &visit, "goal", &[("person", &person), ("answer", words)]);
    }
    assert_eq!(answered(&served, served.record, Class::Home), Vec::<String>::new());
    for person in [quill, other] {
        let mut of_person = answered(&served, person, Class::Function);
        of_person.sort();
        assert_eq!(of_person, ["goal", "stairs"]);
    }
    let html = visitor.page(&format!("{visit}/form"));
    let goal = question(&html, "goal");
    assert!(goal.contains("Mrs Quill: <strong>the garden") && goal.contains("Mr Adeyemi: <strong>his books"), "{goal}");
    // One is taken back, by name; the other stays.
    answer(&visitor, &visit, "goal", &[("person", &quill.to_string()), ("take_back", "yes")]);
    assert_eq!(answered(&served, quill, Class::Function), ["stairs"]);
    assert_eq!(answered(&served, other, Class::Function).len(), 2);
}

#[test]
fn somebody_whose_address_is_protected_is_asked_on_their_own_page_and_the_answer_names_no_visit() {
    let served = served();
    let visitor = served.visitor();
    let quill = add_person(&visitor, "Mrs Quill");
    let visit = begin(&visitor, "ot-assessment");
    let decision = ProtectionDecision { by: "P. Shah".to_owned(), contact: "safeguarding".to_owned(), from: None };
    served.client.protection().begin(quill, &decision).expect("a decision");
    let html = visitor.page(&format!("{visit}/form"));
    assert!(html.contains("Find them by name and answer there") && !html.contains("Mrs Quill"), "{html}");
    let refused =
        visitor.post(&format!("{visit}/form/stairs"), &[("person", &quill.to_string()), ("answer", "cannot")]);
    assert_eq!(refused.status, 422, "nobody is named at the home");

    let person = format!("/person/{quill}");
    assert!(visitor.page(&person).contains(&format!("href=\"{person}/questions\"")));
    assert!(visitor.page(&format!("{person}/questions")).contains("/questions/form-ot-assessment\""));
    let form = format!("{person}/questions/form-ot-assessment");
    let html = visitor.page(&form);
    assert!(
        html.contains("About Mrs Quill.") && !html.contains("id=\"q-mats\""),
        "of the home nothing is asked: {html}"
    );
    assert_eq!(visitor.post(&format!("{form}/stairs"), &[("answer", "cannot")]).location(), format!("{form}#q-stairs"));
    assert_eq!(visitor.post(&format!("{form}/falls"), &[("answer", "many")]).status, 422);
    assert_eq!(visitor.post(&format!("{form}/mats"), &[("answer", "yes")]).status, 404);
    assert!(question(&visitor.page(&form), "stairs").contains("Not at all"));
    assert_eq!(answered(&served, quill, Class::Function), ["stairs"]);
    let view = served.client.document(quill, Class::Function).expect("it answers").expect("what they can do");
    assert!(view.rows::<Answer>(Reading::Shown).iter().all(|seen| seen.value.visit.is_none()));
    let page = served.client.people().get(quill, Reading::Shown).expect("the person");
    assert_eq!(page.view.abilities.len(), 1, "what they can do follows");
    let welsh = visitor.page_in_welsh(&form);
    assert!(welsh.contains("Nid ydynt yn enwi cartref nac ymweliad"), "{welsh}");
}

#[test]
fn an_answer_about_a_person_that_an_earlier_version_left_in_the_home_goes_with_its_next_change() {
    let served = served();
    let visitor = served.visitor();
    let quill = add_person(&visitor, "Mrs Quill");
    let visit = begin(&visitor, "ot-assessment");
    let row = visit.rsplit('/').next().and_then(|row| row.parse::<RowId>().ok()).expect("a visit");
    let left = Answer {
        visit: Some(row),
        form: Some("form-ot-assessment".to_owned()),
        version: Some(1),
        question: Some("stairs".to_owned()),
        choice: Some("cannot".to_owned()),
        ..Answer::default()
    };
    let saved = served.client.write(|draft| {
        let fresh = draft.row_id();
        draft.edit(served.record, Class::Home, |edit| edit.create(fresh, &left))
    });
    saved.expect("an answer of an earlier version");
    assert!(question(&visitor.page(&format!("{visit}/form")), "stairs").contains("Not at all"), "it is still read");
    answer(&visitor, &visit, "stairs", &[("answer", "with-help")]);
    assert_eq!(answered(&served, served.record, Class::Home), Vec::<String>::new());
    assert_eq!(answered(&served, quill, Class::Function), ["stairs"]);
}

#[test]
fn a_visit_saved_whole_takes_answers_about_the_one_person_it_met_to_that_person() {
    let served = served();
    let said = |question: &str, choice: &str| Answer {
        question: Some(question.to_owned()),
        choice: Some(choice.to_owned()),
        ..Answer::default()
    };
    let mut input = VisitInput::to(PropertyRef::Record(served.record));
    input.visit.kind = Some(VisitKind::OtAssessment);
    input.answers = vec![said("stairs", "cannot"), Answer { room: Some("hall".to_owned()), ..said("mats", "yes") }];
    let refused = served.client.visits().record(&input).expect_err("nobody was met").to_string();
    assert!(refused.contains("one person who was met"), "{refused}");
    let person = Person { preferred_name: Some("Mrs Quill".to_owned()), ..Person::default() };
    input.people = vec![PersonInput { person: Some(person), ..PersonInput::default() }];
    let recorded = served.client.visits().record(&input).expect("a visit");
    assert_eq!(answered(&served, served.record, Class::Home), ["mats"]);
    assert_eq!(answered(&served, recorded.people[0], Class::Function), ["stairs"]);
    let form = served.client.visits().form(served.record, recorded.visit).expect("its form");
    assert_eq!(form.answered(), 2, "the form has both");
}

#[test]
fn a_form_and_answers_of_a_newer_device_are_shown_and_stay() {
    let served = served();
    let visitor = served.visitor();
    let begin_with = |form: &str, version: i64| {
        let mut input = VisitInput::to(PropertyRef::Record(served.record));
        input.visit = Visit {
            kind: Some(VisitKind::SafeAndWell),
            state: Some(VisitState::Draft),
            form: Some(form.to_owned()),
            version: Some(version),
            ..Visit::default()
        };
        served.client.visits().record(&input).expect("a visit").visit
    };
    let answer_of = |visit: RowId, form: &str, version: i64| {
        let answer = Answer {
            visit: Some(visit),
            form: Some(form.to_owned()),
            version: Some(version),
            question: Some("hydrogen-boiler".to_owned()),
            text: Some("in the loft".to_owned()),
            ..Answer::default()
        };
        let saved = served.client.write(|draft| {
            let row = draft.row_id();
            draft.edit(served.record, Class::Home, |edit| edit.create(row, &answer))
        });
        saved.expect("an answer of a newer device");
    };
    let (known, unknown) = (begin_with("form-safe-and-well", 1), begin_with("form-of-tomorrow", 3));
    answer_of(known, "form-safe-and-well", 1);
    answer_of(unknown, "form-of-tomorrow", 3);
    let path = |visit: RowId| format!("/visit/{}/{visit}", served.record);
    let html = visitor.page(&format!("{}/form", path(known)));
    assert!(
        html.contains("hydrogen-boiler") && html.contains("in the loft") && html.contains("id=\"q-way-out\""),
        "{html}"
    );
    let html = visitor.page(&format!("{}/form", path(unknown)));
    assert!(html.contains("form-of-tomorrow") && html.contains("in the loft"), "{html}");
    // Answering another question, and handing the visit in, leaves them where they are.
    answer(&visitor, &path(known), "way-out", &[("answer", "clear")]);
    visitor.post(&format!("{}/finish", path(known)), &[("outcome", "partial")]).location();
    assert!(visitor.page(&format!("{}/form", path(known))).contains("in the loft"));
}
