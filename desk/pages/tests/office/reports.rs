//! Reports: chosen, looked at, kept as files; about whom is in addresses by ids alone.

use super::place::{Place, damp, home, person, visit};

#[test]
fn every_report_is_shown_as_a_table_and_kept_as_csv_and_json_lines() {
    let place = Place::new();
    let record = home(&place.desk, 7);
    let made = visit(&place.desk, record, "Ada Mensah", vec![damp()]);
    let peggy = person(&place.desk, "Peggy", "Ashdown", "1941-05-06");
    let browser = place.served.browser();
    browser.open("/reports").says(&["A home, whole", "Regulation 10 sheet", "Legal clocks", "Homes by hazard"]);
    let device = place.desk.id();
    let visited = format!("visit/{record}/{}", made.visit);
    let all = [
        (format!("property/{record}"), "7 Lantern Row"),
        (format!("reg10/{record}"), "Nothing stands in it."),
        (visited, "HHSRS inspection"),
        (format!("exposure/{device}"), "desk"),
        ("access".to_owned(), "read"),
        ("clocks".to_owned(), "Damp and mould"),
        ("disclosures".to_owned(), "Nothing stands in it."),
        ("homes-by-hazard".to_owned(), "all together"),
        ("visits-by-kind".to_owned(), "all together"),
        ("visits-by-state".to_owned(), "all together"),
    ];
    for (end, says) in &all {
        browser.open(&format!("/reports/{end}")).says(&[says, "Save as CSV", "is a disclosure"]);
        let csv = browser.open(&format!("/files/csv/{end}"));
        assert_eq!(csv.header("content-type").as_deref(), Some("text/csv; charset=utf-8"));
        let name = format!("attachment; filename=\"{}.csv\"", end.split('/').next().unwrap());
        assert_eq!(csv.header("content-disposition"), Some(name));
        assert!(csv.body.lines().next().is_some_and(|line| line.contains(',')), "{end}");
        let lines = browser.open(&format!("/files/json-lines/{end}"));
        assert!(lines.body.lines().all(|line| line.starts_with('{') && line.ends_with('}')), "{end}");
    }
    let resident = browser.open(&format!("/reports/resident/{peggy}"));
    resident.says(&["What is held", "Who opened what is sealed", "To whom it was disclosed", "Peggy Ashdown"]);
    let held = browser.open(&format!("/files/csv/resident/{peggy}/held"));
    assert!(held.body.contains("1941-05-06"));
    assert_eq!(held.header("content-disposition").as_deref(), Some("attachment; filename=\"resident-held.csv\""));
    let disclosed = browser.open(&format!("/files/csv/resident/{peggy}/disclosures"));
    assert_eq!(disclosed.body.lines().count(), 1);
    assert_eq!(browser.get(&format!("/files/csv/resident/{peggy}/nothing")).status, 404);
    assert_eq!(browser.get("/files/exe/clocks").status, 404);
}

#[test]
fn whom_a_report_is_about_is_named_as_people_name_them_and_goes_on_by_ids() {
    let place = Place::new();
    home(&place.desk, 7);
    person(&place.desk, "Peggy", "Ashdown", "1941-05-06");
    person(&place.desk, "Tom", "Ashdown", "1970-05-06");
    let browser = place.served.browser();
    browser.send("/reports", &[("report", "property"), ("report_home", "7 Lantern Row")]).says(&["7 Lantern Row"]);
    browser.send("/reports", &[("report", "resident"), ("report_person", "Peggy")]).says(&["Peggy Ashdown"]);
    let none = browser.send_badly("/reports", &[("report", "reg10"), ("report_building", "Nowhere")]);
    assert!(none.error_at("report_building").is_some_and(|error| error.starts_with("Nothing on this device")));
    none.says(&["value=\"Nowhere\""]);
    let several = browser.send_badly("/reports", &[("report", "resident"), ("report_person", "Ashdown")]);
    assert_eq!(several.error_at("report_person"), Some("2 things fit that: say which."));
    let empty = browser.send_badly("/reports", &[("report", "property")]);
    assert_eq!(empty.error_at("report_home"), Some("Fill this in."));
}
