//! Random histories, legal and not, against a simple model that knows nothing of the code: who is an admin, who is a member,
//! which team holds what, and who has which key. After each step both must agree.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use doorstep_protocol::authority::{
    AdminSet, Authority, Body, DeviceAdd, DeviceRevoke, Grant, GrantEnd, RevokeReason, SignedEntry, Standing,
    TeamEpoch, TeamMember, TeamSet, TeamTier, ZoneCreate, ZoneEpoch, ZoneTeamWrap, recipients_digest,
};
use doorstep_protocol::wrap::{KeyWrapPurpose, SealedWrapPurpose};
use doorstep_protocol::{
    Class, DeviceId, Digest32, Epoch, GrantId, KeyCommitment, OrganisationId, Signature, TeamId, ZoneId,
};
use rand_chacha::ChaCha8Rng;
use rand_core::{Rng, SeedableRng};

use crate::harness::{AREA, COUNCIL, Device, FIRE, Log, bytes32};

const STEPS: usize = 20;
const DEVICES: usize = 7;
const TEAMS: u8 = 4;
const ZONES: u8 = 4;
const GRANTS: u8 = 8;
const ORGANISATIONS: [OrganisationId; 2] = [COUNCIL, FIRE];

static DEVICE: LazyLock<Vec<Device>> = LazyLock::new(|| (0..DEVICES as u64).map(|n| Device::new(500 + n)).collect());

/// Who says it: some of the root keys (two of three are enough, and exactly two), or a device.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Who {
    Roots(usize),
    Device(usize),
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Key {
    Enclosed,
    Missing,
}

/// What is said. Epochs are given as how far they are from the right one.
#[derive(Clone, Debug)]
enum Say {
    Admin(OrganisationId, usize, Standing),
    Add(usize, OrganisationId, Key),
    Revoke(usize),
    Team(u8, OrganisationId, TeamTier),
    Member(u8, usize, Standing, Key),
    Zone(u8, OrganisationId, Class),
    Grant(u8, u8, u8, Key),
    End(u8),
    TeamEpoch(u8, u32, BTreeSet<usize>),
    ZoneEpoch(u8, u32, BTreeSet<u8>),
}

impl Say {
    fn name(&self) -> &'static str {
        match self {
            Self::Admin(..) => "admin",
            Self::Add(..) => "add",
            Self::Revoke(..) => "revoke",
            Self::Team(..) => "team",
            Self::Member(..) => "member",
            Self::Zone(..) => "zone",
            Self::Grant(..) => "grant",
            Self::End(..) => "end",
            Self::TeamEpoch(..) => "team epoch",
            Self::ZoneEpoch(..) => "zone epoch",
        }
    }
}

#[derive(Clone, Debug)]
struct Team {
    organisation: OrganisationId,
    restricted: bool,
    members: BTreeSet<usize>,
    epoch: u32,
    /// Somebody left since the last epoch.
    left: bool,
    /// Every device that was ever handed the current key.
    have_key: BTreeSet<usize>,
}

#[derive(Clone, Debug)]
struct Zone {
    organisation: OrganisationId,
    class: Class,
    epoch: u32,
}

#[derive(Clone, Debug, Default)]
struct Model {
    admins: BTreeMap<OrganisationId, BTreeSet<usize>>,
    live: BTreeMap<usize, OrganisationId>,
    ever: BTreeSet<usize>,
    teams: BTreeMap<u8, Team>,
    zones: BTreeMap<u8, Zone>,
    open: BTreeMap<u8, (u8, u8)>,
    used: BTreeSet<u8>,
}

impl Model {
    fn holders(&self, zone: u8) -> BTreeSet<u8> {
        self.open.values().filter(|(z, _)| *z == zone).map(|(_, team)| *team).collect()
    }

    fn recipients(&self, zone: u8) -> BTreeSet<u8> {
        self.holders(zone).into_iter().filter(|team| !self.teams[team].members.is_empty()).collect()
    }

    fn directory_has_key(&self) -> bool {
        self.zones.values().any(|z| z.class == Class::Directory && z.epoch > 0)
    }

    /// Whether the author exists at all, and whether it speaks for an organisation.
    fn speaks_for(&self, who: Who, organisation: OrganisationId) -> bool {
        matches!(who, Who::Device(d) if self.admins.get(&organisation).is_some_and(|a| a.contains(&d)))
    }

    fn is_sole_admin(&self, device: usize) -> bool {
        self.admins.values().any(|admins| admins.len() == 1 && admins.contains(&device))
    }

    fn is_legal(&self, who: Who, say: &Say) -> bool {
        let roots = who == Who::Roots(2);
        match say {
            Say::Admin(organisation, device, standing) => {
                let admins = &self.admins[organisation];
                roots
                    && match standing {
                        Standing::Granted => self.live.contains_key(device) && !admins.contains(device),
                        Standing::Ended => admins.contains(device) && admins.len() > 1,
                    }
            }
            Say::Add(device, organisation, proof) => {
                (roots || self.speaks_for(who, *organisation)) && !self.ever.contains(device) && *proof == Key::Enclosed
            }
            Say::Revoke(device) => self.live.get(device).is_some_and(|organisation| {
                (roots || self.speaks_for(who, *organisation)) && !self.is_sole_admin(*device)
            }),
            Say::Team(team, organisation, _) => self.speaks_for(who, *organisation) && !self.teams.contains_key(team),
            Say::Member(team, device, standing, key) => self.teams.get(team).is_some_and(|t| {
                self.speaks_for(who, t.organisation)
                    && match standing {
                        Standing::Granted => {
                            !t.members.contains(device)
                                && self.live.contains_key(device)
                                && (*key == Key::Enclosed) == (t.epoch > 0)
                        }
                        Standing::Ended => t.members.contains(device) && *key == Key::Missing,
                    }
            }),
            Say::Zone(zone, organisation, class) => {
                let first = !self
                    .zones
                    .values()
                    .any(|z| z.class == *class && (z.organisation == *organisation || *class == Class::Directory));
                self.speaks_for(who, *organisation)
                    && !self.zones.contains_key(zone)
                    && match class {
                        Class::Directory => first,
                        _ => !first || self.directory_has_key(),
                    }
            }
            Say::Grant(grant, zone, team, key) => {
                let (Some(z), Some(t)) = (self.zones.get(zone), self.teams.get(team)) else { return false };
                self.speaks_for(who, z.organisation)
                    && !self.used.contains(grant)
                    && (z.class != Class::Sealed || t.restricted)
                    && match key {
                        Key::Missing => z.epoch == 0 || self.holders(*zone).contains(team),
                        Key::Enclosed => z.epoch > 0 && t.epoch > 0 && !t.left,
                    }
            }
            Say::End(grant) => {
                self.open.get(grant).is_some_and(|(zone, _)| self.speaks_for(who, self.zones[zone].organisation))
            }
            Say::TeamEpoch(team, off, to) => self.teams.get(team).is_some_and(|t| {
                self.speaks_for(who, t.organisation) && *off == 0 && !t.members.is_empty() && *to == t.members
            }),
            Say::ZoneEpoch(zone, off, to) => self.zones.get(zone).is_some_and(|z| {
                self.speaks_for(who, z.organisation)
                    && *off == 0
                    && *to == self.recipients(*zone)
                    && to.iter().all(|team| self.teams[team].epoch > 0 && !self.teams[team].left)
            }),
        }
    }

    /// Whatever a key is sealed under, nobody but a live member may have it.
    fn only_members_have_key_of(&self, team: u8) {
        let team = &self.teams[&team];
        assert!(team.have_key.is_subset(&team.members), "a former member has the key that something was sealed under");
        assert!(team.members.iter().all(|device| self.live.contains_key(device)), "a member was revoked");
    }

    fn apply(&mut self, say: &Say) {
        match say {
            Say::Admin(organisation, device, standing) => {
                let admins = self.admins.get_mut(organisation).expect("both organisations are there");
                match standing {
                    Standing::Granted => admins.insert(*device),
                    Standing::Ended => admins.remove(device),
                };
            }
            Say::Add(device, organisation, _) => {
                self.live.insert(*device, *organisation);
                self.ever.insert(*device);
            }
            Say::Revoke(device) => {
                self.live.remove(device);
                self.admins.values_mut().for_each(|admins| {
                    admins.remove(device);
                });
                for team in self.teams.values_mut() {
                    team.left |= team.members.remove(device) && team.epoch > 0;
                }
            }
            Say::Team(team, organisation, tier) => {
                let fresh = Team {
                    organisation: *organisation,
                    restricted: *tier == TeamTier::Restricted,
                    members: BTreeSet::new(),
                    epoch: 0,
                    left: false,
                    have_key: BTreeSet::new(),
                };
                self.teams.insert(*team, fresh);
            }
            Say::Member(team, device, standing, _) => {
                let team = self.teams.get_mut(team).expect("it was legal");
                if *standing == Standing::Ended {
                    team.left |= team.members.remove(device) && team.epoch > 0;
                } else {
                    team.members.insert(*device);
                    if team.epoch > 0 {
                        team.have_key.insert(*device);
                    }
                }
            }
            Say::Zone(zone, organisation, class) => {
                self.zones.insert(*zone, Zone { organisation: *organisation, class: *class, epoch: 0 });
            }
            Say::Grant(grant, zone, team, key) => {
                if *key == Key::Enclosed {
                    self.only_members_have_key_of(*team);
                }
                self.open.insert(*grant, (*zone, *team));
                self.used.insert(*grant);
            }
            Say::End(grant) => drop(self.open.remove(grant)),
            Say::TeamEpoch(team, _, to) => {
                let team = self.teams.get_mut(team).expect("it was legal");
                team.epoch += 1;
                team.left = false;
                team.have_key.clone_from(to);
            }
            Say::ZoneEpoch(zone, _, to) => {
                to.iter().for_each(|team| self.only_members_have_key_of(*team));
                self.zones.get_mut(zone).expect("it was legal").epoch += 1;
            }
        }
    }

    /// Both say the same about everything that the model knows.
    fn agrees(&self, state: &Authority) {
        let number = |id: &DeviceId| DEVICE.iter().position(|d| d.id == *id).expect("one of ours");
        for (organisation, admins) in &self.admins {
            let found: BTreeSet<usize> = state.organisations()[organisation].admins.iter().map(number).collect();
            assert_eq!(&found, admins, "admins of {organisation}");
            assert!(!admins.is_empty(), "the last admin went");
        }
        let live: BTreeMap<usize, OrganisationId> = state
            .devices()
            .iter()
            .filter(|(id, _)| state.is_live(**id))
            .map(|(id, device)| (number(id), device.organisation))
            .collect();
        assert_eq!(live, self.live, "live devices");
        assert_eq!(state.devices().len(), self.ever.len(), "devices there ever were");
        assert_eq!(state.teams().len(), self.teams.len(), "teams");
        for (team, model) in &self.teams {
            let found = &state.teams()[&team_id(*team)];
            assert_eq!(found.members().map(number).collect::<BTreeSet<_>>(), model.members, "members of team {team}");
            assert_eq!((found.epoch(), found.owes_epoch()), (Epoch(model.epoch), model.left), "epoch of team {team}");
        }
        assert_eq!(state.zones().len(), self.zones.len(), "zones");
        for (zone, model) in &self.zones {
            assert_eq!(state.zones()[&zone_id(*zone)].epoch(), Epoch(model.epoch), "epoch of zone {zone}");
            let holders: BTreeSet<TeamId> = self.holders(*zone).into_iter().map(team_id).collect();
            assert_eq!(state.holders(zone_id(*zone)), holders, "holders of zone {zone}");
        }
    }
}

const fn team_id(team: u8) -> TeamId {
    TeamId([0x30 + team; 16])
}

const fn zone_id(zone: u8) -> ZoneId {
    ZoneId([0x40 + zone; 16])
}

const fn grant_id(grant: u8) -> GrantId {
    GrantId([0x60 + grant; 16])
}

/// The entry for what is said, in the right form whether it is legal or not.
fn body(log: &Log, say: &Say) -> Body {
    let state = &log.state;
    let team_epoch = |team: u8| state.teams().get(&team_id(team)).map_or(Epoch(0), |t| t.epoch());
    let zone_epoch = |zone: u8| state.zones().get(&zone_id(zone)).map_or(Epoch(0), |z| z.epoch());
    match say {
        Say::Admin(organisation, device, standing) => {
            Body::AdminSet(AdminSet { organisation: *organisation, device: DEVICE[*device].id, standing: *standing })
        }
        Say::Add(device, organisation, proof) => {
            let add = DEVICE[*device].add(log.partnership(), *organisation);
            let possession = if *proof == Key::Enclosed { add.possession } else { Signature([1; 64]) };
            Body::DeviceAdd(DeviceAdd { possession, ..add })
        }
        Say::Revoke(device) => Body::DeviceRevoke(DeviceRevoke {
            device: DEVICE[*device].id,
            reason: RevokeReason::Lost,
            cuts: Vec::new(),
        }),
        Say::Team(team, organisation, tier) => {
            Body::TeamSet(TeamSet { team: team_id(*team), organisation: *organisation, tier: *tier })
        }
        Say::Member(team, device, standing, key) => {
            let (team, device, epoch) = (team_id(*team), DEVICE[*device].id, team_epoch(*team));
            let wrap = log.sealed_wrap(SealedWrapPurpose::TeamToDevice, (team.0, epoch), device.0);
            let wrap = (*key == Key::Enclosed).then_some(wrap);
            Body::TeamMember(TeamMember { team, device, standing: *standing, wrap, cuts: Vec::new() })
        }
        Say::Zone(zone, organisation, class) => {
            let create = log.zone_create(zone_id(*zone), *organisation, *class);
            Body::ZoneCreate(ZoneCreate { area: AREA, ..create })
        }
        Say::Grant(grant, zone, team, key) => {
            let wrap = log.zone_under_team((zone_id(*zone), zone_epoch(*zone)), (team_id(*team), team_epoch(*team)));
            let grant = Grant { grant: grant_id(*grant), ..log.grant(1, zone_id(*zone), team_id(*team)) };
            Body::Grant(Grant { wrap: (*key == Key::Enclosed).then_some(wrap), ..grant })
        }
        Say::End(grant) => Body::GrantEnd(GrantEnd { grant: grant_id(*grant), cuts: Vec::new() }),
        Say::TeamEpoch(team, off, to) => {
            let before = team_epoch(*team);
            let (team, epoch) = (team_id(*team), Epoch(before.0 + 1 + off));
            let members: Vec<DeviceId> = to.iter().map(|device| DEVICE[*device].id).collect();
            Body::TeamEpoch(TeamEpoch {
                team,
                epoch,
                commitment: KeyCommitment(bytes32("team", log.state.size().0)),
                previous: (before > Epoch(0))
                    .then(|| log.key_wrap(KeyWrapPurpose::PreviousTeam, (team.0, epoch), (team.0, before))),
                recipients: recipients_digest(&members),
                wraps_root: Digest32([0; 32]),
                count: members.len() as u32,
            })
        }
        Say::ZoneEpoch(zone, off, to) => {
            let before = zone_epoch(*zone);
            let (zone, epoch) = (zone_id(*zone), Epoch(before.0 + 1 + off));
            let owner = state.zones().get(&zone).map_or(COUNCIL, |z| z.organisation);
            let wrap = |team: &u8| {
                let (team, team_epoch) = (team_id(*team), team_epoch(*team));
                ZoneTeamWrap { team, team_epoch, wrap: log.zone_under_team((zone, epoch), (team, team_epoch)) }
            };
            Body::ZoneEpoch(ZoneEpoch {
                zone,
                epoch,
                commitment: KeyCommitment(bytes32("zone", log.state.size().0)),
                previous: (before > Epoch(0))
                    .then(|| log.key_wrap(KeyWrapPurpose::PreviousZone, (zone.0, epoch), (zone.0, before))),
                wraps: to.iter().map(wrap).collect(),
                escrow: log.sealed_wrap(SealedWrapPurpose::ZoneToEscrow, (zone.0, epoch), owner.0),
                drop_box: None,
            })
        }
    }
}

fn signed(log: &Log, who: Who, say: &Say) -> SignedEntry {
    match who {
        Who::Roots(count) => log.by_some_roots(body(log, say), count),
        Who::Device(device) => log.by(&DEVICE[device], body(log, say)),
    }
}

/// Chance, with a lean towards what is legal: otherwise histories would go nowhere.
struct Chance(ChaCha8Rng);

impl Chance {
    fn below(&mut self, end: usize) -> usize {
        self.0.next_u32() as usize % end
    }

    fn of<T: Copy>(&mut self, all: &[T]) -> T {
        all[self.below(all.len())]
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }

    fn key(&mut self, right: bool) -> Key {
        if right != self.one_in(8) { Key::Enclosed } else { Key::Missing }
    }

    /// The set, or with one more or one less.
    fn nearly<T: Ord + Copy>(&mut self, mut set: BTreeSet<T>, all: &[T]) -> BTreeSet<T> {
        if self.one_in(5) {
            let other = self.of(all);
            if !set.remove(&other) {
                set.insert(other);
            }
        }
        set
    }

    fn say(&mut self, model: &Model) -> (Who, Say) {
        let (device, organisation) = (self.below(DEVICES), self.of(&ORGANISATIONS));
        let (team, zone, grant) =
            (self.below(TEAMS.into()) as u8, self.below(ZONES.into()) as u8, self.below(GRANTS.into()) as u8);
        let off = if self.one_in(12) { 1 } else { 0 };
        let standing = self.of(&[Standing::Granted, Standing::Granted, Standing::Ended]);
        let owner = |id: u8| model.zones.get(&id).map_or(organisation, |z| z.organisation);
        let of_team = |id: u8| model.teams.get(&id).map_or(organisation, |t| t.organisation);
        let (right, say) = match self.below(20) {
            0..=1 => (None, Say::Admin(organisation, device, standing)),
            2..=4 => {
                let proof = self.key(true);
                (Some(organisation), Say::Add(device, organisation, proof))
            }
            5 => (model.live.get(&device).copied(), Say::Revoke(device)),
            6 => {
                let tier = self.of(&[TeamTier::Ops, TeamTier::Restricted]);
                (Some(organisation), Say::Team(team, organisation, tier))
            }
            7..=9 => {
                let joins_late = standing == Standing::Granted && model.teams.get(&team).is_some_and(|t| t.epoch > 0);
                let key = self.key(joins_late);
                (Some(of_team(team)), Say::Member(team, device, standing, key))
            }
            10..=11 => {
                let class = self.of(&[Class::Directory, Class::Home, Class::Sealed]);
                (Some(organisation), Say::Zone(zone, organisation, class))
            }
            12..=14 => {
                let has_key = model.zones.get(&zone).is_some_and(|z| z.epoch > 0);
                let key = self.key(has_key);
                (Some(owner(zone)), Say::Grant(grant, zone, team, key))
            }
            15 => {
                let open: Vec<u8> = model.open.keys().copied().collect();
                let grant = if open.is_empty() || self.one_in(4) { grant } else { self.of(&open) };
                (model.open.get(&grant).map(|(zone, _)| owner(*zone)), Say::End(grant))
            }
            16..=17 => {
                let members = model.teams.get(&team).map(|t| t.members.clone()).unwrap_or_default();
                let to = self.nearly(members, &(0..DEVICES).collect::<Vec<_>>());
                (Some(of_team(team)), Say::TeamEpoch(team, off, to))
            }
            _ => {
                let to = self.nearly(model.recipients(zone), &(0..TEAMS).collect::<Vec<_>>());
                (Some(owner(zone)), Say::ZoneEpoch(zone, off, to))
            }
        };
        let who = match (self.below(10), right) {
            (0, _) => Who::Device(self.below(DEVICES)),
            (1, _) => Who::Roots(1 + self.below(3)),
            (2, Some(_)) | (_, None) => Who::Roots(2),
            (_, Some(organisation)) => {
                let admins: Vec<usize> = model.admins[&organisation].iter().copied().collect();
                Who::Device(self.of(&admins))
            }
        };
        (who, say)
    }
}

/// What most histories begin with, so that they get somewhere: device 0 is the council's desk and 1 the fire service's.
fn prelude() -> Vec<(usize, Say)> {
    let granted = Standing::Granted;
    let mut says: Vec<(usize, Say)> = Vec::new();
    for (device, organisation) in [(2, COUNCIL), (3, COUNCIL), (4, FIRE)] {
        says.push((usize::from(organisation == FIRE), Say::Add(device, organisation, Key::Enclosed)));
    }
    let teams = [(0, COUNCIL, TeamTier::Ops, 2), (1, FIRE, TeamTier::Ops, 4), (2, COUNCIL, TeamTier::Restricted, 3)];
    for (team, organisation, tier, member) in teams {
        let admin = usize::from(organisation == FIRE);
        says.push((admin, Say::Team(team, organisation, tier)));
        says.push((admin, Say::Member(team, member, granted, Key::Missing)));
        says.push((admin, Say::TeamEpoch(team, 0, [member].into())));
    }
    says.push((0, Say::Zone(0, COUNCIL, Class::Directory)));
    says.push((0, Say::ZoneEpoch(0, 0, BTreeSet::new())));
    says.push((0, Say::Zone(1, COUNCIL, Class::Home)));
    says.push((0, Say::Grant(0, 1, 0, Key::Missing)));
    says.push((0, Say::Grant(1, 1, 1, Key::Missing)));
    says.push((0, Say::ZoneEpoch(1, 0, [0, 1].into())));
    says.push((0, Say::Zone(2, COUNCIL, Class::Sealed)));
    says
}

/// How often each kind was taken and refused.
type Tally = BTreeMap<&'static str, [u32; 2]>;

fn history(seed: u64, tally: &mut Tally) {
    let mut chance = Chance(ChaCha8Rng::seed_from_u64(seed));
    let mut log = Log::begin();
    let mut model = Model { admins: ORGANISATIONS.map(|o| (o, BTreeSet::new())).into(), ..Model::default() };
    for (device, organisation) in ORGANISATIONS.into_iter().enumerate() {
        for say in [Say::Add(device, organisation, Key::Enclosed), Say::Admin(organisation, device, Standing::Granted)]
        {
            log.push(signed(&log, Who::Roots(2), &say)).expect("the beginning is legal");
            model.apply(&say);
        }
    }
    if !seed.is_multiple_of(4) {
        for (admin, say) in prelude() {
            assert!(model.is_legal(Who::Device(admin), &say), "{say:?}");
            log.push(signed(&log, Who::Device(admin), &say)).expect("the prelude is legal");
            model.apply(&say);
        }
    }
    for step in 0..STEPS {
        let (who, say) = chance.say(&model);
        let legal = model.is_legal(who, &say);
        // `push` holds that a refusal changes nothing.
        let outcome = log.push(signed(&log, who, &say));
        assert_eq!(outcome.is_ok(), legal, "seed {seed}, step {step}: {who:?} says {say:?}: {outcome:?}");
        if legal {
            model.apply(&say);
        }
        model.agrees(&log.state);
        tally.entry(say.name()).or_default()[usize::from(!legal)] += 1;
    }
    assert_eq!(Authority::replay(&log.entries).as_ref(), Ok(&log.state), "seed {seed}: replay differs");
}

fn histories(seeds: std::ops::Range<u64>) {
    let mut tally = Tally::new();
    for seed in seeds {
        history(seed, &mut tally);
    }
    for (kind, [taken, refused]) in &tally {
        assert!(*taken > 20 && *refused > 20, "{kind}: {taken} taken and {refused} refused say little");
    }
    assert_eq!(tally.len(), 10);
}

#[test]
fn random_histories_agree_with_the_model_1() {
    histories(0..500);
}

#[test]
fn random_histories_agree_with_the_model_2() {
    histories(500..1_000);
}

#[test]
fn random_histories_agree_with_the_model_3() {
    histories(1_000..1_500);
}

#[test]
fn random_histories_agree_with_the_model_4() {
    histories(1_500..2_000);
}
