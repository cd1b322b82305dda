//! A tablet and a station joined by a wire: every call arrives at once and whole, unless it is cut on purpose.

use doorstep_client_core::device::Device;
use doorstep_client_core::replica::machine::{Event, Fault};
use doorstep_protocol::wire::frame::FRAME_HEADER_BYTES;
use doorstep_protocol::{Millis, Signature};

use crate::sim::mail::{Ask, CallId, Reply};
use crate::sim::station::{Handled, Station};
use crate::sim::tablet::{Tablet, Wish};

/// Calls of one catch-up at most: one that does not end is broken.
const CALLS_MAX: usize = 2_000;

/// One call: which, and the bytes of its body each way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Call {
    /// Its name.
    pub name: &'static str,
    /// Bytes to the server, with the headers of its signature.
    pub up_bytes: usize,
    /// Bytes from the server.
    pub down_bytes: usize,
}

/// How much of the first streamed answer arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Arrives {
    /// All of it.
    Whole,
    /// So many frames; then the connection breaks.
    Frames(usize),
}

/// One catch-up, to its end. Returns the calls it took.
///
/// # Panics
/// When it does not end.
pub fn sync(tablet: &mut Tablet, station: &mut Station, now: Millis) -> Vec<Call> {
    sync_cut(tablet, station, now, Arrives::Whole)
}

/// One catch-up whose first streamed answer may break off; then it ends there.
///
/// # Panics
/// When it does not end.
pub fn sync_cut(tablet: &mut Tablet, station: &mut Station, now: Millis, arrives: Arrives) -> Vec<Call> {
    sync_through(tablet, station, now, &mut |_, mut stream| match arrives {
        Arrives::Whole => Passed { stream, then: Then::GoOn },
        Arrives::Frames(count) => {
            stream.truncate(end_of_frame(&stream, count));
            Passed { stream, then: Then::Stop }
        }
    })
}

/// A streamed answer as it came through, and whether the catch-up goes on after it.
pub struct Passed {
    /// Its bytes.
    pub stream: Vec<u8>,
    /// What follows.
    pub then: Then,
}

/// Whether a catch-up goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// To its end.
    GoOn,
    /// It ends here.
    Stop,
}

/// One catch-up whose streamed answers pass through somebody's hands: the request's signature, and the answer's bytes.
///
/// # Panics
/// When it does not end.
pub fn sync_through(
    tablet: &mut Tablet,
    station: &mut Station,
    now: Millis,
    hands: &mut dyn FnMut(Signature, Vec<u8>) -> Passed,
) -> Vec<Call> {
    let mut calls = Vec::new();
    let mut wishes = tablet.tell(Event::Wanted, now);
    while let Some(ask) = next_ask(&mut wishes) {
        assert!(calls.len() < CALLS_MAX, "a catch-up does not end");
        let call = CallId { tablet: 0, number: tablet.calls, copy: 0 };
        let up_bytes = ask.body().len() + ask.header_bytes();
        let (mut down_bytes, mut then) = (0, Then::GoOn);
        match station.handle(call, &ask, now) {
            Some(Handled::Reply(reply)) => {
                down_bytes = reply.bytes().len();
                wishes = tablet.take(reply, now);
            }
            Some(Handled::Stream) => {
                let mut stream = Vec::new();
                while let Some(page) = station.page(call, now) {
                    stream.extend_from_slice(&page);
                }
                if let Ask::Sync(signed) = &*ask {
                    let passed = hands(signed.signature(), stream);
                    (stream, then) = (passed.stream, passed.then);
                }
                down_bytes = stream.len();
                wishes = tablet.take(Reply::Part(stream), now);
                wishes.extend(tablet.take(Reply::End, now));
            }
            Some(Handled::Died) | None => wishes = tablet.timed_out(now),
        }
        calls.push(Call { name: ask.name(), up_bytes, down_bytes });
        if then == Then::Stop {
            break;
        }
    }
    calls
}

/// How many frames a stream has.
#[must_use]
pub fn frames(stream: &[u8]) -> usize {
    (0..).take_while(|count| end_of_frame(stream, *count) < stream.len()).count()
}

fn end_of_frame(stream: &[u8], count: usize) -> usize {
    let mut at = 0;
    for _ in 0..count {
        let Some(header) = stream.get(at..at + FRAME_HEADER_BYTES) else { return stream.len() };
        let length = u32::from_be_bytes([header[1], header[2], header[3], header[4]]) as usize;
        at += FRAME_HEADER_BYTES + length;
    }
    at.min(stream.len())
}

fn next_ask(wishes: &mut Vec<Wish>) -> Option<Box<Ask>> {
    wishes.drain(..).find_map(|wish| match wish {
        Wish::Send(ask) => Some(ask),
        Wish::WakeAt(_) | Wish::Died => None,
    })
}

/// Catches up with everybody until nobody has anything new.
///
/// # Panics
/// When that does not end.
pub fn settle(tablets: &mut [Tablet], station: &mut Station, now: Millis) {
    for _ in 0..4 {
        for tablet in tablets.iter_mut() {
            // Somebody who waits after a failure is told to go on.
            sync(tablet, station, now);
        }
    }
}

/// The device, which is on.
///
/// # Panics
/// When it is off.
#[must_use]
pub fn on(tablet: &mut Tablet) -> &mut Device {
    tablet.device().expect("it is on")
}

/// What a tablet waits for, if its last attempt failed.
#[must_use]
pub fn fault(tablet: &Tablet) -> Option<Fault> {
    match tablet.phase() {
        doorstep_client_core::replica::machine::Phase::Waiting { fault, .. } => Some(fault),
        _ => None,
    }
}
