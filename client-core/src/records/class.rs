//! Which collections the documents of each compartment class hold.

use doorstep_protocol::Class;

/// How a collection holds its rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Shape {
    /// One map of fields: the collection is the row.
    Single,
    /// A map of rows by row id.
    Rows,
}

/// A collection of a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Container {
    /// Its name in the document.
    pub name: &'static str,
    /// One row or many.
    pub shape: Shape,
}

const fn one(name: &'static str) -> Container {
    Container { name, shape: Shape::Single }
}

const fn many(name: &'static str) -> Container {
    Container { name, shape: Shape::Rows }
}

// The order of the names is part of the genesis change: what is new goes to the late ones below.
const INDEX: &[Container] = &[one("property"), many("history"), many("flags")];
const HOME: &[Container] = &[
    one("dwelling"),
    many("hazards"),
    many("measurements"),
    many("equipment"),
    many("adaptations"),
    many("clutter"),
    many("alarms"),
    many("visits"),
    many("alerts"),
];
const FIRE: &[Container] = &[many("facts")];
const IDENTITY: &[Container] = &[one("person"), many("contacts"), many("occupancies")];
const COMMUNICATION: &[Container] = &[one("language"), many("needs")];
const FUNCTION: &[Container] = &[many("abilities"), many("notes")];
const SEALED: &[Container] = &[many("violence"), many("entries"), many("pointers")];
const NETWORK: &[Container] =
    &[one("household"), many("members"), many("people"), many("proxies"), many("professionals"), many("consents")];
const HEALTH_ID: &[Container] = &[one("number"), many("traces")];
const PROTECTED: &[Container] = &[many("concerns"), many("notes"), many("links")];
const REGISTER: &[Container] = &[many("disclosures"), many("agreements"), many("allocations"), many("requests")];
const DIRECTORY: &[Container] =
    &[many("devices"), many("teams"), many("zones"), many("workers"), many("organisations"), many("areas")];

/// Collections that came after the genesis change of their class was fixed. Each is made by a change of its own (see
/// [`super::genesis`]), so their order says nothing.
const HOME_LATE: &[Container] =
    &[many("answers"), many("steps"), many("assessments"), many("decisions"), many("photographs")];
const FUNCTION_LATE: &[Container] = &[many("conditions"), one("evacuation"), many("decisions"), many("answers")];
/// Classes in which the back office settles disputes and that have no other late collection.
const DECIDED_LATE: &[Container] = &[many("decisions")];
const SEALED_LATE: &[Container] = &[many("reasons")];
const DIRECTORY_LATE: &[Container] = &[many("packs"), many("decisions")];

/// What this version knows of a class.
pub trait Collections {
    /// The collections that the genesis change of its documents makes; `None` for a class whose documents this version
    /// cannot make.
    fn containers(self) -> Option<&'static [Container]>;

    /// The collections that came later.
    fn late_containers(self) -> &'static [Container];

    /// The collection of a name.
    fn container(self, name: &str) -> Option<Container>;
}

impl Collections for Class {
    fn containers(self) -> Option<&'static [Container]> {
        match self {
            Self::Index => Some(INDEX),
            Self::Home => Some(HOME),
            Self::Fire => Some(FIRE),
            Self::Identity => Some(IDENTITY),
            Self::Communication => Some(COMMUNICATION),
            Self::Function => Some(FUNCTION),
            Self::Directory => Some(DIRECTORY),
            Self::Sealed => Some(SEALED),
            Self::Network => Some(NETWORK),
            Self::HealthId => Some(HEALTH_ID),
            Self::Protected => Some(PROTECTED),
            Self::Register => Some(REGISTER),
            Self::Audit => None,
        }
    }

    fn late_containers(self) -> &'static [Container] {
        match self {
            Self::Home => HOME_LATE,
            Self::Function => FUNCTION_LATE,
            Self::Sealed => SEALED_LATE,
            Self::Directory => DIRECTORY_LATE,
            Self::Index | Self::Fire | Self::Identity | Self::Communication | Self::Network | Self::Register => {
                DECIDED_LATE
            }
            Self::HealthId | Self::Protected | Self::Audit => &[],
        }
    }

    fn container(self, name: &str) -> Option<Container> {
        self.containers()?.iter().chain(self.late_containers()).copied().find(|container| container.name == name)
    }
}

/// Whether documents of a class open with a worker's PIN: nothing of them is ever written on a device but sealed envelopes.
#[must_use]
pub const fn is_worker_locked(class: Class) -> bool {
    matches!(class, Class::Sealed | Class::HealthId | Class::Protected)
}

/// Whether envelopes of a class stay sealed on the device: opened when somebody reads them, and never before.
#[must_use]
pub const fn stays_sealed(class: Class) -> bool {
    is_worker_locked(class) || matches!(class, Class::Audit)
}
