//! `docs/record.md` is made of what the code declares: every class, row, field, limit and rule of merging, and who sees it.

use std::fmt::Write as _;

use doorstep_client_core::partnership::granted_classes;
use doorstep_client_core::records::caution::{Caution, rule};
use doorstep_client_core::records::row::{FieldAbout, Keeping};
use doorstep_client_core::records::rows::{RowAbout, catalogue};
use doorstep_client_core::records::value::{Limit, TEXT_CHARS_MAX};
use doorstep_client_core::records::{Class, Collections as _, Shape, is_worker_locked};
use doorstep_protocol::Subject;
use doorstep_protocol::authority::OrganisationKind;

/// Set to write the paper anew.
const WRITE: &str = "DOORSTEP_WRITE_RECORD";

const HEAD: &str = "\
# What is recorded

Every class of document, its rows and fields, what a field may hold, what holds when devices wrote it without seeing each other, and who
sees it. Made by `DOORSTEP_WRITE_RECORD=1 cargo test -p doorstep-client-core --test records_paper` from what the code declares; the
same test fails when the two differ. The reasons are in [ADR 0017](adr/0017-the-whole-record-and-its-pages.md), the rules of merging
in `records/caution.rs`.

A field is never required unless the row says so when it is written. A field or row that a newer version wrote is kept and passed on by
an older one. *Concurrent* below means: written by devices that had not seen each other. Where nothing is said, every value stays, is
marked as disputed, and somebody settles it; visitors and crews see the more cautious one where a field has one. A row that only
appends is corrected by a further row.

Who sees a class is what a new partnership grants; a grant can be ended, and others be given. NHS numbers are granted to nobody but
councils and health services: the log refuses it.

";

const CLASSES: [Class; 12] = [
    Class::Index,
    Class::Home,
    Class::Fire,
    Class::Sealed,
    Class::Identity,
    Class::Communication,
    Class::Function,
    Class::Network,
    Class::HealthId,
    Class::Protected,
    Class::Register,
    Class::Directory,
];

fn holds(class: Class) -> &'static str {
    match class {
        Class::Index => "That a home exists, what happened to its identity, and that flags exist.",
        Class::Home => "The dwelling, and what visitors saw, measured, fitted and did in it.",
        Class::Fire => "Facts for a crew, one each: published from other classes, and withdrawn with them.",
        Class::Sealed => "What a crew or visitor is shown behind glass.",
        Class::Identity => "Who a person is, how to reach them, and where they live.",
        Class::Communication => "Language, and what helps the person to be understood.",
        Class::Function => "What the person can do, conditions with their source, and the evacuation plan.",
        Class::Network => "Who lives there, who matters, who may speak, who knows the person, and what they agreed to.",
        Class::HealthId => "The NHS number and how far it was traced.",
        Class::Protected => "Safeguarding, and where an address-protected person is.",
        Class::Register => "Disclosures, agreements, allocations and requests of the office.",
        Class::Directory => "Names of people, devices, teams and areas, and published packs.",
        _ => "",
    }
}

/// Who holds the keys of a class in a new partnership.
fn seen_by(class: Class) -> String {
    let kinds = [
        (OrganisationKind::Council, "councils"),
        (OrganisationKind::Health, "health services"),
        (OrganisationKind::Fire, "fire services"),
        (OrganisationKind::Landlord, "landlords"),
        (OrganisationKind::Other, "others"),
    ];
    let shared: Vec<&str> =
        kinds.iter().filter(|(kind, _)| granted_classes(*kind).contains(&class)).map(|(_, name)| *name).collect();
    let who = match class {
        Class::Directory => "every device".to_owned(),
        Class::Sealed => {
            "the owner's team for sealed detail; crews of the fire service by breaking the glass".to_owned()
        }
        Class::HealthId => "a named team of each council and health service".to_owned(),
        Class::Protected => "the owner's safeguarding team".to_owned(),
        Class::Register => "the owner's desk".to_owned(),
        _ => format!("field teams of {}", shared.join(", ")),
    };
    let locked = if is_worker_locked(class) {
        "; opens with a worker's PIN, never on disk but sealed, every look on the audit chain first"
    } else {
        ""
    };
    format!("{who}{locked}")
}

fn may_hold(field: &FieldAbout) -> String {
    if !field.codes().is_empty() {
        return field.codes().iter().map(|code| format!("`{code}`")).collect::<Vec<_>>().join(" ");
    }
    let kind = match field.kind {
        "String" => "text",
        "i64" => "whole number",
        "bool" => "yes or no",
        "Millis" => "moment, in milliseconds since 1970 UTC",
        "Date" => "day",
        "RowId" => "id of a row",
        "DocumentId" => "id of a document",
        "ZoneId" | "WorkerId" | "Class" => "id",
        "Uprn" => "UPRN: 1 to 12 digits",
        "Postcode" => "postcode",
        "NhsNumber" => "NHS number: 10 digits, the last checks",
        "MicroDegrees" => "degrees × 1,000,000",
        "HiddenBytes" => "bytes that no person is shown",
        "Scheme" => "scheme of codes",
        other => other,
    };
    match field.limit {
        Limit::Chars(chars) => format!("{kind}, at most {chars} characters"),
        Limit::Within(least, most) => format!("{kind} from {least} to {most}"),
        Limit::Type if field.kind == "String" => format!("{kind}, at most {TEXT_CHARS_MAX} characters"),
        Limit::Type => kind.to_owned(),
    }
}

fn concurrent(caution: Caution) -> String {
    match caution {
        Caution::Unordered => String::new(),
        Caution::Ranked(order) => format!("cautious: {}", order.join(", then ")),
        Caution::Highest => "cautious: the highest".to_owned(),
        Caution::Lowest => "cautious: the lowest or earliest".to_owned(),
        Caution::Yes => "cautious: yes".to_owned(),
        Caution::No => "cautious: no".to_owned(),
        Caution::StillOpen => "cautious: not ended".to_owned(),
        Caution::Protects => "what protects holds until somebody who saw it reverses it".to_owned(),
        Caution::EndHolds => "an end holds, the earlier of two".to_owned(),
        Caution::EarliestHolds => "the earliest holds, and never moves later".to_owned(),
    }
}

fn plain(text: &str) -> String {
    // A doc comment may link to code, of which a reader of this paper has no page.
    text.trim().replace("[`", "`").replace("`]", "`").replace("  ", " ").replace('|', "/")
}

fn paper() -> String {
    let rows = catalogue();
    let mut text = HEAD.to_owned();
    for class in CLASSES {
        let subject = match class.subject() {
            Subject::Property => "a document for each property",
            Subject::Person => "a document for each person",
            Subject::Organisation => "a document for each organisation",
            Subject::Partnership => "a document of the partnership",
        };
        let _ = write!(text, "## `{class}`\n\n{} ", holds(class));
        let _ = write!(text, "Here: {subject}. Seen by: {}.\n\n", seen_by(class));
        let containers = class.containers().unwrap_or_default().iter().chain(class.late_containers());
        for container in containers {
            let row = rows.iter().find(|row| (row.is_in)(class) && row.collection == container.name);
            let row = row.unwrap_or_else(|| panic!("{class}/{} is declared by no row", container.name));
            section(&mut text, class, container.name, container.shape, row);
        }
    }
    text
}

fn section(text: &mut String, class: Class, name: &str, shape: Shape, row: &RowAbout) {
    let count = match shape {
        Shape::Single => "one row",
        Shape::Rows => "rows",
    };
    let keeping = match row.keeping {
        Keeping::Edited => "",
        Keeping::AppendOnly => ", only appended",
    };
    let _ = write!(text, "### `{class}/{name}` ({count}{keeping})\n\n{}\n\n", plain(row.about));
    text.push_str("| field | says | may hold | concurrent |\n| --- | --- | --- | --- |\n");
    for field in &row.fields {
        let merged = concurrent(rule(class, name, field.name));
        let about = plain(field.about);
        let _ = writeln!(text, "| `{}` | {about} | {} | {merged} |", field.name, may_hold(field));
    }
    text.push('\n');
}

#[test]
fn the_paper_is_what_the_code_declares() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/record.md");
    let made = paper();
    if std::env::var_os(WRITE).is_some() {
        std::fs::write(&path, &made).expect("the folder of the papers");
    }
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    assert!(text == made, "docs/record.md differs: run this test with {WRITE}=1 and read what changed");
}

#[test]
fn every_class_that_has_documents_is_in_the_paper_and_every_rule_of_merging_names_a_field() {
    for class in Class::ALL.iter().copied() {
        assert_eq!(class.containers().is_some(), CLASSES.contains(&class), "{class}");
    }
    for row in catalogue() {
        let class = CLASSES.into_iter().find(|class| (row.is_in)(*class)).expect("a row is of a class");
        assert!(class.container(row.collection).is_some(), "{class}/{}", row.collection);
        assert!(!row.about.trim().is_empty() && row.fields.iter().all(|field| !field.about.trim().is_empty()));
    }
    let known = |class: Class, collection: &str, field: &str| {
        let mut rows = catalogue().into_iter();
        rows.any(|row| {
            (row.is_in)(class) && row.collection == collection && row.fields.iter().any(|one| one.name == field)
        })
    };
    for (class, collection, field) in doorstep_client_core::records::caution::ruled() {
        assert!(known(class, collection, field), "{class}/{collection}/{field}");
    }
}
