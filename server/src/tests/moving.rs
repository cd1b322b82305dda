//! A partnership moves to another server, and a store comes back from a backup.

use std::path::{Path, PathBuf};

use doorstep_protocol::authority::{Body, ServerKey, SignedEntry};
use doorstep_protocol::wire::{FarewellRequest, InboxRequest, LogAppend};
use doorstep_protocol::{Bytes, InboxNumber, LogHash, LogSize};
use sha2::{Digest, Sha256};

use super::reader::{REQUEST, Replica};
use super::relay::{Street, keys};
use super::town::{NOW, Town, id_of};
use crate::config::Config;
use crate::keys::{Keys, SERVER_KEY_FILE};
use crate::problem::Problem;
use crate::relay::farewell::Leaver;
use crate::relay::{Caller, PartnershipPolicy, Relay, RelayPolicy, restore_points};
use crate::server::{Server, StartError};
use crate::store::sqlite::carry::{CarryError, Unsigned, export, import};
use crate::store::sqlite::{DATABASE_FILE, backup};
use crate::store::{SqliteStore, Store};

const NEW_SECRET: [u8; 32] = [0x44; 32];

fn new_keys() -> Keys {
    Keys::from_secrets(NEW_SECRET, [0x22; 32])
}

/// A store in a file with everything there is: work, an erased envelope, late work in the inbox, and a log that names the
/// next server.
struct Old {
    folder: tempfile::TempDir,
    street: Street,
    replica: Replica,
}

impl Old {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut street = Street::new();
        let second = street.town.second_admin();
        let relay = over(&folder.path().join(DATABASE_FILE), keys());
        relay.append(&street.town.bring()).expect("brought");
        let mut work: Vec<Bytes> = (0..5).map(|_| street.town.write(&mut street.a, street.home)).collect();
        work.extend((0..3).map(|_| street.town.write(&mut street.b, street.home)));
        work.push(street.town.write(&mut street.b, street.fire));
        for (device, envelopes) in [(street.a.id, &work[..5]), (street.b.id, &work[5..])] {
            let request = street.town.request(vec![], envelopes.to_vec());
            relay.sync_whole(Caller::trusted(street.town.id(), device), &request, REQUEST, NOW).expect("served");
        }
        let size = street.town.authority.size();
        let late = street.town.write(&mut street.a, street.fire);
        street.town.erase(&second, street.home, &[&work[2]]);
        street.town.revoke(street.a.id, vec![]);
        street.town.by_root(Body::ServerKey(ServerKey { key: new_keys().public() }));
        relay.append(&street.town.since(size, street.town.wraps.len())).expect("appended");
        let request = FarewellRequest {
            partnership: street.town.id(),
            device: street.a.id,
            challenge: Bytes(vec![]),
            log_size: street.town.authority.size(),
            log_head: street.town.authority.head(),
            envelopes: vec![late],
            wiped: None,
        };
        let leaver = Leaver::trusted(street.town.id(), street.a.id);
        assert_eq!(relay.farewell(leaver, &request, NOW).expect("heard").held.len(), 1);
        // The server that runs signs with its own key until it is stopped.
        let mut replica = Replica::default();
        replica.sync(&relay, (street.town.id(), street.b.id), vec![], NOW).expect("served");
        Self { folder, street, replica }
    }

    fn database(&self) -> PathBuf {
        self.folder.path().join(DATABASE_FILE)
    }

    fn exported(&self) -> PathBuf {
        let file = self.folder.path().join("town.dsx");
        export(&self.database(), self.street.town.id(), &file).expect("written");
        file
    }
}

fn over(path: &Path, keys: Keys) -> Relay<SqliteStore> {
    let policy = RelayPolicy { partnerships: PartnershipPolicy::Any, ..RelayPolicy::default() };
    Relay::new(SqliteStore::open(path).expect("a store"), keys, policy).expect("it answers")
}

#[test]
fn a_partnership_moves_with_its_numbers_and_goes_on_at_the_other_server() {
    let mut old = Old::new();
    let file = old.exported();
    assert!(matches!(export(&old.database(), old.street.town.id(), &file), Err(CarryError::Exists(_))));
    let new = tempfile::tempdir().expect("a temporary folder");
    let database = new.path().join(DATABASE_FILE);
    // An empty store may have been made by a first start.
    let empty = SqliteStore::open(&database).expect("a store").identity().expect("it answers");
    let done = import(&file, &database, Unsigned::Refused).expect("it holds");
    assert_eq!((done.partnership, done.entries), (old.street.town.id(), old.street.town.authority.size()));
    assert_eq!((done.server_key, done.envelopes), (new_keys().public(), 9));
    let before = SqliteStore::open(&old.database()).expect("a store").identity().expect("it answers");
    assert!(done.identity.store != before.store && done.identity.store != empty.store, "devices offer again");
    assert!(matches!(import(&file, &database, Unsigned::Refused), Err(CarryError::NotEmpty(_))));

    let relay = over(&database, new_keys());
    let who = (old.street.town.id(), old.street.b.id);
    let mut fresh = Replica::default();
    let said = fresh.sync(&relay, who, vec![], NOW).expect("served");
    assert_eq!((&fresh.log, &fresh.feeds), (&old.replica.log, &old.replica.feeds), "the same feeds, number by number");
    assert_eq!((&fresh.envelopes, &fresh.wraps), (&old.replica.envelopes, &old.replica.wraps));
    assert!(said.own >= 1);
    let inbox = relay.inbox(Caller::trusted(who.0, who.1), &InboxRequest { after: InboxNumber(0) }, NOW);
    assert_eq!(inbox.expect("served").items.len(), 1);
    // What comes next has the next number.
    let next = old.street.town.write(&mut old.street.b, old.street.home);
    let said = fresh.sync(&relay, who, vec![next.clone()], NOW).expect("served");
    let told: Vec<_> = said.receipts.iter().map(|receipt| (receipt.number.0, receipt.envelope)).collect();
    assert_eq!(told, [(9, id_of(&next))]);
}

#[test]
fn a_log_that_names_another_server_is_not_served_and_the_operator_is_told() {
    let old = Old::new();
    let relay = over(&old.database(), keys());
    assert_eq!(relay.elsewhere().get(&old.street.town.id()), Some(&new_keys().public()));
    assert_eq!(relay.append(&old.street.town.bring()), Err(Problem::OtherServerKey));
    drop(relay);
    std::fs::write(old.folder.path().join(SERVER_KEY_FILE), [0x11; 32]).expect("a key");
    let refused = Server::start(Config::in_folder(old.folder.path())).expect_err("it moved");
    assert!(matches!(&refused, StartError::OtherKey { named, .. } if *named == new_keys().public()), "{refused}");
    assert!(refused.to_string().contains("ServerKey"), "{refused}");
    std::fs::write(old.folder.path().join(SERVER_KEY_FILE), NEW_SECRET).expect("another key");
    Server::start(Config::in_folder(old.folder.path())).expect("this one is named").stop();
}

#[test]
fn a_log_may_be_brought_to_the_server_that_it_names_now() {
    let mut town = Town::new(keys().public());
    town.by_root(Body::ServerKey(ServerKey { key: new_keys().public() }));
    assert_eq!(memory(keys()).append(&town.bring()), Err(Problem::OtherServerKey));
    assert!(memory(new_keys()).append(&town.bring()).is_ok());
}

/// Entries of a town's log after so many, as a part of the whole that is brought.
fn part(town: &Town, after: usize, count: usize) -> LogAppend {
    let whole = town.bring().entries;
    let entries = whole[after..whole.len().min(after + count)].to_vec();
    let heads: Vec<LogHash> = std::iter::once(LogHash::ZERO).chain(whole.iter().map(SignedEntry::hash)).collect();
    LogAppend {
        partnership: town.id(),
        base_size: LogSize(after as u64),
        base_head: heads[after],
        whole: (after + entries.len() < whole.len()).then_some(LogSize(whole.len() as u64)),
        entries,
        wraps: vec![],
    }
}

fn memory(keys: Keys) -> Relay<SqliteStore> {
    let store = SqliteStore::in_memory(doorstep_protocol::StoreId([1; 16])).expect("memory");
    Relay::new(store, keys, RelayPolicy::default()).expect("it answers")
}

#[test]
fn a_log_that_comes_in_parts_is_here_once_it_names_this_server() {
    let mut town = Town::new(keys().public());
    town.by_root(Body::ServerKey(ServerKey { key: new_keys().public() }));
    let size = town.bring().entries.len();
    let relay = memory(new_keys());
    let first = relay.append(&part(&town, 0, 1)).expect("more follows, it says");
    assert_eq!(relay.append(&part(&town, 0, 1)), Ok(first), "the answer was lost");
    assert_eq!(relay.append(&part(&town, 2, 1)), Err(Problem::LogConflict { size: LogSize(1) }), "one is missing");
    for after in 1..size {
        assert!(relay.partnerships().expect("it answers").is_empty(), "nothing of it is here before");
        let appended = relay.append(&part(&town, after, 1)).expect("it follows");
        assert_eq!(appended.size, LogSize(after as u64 + 1));
    }
    assert_eq!(relay.partnerships().expect("it answers"), [town.id()]);
    assert_eq!(relay.into_store().log_head(town.id()).expect("it answers").0, LogSize(size as u64));
    // Whoever began before a restart begins again.
    assert_eq!(memory(new_keys()).append(&part(&town, 1, 1)), Err(Problem::LogConflict { size: LogSize(0) }));
}

#[test]
fn a_log_in_parts_that_never_names_this_server_leaves_nothing() {
    let town = Town::new(keys().public());
    let size = town.bring().entries.len();
    let relay = memory(new_keys());
    relay.append(&part(&town, 0, size - 1)).expect("more follows, it says");
    assert_eq!(relay.append(&part(&town, size - 1, 1)), Err(Problem::OtherServerKey));
    assert!(relay.partnerships().expect("it answers").is_empty());
    // Nor does it take the place of the one partnership that an empty store takes.
    let own = Town::with_nonce(new_keys().public(), 2);
    relay.append(&own.bring()).expect("it names this server");
    assert_eq!(relay.append(&part(&town, 0, 1)), Err(Problem::PartnershipNotTaken));
}

/// The file again with its digest made to fit.
fn redigested(mut bytes: Vec<u8>) -> Vec<u8> {
    bytes.truncate(bytes.len() - 37);
    let digest = Sha256::digest(&bytes);
    bytes.extend([8, 0, 0, 0, 32]);
    bytes.extend(digest);
    bytes
}

#[test]
fn of_a_file_that_is_cut_short_or_altered_nothing_is_imported() {
    let old = Old::new();
    let whole = std::fs::read(old.exported()).expect("written");
    let new = tempfile::tempdir().expect("a temporary folder");
    let (file, database) = (new.path().join("altered.dsx"), new.path().join(DATABASE_FILE));
    let refused = |bytes: &[u8], case: &str| {
        std::fs::write(&file, bytes).expect("written");
        let error = import(&file, &database, Unsigned::Kept).expect_err(case);
        let left: Vec<_> = std::fs::read_dir(new.path()).expect("a folder").flatten().map(|e| e.file_name()).collect();
        assert_eq!(left, ["altered.dsx"], "{case}: {error}");
    };
    let step = whole.len() / 60;
    for at in (0..whole.len()).step_by(step) {
        refused(&whole[..at], &format!("cut at {at}"));
        let mut flipped = whole.clone();
        flipped[at] ^= 0x10;
        refused(&flipped, &format!("a bit at {at}"));
    }
    refused(&[&whole[..], &[0]].concat(), "something follows the end");
    // Whoever alters it can make the digest fit, and still nothing but signatures and framing of no meaning gets by.
    for at in (whole.len() / 2..whole.len() - 40).step_by(step) {
        let mut flipped = whole.clone();
        flipped[at] ^= 0x10;
        std::fs::write(&file, redigested(flipped)).expect("written");
        if let Ok(done) = import(&file, &database, Unsigned::Refused) {
            // An item of the inbox is for people to judge: its device and time are the old server's word.
            assert_eq!(done.envelopes, 9, "at {at}");
            std::fs::remove_file(&database).expect("the import's");
        }
    }
}

#[test]
fn what_its_author_did_not_sign_is_named_and_kept_only_when_asked() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let database = folder.path().join(DATABASE_FILE);
    let mut street = Street::new();
    let relay = over(&database, keys());
    relay.append(&street.town.bring()).expect("brought");
    let mut envelope = street.town.write(&mut street.a, street.home);
    *envelope.0.last_mut().expect("a signature") ^= 1;
    let a = Caller::trusted(street.town.id(), street.a.id);
    // A device that sends its own is believed by the server, and by no reader.
    relay.sync_whole(a, &street.town.request(vec![], vec![envelope]), REQUEST, NOW).expect("served");
    let file = folder.path().join("town.dsx");
    export(&database, street.town.id(), &file).expect("written");
    let target = folder.path().join("new.db");
    let refused = import(&file, &target, Unsigned::Refused).expect_err("unsigned");
    assert!(matches!(&refused, CarryError::Unsigned { count: 1, first } if *first == street.a.id), "{refused}");
    assert!(!target.exists());
    assert_eq!(import(&file, &target, Unsigned::Kept).expect("kept").envelopes, 1);
}

#[test]
fn only_what_is_here_is_exported() {
    let old = Old::new();
    let target = old.folder.path().join("nobody.dsx");
    let refused = export(&old.database(), doorstep_protocol::PartnershipId([9; 16]), &target).expect_err("not here");
    assert!(refused.to_string().contains(&old.street.town.id().to_string()), "{refused}");
    assert!(!target.exists());
}

#[test]
fn a_restored_store_says_what_is_to_be_signed_and_the_log_takes_it() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let database = folder.path().join(DATABASE_FILE);
    let mut street = Street::new();
    let relay = over(&database, keys());
    relay.append(&street.town.bring()).expect("brought");
    let work: Vec<Bytes> = (0..2).map(|_| street.town.write(&mut street.a, street.home)).collect();
    let a = Caller::trusted(street.town.id(), street.a.id);
    relay.sync_whole(a, &street.town.request(vec![], work[..1].to_vec()), REQUEST, NOW).expect("served");
    let copy = folder.path().join("copy.db");
    backup::backup(&database, &copy).expect("copied");
    relay.sync_whole(a, &street.town.request(vec![], work[1..].to_vec()), REQUEST, NOW).expect("served");
    drop(relay);
    let identity = backup::restore(&copy, &database).expect("restored");
    let points = restore_points(&SqliteStore::open(&database).expect("a store")).expect("it answers");
    let [(partnership, point)] = &points[..] else { panic!("one partnership") };
    assert_eq!(*partnership, street.town.id());
    assert_eq!((point.store, point.restore_epoch), (identity.store, identity.restore_epoch));
    assert_eq!(point.feeds.iter().map(|feed| feed.point.number.0).collect::<Vec<_>>(), [1]);
    // Before it is signed the log does not say so; after, it does, and a device's re-offer fills what was lost.
    assert!(!street.town.authority.restore_is_signed(identity.store, identity.restore_epoch));
    let size = street.town.authority.size();
    street.town.by_admin(Body::RestorePoint(point.clone()));
    let relay = over(&database, keys());
    relay.append(&street.town.since(size, street.town.wraps.len())).expect("appended");
    assert!(street.town.authority.restore_is_signed(identity.store, identity.restore_epoch));
    let mut replica = Replica { log: Some(street.town.authority.clone()), ..Replica::default() };
    let said = replica.sync(&relay, (street.town.id(), street.a.id), work, NOW).expect("served");
    assert_eq!(said.receipts.iter().map(|receipt| receipt.number.0).collect::<Vec<_>>(), [1, 2]);
}
