//! The compartment classes: one record is several documents, so that one team's key never opens another's detail.

/// What kind of thing a document is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// A home or a building.
    Property,
    /// A person.
    Person,
    /// An organisation of the partnership.
    Organisation,
    /// The partnership.
    Partnership,
}

macro_rules! classes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $text:literal, $subject:ident;)+) => {
        /// A compartment class. The code is on the wire; the text is in locators.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize)]
        #[serde(rename_all = "kebab-case")]
        #[repr(u8)]
        pub enum Class {
            $($(#[$doc])* $name = $code,)+
        }

        impl Class {
            /// Every class, in the order of their codes.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The number that the authority log carries.
            #[must_use]
            pub const fn code(self) -> u8 {
                self as u8
            }

            /// The class of a code.
            #[must_use]
            pub fn from_code(code: u8) -> Option<Self> {
                Self::ALL.iter().copied().find(|class| class.code() == code)
            }

            /// The name in locators and on the command line.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)+
                }
            }

            /// What a document of this class is about.
            #[must_use]
            pub const fn subject(self) -> Subject {
                match self {
                    $(Self::$name => Subject::$subject,)+
                }
            }
        }
    };
}

classes! {
    /// Address, parent, flags that exist.
    Index = 1, "index", Property;
    /// Hazards, measurements, equipment, alarms, visits.
    Home = 2, "home", Property;
    /// What a crew needs in seconds; never locks.
    Fire = 3, "fire", Property;
    /// Firebox detail behind glass.
    Sealed = 4, "sealed", Property;
    /// Names, contacts, addresses.
    Identity = 5, "identity", Person;
    /// Communication needs and language.
    Communication = 6, "communication", Person;
    /// What the person can do.
    Function = 7, "function", Person;
    /// Household, important people, consent.
    Network = 8, "network", Person;
    /// NHS number; health and social care only.
    HealthId = 9, "health-id", Person;
    /// Safeguarding.
    Protected = 10, "protected", Person;
    /// Disclosures, agreements, allocations.
    Register = 11, "register", Organisation;
    /// Names of workers, teams and zones.
    Directory = 12, "directory", Partnership;
    /// Who read what; everybody seals, only auditors open.
    Audit = 13, "audit", Partnership;
}

impl Class {
    /// Order in which a feed is sent: what a crew needs first, then what lists need, then the rest.
    #[must_use]
    pub const fn send_order(self) -> u8 {
        match self {
            Self::Directory => 0,
            Self::Fire => 1,
            Self::Index => 2,
            Self::Home => 3,
            _ => 4,
        }
    }
}

impl core::fmt::Display for Class {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The text names no class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no compartment class has this name")]
pub struct NotAClass;

impl core::str::FromStr for Class {
    type Err = NotAClass;
    fn from_str(text: &str) -> Result<Self, NotAClass> {
        Self::ALL.iter().copied().find(|class| class.as_str() == text).ok_or(NotAClass)
    }
}

impl<C> minicbor::Encode<C> for Class {
    fn encode<W: minicbor::encode::Write>(
        &self,
        e: &mut minicbor::Encoder<W>,
        _: &mut C,
    ) -> Result<(), minicbor::encode::Error<W::Error>> {
        e.u8(self.code())?.ok()
    }
}

impl<'b, C> minicbor::Decode<'b, C> for Class {
    fn decode(d: &mut minicbor::Decoder<'b>, _: &mut C) -> Result<Self, minicbor::decode::Error> {
        let at = d.position();
        Self::from_code(d.u8()?).ok_or_else(|| minicbor::decode::Error::message("unknown compartment class").at(at))
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
