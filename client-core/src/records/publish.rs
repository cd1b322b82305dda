//! Published facts: what is recorded where it belongs becomes a fact for the crew, and a flag that exists, by one table.
//!
//! [`published`] says what a source document calls for; [`plan`] compares that with what stands and names the rows to make,
//! change and withdraw. Running a plan twice adds nothing. Two tablets that publish the same source row at once make two
//! rows; views show one ([`super::firebox`]), and the next plan withdraws both when the source ends.

use doorstep_protocol::{Class, DocumentId, LogSize, Millis, ZoneId};

use super::caution;
use super::edit::{Edit, EditError};
use super::fire::{Fact, FactKind};
use super::home::{Hazard, Scope};
use super::index::{EndReason, Flag, FlagKind};
use super::row::Row as _;
use super::value::Value;
use super::view::{DocumentView, Reading, RowView, Seen};
use super::words::{Date, RowId};

pub mod erased;
mod rules;

pub use rules::RULES;

/// What a row must say for a rule to hold, read with caution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Test {
    /// The field holds one of these codes.
    Is(&'static str, &'static [&'static str]),
    /// The field holds none of these codes, or nothing.
    IsNot(&'static str, &'static [&'static str]),
    /// The field says yes.
    Yes(&'static str),
    /// The field holds something.
    Filled(&'static str),
    /// The field is the clutter rating and reaches the partnership's threshold.
    ReachesClutterThreshold(&'static str),
    /// The day in the field is not past, or there is none.
    NotPast(&'static str),
}

/// What the fact says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Says {
    /// These words.
    Words(&'static str),
    /// What the field holds.
    Field(&'static str),
    /// Words, a space, what the field holds.
    Before(&'static str, &'static str),
    /// What two fields hold.
    Both(&'static str, &'static str),
}

/// One line of the table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Its name, which published rows carry: never changed, never used again.
    pub name: &'static str,
    /// The class of the source.
    pub class: Class,
    /// The collection of the source.
    pub collection: &'static str,
    /// What all must hold.
    pub when: &'static [Test],
    /// The fact for the crew.
    pub fact: Option<(FactKind, Says)>,
    /// The flag whose existence is shown.
    pub flag: Option<FlagKind>,
    /// The field that says where in the home.
    pub place: Option<&'static str>,
}

/// What each partnership sets for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Thresholds {
    /// The clutter rating from which the crew is told.
    pub clutter_rating: i64,
}

impl Default for Thresholds {
    fn default() -> Self {
        Self { clutter_rating: 4 }
    }
}

/// What one source row calls for by one rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Desired {
    /// The rule.
    pub rule: &'static str,
    /// The source row.
    pub source_row: RowId,
    /// The fact, with its words.
    pub fact: Option<(FactKind, String)>,
    /// The flag.
    pub flag: Option<FlagKind>,
    /// Where in the home.
    pub place: Option<String>,
    /// How far the hazard reaches.
    pub scope: Option<Scope>,
    /// As of when.
    pub as_of: Millis,
}

/// The longest words of a published fact.
const WORDS_CHARS_MAX: usize = 200;
const PLACE_CHARS_MAX: usize = 80;

/// Everything that a source document calls for, by rule and row. `today` decides what is past.
#[must_use]
pub fn published(source: &DocumentView, today: &Date, thresholds: Thresholds) -> Vec<Desired> {
    let mut desired = Vec::new();
    for rule in RULES.iter().filter(|rule| rule.class == source.class) {
        let Some(section) = source.sections.get(rule.collection) else { continue };
        let is_hazard = rule.collection == Hazard::COLLECTION;
        for (source_row, row) in &section.rows {
            let reader = Reader { rule, row };
            if !rule.when.iter().all(|test| reader.holds(test, today, thresholds)) {
                continue;
            }
            desired.push(Desired {
                rule: rule.name,
                source_row: *source_row,
                fact: rule.fact.as_ref().map(|(kind, says)| (kind.clone(), reader.words(says))),
                flag: rule.flag.clone(),
                place: rule.place.and_then(|field| reader.text(field)).map(|place| cut(&place, PLACE_CHARS_MAX)),
                scope: reader.text("scope").filter(|_| is_hazard).map(|code| Scope::from_code(&code)),
                as_of: reader.as_of(),
            });
        }
    }
    desired
}

struct Reader<'a> {
    rule: &'a Rule,
    row: &'a RowView,
}

impl Reader<'_> {
    fn value(&self, field: &str) -> Option<&Value> {
        let caution = caution::rule(self.rule.class, self.rule.collection, field);
        self.row.fields.get(field)?.value(Reading::Cautious, caution).filter(|value| value.is_said())
    }

    fn text(&self, field: &str) -> Option<String> {
        self.value(field).map(ToString::to_string)
    }

    fn holds(&self, test: &Test, today: &Date, thresholds: Thresholds) -> bool {
        let has_code = |field: &str, codes: &[&str]| {
            self.value(field).and_then(Value::as_text).is_some_and(|held| codes.contains(&held))
        };
        match test {
            Test::Is(field, codes) => has_code(field, codes),
            Test::IsNot(field, codes) => !has_code(field, codes),
            Test::Yes(field) => self.value(field) == Some(&Value::Truth(true)),
            Test::Filled(field) => self.value(field).is_some(),
            Test::ReachesClutterThreshold(field) => {
                self.value(field).and_then(Value::as_whole).is_some_and(|rating| rating >= thresholds.clutter_rating)
            }
            Test::NotPast(field) => self.value(field).and_then(Value::as_text).is_none_or(|day| day >= today.as_str()),
        }
    }

    fn words(&self, says: &Says) -> String {
        let field = |name: &str| self.text(name).unwrap_or_default();
        let words = match says {
            Says::Words(words) => (*words).to_owned(),
            Says::Field(name) => field(name),
            Says::Before(words, name) => format!("{words} {}", field(name)),
            Says::Both(one, two) => format!("{} {}", field(one), field(two)),
        };
        cut(words.trim(), WORDS_CHARS_MAX)
    }

    /// When the row was observed; else when what the rule reads was last written.
    fn as_of(&self) -> Millis {
        if let Some(Value::Moment(at)) = self.value("observed_at") {
            return *at;
        }
        let said_by_rule = self.rule.when.iter().filter_map(|test| match test {
            Test::Is(field, _) | Test::Yes(field) | Test::Filled(field) | Test::ReachesClutterThreshold(field) => {
                self.row.fields.get(*field)
            }
            Test::IsNot(..) | Test::NotPast(_) => None,
        });
        let written = said_by_rule.flat_map(|field| &field.values).filter_map(|said| said.by.as_ref()).map(|by| by.at);
        written.max().unwrap_or_default()
    }
}

/// Text of a field is free of control characters by its own check, but a newer version's may not be.
pub(crate) fn cut(text: &str, chars_max: usize) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).take(chars_max).collect()
}

/// The rows to make and to change, so that what stands is what the source calls for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// Facts to make.
    pub fact_creates: Vec<(RowId, Fact)>,
    /// Fields of facts to set, withdrawals included.
    pub fact_updates: Vec<(RowId, Fact)>,
    /// Flags to make.
    pub flag_creates: Vec<(RowId, Flag)>,
    /// Fields of flags to set: endings.
    pub flag_updates: Vec<(RowId, Flag)>,
}

impl Plan {
    /// Nothing is to be done.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.touches_fire() == Touches::Nothing && self.touches_index() == Touches::Nothing
    }

    /// Whether the `fire` document changes.
    #[must_use]
    pub fn touches_fire(&self) -> Touches {
        Touches::when(!self.fact_creates.is_empty() || !self.fact_updates.is_empty())
    }

    /// Whether the `index` document changes.
    #[must_use]
    pub fn touches_index(&self) -> Touches {
        Touches::when(!self.flag_creates.is_empty() || !self.flag_updates.is_empty())
    }

    /// Writes the facts into an edit of the `fire` document.
    ///
    /// # Errors
    /// As [`Edit::create`] and [`Edit::update`].
    pub fn write_fire(&self, edit: &mut Edit<'_, '_>) -> Result<(), EditError> {
        self.fact_creates.iter().try_for_each(|(row, fact)| edit.create(*row, fact))?;
        self.fact_updates.iter().try_for_each(|(row, fact)| edit.update(*row, fact))
    }

    /// Writes the flags into an edit of the `index` document.
    ///
    /// # Errors
    /// As [`Edit::create`] and [`Edit::update`].
    pub fn write_index(&self, edit: &mut Edit<'_, '_>) -> Result<(), EditError> {
        self.flag_creates.iter().try_for_each(|(row, flag)| edit.create(*row, flag))?;
        self.flag_updates.iter().try_for_each(|(row, flag)| edit.update(*row, flag))
    }
}

/// Whether a plan changes a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Touches {
    /// It does not.
    Nothing,
    /// It does.
    Something,
}

impl Touches {
    const fn when(something: bool) -> Self {
        if something { Self::Something } else { Self::Nothing }
    }
}

/// What [`plan`] works from besides what is desired.
pub struct Standing<'a> {
    /// The class of the source document.
    pub source_class: Class,
    /// The source document.
    pub source_document: DocumentId,
    /// Its zone.
    pub source_zone: ZoneId,
    /// The size of the authority log here.
    pub log_size: LogSize,
    /// The `fire` document of the property, if there is one.
    pub fire: Option<&'a DocumentView>,
    /// The `index` document of the property, if there is one.
    pub index: Option<&'a DocumentView>,
    /// What every new flag carries: contact, organisation, review day.
    pub flag: &'a Flag,
    /// Now.
    pub now: Millis,
}

impl Standing<'_> {
    fn source_log(&self) -> i64 {
        i64::try_from(self.log_size.0).unwrap_or(i64::MAX)
    }
}

/// Compares what a source calls for with what stands. `new_row` draws random row ids.
#[must_use]
pub fn plan(desired: &[Desired], standing: &Standing<'_>, new_row: &mut dyn FnMut() -> RowId) -> Plan {
    let mut plan = Plan::default();
    plan_facts(desired, standing, new_row, &mut plan);
    plan_flags(desired, standing, new_row, &mut plan);
    plan
}

fn plan_facts(desired: &[Desired], standing: &Standing<'_>, new_row: &mut dyn FnMut() -> RowId, plan: &mut Plan) {
    let live: Vec<Seen<Fact>> = standing
        .fire
        .map(|view| view.rows::<Fact>(Reading::Cautious))
        .unwrap_or_default()
        .into_iter()
        .filter(|seen| {
            seen.value.withdrawn_at.is_none() && seen.value.source_document == Some(standing.source_document)
        })
        .collect();
    let is_of =
        |fact: &Fact, one: &Desired| fact.rule.as_deref() == Some(one.rule) && fact.source_row == Some(one.source_row);
    for one in desired {
        let Some((kind, words)) = &one.fact else { continue };
        let fact = Fact {
            kind: Some(kind.clone()),
            value: Some(words.clone()).filter(|words| !words.is_empty()),
            place: one.place.clone().filter(|place| !place.trim().is_empty()),
            as_of: Some(one.as_of),
            source_class: Some(standing.source_class),
            source_document: Some(standing.source_document),
            source_zone: Some(standing.source_zone),
            source_log: Some(standing.source_log()),
            source_row: Some(one.source_row),
            rule: Some(one.rule.to_owned()),
            withdrawn_at: None,
            scope: one.scope.clone(),
        };
        let mut is_standing = false;
        for seen in live.iter().filter(|seen| is_of(&seen.value, one)) {
            // A field cannot be unsaid, nor a dispute of two publications settled, by setting fields: such a row is replaced.
            let loses_place = fact.place.is_none() && seen.value.place.is_some();
            let loses_words = fact.value.is_none() && seen.value.value.is_some();
            let loses_scope = fact.scope.is_none() && seen.value.scope.is_some();
            if loses_place || loses_words || loses_scope || !seen.disputed.is_empty() {
                plan.fact_updates.push(withdrawal(seen.row, standing.now));
                continue;
            }
            is_standing = true;
            // That the log has grown since is no news.
            let fact = Fact { source_log: seen.value.source_log.or(fact.source_log), ..fact.clone() };
            if seen.value != fact {
                plan.fact_updates.push((seen.row, fact));
            }
        }
        if !is_standing {
            plan.fact_creates.push((new_row(), fact));
        }
    }
    for seen in &live {
        if !desired.iter().any(|one| one.fact.is_some() && is_of(&seen.value, one)) {
            plan.fact_updates.push(withdrawal(seen.row, standing.now));
        }
    }
}

fn withdrawal(row: RowId, now: Millis) -> (RowId, Fact) {
    (row, Fact { withdrawn_at: Some(now), ..Fact::default() })
}

fn plan_flags(desired: &[Desired], standing: &Standing<'_>, new_row: &mut dyn FnMut() -> RowId, plan: &mut Plan) {
    let live: Vec<Seen<Flag>> = standing
        .index
        .map(|view| view.rows::<Flag>(Reading::Cautious))
        .unwrap_or_default()
        .into_iter()
        .filter(|seen| seen.value.ended_at.is_none() && seen.value.source_document == Some(standing.source_document))
        .collect();
    let is_of =
        |flag: &Flag, one: &Desired| flag.rule.as_deref() == Some(one.rule) && flag.source_row == Some(one.source_row);
    for one in desired {
        let Some(kind) = &one.flag else { continue };
        if live.iter().any(|seen| is_of(&seen.value, one)) {
            continue;
        }
        plan.flag_creates.push((
            new_row(),
            Flag {
                kind: Some(kind.clone()),
                raised_on: Some(Date::of(standing.now)),
                source_class: Some(standing.source_class),
                source_document: Some(standing.source_document),
                source_zone: Some(standing.source_zone),
                source_log: Some(standing.source_log()),
                source_row: Some(one.source_row),
                rule: Some(one.rule.to_owned()),
                ended_at: None,
                ended_why: None,
                ended_by: None,
                ..standing.flag.clone()
            },
        ));
    }
    for seen in &live {
        if !desired.iter().any(|one| one.flag.is_some() && is_of(&seen.value, one)) {
            let ended =
                Flag { ended_at: Some(standing.now), ended_why: Some(EndReason::SourceEnded), ..Flag::default() };
            plan.flag_updates.push((seen.row, ended));
        }
    }
}
