//! A tablet that was lost, and is switched on again: what it had not sent reaches the desk, and it wipes itself, whatever
//! happens in between.

use doorstep_client_core::farewell::{self, FarewellError, Mark, Step};
use doorstep_client_core::partnership;
use doorstep_client_core::store::{DatabaseKey, Fault, Store};
use doorstep_client_core::sync::{End, OfficeError};
use doorstep_client_core::transport::{Refused, Transport};
use doorstep_client_core::vault::{KeyVault, MemoryVault, VaultError};
use doorstep_protocol::authority::{Adopt, RevokeReason};
use doorstep_protocol::envelope::Envelope;
use doorstep_protocol::wire::{InboxWhat, SignedWipeReceipt};
use doorstep_protocol::{DeviceId, SignPublic};
use tempfile::TempDir;
use tokio_util::sync::CancellationToken;

use crate::harness::{Kept, NOW, World, notes, record, sync, syncer};
use crate::over_relay::OverRelay;

/// A tablet in a folder, lost with work that it had not sent, and revoked by the desk.
struct Lost {
    relay: OverRelay,
    world: World,
    tablet: Kept,
    folder: TempDir,
    vault: MemoryVault,
    id: DeviceId,
    sign: SignPublic,
}

const WORK: &str = "seen before it was lost, and not sent";

async fn lost(seed: u64) -> Lost {
    let relay = OverRelay::new(1);
    let mut world = World::found(seed, "http://127.0.0.1:1", relay.key());
    let mut desk = syncer(&world.desk.device, relay.clone());
    assert_eq!(sync(&mut desk).await.end, End::CaughtUp);
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(&folder.path().join("ops.db"), &DatabaseKey::from_bytes([7; 32])).unwrap();
    let tablet = world.enrol(&relay, store).await;
    let mut way = syncer(&tablet.device, relay.clone());
    assert_eq!(sync(&mut way).await.end, End::CaughtUp);
    record(&tablet.device, 30, "seen and sent");
    assert_eq!(sync(&mut way).await.end, End::CaughtUp);
    record(&tablet.device, 31, WORK);
    let vault = MemoryVault::default();
    vault.keep(&tablet.secrets).unwrap();
    let (id, sign) = (tablet.secrets.device(), tablet.secrets.sign.public());
    let rotated = desk.revoke(id, RevokeReason::Lost, &CancellationToken::new()).await.unwrap();
    assert!(rotated.owed.is_empty() && rotated.alarms.is_empty(), "{rotated:?}");
    Lost { relay, world, tablet, folder, vault, id, sign }
}

async fn finish(lost: &Lost, mark: &Mark, hook: farewell::StepHook<'_>) -> Result<(), FarewellError> {
    let folder = lost.folder.path();
    farewell::wipe(folder, &lost.vault, hook)?;
    farewell::finish((folder, &lost.vault), &lost.relay, mark, NOW, hook).await
}

/// What is at the server for the desk: envelopes, and receipts that hold.
async fn inbox(lost: &Lost) -> (Vec<Vec<u8>>, usize, Vec<doorstep_protocol::InboxNumber>) {
    let mut desk = syncer(&lost.world.desk.device, lost.relay.clone());
    let items = desk.inbox(&CancellationToken::new()).await.unwrap();
    let numbers = items.iter().map(|item| item.number).collect();
    let receipts = items.iter().filter(|item| item.what == InboxWhat::WipeReceipt);
    let holds = |bytes: &[u8]| {
        let signed: SignedWipeReceipt = doorstep_protocol::cbor::decode("receipt", bytes, 512).unwrap();
        signed.verify(&lost.sign).unwrap().device == lost.id
    };
    let receipts = receipts.filter(|item| holds(&item.bytes.0)).count();
    let envelopes = items.into_iter().filter(|item| item.what == InboxWhat::Envelope).map(|item| item.bytes.0);
    (envelopes.collect(), receipts, numbers)
}

#[tokio::test]
async fn lesson_20_what_a_lost_tablet_had_not_sent_reaches_the_desk_and_is_taken_in() {
    let lost = lost(80).await;
    let mut way = syncer(&lost.tablet.device, lost.relay.clone());
    let report = sync(&mut way).await;
    assert_eq!(report.denied, Some(Refused::Revoked), "{report:?}");
    let mark = way.take_leave().await.unwrap();
    assert!(mark.handed_over >= 1 && mark.unsent == 0, "{mark:?}");
    farewell::begin(lost.folder.path(), &mark, farewell::NO_HOOK).unwrap();
    finish(&lost, &mark, farewell::NO_HOOK).await.unwrap();
    let left: Vec<_> = std::fs::read_dir(lost.folder.path()).unwrap().flatten().map(|e| e.file_name()).collect();
    assert!(left.is_empty(), "{left:?}");
    assert_eq!(lost.vault.open().err(), Some(VaultError::Empty));

    let (envelopes, receipts, numbers) = inbox(&lost).await;
    assert_eq!(receipts, 1);
    let home = record(&lost.world.desk.device, 32, "seen by the desk");
    assert!(!notes(&lost.world.desk.device, home).contains(&WORK.to_owned()), "not before somebody takes it in");
    let mut adopts: Vec<Adopt> = Vec::new();
    for bytes in &envelopes {
        let envelope = Envelope::parse(bytes.clone()).unwrap();
        let (zone, author) = (envelope.header().zone, envelope.header().author);
        adopts.push(Adopt { zone, author, envelopes: vec![envelope.id()] });
    }
    let mut desk = syncer(&lost.world.desk.device, lost.relay.clone());
    let cancel = CancellationToken::new();
    desk.append(&cancel, move |d, now, _| Ok((partnership::adopt(d, &adopts, now)?, ()))).await.unwrap();
    lost.world.desk.device.lock().unwrap().ingest_carried(envelopes, NOW).unwrap();
    assert_eq!(sync(&mut desk).await.end, End::CaughtUp);
    desk.clear_inbox(numbers, &cancel).await.unwrap();
    assert!(notes(&lost.world.desk.device, home).contains(&WORK.to_owned()), "it counts now");
    assert!(inbox(&lost).await.2.is_empty());
}

#[tokio::test]
async fn a_wipe_that_is_interrupted_anywhere_is_taken_up_and_the_receipt_arrives() {
    for stop in [Step::Marked, Step::KeysGone, Step::StoreGone, Step::ReceiptSent, Step::SigningKeyGone] {
        let lost = lost(81).await;
        let mut way = syncer(&lost.tablet.device, lost.relay.clone());
        let mark = way.take_leave().await.unwrap();
        let hook = move |step: Step| if step == stop { Fault::Fail } else { Fault::None };
        let begun = farewell::begin(lost.folder.path(), &mark, &hook);
        if begun.is_ok() {
            assert!(finish(&lost, &mark, &hook).await.is_err(), "{stop:?}");
        }
        // The program starts again, and finds what it has to do in its folder.
        let mark = farewell::mark(lost.folder.path()).unwrap().expect("the mark is there until all is done");
        finish(&lost, &mark, farewell::NO_HOOK).await.unwrap();
        assert_eq!(farewell::mark(lost.folder.path()).unwrap(), None, "{stop:?}");
        assert_eq!(lost.vault.open().err(), Some(VaultError::Empty), "{stop:?}");
        assert!(!lost.folder.path().join("ops.db").exists(), "{stop:?}");
        assert!(inbox(&lost).await.1 >= 1, "{stop:?}: the receipt is with the server");
    }
}

#[tokio::test]
async fn a_server_alone_wipes_nobody() {
    let relay = OverRelay::new(1);
    let mut world = World::found(82, "http://127.0.0.1:1", relay.key());
    assert_eq!(sync(&mut syncer(&world.desk.device, relay.clone())).await.end, End::CaughtUp);
    let tablet = world.enrol(&relay, Store::in_memory().unwrap()).await;
    let mut way = syncer(&tablet.device, relay.clone());
    assert_eq!(sync(&mut way).await.end, End::CaughtUp);
    relay.inject(&[crate::over_relay::Inject::Revoked]);
    assert_eq!(sync(&mut way).await.denied, Some(Refused::Revoked), "the server says so");
    assert!(way.take_leave().await.is_err(), "and the log does not");
    assert_eq!(sync(&mut way).await.end, End::CaughtUp, "it goes on");
}

#[tokio::test]
async fn a_revoked_device_cannot_ask_what_a_desk_asks() {
    let lost = lost(83).await;
    let mut way = syncer(&lost.tablet.device, lost.relay.clone());
    let asked = way.tails(lost.id, &CancellationToken::new()).await;
    assert!(matches!(asked, Err(OfficeError::NotInSync(_))), "{asked:?}");
    let _carried = lost.relay.traffic();
}
