//! The two texts there and back.

use doorstep_protocol::{Digest32, InviteId, KemPublic, LogHash, LogSize, PartnershipId, SignPublic, Signature, hash};
use proptest::prelude::*;

use super::*;

fn invitation() -> Invitation {
    Invitation {
        partnership: PartnershipId([1; 16]),
        server_url: "https://doorstep.hillford.example".into(),
        server_key: SignPublic([2; 32]),
        log_size: LogSize(40),
        log_head: LogHash([3; 32]),
        id: InviteId([4; 16]),
        expires: Millis(1_790_000_900_000),
        engagement: Engagement::Staff,
        mac: None,
    }
}

/// With every field that a request can have.
fn request() -> EnrolmentRequest {
    EnrolmentRequest {
        partnership: PartnershipId([1; 16]),
        invite: InviteId([4; 16]),
        kind: DeviceKind::Personal,
        sign: SignPublic([5; 32]),
        kem: KemPublic([6; 32]),
        kem_restricted: Some(KemPublic([7; 32])),
        seat: SignPublic([8; 32]),
        possession: Signature([9; 64]),
        mac: Some(Digest32([10; 32])),
    }
}

/// The example in docs/protocol.md: it is read for ever.
fn documented(name: &str) -> String {
    let document = include_str!("../../../../../docs/protocol.md");
    let (_, rest) = document.split_once(&format!("```text {name}\n")).expect("it has such an example");
    rest.split("```").next().unwrap_or_default().split_whitespace().collect()
}

#[test]
fn the_texts_are_the_ones_that_were_always_written() {
    assert_eq!(invitation().to_text(), documented("DOORSTEP-INVITE"));
    assert_eq!(Invitation::from_text(&documented("DOORSTEP-INVITE")), Ok(invitation()));
    let text = request().to_text();
    assert_eq!(text, documented("DOORSTEP-REQUEST"));
    assert_eq!(EnrolmentRequest::from_text(&text), Ok(request()));
    // What a code on a screen holds in half the room: see the desk.
    assert!(text.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-' || c == '.'));
    assert!(text.len() <= 470, "{} letters", text.len());
}

#[test]
fn a_text_survives_mail_and_small_letters() {
    let text = invitation().to_text().to_ascii_lowercase();
    let broken: Vec<String> = text.as_bytes().chunks(60).map(|line| String::from_utf8_lossy(line).into()).collect();
    assert_eq!(Invitation::from_text(&format!("  {}\r\n", broken.join("\r\n "))), Ok(invitation()));
}

#[test]
fn another_text_is_told_apart_from_a_damaged_one() {
    let expected = Text::Invitation;
    assert_eq!(Invitation::from_text("hello"), Err(EnrolError::NotReadable { expected }));
    assert_eq!(Invitation::from_text("https://example.org"), Err(EnrolError::NotReadable { expected }));
    assert_eq!(Invitation::from_text(&request().to_text()), Err(EnrolError::Other { expected, found: Text::Request }));
    assert_eq!(
        EnrolmentRequest::from_text(&invitation().to_text()),
        Err(EnrolError::Other { expected: Text::Request, found: Text::Invitation })
    );
    let text = invitation().to_text();
    for cut in ["DOORSTEP-INVITE-1.", &text[..text.len() - 1], &text[..text.len() / 2]] {
        assert_eq!(Invitation::from_text(cut), Err(EnrolError::Damaged { text: expected }), "{cut}");
    }
    let endless = format!("{text}{}", "A".repeat(10_000_000));
    assert_eq!(Invitation::from_text(&endless), Err(EnrolError::Damaged { text: expected }));
}

#[test]
fn a_record_that_is_whole_and_of_another_shape_is_no_invitation() {
    // As somebody makes it who knows how the four bytes come about.
    let record = doorstep_protocol::cbor::encode(&(1_u8, 2_u8));
    let check = hash::sha256(&[b"DOORSTEP-INVITE-1.", &record[..]].concat()).0;
    let text =
        format!("DOORSTEP-INVITE-1.{}", data_encoding::BASE32_NOPAD.encode(&[&record[..], &check[..4]].concat()));
    assert_eq!(Invitation::from_text(&text), Err(EnrolError::NotReadable { expected: Text::Invitation }));
}

proptest! {
    #[test]
    fn no_text_does_harm(text in "(DOORSTEP-(INVITE|REQUEST)-1[.])?[ -~\\pL\n]{0,300}", bytes in any::<Vec<u8>>()) {
        let record = data_encoding::BASE32_NOPAD.encode(&bytes);
        for text in [text, format!("DOORSTEP-INVITE-1.{record}"), format!("DOORSTEP-REQUEST-1.{record}")] {
            prop_assert!(Invitation::from_text(&text).is_err() && EnrolmentRequest::from_text(&text).is_err());
        }
    }

    #[test]
    fn every_wrong_letter_is_found(at in 0_usize..4_000, to in "[A-Z2-7]") {
        let text = request().to_text();
        let at = at % text.len();
        let wrong = format!("{}{to}{}", &text[..at], &text[at + 1..]);
        prop_assume!(wrong != text);
        prop_assert!(EnrolmentRequest::from_text(&wrong).is_err());
    }

    #[test]
    fn every_invitation_reads_back(url in "https?://[a-z.-]{1,200}", size in any::<u64>(), mac in any::<Option<[u8; 32]>>()) {
        let made = Invitation { server_url: url, log_size: LogSize(size), mac: mac.map(Digest32), ..invitation() };
        prop_assert_eq!(Invitation::from_text(&made.to_text()), Ok(made));
    }
}
