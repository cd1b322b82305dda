//! Founding: the genesis, the first desk, teams, zones and grants of a partnership that shares one area's homes.

use std::collections::BTreeMap;

use doorstep_crypto::keys::{KemSecret, Sign as _, SigningKey};
use doorstep_protocol::authority::{
    AdminSet, Body, DeviceAdd, DeviceKind, Genesis, Grant, Organisation, OrganisationKind, Rights, SeatAdd, Standing,
    TeamMember, TeamSet, TeamTier, ZoneCreate, partnership_id, possession_message, root_id,
};
use doorstep_protocol::{
    AreaId, Class, DeviceId, Digest32, GrantId, Millis, OrganisationId, PartnershipId, SignPublic, SignerId, Subject,
    TeamId, WorkerId, ZoneId, label,
};
use rand_core::CryptoRng;

use super::kit::RecoveryKit;
use super::writer::{AdminError, LogWriter, Signer, Written};
use super::{law, purpose};
use crate::order::Order as _;
use crate::vault::DeviceSecrets;

/// Root keys, and how many of them act together.
const ROOTS: usize = 3;
const ROOTS_THRESHOLD: u8 = 2;

/// An organisation to be.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
pub struct OrganisationPlan {
    /// Its name; kept in the directory, sealed.
    pub name: String,
    /// Its kind.
    pub kind: OrganisationKind,
}

/// A partnership to be.
#[derive(Clone, Debug, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
pub struct FoundingPlan {
    /// The organisations; the first owns the shared zones.
    pub organisations: Vec<OrganisationPlan>,
    /// The name of the area that the first zones are for.
    pub area: String,
    /// The name of the founding desk.
    pub desk: String,
    /// The name of the worker at it.
    pub worker: String,
}

/// Names that belong into the directory, by the id of what they name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Names {
    /// Organisations.
    pub organisations: BTreeMap<OrganisationId, String>,
    /// Areas.
    pub areas: BTreeMap<AreaId, String>,
    /// Teams.
    pub teams: BTreeMap<TeamId, String>,
    /// Zones.
    pub zones: BTreeMap<ZoneId, String>,
    /// Devices.
    pub devices: BTreeMap<DeviceId, String>,
    /// Workers.
    pub workers: BTreeMap<WorkerId, String>,
}

/// What a founding made.
pub struct Founding {
    /// The partnership.
    pub partnership: PartnershipId,
    /// The whole first log.
    pub written: Written,
    /// What is printed and locked away.
    pub kit: RecoveryKit,
    /// Names for the directory.
    pub names: Names,
}

/// Classes that a team of an organisation of this kind is granted in the shared zones of a new partnership.
#[must_use]
pub const fn granted_classes(kind: OrganisationKind) -> &'static [Class] {
    match kind {
        OrganisationKind::Council | OrganisationKind::Health | OrganisationKind::Fire => &SHARED,
        OrganisationKind::Landlord => &[Class::Index, Class::Home, Class::Fire, Class::Identity, Class::Communication],
        OrganisationKind::Other => &[Class::Index, Class::Fire],
    }
}

const fn purposes(kind: OrganisationKind) -> &'static [u16] {
    match kind {
        OrganisationKind::Fire => &[purpose::PREVENTION, purpose::EMERGENCY],
        OrganisationKind::Landlord => &[purpose::PREVENTION, purpose::HOUSING_CONDITION],
        _ => &[purpose::PREVENTION],
    }
}

const fn legal_power(kind: OrganisationKind) -> u16 {
    match kind {
        OrganisationKind::Fire => law::FIRE_SERVICES_ACT,
        OrganisationKind::Landlord => law::HOUSING_ACT,
        _ => law::CARE_ACT,
    }
}

/// The classes of the shared zones.
const SHARED: [Class; 7] =
    [Class::Index, Class::Home, Class::Fire, Class::Identity, Class::Communication, Class::Function, Class::Network];

fn draw16(rng: &mut impl CryptoRng) -> [u8; 16] {
    let mut bytes = [0u8; 16];
    rng.fill_bytes(&mut bytes);
    bytes
}

/// Founds a partnership with this desk as the admin of every organisation.
///
/// # Errors
/// [`AdminError`].
pub fn found(
    plan: &FoundingPlan,
    desk: &DeviceSecrets,
    server_key: SignPublic,
    now: Millis,
    rng: &mut impl CryptoRng,
) -> Result<Founding, AdminError> {
    if plan.organisations.is_empty() {
        return Err(AdminError::Plan { field: "organisations", remedy: "name at least one organisation" });
    }
    let mut roots: Vec<SigningKey> = (0..ROOTS).map(|_| SigningKey::make(rng)).collect();
    roots.order_by_key(SigningKey::public);
    let mut organisations: Vec<(OrganisationId, &OrganisationPlan, KemSecret)> =
        plan.organisations.iter().map(|o| (OrganisationId(draw16(rng)), o, KemSecret::make(rng))).collect();
    let owner = organisations.first().map_or(OrganisationId::ZERO, |(id, ..)| *id);
    organisations.order_by_key(|(id, ..)| *id);
    let mut nonce = Digest32::ZERO;
    rng.fill_bytes(&mut nonce.0);
    let genesis = Genesis {
        roots: roots.iter().map(SigningKey::public).collect(),
        threshold: ROOTS_THRESHOLD,
        organisations: organisations
            .iter()
            .map(|(id, plan, escrow)| Organisation { id: *id, kind: plan.kind, escrow: escrow.public() })
            .collect(),
        server_key,
        nonce,
    };
    let partnership = partnership_id(&genesis);
    let signing: Vec<(SignerId, &SigningKey)> =
        roots.iter().take(usize::from(ROOTS_THRESHOLD)).map(|root| (root_id(&root.public()), root)).collect();
    let by_roots = Signer::Roots(&signing);
    let mut log = LogWriter::begin(partnership, Body::Genesis(genesis), &by_roots, now)?;
    let device = desk.device();
    let kem_restricted = desk.restricted.as_ref().map(KemSecret::public).ok_or(AdminError::Plan {
        field: "folder",
        remedy: "this device is older than keys that open with a PIN: found the partnership from a new folder",
    })?;
    let (sign, kem) = (desk.sign.public(), desk.kem.public());
    let message = possession_message(partnership, &sign, &kem, Some(&kem_restricted));
    log.push(
        &by_roots,
        Body::DeviceAdd(DeviceAdd {
            organisation: owner,
            kind: DeviceKind::Desk,
            sign,
            kem,
            not_after: None,
            possession: desk.sign.try_sign(label::SIG_POSSESSION, &message)?,
            kem_restricted: Some(kem_restricted),
        }),
    )?;
    for (organisation, ..) in &organisations {
        let set = AdminSet { organisation: *organisation, device, standing: Standing::Granted };
        log.push(&by_roots, Body::AdminSet(set))?;
    }
    let admin = Signer::Device(device, &desk.sign);
    let worker = WorkerId(draw16(rng));
    log.push(&admin, Body::SeatAdd(SeatAdd { device, worker, key: desk.seat.public() }))?;
    let mut names = Names::default();
    names.devices.insert(device, plan.desk.clone());
    names.workers.insert(worker, plan.worker.clone());
    let area = AreaId(draw16(rng));
    names.areas.insert(area, plan.area.clone());

    let everyone = make_team(&mut log, &admin, (owner, TeamTier::Ops), device, rng)?;
    names.teams.insert(everyone, "Everyone".to_owned());
    let holders = [Holder::of(everyone, OrganisationKind::Council)];
    let directory = make_zone(&mut log, &admin, (owner, Class::Directory, area), &holders, rng)?;
    names.zones.insert(directory, "Directory".to_owned());
    let mut teams = Vec::with_capacity(organisations.len());
    for (id, plan, _) in &organisations {
        let team = make_team(&mut log, &admin, (*id, TeamTier::Ops), device, rng)?;
        names.teams.insert(team, format!("{} field team", plan.name));
        names.organisations.insert(*id, plan.name.clone());
        teams.push((team, plan.kind));
    }
    for class in SHARED {
        let holders: Vec<Holder> = teams
            .iter()
            .filter(|(_, kind)| granted_classes(*kind).contains(&class))
            .map(|(team, kind)| Holder::of(*team, *kind))
            .collect();
        let zone = make_zone(&mut log, &admin, (owner, class, area), &holders, rng)?;
        names.zones.insert(zone, format!("{class} of {}", plan.area));
    }
    found_watch(&mut log, &admin, (owner, area, device), plan, &organisations, &mut names, rng)?;
    found_named_teams(&mut log, &admin, (owner, area, device), plan, &organisations, &mut names, rng)?;
    let escrows: Vec<(String, &KemSecret)> =
        organisations.iter().map(|(_, plan, escrow)| (plan.name.clone(), escrow)).collect();
    let kit = RecoveryKit::make(partnership, &roots, ROOTS_THRESHOLD, &escrows, rng)?;
    Ok(Founding { partnership, written: log.finish(), kit, names })
}

/// Who is let into a zone, and how far.
struct Holder {
    team: TeamId,
    kind: OrganisationKind,
    rights: Rights,
    purposes: &'static [u16],
}

impl Holder {
    /// A team that reads and writes for what organisations of its kind do.
    const fn of(team: TeamId, kind: OrganisationKind) -> Self {
        Self { team, kind, rights: Rights::READ_WRITE, purposes: purposes(kind) }
    }
}

/// What is sealed, who opens it, who breaks the glass before it, and who sees that they did. The keys of these teams open
/// with a worker's PIN.
fn found_watch(
    log: &mut LogWriter,
    admin: &Signer<'_>,
    (owner, area, device): (OrganisationId, AreaId, DeviceId),
    plan: &FoundingPlan,
    organisations: &[(OrganisationId, &OrganisationPlan, KemSecret)],
    names: &mut Names,
    rng: &mut impl CryptoRng,
) -> Result<(), AdminError> {
    let kind = plan.organisations.first().map_or(OrganisationKind::Other, |first| first.kind);
    let auditors = make_team(log, admin, (owner, TeamTier::Restricted), device, rng)?;
    names.teams.insert(auditors, "Auditors".to_owned());
    let reads = Holder { team: auditors, kind, rights: Rights::READ, purposes: &[purpose::AUDIT] };
    let audit = make_zone(log, admin, (owner, Class::Audit, area), &[reads], rng)?;
    names.zones.insert(audit, "Who read what".to_owned());
    let entitled = make_team(log, admin, (owner, TeamTier::Restricted), device, rng)?;
    let owner_name = plan.organisations.first().map_or("", |first| first.name.as_str());
    names.teams.insert(entitled, format!("{owner_name} sealed detail"));
    let mut holders = vec![Holder {
        team: entitled,
        kind,
        rights: Rights::READ_WRITE,
        purposes: &[purpose::PREVENTION, purpose::EMERGENCY],
    }];
    for (id, organisation, _) in organisations.iter().filter(|(_, o, _)| o.kind == OrganisationKind::Fire) {
        let crews = make_team(log, admin, (*id, TeamTier::Restricted), device, rng)?;
        names.teams.insert(crews, format!("{} crews", organisation.name));
        let rights = Rights::GLASS;
        holders.push(Holder { team: crews, kind: organisation.kind, rights, purposes: &[purpose::EMERGENCY] });
    }
    let sealed = make_zone(log, admin, (owner, Class::Sealed, area), &holders, rng)?;
    names.zones.insert(sealed, format!("{} of {}", Class::Sealed, plan.area));
    Ok(())
}

/// What only named teams open: NHS numbers (health and social care), safeguarding, and the register of the desk.
fn found_named_teams(
    log: &mut LogWriter,
    admin: &Signer<'_>,
    (owner, area, device): (OrganisationId, AreaId, DeviceId),
    plan: &FoundingPlan,
    organisations: &[(OrganisationId, &OrganisationPlan, KemSecret)],
    names: &mut Names,
    rng: &mut impl CryptoRng,
) -> Result<(), AdminError> {
    let kind = plan.organisations.first().map_or(OrganisationKind::Other, |first| first.kind);
    let owner_name = plan.organisations.first().map_or("", |first| first.name.as_str());
    let mut care = Vec::new();
    for (id, organisation, _) in organisations {
        if matches!(organisation.kind, OrganisationKind::Council | OrganisationKind::Health) {
            let team = make_team(log, admin, (*id, TeamTier::Restricted), device, rng)?;
            names.teams.insert(team, format!("{} NHS numbers", organisation.name));
            care.push(Holder::of(team, organisation.kind));
        }
    }
    if !care.is_empty() {
        let zone = make_zone(log, admin, (owner, Class::HealthId, area), &care, rng)?;
        names.zones.insert(zone, format!("{} of {}", Class::HealthId, plan.area));
    }
    let safeguarding = make_team(log, admin, (owner, TeamTier::Restricted), device, rng)?;
    names.teams.insert(safeguarding, format!("{owner_name} safeguarding"));
    let zone = make_zone(log, admin, (owner, Class::Protected, area), &[Holder::of(safeguarding, kind)], rng)?;
    names.zones.insert(zone, format!("{} of {}", Class::Protected, plan.area));
    let desk = make_team(log, admin, (owner, TeamTier::Ops), device, rng)?;
    names.teams.insert(desk, format!("{owner_name} desk"));
    let zone = make_zone(log, admin, (owner, Class::Register, area), &[Holder::of(desk, kind)], rng)?;
    names.zones.insert(zone, "Register".to_owned());
    Ok(())
}

fn make_team(
    log: &mut LogWriter,
    admin: &Signer<'_>,
    (organisation, tier): (OrganisationId, TeamTier),
    member: DeviceId,
    rng: &mut impl CryptoRng,
) -> Result<TeamId, AdminError> {
    let team = TeamId(draw16(rng));
    log.push(admin, Body::TeamSet(TeamSet { team, organisation, tier }))?;
    let member = TeamMember { team, device: member, standing: Standing::Granted, wrap: None, cuts: Vec::new() };
    log.push(admin, Body::TeamMember(member))?;
    log.first_team_epoch(admin, team, rng)?;
    Ok(team)
}

fn make_zone(
    log: &mut LogWriter,
    admin: &Signer<'_>,
    (organisation, class, area): (OrganisationId, Class, AreaId),
    holders: &[Holder],
    rng: &mut impl CryptoRng,
) -> Result<ZoneId, AdminError> {
    let zone = ZoneId(draw16(rng));
    let locator = match class.subject() {
        Subject::Property | Subject::Person => log.locator_wrap(class, organisation, rng)?,
        Subject::Organisation | Subject::Partnership => None,
    };
    log.push(admin, Body::ZoneCreate(ZoneCreate { zone, organisation, class, area, locator }))?;
    for holder in holders {
        let grant = Grant {
            grant: GrantId(draw16(rng)),
            zone,
            team: holder.team,
            rights: holder.rights,
            purposes: holder.purposes.to_vec(),
            agreement: None,
            legal_power: legal_power(holder.kind),
            lawful_basis: law::PUBLIC_TASK,
            expires: None,
            wrap: None,
        };
        log.push(admin, Body::Grant(grant))?;
    }
    log.first_zone_epoch(admin, zone, rng)?;
    Ok(zone)
}
