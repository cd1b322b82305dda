//! No log line holds an id, a key or anything of a document, whatever goes well or wrong.

use std::io::Write;
use std::sync::{Arc, Mutex};

use doorstep_protocol::{Bytes, StoreId};
use tracing_subscriber::layer::SubscriberExt;

use super::reader::{REQUEST, Replica};
use super::relay::{Street, keys};
use super::town::NOW;
use crate::problem::Problem;
use crate::relay::{Caller, Relay};
use crate::store::SqliteStore;

#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().expect("no panic while writing").extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn lesson_31_neither_logs_nor_problems_hold_ids_or_content() {
    const CANARY: &str = "12 Example Street";
    let kept = Kept::default();
    let writer = kept.clone();
    let layer = tracing_subscriber::fmt::layer().json().with_writer(move || writer.clone());
    let registry = tracing_subscriber::registry().with(tracing::level_filters::LevelFilter::TRACE).with(layer);
    let mut problems = Vec::new();
    let mut street = Street::new();
    tracing::subscriber::with_default(registry, || {
        tracing::info!("logs are kept");
        let relay = street.brought();
        let mut a = Replica::default();
        let who = (street.town.id(), street.a.id);
        a.sync(&relay, who, vec![], NOW).expect("served");
        let envelopes =
            vec![street.town.write(&mut street.a, street.home), Bytes(format!("{CANARY}, not sealed").into_bytes())];
        a.sync(&relay, who, envelopes, NOW).expect("served");
        let mut wrong = street.town.bring();
        wrong.base_size.0 = 1;
        problems.extend(relay.append(&wrong).err());
        wrong.partnership.0 = [9; 16];
        wrong.base_size.0 = 0;
        problems.extend(relay.append(&wrong).err());
        let mut forged = street.town.write(&mut street.b, street.home);
        forged.0[300] ^= 1;
        a.sync(&relay, who, vec![forged], NOW).expect("served");
        let mut lost = street.town.request(vec![], vec![]);
        lost.log_head.0 = [1; 32];
        problems.extend(relay.sync_whole(Caller::trusted(who.0, who.1), &lost, REQUEST, NOW).err());
        // The store breaks.
        let connection = relay.into_store().into_connection();
        connection.execute_batch("DROP TABLE chain").expect("broken");
        let store = SqliteStore::from_connection(connection, StoreId([0; 16])).expect("it opens");
        let relay = Relay::new(store, keys(), Default::default()).expect("it opens");
        let envelope = street.town.write(&mut street.a, street.fire);
        problems.extend(a.sync(&relay, who, vec![envelope], NOW).err());
    });
    assert!(problems.contains(&Problem::Unavailable) && problems.len() == 4, "{problems:?}");
    let log = String::from_utf8(kept.0.lock().expect("no panic").clone()).expect("text");
    assert!(log.contains("logs are kept") && log.contains("the store failed"), "{log}");
    let told = problems.iter().map(|p| String::from_utf8(p.to_json()).expect("JSON")).collect::<String>();
    let secret = [
        CANARY.to_owned(),
        street.town.id().to_string(),
        street.a.id.to_string(),
        street.home.to_string(),
        street.town.authority.head().to_string(),
    ];
    for secret in secret {
        assert!(!log.contains(&secret) && !told.contains(&secret), "{secret} in {log} {told}");
    }
}
