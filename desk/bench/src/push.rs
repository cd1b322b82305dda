//! Eight devices push at once, durably, beside the same bytes inserted by hand in batches.

use std::sync::Arc;

use doorstep_client_core::client::{Client, ClientError, SystemClock};
use doorstep_client_core::store::outbox;
use doorstep_client_core::transport::{
    Connection as HttpConnection, Endpoint, HttpTransport, PlainHttp, ServerAddress, SignedRequest, Signer, Transport,
    Trust,
};
use doorstep_client_core::vault::{KeyVault as _, MemoryVault};
use doorstep_crypto::keys::Sign as _;
use doorstep_protocol::wire::{ChallengeRequest, Cursor, Frame, SessionRequest, SyncRequest};
use doorstep_protocol::{Bytes, FeedNumber, LogHash, LogSize, limits};
use rusqlite::Connection;

use crate::figure::{Figure, timed};
use crate::scene::{self, Stage};
use crate::{BenchError, Plan, Report};

/// Devices that push.
const DEVICES: usize = 8;
/// Envelopes in all when nobody says otherwise.
const ENVELOPES: usize = 8_000;
/// Envelopes in one request.
const BATCH: usize = 100;

/// A device with a session and its requests, signed: eight devices do that on eight machines, not beside the server.
struct Pusher {
    transport: HttpTransport,
    requests: Vec<SignedRequest>,
    batches: Vec<Vec<Bytes>>,
}

pub(crate) fn push(plan: &Plan, report: &mut Report<'_>) -> Result<(), BenchError> {
    let count = plan.size.unwrap_or(ENVELOPES);
    let folder = tempfile::tempdir()?;
    let server = plan.server.start(&folder.path().join("server"))?;
    let stage = Stage::new()?;
    let desk = scene::found(&stage, &folder.path().join("desk"), &server.url, &server.key)?;
    let mut devices = Vec::with_capacity(DEVICES);
    for number in 0..DEVICES {
        let name = folder.path().join(format!("device-{number}"));
        let vault = MemoryVault::default();
        let client = Client::create(&name, &vault, Arc::new(SystemClock))?;
        scene::enrol_device(&stage, &desk, &client, number as u8 + 1)?;
        let mut syncer = stage.syncer(&client)?;
        stage.sync(&mut syncer)?;
        let each: Vec<_> = (0..count / DEVICES).map(|at| scene::property(number * count + at)).collect();
        client.properties().add_many(&each, &mut |_| {})?;
        devices.push((client, vault));
    }
    // Devices that have the whole log, as they do after any sync: what is measured is the push, so nothing is to come back.
    let log = {
        let shared = desk.device();
        let device = shared.lock().map_err(|_| BenchError::Setting("the device failed before"))?;
        let authority = device.authority().map_err(ClientError::from)?;
        (authority.size(), authority.head())
    };
    let mut pushers = Vec::with_capacity(DEVICES);
    for (client, vault) in &devices {
        pushers.push(pusher(&stage, client, vault, (&server.url, server.key), log)?);
    }
    let all: Vec<Vec<Bytes>> = pushers.iter().flat_map(|pusher| pusher.batches.clone()).collect();
    let total: usize = all.iter().map(Vec::len).sum();
    let (time, done) = timed(|| {
        stage.runtime.block_on(async {
            let tasks: Vec<_> = pushers.into_iter().map(|pusher| tokio::spawn(pusher.push())).collect();
            let mut taken = 0;
            for task in tasks {
                taken += task.await.map_err(|error| BenchError::Sync(error.to_string()))??;
            }
            Ok::<usize, BenchError>(taken)
        })
    });
    if done? != total {
        return Err(BenchError::Setting("the server did not take every envelope"));
    }
    let floor = floor(folder.path(), &all)?;
    let rate = total as f64 / time.as_secs_f64();
    report.add(&Figure::new("server.push", total, rate, "per s", Some(floor)))
}

/// Seals everything, opens a session, and lays the requests out.
fn pusher(
    stage: &Stage,
    client: &Client,
    vault: &MemoryVault,
    (url, key): (&str, doorstep_protocol::SignPublic),
    (log_size, log_head): (LogSize, LogHash),
) -> Result<Pusher, BenchError> {
    let failed = |error: String| BenchError::Sync(error);
    let address = ServerAddress::parse(url, PlainHttp::LoopbackOnly).map_err(|e| failed(e.to_string()))?;
    let transport = HttpConnection::new(address, &Trust::default()).map_err(|e| failed(e.to_string()))?.trusting(key);
    let secrets = vault.open().map_err(ClientError::from)?;
    let (partnership, device, envelopes, cursors) = {
        let shared = client.device();
        let mut device = shared.lock().map_err(|_| BenchError::Setting("the device failed before"))?;
        let mut rng = doorstep_client_core::randomness::os();
        while device.seal_pending(client.now(), &mut rng).map_err(ClientError::from)? > 0 {}
        let waiting = outbox::next(device.store().reader(), None, usize::MAX, usize::MAX).map_err(ClientError::from)?;
        let envelopes: Vec<Bytes> = waiting.into_iter().map(|one| Bytes(one.bytes)).collect();
        // Cursors past every head, for the same reason.
        let zones = device.authority().map_err(ClientError::from)?.zones().keys();
        let cursors: Vec<Cursor> = zones.map(|zone| Cursor { zone: *zone, number: FeedNumber(1 << 40) }).collect();
        (device.partnership().map_err(ClientError::from)?, device.id(), envelopes, cursors)
    };
    let session = stage.runtime.block_on(async {
        let challenge = transport.challenge(&ChallengeRequest { partnership, device }).await;
        let challenge = challenge.map_err(|e| failed(e.to_string()))?.challenge;
        let body = SessionRequest { partnership, device, challenge: challenge.clone() }.to_bytes();
        let signer = Signer { partnership, device, session: &challenge.0 };
        let request = SignedRequest::sign(Endpoint::Session, signer, body, client.now(), |base| {
            secrets.sign.try_sign_raw(base).expect("a key in memory signs")
        });
        let answer = transport.open_session(request).await.map_err(|e| failed(e.to_string()))?;
        Ok::<_, BenchError>(answer.session.0)
    })?;
    let batches: Vec<Vec<Bytes>> = envelopes.chunks(BATCH).map(<[Bytes]>::to_vec).collect();
    let requests = batches.iter().map(|envelopes| {
        let (cursors, envelopes, budget_bytes) = (cursors.clone(), envelopes.clone(), limits::ANSWER_BYTES_MIN);
        let request = SyncRequest { log_size, log_head, cursors, envelopes, audit: Vec::new(), budget_bytes };
        let signer = Signer { partnership, device, session: &session };
        SignedRequest::sign(Endpoint::Sync, signer, request.to_bytes(), client.now(), |base| {
            secrets.sign.try_sign_raw(base).expect("a key in memory signs")
        })
    });
    Ok(Pusher { transport, requests: requests.collect(), batches })
}

impl Pusher {
    async fn push(self) -> Result<usize, BenchError> {
        let failed = |error: String| BenchError::Sync(error);
        let mut taken = 0;
        for request in self.requests {
            let mut frames = self.transport.exchange(request).await.map_err(|e| failed(e.to_string()))?;
            loop {
                let batch = frames.next_batch().await.map_err(|e| failed(e.to_string()))?;
                let receipt = |frame: &&Frame| matches!(frame, Frame::Receipt(_));
                taken += batch.frames.iter().filter(receipt).count();
                if batch.closing.is_some() {
                    break;
                }
            }
            frames.finish().await.map_err(|e| failed(e.to_string()))?;
        }
        Ok(taken)
    }
}

/// The same bytes, inserted in the same batches by one writer with the server's settings.
fn floor(folder: &std::path::Path, all: &[Vec<Bytes>]) -> Result<f64, BenchError> {
    let mut connection = Connection::open(folder.join("floor.db"))?;
    connection.execute_batch(
        "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
         CREATE TABLE envelopes (zone BLOB, number INTEGER, id BLOB, bytes BLOB, PRIMARY KEY (zone, number)) WITHOUT ROWID;",
    )?;
    let zone = [7u8; 16];
    let mut number = 0i64;
    let (time, done) = timed(|| -> Result<(), rusqlite::Error> {
        for batch in all {
            let transaction = connection.transaction()?;
            {
                let mut insert = transaction.prepare_cached("INSERT INTO envelopes VALUES (?1, ?2, ?3, ?4)")?;
                for envelope in batch {
                    number += 1;
                    insert.execute((&zone, number, &envelope.0[..32], &envelope.0))?;
                }
            }
            transaction.commit()?;
        }
        Ok(())
    });
    done?;
    Ok(number as f64 / time.as_secs_f64())
}
