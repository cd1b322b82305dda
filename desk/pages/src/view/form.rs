//! Fields of forms. What was typed stays, and what is wrong stands at its field.

use maud::{Markup, PreEscaped, html};

use crate::ask::Ask;
use crate::view::token;

/// A form that goes to `action`, with its token and, above it, what is wrong.
#[must_use]
pub fn form(ask: &Ask, action: &str, body: Markup) -> Markup {
    sheet(ask, action, None, body)
}

/// A form that may carry a file: its token stands first, and is read first.
#[must_use]
pub fn form_with_file(ask: &Ask, action: &str, body: Markup) -> Markup {
    sheet(ask, action, Some("multipart/form-data"), body)
}

/// A form on a page that has several: what is wrong stands on top of the page, once.
#[must_use]
pub fn bare(ask: &Ask, action: &str, body: Markup) -> Markup {
    html! { form.sheet method="post" action=(action) novalidate { (token(ask)) (body) } }
}

fn sheet(ask: &Ask, action: &str, coded: Option<&str>, body: Markup) -> Markup {
    html! {
        (summary(ask))
        form.sheet method="post" action=(action) enctype=[coded] novalidate { (token(ask)) (body) }
    }
}

/// What is wrong, each with a link to its field.
#[must_use]
pub fn summary(ask: &Ask) -> Markup {
    let speech = ask.speech();
    html! {
        @if !ask.fields.is_sound() {
            div.summary role="alert" tabindex="-1" id="wrong" {
                h2 { (speech.tell("wrong-fields", "n", ask.fields.errors().len())) }
                ul {
                    @for (name, message) in ask.fields.errors() {
                        li { a href={"#f-" (name)} { (speech.code("field", name)) ": " (speech.message(message)) } }
                    }
                }
            }
        }
    }
}

/// What a field is called and how it is explained, by ids.
#[derive(Clone, Copy, Debug)]
pub struct Field {
    /// Its name in the form; its label is the message `field-<name>`.
    pub name: &'static str,
    /// A message below the label.
    pub hint: Option<&'static str>,
}

impl Field {
    /// Without a hint.
    #[must_use]
    pub const fn named(name: &'static str) -> Self {
        Self { name, hint: None }
    }

    /// With a hint.
    #[must_use]
    pub const fn with_hint(name: &'static str, hint: &'static str) -> Self {
        Self { name, hint: Some(hint) }
    }
}

struct Around {
    id: String,
    label: String,
    hint: Option<(String, String)>,
    error: Option<(String, String)>,
    described: Option<String>,
}

impl Around {
    fn of(ask: &Ask, field: Field) -> Self {
        let speech = ask.speech();
        let hint = field.hint.map(|hint| (format!("h-{}", field.name), speech.say(hint)));
        let error = ask.fields.error(field.name).map(|error| (format!("e-{}", field.name), speech.message(error)));
        let described: Vec<&str> = [&hint, &error].into_iter().flatten().map(|(id, _)| id.as_str()).collect();
        let described = (!described.is_empty()).then(|| described.join(" "));
        Self { id: format!("f-{}", field.name), label: speech.code("field", field.name), hint, error, described }
    }

    fn above(&self) -> Markup {
        html! {
            @if let Some((id, hint)) = &self.hint { p.hint id=(id) { (hint) } }
            @if let Some((id, error)) = &self.error { p.error id=(id) { (error) } }
        }
    }

    fn invalid(&self) -> Option<&'static str> {
        self.error.is_some().then_some("true")
    }
}

/// A line of text. `kind` is the input's type: `text`, `date`, `password`, `search`; `mode` the keyboard.
#[must_use]
pub fn line(ask: &Ask, field: Field, kind: &str, mode: Option<&str>) -> Markup {
    let around = Around::of(ask, field);
    // A secret that was typed does not come back.
    let value = if kind == "password" { "" } else { ask.fields.typed(field.name) };
    html! {
        div.field {
            label for=(around.id) { (around.label) }
            (around.above())
            input type=(kind) id=(around.id) name=(field.name) value=(value) inputmode=[mode] autocomplete="off"
                aria-invalid=[around.invalid()] aria-describedby=[around.described.as_deref()];
        }
    }
}

/// Some lines of text.
#[must_use]
pub fn area(ask: &Ask, field: Field) -> Markup {
    let around = Around::of(ask, field);
    html! {
        div.field {
            label for=(around.id) { (around.label) }
            (around.above())
            textarea id=(around.id) name=(field.name) rows="3"
                aria-invalid=[around.invalid()] aria-describedby=[around.described.as_deref()]
                // A first line end is swallowed by browsers.
                { (PreEscaped("\n")) (ask.fields.typed(field.name)) }
        }
    }
}

/// Where a picture comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// The camera, on a device that has one.
    Camera,
    /// Files.
    Files,
}

/// A picture. A file that was chosen cannot be kept by a page: it is chosen again where something else was wrong.
#[must_use]
pub fn picture(ask: &Ask, field: Field, from: From) -> Markup {
    let around = Around::of(ask, field);
    let capture = (from == From::Camera).then_some("environment");
    html! {
        div.field {
            label for=(around.id) { (around.label) }
            (around.above())
            input type="file" id=(around.id) name=(field.name) accept="image/jpeg,image/png,image/webp" capture=[capture]
                aria-invalid=[around.invalid()] aria-describedby=[around.described.as_deref()];
        }
    }
}

/// One of a few, each a large button that stays pressed. `choices` are values with their words.
#[must_use]
pub fn choice(ask: &Ask, field: Field, choices: &[(String, String)]) -> Markup {
    let around = Around::of(ask, field);
    let typed = ask.fields.typed(field.name);
    html! {
        fieldset.field id=(around.id) tabindex="-1" aria-describedby=[around.described.as_deref()] {
            legend { (around.label) }
            (around.above())
            div.chips {
                @for (at, (value, words)) in choices.iter().enumerate() {
                    @let id = format!("{}-{at}", around.id);
                    span.chip {
                        input type="radio" id=(id) name=(field.name) value=(value) checked[typed == value];
                        label for=(id) { (words) }
                    }
                }
            }
        }
    }
}

/// Any of a few, each a large button that stays pressed.
#[must_use]
pub fn several(ask: &Ask, field: Field, choices: &[(String, String)]) -> Markup {
    let around = Around::of(ask, field);
    html! {
        fieldset.field id=(around.id) tabindex="-1" aria-describedby=[around.described.as_deref()] {
            legend { (around.label) }
            (around.above())
            div.chips {
                @for (at, (value, words)) in choices.iter().enumerate() {
                    @let id = format!("{}-{at}", around.id);
                    span.chip {
                        input type="checkbox" id=(id) name=(field.name) value=(value) checked[ask.fields.all(field.name).any(|chosen| chosen == value)];
                        label for=(id) { (words) }
                    }
                }
            }
        }
    }
}

/// One of many.
#[must_use]
pub fn select(ask: &Ask, field: Field, choices: &[(String, String)]) -> Markup {
    select_or(ask, field, "choose", choices)
}

/// One of many; `none` is the message for choosing none.
#[must_use]
pub fn select_or(ask: &Ask, field: Field, none: &'static str, choices: &[(String, String)]) -> Markup {
    let around = Around::of(ask, field);
    let typed = ask.fields.typed(field.name);
    html! {
        div.field {
            label for=(around.id) { (around.label) }
            (around.above())
            select id=(around.id) name=(field.name) aria-invalid=[around.invalid()] aria-describedby=[around.described.as_deref()] {
                option value="" selected[typed.is_empty()] { (ask.speech().say(none)) }
                @for (value, words) in choices {
                    option value=(value) selected[typed == value] { (words) }
                }
            }
        }
    }
}

/// The codes of a choice with their words.
#[must_use]
pub fn codes(ask: &Ask, family: &str, codes: &[&str]) -> Vec<(String, String)> {
    codes.iter().map(|code| ((*code).to_owned(), ask.speech().code(family, code))).collect()
}
