//! Devices without a server: what one seals, another opens, by hand.

use doorstep_client_core::device::{Device, RecordId};
use doorstep_client_core::partnership::{
    self, AcceptPlan, Engagement, FoundingPlan, InvitePlan, JoinPlan, OrganisationPlan,
};
use doorstep_client_core::records::home::{Hazard, Severity};
use doorstep_client_core::records::identity::Person;
use doorstep_client_core::records::index::Property;
use doorstep_client_core::records::{Reading, Uprn, hazard_codes::Scheme};
use doorstep_client_core::store::{DatabaseKey, Store, envelopes, lists, log, pending};
use doorstep_client_core::vault::DeviceSecrets;
use doorstep_crypto::keys::SigningKey;
use doorstep_protocol::authority::{DeviceKind, OrganisationKind, TeamTier};
use doorstep_protocol::{Class, Millis, WorkerId, ZoneId};
use rand_chacha::ChaCha20Rng;
use rand_core::SeedableRng;

const NOW: Millis = Millis(1_790_000_000_000);

fn device(rng: &mut ChaCha20Rng) -> (Device, DeviceSecrets) {
    let secrets = DeviceSecrets::make(rng);
    let again = DeviceSecrets::from_bytes(&secrets.expose_bytes()).unwrap();
    (Device::open(Store::in_memory().unwrap(), secrets, rng).unwrap(), again)
}

/// A desk that founded a partnership, and one tablet in every team.
fn desk_and_tablet(rng: &mut ChaCha20Rng) -> (Device, Device) {
    let ((mut desk, secrets), (mut tablet, _)) = (device(rng), device(rng));
    let plan = FoundingPlan {
        organisations: vec![
            OrganisationPlan { name: "Council".into(), kind: OrganisationKind::Council },
            OrganisationPlan { name: "Fire".into(), kind: OrganisationKind::Fire },
        ],
        area: "Ward".into(),
        desk: "Desk".into(),
        worker: "Officer".into(),
    };
    let server_key = SigningKey::make(rng).public();
    let founding = partnership::found(&plan, &secrets, server_key, NOW, rng).unwrap();
    partnership::settle(&mut desk, founding.partnership, &founding.written, ("http://127.0.0.1:1", &server_key))
        .unwrap();
    enrol(&mut desk, &mut tablet, rng);
    (desk, tablet)
}

/// Brings a device in by two texts, and hands it the whole log.
fn enrol(desk: &mut Device, device: &mut Device, rng: &mut ChaCha20Rng) {
    let invited = partnership::invite(desk, &InvitePlan::IN_PERSON, NOW, rng).unwrap();
    let invitation = partnership::Invitation::from_text(&invited.invitation.to_text()).unwrap();
    let join = JoinPlan { kind: DeviceKind::Personal, kem_restricted: None };
    let request = partnership::begin(device, &invitation.check(None, NOW).unwrap(), &join).unwrap();
    let request = partnership::EnrolmentRequest::from_text(&request.to_text()).unwrap();
    let organisation = *desk.authority().unwrap().organisations().keys().next().unwrap();
    let teams = desk
        .authority()
        .unwrap()
        .teams()
        .iter()
        .filter(|(_, team)| team.tier == TeamTier::Ops)
        .map(|(id, _)| *id)
        .collect();
    let accept =
        AcceptPlan { organisation, teams, worker: WorkerId([9; 16]), engagement: Engagement::Staff, not_after: None };
    let written = partnership::accept(desk, &request, &accept, NOW, rng).unwrap();
    partnership::take_written(desk, &written).unwrap();
    let all = log::entries(desk.store().reader()).unwrap();
    device.take_log(&all, &[]).unwrap();
}

fn everything(device: &mut Device, rng: &mut ChaCha20Rng) -> Vec<Vec<u8>> {
    while device.seal_pending(NOW, rng).unwrap() > 0 {}
    envelopes::page_after(device.store().reader(), 0, 10_000).unwrap().into_iter().map(|kept| kept.bytes).collect()
}

fn record_hazard(device: &mut Device, rng: &mut ChaCha20Rng, uprn: &Uprn, note: &str) -> RecordId {
    device
        .write(NOW, rng, |draft| {
            let record = draft.record_of_uprn(uprn)?;
            let property =
                Property { uprn: Some(uprn.clone()), line: Some("1 High Street".into()), ..Property::default() };
            draft.edit(record, Class::Index, |edit| edit.put(&property))?;
            let row = draft.row_id();
            let hazard = Hazard {
                scheme: Some(Scheme::Hhsrs2026),
                code: Some("1".into()),
                severity: Some(Severity::High),
                note: Some(note.into()),
                ..Hazard::default()
            };
            draft.edit(record, Class::Home, |edit| edit.create(row, &hazard))?;
            Ok(record)
        })
        .unwrap()
}

fn notes(device: &mut Device, record: RecordId) -> Vec<String> {
    let home = device.document_of(record, Class::Home).unwrap().unwrap();
    let view = device.view(home).unwrap().unwrap();
    let mut notes: Vec<String> =
        view.rows::<Hazard>(Reading::Shown).into_iter().filter_map(|seen| seen.value.note).collect();
    notes.sort();
    notes
}

#[test]
fn two_devices_that_open_one_uprn_offline_show_the_same_home() {
    let rng = &mut ChaCha20Rng::seed_from_u64(1);
    let (mut desk, mut tablet) = desk_and_tablet(rng);
    let uprn: Uprn = "100023336956".parse().unwrap();
    let at_desk = record_hazard(&mut desk, rng, &uprn, "seen by the desk");
    let at_tablet = record_hazard(&mut tablet, rng, &uprn, "seen by the tablet");
    assert_eq!(at_desk, at_tablet, "one UPRN is one record");
    let (from_desk, from_tablet) = (everything(&mut desk, rng), everything(&mut tablet, rng));
    let came = tablet.ingest_carried(from_desk, NOW).unwrap();
    assert!(came.applied >= 2 && came.set_aside == 0 && came.waiting == 0, "{came:?}");
    desk.ingest_carried(from_tablet, NOW).unwrap();
    let expected = ["seen by the desk", "seen by the tablet"];
    assert_eq!(notes(&mut desk, at_desk), expected);
    assert_eq!(notes(&mut tablet, at_tablet), expected);
    for device in [&mut desk, &mut tablet] {
        let report = device.verify().unwrap();
        assert_eq!(report.faults, Vec::<String>::new());
        let rebuilt = device.rebuild(NOW).unwrap();
        assert!(rebuilt.differing.is_empty(), "{rebuilt:?}");
        assert_eq!(notes(device, at_desk), expected);
    }
}

#[test]
fn work_for_a_zone_without_a_key_stays_and_holds_nothing_else_up() {
    let rng = &mut ChaCha20Rng::seed_from_u64(2);
    let (mut desk, mut tablet) = desk_and_tablet(rng);
    let uprn: Uprn = "100023336956".parse().unwrap();
    record_hazard(&mut tablet, rng, &uprn, "made under a grant that has ended");
    // The tablet's unsealed work, put under a zone that nobody has a key of.
    let mut orphan = pending::oldest(tablet.store().reader(), 1).unwrap().remove(0);
    orphan.zone = ZoneId([0xee; 16]);
    let folder = tempfile::tempdir().unwrap();
    let key = DatabaseKey::from_bytes([7; 32]);
    let mut store = Store::open(&folder.path().join("ops.db"), &key).unwrap();
    store.write(|transaction| pending::add(transaction, &orphan)).unwrap();
    let secrets = DeviceSecrets::make(rng);
    let mut other = Device::open(store, secrets, rng).unwrap();
    enrol(&mut desk, &mut other, rng);
    record_hazard(&mut other, rng, &uprn, "sealed all the same");
    while other.seal_pending(NOW, rng).unwrap() > 0 {}
    assert_eq!(other.standing().unwrap().unsealed_changes, 1, "the orphan stays, and only it");
    assert!(other.standing().unwrap().outbox.to_send > 0);
}

#[test]
fn a_person_is_found_by_the_name_before_and_by_every_part_of_the_name() {
    let mut rng = ChaCha20Rng::seed_from_u64(21);
    let (mut desk, _) = desk_and_tablet(&mut rng);
    let named = |preferred: &str, surname: &str| Person {
        preferred_name: Some(preferred.into()),
        forename: Some("Margaret".into()),
        surname: Some(surname.into()),
        ..Person::default()
    };
    let record = desk
        .write(NOW, &mut rng, |draft| {
            let record = draft.new_record();
            draft.edit(record, Class::Identity, |edit| edit.put(&named("Peggy", "Ashdown")))?;
            Ok(record)
        })
        .unwrap();
    desk.write(NOW, &mut rng, |draft| {
        draft.edit(record, Class::Identity, |edit| edit.put(&named("Peggy Birch", "Birch"))).map(drop)
    })
    .unwrap();
    let found = |desk: &Device, text: &str| lists::find_people(desk.store().reader(), text, 5).unwrap();
    for text in ["peggy", "marg", "birch", "ASHD", "margaret ashdown"] {
        let rows = found(&desk, text);
        assert_eq!(rows.len(), 1, "{text}");
        assert_eq!((rows[0].record, rows[0].name.as_str()), (record.0, "Peggy Birch"), "{text}");
    }
    assert!(found(&desk, "coombe").is_empty());
    desk.rebuild(NOW).unwrap();
    assert_eq!(found(&desk, "ashdown").len(), 1, "a rebuild finds it too");
}

#[test]
fn changes_beside_a_kept_document_are_read_folded_and_sealed() {
    let rng = &mut ChaCha20Rng::seed_from_u64(3);
    let (mut desk, _tablet) = desk_and_tablet(rng);
    let uprn: Uprn = "100023336956".parse().unwrap();
    let unfolded = |device: &Device, home| pending::unfolded(device.store().reader(), home).unwrap().len();
    let (mut expected, mut most) = (Vec::new(), 0);
    for number in 0..40 {
        let note = format!("note {number:02}");
        let record = record_hazard(&mut desk, rng, &uprn, &note);
        expected.push(note);
        let home = desk.document_of(record, Class::Home).unwrap().unwrap();
        most = most.max(unfolded(&desk, home));
        // From disk, not from memory.
        desk.reload().unwrap();
        assert_eq!(notes(&mut desk, record), expected);
    }
    let record = desk.record_of_uprn(&uprn).unwrap();
    let home = desk.document_of(record, Class::Home).unwrap().unwrap();
    assert!(most > 4 && most <= 16, "a save leaves the kept document as it is, for a while: {most}");
    assert!(unfolded(&desk, home) > 0);
    assert_eq!(desk.verify().unwrap().faults, Vec::<String>::new());
    while desk.seal_pending(NOW, rng).unwrap() > 0 {}
    assert_eq!(pending::count(desk.store().reader()).unwrap(), 0);
    desk.reload().unwrap();
    assert_eq!(notes(&mut desk, record), expected, "what was sealed is in the kept document");
    record_hazard(&mut desk, rng, &uprn, "note 99");
    expected.push("note 99".to_owned());
    assert_eq!(desk.verify().unwrap().faults, Vec::<String>::new());
    let rebuilt = desk.rebuild(NOW).unwrap();
    assert!(rebuilt.differing.is_empty() && rebuilt.unsealed_changes > 0, "{rebuilt:?}");
    assert_eq!(notes(&mut desk, record), expected);
    assert_eq!(desk.verify().unwrap().faults, Vec::<String>::new());
}
