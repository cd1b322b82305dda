//! A form filled in while a visit goes on: each answer is saved by itself, with what follows from it, and may be changed until
//! the visit is handed in. What is not answered is not known. Answers that this device has no question for stay as they are. What
//! is answered about a person stands with that person, never in the home.

use doorstep_protocol::Class;
use rand_core::CryptoRng;

use super::Visits;
use crate::client::{ClientError, properties};
use crate::device::{Draft, RecordId, WriteError};
use crate::records::answers::Answer;
use crate::records::decisions::{Decision, mistakable};
use crate::records::function::Ability;
use crate::records::home::{Visit, VisitState};
use crate::records::packs::{
    Book, Completeness, Content, FilledRow, Form, Pack, Question, Subject, Words, check_answers, conform, is_asked,
    rows_of,
};
use crate::records::{
    Date, DocumentView, Edit, EditError, FieldError, Provenance, Reading, Row as _, RowId, Seen, Source,
};
use crate::store::lists;

mod following;
pub(super) mod held;
mod with_person;

use held::Residents;

/// A form by its name.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct FormRef {
    /// The id of its pack.
    pub id: String,
    /// Its version.
    pub version: i64,
    /// What people call it.
    pub title: Words,
}

/// An answer that was given.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Given {
    /// Its row.
    pub row: RowId,
    /// What it says.
    pub answer: Answer,
    /// Whom it is about, and with whom it stands; none where it is about the home.
    pub person: Option<RecordId>,
    /// Who made the row, and when.
    pub made: Option<Provenance>,
    /// Fields that people set differently.
    pub disputed: Vec<&'static str>,
}

/// A question that is asked, and what was answered: once, or for each room or person.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Asked {
    /// The question.
    pub question: Question,
    /// The answers, in the order of their rooms.
    pub given: Vec<Given>,
}

impl Asked {
    /// Whether an answer to it can be taken back: hazards that follow from it are then said to be gone, and what was seen or said
    /// because of it to be a mistake.
    #[must_use]
    pub fn can_be_taken_back(&self) -> bool {
        let is_mistakable = |row: &str| [Class::Home, Class::Function].iter().any(|of| mistakable(*of).contains(&row));
        self.question.fills.iter().all(|fill| fill.row == "hazards" || is_mistakable(&fill.row))
    }
}

/// An answer to a question that this device does not know: of a newer form, or of a pack that has not come.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct UnknownAnswer {
    /// The question's id.
    pub question: String,
    /// What was answered.
    pub given: Given,
}

/// The form of a visit, and how far it is filled in.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct FormPage {
    /// The form; none while it is to be chosen, or is not known here.
    pub form: Option<FormRef>,
    /// The form that the visit names and that this device does not have in that version.
    pub unknown_form: Option<(String, i64)>,
    /// Forms for this kind of visit, while none is chosen.
    pub choices: Vec<FormRef>,
    /// Questions that are asked, in the order of the form.
    pub asked: Vec<Asked>,
    /// Answers to questions that this device does not know.
    pub unknown: Vec<UnknownAnswer>,
    /// Whether anybody is known to live there: else there is nobody to be asked about.
    pub anybody: bool,
}

impl FormPage {
    /// Questions that have an answer.
    #[must_use]
    pub fn answered(&self) -> usize {
        self.asked.iter().filter(|asked| !asked.given.is_empty()).count()
    }

    /// Questions that a visit which is done has an answer to, and this one has not.
    pub fn missing(&self) -> impl Iterator<Item = &Question> {
        let is_due = |question: &Question| question.required && (self.anybody || question.about == Subject::Home);
        self.asked.iter().filter(move |one| is_due(&one.question) && one.given.is_empty()).map(|one| &one.question)
    }
}

/// An answer to one question.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AnswerInput {
    /// The question's id.
    pub question: String,
    /// The room, where it is asked for rooms.
    pub room: Option<String>,
    /// The answer in one word: `yes`, `no`, a figure, a day, a code, codes with commas between, words. None takes it back.
    pub value: Option<String>,
    /// Whom the answer is about, where the question is about a person. One that is taken back may leave it out where one person
    /// has it.
    pub person: Option<RecordId>,
}

impl Visits<'_> {
    /// The form of a visit, and what was answered so far.
    ///
    /// # Errors
    /// [`ClientError::NotFound`].
    pub fn form(&self, home: RecordId, visit: RowId) -> Result<FormPage, ClientError> {
        let today = Date::of(self.client.now());
        let mut device = self.client.lock();
        let not_found = ClientError::NotFound { what: "visit" };
        let Some(view) = properties::view_of(&mut device, home, Class::Home)? else { return Err(not_found) };
        let book = device.book()?;
        let residents = Residents::of(device.store().reader(), home, &today)?;
        let given =
            residents.answers(&view, visit, |person| properties::view_of(&mut device, person, Class::Function))?;
        device.let_go();
        let mut visits = view.rows::<Visit>(Reading::Shown).into_iter();
        let found = visits.find(|seen| seen.row == visit).ok_or(not_found)?;
        Ok(FormPage { anybody: residents.anybody, ..page(&book, &today, &found.value, given) })
    }

    /// Chooses the form of a visit that has several. It stays the same once a question is answered.
    ///
    /// # Errors
    /// [`ClientError::Write`] names the field, the limit and the remedy.
    pub fn choose_form(&self, home: RecordId, visit: RowId, form: &str) -> Result<(), ClientError> {
        self.client.write(|draft| {
            let open = Open::of(draft, home, visit)?;
            if !held::of_open(draft, &open)?.0.is_empty() {
                let limit = "a visit keeps the form that its first answer belongs to";
                return Err(FieldError::new("form", limit, "begin another visit for another form").into());
            }
            let (book, today) = (draft.device().book()?, Date::of(draft.now()));
            let pack = book.current(form, &today).filter(|pack| as_form(pack).is_some()).ok_or_else(no_such_form)?;
            let set = Visit { form: Some(pack.id.clone()), version: Some(pack.version), ..Visit::default() };
            draft.edit(home, Class::Home, |edit| edit.update(visit, &set))
        })
    }

    /// Answers one question of the form of a visit, or takes the answer back. What follows from it is recorded with it.
    ///
    /// # Errors
    /// [`ClientError::Write`]: the field is the question, with its limit and remedy.
    pub fn answer(&self, home: RecordId, visit: RowId, input: &AnswerInput) -> Result<(), ClientError> {
        self.client.write(|draft| {
            let open = Open::of(draft, home, visit)?;
            let (book, today) = (draft.device().book()?, Date::of(draft.now()));
            let (pack, form) = form_of(&book, &today, &open.visit).ok_or_else(no_such_form)?;
            let (given, _) = held::of_open(draft, &open)?;
            let person = about(draft, form, &given, input)?;
            let before = held::in_place_of(&given, &input.question, input.room.as_deref(), person);
            let after = match &input.value {
                Some(word) => Some(said(&pack, form, Some(visit), input, word)?),
                None => None,
            };
            let change = Change { before, after: after.as_ref(), person };
            save(draft, home, visit, &pack, &change)?;
            follow(draft, form, &open, &change)
        })
    }
}

/// A visit that is still being recorded, and its home.
pub(super) struct Open {
    pub(super) home: DocumentView,
    record: RecordId,
    row: RowId,
    pub(super) visit: Visit,
}

impl Open {
    pub(super) fn of<R: CryptoRng>(draft: &mut Draft<'_, R>, record: RecordId, row: RowId) -> Result<Self, WriteError> {
        let no_visit = WriteError::NoSuchRecord { what: "visit" };
        let Some(home) = draft.view(record, Class::Home)? else { return Err(no_visit) };
        let mut visits = home.rows::<Visit>(Reading::Shown).into_iter();
        let visit = visits.find(|seen| seen.row == row).ok_or(no_visit)?.value;
        if !matches!(visit.state, Some(VisitState::Draft | VisitState::Returned)) {
            let limit = "what is found belongs to a visit that is being recorded";
            return Err(FieldError::new("state", limit, "ask a desk to give the visit back").into());
        }
        Ok(Self { home, record, row, visit })
    }
}

/// What an answer was, what it is to be, and whom it is about.
struct Change<'a> {
    before: Option<&'a Given>,
    after: Option<&'a Answer>,
    person: Option<RecordId>,
}

/// Whom an answer is about. An answer about a person says whose it is; what is about the home is nobody's.
fn about<R: CryptoRng>(
    draft: &mut Draft<'_, R>,
    form: &Form,
    given: &[Given],
    input: &AnswerInput,
) -> Result<Option<RecordId>, WriteError> {
    let question = form.questions.iter().find(|question| question.id == input.question);
    if question.is_none_or(|question| question.about == Subject::Home) {
        return Ok(None);
    }
    let whose = |limit: &'static str| FieldError::new("person", limit, "choose one of the people who live there");
    let Some(person) = input.person else {
        let mut of_question = given.iter().filter(|one| one.answer.question.as_deref() == Some(&input.question));
        return match (&input.value, of_question.next(), of_question.next()) {
            (None, Some(only), None) => Ok(only.person),
            _ => Err(whose("an answer about a person says whose it is").into()),
        };
    };
    let known = lists::person_of(draft.device().store().reader(), person.0)?;
    known.ok_or_else(|| whose("a person whom this device knows"))?;
    if draft.is_protected(person)? {
        let limit = "where this person lives is protected: nothing about them is answered at a home";
        return Err(FieldError::new("person", limit, "find them by name, and answer there").into());
    }
    Ok(Some(person))
}

fn no_such_form() -> WriteError {
    FieldError::new("form", "a form that this device knows, in that version", "choose a form first, or sync to get it")
        .into()
}

fn as_form(pack: &Pack) -> Option<&Form> {
    match &pack.content {
        Content::Form(form) => Some(form),
        _ => None,
    }
}

fn named(pack: &Pack) -> FormRef {
    FormRef { id: pack.id.clone(), version: pack.version, title: pack.title.clone() }
}

/// The form that a visit names, else the only one for its kind.
fn form_of<'b>(book: &'b Book, today: &Date, visit: &Visit) -> Option<(FormRef, &'b Form)> {
    match (&visit.form, visit.version, &visit.kind) {
        (Some(id), Some(version), _) => {
            let pack = book.version(id, version)?;
            Some((named(pack), as_form(pack)?))
        }
        (None, _, Some(kind)) => match book.forms(kind, today).as_slice() {
            [(pack, form)] => Some((named(pack), *form)),
            _ => None,
        },
        _ => None,
    }
}

fn page(book: &Book, today: &Date, visit: &Visit, given: Vec<Given>) -> FormPage {
    let known = form_of(book, today, visit);
    let questions = known.as_ref().map(|(_, form)| form.questions.as_slice()).unwrap_or_default();
    let of = |given: &Given, question: &Question| given.answer.question.as_deref() == Some(&question.id);
    let answers: Vec<Answer> = given.iter().map(|given| given.answer.clone()).collect();
    let asked = questions.iter().filter_map(|question| {
        let given: Vec<Given> = given.iter().filter(|given| of(given, question)).cloned().collect();
        // What was answered is shown, even where it would not be asked any more.
        (is_asked(question, &answers) || !given.is_empty()).then(|| Asked { question: question.clone(), given })
    });
    let asked = asked.collect();
    let (mut unknown, mut choices) = (Vec::new(), Vec::new());
    for given in given.into_iter().filter(|given| !questions.iter().any(|question| of(given, question))) {
        unknown.push(UnknownAnswer { question: given.answer.question.clone().unwrap_or_default(), given });
    }
    if let (None, None, Some(kind)) = (&known, &visit.form, &visit.kind) {
        choices = book.forms(kind, today).into_iter().map(|(pack, _)| named(pack)).collect();
    }
    let unknown_form = match (&known, &visit.form) {
        (None, Some(id)) => Some((id.clone(), visit.version.unwrap_or_default())),
        _ => None,
    };
    FormPage { form: known.map(|(pack, _)| pack), unknown_form, choices, asked, unknown, anybody: false }
}

/// The answer as it is to be saved, checked against its question.
fn said(
    pack: &FormRef,
    form: &Form,
    visit: Option<RowId>,
    input: &AnswerInput,
    word: &str,
) -> Result<Answer, FieldError> {
    let mut answers = [Answer {
        visit,
        form: Some(pack.id.clone()),
        version: Some(pack.version),
        question: Some(input.question.clone()),
        room: input.room.clone(),
        text: Some(word.to_owned()),
        source: Some(Source::Observed),
        ..Answer::default()
    }];
    conform(form, &mut answers);
    check_answers(form, &answers, Completeness::Partial)?;
    let [answer] = answers;
    Ok(answer)
}

fn save<R: CryptoRng>(
    draft: &mut Draft<'_, R>,
    home: RecordId,
    visit: RowId,
    pack: &FormRef,
    change: &Change<'_>,
) -> Result<(), WriteError> {
    let set = Visit { form: Some(pack.id.clone()), version: Some(pack.version), ..Visit::default() };
    draft.edit(home, Class::Home, |edit| edit.update(visit, &set))?;
    let place = held::place(home, change.person);
    match change.before.filter(|given| given.person != change.person) {
        Some(elsewhere) => {
            held::put(draft, held::place(home, elsewhere.person), Some(elsewhere), None)?;
            held::put(draft, place, None, change.after)
        }
        None => held::put(draft, place, change.before, change.after),
    }
}

/// Records what follows from an answer, and that what followed from the one before it is gone.
fn follow<R: CryptoRng>(
    draft: &mut Draft<'_, R>,
    form: &Form,
    open: &Open,
    change: &Change<'_>,
) -> Result<(), WriteError> {
    let rows = |answer: Option<&Answer>| answer.map(|one| rows_of(form, std::slice::from_ref(one))).unwrap_or_default();
    let (before, after) = (rows(change.before.map(|given| &given.answer)), rows(change.after));
    let (book, now) = (draft.device().book()?, draft.now());
    let since = change.before.and_then(|given| given.made.as_ref()).map(|made| made.at);
    let stamp = following::Stamp { visit: open.row, now, book: &book, since };
    let steps = following::steps(&open.home, &stamp, &before, &after);
    let steps: Vec<(RowId, following::Step)> = steps.into_iter().map(|step| (draft.row_id(), step)).collect();
    draft.edit(open.record, Class::Home, |edit| steps.iter().try_for_each(|(fresh, step)| step.write(edit, *fresh)))?;
    change.person.map_or(Ok(()), |person| follow_in_person(draft, person, Some(open.row), (&before, &after)))
}

/// Records what somebody can do, as it follows from an answer: in the place of what an answer of the same visit said of it. What
/// followed from one that is taken back was said by mistake.
fn follow_in_person<R: CryptoRng>(
    draft: &mut Draft<'_, R>,
    person: RecordId,
    visit: Option<RowId>,
    (before, after): (&[FilledRow], &[FilledRow]),
) -> Result<(), WriteError> {
    for ability in after.iter().filter_map(as_ability) {
        let latest = said_of(draft, person, visit, ability)?;
        let row = latest.map_or_else(|| draft.row_id(), |seen| seen.row);
        let (observed_at, source) = (Some(draft.now()), Some(Source::Observed));
        let ability = Ability { visit, observed_at, source, ..ability.clone() };
        draft.edit(person, Class::Function, |edit| edit.put_row(row, &ability))?;
    }
    for ability in before.iter().filter_map(as_ability).filter(|_| after.is_empty()) {
        let latest = said_of(draft, person, visit, ability)?;
        if let Some(seen) = latest.filter(|seen| seen.value.level == ability.level) {
            let (decision, mistaken) = (draft.row_id(), Decision::mistaken(Ability::COLLECTION, seen.row));
            draft.edit(person, Class::Function, |edit| edit.create(decision, &mistaken))?;
        }
    }
    Ok(())
}

/// What was last said of the same ability at a visit, or at none.
fn said_of<R: CryptoRng>(
    draft: &mut Draft<'_, R>,
    person: RecordId,
    visit: Option<RowId>,
    ability: &Ability,
) -> Result<Option<Seen<Ability>>, WriteError> {
    let function = draft.view(person, Class::Function)?;
    let held = function.map(|view| view.rows::<Ability>(Reading::Shown)).unwrap_or_default().into_iter();
    let same = held.filter(|seen| seen.value.visit == visit && seen.value.what == ability.what);
    Ok(same.max_by_key(|seen| (seen.value.observed_at, seen.row)))
}

fn as_ability(row: &FilledRow) -> Option<&Ability> {
    match row {
        FilledRow::Ability(ability) => Some(ability),
        _ => None,
    }
}
