//! What a right text does, and what a wrong, expired, used or forged one gets.

mod in_person;
mod members;
mod remote;
mod texts;

use doorstep_protocol::authority::{DeviceKind, OrganisationKind, TeamTier};
use doorstep_protocol::{Millis, OrganisationId, TeamId, WorkerId};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use super::*;
use crate::partnership::{FoundingPlan, OrganisationPlan, found};
use crate::store::Store;
use crate::vault::DeviceSecrets;

const NOW: Millis = Millis(1_790_000_000_000);
const MINUTE_MS: u64 = 60_000;
const JOIN: JoinPlan = JoinPlan { kind: DeviceKind::Personal, kem_restricted: None };

const fn after(minutes: u64) -> Millis {
    Millis(NOW.0 + minutes * MINUTE_MS)
}

/// A desk that founded a partnership.
struct Town {
    rng: ChaCha20Rng,
    desk: Device,
}

impl Town {
    fn new() -> Self {
        Self::seeded(7)
    }

    fn seeded(seed: u64) -> Self {
        let mut rng = ChaCha20Rng::seed_from_u64(seed);
        let secrets = DeviceSecrets::make(&mut rng);
        let plan = FoundingPlan {
            organisations: vec![OrganisationPlan { name: "Council".into(), kind: OrganisationKind::Council }],
            area: "Ward".into(),
            desk: "Desk".into(),
            worker: "Officer".into(),
        };
        let server_key = doorstep_crypto::keys::SigningKey::make(&mut rng).public();
        let founding = found(&plan, &secrets, server_key, NOW, &mut rng).expect("a plan that holds");
        let store = Store::in_memory().expect("a store in memory");
        let mut desk = Device::open(store, secrets, &mut rng).expect("a new device");
        settle(&mut desk, founding.partnership, &founding.written, ("http://127.0.0.1:1", &server_key))
            .expect("its own log");
        Self { rng, desk }
    }

    fn device(&mut self) -> Device {
        let store = Store::in_memory().expect("a store in memory");
        Device::open(store, DeviceSecrets::make(&mut self.rng), &mut self.rng).expect("a new device")
    }

    fn invite(&mut self, plan: &InvitePlan) -> Invited {
        invite(&mut self.desk, plan, NOW, &mut self.rng).expect("a desk may invite")
    }

    /// A new device, and its request on an invitation made now.
    fn request(&mut self, plan: &InvitePlan) -> (Device, EnrolmentRequest) {
        let invited = self.invite(plan);
        let mut device = self.device();
        let words = invited.words.as_ref().map(|words| words.expose_text());
        let invitation = invited.invitation.check(words, NOW).expect("a new one");
        let request = begin(&mut device, &invitation, &JOIN).expect("a new device");
        (device, request)
    }

    fn plan(&self) -> AcceptPlan {
        let authority = self.desk.authority().expect("a member");
        let organisation: OrganisationId = *authority.organisations().keys().next().expect("one was founded");
        let ops = authority.teams().iter().filter(|(_, team)| team.tier == TeamTier::Ops);
        let teams: Vec<TeamId> = ops.map(|(id, _)| *id).collect();
        AcceptPlan { organisation, teams, worker: WorkerId([9; 16]), engagement: Engagement::Staff, not_after: None }
    }

    fn accept_at(&mut self, request: &EnrolmentRequest, plan: &AcceptPlan, now: Millis) -> Result<Written, AdminError> {
        accept(&mut self.desk, request, plan, now, &mut self.rng)
    }

    /// Accepts, or says why not; what was written is taken into the desk's log.
    fn try_accept(&mut self, request: &EnrolmentRequest, now: Millis) -> Result<(), EnrolError> {
        let plan = self.plan();
        match self.accept_at(request, &plan, now) {
            Ok(written) => {
                take_written(&mut self.desk, &written).expect("its own entries");
                Ok(())
            }
            Err(AdminError::Enrol(refused)) => Err(refused),
            Err(other) => panic!("{other}"),
        }
    }

    /// Hands the whole log to a device, as its first sync does.
    fn sync(&self, device: &mut Device) {
        let entries = crate::store::log::entries(self.desk.store().reader()).expect("it reads");
        device.take_log(&entries, &[]).expect("the desk's log");
    }
}
