//! A server that holds its own key and cheats: it withholds, reorders, forks, replays, moves every ciphertext into every
//! slot, forges keys, members and heads, and flips bits. Each trick ends in an alarm, in a row of the tray or, once an honest
//! answer comes, in equality; never in a wrong view, and never in a crash.

#[path = "hostile_server/audit.rs"]
mod audit;

use std::collections::BTreeSet;

use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::home::{Hazard, Severity};
use doorstep_client_core::records::index::Property;
use doorstep_client_core::records::{Class, Reading, Uprn, hazard_codes::Scheme};
use doorstep_client_core::replica::machine::{Phase, Stop};
use doorstep_client_core::store::{envelopes, log, outbox};
use doorstep_crypto::keys::TeamKey;
use doorstep_crypto::wrap::seal_to;
use doorstep_protocol::authority::entry::EntrySignature;
use doorstep_protocol::authority::{AdminSet, Body, Entry, SignedEntry, Standing};
use doorstep_protocol::envelope::{Envelope, HEADER_BYTES, Header};
use doorstep_protocol::feed::FeedPoint;
use doorstep_protocol::wire::frame::Remainder;
use doorstep_protocol::wire::{FeedStart, Frame, Receipt};
use doorstep_protocol::wrap::{SealedWrapHeader, SealedWrapPurpose};
use doorstep_protocol::{
    Bytes, DeviceId, Digest32, DocumentId, EnvelopeId, Epoch, FeedNumber, LogHash, LogSize, Millis, PartnershipId,
    RestoreEpoch, Signature, SignerId, StoreId, ZoneId, ZoneSeq, label,
};
use doorstep_tests::hostile::{Bent, sync_bent, sync_raw};
use doorstep_tests::sim::station::Station;
use doorstep_tests::sim::tablet::Tablet;
use doorstep_tests::town::{NOON, Town};
use doorstep_tests::wire::{on, sync};
use rand_chacha::ChaCha20Rng;
use rand_core::{Rng, SeedableRng};

/// Bits of an answer that are flipped, one answer each.
const FLIPS: u64 = 400;

/// A desk that has written, a station that holds it, a tablet that has read half and is about to read the rest.
struct Scene {
    desk: Tablet,
    victim: Tablet,
    station: Station,
    record: RecordId,
    /// The envelopes that honest devices wrote.
    honest: BTreeSet<EnvelopeId>,
}

fn write(tablet: &mut Tablet, note: &str) -> RecordId {
    let (device, chance) = tablet.device_and_chance().expect("it is on");
    let uprn: Uprn = "100023336956".parse().expect("digits");
    device
        .write(NOON, chance.rng(), |draft| {
            let record = draft.record_of_uprn(&uprn)?;
            let line = Some(format!("{note} High Street"));
            let property = Property { uprn: Some(uprn.clone()), line, ..Property::default() };
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
        .expect("saved")
}

fn notes(tablet: &mut Tablet, record: RecordId) -> BTreeSet<String> {
    let device = on(tablet);
    let Ok(Some(home)) = device.document_of(record, Class::Home) else { return BTreeSet::new() };
    let Some(view) = device.view(home).expect("it loads") else { return BTreeSet::new() };
    view.rows::<Hazard>(Reading::Shown).into_iter().filter_map(|seen| seen.value.note).collect()
}

fn kept(tablet: &mut Tablet) -> Vec<envelopes::Kept> {
    envelopes::page_after(on(tablet).store().reader(), 0, usize::MAX).expect("its own store")
}

fn has_alarm(tablet: &mut Tablet) -> bool {
    on(tablet).standing().expect("it answers").alarm.is_some()
}

impl Scene {
    fn new() -> Self {
        let (mut desk, mut victim) = (Tablet::new(7, 0), Tablet::new(7, 1));
        let mut station = Station::new(7);
        sync(&mut desk, &mut station, NOON);
        let record = write(&mut desk, "first");
        sync(&mut desk, &mut station, NOON);
        sync(&mut victim, &mut station, NOON);
        for note in ["second", "third"] {
            write(&mut desk, note);
            sync(&mut desk, &mut station, NOON);
        }
        let honest = kept(&mut desk).into_iter().map(|kept| kept.id).collect();
        Self { desk, victim, station, record, honest }
    }

    /// What the victim shows was written by somebody honest, its log is the honest log's beginning, and it holds together.
    fn shows_nothing_wrong(&mut self, trick: &str) {
        let (whole, own) = (&Town::get().log.entries, on(&mut self.victim).id());
        let entries = log::entries(on(&mut self.victim).store().reader()).expect("its own log");
        assert!(whole.starts_with(&entries), "{trick}: the victim believes another log");
        for kept in kept(&mut self.victim) {
            let applied = kept.standing == envelopes::Standing::Applied;
            let is_own = Header::parse(&kept.bytes).is_ok_and(|header| header.author == own);
            assert!(!applied || is_own || self.honest.contains(&kept.id), "{trick}: {} is believed", kept.id);
        }
        let report = on(&mut self.victim).verify().expect("it answers");
        assert!(report.faults.is_empty(), "{trick}: {:?}", report.faults);
        let shown = notes(&mut self.victim, self.record);
        let all = notes(&mut self.desk, self.record);
        assert!(shown.is_subset(&all), "{trick}: the victim shows {shown:?}");
    }

    /// Then an honest answer comes: the victim has everything, or says why not.
    fn ends_well(mut self, trick: &str) -> Ending {
        self.shows_nothing_wrong(trick);
        // It asks again when its time has come, and after a session has ended.
        for later in 1..=3 {
            sync(&mut self.victim, &mut self.station, Millis(NOON.0 + later * 3_600_000));
        }
        self.shows_nothing_wrong(trick);
        if has_alarm(&mut self.victim) || matches!(self.victim.phase(), Phase::Stopped(_)) {
            return Ending::Alarm;
        }
        if on(&mut self.victim).standing().expect("it answers").set_aside > 0 {
            return Ending::Tray;
        }
        let (shown, all) = (notes(&mut self.victim, self.record), notes(&mut self.desk, self.record));
        assert_eq!(shown, all, "{trick}: no alarm, and not all there");
        Ending::Equal
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ending {
    /// It has stopped, and says why.
    Alarm,
    /// It goes on, and the tray names what it could not believe: a spoilt signature could be its author's as well.
    Tray,
    /// It has everything.
    Equal,
}

fn played(trick: &str, bend: impl FnOnce(&mut Bent)) -> Ending {
    let mut scene = Scene::new();
    sync_bent(&mut scene.victim, &mut scene.station, NOON, bend);
    scene.ends_well(trick)
}

/// Where the victim is in each feed.
fn before(scene: &mut Scene) -> std::collections::BTreeMap<ZoneId, FeedPoint> {
    on(&mut scene.victim).feeds().iter().map(|(zone, position)| (*zone, position.read)).collect()
}

/// The same, with heads signed to fit what is told.
fn played_smoothly(trick: &str, bend: impl FnOnce(&mut Bent)) -> Ending {
    let mut scene = Scene::new();
    let points = before(&mut scene);
    sync_bent(&mut scene.victim, &mut scene.station, NOON, |bent| {
        bend(bent);
        bent.heads_as_told(&points);
    });
    scene.ends_well(trick)
}

fn envelope_places(frames: &[Frame]) -> Vec<usize> {
    frames.iter().enumerate().filter(|(_, f)| matches!(f, Frame::Envelope(_))).map(|(at, _)| at).collect()
}

fn envelope_at(frames: &[Frame], at: usize) -> Vec<u8> {
    match &frames[at] {
        Frame::Envelope(bytes) => bytes.clone(),
        other => panic!("{other:?} is no envelope"),
    }
}

#[test]
fn the_scene_ends_in_equality_when_nobody_cheats() {
    assert_eq!(played("an honest answer", |_| {}), Ending::Equal);
    let mut scene = Scene::new();
    sync_bent(&mut scene.victim, &mut scene.station, NOON, |bent| {
        assert!(envelope_places(&bent.frames).len() >= 4, "the tricks below need something to bend");
    });
}

#[test]
fn an_envelope_that_is_withheld_under_an_honest_head_is_missed() {
    let count = {
        let mut scene = Scene::new();
        let mut count = 0;
        sync_bent(&mut scene.victim, &mut scene.station, NOON, |bent| count = envelope_places(&bent.frames).len());
        count
    };
    for nth in 0..count {
        played(&format!("withholds envelope {nth}"), |bent| {
            let at = envelope_places(&bent.frames)[nth];
            bent.frames.remove(at);
        });
    }
}

#[test]
fn an_envelope_that_is_withheld_under_a_forged_head_is_noticed_at_the_next_honest_one() {
    // The last of a feed: mere delay. One before it: another feed than everybody else has.
    let ends: Vec<Ending> = (0..2)
        .map(|from_end| {
            played_smoothly("withholds under a forged head", |bent| {
                let places = envelope_places(&bent.frames);
                let zone_of = |at: usize| Envelope::parse(envelope_at(&bent.frames, at)).expect("parses").header().zone;
                let last = *places.last().expect("some");
                let of_last: Vec<usize> = places.into_iter().filter(|at| zone_of(*at) == zone_of(last)).collect();
                bent.frames.remove(of_last[of_last.len() - 1 - from_end]);
            })
        })
        .collect();
    assert_eq!(ends, [Ending::Equal, Ending::Alarm]);
}

#[test]
fn a_reordered_or_doubled_feed_is_another_feed() {
    let reorder = |bent: &mut Bent| {
        let places = envelope_places(&bent.frames);
        let (a, b) = places
            .windows(2)
            .map(|pair| (pair[0], pair[1]))
            .find(|(a, b)| {
                let zone = |at| Envelope::parse(envelope_at(&bent.frames, at)).expect("parses").header().zone;
                b - a == 1 && zone(*a) == zone(*b)
            })
            .expect("two of one feed");
        bent.frames.swap(a, b);
    };
    let double = |bent: &mut Bent| {
        let at = envelope_places(&bent.frames)[0];
        let again = bent.frames[at].clone();
        bent.frames.insert(at, again);
    };
    played("reorders", reorder);
    assert_eq!(played_smoothly("reorders smoothly", reorder), Ending::Alarm);
    played("doubles", double);
    assert_eq!(played_smoothly("doubles smoothly", double), Ending::Alarm);
}

#[test]
fn lesson_22_every_ciphertext_in_every_slot_is_refused() {
    // Header fields rewritten one by one, with the rest as it was: the signature and the key no longer fit.
    type Move = fn(&mut Header);
    let moves: [(&str, Move); 8] = [
        ("zone", |h| h.zone = ZoneId([0x5a; 16])),
        ("document", |h| h.document = DocumentId([0x5b; 16])),
        ("author", |h| h.author = DeviceId(Town::get().residents[2].secrets().device().0)),
        ("counter", |h| h.zseq = ZoneSeq(h.zseq.0 + 1)),
        ("predecessor", |h| h.prev = EnvelopeId([0x5c; 32])),
        ("epoch", |h| h.epoch = Epoch(h.epoch.0 + 1)),
        ("log size", |h| h.log_size = LogSize(h.log_size.0 - 1)),
        ("log head", |h| h.log_head = LogHash([0x5d; 32])),
    ];
    for (what, change) in moves {
        for smoothly in [false, true] {
            let bend = |bent: &mut Bent| {
                for at in envelope_places(&bent.frames) {
                    let mut bytes = envelope_at(&bent.frames, at);
                    let mut header = Header::parse(&bytes).expect("parses");
                    change(&mut header);
                    bytes[..HEADER_BYTES].copy_from_slice(&header.to_bytes());
                    bent.frames[at] = Frame::Envelope(bytes);
                }
            };
            let trick = format!("moves every envelope to another {what}");
            match smoothly {
                true => played_smoothly(&trick, bend),
                false => played(&trick, bend),
            };
        }
    }
    // Every pair of envelopes changes places, across feeds too.
    for (a, b) in [(0, 1), (0, 2), (1, 3), (0, 3), (2, 3)] {
        played_smoothly(&format!("swaps envelopes {a} and {b}"), |bent| {
            let places = envelope_places(&bent.frames);
            bent.frames.swap(places[a], places[b]);
        });
    }
}

#[test]
fn a_body_under_another_header_is_refused() {
    played_smoothly("cuts and pastes bodies", |bent| {
        let places = envelope_places(&bent.frames);
        let (first, last) = (places[0], places[places.len() - 1]);
        let (a, b) = (envelope_at(&bent.frames, first), envelope_at(&bent.frames, last));
        bent.frames[first] = Frame::Envelope([&a[..HEADER_BYTES], &b[HEADER_BYTES..]].concat());
        bent.frames[last] = Frame::Envelope([&b[..HEADER_BYTES], &a[HEADER_BYTES..]].concat());
    });
}

#[test]
fn an_envelope_in_another_s_feed_is_refused() {
    let told = |bent: &mut Bent| {
        let zones: Vec<ZoneId> = bent
            .frames
            .iter()
            .filter_map(|frame| match frame {
                Frame::FeedStart(start) => Some(start.zone),
                _ => None,
            })
            .collect();
        let other = zones.last().copied().expect("two feeds");
        for frame in &mut bent.frames {
            if let Frame::FeedStart(FeedStart { zone, .. }) = frame {
                *zone = if *zone == other { zones[0] } else { other };
            }
        }
    };
    played("names the wrong feed", told);
    played_smoothly("names the wrong feed smoothly", told);
}

#[test]
fn what_nobody_erased_is_not_left_out_as_erased() {
    let gone = |bent: &mut Bent| {
        let at = envelope_places(&bent.frames)[0];
        let id = Envelope::parse(envelope_at(&bent.frames, at)).expect("parses").id();
        bent.frames[at] = Frame::Gone(id);
    };
    assert_eq!(played("calls an envelope erased", gone), Ending::Alarm);
    assert_eq!(played_smoothly("calls an envelope erased smoothly", gone), Ending::Alarm);
}

#[test]
fn work_that_a_device_never_wrote_is_not_called_its_own() {
    let own = |bent: &mut Bent| {
        let at = envelope_places(&bent.frames)[0];
        let id = Envelope::parse(envelope_at(&bent.frames, at)).expect("parses").id();
        bent.frames[at] = Frame::Own(id);
    };
    assert_eq!(played("calls another's work the reader's own", own), Ending::Alarm);
}

#[test]
fn another_log_is_never_believed() {
    let town = Town::get();
    let size = town.log.entries.len();
    let desk = town.residents[0].secrets();
    let tablet = town.residents[1].secrets();
    let next = |author: DeviceId| Entry {
        partnership: town.partnership,
        seq: LogSize(size as u64 + 1),
        prev: town.log.entries[size - 1].hash(),
        time: NOON,
        author: SignerId(author.0),
        body: Body::AdminSet(AdminSet {
            organisation: doorstep_protocol::OrganisationId([1; 16]),
            device: tablet.device(),
            standing: Standing::Granted,
        }),
    };
    let signed_by = |entry: &Entry, signer: DeviceId, key: &doorstep_crypto::keys::SigningKey| {
        let bytes = entry.to_bytes();
        let signature = key.sign(label::SIG_LOG, &Entry::signing_digest(&bytes).0);
        SignedEntry::new(bytes, vec![EntrySignature { signer: SignerId(signer.0), signature }])
    };
    let forged = [
        // An admin makes an admin; a tablet does; the server does in their name; nobody signs.
        signed_by(&next(desk.device()), desk.device(), desk.sign.here().expect("a key in memory")),
        signed_by(&next(tablet.device()), tablet.device(), tablet.sign.here().expect("a key in memory")),
        signed_by(&next(desk.device()), desk.device(), tablet.sign.here().expect("a key in memory")),
        SignedEntry { entry: Bytes(next(desk.device()).to_bytes()), signatures: vec![] },
        // Entries of the log itself, once more.
        town.log.entries[0].clone(),
        town.log.entries[size - 1].clone(),
        SignedEntry { entry: Bytes(vec![0x80]), signatures: vec![] },
    ];
    for (number, entry) in forged.into_iter().enumerate() {
        played(&format!("forged entry {number}"), |bent| {
            let after_opening = 1;
            bent.frames.insert(after_opening, Frame::LogEntry(entry.clone()));
            bent.checkpoint(|checkpoint| {
                checkpoint.log_size = checkpoint.log_size.next();
                checkpoint.log_head = entry.hash();
            });
        });
    }
}

#[test]
fn a_new_device_believes_no_changed_log_either() {
    // The whole log of a first answer: each entry left out, doubled, swapped with the next, or altered by one bit.
    let size = Town::get().log.entries.len();
    for at in (0..size).step_by(3) {
        for trick in ["leaves out", "doubles", "swaps", "alters"] {
            let (mut victim, mut station) = (Tablet::new(9, 1), Station::new(9));
            sync_bent(&mut victim, &mut station, NOON, |bent| {
                let places: Vec<usize> = bent
                    .frames
                    .iter()
                    .enumerate()
                    .filter(|(_, frame)| matches!(frame, Frame::LogEntry(_)))
                    .map(|(place, _)| place)
                    .collect();
                let place = places[at.min(places.len() - 2)];
                match trick {
                    "leaves out" => drop(bent.frames.remove(place)),
                    "doubles" => bent.frames.insert(place, bent.frames[place].clone()),
                    "swaps" => bent.frames.swap(place, place + 1),
                    _ => {
                        if let Frame::LogEntry(entry) = &mut bent.frames[place] {
                            let last = entry.entry.0.len() - 1;
                            entry.entry.0[last] ^= 1;
                        }
                    }
                }
            });
            let entries = log::entries(on(&mut victim).store().reader()).expect("its own log");
            assert!(Town::get().log.entries.starts_with(&entries), "entry {at}: {trick}");
            assert!(entries.len() < size, "entry {at}: {trick}, and all was believed");
        }
    }
}

#[test]
fn lesson_21_a_key_from_the_server_is_no_key() {
    // For every team, a key that the server made, rightly sealed to the device.
    let victim = Town::get().residents[1].secrets();
    let teams: Vec<_> = {
        let mut scene = Scene::new();
        let authority = on(&mut scene.victim).authority().expect("enrolled");
        authority.teams().iter().map(|(id, team)| (*id, team.epoch())).collect()
    };
    let mut rng = ChaCha20Rng::seed_from_u64(3);
    for (team, epoch) in teams {
        for epoch in [epoch, epoch.next()] {
            let header = SealedWrapHeader {
                purpose: SealedWrapPurpose::TeamToDevice,
                partnership: Town::get().partnership,
                subject: team.0,
                epoch,
                recipient: victim.device().0,
            };
            let planted = TeamKey::make(&mut rng);
            let wrap = seal_to(&header, &victim.kem.public(), &planted, &mut rng).expect("sealed");
            let mut scene = Scene::new();
            sync_bent(&mut scene.victim, &mut scene.station, NOON, |bent| {
                bent.frames.insert(1, Frame::TeamWrap(Box::new(wrap)));
            });
            let held = on(&mut scene.victim).keyring().team(team, epoch).map(TeamKey::commitment);
            assert_ne!(held, Some(planted.commitment()), "a key of the server is held");
            assert_eq!(scene.ends_well("plants a team key"), Ending::Equal);
        }
    }
}

#[test]
fn forged_heads_and_checkpoints_of_others_are_not_believed() {
    type Change = fn(&mut doorstep_protocol::wire::Checkpoint);
    let changes: [(&str, Change); 9] = [
        ("another partnership", |c| c.partnership = PartnershipId([1; 16])),
        ("another reader", |c| c.reader = DeviceId([1; 16])),
        ("another store", |c| c.store = StoreId([1; 16])),
        ("another restore epoch", |c| c.restore_epoch = RestoreEpoch(9)),
        ("another log head", |c| c.log_head = LogHash([1; 32])),
        ("a shorter log", |c| c.log_size = LogSize(c.log_size.0 - 1)),
        ("other heads", |c| c.heads = Digest32([1; 32])),
        ("another version", |c| c.version = 9),
        ("a feed that went back", |c| {
            for changed in &mut c.changed {
                changed.point.number = FeedNumber(0);
            }
        }),
    ];
    for (what, change) in changes {
        played(&format!("a checkpoint of {what}"), |bent| bent.checkpoint(change));
    }
    played("no checkpoint", |bent| bent.frames.retain(|frame| !matches!(frame, Frame::Checkpoint(_))));
    played("bound to another request", |bent| bent.request = Signature([7; 64]));
    played("says there is more when there is not", |bent| bent.remainder = Remainder::More);
}

#[test]
fn an_answer_played_again_changes_nothing() {
    let mut scene = Scene::new();
    let mut recorded = Vec::new();
    sync_raw(&mut scene.victim, &mut scene.station, NOON, |stream| {
        recorded.clone_from(&stream);
        stream
    });
    write(&mut scene.desk, "fourth");
    sync(&mut scene.desk, &mut scene.station, NOON);
    scene.honest = kept(&mut scene.desk).into_iter().map(|kept| kept.id).collect();
    sync_raw(&mut scene.victim, &mut scene.station, NOON, |_| recorded);
    assert_eq!(scene.ends_well("plays an earlier answer again"), Ending::Equal);
}

#[test]
fn a_receipt_without_a_row_does_not_make_a_device_forget_its_work() {
    let mut scene = Scene::new();
    write(&mut scene.victim, "of the victim");
    let mut taken = Vec::new();
    sync_bent(&mut scene.victim, &mut scene.station, NOON, |bent| {
        // The server throws the work away and says that it has it; its head does not hold it.
        taken = bent
            .frames
            .iter()
            .filter_map(|frame| match frame {
                Frame::Receipt(receipt) => Some(receipt.clone()),
                _ => None,
            })
            .collect();
        for frame in &mut bent.frames {
            if let Frame::Receipt(receipt) = frame {
                *receipt = Receipt { number: FeedNumber(receipt.number.0 + 100), ..receipt.clone() };
            }
        }
    });
    assert!(!taken.is_empty(), "the victim brought something");
    let count = outbox::count(on(&mut scene.victim).store().reader()).expect("it answers");
    assert!(count.to_send + count.receipted > 0 || has_alarm(&mut scene.victim), "the work is forgotten");
}

#[test]
fn lesson_23_every_record_under_every_kind_of_frame_is_an_error_or_nothing() {
    for kind in 0..=12u8 {
        let mut scene = Scene::new();
        sync_raw(&mut scene.victim, &mut scene.station, NOON, |stream| {
            // Each frame takes the name of another kind; lengths stay.
            let mut bent = stream.clone();
            let mut at = 0;
            while at + 5 <= stream.len() {
                let length = u32::from_be_bytes([stream[at + 1], stream[at + 2], stream[at + 3], stream[at + 4]]);
                bent[at] = kind;
                at += 5 + length as usize;
            }
            bent
        });
        scene.ends_well(&format!("every frame as kind {kind}"));
    }
}

#[test]
fn lesson_29_what_does_not_verify_is_not_shown() {
    let mut rng = ChaCha20Rng::seed_from_u64(5);
    for number in 0..FLIPS {
        let mut scene = Scene::new();
        let mut place = (0, 0);
        // Every second flip is signed by the server as if it meant it.
        if number % 2 == 0 {
            sync_raw(&mut scene.victim, &mut scene.station, NOON, |mut stream| {
                place = ((rng.next_u64() % stream.len() as u64) as usize, rng.next_u32() % 8);
                stream[place.0] ^= 1 << place.1;
                stream
            });
        } else {
            sync_bent(&mut scene.victim, &mut scene.station, NOON, |bent| {
                let at = (rng.next_u64() % bent.frames.len() as u64) as usize;
                place = (at, rng.next_u32());
                if let Frame::Envelope(bytes) = &mut bent.frames[at] {
                    let byte = place.1 as usize % bytes.len();
                    bytes[byte] ^= 1 << (place.1 >> 29);
                } else if let Frame::Checkpoint(signed) = &mut bent.frames[at] {
                    let byte = place.1 as usize % signed.checkpoint.0.len();
                    signed.checkpoint.0[byte] ^= 1 << (place.1 >> 29);
                }
            });
        }
        scene.ends_well(&format!("flip {number} at {place:?}"));
    }
}

#[test]
fn a_server_that_goes_back_in_silence_is_noticed() {
    let mut scene = Scene::new();
    scene.station.back_up();
    sync(&mut scene.victim, &mut scene.station, NOON);
    write(&mut scene.desk, "fourth");
    sync(&mut scene.desk, &mut scene.station, NOON);
    sync(&mut scene.victim, &mut scene.station, NOON);
    scene.station.roll_back_silently();
    // Somebody writes something else where the fourth stood: two feeds from one server.
    let mut third = Tablet::new(7, 2);
    sync(&mut third, &mut scene.station, NOON);
    write(&mut third, "instead");
    sync(&mut third, &mut scene.station, NOON);
    sync(&mut scene.victim, &mut scene.station, Millis(NOON.0 + 60_000));
    let stopped = matches!(scene.victim.phase(), Phase::Stopped(Stop::SplitView));
    assert!(stopped || has_alarm(&mut scene.victim), "a rollback goes unnoticed: {:?}", scene.victim.phase());
}
