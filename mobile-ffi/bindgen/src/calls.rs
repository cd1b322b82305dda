//! Types, calls and defaults in the words of no language: `string?`, `[Hazard]`, `throws DoorstepError`.

use uniffi_bindgen::interface::{
    Argument, Callable, Constructor, DefaultValue, Field, Function, Literal, Method, Type,
};

/// A type: `?` for what may be absent, brackets for lists, braces for maps.
pub(crate) fn type_name(of: &Type) -> String {
    match of {
        Type::UInt8 => "u8".into(),
        Type::Int8 => "i8".into(),
        Type::UInt16 => "u16".into(),
        Type::Int16 => "i16".into(),
        Type::UInt32 => "u32".into(),
        Type::Int32 => "i32".into(),
        Type::UInt64 => "u64".into(),
        Type::Int64 => "i64".into(),
        Type::Float32 => "f32".into(),
        Type::Float64 => "f64".into(),
        Type::Boolean => "bool".into(),
        Type::String => "string".into(),
        Type::Bytes => "bytes".into(),
        Type::Timestamp => "time".into(),
        Type::Duration => "duration".into(),
        Type::Object { name, .. }
        | Type::Record { name, .. }
        | Type::Enum { name, .. }
        | Type::CallbackInterface { name, .. }
        | Type::Custom { name, .. } => name.clone(),
        Type::Box { inner_type } => type_name(inner_type),
        Type::Optional { inner_type } => format!("{}?", type_name(inner_type)),
        Type::Sequence { inner_type } | Type::Set { inner_type } => format!("[{}]", type_name(inner_type)),
        Type::Map { key_type, value_type } => format!("{{{}: {}}}", type_name(key_type), type_name(value_type)),
    }
}

fn default_text(value: &DefaultValue) -> String {
    match value {
        DefaultValue::Default => "its default".into(),
        DefaultValue::Literal(literal) => literal_text(literal),
    }
}

fn literal_text(literal: &Literal) -> String {
    match literal {
        Literal::Boolean(value) => value.to_string(),
        Literal::String(value) => format!("{value:?}"),
        Literal::UInt(value, ..) => value.to_string(),
        Literal::Int(value, ..) => value.to_string(),
        Literal::Float(value, _) => value.clone(),
        Literal::Enum(value, _) => value.clone(),
        Literal::EmptySequence | Literal::EmptySet => "[]".into(),
        Literal::EmptyMap => "{}".into(),
        Literal::None => "none".into(),
        Literal::Some { inner } => default_text(inner),
    }
}

fn with_default(mut text: String, default: Option<&DefaultValue>) -> String {
    if let Some(default) = default {
        text.push_str(" = ");
        text.push_str(&default_text(default));
    }
    text
}

/// A field of a record or variant, as `room: string? = none`.
pub(crate) fn field_text(field: &Field) -> String {
    let of = type_name(&uniffi_bindgen::interface::AsType::as_type(field));
    // A variant's field may have no name.
    let text = if field.name().is_empty() { of } else { format!("{}: {of}", field.name()) };
    with_default(text, field.default_value())
}

fn argument_text(argument: &Argument) -> String {
    let of = type_name(&uniffi_bindgen::interface::AsType::as_type(argument));
    with_default(format!("{}: {of}", argument.name()), argument.default_value())
}

/// A call as it is made: name, what it takes, what it gives, what it throws.
pub(crate) struct Call<'a> {
    name: &'a str,
    callable: &'a dyn Callable,
    gives: Option<String>,
    /// What its documentation says.
    pub(crate) docs: Option<&'a str>,
}

impl<'a> Call<'a> {
    pub(crate) fn constructor(of: &'a Constructor) -> Self {
        Self { name: of.name(), callable: of, gives: None, docs: of.docstring() }
    }

    pub(crate) fn method(of: &'a Method) -> Self {
        Self { name: of.name(), callable: of, gives: of.return_type().map(type_name), docs: of.docstring() }
    }

    pub(crate) fn function(of: &'a Function) -> Self {
        Self { name: of.name(), callable: of, gives: of.return_type().map(type_name), docs: of.docstring() }
    }

    pub(crate) fn name(&self) -> &str {
        self.name
    }
}

impl std::fmt::Display for Call<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let takes: Vec<String> = self.callable.arguments().into_iter().map(argument_text).collect();
        let waits = if self.callable.is_async() { "async " } else { "" };
        write!(f, "{waits}{}({})", self.name, takes.join(", "))?;
        if let Some(gives) = &self.gives {
            write!(f, " -> {gives}")?;
        }
        if let Some(throws) = self.callable.throws_type() {
            write!(f, " throws {}", type_name(throws))?;
        }
        Ok(())
    }
}
