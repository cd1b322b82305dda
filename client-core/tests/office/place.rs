//! A desk and a tablet of one partnership, without a server: what one records, the other takes from a file.

use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use doorstep_client_core::client::reports::{CountOf, Sheet};
use doorstep_client_core::client::{Client, Clock, PersonInput, PropertyRef, VisitInput, VisitRecorded};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::partnership::{
    AcceptPlan, Engagement, FoundingPlan, Invitation, InvitePlan, OrganisationPlan,
};
use doorstep_client_core::records::function::{Assistance, Evacuation};
use doorstep_client_core::records::hazard_codes::Scheme;
use doorstep_client_core::records::home::{Hazard, Severity, Visit, VisitKind};
use doorstep_client_core::records::identity::{Channel, Contact, Occupancy, OccupancyKind, Person};
use doorstep_client_core::records::index::Property;
use doorstep_client_core::records::network::{Consent, ConsentDecision, ConsentMethod, ConsentScope};
use doorstep_client_core::records::{RowId, Uprn};
use doorstep_client_core::vault::MemoryVault;
use doorstep_crypto::keys::SigningKey;
use doorstep_protocol::authority::{DeviceKind, OrganisationKind};
use doorstep_protocol::{Class, DocumentId, Millis, WorkerId};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use tempfile::TempDir;

/// 1 March 2026, 09:00 UTC: a Sunday.
pub(crate) const START: u64 = 1_772_355_600_000;
pub(crate) const HOUR: u64 = 3_600_000;
pub(crate) const DAY: u64 = 24 * HOUR;

/// A clock that stands until it is turned.
#[derive(Default)]
pub(crate) struct Turned(AtomicU64);

impl Clock for Turned {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::SeqCst))
    }
}

impl Turned {
    pub(crate) fn turn(&self, ahead_ms: u64) {
        self.0.fetch_add(ahead_ms, Ordering::SeqCst);
    }
}

/// A desk, a tablet, one clock.
pub(crate) struct Place {
    _folder: TempDir,
    pub(crate) clock: Arc<Turned>,
    pub(crate) desk: Client,
    pub(crate) tablet: Client,
}

impl Place {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Arc::new(Turned(AtomicU64::new(START)));
        let make =
            |name: &str| Client::create(&folder.path().join(name), &MemoryVault::default(), clock.clone()).unwrap();
        let (desk, tablet) = (make("desk"), make("tablet"));
        let plan = FoundingPlan {
            organisations: vec![
                OrganisationPlan { name: "Council".into(), kind: OrganisationKind::Council },
                OrganisationPlan { name: "Fire".into(), kind: OrganisationKind::Fire },
            ],
            area: "Ward".into(),
            desk: "Desk".into(),
            worker: "Ros Adeyemi".into(),
        };
        let server = SigningKey::make(&mut ChaCha20Rng::seed_from_u64(5)).public();
        desk.partnership().found(&plan, "http://127.0.0.1:1", &server).unwrap();
        let invited = desk.partnership().invite(&InvitePlan::IN_PERSON).unwrap();
        let invitation = Invitation::from_text(&invited.invitation.to_text()).unwrap().check(None, desk.now()).unwrap();
        let request = tablet.partnership().begin(&invitation, DeviceKind::Personal).unwrap();
        let teams = {
            let device = desk.device();
            let device = device.lock().unwrap();
            let authority = device.authority().unwrap();
            let organisation = *authority.organisations().keys().next().unwrap();
            let teams =
                authority.teams().iter().filter(|(_, team)| team.tier == doorstep_protocol::authority::TeamTier::Ops);
            (organisation, teams.map(|(id, _)| *id).collect())
        };
        let accept = AcceptPlan {
            organisation: teams.0,
            teams: teams.1,
            worker: WorkerId([9; 16]),
            engagement: Engagement::Staff,
            not_after: None,
        };
        let (written, _) = desk.partnership().accept(&request, &accept).unwrap();
        desk.partnership().take(&written).unwrap();
        desk.partnership().name((tablet.id(), "Tablet"), (WorkerId([9; 16]), "Ada Mensah")).unwrap();
        let place = Self { _folder: folder, clock, desk, tablet };
        place.carry();
        place
    }

    /// Everything that either holds comes to the other.
    pub(crate) fn carry(&self) {
        for (from, to) in [(&self.desk, &self.tablet), (&self.tablet, &self.desk)] {
            let mut file = Vec::new();
            from.carrier().export(&mut file).unwrap();
            let report = to.carrier().import(&mut Cursor::new(file)).unwrap();
            assert_eq!((report.set_aside, report.waiting), (0, 0), "{report:?}");
        }
    }

    /// Both hold together, and a rebuild changes nothing.
    pub(crate) fn check(&self) {
        for client in [&self.desk, &self.tablet] {
            assert_eq!(client.verify().unwrap().faults, Vec::<String>::new());
            let before = client.todo().counts().unwrap();
            assert!(client.rebuild().unwrap().differing.is_empty());
            assert_eq!(client.todo().counts().unwrap(), before, "a rebuild makes the same lists");
            assert_eq!(client.verify().unwrap().faults, Vec::<String>::new());
        }
    }
}

pub(crate) fn uprn(number: u64) -> Uprn {
    (100_023_330_000 + number).to_string().parse().unwrap()
}

/// A home with an address.
pub(crate) fn home(client: &Client, number: u64) -> RecordId {
    let property = Property {
        uprn: Some(uprn(number)),
        number: Some(number.to_string()),
        street: Some("Alder Street".into()),
        town: Some("Hillford".into()),
        postcode: Some("N17 9LJ".parse().unwrap()),
        ..Property::default()
    };
    client.properties().add(&property).unwrap()
}

/// A visit that found these hazards.
pub(crate) fn visit(client: &Client, record: RecordId, hazards: Vec<Hazard>) -> VisitRecorded {
    let mut input = VisitInput::to(PropertyRef::Record(record));
    input.visit = Visit { kind: Some(VisitKind::HhsrsInspection), ..Visit::default() };
    input.hazards = hazards;
    client.visits().record(&input).unwrap()
}

pub(crate) fn damp() -> Hazard {
    Hazard {
        scheme: Some(Scheme::Hhsrs2026),
        code: Some("11".into()),
        room: Some("Kitchen".into()),
        severity: Some(Severity::High),
        ..Hazard::default()
    }
}

/// The `home` document of a property.
pub(crate) fn home_document(client: &Client, record: RecordId) -> DocumentId {
    client.document(record, Class::Home).unwrap().unwrap().document
}

/// Somebody who lives in a home.
pub(crate) fn person(place: &Place, name: &str, at: RecordId) -> RecordId {
    let person = Person { preferred_name: Some(name.into()), ..Person::default() };
    let lives = Occupancy { property: Some(at.0), kind: Some(OccupancyKind::Main), ..Occupancy::default() };
    let phone = format!("0770090{:04}", name.len());
    let contact = Contact { channel: Some(Channel::Mobile), value: Some(phone), ..Contact::default() };
    let input = PersonInput {
        person: Some(person),
        occupancies: vec![lives],
        contacts: vec![contact],
        ..PersonInput::default()
    };
    place.desk.people().record(&input).unwrap()
}

/// Every report there is, of everything in the place.
pub(crate) fn every_report(place: &Place, homes: &[RecordId], people: &[RecordId]) -> Vec<(String, Sheet)> {
    let reports = place.desk.reports();
    let mut all = vec![
        ("access".to_owned(), reports.access().unwrap()),
        ("audit".to_owned(), reports.audit().unwrap()),
        ("clocks".to_owned(), reports.clocks().unwrap()),
        ("disclosures".to_owned(), reports.disclosures().unwrap()),
        ("exposure".to_owned(), reports.exposure(place.tablet.id()).unwrap()),
    ];
    all.extend(CountOf::ALL.map(|of| (of.as_str().to_owned(), reports.counts(of).unwrap())));
    for home in homes {
        all.push((format!("property {home}"), reports.property(*home).unwrap()));
        all.push((format!("reg10 {home}"), reports.reg10(*home).unwrap().sheet));
        if let Some(view) = place.desk.document(*home, Class::Home).unwrap() {
            for visit in view.sections["visits"].rows.keys() {
                all.push((format!("visit {visit}"), reports.visit(view.document, *visit).unwrap()));
            }
        }
    }
    for person in people {
        let resident = reports.resident(*person).unwrap();
        all.push((format!("held {person}"), resident.held));
        all.push((format!("reads {person}"), resident.reads));
        all.push((format!("disclosed {person}"), resident.disclosures));
    }
    all
}

/// A plan for leaving the building, and an answer about it at a moment: `START` and some days.
pub(crate) fn plan(
    place: &Place,
    person: RecordId,
    decision: ConsentDecision,
    at: u64,
    withdrawn: Option<u64>,
) -> RowId {
    let plan = Evacuation {
        assistance: Some(Assistance::OnePerson),
        statement: Some(true),
        agreed_on: Some("2026-03-01".parse().unwrap()),
        review_due: Some("2027-03-01".parse().unwrap()),
        ..Evacuation::default()
    };
    place.desk.write(|draft| draft.edit(person, Class::Function, |edit| edit.put(&plan))).unwrap();
    let answer = Consent { withdrawn_at: withdrawn.map(Millis), ..answer(ConsentScope::EvacuationPlan, decision, at) };
    place.desk.consents().record(person, &answer).unwrap()
}

/// An answer at a moment.
pub(crate) fn answer(scope: ConsentScope, decision: ConsentDecision, at: u64) -> Consent {
    Consent {
        scope: Some(scope),
        decision: Some(decision),
        decided_at: Some(Millis(at)),
        method: Some(ConsentMethod::Spoken),
        wording: Some("v1".into()),
        contact: Some("the housing office".into()),
        ..Consent::default()
    }
}
