//! The file that brings a partnership to another server.

use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use doorstep_protocol::authority::{Body, Entry};
use doorstep_protocol::cbor;
use doorstep_protocol::feed::FeedPoint;
use doorstep_server::store::sqlite::carry::{Imported, Unsigned, export, import};
use sha2::{Digest, Sha256};

use crate::harness::{HOME_ZONE, Town};
use crate::patched;

const MAGIC: &[u8] = b"DSX1";
/// Kind and length.
const RECORD_HEAD_BYTES: usize = 5;

/// Files in memory, of this process alone.
static FOLDER: LazyLock<PathBuf> = LazyLock::new(|| {
    let memory = PathBuf::from("/dev/shm");
    let parent = if memory.is_dir() { memory } else { std::env::temp_dir() };
    let folder = parent.join(format!("doorstep-fuzz-{}", std::process::id()));
    std::fs::create_dir_all(&folder).expect("a folder of our own");
    folder
});

fn record(kind: u8, payload: &[u8]) -> Vec<u8> {
    [&[kind], &(payload.len() as u32).to_be_bytes()[..], payload].concat()
}

/// The records of a partnership with a log, wraps and an empty feed, without magic and digest.
static RECORDS: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let log = Town::new().log;
    let mut records =
        vec![record(1, &[&log.partnership().0[..], &log.state.size().0.to_be_bytes(), &log.state.head().0].concat())];
    records.extend(log.entries.iter().map(|entry| record(2, &cbor::encode(entry))));
    for (at, entry) in log.entries.iter().enumerate() {
        let Ok(Entry { body: Body::TeamEpoch(epoch), .. }) = Entry::parse(&entry.entry.0) else { continue };
        let seq = (at as u64 + 1).to_be_bytes();
        let wraps = log.delivered(epoch.team, epoch.epoch).into_iter();
        records.extend(wraps.map(|wrap| record(3, &[&seq[..], &wrap.0].concat())));
    }
    let start = FeedPoint::START;
    records.push(record(4, &[&HOME_ZONE.0[..], &start.number.0.to_be_bytes(), &start.head.0].concat()));
    records
});

/// Whoever brings a file can put its digest right.
fn with_digest(records: &[u8]) -> Vec<u8> {
    let body = [MAGIC, records].concat();
    let digest = Sha256::digest(&body);
    [&body[..], &record(8, &digest)].concat()
}

/// Imports a file: the input as it is, as its records, after the log of a sound one, or as patches to a sound one. What is
/// taken is exported as a file that comes to the same again.
pub fn import_file(input: &[u8]) {
    let Some((mode, rest)) = input.split_first() else { return };
    let bytes = match mode % 4 {
        0 => rest.to_vec(),
        1 => with_digest(rest),
        2 => with_digest(&[&RECORDS.concat(), rest].concat()),
        _ => {
            let Some((which, rest)) = rest.split_first() else { return };
            let mut records = RECORDS.clone();
            let at = usize::from(*which) % records.len();
            let payload = patched(&records[at][RECORD_HEAD_BYTES..], rest);
            records[at] = record(records[at][0], &payload);
            with_digest(&records.concat())
        }
    };
    let folder = &*FOLDER;
    let (source, database) = (folder.join("in"), folder.join("server.db"));
    std::fs::write(&source, &bytes).expect("memory takes every byte");
    let _may_not_be_there = std::fs::remove_file(&database);
    let Ok(imported) = import(&source, &database, Unsigned::Kept) else { return };
    let first = exported(&database, &imported);
    // What an author did not sign is kept where it is told to be, so this is as good as the first.
    let second = folder.join("again.db");
    let _may_not_be_there = std::fs::remove_file(&second);
    std::fs::write(&source, &first).expect("memory takes every byte");
    let imported = import(&source, &second, Unsigned::Kept).expect("a file of our own making");
    assert_eq!(exported(&second, &imported), first);
}

fn exported(database: &Path, imported: &Imported) -> Vec<u8> {
    let target = FOLDER.join("out");
    let _may_not_be_there = std::fs::remove_file(&target);
    export(database, imported.partnership, &target).expect("it was imported");
    std::fs::read(&target).expect("it was written")
}
