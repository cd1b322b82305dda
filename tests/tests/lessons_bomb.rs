//! Lesson 26: a few kilobytes that inflate to more than a tablet has. Alone in its program, because it measures memory.

use doorstep_client_core::replica::reader::SetAside;
use doorstep_client_core::store::envelopes::Standing;
use doorstep_protocol::{Bytes, Class, Digest32, DocumentId, Millis, SeatId, SessionNonce, Signature, cbor, hash};
use doorstep_tests::forge::{Forger, bomb, memory_peak_bytes};
use doorstep_tests::sim::station::Station;
use doorstep_tests::sim::tablet::Tablet;
use doorstep_tests::town::{NOON, Town};
use doorstep_tests::wire::{on, sync};

/// What the bombs inflate to.
const INFLATED_BYTES: usize = 768 * 1024 * 1024;
/// What looking at both may cost.
const MEMORY_BYTES_MAX: usize = 64 * 1024 * 1024;

/// A batch of changes as it is written, so that its deflated part can be anything.
#[derive(minicbor::Encode)]
#[cbor(array)]
struct Batch {
    #[n(0)]
    seat: SeatId,
    #[n(1)]
    seat_sig: Signature,
    #[n(2)]
    wall: Millis,
    #[n(3)]
    session: SessionNonce,
    #[n(4)]
    deflated: Bytes,
    #[n(5)]
    heads: Vec<Digest32>,
}

/// A compressed change chunk: Automerge itself inflates these, without a limit.
fn compressed_chunk(deflated: &[u8]) -> Vec<u8> {
    let mut rest = vec![2u8];
    let mut length = deflated.len();
    while length >= 0x80 {
        rest.push((length & 0x7f) as u8 | 0x80);
        length >>= 7;
    }
    rest.push(length as u8);
    rest.extend_from_slice(deflated);
    let digest = hash::sha256(&rest);
    [&[0x85, 0x6f, 0x4a, 0x83], &digest.0[..4], &rest].concat()
}

#[test]
fn lesson_26_a_bomb_is_set_aside_within_a_tablets_memory() {
    let mut station = Station::new(8);
    let (mut desk, mut taken) = (Tablet::new(8, 0), Tablet::new(8, 1));
    sync(&mut desk, &mut station, NOON);
    sync(&mut taken, &mut station, NOON);
    let mut forger = Forger::new(on(&mut taken), Town::get().residents[1].secrets(), Class::Index);
    let deflated = bomb(INFLATED_BYTES);
    assert!(deflated.len() < 900 * 1024, "it fits an envelope: {} bytes", deflated.len());
    let batch = Batch {
        seat: SeatId([1; 16]),
        seat_sig: Signature::ZERO,
        wall: Millis(0),
        session: SessionNonce([9; 16]),
        deflated: Bytes(deflated.clone()),
        heads: Vec::new(),
    };
    let outer = forger.seal_bytes(DocumentId([1; 16]), &cbor::encode(&batch));
    let inner = forger.seal_changes(DocumentId([2; 16]), vec![compressed_chunk(&deflated)]);
    drop((batch, deflated));
    let before = memory_peak_bytes();
    station.take_from(taken.id(), vec![outer, inner], NOON);
    sync(&mut desk, &mut station, NOON);
    let tray = on(&mut desk).tray().expect("it answers");
    let why: Vec<Standing> = tray.iter().map(|one| one.standing).collect();
    assert_eq!(why, [SetAside::Payload, SetAside::Changes].map(Standing::SetAside));
    match (before, memory_peak_bytes()) {
        (Some(before), Some(after)) => {
            assert!(after - before < MEMORY_BYTES_MAX, "it took {} bytes", after - before);
        }
        // Only Linux says.
        _ => println!("this system does not say how much memory was used"),
    }
}
