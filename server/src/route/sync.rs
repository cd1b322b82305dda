//! `POST /v1/sync`: one catch-up. The signature is checked before the body is read, and the answer is read from the store
//! page by page as the reader takes it.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::Response;
use bytes::Bytes;
use doorstep_protocol::http_signature::{ClaimedRequest, VerifiedRequest};
use doorstep_protocol::limits;
use doorstep_protocol::wire::SyncRequest;
use futures_util::stream;
use http::request::Parts;

use super::{answer, body};
use crate::app::App;
use crate::problem::Problem;
use crate::relay::{Caller, SyncAnswer};
use crate::session::TokenKind;

pub(super) async fn post(State(app): State<Arc<App>>, request: Request) -> Response {
    let (parts, request_body) = request.into_parts();
    let claimed = match body::claimed(&parts) {
        Ok(claimed) => claimed,
        Err(problem) => return answer::refusal(&app, &problem, None),
    };
    let signature = claimed.signature();
    let begun = match authenticate(&app, claimed).await {
        Ok(who) => begin(&app, &parts, request_body, who).await,
        Err(problem) => {
            body::drain(&app, request_body, limits::SYNC_REQUEST_BYTES_MAX).await;
            Err(problem)
        }
    };
    match begun {
        Ok((page, None)) => {
            app.metrics.streamed_bytes.fetch_add(page.len() as u64, Ordering::Relaxed);
            answer::stream(&app, Body::from(page), signature)
        }
        Ok((page, Some(sync))) => answer::stream(&app, pages(app.clone(), page, sync), signature),
        Err(problem) => answer::refusal(&app, &problem, Some(signature)),
    }
}

async fn authenticate(app: &Arc<App>, claimed: ClaimedRequest) -> Result<(Caller, VerifiedRequest), Problem> {
    let partnership = claimed.partnership();
    let check = move |app: &App| {
        let (caller, verified) = app.relay.authenticate(claimed, TokenKind::Session, app.now())?;
        app.rates.count((caller.partnership(), caller.device()), app.now())?;
        Ok((caller, verified))
    };
    if app.relay.keeps_log_of(partnership) {
        // One signature and no store: another thread would take longer to wake than this takes.
        return check(app);
    }
    app.blocking(check).await
}

/// Stores what came, and reads the first page; the rest follows when there is more.
async fn begin(
    app: &Arc<App>,
    parts: &Parts,
    request_body: Body,
    (caller, verified): (Caller, VerifiedRequest),
) -> Result<(Vec<u8>, Option<SyncAnswer>), Problem> {
    // The relay asks after this whether the device is served.
    body::tie(app, parts, caller);
    let bytes = body::message(app, parts, request_body, limits::SYNC_REQUEST_BYTES_MAX).await?;
    app.blocking(move |app| {
        verified.check_content(&bytes).map_err(|_| Problem::Unauthorised)?;
        let request = SyncRequest::parse(&bytes).map_err(|_| Problem::Malformed)?;
        let mut sync = app.relay.sync(caller, &request, verified.signature(), app.now())?;
        let page = app.relay.next_page(&mut sync, app.now())?.unwrap_or_default();
        Ok((page, (!sync.is_closed()).then_some(sync)))
    })
    .await
}

enum Next {
    Page(Vec<u8>, SyncAnswer),
    Read(SyncAnswer),
    End,
}

/// A page is read once the one before was taken. A failure ends the stream without its closing frame.
fn pages(app: Arc<App>, first: Vec<u8>, sync: SyncAnswer) -> Body {
    let pages = stream::unfold(Next::Page(first, sync), move |next| {
        let app = app.clone();
        async move {
            let (page, next) = match next {
                Next::End => return None,
                Next::Page(page, sync) => (page, Next::Read(sync)),
                Next::Read(sync) => match read(&app, sync).await {
                    Ok((page, sync)) => (page, if sync.is_closed() { Next::End } else { Next::Read(sync) }),
                    Err(problem) => return Some((Err(problem), Next::End)),
                },
            };
            app.metrics.streamed_bytes.fetch_add(page.len() as u64, Ordering::Relaxed);
            Some((Ok(Bytes::from(page)), next))
        }
    });
    Body::from_stream(pages)
}

async fn read(app: &Arc<App>, mut sync: SyncAnswer) -> Result<(Vec<u8>, SyncAnswer), Problem> {
    app.blocking(move |app| {
        let page = app.relay.next_page(&mut sync, app.now())?.unwrap_or_default();
        Ok((page, sync))
    })
    .await
}
