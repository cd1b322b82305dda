//! How many there may be of what a partnership gathers over years. Such a log would take hours to write: the counts are
//! set up here, one below the limit and at it.

use std::collections::BTreeSet;

use ed25519_dalek::{Signer, SigningKey};

use super::{LogError, check_body};
use crate::authority::body::{
    Body, DeviceAdd, DeviceKind, Genesis, Grant, Organisation, OrganisationKind, Rights, SeatAdd, TeamSet, TeamTier,
    ZoneCreate, partnership_id, possession_message, root_id,
};
use crate::authority::entry::{Entry, EntrySignature, SignedEntry};
use crate::authority::state::{Authority, DeviceState, GrantState, SeatState, Span, TeamState, ZoneState};
use crate::class::Class;
use crate::ids::{
    AreaId, DeviceId, Digest32, GrantId, KemPublic, LogHash, LogSize, Millis, OrganisationId, SeatId, SignPublic,
    Signature, SignerId, TeamId, WorkerId, ZoneId,
};
use crate::{label, limits, signature};

const ORGANISATION: OrganisationId = OrganisationId([1; 16]);
const ADMIN: DeviceId = DeviceId([2; 16]);
const TEAM: TeamId = TeamId([3; 16]);
const ZONE: ZoneId = ZoneId([0xff; 16]);
const HOLDS: Span = Span { from: LogSize(1), until: None };

fn key(number: u8) -> SigningKey {
    SigningKey::from_bytes(&[number; 32])
}

fn public(key: &SigningKey) -> SignPublic {
    SignPublic(key.verifying_key().to_bytes())
}

fn sign(key: &SigningKey, label: &str, message: &[u8]) -> Signature {
    Signature(key.sign(&signature::signed_bytes(label, message)).to_bytes())
}

fn numbered(number: usize) -> [u8; 16] {
    let mut id = [0; 16];
    id[..8].copy_from_slice(&(number as u64).to_be_bytes());
    id
}

const fn device(sign: SignPublic) -> DeviceState {
    DeviceState {
        organisation: ORGANISATION,
        kind: DeviceKind::Personal,
        sign,
        kem: KemPublic([9; 32]),
        kem_restricted: None,
        not_after: None,
        added: LogSize(1),
        frozen: None,
        revoked: None,
    }
}

/// A partnership with one organisation, an admin of it, and a team.
fn begun() -> Authority {
    let root = key(1);
    let organisation = Organisation { id: ORGANISATION, kind: OrganisationKind::Council, escrow: KemPublic([9; 32]) };
    let genesis = Genesis {
        roots: vec![public(&root)],
        threshold: 1,
        organisations: vec![organisation],
        server_key: public(&key(2)),
        nonce: Digest32([7; 32]),
    };
    let author = root_id(&public(&root));
    let (partnership, body) = (partnership_id(&genesis), Body::Genesis(genesis));
    let entry = Entry { partnership, seq: LogSize(1), prev: LogHash::ZERO, time: Millis(1), author, body }.to_bytes();
    let signature = sign(&root, label::SIG_LOG, &Entry::signing_digest(&entry).0);
    let signed = SignedEntry::new(entry, vec![EntrySignature { signer: author, signature }]);
    let mut state = Authority::begin(&signed).expect("the genesis is sound");
    if let Some(organisation) = state.organisations.get_mut(&ORGANISATION) {
        organisation.admins = BTreeSet::from([ADMIN]);
    }
    state.devices.insert(ADMIN, device(public(&key(3))));
    state.teams.insert(
        TEAM,
        TeamState {
            organisation: ORGANISATION,
            tier: TeamTier::Ops,
            memberships: [].into(),
            epochs: vec![],
            keyed_at: LogSize(0),
            joining_wraps: [].into(),
        },
    );
    state
}

fn outcome(state: &Authority, body: Body) -> Result<(), LogError> {
    let (partnership, author) = (state.partnership(), SignerId::from(ADMIN));
    check_body(state, &Entry { partnership, seq: LogSize(2), prev: state.head(), time: Millis(2), author, body })
}

fn beyond(what: &'static str, limit: usize) -> Result<(), LogError> {
    Err(LogError::Limit { what, limit })
}

#[test]
fn there_are_no_more_devices_than_the_limit() {
    let mut state = begun();
    let (sign_key, kem) = (key(4), KemPublic([8; 32]));
    let message = possession_message(state.partnership(), &public(&sign_key), &kem, None);
    let add = DeviceAdd {
        organisation: ORGANISATION,
        kind: DeviceKind::Personal,
        sign: public(&sign_key),
        kem,
        not_after: None,
        possession: sign(&sign_key, label::SIG_POSSESSION, &message),
        kem_restricted: None,
    };
    let one = device(public(&key(5)));
    state.devices.extend((2..limits::DEVICES_MAX).map(|n| (DeviceId(numbered(n)), one.clone())));
    assert_eq!(outcome(&state, Body::DeviceAdd(add.clone())), Ok(()));
    state.devices.insert(DeviceId(numbered(1)), one);
    assert_eq!(outcome(&state, Body::DeviceAdd(add)), beyond("devices", limits::DEVICES_MAX));
}

#[test]
fn there_are_no_more_seats_than_the_limit() {
    let mut state = begun();
    let one = SeatState { device: ADMIN, worker: WorkerId([1; 16]), key: public(&key(6)), span: HOLDS };
    state.seats.extend((1..limits::SEATS_MAX).map(|n| (SeatId(numbered(n)), one.clone())));
    let add = SeatAdd { device: ADMIN, worker: WorkerId([2; 16]), key: public(&key(7)) };
    assert_eq!(outcome(&state, Body::SeatAdd(add.clone())), Ok(()));
    state.seats.insert(SeatId(numbered(0)), one);
    assert_eq!(outcome(&state, Body::SeatAdd(add)), beyond("seats", limits::SEATS_MAX));
}

#[test]
fn there_are_no_more_teams_than_the_limit() {
    let mut state = begun();
    let one = state.teams[&TEAM].clone();
    state.teams.extend((2..limits::TEAMS_MAX).map(|n| (TeamId(numbered(n)), one.clone())));
    let set = TeamSet { team: TeamId([0xff; 16]), organisation: ORGANISATION, tier: TeamTier::Ops };
    assert_eq!(outcome(&state, Body::TeamSet(set.clone())), Ok(()));
    state.teams.insert(TeamId(numbered(1)), one);
    assert_eq!(outcome(&state, Body::TeamSet(set)), beyond("teams", limits::TEAMS_MAX));
}

#[test]
fn there_are_no_more_zones_than_the_limit() {
    let mut state = begun();
    let (class, area) = (Class::Register, AreaId([1; 16]));
    let one = ZoneState { organisation: ORGANISATION, class, area, epochs: vec![], keyed_at: vec![] };
    state.zones.extend((1..limits::ZONES_MAX).map(|n| (ZoneId(numbered(n)), one.clone())));
    let create = ZoneCreate { zone: ZONE, organisation: ORGANISATION, class, area, locator: None };
    assert_eq!(outcome(&state, Body::ZoneCreate(create.clone())), Ok(()));
    state.zones.insert(ZoneId(numbered(0)), one);
    assert_eq!(outcome(&state, Body::ZoneCreate(create)), beyond("zones", limits::ZONES_MAX));
}

#[test]
fn there_are_no_more_grants_than_the_limit() {
    let mut state = begun();
    let (class, area) = (Class::Register, AreaId([1; 16]));
    state.zones.insert(ZONE, ZoneState { organisation: ORGANISATION, class, area, epochs: vec![], keyed_at: vec![] });
    let grant = Grant {
        grant: GrantId([0xff; 16]),
        zone: ZONE,
        team: TEAM,
        rights: Rights::READ,
        purposes: vec![1],
        agreement: None,
        legal_power: 1,
        lawful_basis: 1,
        expires: None,
        wrap: None,
    };
    let one = GrantState { grant: Grant { purposes: vec![], ..grant.clone() }, span: HOLDS };
    state.grants.extend((1..limits::GRANTS_MAX).map(|n| (GrantId(numbered(n)), one.clone())));
    assert_eq!(outcome(&state, Body::Grant(grant.clone())), Ok(()));
    state.grants.insert(GrantId(numbered(0)), one);
    assert_eq!(outcome(&state, Body::Grant(grant)), beyond("grants", limits::GRANTS_MAX));
}
