//! Reports: their published form, and what must never be in one.

use std::collections::BTreeMap;

use doorstep_client_core::client::reports::{Cell, CountOf, ReadsLeftOut, TABLES};
use doorstep_client_core::records::RowId;
use doorstep_client_core::records::home::{Dwelling, Hazard};
use doorstep_client_core::records::network::{Consent, ConsentDecision};
use doorstep_protocol::{Class, Millis};

use crate::place::{DAY, Place, START, damp, every_report, home, home_document, person, plan, visit};

#[test]
fn the_sheet_of_regulation_10_is_four_facts_and_only_with_explicit_consent() {
    let place = Place::new();
    let record = home(&place.desk, 7);
    let floor = Dwelling { floor: Some(3), ..Dwelling::default() };
    place.desk.write(|draft| draft.edit(record, Class::Home, |edit| edit.put(&floor))).unwrap();
    place.clock.turn(10 * DAY);
    let reports = place.desk.reports();
    let rows = |expected: usize, without: usize, why: &str| {
        let found = reports.reg10(record).unwrap();
        assert_eq!((found.sheet.rows.len(), found.without_consent), (expected, without), "{why}");
        found
    };
    let peggy = person(&place, "Peggy", record);
    rows(0, 0, "nobody has a plan");
    plan(&place, peggy, ConsentDecision::Refused, START, None);
    rows(0, 1, "she refused");
    let yes = plan(&place, peggy, ConsentDecision::Given, START + DAY, None);
    let found = rows(1, 0, "she agreed later");
    assert_eq!(found.sheet.table.columns.len(), 4, "exactly the four facts");
    assert_eq!(found.sheet.to_csv(), "flat_number,floor_number,assistance,statement_exists\r\n7,3,one-person,true\r\n");
    assert_eq!(found.sheet.rows, [vec![Cell::text("7"), Cell::Number(3), Cell::text("one-person"), Cell::Truth(true)]]);
    let no = plan(&place, peggy, ConsentDecision::Refused, START + DAY, None);
    rows(0, 1, "a no of the same moment beats a yes");
    let later = Consent { decided_at: Some(Millis(START)), ..Consent::default() };
    place.desk.write(|draft| draft.edit(peggy, Class::Network, |edit| edit.update(no, &later))).unwrap();
    rows(1, 0, "it was said before");
    let expired = Consent { expires: Some("2026-03-05".parse().unwrap()), ..Consent::default() };
    place.desk.write(|draft| draft.edit(peggy, Class::Network, |edit| edit.update(yes, &expired))).unwrap();
    rows(0, 1, "it was for a while");
    plan(&place, peggy, ConsentDecision::Given, START + 2 * DAY, Some(START + 3 * DAY));
    rows(0, 1, "she withdrew it");
}

#[test]
fn a_withdrawal_elsewhere_beats_what_is_done_here_at_once() {
    let place = Place::new();
    let record = home(&place.desk, 7);
    let peggy = person(&place, "Peggy", record);
    let yes = plan(&place, peggy, ConsentDecision::Given, START, None);
    place.carry();
    let withdrawn = Consent { withdrawn_at: Some(Millis(START + 1)), ..Consent::default() };
    place.tablet.write(|draft| draft.edit(peggy, Class::Network, |edit| edit.update(yes, &withdrawn))).unwrap();
    let longer = Consent { expires: Some("2027-01-01".parse().unwrap()), ..Consent::default() };
    place.desk.write(|draft| draft.edit(peggy, Class::Network, |edit| edit.update(yes, &longer))).unwrap();
    place.carry();
    assert_eq!(place.desk.reports().reg10(record).unwrap().sheet.rows.len(), 0);
}

#[test]
fn a_visit_s_report_holds_what_it_found_and_nothing_of_other_visits() {
    let place = Place::new();
    let record = home(&place.desk, 7);
    let first = visit(&place.desk, record, vec![Hazard { note: Some("first".into()), ..damp() }]);
    visit(&place.desk, record, vec![Hazard { note: Some("second".into()), ..damp() }]);
    let document = home_document(&place.desk, record);
    let csv = place.desk.reports().visit(document, first.visit).unwrap().to_csv();
    assert!(csv.contains("first") && csv.contains("hhsrs-inspection") && !csv.contains("second"), "{csv}");
    assert!(place.desk.reports().visit(document, RowId([9; 16])).is_err());
    let tablet = place.tablet.reports();
    place.carry();
    let peggy = person(&place, "Peggy", record);
    place.carry();
    assert_eq!(tablet.resident(peggy).unwrap().reads_left_out, Some(ReadsLeftOut::AuditorsOnly));
}

#[test]
fn small_numbers_are_not_counted_out() {
    let place = Place::new();
    for number in 1..=6 {
        let record = home(&place.desk, number);
        let other = Hazard { code: Some("9".into()), ..damp() };
        visit(&place.desk, record, if number <= 2 { vec![damp(), other] } else { vec![damp()] });
    }
    let sheet = place.desk.reports().counts(CountOf::HomesByHazard).unwrap();
    assert_eq!(
        sheet.to_csv(),
        "of,group,count\r\nhomes-by-hazard,hhsrs-2026 11,\r\nhomes-by-hazard,hhsrs-2026 9,\r\nhomes-by-hazard,total,8\r\n"
    );
    let sheet = place.desk.reports().counts(CountOf::VisitsByKind).unwrap();
    assert!(sheet.to_csv().contains("hhsrs-inspection,6"), "{}", sheet.to_csv());
}

/// Set to write the published schemas anew.
const WRITE: &str = "DOORSTEP_WRITE_SCHEMAS";

#[test]
fn the_published_schemas_are_those_of_the_reports_and_every_line_holds_to_its_own() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/schemas");
    let mut published = BTreeMap::new();
    for table in TABLES {
        let path = folder.join(format!("{}.schema.json", table.name));
        if std::env::var_os(WRITE).is_some() {
            std::fs::create_dir_all(&folder).unwrap();
            std::fs::write(&path, table.schema()).unwrap();
        }
        let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        assert_eq!(text, table.schema(), "run this test with {WRITE}=1 and read what changed");
        published.insert(table.name, serde_json::from_str::<serde_json::Value>(&text).unwrap());
    }
    let names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".schema.json"))
        .collect();
    assert_eq!(names.len(), TABLES.len(), "{names:?}");

    let place = Place::new();
    let record = home(&place.desk, 7);
    visit(&place.desk, record, vec![Hazard { aware_at: Some(Millis(START)), ..damp() }]);
    let peggy = person(&place, "Peggy", record);
    plan(&place, peggy, ConsentDecision::Given, START, None);
    let mut seen = std::collections::BTreeSet::new();
    for (_, sheet) in every_report(&place, &[record], &[peggy]) {
        for line in sheet.to_json_lines().lines() {
            let row: serde_json::Value = serde_json::from_str(line).unwrap();
            assert_eq!(fits(&published[sheet.table.name], &row), Ok(()), "{line}");
            seen.insert(sheet.table.name);
        }
    }
    assert!(["facts", "clocks", "reg10", "access", "exposure", "counts"].iter().all(|name| seen.contains(name)));
}

/// Holds a row to a schema: its type, its properties and theirs, none missing, none more.
fn fits(schema: &serde_json::Value, row: &serde_json::Value) -> Result<(), String> {
    let (Some(properties), Some(row)) = (schema["properties"].as_object(), row.as_object()) else {
        return Err("no object".into());
    };
    for name in schema["required"].as_array().into_iter().flatten().filter_map(|name| name.as_str()) {
        row.get(name).ok_or(format!("{name} is missing"))?;
    }
    for (name, value) in row {
        let Some(property) = properties.get(name) else { return Err(format!("{name} is not declared")) };
        let kind = match value {
            serde_json::Value::Null => "null",
            serde_json::Value::Bool(_) => "boolean",
            serde_json::Value::Number(number) if number.is_i64() => "integer",
            serde_json::Value::String(_) => "string",
            _ => "other",
        };
        let declared = &property["type"];
        let holds = declared == kind || declared.as_array().is_some_and(|kinds| kinds.iter().any(|one| one == kind));
        if !holds {
            return Err(format!("{name} is {kind}"));
        }
        if property["format"] == "date-time"
            && value.as_str().is_some_and(|text| text.parse::<jiff::Timestamp>().is_err())
        {
            return Err(format!("{name} is no moment"));
        }
    }
    Ok(())
}

#[test]
fn a_row_that_does_not_fit_its_schema_is_noticed() {
    let schema: serde_json::Value = serde_json::from_str(&TABLES[0].schema()).unwrap();
    assert!(fits(&schema, &serde_json::json!({"record": "x"})).is_err());
}
