//! Questions about a person that are answered with that person, at no visit and so at no home: of somebody whose address is protected
//! nothing else is written, and somebody who has no home can be asked too.

use doorstep_protocol::Class;

use super::{AnswerInput, FormPage, FormRef, as_form, follow_in_person, held, named, no_such_form, page, said};
use crate::client::people::known_person;
use crate::client::{ClientError, People, properties};
use crate::device::{RecordId, WriteError};
use crate::order::Order as _;
use crate::records::answers::Answer;
use crate::records::home::{Visit, VisitKind};
use crate::records::packs::{Book, Form, Pack, Question, Subject, rows_of};
use crate::records::{Date, DocumentView, FieldError};

/// Whether a question can be asked apart from a visit: it is about the person, and of no room.
fn is_of_person(question: &Question) -> bool {
    question.about == Subject::Person && !question.rooms
}

/// Forms that ask anything about a person.
fn forms<'b>(book: &'b Book, today: &Date) -> Vec<(&'b Pack, &'b Form)> {
    let all = VisitKind::CODES.iter().flat_map(|code| book.forms(&VisitKind::from_code(code), today));
    let all = all.filter(|(_, form)| form.questions.iter().any(is_of_person));
    all.map(|(pack, form)| (pack.as_ref(), form)).collect()
}

/// Answers to one form at no visit, the latest first.
fn given(function: Option<&DocumentView>, person: RecordId, form: &str) -> Vec<super::Given> {
    let mut given = function.map(|view| held::answers_in(view, None, Some(person))).unwrap_or_default();
    given.retain(|one| one.answer.form.as_deref() == Some(form));
    given.order_by_key(|one| (std::cmp::Reverse(one.made.as_ref().map(|made| made.at)), one.row));
    given
}

impl People<'_> {
    /// Forms with questions about a person.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn forms(&self) -> Result<Vec<FormRef>, ClientError> {
        let today = Date::of(self.client.now());
        let book = self.client.lock().book()?;
        Ok(forms(&book, &today).into_iter().map(|(pack, _)| named(pack)).collect())
    }

    /// The questions of a form about a person, and what was answered with them at no visit.
    ///
    /// # Errors
    /// [`ClientError::NotFound`].
    pub fn form(&self, person: RecordId, form: &str) -> Result<FormPage, ClientError> {
        let today = Date::of(self.client.now());
        let mut device = self.client.lock();
        known_person(&device, person)?;
        let book = device.book()?;
        let pack = book.current(form, &today).filter(|pack| as_form(pack).is_some());
        let pack = pack.ok_or(ClientError::NotFound { what: "form" })?;
        let function = properties::view_of(&mut device, person, Class::Function)?;
        device.let_go();
        let of_form = Visit { form: Some(pack.id.clone()), version: Some(pack.version), ..Visit::default() };
        let mut page = page(&book, &today, &of_form, given(function.as_ref(), person, form));
        page.asked.retain(|asked| is_of_person(&asked.question));
        Ok(FormPage { anybody: true, ..page })
    }

    /// Answers one question of a form about a person, or takes the answer back. What it says of what they can do is recorded with it.
    ///
    /// # Errors
    /// [`ClientError::Write`]: the field is the question, with its limit and remedy.
    pub fn answer(&self, person: RecordId, form: &str, input: &AnswerInput) -> Result<(), ClientError> {
        known_person(&self.client.lock(), person)?;
        self.client.write(|draft| {
            let (book, today) = (draft.device().book()?, Date::of(draft.now()));
            let pack = book.current(form, &today).ok_or_else(no_such_form)?;
            let form = as_form(pack).ok_or_else(no_such_form)?;
            if !form.questions.iter().any(|one| one.id == input.question && is_of_person(one)) {
                return Err(not_of_person());
            }
            let function = draft.view(person, Class::Function)?;
            let before = given(function.as_ref(), person, &pack.id);
            let before = before.iter().find(|one| one.answer.question.as_deref() == Some(&input.question));
            let after = match &input.value {
                Some(word) => Some(said(&named(pack), form, None, input, word)?),
                None => None,
            };
            let filled = |answer: &Answer| rows_of(form, std::slice::from_ref(answer));
            let gone = before.map(|given| filled(&given.answer)).unwrap_or_default();
            let follows = after.as_ref().map(filled).unwrap_or_default();
            held::put(draft, held::place(person, Some(person)), before, after.as_ref())?;
            follow_in_person(draft, person, None, (&gone, &follows))
        })
    }
}

fn not_of_person() -> WriteError {
    let limit = "a question that is about a person, and of no room";
    FieldError::new("question", limit, "answer what is about the home in a visit").into()
}
