//! Sealed parts: claimed by who may write, kept when they are what they are called, given to who may read, freed by an
//! erasure, and within a quota of their own.

use doorstep_protocol::authority::{EraseReason, Rights};
use doorstep_protocol::wire::{BlobClaim, ClaimAnswer, ClaimRequest, PART_MEDIA_TYPE};
use doorstep_protocol::{BlobId, Class, DocumentId, Millis, ZoneId, hash, limits};
use http::header::CONTENT_TYPE;
use http::{Method, StatusCode};

use super::client::{self, Answer};
use super::http::station;
use super::relay::{Street, keys};
use super::town::{Device, NOW};
use crate::parts::{PARTS_FOLDER, PartFolder};
use crate::problem::Problem;
use crate::relay::{Caller, Relay, RelayPolicy};
use crate::store::{ClaimLimit, SqliteStore};

/// The document that the town's erasures name.
const DOCUMENT: DocumentId = DocumentId([6; 16]);
const OTHER: DocumentId = DocumentId([7; 16]);

/// A sealed part, as far as a server can tell.
fn part(seed: u8, bytes: usize) -> (BlobId, Vec<u8>) {
    let bytes: Vec<u8> = (0..bytes).map(|at| (at as u8).wrapping_mul(31) ^ seed).collect();
    (BlobId(hash::sha256(&bytes).0), bytes)
}

struct Place {
    street: Street,
    relay: Relay<SqliteStore>,
    folder: tempfile::TempDir,
}

impl Place {
    fn new(quota_bytes: u64) -> Self {
        Self::of(Street::new(), quota_bytes)
    }

    fn of(street: Street, quota_bytes: u64) -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = SqliteStore::in_memory(doorstep_protocol::StoreId([1; 16])).expect("memory");
        let policy = RelayPolicy { parts_quota_bytes: quota_bytes, ..RelayPolicy::default() };
        let relay = Relay::new(store, keys(), policy).expect("it answers");
        let relay = relay.with_parts(PartFolder::open(folder.path()).expect("a folder")).expect("it answers");
        relay.append(&street.town.bring()).expect("brought");
        Self { street, relay, folder }
    }

    fn caller(&self, device: &Device) -> Caller {
        Caller::trusted(self.street.town.id(), device.id)
    }

    fn a(&self) -> Caller {
        self.caller(&self.street.a)
    }

    fn request(&self, zone: ZoneId, document: DocumentId, blobs: &[BlobId]) -> ClaimRequest {
        let mut blobs = blobs.to_vec();
        blobs.sort_unstable();
        let claims = vec![BlobClaim { zone, document, blobs }];
        ClaimRequest { log_size: self.street.town.authority.size(), claims }
    }

    fn claim(&self, document: DocumentId, blobs: &[BlobId]) -> ClaimAnswer {
        self.relay.claim(self.a(), &self.request(self.street.home, document, blobs), NOW).expect("claimed")
    }

    fn files(&self) -> usize {
        fn count(folder: &std::path::Path) -> usize {
            let entries = std::fs::read_dir(folder).expect("a folder");
            entries.map(|e| e.expect("an entry").path()).map(|p| if p.is_dir() { count(&p) } else { 1 }).sum()
        }
        count(&self.folder.path().join(PARTS_FOLDER))
    }
}

#[test]
fn a_part_is_claimed_brought_and_read_and_the_same_again_changes_nothing() {
    let place = Place::new(u64::MAX);
    let ((id, bytes), (second, _)) = (part(1, 400), part(2, 400));
    assert_eq!(place.relay.put_part(place.a(), id, &bytes, NOW), Err(Problem::Unclaimed));
    for _ in 0..2 {
        let mut missing = place.claim(DOCUMENT, &[id, second]).missing;
        missing.sort_unstable_by_key(|found| *found != id);
        assert_eq!(missing, [id, second]);
    }
    assert_eq!(place.relay.part(place.a(), id, NOW), Err(Problem::NoPart));
    for _ in 0..2 {
        place.relay.put_part(place.a(), id, &bytes, NOW).expect("kept");
    }
    assert_eq!(place.claim(DOCUMENT, &[id, second]), ClaimAnswer { missing: vec![second], refused: vec![] });
    let b = place.caller(&place.street.b);
    assert_eq!(place.relay.part(b, id, NOW).as_deref(), Ok(&bytes[..]));
    assert_eq!(place.files(), 1);
}

#[test]
fn a_part_that_is_not_what_it_is_called_or_has_another_length_is_refused() {
    let place = Place::new(u64::MAX);
    let (id, mut bytes) = part(1, 400);
    let (short, short_bytes) = part(2, limits::PART_SEALED_BYTES_MIN - 1);
    let (long, long_bytes) = part(3, limits::PART_SEALED_BYTES_MAX + 1);
    place.claim(DOCUMENT, &[id, short, long]);
    bytes[7] ^= 1;
    for (id, bytes) in [(id, bytes), (short, short_bytes), (long, long_bytes)] {
        assert_eq!(place.relay.put_part(place.a(), id, &bytes, NOW), Err(Problem::Malformed));
    }
    assert_eq!(place.files(), 0);
}

#[test]
fn only_who_may_write_the_zone_claims_and_brings_and_only_who_may_read_it_reads() {
    let mut street = Street::new();
    let (reader, stranger) = (street.town.device(), street.town.device());
    let readers = street.town.team(2, &[&reader]);
    let strangers = street.town.team(3, &[&stranger]);
    let read_only = street.town.zone_with(0x44, Class::Home, readers, Rights::READ);
    street.town.zone(0x45, Class::Register, strangers);
    let place = Place::of(street, u64::MAX);
    let (id, bytes) = part(1, 400);
    let reader = place.caller(&reader);
    let refused = place.relay.claim(reader, &place.request(read_only, DOCUMENT, &[id]), NOW).expect("an answer");
    assert_eq!(refused, ClaimAnswer { missing: vec![], refused: vec![DOCUMENT] });
    place.claim(DOCUMENT, &[id]);
    for other in [reader, place.caller(&stranger)] {
        assert_eq!(place.relay.put_part(other, id, &bytes, NOW), Err(Problem::Unclaimed));
    }
    place.relay.put_part(place.a(), id, &bytes, NOW).expect("kept");
    for other in [reader, place.caller(&stranger)] {
        assert_eq!(place.relay.part(other, id, NOW), Err(Problem::NoPart), "as if there were none");
    }
}

#[test]
fn an_erasure_frees_what_nobody_else_claims_and_who_did_not_hear_of_it_claims_nothing() {
    let mut place = Place::new(u64::MAX);
    let ((own, own_bytes), (shared, shared_bytes)) = (part(1, 400), part(2, 500));
    place.claim(DOCUMENT, &[own, shared]);
    place.claim(OTHER, &[shared]);
    for (id, bytes) in [(own, &own_bytes), (shared, &shared_bytes)] {
        place.relay.put_part(place.a(), id, bytes, NOW).expect("kept");
    }
    let before = place.request(place.street.home, DOCUMENT, &[own]);
    let second = place.street.town.second_admin();
    let (size, wraps) = (place.street.town.authority.size(), place.street.town.wraps.len());
    let work = place.street.town.write(&mut place.street.a, place.street.home);
    place.street.town.erase(&second, place.street.home, &[&work]);
    // The admin's entries came before the erasure, and go with it.
    let missing = doorstep_protocol::LogSize(size.0 - 2);
    let append = place.street.town.since(missing, wraps);
    place.relay.append(&append).expect("erased");
    assert_eq!(place.relay.freed_bytes(), 400);
    assert_eq!((place.files(), place.relay.part(place.a(), own, NOW)), (1, Err(Problem::NoPart)));
    assert_eq!(place.relay.part(place.a(), shared, NOW).as_deref(), Ok(&shared_bytes[..]));
    assert_eq!(place.relay.put_part(place.a(), own, &own_bytes, NOW), Err(Problem::Unclaimed));
    let size = place.street.town.authority.size();
    assert_eq!(place.relay.claim(place.a(), &before, NOW), Err(Problem::LogConflict { size }));
    // Whoever knows of it begins the document anew.
    assert_eq!(place.claim(DOCUMENT, &[own]).missing, [own]);
    place.relay.put_part(place.a(), own, &own_bytes, NOW).expect("kept");
    // What came late of the old one is named, and nothing of the new one goes.
    let wraps = place.street.town.wraps.len();
    place.street.town.erase_for(EraseReason::Finish, &second, place.street.home, &[&work]);
    place.relay.append(&place.street.town.since(size, wraps)).expect("finished");
    assert_eq!(place.relay.part(place.a(), own, NOW).as_deref(), Ok(&own_bytes[..]));
    assert_eq!(place.relay.freed_bytes(), 400, "no more than before");
}

#[test]
fn a_full_quota_refuses_in_words_loses_nothing_and_has_room_again_after_an_erasure() {
    let mut place = Place::new(900);
    let ((first, first_bytes), (second, second_bytes)) = (part(1, 500), part(2, 500));
    place.claim(DOCUMENT, &[first]);
    place.claim(OTHER, &[second]);
    place.relay.put_part(place.a(), first, &first_bytes, NOW).expect("there is room");
    let full = place.relay.put_part(place.a(), second, &second_bytes, NOW);
    assert_eq!(full, Err(Problem::PartsFull { limit_bytes: 900 }));
    let words = String::from_utf8(Problem::PartsFull { limit_bytes: 900 }.to_json()).expect("JSON");
    assert!(words.contains("900 bytes") && words.contains("photo-quota-bytes"), "{words}");
    assert_eq!(place.relay.part(place.a(), first, NOW).as_deref(), Ok(&first_bytes[..]));
    let second_admin = place.street.town.second_admin();
    let size = place.street.town.authority.size();
    let work = place.street.town.write(&mut place.street.a, place.street.home);
    place.street.town.erase(&second_admin, place.street.home, &[&work]);
    let append = place.street.town.since(doorstep_protocol::LogSize(size.0 - 2), place.street.town.wraps.len());
    place.relay.append(&append).expect("erased");
    place.relay.put_part(place.a(), second, &second_bytes, NOW).expect("there is room again");
}

#[test]
fn a_claim_that_waits_too_long_lapses_and_is_made_again() {
    let place = Place::new(u64::MAX);
    let ((late, late_bytes), (here, here_bytes), (fresh, _)) = (part(1, 400), part(2, 400), part(3, 400));
    place.claim(DOCUMENT, &[late, here]);
    place.relay.put_part(place.a(), here, &here_bytes, NOW).expect("kept");
    let later = Millis(NOW.0 + limits::CLAIM_WAITS_MS_MAX + 1);
    let again = |blobs: &[BlobId]| {
        place.relay.claim(place.a(), &place.request(place.street.home, OTHER, blobs), later).expect("claimed")
    };
    assert_eq!(again(&[fresh]).missing, [fresh]);
    assert_eq!(place.relay.put_part(place.a(), late, &late_bytes, later), Err(Problem::Unclaimed));
    assert_eq!(place.relay.part(place.a(), here, later).as_deref(), Ok(&here_bytes[..]), "what came stays");
    assert_eq!(again(&[late]).missing, [late]);
    place.relay.put_part(place.a(), late, &late_bytes, later).expect("kept");
}

#[test]
fn a_document_claims_so_many_parts_and_a_request_names_so_many() {
    let place = Place::new(u64::MAX);
    let blobs = |from: u64, count: usize| -> Vec<BlobId> {
        (from..).take(count).map(|n| BlobId(hash::sha256(&n.to_be_bytes()).0)).collect()
    };
    let too_many = place.request(place.street.home, DOCUMENT, &blobs(0, limits::CLAIM_BLOBS_MAX + 1));
    assert_eq!(place.relay.claim(place.a(), &too_many, NOW), Err(Problem::Malformed));
    assert_eq!(
        place.relay.claim(place.a(), &place.request(place.street.home, DOCUMENT, &[]), NOW),
        Err(Problem::Malformed)
    );
    for n in 0..limits::DOCUMENT_BLOBS_MAX / limits::CLAIM_BLOBS_MAX as u64 {
        place.claim(DOCUMENT, &blobs(n * limits::CLAIM_BLOBS_MAX as u64, limits::CLAIM_BLOBS_MAX));
    }
    let one_more = place.request(place.street.home, DOCUMENT, &blobs(limits::DOCUMENT_BLOBS_MAX, 1));
    let full = Err(Problem::ClaimsFull { limit: ClaimLimit::Document });
    assert_eq!(place.relay.claim(place.a(), &one_more, NOW), full);
    assert!(ClaimLimit::Document.words().contains(&limits::DOCUMENT_BLOBS_MAX.to_string()));
    assert!(ClaimLimit::Awaited.words().contains(&limits::AWAITED_BLOBS_MAX.to_string()));
}

#[test]
fn a_folder_that_was_lost_is_asked_for_again() {
    let place = Place::new(u64::MAX);
    let (id, bytes) = part(1, 400);
    place.claim(DOCUMENT, &[id]);
    place.relay.put_part(place.a(), id, &bytes, NOW).expect("kept");
    let tenant = place.folder.path().join(PARTS_FOLDER).join(place.street.town.id().to_string());
    std::fs::remove_dir_all(&tenant).expect("lost");
    assert_eq!(place.relay.part(place.a(), id, NOW), Err(Problem::NoPart));
    assert_eq!(place.claim(DOCUMENT, &[id]).missing, [id]);
    place.relay.put_part(place.a(), id, &bytes, NOW).expect("kept again");
    assert_eq!(place.relay.part(place.a(), id, NOW).as_deref(), Ok(&bytes[..]));
}

async fn ask(
    running: &crate::server::Running,
    street: &Street,
    (method, id): (Method, BlobId),
    token: &[u8],
    body: Vec<u8>,
) -> Answer {
    let path = format!("/v1/blobs/{id}");
    let headers = client::sign(&street.a, street.town.id(), (method.as_str(), &path), token, &body);
    let mut request = client::signed((method, &path), &headers, body);
    request.headers_mut().insert(CONTENT_TYPE, PART_MEDIA_TYPE.parse().expect("a media type"));
    let answer = client::send(running.address(), request).await;
    // `HEAD` has the head of the answer that `GET` would have.
    answer
}

#[tokio::test]
async fn parts_travel_over_sockets_signed_both_ways() {
    let street = Street::new();
    let station = station(|_| {});
    client::append(&station.running, &street.town.bring()).await;
    let (running, key) = (&station.running, station.running.server_key());
    let token = client::session(running, street.town.id(), &street.a).await.session.0;
    let (id, bytes) = part(1, limits::PART_SEALED_BYTES_MAX);
    let claims = vec![BlobClaim { zone: street.home, document: DOCUMENT, blobs: vec![id] }];
    let body = ClaimRequest { log_size: street.town.authority.size(), claims }.to_bytes();
    let answer = client::say(running, street.town.id(), &street.a, ("/v1/claims", &token), body).await;
    assert_eq!(ClaimAnswer::parse(&answer.body).expect("an answer").missing, [id]);

    let answer = ask(running, &street, (Method::GET, id), &token, Vec::new()).await;
    assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::NOT_FOUND, "no-part"));
    let mut other = bytes.clone();
    other[0] ^= 1;
    let answer = ask(running, &street, (Method::PUT, id), &token, other).await;
    assert_eq!((answer.status, answer.problem().as_str()), (StatusCode::BAD_REQUEST, "malformed"));
    let answer = ask(running, &street, (Method::PUT, id), &token, bytes.clone()).await;
    assert_eq!(answer.status, StatusCode::OK, "{}", String::from_utf8_lossy(&answer.body));
    let answer = ask(running, &street, (Method::GET, id), &token, Vec::new()).await;
    assert_eq!((answer.status, answer.header("content-type")), (StatusCode::OK, PART_MEDIA_TYPE));
    assert_eq!(answer.body, bytes);
    let answer = ask(running, &street, (Method::HEAD, id), &token, Vec::new()).await;
    assert_eq!((answer.status, answer.body.len()), (StatusCode::OK, 0));
    assert_eq!(answer.header("content-length"), bytes.len().to_string());

    // Not by a stranger, nor unsigned, nor under another name of the same path.
    let unsigned = client::get(running.address(), &format!("/v1/blobs/{id}")).await.verified(&key, None);
    assert_eq!(unsigned.problem(), "unauthorised");
    let path = format!("/v1/blobs/{}", id.to_string().to_uppercase());
    let headers = client::sign(&street.a, street.town.id(), ("GET", &path), &token, &[]);
    let answer = client::send(running.address(), client::signed((Method::GET, &path), &headers, Vec::new())).await;
    assert_eq!(answer.problem(), "not-found");
}
