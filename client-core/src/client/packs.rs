//! Packs: what is data and not code. A device uses the newest version that its partnership has published, else the shipped one.

use std::sync::Arc;

use doorstep_protocol::Class;

use super::{Client, ClientError};
use crate::device::WriteError;
use crate::device::packs::{packs_document, row_of};
use crate::order::Order as _;
use crate::records::packs::{AnswerKind, Book, Content, Origin, Pack, PackError, Published, parse, shipped};
use crate::records::{Date, FieldError};

/// Packs of a device.
pub struct Packs<'c> {
    pub(super) client: &'c Client,
}

/// Whether a version is used today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PackStanding {
    /// What is new is recorded under it.
    Current,
    /// A newer one is.
    Superseded,
    /// It has not begun.
    ToCome,
    /// It was withdrawn.
    Withdrawn,
    /// It was published by a newer program than this one.
    Unreadable,
}

/// A version of a pack in a list.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct PackRow {
    /// The pack.
    pub id: String,
    /// Its kind.
    pub kind: String,
    /// Its version.
    pub version: i64,
    /// The first day on which it is used.
    pub valid_from: Option<Date>,
    /// Its English title.
    pub title: String,
    /// Its Welsh title.
    pub title_cy: String,
    /// Whether it is used today.
    pub standing: PackStanding,
    /// Where it comes from.
    pub origin: Origin,
}

impl Packs<'_> {
    /// Every pack that this device knows, to be asked as often as one likes.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn book(&self) -> Result<Arc<Book>, ClientError> {
        Ok(self.client.lock().book()?)
    }

    /// Every version, by id.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn list(&self) -> Result<Vec<PackRow>, ClientError> {
        let (book, today) = (self.book()?, Date::of(self.client.now()));
        let mut rows: Vec<PackRow> = book
            .all()
            .map(|(pack, origin, is_withdrawn)| PackRow {
                id: pack.id.clone(),
                kind: pack.content.kind().to_string(),
                version: pack.version,
                valid_from: Some(pack.valid_from.clone()),
                title: pack.title.en.clone(),
                title_cy: pack.title.cy.clone(),
                standing: match book.current(&pack.id, &today) {
                    _ if is_withdrawn => PackStanding::Withdrawn,
                    Some(current) if current.version == pack.version => PackStanding::Current,
                    _ if pack.valid_from > today => PackStanding::ToCome,
                    _ => PackStanding::Superseded,
                },
                origin,
            })
            .collect();
        rows.extend(book.unreadable().iter().map(|(id, version)| PackRow {
            id: id.clone(),
            kind: String::new(),
            version: *version,
            valid_from: None,
            title: id.clone(),
            title_cy: id.clone(),
            standing: PackStanding::Unreadable,
            origin: Origin::Published,
        }));
        rows.order_by(|a, b| (&a.id, a.version).cmp(&(&b.id, b.version)));
        Ok(rows)
    }

    /// A pack: the version of today, or a named one.
    ///
    /// # Errors
    /// [`ClientError::NotFound`].
    pub fn get(&self, id: &str, version: Option<i64>) -> Result<Arc<Pack>, ClientError> {
        let (book, today) = (self.book()?, Date::of(self.client.now()));
        let found = match version {
            Some(version) => book.version(id, version),
            None => book.current(id, &today),
        };
        found.cloned().ok_or(ClientError::NotFound { what: "pack" })
    }

    /// Publishes a pack to the partnership. The device must be in a team that may write the directory.
    ///
    /// # Errors
    /// [`ClientError::Write`], naming the field: a version that is there already cannot be changed.
    pub fn publish(&self, text: &str) -> Result<Arc<Pack>, ClientError> {
        let pack = parse(text).map_err(refused)?;
        let book = self.book()?;
        names_known_codes(&book, &pack).map_err(WriteError::from)?;
        let is_there = book.all().any(|(held, origin, _)| {
            held.id == pack.id && held.version == pack.version && (origin == Origin::Published || **held != pack)
        });
        if is_there {
            let error = FieldError::new(
                "version",
                "a version that is there already is never changed",
                "give the pack the next version and publish that",
            );
            return Err(WriteError::from(error).into());
        }
        self.put(std::slice::from_ref(&(pack.clone(), text)))?;
        Ok(Arc::new(pack))
    }

    /// Publishes the shipped packs that the directory lacks. Returns how many there were.
    ///
    /// # Errors
    /// [`ClientError::Write`].
    pub fn publish_shipped(&self) -> Result<usize, ClientError> {
        let book = self.book()?;
        let lacking: Vec<(Pack, &str)> = shipped()
            .iter()
            .filter(|(pack, _)| {
                !book.all().any(|(held, origin, _)| {
                    origin == Origin::Published && held.id == pack.id && held.version == pack.version
                })
            })
            .cloned()
            .collect();
        // One edit holds a few of them.
        lacking.chunks(4).try_for_each(|some| self.put(some))?;
        Ok(lacking.len())
    }

    fn put(&self, packs: &[(Pack, &str)]) -> Result<(), ClientError> {
        self.client.write(|draft| {
            let id = packs_document(draft.device())?;
            draft.edit_document(id, Class::Directory, None, |edit| {
                packs.iter().try_for_each(|(pack, text)| {
                    let row = Published {
                        pack: Some(pack.id.clone()),
                        kind: Some(pack.content.kind()),
                        version: Some(pack.version),
                        valid_from: Some(pack.valid_from.clone()),
                        content: Some((*text).to_owned()),
                        ..Published::default()
                    };
                    edit.put_row(row_of(&pack.id, pack.version), &row)
                })
            })
        })
    }

    /// Withdraws a published version: nothing new is recorded under it, and what was is still read by it.
    ///
    /// # Errors
    /// [`ClientError::NotFound`], [`ClientError::Write`].
    pub fn withdraw(&self, id: &str, version: i64, why: &str) -> Result<(), ClientError> {
        let is_published = |(pack, origin, _): (&Arc<Pack>, Origin, bool)| {
            origin == Origin::Published && pack.id == id && pack.version == version
        };
        let book = self.book()?;
        let is_unreadable = book.unreadable().contains(&(id.to_owned(), version));
        if !book.all().any(is_published) && !is_unreadable {
            return Err(ClientError::NotFound { what: "published pack of that version" });
        }
        // A list or form may end; what others are counted by goes on in a further version.
        let mut others =
            book.all().filter(|(pack, _, is_withdrawn)| pack.id == id && pack.version != version && !is_withdrawn);
        let is_law = |(pack, ..): (&Arc<Pack>, Origin, bool)| {
            pack.id == id && matches!(pack.content, Content::Law(_) | Content::Thresholds(_) | Content::Holidays(_))
        };
        if book.all().any(is_law) && others.next().is_none() {
            let limit = "the last version of a law, of thresholds or of bank holidays that stands is never withdrawn";
            let error = FieldError::new("version", limit, "publish the next version, and then withdraw this one");
            return Err(WriteError::from(error).into());
        }
        self.client.write(|draft| {
            let (document, now) = (packs_document(draft.device())?, draft.now());
            let row =
                Published { withdrawn_at: Some(now), withdrawn_why: Some(why.to_owned()), ..Published::default() };
            draft.edit_document(document, Class::Directory, None, |edit| edit.update(row_of(id, version), &row))
        })
    }
}

fn refused(error: PackError) -> ClientError {
    let PackError { place, limit, remedy } = error;
    WriteError::from(FieldError { field: place.into(), limit: limit.into(), remedy: remedy.into() }).into()
}

/// That what a pack names of lists, in rows that follow from answers or in a law, stands in a list that is known here.
fn names_known_codes(book: &Book, pack: &Pack) -> Result<(), FieldError> {
    let questions = match &pack.content {
        Content::Form(form) => &form.questions,
        Content::Instrument(instrument) => &instrument.questions,
        Content::Law(law) => {
            let codes = law.phases.iter().flat_map(|phase| &phase.codes);
            let mut named = codes.flat_map(|(scheme, codes)| codes.iter().map(move |code| (scheme, code)));
            return named.try_for_each(|(scheme, code)| book.check_code(scheme.as_str(), code));
        }
        _ => return Ok(()),
    };
    for question in questions.iter().filter(|question| !matches!(question.answer, AnswerKind::Day)) {
        for fill in question.fills.iter().filter(|fill| fill.row == "hazards") {
            let held = |name: &str| fill.set.get(name).and_then(serde_json::Value::as_str);
            if let (Some(scheme), Some(code)) = (held("scheme"), held("code")) {
                book.check_code(scheme, code)?;
            }
        }
    }
    Ok(())
}
