//! A revoked device takes its leave, and a desk takes up what it left.

use doorstep_protocol::authority::{Authority, Body, Cut, LateWork, Policy, Rights};
use doorstep_protocol::wire::frame::Remainder;
use doorstep_protocol::wire::{
    DeviceTails, FarewellAnswer, FarewellRequest, InboxClear, InboxPage, InboxRequest, InboxWhat, RecoverAnswer,
    RecoverRequest, RefusalReason, SignedWipeReceipt, TailsRequest, WipeReceipt,
};
use doorstep_protocol::{Bytes, Class, DeviceId, EnvelopeId, InboxNumber, LogHash, LogSize, SignerId, ZoneSeq, label};
use http::StatusCode;

use super::client;
use super::http::brought;
use super::reader::{REQUEST, Replica};
use super::relay::Street;
use super::town::{COUNCIL, Device, NOW, id_of, seal};
use crate::problem::Problem;
use crate::relay::farewell::Leaver;
use crate::relay::office::Root;
use crate::relay::{Caller, Relay};
use crate::store::SqliteStore;

/// A street where A was revoked: of four envelopes two are stored, and the cut is after the third.
struct Lost {
    street: Street,
    relay: Relay<SqliteStore>,
    work: Vec<Bytes>,
    known: (LogSize, LogHash),
}

impl Lost {
    fn new() -> Self {
        Self::with(|_| {})
    }

    fn with(before: impl FnOnce(&mut Street)) -> Self {
        let mut street = Street::new();
        before(&mut street);
        let relay = street.brought();
        let work: Vec<Bytes> = (0..4).map(|_| street.town.write(&mut street.a, street.home)).collect();
        let a = Caller::trusted(street.town.id(), street.a.id);
        let request = street.town.request(vec![], work[..2].to_vec());
        relay.sync_whole(a, &request, REQUEST, NOW).expect("served");
        let known = (street.town.authority.size(), street.town.authority.head());
        let cut = Cut { zone: street.home, zseq: ZoneSeq(3), envelope: id_of(&work[2]) };
        street.town.revoke(street.a.id, vec![cut]);
        let mut lost = Self { street, relay, work, known };
        lost.tell(known.0);
        lost
    }

    fn tell(&mut self, since: LogSize) {
        let town = &self.street.town;
        self.relay.append(&town.since(since, town.wraps.len())).expect("appended");
    }

    fn leaver(&self) -> Leaver {
        Leaver::trusted(self.street.town.id(), self.street.a.id)
    }

    fn request(&self, envelopes: &[Bytes]) -> FarewellRequest {
        FarewellRequest {
            partnership: self.street.town.id(),
            device: self.street.a.id,
            challenge: Bytes(vec![]),
            log_size: self.known.0,
            log_head: self.known.1,
            envelopes: envelopes.to_vec(),
            wiped: None,
        }
    }

    fn receipt(&self, signer: &Device, change: impl FnOnce(&mut WipeReceipt)) -> Bytes {
        let mut receipt = WipeReceipt {
            partnership: self.street.town.id(),
            device: self.street.a.id,
            log_size: self.street.town.authority.size(),
            log_head: self.street.town.authority.head(),
            time: NOW,
            unsent: 0,
        };
        change(&mut receipt);
        let receipt = Bytes(receipt.to_bytes());
        let signature = signer.sign(label::SIG_WIPE, &SignedWipeReceipt::signing_digest(&receipt.0));
        Bytes(SignedWipeReceipt { receipt, signature }.to_bytes())
    }

    fn inbox(&self, device: DeviceId, after: u64) -> InboxPage {
        let caller = Caller::trusted(self.street.town.id(), device);
        self.relay.inbox(caller, &InboxRequest { after: InboxNumber(after) }, NOW).expect("served")
    }
}

fn reasons(answer: &FarewellAnswer) -> Vec<RefusalReason> {
    answer.refused.iter().map(|refusal| refusal.reason).collect()
}

#[test]
fn lesson_20_a_revoked_device_learns_it_from_the_log_and_leaves_what_it_had_not_sent() {
    let mut lost = Lost::new();
    // The log goes on after the revocation: that is no longer the device's.
    let size = lost.street.town.authority.size();
    lost.street.town.device();
    lost.tell(size);
    let request = lost.request(&lost.work);
    let answer = lost.relay.farewell(lost.leaver(), &request, NOW).expect("heard");
    assert_eq!((answer.entries.len(), answer.remainder), (1, Remainder::Nothing));
    let at = usize::try_from(lost.known.0.0).expect("short");
    let mut log = Authority::replay(&lost.street.town.entries[..at]).expect("the device's log");
    log.append(&answer.entries[0]).expect("the next entry");
    assert!(!log.is_live(lost.street.a.id), "it learns it from the log itself");
    // Three count and have their places; the fourth is past the cut, and lies in the inbox.
    let ids: Vec<EnvelopeId> = lost.work.iter().map(id_of).collect();
    assert_eq!((answer.held.clone(), answer.refused.clone()), (ids.clone(), vec![]));
    let mut b = Replica::default();
    let who = (lost.street.town.id(), lost.street.b.id);
    b.sync(&lost.relay, who, vec![], NOW).expect("served");
    assert_eq!(b.envelopes[&lost.street.home], ids[..3]);
    let page = lost.inbox(lost.street.b.id, 0);
    assert_eq!(page.items.len(), 1);
    let item = &page.items[0];
    assert_eq!((item.number, item.device, item.arrived), (InboxNumber(1), lost.street.a.id, NOW));
    assert_eq!((item.what, &item.bytes), (InboxWhat::Envelope, &lost.work[3]));
    // The answer was lost: the same again is the same.
    assert_eq!(lost.relay.farewell(lost.leaver(), &request, NOW), Ok(answer));
    assert_eq!(lost.inbox(lost.street.b.id, 0).items.len(), 1);
}

#[test]
fn what_counts_but_has_no_place_is_held_and_what_is_nobodys_is_refused() {
    let mut lost = Lost::new();
    let town = &lost.street.town;
    // The third counts, and the server does not have the second of these.
    let mut other = town.write(&mut lost.street.b, lost.street.home);
    let elsewhere = town.write(&mut lost.street.a.clone(), doorstep_protocol::ZoneId([0x99; 16]));
    let mut forged = lost.work[3].clone();
    *forged.0.last_mut().expect("a signature") ^= 1;
    let sent = [other.clone(), elsewhere, forged, Bytes(vec![1, 2, 3])];
    let answer = lost.relay.farewell(lost.leaver(), &lost.request(&sent), NOW).expect("heard");
    assert_eq!(answer.held, []);
    let expected =
        [RefusalReason::NotEntitled, RefusalReason::NotEntitled, RefusalReason::Signature, RefusalReason::Malformed];
    assert_eq!(reasons(&answer), expected);
    // A fork of what counts: the place is taken.
    let mut header =
        town.header(&lost.street.a.with_tail(lost.street.home, ZoneSeq(1), id_of(&lost.work[0])), lost.street.home);
    (header.log_size, header.log_head) = lost.known;
    other = seal(&lost.street.a, &header, 512);
    let answer = lost.relay.farewell(lost.leaver(), &lost.request(&[other.clone()]), NOW).expect("heard");
    assert_eq!((answer.held, answer.refused), (vec![id_of(&other)], vec![]));
    assert_eq!(lost.inbox(lost.street.b.id, 0).items[0].bytes, other);
}

#[test]
fn a_policy_may_take_no_late_work_and_a_wipe_receipt_is_taken_all_the_same() {
    let mut lost = Lost::with(|street| {
        street.town.by_root(Body::Policy(Policy { late_work: LateWork::Refused, ..Policy::DEFAULT }))
    });
    let mut request = lost.request(&lost.work);
    request.wiped = Some(lost.receipt(&lost.street.a, |_| {}));
    let answer = lost.relay.farewell(lost.leaver(), &request, NOW).expect("heard");
    assert_eq!((answer.held.len(), reasons(&answer)), (3, vec![RefusalReason::NotHeld]));
    assert_eq!(lost.relay.farewell(lost.leaver(), &request, NOW), Ok(answer));
    let page = lost.inbox(lost.street.town.admin.id, 0);
    assert_eq!(page.items.iter().map(|item| item.what).collect::<Vec<_>>(), [InboxWhat::WipeReceipt]);
    assert_eq!(Some(page.items[0].bytes.clone()), request.wiped);
    assert_eq!(lost.inbox(lost.street.b.id, 0).items, [], "only admins are told");
    // None that proves nothing is taken, nor anything beside it.
    let a = lost.street.a.clone();
    let known = lost.known;
    let wrong = [
        lost.receipt(&lost.street.b, |_| {}),
        lost.receipt(&a, |receipt| receipt.device = DeviceId([9; 16])),
        lost.receipt(&a, |receipt| (receipt.log_size, receipt.log_head) = known),
        lost.receipt(&a, |receipt| receipt.log_head = LogHash([1; 32])),
        lost.receipt(&a, |receipt| receipt.partnership.0[0] ^= 1),
        Bytes(vec![0x80]),
    ];
    for (n, receipt) in wrong.into_iter().enumerate() {
        request.wiped = Some(receipt);
        assert_eq!(lost.relay.farewell(lost.leaver(), &request, NOW), Err(Problem::Malformed), "case {n}");
    }
    lost.known.1 = LogHash([1; 32]);
    let forked = lost.request(&[]);
    assert_eq!(lost.relay.farewell(lost.leaver(), &forked, NOW), Err(Problem::LogFork));
}

#[test]
fn who_may_not_hold_a_zone_reads_nothing_of_it_and_what_was_decided_stays_decided() {
    let mut landlord = None;
    let mut lost = Lost::with(|street| {
        landlord = Some(street.town.landlord().id);
        let stranger = street.town.device();
        let team = street.town.team(2, &[&stranger]);
        street.town.zone_with(0x33, Class::Register, team, Rights::READ_WRITE);
    });
    let stranger = lost.street.town.authority.devices().keys().copied().find(|id| {
        let known = [Some(lost.street.a.id), Some(lost.street.b.id), Some(lost.street.town.admin.id), landlord];
        !known.contains(&Some(*id))
    });
    let request = lost.request(&lost.work);
    lost.relay.farewell(lost.leaver(), &request, NOW).expect("heard");
    assert_eq!(lost.inbox(stranger.expect("a fourth"), 0).items, []);
    let numbers = vec![InboxNumber(1)];
    let clear = |device, numbers: Vec<InboxNumber>| {
        lost.relay.clear_inbox(Caller::trusted(lost.street.town.id(), device), &InboxClear { numbers }, NOW)
    };
    assert_eq!(clear(lost.street.b.id, numbers.clone()), Err(Problem::NotAdmin));
    let landlord = landlord.expect("it was made");
    assert_eq!(clear(landlord, numbers.clone()), Err(Problem::NotAdmin), "an admin, and not of the zone's owner");
    assert_eq!(clear(lost.street.town.admin.id, vec![InboxNumber(2), InboxNumber(1)]), Err(Problem::Malformed));
    assert_eq!(clear(lost.street.town.admin.id, numbers.clone()), Ok(()));
    assert_eq!(clear(lost.street.town.admin.id, numbers), Ok(()));
    let again = lost.relay.farewell(lost.leaver(), &request, NOW).expect("heard");
    assert_eq!(again.held.len(), 4);
    assert_eq!(lost.inbox(lost.street.b.id, 0).items, [], "decided once");
    // What it leaves next has a number of its own.
    let next = lost.street.town.write(&mut lost.street.a, lost.street.fire);
    let next = lost.request(&[next]);
    lost.relay.farewell(lost.leaver(), &next, NOW).expect("heard");
    assert_eq!(lost.inbox(lost.street.b.id, 1).items[0].number, InboxNumber(2));
}

#[test]
fn what_is_adopted_from_the_inbox_comes_into_the_feed_with_all_that_lies_before_it() {
    let mut lost = Lost::new();
    let mut header = lost.street.town.header(&lost.street.a, lost.street.home);
    (header.log_size, header.log_head) = lost.known;
    let last = seal(&lost.street.a, &header, 256);
    let sent = [lost.work[2].clone(), lost.work[3].clone(), last.clone()];
    lost.relay.farewell(lost.leaver(), &lost.request(&sent), NOW).expect("heard");
    let desk = Caller::trusted(lost.street.town.id(), lost.street.b.id);
    let bring = |lost: &Lost| {
        let request = lost.street.town.request(vec![], vec![lost.work[3].clone(), last.clone()]);
        let bytes = lost.relay.sync_whole(desk, &request, REQUEST, NOW).expect("served");
        let mut replica = Replica { log: Some(lost.street.town.authority.clone()), ..Replica::default() };
        replica.take(&bytes, &lost.relay.server_key(), &REQUEST)
    };
    let refused = bring(&lost).refusals;
    assert_eq!(refused.iter().map(|r| r.reason).collect::<Vec<_>>(), [RefusalReason::Revoked; 2]);
    let size = lost.street.town.authority.size();
    lost.street.town.adopt(lost.street.home, lost.street.a.id, id_of(&last));
    lost.tell(size);
    let said = bring(&lost);
    assert_eq!((said.receipts.len(), said.refusals), (2, vec![]), "the one before keeps its place and does not count");
}

#[tokio::test]
async fn farewell_inbox_tails_and_recovery_over_sockets() {
    let mut street = Street::new();
    let station = brought(&street).await;
    let (running, id) = (&station.running, street.town.id());
    let of_a = client::session(running, id, &street.a).await.session.0;
    let of_b = client::session(running, id, &street.b).await.session.0;
    let of_admin = client::session(running, id, &street.town.admin).await.session.0;
    let sent = street.town.write(&mut street.a, street.home);
    client::sync(running, id, &street.a, &of_a, &street.town.request(vec![], vec![sent.clone()])).await;

    // The cuts of a revocation: for admins only.
    let asks = TailsRequest { device: street.a.id }.to_bytes();
    let refused = client::say(running, id, &street.b, ("/v1/tails", &of_b), asks.clone()).await;
    assert_eq!((refused.status, refused.problem()), (StatusCode::FORBIDDEN, "not-admin".to_owned()));
    let admin = street.town.admin.clone();
    let tails = client::say(running, id, &admin, ("/v1/tails", &of_admin), asks).await;
    let tails = DeviceTails::parse(&tails.body).expect("tails").tails;
    assert_eq!(tails.iter().map(|t| (t.zone, t.envelope)).collect::<Vec<_>>(), [(street.home, id_of(&sent))]);

    let late = street.town.write(&mut street.a, street.home);
    let known = (street.town.authority.size(), street.town.authority.head());
    let farewell = |device: &Device, challenge: Bytes| FarewellRequest {
        partnership: id,
        device: device.id,
        challenge,
        log_size: known.0,
        log_head: known.1,
        envelopes: vec![late.clone()],
        wiped: None,
    };
    // A device that is served, and a stranger, are refused with one answer.
    for device in [street.b.clone(), street.b.with_key(ed25519_dalek::SigningKey::from_bytes(&[0x77; 32]))] {
        let challenge = client::challenge(running, id, &device).await.challenge;
        let body = farewell(&device, challenge.clone()).to_bytes();
        let refused = client::say(running, id, &device, ("/v1/farewell", &challenge.0), body).await;
        assert_eq!(refused.problem(), "unauthorised");
    }
    let cut = Cut { zone: street.home, zseq: ZoneSeq(1), envelope: id_of(&sent) };
    street.town.revoke(street.a.id, vec![cut]);
    client::append(running, &street.town.since(known.0, street.town.wraps.len())).await;
    let challenge = client::challenge(running, id, &street.a).await.challenge;
    let body = farewell(&street.a, challenge.clone()).to_bytes();
    let answer = client::say(running, id, &street.a, ("/v1/farewell", &challenge.0), body.clone()).await;
    let answer = FarewellAnswer::parse(&answer.body).expect("an answer");
    assert_eq!((answer.entries.len(), answer.held), (1, vec![id_of(&late)]));
    // Its old session is no challenge.
    let refused = client::say(running, id, &street.a, ("/v1/farewell", &of_a), body).await;
    assert_eq!(refused.problem(), "unauthorised");

    let asks = InboxRequest { after: InboxNumber(0) }.to_bytes();
    let page = client::say(running, id, &street.b, ("/v1/inbox", &of_b), asks.clone()).await;
    assert_eq!(InboxPage::parse(&page.body).expect("a page").items.len(), 1);
    let clear = InboxClear { numbers: vec![InboxNumber(1)] }.to_bytes();
    let cleared = client::say(running, id, &admin, ("/v1/inbox/clear", &of_admin), clear).await;
    assert_eq!((cleared.status, cleared.body.len()), (StatusCode::OK, 0));
    let page = client::say(running, id, &street.b, ("/v1/inbox", &of_b), asks).await;
    assert_eq!(InboxPage::parse(&page.body).expect("a page").items, []);

    // Whoever holds a root key gets the log, from wherever it is.
    let root = street.town.root();
    for (device, after, expected) in [(&root, 0, street.town.entries.len()), (&root, 3, street.town.entries.len() - 3)]
    {
        let challenge = client::challenge(running, id, device).await.challenge;
        let request = RecoverRequest {
            partnership: id,
            root: SignerId(device.id.0),
            challenge: challenge.clone(),
            after: LogSize(after),
        };
        let answer = client::say(running, id, device, ("/v1/recover", &challenge.0), request.to_bytes()).await;
        let answer = RecoverAnswer::parse(&answer.body).expect("entries");
        assert_eq!((answer.entries.len(), answer.remainder), (expected, Remainder::Nothing));
    }
    let challenge = client::challenge(running, id, &admin).await.challenge;
    let request =
        RecoverRequest { partnership: id, root: admin.id.into(), challenge: challenge.clone(), after: LogSize(0) };
    let refused = client::say(running, id, &admin, ("/v1/recover", &challenge.0), request.to_bytes()).await;
    assert_eq!(refused.problem(), "unauthorised");
    let other = Root::trusted(id, SignerId([7; 16]));
    let relay = street.brought();
    let request = RecoverRequest { partnership: id, root: SignerId([7; 16]), challenge, after: LogSize(0) };
    assert_eq!(relay.recover(other, &request), Err(Problem::Unauthorised));
    assert_eq!(COUNCIL, street.town.authority.zones()[&street.home].organisation);
}
