//! A landlord's real columns: the test data of the Awaab's Law data model, which is not part of this project. Set
//! `DOORSTEP_LANDLORD_DATA` to its folder, or lay it beside the project as `shared/data/awaabs-law-model`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use doorstep_client_core::records::communication::Need;
use doorstep_client_core::records::home::Alert;
use doorstep_client_core::records::identity::{Contact, Occupancy, OccupancyKind};
use doorstep_client_core::records::index::Flag;
use doorstep_client_core::records::{Class, Reading};
use doorstep_desk::import::{self, Counts, Input, Mapping, Mode};
use doorstep_pages::words::Speech;

use crate::desk::{Desk, counts};
use crate::shown::{Shown, links};

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
            ("member", "household_member_person.csv", counts(8, 0, 0, 8)),
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

/// The rows of a file, each by its columns.
fn rows(folder: &Path, file: &str) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(folder.join(file)).unwrap();
    let columns = reader.headers().unwrap().clone();
    let row =
        |row: csv::StringRecord| columns.iter().zip(row.iter()).map(|(a, b)| (a.to_owned(), b.to_owned())).collect();
    reader.records().map(|record| row(record.unwrap())).collect()
}

/// The page of the one person of this name and birthday.
fn person_page(shown: &Shown, row: &BTreeMap<String, String>) -> String {
    let born = Speech::default().tell("born-on", "day", Speech::default().day(&row["date_of_birth"]));
    let found = shown.find(&row["full_name"], "/person/");
    let pages: Vec<String> = found.iter().map(|path| shown.open(path)).filter(|page| page.contains(&born)).collect();
    assert_eq!(pages.len(), 1, "{} is found once", row["full_name"]);
    pages[0].clone()
}

/// The import ends in a desk on which every row that was taken can be found: by its number, by its street, by name; who lives
/// where, how to reach them, and what the landlord warns of.
#[test]
fn every_row_of_the_landlord_can_be_found_on_the_pages_of_the_desk() {
    let Some(folder) = folder() else { return };
    let desk = Desk::new();
    let mapping = Mapping::parse(import::AWAABS_LAW, "awaabs-law").unwrap();
    import::run(&desk.client, &mapping, &Input::Folder(folder.clone()), Mode::Write, &mut |_| {}).unwrap();
    let shown = Shown::of(desk.client.clone());
    let streets = {
        let area = desk.client.places().areas().unwrap()[0].area;
        links(&shown.open(&format!("/places/{area}")), "/places/street/")
    };
    let by_street: Vec<String> = streets.iter().map(|path| shown.open(path)).collect();

    let (addresses, tenancies) = (rows(&folder, "address.csv"), rows(&folder, "tenancy.csv"));
    let mut homes: BTreeMap<String, String> = BTreeMap::new();
    for row in &addresses {
        let found = shown.find(&row["uprn"], "/home/");
        assert_eq!(found.len(), 1, "{} is found by its number", row["uprn"]);
        let page = shown.open(&found[0]);
        assert!(page.contains(row["address_line"].split(',').next().unwrap()), "{}", row["uprn"]);
        assert!(shown.find(&row["post_code"], "/home/").contains(&found[0]), "{} by its postcode", row["uprn"]);
        assert!(by_street.iter().any(|street| street.contains(&found[0])), "{} by its street", row["uprn"]);
        homes.insert(row["address_id"].clone(), found[0].clone());
    }
    assert_eq!(homes.len(), 10);
    let home_of = |tenancy: &BTreeMap<String, String>| &homes[&tenancy["address_id"]];
    for row in rows(&folder, "tenant_person.csv") {
        let page = person_page(&shown, &row);
        // One number is written with both, 44 and the 0 that it stands for.
        let national = row["phone_number"].trim_start_matches("44").trim_start_matches('0');
        assert!(page.contains(&row["email"].to_lowercase()) && page.contains(&format!("+44{national}")));
        let tenancy = tenancies.iter().find(|tenancy| tenancy["tenant_id"] == row["tenant_id"]).unwrap();
        assert!(links(&page, "/home/").contains(home_of(tenancy)), "{} lives or lived there", row["full_name"]);
    }
    for row in rows(&folder, "household_member_person.csv") {
        let page = person_page(&shown, &row);
        let tenancy = tenancies.iter().find(|tenancy| tenancy["tenancy_id"] == row["tenancy_id"]).unwrap();
        // One was born after the tenancy ended: the report of the import says so.
        let has_lived_there = row["household_member_id"] != "14";
        assert_eq!(links(&page, "/home/").contains(home_of(tenancy)), has_lived_there, "{}", row["full_name"]);
    }
    let alerts: BTreeMap<String, String> = rows(&folder, "location_alert_type.csv")
        .into_iter()
        .map(|row| (row["location_alert_type_id"].clone(), row["code"].clone()))
        .collect();
    let mut warned = 0;
    for row in rows(&folder, "unit.csv") {
        let Some(code) = alerts.get(row["alert_type_id"].trim_end_matches(".0")) else { continue };
        let address = addresses.iter().find(|address| address["unit_id"] == row["unit_id"]).unwrap();
        let page = shown.open(&homes[&address["address_id"]]);
        let is_flag = ["ContactForDetails", "OperativeGenderRestriction", "AccessRestriction", "AsbestosPresent"];
        let shows = if is_flag.contains(&code.as_str()) { "class=\"flags\"" } else { "Alerts of other systems" };
        assert!(page.contains(shows), "{code} of unit {}", row["unit_id"]);
        warned += 1;
    }
    assert_eq!(warned, 8, "every alert of a unit that the import takes");
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
