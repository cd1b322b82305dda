//! One scalar of a field, as a document holds it, and the error that refuses a value before it is written.

use std::borrow::Cow;

use automerge::{ScalarValue, ScalarValueRef, ValueRef};
use doorstep_protocol::Millis;

/// What a field holds. The order makes lists of values the same on every device; it says nothing of caution.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(untagged)]
pub enum Value {
    /// Somebody emptied the field; the emptying is itself a value with who and when.
    Cleared,
    /// Yes or no.
    Truth(bool),
    /// A whole number in the unit of the field.
    Whole(i64),
    /// A moment.
    Moment(Millis),
    /// Text, or the code of a choice.
    Text(String),
    /// What a program needs and no person does: never shown, printed or written into a report.
    Hidden(HiddenBytes),
    /// A kind of value that this version does not know; it stays in the document as it is.
    Unreadable,
}

/// What bytes in a document begin with that no person is shown.
const HIDDEN: &[u8; 4] = b"DSK1";
/// The longest such bytes.
pub const HIDDEN_BYTES_MAX: usize = 4_000;

/// Bytes that a program needs and no person does, such as the key of a photograph.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, zeroize::ZeroizeOnDrop)]
pub struct HiddenBytes(Vec<u8>);

impl HiddenBytes {
    /// Takes the bytes.
    #[must_use]
    pub const fn new(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    /// The bytes.
    #[must_use]
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// As a document holds them.
    fn to_held(&self) -> Vec<u8> {
        [HIDDEN, &self.0[..]].concat()
    }

    /// From what a document holds; nothing where that is something else.
    fn from_held(held: &[u8]) -> Option<Self> {
        let bytes = held.strip_prefix(HIDDEN)?;
        (bytes.len() <= HIDDEN_BYTES_MAX).then(|| Self(bytes.to_vec()))
    }
}

impl core::fmt::Debug for HiddenBytes {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str("HiddenBytes(secret)")
    }
}

impl serde::Serialize for HiddenBytes {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("(not shown)")
    }
}

impl<'de> serde::Deserialize<'de> for HiddenBytes {
    fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(serde::de::Error::custom("is made by the program: leave it out"))
    }
}

impl FieldValue for HiddenBytes {
    fn value(&self) -> Value {
        Value::Hidden(self.clone())
    }

    fn check(&self, field: &'static str, _: Limit) -> Result<(), FieldError> {
        if self.0.len() > HIDDEN_BYTES_MAX {
            let limit = format!("at most {HIDDEN_BYTES_MAX} bytes");
            return Err(FieldError::new(field, limit, "this is a fault of the program: please report it"));
        }
        Ok(())
    }

    fn read(value: &Value) -> Option<Self> {
        if let Value::Hidden(bytes) = value { Some(bytes.clone()) } else { None }
    }
}

impl Value {
    /// The text, if it is one.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one.
    #[must_use]
    pub const fn as_whole(&self) -> Option<i64> {
        match self {
            Self::Whole(number) => Some(*number),
            _ => None,
        }
    }

    /// Something was said: neither emptied nor unreadable.
    #[must_use]
    pub const fn is_said(&self) -> bool {
        !matches!(self, Self::Cleared | Self::Unreadable)
    }

    /// Bytes that the value adds to a change, about.
    pub(crate) fn weight_bytes(&self) -> usize {
        match self {
            Self::Text(text) => text.len() + 8,
            Self::Hidden(bytes) => bytes.0.len() + 16,
            _ => 16,
        }
    }

    pub(crate) fn to_scalar(&self) -> Option<ScalarValue> {
        Some(match self {
            Self::Cleared => ScalarValue::Null,
            Self::Truth(truth) => ScalarValue::Boolean(*truth),
            Self::Whole(number) => ScalarValue::Int(*number),
            Self::Moment(at) => ScalarValue::Timestamp(i64::try_from(at.0).ok()?),
            Self::Text(text) => ScalarValue::Str(text.as_str().into()),
            Self::Hidden(bytes) => ScalarValue::Bytes(bytes.to_held()),
            Self::Unreadable => return None,
        })
    }

    pub(crate) fn from_automerge(value: &automerge::Value<'_>) -> Self {
        let automerge::Value::Scalar(scalar) = value else { return Self::Unreadable };
        match scalar.as_ref() {
            ScalarValue::Null => Self::Cleared,
            ScalarValue::Boolean(truth) => Self::Truth(*truth),
            ScalarValue::Int(number) => Self::Whole(*number),
            ScalarValue::Uint(number) => i64::try_from(*number).map_or(Self::Unreadable, Self::Whole),
            ScalarValue::Timestamp(at) => u64::try_from(*at).map_or(Self::Unreadable, |at| Self::Moment(Millis(at))),
            ScalarValue::Str(text) => Self::Text(text.to_string()),
            ScalarValue::Bytes(held) => HiddenBytes::from_held(held).map_or(Self::Unreadable, Self::Hidden),
            _ => Self::Unreadable,
        }
    }

    pub(crate) fn from_ref(value: &ValueRef<'_>) -> Self {
        let ValueRef::Scalar(scalar) = value else { return Self::Unreadable };
        match scalar {
            ScalarValueRef::Null => Self::Cleared,
            ScalarValueRef::Boolean(truth) => Self::Truth(*truth),
            ScalarValueRef::Int(number) => Self::Whole(*number),
            ScalarValueRef::Uint(number) => i64::try_from(*number).map_or(Self::Unreadable, Self::Whole),
            ScalarValueRef::Timestamp(at) => u64::try_from(*at).map_or(Self::Unreadable, |at| Self::Moment(Millis(at))),
            ScalarValueRef::Str(text) => Self::Text(text.as_ref().to_owned()),
            ScalarValueRef::Bytes(held) => HiddenBytes::from_held(held).map_or(Self::Unreadable, Self::Hidden),
            _ => Self::Unreadable,
        }
    }
}

impl core::fmt::Display for Value {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        match self {
            Self::Cleared => f.write_str("(emptied)"),
            Self::Truth(true) => f.write_str("yes"),
            Self::Truth(false) => f.write_str("no"),
            Self::Whole(number) => write!(f, "{number}"),
            Self::Moment(at) => write!(f, "{at}"),
            Self::Text(text) => f.write_str(text),
            Self::Hidden(_) => f.write_str("(not shown)"),
            Self::Unreadable => f.write_str("(of a newer version)"),
        }
    }
}

/// Why a value was not written: the field, the limit it broke and what to do. Never the value.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{field}: {limit}; {remedy}")]
pub struct FieldError {
    /// The field, as rows spell it.
    pub field: Cow<'static, str>,
    /// What must hold.
    pub limit: Cow<'static, str>,
    /// What the person can do.
    pub remedy: Cow<'static, str>,
}

impl FieldError {
    /// A refusal of `field`.
    #[must_use]
    pub fn new(field: &'static str, limit: impl Into<Cow<'static, str>>, remedy: impl Into<Cow<'static, str>>) -> Self {
        Self { field: Cow::Borrowed(field), limit: limit.into(), remedy: remedy.into() }
    }
}

/// What bounds a field beyond its type.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// The type says it all.
    Type,
    /// At most so many characters.
    Chars(usize),
    /// A number within these bounds, both included.
    Within(i64, i64),
}

/// The longest text of a field that names no limit of its own.
pub const TEXT_CHARS_MAX: usize = 4_000;

/// What a person fills a field with: which control a form has for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldShape {
    /// One of these codes.
    Choice(&'static [&'static str]),
    /// Yes or no.
    Truth,
    /// A whole number, within bounds where it has any.
    Number(Option<(i64, i64)>),
    /// A day.
    Day,
    /// A moment.
    Moment,
    /// Words, at most so many characters.
    Text(usize),
    /// Nothing: it is an id, or made by the program.
    Made,
}

/// A type that a field may hold: written strictly, read leniently.
pub trait FieldValue: Sized {
    /// The value to write.
    fn value(&self) -> Value;
    /// Whether it may be written.
    ///
    /// # Errors
    /// Names the field, the limit and the remedy.
    fn check(&self, field: &'static str, limit: Limit) -> Result<(), FieldError>;
    /// The typed form of what a document holds; `None` where the kind does not fit.
    fn read(value: &Value) -> Option<Self>;
    /// What a person fills it with.
    #[must_use]
    fn shape(_: Limit) -> FieldShape {
        FieldShape::Made
    }
}

impl FieldValue for String {
    fn value(&self) -> Value {
        Value::Text(self.clone())
    }

    fn check(&self, field: &'static str, limit: Limit) -> Result<(), FieldError> {
        let chars_max = if let Limit::Chars(chars) = limit { chars } else { TEXT_CHARS_MAX };
        if self.trim().is_empty() {
            return Err(FieldError::new(
                field,
                "must not be empty",
                "leave the field out when there is nothing to say",
            ));
        }
        if self.chars().count() > chars_max {
            return Err(FieldError::new(field, format!("at most {chars_max} characters"), "shorten the text"));
        }
        if self.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
            return Err(FieldError::new(field, "must be plain text", "remove the control characters"));
        }
        Ok(())
    }

    fn read(value: &Value) -> Option<Self> {
        value.as_text().map(str::to_owned)
    }

    fn shape(limit: Limit) -> FieldShape {
        FieldShape::Text(if let Limit::Chars(chars) = limit { chars } else { TEXT_CHARS_MAX })
    }
}

impl FieldValue for bool {
    fn value(&self) -> Value {
        Value::Truth(*self)
    }

    fn check(&self, _: &'static str, _: Limit) -> Result<(), FieldError> {
        Ok(())
    }

    fn read(value: &Value) -> Option<Self> {
        if let Value::Truth(truth) = value { Some(*truth) } else { None }
    }

    fn shape(_: Limit) -> FieldShape {
        FieldShape::Truth
    }
}

impl FieldValue for i64 {
    fn value(&self) -> Value {
        Value::Whole(*self)
    }

    fn check(&self, field: &'static str, limit: Limit) -> Result<(), FieldError> {
        match limit {
            Limit::Within(low, high) if !(low..=high).contains(self) => {
                Err(FieldError::new(field, format!("a whole number from {low} to {high}"), "check the figure"))
            }
            _ => Ok(()),
        }
    }

    fn read(value: &Value) -> Option<Self> {
        value.as_whole()
    }

    fn shape(limit: Limit) -> FieldShape {
        FieldShape::Number(if let Limit::Within(low, high) = limit { Some((low, high)) } else { None })
    }
}

/// The latest moment that a field may hold: the end of the year 9999.
pub const MOMENT_MAX: Millis = Millis(253_402_300_799_999);

impl FieldValue for Millis {
    fn value(&self) -> Value {
        Value::Moment(*self)
    }

    fn check(&self, field: &'static str, _: Limit) -> Result<(), FieldError> {
        if *self > MOMENT_MAX {
            return Err(FieldError::new(field, "a moment before the year 10000", "check the date and its unit"));
        }
        Ok(())
    }

    fn read(value: &Value) -> Option<Self> {
        if let Value::Moment(at) = value { Some(*at) } else { None }
    }

    fn shape(_: Limit) -> FieldShape {
        FieldShape::Moment
    }
}
