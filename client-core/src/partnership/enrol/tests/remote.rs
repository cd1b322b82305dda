//! From afar: six words hold both texts together.

use doorstep_protocol::Digest32;

use super::*;

const SEVEN_DAYS: u64 = 7 * 24 * 60;

#[test]
fn the_right_words_bring_a_device_in_within_seven_days() {
    let mut town = Town::new();
    let invited = town.invite(&InvitePlan::REMOTE);
    let words = invited.words.expect("it is remote").expose_text().to_uppercase().replace(' ', " - ");
    let mut device = town.device();
    let invitation = Invitation::from_text(&invited.invitation.to_text()).expect("as it was sent");
    let invitation = invitation.check(Some(&words), after(SEVEN_DAYS)).expect("the right words");
    let request = begin(&mut device, &invitation, &JOIN).expect("a new device");
    let request = EnrolmentRequest::from_text(&request.to_text()).expect("as it was sent");
    assert_eq!(town.try_accept(&request, after(SEVEN_DAYS)), Ok(()));
    // Once.
    let mut second = town.device();
    let again = begin(&mut second, &invitation, &JOIN).expect("a new device");
    assert_eq!(town.try_accept(&again, after(SEVEN_DAYS)), Err(EnrolError::Used));
}

#[test]
fn wrong_words_are_told_from_misheard_ones_and_from_none() {
    let mut town = Town::new();
    let invited = town.invite(&InvitePlan::REMOTE);
    let words = invited.words.expect("it is remote").expose_text().to_owned();
    let other = town.invite(&InvitePlan::REMOTE).words.expect("it is remote").expose_text().to_owned();
    let check = |words: Option<&str>| invited.invitation.clone().check(words, NOW).map(|_| ());
    assert_eq!(check(Some(&words)), Ok(()));
    assert_eq!(check(None), Err(EnrolError::WordsMissing));
    assert_eq!(check(Some(&other)), Err(EnrolError::OtherWords));
    let (first, rest) = words.split_once(' ').expect("six words");
    assert_eq!(check(Some(&format!("{rest} {first}"))), Err(EnrolError::OtherWords), "in another order");
    assert!(matches!(check(Some(rest)), Err(EnrolError::Words(_))), "one is missing");
    assert!(matches!(check(Some(&format!("zzz {rest}"))), Err(EnrolError::Words(_))), "one is none of the list");
    let in_person = town.invite(&InvitePlan::IN_PERSON).invitation;
    assert_eq!(in_person.check(Some(&words), NOW).map(|_| ()), Err(EnrolError::WordsNotNeeded));
}

#[test]
fn an_invitation_that_was_swapped_on_its_way_is_refused() {
    let mut town = Town::new();
    let invited = town.invite(&InvitePlan::REMOTE);
    let words = invited.words.expect("it is remote").expose_text().to_owned();
    let honest = invited.invitation;
    let mut elsewhere = Town::seeded(3);
    let forged = elsewhere.invite(&InvitePlan::REMOTE).invitation;
    let swapped = [
        forged.clone(),
        Invitation { mac: honest.mac, ..forged },
        Invitation { server_url: "http://127.0.0.1:2".into(), ..honest.clone() },
        Invitation { server_key: doorstep_protocol::SignPublic([1; 32]), ..honest.clone() },
        Invitation { expires: Millis(honest.expires.0 + 1), ..honest.clone() },
        Invitation { engagement: Engagement::Volunteer, ..honest.clone() },
    ];
    for swapped in swapped {
        assert_eq!(swapped.check(Some(&words), NOW).map(|_| ()), Err(EnrolError::OtherWords));
    }
    // Without its MAC it looks like one handed over in person; the device gives it no words then, and the desk refuses.
    let stripped = Invitation { mac: None, ..honest };
    assert_eq!(stripped.clone().check(Some(&words), NOW).map(|_| ()), Err(EnrolError::WordsNotNeeded));
    let mut device = town.device();
    let request = begin(&mut device, &stripped.check(None, NOW).expect("it looks like one"), &JOIN).expect("new");
    assert!(matches!(town.try_accept(&request, NOW), Err(EnrolError::RequestOtherWords { .. })));
}

#[test]
fn a_request_that_was_swapped_on_its_way_is_refused_and_five_void_the_invitation() {
    let mut town = Town::new();
    let (_, honest) = town.request(&InvitePlan::REMOTE);
    let mut thief = town.device();
    let foreign = town.invite(&InvitePlan::IN_PERSON).invitation.check(None, NOW).expect("a new one");
    let thief = begin(&mut thief, &foreign, &JOIN).expect("a new device");
    // The thief's own keys in the name of the invitation, without a MAC, and with the honest one's.
    let without = EnrolmentRequest { invite: honest.invite, ..thief.clone() };
    let with = EnrolmentRequest { mac: honest.mac, ..without.clone() };
    // The honest device under the thief's seat.
    let seat = EnrolmentRequest { seat: thief.seat, ..honest.clone() };
    let flipped =
        EnrolmentRequest { mac: honest.mac.map(|mac| Digest32(mac.0.map(|byte| byte ^ 1))), ..honest.clone() };
    for (forged, left) in [(&without, 4), (&with, 3), (&seat, 2), (&flipped, 1)] {
        assert_eq!(town.try_accept(forged, NOW), Err(EnrolError::RequestOtherWords { left }));
    }
    assert_eq!(
        issued(&town.desk, NOW).expect("it reads").iter().filter(|row| row.state == InviteState::Void).count(),
        0
    );
    assert_eq!(town.try_accept(&with, NOW), Err(EnrolError::RequestOtherWords { left: 0 }));
    for late in [&with, &honest] {
        assert_eq!(town.try_accept(late, NOW), Err(EnrolError::Void));
    }
    assert_eq!(
        issued(&town.desk, NOW).expect("it reads").iter().filter(|row| row.state == InviteState::Void).count(),
        1
    );
}

#[test]
fn wrong_requests_before_the_right_one_do_not_stop_it() {
    let mut town = Town::new();
    let (_, honest) = town.request(&InvitePlan::REMOTE);
    let forged = EnrolmentRequest { mac: None, ..honest.clone() };
    for _ in 0..WRONG_WORDS_MAX - 1 {
        assert!(matches!(town.try_accept(&forged, NOW), Err(EnrolError::RequestOtherWords { .. })));
    }
    assert_eq!(town.try_accept(&honest, NOW), Ok(()));
}

#[test]
fn a_request_in_person_carries_no_proof_of_words() {
    let mut town = Town::new();
    let (_, request) = town.request(&InvitePlan::IN_PERSON);
    let odd = EnrolmentRequest { mac: Some(Digest32::ZERO), ..request };
    assert_eq!(town.try_accept(&odd, NOW), Err(EnrolError::Forged));
}
