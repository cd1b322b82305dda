//! The device for apps in Kotlin, Swift and Python, by UniFFI: the nouns of `client-core` as records and enums. Conversions only;
//! what happens, happens in `client-core`.
//!
//! | noun | is |
//! | --- | --- |
//! | [`Doorstep`] | an open device: `create`, `open`, the nouns below, `sync`, `sync_within`, `watch`, `status`, `leave`, `shut_down` |
//! | [`Enrolment`] | take an invitation, show the request |
//! | [`Seats`] | PINs: choose, unlock, lock |
//! | [`Properties`], [`People`] | find, get, record; who may read them |
//! | [`Visits`] | record whole, or begin, add, submit; with or without signal; take back what was recorded by mistake |
//! | [`Forms`] | questions and code lists |
//! | [`Photographs`] | add, show, want |
//! | [`Firebox`] | what a crew needs, never gated |
//! | [`Glass`] | what is sealed: break the glass, read, close |
//! | [`Conflicts`] | values that disagree: choose, edit, keep all, return, undo |
//! | [`Todo`] | visits that the office returned |
//! | [`Carrier`] | export and import of files |
//!
//! An app implements [`KeyVault`] over its hardware keystore; [`Transport`] only where it has HTTP of its own; [`SyncObserver`],
//! [`WatchObserver`] and [`LogSink`] as it likes.
//!
//! **Threads.** Every object may be used from any thread. A call that is not asynchronous is local, works without a network and may block for
//! some milliseconds, `add` of a photograph and whatever opens or sets a PIN for some hundred: not on the screen's thread. The library has
//! two threads of its own for the network, made when they are first needed.
//!
//! **Life.** What a call has saved is on disk when it returns; a program that is killed at any moment has lost nothing of it. A device ends
//! with the last of its objects, or with `shut_down`; a [`Watch`] ends when it is let go of.
//!
//! **Errors** are the ten of [`DoorstepError`]. Nothing that a person entered is in one, nor in what an object prints.
//!
//! The sources for each language are written from the built library by `doorstep-bindgen`, which is not part of it.
//!
//! ```
//! # fn main() -> Result<(), doorstep_mobile_ffi::DoorstepError> {
//! # let folder = tempfile::tempdir().expect("a folder");
//! # let path = folder.path().join("device").display().to_string();
//! use doorstep_mobile_ffi::{Doorstep, DoorstepError, software_vault};
//!
//! let device = Doorstep::create(path.clone(), software_vault("a long passphrase".into()), None)?;
//! assert!(device.properties().find("High Street", 10)?.is_empty());
//! assert!(device.status()?.words.en.contains("signal"));
//! // One at a time for each folder.
//! let second = Doorstep::open(path, software_vault("a long passphrase".into()), None);
//! assert!(matches!(second, Err(DoorstepError::InUse { .. })));
//! # Ok(())
//! # }
//! ```

mod answer;
mod brought;
mod carrier;
mod conflict;
mod device;
mod enrolment;
mod error;
mod findings;
mod firebox;
mod form;
mod found;
mod glass;
mod ids;
mod logging;
mod measures;
mod mistaken;
mod open;
mod person;
mod photograph;
mod property;
mod quiet;
mod readers;
mod runtime;
mod seat;
mod status;
mod sync;
mod todo;
mod transport;
mod vault;
mod visit;
mod watch;
mod wipe;
mod words;

pub use answer::{AnswerGiven, AnswerRow, Answered, AskedQuestion, FilledForm, FormChoice};
pub use brought::{AnswerFlow, HttpAnswer, HttpUpload};
pub use carrier::{Carrier, CarrierReport};
pub use conflict::{Conflict, ConflictList, Conflicts, DecisionKind, DecisionRow, FieldPath, FieldValue, SaidValue};
pub use device::{Doorstep, Network, finish_wipe};
pub use enrolment::{DeviceKind, Enrolment};
pub use error::{DoorstepError, KeysWhy, LockedWhy, Refusal};
pub use findings::Findings;
pub use firebox::{FireBasis, FireLine, Firebox, FireboxEntry, FireboxLine, FireboxScreen};
pub use form::{AnswerForm, AskedWhen, FormQuestion, Forms, ListedCode, VisitForm, Words};
pub use found::{
    Adaptation, AdaptationRow, Alarm, AlarmChange, AlarmRow, Clutter, ClutterRow, Equipment, EquipmentChange,
    EquipmentRow, Flag, FlagRow, FlagState, Hazard, HazardChange, HazardRow, Measurement, MeasurementRow, RowFacts,
};
pub use glass::{
    Glass, GlassPlea, GlassReason, OpenGlass, ReadPurpose, SealedPage, ToSeal, Violence, WayIn, WhoKnowsMore,
};
pub use ids::{AuditRecordId, DeviceId, DocumentId, RecordId, RowId, SeatId, Uprn, WorkerId};
pub use logging::{LogLevel, LogLine, LogSink, set_log};
pub use measures::{Day, Figure, Kilograms};
pub use mistaken::{FactKind, HomeFact, MistakenAbility, MistakenFact};
pub use person::{Ability, AbilityRow, Contact, Need, NewPerson, Occupancy, People, PersonLine, PersonPage};
pub use photograph::{AboutPhotograph, PhotographHeld, PhotographRow, PhotographSending, Photographs};
pub use property::{Delivery, Properties, PropertyLine, PropertyPage};
pub use readers::{ReaderLine, RecordPart};
pub use seat::{SeatRow, Seats};
pub use status::{Status, StatusHeadline, SyncActivity};
pub use sync::{
    PhotographTraffic, SyncDenied, SyncEnd, SyncFault, SyncObserver, SyncProgress, SyncReport, SyncStep, SyncStop,
    SyncStopper,
};
pub use todo::{ReturnedVisit, Todo};
pub use transport::{HttpHeader, HttpRequest, Transport, TransportFailure};
pub use vault::{KeyHome, KeyVault, PromptKind, SigningKind, VaultAbilities, VaultFailure, software_vault};
pub use visit::{AtProperty, NewVisit, VisitLine, VisitRecorded, VisitRow, VisitWords, Visits};
pub use watch::{Watch, WatchObserver};
pub use wipe::WipeReport;
pub use words::{
    AdaptationStatus, AlarmKind, AlarmState, Channel, Confidence, Constancy, Doing, EquipmentKind, EquipmentState,
    ExitState, FlagKind, FlagSubject, HazardScheme, HazardState, Level, MeasuredBy, NeedKind, OccupancyKind, Outcome,
    PointerKind, RoomKind, Scope, Severity, Source, ViolenceKind, VisitKind, VisitState,
};

uniffi::setup_scaffolding!("doorstep");
