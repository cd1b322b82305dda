//! The sample street, and ten thousand homes of its kind.

use std::fmt::Write as _;
use std::time::Instant;

use doorstep_client_core::records::Reading;
use doorstep_desk::import::{self, Mode, sample};

use crate::desk::{Desk, counts, refusals};

#[test]
fn the_sample_street_is_forty_homes_and_twice_is_once() {
    let desk = Desk::new();
    let before = desk.written();
    let (mapping, input) = sample::street().unwrap();
    let dry = import::run(&desk.client, &mapping, &input, Mode::DryRun, &mut |_| {}).unwrap();
    assert_eq!(desk.written(), before, "a dry run writes nothing");
    let mut told = Vec::new();
    let first = import::run(&desk.client, &mapping, &input, Mode::Write, &mut |at| told.push(at)).unwrap();
    assert_eq!(dry.lines, first.lines, "a dry run says what the import then does");
    assert_eq!(refusals(&first), ["6: -: rent is no matter of a home visit"]);
    assert_eq!(first.counts(), counts(43 + 43 + 20 + 18 + 9 + 5 + 20 + 4, 0, 0, 1), "{}", first.text());
    let (properties, people, changes) = desk.written();
    assert_eq!((properties, people), ((sample::HOMES + sample::BUILDINGS) as u64, sample::PEOPLE as u64));
    assert!(told.last().is_some_and(|at| at.done == at.total && at.phase == import::Phase::Writing));

    let second = import::run(&desk.client, &mapping, &input, Mode::Write, &mut |_| {}).unwrap();
    assert_eq!(second.counts(), counts(0, 0, first.counts().taken, 1), "{}", second.text());
    assert_eq!(desk.written(), (properties, people, changes), "nothing was written the second time");
    assert_eq!((second.properties, second.people), (0, 0));

    let flat = desk.client.properties().resolve("999900000104").unwrap();
    let page = desk.client.properties().get(flat, Reading::Shown).unwrap();
    assert_eq!(page.row.address, "Flat 4, Linden House, 2 Lantern Row, Quillbrook");
    let names: Vec<&str> = page.people.iter().map(|person| person.name.as_str()).collect();
    assert_eq!(names, ["Ewa", "Tomasz"]);
    let house = desk.client.properties().resolve("999900000100").unwrap();
    assert_eq!(desk.client.properties().get(house, Reading::Shown).unwrap().children.len(), 12);
    assert!(desk.client.verify().unwrap().faults.is_empty());
    assert!(desk.client.rebuild().unwrap().differing.is_empty());
    let third = import::run(&desk.client, &mapping, &input, Mode::DryRun, &mut |_| {}).unwrap();
    assert_eq!(third.counts(), second.counts(), "a rebuild still knows people by their reference");
}

#[test]
fn nothing_of_the_sample_street_could_be_meant_for_a_real_one() {
    for (name, text) in sample::FILES {
        for line in text.lines().skip(1) {
            for cell in line.split(',') {
                let is_uprn = cell.len() == 12 && cell.bytes().all(|b| b.is_ascii_digit());
                assert!(!is_uprn || cell.starts_with("9999"), "{name}: {cell}");
                assert!(!cell.contains('@') || cell.ends_with("@example.org"), "{name}: {cell}");
                let is_phone = cell.starts_with('0') && cell.len() == 12;
                assert!(!is_phone || cell.starts_with("01632 960") || cell.starts_with("07700 900"), "{name}: {cell}");
            }
        }
    }
}

const GAZETTEER: &str = r#"
mapping = 1
name = "A gazetteer"
[sources.homes]
file = "homes.csv"
[[records]]
kind = "property"
from = "homes"
[records.fields]
uprn = "uprn"
number = "number"
street = "street"
town = "town"
postcode = "postcode | postcode"
blpu_class = "class"
"#;

/// Prints its figures: run it in release with `--nocapture`.
#[test]
fn a_gazetteer_of_ten_thousand_rows_imports_and_imports_again() {
    let rows: u64 = if cfg!(debug_assertions) { 1_000 } else { 10_000 };
    let mut homes = String::from("uprn,number,street,town,postcode,class\n");
    for at in 0..rows {
        let _ = writeln!(
            homes,
            "{},{},Street {},Quillbrook,ZZ{} {}AA,RD04",
            999_910_000_000 + at,
            at % 200,
            at / 200,
            at % 9 + 1,
            at % 10
        );
    }
    let desk = Desk::new();
    let files = [("homes.csv", homes.as_str())];
    let started = Instant::now();
    let first = desk.take(GAZETTEER, &files);
    let took = started.elapsed();
    assert_eq!(first.counts(), counts(usize::try_from(rows).unwrap(), 0, 0, 0));
    assert_eq!(desk.written().0, rows);
    let started = Instant::now();
    let second = desk.take(GAZETTEER, &files);
    let again = started.elapsed();
    assert_eq!(second.counts(), counts(0, 0, usize::try_from(rows).unwrap(), 0));
    println!("{rows} rows: {took:.2?} to import, {again:.2?} to import again");
}
