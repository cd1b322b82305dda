//! Zones, grants, epochs, and the points of a restore.

use doorstep_protocol::authority::rules::check_delivered_wraps;
use doorstep_protocol::authority::{
    Body, DeviceRevoke, Grant, GrantEnd, RestorePoint, RevokeReason, Rights, Standing, TeamEpoch, TeamSet, TeamTier,
    ZoneCreate, ZoneEpoch, ZoneFeedPoint, recipients_digest, wraps_digest,
};
use doorstep_protocol::feed::FeedPoint;
use doorstep_protocol::wrap::{KeyWrapPurpose, SealedWrapHeader, SealedWrapPurpose};
use doorstep_protocol::{
    Bytes, Class, Digest32, Epoch, GrantId, KemPublic, LogSize, OrganisationId, PartnershipId, RestoreEpoch, StoreId,
    TeamId, ZoneId, limits,
};

use crate::harness::{
    CARE_TEAM, CLOSED_TEAM, COUNCIL, CREW_TEAM, DIRECTORY_ZONE, Device, FIRE, HOME_ZONE, Log, SEALED_ZONE, Town,
    bytes32,
};

const NEW_ZONE: ZoneId = ZoneId([0x4f; 16]);

fn revoke(device: &Device) -> Body {
    Body::DeviceRevoke(DeviceRevoke { device: device.id, reason: RevokeReason::Lost, cuts: vec![] })
}

// Zones.

#[test]
fn a_zone_is_made_once_by_an_admin_of_its_owner() {
    let town = Town::new();
    let create = town.log.zone_create(NEW_ZONE, COUNCIL, Class::Home);
    let with = |create: ZoneCreate| Body::ZoneCreate(create);
    assert!(town.log.state.check(&town.log.by(&town.council, with(create.clone()))).is_ok());
    town.log.refuses(&town.fire, with(create.clone()), "may not write ZoneCreate");
    town.log.refuses_roots(with(create.clone()), "may not write ZoneCreate");
    town.log.refuses(&town.council, with(ZoneCreate { zone: HOME_ZONE, ..create.clone() }), "the zone exists already");
    let nobody = ZoneCreate { organisation: OrganisationId([9; 16]), ..create };
    town.log.refuses(&town.council, with(nobody), "there is no such organisation");
}

#[test]
fn there_is_one_directory_zone() {
    let town = Town::new();
    let second = town.log.zone_create(NEW_ZONE, FIRE, Class::Directory);
    town.log.refuses(&town.fire, Body::ZoneCreate(second), "there is one directory zone");
}

#[test]
fn a_drop_box_key_belongs_to_an_audit_zone_and_is_sound() {
    let mut town = Town::new();
    let home = town.log.zone_epoch(HOME_ZONE);
    let audit = town.log.zone_create(NEW_ZONE, COUNCIL, Class::Audit);
    town.log.says(&town.council, Body::ZoneCreate(audit.clone()));
    let second = ZoneCreate { zone: ZoneId([0x4e; 16]), ..audit };
    town.log.refuses(&town.council, Body::ZoneCreate(second), "there is one audit zone");
    let epoch = town.log.zone_epoch(NEW_ZONE);
    let with = |epoch: ZoneEpoch| Body::ZoneEpoch(epoch);
    assert!(town.log.state.check(&town.log.by(&town.council, with(epoch.clone()))).is_ok());
    town.log.refuses(&town.council, with(ZoneEpoch { drop_box: None, ..epoch.clone() }), "a drop-box key belongs");
    town.log.refuses(&town.council, with(ZoneEpoch { drop_box: epoch.drop_box, ..home }), "a drop-box key belongs");
    let weak = ZoneEpoch { drop_box: Some(KemPublic([0; 32])), ..epoch };
    town.log.refuses(&town.council, with(weak), "the zone's key is weak");
}

#[test]
fn the_first_zone_of_a_class_and_organisation_brings_its_locator_key() {
    let town = Town::new();
    let first = town.log.zone_create(NEW_ZONE, COUNCIL, Class::Index);
    assert!(first.locator.is_some());
    let with = |create: ZoneCreate| Body::ZoneCreate(create);
    town.log.refuses(&town.council, with(ZoneCreate { locator: None, ..first.clone() }), "brings its locator key");
    // Homes have theirs already: a second one would give one home two ids, and split it.
    let home = town.log.zone_create(NEW_ZONE, COUNCIL, Class::Home);
    assert!(home.locator.is_none());
    town.log.refuses(&town.council, with(ZoneCreate { locator: first.locator, ..home }), "and no other does");
    // The fire service's homes are other homes.
    assert!(town.log.zone_create(NEW_ZONE, FIRE, Class::Home).locator.is_some());
}

#[test]
fn a_locator_key_is_wrapped_under_the_directory_s_current_key() {
    let town = Town::new();
    let log = &town.log;
    let first = log.zone_create(NEW_ZONE, COUNCIL, Class::Index);
    let locator = first.locator.clone().expect("the first of its class");
    let key = doorstep_protocol::authority::locator_key_id(Class::Index, COUNCIL).0;
    let other = doorstep_protocol::authority::locator_key_id(Class::Index, FIRE).0;
    let wrong = [
        log.key_wrap(KeyWrapPurpose::Locator, (DIRECTORY_ZONE.0, Epoch(2)), (key, Epoch(1))),
        log.key_wrap(KeyWrapPurpose::Locator, (HOME_ZONE.0, Epoch(1)), (key, Epoch(1))),
        log.key_wrap(KeyWrapPurpose::Locator, (DIRECTORY_ZONE.0, Epoch(1)), (other, Epoch(1))),
        log.key_wrap(KeyWrapPurpose::Locator, (DIRECTORY_ZONE.0, Epoch(1)), (key, Epoch(2))),
        log.key_wrap(KeyWrapPurpose::ZoneUnderTeam, (DIRECTORY_ZONE.0, Epoch(1)), (key, Epoch(1))),
        Bytes(vec![]),
    ];
    for wrap in wrong {
        let locator = Some(doorstep_protocol::authority::LocatorWrap { wrap, ..locator.clone() });
        let create = Body::ZoneCreate(ZoneCreate { locator, ..first.clone() });
        log.refuses(&town.council, create, "a wrap is not what its place says");
    }
}

#[test]
fn the_directory_and_its_key_come_before_every_locator_key() {
    let mut log = Log::begin();
    let admin = Device::new(1);
    let partnership = log.partnership();
    log.roots_say(Body::DeviceAdd(admin.add(partnership, COUNCIL)));
    let standing = Standing::Granted;
    log.roots_say(Body::AdminSet(doorstep_protocol::authority::AdminSet {
        organisation: COUNCIL,
        device: admin.id,
        standing,
    }));
    let wrap = |log: &Log| {
        let key = doorstep_protocol::authority::locator_key_id(Class::Home, COUNCIL).0;
        let wrap = log.key_wrap(KeyWrapPurpose::Locator, (DIRECTORY_ZONE.0, Epoch(0)), (key, Epoch(1)));
        let commitment = doorstep_protocol::KeyCommitment([1; 32]);
        let locator = Some(doorstep_protocol::authority::LocatorWrap { commitment, wrap });
        Body::ZoneCreate(ZoneCreate { locator, ..log.zone_create(NEW_ZONE, COUNCIL, Class::Home) })
    };
    log.refuses(&admin, wrap(&log), "the directory zone and its key come first");
    let directory = log.zone_create(DIRECTORY_ZONE, COUNCIL, Class::Directory);
    log.says(&admin, Body::ZoneCreate(directory));
    log.refuses(&admin, wrap(&log), "does not exist yet");
}

// Grants.

#[test]
fn only_an_admin_of_the_zone_s_owner_grants_it() {
    let town = Town::new();
    let log = &town.log;
    let grant = Body::Grant(log.grant_with_key(1, HOME_ZONE, CLOSED_TEAM));
    log.refuses(&town.fire, grant.clone(), "may not write Grant");
    log.refuses(&town.tablet, grant.clone(), "may not write Grant");
    log.refuses_roots(grant.clone(), "may not write Grant");
    assert!(log.state.check(&log.by(&town.council, grant)).is_ok());
    let nowhere = Grant { zone: NEW_ZONE, ..log.grant(1, HOME_ZONE, CARE_TEAM) };
    log.refuses(&town.council, Body::Grant(nowhere), "there is no such zone");
    let nobody = Grant { team: TeamId([9; 16]), ..log.grant(1, HOME_ZONE, CARE_TEAM) };
    log.refuses(&town.council, Body::Grant(nobody), "there is no such team");
}

#[test]
fn only_an_admin_of_the_zone_s_owner_ends_a_grant_and_once() {
    let mut town = Town::new();
    let end = Body::GrantEnd(GrantEnd { grant: GrantId([0x63; 16]), cuts: Vec::new() });
    assert_eq!(town.log.state.grants()[&GrantId([0x63; 16])].grant.team, CREW_TEAM);
    town.log.refuses(&town.fire, end.clone(), "may not write GrantEnd");
    town.log.says(&town.council, end.clone());
    town.log.refuses(&town.council, end, "there is no such grant");
    town.log.refuses(
        &town.council,
        Body::GrantEnd(GrantEnd { grant: GrantId([1; 16]), cuts: Vec::new() }),
        "there is no such grant",
    );
    // The id of an ended grant is not used again.
    let again = Grant { grant: GrantId([0x63; 16]), ..town.log.grant_with_key(1, HOME_ZONE, CREW_TEAM) };
    town.log.refuses(&town.council, Body::Grant(again), "the grant exists already");
}

#[test]
fn a_grant_names_known_rights_and_its_purposes_in_order() {
    let town = Town::new();
    let good = town.log.grant_with_key(1, HOME_ZONE, CLOSED_TEAM);
    for rights in [Rights(0), Rights(8), Rights(15), Rights(255)] {
        town.log.refuses(&town.council, Body::Grant(Grant { rights, ..good.clone() }), "the rights are not known");
    }
    for rights in [Rights::GLASS, Rights(7)] {
        town.log.refuses(&town.council, Body::Grant(Grant { rights, ..good.clone() }), "before sealed zones only");
    }
    for purposes in [vec![], vec![2, 1], vec![1, 1]] {
        town.log.refuses(&town.council, Body::Grant(Grant { purposes, ..good.clone() }), "names its purposes");
    }
}

#[test]
fn a_sealed_zone_is_never_granted_to_an_ops_team() {
    let mut town = Town::new();
    town.log.refuses(&town.council, Body::Grant(town.log.grant_with_key(1, SEALED_ZONE, CARE_TEAM)), "never granted");
    for (number, class) in [(0x71, Class::HealthId), (0x72, Class::Protected)] {
        let zone = ZoneId([number; 16]);
        let create = town.log.zone_create(zone, COUNCIL, class);
        town.log.says(&town.council, Body::ZoneCreate(create));
        town.log.refuses(&town.council, Body::Grant(town.log.grant(1, zone, CARE_TEAM)), "never granted");
        let closed = Body::Grant(town.log.grant(1, zone, CLOSED_TEAM));
        assert!(town.log.state.check(&town.log.by(&town.council, closed)).is_ok());
    }
}

#[test]
fn nhs_numbers_are_for_health_and_social_care() {
    let mut town = Town::new();
    let (zone, team) = (ZoneId([0x71; 16]), TeamId([9; 16]));
    let create = town.log.zone_create(zone, COUNCIL, Class::HealthId);
    town.log.says(&town.council, Body::ZoneCreate(create));
    town.log.says(&town.fire, Body::TeamSet(TeamSet { team, organisation: FIRE, tier: TeamTier::Restricted }));
    town.log.refuses(&town.council, Body::Grant(town.log.grant(1, zone, team)), "health and social care only");
}

#[test]
fn a_late_grant_brings_the_zone_s_current_key_under_the_team_s_and_no_other() {
    let town = Town::new();
    let log = &town.log;
    let good = log.grant_with_key(1, HOME_ZONE, CLOSED_TEAM);
    let with = |wrap| Body::Grant(Grant { wrap, ..good.clone() });
    log.refuses(&town.council, with(None), "current key must come with a grant");
    let wrong = [
        log.zone_under_team((HOME_ZONE, Epoch(2)), (CLOSED_TEAM, Epoch(1))),
        log.zone_under_team((HOME_ZONE, Epoch(1)), (CLOSED_TEAM, Epoch(2))),
        log.zone_under_team((SEALED_ZONE, Epoch(1)), (CLOSED_TEAM, Epoch(1))),
        log.zone_under_team((HOME_ZONE, Epoch(1)), (CARE_TEAM, Epoch(1))),
        log.key_wrap(KeyWrapPurpose::PreviousZone, (CLOSED_TEAM.0, Epoch(1)), (HOME_ZONE.0, Epoch(1))),
        Bytes(vec![0; 176]),
    ];
    for wrap in wrong {
        log.refuses(&town.council, with(Some(wrap)), "a wrap is not what its place says");
    }
    // A second grant to a team that has the key already needs none.
    assert!(log.state.check(&log.by(&town.council, Body::Grant(log.grant(1, HOME_ZONE, CARE_TEAM)))).is_ok());
}

#[test]
fn a_first_grant_brings_no_key() {
    let mut town = Town::new();
    let create = town.log.zone_create(NEW_ZONE, COUNCIL, Class::Home);
    town.log.says(&town.council, Body::ZoneCreate(create));
    let early = town.log.grant_with_key(1, NEW_ZONE, CARE_TEAM);
    town.log.refuses(&town.council, Body::Grant(early), "and no other");
}

#[test]
fn a_key_is_not_wrapped_under_a_key_that_does_not_exist() {
    let mut town = Town::new();
    let team = TeamId([9; 16]);
    town.log.says(&town.council, Body::TeamSet(TeamSet { team, organisation: COUNCIL, tier: TeamTier::Ops }));
    town.log.refuses(&town.council, Body::Grant(town.log.grant_with_key(1, HOME_ZONE, team)), "does not exist yet");
}

#[test]
fn nothing_is_sealed_under_a_key_that_a_former_member_has() {
    let mut town = Town::new();
    town.log.says(&town.council, revoke(&town.tablet));
    // The team's key of now is on the lost tablet: neither an epoch nor a grant may go out under it.
    let zone_epoch = town.log.zone_epoch(HOME_ZONE);
    town.log.refuses(&town.council, Body::ZoneEpoch(zone_epoch), "a team owes a new key");
    let create = town.log.zone_create(NEW_ZONE, COUNCIL, Class::Home);
    town.log.says(&town.council, Body::ZoneCreate(create));
    let crew = town.log.grant(1, NEW_ZONE, CREW_TEAM);
    town.log.says(&town.council, Body::Grant(crew));
    let epoch = town.log.zone_epoch(NEW_ZONE);
    town.log.says(&town.council, Body::ZoneEpoch(epoch));
    town.log.refuses(&town.council, Body::Grant(town.log.grant_with_key(2, NEW_ZONE, CARE_TEAM)), "owes a new key");
    // After the team's rotation both go.
    let rotated = town.log.team_epoch(CARE_TEAM);
    town.log.says(&town.council, Body::TeamEpoch(rotated));
    let zone_epoch = town.log.zone_epoch(HOME_ZONE);
    town.log.says(&town.council, Body::ZoneEpoch(zone_epoch));
    let grant = town.log.grant_with_key(2, NEW_ZONE, CARE_TEAM);
    town.log.says(&town.council, Body::Grant(grant));
}

#[test]
fn a_member_who_left_and_came_back_still_leaves_a_new_key_owed() {
    let mut town = Town::new();
    let leaves = town.log.member(CARE_TEAM, town.tablet.id, Standing::Ended);
    town.log.says(&town.council, Body::TeamMember(leaves));
    assert!(town.log.state.teams()[&CARE_TEAM].owes_epoch());
    let returns = town.log.member(CARE_TEAM, town.tablet.id, Standing::Granted);
    town.log.says(&town.council, Body::TeamMember(returns));
    assert!(town.log.state.teams()[&CARE_TEAM].owes_epoch());
    let rotated = town.log.team_epoch(CARE_TEAM);
    town.log.says(&town.council, Body::TeamEpoch(rotated));
    assert!(!town.log.state.teams()[&CARE_TEAM].owes_epoch());
}

#[test]
fn a_zone_has_no_more_teams_than_the_limit() {
    let mut town = Town::new();
    let create = town.log.zone_create(NEW_ZONE, COUNCIL, Class::Home);
    town.log.says(&town.council, Body::ZoneCreate(create));
    for number in 0..=limits::ZONE_TEAMS_MAX as u64 {
        let id = |name| bytes32(name, number)[..16].try_into().expect("16 of 32 bytes");
        let team = TeamId(id("team"));
        town.log.says(&town.council, Body::TeamSet(TeamSet { team, organisation: COUNCIL, tier: TeamTier::Ops }));
        let grant = Grant { grant: GrantId(id("grant")), ..town.log.grant(1, NEW_ZONE, team) };
        if number < limits::ZONE_TEAMS_MAX as u64 {
            town.log.says(&town.council, Body::Grant(grant));
        } else {
            town.log.refuses(&town.council, Body::Grant(grant), "teams that hold a zone: more than 256");
        }
    }
}

// Team epochs.

#[test]
fn a_team_is_rotated_by_an_admin_of_its_organisation_one_epoch_at_a_time() {
    let town = Town::new();
    let good = town.log.team_epoch(CARE_TEAM);
    let with = |epoch: TeamEpoch| Body::TeamEpoch(epoch);
    assert!(town.log.state.check(&town.log.by(&town.council, with(good.clone()))).is_ok());
    town.log.refuses(&town.fire, with(good.clone()), "may not write TeamEpoch");
    town.log.refuses_roots(with(good.clone()), "may not write TeamEpoch");
    for epoch in [0, 1, 3, u32::MAX] {
        town.log.refuses(&town.council, with(TeamEpoch { epoch: Epoch(epoch), ..good.clone() }), "epochs follow");
    }
    let nowhere = TeamEpoch { team: TeamId([9; 16]), ..good };
    town.log.refuses(&town.council, with(nowhere), "there is no such team");
}

#[test]
fn a_team_epoch_is_for_exactly_the_members_of_now() {
    let mut town = Town::new();
    let stale = town.log.team_epoch(CARE_TEAM);
    let joins = town.log.member(CARE_TEAM, town.engine.id, Standing::Granted);
    town.log.says(&town.council, Body::TeamMember(joins));
    town.log.refuses(&town.council, Body::TeamEpoch(stale), "not the members of now");
    let fresh = town.log.team_epoch(CARE_TEAM);
    let wrong = [
        TeamEpoch { count: 2, ..fresh.clone() },
        TeamEpoch { count: 4, ..fresh.clone() },
        TeamEpoch { recipients: recipients_digest([&town.tablet.id, &town.tablet_second.id]), ..fresh.clone() },
        TeamEpoch { recipients: Digest32([0; 32]), ..fresh.clone() },
    ];
    for epoch in wrong {
        town.log.refuses(&town.council, Body::TeamEpoch(epoch), "not the members of now");
    }
    town.log.says(&town.council, Body::TeamEpoch(fresh));
}

#[test]
fn a_team_without_members_has_no_key() {
    let mut town = Town::new();
    let team = TeamId([9; 16]);
    town.log.says(&town.council, Body::TeamSet(TeamSet { team, organisation: COUNCIL, tier: TeamTier::Ops }));
    let epoch = town.log.team_epoch(team);
    town.log.refuses(&town.council, Body::TeamEpoch(epoch), "a team without members");
}

#[test]
fn the_previous_key_comes_with_every_epoch_but_the_first() {
    let mut town = Town::new();
    let good = town.log.team_epoch(CARE_TEAM);
    let with = |previous: Option<Bytes>| Body::TeamEpoch(TeamEpoch { previous, ..good.clone() });
    town.log.refuses(&town.council, with(None), "the previous key must come");
    let wrap = |purpose, parent, child| Some(town.log.key_wrap(purpose, parent, child));
    let team = CARE_TEAM.0;
    let wrong = [
        wrap(KeyWrapPurpose::PreviousZone, (team, Epoch(2)), (team, Epoch(1))),
        wrap(KeyWrapPurpose::PreviousTeam, (team, Epoch(1)), (team, Epoch(2))),
        wrap(KeyWrapPurpose::PreviousTeam, (team, Epoch(2)), (team, Epoch(2))),
        wrap(KeyWrapPurpose::PreviousTeam, (team, Epoch(2)), (CREW_TEAM.0, Epoch(1))),
    ];
    for previous in wrong {
        town.log.refuses(&town.council, with(previous), "a wrap is not what its place says");
    }
    let team = TeamId([9; 16]);
    town.log.says(&town.council, Body::TeamSet(TeamSet { team, organisation: COUNCIL, tier: TeamTier::Ops }));
    let joins = town.log.member(team, town.tablet.id, Standing::Granted);
    town.log.says(&town.council, Body::TeamMember(joins));
    let previous = Some(town.log.key_wrap(KeyWrapPurpose::PreviousTeam, (team.0, Epoch(1)), (team.0, Epoch(0))));
    let first = TeamEpoch { previous, ..town.log.team_epoch(team) };
    town.log.refuses(&town.council, Body::TeamEpoch(first), "the first epoch has no previous key");
}

#[test]
fn an_old_key_does_not_come_back() {
    let mut town = Town::new();
    let old = town.log.state.teams()[&CARE_TEAM].epochs[0].commitment;
    let epoch = TeamEpoch { commitment: old, ..town.log.team_epoch(CARE_TEAM) };
    town.log.refuses(&town.council, Body::TeamEpoch(epoch), "not a new one");
    let old = town.log.state.zones()[&HOME_ZONE].epochs[0].commitment;
    let second = town.log.zone_epoch(HOME_ZONE);
    town.log.says(&town.council, Body::ZoneEpoch(second));
    let third = ZoneEpoch { commitment: old, ..town.log.zone_epoch(HOME_ZONE) };
    town.log.refuses(&town.council, Body::ZoneEpoch(third), "not a new one");
}

#[test]
fn the_wraps_beside_a_team_epoch_are_one_for_each_member_and_the_ones_it_names() {
    let town = Town::new();
    let log = &town.log;
    let epoch = log.team_epoch(CARE_TEAM);
    let wraps = log.delivered(CARE_TEAM, epoch.epoch);
    // Names the wraps that are handed over, whatever they are: what is wrong is then the wraps.
    let outcome = |wraps: &[Bytes]| {
        let slices: Vec<&[u8]> = wraps.iter().map(AsRef::as_ref).collect();
        let epoch = TeamEpoch { wraps_root: wraps_digest(slices.iter().copied()), ..epoch.clone() };
        check_delivered_wraps(&log.state, &epoch, &slices).map_err(|e| e.to_string())
    };
    assert_eq!(outcome(&wraps), Ok(()));
    let refused =
        |wraps: &[Bytes], reason: &str| assert!(outcome(wraps).is_err_and(|e| e.contains(reason)), "{reason}");
    refused(&wraps[..1], "a member has no wrap");
    refused(&[wraps[0].clone(), wraps[0].clone()], "for nobody, or stands twice");
    let to = |team: TeamId, epoch, device: &Device| {
        log.sealed_wrap(SealedWrapPurpose::TeamToDevice, (team.0, Epoch(epoch)), device.id.0)
    };
    refused(&[wraps[0].clone(), to(CARE_TEAM, 2, &town.engine)], "for nobody");
    refused(&[wraps[0].clone(), to(CARE_TEAM, 1, &town.tablet_second)], "for nobody");
    refused(&[wraps[0].clone(), to(CREW_TEAM, 2, &town.tablet_second)], "for nobody");
    refused(&[wraps[0].clone(), Bytes(vec![1, 2, 3])], "for nobody");
    let slices: Vec<&[u8]> = wraps.iter().map(AsRef::as_ref).collect();
    let others = TeamEpoch { wraps_root: Digest32([0; 32]), ..epoch.clone() };
    let error = check_delivered_wraps(&log.state, &others, &slices).expect_err("other wraps");
    assert!(error.to_string().contains("not the ones it names"));
    let nowhere = TeamEpoch { team: TeamId([9; 16]), ..epoch };
    assert!(check_delivered_wraps(&log.state, &nowhere, &slices).is_err());
}

// Zone epochs.

#[test]
fn a_zone_is_rotated_by_an_admin_of_its_owner_one_epoch_at_a_time() {
    let town = Town::new();
    let good = town.log.zone_epoch(HOME_ZONE);
    let with = |epoch: ZoneEpoch| Body::ZoneEpoch(epoch);
    assert!(town.log.state.check(&town.log.by(&town.council, with(good.clone()))).is_ok());
    town.log.refuses(&town.fire, with(good.clone()), "may not write ZoneEpoch");
    town.log.refuses_roots(with(good.clone()), "may not write ZoneEpoch");
    for epoch in [0, 1, 3, u32::MAX] {
        town.log.refuses(&town.council, with(ZoneEpoch { epoch: Epoch(epoch), ..good.clone() }), "epochs follow");
    }
    town.log.refuses(&town.council, with(ZoneEpoch { zone: NEW_ZONE, ..good }), "there is no such zone");
}

#[test]
fn a_zone_epoch_is_for_exactly_the_teams_that_hold_it() {
    let mut town = Town::new();
    let without = town.log.zone_epoch_for(HOME_ZONE, [CARE_TEAM]);
    town.log.refuses(&town.council, Body::ZoneEpoch(without), "not the teams that hold the zone");
    let beyond = town.log.zone_epoch_for(HOME_ZONE, [CARE_TEAM, CREW_TEAM, CLOSED_TEAM]);
    town.log.refuses(&town.council, Body::ZoneEpoch(beyond), "not the teams that hold the zone");
    let twice = town.log.zone_epoch_for(HOME_ZONE, [CARE_TEAM, CARE_TEAM, CREW_TEAM]);
    town.log.refuses(&town.council, Body::ZoneEpoch(twice), "wraps are not in order");
    let backwards = town.log.zone_epoch_for(HOME_ZONE, [CREW_TEAM, CARE_TEAM]);
    town.log.refuses(&town.council, Body::ZoneEpoch(backwards), "wraps are not in order");
    // The crew's grant ends: the next epoch must leave them out.
    let with_crew = town.log.zone_epoch(HOME_ZONE);
    town.log.says(&town.council, Body::GrantEnd(GrantEnd { grant: GrantId([0x63; 16]), cuts: Vec::new() }));
    town.log.refuses(&town.council, Body::ZoneEpoch(with_crew), "not the teams that hold the zone");
    let without_crew = town.log.zone_epoch(HOME_ZONE);
    assert_eq!(without_crew.wraps.len(), 1);
    town.log.says(&town.council, Body::ZoneEpoch(without_crew));
}

#[test]
fn a_team_whose_last_member_was_lost_does_not_stop_a_rotation() {
    let mut town = Town::new();
    let member = town.log.member(CREW_TEAM, town.fire.id, Standing::Granted);
    town.log.says(&town.fire, Body::TeamMember(member));
    let leaves = town.log.member(CREW_TEAM, town.fire.id, Standing::Ended);
    town.log.says(&town.fire, Body::TeamMember(leaves));
    town.log.says(&town.fire, revoke(&town.engine));
    assert_eq!(town.log.state.holders(HOME_ZONE).len(), 2);
    assert_eq!(town.log.state.recipients(HOME_ZONE).into_iter().collect::<Vec<_>>(), [CARE_TEAM]);
    let epoch = town.log.zone_epoch(HOME_ZONE);
    town.log.says(&town.council, Body::ZoneEpoch(epoch));
}

#[test]
fn each_wrap_of_a_zone_epoch_is_what_its_place_says() {
    let town = Town::new();
    let log = &town.log;
    let good = log.zone_epoch(HOME_ZONE);
    let mut under_old = good.clone();
    under_old.wraps[0].team_epoch = Epoch(0);
    log.refuses(&town.council, Body::ZoneEpoch(under_old), "not under the team's current key");
    let mut swapped = good.clone();
    swapped.wraps[0].wrap = good.wraps[1].wrap.clone();
    log.refuses(&town.council, Body::ZoneEpoch(swapped), "a wrap is not what its place says");
    let mut old_zone_key = good.clone();
    old_zone_key.wraps[0].wrap = log.zone_under_team((HOME_ZONE, Epoch(1)), (CARE_TEAM, Epoch(1)));
    log.refuses(&town.council, Body::ZoneEpoch(old_zone_key), "a wrap is not what its place says");
    let previous = Some(log.key_wrap(KeyWrapPurpose::PreviousZone, (SEALED_ZONE.0, Epoch(2)), (HOME_ZONE.0, Epoch(1))));
    log.refuses(&town.council, Body::ZoneEpoch(ZoneEpoch { previous, ..good.clone() }), "what its place says");
    log.refuses(&town.council, Body::ZoneEpoch(ZoneEpoch { previous: None, ..good }), "the previous key must come");
}

#[test]
fn a_zone_epoch_is_sealed_to_the_owner_s_escrow_key() {
    let town = Town::new();
    let log = &town.log;
    let good = log.zone_epoch(HOME_ZONE);
    let wrong = [
        log.sealed_wrap(SealedWrapPurpose::ZoneToEscrow, (HOME_ZONE.0, Epoch(2)), FIRE.0),
        log.sealed_wrap(SealedWrapPurpose::ZoneToEscrow, (HOME_ZONE.0, Epoch(1)), COUNCIL.0),
        log.sealed_wrap(SealedWrapPurpose::TeamToDevice, (HOME_ZONE.0, Epoch(2)), COUNCIL.0),
        Bytes(vec![]),
    ];
    for escrow in wrong {
        let epoch = Body::ZoneEpoch(ZoneEpoch { escrow, ..good.clone() });
        log.refuses(&town.council, epoch, "a sealed wrap is not what its place says");
    }
}

// Restores.

#[test]
fn a_restore_is_signed_by_an_admin_or_the_roots_and_its_epochs_only_grow() {
    let mut town = Town::new();
    let point = |restore_epoch, log_size, feeds| {
        let (restore_epoch, log_size) = (RestoreEpoch(restore_epoch), LogSize(log_size));
        Body::RestorePoint(RestorePoint { store: StoreId([1; 16]), restore_epoch, log_size, feeds })
    };
    let feed = |zone| ZoneFeedPoint { zone, point: FeedPoint::START };
    town.log.refuses(&town.tablet, point(1, 3, vec![]), "may not write RestorePoint");
    town.log.refuses(&town.fire, point(0, 3, vec![]), "restore epochs only grow");
    town.log.refuses(&town.fire, point(1, 3, vec![feed(SEALED_ZONE), feed(HOME_ZONE)]), "feeds are not in order");
    town.log.refuses(&town.fire, point(1, 3, vec![feed(NEW_ZONE)]), "a feed names no zone");
    town.log.refuses(&town.fire, point(1, 10_000, vec![]), "longer than this one");
    town.log.roots_say(point(1, 3, vec![feed(HOME_ZONE)]));
    town.log.refuses(&town.fire, point(1, 3, vec![]), "restore epochs only grow");
    town.log.says(&town.fire, point(2, 3, vec![]));
    assert!(town.log.state.restore_is_signed(StoreId([1; 16]), RestoreEpoch(2)));
    assert!(!town.log.state.restore_is_signed(StoreId([1; 16]), RestoreEpoch(3)));
    assert!(!town.log.state.restore_is_signed(StoreId([2; 16]), RestoreEpoch(2)));
}

#[test]
fn the_feeds_of_a_restore_stand_in_order_and_once() {
    let town = Town::new();
    let point = |zones: &[ZoneId]| {
        let feeds = zones.iter().map(|zone| ZoneFeedPoint { zone: *zone, point: FeedPoint::START }).collect();
        let (store, restore_epoch, log_size) = (StoreId([1; 16]), RestoreEpoch(1), LogSize(3));
        Body::RestorePoint(RestorePoint { store, restore_epoch, log_size, feeds })
    };
    let ordered = town.log.by(&town.fire, point(&[DIRECTORY_ZONE, HOME_ZONE, SEALED_ZONE]));
    assert!(town.log.state.check(&ordered).is_ok());
    town.log.refuses(&town.fire, point(&[HOME_ZONE, HOME_ZONE]), "feeds are not in order");
}

#[test]
fn each_field_of_a_wrap_beside_a_team_epoch_is_looked_at_by_itself() {
    let town = Town::new();
    let log = &town.log;
    let epoch = log.team_epoch(CARE_TEAM);
    let header = |device: &Device| SealedWrapHeader {
        purpose: SealedWrapPurpose::TeamToDevice,
        partnership: log.partnership(),
        subject: CARE_TEAM.0,
        epoch: epoch.epoch,
        recipient: device.id.0,
    };
    let wrap = |header: SealedWrapHeader| Bytes([&header.to_bytes()[..], &[0xdd; 80]].concat());
    let first = wrap(header(&town.tablet));
    let outcome = |second: SealedWrapHeader| {
        let wraps = [first.clone(), wrap(second)];
        let slices: Vec<&[u8]> = wraps.iter().map(AsRef::as_ref).collect();
        let epoch = TeamEpoch { wraps_root: wraps_digest(slices.iter().copied()), ..epoch.clone() };
        check_delivered_wraps(&log.state, &epoch, &slices).map_err(|e| e.to_string())
    };
    let second = header(&town.tablet_second);
    assert_eq!(outcome(second), Ok(()));
    let others = [
        SealedWrapHeader { purpose: SealedWrapPurpose::ZoneToEscrow, ..second },
        SealedWrapHeader { partnership: PartnershipId([1; 16]), ..second },
        SealedWrapHeader { subject: CREW_TEAM.0, ..second },
        SealedWrapHeader { epoch: Epoch(1), ..second },
        SealedWrapHeader { recipient: town.engine.id.0, ..second },
    ];
    for other in others {
        assert!(outcome(other).is_err_and(|e| e.contains("for nobody, or stands twice")), "{other:?}");
    }
}

#[test]
fn a_zone_epoch_waits_for_the_first_key_of_each_team() {
    let mut town = Town::new();
    let team = TeamId([9; 16]);
    town.log.says(&town.council, Body::TeamSet(TeamSet { team, organisation: COUNCIL, tier: TeamTier::Ops }));
    let joins = town.log.member(team, town.tablet.id, Standing::Granted);
    town.log.says(&town.council, Body::TeamMember(joins));
    let create = town.log.zone_create(NEW_ZONE, COUNCIL, Class::Home);
    town.log.says(&town.council, Body::ZoneCreate(create));
    let grant = town.log.grant(1, NEW_ZONE, team);
    town.log.says(&town.council, Body::Grant(grant));
    let early = town.log.zone_epoch(NEW_ZONE);
    town.log.refuses(&town.council, Body::ZoneEpoch(early), "not under the team's current key");
}
