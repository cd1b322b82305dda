//! What holds for every entry: form, genesis, place, signatures.

use doorstep_protocol::authority::{
    Authority, Body, BodyError, Genesis, LogError, SignedEntry, TeamSet, TeamTier, entry::Entry, entry::EntryError,
    partnership_id, root_id,
};
use doorstep_protocol::{
    Bytes, KemPublic, LogHash, LogSize, Millis, OrganisationId, PartnershipId, SignPublic, cbor, limits,
};
use ed25519_dalek::SigningKey;

use crate::harness::{
    COUNCIL, Device, Log, Town, bytes32, entry_signature, first_entry, genesis_of, public, root_keys, signed_by_roots,
};

fn team_set() -> Body {
    Body::TeamSet(TeamSet { team: doorstep_protocol::TeamId([9; 16]), organisation: COUNCIL, tier: TeamTier::Ops })
}

/// Begins a log with a genesis that was changed, signed by its roots as it must be.
fn begin_with(change: impl FnOnce(&mut Genesis)) -> Result<Authority, LogError> {
    let roots = root_keys();
    let mut genesis = genesis_of(&roots, 2);
    change(&mut genesis);
    Authority::begin(&signed_by_roots(&roots[..2], &first_entry(genesis, root_id(&public(&roots[0])))))
}

#[track_caller]
fn unsound(change: impl FnOnce(&mut Genesis), reason: &str) {
    let error = begin_with(change).expect_err(reason);
    assert!(error.to_string().contains(reason), "refused for another reason: {error}");
}

#[test]
fn a_genesis_with_nothing_changed_begins_a_log() {
    let state = begin_with(|_| {}).expect("sound");
    assert_eq!(state.size(), LogSize(1));
    assert_eq!(state.head_at(LogSize(0)), Some(LogHash::ZERO));
    assert_eq!(state.head_at(LogSize(2)), None);
}

#[test]
fn the_threshold_fits_the_number_of_root_keys() {
    unsound(|g| g.threshold = 0, "the threshold does not fit");
    unsound(|g| g.threshold = 4, "the threshold does not fit");
}

#[test]
fn root_keys_are_in_order_and_each_stands_once() {
    unsound(|g| g.roots.swap(0, 1), "root keys are not in order");
    unsound(|g| g.roots[1] = g.roots[0], "root keys are not in order");
}

#[test]
fn organisations_are_there_and_in_order() {
    unsound(|g| g.organisations.clear(), "organisations are missing");
    unsound(|g| g.organisations.swap(0, 1), "organisations are missing or not in order");
    unsound(|g| g.organisations[1] = g.organisations[0].clone(), "organisations are missing or not in order");
}

#[test]
fn no_key_of_a_genesis_is_weak() {
    unsound(|g| g.server_key = SignPublic([0; 32]), "a key is weak");
    unsound(|g| g.roots[0] = SignPublic([0; 32]), "a key is weak");
    unsound(|g| g.organisations[1].escrow = KemPublic([0; 32]), "an escrow key is weak");
}

#[test]
fn a_genesis_has_no_more_roots_and_organisations_than_the_limits() {
    let key = |n| public(&SigningKey::from_bytes(&bytes32("many", n)));
    unsound(|g| g.roots = (0..=limits::ROOT_KEYS_MAX as u64).map(key).collect(), "root keys: more than 16");
    let many = |g: &mut Genesis| {
        let one = g.organisations[0].clone();
        let ids = (0..=limits::ORGANISATIONS_MAX as u32).map(|n| {
            let mut id = [0; 16];
            id[..4].copy_from_slice(&n.to_be_bytes());
            OrganisationId(id)
        });
        g.organisations = ids.map(|id| doorstep_protocol::authority::Organisation { id, ..one.clone() }).collect();
    };
    unsound(many, "organisations: more than 256");
}

#[test]
fn a_genesis_is_the_first_entry_and_names_its_own_partnership() {
    let roots = root_keys();
    let genesis = genesis_of(&roots, 2);
    let sound = first_entry(genesis.clone(), root_id(&public(&roots[0])));
    let begin = |entry: Entry| Authority::begin(&signed_by_roots(&roots[..2], &entry)).map(|s| s.partnership());
    assert_eq!(begin(sound.clone()), Ok(partnership_id(&genesis)));
    let unsound = [
        Entry { seq: LogSize(2), ..sound.clone() },
        Entry { prev: LogHash([1; 32]), ..sound.clone() },
        Entry { partnership: PartnershipId([1; 16]), ..sound },
    ];
    for entry in unsound {
        assert!(matches!(begin(entry), Err(LogError::Genesis { .. })));
    }
}

#[test]
fn the_id_of_a_partnership_certifies_its_genesis() {
    let roots = root_keys();
    let one = genesis_of(&roots, 2);
    let other = Genesis { threshold: 1, ..one.clone() };
    assert_ne!(partnership_id(&one), partnership_id(&other));
}

#[test]
fn a_genesis_is_signed_by_as_many_roots_as_it_says() {
    let roots = root_keys();
    let entry = first_entry(genesis_of(&roots, 2), root_id(&public(&roots[0])));
    let begin = |signers: &[SigningKey]| Authority::begin(&signed_by_roots(signers, &entry)).map(|_| ());
    assert!(begin(&roots[..2]).is_ok());
    assert!(begin(&[roots[0].clone(), roots[2].clone()]).is_ok());
    assert!(matches!(begin(&roots[..1]), Err(LogError::Signatures { .. })));
    assert!(matches!(begin(&roots[1..]), Err(LogError::Signatures { .. })), "the author has not signed");
    assert!(matches!(begin(&roots), Err(LogError::Signatures { .. })), "one could be left out");
}

#[test]
fn a_log_begins_with_a_genesis_and_has_no_other() {
    let town = Town::new();
    assert_eq!(Authority::replay(&town.log.entries[1..]).err(), Some(LogError::NotGenesis));
    assert_eq!(Authority::replay([]).err(), Some(LogError::NotGenesis));
    town.log.refuses_roots(Body::Genesis(genesis_of(&root_keys(), 2)), "has no other");
}

#[test]
fn replay_gives_the_state_that_appending_gave() {
    let town = Town::new();
    assert_eq!(Authority::replay(&town.log.entries), Ok(town.log.state.clone()));
}

#[test]
fn an_entry_of_another_partnership_is_refused() {
    let log = Log::begin();
    let entry = Entry { partnership: PartnershipId([7; 16]), ..log.next(root_id(&public(&log.roots[0])), team_set()) };
    log.refuses_entry(&signed_by_roots(&log.roots[..2], &entry), "another partnership");
}

#[test]
fn an_entry_stands_right_after_the_head() {
    let town = Town::new();
    let next = town.log.next(town.council.id.into(), team_set());
    let misplaced = [
        Entry { seq: next.seq.next(), ..next.clone() },
        Entry { seq: LogSize(next.seq.0 - 1), ..next.clone() },
        Entry { prev: LogHash([1; 32]), ..next.clone() },
        Entry { prev: town.log.state.head_at(LogSize(3)).expect("it is that long"), ..next },
    ];
    for entry in misplaced {
        let bytes = entry.to_bytes();
        let signature = entry_signature(town.council.id.into(), &town.council.sign, &bytes);
        town.log.refuses_entry(&SignedEntry::new(bytes, vec![signature]), "does not follow");
    }
}

#[test]
fn an_entry_that_was_taken_is_not_taken_again() {
    let mut town = Town::new();
    let signed = town.log.by(&town.council, team_set());
    assert_eq!(town.log.push(signed.clone()), Ok(()));
    assert!(matches!(town.log.push(signed), Err(LogError::NotNext { .. })));
}

#[test]
fn fewer_roots_than_the_threshold_say_nothing() {
    let town = Town::new();
    let add = Body::DeviceAdd(town.stranger.add(town.log.partnership(), COUNCIL));
    town.log.refuses_entry(&town.log.by_some_roots(add.clone(), 1), "fewer or more");
    assert!(town.log.state.check(&town.log.by_some_roots(add.clone(), 2)).is_ok());
    town.log.refuses_entry(&town.log.by_some_roots(add, 3), "fewer or more");
}

#[test]
fn one_root_does_not_sign_twice_in_place_of_two() {
    let town = Town::new();
    let root = root_id(&public(&town.log.roots[0]));
    let bytes = town.log.next(root, Body::DeviceAdd(town.stranger.add(town.log.partnership(), COUNCIL))).to_bytes();
    let one = entry_signature(root, &town.log.roots[0], &bytes);
    town.log.refuses_entry(&SignedEntry::new(bytes, vec![one, one]), "a signer stands twice");
}

#[test]
fn signatures_stand_in_the_order_of_their_signers() {
    let town = Town::new();
    let mut signed = town.log.by_roots(Body::DeviceAdd(town.stranger.add(town.log.partnership(), COUNCIL)));
    signed.signatures.reverse();
    town.log.refuses_entry(&signed, "not in order");
}

#[test]
fn no_more_signatures_than_the_limit_are_looked_at() {
    let town = Town::new();
    let mut signed = town.log.by(&town.council, team_set());
    signed.signatures = vec![signed.signatures[0]; limits::LOG_SIGNATURES_MAX + 1];
    town.log.refuses_entry(&signed, "signatures: more than 16");
}

#[test]
fn a_device_does_not_stand_in_for_a_root() {
    let town = Town::new();
    let root = root_id(&public(&town.log.roots[0]));
    let bytes = town.log.next(root, Body::DeviceAdd(town.stranger.add(town.log.partnership(), COUNCIL))).to_bytes();
    let signatures = vec![
        entry_signature(root, &town.log.roots[0], &bytes),
        entry_signature(town.council.id.into(), &town.council.sign, &bytes),
    ];
    town.log.refuses_entry(&SignedEntry::new(bytes, signatures), "unknown, frozen or revoked");
}

#[test]
fn the_author_signs() {
    let town = Town::new();
    let bytes = town.log.next(town.council.id.into(), team_set()).to_bytes();
    let other = entry_signature(town.fire.id.into(), &town.fire.sign, &bytes);
    town.log.refuses_entry(&SignedEntry::new(bytes.clone(), vec![other]), "the author has not signed");
    town.log.refuses_entry(&SignedEntry::new(bytes, vec![]), "the author has not signed");
}

#[test]
fn a_second_device_cannot_add_its_signature() {
    let town = Town::new();
    let bytes = town.log.next(town.council.id.into(), team_set()).to_bytes();
    let both = [&town.council, &town.fire].map(|d| entry_signature(d.id.into(), &d.sign, &bytes)).to_vec();
    town.log.refuses_entry(&SignedEntry::new(bytes, both), "fewer or more");
}

#[test]
fn a_signature_by_another_key_or_over_other_bytes_does_not_hold() {
    let town = Town::new();
    let bytes = town.log.next(town.council.id.into(), team_set()).to_bytes();
    let forged = entry_signature(town.council.id.into(), &town.fire.sign, &bytes);
    town.log.refuses_entry(&SignedEntry::new(bytes.clone(), vec![forged]), "one does not hold");
    let later = Entry { time: Millis(1), ..Entry::parse(&bytes).expect("it was just written") }.to_bytes();
    let moved = entry_signature(town.council.id.into(), &town.council.sign, &bytes);
    town.log.refuses_entry(&SignedEntry::new(later, vec![moved]), "one does not hold");
}

#[test]
fn a_stranger_signs_nothing() {
    let town = Town::new();
    town.log.refuses(&town.stranger, team_set(), "unknown, frozen or revoked");
}

#[test]
fn a_revoked_admin_signs_nothing() {
    let mut town = Town::new();
    let revoke = doorstep_protocol::authority::DeviceRevoke {
        device: town.council_second.id,
        reason: doorstep_protocol::authority::RevokeReason::Lost,
        cuts: vec![],
    };
    assert!(town.log.state.check(&town.log.by(&town.council_second, team_set())).is_ok());
    town.log.says(&town.council, Body::DeviceRevoke(revoke));
    town.log.refuses(&town.council_second, team_set(), "unknown, frozen or revoked");
}

#[test]
fn an_entry_in_another_than_its_canonical_form_is_refused() {
    let town = Town::new();
    let bytes = town.log.next(town.council.id.into(), team_set()).to_bytes();
    assert_eq!(bytes[0], 0x88, "an array of eight");
    let overlong = [&[0x98, 0x08], &bytes[1..]].concat();
    let trailing = [&bytes[..], &[0]].concat();
    for other in [overlong, trailing] {
        let signature = entry_signature(town.council.id.into(), &town.council.sign, &other);
        town.log.refuses_entry(&SignedEntry::new(other, vec![signature]), "not in its canonical form");
    }
}

#[test]
fn unknown_kinds_are_refused_by_name() {
    for code in [0, 24, 255] {
        assert_eq!(Body::parse(code, &[0x80]), Err(BodyError::Unknown(code)));
    }
}

#[test]
fn an_entry_of_another_version_is_refused() {
    let town = Town::new();
    let mut bytes = town.log.next(town.council.id.into(), team_set()).to_bytes();
    assert_eq!(bytes[1], 1, "the version stands first");
    bytes[1] = 2;
    assert_eq!(Entry::parse(&bytes), Err(EntryError::Version(2)));
}

#[test]
fn an_entry_has_no_more_bytes_than_the_limit() {
    let long = vec![0; limits::LOG_ENTRY_BYTES_MAX + 1];
    assert!(matches!(Entry::parse(&long), Err(EntryError::Form(cbor::CborError::TooLong { .. }))));
}

#[test]
fn the_hash_of_an_entry_covers_its_signatures() {
    let town = Town::new();
    let signed = town.log.by(&town.council, team_set());
    let mut other = signed.clone();
    other.signatures[0].signature.0[0] ^= 1;
    assert_ne!(signed.hash(), other.hash());
    assert_ne!(signed.hash(), SignedEntry { entry: Bytes(vec![]), ..signed.clone() }.hash());
}

#[test]
fn a_device_that_is_no_admin_writes_no_entry() {
    let town = Town::new();
    let device: &Device = &town.tablet;
    town.log.refuses(device, team_set(), "may not write TeamSet");
}
