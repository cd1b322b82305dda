//! Devices of one partnership, and what they record.

use std::sync::{Arc, Mutex};

use doorstep_client_core::device::{Device, RecordId};
use doorstep_client_core::partnership::{
    self, AcceptPlan, Engagement, Founding, FoundingPlan, InvitePlan, JoinPlan, OrganisationPlan, Written,
};
use doorstep_client_core::records::home::{Hazard, Severity};
use doorstep_client_core::records::index::Property;
use doorstep_client_core::records::{Reading, Uprn, hazard_codes::Scheme};
use doorstep_client_core::store::Store;
use doorstep_client_core::sync::{Clock, Progress, SharedDevice, SyncReport, Syncer};
use doorstep_client_core::transport::{Connection, HttpTransport, PlainHttp, ServerAddress, Transport, Trust};
use doorstep_client_core::vault::DeviceSecrets;
use doorstep_protocol::authority::{DeviceKind, OrganisationKind, TeamTier};
use doorstep_protocol::wire::LogAppend;
use doorstep_protocol::{Bytes, Class, Millis, PartnershipId, SignPublic, WorkerId};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;
use tokio_util::sync::CancellationToken;

pub(crate) const NOW: Millis = Millis(1_790_000_000_000);

pub(crate) fn seeded(seed: u64) -> ChaCha20Rng {
    ChaCha20Rng::seed_from_u64(seed)
}

pub(crate) fn uprn() -> Uprn {
    "100023336956".parse().unwrap()
}

/// A device and a way to open it again.
pub(crate) struct Kept {
    pub(crate) device: SharedDevice,
    pub(crate) secrets: DeviceSecrets,
}

pub(crate) fn kept(store: Store, rng: &mut ChaCha20Rng) -> Kept {
    let secrets = DeviceSecrets::make(rng);
    let again = DeviceSecrets::from_bytes(&secrets.expose_bytes()).unwrap();
    let device = Device::open(store, secrets, rng).unwrap();
    Kept { device: Arc::new(Mutex::new(device)), secrets: again }
}

/// A desk that has founded a partnership on a server it has not yet spoken to.
pub(crate) struct World {
    pub(crate) rng: ChaCha20Rng,
    pub(crate) desk: Kept,
    pub(crate) founding: Founding,
}

impl World {
    pub(crate) fn found(seed: u64, url: &str, server_key: SignPublic) -> Self {
        let mut rng = seeded(seed);
        let desk = kept(Store::in_memory().unwrap(), &mut rng);
        let plan = FoundingPlan {
            organisations: vec![
                OrganisationPlan { name: "Council".into(), kind: OrganisationKind::Council },
                OrganisationPlan { name: "Fire".into(), kind: OrganisationKind::Fire },
            ],
            area: "Ward".into(),
            desk: "Desk".into(),
            worker: "Officer".into(),
        };
        let founding = partnership::found(&plan, &desk.secrets, server_key, NOW, &mut rng).unwrap();
        {
            let mut device = desk.device.lock().unwrap();
            let server = (url, &server_key);
            partnership::settle(&mut device, founding.partnership, &founding.written, server).unwrap();
        }
        Self { rng, desk, founding }
    }

    pub(crate) fn partnership(&self) -> PartnershipId {
        self.founding.partnership
    }

    /// A tablet that asks to join, and what the desk writes to accept it.
    pub(crate) fn invite(&mut self, store: Store) -> (Kept, Written) {
        self.invite_until(store, NOW, None)
    }

    /// The same, accepted at another moment, for a device whose time ends.
    pub(crate) fn invite_until(&mut self, store: Store, now: Millis, not_after: Option<Millis>) -> (Kept, Written) {
        let tablet = kept(store, &mut self.rng);
        let mut desk = self.desk.device.lock().unwrap();
        let invited = partnership::invite(&mut desk, &InvitePlan::IN_PERSON, NOW, &mut self.rng).unwrap();
        let invitation = invited.invitation.check(None, NOW).unwrap();
        let join = JoinPlan { kind: DeviceKind::Personal, kem_restricted: None };
        let request = partnership::begin(&mut tablet.device.lock().unwrap(), &invitation, &join).unwrap();
        let authority = desk.authority().unwrap();
        let organisation = *authority.organisations().keys().next().unwrap();
        let teams =
            authority.teams().iter().filter(|(_, team)| team.tier == TeamTier::Ops).map(|(id, _)| *id).collect();
        let accept =
            AcceptPlan { organisation, teams, worker: WorkerId([9; 16]), engagement: Engagement::Staff, not_after };
        let written = partnership::accept(&mut desk, &request, &accept, now, &mut self.rng).unwrap();
        (tablet, written)
    }

    /// A tablet that was invited and accepted; the server has the entries.
    pub(crate) async fn enrol<T: Transport>(&mut self, transport: &T, store: Store) -> Kept {
        let (tablet, written) = self.invite(store);
        transport.append_log(&append(self.partnership(), &written)).await.unwrap();
        partnership::take_written(&mut self.desk.device.lock().unwrap(), &written).unwrap();
        tablet
    }
}

pub(crate) fn append(partnership: PartnershipId, written: &Written) -> LogAppend {
    LogAppend {
        partnership,
        base_size: written.base_size,
        base_head: written.base_head,
        entries: written.entries.clone(),
        wraps: written.wraps.iter().cloned().map(Bytes).collect(),
        whole: None,
    }
}

pub(crate) fn http(url: &str, server_key: SignPublic) -> HttpTransport {
    let address = ServerAddress::parse(url, PlainHttp::LoopbackOnly).unwrap();
    Connection::new(address, &Trust::Public).unwrap().trusting(server_key)
}

pub(crate) fn syncer<T: Transport + 'static>(device: &SharedDevice, transport: T) -> Syncer<T> {
    Syncer::new(device.clone(), transport, Clock::with_wall(|| NOW), Box::new(seeded(99))).unwrap()
}

pub(crate) async fn sync<T: Transport + 'static>(syncer: &mut Syncer<T>) -> SyncReport {
    syncer.sync_once(&CancellationToken::new(), &mut |_: &Progress| {}).await
}

pub(crate) fn record(device: &SharedDevice, seed: u64, note: &str) -> RecordId {
    let mut device = device.lock().unwrap();
    device
        .write(NOW, &mut seeded(seed), |draft| {
            let record = draft.record_of_uprn(&uprn())?;
            let property = Property { uprn: Some(uprn()), line: Some("1 High Street".into()), ..Property::default() };
            draft.edit(record, Class::Index, |edit| edit.put(&property))?;
            let row = draft.row_id();
            let hazard = Hazard {
                scheme: Some(Scheme::Hhsrs2026),
                code: Some("1".into()),
                severity: Some(Severity::High),
                note: Some(note.into()),
                ..Hazard::default()
            };
            draft.edit(record, Class::Home, |edit| edit.create(row, &hazard))?;
            Ok(record)
        })
        .unwrap()
}

pub(crate) fn notes(device: &SharedDevice, record: RecordId) -> Vec<String> {
    let mut device = device.lock().unwrap();
    let Some(home) = device.document_of(record, Class::Home).unwrap() else { return Vec::new() };
    let view = device.view(home).unwrap().unwrap();
    let seen = view.rows::<Hazard>(Reading::Shown);
    let mut notes: Vec<String> = seen.into_iter().filter_map(|seen| seen.value.note).collect();
    notes.sort();
    notes
}
