//! The system ends an app whenever it likes. A child of this test saves and syncs as fast as it can, says what it has saved, and is
//! killed in the middle; what it said is there when the device is opened again, and reaches the desk.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::sync::Arc;

use doorstep_mobile_ffi::{Doorstep, Severity, SyncEnd, VisitKind};

use crate::desk::{Town, caught_up, text};
use crate::home::{damp, uprn, visit};
use crate::pocket::Pocket;

/// Says in which process the device is used, and where it is.
const FOLDER: &str = "DOORSTEP_TEST_FOLDER";
/// How often it is killed, each time somewhere else.
const KILLS: usize = 3;

/// The child's part; in this test's own process it does nothing.
#[tokio::test(flavor = "multi_thread")]
async fn the_child_saves_and_syncs() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let folder = folder.into_string().unwrap();
    let tablet = Doorstep::open(folder, Arc::new(Pocket::default()), None).unwrap();
    let syncing = tablet.clone();
    tokio::spawn(async move {
        loop {
            let _goes_on = syncing.sync(None, None).await.is_ok();
        }
    });
    loop {
        let mut saved = visit(VisitKind::FollowUp, damp(Severity::Low));
        saved.found.clutter.clear();
        let row = tablet.visits().record(saved).unwrap().visit;
        println!("saved {}", row.hex);
        tokio::task::yield_now().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_app_that_is_killed_has_lost_nothing_that_it_saved() {
    let town = Town::new().await;
    let vault = Arc::new(Pocket::default());
    let tablet = town.tablet_with("tablet", 1, vault.clone(), None).await;
    tablet.shut_down().await.unwrap();
    drop(tablet);
    let mut said: Vec<String> = Vec::new();
    for kill in 0..KILLS {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "--nocapture", "killed::the_child_saves_and_syncs"])
            .env(FOLDER, town.at("tablet"))
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let in_use = std::cell::Cell::new(false);
        let saved = lines.map_while(Result::ok).filter_map(|line| line.split("saved ").nth(1).map(str::to_owned));
        for row in saved {
            if !in_use.replace(true) {
                // Another program has it: the error says so, and nothing is touched.
                let busy = Doorstep::open(text(&town.at("tablet")), vault.clone(), None);
                assert!(matches!(busy, Err(doorstep_mobile_ffi::DoorstepError::InUse { .. })));
            }
            said.push(row);
            if said.len() >= (kill + 1) * 7 + kill {
                break;
            }
        }
        child.kill().unwrap();
        child.wait().unwrap();
        assert!(said.len() >= (kill + 1) * 7, "the child saves");
    }
    let tablet = Doorstep::open(text(&town.at("tablet")), vault, None).unwrap();
    let record = tablet.properties().with_uprn(uprn()).unwrap().unwrap();
    let held: Vec<String> =
        tablet.properties().get(record).unwrap().visits.into_iter().map(|visit| visit.facts.row.hex).collect();
    for row in &said {
        assert!(held.contains(row), "{row} was saved");
    }
    caught_up(&tablet).await;
    let report = town.sync().await;
    assert_eq!(report.set_aside, 0, "{report:?}");
    assert_eq!(tablet.sync(None, None).await.unwrap().end, SyncEnd::CaughtUp);
    let at_desk = town.client.visits().list(500).unwrap();
    assert_eq!(at_desk.len(), held.len(), "the desk has every one");
}
