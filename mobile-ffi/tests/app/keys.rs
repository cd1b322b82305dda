//! Keys in an app's keystore: a prompt that is refused, turned away or slow, a key that is lost, a key that signs in the hardware.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use doorstep_mobile_ffi::{Doorstep, DoorstepError, KeysWhy, SyncEnd, VaultFailure, software_vault};

use crate::desk::{Town, caught_up, text};
use crate::home::{damp, uprn, visit};
use crate::pocket::{Hardware, Pocket};

const PIN: &str = "841973";

fn why(error: &DoorstepError) -> KeysWhy {
    match error {
        DoorstepError::Keys { why, .. } => *why,
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_prompt_that_is_refused_makes_nothing_and_can_be_tried_again() {
    let folder = tempfile::tempdir().unwrap();
    let path = text(&folder.path().join("tablet"));
    let vault = Arc::new(Pocket::default());
    for (failure, expected) in [
        (VaultFailure::Refused, KeysWhy::Refused),
        (VaultFailure::Cancelled, KeysWhy::Cancelled),
        (VaultFailure::TimedOut, KeysWhy::TimedOut),
        (VaultFailure::Lost, KeysWhy::Lost),
        (VaultFailure::Unavailable, KeysWhy::Unavailable),
    ] {
        vault.person(move || Err(failure));
        let refused = Doorstep::create(path.clone(), vault.clone(), None).err().unwrap();
        assert_eq!(why(&refused), expected);
        assert!(!folder.path().join("tablet/keys.wrapped").exists(), "no keys were made");
        assert!(!folder.path().join("tablet/ops.db").exists(), "no store was made");
    }
    vault.person(|| Ok(()));
    let made = Doorstep::create(path.clone(), vault.clone(), None).unwrap();
    let id = made.id().unwrap();
    drop(made);

    vault.person(|| Err(VaultFailure::Cancelled));
    let refused = Doorstep::open(path.clone(), vault.clone(), None).err().unwrap();
    assert_eq!(why(&refused), KeysWhy::Cancelled);
    assert!(!refused.to_string().is_empty());
    vault.person(|| Ok(()));
    assert_eq!(Doorstep::open(path, vault, None).unwrap().id().unwrap(), id, "it is as it was");
}

#[test]
fn a_vault_that_gives_another_key_opens_nothing_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let path = text(&folder.path().join("tablet"));
    let vault = Arc::new(Pocket::default());
    drop(Doorstep::create(path.clone(), vault.clone(), None).unwrap());
    let before = std::fs::read(folder.path().join("tablet/keys.wrapped")).unwrap();
    let refused = Doorstep::open(path.clone(), Arc::new(Pocket::with_mask(0x11)), None).err().unwrap();
    assert_eq!(why(&refused), KeysWhy::Refused);
    assert_eq!(std::fs::read(folder.path().join("tablet/keys.wrapped")).unwrap(), before);
    Doorstep::open(path, vault, None).unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_prompt_holds_up_nobody_else() {
    let town = Town::new().await;
    let vault = Arc::new(Pocket::default());
    let tablet = town.tablet_with("slow", 1, vault.clone(), None).await;
    tablet
        .visits()
        .record(visit(doorstep_mobile_ffi::VisitKind::FollowUp, damp(doorstep_mobile_ffi::Severity::Low)))
        .unwrap();

    // The first PIN takes a key out of the vault. The vault knows its key by now: nobody is asked.
    let asked_before = vault.calls.lock().unwrap().len();
    tablet.seats().set_pin(PIN.into()).unwrap();
    assert_eq!(vault.calls.lock().unwrap().len(), asked_before, "no prompt for what the person has let already");
    tablet.shut_down().await.unwrap();
    drop(tablet);

    // A second opening waits in its prompt. Meanwhile the other device of this program works.
    let other = town.tablet("other", 2).await;
    let (entered, waits) = mpsc::channel();
    let (answer, answered) = mpsc::channel::<()>();
    let answered = std::sync::Mutex::new(answered);
    vault.person(move || {
        entered.send(()).unwrap();
        answered.lock().unwrap().recv().map_err(|_| VaultFailure::TimedOut)
    });
    let (path, asked) = (text(&town.at("slow")), vault.clone());
    let opening = std::thread::spawn(move || Doorstep::open(path, asked, None));
    waits.recv_timeout(Duration::from_secs(60)).unwrap();
    caught_up(&other).await;
    assert!(other.properties().find("999900000104", 5).is_ok());
    let twice = Doorstep::open(text(&town.at("slow")), Arc::new(Pocket::default()), None);
    assert!(matches!(twice, Err(DoorstepError::InUse { .. })), "it is being opened");
    answer.send(()).unwrap();
    let opened = opening.join().unwrap().unwrap();
    assert!(opened.properties().with_uprn(uprn()).unwrap().is_some());
}

#[tokio::test]
async fn a_key_of_the_hardware_signs_for_the_device_and_saving_goes_on_while_it_does_not() {
    let town = Town::new().await;
    let vault = Arc::new(Hardware::default());
    let tablet = town.tablet_with("hardware", 1, vault.clone(), None).await;
    let recorded = tablet
        .visits()
        .record(visit(doorstep_mobile_ffi::VisitKind::FollowUp, damp(doorstep_mobile_ffi::Severity::High)))
        .unwrap();
    assert!(vault.signed() > 0, "the hardware signed the requests of the first catch-up");

    vault.says_no(true);
    let report = tablet.sync(None, None).await.unwrap();
    assert!(matches!(report.end, SyncEnd::Waiting { .. }), "{report:?}");
    tablet
        .visits()
        .record(visit(doorstep_mobile_ffi::VisitKind::FollowUp, damp(doorstep_mobile_ffi::Severity::Low)))
        .unwrap();
    assert_eq!(tablet.properties().get(recorded.record.clone()).unwrap().visits.len(), 2);

    vault.says_no(false);
    caught_up(&tablet).await;
    assert_eq!(tablet.status().unwrap().to_send, 0);
    let id = tablet.id().unwrap();
    tablet.shut_down().await.unwrap();
    drop(tablet);
    let opened = Doorstep::open(text(&town.at("hardware")), vault, None).unwrap();
    assert_eq!(opened.id().unwrap(), id);
    caught_up(&opened).await;
    // The desk reads what the hardware signed.
    town.sync().await;
    let page = town.client.properties().resolve(crate::home::UPRN).unwrap();
    let page = town.client.properties().get(page, doorstep_client_core::records::Reading::Shown).unwrap();
    assert_eq!(page.view.visits.len(), 2);
}

#[test]
fn a_vault_under_a_passphrase_serves_tests_and_desks() {
    let folder = tempfile::tempdir().unwrap();
    let path = text(&folder.path().join("tablet"));
    let missing = Doorstep::open(path.clone(), software_vault("correct horse".into()), None);
    assert!(matches!(missing, Err(DoorstepError::NotHere { .. })));
    let made = Doorstep::create(path.clone(), software_vault("correct horse".into()), None).unwrap();
    let id = made.id().unwrap();
    drop(made);
    let twice = Doorstep::create(path.clone(), software_vault("correct horse".into()), None);
    assert!(matches!(twice, Err(DoorstepError::Misfit { .. })));
    let wrong = Doorstep::open(path.clone(), software_vault("battery staple".into()), None).err().unwrap();
    assert_eq!(why(&wrong), KeysWhy::Refused);
    assert!(!format!("{wrong} {wrong:?}").contains("staple"));
    assert_eq!(Doorstep::open(path, software_vault("correct horse".into()), None).unwrap().id().unwrap(), id);
}
