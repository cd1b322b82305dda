//! What must never leave by any report: written here with all the keys, and looked for in every report and form.

use doorstep_protocol::{Class, Millis};
use rand_core::SeedableRng as _;

use crate::client::place::{Place, START, damp, every_report, home, person, plan, visit};
use crate::client::{DisclosureVerdict, SealedInput};
use crate::device::RecordId;
use crate::partnership::purpose;
use crate::records::health_id::{HealthNumber, TraceStatus};
use crate::records::home::Hazard;
use crate::records::identity::{OccupancyKind, Person};
use crate::records::network::ConsentDecision;
use crate::records::protected::{Concern, ConcernKind, Link};
use crate::records::register::{Disclosure, DisclosureDecision};
use crate::records::sealed::{Violence, ViolenceKind};
use crate::records::{Row, RowId};

/// Writes what opens with a worker.
fn seal<R: Row>(place: &Place, record: RecordId, row: &R) {
    let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(77);
    let id = RowId([R::FIELDS.len() as u8; 16]);
    place
        .desk
        .lock()
        .write_restricted(record, R::CLASS, place.desk.now(), &mut rng, |edit| edit.create(id, row))
        .unwrap();
}

#[test]
fn nothing_sealed_protected_or_nhs_numbered_leaves_by_any_report_in_any_format() {
    let place = Place::new();
    place.desk.hear();
    let (hidden_home, open_home) = (home(&place.desk, 77), home(&place.desk, 9));
    let hidden = person(&place, "Wilhelmina", hidden_home);
    let neighbour = person(&place, "Ida", open_home);
    visit(
        &place.desk,
        open_home,
        vec![Hazard { note: Some("NHS number 943 476 5919 on the letter".into()), ..damp() }],
    );
    visit(&place.desk, hidden_home, vec![damp()]);
    // She had agreed to the plan before her address was protected.
    plan(&place, hidden, ConsentDecision::Given, START, None);
    let protect = Person {
        address_protected: Some(true),
        protected_by: Some("safeguarding lead".into()),
        surname: Some("Zebedee-Surname".into()),
        ..Person::default()
    };
    place.desk.write(|draft| draft.edit(hidden, Class::Identity, |edit| edit.put(&protect))).unwrap();

    let violence = Violence {
        kind: Some(ViolenceKind::Weapon),
        detail: Some("CANARY-VIOLENCE".into()),
        review_on: Some("2026-06-01".parse().unwrap()),
        ..Violence::default()
    };
    place.desk.glass().seal(open_home, &SealedInput { violence: vec![violence], ..SealedInput::default() }).unwrap();
    seal(
        &place,
        neighbour,
        &Concern {
            kind: Some(ConcernKind::DomesticAbuse),
            detail: Some("CANARY-CONCERN".into()),
            holder: Some("CANARY-HOLDER".into()),
            review_on: Some("2026-06-01".parse().unwrap()),
            ..Concern::default()
        },
    );
    seal(
        &place,
        hidden,
        &Link { address: Some("CANARY-REFUGE".into()), kind: Some(OccupancyKind::Main), ..Link::default() },
    );
    seal(
        &place,
        neighbour,
        &HealthNumber {
            number: Some("4010232137".parse().unwrap()),
            status: Some(TraceStatus::Verified),
            traced_at: Some(Millis(START)),
            ..HealthNumber::default()
        },
    );
    // Somebody reads what is protected: that it was read is on the chain, and that it exists must not be told to the resident.
    let mut rng = rand_chacha::ChaCha20Rng::seed_from_u64(5);
    let now = place.desk.now();
    place.desk.lock().read_restricted(neighbour, Class::Protected, purpose::PREVENTION, now, &mut rng).unwrap();
    let disclosure = Disclosure {
        record: Some(neighbour.0),
        asked_by: Some("GP practice".into()),
        asked: Some("the notes".into()),
        purpose: Some("care".into()),
        ..Disclosure::default()
    };
    let row = place.desk.register().ask(&disclosure).unwrap();
    let document = place.desk.register().all().unwrap()[0].document;
    let refused = DisclosureVerdict {
        decision: DisclosureDecision::Refused,
        decided_by: "IG lead".into(),
        why: Some("9434765919 was in the request".into()),
        given: None,
        identified: None,
        identified_how: None,
        person_told: None,
        not_told_why: None,
    };
    place.desk.register().decide(document, row, &refused).unwrap();

    let all = every_report(&place, &[hidden_home, open_home], &[hidden, neighbour]);
    assert!(all.iter().map(|(_, sheet)| sheet.rows.len()).sum::<usize>() > 100, "the reports hold something");
    let told = |name: &str| all.iter().find(|(one, _)| one == name).map(|(_, sheet)| sheet.to_csv()).unwrap();
    assert!(
        told(&format!("held {neighbour}")).contains("Ida") && told(&format!("held {hidden}")).contains("Wilhelmina")
    );
    assert!(told(&format!("disclosed {neighbour}")).contains("NHS number removed"));
    assert!(told("audit").contains("read-with-purpose"), "{}", told("audit"));
    for (name, sheet) in &all {
        let forms = [sheet.to_csv(), sheet.to_json_lines(), serde_json::to_string(sheet).unwrap()];
        for form in forms {
            for canary in ["CANARY", "4010232137", "9434765919", "943 476 5919", "Zebedee-Surname"] {
                assert!(!form.contains(canary), "{canary} in {name}:\n{form}");
            }
        }
    }
    // Where she lives stands in no report about her or the home, and her name in none about the home.
    let of_her = told(&format!("held {hidden}")) + &told(&format!("reads {hidden}"));
    for word in ["77 Alder", &hidden_home.to_string(), "0770090"] {
        assert!(!of_her.contains(word), "{word} in {of_her}");
    }
    let of_home = told(&format!("property {hidden_home}")) + &told(&format!("reg10 {hidden_home}"));
    for word in ["Wilhelmina", &hidden.to_string(), "0770090"] {
        assert!(!of_home.contains(word), "{word} in {of_home}");
    }
    assert!(told(&format!("property {open_home}")).contains("Ida"), "and her neighbour's is in that of hers");
    // What was read about her is protected: that there is such a thing is not told.
    assert!(!told(&format!("reads {neighbour}")).contains("with-purpose"), "{}", told(&format!("reads {neighbour}")));
}
