//! A landlord's real columns: the test data of the Awaab's Law data model, which is not part of this project. Set
//! `DOORSTEP_LANDLORD_DATA` to its folder, or lay it beside the project as `shared/data/awaabs-law-model`.

use std::path::{Path, PathBuf};

use doorstep_client_core::records::communication::Need;
use doorstep_client_core::records::home::Alert;
use doorstep_client_core::records::identity::{Contact, Occupancy, OccupancyKind};
use doorstep_client_core::records::index::Flag;
use doorstep_client_core::records::{Class, Reading};
use doorstep_desk::import::{self, Counts, Input, Mapping, Mode};

use crate::desk::{Desk, counts};

fn folder() -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/awaabs-law-model");
    let found = std::env::var_os("DOORSTEP_LANDLORD_DATA").map_or(beside, PathBuf::from);
    if found.join("address.csv").is_file() {
        return Some(found);
    }
    println!("not run: the landlord's test data is not here; set DOORSTEP_LANDLORD_DATA to its folder");
    None
}

#[test]
fn the_landlords_ten_homes_come_in_and_every_row_is_accounted_for() {
    let Some(folder) = folder() else { return };
    let desk = Desk::new();
    let mapping = Mapping::parse(import::AWAABS_LAW, "awaabs-law").unwrap();
    let run = |mode| import::run(&desk.client, &mapping, &Input::Folder(folder.clone()), mode, &mut |_| {}).unwrap();
    let report = run(Mode::Write);
    println!("{}", report.text());
    assert_eq!((desk.written().0, desk.written().1), (10, 26));
    let by_kind: Vec<(&str, &str, Counts)> = report.by_kind();
    assert_eq!(
        by_kind,
        [
            ("property", "address.csv", counts(10, 0, 0, 0)),
            ("dwelling", "address.csv", counts(10, 0, 0, 0)),
            ("person", "tenant_person.csv", counts(10, 0, 0, 0)),
            ("person", "household_member_person.csv", counts(16, 0, 0, 0)),
            ("contact", "tenant_person.csv", counts(10, 0, 0, 0)),
            ("contact", "tenant_person.csv", counts(10, 0, 0, 0)),
            ("occupancy", "tenancy.csv", counts(10, 0, 0, 0)),
            // One was born after the tenancy ended.
            ("occupancy", "household_member_person.csv", counts(15, 0, 0, 1)),
            ("alert", "unit.csv", counts(8, 0, 0, 0)),
            ("alert", "tenant_person.csv", counts(0, 0, 0, 2)),
            ("alert", "household_member_person.csv", counts(2, 0, 0, 5)),
            ("alert", "household_member_person.csv", counts(0, 0, 2, 5)),
            ("row", "investigation_type.csv", counts(0, 0, 0, 4)),
            ("row", "physical_characteristics.csv", counts(0, 0, 0, 3)),
            ("row", "property.csv", counts(0, 0, 0, 3)),
            ("row", "report_status.csv", counts(0, 0, 0, 4)),
            ("row", "severity.csv", counts(0, 0, 0, 3)),
            ("row", "trigger_source.csv", counts(0, 0, 0, 4)),
        ],
        "{}",
        report.text()
    );
    let unexplained: Vec<_> = report.columns.iter().filter(|note| note.why.contains("does not name")).collect();
    assert!(unexplained.is_empty(), "{unexplained:?}");

    let written = desk.written();
    let again = run(Mode::Write);
    let (first, second) = (report.counts(), again.counts());
    assert_eq!(second, counts(0, 0, first.taken + first.already_there, first.not_taken), "{}", again.text());
    assert_eq!(desk.written(), written, "twice is once");
    assert!(desk.client.verify().unwrap().faults.is_empty());
}

#[test]
fn the_landlords_codes_and_dates_become_what_they_say_and_no_more() {
    let Some(folder) = folder() else { return };
    let desk = Desk::new();
    let mapping = Mapping::parse(import::AWAABS_LAW, "awaabs-law").unwrap();
    import::run(&desk.client, &mapping, &Input::Folder(folder), Mode::Write, &mut |_| {}).unwrap();
    let home = |uprn: &str| desk.client.properties().resolve(uprn).unwrap();
    let flags = |uprn: &str| -> Vec<String> {
        let view = desk.client.document(home(uprn), Class::Index).unwrap().unwrap();
        view.rows::<Flag>(Reading::Shown)
            .into_iter()
            .filter_map(|seen| seen.value.kind)
            .map(|k| k.to_string())
            .collect()
    };
    assert_eq!(flags("100000001"), ["contact-for-details"]);
    assert_eq!(flags("100000009"), ["operative-gender-restriction"]);
    assert_eq!(flags("100000002"), Vec::<String>::new(), "an environmental hazard is no flag");
    let view = desk.client.document(home("100000002"), Class::Home).unwrap().unwrap();
    let alerts: Vec<_> = view.rows::<Alert>(Reading::Shown).into_iter().filter_map(|seen| seen.value.kind).collect();
    assert_eq!(alerts, ["Environmental hazard"]);

    let person = |reference: &str, class| {
        let record = desk.client.people().of_reference(reference).unwrap().unwrap();
        desk.client.document(record, class).unwrap().unwrap()
    };
    let tenant = person("awaabs-law:tenant/1", Class::Identity);
    let values: Vec<_> =
        tenant.rows::<Contact>(Reading::Shown).into_iter().filter_map(|seen| seen.value.value).collect();
    assert!(values.contains(&"+44335014151".to_owned()), "{values:?}");
    let stays = |reference: &str| tenant_stays(&person(reference, Class::Identity));
    // Active past the end of its term: the tenant lives there, and the term is not taken for a departure.
    assert_eq!(stays("awaabs-law:tenant/6"), [(OccupancyKind::Main, Some("2020-10-25".into()), None)]);
    let ended = [(OccupancyKind::Previous, Some("2018-12-28".into()), Some("2020-02-27".into()))];
    assert_eq!(stays("awaabs-law:tenant/10"), ended);
    assert!(stays("awaabs-law:household-member/14").is_empty(), "born after the tenancy ended");
    let needs = person("awaabs-law:household-member/6", Class::Communication).rows::<Need>(Reading::Shown);
    assert!(needs.len() == 1 && needs[0].value.detail.as_ref().is_some_and(|d| d.contains("Sensory impairment")));

    let page = desk.client.properties().get(home("100000004"), Reading::Shown).unwrap();
    let names: Vec<&str> = page.people.iter().map(|person| person.name.as_str()).collect();
    assert_eq!(names, ["Beth James", "Geoffrey Murphy", "Katy Rose", "Sandra Wood"]);
    assert_eq!(page.row.address, "Apt 7, Maple Heights, 5 Maple Road, Manchester");
    let ended = desk.client.properties().get(home("100000010"), Reading::Shown).unwrap();
    assert!(ended.people.is_empty(), "nobody is said to live there now");
}

type Stay = (OccupancyKind, Option<String>, Option<String>);

fn tenant_stays(view: &doorstep_client_core::records::DocumentView) -> Vec<Stay> {
    view.rows::<Occupancy>(Reading::Shown)
        .into_iter()
        .map(|seen| {
            let text = |day: Option<doorstep_client_core::records::Date>| day.map(|day| day.to_string());
            (seen.value.kind.unwrap(), text(seen.value.from), text(seen.value.to))
        })
        .collect()
}
