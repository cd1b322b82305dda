//! `GET /v1/watch`: a WebSocket that says how far zones have come. Data always comes by pull.
//!
//! First where every readable zone is, then whatever grows. Many changes in a short while are one notice, a watcher that
//! does not take its notices is let go, and the watch ends when its device does.

use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::extract::{FromRequestParts, Request, State};
use axum::response::Response;
use doorstep_protocol::authority::ZoneFeedPoint;
use doorstep_protocol::http_signature::ClaimedRequest;
use doorstep_protocol::wire::WatchNotice;
use tokio::sync::OwnedSemaphorePermit;
use tokio::time::{Instant, timeout};

use super::{answer, body};
use crate::app::App;
use crate::metrics::Counted;
use crate::problem::Problem;
use crate::relay::Caller;
use crate::session::TokenKind;
use crate::watch::Watcher;

/// What a watcher may send: nothing but control frames.
const MESSAGE_BYTES_MAX: usize = 1_024;
/// Small, because there may be thousands, and idle.
const READ_BUFFER_BYTES: usize = 512;
/// A notice goes out at once.
const WRITE_BUFFER_BYTES: usize = 0;
const WRITE_BUFFER_BYTES_MAX: usize = 128 * 1024;

pub(super) async fn get(State(app): State<Arc<App>>, request: Request) -> Response {
    let (mut parts, _) = request.into_parts();
    let claimed = match body::claimed(&parts) {
        Ok(claimed) => claimed,
        Err(problem) => return answer::refusal(&app, &problem, None),
    };
    let signature = claimed.signature();
    let begun = match authenticate(&app, claimed).await {
        Ok(caller) => match WebSocketUpgrade::from_request_parts(&mut parts, &()).await {
            Ok(upgrade) => app
                .watchers
                .clone()
                .try_acquire_owned()
                .map(|place| (caller, upgrade, place, body::tie(&app, &parts, caller)))
                .map_err(|_| Problem::Busy),
            Err(_) => Err(Problem::Malformed),
        },
        Err(problem) => Err(problem),
    };
    match begun {
        Ok((caller, upgrade, place, line)) => upgrade
            .max_message_size(MESSAGE_BYTES_MAX)
            .max_frame_size(MESSAGE_BYTES_MAX)
            .read_buffer_size(READ_BUFFER_BYTES)
            .write_buffer_size(WRITE_BUFFER_BYTES)
            .max_write_buffer_size(WRITE_BUFFER_BYTES_MAX)
            .on_upgrade(move |socket| async move {
                tokio::select! {
                    biased;
                    () = line.cut() => {}
                    () = watch(app, caller, socket, place) => {}
                }
            }),
        Err(problem) => answer::refusal(&app, &problem, Some(signature)),
    }
}

async fn authenticate(app: &Arc<App>, claimed: ClaimedRequest) -> Result<Caller, Problem> {
    app.blocking(move |app| {
        let (caller, verified) = app.relay.authenticate(claimed, TokenKind::Session, app.now())?;
        app.rates.count((caller.partnership(), caller.device()), app.now())?;
        // There is no body, and the digest says so.
        verified.check_content(b"").map_err(|_| Problem::Unauthorised)?;
        Ok(caller)
    })
    .await
}

async fn watch(app: Arc<App>, caller: Caller, mut socket: WebSocket, _place: OwnedSemaphorePermit) {
    let _counted = Counted::new(&app, |metrics| &metrics.watchers);
    let mut watcher = app.relay.hub().subscribe(caller.partnership());
    let Some(notice) = everything(&app, caller).await else { return };
    if !send(&app, &mut socket, &notice).await {
        return;
    }
    let heartbeat = Duration::from_secs(app.limits.heartbeat_seconds);
    let mut ping_at = Instant::now() + heartbeat;
    // Whether anything was heard since the last ping.
    let mut heard = true;
    loop {
        tokio::select! {
            () = app.stopping.cancelled() => return,
            () = watcher.changed() => {
                tokio::time::sleep(Duration::from_millis(app.limits.coalesce_ms)).await;
                match news(&app, caller, &mut watcher).await {
                    Ok(None) => {}
                    Ok(Some(notice)) if send(&app, &mut socket, &notice).await => {}
                    _ => return,
                }
            }
            message = socket.recv() => match message {
                Some(Ok(Message::Ping(_) | Message::Pong(_))) => heard = true,
                // A watcher has nothing to say.
                _ => return,
            },
            () = tokio::time::sleep_until(ping_at) => {
                let still_served = app.relay.check_served(caller, app.now()).is_ok();
                if !heard || !still_served || !deliver(&app, &mut socket, Message::Ping(bytes::Bytes::new())).await {
                    return;
                }
                heard = false;
                ping_at = Instant::now() + heartbeat;
            }
        }
    }
}

/// Where every readable zone is.
async fn everything(app: &Arc<App>, caller: Caller) -> Option<WatchNotice> {
    let (log_size, heads) = app.blocking(move |app| app.relay.readable_heads(caller, app.now())).await.ok()?;
    let zones = heads.into_iter().map(|(zone, point)| ZoneFeedPoint { zone, point }).collect();
    Some(WatchNotice { log_size, zones })
}

/// What is new of what the device may read now; an error when it is no longer served.
async fn news(app: &Arc<App>, caller: Caller, watcher: &mut Watcher) -> Result<Option<WatchNotice>, Problem> {
    let news = watcher.news();
    let (log_size, zones) = app.blocking(move |app| app.relay.readable_of(caller, news.zones, app.now())).await?;
    Ok((news.log_grew || !zones.is_empty()).then_some(WatchNotice { log_size, zones }))
}

async fn send(app: &App, socket: &mut WebSocket, notice: &WatchNotice) -> bool {
    let sent = deliver(app, socket, Message::Binary(notice.to_bytes().into())).await;
    app.metrics.notices.fetch_add(u64::from(sent), Ordering::Relaxed);
    sent
}

async fn deliver(app: &App, socket: &mut WebSocket, message: Message) -> bool {
    let within = Duration::from_secs(app.limits.stalled_write_seconds_max);
    matches!(timeout(within, socket.send(message)).await, Ok(Ok(())))
}
