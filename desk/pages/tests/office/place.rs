//! A desk and a tablet of one partnership, without a server: what one records, the other takes from a file.

use std::io::Cursor;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use doorstep_client_core::client::{Client, Clock, PersonInput, PropertyRef, VisitInput, VisitRecorded};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::partnership::{
    AcceptPlan, Engagement, FoundingPlan, Invitation, InvitePlan, OrganisationPlan,
};
use doorstep_client_core::records::hazard_codes::Scheme;
use doorstep_client_core::records::home::{Hazard, Severity, Visit, VisitKind, VisitState};
use doorstep_client_core::records::identity::Person;
use doorstep_client_core::records::index::Property;
use doorstep_client_core::vault::FileVault;
use doorstep_protocol::authority::{DeviceKind, OrganisationKind, TeamTier};
use doorstep_protocol::{Millis, SignPublic, WorkerId};

use crate::served::Served;

/// 2 March 2026, 09:00 UTC: a Monday.
pub(crate) const START: u64 = 1_772_442_000_000;
pub(crate) const DAY: u64 = 24 * 3_600_000;

/// A clock that stands until it is turned.
struct Turned(AtomicU64);

impl Clock for Turned {
    fn now(&self) -> Millis {
        Millis(self.0.load(Ordering::SeqCst))
    }
}

/// A desk, a tablet, one clock; the desk is served.
pub(crate) struct Place {
    clock: Arc<Turned>,
    pub(crate) desk: Client,
    pub(crate) tablet: Client,
    pub(crate) served: Served,
    _folder: tempfile::TempDir,
}

impl Place {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let clock = Arc::new(Turned(AtomicU64::new(START)));
        let make = |name: &str| {
            let folder = folder.path().join(name);
            let vault = FileVault::new(&folder.join("keys.sealed"), "correct horse battery".to_owned().into());
            Client::create(&folder, &vault, clock.clone()).expect("a device")
        };
        let (desk, tablet) = (make("desk"), make("tablet"));
        let plan = FoundingPlan {
            organisations: vec![OrganisationPlan { name: "Quillbrook".to_owned(), kind: OrganisationKind::Council }],
            area: "Lantern Ward".to_owned(),
            desk: "desk".to_owned(),
            worker: "Ros Adeyemi".to_owned(),
        };
        let partnership = desk.partnership();
        partnership.found(&plan, "http://127.0.0.1:1", &SignPublic([3; 32])).expect("a partnership");
        let invited = partnership.invite(&InvitePlan::IN_PERSON).expect("an invitation");
        let invitation = Invitation::from_text(&invited.invitation.to_text()).expect("its text");
        let invitation = invitation.check(None, desk.now()).expect("in time");
        let request = tablet.partnership().begin(&invitation, DeviceKind::Personal).expect("a request");
        let teams = partnership.teams().expect("teams");
        let worker = WorkerId([9; 16]);
        let accept = AcceptPlan {
            organisation: teams[0].organisation,
            teams: teams.iter().filter(|team| team.tier == TeamTier::Ops).map(|team| team.team).collect(),
            worker,
            engagement: Engagement::Staff,
            not_after: None,
        };
        let (written, _) = partnership.accept(&request, &accept).expect("accepted");
        partnership.take(&written).expect("taken");
        partnership.name((tablet.id(), "OT tablet"), (worker, "Ada Mensah")).expect("named");
        let place = Self { served: Served::of(desk.clone(), None), clock, desk, tablet, _folder: folder };
        place.carry();
        place
    }

    /// Everything that either holds comes to the other.
    pub(crate) fn carry(&self) {
        for (from, to) in [(&self.desk, &self.tablet), (&self.tablet, &self.desk)] {
            let mut file = Vec::new();
            from.carrier().export(&mut file).expect("a file");
            let report = to.carrier().import(&mut Cursor::new(file)).expect("read");
            assert_eq!((report.set_aside, report.waiting), (0, 0), "{report:?}");
        }
    }

    pub(crate) fn turn(&self, ahead_ms: u64) {
        self.clock.0.fetch_add(ahead_ms, Ordering::SeqCst);
    }
}

/// A home in Lantern Row.
pub(crate) fn home(client: &Client, number: u64) -> RecordId {
    let property = Property {
        uprn: (999_900_000_000 + number).to_string().parse().ok(),
        number: Some(number.to_string()),
        street: Some("Lantern Row".to_owned()),
        town: Some("Quillbrook".to_owned()),
        postcode: "ZZ1 1LR".parse().ok(),
        ..Property::default()
    };
    client.properties().add(&property).expect("a home")
}

/// A visit that was handed in, and found these hazards.
pub(crate) fn visit(client: &Client, record: RecordId, visitor: &str, hazards: Vec<Hazard>) -> VisitRecorded {
    let mut input = VisitInput::to(PropertyRef::Record(record));
    input.visit = Visit {
        kind: Some(VisitKind::HhsrsInspection),
        state: Some(VisitState::Submitted),
        visitor: Some(visitor.to_owned()),
        ..Visit::default()
    };
    input.hazards = hazards;
    client.visits().record(&input).expect("a visit")
}

pub(crate) fn damp() -> Hazard {
    Hazard {
        scheme: Some(Scheme::Hhsrs2026),
        code: Some("11".to_owned()),
        room: Some("kitchen".to_owned()),
        severity: Some(Severity::High),
        ..Hazard::default()
    }
}

pub(crate) fn person(client: &Client, forename: &str, surname: &str, born: &str) -> RecordId {
    let person = Person {
        preferred_name: Some(format!("{forename} {surname}")),
        forename: Some(forename.to_owned()),
        surname: Some(surname.to_owned()),
        born: born.parse().ok(),
        ..Person::default()
    };
    client.people().record(&PersonInput { person: Some(person), ..PersonInput::default() }).expect("a person")
}
