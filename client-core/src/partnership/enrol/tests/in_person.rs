//! From screen to screen: what the desk and the device hold a text against.

use doorstep_protocol::{KemPublic, LogSize};

use super::*;

#[test]
fn a_device_joins_with_its_own_invitation_in_time() {
    let mut town = Town::new();
    let (mut device, request) = town.request(&InvitePlan::IN_PERSON);
    assert_eq!(town.try_accept(&request, after(15)), Ok(()));
    town.sync(&mut device);
    assert!(device.seat().is_ok(), "it may write");
    assert!(device.unopened_teams().expect("it reads").is_empty(), "and every key meant for it opens");
    let rows = issued(&town.desk, after(15)).expect("it reads");
    assert_eq!(rows.iter().map(|row| row.state).collect::<Vec<_>>(), [InviteState::Used]);
}

#[test]
fn the_desk_goes_by_its_own_clock_and_the_device_allows_for_a_wrong_one() {
    let mut town = Town::new();
    let expires = after(15);
    let (_, request) = town.request(&InvitePlan::IN_PERSON);
    let late = Millis(expires.0 + 1);
    assert_eq!(town.try_accept(&request, late), Err(EnrolError::Expired { expired: expires }));
    assert_eq!(issued(&town.desk, late).expect("it reads")[0].state, InviteState::Expired);

    let invitation = town.invite(&InvitePlan::IN_PERSON).invitation;
    assert!(invitation.clone().check(None, after(25)).is_ok(), "ten minutes apart");
    let refused = invitation.clone().check(None, Millis(after(25).0 + 1)).map(|_| ());
    assert_eq!(refused, Err(EnrolError::Expired { expired: expires }));
    // A tablet that thinks it is 1970 would never see an end date.
    assert_eq!(invitation.check(None, Millis(0)).map(|_| ()), Err(EnrolError::ClockBehind));
}

#[test]
fn an_invitation_is_for_one_device() {
    let mut town = Town::new();
    let invitation = town.invite(&InvitePlan::IN_PERSON).invitation.check(None, NOW).expect("a new one");
    let (mut first, mut second) = (town.device(), town.device());
    let first = begin(&mut first, &invitation, &JOIN).expect("a new device");
    let second = begin(&mut second, &invitation, &JOIN).expect("a new device");
    assert_eq!(town.try_accept(&first, NOW), Ok(()));
    assert_eq!(town.try_accept(&second, NOW), Err(EnrolError::Used));
    // Also when the first has not reached the server yet.
    let invitation = town.invite(&InvitePlan::IN_PERSON).invitation.check(None, NOW).expect("a new one");
    let (mut third, mut fourth) = (town.device(), town.device());
    let third = begin(&mut third, &invitation, &JOIN).expect("a new device");
    let fourth = begin(&mut fourth, &invitation, &JOIN).expect("a new device");
    let plan = town.plan();
    town.accept_at(&third, &plan, NOW).expect("a request that holds");
    assert_eq!(town.try_accept(&fourth, NOW), Err(EnrolError::Used));
    assert_eq!(town.try_accept(&third, after(60)), Ok(()), "it was in time when it came");
}

#[test]
fn a_request_that_names_no_invitation_of_this_desk_is_refused() {
    let mut town = Town::new();
    let (_, mut request) = town.request(&InvitePlan::IN_PERSON);
    let named = request.invite;
    request.invite.0[0] ^= 1;
    assert_eq!(town.try_accept(&request, NOW), Err(EnrolError::Unknown));
    request.invite = named;
    cancel(&mut town.desk, named).expect("it is there");
    assert_eq!(town.try_accept(&request, NOW), Err(EnrolError::Unknown), "it was cancelled");
    assert!(matches!(cancel(&mut town.desk, named), Err(AdminError::Enrol(EnrolError::Unknown))));
}

#[test]
fn another_partnership_is_refused_on_both_sides() {
    let (mut here, mut there) = (Town::seeded(1), Town::seeded(2));
    let (mut device, request) = here.request(&InvitePlan::IN_PERSON);
    assert_eq!(there.try_accept(&request, NOW), Err(EnrolError::OtherPartnership));
    let foreign = there.invite(&InvitePlan::IN_PERSON).invitation.check(None, NOW).expect("a new one");
    let refused = begin(&mut device, &foreign, &JOIN);
    assert!(matches!(refused, Err(AdminError::Enrol(EnrolError::BelongsElsewhere))));
    // Another invitation of its own partnership is another try.
    let again = here.invite(&InvitePlan::IN_PERSON).invitation.check(None, after(1)).expect("a new one");
    let again = begin(&mut device, &again, &JOIN).expect("it was not accepted yet");
    assert_eq!(here.try_accept(&again, after(1)), Ok(()));
}

#[test]
fn a_forged_request_is_refused_and_costs_the_honest_one_nothing() {
    let mut town = Town::new();
    let (_, request) = town.request(&InvitePlan::IN_PERSON);
    let (other, _) = town.request(&InvitePlan::IN_PERSON);
    let forgeries = [
        EnrolmentRequest { kem: other.secrets.kem.public(), ..request.clone() },
        EnrolmentRequest { sign: other.secrets.sign.public(), ..request.clone() },
        EnrolmentRequest { kem_restricted: Some(other.secrets.kem.public()), ..request.clone() },
        EnrolmentRequest { possession: doorstep_protocol::Signature::ZERO, ..request.clone() },
        EnrolmentRequest { seat: doorstep_protocol::SignPublic::ZERO, ..request.clone() },
    ];
    for forged in forgeries {
        assert_eq!(town.try_accept(&forged, NOW), Err(EnrolError::Forged), "{forged:?}");
    }
    assert_eq!(town.try_accept(&request, NOW), Ok(()));
}

#[test]
fn a_key_that_nothing_can_be_sealed_to_is_refused_before_anything_is_written() {
    use doorstep_protocol::authority::possession_message;
    let mut town = Town::new();
    let (device, request) = town.request(&InvitePlan::IN_PERSON);
    let mut one = KemPublic::ZERO;
    one.0[0] = 1;
    // 2^255 − 19 + 9: another form of a good point, which HPKE binds as it is.
    let mut second_form = KemPublic([0xff; 32]);
    (second_form.0[0], second_form.0[31]) = (0xf6, 0x7f);
    for (kem, kem_restricted) in
        [(KemPublic::ZERO, None), (one, None), (second_form, None), (request.kem, Some(KemPublic::ZERO))]
    {
        let mut weak = EnrolmentRequest { kem, kem_restricted, ..request.clone() };
        let message = possession_message(weak.partnership, &weak.sign, &kem, kem_restricted.as_ref());
        weak.possession = doorstep_crypto::keys::Sign::try_sign(
            &device.secrets.sign,
            doorstep_protocol::label::SIG_POSSESSION,
            &message,
        )
        .unwrap();
        let size = town.desk.authority().expect("a member").size();
        assert!(matches!(town.try_accept(&weak, NOW), Err(EnrolError::WeakKey(_))), "{kem} {kem_restricted:?}");
        assert_eq!(town.desk.authority().expect("a member").size(), size);
    }
    assert_eq!(town.try_accept(&request, NOW), Ok(()), "and the invitation is still there");
}

#[test]
fn a_lost_answer_of_the_server_is_found_in_the_log() {
    let mut town = Town::new();
    let (_, request) = town.request(&InvitePlan::IN_PERSON);
    let plan = town.plan();
    // The server took this one, and the desk never heard of it.
    let lost = town.accept_at(&request, &plan, NOW).expect("a request that holds");
    assert_eq!(accepted_before(&town.desk, &request).expect("it reads"), None);
    // The next sync brings it.
    take_written(&mut town.desk, &lost).expect("its own entries");
    let before = accepted_before(&town.desk, &request).expect("it reads").expect("it is in the log");
    assert_eq!((before.device, before.worker), (request.device(), plan.worker));
    let other_seat = EnrolmentRequest { seat: request.sign, ..request };
    assert_eq!(accepted_before(&town.desk, &other_seat).expect("it reads"), None, "that was another request");
}

#[test]
fn an_append_that_failed_can_be_written_again() {
    let mut town = Town::new();
    let (_, request) = town.request(&InvitePlan::IN_PERSON);
    let plan = town.plan();
    let failed = town.accept_at(&request, &plan, NOW).expect("a request that holds");
    assert_eq!(failed.base_size, town.desk.authority().expect("a member").size());
    assert_eq!(town.try_accept(&request, after(20)), Ok(()), "after the invitation's time: it came before");
    assert!(town.desk.authority().expect("a member").size() > LogSize(failed.base_size.0));
}

#[test]
fn how_long_and_how_many_is_limited() {
    let mut town = Town::new();
    let with = |way, valid_ms| InvitePlan { way, valid_ms: Some(valid_ms), ..InvitePlan::IN_PERSON };
    for (way, most) in [(Way::InPerson, IN_PERSON_MS_MAX), (Way::Remote, REMOTE_MS_MAX)] {
        for wrong in [0, VALID_MS_MIN - 1, most + 1, u64::MAX] {
            let refused = invite(&mut town.desk, &with(way, wrong), NOW, &mut town.rng).map(|_| ());
            assert!(matches!(refused, Err(AdminError::Enrol(EnrolError::Lifetime { .. }))), "{way:?} {wrong}");
        }
    }
    let made = town.invite(&with(Way::InPerson, IN_PERSON_MS_MAX)).invitation;
    assert_eq!(made.expires, Millis(NOW.0 + IN_PERSON_MS_MAX));
    assert_eq!(town.invite(&InvitePlan::IN_PERSON).invitation.expires, after(15));
    for _ in 2..WAITING_MAX {
        town.invite(&InvitePlan::IN_PERSON);
    }
    let refused = invite(&mut town.desk, &InvitePlan::IN_PERSON, NOW, &mut town.rng).map(|_| ());
    assert!(matches!(refused, Err(AdminError::Enrol(EnrolError::TooMany { limit: WAITING_MAX }))));
    // Those that expired make room.
    assert!(invite(&mut town.desk, &InvitePlan::IN_PERSON, after(16), &mut town.rng).is_ok());
}
