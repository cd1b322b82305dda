//! A lost tablet, and keys over years: what is ended is ended as a whole or not at all, what is owed is shown, and what
//! nobody holds any more comes back from the printed kit.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use doorstep_client_core::partnership::{self, Escrows, RootKeys, Rotated, Sample, Sheets, Written};
use doorstep_client_core::store::{CommitPoint, Fault, Store};
use doorstep_client_core::sync::{End, OfficeError, Syncer};
use doorstep_client_core::transport::{
    FrameStream, NoticeStream, SignedRequest, Stage, Traffic, Transport, TransportError,
};
use doorstep_protocol::authority::{Body, Entry, RevokeReason, Standing, TeamTier};
use doorstep_protocol::wire::{Challenge, ChallengeRequest, LogAppend, LogAppended, ServerCard, SessionAnswer};
use doorstep_protocol::{DeviceId, LogHash, LogSize, OrganisationId, WorkerId};
use tokio_util::sync::CancellationToken;

use crate::harness::{Kept, NOW, World, append, kept, notes, record, seeded, sync, syncer};
use crate::over_relay::{OverRelay, tablet_with_all_to_do};

/// What goes wrong with one append.
#[derive(Clone, Debug)]
enum Append {
    /// It does not arrive.
    NotArrived,
    /// It is committed, and the answer is lost.
    AnswerLost,
    /// Somebody else's entries come first.
    After(Box<LogAppend>),
}

/// The relay, with appends that go wrong.
#[derive(Clone)]
struct Faulty {
    relay: OverRelay,
    appends: Arc<Mutex<VecDeque<Append>>>,
}

impl Transport for Faulty {
    async fn card(&self) -> Result<ServerCard, TransportError> {
        self.relay.card().await
    }

    async fn append_log(&self, append: &LogAppend) -> Result<LogAppended, TransportError> {
        let fault = self.appends.lock().unwrap().pop_front();
        match fault {
            Some(Append::NotArrived) => Err(TransportError::Offline { stage: Stage::Connect }),
            Some(Append::AnswerLost) => {
                self.relay.append_log(append).await?;
                Err(TransportError::Offline { stage: Stage::Answer })
            }
            Some(Append::After(other)) => {
                self.relay.append_log(&other).await?;
                self.relay.append_log(append).await
            }
            None => self.relay.append_log(append).await,
        }
    }

    async fn challenge(&self, asks: &ChallengeRequest) -> Result<Challenge, TransportError> {
        self.relay.challenge(asks).await
    }

    async fn open_session(&self, request: SignedRequest) -> Result<SessionAnswer, TransportError> {
        self.relay.open_session(request).await
    }

    async fn exchange(&self, request: SignedRequest) -> Result<FrameStream, TransportError> {
        self.relay.exchange(request).await
    }

    async fn message(&self, request: SignedRequest, limit_bytes: usize) -> Result<Vec<u8>, TransportError> {
        self.relay.message(request, limit_bytes).await
    }

    async fn watch(&self, request: SignedRequest) -> Result<NoticeStream, TransportError> {
        self.relay.watch(request).await
    }

    fn traffic(&self) -> Traffic {
        self.relay.traffic()
    }
}

async fn lose<T: Transport + 'static>(desk: &mut Syncer<T>, device: DeviceId) -> Result<Rotated, OfficeError> {
    let lost = move |desk: &doorstep_client_core::device::Device, now, rng: &mut _| {
        partnership::revoke(desk, (device, RevokeReason::Lost), &[], now, rng)
    };
    desk.append(&CancellationToken::new(), lost).await
}

fn id(kept: &Kept) -> DeviceId {
    kept.device.lock().unwrap().id()
}

/// Kinds of the last entries of a desk's log.
fn entries_after(desk: &Kept, from: usize) -> Vec<&'static str> {
    let desk = desk.device.lock().unwrap();
    let entries = doorstep_client_core::store::log::entries(desk.store().reader()).unwrap();
    entries[from..].iter().map(|signed| Entry::parse(&signed.entry.0).unwrap().body.name()).collect()
}

fn log_size(desk: &Kept) -> usize {
    usize::try_from(desk.device.lock().unwrap().authority().unwrap().size().0).unwrap()
}

/// The whole of the loss is in the log, or nothing of it.
fn all_or_none(desk: &Kept, before: usize, device: DeviceId) -> bool {
    let kinds = entries_after(desk, before);
    let desk = desk.device.lock().unwrap();
    let authority = desk.authority().unwrap();
    if authority.is_live(device) {
        assert!(!kinds.contains(&"TeamEpoch") && !kinds.contains(&"ZoneEpoch"), "keys without the loss: {kinds:?}");
        return false;
    }
    assert!(authority.owed_keys().is_empty(), "the loss without its keys: {kinds:?}");
    assert!(kinds.contains(&"TeamEpoch") && kinds.contains(&"ZoneEpoch"), "{kinds:?}");
    true
}

async fn faulty(seed: u64) -> (Faulty, World, Kept) {
    let relay = OverRelay::new(1);
    let (world, tablet) = tablet_with_all_to_do(&relay, seed).await;
    (Faulty { relay, appends: Arc::default() }, world, tablet)
}

#[tokio::test]
async fn lesson_18_a_loss_and_its_keys_are_one_append() {
    for (at, fault) in [Append::NotArrived, Append::AnswerLost].into_iter().enumerate() {
        let (way, world, tablet) = faulty(60 + at as u64).await;
        let before = log_size(&world.desk);
        way.appends.lock().unwrap().push_back(fault.clone());
        let mut desk = syncer(&world.desk.device, way.clone());
        let rotated = lose(&mut desk, id(&tablet)).await.unwrap();
        assert!(all_or_none(&world.desk, before, id(&tablet)), "{fault:?}");
        assert!(rotated.teams >= 2 && rotated.zones >= 6 && rotated.owed.is_empty(), "{rotated:?}");
        let kinds = entries_after(&world.desk, before);
        assert_eq!(kinds.iter().filter(|kind| **kind == "DeviceRevoke").count(), 1, "{fault:?}: once, not twice");
        // The desk goes on, under the new keys.
        let home = record(&world.desk.device, 90, "after the loss");
        assert_eq!(sync(&mut desk).await.end, End::CaughtUp);
        assert!(notes(&world.desk.device, home).contains(&"after the loss".to_owned()));
        assert_eq!(world.desk.device.lock().unwrap().verify().unwrap().faults, Vec::<String>::new());
    }
}

#[tokio::test]
async fn lesson_18_a_desk_that_dies_at_any_commit_leaves_all_or_none() {
    for fails_at in 0..12 {
        let (way, world, tablet) = faulty(70).await;
        let before = log_size(&world.desk);
        let commits = Arc::new(AtomicU64::new(0));
        let counted = commits.clone();
        world.desk.device.lock().unwrap().set_fault_hook(Arc::new(move |point: CommitPoint| {
            let commit = counted.fetch_add(1, Ordering::SeqCst);
            let _which = point;
            if commit == fails_at { Fault::Fail } else { Fault::None }
        }));
        let mut desk = syncer(&world.desk.device, way.clone());
        let first = lose(&mut desk, id(&tablet)).await;
        world.desk.device.lock().unwrap().set_fault_hook(Arc::new(|_| Fault::None));
        // Another start of the program: what is on disk, and what the server says.
        world.desk.device.lock().unwrap().reload().unwrap();
        let mut desk = syncer(&world.desk.device, way.clone());
        assert_eq!(sync(&mut desk).await.end, End::CaughtUp, "commit {fails_at}: {first:?}");
        if !all_or_none(&world.desk, before, id(&tablet)) {
            lose(&mut desk, id(&tablet)).await.unwrap();
            assert!(all_or_none(&world.desk, before, id(&tablet)), "commit {fails_at}");
        }
        if commits.load(Ordering::SeqCst) < fails_at {
            break;
        }
    }
}

#[tokio::test]
async fn a_loss_is_written_again_when_the_log_has_grown_meanwhile() {
    let (way, mut world, tablet) = faulty(61).await;
    let before = log_size(&world.desk);
    let (other, written) = world.invite(Store::in_memory().unwrap());
    let grown = append(world.partnership(), &written);
    way.appends.lock().unwrap().push_back(Append::After(Box::new(grown)));
    let mut desk = syncer(&world.desk.device, way.clone());
    let rotated = lose(&mut desk, id(&tablet)).await.unwrap();
    assert!(rotated.owed.is_empty());
    assert!(all_or_none(&world.desk, before, id(&tablet)));
    // Who came meanwhile has the new keys, and reads.
    let home = record(&world.desk.device, 91, "after the loss");
    assert_eq!(sync(&mut desk).await.end, End::CaughtUp);
    assert_eq!(sync(&mut syncer(&other.device, way.clone())).await.end, End::CaughtUp);
    assert!(notes(&other.device, home).contains(&"after the loss".to_owned()));
}

fn sheets(world: &World, numbers: &[usize]) -> Sheets {
    let mut text = format!("Partnership {}\n", world.partnership());
    for sheet in numbers.iter().map(|number| &world.founding.kit.sheets()[*number]) {
        text.push_str(&format!("Root key:\n  {}\n", sheet.root.as_str()));
        for (name, share) in &sheet.escrow_shares {
            text.push_str(&format!("Share of the escrow key of {name}:\n  {}\n", share.as_str()));
        }
    }
    Sheets::read(&text).unwrap()
}

pub(crate) fn kit(world: &World, numbers: &[usize]) -> (RootKeys, Escrows) {
    let (roots, shares) = sheets(world, numbers).into_parts();
    let desk = world.desk.device.lock().unwrap();
    (RootKeys::of(desk.authority().unwrap(), roots).unwrap(), Escrows::put_together(shares).unwrap())
}

fn take(kept: &Kept, written: &Written) {
    partnership::take_written(&mut kept.device.lock().unwrap(), written).unwrap();
}

#[tokio::test]
async fn keys_that_one_desk_cannot_make_are_shown_and_made_by_another() {
    let relay = OverRelay::new(1);
    let (mut world, tablet) = tablet_with_all_to_do(&relay, 62).await;
    let second = world.enrol(&relay, Store::in_memory().unwrap()).await;
    let (roots, _) = kit(&world, &[0, 2]);
    let organisations: Vec<OrganisationId> =
        world.desk.device.lock().unwrap().authority().unwrap().organisations().keys().copied().collect();
    let (admin, out) = (id(&second), world.founding.partnership);
    let mut desk = syncer(&world.desk.device, relay.clone());
    let appoint = {
        let device = world.desk.device.lock().unwrap();
        partnership::set_admin(&device, &roots, (admin, &organisations), Standing::Granted, NOW).unwrap()
    };
    relay.append_log(&append(out, &appoint)).await.unwrap();
    take(&world.desk, &appoint);
    // The second desk leaves one team, so it lacks that team's next key.
    let team = {
        let device = world.desk.device.lock().unwrap();
        let teams = device.authority().unwrap().teams();
        *teams.iter().find(|(_, team)| team.tier == TeamTier::Ops).unwrap().0
    };
    let leave = move |desk: &doorstep_client_core::device::Device, now, rng: &mut _| {
        partnership::change_teams(desk, admin, (&[], &[team]), now, rng)
    };
    let left = desk.append(&CancellationToken::new(), leave).await.unwrap();
    assert!(left.teams == 1 && left.owed.is_empty(), "{left:?}");
    let mut other = syncer(&second.device, relay.clone());
    let rotated = lose(&mut other, id(&tablet)).await.unwrap();
    assert!(rotated.owed.teams.contains(&team) && !rotated.owed.zones.is_empty(), "{rotated:?}");
    assert!(second.device.lock().unwrap().authority().unwrap().owed_keys().teams.contains(&team), "it is shown");
    let rotated = desk.append(&CancellationToken::new(), partnership::take_up).await.unwrap();
    assert!(rotated.teams >= 1 && rotated.owed.is_empty(), "{rotated:?}");
    assert_eq!(sync(&mut other).await.end, End::CaughtUp);
    assert!(second.device.lock().unwrap().authority().unwrap().owed_keys().is_empty());
}

#[tokio::test]
async fn a_drill_reaches_every_key_and_one_sheet_none() {
    let (_way, world, _tablet) = faulty(63).await;
    let (_, shares) = sheets(&world, &[1]).into_parts();
    assert!(Escrows::put_together(shares).is_err(), "one sheet opens nothing");
    let (roots, _) = sheets(&world, &[1]).into_parts();
    assert!(RootKeys::of(world.desk.device.lock().unwrap().authority().unwrap(), roots).is_err());
    let (_, escrows) = kit(&world, &[1, 2]);
    let desk = world.desk.device.lock().unwrap();
    let zones = desk.authority().unwrap().zones();
    let owner = zones.values().next().unwrap().organisation;
    let found = partnership::drill(&desk, owner, &escrows).unwrap();
    assert_eq!(found.len(), zones.len());
    assert!(found.iter().all(|zone| zone.holds() && zone.epochs == zone.opened), "{found:?}");
    assert!(found.iter().any(|zone| zone.sample == Sample::Opened), "{found:?}");
}

#[tokio::test]
async fn lesson_24_when_everybody_is_gone_the_kit_brings_a_desk_back() {
    let (way, world, tablet) = faulty(64).await;
    let home = record(&world.desk.device, 92, "seen before the fire");
    assert_eq!(sync(&mut syncer(&world.desk.device, way.clone())).await.end, End::CaughtUp);
    let (roots, escrows) = kit(&world, &[0, 1]);
    let entries =
        doorstep_client_core::store::log::entries(world.desk.device.lock().unwrap().store().reader()).unwrap();
    // The desk is gone. A fresh one has the log, by the root keys, and no key at all.
    let fresh = kept(Store::in_memory().unwrap(), &mut seeded(99));
    let written = {
        let mut fresh = fresh.device.lock().unwrap();
        let (base_size, base_head) = (LogSize(0), LogHash::ZERO);
        let log = Written { base_size, base_head, entries, wraps: Vec::new() };
        let server = ("http://127.0.0.1:1", &way.relay.key());
        partnership::settle(&mut fresh, world.partnership(), &log, server).unwrap();
        partnership::recover(&fresh, (&roots, &escrows), WorkerId([7; 16]), NOW, &mut seeded(100)).unwrap()
    };
    let (written, rotated) = written;
    assert!(rotated.owed.is_empty(), "{rotated:?}");
    way.append_log(&append(world.partnership(), &written)).await.unwrap();
    take(&fresh, &written);
    let kinds: Vec<_> = written.entries.iter().map(|e| Entry::parse(&e.entry.0).unwrap().body).collect();
    assert!(kinds.iter().any(|body| matches!(body, Body::EscrowOpen(_))), "the opening stands in the log");
    let mut desk = syncer(&fresh.device, way.clone());
    assert_eq!(sync(&mut desk).await.end, End::CaughtUp);
    assert!(notes(&fresh.device, home).contains(&"seen before the fire".to_owned()), "history is read");
    record(&fresh.device, 93, "seen by the new desk");
    assert_eq!(sync(&mut desk).await.end, End::CaughtUp);
    // A tablet in the field goes on, and reads what the new desk writes.
    assert_eq!(sync(&mut syncer(&tablet.device, way.clone())).await.end, End::CaughtUp);
    assert!(notes(&tablet.device, home).contains(&"seen by the new desk".to_owned()));
}
