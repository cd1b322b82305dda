//! The record: the pure, typed model of what is recorded. No IO, no clock, no randomness: ids, `now` and actors are
//! arguments.
//!
//! - [`Document`] is one Automerge document: one record × one compartment ([`Class`]). It starts from the fixed change of
//!   [`genesis`]; [`Document::edit`] makes one change, [`Document::apply`] takes others' changes, checked as bytes first.
//! - A [`Row`] is a struct of optional fields, declared in the room of its class ([`index`], [`home`], [`fire`],
//!   [`sealed`], [`identity`], [`communication`], [`function`], [`directory`]): written strictly, read leniently.
//! - [`read`] turns a document into sections, rows and fields, each value with who, when and in which change; [`conflicts`]
//!   lists what somebody has to settle; [`caution`] says which of several values a crew is shown meanwhile.
//! - [`property`] and [`firebox`] assemble screens; [`publish`] decides which facts and flags follow from what was recorded.
//!
//! ```
//! use doorstep_client_core::records::home::{Hazard, Severity};
//! use doorstep_client_core::records::{Class, Document, Reading, RowId, conflicts, hazard_codes::Scheme, read};
//! use doorstep_protocol::{ActorId, DocumentId, Millis};
//!
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! let home = DocumentId([7; 16]);
//! let (mut tablet, mut desk) = (Document::genesis(Class::Home, home)?, Document::genesis(Class::Home, home)?);
//! let hazard = Hazard {
//!     scheme: Some(Scheme::Hhsrs2026),
//!     code: Some("11".into()),
//!     severity: Some(Severity::High),
//!     ..Hazard::default()
//! };
//! let raw = tablet.edit(ActorId([1; 16]), Millis(1_000), |edit| edit.create(RowId([9; 16]), &hazard))?;
//! desk.apply(&raw.into_iter().collect::<Vec<_>>())?;
//! let view = read(&desk, &|_actor| None);
//! assert_eq!(view.rows::<Hazard>(Reading::Shown)[0].value, hazard);
//! assert!(conflicts(&view).is_empty());
//! # Ok(())
//! # }
//! ```

pub mod answers;
pub mod caution;
pub mod chunk;
pub mod class;
pub mod clocks;
pub mod communication;
pub mod consent;
pub mod decisions;
pub mod directory;
pub mod document;
pub mod edit;
pub mod fire;
pub mod firebox;
pub mod function;
pub mod genesis;
pub mod hazard_codes;
pub mod health_id;
pub mod history;
pub mod home;
pub mod identity;
pub mod index;
pub mod joins;
pub mod late;
pub(crate) mod names;
pub mod network;
mod objects;
pub mod packs;
pub mod photograph;
pub mod property;
pub mod protected;
pub mod publish;
pub mod register;
pub mod rooms;
pub mod row;
pub mod rows;
pub mod sealed;
pub mod sources;
pub mod value;
pub mod view;
pub mod words;

pub use automerge::ChangeHash;
pub use class::{Collections, Container, Shape, is_worker_locked, stays_sealed};
pub use document::{Applied, ApplyError, ChangeMeta, Document, LoadError, inspect};
pub use doorstep_protocol::{Class, Subject};
pub use edit::{Edit, EditError, Path};
pub use firebox::{FireLine, FireboxView, firebox};
pub use property::{PersonSources, PersonView, PropertySources, PropertyView};
pub use publish::{Desired, Plan, Standing, Thresholds, plan, published};
pub use row::{Keeping, Row};
pub use sources::{Confidence, Presence, Source};
pub use value::{FieldError, FieldShape, FieldValue, Limit, Value};
pub use view::{Author, Conflict, DocumentView, Provenance, Reading, Said, Seen, conflicts, read};
pub use words::{Date, MicroDegrees, NhsNumber, NotThisForm, Postcode, RowId, Uprn};
