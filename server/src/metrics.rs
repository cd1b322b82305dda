//! Counters in the text form of Prometheus. Labels are routes and statuses only: no id, no address.

use std::fmt::Write as _;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// The routes that are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// `GET /v1/server`.
    Server,
    /// `POST /v1/log`.
    Log,
    /// `POST /v1/challenge`.
    Challenge,
    /// `POST /v1/session`.
    Session,
    /// `POST /v1/sync`.
    Sync,
    /// `GET /v1/watch`.
    Watch,
    /// `POST /v1/farewell`.
    Farewell,
    /// `POST /v1/inbox`, `/v1/inbox/clear` and `/v1/tails`.
    Office,
    /// `POST /v1/recover`.
    Recover,
    /// `POST /v1/claims`, `PUT` and `GET /v1/blobs/{id}`.
    Parts,
    /// `/health`, `/ready`, `/metrics` and everything unknown.
    Other,
}

const ROUTES: [(Route, &str); 11] = [
    (Route::Server, "server"),
    (Route::Log, "log"),
    (Route::Challenge, "challenge"),
    (Route::Session, "session"),
    (Route::Sync, "sync"),
    (Route::Watch, "watch"),
    (Route::Farewell, "farewell"),
    (Route::Office, "office"),
    (Route::Recover, "recover"),
    (Route::Parts, "parts"),
    (Route::Other, "other"),
];
/// `1xx` to `5xx`.
const STATUS_CLASSES: usize = 5;

/// Everything that is counted.
#[derive(Debug, Default)]
pub struct Metrics {
    requests: [[AtomicU64; STATUS_CLASSES]; ROUTES.len()],
    busy_micros: [AtomicU64; ROUTES.len()],
    pub(crate) received_bytes: AtomicU64,
    pub(crate) streamed_bytes: AtomicU64,
    pub(crate) connections: AtomicI64,
    pub(crate) connections_refused: AtomicU64,
    pub(crate) watchers: AtomicI64,
    pub(crate) notices: AtomicU64,
    pub(crate) erased_bytes: AtomicU64,
}

impl Metrics {
    /// Counts a request that was answered (a stream: begun) after `micros`.
    pub fn answered(&self, route: Route, status: u16, micros: u64) {
        let class = usize::from(status / 100).clamp(1, STATUS_CLASSES) - 1;
        self.requests[route as usize][class].fetch_add(1, Ordering::Relaxed);
        self.busy_micros[route as usize].fetch_add(micros, Ordering::Relaxed);
    }

    /// The text that Prometheus reads.
    #[must_use]
    pub fn render(&self) -> String {
        let mut text = String::new();
        describe(&mut text, "doorstep_requests_total", "counter", "Requests answered, by route and class of status.");
        for (route, name) in ROUTES {
            for (class, count) in self.requests[route as usize].iter().enumerate() {
                let labels = format!("{{route=\"{name}\",status=\"{}xx\"}}", class + 1);
                line(&mut text, "doorstep_requests_total", &labels, count.load(Ordering::Relaxed));
            }
        }
        describe(
            &mut text,
            "doorstep_request_seconds_total",
            "counter",
            "Time until requests were answered, by route.",
        );
        for (route, name) in ROUTES {
            let seconds = self.busy_micros[route as usize].load(Ordering::Relaxed) as f64 / 1e6;
            line(&mut text, "doorstep_request_seconds_total", &format!("{{route=\"{name}\"}}"), seconds);
        }
        let counters = [
            ("doorstep_received_bytes_total", "Bytes of request bodies.", &self.received_bytes),
            ("doorstep_streamed_bytes_total", "Bytes of streamed answers.", &self.streamed_bytes),
            ("doorstep_connections_refused_total", "Connections over the limit.", &self.connections_refused),
            ("doorstep_erased_bytes_total", "Bytes freed by erasures.", &self.erased_bytes),
            ("doorstep_notices_total", "Notices sent to watchers.", &self.notices),
        ];
        for (name, help, value) in counters {
            describe(&mut text, name, "counter", help);
            line(&mut text, name, "", value.load(Ordering::Relaxed));
        }
        let gauges = [
            ("doorstep_connections", "Connections open now.", &self.connections),
            ("doorstep_watchers", "Watchers connected now.", &self.watchers),
        ];
        for (name, help, value) in gauges {
            describe(&mut text, name, "gauge", help);
            line(&mut text, name, "", value.load(Ordering::Relaxed));
        }
        text
    }
}

fn describe(text: &mut String, name: &str, kind: &str, help: &str) {
    let _infallible = writeln!(text, "# HELP {name} {help}\n# TYPE {name} {kind}");
}

fn line(text: &mut String, name: &str, labels: &str, value: impl std::fmt::Display) {
    let _infallible = writeln!(text, "{name}{labels} {value}");
}

/// One more connection or watcher, for as long as it lives.
pub(crate) struct Counted {
    app: std::sync::Arc<crate::app::App>,
    gauge: fn(&Metrics) -> &AtomicI64,
}

impl Counted {
    pub(crate) fn new(app: &std::sync::Arc<crate::app::App>, gauge: fn(&Metrics) -> &AtomicI64) -> Self {
        gauge(&app.metrics).fetch_add(1, Ordering::Relaxed);
        Self { app: app.clone(), gauge }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        (self.gauge)(&self.app.metrics).fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_route_has_its_place_and_every_line_its_form() {
        for (index, (route, _)) in ROUTES.iter().enumerate() {
            assert_eq!(*route as usize, index);
        }
        let metrics = Metrics::default();
        metrics.answered(Route::Sync, 200, 1_500);
        metrics.answered(Route::Sync, 999, 0);
        let text = metrics.render();
        assert!(text.contains("doorstep_requests_total{route=\"sync\",status=\"2xx\"} 1\n"), "{text}");
        assert!(text.contains("doorstep_request_seconds_total{route=\"sync\"} 0.0015\n"), "{text}");
        for line in text.lines().filter(|line| !line.starts_with('#')) {
            let (name, value) = line.rsplit_once(' ').expect("a name and a value");
            assert!(name.starts_with("doorstep_") && value.parse::<f64>().is_ok(), "{line}");
        }
    }
}
