//! What a waiting watcher costs the server: memory of its process with many of them, by their number.

use std::sync::Arc;

use doorstep_client_core::client::{Client, ClientError, SystemClock};
use doorstep_client_core::transport::{
    Connection, Endpoint, NoticeStream, PlainHttp, ServerAddress, SignedRequest, Signer, Transport, Trust,
};
use doorstep_client_core::vault::{KeyVault as _, MemoryVault};
use doorstep_crypto::keys::Sign as _;
use doorstep_protocol::wire::{ChallengeRequest, SessionRequest};

use crate::figure::Figure;
use crate::scene::{self, Stage};
use crate::{BenchError, Plan, Report};

/// Watchers when nobody says otherwise.
const WATCHERS: usize = 500;
/// Watchers before the first reading: what a first connection costs once is not what each costs.
const WARM: usize = 20;

pub(crate) fn idle(plan: &Plan, report: &mut Report<'_>) -> Result<(), BenchError> {
    let count = plan.size.unwrap_or(WATCHERS);
    let folder = tempfile::tempdir()?;
    let server = plan.server.start(&folder.path().join("server"))?;
    let stage = Stage::new()?;
    let desk = scene::found(&stage, &folder.path().join("desk"), &server.url, &server.key)?;
    let vault = MemoryVault::default();
    let client = Client::create(&folder.path().join("device"), &vault, Arc::new(SystemClock))?;
    scene::enrol_device(&stage, &desk, &client, 1)?;
    let secrets = vault.open().map_err(ClientError::from)?;
    let (partnership, device) = (client.partnership().id()?.0, client.id());
    let failed = |error: String| BenchError::Sync(error);
    let now = client.now();
    let open = async {
        let address = ServerAddress::parse(&server.url, PlainHttp::LoopbackOnly).map_err(|e| failed(e.to_string()))?;
        let connection = Connection::new(address, &Trust::default()).map_err(|e| failed(e.to_string()))?;
        let transport = connection.trusting(server.key);
        let challenge = transport.challenge(&ChallengeRequest { partnership, device }).await;
        let challenge = challenge.map_err(|e| failed(e.to_string()))?.challenge;
        let body = SessionRequest { partnership, device, challenge: challenge.clone() }.to_bytes();
        let signer = Signer { partnership, device, session: &challenge.0 };
        let request = SignedRequest::sign(Endpoint::Session, signer, body, now, |b| {
            secrets.sign.try_sign_raw(b).expect("a key in memory signs")
        });
        let session = transport.open_session(request).await.map_err(|e| failed(e.to_string()))?.session.0;
        Ok::<_, BenchError>((transport, session))
    };
    let (transport, session) = stage.runtime.block_on(open)?;
    let watch = |number: usize| {
        let signer = Signer { partnership, device, session: &session };
        let request = SignedRequest::sign(Endpoint::Watch, signer, Vec::new(), now, |b| {
            secrets.sign.try_sign_raw(b).expect("a key in memory signs")
        });
        let opened = stage.runtime.block_on(transport.watch(request));
        opened.map_err(|error| failed(format!("watcher {number}: {error}")))
    };
    let mut held: Vec<NoticeStream> = Vec::with_capacity(WARM + count);
    for number in 0..WARM {
        held.push(watch(number)?);
    }
    let before = server.resident_bytes()?;
    for number in 0..count {
        held.push(watch(WARM + number)?);
    }
    let after = server.resident_bytes()?;
    let each = after.saturating_sub(before) as f64 / count as f64 / 1024.0;
    drop(held);
    report.add(&Figure::new("watch.idle", count, each, "KiB each", None))
}
