//! Two admins erase: the bytes go, from the file too, and the places stay.

use doorstep_protocol::authority::{EraseReason, ErasedEnvelope};
use doorstep_protocol::wire::RefusalReason;
use doorstep_protocol::{Bytes, ZoneSeq};

use super::reader::{REQUEST, Replica};
use super::relay::{Street, keys};
use super::town::{Device, NOW, id_of};
use crate::domain::append::AppendRefusal;
use crate::problem::Problem;
use crate::relay::{Caller, Relay, RelayPolicy};
use crate::store::SqliteStore;
use crate::store::sqlite::{DATABASE_FILE, backup};

/// A street with a second admin, and five envelopes of A.
struct Known {
    street: Street,
    second: Device,
    work: Vec<Bytes>,
}

impl Known {
    fn new() -> Self {
        let mut street = Street::new();
        let second = street.town.second_admin();
        let work = (0..5).map(|_| street.town.write(&mut street.a, street.home)).collect();
        Self { street, second, work }
    }

    fn push(&self, relay: &Relay<SqliteStore>, envelopes: &[Bytes]) -> Vec<Result<u64, RefusalReason>> {
        let a = Caller::trusted(self.street.town.id(), self.street.a.id);
        let request = self.street.town.request(vec![], envelopes.to_vec());
        let bytes = relay.sync_whole(a, &request, REQUEST, NOW).expect("served");
        let said = Replica { log: Some(self.street.town.authority.clone()), ..Replica::default() }.take(
            &bytes,
            &relay.server_key(),
            &REQUEST,
        );
        let refused = said.refusals.iter().map(|refusal| Err(refusal.reason));
        said.receipts.iter().map(|receipt| Ok(receipt.number.0)).chain(refused).collect()
    }

    fn erase(&mut self, relay: &Relay<SqliteStore>, envelopes: &[usize]) -> Result<(), Problem> {
        let size = self.street.town.authority.size();
        let named: Vec<&Bytes> = envelopes.iter().map(|n| &self.work[*n]).collect();
        self.street.town.erase(&self.second, self.street.home, &named);
        relay.append(&self.street.town.since(size, self.street.town.wraps.len())).map(|_| ())
    }

    fn read(&self, relay: &Relay<SqliteStore>) -> (usize, Vec<u8>) {
        let b = Caller::trusted(self.street.town.id(), self.street.b.id);
        let bytes = relay.sync_whole(b, &Replica::default().request(vec![], 0), REQUEST, NOW).expect("served");
        let mut replica = Replica::default();
        let said = replica.take(&bytes, &relay.server_key(), &REQUEST);
        let all: Vec<_> = self.work.iter().map(id_of).collect();
        assert_eq!(replica.envelopes[&self.street.home], all, "every place stays");
        (said.own, bytes)
    }
}

fn holds(bytes: &[u8], envelope: &Bytes) -> bool {
    // The id and the header's counters may stay; what was sealed and signed may not.
    let signature = &envelope.0[envelope.0.len() - 64..];
    bytes.windows(64).any(|window| window == signature)
}

#[test]
fn what_is_erased_leaves_its_place_and_frees_its_bytes() {
    let mut known = Known::new();
    let relay = known.street.brought();
    assert_eq!(known.push(&relay, &known.work.clone()), [Ok(1), Ok(2), Ok(3), Ok(4), Ok(5)]);
    known.erase(&relay, &[1, 2]).expect("erased");
    assert_eq!(relay.freed_bytes(), (known.work[1].0.len() + known.work[2].0.len()) as u64);
    let (gone, bytes) = known.read(&relay);
    assert_eq!(gone, 2);
    assert!(!holds(&bytes, &known.work[1]) && holds(&bytes, &known.work[0]));
    // A device that had not heard brings them again: they have their places, and nothing comes back.
    assert_eq!(known.push(&relay, &known.work.clone()), [Ok(1), Ok(2), Ok(3), Ok(4), Ok(5)]);
    let (gone, bytes) = known.read(&relay);
    assert_eq!((gone, holds(&bytes, &known.work[2])), (2, false));
}

#[test]
fn an_erasure_is_finished_by_one_that_names_what_came_later_beside_what_is_gone() {
    let mut known = Known::new();
    let relay = known.street.brought();
    known.push(&relay, &known.work.clone());
    known.erase(&relay, &[1]).expect("erased");
    known.erase(&relay, &[1, 2]).expect("the first of them is gone already");
    assert_eq!(relay.freed_bytes(), (known.work[1].0.len() + known.work[2].0.len()) as u64);
    assert_eq!(known.read(&relay).0, 2);
}

#[test]
fn what_was_erased_before_it_came_and_what_nobody_has_any_more_keep_their_places() {
    for erased_and_lost in [false, true] {
        let mut known = Known::new();
        let relay = known.street.brought();
        known.erase(&relay, &[1, 2]).expect("nothing of it is here yet");
        let sent: Vec<Bytes> = match erased_and_lost {
            false => known.work.clone(),
            true => [0, 3, 4].map(|n| known.work[n].clone()).into(),
        };
        let told = known.push(&relay, &sent);
        let expected: &[u64] = if erased_and_lost { &[1, 4, 5] } else { &[1, 2, 3, 4, 5] };
        assert_eq!(told, expected.iter().map(|n| Ok(*n)).collect::<Vec<_>>());
        let (gone, bytes) = known.read(&relay);
        assert_eq!((gone, holds(&bytes, &known.work[1])), (2, false));
    }
}

#[test]
fn an_erasure_that_misnames_an_envelope_is_refused_in_words() {
    let mut known = Known::new();
    let relay = known.street.brought();
    known.push(&relay, &known.work.clone());
    let size = known.street.town.authority.size();
    let wrong = ErasedEnvelope { envelope: id_of(&known.work[1]), author: known.street.a.id, zseq: ZoneSeq(3) };
    known.street.town.erase_named(EraseReason::Request, &known.second, known.street.home, vec![wrong]);
    let refused = relay.append(&known.street.town.since(size, known.street.town.wraps.len()));
    let Err(Problem::AppendRefused(refusal @ AppendRefusal::Misnamed { .. })) = refused else { panic!("{refused:?}") };
    assert!(refusal.to_string().contains(&id_of(&known.work[1]).to_string()), "{refusal}");
    assert_eq!(relay.freed_bytes(), 0);
    let b = Caller::trusted(known.street.town.id(), known.street.b.id);
    let (held, _) = relay.readable_heads(b, NOW).expect("served");
    assert_eq!(held, size, "nothing was written");
}

#[test]
fn a_space_that_was_full_has_room_again() {
    let mut known = Known::new();
    let one = known.work[0].0.len() as u64;
    let store = SqliteStore::in_memory(doorstep_protocol::StoreId([1; 16])).expect("memory");
    let policy = RelayPolicy { quota_bytes: one * 4, ..RelayPolicy::default() };
    let relay = Relay::new(store, keys(), policy).expect("it answers");
    relay.append(&known.street.town.bring()).expect("brought");
    let told = known.push(&relay, &known.work.clone());
    assert_eq!(told, [Ok(1), Ok(2), Ok(3), Ok(4), Err(RefusalReason::Quota)]);
    known.erase(&relay, &[0]).expect("erased");
    assert_eq!(known.push(&relay, &known.work[4..]), [Ok(5)]);
}

#[test]
fn neither_the_files_nor_a_backup_hold_what_was_erased() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = folder.path().join(DATABASE_FILE);
    let mut known = Known::new();
    // One that fills pages of its own, too.
    known.work.push(known.street.town.write_long(&mut known.street.a, known.street.home, 20_000));
    let store = SqliteStore::open(&path).expect("a file");
    let relay = Relay::new(store, keys(), RelayPolicy::default()).expect("it answers");
    relay.append(&known.street.town.bring()).expect("brought");
    known.push(&relay, &known.work.clone());
    let older = folder.path().join("older.db");
    backup::backup(&path, &older).expect("copied");
    let on_disk = |name: &str| std::fs::read(folder.path().join(name)).unwrap_or_default();
    let all = |suffixes: &[&str]| suffixes.iter().flat_map(|s| on_disk(&format!("{DATABASE_FILE}{s}"))).collect();
    let before: Vec<u8> = all(&["", "-wal"]);
    assert!(holds(&before, &known.work[5]) && holds(&before, &known.work[1]), "the search finds what is there");

    known.erase(&relay, &[1, 5]).expect("erased");
    let after: Vec<u8> = all(&["", "-wal"]);
    let newer = folder.path().join("newer.db");
    backup::backup(&path, &newer).expect("copied");
    for (n, erased) in [(1, true), (5, true), (0, false)] {
        assert_eq!(holds(&after, &known.work[n]), !erased, "envelope {n} in the store's files");
        assert_eq!(holds(&on_disk("newer.db"), &known.work[n]), !erased, "envelope {n} in a new backup");
        assert!(holds(&on_disk("older.db"), &known.work[n]), "an older backup is as it was");
    }
}
