//! Admins, devices, seats, teams.

use doorstep_protocol::authority::{
    AdminSet, Body, Cut, DeviceAdd, DeviceRevoke, RevokeReason, SeatAdd, SeatRevoke, Standing, TeamMember, TeamSet,
    TeamTier, possession_message,
};
use doorstep_protocol::wrap::SealedWrapPurpose;
use doorstep_protocol::{
    Bytes, DeviceId, EnvelopeId, Epoch, KemPublic, LogSize, OrganisationId, SeatId, SignPublic, Signature, TeamId,
    WorkerId, ZoneId, ZoneSeq, hash, label,
};

use crate::harness::{CARE_TEAM, CLOSED_TEAM, COUNCIL, CREW_TEAM, Device, FIRE, HOME_ZONE, Log, Town, public, sign};

const NOBODY: OrganisationId = OrganisationId([0xff; 16]);

fn admin(organisation: OrganisationId, device: &Device, standing: Standing) -> Body {
    Body::AdminSet(AdminSet { organisation, device: device.id, standing })
}

fn revoke(device: &Device) -> DeviceRevoke {
    DeviceRevoke { device: device.id, reason: RevokeReason::Lost, cuts: vec![] }
}

fn add(town: &Town, device: &Device) -> DeviceAdd {
    device.add(town.log.partnership(), COUNCIL)
}

// Admins.

#[test]
fn only_the_roots_make_and_end_admins() {
    let town = Town::new();
    let given = admin(COUNCIL, &town.tablet, Standing::Granted);
    town.log.refuses(&town.council, given.clone(), "may not write AdminSet");
    town.log.refuses(&town.council, admin(COUNCIL, &town.council_second, Standing::Ended), "may not write AdminSet");
    assert!(town.log.state.check(&town.log.by_roots(given)).is_ok());
}

#[test]
fn an_admin_is_a_live_device_of_an_organisation_that_exists() {
    let mut town = Town::new();
    town.log.refuses_roots(admin(NOBODY, &town.tablet, Standing::Granted), "there is no such organisation");
    town.log.refuses_roots(admin(COUNCIL, &town.stranger, Standing::Granted), "there is no such device");
    town.log.says(&town.council, Body::DeviceRevoke(revoke(&town.tablet)));
    town.log.refuses_roots(admin(COUNCIL, &town.tablet, Standing::Granted), "there is no such device");
}

#[test]
fn an_admin_is_made_once_and_ended_once() {
    let mut town = Town::new();
    town.log.refuses_roots(admin(COUNCIL, &town.council, Standing::Granted), "an admin already");
    town.log.refuses_roots(admin(COUNCIL, &town.tablet, Standing::Ended), "not an admin");
    town.log.roots_say(admin(COUNCIL, &town.council_second, Standing::Ended));
    town.log.refuses_roots(admin(COUNCIL, &town.council_second, Standing::Ended), "not an admin");
    let team = Body::TeamSet(TeamSet { team: TeamId([9; 16]), organisation: COUNCIL, tier: TeamTier::Ops });
    town.log.refuses(&town.council_second, team, "may not write");
}

#[test]
fn the_last_admin_of_an_organisation_stays() {
    let mut town = Town::new();
    town.log.refuses_roots(admin(FIRE, &town.fire, Standing::Ended), "the last admin");
    town.log.refuses_roots(Body::DeviceRevoke(revoke(&town.fire)), "the last admin");
    town.log.refuses(&town.fire, Body::DeviceRevoke(revoke(&town.fire)), "the last admin");
    // Of the council's two, one may go.
    town.log.says(&town.council_second, Body::DeviceRevoke(revoke(&town.council)));
    town.log.refuses(&town.council_second, Body::DeviceRevoke(revoke(&town.council_second)), "the last admin");
}

// Devices.

#[test]
fn a_device_is_added_by_an_admin_of_its_organisation_or_by_the_roots() {
    let town = Town::new();
    let body = Body::DeviceAdd(add(&town, &town.stranger));
    town.log.refuses(&town.fire, body.clone(), "may not write DeviceAdd");
    town.log.refuses(&town.tablet, body.clone(), "may not write DeviceAdd");
    assert!(town.log.state.check(&town.log.by(&town.council, body.clone())).is_ok());
    assert!(town.log.state.check(&town.log.by_roots(body)).is_ok());
}

#[test]
fn a_device_belongs_to_an_organisation_that_exists() {
    let town = Town::new();
    let body = Body::DeviceAdd(DeviceAdd { organisation: NOBODY, ..add(&town, &town.stranger) });
    town.log.refuses_roots(body.clone(), "there is no such organisation");
    town.log.refuses(&town.council, body, "there is no such organisation");
}

#[test]
fn a_device_is_added_once_and_not_again_after_its_revocation() {
    let mut town = Town::new();
    let again = Body::DeviceAdd(add(&town, &town.tablet));
    town.log.refuses(&town.council, again.clone(), "exists already, or was revoked");
    town.log.says(&town.council, Body::DeviceRevoke(revoke(&town.tablet)));
    town.log.refuses(&town.council, again.clone(), "exists already, or was revoked");
    town.log.refuses_roots(again, "exists already, or was revoked");
}

#[test]
fn a_revoked_device_does_not_come_back_under_another_id() {
    let mut town = Town::new();
    town.log.says(&town.council, Body::DeviceRevoke(revoke(&town.tablet)));
    let new_sealing_key = Device::of_keys(town.tablet.sign.clone(), town.stranger.kem);
    let new_signing_key = Device::of_keys(town.stranger.sign.clone(), town.tablet.kem);
    for device in [new_sealing_key, new_signing_key] {
        assert!(!town.log.state.devices().contains_key(&device.id));
        town.log.refuses(&town.council, Body::DeviceAdd(add(&town, &device)), "belongs, or belonged, to another");
    }
}

#[test]
fn a_device_proves_that_it_holds_its_key() {
    let town = Town::new();
    let honest = add(&town, &town.stranger);
    let of_another = add(&town, &Device::of_keys(town.fire.sign.clone(), town.stranger.kem)).possession;
    let elsewhere = town.stranger.add(doorstep_protocol::PartnershipId([1; 16]), COUNCIL).possession;
    for possession in [Signature([0; 64]), of_another, elsewhere] {
        let body = Body::DeviceAdd(DeviceAdd { possession, ..honest.clone() });
        town.log.refuses(&town.council, body, "has not proved");
    }
}

#[test]
fn no_key_of_a_device_is_weak() {
    let town = Town::new();
    let weak = Device::of_keys(town.stranger.sign.clone(), KemPublic([0; 32]));
    town.log.refuses(&town.council, Body::DeviceAdd(add(&town, &weak)), "the device's key is weak");
    let weak = DeviceAdd { sign: SignPublic([0; 32]), ..add(&town, &town.stranger) };
    town.log.refuses(&town.council, Body::DeviceAdd(weak), "has not proved");
}

#[test]
fn a_device_is_revoked_by_an_admin_of_its_organisation_or_by_the_roots() {
    let town = Town::new();
    let body = Body::DeviceRevoke(revoke(&town.tablet));
    town.log.refuses(&town.fire, body.clone(), "may not write DeviceRevoke");
    town.log.refuses(&town.tablet, body.clone(), "may not write DeviceRevoke");
    assert!(town.log.state.check(&town.log.by(&town.council, body.clone())).is_ok());
    assert!(town.log.state.check(&town.log.by_roots(body)).is_ok());
}

#[test]
fn a_device_is_revoked_once_and_only_if_it_exists() {
    let mut town = Town::new();
    town.log.refuses(&town.council, Body::DeviceRevoke(revoke(&town.stranger)), "there is no such device");
    town.log.says(&town.council, Body::DeviceRevoke(revoke(&town.tablet)));
    town.log.refuses(&town.council, Body::DeviceRevoke(revoke(&town.tablet)), "there is no such device");
}

#[test]
fn a_revocation_ends_admin_rights_memberships_and_seats_and_nothing_else() {
    let mut town = Town::new();
    town.log.roots_say(admin(FIRE, &town.council_second, Standing::Granted));
    let member = town.log.member(CARE_TEAM, town.council_second.id, Standing::Granted);
    town.log.says(&town.council, Body::TeamMember(member));
    let seat = SeatAdd { device: town.council_second.id, worker: WorkerId([1; 16]), key: public(&town.stranger.sign) };
    let id = hash::seat_id(seat.device, seat.worker, &seat.key);
    town.log.says(&town.council, Body::SeatAdd(seat));
    town.log.says(&town.council, Body::DeviceRevoke(revoke(&town.council_second)));

    let state = &town.log.state;
    let gone = town.council_second.id;
    assert!(!state.is_live(gone) && !state.is_admin(gone, COUNCIL) && !state.is_admin(gone, FIRE));
    assert_eq!(state.teams_of(gone).count(), 0);
    assert!(!state.seats()[&id].span.is_open());
    assert!(state.is_admin(town.council.id, COUNCIL) && state.is_admin(town.fire.id, FIRE));
    assert!(state.teams()[&CARE_TEAM].is_member(town.tablet.id));
    assert!(state.teams()[&CARE_TEAM].owes_epoch());
}

#[test]
fn cuts_are_in_order_of_zones_that_exist_and_name_an_envelope() {
    let town = Town::new();
    let cut = |zone, zseq| Cut { zone, zseq: ZoneSeq(zseq), envelope: EnvelopeId([1; 32]) };
    let with = |cuts| Body::DeviceRevoke(DeviceRevoke { cuts, ..revoke(&town.tablet) });
    let other = crate::harness::DIRECTORY_ZONE;
    assert!(town.log.state.check(&town.log.by(&town.council, with(vec![cut(other, 1), cut(HOME_ZONE, 2)]))).is_ok());
    town.log.refuses(&town.council, with(vec![cut(HOME_ZONE, 2), cut(other, 1)]), "cuts are not in order");
    town.log.refuses(&town.council, with(vec![cut(HOME_ZONE, 2), cut(HOME_ZONE, 3)]), "cuts are not in order");
    town.log.refuses(&town.council, with(vec![cut(ZoneId([9; 16]), 2)]), "a cut names no zone");
    town.log.refuses(&town.council, with(vec![cut(HOME_ZONE, 0)]), "the last envelope that counts");
}

#[test]
fn a_worker_s_sealing_key_is_not_the_device_s_own() {
    let town = Town::new();
    let same = DeviceAdd { kem_restricted: Some(town.stranger.kem), ..add(&town, &town.stranger) };
    town.log.refuses(&town.council, Body::DeviceAdd(same), "the worker's sealing key is the device's own");
}

#[test]
fn no_more_cuts_are_taken_at_once_than_the_limit() {
    let town = Town::new();
    let many = |count| vec![Cut { zone: HOME_ZONE, zseq: ZoneSeq(1), envelope: EnvelopeId([1; 32]) }; count];
    let limit = doorstep_protocol::limits::CUTS_MAX;
    let revoked = |count| Body::DeviceRevoke(DeviceRevoke { cuts: many(count), ..revoke(&town.tablet) });
    town.log.refuses(&town.council, revoked(limit + 1), "cuts: more than 2048");
    town.log.refuses(&town.council, revoked(limit), "cuts are not in order");
    let leaves = |count| {
        let member = town.log.member(CARE_TEAM, town.tablet.id, Standing::Ended);
        Body::TeamMember(TeamMember { cuts: many(count), ..member })
    };
    town.log.refuses(&town.council, leaves(limit + 1), "cuts: more than 2048");
    town.log.refuses(&town.council, leaves(limit), "cuts are not in order");
}

// Seats.

#[test]
fn a_seat_is_made_and_ended_by_an_admin_of_the_device_s_organisation() {
    let mut town = Town::new();
    let seat = SeatAdd { device: town.tablet.id, worker: WorkerId([1; 16]), key: public(&town.stranger.sign) };
    let id = hash::seat_id(seat.device, seat.worker, &seat.key);
    town.log.refuses(&town.fire, Body::SeatAdd(seat.clone()), "may not write SeatAdd");
    town.log.refuses(&town.tablet, Body::SeatAdd(seat.clone()), "may not write SeatAdd");
    town.log.refuses_roots(Body::SeatAdd(seat.clone()), "may not write SeatAdd");
    town.log.says(&town.council, Body::SeatAdd(seat.clone()));
    town.log.refuses(&town.council, Body::SeatAdd(seat.clone()), "the seat exists already");
    town.log.refuses(&town.fire, Body::SeatRevoke(SeatRevoke { seat: id }), "may not write SeatRevoke");
    town.log.says(&town.council, Body::SeatRevoke(SeatRevoke { seat: id }));
    town.log.refuses(&town.council, Body::SeatRevoke(SeatRevoke { seat: id }), "there is no such seat");
    town.log.refuses(&town.council, Body::SeatAdd(seat), "or was ended");
}

#[test]
fn a_seat_needs_a_live_device_and_a_sound_key() {
    let mut town = Town::new();
    let seat = |device: &Device, key| Body::SeatAdd(SeatAdd { device: device.id, worker: WorkerId([1; 16]), key });
    let sound = public(&town.stranger.sign);
    town.log.refuses(&town.council, seat(&town.stranger, sound), "there is no such device");
    town.log.refuses(&town.council, seat(&town.tablet, SignPublic([0; 32])), "the seat's key is weak");
    town.log.says(&town.council, Body::DeviceRevoke(revoke(&town.tablet)));
    town.log.refuses(&town.council, seat(&town.tablet, sound), "there is no such device");
    town.log.refuses(&town.council, Body::SeatRevoke(SeatRevoke { seat: SeatId([1; 16]) }), "there is no such seat");
}

// Teams.

#[test]
fn a_team_is_made_once_by_an_admin_of_its_organisation() {
    let town = Town::new();
    let team = |team, organisation, tier| Body::TeamSet(TeamSet { team, organisation, tier });
    let fresh = TeamId([9; 16]);
    town.log.refuses(&town.council, team(fresh, FIRE, TeamTier::Ops), "may not write TeamSet");
    town.log.refuses(&town.council, team(fresh, NOBODY, TeamTier::Ops), "there is no such organisation");
    town.log.refuses_roots(team(fresh, COUNCIL, TeamTier::Ops), "may not write TeamSet");
    // Not even to give it another tier: a team would take its keys along.
    town.log.refuses(&town.council, team(CARE_TEAM, COUNCIL, TeamTier::Restricted), "the team exists already");
    town.log.refuses(&town.council, team(CREW_TEAM, COUNCIL, TeamTier::Ops), "the team exists already");
}

#[test]
fn members_come_and_go_by_an_admin_of_the_team_s_organisation() {
    let town = Town::new();
    let log = &town.log;
    let joins = log.member(CARE_TEAM, town.engine.id, Standing::Granted);
    log.refuses(&town.fire, Body::TeamMember(joins.clone()), "may not write TeamMember");
    log.refuses(&town.tablet, Body::TeamMember(joins.clone()), "may not write TeamMember");
    log.refuses_roots(Body::TeamMember(joins.clone()), "may not write TeamMember");
    assert!(log.state.check(&log.by(&town.council, Body::TeamMember(joins))).is_ok());
    let leaves = log.member(CREW_TEAM, town.engine.id, Standing::Ended);
    log.refuses(&town.council, Body::TeamMember(leaves.clone()), "may not write TeamMember");
    assert!(log.state.check(&log.by(&town.fire, Body::TeamMember(leaves))).is_ok());
}

#[test]
fn a_member_joins_once_and_leaves_once() {
    let town = Town::new();
    let again = town.log.member(CARE_TEAM, town.tablet.id, Standing::Granted);
    town.log.refuses(&town.council, Body::TeamMember(again), "a member already");
    let absent = town.log.member(CARE_TEAM, town.engine.id, Standing::Ended);
    town.log.refuses(&town.council, Body::TeamMember(absent), "not a member");
    let nowhere = TeamMember {
        team: TeamId([9; 16]),
        device: town.tablet.id,
        standing: Standing::Ended,
        wrap: None,
        cuts: Vec::new(),
    };
    town.log.refuses(&town.council, Body::TeamMember(nowhere), "there is no such team");
}

#[test]
fn a_member_is_a_live_device() {
    let mut town = Town::new();
    let joins = town.log.member(CARE_TEAM, town.stranger.id, Standing::Granted);
    town.log.refuses(&town.council, Body::TeamMember(joins), "there is no such device");
    town.log.says(&town.council, Body::DeviceRevoke(revoke(&town.tablet)));
    let returns = town.log.member(CARE_TEAM, town.tablet.id, Standing::Granted);
    town.log.refuses(&town.council, Body::TeamMember(returns), "there is no such device");
}

#[test]
fn a_late_member_brings_the_current_key_and_no_other() {
    let town = Town::new();
    let log = &town.log;
    let (team, device) = (CARE_TEAM.0, town.engine.id.0);
    let good = log.member(CARE_TEAM, town.engine.id, Standing::Granted);
    let with = |wrap: Option<Bytes>| Body::TeamMember(TeamMember { wrap, ..good.clone() });
    let sealed = |purpose, epoch, to| Some(log.sealed_wrap(purpose, (team, Epoch(epoch)), to));
    log.refuses(&town.council, with(None), "current key must come with a new member");
    let wrong = [
        sealed(SealedWrapPurpose::TeamToDevice, 2, device),
        sealed(SealedWrapPurpose::TeamToDevice, 0, device),
        sealed(SealedWrapPurpose::ZoneToEscrow, 1, device),
        sealed(SealedWrapPurpose::TeamToDevice, 1, town.tablet.id.0),
        Some(log.sealed_wrap(SealedWrapPurpose::TeamToDevice, (CREW_TEAM.0, Epoch(1)), device)),
        Some(Bytes(vec![0; 140])),
        Some(Bytes(vec![])),
    ];
    for wrap in wrong {
        log.refuses(&town.council, with(wrap), "a sealed wrap is not what its place says");
    }
    let leaves = TeamMember { device: town.tablet.id, standing: Standing::Ended, ..good };
    log.refuses(&town.council, Body::TeamMember(leaves), "given no key");
}

#[test]
fn a_first_member_brings_no_key() {
    let mut town = Town::new();
    let team = TeamId([9; 16]);
    town.log.says(&town.council, Body::TeamSet(TeamSet { team, organisation: COUNCIL, tier: TeamTier::Ops }));
    let wrap = town.log.sealed_wrap(SealedWrapPurpose::TeamToDevice, (team.0, Epoch(0)), town.tablet.id.0);
    let member =
        TeamMember { team, device: town.tablet.id, standing: Standing::Granted, wrap: Some(wrap), cuts: Vec::new() };
    town.log.refuses(&town.council, Body::TeamMember(member), "and no other");
}

#[test]
fn who_joins_is_cut_nowhere() {
    let town = Town::new();
    let joins = town.log.member(CARE_TEAM, town.engine.id, Standing::Granted);
    let cuts = vec![Cut { zone: HOME_ZONE, zseq: ZoneSeq(1), envelope: EnvelopeId([1; 32]) }];
    town.log.refuses(&town.council, Body::TeamMember(TeamMember { cuts, ..joins }), "a member who leaves");
}

#[test]
fn a_restricted_team_is_for_devices_with_a_key_that_opens_by_pin() {
    let mut town = Town::new();
    let partnership = town.log.partnership();
    let key = public(&town.stranger.sign);
    let message = possession_message(partnership, &key, &town.stranger.kem, None);
    let possession = sign(&town.stranger.sign, label::SIG_POSSESSION, &message);
    let without = DeviceAdd { kem_restricted: None, possession, ..add(&town, &town.stranger) };
    town.log.says(&town.council, Body::DeviceAdd(without));
    let joins = |team, device: &Device| Body::TeamMember(town.log.member(team, device.id, Standing::Granted));
    town.log.refuses(&town.council, joins(CLOSED_TEAM, &town.stranger), "opens with a worker's PIN");
    for body in [joins(CARE_TEAM, &town.stranger), joins(CLOSED_TEAM, &town.tablet_second)] {
        assert!(town.log.state.check(&town.log.by(&town.council, body)).is_ok());
    }
}

#[test]
fn a_team_has_no_more_members_than_the_limit() {
    let limit = doorstep_protocol::limits::TEAM_MEMBERS_MAX;
    let mut log = Log::begin();
    let admin_device = Device::new(1);
    let partnership = log.partnership();
    log.roots_say(Body::DeviceAdd(admin_device.add(partnership, COUNCIL)));
    log.roots_say(admin(COUNCIL, &admin_device, Standing::Granted));
    log.says(&admin_device, Body::TeamSet(TeamSet { team: CARE_TEAM, organisation: COUNCIL, tier: TeamTier::Ops }));
    // Appended to the state alone: a copy of it for every entry would cost minutes.
    for number in 0..=limit as u64 {
        let device = Device::new(100 + number);
        let added = log.by(&admin_device, Body::DeviceAdd(device.add(partnership, COUNCIL)));
        assert_eq!(log.state.append(&added), Ok(()));
        let joins = TeamMember {
            team: CARE_TEAM,
            device: device.id,
            standing: Standing::Granted,
            wrap: None,
            cuts: Vec::new(),
        };
        let joined = log.by(&admin_device, Body::TeamMember(joins));
        if number < limit as u64 {
            assert_eq!(log.state.append(&joined), Ok(()));
        } else {
            log.refuses_entry(&joined, "members of a team: more than 10000");
        }
    }
}

#[test]
fn a_partnership_has_no_more_teams_than_the_limit() {
    let limit = doorstep_protocol::limits::TEAMS_MAX as u64;
    let mut town = Town::new();
    let there = town.log.state.teams().len() as u64;
    for number in there..=limit {
        let id = crate::harness::bytes32("team", number)[..16].try_into().expect("16 of 32 bytes");
        let set = TeamSet { team: TeamId(id), organisation: COUNCIL, tier: TeamTier::Ops };
        let entry = town.log.by(&town.council, Body::TeamSet(set));
        if number < limit {
            assert_eq!(town.log.state.append(&entry), Ok(()));
        } else {
            town.log.refuses_entry(&entry, "teams: more than 10000");
        }
    }
}

#[test]
fn what_a_device_might_do_is_a_matter_of_the_size_of_the_log() {
    use doorstep_protocol::authority::Rights;
    let mut town = Town::new();
    let before = town.log.state.size();
    let tablet: DeviceId = town.tablet.id;
    town.log.says(&town.council, Body::DeviceRevoke(revoke(&town.tablet)));
    let after = town.log.state.size();
    let state = &town.log.state;
    assert!(state.had_rights(tablet, HOME_ZONE, Rights::WRITE, before));
    assert!(!state.had_rights(tablet, HOME_ZONE, Rights::WRITE, after));
    assert!(!state.had_rights(tablet, HOME_ZONE, Rights::WRITE, LogSize(5)), "before its membership");
    assert!(state.had_rights(town.tablet_second.id, HOME_ZONE, Rights::WRITE, after));
    assert!(!state.had_rights(town.tablet_second.id, HOME_ZONE, Rights::WRITE, after.next()), "nothing is known yet");
    assert!(state.teams()[&CLOSED_TEAM].members().next().is_none());
}
