//! The record: the pure, typed model of what is recorded. No IO, no clock, no randomness: ids, `now` and actors are
//! arguments.

pub mod caution;
pub mod chunk;
pub mod class;
pub mod communication;
pub mod directory;
pub mod document;
pub mod edit;
pub mod fire;
pub mod firebox;
pub mod function;
pub mod genesis;
pub mod hazard_codes;
pub mod home;
pub mod identity;
pub mod index;
mod objects;
pub mod property;
pub mod publish;
pub mod row;
pub mod sources;
pub mod value;
pub mod view;
pub mod words;

pub use automerge::ChangeHash;
pub use class::{Collections, Container, Shape};
pub use document::{Applied, ApplyError, ChangeMeta, Document, LoadError, inspect};
pub use doorstep_protocol::{Class, Subject};
pub use edit::{Edit, EditError, Path};
pub use firebox::{FireLine, FireboxView, firebox};
pub use property::{PersonSources, PersonView, PropertySources, PropertyView};
pub use publish::{Desired, Plan, Standing, Thresholds, plan, published};
pub use row::{Keeping, Row};
pub use sources::{Confidence, Presence, Source};
pub use value::{FieldError, FieldValue, Limit, Value};
pub use view::{Author, Conflict, DocumentView, Provenance, Reading, Said, Seen, conflicts, read};
pub use words::{Date, MicroDegrees, Postcode, RowId, Uprn};
