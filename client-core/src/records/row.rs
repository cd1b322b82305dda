//! What a row is: a struct of optional fields, declared once, written strictly and read leniently.
//!
//! A field that is absent from the document, or holds a kind of value that does not fit, reads as `None`. A field that this
//! version does not declare is left where it is.

use super::value::{FieldError, FieldShape, Limit, Value};
use doorstep_protocol::Class;

/// Whether rows of a collection may be changed once made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keeping {
    /// Fields may be set again.
    Edited,
    /// An observation: a correction is a further row.
    AppendOnly,
}

/// A field of a row that is about to be written.
#[derive(Debug)]
pub struct Entry {
    /// Its name in the document.
    pub field: &'static str,
    /// What it holds.
    pub value: Value,
    /// Whether that may be written.
    pub checked: Result<(), FieldError>,
}

/// What a row declares of a field.
#[derive(Clone, Copy, Debug)]
pub struct FieldAbout {
    /// Its name in the document.
    pub name: &'static str,
    /// The type of what it holds.
    pub kind: &'static str,
    /// What it may hold of that type.
    pub limit: Limit,
    /// What a person fills it with: its codes, for a choice.
    pub shape: FieldShape,
    /// What it says, in words.
    pub about: &'static str,
}

impl FieldAbout {
    /// The codes that this version writes, for a choice.
    #[must_use]
    pub const fn codes(&self) -> &'static [&'static str] {
        match self.shape {
            FieldShape::Choice(codes) => codes,
            _ => &[],
        }
    }
}

/// A typed row of one collection.
pub trait Row: Sized + Clone + Default {
    /// The class of document that holds it.
    const CLASS: Class;
    /// The collection that holds it.
    const COLLECTION: &'static str;
    /// Whether its rows may be changed.
    const KEEPING: Keeping;
    /// The names of its fields.
    const FIELDS: &'static [&'static str];

    /// What it is, in words.
    const ABOUT: &'static str;

    /// What it declares of its fields.
    fn fields() -> Vec<FieldAbout>;

    /// Whether documents of a class hold such rows: those of [`Self::CLASS`], and of others where rows are shared.
    #[must_use]
    fn is_in(class: Class) -> bool {
        class == Self::CLASS
    }

    /// The fields that are filled, checked one by one.
    fn entries(&self) -> Vec<Entry>;

    /// The row from its fields as the document holds them.
    fn read(get: &mut dyn FnMut(&'static str) -> Option<Value>) -> Self;

    /// What a person fills a field with; `None` for a field that the row does not have.
    #[must_use]
    fn shape(field: &str) -> Option<FieldShape>;

    /// What must hold between fields.
    ///
    /// # Errors
    /// Names the field, the limit and the remedy.
    fn check(&self) -> Result<(), FieldError>;

    /// The scheme and code that it names, where it names one: the code must stand in a list that the device knows.
    fn coded(&self) -> Option<(&str, &str)> {
        None
    }
}

/// Declares a row: `struct Name in Class "collection" Keeping, check(function), shared(classes) { field: Type [limit], … }`;
/// what stands in round brackets may be left out, and so may `coded(function)` after it, for a row that names a code.
macro_rules! row {
    (
        $(#[doc = $doc:literal])*
        struct $name:ident in $class:ident $collection:literal $keeping:ident
            $(, check($check:path))? $(, shared($shared:path))? $(, coded($coded:path))? {
            $($(#[doc = $field_doc:literal])* $field:ident : $ty:ty $([$limit:expr])?,)+
        }
    ) => {
        $(#[doc = $doc])*
        #[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
        #[serde(default, deny_unknown_fields)]
        pub struct $name {
            $(
                $(#[doc = $field_doc])*
                #[serde(skip_serializing_if = "Option::is_none")]
                pub $field: Option<$ty>,
            )+
        }

        impl $crate::records::row::Row for $name {
            const CLASS: $crate::records::Class = $crate::records::Class::$class;
            const COLLECTION: &'static str = $collection;
            const KEEPING: $crate::records::row::Keeping = $crate::records::row::Keeping::$keeping;
            const FIELDS: &'static [&'static str] = &[$(stringify!($field)),+];
            const ABOUT: &'static str = concat!($($doc),*);

            fn fields() -> Vec<$crate::records::row::FieldAbout> {
                #[allow(unused_imports)]
                use $crate::records::value::{FieldValue, Limit, Limit::Chars, Limit::Within};
                vec![$($crate::records::row::FieldAbout {
                    name: stringify!($field),
                    kind: stringify!($ty),
                    limit: [$($limit,)? Limit::Type][0],
                    shape: <$ty as FieldValue>::shape([$($limit,)? Limit::Type][0]),
                    about: concat!($($field_doc),*),
                }),+]
            }

            $(
                fn is_in(class: $crate::records::Class) -> bool {
                    $shared(class)
                }
            )?

            fn entries(&self) -> Vec<$crate::records::row::Entry> {
                #[allow(unused_imports)]
                use $crate::records::value::{FieldValue as _, Limit, Limit::Chars, Limit::Within};
                let mut entries = Vec::with_capacity(Self::FIELDS.len());
                $(
                    if let Some(held) = &self.$field {
                        let limit = [$($limit,)? Limit::Type][0];
                        entries.push($crate::records::row::Entry {
                            field: stringify!($field),
                            value: held.value(),
                            checked: held.check(stringify!($field), limit),
                        });
                    }
                )+
                entries
            }

            fn read(get: &mut dyn FnMut(&'static str) -> Option<$crate::records::value::Value>) -> Self {
                use $crate::records::value::FieldValue as _;
                Self {
                    $($field: get(stringify!($field)).and_then(|held| <$ty>::read(&held)),)+
                }
            }

            fn shape(field: &str) -> Option<$crate::records::value::FieldShape> {
                #[allow(unused_imports)]
                use $crate::records::value::{FieldValue as _, Limit, Limit::Chars, Limit::Within};
                match field {
                    $(stringify!($field) => Some(<$ty>::shape([$($limit,)? Limit::Type][0])),)+
                    _ => None,
                }
            }

            fn check(&self) -> Result<(), $crate::records::value::FieldError> {
                $($check(self)?;)?
                Ok(())
            }

            $(
                fn coded(&self) -> Option<(&str, &str)> {
                    $coded(self)
                }
            )?
        }
    };
}

/// Declares a choice: codes that this version writes, and any other that a newer version wrote, kept as it stands.
///
/// An `open` choice may also be written with a code that data brings along: a scheme that a partnership has published.
macro_rules! choice {
    ($(#[$doc:meta])* enum $($rest:tt)+) => {
        $crate::records::row::choice! { @may |_: &str| false; $(#[$doc])* enum $($rest)+ }
    };
    ($(#[$doc:meta])* open enum $($rest:tt)+) => {
        $crate::records::row::choice! { @may $crate::records::row::is_code; $(#[$doc])* enum $($rest)+ }
    };
    (@may $may:expr; $(#[$doc:meta])* enum $name:ident { $($(#[$code_doc:meta])* $variant:ident = $code:literal,)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$code_doc])* $variant,)+
            /// A code that a newer version wrote: shown and kept, never written by this one.
            Other(String),
        }

        impl $name {
            /// Every code that this version writes.
            pub const CODES: &'static [&'static str] = &[$($code),+];

            /// The code.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $code,)+
                    Self::Other(code) => code,
                }
            }

            /// The choice of a code, known or not.
            #[must_use]
            pub fn from_code(code: &str) -> Self {
                match code {
                    $($code => Self::$variant,)+
                    _ => Self::Other(code.to_owned()),
                }
            }
        }

        impl core::fmt::Display for $name {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl core::str::FromStr for $name {
            type Err = $crate::records::words::NotThisForm;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match Self::from_code(text.trim()) {
                    Self::Other(code) if !($may)(&code) => Err($crate::records::words::NotThisForm {
                        expected: concat!("one of: " $(, $code, " ")+),
                    }),
                    known => Ok(known),
                }
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok(Self::from_code(&<std::borrow::Cow<'de, str>>::deserialize(deserializer)?))
            }
        }

        impl $crate::records::value::FieldValue for $name {
            fn value(&self) -> $crate::records::value::Value {
                $crate::records::value::Value::Text(self.as_str().to_owned())
            }

            fn check(
                &self,
                field: &'static str,
                _: $crate::records::value::Limit,
            ) -> Result<(), $crate::records::value::FieldError> {
                match self {
                    Self::Other(code) if !($may)(code) => Err($crate::records::value::FieldError::new(
                        field,
                        concat!("one of: " $(, $code, " ")+),
                        "choose one of these",
                    )),
                    _ => Ok(()),
                }
            }

            fn read(value: &$crate::records::value::Value) -> Option<Self> {
                value.as_text().map(Self::from_code)
            }

            fn shape(_: $crate::records::value::Limit) -> $crate::records::value::FieldShape {
                $crate::records::value::FieldShape::Choice(Self::CODES)
            }
        }
    };
}

/// Whether a word could be a code of an open choice: 2 to 60 lower-case letters, digits and hyphens.
pub(crate) fn is_code(word: &str) -> bool {
    (2..=60).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-')
}

pub(crate) use choice;
pub(crate) use row;
