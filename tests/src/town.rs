//! A partnership made once for a whole test binary: a council, a fire service and a landlord, a desk and tablets of each.
//!
//! Making keys, wraps and signatures of a log costs more than a simulated day, and is tested elsewhere.

use std::sync::OnceLock;

use doorstep_client_core::device::Device;
use doorstep_client_core::partnership::{
    self, AcceptPlan, Engagement, FoundingPlan, Invitation, InvitePlan, JoinPlan, OrganisationPlan, RootKeys, Written,
};
use doorstep_client_core::store::Store;
use doorstep_client_core::vault::DeviceSecrets;
use doorstep_protocol::authority::{DeviceKind, OrganisationKind, Standing, TeamTier};
use doorstep_protocol::wire::LogAppend;
use doorstep_protocol::{
    Bytes, Class, LogHash, LogSize, Millis, OrganisationId, PartnershipId, SignPublic, WorkerId, ZoneId,
};
use doorstep_server::keys::Keys;
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use crate::clerk::root_key;

/// When every test begins.
pub const NOON: Millis = Millis(1_790_000_000_000);
/// Where the server would be.
pub const SERVER_URL: &str = "http://127.0.0.1:1";
/// Tablets that are enrolled, beside the desk.
pub const TABLETS_MAX: usize = 4;

/// What every tablet asks to be.
const JOIN: JoinPlan = JoinPlan { kind: DeviceKind::Personal, kem_restricted: None };
const SERVER_SECRET: [u8; 32] = [0x51; 32];
const TOKEN_SECRET: [u8; 32] = [0x52; 32];

/// A device that the log names.
pub struct Resident {
    /// Its secrets, to be made again with [`Resident::secrets`].
    blob: Vec<u8>,
    /// The kind of its organisation.
    pub organisation: OrganisationKind,
}

impl Resident {
    /// Its secrets.
    #[must_use]
    pub fn secrets(&self) -> DeviceSecrets {
        DeviceSecrets::from_bytes(&self.blob).expect("written by expose_bytes")
    }
}

/// The partnership.
pub struct Town {
    /// Its id.
    pub partnership: PartnershipId,
    /// The key that its genesis names.
    pub server_key: SignPublic,
    /// The whole log, with the wraps delivered beside it.
    pub log: Written,
    /// What new devices are shown.
    pub invitation: Invitation,
    /// Every zone.
    pub zones: Vec<ZoneId>,
    /// The desk that founded it, then the tablets.
    pub residents: Vec<Resident>,
}

impl Town {
    /// The town of this test binary.
    #[must_use]
    pub fn get() -> &'static Self {
        static TOWN: OnceLock<Town> = OnceLock::new();
        TOWN.get_or_init(Self::make)
    }

    fn make() -> Self {
        let rng = &mut ChaCha20Rng::seed_from_u64(0);
        let kinds = [OrganisationKind::Council, OrganisationKind::Fire, OrganisationKind::Landlord];
        let plan = FoundingPlan {
            organisations: kinds
                .iter()
                .map(|kind| OrganisationPlan { name: format!("{kind:?}"), kind: *kind })
                .collect(),
            area: "Ward".into(),
            desk: "Desk".into(),
            worker: "Officer".into(),
        };
        let server_key = server_keys().public();
        let secrets = DeviceSecrets::make(rng);
        let mut residents =
            vec![Resident { blob: secrets.expose_bytes().to_vec(), organisation: OrganisationKind::Council }];
        let founding = partnership::found(&plan, &secrets, server_key, NOON, rng).expect("a plan that holds");
        let store = Store::in_memory().expect("a store in memory");
        let mut desk = Device::open(store, secrets, rng).expect("a new device");
        partnership::settle(&mut desk, founding.partnership, &founding.written, (SERVER_URL, &server_key))
            .expect("its own log");
        let mut log = founding.written;
        let invite = |desk: &mut Device, rng: &mut ChaCha20Rng| {
            partnership::invite(desk, &InvitePlan::IN_PERSON, NOON, rng).expect("it is a member").invitation
        };
        for at in 0..TABLETS_MAX {
            let organisation = kinds[at % kinds.len()];
            let secrets = DeviceSecrets::make(rng);
            residents.push(Resident { blob: secrets.expose_bytes().to_vec(), organisation });
            let store = Store::in_memory().expect("a store in memory");
            let mut tablet = Device::open(store, secrets, rng).expect("a new device");
            let invitation = invite(&mut desk, rng).check(None, NOON).expect("a new one");
            let request = partnership::begin(&mut tablet, &invitation, &JOIN).expect("an invitation");
            let accept = accept_plan(&desk, organisation, at);
            let written = partnership::accept(&mut desk, &request, &accept, NOON, rng).expect("a request that holds");
            partnership::take_written(&mut desk, &written).expect("its own entries");
            log.entries.extend(written.entries);
            log.wraps.extend(written.wraps);
        }
        // A tablet of the council is an admin, too: two of them erase.
        let roots = founding.kit.sheets().iter().map(|sheet| root_key(&sheet.root)).collect();
        let roots = RootKeys::of(desk.authority().expect("it is a member"), roots).expect("the roots of the genesis");
        let council = desk.authority().expect("it is a member").devices()[&desk.id()].organisation;
        let second = (residents[1].secrets().device(), &[council][..]);
        let written =
            partnership::set_admin(&desk, &roots, second, Standing::Granted, NOON).expect("the roots allow it");
        partnership::take_written(&mut desk, &written).expect("its own entries");
        log.entries.extend(written.entries);
        let invitation = invite(&mut desk, rng);
        let zones = desk.authority().expect("it is a member").zones().keys().copied().collect();
        Self { partnership: founding.partnership, server_key, log, invitation, zones, residents }
    }

    /// The desk on an empty store, with the log it wrote.
    #[must_use]
    pub fn desk(&self, store: Store, rng: &mut ChaCha20Rng) -> Device {
        let mut desk = Device::open(store, self.residents[0].secrets(), rng).expect("an empty store opens");
        partnership::settle(&mut desk, self.partnership, &self.log, (SERVER_URL, &self.server_key))
            .expect("its own log");
        desk
    }

    /// A tablet on an empty store that has been invited and accepted, and has not synced yet.
    #[must_use]
    pub fn tablet(&self, number: usize, store: Store, rng: &mut ChaCha20Rng) -> Device {
        let mut tablet = Device::open(store, self.residents[number].secrets(), rng).expect("an empty store opens");
        let invitation = self.invitation.clone().check(None, NOON).expect("a new one");
        partnership::begin(&mut tablet, &invitation, &JOIN).expect("an invitation");
        tablet
    }

    /// What the founding desk brings to an empty server.
    #[must_use]
    pub fn append(&self) -> LogAppend {
        LogAppend {
            partnership: self.partnership,
            base_size: LogSize(0),
            base_head: LogHash::ZERO,
            entries: self.log.entries.clone(),
            wraps: self.log.wraps.iter().cloned().map(Bytes).collect(),
            whole: None,
        }
    }
}

/// The keys of the town's server: the same after every crash.
#[must_use]
pub fn server_keys() -> Keys {
    Keys::from_secrets(SERVER_SECRET, TOKEN_SECRET)
}

/// Its own organisation's team, and everyone's: the one that reads the directory.
fn accept_plan(desk: &Device, kind: OrganisationKind, at: usize) -> AcceptPlan {
    let authority = desk.authority().expect("it is a member");
    let organisation: OrganisationId = authority
        .organisations()
        .iter()
        .find(|(_, organisation)| organisation.kind == kind)
        .map(|(id, _)| *id)
        .expect("one of each kind was founded");
    let everyones = authority.directory_zone().map(|zone| authority.holders(zone)).unwrap_or_default();
    let teams = authority
        .teams()
        .iter()
        // These tablets have no key that opens with a PIN.
        .filter(|(_, team)| team.tier == TeamTier::Ops)
        .filter(|(id, team)| everyones.contains(id) || (team.organisation == organisation && !everyones.contains(id)))
        .map(|(id, _)| *id)
        .collect();
    AcceptPlan {
        organisation,
        teams,
        worker: WorkerId([at as u8 + 1; 16]),
        engagement: Engagement::Staff,
        not_after: None,
    }
}

/// Whether devices of this kind of organisation read a class of the shared zones.
#[must_use]
pub fn reads(kind: OrganisationKind, class: Class) -> bool {
    kind != OrganisationKind::Landlord || class != Class::Function
}
