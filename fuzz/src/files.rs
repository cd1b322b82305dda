//! What people bring to a device in files, codes and on paper: photographs, packs, enrolment texts, recovery sheets; and what
//! envelopes hold beside changes.

use std::io::Cursor;
use std::sync::LazyLock;

use data_encoding::BASE32_NOPAD;
use doorstep_client_core::audit::AuditRecord;
use doorstep_client_core::audit::record::MacedRecord;
use doorstep_client_core::device::Device;
use doorstep_client_core::partnership::{
    self, EnrolmentRequest, Escrows, FoundingPlan, Invitation, InvitePlan, JoinPlan, OrganisationPlan, SeatRequest,
    Sheets,
};
use doorstep_client_core::photograph::{ORIGINAL_BYTES_MAX, ORIGINAL_SIDE_MAX, Picture};
use doorstep_client_core::records::packs::{self, shipped};
use doorstep_client_core::records::photograph::PhotographParts;
use doorstep_client_core::records::value::HiddenBytes;
use doorstep_client_core::store::Store;
use doorstep_client_core::vault::DeviceSecrets;
use doorstep_crypto::keys::SigningKey;
use doorstep_protocol::authority::{DeviceKind, OrganisationKind};
use doorstep_protocol::{Millis, hash};
use image::{ImageFormat, Rgb, RgbImage};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

use crate::patched;

const NOW: Millis = Millis(1_790_000_000_000);

/// A small picture in each kind of file that is taken.
static PICTURES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let image = RgbImage::from_fn(24, 16, |x, y| Rgb([x as u8 * 10, y as u8 * 15, 90]));
    let write = |format| {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).expect("memory takes every byte");
        bytes.into_inner()
    };
    [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP].map(write).to_vec()
});

/// Makes a picture of the input, or of a patched file. What is taken is within its limits, and is taken again.
pub fn picture(input: &[u8]) {
    let Some((which, rest)) = input.split_first() else { return };
    let bytes = match PICTURES.get(usize::from(which % 4)) {
        Some(file) => patched(file, rest),
        None => rest.to_vec(),
    };
    if let Ok(picture) = Picture::from_file(&bytes) {
        assert!(picture.original.len() <= ORIGINAL_BYTES_MAX);
        assert!(picture.width.max(picture.height) <= ORIGINAL_SIDE_MAX);
        let again = Picture::from_file(&picture.original).expect("a picture of our own making");
        assert_eq!((again.width, again.height), (picture.width, picture.height));
    }
}

/// Reads a pack: the input, or a shipped one with patches. What is taken is written and read the same.
pub fn pack(input: &[u8]) {
    let Some((which, rest)) = input.split_first() else { return };
    let all = shipped();
    let text = match all.get(usize::from(*which) % (all.len() + 1)) {
        Some((_, file)) => patched(file.as_bytes(), rest),
        None => rest.to_vec(),
    };
    let Ok(text) = String::from_utf8(text) else { return };
    if let Ok(pack) = packs::parse(&text) {
        let written = serde_json::to_string(&pack).expect("it was read from such a text");
        assert_eq!(packs::parse(&written).as_ref(), Ok(&pack));
    }
}

/// What a partnership hands out: an invitation, a request, and the sheets of its kit.
struct HandedOut {
    texts: Vec<String>,
    sheets: String,
}

static HANDED_OUT: LazyLock<HandedOut> = LazyLock::new(|| {
    let rng = &mut ChaCha20Rng::seed_from_u64(1);
    let plan = FoundingPlan {
        organisations: vec![OrganisationPlan { name: "Council".into(), kind: OrganisationKind::Council }],
        area: "Ward".into(),
        desk: "Desk".into(),
        worker: "Officer".into(),
    };
    let server_key = SigningKey::make(rng).public();
    let secrets = DeviceSecrets::make(rng);
    let founding = partnership::found(&plan, &secrets, server_key, NOW, rng).expect("a plan that holds");
    let mut desk = Device::open(Store::in_memory().expect("memory"), secrets, rng).expect("a new device");
    partnership::settle(&mut desk, founding.partnership, &founding.written, ("http://127.0.0.1:1", &server_key))
        .expect("its own log");
    let invitation = partnership::invite(&mut desk, &InvitePlan::IN_PERSON, NOW, rng).expect("a desk").invitation;
    let secrets = DeviceSecrets::make(rng);
    let mut tablet = Device::open(Store::in_memory().expect("memory"), secrets, rng).expect("a new device");
    let join = JoinPlan { kind: DeviceKind::Personal, kem_restricted: None };
    let checked = invitation.clone().check(None, NOW).expect("in time");
    let request = partnership::begin(&mut tablet, &checked, &join).expect("an invitation");
    let of_sheet = |sheet: &partnership::KitSheet| {
        let shares: Vec<&str> = sheet.escrow_shares.iter().map(|(_, share)| share.as_str()).collect();
        format!("Partnership {}\n{}\n{}\n", founding.partnership, sheet.root.as_str(), shares.join("\n"))
    };
    let sheets = founding.kit.sheets().iter().map(of_sheet).collect();
    HandedOut { texts: vec![invitation.to_text(), request.to_text()], sheets }
});

/// A text with these bytes in it, the letters that find a slip put right.
fn enrolment_text(prefix: &str, record: &[u8]) -> String {
    let check = hash::sha256(&[prefix.as_bytes(), record].concat()).0;
    format!("{prefix}{}", BASE32_NOPAD.encode(&[record, &check[..4]].concat()))
}

/// Reads the texts of enrolment: the input, a record in a sound text, or a patched record in one. What is read has one form.
pub fn enrol_text(input: &[u8]) {
    let Some((mode, rest)) = input.split_first() else { return };
    let prefixes = ["DOORSTEP-INVITE-1.", "DOORSTEP-REQUEST-1.", "DOORSTEP-SEAT-1."];
    let text = match mode % 6 {
        0 => String::from_utf8_lossy(rest).into_owned(),
        which @ 1..=3 => enrolment_text(prefixes[usize::from(which) - 1], rest),
        which => {
            let (prefix, text) = (prefixes[usize::from(which) - 4], &HANDED_OUT.texts[usize::from(which) - 4]);
            let bytes = BASE32_NOPAD.decode(text[prefix.len()..].as_bytes()).expect("our own text");
            enrolment_text(prefix, &patched(&bytes[..bytes.len() - 4], rest))
        }
    };
    if let Ok(invitation) = Invitation::from_text(&text) {
        assert_eq!(Invitation::from_text(&invitation.to_text()).as_ref(), Ok(&invitation));
        let _taken_or_not = invitation.check(None, NOW);
    }
    if let Ok(request) = EnrolmentRequest::from_text(&text) {
        assert_eq!(EnrolmentRequest::from_text(&request.to_text()).as_ref(), Ok(&request));
    }
    if let Ok(request) = SeatRequest::from_text(&text) {
        assert_eq!(SeatRequest::from_text(&request.to_text()).as_ref(), Ok(&request));
    }
}

/// Reads recovery sheets, the input or patched ones, and puts together what stands on them.
pub fn sheets(input: &[u8]) {
    let Some((mode, rest)) = input.split_first() else { return };
    let text = if mode.is_multiple_of(4) { rest.to_vec() } else { patched(HANDED_OUT.sheets.as_bytes(), rest) };
    let Ok(text) = String::from_utf8(text) else { return };
    if let Ok(sheets) = Sheets::read(&text) {
        let (_, shares) = sheets.into_parts();
        let _enough_or_not = Escrows::put_together(shares);
    }
}

/// Audit records, what their envelopes hold, and what a photograph's row says of its parts: each has one form.
pub fn sealed_record(input: &[u8]) {
    let Some((which, bytes)) = input.split_first() else { return };
    match which % 3 {
        0 => {
            if let Ok(record) = AuditRecord::from_bytes(bytes) {
                assert_eq!(record.to_bytes(), bytes);
            }
        }
        1 => {
            if let Ok(record) = MacedRecord::from_bytes(bytes) {
                assert_eq!(record.to_bytes(), bytes);
            }
        }
        _ => {
            if let Some(parts) = PhotographParts::parse(&HiddenBytes::new(bytes.to_vec())) {
                assert_eq!(parts.to_hidden().expose(), bytes);
            }
        }
    }
}
