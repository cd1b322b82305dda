//! What the state answers when it is asked: who is served, who may do what at a moment, which zones are sent and in which
//! order.

use doorstep_protocol::authority::{
    Body, DeviceAdd, DeviceRevoke, Freeze, Grant, GrantEnd, OwedKeys, RevokeReason, Rights, Standing, TeamSet, TeamTier,
};
use doorstep_protocol::{Class, DeviceId, DocumentId, GrantId, LogSize, Millis, TeamId, ZoneId};

use crate::harness::{CARE_TEAM, CLOSED_TEAM, COUNCIL, CREW_TEAM, DIRECTORY_ZONE, HOME_ZONE, Log, SEALED_ZONE, Town};

const NOW: Millis = Millis(1_760_000_000_000);
const LATER: Millis = Millis(NOW.0 + 1);
const REGISTER: ZoneId = ZoneId([0x40; 16]);

/// A zone that only the care team holds, by a grant with these rights and this end.
fn with_register(rights: Rights, expires: Option<Millis>) -> Town {
    let mut town = Town::new();
    let create = town.log.zone_create(REGISTER, COUNCIL, Class::Register);
    town.log.says(&town.council, Body::ZoneCreate(create));
    let grant = Grant { rights, expires, ..town.log.grant(0x70, REGISTER, CARE_TEAM) };
    town.log.says(&town.council, Body::Grant(grant));
    town
}

fn end(grant: u8) -> Body {
    Body::GrantEnd(GrantEnd { grant: GrantId([grant; 16]), cuts: vec![] })
}

#[test]
fn a_device_is_served_until_its_last_moment_and_not_after() {
    let mut town = Town::new();
    let added = DeviceAdd { not_after: Some(NOW), ..town.stranger.add(town.log.partnership(), COUNCIL) };
    assert!(!town.log.state.is_served(town.stranger.id, NOW), "it is not there yet");
    town.log.says(&town.council, Body::DeviceAdd(added));
    let state = &town.log.state;
    assert!(state.is_served(town.stranger.id, NOW));
    assert!(!state.is_served(town.stranger.id, LATER));
    assert!(state.is_served(town.tablet.id, LATER), "without an end");
}

#[test]
fn a_member_has_the_rights_of_an_open_grant_and_no_others() {
    let mut town = with_register(Rights::READ, None);
    let has = |town: &Town, device: DeviceId, rights| town.log.state.has_rights(device, REGISTER, rights, NOW);
    assert!(has(&town, town.tablet.id, Rights::READ));
    assert!(!has(&town, town.tablet.id, Rights::WRITE), "the grant is for reading");
    assert!(!has(&town, town.engine.id, Rights::READ), "its team holds other zones");
    assert!(!has(&town, town.stranger.id, Rights::READ));
    town.log.says(&town.council, Body::Freeze(Freeze { device: town.tablet.id }));
    assert!(!has(&town, town.tablet.id, Rights::READ), "frozen");
    assert!(has(&town, town.tablet_second.id, Rights::READ));
    town.log.says(&town.council, end(0x70));
    assert!(!has(&town, town.tablet_second.id, Rights::READ), "the grant has ended");
}

#[test]
fn a_grant_holds_until_its_last_moment_and_not_after() {
    let town = with_register(Rights::READ_WRITE, Some(NOW));
    let state = &town.log.state;
    assert!(state.has_rights(town.tablet.id, REGISTER, Rights::WRITE, NOW));
    assert!(!state.has_rights(town.tablet.id, REGISTER, Rights::WRITE, LATER));
    assert!(state.had_rights(town.tablet.id, REGISTER, Rights::WRITE, state.size()), "no clock counts here");
}

#[test]
fn what_is_read_or_behind_the_glass_may_be_held_and_what_is_only_written_may_not() {
    let held = |rights| {
        let town = with_register(rights, None);
        assert!(!town.log.state.may_hold(town.engine.id, REGISTER, NOW), "another team's");
        town.log.state.may_hold(town.tablet.id, REGISTER, NOW)
    };
    assert!(held(Rights::READ) && held(Rights::READ_WRITE) && !held(Rights::WRITE));
    let mut town = Town::new();
    let glass = Grant { rights: Rights::GLASS, ..town.log.grant_with_key(0x70, SEALED_ZONE, CLOSED_TEAM) };
    let zone = ZoneId([0x4c; 16]);
    let create = town.log.zone_create(zone, COUNCIL, Class::Sealed);
    town.log.says(&town.council, Body::ZoneCreate(create));
    town.log.says(&town.council, Body::Grant(Grant { zone, wrap: None, ..glass }));
    assert!(town.log.state.may_hold(town.tablet.id, zone, NOW));
    assert!(!town.log.state.has_rights(town.tablet.id, zone, Rights::READ, NOW));
}

#[test]
fn the_zones_of_a_device_come_in_the_order_in_which_they_are_sent() {
    let town = with_register(Rights::READ, None);
    let state = &town.log.state;
    let mut expected = [DIRECTORY_ZONE, HOME_ZONE, SEALED_ZONE, REGISTER];
    expected.sort_by_key(|zone| (state.zones()[zone].class.send_order(), *zone));
    assert_eq!(state.readable_zones(town.tablet.id, NOW), expected);
    assert_eq!(
        state.readable_zones(town.engine.id, NOW),
        expected.into_iter().filter(|z| z.0[0] < 0x43 && *z != REGISTER).collect::<Vec<_>>()
    );
    assert_eq!(state.readable_zones(town.council.id, NOW), []);
}

#[test]
fn the_teams_of_a_device_are_those_it_is_in() {
    let town = Town::new();
    let teams = |device| town.log.state.teams_of(device).map(|(team, _)| *team).collect::<Vec<_>>();
    assert_eq!(teams(town.tablet.id), [CARE_TEAM, CLOSED_TEAM]);
    assert_eq!(teams(town.engine.id), [CREW_TEAM]);
    assert_eq!(teams(town.council.id), []);
}

#[test]
fn the_threshold_is_the_one_of_the_genesis() {
    assert_eq!(Log::begin().state.threshold(), 2);
}

#[test]
fn the_key_of_a_drop_box_is_the_one_of_its_epoch() {
    let mut town = Town::new();
    let create = town.log.zone_create(REGISTER, COUNCIL, Class::Audit);
    town.log.says(&town.council, Body::ZoneCreate(create));
    let mut keys = Vec::new();
    for _ in 0..2 {
        let epoch = town.log.zone_epoch(REGISTER);
        keys.push((epoch.epoch, epoch.drop_box));
        town.log.says(&town.council, Body::ZoneEpoch(epoch));
    }
    let zone = &town.log.state.zones()[&REGISTER];
    assert_ne!(keys[0].1, keys[1].1);
    for (epoch, key) in &keys {
        assert!(key.is_some());
        assert_eq!(zone.drop_box(*epoch), key.as_ref());
    }
    assert_eq!(zone.drop_box(keys[1].0.next()), None);
    assert_eq!(town.log.state.zones()[&HOME_ZONE].drop_box(keys[0].0), None);
}

#[test]
fn erased_documents_are_listed_with_the_size_of_the_log() {
    use doorstep_protocol::authority::{Erase, EraseReason};
    let mut town = Town::new();
    assert!(town.log.state.erased().is_empty());
    let document = DocumentId([0xd0; 16]);
    let erase = Erase { zone: HOME_ZONE, document, reason: EraseReason::Request, envelopes: vec![] };
    let signed = town.log.by_devices(&[&town.council, &town.council_second], Body::Erase(erase));
    town.log.push(signed).expect("two admins");
    assert_eq!(*town.log.state.erased(), [((HOME_ZONE, document), town.log.state.size())].into());
}

// Owed keys.

#[test]
fn a_team_or_a_zone_alone_is_something_owed() {
    assert!(OwedKeys::default().is_empty());
    assert!(!OwedKeys { teams: [CARE_TEAM].into(), ..OwedKeys::default() }.is_empty());
    assert!(!OwedKeys { zones: [HOME_ZONE].into(), ..OwedKeys::default() }.is_empty());
}

#[test]
fn a_team_that_never_had_a_key_owes_none() {
    let mut town = Town::new();
    let team = TeamId([9; 16]);
    town.log.says(&town.council, Body::TeamSet(TeamSet { team, organisation: COUNCIL, tier: TeamTier::Ops }));
    for standing in [Standing::Granted, Standing::Ended] {
        let member = town.log.member(team, town.tablet.id, standing);
        town.log.says(&town.council, Body::TeamMember(member));
    }
    assert!(!town.log.state.teams()[&team].owes_epoch());
}

#[test]
fn who_leaves_a_team_that_no_longer_holds_a_zone_takes_no_key_of_it() {
    let mut town = Town::new();
    // 0x63 is the crew's grant of the homes.
    town.log.says(&town.council, end(0x63));
    let rotated = town.log.zone_epoch(HOME_ZONE);
    town.log.says(&town.council, Body::ZoneEpoch(rotated));
    let leaves = town.log.member(CREW_TEAM, town.engine.id, Standing::Ended);
    town.log.says(&town.fire, Body::TeamMember(leaves));
    assert_eq!(town.log.state.owed_keys().zones, [DIRECTORY_ZONE].into());
}

#[test]
fn who_left_while_an_ended_grant_held_has_the_key_though_the_team_holds_the_zone_by_a_later_one() {
    let mut town = Town::new();
    let leaves = town.log.member(CARE_TEAM, town.tablet.id, Standing::Ended);
    town.log.says(&town.council, Body::TeamMember(leaves));
    let later = town.log.grant(0x70, HOME_ZONE, CARE_TEAM);
    town.log.says(&town.council, Body::Grant(later));
    town.log.says(&town.council, end(0x62));
    assert!(town.log.state.owed_keys().zones.contains(&HOME_ZONE));
}

#[test]
fn a_revoked_device_has_no_right_from_the_size_of_its_revocation_on() {
    let mut town = Town::new();
    let before = town.log.state.size();
    let revoke = DeviceRevoke { device: town.tablet.id, reason: RevokeReason::Lost, cuts: vec![] };
    town.log.says(&town.council, Body::DeviceRevoke(revoke));
    let state = &town.log.state;
    let had = |size: LogSize| state.had_rights(town.tablet.id, HOME_ZONE, Rights::WRITE, size);
    assert!(had(before) && !had(before.next()));
    assert!(!state.has_rights(town.tablet.id, HOME_ZONE, Rights::WRITE, NOW));
}
