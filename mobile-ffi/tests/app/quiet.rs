//! What is recorded, what is secret and what an app throws does not slip into a log: neither by what objects print, nor by errors, nor
//! by the lines of the log.

use std::sync::{Arc, Mutex};

use doorstep_mobile_ffi::{
    Doorstep, DoorstepError, Findings, GlassPlea, GlassReason, LogLevel, LogLine, LogSink, Severity, Uprn,
    VaultFailure, VisitKind, VisitWords, set_log,
};

use crate::desk::{Town, caught_up, text};
use crate::home::{damp, named, visit};
use crate::pocket::Pocket;

const CANARY: &str = "Oystercatcher";
/// A PIN that is too easy.
const EASY: &str = "4444";

#[tokio::test]
async fn nothing_that_is_recorded_is_in_what_objects_print() {
    let town = Town::new().await;
    let tablet = town.tablet("tablet", 1).await;
    let mut new = visit(VisitKind::SafeAndWell, damp(Severity::Emergency));
    new.words = VisitWords { note: Some(CANARY.into()), met: Some(CANARY.into()), ..VisitWords::default() };
    new.found.hazards[0].note = Some(CANARY.into());
    new.found.people = vec![named(CANARY)];
    let mut printed = vec![format!("{new:?} {new} {:?}", new.found)];
    let recorded = tablet.visits().record(new).unwrap();
    let page = tablet.properties().get(recorded.record.clone()).unwrap();
    let screen = tablet.firebox().open(recorded.record.clone()).unwrap();
    let person = tablet.people().get(recorded.people[0].clone()).unwrap();
    let plea = GlassPlea { reason: GlassReason::Other, text: CANARY.into(), incident: None };
    printed.push(format!("{page:?} {page} {:?} {:?} {:?}", page.line, page.hazards, page.visits));
    printed.push(format!("{screen:?} {:?} {person:?} {person} {plea:?}", screen.lines));
    printed.push(format!("{:?} {:?}", Uprn { digits: "999900000104".into() }, Findings::default()));
    printed.push(format!("{:?} {recorded:?}", tablet.status().unwrap()));
    for text in &printed {
        for secret in [CANARY, "999900000104", "Bedroom", "mergency"] {
            assert!(!text.contains(secret), "{secret} in {text}");
        }
    }
    assert_eq!(page.to_string(), "PropertyPage(not shown)");
    caught_up(&tablet).await;
}

/// Every kind of error as it is printed: a change of a sentence is a reviewed difference.
#[tokio::test]
async fn errors_say_what_to_do_and_nothing_of_what_was_entered() {
    let town = Town::new().await;
    let tablet = town.tablet("tablet", 1).await;
    let mut errors: Vec<DoorstepError> = Vec::new();
    let mut bad = visit(VisitKind::FollowUp, damp(Severity::Low));
    bad.at = doorstep_mobile_ffi::AtProperty::WithUprn { uprn: Uprn { digits: CANARY.into() } };
    errors.push(tablet.visits().record(bad).unwrap_err());
    errors.push(tablet.properties().resolve(CANARY).unwrap_err());
    errors.push(tablet.enrolment().begin(CANARY, doorstep_mobile_ffi::DeviceKind::Shared).unwrap_err());
    errors.push(tablet.seats().unlock(None, CANARY.into()).unwrap_err());
    errors.push(tablet.seats().set_pin(EASY.into()).unwrap_err());
    errors.push(tablet.carrier().import_from(CANARY).unwrap_err());
    let mut long = visit(VisitKind::FollowUp, damp(Severity::Low));
    long.found.hazards[0].code = CANARY.into();
    errors.push(tablet.visits().record(long).unwrap_err());
    let folder = town.at(CANARY);
    let vault = Arc::new(Pocket::default());
    vault.person(|| Err(VaultFailure::Cancelled));
    errors.push(Doorstep::create(text(&folder), vault, None).err().unwrap());
    errors.push(Doorstep::open(text(&town.at("tablet")), Arc::new(Pocket::default()), None).err().unwrap());
    for error in &errors {
        let printed = format!("{error} {error:?}");
        assert!(!printed.contains(CANARY) && !printed.contains(EASY), "{printed}");
        assert!(printed.len() > 30, "{printed}");
    }
    let said: Vec<String> = errors.iter().map(ToString::to_string).collect();
    let expected = include_str!("errors.txt").lines().collect::<Vec<_>>();
    assert_eq!(said, expected, "the sentences of tests/app/errors.txt");
}

/// The ten: an eleventh does not compile here.
#[test]
fn there_are_ten_errors() {
    let count = |error: &DoorstepError| match error {
        DoorstepError::NotHere { .. } => 1,
        DoorstepError::Ambiguous { .. } => 2,
        DoorstepError::Value { .. } => 3,
        DoorstepError::Misfit { .. } => 4,
        DoorstepError::NotAllowed { .. } => 5,
        DoorstepError::Locked { .. } => 6,
        DoorstepError::Keys { .. } => 7,
        DoorstepError::InUse { .. } => 8,
        DoorstepError::Storage { .. } => 9,
        DoorstepError::Server { .. } => 10,
    };
    assert_eq!(count(&DoorstepError::Server { reason: String::new(), remedy: String::new() }), 10);
}

#[derive(Default)]
struct Lines(Mutex<Vec<LogLine>>);

impl LogSink for Lines {
    fn log(&self, line: LogLine) {
        self.0.lock().unwrap().push(line);
    }
}

#[test]
fn a_log_hears_fixed_sentences_of_this_library_and_no_field() {
    let lines = Arc::new(Lines::default());
    set_log(lines.clone(), LogLevel::Warning).unwrap();
    assert!(matches!(set_log(lines.clone(), LogLevel::Debug), Err(DoorstepError::Misfit { .. })));
    tracing::error!(target: "doorstep_client_core::test", secret = CANARY, "it happened");
    tracing::info!(target: "doorstep_client_core::test", "too much detail");
    tracing::error!(target: "hyper::somewhere", "{CANARY}");
    let ours = |line: &&LogLine| line.target == "doorstep_client_core::test";
    let heard = lines.0.lock().unwrap();
    let expected =
        LogLine { level: LogLevel::Error, target: "doorstep_client_core::test".into(), text: "it happened".into() };
    assert_eq!(heard.iter().filter(ours).collect::<Vec<_>>(), [&expected]);
    assert!(heard.iter().all(|line| line.target.starts_with("doorstep_") && !line.text.contains(CANARY)));
}

/// What the log passes on is the sentence at its place: so no sentence of the rooms that an app loads takes an argument.
#[test]
fn every_sentence_of_the_log_is_fixed() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    for room in ["client-core/src", "crypto/src", "protocol/src", "mobile-ffi/src"] {
        rust_files(&root.join(room), &mut files);
    }
    assert!(files.len() > 100);
    let mut found = 0;
    for file in files {
        let source = std::fs::read_to_string(&file).unwrap();
        for (at, _) in source.match_indices("tracing::") {
            let call = &source[at..source[at..].find(';').map_or(source.len(), |end| at + end)];
            let is_call = ["error!", "warn!", "info!", "debug!", "trace!"].iter().any(|name| call.contains(name));
            found += usize::from(is_call);
            assert!(!is_call || !call.contains('{'), "{}: {call}", file.display());
        }
    }
    assert!(found > 0, "the search finds what is there");
}

fn rust_files(folder: &std::path::Path, into: &mut Vec<std::path::PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, into);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            into.push(path);
        }
    }
}
