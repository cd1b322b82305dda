//! The reference for app developers: the surface with what its documentation says, as one page of Markdown.

use std::fmt::Write;

use uniffi_bindgen::interface::{ComponentInterface, Enum, Field, Object, Record};

use crate::Library;
use crate::calls::{Call, field_text};
use crate::surface::{custom_types, object_kind};

const HEAD: &str = "\
# Reference of the phone's library

Every call, record and error, as the library itself says them. How they are used is in the [guide](app-guide.md).

Names are in the library's own writing. Kotlin and Swift write calls and fields as `toSend`, Python as `to_send`; choices are
`CAUGHT_UP` or `CaughtUp` in Kotlin, `.caughtUp` in Swift, `CAUGHT_UP` in Python. `?` marks what may be absent, brackets a list.
*async* is a `suspend fun` in Kotlin, `async` in Swift and Python.

<!-- Written by: DOORSTEP_ACCEPT=1 cargo test -p doorstep-bindgen --test surface -->
";

/// The reference, from a library.
#[must_use]
pub fn reference(library: &Library) -> String {
    let interface = library.interface();
    let mut page = HEAD.to_owned();
    chapter(&mut page, "Objects", "What the library makes and an app holds.", |page| {
        for object in sorted(interface.object_definitions(), Object::name) {
            if object_kind(object) == "object" {
                object_section(page, object);
            }
        }
        for function in sorted(interface.function_definitions(), |function| function.name()) {
            call_entry(page, &Call::function(function));
        }
    });
    chapter(&mut page, "What an app may bring", "Made by the app, called by the library on its own threads.", |page| {
        for object in sorted(interface.object_definitions(), Object::name) {
            if object_kind(object) == "trait" {
                object_section(page, object);
            }
        }
    });
    chapter(&mut page, "Errors", "Each with what to do about it.", |page| {
        for choice in sorted(interface.enum_definitions(), Enum::name) {
            if interface.is_name_used_as_error(choice.name()) {
                enum_section(page, choice);
            }
        }
    });
    chapter(&mut page, "Records", "Values: they are copied and hold no part of the device.", |page| {
        for record in sorted(interface.record_definitions(), Record::name) {
            record_section(page, record);
        }
    });
    chapter(&mut page, "Choices", "Of each, one.", |page| {
        for choice in sorted(interface.enum_definitions(), Enum::name) {
            if !interface.is_name_used_as_error(choice.name()) {
                enum_section(page, choice);
            }
        }
    });
    custom_chapter(&mut page, interface);
    page
}

fn sorted<T>(all: &[T], name: impl Fn(&T) -> &str) -> Vec<&T> {
    let mut all: Vec<&T> = all.iter().collect();
    all.sort_by(|a, b| name(a).cmp(name(b)));
    all
}

fn chapter(page: &mut String, title: &str, says: &str, content: impl FnOnce(&mut String)) {
    put(page, &format!("\n## {title}\n\n{says}\n"));
    content(page);
}

fn custom_chapter(page: &mut String, interface: &ComponentInterface) {
    let mut all: Vec<(String, String)> = custom_types(interface).collect();
    if all.is_empty() {
        return;
    }
    all.sort();
    put(page, "\n## Ids and units\n\nTypes of their own, so that one is not taken for another.\n");
    for (name, stands_for) in all {
        let docs = interface.get_custom_type_definition(&name).and_then(|custom| custom.docstring());
        put(page, &format!("- `{name}` (`{stands_for}`){}\n", after_colon(docs)));
    }
}

fn object_section(page: &mut String, object: &Object) {
    section(page, object.name(), object.docstring());
    for constructor in object.constructors() {
        call_entry(page, &Call::constructor(constructor));
    }
    for method in object.methods() {
        call_entry(page, &Call::method(method));
    }
}

fn record_section(page: &mut String, record: &Record) {
    section(page, record.name(), record.docstring());
    for field in record.fields() {
        field_entry(page, "", field);
    }
}

fn enum_section(page: &mut String, choice: &Enum) {
    section(page, choice.name(), choice.docstring());
    for variant in choice.variants() {
        put(page, &format!("- `{}`{}\n", variant.name(), after_colon(variant.docstring())));
        for field in variant.fields() {
            field_entry(page, "  ", field);
        }
    }
}

fn section(page: &mut String, name: &str, docs: Option<&str>) {
    put(page, &format!("\n### {name}\n\n"));
    if let Some(docs) = docs {
        put(page, &format!("{}\n\n", paragraphs(docs).join("\n\n")));
    }
}

fn call_entry(page: &mut String, call: &Call<'_>) {
    put(page, &format!("- `{call}`"));
    let mut said = call.docs.map(paragraphs).unwrap_or_default().into_iter();
    if let Some(first) = said.next() {
        put(page, &format!("  \n  {first}"));
    }
    page.push('\n');
    for further in said {
        put(page, &format!("\n  {further}\n"));
    }
}

fn field_entry(page: &mut String, indent: &str, field: &Field) {
    put(page, &format!("{indent}- `{}`{}\n", field_text(field), after_colon(field.docstring())));
}

fn after_colon(docs: Option<&str>) -> String {
    docs.map(|docs| format!(" – {}", paragraphs(docs).join(" "))).unwrap_or_default()
}

/// Rust's documentation as paragraphs of one line each, its headings and links as plain words.
fn paragraphs(docs: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut errors = false;
    for block in docs.split("\n\n") {
        let mut text = String::new();
        for line in block.lines().map(str::trim).filter(|line| !line.is_empty()) {
            if line.trim_start_matches('#').trim() == "Errors" {
                errors = true;
                continue;
            }
            if !text.is_empty() {
                text.push(' ');
            }
            text.push_str(line);
        }
        if text.is_empty() {
            continue;
        }
        let plain = plain_links(&text);
        all.push(if std::mem::take(&mut errors) { format!("*Throws* {plain}") } else { plain });
    }
    all
}

/// ``[`DoorstepError::Folder`]`` becomes `` `Folder` ``, ``[`Self::begin`]`` `` `begin` ``.
fn plain_links(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("[`") {
        out.push_str(before);
        let Some((link, behind)) = after.split_once("`]") else {
            out.push_str("[`");
            rest = after;
            continue;
        };
        let name = link.rsplit("::").next().unwrap_or(link);
        out.push('`');
        out.push_str(name);
        out.push('`');
        rest = behind;
    }
    out.push_str(rest);
    out
}

fn put(page: &mut String, text: &str) {
    page.write_str(text).expect("a String takes every text");
}
