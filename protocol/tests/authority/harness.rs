//! Makes partnerships for tests: deterministic keys, entries signed as they must be (or not), and a town with two
//! organisations, three teams and three zones that everything else starts from.
#![allow(dead_code, reason = "each test that shares this uses a part of it")]

use doorstep_protocol::authority::{
    AdminSet, Authority, Body, DeviceAdd, DeviceKind, Entry, Genesis, Grant, LocatorWrap, LogError, Organisation,
    OrganisationKind, Rights, RootRotate, SignedEntry, Standing, TeamEpoch, TeamMember, TeamSet, TeamTier, ZoneCreate,
    ZoneEpoch, ZoneTeamWrap, entry::EntrySignature, locator_key_id, partnership_id, possession_message,
    recipients_digest, root_id, wraps_digest,
};
use doorstep_protocol::wrap::{KeyWrapHeader, KeyWrapPurpose, SealedWrapHeader, SealedWrapPurpose};
use doorstep_protocol::{
    AreaId, Bytes, Class, DeviceId, Digest32, Epoch, GrantId, KemPublic, KeyCommitment, LogHash, LogSize, Millis,
    OrganisationId, PartnershipId, SignPublic, Signature, SignerId, TeamId, ZoneId, hash, label, signature,
};
use ed25519_dalek::{Signer, SigningKey};

pub(crate) const COUNCIL: OrganisationId = OrganisationId([0x10; 16]);
pub(crate) const FIRE: OrganisationId = OrganisationId([0x20; 16]);
pub(crate) const CARE_TEAM: TeamId = TeamId([0x31; 16]);
pub(crate) const CREW_TEAM: TeamId = TeamId([0x32; 16]);
pub(crate) const CLOSED_TEAM: TeamId = TeamId([0x33; 16]);
pub(crate) const DIRECTORY_ZONE: ZoneId = ZoneId([0x41; 16]);
pub(crate) const HOME_ZONE: ZoneId = ZoneId([0x42; 16]);
pub(crate) const SEALED_ZONE: ZoneId = ZoneId([0x43; 16]);
pub(crate) const AREA: AreaId = AreaId([0x51; 16]);

/// 32 bytes that depend on a name and a number alone.
pub(crate) fn bytes32(name: &str, number: u64) -> [u8; 32] {
    hash::tagged("test", &[name.as_bytes(), &number.to_be_bytes()])
}

pub(crate) fn sign(key: &SigningKey, label: &str, message: &[u8]) -> Signature {
    Signature(key.sign(&signature::signed_bytes(label, message)).to_bytes())
}

pub(crate) fn public(key: &SigningKey) -> SignPublic {
    SignPublic(key.verifying_key().to_bytes())
}

/// A device with its signing key; nothing is ever opened here, so its sealing keys have public halves only.
#[derive(Clone)]
pub(crate) struct Device {
    pub(crate) sign: SigningKey,
    pub(crate) kem: KemPublic,
    pub(crate) kem_restricted: KemPublic,
    pub(crate) id: DeviceId,
}

impl Device {
    pub(crate) fn new(number: u64) -> Self {
        Self::of_keys(SigningKey::from_bytes(&bytes32("device", number)), KemPublic(bytes32("kem", number)))
    }

    pub(crate) fn of_keys(sign: SigningKey, kem: KemPublic) -> Self {
        let id = hash::device_id(&public(&sign), &kem);
        let kem_restricted =
            KemPublic(bytes32("restricted kem", u64::from_be_bytes(kem.0[..8].try_into().expect("8"))));
        Self { sign, kem, kem_restricted, id }
    }

    pub(crate) fn add(&self, partnership: PartnershipId, organisation: OrganisationId) -> DeviceAdd {
        let key = public(&self.sign);
        let message = possession_message(partnership, &key, &self.kem, Some(&self.kem_restricted));
        DeviceAdd {
            organisation,
            kind: DeviceKind::Personal,
            sign: key,
            kem: self.kem,
            not_after: None,
            possession: sign(&self.sign, label::SIG_POSSESSION, &message),
            kem_restricted: Some(self.kem_restricted),
        }
    }
}

pub(crate) fn genesis_of(roots: &[SigningKey], threshold: u8) -> Genesis {
    let mut keys: Vec<SignPublic> = roots.iter().map(public).collect();
    keys.sort_unstable();
    let organisation =
        |id: OrganisationId, kind| Organisation { id, kind, escrow: KemPublic(bytes32("escrow", id.0[0].into())) };
    Genesis {
        roots: keys,
        threshold,
        organisations: vec![
            organisation(COUNCIL, OrganisationKind::Council),
            organisation(FIRE, OrganisationKind::Fire),
        ],
        server_key: public(&server_key()),
        nonce: Digest32(bytes32("nonce", 1)),
    }
}

pub(crate) fn server_key() -> SigningKey {
    SigningKey::from_bytes(&bytes32("server", 1))
}

pub(crate) fn root_keys() -> Vec<SigningKey> {
    (1..=3).map(|n| SigningKey::from_bytes(&bytes32("root", n))).collect()
}

pub(crate) fn first_entry(genesis: Genesis, author: SignerId) -> Entry {
    let partnership = partnership_id(&genesis);
    let (seq, prev, time) = (LogSize(1), LogHash::ZERO, Millis(1_760_000_000_000));
    Entry { partnership, seq, prev, time, author, body: Body::Genesis(genesis) }
}

pub(crate) fn entry_signature(signer: SignerId, key: &SigningKey, entry: &[u8]) -> EntrySignature {
    let digest = Entry::signing_digest(entry);
    EntrySignature { signer, signature: sign(key, label::SIG_LOG, &digest.0) }
}

pub(crate) fn signed_by_roots(roots: &[SigningKey], entry: &Entry) -> SignedEntry {
    let bytes = entry.to_bytes();
    let signatures = roots.iter().map(|key| entry_signature(root_id(&public(key)), key, &bytes)).collect();
    SignedEntry::new(bytes, signatures)
}

/// The entry that replaces the root keys by three others, `count` of which sign beside the threshold of the old ones.
pub(crate) fn rotation(log: &Log, count: usize) -> SignedEntry {
    let fresh: Vec<SigningKey> = (11..=13).map(|n| SigningKey::from_bytes(&bytes32("root", n))).collect();
    let mut roots: Vec<SignPublic> = fresh.iter().map(public).collect();
    roots.sort_unstable();
    let signers: Vec<SigningKey> = log.roots[..log.threshold].iter().chain(&fresh[..count]).cloned().collect();
    signed_by_roots(
        &signers,
        &log.next(root_id(&public(&log.roots[0])), Body::RootRotate(RootRotate { roots, threshold: 2 })),
    )
}

/// A log and what follows from it.
#[derive(Clone)]
pub(crate) struct Log {
    pub(crate) roots: Vec<SigningKey>,
    pub(crate) threshold: usize,
    pub(crate) entries: Vec<SignedEntry>,
    pub(crate) state: Authority,
}

impl Log {
    /// Three root keys of which two must sign; two organisations without devices.
    pub(crate) fn begin() -> Self {
        let roots = root_keys();
        let entry = first_entry(genesis_of(&roots, 2), root_id(&public(&roots[0])));
        let first = signed_by_roots(&roots[..2], &entry);
        let state = Authority::begin(&first).expect("the genesis is sound");
        Self { roots, threshold: 2, entries: vec![first], state }
    }

    pub(crate) fn partnership(&self) -> PartnershipId {
        self.state.partnership()
    }

    /// The entry that could come next.
    pub(crate) fn next(&self, author: SignerId, body: Body) -> Entry {
        let (seq, prev) = (self.state.size().next(), self.state.head());
        Entry { partnership: self.partnership(), seq, prev, time: Millis(1_760_000_000_000 + seq.0), author, body }
    }

    pub(crate) fn by_roots(&self, body: Body) -> SignedEntry {
        self.by_some_roots(body, self.threshold)
    }

    pub(crate) fn by_some_roots(&self, body: Body, count: usize) -> SignedEntry {
        signed_by_roots(&self.roots[..count], &self.next(root_id(&public(&self.roots[0])), body))
    }

    pub(crate) fn by(&self, device: &Device, body: Body) -> SignedEntry {
        let bytes = self.next(device.id.into(), body).to_bytes();
        let signature = entry_signature(device.id.into(), &device.sign, &bytes);
        SignedEntry::new(bytes, vec![signature])
    }

    /// An entry that several devices sign, the first of which is its author.
    pub(crate) fn by_devices(&self, devices: &[&Device], body: Body) -> SignedEntry {
        let bytes = self.next(devices[0].id.into(), body).to_bytes();
        let signatures = devices.iter().map(|d| entry_signature(d.id.into(), &d.sign, &bytes)).collect();
        SignedEntry::new(bytes, signatures)
    }

    /// Appends, and holds that a refused entry leaves the state as it was.
    pub(crate) fn push(&mut self, signed: SignedEntry) -> Result<(), LogError> {
        let before = self.state.clone();
        let outcome = self.state.append(&signed);
        match &outcome {
            Ok(()) => self.entries.push(signed),
            Err(_) => assert_eq!(self.state, before, "a refused entry changed the state"),
        }
        outcome
    }

    pub(crate) fn roots_say(&mut self, body: Body) {
        let name = body.name();
        self.push(self.by_roots(body)).unwrap_or_else(|e| panic!("{name} by the roots: {e}"));
    }

    pub(crate) fn says(&mut self, device: &Device, body: Body) {
        let name = body.name();
        self.push(self.by(device, body)).unwrap_or_else(|e| panic!("{name}: {e}"));
    }

    #[track_caller]
    pub(crate) fn refuses_entry(&self, signed: &SignedEntry, reason: &str) {
        match self.state.check(signed) {
            Ok(_) => panic!("taken, though: {reason}"),
            Err(error) => assert!(error.to_string().contains(reason), "refused for another reason: {error}"),
        }
    }

    #[track_caller]
    pub(crate) fn refuses(&self, device: &Device, body: Body, reason: &str) {
        self.refuses_entry(&self.by(device, body), reason);
    }

    #[track_caller]
    pub(crate) fn refuses_roots(&self, body: Body, reason: &str) {
        self.refuses_entry(&self.by_roots(body), reason);
    }

    /// A wrap with the right header; what is sealed in it is of no matter to the log.
    pub(crate) fn key_wrap(
        &self,
        purpose: KeyWrapPurpose,
        parent: ([u8; 16], Epoch),
        child: ([u8; 16], Epoch),
    ) -> Bytes {
        let partnership = self.partnership();
        let (parent, parent_epoch) = parent;
        let (child, child_epoch) = child;
        let header = KeyWrapHeader { purpose, partnership, parent, child, parent_epoch, child_epoch };
        Bytes([&header.to_bytes()[..], &[0xee; 112]].concat())
    }

    pub(crate) fn sealed_wrap(
        &self,
        purpose: SealedWrapPurpose,
        (subject, epoch): ([u8; 16], Epoch),
        recipient: [u8; 16],
    ) -> Bytes {
        let header = SealedWrapHeader { purpose, partnership: self.partnership(), subject, epoch, recipient };
        Bytes([&header.to_bytes()[..], &[0xdd; 80]].concat())
    }

    pub(crate) fn zone_under_team(&self, zone: (ZoneId, Epoch), team: (TeamId, Epoch)) -> Bytes {
        self.key_wrap(KeyWrapPurpose::ZoneUnderTeam, (team.0.0, team.1), (zone.0.0, zone.1))
    }

    /// Wraps of a team epoch, one for each member.
    pub(crate) fn delivered(&self, team: TeamId, epoch: Epoch) -> Vec<Bytes> {
        let members = self.state.teams()[&team].members();
        members.map(|d| self.sealed_wrap(SealedWrapPurpose::TeamToDevice, (team.0, epoch), d.0)).collect()
    }

    pub(crate) fn team_epoch(&self, team: TeamId) -> TeamEpoch {
        let state = &self.state.teams()[&team];
        let epoch = state.epoch().next();
        let wraps = self.delivered(team, epoch);
        TeamEpoch {
            team,
            epoch,
            commitment: KeyCommitment(bytes32("team key", u64::from(team.0[0]) << 32 | u64::from(epoch.0))),
            previous: (epoch > Epoch(1))
                .then(|| self.key_wrap(KeyWrapPurpose::PreviousTeam, (team.0, epoch), (team.0, state.epoch()))),
            recipients: recipients_digest(state.members()),
            wraps_root: wraps_digest(wraps.iter().map(AsRef::as_ref)),
            count: wraps.len() as u32,
        }
    }

    pub(crate) fn zone_epoch(&self, zone: ZoneId) -> ZoneEpoch {
        let recipients = self.state.recipients(zone);
        self.zone_epoch_for(zone, recipients)
    }

    pub(crate) fn zone_epoch_for(&self, zone: ZoneId, teams: impl IntoIterator<Item = TeamId>) -> ZoneEpoch {
        let state = &self.state.zones()[&zone];
        let epoch = state.epoch().next();
        let wrap = |team: TeamId| {
            let team_epoch = self.state.teams()[&team].epoch();
            ZoneTeamWrap { team, team_epoch, wrap: self.zone_under_team((zone, epoch), (team, team_epoch)) }
        };
        ZoneEpoch {
            zone,
            epoch,
            commitment: KeyCommitment(bytes32("zone key", u64::from(zone.0[0]) << 32 | u64::from(epoch.0))),
            previous: (epoch > Epoch(1))
                .then(|| self.key_wrap(KeyWrapPurpose::PreviousZone, (zone.0, epoch), (zone.0, state.epoch()))),
            wraps: teams.into_iter().map(wrap).collect(),
            escrow: self.sealed_wrap(SealedWrapPurpose::ZoneToEscrow, (zone.0, epoch), state.organisation.0),
            drop_box: state.is_drop_box().then(|| KemPublic(bytes32("drop box", epoch.0.into()))),
        }
    }

    pub(crate) fn zone_create(&self, zone: ZoneId, organisation: OrganisationId, class: Class) -> ZoneCreate {
        let needs_locator = (1..=10).contains(&class.code()) && self.state.locator(class, organisation).is_none();
        let directory = self.state.directory_zone().map(|id| (id.0, self.state.zones()[&id].epoch()));
        let locator = directory.filter(|_| needs_locator).map(|directory| LocatorWrap {
            commitment: KeyCommitment(bytes32("locator key", class.code().into())),
            wrap: self.key_wrap(KeyWrapPurpose::Locator, directory, (locator_key_id(class, organisation).0, Epoch(1))),
        });
        ZoneCreate { zone, organisation, class, area: AREA, locator }
    }

    /// A grant without a wrap.
    pub(crate) fn grant(&self, number: u8, zone: ZoneId, team: TeamId) -> Grant {
        Grant {
            grant: GrantId([number; 16]),
            zone,
            team,
            rights: Rights::READ_WRITE,
            purposes: vec![1, 2],
            agreement: Some(Digest32(bytes32("agreement", 1))),
            legal_power: 3,
            lawful_basis: 5,
            expires: None,
            wrap: None,
        }
    }

    /// The same with the zone's current key under the team's.
    pub(crate) fn grant_with_key(&self, number: u8, zone: ZoneId, team: TeamId) -> Grant {
        let epochs = (self.state.zones()[&zone].epoch(), self.state.teams()[&team].epoch());
        Grant { wrap: Some(self.zone_under_team((zone, epochs.0), (team, epochs.1))), ..self.grant(number, zone, team) }
    }

    pub(crate) fn member(&self, team: TeamId, device: DeviceId, standing: Standing) -> TeamMember {
        let epoch = self.state.teams()[&team].epoch();
        let joins_late = standing == Standing::Granted && epoch > Epoch(0);
        let wrap = joins_late.then(|| self.sealed_wrap(SealedWrapPurpose::TeamToDevice, (team.0, epoch), device.0));
        TeamMember { team, device, standing, wrap, cuts: Vec::new() }
    }
}

/// A council with two desks and two tablets, a fire service with one desk and one tablet; care and crew teams (ops tier) and
/// a restricted one; the directory, homes (held by care and crew) and a sealed zone (held by the restricted team), all with
/// keys.
#[derive(Clone)]
pub(crate) struct Town {
    pub(crate) log: Log,
    pub(crate) council: Device,
    pub(crate) council_second: Device,
    pub(crate) fire: Device,
    pub(crate) tablet: Device,
    pub(crate) tablet_second: Device,
    pub(crate) engine: Device,
    pub(crate) stranger: Device,
}

impl Town {
    pub(crate) fn new() -> Self {
        let mut log = Log::begin();
        let [council, council_second, fire, tablet, tablet_second, engine, stranger] =
            [1, 2, 3, 4, 5, 6, 7].map(Device::new);
        let partnership = log.partnership();
        for (device, organisation) in [(&council, COUNCIL), (&fire, FIRE)] {
            log.roots_say(Body::DeviceAdd(device.add(partnership, organisation)));
            log.roots_say(Body::AdminSet(AdminSet { organisation, device: device.id, standing: Standing::Granted }));
        }
        for device in [&council_second, &tablet, &tablet_second] {
            log.says(&council, Body::DeviceAdd(device.add(partnership, COUNCIL)));
        }
        log.says(&fire, Body::DeviceAdd(engine.add(partnership, FIRE)));
        let second = AdminSet { organisation: COUNCIL, device: council_second.id, standing: Standing::Granted };
        log.roots_say(Body::AdminSet(second));

        let teams = [
            (CARE_TEAM, COUNCIL, TeamTier::Ops),
            (CREW_TEAM, FIRE, TeamTier::Ops),
            (CLOSED_TEAM, COUNCIL, TeamTier::Restricted),
        ];
        for (team, organisation, tier) in teams {
            let admin = if organisation == FIRE { &fire } else { &council };
            log.says(admin, Body::TeamSet(TeamSet { team, organisation, tier }));
        }
        let members = [(CARE_TEAM, &tablet), (CARE_TEAM, &tablet_second), (CREW_TEAM, &engine), (CLOSED_TEAM, &tablet)];
        for (team, device) in members {
            let admin = if team == CREW_TEAM { &fire } else { &council };
            let member = log.member(team, device.id, Standing::Granted);
            log.says(admin, Body::TeamMember(member));
        }
        for (team, admin) in [(CARE_TEAM, &council), (CREW_TEAM, &fire), (CLOSED_TEAM, &council)] {
            let epoch = log.team_epoch(team);
            log.says(admin, Body::TeamEpoch(epoch));
        }

        let zones = [(DIRECTORY_ZONE, Class::Directory), (HOME_ZONE, Class::Home), (SEALED_ZONE, Class::Sealed)];
        let holders: [&[TeamId]; 3] = [&[CARE_TEAM, CREW_TEAM], &[CARE_TEAM, CREW_TEAM], &[CLOSED_TEAM]];
        let mut number = 0x60;
        for ((zone, class), teams) in zones.into_iter().zip(holders) {
            let create = log.zone_create(zone, COUNCIL, class);
            log.says(&council, Body::ZoneCreate(create));
            for team in teams {
                let grant = log.grant(number, zone, *team);
                log.says(&council, Body::Grant(grant));
                number += 1;
            }
            let epoch = log.zone_epoch(zone);
            log.says(&council, Body::ZoneEpoch(epoch));
        }
        Self { log, council, council_second, fire, tablet, tablet_second, engine, stranger }
    }
}
