//! The control of a field of the record, and what was typed into it: a code is chosen, a day is a day, a number has its bounds.

use doorstep_client_core::records::rows::parse_field;
use doorstep_client_core::records::{FieldShape, Path, Value};
use doorstep_protocol::Class;
use maud::Markup;

use crate::ask::Ask;
use crate::refusals;
use crate::view::form::{self, Field};
use crate::words::Message;

/// Codes that are shown as buttons; more are a list.
const BUTTONS_MAX: usize = 7;
/// Characters of a text that has one line.
const LINE_CHARS_MAX: usize = 200;

/// The control; `family` names the messages of the field's codes.
#[must_use]
pub fn control(ask: &Ask, field: Field, shape: FieldShape, family: Option<&str>) -> Markup {
    match shape {
        FieldShape::Choice(codes) => {
            let choices = match family {
                Some(family) => form::codes(ask, family, codes),
                None => codes.iter().map(|code| ((*code).to_owned(), (*code).to_owned())).collect(),
            };
            if codes.len() > BUTTONS_MAX {
                form::select(ask, field, &choices)
            } else {
                form::choice(ask, field, &choices)
            }
        }
        FieldShape::Truth => {
            let speech = ask.speech();
            let choices = [("yes", "yes"), ("no", "no")].map(|(value, id)| (value.to_owned(), speech.say(id)));
            form::choice(ask, field, &choices)
        }
        FieldShape::Number(_) => form::line(ask, field, "text", Some("numeric")),
        FieldShape::Day => form::line(ask, field, "date", None),
        FieldShape::Moment => form::line(ask, field, "datetime-local", None),
        FieldShape::Text(chars_max) if chars_max > LINE_CHARS_MAX => form::area(ask, field),
        FieldShape::Text(_) | FieldShape::Made => form::line(ask, field, "text", None),
    }
}

/// What was typed, as the record holds it. What is wrong stands at the field; nothing typed is wrong, too.
pub fn read(ask: &mut Ask, name: &str, shape: FieldShape, (class, path): (Class, &Path)) -> Option<Value> {
    let parsed = |text: &str| parse_field(class, &path.collection, &path.field, text);
    let typed = ask.fields.typed(name).trim().to_owned();
    if typed.is_empty() {
        let needed =
            if matches!(shape, FieldShape::Choice(_) | FieldShape::Truth) { "error-choose" } else { "error-fill" };
        ask.fields.refuse(name, Message::new(needed));
        return None;
    }
    match shape {
        FieldShape::Number(Some(bounds)) => return ask.fields.number(name, bounds).map(Value::Whole),
        FieldShape::Moment => return ask.fields.moment(name).map(Value::Moment),
        FieldShape::Text(chars_max) => {
            ask.fields.text(name, chars_max)?;
        }
        _ => {}
    }
    match (parsed(&typed), shape) {
        (Ok(value), _) => Some(value),
        (Err(_), FieldShape::Choice(_) | FieldShape::Truth) => {
            ask.fields.refuse(name, Message::new("error-choose"));
            None
        }
        (Err(_), FieldShape::Day) => {
            ask.fields.refuse(name, Message::new("error-date"));
            None
        }
        (Err(error), _) => {
            ask.fields.refuse(name, refusals::of_field(&error));
            None
        }
    }
}
