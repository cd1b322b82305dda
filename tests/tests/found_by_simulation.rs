//! What the simulator found, each cut down to the least that shows it.

use std::collections::BTreeSet;

use doorstep_client_core::records::index::Property;
use doorstep_client_core::records::{Class, Uprn, home};
use doorstep_client_core::replica::machine::Phase;
use doorstep_client_core::store::documents;
use doorstep_client_core::store::envelopes::{self, Standing};
use doorstep_protocol::EnvelopeId;
use doorstep_server::Store as _;
use doorstep_tests::sim::blow::{Blow, Harm, Side};
use doorstep_tests::sim::office;
use doorstep_tests::sim::plan::Decision;
use doorstep_tests::sim::run::run;
use doorstep_tests::sim::station::Station;
use doorstep_tests::sim::tablet::Tablet;
use doorstep_tests::sim::trace::Telling;
use doorstep_tests::town::{NOON, Town};
use doorstep_tests::wire::{on, sync};

fn visit(tablet: &mut Tablet) {
    let (device, chance) = tablet.device_and_chance().expect("it is on");
    let uprn: Uprn = "100023336956".parse().expect("digits");
    device
        .write(NOON, chance.rng(), |draft| {
            let record = draft.record_of_uprn(&uprn)?;
            let property =
                Property { uprn: Some(uprn.clone()), line: Some("1 High Street".into()), ..Property::default() };
            draft.edit(record, Class::Index, |edit| edit.put(&property))?;
            let row = draft.row_id();
            let visit = home::Visit { started_at: Some(NOON), ..home::Visit::default() };
            draft.edit(record, Class::Home, |edit| edit.create(row, &visit))
        })
        .expect("saved");
}

/// Seals what is pending and hands out all that the tablet has, in order of arrival.
fn carrier_file(tablet: &mut Tablet) -> Vec<Vec<u8>> {
    let (device, chance) = tablet.device_and_chance().expect("it is on");
    device.seal_pending(NOON, chance.rng()).expect("sealed");
    let kept = envelopes::page_after(device.store().reader(), 0, usize::MAX).expect("its own store");
    kept.into_iter().map(|kept| kept.bytes).collect()
}

fn enrolled(seed: u64, count: usize) -> (Vec<Tablet>, Station) {
    let mut station = Station::new(seed);
    let mut tablets: Vec<Tablet> = (0..count).map(|number| Tablet::new(seed, number)).collect();
    for tablet in &mut tablets {
        sync(tablet, &mut station, NOON);
    }
    (tablets, station)
}

fn stored(station: &mut Station) -> u64 {
    station.look(|store| {
        let heads = store.heads(Town::get().partnership, &Town::get().zones).expect("the store answers");
        heads.values().map(|head| head.number.0).sum()
    })
}

#[test]
fn a_commit_that_fails_after_the_fact_seals_nothing_twice() {
    let (mut tablets, mut station) = enrolled(1, 2);
    visit(&mut tablets[1]);
    tablets[1].fist().arm(Blow { spares: 0, side: Side::After, harm: Harm::Fails });
    {
        let (device, chance) = tablets[1].device_and_chance().expect("it is on");
        assert!(device.seal_pending(NOON, chance.rng()).is_err(), "the disk says it failed");
    }
    visit(&mut tablets[1]);
    sync(&mut tablets[1], &mut station, NOON);
    sync(&mut tablets[0], &mut station, NOON);
    assert_eq!(on(&mut tablets[1]).verify().expect("it reads").faults, Vec::<String>::new());
    assert_eq!(tablets[1].phase(), Phase::Resting, "it is not its own clone");
    assert_eq!(held(&mut tablets[0]), held(&mut tablets[1]), "what was sealed before and after has arrived");
}

fn held(tablet: &mut Tablet) -> BTreeSet<EnvelopeId> {
    let kept = envelopes::page_after(on(tablet).store().reader(), 0, usize::MAX).expect("its own store");
    kept.into_iter().filter(|kept| kept.standing == Standing::Applied).map(|kept| kept.id).collect()
}

#[test]
fn a_rebuild_waits_for_what_came_out_of_order() {
    let (mut tablets, _) = enrolled(2, 3);
    visit(&mut tablets[0]);
    let first = carrier_file(&mut tablets[0]);
    on(&mut tablets[1]).ingest_carried(first.clone(), NOON).expect("taken");
    visit(&mut tablets[1]);
    let both = carrier_file(&mut tablets[1]);
    let later: Vec<Vec<u8>> = both.into_iter().filter(|bytes| !first.contains(bytes)).collect();
    on(&mut tablets[2]).ingest_carried(later, NOON).expect("taken");
    assert!(on(&mut tablets[2]).standing().expect("it answers").waiting > 0, "it builds on what is not there yet");
    on(&mut tablets[2]).ingest_carried(first, NOON).expect("taken");
    assert_eq!(on(&mut tablets[2]).standing().expect("it answers").waiting, 0);
    let rebuilt = on(&mut tablets[2]).rebuild(NOON).expect("rebuilt");
    assert!(rebuilt.differing.is_empty(), "{rebuilt:?}");
}

#[test]
fn what_was_carried_in_any_order_is_brought_back_whole() {
    let (mut tablets, mut station) = enrolled(3, 2);
    for _ in 0..4 {
        visit(&mut tablets[0]);
        carrier_file(&mut tablets[0]);
    }
    let mut file = carrier_file(&mut tablets[0]);
    file.reverse();
    let count = file.len() as u64;
    on(&mut tablets[1]).ingest_carried(file, NOON).expect("taken");
    assert_eq!(on(&mut tablets[1]).standing().expect("it answers").waiting, 0);
    // The author is lost, and so is the server; the one who carried brings everything.
    station.wipe();
    sync(&mut tablets[1], &mut station, NOON);
    sync(&mut tablets[1], &mut station, NOON);
    assert_eq!(stored(&mut station), count + 1, "and the beginning of the carrier's own audit chain");
}

#[test]
fn a_crash_between_a_batch_and_what_waited_for_it_leaves_nothing_waiting() {
    // Of a thousand seeds two had it.
    for seed in [5_847, 6_094] {
        if let Err(failure) = run(seed, 5, Telling::Quiet) {
            panic!("seed {seed}: {}", failure.what);
        }
    }
    let (mut tablets, mut station) = enrolled(4, 2);
    visit(&mut tablets[0]);
    let mut file = carrier_file(&mut tablets[0]);
    visit(&mut tablets[0]);
    file = [carrier_file(&mut tablets[0]).split_off(file.len()), file].concat();
    // The batch is kept; the program ends before it has tried again what waits in it.
    tablets[1].fist().arm(Blow { spares: 1, side: Side::Before, harm: Harm::Kills });
    let taken = on(&mut tablets[1]).ingest_carried(file, NOON);
    assert!(taken.is_err() && tablets[1].dies(), "it ended where it was told to: {taken:?}");
    tablets[1].start();
    assert!(on(&mut tablets[1]).standing().expect("it answers").waiting > 0);
    sync(&mut tablets[1], &mut station, NOON);
    assert_eq!(on(&mut tablets[1]).standing().expect("it answers").waiting, 0);
}

#[test]
fn who_has_left_goes_on_knowing_which_visit_was_where() {
    let (mut tablets, mut station) = enrolled(5, 3);
    visit(&mut tablets[2]);
    sync(&mut tablets[2], &mut station, NOON);
    let home_of = |tablet: &mut Tablet| {
        let all = documents::all(on(tablet).store().reader()).expect("its own store");
        let (home, _) = all.into_iter().find(|(_, class)| *class == Class::Home).expect("it was visited");
        documents::record_of(on(tablet).store().reader(), home).expect("its own store")
    };
    let before = home_of(&mut tablets[2]);
    assert!(before.is_some());
    sync(&mut tablets[0], &mut station, NOON);
    let (desk, chance) = tablets[0].device_and_chance().expect("it is on");
    let left = office::decide(desk, Decision::Leave(2), NOON, chance.rng()).expect("it is in teams");
    station.append(&office::append_of(&left.written)).expect("it is up").expect("the log holds");
    // It has no new key of any zone, so it cannot name new documents; it must not forget the old ones.
    sync(&mut tablets[2], &mut station, NOON);
    assert!(
        on(&mut tablets[2])
            .authority()
            .expect("the log")
            .teams_of(Town::get().residents[2].secrets().device())
            .next()
            .is_none()
    );
    on(&mut tablets[2]).rebuild(NOON).expect("rebuilt");
    assert_eq!(home_of(&mut tablets[2]), before);
}
