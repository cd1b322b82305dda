//! HTTP that the app brings: one written here over plain sockets, as an app would wrap its own.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use doorstep_mobile_ffi::{
    AnswerFlow, HttpAnswer, HttpHeader, HttpRequest, HttpUpload, Network, Severity, SyncEnd, SyncFault, Transport,
    TransportFailure, VisitKind,
};

use crate::desk::{Town, caught_up};
use crate::home::{damp, uprn, visit};
use crate::pocket::Pocket;

/// What it does with the next answers.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Honest,
    Offline,
    BreaksOff,
    Endless,
}

struct Sockets {
    way: std::sync::Mutex<Way>,
    requests: AtomicUsize,
    stopped: tokio::sync::Notify,
}

impl Sockets {
    fn new() -> Arc<Self> {
        Arc::new(Self {
            way: std::sync::Mutex::new(Way::Honest),
            requests: AtomicUsize::new(0),
            stopped: tokio::sync::Notify::new(),
        })
    }

    fn goes(&self, way: Way) {
        *self.way.lock().unwrap() = way;
    }
}

fn send(request: &HttpRequest, upload: &HttpUpload) -> std::io::Result<BufReader<TcpStream>> {
    let rest = request.url.strip_prefix("http://").expect("a test's server has no TLS");
    let (host, path) = rest.split_once('/').expect("a path");
    let mut stream = TcpStream::connect(host)?;
    let mut head = format!("{} /{path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n", request.method);
    for HttpHeader { name, value } in &request.headers {
        head.push_str(&format!("{name}: {value}\r\n"));
    }
    head.push_str(&format!("content-length: {}\r\n\r\n", request.body_bytes));
    stream.write_all(head.as_bytes())?;
    loop {
        let piece = upload.next(10_000);
        if piece.is_empty() {
            break;
        }
        stream.write_all(&piece)?;
    }
    Ok(BufReader::new(stream))
}

fn head(from: &mut BufReader<TcpStream>) -> std::io::Result<(u16, Vec<HttpHeader>)> {
    let mut line = String::new();
    from.read_line(&mut line)?;
    let status = line.split(' ').nth(1).and_then(|status| status.parse().ok()).expect("a status");
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        from.read_line(&mut line)?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { return Ok((status, headers)) };
        headers.push(HttpHeader { name: name.to_ascii_lowercase(), value: value.to_owned() });
    }
}

fn body(from: &mut BufReader<TcpStream>, headers: &[HttpHeader], answer: &HttpAnswer) -> std::io::Result<AnswerFlow> {
    let value = |name: &str| headers.iter().find(|header| header.name == name).map(|header| header.value.as_str());
    if value("transfer-encoding") == Some("chunked") {
        loop {
            let mut line = String::new();
            from.read_line(&mut line)?;
            let length = usize::from_str_radix(line.trim(), 16).expect("a length");
            let mut piece = vec![0; length + 2];
            from.read_exact(&mut piece)?;
            piece.truncate(length);
            if length == 0 {
                return Ok(AnswerFlow::More);
            }
            if answer.push(piece) == AnswerFlow::Stop {
                return Ok(AnswerFlow::Stop);
            }
        }
    }
    let mut left: usize = value("content-length").and_then(|length| length.parse().ok()).unwrap_or_default();
    while left > 0 {
        let mut piece = vec![0; left.min(7_000)];
        from.read_exact(&mut piece)?;
        left -= piece.len();
        if answer.push(piece) == AnswerFlow::Stop {
            return Ok(AnswerFlow::Stop);
        }
    }
    Ok(AnswerFlow::More)
}

impl Transport for Sockets {
    fn send(
        &self,
        request: HttpRequest,
        upload: Arc<HttpUpload>,
        answer: Arc<HttpAnswer>,
    ) -> Result<(), TransportFailure> {
        self.requests.fetch_add(1, Ordering::SeqCst);
        let way = *self.way.lock().unwrap();
        if way == Way::Offline {
            return Err(TransportFailure::Offline);
        }
        let offline = |_: std::io::Error| TransportFailure::Offline;
        let mut stream = send(&request, &upload).map_err(offline)?;
        let (status, headers) = head(&mut stream).map_err(offline)?;
        answer.head(status, headers.clone());
        match way {
            Way::BreaksOff => answer.failed(),
            Way::Endless => {
                while answer.push(vec![0; 100_000]) == AnswerFlow::More {}
                self.stopped.notify_one();
            }
            _ => {
                body(&mut stream, &headers, &answer).map_err(offline)?;
                answer.finish();
            }
        }
        Ok(())
    }
}

#[tokio::test]
async fn an_app_carries_the_requests_of_its_device_itself() {
    let town = Town::new().await;
    let app = Sockets::new();
    let network = Network::Brought { transport: app.clone() };
    let tablet = town.tablet_with("brought", 1, Arc::new(Pocket::default()), Some(network)).await;
    let other = town.tablet("ours", 2).await;
    tablet.visits().record(visit(VisitKind::SafeAndWell, damp(Severity::High))).unwrap();
    let before = app.requests.load(Ordering::SeqCst);
    caught_up(&tablet).await;
    assert!(app.requests.load(Ordering::SeqCst) > before, "it went by the app");
    caught_up(&other).await;
    assert!(other.properties().with_uprn(uprn()).unwrap().is_some());
}

#[tokio::test]
async fn whatever_the_app_hands_over_the_device_goes_on() {
    let town = Town::new().await;
    let app = Sockets::new();
    let tablet = town
        .tablet_with("brought", 1, Arc::new(Pocket::default()), Some(Network::Brought { transport: app.clone() }))
        .await;
    tablet.visits().record(visit(VisitKind::SafeAndWell, damp(Severity::High))).unwrap();
    for (way, fault) in
        [(Way::Offline, SyncFault::Offline), (Way::BreaksOff, SyncFault::Offline), (Way::Endless, SyncFault::BadAnswer)]
    {
        app.goes(way);
        let report = tablet.sync(None, None).await.unwrap();
        assert!(matches!(report.end, SyncEnd::Waiting { fault: found, .. } if found == fault), "{report:?}");
        assert!(report.to_send > 0, "nothing is lost");
    }
    // Its thread may learn of it after the catch-up has ended.
    let told = app.stopped.notified();
    tokio::time::timeout(std::time::Duration::from_secs(60), told).await.expect("the app was told to stop");
    app.goes(Way::Honest);
    caught_up(&tablet).await;
}
