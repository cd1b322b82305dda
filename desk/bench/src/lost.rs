//! Losing one tablet of a large partnership: what the revocation and every key that it makes owed cost, as one append.

use doorstep_client_core::device::Device;
use doorstep_client_core::partnership::{self, FoundingPlan, GrantPlan, OrganisationPlan, Written, law, purpose};
use doorstep_client_core::store::Store;
use doorstep_client_core::vault::DeviceSecrets;
use doorstep_crypto::keys::{Sign as _, TeamKey};
use doorstep_crypto::wrap::seal_to;
use doorstep_protocol::authority::entry::EntrySignature;
use doorstep_protocol::authority::{
    Body, DeviceAdd, DeviceKind, Entry, OrganisationKind, RevokeReason, Rights, SignedEntry, TeamTier,
    possession_message,
};
use doorstep_protocol::wire::{Frame, LogAppend};
use doorstep_protocol::wrap::{SealedWrapHeader, SealedWrapPurpose};
use doorstep_protocol::{
    AreaId, Bytes, Class, DeviceId, Epoch, Millis, OrganisationId, PartnershipId, SignerId, TeamId, ZoneId, label,
};

use crate::figure::{Figure, ms, timed};
use crate::scene::nobody;
use crate::{BenchError, Plan, Report};

const DEVICES: usize = 500;
const TEAMS: usize = 12;
const ZONES: usize = 40;
/// Teams that hold one zone.
const TEAMS_OF_A_ZONE: usize = 3;
/// How often the same loss is answered; the quickest counts.
const RUNS: usize = 5;
const NOW: Millis = Millis(1_790_000_000_000);

/// A desk whose partnership has [`TEAMS`] teams and [`ZONES`] zones; the first device is in every team.
struct Town {
    desk: Device,
    secrets: DeviceSecrets,
    partnership: PartnershipId,
    council: OrganisationId,
    devices: Vec<DeviceSecrets>,
}

fn setting<E>(what: &'static str) -> impl FnOnce(E) -> BenchError {
    move |_| BenchError::Setting(what)
}

impl Town {
    fn make(count: usize) -> Result<Self, BenchError> {
        let rng = &mut doorstep_client_core::randomness::os();
        let plan = FoundingPlan {
            organisations: vec![OrganisationPlan { name: "Council".into(), kind: OrganisationKind::Council }],
            area: "Ward".into(),
            desk: "Desk".into(),
            worker: "Officer".into(),
        };
        let secrets = DeviceSecrets::make(rng);
        let server_key = nobody();
        let founding = partnership::found(&plan, &secrets, server_key, NOW, rng).map_err(setting("the founding"))?;
        let same = DeviceSecrets::from_bytes(&secrets.expose_bytes()).ok_or(BenchError::Setting("the desk's keys"))?;
        let store = Store::in_memory().map_err(setting("a store in memory"))?;
        let mut desk = Device::open(store, same, rng).map_err(setting("a desk"))?;
        partnership::settle(&mut desk, founding.partnership, &founding.written, ("http://127.0.0.1:1", &server_key))
            .map_err(setting("the desk's log"))?;
        let council = desk.authority().map_err(setting("the log"))?.organisations().keys().copied().next();
        let council = council.ok_or(BenchError::Setting("an organisation"))?;
        let mut town = Self { desk, secrets, partnership: founding.partnership, council, devices: Vec::new() };
        town.add_devices(count)?;
        town.add_teams_and_zones()?;
        Ok(town)
    }

    fn take(&mut self, written: &Written) -> Result<(), BenchError> {
        partnership::take_written(&mut self.desk, written).map_err(setting("the desk's own entries"))
    }

    fn add_devices(&mut self, count: usize) -> Result<(), BenchError> {
        let rng = &mut doorstep_client_core::randomness::os();
        let authority = self.desk.authority().map_err(setting("the log"))?;
        let (base_size, base_head) = (authority.size(), authority.head());
        let (mut seq, mut prev, mut entries) = (base_size, base_head, Vec::with_capacity(count));
        for _ in 0..count {
            let device = DeviceSecrets::make(rng);
            let (sign, kem) = (device.sign.public(), device.kem.public());
            let message = possession_message(self.partnership, &sign, &kem, None);
            let add = DeviceAdd {
                organisation: self.council,
                kind: DeviceKind::Personal,
                sign,
                kem,
                not_after: None,
                possession: device.sign.try_sign(label::SIG_POSSESSION, &message).expect("a key in memory signs"),
                kem_restricted: None,
            };
            seq = seq.next();
            let author = SignerId(self.secrets.device().0);
            let entry =
                Entry { partnership: self.partnership, seq, prev, time: NOW, author, body: Body::DeviceAdd(add) };
            let bytes = entry.to_bytes();
            let signature = self
                .secrets
                .sign
                .try_sign(label::SIG_LOG, &Entry::signing_digest(&bytes).0)
                .expect("a key in memory signs");
            let signed = SignedEntry::new(bytes, vec![EntrySignature { signer: author, signature }]);
            prev = signed.hash();
            entries.push(signed);
            self.devices.push(device);
        }
        self.take(&Written { base_size, base_head, entries, wraps: Vec::new() })
    }

    fn add_teams_and_zones(&mut self) -> Result<(), BenchError> {
        let rng = &mut doorstep_client_core::randomness::os();
        let ids: Vec<DeviceId> = self.devices.iter().map(DeviceSecrets::device).collect();
        let (lost, others) = ids.split_first().ok_or(BenchError::Setting("devices"))?;
        let mut teams: Vec<TeamId> = Vec::with_capacity(TEAMS);
        for members in others.chunks(others.len().div_ceil(TEAMS).max(1)) {
            let members: Vec<DeviceId> = members.iter().chain([lost]).copied().collect();
            let (written, team) =
                partnership::create_team(&self.desk, (self.council, TeamTier::Ops), &members, NOW, rng)
                    .map_err(setting("a team"))?;
            self.take(&written)?;
            teams.push(team);
        }
        for number in 0..ZONES {
            let holders = (0..TEAMS_OF_A_ZONE).filter_map(|at| teams.get((number + at) % teams.len()));
            let grants: Vec<GrantPlan> = holders
                .map(|team| GrantPlan {
                    zone: ZoneId::ZERO,
                    team: *team,
                    rights: Rights::READ_WRITE,
                    purposes: vec![purpose::PREVENTION],
                    agreement: None,
                    legal_power: law::CARE_ACT,
                    lawful_basis: law::PUBLIC_TASK,
                    expires: None,
                })
                .collect();
            let of = (self.council, Class::Register, AreaId::ZERO);
            let (written, _) =
                partnership::create_zone(&self.desk, of, &grants, NOW, rng).map_err(setting("a zone"))?;
            self.take(&written)?;
        }
        Ok(())
    }
}

/// The seals to public keys alone: what no design that gives everybody a new key can leave out.
fn seals(town: &Town, count: usize) -> Result<(), BenchError> {
    let rng = &mut doorstep_client_core::randomness::os();
    let key = TeamKey::make(rng);
    let recipients: Vec<_> = town.devices.iter().map(|d| (d.device(), d.kem.public())).collect();
    for (device, kem) in recipients.iter().cycle().take(count) {
        let header = SealedWrapHeader {
            purpose: SealedWrapPurpose::TeamToDevice,
            partnership: town.partnership,
            subject: [1; 16],
            epoch: Epoch(2),
            recipient: device.0,
        };
        seal_to(&header, kem, &key, rng).map_err(setting("a seal"))?;
    }
    Ok(())
}

pub(crate) fn lost_tablet(plan: &Plan, report: &mut Report<'_>) -> Result<(), BenchError> {
    let count = plan.size.unwrap_or(DEVICES).max(TEAMS + 1);
    let town = Town::make(count)?;
    let rng = &mut doorstep_client_core::randomness::os();
    let lost = town.devices.first().map(DeviceSecrets::device).ok_or(BenchError::Setting("devices"))?;
    let mut best: Option<(f64, Written)> = None;
    for _ in 0..RUNS {
        let (time, revoked) = timed(|| partnership::revoke(&town.desk, (lost, RevokeReason::Lost), &[], NOW, rng));
        let (written, rotated) = revoked.map_err(setting("the revocation"))?;
        if !rotated.owed.is_empty() {
            return Err(BenchError::Setting("a key that stayed owed"));
        }
        if best.as_ref().is_none_or(|(quickest, _)| ms(time) < *quickest) {
            best = Some((ms(time), written));
        }
    }
    let (value, written) = best.ok_or(BenchError::Setting("a run"))?;
    let zones = written
        .entries
        .iter()
        .filter(|signed| Entry::parse(&signed.entry.0).is_ok_and(|entry| matches!(entry.body, Body::ZoneEpoch(_))))
        .count();
    // Team keys to members, zone keys to escrow; and a signature for each entry, verified once before it is written.
    let sealed = written.wraps.len() + zones;
    let operations = sealed + 2 * written.entries.len();
    let mut floor = f64::INFINITY;
    for _ in 0..RUNS {
        let (time, done) = timed(|| seals(&town, sealed));
        done?;
        floor = floor.min(ms(time));
    }
    report.add(&Figure::new("lost.tablet", count, value, "ms", Some(floor)))?;
    report.add(&Figure::new("lost.tablet.operations", count, operations as f64, "operations", Some(sealed as f64)))?;
    let append = LogAppend {
        partnership: town.partnership,
        base_size: written.base_size,
        base_head: written.base_head,
        entries: written.entries.clone(),
        wraps: written.wraps.iter().cloned().map(Bytes).collect(),
        whole: None,
    };
    let wraps_bytes: usize = written.wraps.iter().map(Vec::len).sum();
    let up = append.to_bytes().len();
    report.add(&Figure::new("lost.tablet.up", count, up as f64, "bytes", Some(wraps_bytes as f64)))?;
    // A member of one team is sent every entry, and the one wrap that is for it.
    let entries: usize = written.entries.iter().map(|signed| Frame::LogEntry(signed.clone()).to_bytes().len()).sum();
    let own = written.wraps.first().map_or(0, Vec::len);
    report.add(&Figure::new("lost.tablet.down", count, (entries + own) as f64, "bytes", Some(own as f64)))
}
