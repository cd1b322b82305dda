//! Two tablets as an app would drive them: enrolled by a desk, offline at one home, then together through a real server.

use std::path::Path;
use std::sync::{Arc, Mutex};

use doorstep_client_core::client::{Client, SystemClock};
use doorstep_client_core::partnership::{
    AcceptPlan, Engagement, EnrolmentRequest, FoundingPlan, InvitePlan, OrganisationPlan,
};
use doorstep_client_core::transport::{Connection, HttpTransport, PlainHttp, ServerAddress, Transport, Trust};
use doorstep_client_core::vault::FileVault;
use doorstep_mobile_ffi::{
    AlarmKind, AlarmState, AtProperty, Delivery, DeviceKind, Doorstep, DoorstepError, FlagKind, FoundAlarm,
    FoundClutter, FoundFlag, FoundHazard, HazardScheme, NewVisit, RoomKind, Severity, SyncEnd, SyncObserver,
    SyncProgress, VisitKind,
};
use doorstep_protocol::WorkerId;
use doorstep_protocol::authority::OrganisationKind;
use doorstep_server::{Config, Server};

const UPRN: &str = "999900000104";
const PASSPHRASE: &str = "a long enough passphrase";

/// The desk that founds the partnership and accepts tablets: another program, so it is not behind the bindings.
struct Desk {
    client: Client,
    server: HttpTransport,
}

impl Desk {
    async fn new(folder: &Path, url: &str) -> Self {
        let vault = FileVault::new(&folder.join("keys"), String::from("desk").into());
        let client = Client::create(folder, &vault, Arc::new(SystemClock)).unwrap();
        let address = ServerAddress::parse(url, PlainHttp::LoopbackOnly).unwrap();
        let connection = Connection::new(address, &Trust::Public).unwrap();
        let key = connection.introduce().await.unwrap().server_key;
        let plan = FoundingPlan {
            organisations: vec![OrganisationPlan { name: "Council".into(), kind: OrganisationKind::Council }],
            area: "Ward".into(),
            desk: "Desk".into(),
            worker: "Officer".into(),
        };
        let founded = client.partnership().found(&plan, url, &key).unwrap();
        let server = connection.trusting(key);
        server.append_log(&founded.append).await.unwrap();
        Self { client, server }
    }

    fn invitation(&self) -> String {
        self.client.partnership().invite(&InvitePlan::IN_PERSON).unwrap().invitation.to_text()
    }

    async fn accept(&self, request: &str, worker: u8) {
        let partnership = self.client.partnership();
        let teams = partnership.teams().unwrap();
        let plan = AcceptPlan {
            organisation: teams[0].organisation,
            teams: teams.iter().map(|team| team.team).collect(),
            worker: WorkerId([worker; 16]),
            engagement: Engagement::Staff,
            not_after: None,
        };
        let request = EnrolmentRequest::from_text(request).unwrap();
        let (written, append) = partnership.accept(&request, &plan).unwrap();
        self.server.append_log(&append).await.unwrap();
        partnership.take(&written).unwrap();
    }
}

fn visit(kind: VisitKind, hazard: FoundHazard) -> NewVisit {
    NewVisit {
        at: AtProperty::Uprn { uprn: UPRN.into() },
        kind,
        started_ms: None,
        outcome: None,
        note: None,
        hazards: vec![hazard],
        clutter: Vec::new(),
        alarms: Vec::new(),
        flags: Vec::new(),
    }
}

fn damp(severity: Severity) -> FoundHazard {
    FoundHazard {
        scheme: HazardScheme::Hhsrs2026,
        code: "11".into(),
        room: Some("Bedroom".into()),
        scope: None,
        severity: Some(severity),
        note: None,
        row: None,
        is_disputed: false,
    }
}

#[derive(Default)]
struct Told(Mutex<Vec<SyncProgress>>);

impl SyncObserver for Told {
    fn on_progress(&self, progress: SyncProgress) {
        self.0.lock().unwrap().push(progress);
    }
}

async fn caught_up(tablet: &Doorstep) {
    let report = tablet.sync(None).await.unwrap();
    assert_eq!(report.end, SyncEnd::CaughtUp, "{report:?}");
}

#[tokio::test]
async fn two_tablets_record_one_home_offline_and_settle_what_they_disagree_on() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    let config = Config { listen: ([127, 0, 0, 1], 0).into(), ..Config::in_folder(at("server")) };
    let server = Server::start(config).unwrap();
    let desk = Desk::new(&at("desk"), &format!("http://{}", server.address())).await;

    let mut tablets = Vec::new();
    for (number, name) in [(1, "ot"), (2, "fire")] {
        let tablet = Doorstep::create(at(name).to_str().unwrap(), PASSPHRASE.into()).unwrap();
        let early = tablet.visits().record(visit(VisitKind::OtAssessment, damp(Severity::Low)));
        assert!(matches!(early, Err(DoorstepError::NotAllowed { .. })), "{early:?}");
        assert!(matches!(tablet.sync(None).await, Err(DoorstepError::NotAllowed { .. })));
        let request = tablet.enrolment().begin(&desk.invitation(), DeviceKind::Personal).unwrap();
        desk.accept(&request, number).await;
        caught_up(&tablet).await;
        tablets.push(tablet);
    }
    let [ot, fire] = tablets.as_slice() else { panic!("two tablets") };

    // Recorded without a network: everything a safe and well visit has.
    let mut first = visit(VisitKind::SafeAndWell, damp(Severity::Medium));
    let exit = None;
    first.clutter = vec![FoundClutter { room: "Bedroom".into(), room_kind: Some(RoomKind::Bedroom), rating: 6, exit }];
    first.alarms = vec![FoundAlarm {
        kind: AlarmKind::Smoke,
        state: AlarmState::Replaced,
        room: Some("Hall".into()),
        expires: Some("2036-03-01".into()),
    }];
    let flag =
        FoundFlag { kind: FlagKind::OxygenOnSite, subject: None, contact: Some("Fire desk".into()), review_due: None };
    first.flags = vec![flag];
    let recorded = fire.visits().record(first).unwrap();
    let page = fire.properties().get(UPRN).unwrap();
    assert_eq!((page.row.record.as_str(), page.delivery), (recorded.record.as_str(), Delivery::NotSent));
    assert!(fire.status().unwrap().to_send > 0);

    let told = Arc::new(Told::default());
    let report = fire.sync(Some(told.clone())).await.unwrap();
    assert_eq!((report.end, report.to_send), (SyncEnd::CaughtUp, 0));
    assert!(told.0.lock().unwrap().last().is_some_and(|at| at.sent > 0));
    caught_up(ot).await;
    let page = ot.properties().get(UPRN).unwrap();
    assert_eq!((page.hazards.len(), page.clutter.len(), page.alarms.len(), page.flags.len()), (1, 1, 1, 1));
    assert_eq!(page.hazards[0].severity, Some(Severity::Medium));
    assert_eq!(page.alarms[0].expires.as_deref(), Some("2036-03-01"));

    // Both change the same field of the same hazard without having seen each other.
    let row = page.hazards[0].row.clone();
    for (tablet, severity) in [(ot, Severity::High), (fire, Severity::Low)] {
        let hazard = FoundHazard { row: row.clone(), ..damp(severity) };
        tablet.visits().record(visit(VisitKind::FollowUp, hazard)).unwrap();
    }
    for tablet in [ot, fire, ot] {
        caught_up(tablet).await;
    }
    for tablet in [ot, fire] {
        let page = tablet.properties().get(UPRN).unwrap();
        assert_eq!((page.hazards.len(), page.conflicts), (1, 1));
        assert_eq!(page.hazards[0].severity, Some(Severity::High), "the more cautious value is shown");
        assert!(page.hazards[0].is_disputed);
    }
    let conflicts = ot.conflicts().list().unwrap();
    assert_eq!(conflicts.len(), 1);
    assert_eq!(conflicts[0].field(), "hazards.severity");
    let values = conflicts[0].values();
    assert_eq!(values.len(), 2);
    let low = values.iter().position(|said| said.value == "low" && !said.is_shown).unwrap();
    assert!(matches!(conflicts[0].resolve(9), Err(DoorstepError::NotHere { .. })));
    conflicts[0].resolve(u32::try_from(low).unwrap()).unwrap();
    caught_up(ot).await;
    caught_up(fire).await;
    assert!(fire.conflicts().list().unwrap().is_empty());
    assert_eq!(fire.properties().get(UPRN).unwrap().hazards[0].severity, Some(Severity::Low));

    let screen = fire.firebox().open(UPRN).unwrap();
    let line = |label: &str| screen.lines.iter().find(|line| line.label == label).unwrap();
    assert!(!line("Oxygen, cylinders").entries.is_empty());
    assert!(line("Sprinkler").entries.is_empty(), "not known, never no");
}

#[test]
fn a_device_opens_again_with_its_passphrase_alone_and_errors_say_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("tablet").to_str().unwrap().to_owned();
    assert!(matches!(Doorstep::open(&path, PASSPHRASE.into()), Err(DoorstepError::Folder { .. })));
    let made = Doorstep::create(&path, PASSPHRASE.into()).unwrap();
    let id = made.id();
    assert!(matches!(Doorstep::open(&path, PASSPHRASE.into()), Err(DoorstepError::Folder { .. })), "one at a time");
    drop(made);
    assert!(matches!(Doorstep::create(&path, PASSPHRASE.into()), Err(DoorstepError::Folder { .. })));
    let wrong = Doorstep::open(&path, "not the passphrase".into()).err().unwrap();
    assert!(matches!(&wrong, DoorstepError::Keys { .. }));
    assert!(!wrong.to_string().contains("not the passphrase") && !format!("{wrong:?}").contains("not the passphrase"));
    let opened = Doorstep::open(&path, PASSPHRASE.into()).unwrap();
    assert_eq!(opened.id(), id);

    assert!(matches!(opened.properties().get("Nowhere Lane"), Err(DoorstepError::NotHere { .. })));
    assert!(opened.people().find("nobody", 10).unwrap().is_empty());
    let mut bad = visit(VisitKind::FollowUp, damp(Severity::Low));
    bad.at = AtProperty::Uprn { uprn: "Secret Street".into() };
    let refused = opened.visits().record(bad).unwrap_err();
    assert!(matches!(&refused, DoorstepError::Value { field, .. } if field == "uprn"), "{refused:?}");
    assert!(!refused.to_string().contains("Secret"), "{refused}");
    assert!(matches!(opened.enrolment().begin("hello", DeviceKind::Shared), Err(DoorstepError::Misfit { .. })));
}
