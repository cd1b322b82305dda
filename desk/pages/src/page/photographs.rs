//! Photographs of a home: small ones where they belong, each on a page of its own, and how far each has come. The picture itself
//! is fetched when somebody asks for it.

pub mod take;

use doorstep_client_core::client::{Held, PhotographRow, Sending};
use doorstep_client_core::device::RecordId;
use doorstep_client_core::records::RowId;
use maud::{Markup, html};

use crate::ask::{Answer, Ask, Fault};
use crate::view::facts::{Facts, join};
use crate::view::{self, Tab, token};
use crate::words::{Message, Speech};

/// Small ones on the page of a home; the others stand on the page of photographs.
pub const SHOWN_AT_HOME: usize = 8;

/// The photographs of a home, for the pages they belong to.
pub struct Album {
    record: RecordId,
    rows: Vec<PhotographRow>,
}

impl Album {
    /// All of a home.
    ///
    /// # Errors
    /// [`Fault::Client`].
    pub fn of(ask: &Ask, record: RecordId) -> Result<Self, Fault> {
        Ok(Self { record, rows: ask.house.client.photographs().list(record)? })
    }

    /// Those of a hazard.
    #[must_use]
    pub fn of_hazard(&self, speech: Speech, hazard: RowId) -> Markup {
        self.strip(speech, self.rows.iter().filter(|row| row.hazard == Some(hazard)))
    }

    /// Those of a visit that show no hazard: the others stand below theirs.
    #[must_use]
    pub fn of_visit(&self, speech: Speech, visit: RowId) -> Markup {
        self.strip(speech, self.rows.iter().filter(|row| row.visit == Some(visit) && row.hazard.is_none()))
    }

    /// The newest, with the way to all of them and to a new one.
    #[must_use]
    pub fn section(&self, speech: Speech) -> Markup {
        html! {
            section.card {
                h2 { (speech.tell("photographs", "n", self.rows.len())) }
                @if self.rows.is_empty() { p.empty { (speech.say("photographs-none")) } }
                (self.strip(speech, self.rows.iter().take(SHOWN_AT_HOME)))
                p { a.button.quiet href={"/home/" (self.record) "/photographs"} { (speech.say("photographs-all")) } }
            }
        }
    }

    fn strip<'r>(&self, speech: Speech, rows: impl Iterator<Item = &'r PhotographRow>) -> Markup {
        let mut rows = rows.peekable();
        html! {
            @if rows.peek().is_some() {
                ul.photos { @for row in rows { li { (small(speech, self.record, row)) } } }
            }
        }
    }
}

/// What a photograph shows, in words.
fn shows(speech: Speech, row: &PhotographRow) -> String {
    let said = join([row.note.clone(), row.room.as_deref().map(|room| speech.room(room))]);
    if said.is_empty() { speech.say("photograph") } else { speech.tell("photograph-of", "what", said) }
}

/// How far it has left this device.
fn sending(speech: Speech, row: &PhotographRow) -> String {
    match row.sending {
        Sending::Sent => speech.say("photograph-sent"),
        Sending::Parts { left } => speech.tell("photograph-unsent", "n", left),
    }
}

/// A small one that leads to its page.
fn small(speech: Speech, record: RecordId, row: &PhotographRow) -> Markup {
    let at = format!("/photograph/{record}/{}", row.row);
    html! {
        a.photo href=(at) {
            @if row.thumbnail == Held::Here {
                img src={(at) "/small"} alt=(shows(speech, row)) loading="lazy" width="160" height="120";
            } @else {
                span.absent { (shows(speech, row)) br; (speech.say("photograph-not-here")) }
            }
            span.by { (sending(speech, row)) }
        }
    }
}

/// All photographs of a home, and the form for another.
pub fn list(ask: &mut Ask) -> Result<Answer, Fault> {
    Ok(Answer::Page(page_of_home(ask)?))
}

fn page_of_home(ask: &Ask) -> Result<Markup, Fault> {
    let (record, speech) = (ask.record()?, ask.speech());
    let home = ask.house.client.properties().row(record)?.ok_or(Fault::NotFound)?;
    let album = Album::of(ask, record)?;
    let body = html! {
        p.kicker { a href={"/home/" (record)} { (home.address) } }
        h1 { (speech.tell("photographs", "n", album.rows.len())) }
        @if album.rows.is_empty() { p.empty { (speech.say("photographs-none")) } }
        (album.strip(speech, album.rows.iter()))
        section.card {
            h2 { (speech.say("photograph-add")) }
            (take::form(ask, &format!("/home/{record}/photographs"), take::Asks::Room))
        }
    };
    Ok(view::page(ask, Some(Tab::Search), &speech.tell("photographs", "n", album.rows.len()), body))
}

/// Takes one in from the page of a home.
pub fn add(ask: &mut Ask) -> Result<Answer, Fault> {
    let record = ask.record()?;
    ask.house.client.properties().row(record)?.ok_or(Fault::NotFound)?;
    let about = take::about(ask);
    if !take::save(ask, record, about)? {
        return Ok(Answer::Unsound(page_of_home(ask)?));
    }
    Ok(Answer::GoAndSay(format!("/home/{record}/photographs"), Message::new("photograph-kept")))
}

/// The photograph that the path names.
fn of_path(ask: &Ask) -> Result<(RecordId, PhotographRow), Fault> {
    let (record, row) = (ask.record()?, ask.row()?);
    let rows = ask.house.client.photographs().list(record)?;
    let found = rows.into_iter().find(|one| one.row == row).ok_or(Fault::NotFound)?;
    Ok((record, found))
}

/// One photograph: the picture if it is here, else its small one and how to get it.
pub fn show(ask: &mut Ask) -> Result<Answer, Fault> {
    let (record, row) = of_path(ask)?;
    let speech = ask.speech();
    let home = ask.house.client.properties().row(record)?.ok_or(Fault::NotFound)?;
    let names = ask.house.names();
    let facts = Facts { speech, names: &names, now: ask.now() };
    let at = format!("/photograph/{record}/{}", row.row);
    let shows = shows(speech, &row);
    let body = html! {
        p.kicker { a href={"/home/" (record)} { (home.address) } }
        h1 { (shows) }
        p.by {
            @if let Some(taken) = row.taken_at { (speech.tell("photograph-taken", "at", speech.moment(taken, facts.now))) " · " }
            (facts.by(row.made.as_ref())) " · " (sending(speech, &row))
        }
        figure.picture {
            @match (row.original, row.thumbnail) {
                (Held::Here, _) => img src={(at) "/whole"} alt=(shows) width=[row.width] height=[row.height];,
                (_, Held::Here) => img src={(at) "/small"} alt=(shows);,
                _ => span.absent { (speech.say("photograph-not-here")) },
            }
        }
        @match row.original {
            Held::Here => {},
            Held::Wanted => p.notice role="status" { (speech.say("photograph-wanted")) },
            Held::NotHere => {
                p { (speech.say("photograph-whole-not-here")) }
                form method="post" action={(at) "/want"} { (token(ask)) button.main { (speech.say("photograph-want")) } }
            },
        }
        p.actions {
            @if let Some(visit) = row.visit { a.button.quiet href={"/visit/" (record) "/" (visit)} { (speech.say("visit")) } }
            a.button.quiet href={"/home/" (record) "/photographs"} { (speech.say("photographs-all")) }
        }
    };
    Ok(Answer::Page(view::page(ask, Some(Tab::Search), &shows, body)))
}

/// The small one.
pub fn small_file(ask: &mut Ask) -> Result<Answer, Fault> {
    let found = ask.house.client.photographs().thumbnail(ask.record()?, ask.row()?)?;
    found.map(Answer::Picture).ok_or(Fault::NotFound)
}

/// The picture.
pub fn whole_file(ask: &mut Ask) -> Result<Answer, Fault> {
    let found = ask.house.client.photographs().original(ask.record()?, ask.row()?)?;
    found.map(Answer::Picture).ok_or(Fault::NotFound)
}

/// Has the picture fetched.
pub fn want(ask: &mut Ask) -> Result<Answer, Fault> {
    let (record, row) = (ask.record()?, ask.row()?);
    ask.house.client.photographs().want(record, row)?;
    ask.house.wake();
    Ok(Answer::Go(format!("/photograph/{record}/{row}")))
}
