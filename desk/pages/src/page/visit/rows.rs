//! What else a visit records: alarms, clutter, measurements, equipment, and the way out.

use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::home::{
    Alarm, AlarmKind, AlarmState, Clutter, Dwelling, Equipment, EquipmentKind, EquipmentState, ExitState, Measurement,
    Method, RoomKind, Unit,
};
use doorstep_client_core::records::{Date, RowId, Source};
use maud::{Markup, html};

use super::{hazard, of_path, path, save};
use crate::ask::{Answer, Ask, Fault};
use crate::view::form::{self, Field};
use crate::view::{self, Tab};
use crate::words::Message;

/// What a visit can add beside hazards.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Added {
    /// An alarm, or the lack of one.
    Alarm,
    /// A clutter rating.
    Clutter,
    /// The main way out, and who is usually inside.
    Dwelling,
    /// A measurement.
    Measurement,
    /// A piece of equipment.
    Equipment,
}

impl Added {
    /// All, in the order of the page.
    pub const ALL: [Self; 5] = [Self::Alarm, Self::Clutter, Self::Dwelling, Self::Measurement, Self::Equipment];

    /// As addresses have it.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Alarm => "alarm",
            Self::Clutter => "clutter",
            Self::Dwelling => "dwelling",
            Self::Measurement => "measurement",
            Self::Equipment => "equipment",
        }
    }

    /// The message that names it.
    #[must_use]
    pub const fn label(self) -> &'static str {
        match self {
            Self::Alarm => "add-alarm",
            Self::Clutter => "add-clutter",
            Self::Dwelling => "add-dwelling",
            Self::Measurement => "add-measurement",
            Self::Equipment => "add-equipment",
        }
    }
}

fn of(ask: &Ask) -> Result<Added, Fault> {
    let word: String = ask.part("what")?;
    Added::ALL.into_iter().find(|what| what.word() == word).ok_or(Fault::NotFound)
}

/// The form.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(page_of(ask, of(ask)?)?))
}

fn page_of(ask: &Ask, what: Added) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let (page, visit) = of_path(ask)?;
    let at = path(page.record, visit.row);
    let title = speech.say(what.label());
    let body = html! {
        p.kicker { a href=(at) { (page.row.address) } }
        h1 { (title) }
        (form::form(ask, &format!("{at}/add/{}", what.word()), html! {
            (fields(ask, what))
            div.actions { button.main { (speech.say("save")) } a.button.quiet href=(at) { (speech.say("cancel")) } }
        }))
    };
    Ok(view::page(ask, Some(Tab::Visits), &title, body))
}

fn fields(ask: &Ask, what: Added) -> Markup {
    let codes = |family: &str, codes: &[&str]| form::codes(ask, family, codes);
    match what {
        Added::Alarm => html! {
            (form::choice(ask, Field::named("alarm_kind"), &codes("alarm-kind", AlarmKind::CODES)))
            (form::choice(ask, Field::named("alarm_state"), &codes("alarm-state", AlarmState::CODES)))
            (hazard::room_fields(ask))
            (form::line(ask, Field::with_hint("expires", "date-hint"), "date", None))
            (form::line(ask, Field::named("note"), "text", None))
        },
        Added::Clutter => html! {
            (form::choice(ask, Field::named("room_kind"), &codes("room-kind", RoomKind::CODES)))
            (form::choice(ask, Field::with_hint("rating", "rating-hint"), &ratings()))
            (form::choice(ask, Field::named("exit"), &codes("exit-state", ExitState::CODES)))
            (form::line(ask, Field::named("room_other"), "text", None))
        },
        Added::Dwelling => html! {
            (form::choice(ask, Field::named("main_exit"), &codes("exit-state", ExitState::CODES)))
            (form::line(ask, Field::named("main_exit_note"), "text", None))
            (form::line(ask, Field::named("people_inside"), "text", Some("numeric")))
            (form::area(ask, Field::with_hint("access_notes", "access-hint")))
        },
        Added::Measurement => html! {
            (form::line(ask, Field::with_hint("feature", "feature-hint"), "text", None))
            (form::line(ask, Field::with_hint("quantity", "quantity-hint"), "text", None))
            (form::line(ask, Field::named("value"), "text", Some("numeric")))
            (form::choice(ask, Field::named("unit"), &codes("unit", Unit::CODES)))
            (form::choice(ask, Field::named("method"), &codes("method", Method::CODES)))
            (hazard::room_fields(ask))
        },
        Added::Equipment => html! {
            (form::select(ask, Field::named("equipment_kind"), &codes("equipment-kind", EquipmentKind::CODES)))
            (form::choice(ask, Field::named("equipment_state"), &codes("equipment-state", EquipmentState::CODES)))
            (form::line(ask, Field::named("safe_load_kg"), "text", Some("numeric")))
            (hazard::room_fields(ask))
            (form::line(ask, Field::named("note"), "text", None))
        },
    }
}

fn ratings() -> Vec<(String, String)> {
    (1..=9).map(|rating: u8| (rating.to_string(), rating.to_string())).collect()
}

/// Saves it.
pub fn add(ask: &mut Ask) -> Result<Answer, Fault> {
    let what = of(ask)?;
    let (page, visit) = of_path(ask)?;
    let saved = match what {
        Added::Alarm => alarm(ask, page.record, visit.row)?,
        Added::Clutter => clutter(ask, page.record, visit.row)?,
        Added::Dwelling => dwelling(ask, page.record)?,
        Added::Measurement => measurement(ask, page.record, visit.row)?,
        Added::Equipment => equipment(ask, page.record, visit.row)?,
    };
    if !saved {
        return Ok(Answer::Unsound(page_of(ask, what)?));
    }
    let said = Message::new("saved-what").with("what", ask.speech().say(what.label()));
    Ok(Answer::GoAndSay(path(page.record, visit.row), said))
}

fn alarm(ask: &mut Ask, record: RecordId, visit: RowId) -> Result<bool, Fault> {
    let row = Alarm {
        kind: ask.fields.chosen::<AlarmKind>("alarm_kind"),
        state: ask.fields.chosen::<AlarmState>("alarm_state"),
        room: hazard::room(ask),
        expires: ask.fields.parsed::<Date>("expires", "error-date"),
        note: ask.fields.text("note", 500),
        observed_at: Some(ask.now()),
        source: Some(Source::Observed),
        visit: Some(visit),
    };
    Ok(ask.fields.is_sound() && save(ask, record, &row)?)
}

fn clutter(ask: &mut Ask, record: RecordId, visit: RowId) -> Result<bool, Fault> {
    let kind = ask.fields.chosen::<RoomKind>("room_kind");
    let rating = ask.fields.number("rating", (1, 9));
    if rating.is_none() {
        ask.fields.refuse("rating", Message::new("error-choose"));
    }
    let named = ask.fields.text("room_other", 80);
    let room = named.or_else(|| kind.as_ref().map(|kind| ask.speech().code("room-kind", kind.as_str())));
    let row = Clutter {
        room,
        room_kind: kind,
        rating,
        exit: ask.fields.parsed::<ExitState>("exit", "error-choose"),
        observed_at: Some(ask.now()),
        source: Some(Source::Observed),
        visit: Some(visit),
        ..Clutter::default()
    };
    Ok(ask.fields.is_sound() && save(ask, record, &row)?)
}

fn dwelling(ask: &mut Ask, record: RecordId) -> Result<bool, Fault> {
    let row = Dwelling {
        main_exit: ask.fields.parsed::<ExitState>("main_exit", "error-choose"),
        main_exit_note: ask.fields.text("main_exit_note", 300),
        people_inside: ask.fields.number("people_inside", (0, 100)),
        access_notes: ask.fields.text("access_notes", 1_000),
        ..Dwelling::default()
    };
    let is_empty = row == Dwelling::default();
    if is_empty {
        ask.fields.refuse("main_exit", Message::new("error-fill-one"));
    }
    let row = Dwelling { source: Some(Source::Observed), ..row };
    if !ask.fields.is_sound() {
        return Ok(false);
    }
    let said = ask.house.client.visits().say_of_dwelling(record, &row);
    Ok(ask.settle(said)?.is_some())
}

fn measurement(ask: &mut Ask, record: RecordId, visit: RowId) -> Result<bool, Fault> {
    let value = ask.fields.number("value", (-1_000_000, 1_000_000));
    if value.is_none() {
        ask.fields.refuse("value", Message::new("error-fill"));
    }
    let row = Measurement {
        feature: ask.fields.text_needed("feature", 80),
        quantity: ask.fields.text("quantity", 40),
        value,
        unit: ask.fields.chosen::<Unit>("unit"),
        method: ask.fields.parsed::<Method>("method", "error-choose"),
        room: hazard::room(ask),
        observed_at: Some(ask.now()),
        source: Some(Source::Observed),
        visit: Some(visit),
    };
    Ok(ask.fields.is_sound() && save(ask, record, &row)?)
}

fn equipment(ask: &mut Ask, record: RecordId, visit: RowId) -> Result<bool, Fault> {
    let row = Equipment {
        kind: ask.fields.chosen::<EquipmentKind>("equipment_kind"),
        state: ask.fields.parsed::<EquipmentState>("equipment_state", "error-choose"),
        safe_load_kg: ask.fields.number("safe_load_kg", (0, 2_000)),
        room: hazard::room(ask),
        note: ask.fields.text("note", 1_000),
        source: Some(Source::Observed),
        visit: Some(visit),
        ..Equipment::default()
    };
    Ok(ask.fields.is_sound() && save(ask, record, &row)?)
}
