//! A device whose time is over, at a server that serves it no more.

use doorstep_client_core::replica::machine::Stop;
use doorstep_client_core::store::Store;
use doorstep_client_core::sync::End;
use doorstep_client_core::transport::Transport;
use doorstep_protocol::Millis;

use crate::harness::{NOW, World, append, notes, record, sync, syncer};
use crate::over_relay::OverRelay;

#[tokio::test]
async fn a_device_past_its_last_day_is_told_so_and_keeps_what_it_recorded() {
    let relay = OverRelay::new(1);
    let mut world = World::found(40, "http://127.0.0.1:1", relay.key());
    assert_eq!(sync(&mut syncer(&world.desk.device, relay.clone())).await.end, End::CaughtUp);
    let (tablet, written) =
        world.invite_until(Store::in_memory().unwrap(), Millis(NOW.0 - 10), Some(Millis(NOW.0 - 1)));
    relay.append_log(&append(world.partnership(), &written)).await.unwrap();
    let entries = [&world.founding.written.entries[..], &written.entries[..]].concat();
    tablet.device.lock().unwrap().take_log(&entries, &[]).unwrap();
    let place = record(&tablet.device, 7, "begun at the door");
    let report = sync(&mut syncer(&tablet.device, relay.clone())).await;
    assert_eq!(report.end, End::Stopped { stop: Stop::Refused }, "{report:?}");
    assert!(
        report.message.as_deref().is_some_and(|words| words.contains("time has ended") && words.contains("is kept")),
        "{report:?}"
    );
    assert_eq!(notes(&tablet.device, place), ["begun at the door"]);
    assert!(tablet.device.lock().unwrap().owed().unwrap().unsealed_changes > 0, "and it can be carried to a desk");
}
