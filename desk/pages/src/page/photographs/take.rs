//! Taking a photograph in: by the camera or from a file, with or without a script. It is on this device's disk, sealed, when the
//! next page shows.

use doorstep_client_core::client::{PhotographInput, PictureError};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::photograph::{FILE_BYTES_MAX, Picture};
use doorstep_client_core::records::RowId;
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::fields::Upload;
use crate::page::visit::{self, hazard};
use crate::refusals;
use crate::view::form::{self as sheet, Field, From};
use crate::view::{self, Tab};
use crate::words::Message;

/// The fields of a form that hold a picture; the first that is filled counts.
const PICTURES: [&str; 2] = ["photo", "photo_file"];

/// What a form asks beside the picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Asks {
    /// In which room it was taken.
    Room,
    /// Nothing of the room: what it shows says it.
    NoRoom,
}

/// The form.
#[must_use]
pub fn form(ask: &Ask, action: &str, asks: Asks) -> Markup {
    sheet::form_with_file(
        ask,
        action,
        html! {
            (sheet::picture(ask, Field::with_hint("photo", "photo-hint"), From::Camera))
            (sheet::picture(ask, Field::named("photo_file"), From::Files))
            @if asks == Asks::Room { (hazard::room_fields(ask)) }
            (sheet::line(ask, Field::with_hint("photo_note", "photo-note-hint"), "text", None))
            button.main { (ask.speech().say("photograph-save")) }
        },
    )
}

/// What the form says beside the picture.
pub fn about(ask: &mut Ask) -> PhotographInput {
    PhotographInput {
        note: ask.fields.text("photo_note", 1_000),
        room: hazard::room(ask),
        ..PhotographInput::default()
    }
}

/// The picture that came with a form; none where none was chosen. What is wrong with it stands at its field.
pub fn picture(ask: &mut Ask) -> Option<Picture> {
    let made = match ask.fields.upload(&PICTURES)?.clone() {
        Upload::File(bytes) => Picture::from_file(&bytes),
        Upload::TooLong { found_bytes } => Err(PictureError::FileTooLong { found_bytes, limit_bytes: FILE_BYTES_MAX }),
    };
    made.map_err(|error| ask.fields.refuse(PICTURES[0], refusals::of_picture(&error))).ok()
}

/// Takes the picture of a form in. Where it is missing, or is none, that stands at its field, and nothing was saved.
pub fn save(ask: &mut Ask, record: RecordId, about: PhotographInput) -> Result<bool, Fault> {
    let picture = picture(ask);
    if picture.is_none() {
        ask.fields.refuse(PICTURES[0], Message::new("error-photo"));
    }
    let (Some(picture), true) = (picture, ask.fields.is_sound()) else { return Ok(false) };
    match ask.house.client.photographs().add_picture(record, &picture, &about) {
        Ok(_) => {
            ask.house.wake();
            Ok(true)
        }
        Err(error) => {
            ask.fields.refuse(PICTURES[0], refusals::of(&error));
            Ok(false)
        }
    }
}

/// Of which hazard: in the path, where the photograph shows one.
fn hazard_of_path(ask: &Ask) -> Option<RowId> {
    ask.part("hazard").ok()
}

/// The form at a visit.
pub fn at_visit(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(page_at_visit(ask)?))
}

fn page_at_visit(ask: &Ask) -> Result<Markup, Fault> {
    let speech = ask.speech();
    let (page, visit) = visit::of_path(ask)?;
    let at = visit::path(page.record, visit.row);
    let hazard = hazard_of_path(ask);
    let title = match hazard {
        Some(row) => {
            let found = visit::hazard_at(&page, row).ok_or(Fault::NotFound)?;
            speech.tell("photograph-of", "what", crate::page::property::hazard(speech, &found.value))
        }
        None => speech.say("photograph-add"),
    };
    let action = hazard.map_or_else(|| format!("{at}/photo"), |row| format!("{at}/photo/{row}"));
    let body = html! {
        p.kicker { a href=(at) { (page.row.address) } }
        h1 { (title) }
        (form(ask, &action, if hazard.is_some() { Asks::NoRoom } else { Asks::Room }))
        p { a.button.quiet href=(at) { (speech.say("cancel")) } }
    };
    Ok(view::page(ask, Some(Tab::Visits), &title, body))
}

/// Takes one in at a visit.
pub fn add_at_visit(ask: &mut Ask) -> Result<Answer, Fault> {
    let (page, visit) = visit::of_path(ask)?;
    let mut about = PhotographInput { visit: Some(visit.row), ..about(ask) };
    let mut record = page.record;
    if let Some(row) = hazard_of_path(ask) {
        let found = visit::hazard_at(&page, row).ok_or(Fault::NotFound)?;
        about.hazard = Some(row);
        about.room = about.room.or_else(|| found.value.room.clone());
        record = visit::record_of_hazard(ask, &page, row)?;
    }
    if !save(ask, record, about)? {
        return Ok(Answer::Unsound(page_at_visit(ask)?));
    }
    Ok(Answer::GoAndSay(visit::path(page.record, visit.row), Message::new("photograph-kept")))
}
