//! An answer may end at any frame, or within one, and budgets cut it: the reader goes on from where it is.

use doorstep_protocol::wire::FrameDecoder;
use doorstep_protocol::wire::frame::Remainder;
use doorstep_protocol::{Bytes, limits};

use super::reader::{REQUEST, Replica};
use super::relay::Street;
use super::town::NOW;
use crate::relay::Caller;

/// What a connection that broke off after `bytes` has delivered whole.
fn whole_frames(bytes: &[u8]) -> usize {
    let mut decoder = FrameDecoder::default();
    decoder.push(bytes);
    let mut whole = 0;
    while let Ok(Some(frame)) = decoder.next_frame() {
        whole += frame.to_bytes().len();
    }
    whole
}

#[test]
fn a_reader_resumes_at_any_frame() {
    let mut street = Street::new();
    let relay = street.brought();
    let envelopes: Vec<Bytes> =
        (0..6).map(|n| street.town.write(&mut street.a, if n % 2 == 0 { street.home } else { street.fire })).collect();
    let a = Caller::trusted(street.town.id(), street.a.id);
    relay.sync_whole(a, &street.town.request(vec![], envelopes), REQUEST, NOW).expect("served");

    let b = Caller::trusted(street.town.id(), street.b.id);
    let mut complete = Replica::default();
    let whole = relay.sync_whole(b, &complete.request(vec![], 0), REQUEST, NOW).expect("served");
    complete.take(&whole, &relay.server_key(), &REQUEST);
    let mut cuts: Vec<usize> = (0..whole.len()).map(|at| whole_frames(&whole[..at])).collect();
    cuts.dedup();
    assert!(cuts.len() > 20, "many frames");
    for cut in cuts {
        let mut replica = Replica::default();
        replica.take(&whole[..cut], &relay.server_key(), &REQUEST);
        let rest = relay.sync_whole(b, &replica.request(vec![], 0), REQUEST, NOW).expect("served");
        let said = replica.take(&rest, &relay.server_key(), &REQUEST);
        assert_eq!(said.remainder, Some(Remainder::Nothing), "cut at {cut}");
        assert_eq!((&replica.log, &replica.feeds), (&complete.log, &complete.feeds), "cut at {cut}");
        assert_eq!(replica.envelopes, complete.envelopes, "cut at {cut}");
    }
}

#[test]
fn a_budget_cuts_an_answer_and_more_requests_bring_the_rest() {
    let mut street = Street::new();
    let relay = street.brought();
    let mut a = Replica::default();
    let who = (street.town.id(), street.a.id);
    a.sync(&relay, who, vec![], NOW).expect("served");
    // Each alone fits every budget, three do not.
    for _ in 0..4 {
        let long = limits::ENVELOPE_BYTES_MAX - 1_024;
        let envelopes: Vec<Bytes> = (0..3).map(|_| street.town.write_long(&mut street.a, street.home, long)).collect();
        assert_eq!(a.sync(&relay, who, envelopes, NOW).expect("served").receipts.len(), 3);
    }
    let b = Caller::trusted(street.town.id(), street.b.id);
    let mut replica = Replica::default();
    let mut requests = 0;
    loop {
        requests += 1;
        let answer = relay.sync_whole(b, &replica.request(vec![], 1), REQUEST, NOW).expect("served");
        assert!(answer.len() <= limits::ANSWER_BYTES_MIN as usize, "{} bytes", answer.len());
        if replica.take(&answer, &relay.server_key(), &REQUEST).remainder == Some(Remainder::Nothing) {
            break;
        }
        assert!(requests < 20, "every answer brings something");
    }
    assert!(requests >= 6, "{requests}");
    assert_eq!(replica.envelopes, a.envelopes);
}

#[test]
fn a_long_log_comes_in_parts_with_every_wrap() {
    let mut street = Street::new();
    let team = doorstep_protocol::TeamId([1; 16]);
    let relay = street.brought();
    // Entries of a few hundred bytes: far more than the smallest budget's share.
    for _ in 0..4 {
        let (size, wraps) = (street.town.authority.size(), street.town.wraps.len());
        for _ in 0..limits::LOG_APPEND_ENTRIES_MAX {
            street.town.team_epoch(team);
        }
        relay.append(&street.town.since(size, wraps)).expect("epochs");
    }
    let b = Caller::trusted(street.town.id(), street.b.id);
    let mut replica = Replica::default();
    let mut requests = 0;
    loop {
        requests += 1;
        let answer = relay.sync_whole(b, &replica.request(vec![], 1), REQUEST, NOW).expect("served");
        assert!(answer.len() <= limits::ANSWER_BYTES_MIN as usize);
        if replica.take(&answer, &relay.server_key(), &REQUEST).remainder == Some(Remainder::Nothing) {
            break;
        }
        assert!(requests < 20, "every answer brings something");
    }
    assert!(requests >= 2, "{requests}");
    assert_eq!(replica.wraps.len(), 1 + 4 * limits::LOG_APPEND_ENTRIES_MAX);
    assert_eq!(replica.log.map(|log| log.head()), Some(street.town.authority.head()));
}
