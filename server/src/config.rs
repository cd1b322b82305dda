//! How the server is set up: flags before environment before file before defaults, checked once, with errors that name
//! the key, the limit and the remedy. With none of them it starts.

use std::collections::BTreeSet;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};

use clap::Args;
use doorstep_protocol::PartnershipId;
use serde::Deserialize;

use crate::relay::{PartnershipPolicy, RelayPolicy};

/// Where data goes when nobody says.
pub const DATA_DEFAULT: &str = "./doorstep-server-data";
/// Where the server listens when nobody says.
pub const LISTEN_DEFAULT: &str = "127.0.0.1:8470";

/// What can be set, in its one list: a flag `--data`, a variable `DOORSTEP_DATA`, a key `data` in the file.
#[derive(Args, Clone, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Settings {
    /// Folder for the database and the keys [default: ./doorstep-server-data]
    #[arg(long, env = "DOORSTEP_DATA", value_name = "FOLDER", global = true)]
    pub data: Option<PathBuf>,
    /// Address and port to listen on; port 0 takes a free one and prints it [default: 127.0.0.1:8470]
    #[arg(long, env = "DOORSTEP_LISTEN", value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// Certificate chain (PEM) for TLS; without it the server speaks plain HTTP, for loopback or behind a proxy
    #[arg(long, env = "DOORSTEP_TLS_CERTIFICATE", value_name = "FILE")]
    pub tls_certificate: Option<PathBuf>,
    /// Private key (PEM) of the certificate
    #[arg(long, env = "DOORSTEP_TLS_KEY", value_name = "FILE")]
    pub tls_key: Option<PathBuf>,
    /// Partnerships taken: first, any, or ids separated by commas [default: first]
    #[arg(long, env = "DOORSTEP_PARTNERSHIPS", value_name = "WHICH")]
    pub partnerships: Option<String>,
    /// Bytes of envelopes that one partnership may hold [default: no limit]
    #[arg(long, env = "DOORSTEP_QUOTA_BYTES", value_name = "BYTES")]
    pub quota_bytes: Option<u64>,
    /// Bytes of photographs, sealed, that one partnership may hold beside them [default: no limit]
    #[arg(long, env = "DOORSTEP_PHOTO_QUOTA_BYTES", value_name = "BYTES")]
    pub photo_quota_bytes: Option<u64>,
    /// Connections at once, 1 to 65536 [default: 4096]
    #[arg(long, env = "DOORSTEP_CONNECTIONS_MAX", value_name = "N")]
    pub connections_max: Option<usize>,
    /// Watchers at once, 0 to 65536 [default: 3072]
    #[arg(long, env = "DOORSTEP_WATCHERS_MAX", value_name = "N")]
    pub watchers_max: Option<usize>,
    /// Requests of one device in a minute, 60 to 1000000 [default: 6000]
    #[arg(long, env = "DOORSTEP_DEVICE_REQUESTS_PER_MINUTE_MAX", value_name = "N")]
    pub device_requests_per_minute_max: Option<u64>,
    /// Requests that use the store at once, 1 to 512 [default: 64]
    #[arg(long, env = "DOORSTEP_REQUESTS_AT_ONCE_MAX", value_name = "N")]
    pub requests_at_once_max: Option<usize>,
    /// Seconds within which a request's head must arrive, 1 to 600 [default: 75]
    #[arg(long, env = "DOORSTEP_HEAD_SECONDS_MAX", value_name = "SECONDS")]
    pub head_seconds_max: Option<u64>,
    /// Seconds within which a request's body must arrive, 1 to 3600 [default: 120]
    #[arg(long, env = "DOORSTEP_BODY_SECONDS_MAX", value_name = "SECONDS")]
    pub body_seconds_max: Option<u64>,
    /// Seconds for which a reader may take nothing, 1 to 600 [default: 60]
    #[arg(long, env = "DOORSTEP_STALLED_WRITE_SECONDS_MAX", value_name = "SECONDS")]
    pub stalled_write_seconds_max: Option<u64>,
    /// Seconds between the pings to a watcher, 1 to 3600 [default: 30]
    #[arg(long, env = "DOORSTEP_HEARTBEAT_SECONDS", value_name = "SECONDS")]
    pub heartbeat_seconds: Option<u64>,
    /// Milliseconds over which news for watchers are gathered, 0 to 10000 [default: 50]
    #[arg(long, env = "DOORSTEP_COALESCE_MS", value_name = "MS")]
    pub coalesce_ms: Option<u64>,
    /// Seconds that current requests have to finish when the server stops, 0 to 600 [default: 10]
    #[arg(long, env = "DOORSTEP_STOP_SECONDS_MAX", value_name = "SECONDS")]
    pub stop_seconds_max: Option<u64>,
    /// Logs as lines of text or of JSON: text, json [default: text]
    #[arg(long, env = "DOORSTEP_LOG_FORM", value_name = "FORM")]
    pub log_form: Option<String>,
    /// What is logged: error, warn, info, debug, trace [default: info]
    #[arg(long, env = "DOORSTEP_LOG_LEVEL", value_name = "LEVEL")]
    pub log_level: Option<String>,
}

/// A certificate and its key, in files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TlsFiles {
    /// The chain, PEM.
    pub certificate: PathBuf,
    /// The key, PEM.
    pub key: PathBuf,
}

/// Limits of the server as a program; those of the messages are in the protocol.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Connections at once.
    pub connections_max: usize,
    /// Watchers at once.
    pub watchers_max: usize,
    /// Requests of one device in a minute; so many may also come at once.
    pub device_requests_per_minute_max: u64,
    /// Requests that use the store at once.
    pub requests_at_once_max: usize,
    /// Within this a request's head must arrive.
    pub head_seconds_max: u64,
    /// Within this a request's body must arrive.
    pub body_seconds_max: u64,
    /// For this long a reader may take nothing.
    pub stalled_write_seconds_max: u64,
    /// Between the pings to a watcher.
    pub heartbeat_seconds: u64,
    /// Over this long news for watchers are gathered.
    pub coalesce_ms: u64,
    /// Current requests have this long to finish when the server stops.
    pub stop_seconds_max: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections_max: 4_096,
            watchers_max: 3_072,
            device_requests_per_minute_max: 6_000,
            requests_at_once_max: 64,
            head_seconds_max: 75,
            body_seconds_max: 120,
            stalled_write_seconds_max: 60,
            heartbeat_seconds: 30,
            coalesce_ms: 50,
            stop_seconds_max: 10,
        }
    }
}

/// How logs are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LogForm {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// A configuration that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Folder for the database and the keys.
    pub data: PathBuf,
    /// Where to listen.
    pub listen: SocketAddr,
    /// TLS, when there is a certificate.
    pub tls: Option<TlsFiles>,
    /// What the operator decides about data.
    pub policy: RelayPolicy,
    /// Limits.
    pub limits: Limits,
    /// How logs are written.
    pub log_form: LogForm,
    /// What is logged.
    pub log_level: tracing::level_filters::LevelFilter,
}

/// What is wrong with a configuration, and what to do.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// A value that cannot be used.
    #[error("{key}: {wrong}. {remedy}.")]
    Value {
        /// The key, as in the file.
        key: &'static str,
        /// What is wrong with it.
        wrong: String,
        /// What to do.
        remedy: &'static str,
    },
    /// A number outside its limits.
    #[error("{key} is {found}; it must be between {min} and {max}. Set it inside, or leave it out for {default}.")]
    Range {
        /// The key, as in the file.
        key: &'static str,
        /// The value found.
        found: u64,
        /// The smallest allowed.
        min: u64,
        /// The largest allowed.
        max: u64,
        /// What holds without it.
        default: u64,
    },
    /// The file cannot be read.
    #[error("{path}: {wrong}. Correct the file, or start without --config.")]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        wrong: String,
    },
}

impl Config {
    /// The configuration with nothing set, with data in `folder`, on a free port of the loopback.
    #[must_use]
    pub fn in_folder(folder: impl Into<PathBuf>) -> Self {
        Self {
            data: folder.into(),
            listen: SocketAddr::from(([127, 0, 0, 1], 0)),
            tls: None,
            policy: RelayPolicy::default(),
            limits: Limits::default(),
            log_form: LogForm::Text,
            log_level: tracing::level_filters::LevelFilter::INFO,
        }
    }
}

impl Settings {
    /// Reads a settings file.
    ///
    /// # Errors
    /// [`ConfigError::File`].
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let wrong = |wrong: String| ConfigError::File { path: path.to_owned(), wrong: wrong.trim_end().to_owned() };
        let text = std::fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
        toml::from_str(&text).map_err(|error| wrong(error.to_string()))
    }

    /// These settings, and where they say nothing, those of `other`.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            data: self.data.or(other.data),
            listen: self.listen.or(other.listen),
            tls_certificate: self.tls_certificate.or(other.tls_certificate),
            tls_key: self.tls_key.or(other.tls_key),
            partnerships: self.partnerships.or(other.partnerships),
            quota_bytes: self.quota_bytes.or(other.quota_bytes),
            photo_quota_bytes: self.photo_quota_bytes.or(other.photo_quota_bytes),
            connections_max: self.connections_max.or(other.connections_max),
            watchers_max: self.watchers_max.or(other.watchers_max),
            device_requests_per_minute_max: self
                .device_requests_per_minute_max
                .or(other.device_requests_per_minute_max),
            requests_at_once_max: self.requests_at_once_max.or(other.requests_at_once_max),
            head_seconds_max: self.head_seconds_max.or(other.head_seconds_max),
            body_seconds_max: self.body_seconds_max.or(other.body_seconds_max),
            stalled_write_seconds_max: self.stalled_write_seconds_max.or(other.stalled_write_seconds_max),
            heartbeat_seconds: self.heartbeat_seconds.or(other.heartbeat_seconds),
            coalesce_ms: self.coalesce_ms.or(other.coalesce_ms),
            stop_seconds_max: self.stop_seconds_max.or(other.stop_seconds_max),
            log_form: self.log_form.or(other.log_form),
            log_level: self.log_level.or(other.log_level),
        }
    }

    /// Checks everything once.
    ///
    /// # Errors
    /// [`ConfigError`] of the first value that cannot be used.
    pub fn check(self) -> Result<Config, ConfigError> {
        let listen = self.listen.as_deref().unwrap_or(LISTEN_DEFAULT);
        let listen = listen.parse().map_err(|_| ConfigError::Value {
            key: "listen",
            wrong: format!("{listen:?} is not an address and port"),
            remedy: "Write it like 127.0.0.1:8470 or [::]:8470",
        })?;
        let tls = match (self.tls_certificate, self.tls_key) {
            (Some(certificate), Some(key)) => Some(TlsFiles { certificate, key }),
            (None, None) => None,
            _ => {
                return Err(ConfigError::Value {
                    key: "tls-certificate, tls-key",
                    wrong: "one of them is set and the other is not".to_owned(),
                    remedy: "Set both for TLS, or neither",
                });
            }
        };
        let defaults = Limits::default();
        let count = |key, set: Option<usize>, default: usize, min: u64, max: u64| {
            let set = set.map(|n| u64::try_from(n).unwrap_or(u64::MAX));
            // The maximum fits a usize, and so does whatever is not above it.
            within(key, set, default as u64, min, max).map(|n| usize::try_from(n).unwrap_or(default))
        };
        let quota_max = i64::MAX as u64;
        Ok(Config {
            data: self.data.unwrap_or_else(|| DATA_DEFAULT.into()),
            listen,
            tls,
            policy: RelayPolicy {
                partnerships: partnerships(self.partnerships.as_deref().unwrap_or("first"))?,
                quota_bytes: within("quota-bytes", self.quota_bytes, quota_max, 1, quota_max)?,
                parts_quota_bytes: within("photo-quota-bytes", self.photo_quota_bytes, quota_max, 1, quota_max)?,
            },
            limits: Limits {
                connections_max: count("connections-max", self.connections_max, defaults.connections_max, 1, 65_536)?,
                watchers_max: count("watchers-max", self.watchers_max, defaults.watchers_max, 0, 65_536)?,
                device_requests_per_minute_max: within(
                    "device-requests-per-minute-max",
                    self.device_requests_per_minute_max,
                    defaults.device_requests_per_minute_max,
                    60,
                    1_000_000,
                )?,
                requests_at_once_max: count(
                    "requests-at-once-max",
                    self.requests_at_once_max,
                    defaults.requests_at_once_max,
                    1,
                    512,
                )?,
                head_seconds_max: within("head-seconds-max", self.head_seconds_max, defaults.head_seconds_max, 1, 600)?,
                body_seconds_max: within(
                    "body-seconds-max",
                    self.body_seconds_max,
                    defaults.body_seconds_max,
                    1,
                    3_600,
                )?,
                stalled_write_seconds_max: within(
                    "stalled-write-seconds-max",
                    self.stalled_write_seconds_max,
                    defaults.stalled_write_seconds_max,
                    1,
                    600,
                )?,
                heartbeat_seconds: within(
                    "heartbeat-seconds",
                    self.heartbeat_seconds,
                    defaults.heartbeat_seconds,
                    1,
                    3_600,
                )?,
                coalesce_ms: within("coalesce-ms", self.coalesce_ms, defaults.coalesce_ms, 0, 10_000)?,
                stop_seconds_max: within("stop-seconds-max", self.stop_seconds_max, defaults.stop_seconds_max, 0, 600)?,
            },
            log_form: match self.log_form.as_deref() {
                None | Some("text") => LogForm::Text,
                Some("json") => LogForm::Json,
                Some(other) => {
                    return Err(ConfigError::Value {
                        key: "log-form",
                        wrong: format!("{other:?} is not a form of logs"),
                        remedy: "Write text or json",
                    });
                }
            },
            log_level: self.log_level.as_deref().unwrap_or("info").parse().map_err(|_| ConfigError::Value {
                key: "log-level",
                wrong: "it is not a level".to_owned(),
                remedy: "Write error, warn, info, debug or trace",
            })?,
        })
    }
}

fn within(key: &'static str, set: Option<u64>, default: u64, min: u64, max: u64) -> Result<u64, ConfigError> {
    match set {
        None => Ok(default),
        Some(found) if (min..=max).contains(&found) => Ok(found),
        Some(found) => Err(ConfigError::Range { key, found, min, max, default }),
    }
}

fn partnerships(text: &str) -> Result<PartnershipPolicy, ConfigError> {
    match text {
        "first" => Ok(PartnershipPolicy::First),
        "any" => Ok(PartnershipPolicy::Any),
        list => {
            let ids: Result<BTreeSet<PartnershipId>, _> = list.split(',').map(|id| id.trim().parse()).collect();
            ids.map(PartnershipPolicy::Listed).map_err(|error| ConfigError::Value {
                key: "partnerships",
                wrong: error.to_string(),
                remedy: "Write first, any, or ids of 32 hexadecimal digits separated by commas",
            })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_set_is_enough() {
        let config = Settings::default().check().expect("defaults are sound");
        assert_eq!(config.listen.to_string(), LISTEN_DEFAULT);
        assert_eq!(config.data, PathBuf::from(DATA_DEFAULT));
        assert_eq!(config.limits, Limits::default());
    }

    #[test]
    fn an_error_names_key_limit_and_remedy() {
        let settings = Settings { requests_at_once_max: Some(9_999), ..Settings::default() };
        let message = settings.check().expect_err("out of range").to_string();
        for part in ["requests-at-once-max", "9999", "512", "64"] {
            assert!(message.contains(part), "{message}");
        }
        for settings in [
            Settings { listen: Some("nowhere".into()), ..Settings::default() },
            Settings { tls_key: Some("key.pem".into()), ..Settings::default() },
            Settings { partnerships: Some("a7".into()), ..Settings::default() },
            Settings { log_form: Some("xml".into()), ..Settings::default() },
            Settings { log_level: Some("loud".into()), ..Settings::default() },
            Settings { quota_bytes: Some(0), ..Settings::default() },
        ] {
            let message = settings.clone().check().expect_err("a wrong value").to_string();
            assert!(message.ends_with('.') && message.contains(". ") || message.contains("; "), "{message}");
        }
    }

    #[test]
    fn what_stands_first_wins_and_an_unknown_key_is_named() {
        let flags = Settings { listen: Some("127.0.0.1:1".into()), ..Settings::default() };
        let file: Settings = toml::from_str("listen = \"127.0.0.1:2\"\nwatchers-max = 7").expect("two known keys");
        let merged = flags.or(file);
        assert_eq!((merged.listen.as_deref(), merged.watchers_max), (Some("127.0.0.1:1"), Some(7)));
        let error = toml::from_str::<Settings>("watcher-max = 7").expect_err("a misspelt key").to_string();
        assert!(error.contains("watcher-max"), "{error}");
    }
}
