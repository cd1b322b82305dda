//! A visit from options of the command line: the common things.

use doorstep_client_core::client::{PersonInput, PropertyRef, VisitInput};
use doorstep_client_core::records::Source;
use doorstep_client_core::records::answers::Answer;
use doorstep_client_core::records::function::Ability;
use doorstep_client_core::records::home::{
    Alarm, Clutter, Dwelling, Equipment, ExitState, Hazard, Measurement, Outcome, Visit, VisitKind,
};
use doorstep_client_core::records::identity::Person;
use doorstep_client_core::records::index::{Flag, Property};
use doorstep_protocol::Millis;

use crate::command::input;
use crate::failure::DeskError;

/// What was found.
#[derive(clap::Args)]
pub(super) struct Found {
    /// safe-and-well, ot-assessment, adaptation, stock-condition, hhsrs-inspection, follow-up
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// Who visited, in words; the device's own worker is recorded anyway
    #[arg(long, value_name = "NAME")]
    visitor: Option<String>,
    /// For which organisation
    #[arg(long, value_name = "NAME")]
    organisation: Option<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    purpose: Option<String>,
    /// Whom the visitor met
    #[arg(long, value_name = "TEXT")]
    met: Option<String>,
    /// When it began, such as '2026-11-22 14:05' [default: now]
    #[arg(long, value_name = "TIME")]
    started: Option<String>,
    /// done, partial, no-access, refused
    #[arg(long, value_name = "OUTCOME")]
    outcome: Option<String>,
    /// What follows
    #[arg(long, value_name = "TEXT")]
    follow_up: Option<String>,
    /// More
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// A hazard: SCHEME,CODE and room=, severity=, scope=, state=, note= …
    #[arg(long, value_name = "ROW")]
    hazard: Vec<String>,
    /// Clutter of a room: ROOM,RATING and room_kind=, exit= … (rating 1 to 9)
    #[arg(long, value_name = "ROW")]
    clutter: Vec<String>,
    /// An alarm: ROOM,KIND,STATE (smoke, heat, carbon-monoxide; none, present, tested, replaced, faulty)
    #[arg(long, value_name = "ROW")]
    alarm: Vec<String>,
    /// A measurement: FEATURE,QUANTITY,VALUE,UNIT and room=, method=
    #[arg(long, value_name = "ROW")]
    measurement: Vec<String>,
    /// Equipment: KIND and room=, label=, state= …
    #[arg(long, value_name = "ROW")]
    equipment: Vec<String>,
    /// The main way out: clear, restricted, blocked
    #[arg(long, value_name = "STATE")]
    main_exit: Option<String>,
    /// About the dwelling: field=value, such as people_inside=2,floor=3,telecare=present
    #[arg(long, value_name = "ROW")]
    dwelling: Option<String>,
    /// An answer to a question of the visit's form: QUESTION=VALUE, or QUESTION=VALUE@ROOM (`doorstep pack show FORM`)
    #[arg(long, value_name = "ANSWER")]
    answer: Vec<String>,
    /// The form, where there are several for this kind of visit
    #[arg(long, value_name = "PACK")]
    form: Option<String>,
    /// A flag to raise: KIND and contact=, organisation=, review_due= …
    #[arg(long, value_name = "ROW")]
    flag: Vec<String>,
    /// A person met there who is new here: the preferred name
    #[arg(long, value_name = "NAME")]
    person: Option<String>,
    /// What that person can do: WHAT,LEVEL, such as stairs,cannot
    #[arg(long, value_name = "ROW", requires = "person")]
    ability: Vec<String>,
}

impl Found {
    /// The visit; its home is set by the caller where it is not provisional.
    pub(super) fn visit(&self, provisional: Option<&str>) -> Result<VisitInput, DeskError> {
        let line = provisional.map(str::to_owned);
        let property = Property { line, ..Property::default() };
        let mut visit = VisitInput::to(PropertyRef::Provisional(Box::new(property)));
        if provisional.is_none() {
            // Replaced once the device is open; until then it has to be something that can be checked.
            visit.property =
                PropertyRef::Record(doorstep_client_core::device::RecordId(doorstep_protocol::DocumentId::ZERO));
        }
        visit.visit = Visit {
            kind: input::word::<VisitKind>("--kind", self.kind.as_deref())?,
            visitor: self.visitor.clone(),
            organisation: self.organisation.clone(),
            purpose: self.purpose.clone(),
            met: self.met.clone(),
            started_at: self.started.as_deref().map(|text| input::moment("--started", text)).transpose()?.map(Millis),
            outcome: input::word::<Outcome>("--outcome", self.outcome.as_deref())?,
            follow_up: self.follow_up.clone(),
            note: self.note.clone(),
            form: self.form.clone(),
            ..Visit::default()
        };
        visit.hazards = rows::<Hazard>("--hazard", &["scheme", "code"], &self.hazard)?;
        visit.clutter = rows::<Clutter>("--clutter", &["room", "rating"], &self.clutter)?;
        visit.alarms = rows::<Alarm>("--alarm", &["room", "kind", "state"], &self.alarm)?;
        visit.measurements =
            rows::<Measurement>("--measurement", &["feature", "quantity", "value", "unit"], &self.measurement)?;
        visit.equipment = rows::<Equipment>("--equipment", &["kind"], &self.equipment)?;
        visit.flags = rows::<Flag>("--flag", &["kind"], &self.flag)?;
        visit.answers = self.answer.iter().map(|text| answer(text)).collect::<Result<_, _>>()?;
        visit.dwelling = self.dwelling()?;
        visit.people = self.people()?;
        Ok(visit)
    }

    fn dwelling(&self) -> Result<Option<Dwelling>, DeskError> {
        let exit = input::word::<ExitState>("--main-exit", self.main_exit.as_deref())?;
        let mut dwelling = match &self.dwelling {
            Some(text) => input::row::<Dwelling>("--dwelling", &[], text)?,
            None if exit.is_some() => Dwelling::default(),
            None => return Ok(None),
        };
        dwelling.main_exit = exit.or(dwelling.main_exit);
        Ok(Some(dwelling))
    }

    fn people(&self) -> Result<Vec<PersonInput>, DeskError> {
        let Some(name) = &self.person else { return Ok(Vec::new()) };
        let person = Person { preferred_name: Some(name.clone()), source: Some(Source::Observed), ..Person::default() };
        let abilities = rows::<Ability>("--ability", &["what", "level"], &self.ability)?;
        Ok(vec![PersonInput { person: Some(person), abilities, ..PersonInput::default() }])
    }
}

/// An answer as people type it: what kind of value it is follows from the value, and is checked against the form.
fn answer(text: &str) -> Result<Answer, DeskError> {
    let Some((question, value)) = text.split_once('=') else {
        return Err(DeskError::input(
            "--answer",
            "is written as QUESTION=VALUE",
            "see `doorstep pack show` for the form",
        ));
    };
    let (value, room) = match value.rsplit_once('@') {
        Some((value, room)) if !room.contains(' ') || room.len() <= 40 => (value.trim(), Some(room.trim().to_owned())),
        _ => (value.trim(), None),
    };
    let mut answer = Answer { question: Some(question.trim().to_owned()), room, ..Answer::default() };
    let is_code = |word: &str| {
        !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b"-,".contains(&b))
    };
    match value {
        "yes" => answer.truth = Some(true),
        "no" => answer.truth = Some(false),
        _ => {
            if let Ok(whole) = value.parse() {
                answer.whole = Some(whole);
            } else if let Ok(day) = value.parse() {
                answer.day = Some(day);
            } else if is_code(value) {
                answer.choice = Some(value.to_owned());
            } else {
                answer.text = Some(value.to_owned());
            }
        }
    }
    Ok(answer)
}

fn rows<T: doorstep_client_core::records::Row + serde::de::DeserializeOwned>(
    option: &'static str,
    leading: &[&str],
    texts: &[String],
) -> Result<Vec<T>, DeskError> {
    texts.iter().map(|text| input::row(option, leading, text)).collect()
}
