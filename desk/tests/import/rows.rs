//! Rows: what is taken, what is refused and why, what is there already; nothing is half-written.

use doorstep_client_core::client::PersonInput;
use doorstep_client_core::records::identity::Person;
use doorstep_client_core::records::index::{Flag, Property};
use doorstep_client_core::records::{Class, Reading};
use doorstep_desk::import::{Mode, Outcome};

use crate::desk::{Desk, counts, refusals};

const MAPPING: &str = r#"
mapping = 1
name = "Homes and people"
nulls = ["nan", "NULL"]

[sources.homes]
file = "homes.csv"
key = "uprn"
not_taken = { colour = "no home is found by it" }

[sources.people]
file = "people.csv"

[[records]]
kind = "property"
from = "homes"
[records.fields]
uprn = "uprn"
street = "street"
postcode = "postcode | postcode"

[[records]]
kind = "dwelling"
from = "homes"
[records.fields]
property = "uprn"
floor = "floor | number-as-code"

[[records]]
kind = "person"
from = "people"
[records.fields]
reference = { text = "test:{id}" }
preferred_name = "name"
born = "born | date-uk"

[[records]]
kind = "contact"
from = "people"
[records.fields]
person = { text = "test:{id}" }
channel = { is = "phone" }
value = "phone | phone-uk"

[[records]]
kind = "occupancy"
from = "people"
when = { "home | upper" = ["1", "2", "77"] }
otherwise = "no home is named"
[records.fields]
person = { text = "test:{id}" }
property = "home"
kind = { is = "main" }

[[records]]
kind = "alert"
from = "people"
codes = "all"
[records.fields]
code = "alert"
person = { text = "test:{id}" }
property = "home"

[codes.all]
ALONE = { flag = "no-visit-alone" }
PRINT = { need = "large-print" }
POOR = { not_taken = "not needed" }
"#;

const HOMES: &str = "uprn,street,postcode,floor,colour\n1,High Street,zz11aa,2.0,red\n2,Low Street,,nan,blue\n";
const PEOPLE: &str = "id,name,born,phone,home,alert\n\
    a,Jo,01/02/1980,0335 014151,1,ALONE\n\
    b,Al,NULL,nan,2,PRINT\n";

fn files<'a>(homes: &'a str, people: &'a str) -> [(&'static str, &'a str); 2] {
    [("homes.csv", homes), ("people.csv", people)]
}

#[test]
fn good_rows_are_taken_and_null_words_and_transforms_are_read() {
    let desk = Desk::new();
    let report = desk.take(MAPPING, &files(HOMES, PEOPLE));
    // Two properties, one floor (the other is null), two people, one telephone, two occupancies, two alerts.
    assert_eq!(report.counts(), counts(10, 0, 0, 0), "{}", report.text());
    let columns: Vec<_> =
        report.columns.iter().map(|note| (note.column.as_str(), note.values, note.why.as_str())).collect();
    assert_eq!(columns, [("colour", 2, "no home is found by it")]);
    let jo = desk.client.people().of_reference("test:a").unwrap().unwrap();
    let page = desk.client.people().get(jo, Reading::Shown).unwrap();
    assert_eq!(page.row.born.as_deref(), Some("1980-02-01"));
    let json = serde_json::to_string(&page.view).unwrap();
    assert!(json.contains("+44335014151"), "{json}");
    let home = desk.client.properties().resolve("1").unwrap();
    let page = desk.client.properties().get(home, Reading::Shown).unwrap();
    assert_eq!((page.row.flags, page.row.postcode.as_deref(), page.people.len()), (1, Some("ZZ1 1AA"), 1));
}

#[test]
fn rows_that_are_wrong_are_refused_with_the_column_and_nothing_of_them_is_written() {
    let desk = Desk::new();
    let before = desk.written();
    let homes = "uprn,street,postcode,floor,colour\n12x,High Street,,1,\n3,Mid Street,N17,1,\n4,End Street,,1.5,\n,No Street,,,\n";
    let people = "id,name,born,phone,home,alert\n\
        c,Kit,30/02/1980,0335 014151,1,ALONE\n\
        d,nan,,,1,\n\
        e,Lee,,12,77,WHAT\n\
        f,Max,,,,POOR\n";
    let report = desk.take(MAPPING, &files(homes, people));
    let nobody = "there is no such person here, nor was one taken from these files";
    let nowhere = "there is no such property here, nor was one taken from these files";
    assert_eq!(
        refusals(&report),
        [
            "2: uprn: expected a UPRN of 1 to 12 digits; correct the cell, or add a transform",
            "3: postcode: expected a postcode such as N17 9LJ; correct the cell, or map another column",
            "5: uprn: a property of a file has a UPRN; record it by a visit, as provisional",
            "2: uprn: expected a UPRN of 1 to 12 digits; correct the cell",
            &format!("3: -: {nowhere}"),
            "4: floor: expected a whole number, such as 15 or 15.0; correct the cell, or map another column",
            "2: born: expected a date as DD/MM/YYYY; correct the cell, or map another column",
            "3: name: the preferred name is always filled; ask what the person wants to be called; where unknown, \
             repeat the legal name",
            &format!("2: -: {nobody}"),
            "4: phone: expected a United Kingdom telephone number of 7 to 10 digits after 0 or 44; correct the cell, or map \
             another column",
            &format!("2: -: {nobody}"),
            &format!("3: -: {nobody}"),
            &format!("4: -: {nowhere}"),
            "5: -: no home is named",
            &format!("2: -: {nowhere}"),
            "4: alert: the mapping does not know this code; add it to its codes",
            "5: -: not needed",
        ]
    );
    assert_eq!(report.counts(), counts(3, 0, 0, 17), "{}", report.text());
    let after = desk.written();
    // One home (its floor refused), and two people of whom only the name was right: nothing of the other rows.
    assert_eq!((after.0 - before.0, after.1 - before.1, after.2 - before.2), (1, 2, 3));
    assert!(desk.client.people().of_reference("test:c").unwrap().is_none());
}

#[test]
fn the_same_files_twice_change_nothing_and_new_rows_are_added() {
    let desk = Desk::new();
    desk.take(MAPPING, &files(HOMES, PEOPLE));
    let written = desk.written();
    let again = desk.take(MAPPING, &files(HOMES, PEOPLE));
    assert_eq!(again.counts(), counts(0, 0, 10, 0), "{}", again.text());
    assert_eq!(desk.written(), written);
    let more = format!("{PEOPLE}c,Kit,03/04/1990,,2,ALONE\n");
    let added = desk.take(MAPPING, &files(HOMES, &more));
    assert_eq!(added.counts(), counts(3, 0, 10, 0), "{}", added.text());
    assert_eq!(desk.written().1, written.1 + 1);
}

#[test]
fn what_is_here_is_kept_unless_the_mapping_says_replace() {
    let desk = Desk::new();
    desk.take(MAPPING, &files(HOMES, PEOPLE));
    let changed = HOMES.replace("High Street", "Higher Street");
    let kept = desk.take(MAPPING, &files(&changed, PEOPLE));
    assert_eq!(kept.counts(), counts(0, 0, 10, 0));
    let remarks: Vec<_> =
        kept.lines.iter().flat_map(|line| &line.remarks).map(|remark| remark.column.as_str()).collect();
    assert_eq!(remarks, ["street"]);
    let street = |desk: &Desk| desk.client.properties().find("high street", 10).unwrap()[0].address.clone();
    assert_eq!(street(&desk), "High Street");
    let replacing = MAPPING.replace("nulls", "differs = 'replace'\nnulls");
    let replaced = desk.take(&replacing, &files(&changed, PEOPLE));
    assert_eq!(replaced.counts(), counts(0, 1, 9, 0), "{}", replaced.text());
    assert!(desk.client.properties().find("higher", 10).unwrap().len() == 1);
}

#[test]
fn a_correction_made_here_outlives_the_same_file() {
    let desk = Desk::new();
    desk.take(MAPPING, &files(HOMES, PEOPLE));
    let jo = desk.client.people().of_reference("test:a").unwrap().unwrap();
    let person = Person { preferred_name: Some("Joanna".into()), ..Person::default() };
    let input = PersonInput { record: Some(jo), person: Some(person), ..PersonInput::default() };
    desk.client.people().record(&input).unwrap();
    let written = desk.written();
    let again = desk.take(MAPPING, &files(HOMES, PEOPLE));
    assert_eq!(again.counts(), counts(0, 0, 10, 0), "{}", again.text());
    assert_eq!(desk.written(), written);
    assert_eq!(desk.client.people().get(jo, Reading::Shown).unwrap().row.name, "Joanna");
}

#[test]
fn a_flag_that_was_ended_here_stays_ended() {
    let desk = Desk::new();
    desk.take(MAPPING, &files(HOMES, PEOPLE));
    let home = desk.client.properties().resolve("1").unwrap();
    let view = desk.client.document(home, Class::Index).unwrap().unwrap();
    let flags = view.rows::<Flag>(Reading::Shown);
    assert_eq!(flags.len(), 1);
    assert!(flags[0].value.review_due.is_some(), "an imported flag is reviewed");
    let ended = Flag {
        ended_at: Some(desk.client.now()),
        ended_why: Some(doorstep_client_core::records::index::EndReason::Reviewed),
        ended_by: Some("Team manager".into()),
        ..Flag::default()
    };
    desk.client.write(|draft| draft.edit(home, Class::Index, |edit| edit.update(flags[0].row, &ended))).unwrap();
    let again = desk.take(MAPPING, &files(HOMES, PEOPLE));
    assert_eq!(again.counts(), counts(0, 0, 10, 0));
    assert!(again.text().contains("stays ended"), "{}", again.text());
    assert_eq!(desk.client.properties().get(home, Reading::Shown).unwrap().row.flags, 0);
}

#[test]
fn a_home_that_a_visitor_recorded_first_is_filled_and_not_made_twice() {
    let desk = Desk::new();
    let property = Property { uprn: Some("1".parse().unwrap()), unit: Some("Flat 9".into()), ..Property::default() };
    let record = desk.client.properties().add(&property).unwrap();
    let report = desk.take(MAPPING, &files(HOMES, PEOPLE));
    assert_eq!(report.counts(), counts(9, 1, 0, 0), "{}", report.text());
    assert_eq!(report.lines[0].outcome, Outcome::Changed);
    let page = desk.client.properties().get(record, Reading::Shown).unwrap();
    assert_eq!(page.row.address, "Flat 9, High Street");
    assert_eq!(desk.written().0, 2);
}

#[test]
fn two_rows_that_say_different_things_of_one_home_are_not_merged_in_silence() {
    let desk = Desk::new();
    let homes = format!("{HOMES}1,Other Street,,,\n1,High Street,,,\n");
    let report = desk.take(MAPPING, &files(&homes, PEOPLE));
    assert_eq!(refusals(&report), ["4: -: line 2 of these files says another `street` of the same"]);
    assert_eq!(report.counts(), counts(10, 0, 1, 1), "{}", report.text());
}

#[test]
fn lines_are_counted_as_an_editor_counts_them() {
    for (ends, blank) in [("\n", ""), ("\r\n", ""), ("\r\n", "\r\n\r\n"), ("\n", "\n")] {
        let homes = format!(
            "\u{feff}uprn,street,postcode,floor,colour{ends}1,High Street,,,{ends}{blank}x,Low Street,,,{ends}"
        );
        let report = Desk::new().take(MAPPING, &files(&homes, "id,name,born,phone,home,alert\n"));
        let line = 3 + blank.matches('\n').count() as u64;
        let lines: Vec<u64> = report.lines.iter().map(|line| line.line).collect();
        assert_eq!(lines, [2, line], "{homes:?}");
    }
}

#[test]
fn a_join_that_finds_nothing_or_several_refuses_the_row() {
    const JOINED: &str = r#"
mapping = 1
name = "Joined"
[sources.homes]
file = "homes.csv"
[sources.streets]
file = "streets.csv"
key = "id"
[[records]]
kind = "property"
from = "homes"
[records.fields]
uprn = "uprn"
street = "street_id | number-as-code -> streets.name"
town = "street_id | number-as-code -> streets.town_id -> streets(id).name"
"#;
    let homes = "uprn,street_id\n1,7.0\n2,8\n3,9\n4,\n";
    let streets = "id,name,town_id\n7,High Street,50\n8,Low Street,\n8,Lower Street,\n50,Quillbrook,\n";
    let desk = Desk::new();
    let report = desk.take(JOINED, &[("homes.csv", homes), ("streets.csv", streets)]);
    assert_eq!(
        refusals(&report),
        [
            "3: street_id: several rows of streets.csv have this in `id`; correct one of the two files",
            "4: street_id: no row of streets.csv has this in `id`; correct one of the two files",
        ]
    );
    assert_eq!(desk.client.properties().find("quillbrook", 9).unwrap()[0].address, "High Street, Quillbrook");
    assert_eq!(desk.written().0, 2, "a home without a street is still a home");
}

#[test]
fn nobody_left_a_home_before_they_were_born() {
    let mapping = MAPPING.replace("kind = { is = \"main\" }", "kind = { is = \"previous\" }\nto = \"left | date\"");
    let people = "id,name,born,phone,home,alert,left\na,Jo,01/02/1980,,1,,1979-12-31\nb,Al,01/02/1980,,1,,1980-02-01\n";
    let desk = Desk::new();
    let report = desk.take(&mapping, &files(HOMES, people));
    assert_eq!(refusals(&report), ["2: -: it ended before the person was born; check the two dates"]);
    // Whichever comes first in the mapping.
    let (person, rest): (Vec<&str>, Vec<&str>) =
        mapping.split_inclusive("[[records]]\n").partition(|part| part.starts_with("kind = \"person\""));
    let (head, codes) = rest.concat().split_once("[codes.all]").map(|(a, b)| (a.to_owned(), b.to_owned())).unwrap();
    let person = person.concat().replace("[[records]]\n", "");
    let turned = format!("{head}\n[[records]]\n{person}\n[codes.all]{codes}");
    assert_eq!(refusals(&Desk::new().take(&turned, &files(HOMES, people))), refusals(&report));
    // The person is known from the device now, and no file founds them.
    let alone = mapping.replace("reference = {", "#").replace("preferred_name = \"name\"", "");
    let at = alone.find("[[records]]\nkind = \"person\"").unwrap();
    let end = at + 5 + alone[at + 5..].find("[[records]]").unwrap();
    let without_people = format!("{}{}", &alone[..at], &alone[end..]);
    let again = desk.take(&without_people, &files(HOMES, people));
    assert_eq!(refusals(&again), refusals(&report), "{}", again.text());
}

#[test]
fn a_dry_run_reports_the_same_and_writes_nothing() {
    let desk = Desk::new();
    let before = desk.written();
    let dry = desk.import(MAPPING, &files(HOMES, PEOPLE), Mode::DryRun).unwrap();
    assert_eq!(desk.written(), before);
    assert!(dry.text().contains("Dry run"));
    let real = desk.take(MAPPING, &files(HOMES, PEOPLE));
    assert_eq!((&dry.lines, &dry.columns), (&real.lines, &real.columns));
    let json = real.json_lines();
    assert_eq!(json.lines().count(), real.lines.len() + real.columns.len() + 1);
    let last: serde_json::Value = serde_json::from_str(json.lines().last().unwrap()).unwrap();
    assert_eq!((&last["type"], &last["taken"], &last["mode"]), (&"summary".into(), &10.into(), &"write".into()));
    let first: serde_json::Value = serde_json::from_str(json.lines().next().unwrap()).unwrap();
    assert_eq!(
        (&first["type"], &first["kind"], &first["outcome"]),
        (&"row".into(), &"property".into(), &"taken".into())
    );
}

#[test]
fn nothing_that_a_person_entered_is_in_the_report_of_a_refusal() {
    let people = "id,name,born,phone,home,alert\nc,Kit Secretname,Secretday,Secretphone,Secrethome,Secretcode\n";
    let report = Desk::new().take(MAPPING, &files(HOMES, people));
    assert!(refusals(&report).len() >= 3);
    assert!(!report.text().contains("Secret") && !report.json_lines().contains("Secret"), "{}", report.text());
}
