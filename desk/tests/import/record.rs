//! The rest of the record: networks, needs and consents; what is sealed or is a file of its own.

use std::path::Path;

use doorstep_client_core::client::ProtectionDecision;
use doorstep_client_core::records::communication::{Need, NeedKind};
use doorstep_client_core::records::consent::Agreement;
use doorstep_client_core::records::identity::Occupancy;
use doorstep_client_core::records::network::{Consent, Household, Important, Member, Professional, Proxy, Relation};
use doorstep_client_core::records::{Reading, Row};
use doorstep_desk::import::{self, Input, Mapping, Mode, Outcome};

use crate::desk::Desk;

const MAPPING: &str = r#"
mapping = 1
name = "Homes, people and who matters to them"

[sources.homes]
file = "homes.csv"
key = "uprn"
[sources.people]
file = "people.csv"
[sources.network]
file = "network.csv"
[sources.pictures]
file = "pictures.csv"

[[records]]
kind = "property"
from = "homes"
[records.fields]
uprn = "uprn"
street = "street"

[[records]]
kind = "person"
from = "people"
[records.fields]
reference = { text = "test:{id}" }
preferred_name = "name"

[[records]]
kind = "occupancy"
from = "people"
[records.fields]
person = { text = "test:{id}" }
property = "home"

[[records]]
kind = "need"
from = "people"
[records.fields]
person = { text = "test:{id}" }
kind = "need"

[[records]]
kind = "household"
from = "people"
[records.fields]
person = { text = "test:{id}" }
adults = "adults"
lives_alone = "alone | boolean"

[[records]]
kind = "nhs-number"
from = "people"
[records.fields]
person = { text = "test:{id}" }
number = "nhs"
status = { is = "02" }

[[records]]
kind = "consent"
from = "people"
[records.fields]
person = { text = "test:{id}" }
scope = { is = "share-with-fire" }
decision = { from = "fire", words = { yes = "given", no = "refused" } }
decided_at = "asked"
method = { is = "spoken" }
wording = { is = "landlord 2024" }
contact = { is = "the landlord" }

[[records]]
kind = "member"
from = "network"
when = { what = ["member"] }
[records.fields]
person = { text = "test:{person}" }
name = "name"
relation = "relation"

[[records]]
kind = "important"
from = "network"
when = { what = ["important"] }
[records.fields]
person = { text = "test:{person}" }
name = "name"
relation = "relation"
phone = "phone | phone-uk"

[[records]]
kind = "proxy"
from = "network"
when = { what = ["proxy"] }
[records.fields]
person = { text = "test:{person}" }
name = "name"
kind = { is = "attorney-welfare" }
scope = { is = "care" }
evidence = { is = "document-seen" }

[[records]]
kind = "professional"
from = "network"
when = { what = ["professional"] }
[records.fields]
person = { text = "test:{person}" }
service = "name"

[[records]]
kind = "photograph"
from = "pictures"
[records.fields]
property = "home"
file = "file"
room = "room"
taken_at = "day"
"#;

const FILES: [(&str, &str); 4] = [
    ("homes.csv", "uprn,street\n100,Mill Lane\n"),
    (
        "people.csv",
        "id,name,home,need,adults,alone,nhs,fire,asked\n\
         1,Ada Hart,100,call-first,1,yes,943 476 5919,yes,2024-05-01\n\
         2,Ben Hart,100,,2,no,943 476 5918,no,2024-05-01 10:30\n\
         3,Cy Hart,100,loud,,,,maybe,2024-05-01\n",
    ),
    (
        "network.csv",
        "what,person,name,relation,phone\n\
         member,1,Ben,partner,\n\
         important,1,Di,neighbour,0335 014151\n\
         proxy,1,Di,,\n\
         professional,1,Memory clinic,,\n\
         member,1,Eve,boss,\n",
    ),
    (
        "pictures.csv",
        "home,file,room,day\n100,photos/damp.png,kitchen,2024-05-02\n100,../secret.png,hall,\n100,photos/none.png,hall,\n",
    ),
];

/// The files in a folder, with one small picture.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, text) in FILES {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    std::fs::create_dir(folder.path().join("photos")).unwrap();
    image::RgbImage::from_pixel(8, 8, image::Rgb([90, 120, 60])).save(folder.path().join("photos/damp.png")).unwrap();
    folder
}

fn take(desk: &Desk, folder: &Path, mode: Mode) -> import::Report {
    let mapping = Mapping::parse(MAPPING, "mapping.toml").unwrap();
    import::run(&desk.client, &mapping, &Input::Folder(folder.to_owned()), mode, &mut |_| {}).unwrap()
}

fn rows<R: Row>(desk: &Desk, reference: &str) -> Vec<R> {
    let person = desk.client.people().of_reference(reference).unwrap().unwrap();
    let view = desk.client.document(person, R::CLASS).unwrap();
    let rows = view.map(|view| view.rows::<R>(Reading::Shown)).unwrap_or_default();
    rows.into_iter().map(|seen| seen.value).collect()
}

#[test]
fn networks_needs_consents_and_photographs_come_in_once_and_bad_rows_harm_no_other() {
    let (desk, folder) = (Desk::new(), folder());
    let dry = take(&desk, folder.path(), Mode::DryRun);
    assert_eq!(desk.written().1, 0);
    let report = take(&desk, folder.path(), Mode::Write);
    assert_eq!(dry.counts(), report.counts(), "{}\n{}", dry.text(), report.text());

    assert_eq!(rows::<Need>(&desk, "test:1")[0].kind, Some(NeedKind::CallFirst));
    assert!(rows::<Need>(&desk, "test:3").is_empty(), "a word that is no need is refused");
    let households = rows::<Household>(&desk, "test:1");
    assert_eq!((households[0].adults, households[0].lives_alone), (Some(1), Some(true)));
    let members = rows::<Member>(&desk, "test:1");
    assert_eq!((members.len(), members[0].relation.clone()), (1, Some(Relation::Partner)));
    assert_eq!(rows::<Important>(&desk, "test:1")[0].phone.as_deref(), Some("+44335014151"));
    assert_eq!(rows::<Proxy>(&desk, "test:1").len(), 1);
    assert_eq!(rows::<Professional>(&desk, "test:1")[0].service.as_deref(), Some("Memory clinic"));
    let stands = |reference: &str| {
        let person = desk.client.people().of_reference(reference).unwrap().unwrap();
        desk.client.consents().of(person).unwrap().standings[0].standing.agreement
    };
    let all = [stands("test:1"), stands("test:2"), stands("test:3")];
    assert_eq!(all, [Agreement::Given, Agreement::Refused, Agreement::NotAsked]);
    assert_eq!(rows::<Consent>(&desk, "test:2")[0].decided_at.map(|at| at.0), Some(1_714_559_400_000));

    let home = desk.client.properties().resolve("100").unwrap();
    let photographs = desk.client.photographs().list(home).unwrap();
    assert_eq!(photographs.len(), 1);
    assert_eq!(photographs[0].reference.as_deref(), Some("photos/damp.png"));
    for words in ["inside the folder", "cannot be read", "the last checks the others", "does not know this word"] {
        assert!(report.json_lines().contains(words), "{words}: {}", report.json_lines());
    }

    let again = take(&desk, folder.path(), Mode::Write);
    assert_eq!((again.counts().taken, again.counts().changed), (0, 0), "{}", again.text());
    assert_eq!(desk.client.photographs().list(home).unwrap().len(), 1);
    assert!(desk.client.verify().unwrap().faults.is_empty());
}

#[test]
fn a_number_that_cannot_be_sealed_now_is_refused_in_words_and_stands_nowhere_else() {
    let (desk, folder) = (Desk::new(), folder());
    let report = take(&desk, folder.path(), Mode::Write);
    let numbers: Vec<_> = report.lines.iter().filter(|line| line.kind == "nhs-number").collect();
    assert_eq!(numbers.len(), 2);
    assert!(numbers.iter().all(|line| line.outcome == Outcome::NotTaken));
    // This desk has never met its server, so nothing opens with its worker yet.
    assert!(numbers[0].why.as_deref().is_some_and(|why| why.contains("sync") || why.contains("server")), "{numbers:?}");
    assert!(!report.json_lines().contains("9434765919"), "no cell is repeated in a report");
}

#[test]
fn an_address_that_is_protected_is_never_taken_from_a_file() {
    let (desk, folder) = (Desk::new(), folder());
    take(&desk, folder.path(), Mode::Write);
    let ada = desk.client.people().of_reference("test:1").unwrap().unwrap();
    let decision = ProtectionDecision { by: "P. Shah".into(), contact: "safeguarding".into(), from: None };
    desk.client.protection().begin(ada, &decision).unwrap();
    let again = take(&desk, folder.path(), Mode::Write);
    let of_ada = again.lines.iter().find(|line| line.kind == "occupancy" && line.line == 2).unwrap();
    assert_eq!(of_ada.outcome, Outcome::NotTaken);
    assert!(of_ada.why.as_deref().is_some_and(|why| why.contains("protected")), "{of_ada:?}");
    assert!(rows::<Occupancy>(&desk, "test:1").is_empty(), "and none is shown");
}
