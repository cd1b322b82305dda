//! Who is frozen, whose writes count after a loss, what is adopted, erased and owed.

use doorstep_protocol::authority::{
    Adopt, AuthorCut, Body, Cut, DeviceRevoke, Erase, EraseReason, ErasedEnvelope, Freeze, GrantEnd, Judgement,
    Quarantine, RevokeReason, Standing, TeamMember, TeamSet, TeamTier, Unfreeze,
};
use doorstep_protocol::envelope::{EnvelopeKind, Header, Keying};
use doorstep_protocol::{
    Class, DeviceId, DocumentId, EnvelopeId, Epoch, GrantId, LogHash, LogSize, Millis, TeamId, ZoneId, ZoneSeq, limits,
};

use crate::harness::{CARE_TEAM, COUNCIL, CREW_TEAM, Device, FIRE, HOME_ZONE, Log, SEALED_ZONE, Town};

const AUDIT_ZONE: ZoneId = ZoneId([0x4a; 16]);
const DOCUMENT: DocumentId = DocumentId([0xd0; 16]);
const CARE_HOME_GRANT: GrantId = GrantId([0x62; 16]);

fn id(number: u8) -> EnvelopeId {
    EnvelopeId([number; 32])
}

/// An envelope of `author` in the homes, written by somebody who had verified `size` entries.
fn written(log: &Log, author: &Device, zseq: u64, size: LogSize) -> Header {
    Header {
        kind: EnvelopeKind::Changes,
        keying: Keying::ZoneKey,
        partnership: log.partnership(),
        zone: HOME_ZONE,
        document: DOCUMENT,
        epoch: log.state.zones()[&HOME_ZONE].epoch_at(size),
        author: author.id,
        zseq: ZoneSeq(zseq),
        prev: EnvelopeId::ZERO,
        log_size: size,
        log_head: log.state.head_at(size).unwrap_or(LogHash::ZERO),
    }
}

fn quarantined(why: Quarantine) -> Judgement {
    Judgement::Quarantined(why)
}

fn leaves(device: &Device, cuts: Vec<Cut>) -> Body {
    Body::TeamMember(TeamMember { team: CARE_TEAM, device: device.id, standing: Standing::Ended, wrap: None, cuts })
}

const fn cut(zseq: u64, envelope: EnvelopeId) -> Cut {
    Cut { zone: HOME_ZONE, zseq: ZoneSeq(zseq), envelope }
}

// Freezing.

#[test]
fn a_frozen_device_is_not_served_and_says_nothing_until_it_is_unfrozen() {
    let mut town = Town::new();
    let now = Millis(1_760_000_000_000);
    let freeze = |device: &Device| Body::Freeze(Freeze { device: device.id });
    let unfreeze = |device: &Device| Body::Unfreeze(Unfreeze { device: device.id });
    town.log.refuses(&town.fire, freeze(&town.tablet), "may not write Freeze");
    town.log.refuses(&town.tablet_second, freeze(&town.tablet), "may not write Freeze");
    town.log.refuses(&town.council, freeze(&town.stranger), "there is no such device");
    town.log.refuses(&town.council, unfreeze(&town.tablet), "the device is not frozen");
    town.log.says(&town.council, freeze(&town.tablet));
    assert!(!town.log.state.is_served(town.tablet.id, now) && town.log.state.is_live(town.tablet.id));
    town.log.refuses(&town.council, freeze(&town.tablet), "frozen already");
    // It takes nothing from what the device wrote, nor its keys.
    let size = town.log.state.size();
    assert_eq!(town.log.state.judge(&written(&town.log, &town.tablet, 1, size), id(1)), Judgement::Counts);
    assert!(town.log.state.owed_keys().is_empty());
    town.log.refuses(&town.fire, unfreeze(&town.tablet), "may not write Unfreeze");
    town.log.says(&town.council_second, unfreeze(&town.tablet));
    assert!(town.log.state.is_served(town.tablet.id, now));
    // A frozen admin signs nothing.
    town.log.says(&town.council, freeze(&town.council_second));
    let set = Body::TeamSet(TeamSet { team: TeamId([9; 16]), organisation: COUNCIL, tier: TeamTier::Ops });
    town.log.refuses(&town.council_second, set, "unknown, frozen or revoked");
    assert!(!town.log.state.is_acting_admin(town.council_second.id));
}

#[test]
fn the_last_acting_admin_is_frozen_by_the_roots_only() {
    let mut town = Town::new();
    let freeze = |device: &Device| Body::Freeze(Freeze { device: device.id });
    town.log.refuses(&town.fire, freeze(&town.fire), "the last acting admin");
    town.log.says(&town.council, freeze(&town.council_second));
    town.log.refuses(&town.council, freeze(&town.council), "the last acting admin");
    town.log.roots_say(freeze(&town.council));
    town.log.roots_say(Body::Unfreeze(Unfreeze { device: town.council.id }));
    // Revoking ends the freeze with the rest.
    let revoke = DeviceRevoke { device: town.council_second.id, reason: RevokeReason::Lost, cuts: vec![] };
    town.log.says(&town.council, Body::DeviceRevoke(revoke));
    town.log.refuses(&town.council, Body::Unfreeze(Unfreeze { device: town.council_second.id }), "no such device");
}

// Whose writes count.

#[test]
fn work_counts_by_the_right_at_its_log_size_and_the_key_of_that_size() {
    let mut town = Town::new();
    let size = town.log.state.size();
    let header = written(&town.log, &town.tablet, 1, size);
    let judge = |header: &Header| town.log.state.judge(header, id(1));
    assert_eq!(judge(&header), Judgement::Counts);
    assert_eq!(judge(&Header { log_size: size.next(), ..header.clone() }), Judgement::LogAhead);
    let unknown = Header { author: DeviceId([9; 16]), ..header.clone() };
    assert_eq!(judge(&unknown), quarantined(Quarantine::UnknownAuthor));
    let early = written(&town.log, &town.tablet, 1, LogSize(5));
    assert_eq!(judge(&early), quarantined(Quarantine::UnknownAuthor), "before it was added");
    let elsewhere = Header { zone: ZoneId([9; 16]), ..header.clone() };
    assert_eq!(judge(&elsewhere), quarantined(Quarantine::NotEntitled));
    let engine = Header { author: town.engine.id, zone: SEALED_ZONE, ..header.clone() };
    assert_eq!(judge(&engine), quarantined(Quarantine::NotEntitled));
    for epoch in [Epoch(0), Epoch(2)] {
        let other = Header { epoch, ..header.clone() };
        assert_eq!(judge(&other), quarantined(Quarantine::OtherEpoch));
    }
    // After a rotation the old key counts for who had not heard of it, and for nobody else.
    let epoch = town.log.zone_epoch(HOME_ZONE);
    town.log.says(&town.council, Body::ZoneEpoch(epoch));
    let after = town.log.state.size();
    assert_eq!(town.log.state.judge(&header, id(1)), Judgement::Counts);
    let old_key = Header { epoch: Epoch(1), ..written(&town.log, &town.tablet, 2, after) };
    assert_eq!(town.log.state.judge(&old_key, id(2)), quarantined(Quarantine::OtherEpoch));
    assert_eq!(town.log.state.judge(&written(&town.log, &town.tablet, 2, after), id(2)), Judgement::Counts);
}

#[test]
fn backdating_buys_a_leaver_nothing() {
    let mut town = Town::new();
    let before = town.log.state.size();
    town.log.says(&town.council, leaves(&town.tablet, vec![cut(2, id(2))]));
    let after = town.log.state.size();
    let judge = |zseq, size, envelope| town.log.state.judge(&written(&town.log, &town.tablet, zseq, size), envelope);
    assert_eq!(judge(1, before, id(1)), Judgement::Counts);
    assert_eq!(judge(2, before, id(2)), Judgement::Counts);
    assert_eq!(judge(2, before, id(9)), quarantined(Quarantine::PastCut), "another envelope in its place");
    assert_eq!(judge(3, before, id(3)), quarantined(Quarantine::PastCut));
    assert_eq!(judge(3, after, id(3)), quarantined(Quarantine::NotEntitled));
    // Who holds the homes by nothing else and is named by no cut wrote nothing that counts.
    town.log.says(&town.council, leaves(&town.tablet_second, vec![]));
    let second = written(&town.log, &town.tablet_second, 1, before);
    assert_eq!(town.log.state.judge(&second, id(1)), quarantined(Quarantine::PastCut));
}

#[test]
fn who_comes_back_writes_on_after_what_was_cut() {
    let mut town = Town::new();
    let before = town.log.state.size();
    town.log.says(&town.council, leaves(&town.tablet, vec![cut(2, id(2))]));
    let joins = town.log.member(CARE_TEAM, town.tablet.id, Standing::Granted);
    town.log.says(&town.council, Body::TeamMember(joins));
    let back = town.log.state.size();
    let judge = |zseq, size| town.log.state.judge(&written(&town.log, &town.tablet, zseq, size), id(zseq as u8));
    assert_eq!(judge(3, before), quarantined(Quarantine::PastCut));
    assert_eq!(judge(3, back), Judgement::Counts);
    // A second leave cuts the second stay and leaves the first as it was.
    town.log.says(&town.council, leaves(&town.tablet, vec![cut(4, id(4))]));
    let judge = |zseq, size| town.log.state.judge(&written(&town.log, &town.tablet, zseq, size), id(zseq as u8));
    assert_eq!((judge(2, before), judge(4, back)), (Judgement::Counts, Judgement::Counts));
    assert_eq!(
        (judge(3, before), judge(5, back)),
        (quarantined(Quarantine::PastCut), quarantined(Quarantine::PastCut))
    );
}

#[test]
fn an_ended_grant_cuts_each_member_who_holds_the_zone_by_nothing_else() {
    let mut town = Town::new();
    // The second tablet is in the crew as well, which keeps the homes.
    let joins = town.log.member(CREW_TEAM, town.tablet_second.id, Standing::Granted);
    town.log.says(&town.fire, Body::TeamMember(joins));
    let before = town.log.state.size();
    let cuts = vec![AuthorCut { device: town.tablet.id, zseq: ZoneSeq(1), envelope: id(1) }];
    let end = |cuts: Vec<AuthorCut>| Body::GrantEnd(GrantEnd { grant: CARE_HOME_GRANT, cuts });
    let nobody = AuthorCut { device: DeviceId([9; 16]), ..cuts[0].clone() };
    town.log.refuses(&town.council, end(vec![nobody]), "a cut names no device");
    let nothing = AuthorCut { zseq: ZoneSeq(0), ..cuts[0].clone() };
    town.log.refuses(&town.council, end(vec![nothing]), "the last envelope that counts");
    town.log.refuses(&town.council, end(vec![cuts[0].clone(), cuts[0].clone()]), "not in order");
    town.log.says(&town.council, end(cuts));
    let judge = |who: &Device, zseq| town.log.state.judge(&written(&town.log, who, zseq, before), id(zseq as u8));
    assert_eq!(judge(&town.tablet, 1), Judgement::Counts);
    assert_eq!(judge(&town.tablet, 2), quarantined(Quarantine::PastCut));
    assert_eq!(judge(&town.tablet_second, 7), Judgement::Counts);
}

#[test]
fn what_a_revoked_device_wrote_counts_up_to_its_cut_whatever_it_claims() {
    let mut town = Town::new();
    let before = town.log.state.size();
    let revoke = DeviceRevoke { device: town.tablet.id, reason: RevokeReason::Lost, cuts: vec![cut(1, id(1))] };
    town.log.says(&town.council, Body::DeviceRevoke(revoke));
    let after = town.log.state.size();
    let judge = |zseq, size| town.log.state.judge(&written(&town.log, &town.tablet, zseq, size), id(zseq as u8));
    assert_eq!(judge(1, before), Judgement::Counts);
    assert_eq!(judge(2, before), quarantined(Quarantine::PastCut));
    assert_eq!(judge(2, after), quarantined(Quarantine::NotEntitled));
}

#[test]
fn everybody_writes_to_the_audit_zone_until_revoked_and_nobody_else_s_way() {
    let mut town = Town::new();
    let create = town.log.zone_create(AUDIT_ZONE, COUNCIL, Class::Audit);
    town.log.says(&town.council, Body::ZoneCreate(create));
    let epoch = town.log.zone_epoch_for(AUDIT_ZONE, []);
    town.log.says(&town.council, Body::ZoneEpoch(epoch));
    let size = town.log.state.size();
    let header = Header {
        zone: AUDIT_ZONE,
        keying: Keying::DropBox,
        epoch: Epoch(1),
        ..written(&town.log, &town.engine, 1, size)
    };
    assert_eq!(town.log.state.audit_zone(), Some(AUDIT_ZONE));
    assert_eq!(town.log.state.judge(&header, id(1)), Judgement::Counts);
    let keyed = Header { keying: Keying::ZoneKey, ..header.clone() };
    assert_eq!(town.log.state.judge(&keyed, id(1)), quarantined(Quarantine::NotEntitled));
    let elsewhere = Header { zone: HOME_ZONE, ..header.clone() };
    assert_eq!(town.log.state.judge(&elsewhere, id(1)), quarantined(Quarantine::NotEntitled));
    let audit_cut = Cut { zone: AUDIT_ZONE, zseq: ZoneSeq(1), envelope: id(1) };
    let revoke = DeviceRevoke { device: town.engine.id, reason: RevokeReason::Lost, cuts: vec![audit_cut] };
    town.log.says(&town.fire, Body::DeviceRevoke(revoke));
    assert_eq!(town.log.state.judge(&header, id(1)), Judgement::Counts);
    let late = Header { zseq: ZoneSeq(2), ..header.clone() };
    assert_eq!(town.log.state.judge(&late, id(2)), quarantined(Quarantine::PastCut));
    let after = Header { log_size: town.log.state.size(), ..late };
    assert_eq!(town.log.state.judge(&after, id(2)), quarantined(Quarantine::NotEntitled));
}

// Late work.

#[test]
fn late_work_is_adopted_by_an_admin_of_the_zone_s_owner_one_envelope_at_a_time() {
    let mut town = Town::new();
    let before = town.log.state.size();
    town.log.says(&town.council, leaves(&town.tablet, vec![cut(1, id(1))]));
    let adopt = |author: &Device, envelopes: Vec<EnvelopeId>| {
        Body::Adopt(Adopt { zone: HOME_ZONE, author: author.id, envelopes })
    };
    town.log.refuses(&town.fire, adopt(&town.tablet, vec![id(2)]), "may not write Adopt");
    town.log.refuses(&town.council, adopt(&town.stranger, vec![id(2)]), "there was never such a device");
    town.log.refuses(&town.council, adopt(&town.tablet, vec![]), "envelopes are missing");
    town.log.refuses(&town.council, adopt(&town.tablet, vec![id(3), id(2)]), "not in order");
    let many = (0..=limits::ADOPT_ENVELOPES_MAX).map(|n| EnvelopeId(crate::harness::bytes32("many", n as u64)));
    town.log.refuses(&town.council, adopt(&town.tablet, many.collect()), "envelopes taken in at once");
    town.log.says(&town.council, adopt(&town.tablet, vec![id(2)]));
    let judge = |zseq, envelope| town.log.state.judge(&written(&town.log, &town.tablet, zseq, before), envelope);
    assert_eq!(judge(2, id(2)), Judgement::Counts);
    assert_eq!(judge(3, id(3)), quarantined(Quarantine::PastCut));
    // It is taken in for its author and zone only.
    let other = Header { author: town.engine.id, zone: SEALED_ZONE, ..written(&town.log, &town.engine, 2, before) };
    assert_eq!(town.log.state.judge(&other, id(2)), quarantined(Quarantine::NotEntitled));
}

// Erasure.

fn erase(envelopes: Vec<ErasedEnvelope>) -> Body {
    Body::Erase(Erase { zone: HOME_ZONE, document: DOCUMENT, reason: EraseReason::Request, envelopes })
}

#[test]
fn two_admins_erase_and_the_author_is_one_of_the_owner() {
    let mut town = Town::new();
    let one = ErasedEnvelope { envelope: id(1), author: town.tablet.id, zseq: ZoneSeq(1) };
    let body = erase(vec![one.clone()]);
    town.log.refuses(&town.council, body.clone(), "fewer or more than are needed");
    let signed = |devices: &[&Device], body: &Body| town.log.by_devices(devices, body.clone());
    town.log.refuses_entry(&signed(&[&town.council, &town.tablet], &body), "erased by two admins");
    town.log.refuses_entry(&signed(&[&town.fire, &town.council], &body), "may not write Erase");
    town.log.refuses_entry(
        &signed(&[&town.council, &town.council_second, &town.fire], &body),
        "fewer or more than are needed",
    );
    town.log.refuses_roots(body.clone(), "may not write Erase");
    let nobody = ErasedEnvelope { author: DeviceId([9; 16]), ..one.clone() };
    town.log.refuses_entry(&signed(&[&town.council, &town.fire], &erase(vec![nobody])), "never such a device");
    let doubled = erase(vec![one.clone(), one.clone()]);
    town.log.refuses_entry(&signed(&[&town.council, &town.fire], &doubled), "not in order");
    let uncounted = ErasedEnvelope { zseq: ZoneSeq(0), ..one };
    town.log.refuses_entry(&signed(&[&town.council, &town.fire], &erase(vec![uncounted])), "counters begin at one");
    assert!(town.log.state.check(&signed(&[&town.council, &town.fire], &body)).is_ok());
    // One of the two is frozen meanwhile.
    town.log.says(&town.council, Body::Freeze(Freeze { device: town.council_second.id }));
    let frozen = town.log.by_devices(&[&town.council, &town.council_second], body.clone());
    town.log.refuses_entry(&frozen, "erased by two admins");
    // The audit chain is no document.
    let create = town.log.zone_create(AUDIT_ZONE, COUNCIL, Class::Audit);
    town.log.says(&town.council, Body::ZoneCreate(create));
    let audit = Erase { zone: AUDIT_ZONE, document: DOCUMENT, reason: EraseReason::Mistake, envelopes: vec![] };
    let entry = town.log.by_devices(&[&town.council, &town.fire], Body::Erase(audit));
    town.log.refuses_entry(&entry, "the audit chain is never erased");
}

#[test]
fn what_was_written_by_who_had_not_heard_of_an_erasure_is_erased_and_later_work_is_not() {
    let mut town = Town::new();
    let before = town.log.state.size();
    let one = ErasedEnvelope { envelope: id(1), author: town.tablet.id, zseq: ZoneSeq(1) };
    let signed = town.log.by_devices(&[&town.council, &town.council_second], erase(vec![one]));
    town.log.push(signed).expect("two admins");
    let after = town.log.state.size();
    let judge = |header: &Header, envelope| town.log.state.judge(header, envelope);
    let header = written(&town.log, &town.tablet, 1, before);
    assert_eq!(judge(&header, id(1)), Judgement::Erased);
    let late = written(&town.log, &town.tablet_second, 4, before);
    assert_eq!(judge(&late, id(4)), Judgement::Erased, "of somebody who had not heard");
    assert_eq!(judge(&written(&town.log, &town.tablet, 2, after), id(2)), Judgement::Counts, "begun again");
    let other = Header { document: DocumentId([1; 16]), ..late };
    assert_eq!(judge(&other, id(4)), Judgement::Counts, "another document");
    // An envelope that is named is erased whatever its header says, even adopted.
    let adopt = Adopt { zone: HOME_ZONE, author: town.tablet.id, envelopes: vec![id(1)] };
    town.log.says(&town.council, Body::Adopt(adopt));
    let renamed = Header { document: DocumentId([1; 16]), log_size: after, ..header };
    assert_eq!(town.log.state.judge(&renamed, id(1)), Judgement::Erased);
    assert_eq!(town.log.state.erased_envelope(id(1)).map(|place| place.zseq), Some(ZoneSeq(1)));
}

#[test]
fn an_erasure_is_finished_by_name_and_what_was_begun_anew_stays() {
    let mut town = Town::new();
    let before = town.log.state.size();
    let finish = |number: u8, zseq| {
        let one = ErasedEnvelope { envelope: id(number), author: town.tablet.id, zseq: ZoneSeq(zseq) };
        let reason = EraseReason::Finish;
        Body::Erase(Erase { zone: HOME_ZONE, document: DOCUMENT, reason, envelopes: vec![one] })
    };
    let (late, two) = (finish(2, 2), [&town.council, &town.council_second]);
    let early = town.log.by_devices(&two, late.clone());
    town.log.refuses_entry(&early, "it finishes an erasure that never was");
    let signed = town.log.by_devices(&two, erase(vec![]));
    town.log.push(signed).expect("two admins");
    let erased = town.log.state.size();
    town.log.refuses(&town.council, late.clone(), "fewer or more than are needed");
    let signed = town.log.by_devices(&two, late);
    town.log.push(signed).expect("two admins");
    assert_eq!(town.log.state.erased_at(HOME_ZONE, DOCUMENT), Some(erased));
    assert_eq!(town.log.state.erased_envelope(id(2)).map(|place| place.zseq), Some(ZoneSeq(2)));
    let judge =
        |number, size| town.log.state.judge(&written(&town.log, &town.tablet, u64::from(number), size), id(number));
    assert_eq!((judge(2, before), judge(3, before)), (Judgement::Erased, Judgement::Erased));
    assert_eq!(judge(4, erased), Judgement::Counts, "begun anew, and before the second entry");
}

// Owed keys.

#[test]
fn who_leaves_makes_the_keys_it_had_owed_and_rotations_pay_them() {
    let mut town = Town::new();
    assert!(town.log.state.owed_keys().is_empty());
    let revoke = DeviceRevoke { device: town.tablet.id, reason: RevokeReason::Lost, cuts: vec![] };
    town.log.says(&town.council, Body::DeviceRevoke(revoke));
    let owed = town.log.state.owed_keys();
    assert_eq!(owed.teams, [CARE_TEAM].into(), "the closed team has nobody left to make a key for");
    assert!(owed.zones.contains(&HOME_ZONE) && owed.zones.contains(&SEALED_ZONE));
    let epoch = town.log.team_epoch(CARE_TEAM);
    town.log.says(&town.council, Body::TeamEpoch(epoch));
    assert!(town.log.state.owed_keys().teams.is_empty());
    for zone in owed.zones {
        let epoch = town.log.zone_epoch(zone);
        town.log.says(&town.council, Body::ZoneEpoch(epoch));
    }
    assert!(town.log.state.owed_keys().is_empty());
}

#[test]
fn an_ended_grant_makes_its_zone_s_key_owed_unless_the_team_holds_it_still() {
    let mut town = Town::new();
    let again = town.log.grant_with_key(0x70, HOME_ZONE, CARE_TEAM);
    town.log.says(&town.council, Body::Grant(doorstep_protocol::authority::Grant { wrap: None, ..again }));
    let end = |grant| Body::GrantEnd(GrantEnd { grant, cuts: vec![] });
    town.log.says(&town.council, end(CARE_HOME_GRANT));
    assert!(town.log.state.owed_keys().is_empty(), "the team holds the homes by another grant");
    town.log.says(&town.council, end(GrantId([0x70; 16])));
    assert_eq!(town.log.state.owed_keys().zones, [HOME_ZONE].into());
    let epoch = town.log.zone_epoch(HOME_ZONE);
    town.log.says(&town.council, Body::ZoneEpoch(epoch));
    assert!(town.log.state.owed_keys().is_empty());
}

#[test]
fn who_left_before_a_team_held_a_zone_never_had_its_key() {
    let mut town = Town::new();
    town.log.says(&town.council, leaves(&town.tablet, vec![]));
    let epoch = town.log.team_epoch(CARE_TEAM);
    town.log.says(&town.council, Body::TeamEpoch(epoch));
    for zone in town.log.state.owed_keys().zones {
        let epoch = town.log.zone_epoch(zone);
        town.log.says(&town.council, Body::ZoneEpoch(epoch));
    }
    let zone = ZoneId([0x4b; 16]);
    let create = town.log.zone_create(zone, COUNCIL, Class::Register);
    town.log.says(&town.council, Body::ZoneCreate(create));
    let first = town.log.grant(0x71, zone, CREW_TEAM);
    town.log.says(&town.council, Body::Grant(first));
    let epoch = town.log.zone_epoch(zone);
    town.log.says(&town.council, Body::ZoneEpoch(epoch));
    let grant = town.log.grant_with_key(0x72, zone, CARE_TEAM);
    town.log.says(&town.council, Body::Grant(grant));
    assert!(town.log.state.owed_keys().is_empty());
    // The engine leaves the crew, which holds it: owed, by the fire service's team and the council's zones.
    let gone =
        TeamMember { team: CREW_TEAM, device: town.engine.id, standing: Standing::Ended, wrap: None, cuts: vec![] };
    town.log.says(&town.fire, Body::TeamMember(gone));
    assert!(town.log.state.owed_keys().zones.contains(&zone));
    assert_eq!(FIRE, town.log.state.teams()[&CREW_TEAM].organisation);
}

// Cuts, adopted and erased envelopes: order and number.

#[test]
fn envelopes_that_are_adopted_stand_in_order_and_once_and_are_no_more_than_the_limit() {
    let town = Town::new();
    let adopt = |envelopes: Vec<EnvelopeId>| Body::Adopt(Adopt { zone: HOME_ZONE, author: town.tablet.id, envelopes });
    town.log.refuses(&town.council, adopt(vec![id(2), id(2)]), "not in order");
    assert!(town.log.state.check(&town.log.by(&town.council, adopt(vec![id(2), id(3)]))).is_ok());
    town.log.refuses(&town.council, adopt(vec![id(2); limits::ADOPT_ENVELOPES_MAX]), "not in order");
}

#[test]
fn envelopes_that_are_erased_stand_in_order_and_are_no_more_than_the_limit() {
    let town = Town::new();
    let one = |number| ErasedEnvelope { envelope: id(number), author: town.tablet.id, zseq: ZoneSeq(1) };
    let signed = |envelopes| town.log.by_devices(&[&town.council, &town.fire], erase(envelopes));
    assert!(town.log.state.check(&signed(vec![one(1), one(2)])).is_ok());
    town.log.refuses_entry(&signed(vec![one(2), one(1)]), "not in order");
    town.log.refuses_entry(&signed(vec![one(1); limits::ERASE_ENVELOPES_MAX]), "not in order");
    let many = signed(vec![one(1); limits::ERASE_ENVELOPES_MAX + 1]);
    town.log.refuses_entry(&many, "envelopes erased at once: more than 3000");
}

#[test]
fn cuts_of_an_ended_grant_stand_in_order_and_are_no_more_than_the_limit() {
    let town = Town::new();
    let mut devices = [town.tablet.id, town.tablet_second.id];
    devices.sort_unstable();
    let one = |device| AuthorCut { device, zseq: ZoneSeq(1), envelope: id(1) };
    let end = |cuts| Body::GrantEnd(GrantEnd { grant: CARE_HOME_GRANT, cuts });
    let ordered = town.log.by(&town.council, end(devices.map(one).to_vec()));
    assert!(town.log.state.check(&ordered).is_ok());
    devices.reverse();
    town.log.refuses(&town.council, end(devices.map(one).to_vec()), "not in order");
    town.log.refuses(&town.council, end(vec![one(devices[0]); limits::GRANT_END_CUTS_MAX]), "not in order");
    town.log.refuses(&town.council, end(vec![one(devices[0]); limits::GRANT_END_CUTS_MAX + 1]), "cuts: more than 3500");
}

#[test]
fn leaving_one_team_cuts_nothing_that_was_left_with_another() {
    let mut town = Town::new();
    let zone = ZoneId([0x4c; 16]);
    let create = town.log.zone_create(zone, COUNCIL, Class::Register);
    town.log.says(&town.council, Body::ZoneCreate(create));
    let grant = town.log.grant(0x70, zone, CREW_TEAM);
    town.log.says(&town.council, Body::Grant(grant));
    let epoch = town.log.zone_epoch(zone);
    town.log.says(&town.council, Body::ZoneEpoch(epoch));
    let joins = town.log.member(CREW_TEAM, town.tablet.id, Standing::Granted);
    town.log.says(&town.fire, Body::TeamMember(joins));
    let size = town.log.state.size();
    let header = Header { zone, epoch: Epoch(1), ..written(&town.log, &town.tablet, 1, size) };
    let left_crew = TeamMember {
        team: CREW_TEAM,
        device: town.tablet.id,
        standing: Standing::Ended,
        wrap: None,
        cuts: vec![Cut { zone, zseq: ZoneSeq(1), envelope: id(1) }],
    };
    town.log.says(&town.fire, Body::TeamMember(left_crew));
    assert_eq!(town.log.state.judge(&header, id(1)), Judgement::Counts);
    town.log.says(&town.council, leaves(&town.tablet, vec![]));
    assert_eq!(town.log.state.judge(&header, id(1)), Judgement::Counts, "the care team never held this zone");
}

#[test]
fn an_auditor_who_leaves_goes_on_sealing_into_the_audit_zone() {
    let mut town = Town::new();
    let create = town.log.zone_create(AUDIT_ZONE, COUNCIL, Class::Audit);
    town.log.says(&town.council, Body::ZoneCreate(create));
    let grant = town.log.grant(0x70, AUDIT_ZONE, CARE_TEAM);
    town.log.says(&town.council, Body::Grant(grant));
    let epoch = town.log.zone_epoch(AUDIT_ZONE);
    town.log.says(&town.council, Body::ZoneEpoch(epoch));
    let judge = |log: &Log, author: &Device, size| {
        let (zone, keying, epoch) = (AUDIT_ZONE, Keying::DropBox, Epoch(1));
        log.state.judge(&Header { zone, keying, epoch, ..written(log, author, 1, size) }, id(1))
    };
    let before = town.log.state.size();
    town.log.says(&town.council, leaves(&town.tablet, vec![]));
    town.log.says(&town.council, Body::GrantEnd(GrantEnd { grant: GrantId([0x70; 16]), cuts: vec![] }));
    for device in [&town.tablet, &town.tablet_second] {
        for size in [before, before.next(), before.next().next()] {
            assert_eq!(judge(&town.log, device, size), Judgement::Counts, "everybody seals into it, by no grant");
        }
    }
}

#[test]
fn what_was_named_by_cuts_adoptions_and_erasures_is_answered_by_author_and_zone() {
    let mut town = Town::new();
    let none = (false, false, vec![]);
    let asked = |log: &Log, author: &Device, zone| {
        let (state, author) = (&log.state, author.id);
        (state.has_adopted(zone, author), state.is_adopted(zone, author, id(3)), state.last_counting(zone, author))
    };
    assert_eq!(asked(&town.log, &town.tablet, HOME_ZONE), none);
    town.log.says(&town.council, leaves(&town.tablet, vec![cut(2, id(2))]));
    assert_eq!(asked(&town.log, &town.tablet, HOME_ZONE), (false, false, vec![(ZoneSeq(2), id(2))]));
    let adopt = |number| Body::Adopt(Adopt { zone: HOME_ZONE, author: town.tablet.id, envelopes: vec![id(number)] });
    town.log.says(&town.council, adopt(4));
    assert_eq!(asked(&town.log, &town.tablet, HOME_ZONE), (true, false, vec![(ZoneSeq(2), id(2))]));
    town.log.says(&town.council, adopt(3));
    let revoke = DeviceRevoke { device: town.tablet.id, reason: RevokeReason::Lost, cuts: vec![cut(5, id(5))] };
    town.log.says(&town.council, Body::DeviceRevoke(revoke));
    let both = vec![(ZoneSeq(2), id(2)), (ZoneSeq(5), id(5))];
    assert_eq!(asked(&town.log, &town.tablet, HOME_ZONE), (true, true, both));
    assert_eq!(asked(&town.log, &town.tablet, SEALED_ZONE), none);
    assert_eq!(asked(&town.log, &town.tablet_second, HOME_ZONE), none);

    assert!(town.log.state.erased_envelopes().is_empty());
    let one = ErasedEnvelope { envelope: id(1), author: town.tablet.id, zseq: ZoneSeq(1) };
    let signed = town.log.by_devices(&[&town.council, &town.council_second], erase(vec![one]));
    town.log.push(signed).expect("two admins");
    let erased: Vec<_> = town.log.state.erased_envelopes().iter().map(|(id, place)| (*id, place.document)).collect();
    assert_eq!(erased, [(id(1), DOCUMENT)]);
}
