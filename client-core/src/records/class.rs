//! The classes of compartment: which kind of record each belongs to and which collections its documents hold.

use core::fmt;
use core::str::FromStr;

/// What a record is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// A home, a building, or a provisional one without a UPRN.
    Property,
    /// A resident.
    Person,
    /// A data controller.
    Organisation,
    /// The whole partnership.
    Partnership,
}

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

// The order of the names is part of the genesis change: append only, in a further schema version.
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
const DIRECTORY: &[Container] =
    &[many("devices"), many("teams"), many("zones"), many("workers"), many("organisations"), many("areas")];

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $text:literal, $subject:ident, $containers:expr;)+) => {
        /// The compartment class of a document.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Class {
            $($(#[$doc])* $name,)+
        }

        impl Class {
            /// Every class, in the order of the codes.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The number that stands for the class in envelopes and zones.
            #[must_use]
            pub const fn code(self) -> u8 {
                match self { $(Self::$name => $code,)+ }
            }

            /// The class of a number.
            #[must_use]
            pub const fn from_code(code: u8) -> Option<Self> {
                match code { $($code => Some(Self::$name),)+ _ => None }
            }

            /// The name, as locators and papers spell it.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)+ }
            }

            /// What its records are about.
            #[must_use]
            pub const fn subject(self) -> Subject {
                match self { $(Self::$name => Subject::$subject,)+ }
            }

            /// The collections of its documents; `None` for a class whose documents this version cannot make.
            #[must_use]
            pub const fn containers(self) -> Option<&'static [Container]> {
                match self { $(Self::$name => $containers,)+ }
            }
        }
    };
}

classes! {
    /// UPRN, address and the flags that exist.
    Index = 1, "index", Property, Some(INDEX);
    /// Hazards, measurements, equipment, visits.
    Home = 2, "home", Property, Some(HOME);
    /// What a crew needs in seconds.
    Fire = 3, "fire", Property, Some(FIRE);
    /// Firebox detail, opened by entitled teams or by breaking glass.
    Sealed = 4, "sealed", Property, None;
    /// Names, contacts, addresses, dates.
    Identity = 5, "identity", Person, Some(IDENTITY);
    /// Communication needs and language.
    Communication = 6, "communication", Person, Some(COMMUNICATION);
    /// What the person can do.
    Function = 7, "function", Person, Some(FUNCTION);
    /// Household, proxies, professionals.
    Network = 8, "network", Person, None;
    /// NHS number and trace.
    HealthId = 9, "health-id", Person, None;
    /// Safeguarding and protected addresses.
    Protected = 10, "protected", Person, None;
    /// Disclosures, agreements, allocations.
    Register = 11, "register", Organisation, None;
    /// Names of devices, teams, zones, workers, organisations and areas.
    Directory = 12, "directory", Partnership, Some(DIRECTORY);
    /// Who read what.
    Audit = 13, "audit", Partnership, None;
}

impl Class {
    /// The container of a name.
    #[must_use]
    pub fn container(self, name: &str) -> Option<Container> {
        self.containers()?.iter().copied().find(|container| container.name == name)
    }
}

/// The text names no class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no compartment class has this name")]
pub struct NotAClass;

impl FromStr for Class {
    type Err = NotAClass;
    fn from_str(text: &str) -> Result<Self, NotAClass> {
        Self::ALL.iter().copied().find(|class| class.as_str() == text).ok_or(NotAClass)
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl serde::Serialize for Class {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> serde::Deserialize<'de> for Class {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_reads_back_from_its_code_and_its_name() {
        for class in Class::ALL {
            assert_eq!(Class::from_code(class.code()), Some(*class));
            assert_eq!(class.as_str().parse(), Ok(*class));
        }
        assert_eq!(Class::from_code(0), None);
    }
}
