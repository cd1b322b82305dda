//! What the root keys change: themselves, the policy, the server's key, escrow; and who may open the escrow.

use doorstep_protocol::authority::{
    Authority, Body, EscrowKey, EscrowOpen, EscrowPurpose, LateWork, Policy, RootRotate, ServerKey, TeamSet, TeamTier,
    root_id,
};
use doorstep_protocol::{KemPublic, OrganisationId, SignPublic, TeamId, ZoneId, limits};
use ed25519_dalek::SigningKey;

use crate::harness::{
    COUNCIL, DIRECTORY_ZONE, Device, FIRE, HOME_ZONE, SEALED_ZONE, Town, bytes32, first_entry, genesis_of, public,
    root_keys, rotation, signed_by_roots,
};

fn team_set() -> Body {
    Body::TeamSet(TeamSet { team: TeamId([9; 16]), organisation: COUNCIL, tier: TeamTier::Ops })
}

#[test]
fn root_keys_are_replaced_by_the_thresholds_of_old_and_new() {
    let mut town = Town::new();
    let old = town.log.roots.clone();
    for count in [0, 1, 3] {
        town.log.refuses_entry(&rotation(&town.log, count), "of the old or the new root keys");
    }
    town.log.push(rotation(&town.log, 2)).expect("two of the old, two of the new");
    assert_eq!(town.log.state.roots().len(), 3);
    assert!(old.iter().all(|key| !town.log.state.roots().values().any(|root| *root == public(key))));
    // The old ones are nobody now.
    let policy = Body::Policy(Policy::DEFAULT);
    assert!(town.log.state.check(&town.log.by_roots(policy.clone())).is_err());
    town.log.roots = (11..=13).map(|n| SigningKey::from_bytes(&bytes32("root", n))).collect();
    town.log.roots_say(policy);
}

#[test]
fn old_root_keys_alone_do_not_make_new_ones() {
    let town = Town::new();
    let mut roots: Vec<SignPublic> = (11..=13).map(|n| public(&SigningKey::from_bytes(&bytes32("root", n)))).collect();
    roots.sort_unstable();
    let with = |roots: Vec<SignPublic>, threshold| Body::RootRotate(RootRotate { roots, threshold });
    town.log.refuses_roots(with(roots.clone(), 2), "of the old or the new root keys");
    town.log.refuses(&town.council, with(roots.clone(), 2), "may not write RootRotate");
    // One key in both sets counts for both: a rotation that keeps the roots and moves the threshold.
    let mut kept: Vec<SignPublic> = town.log.roots.iter().map(public).collect();
    kept.sort_unstable();
    let entry = |count: usize, threshold| {
        let next = town
            .log
            .next(doorstep_protocol::authority::root_id(&public(&town.log.roots[0])), with(kept.clone(), threshold));
        signed_by_roots(&town.log.roots[..count], &next)
    };
    assert!(town.log.state.check(&entry(2, 2)).is_ok());
    town.log.refuses_entry(&entry(2, 3), "of the old or the new root keys");
    town.log.refuses_entry(&entry(2, 0), "of the old or the new root keys");
}

#[test]
fn new_root_keys_hold_together() {
    let town = Town::new();
    let fresh: Vec<SigningKey> = (11..=13).map(|n| SigningKey::from_bytes(&bytes32("root", n))).collect();
    let signed = |roots: Vec<SignPublic>, threshold: u8, signers: &[SigningKey]| {
        let author = doorstep_protocol::authority::root_id(&public(&town.log.roots[0]));
        let next = town.log.next(author, Body::RootRotate(RootRotate { roots, threshold }));
        let all: Vec<SigningKey> = town.log.roots[..2].iter().chain(signers).cloned().collect();
        signed_by_roots(&all, &next)
    };
    let mut roots: Vec<SignPublic> = fresh.iter().map(public).collect();
    roots.sort_unstable();
    let backwards: Vec<SignPublic> = roots.iter().rev().copied().collect();
    town.log.refuses_entry(&signed(backwards, 2, &fresh[..2]), "not in order");
    town.log.refuses_entry(&signed(roots.clone(), 0, &[]), "the threshold does not fit");
    let mut weak = vec![SignPublic([0; 32])];
    weak.extend(&roots);
    town.log.refuses_entry(&signed(weak, 2, &fresh[..2]), "a key is weak");
    let many: Vec<SignPublic> = (0..=limits::ROOT_KEYS_MAX as u8).map(|n| SignPublic([n; 32])).collect();
    assert!(town.log.state.check(&signed(many, 1, &fresh[..1])).is_err());
}

#[test]
fn the_policy_is_the_roots_and_switches_no_safeguard_off() {
    let mut town = Town::new();
    assert_eq!(*town.log.state.policy(), Policy::DEFAULT);
    let with = |policy: Policy| Body::Policy(policy);
    town.log.refuses(&town.council, with(Policy::DEFAULT), "may not write Policy");
    for hours in [0, limits::LEASE_HOURS_MAX + 1] {
        town.log.refuses_roots(with(Policy { lease_hours: hours, ..Policy::DEFAULT }), "a lease is between");
    }
    for minutes in [0, limits::GLASS_MINUTES_MAX + 1] {
        town.log.refuses_roots(with(Policy { glass_minutes: minutes, ..Policy::DEFAULT }), "the glass stays broken");
    }
    for days in [0, limits::SILENT_DAYS_MAX + 1] {
        town.log.refuses_roots(with(Policy { silent_days: days, ..Policy::DEFAULT }), "may be silent");
    }
    let policy = Policy { late_work: LateWork::Refused, lease_hours: 1, glass_minutes: 1, silent_days: 1 };
    town.log.roots_say(with(policy.clone()));
    assert_eq!(*town.log.state.policy(), policy);
    let longest = Policy {
        lease_hours: limits::LEASE_HOURS_MAX,
        glass_minutes: limits::GLASS_MINUTES_MAX,
        silent_days: limits::SILENT_DAYS_MAX,
        ..policy
    };
    town.log.roots_say(with(longest));
}

#[test]
fn the_server_has_another_key_when_the_roots_say_so() {
    let mut town = Town::new();
    let key = public(&Device::new(77).sign);
    town.log.refuses(&town.council, Body::ServerKey(ServerKey { key }), "may not write ServerKey");
    town.log.refuses_roots(Body::ServerKey(ServerKey { key: SignPublic([0; 32]) }), "a key is weak");
    let same = *town.log.state.server_key();
    town.log.refuses_roots(Body::ServerKey(ServerKey { key: same }), "already");
    town.log.roots_say(Body::ServerKey(ServerKey { key }));
    assert_eq!(*town.log.state.server_key(), key);
}

#[test]
fn a_new_escrow_key_makes_the_keys_of_its_zones_owed() {
    let mut town = Town::new();
    let key = KemPublic(bytes32("new escrow", 1));
    let with = |organisation, key| Body::EscrowKey(EscrowKey { organisation, key });
    town.log.refuses(&town.council, with(COUNCIL, key), "may not write EscrowKey");
    town.log.refuses_roots(with(OrganisationId([9; 16]), key), "there is no such organisation");
    town.log.refuses_roots(with(COUNCIL, KemPublic([0; 32])), "weak");
    let same = town.log.state.organisations()[&COUNCIL].escrow;
    town.log.refuses_roots(with(COUNCIL, same), "already");
    town.log.roots_say(with(FIRE, KemPublic(bytes32("new escrow", 2))));
    assert!(town.log.state.owed_keys().is_empty(), "the fire service owns no zone");
    town.log.roots_say(with(COUNCIL, key));
    assert_eq!(town.log.state.organisations()[&COUNCIL].escrow, key);
    assert_eq!(town.log.state.owed_keys().zones, [DIRECTORY_ZONE, HOME_ZONE, SEALED_ZONE].into());
    for zone in [DIRECTORY_ZONE, HOME_ZONE, SEALED_ZONE] {
        let epoch = town.log.zone_epoch(zone);
        town.log.says(&town.council, Body::ZoneEpoch(epoch));
    }
    assert!(town.log.state.owed_keys().is_empty());
}

#[test]
fn an_escrow_is_opened_in_the_open_for_zones_of_its_organisation() {
    let mut town = Town::new();
    let open = |organisation, zones: &[ZoneId]| {
        Body::EscrowOpen(EscrowOpen { organisation, purpose: EscrowPurpose::Recovery, zones: zones.to_vec() })
    };
    town.log.refuses(&town.fire, open(COUNCIL, &[HOME_ZONE]), "may not write EscrowOpen");
    town.log.refuses(&town.tablet, open(COUNCIL, &[HOME_ZONE]), "may not write EscrowOpen");
    town.log.refuses(&town.fire, open(FIRE, &[HOME_ZONE]), "a zone is not the organisation's");
    town.log.refuses(&town.council, open(COUNCIL, &[]), "zones are missing");
    town.log.refuses(&town.council, open(COUNCIL, &[HOME_ZONE, DIRECTORY_ZONE]), "not in order");
    town.log.refuses_roots(open(OrganisationId([9; 16]), &[HOME_ZONE]), "there is no such organisation");
    town.log.says(&town.council, open(COUNCIL, &[HOME_ZONE]));
    town.log.roots_say(open(COUNCIL, &[DIRECTORY_ZONE, HOME_ZONE]));
    let openings = town.log.state.escrow_openings();
    assert_eq!(openings.len(), 2);
    assert_eq!((openings[0].author, openings[0].open.zones.len()), (town.council.id.into(), 1));
    assert_eq!(openings[1].at, town.log.state.size());
    assert!(town.log.state.check(&town.log.by(&town.council, team_set())).is_ok());
}

#[test]
fn a_partnership_may_need_every_one_of_its_root_keys() {
    let roots = root_keys();
    let author = root_id(&public(&roots[0]));
    let signed = signed_by_roots(&roots, &first_entry(genesis_of(&roots, 3), author));
    assert_eq!(Authority::begin(&signed).map(|state| state.threshold()), Ok(3));
}

#[test]
fn there_are_no_more_new_root_keys_than_the_limit() {
    let town = Town::new();
    let mut fresh: Vec<SigningKey> =
        (0..=limits::ROOT_KEYS_MAX as u64).map(|n| SigningKey::from_bytes(&bytes32("many", n))).collect();
    fresh.sort_by_key(public);
    let rotate = |count: usize| {
        let roots = fresh[..count].iter().map(public).collect();
        let author = root_id(&public(&town.log.roots[0]));
        let next = town.log.next(author, Body::RootRotate(RootRotate { roots, threshold: 1 }));
        let signers: Vec<SigningKey> = town.log.roots[..2].iter().chain(&fresh[..1]).cloned().collect();
        signed_by_roots(&signers, &next)
    };
    assert!(town.log.state.check(&rotate(limits::ROOT_KEYS_MAX)).is_ok());
    town.log.refuses_entry(&rotate(limits::ROOT_KEYS_MAX + 1), "root keys: more than 16");
}

#[test]
fn zones_of_an_opening_stand_once_and_are_no_more_than_the_limit() {
    let town = Town::new();
    let open = |count| {
        let (purpose, zones) = (EscrowPurpose::Recovery, vec![HOME_ZONE; count]);
        Body::EscrowOpen(EscrowOpen { organisation: COUNCIL, purpose, zones })
    };
    town.log.refuses(&town.council, open(2), "not in order");
    town.log.refuses(&town.council, open(limits::ESCROW_OPEN_ZONES_MAX), "not in order");
    town.log.refuses(&town.council, open(limits::ESCROW_OPEN_ZONES_MAX + 1), "zones that are opened: more than 4096");
}
