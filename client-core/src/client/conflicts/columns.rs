//! One dispute, its versions side by side: who, when, on which device, at which visit, having seen what.

use std::collections::BTreeMap;

use doorstep_protocol::{DocumentId, Millis};

use super::{ConflictItem, Conflicts, SaidBy, item, said_by, title_of};
use crate::client::{ClientError, NameBook};
use crate::device::RecordId;
use crate::order::Order as _;
use crate::records::decisions::{self, Decided, DecisionKind, Open, OpenConflict, open_conflicts};
use crate::records::history::Version;
use crate::records::home::Visit;
use crate::records::view::Said;
use crate::records::{ChangeHash, DocumentView, Path, Reading, RowId, Value};
use crate::store::documents;

/// One version of a disputed field.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct VersionColumn {
    /// The value, who set it and when.
    #[serde(flatten)]
    pub said: SaidBy,
    /// How its author knew, as the row said when it was written.
    pub source: Option<Value>,
    /// The visit at which it was set.
    pub visit: Option<RowId>,
    /// The kind of the visit.
    pub visit_kind: Option<String>,
    /// What stood in the field when its author set it.
    pub based_on: Vec<SaidBy>,
    /// The whole row as its author left it.
    pub authors_row: BTreeMap<String, Value>,
}

/// A decision about a field, with who decided and when.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct DecisionRow {
    /// The row of the decision: what undoing it names.
    pub decision: RowId,
    /// What was decided.
    pub kind: Option<DecisionKind>,
    /// About which field.
    pub path: Option<Path>,
    /// Why, in words.
    pub note: Option<String>,
    /// Who decided.
    pub who: String,
    /// When, by that device's clock.
    pub at: Option<Millis>,
    /// The row that undid it.
    pub undone_by: Option<RowId>,
}

/// A disputed field as a desk settles it.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Columns {
    /// The dispute; `None` for a field that is settled.
    pub item: Option<ConflictItem>,
    /// The field.
    pub path: Path,
    /// Its versions, the earliest first.
    pub versions: Vec<VersionColumn>,
    /// The merged row: every value of each field once, the shown one first.
    pub merged_row: BTreeMap<String, Vec<Value>>,
    /// Every decision about the field, the latest first.
    pub decisions: Vec<DecisionRow>,
}

impl Conflicts<'_> {
    /// A field with its versions side by side, whether it is in dispute or was settled.
    ///
    /// # Errors
    /// [`ClientError::NotFound`].
    pub fn columns(&self, document: DocumentId, path: &Path) -> Result<Columns, ClientError> {
        let names = self.client.directory().names()?;
        let mut device = self.client.lock();
        let record = documents::record_of(device.store().reader(), document)?.map(RecordId);
        let found = device.with_history(document, |history, view| {
            let row = view.row(&path.collection, path.row)?;
            let open = open_conflicts(view).into_iter().find(|open| open.conflict.path == *path);
            let decided: Vec<Decided> =
                decisions::decisions(view).into_iter().filter(|one| one.path().as_ref() == Some(path)).collect();
            let hashes = hashes(open.as_ref(), &decided, view, path);
            let mut versions = history.versions(path, &hashes);
            versions.order_by_key(|version| version.said.by.as_ref().map(|by| (by.at, by.change)));
            let merged_row = row.fields.iter().map(|(field, view)| (field.clone(), each_once(&view.values))).collect();
            let versions = versions.into_iter().map(|version| column(version, view, &names)).collect();
            Some((view.class, open, versions, merged_row, rows_of(decided, &names)))
        })?;
        let Some((class, open, versions, merged_row, decisions)) = found.flatten() else {
            return Err(ClientError::NotFound { what: "field" });
        };
        let title = title_of(&device, record, class)?;
        device.let_go();
        let item = open.map(|open| item(record, title, open, &names));
        Ok(Columns { item, path: path.clone(), versions, merged_row, decisions })
    }

    /// Every decision about fields of a document, the latest first.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn decided(&self, document: DocumentId) -> Result<Vec<DecisionRow>, ClientError> {
        let names = self.client.directory().names()?;
        let mut device = self.client.lock();
        let view = device.view(document)?;
        device.let_go();
        let all = view.map(|view| decisions::decisions(&view)).unwrap_or_default();
        Ok(rows_of(all.into_iter().filter(|one| one.path().is_some()).collect(), &names))
    }
}

/// What two say alike is no difference.
fn each_once(said: &[Said]) -> Vec<Value> {
    let mut values: Vec<Value> = Vec::new();
    for one in said {
        if !values.contains(&one.value) {
            values.push(one.value.clone());
        }
    }
    values
}

/// The changes whose values are compared: those that stand, or of what was settled those that stood before.
fn hashes(open: Option<&OpenConflict>, decided: &[Decided], view: &DocumentView, path: &Path) -> Vec<ChangeHash> {
    let standing = || {
        let values = view.row(&path.collection, path.row).and_then(|row| row.fields.get(&path.field));
        let by = values.into_iter().flat_map(|field| &field.values).filter_map(|said| said.by.as_ref());
        by.map(|by| by.change).collect::<Vec<_>>()
    };
    let before = |one: &Decided| one.versions().iter().filter_map(|text| text.parse().ok()).collect::<Vec<_>>();
    let mut found = match open.map(|open| &open.open) {
        Some(Open::Disputed) => standing(),
        Some(Open::Reopened { decision, .. }) => {
            let mut all = decided.iter().find(|one| one.decision.row == *decision).map(before).unwrap_or_default();
            all.extend(standing());
            all
        }
        None => {
            let mut all: Vec<ChangeHash> = decided.iter().flat_map(before).collect();
            all.extend(standing());
            all
        }
    };
    found.order();
    found.dedup();
    found
}

fn column(version: Version, view: &DocumentView, names: &NameBook) -> VersionColumn {
    let visits = view.rows::<Visit>(Reading::Shown);
    let kind = version.visit.and_then(|row| visits.into_iter().find(|seen| seen.row == row)?.value.kind);
    VersionColumn {
        said: said_by(version.said, names),
        source: version.authors_row.get("source").cloned(),
        visit: version.visit,
        visit_kind: kind.map(|kind| kind.to_string()),
        based_on: version.based_on.into_iter().map(|said| said_by(said, names)).collect(),
        authors_row: version.authors_row,
    }
}

pub(in crate::client) fn rows_of(decided: Vec<Decided>, names: &NameBook) -> Vec<DecisionRow> {
    let mut rows: Vec<DecisionRow> = decided
        .into_iter()
        .map(|one| {
            let made = one.decision.made.as_ref();
            DecisionRow {
                decision: one.decision.row,
                path: one.path(),
                who: names.who(made.and_then(|made| made.who)),
                at: made.map(|made| made.at),
                undone_by: one.undone_by,
                kind: one.decision.value.kind,
                note: one.decision.value.note,
            }
        })
        .collect();
    rows.order_by_key(|row| (std::cmp::Reverse(row.at), row.decision));
    rows
}
