//! The whole surface as one text, in the order of names: what an app's compiler would notice, and nothing else. A changed
//! line is a changed promise to apps.

use std::fmt::Write;

use uniffi_bindgen::interface::{ComponentInterface, Enum, Object, Record, Type};

use crate::Library;
use crate::calls::{Call, field_text, type_name};

const HEAD: &str = "\
# The surface of the phone's library, as apps see it. A changed line is a changed promise: read it as one.
# Written by: DOORSTEP_ACCEPT=1 cargo test -p doorstep-bindgen --test surface
";

/// The surface of a library, a line for every field, variant and call.
#[must_use]
pub fn surface(library: &Library) -> String {
    let interface = library.interface();
    let mut blocks: Vec<(String, String)> = Vec::new();
    for function in interface.function_definitions() {
        blocks.push((function.name().to_owned(), format!("function {}\n", Call::function(function))));
    }
    blocks.extend(interface.object_definitions().iter().map(|object| (object.name().to_owned(), object_text(object))));
    blocks.extend(interface.record_definitions().iter().map(|record| (record.name().to_owned(), record_text(record))));
    let enums = interface.enum_definitions().iter();
    blocks.extend(enums.map(|choice| (choice.name().to_owned(), enum_text(interface, choice))));
    blocks.extend(custom_types(interface).map(|(name, stands_for)| {
        let text = format!("type {name} = {stands_for}\n");
        (name, text)
    }));
    for callback in interface.callback_interface_definitions() {
        let mut text = format!("callback {}\n", callback.name());
        calls(&mut text, "call", callback.methods().into_iter().map(Call::method));
        blocks.push((callback.name().to_owned(), text));
    }
    blocks.sort();
    let mut text = HEAD.to_owned();
    for (_, block) in blocks {
        text.push('\n');
        text.push_str(&block);
    }
    text
}

/// Names of the types that stand for a plain one, and the plain one.
pub(crate) fn custom_types(interface: &ComponentInterface) -> impl Iterator<Item = (String, String)> + '_ {
    interface.iter_local_types().filter_map(|of| match of {
        Type::Custom { name, builtin, .. } => Some((name.clone(), type_name(builtin))),
        _ => None,
    })
}

/// What an object is to an app: made by the library, or by the app for the library.
pub(crate) fn object_kind(object: &Object) -> &'static str {
    if object.has_callback_interface() { "trait" } else { "object" }
}

fn object_text(object: &Object) -> String {
    let mut text = format!("{} {}\n", object_kind(object), object.name());
    calls(&mut text, "constructor", object.constructors().into_iter().map(Call::constructor));
    calls(&mut text, "call", object.methods().into_iter().map(Call::method));
    text
}

fn record_text(record: &Record) -> String {
    let mut text = format!("record {}\n", record.name());
    for field in record.fields() {
        line(&mut text, &field_text(field));
    }
    calls(&mut text, "call", record.methods().iter().map(Call::method));
    text
}

fn enum_text(interface: &ComponentInterface, choice: &Enum) -> String {
    let kind = if interface.is_name_used_as_error(choice.name()) { "error" } else { "enum" };
    let mut text = format!("{kind} {}\n", choice.name());
    for variant in choice.variants() {
        let fields: Vec<String> = variant.fields().iter().map(field_text).collect();
        if fields.is_empty() {
            line(&mut text, variant.name());
        } else {
            line(&mut text, &format!("{} {{ {} }}", variant.name(), fields.join(", ")));
        }
    }
    calls(&mut text, "call", choice.methods().iter().map(Call::method));
    text
}

fn calls<'a>(text: &mut String, kind: &str, of: impl Iterator<Item = Call<'a>>) {
    let mut of: Vec<Call<'_>> = of.collect();
    of.sort_by(|a, b| a.name().cmp(b.name()));
    for call in of {
        line(text, &format!("{kind} {call}"));
    }
}

fn line(text: &mut String, content: &str) {
    writeln!(text, "  {content}").expect("a String takes every line");
}
