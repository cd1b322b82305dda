//! Decisions of the back office: how a dispute was settled, which two rows or records are one. Each is a row that stands in
//! the document it is about, so it travels with it, under the same key; it is undone by a further row, and nothing is erased.

use std::collections::{BTreeMap, BTreeSet};

use doorstep_protocol::{Class, DocumentId};

use super::class::{Collections as _, Shape};
use super::edit::Path;
use super::fire::Fact;
use super::function::Ability;
use super::home::Dwelling;
use super::row::{Row as _, choice, row};
use super::value::FieldError;
use super::view::{Conflict, DocumentView, Reading, Said, SectionView, Seen, conflicts};
use super::words::RowId;
use crate::order::Order as _;

choice! {
    /// What was decided.
    enum DecisionKind {
        /// One of the values of a field.
        Chosen = "chosen",
        /// Another value, having seen all of them.
        Edited = "edited",
        /// All values stand: each was right.
        BothKept = "both-kept",
        /// The visitor is asked.
        Returned = "returned",
        /// Two rows or records are one.
        Same = "same",
        /// They are not.
        NotSame = "not-same",
        /// The row was recorded by mistake: at the wrong home, of the wrong room, misread.
        Mistaken = "mistaken",
        /// An earlier decision does not hold any more.
        Undone = "undone",
    }
}

row! {
    /// A decision.
    struct Decision in Home "decisions" AppendOnly, check(decision_names_its_subject), shared(holds_decisions) {
        /// What was decided.
        kind: DecisionKind,
        /// The collection that it is about.
        collection: String [Chars(64)],
        /// The row that it is about.
        row: RowId,
        /// The field in dispute.
        field: String [Chars(64)],
        /// The changes whose values were there, as hexadecimal with spaces between.
        versions: String [Chars(1_000)],
        /// The other row, of two that are compared.
        other_row: RowId,
        /// The other record, of two that are compared.
        other: DocumentId,
        /// The decision that does not hold any more.
        undoes: RowId,
        /// The undoing after which this was decided anew.
        follows: RowId,
        /// The visit to whose visitor it goes back.
        visit: RowId,
        /// Why, in words.
        note: String [Chars(2_000)],
    }
}

/// Values of one field that a decision can name.
pub const VERSIONS_MAX: usize = 15;
const _: () = assert!(VERSIONS_MAX * 65 <= 1_000);

fn holds_decisions(class: Class) -> bool {
    class.container("decisions").is_some()
}

fn decision_names_its_subject(decision: &Decision) -> Result<(), FieldError> {
    let is_whole = match &decision.kind {
        None => false,
        Some(DecisionKind::Undone) => decision.undoes.is_some(),
        Some(DecisionKind::Mistaken) => decision.collection.is_some() && decision.row.is_some(),
        Some(DecisionKind::Same | DecisionKind::NotSame) => decision.other_row.is_some() || decision.other.is_some(),
        Some(_) => decision.collection.is_some() && decision.row.is_some() && decision.field.is_some(),
    };
    if is_whole {
        return Ok(());
    }
    Err(FieldError::new("kind", "a decision says what it is about", "choose what is to be decided first"))
}

impl Decision {
    /// That a row was recorded by mistake.
    #[must_use]
    pub fn mistaken(collection: &str, row: RowId) -> Self {
        let collection = Some(collection.to_owned());
        Self { kind: Some(DecisionKind::Mistaken), collection, row: Some(row), ..Self::default() }
    }

    /// That these values of a field were recorded by mistake, whatever is said of it later.
    #[must_use]
    pub fn mistaken_values(path: &Path, values: &[Said]) -> Self {
        let changes = values.iter().filter_map(|said| Some(said.by.as_ref()?.change.to_string()));
        let versions = changes.take(VERSIONS_MAX).collect::<Vec<_>>().join(" ");
        Self { field: Some(path.field.clone()), versions: Some(versions), ..Self::mistaken(&path.collection, path.row) }
    }

    /// The changes it names.
    fn named_versions(&self) -> BTreeSet<String> {
        self.versions.iter().flat_map(|text| text.split(' ')).map(str::to_owned).collect()
    }
}

/// Collections of which something can have been recorded by mistake: what was seen, measured or fitted in a home, and what somebody
/// can do. A hazard is dealt with.
#[must_use]
pub const fn mistakable(class: Class) -> &'static [&'static str] {
    match class {
        Class::Home => &["alarms", "clutter", "measurements", "equipment", "adaptations", Dwelling::COLLECTION],
        Class::Function => &[Ability::COLLECTION],
        _ => &[],
    }
}

/// Decisions that hold, each of which says that a row, or a value of a field, was recorded by mistake.
#[must_use]
pub fn mistakes(view: &DocumentView) -> Vec<Seen<Decision>> {
    if mistakable(view.class).is_empty() {
        return Vec::new();
    }
    let all = decisions(view).into_iter();
    all.filter(|one| one.is(&[DecisionKind::Mistaken])).map(|one| one.decision).collect()
}

/// Takes what was recorded by mistake out of what a view shows.
pub fn set_aside_mistakes(view: &mut DocumentView) {
    for decision in mistakes(view) {
        let versions = decision.value.named_versions();
        let Decision { collection: Some(collection), row: Some(row), field, .. } = decision.value else { continue };
        let is_meant = mistakable(view.class).contains(&collection.as_str());
        let Some(section) = view.sections.get_mut(&collection).filter(|_| is_meant) else { continue };
        match field {
            Some(field) => set_aside_values(section, row, &field, &versions),
            None if section.shape == Shape::Rows => {
                if let Some(mistaken) = section.rows.remove(&row) {
                    section.mistaken.insert(row, mistaken);
                }
            }
            None => {}
        }
    }
}

/// Takes the values that these changes gave a field out of its row. What was said of it later stays.
fn set_aside_values(section: &mut SectionView, row: RowId, field: &str, versions: &BTreeSet<String>) {
    let Some(fields) = section.rows.get_mut(&row).map(|row| &mut row.fields) else { return };
    let Some(shown) = fields.get_mut(field) else { return };
    let is_mistaken = |said: &mut Said| said.by.as_ref().is_some_and(|by| versions.contains(&by.change.to_string()));
    let mistaken: Vec<Said> = shown.values.extract_if(.., is_mistaken).collect();
    if shown.values.is_empty() {
        fields.remove(field);
    }
    if !mistaken.is_empty() {
        let aside = section.mistaken.entry(row).or_default();
        aside.fields.entry(field.to_owned()).or_default().values.extend(mistaken);
    }
}

/// A decision with whether it holds.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Decided {
    /// The decision.
    #[serde(flatten)]
    pub decision: Seen<Decision>,
    /// The row that undid it.
    pub undone_by: Option<RowId>,
}

impl Decided {
    /// The field that it is about.
    #[must_use]
    pub fn path(&self) -> Option<Path> {
        let decision = &self.decision.value;
        Some(Path { collection: decision.collection.clone()?, row: decision.row?, field: decision.field.clone()? })
    }

    fn is(&self, kinds: &[DecisionKind]) -> bool {
        self.undone_by.is_none() && self.decision.value.kind.as_ref().is_some_and(|kind| kinds.contains(kind))
    }

    /// The changes it names.
    #[must_use]
    pub fn versions(&self) -> BTreeSet<String> {
        self.decision.value.named_versions()
    }
}

/// Why a field is to be settled.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "kebab-case", tag = "why")]
pub enum Open {
    /// Several people set it without seeing each other.
    Disputed,
    /// It had been settled, and that was undone.
    Reopened {
        /// The decision.
        decision: RowId,
        /// The undoing.
        undone: RowId,
    },
}

/// A field to be settled.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct OpenConflict {
    /// The field and its values as they stand.
    #[serde(flatten)]
    pub conflict: Conflict,
    /// Why.
    pub open: Open,
    /// The decision by which the visitor was asked, if it was.
    pub returned: Option<RowId>,
}

/// Every decision of a document, by row id. What undoes is not among them: it stands beside what it undid.
#[must_use]
pub fn decisions(view: &DocumentView) -> Vec<Decided> {
    let rows: Vec<Seen<Decision>> = view.rows(Reading::Shown);
    let undone: BTreeMap<RowId, RowId> = rows
        .iter()
        .filter(|seen| seen.value.kind == Some(DecisionKind::Undone))
        .filter_map(|seen| Some((seen.value.undoes?, seen.row)))
        .collect();
    rows.into_iter()
        .filter(|seen| seen.value.kind != Some(DecisionKind::Undone))
        .map(|decision| Decided { undone_by: undone.get(&decision.row).copied(), decision })
        .collect()
}

/// What somebody has to settle: disputes that nobody has settled, and those of which the settling was undone. What two devices
/// published for crews differently settles with its source, by the next publication.
#[must_use]
pub fn open_conflicts(view: &DocumentView) -> Vec<OpenConflict> {
    let is_published = |path: &Path| view.class == Fact::CLASS && path.collection == Fact::COLLECTION;
    let disputes: Vec<Conflict> = conflicts(view).into_iter().filter(|one| !is_published(&one.path)).collect();
    let decided = decisions(view);
    if decided.is_empty() {
        let open = |conflict| OpenConflict { conflict, open: Open::Disputed, returned: None };
        return disputes.into_iter().map(open).collect();
    }
    let mut found: Vec<OpenConflict> = Vec::new();
    for conflict in disputes {
        let values: BTreeSet<String> =
            conflict.values.iter().filter_map(|said| Some(said.by.as_ref()?.change.to_string())).collect();
        let on_these =
            |one: &&Decided| one.path().as_ref() == Some(&conflict.path) && values.is_subset(&one.versions());
        if decided.iter().filter(on_these).any(|one| one.is(&[DecisionKind::BothKept])) {
            continue;
        }
        let returned = decided.iter().filter(on_these).filter(|one| one.is(&[DecisionKind::Returned]));
        let returned = returned.max_by_key(|one| (at(&one.decision), one.decision.row)).map(|one| one.decision.row);
        found.push(OpenConflict { conflict, open: Open::Disputed, returned });
    }
    let settles = [DecisionKind::Chosen, DecisionKind::Edited, DecisionKind::BothKept];
    for one in &decided {
        let (Some(undone), Some(path)) = (one.undone_by, one.path()) else { continue };
        let was_settled = matches!(one.decision.value.kind, Some(DecisionKind::Chosen | DecisionKind::Edited));
        let is_settled_again =
            decided.iter().any(|other| other.decision.value.follows == Some(undone) && other.is(&settles));
        if !was_settled || is_settled_again || found.iter().any(|open| open.conflict.path == path) {
            continue;
        }
        let Some(conflict) = as_it_stands(view, path) else { continue };
        let open = Open::Reopened { decision: one.decision.row, undone };
        found.push(OpenConflict { conflict, open, returned: None });
    }
    found.order_by(|a, b| a.conflict.path.cmp(&b.conflict.path));
    found
}

fn at(seen: &Seen<Decision>) -> Option<doorstep_protocol::Millis> {
    seen.made.as_ref().map(|made| made.at)
}

fn as_it_stands(view: &DocumentView, path: Path) -> Option<Conflict> {
    let row = view.row(&path.collection, path.row)?;
    let field = row.fields.get(&path.field)?;
    let rule = super::caution::rule(view.class, &path.collection, &path.field);
    let source = row.fields.get("source").and_then(|source| source.values.first()).map(|said| said.value.clone());
    Some(Conflict {
        class: view.class,
        document: view.document,
        values: field.values.clone(),
        cautious: field.value(Reading::Cautious, rule)?.clone(),
        source,
        path,
    })
}

/// What was decided about two rows or records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Twins {
    /// They are one.
    Same,
    /// They are two.
    NotSame,
    /// Two decisions contradict each other: somebody has to undo one.
    Contradicted,
}

/// What a decision compares, by the document it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Pair {
    /// Two rows of the document.
    Rows(RowId, RowId),
    /// The document's record and another.
    Records(DocumentId, DocumentId),
}

/// Decisions about pairs that hold.
#[must_use]
pub fn pairs(view: &DocumentView) -> BTreeMap<Pair, (Twins, Vec<RowId>)> {
    let mut found: BTreeMap<Pair, (Twins, Vec<RowId>)> = BTreeMap::new();
    for one in decisions(view).into_iter().filter(|one| one.undone_by.is_none()) {
        let decision = &one.decision.value;
        let twins = match decision.kind {
            Some(DecisionKind::Same) => Twins::Same,
            Some(DecisionKind::NotSame) => Twins::NotSame,
            _ => continue,
        };
        let pair = match (decision.row, decision.other_row, decision.other) {
            (Some(row), Some(other), _) => Pair::Rows(row.min(other), row.max(other)),
            (_, _, Some(other)) => Pair::Records(view.document.min(other), view.document.max(other)),
            _ => continue,
        };
        let held = found.entry(pair).or_insert((twins, Vec::new()));
        if held.0 != twins {
            held.0 = Twins::Contradicted;
        }
        held.1.push(one.decision.row);
    }
    found
}
