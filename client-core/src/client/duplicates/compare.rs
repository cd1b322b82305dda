//! Two that may be one, side by side.

use std::collections::BTreeMap;

use doorstep_protocol::{Class, DocumentId, Millis};

use super::{Duplicates, TwinDecision, TwinKey};
use crate::client::conflicts::title_of;
use crate::client::{ClientError, NameBook, SaidBy};
use crate::device::RecordId;
use crate::order::Order as _;
use crate::records::decisions::{self, DecisionKind, Twins};
use crate::records::{DocumentView, RowId, Value};
use crate::store::documents;

/// Whether two sides say the same of a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Agreement {
    /// They differ.
    Differs,
    /// Only one says anything.
    OneSided,
    /// They say the same.
    Same,
}

/// A field of both.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ComparedField {
    /// The collection.
    pub collection: String,
    /// The field.
    pub field: String,
    /// What one says, with who and when.
    pub left: Vec<SaidBy>,
    /// What the other says.
    pub right: Vec<SaidBy>,
    /// Whether that is the same.
    pub agreement: Agreement,
}

/// One of the two.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Side {
    /// Its document.
    pub document: DocumentId,
    /// Its record, once it is known.
    pub record: Option<RecordId>,
    /// The row, where two rows are compared.
    pub row: Option<RowId>,
    /// In words.
    pub title: String,
    /// Who made it.
    pub who: String,
    /// When, by that device's clock.
    pub at: Option<Millis>,
    /// How many rows its document has, by collection.
    pub rows: BTreeMap<String, usize>,
}

/// Two that may be one, side by side.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Comparison {
    /// The pair.
    pub key: TwinKey,
    /// One.
    pub left: Side,
    /// The other.
    pub right: Side,
    /// Their fields, those that differ first.
    pub fields: Vec<ComparedField>,
    /// What was decided about the pair, the latest first.
    pub decisions: Vec<TwinDecision>,
}

/// What every decision of a device about a pair is, and when.
type Fields = BTreeMap<(String, String), Vec<SaidBy>>;

impl Duplicates<'_> {
    /// The two of a pair, side by side.
    ///
    /// # Errors
    /// [`ClientError::NotFound`].
    pub fn compare(&self, key: TwinKey) -> Result<Comparison, ClientError> {
        let names = self.client.directory().names()?;
        let (one, other) = match key {
            TwinKey::Hazards { document, a, b } => ((document, Some(a)), (document, Some(b))),
            TwinKey::People { a, b } => ((a.0, None), (b.0, None)),
            TwinKey::Properties { provisional, known } => ((provisional.0, None), (known.0, None)),
        };
        let (left, left_fields) = self.side(one, &names)?;
        let (right, mut right_fields) = self.side(other, &names)?;
        let mut fields = Vec::new();
        for ((collection, field), left) in left_fields {
            let right = right_fields.remove(&(collection.clone(), field.clone())).unwrap_or_default();
            fields.push(compared(collection, field, left, right));
        }
        let rest = right_fields.into_iter();
        fields.extend(rest.map(|((collection, field), right)| compared(collection, field, Vec::new(), right)));
        fields.order_by(|a, b| (a.agreement, &a.collection, &a.field).cmp(&(b.agreement, &b.collection, &b.field)));
        let decisions = self.decisions(key)?;
        Ok(Comparison { key, left, right, fields, decisions })
    }

    /// What was decided about a pair, the latest first.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn decisions(&self, key: TwinKey) -> Result<Vec<TwinDecision>, ClientError> {
        let names = self.client.directory().names()?;
        let mut device = self.client.lock();
        let view = device.view(key.document().1)?;
        device.let_go();
        let Some(view) = view else { return Ok(Vec::new()) };
        let mut found = Vec::new();
        for one in decisions::decisions(&view) {
            let decision = &one.decision.value;
            let about = match key {
                TwinKey::Hazards { a, b, .. } => {
                    matches!((decision.row, decision.other_row), (Some(x), Some(y)) if (x, y) == (a, b) || (x, y) == (b, a))
                }
                TwinKey::People { a, b } => decision.other == Some(a.0.max(b.0)),
                TwinKey::Properties { known, .. } => decision.other == Some(known.0),
            };
            let twins = match decision.kind {
                Some(DecisionKind::Same) => Twins::Same,
                Some(DecisionKind::NotSame) => Twins::NotSame,
                _ => continue,
            };
            if !about {
                continue;
            }
            let made = one.decision.made.as_ref();
            found.push(TwinDecision {
                decision: one.decision.row,
                twins,
                who: names.who(made.and_then(|made| made.who)),
                at: made.map(|made| made.at),
                note: decision.note.clone(),
                undone_by: one.undone_by,
            });
        }
        found.order_by_key(|one| (std::cmp::Reverse(one.at), one.decision));
        Ok(found)
    }

    fn side(
        &self,
        (document, row): (DocumentId, Option<RowId>),
        names: &NameBook,
    ) -> Result<(Side, Fields), ClientError> {
        let mut device = self.client.lock();
        let record = documents::record_of(device.store().reader(), document)?.map(RecordId);
        let view = device.view(document)?.ok_or(ClientError::NotFound { what: "record" })?;
        let title = title_of(&device, record, view.class)?;
        device.let_go();
        let fields = fields(&view, row, names);
        if fields.is_empty() {
            return Err(ClientError::NotFound { what: "row" });
        }
        let made = fields.values().flatten().min_by_key(|said| said.at);
        let side = Side {
            document,
            record,
            row,
            title,
            who: made.map(|said| said.who.clone()).unwrap_or_default(),
            at: made.and_then(|said| said.at),
            rows: view.sections.iter().map(|(name, section)| (name.clone(), section.rows.len())).collect(),
        };
        Ok((side, fields))
    }
}

/// What is compared of a document: one row, or what says who or where the record is.
fn fields(view: &DocumentView, row: Option<RowId>, names: &NameBook) -> Fields {
    let compared: &[&str] = match (view.class, row) {
        (_, Some(_)) => &["hazards"],
        (Class::Identity, None) => &["person", "contacts", "occupancies"],
        _ => &["property", "flags"],
    };
    let mut found = Fields::new();
    for collection in compared {
        let rows = view.sections.get(*collection).into_iter().flat_map(|section| &section.rows);
        for (_, view) in rows.filter(|(id, _)| row.is_none_or(|row| row == **id)) {
            for (field, values) in &view.fields {
                let of_field = found.entry(((*collection).to_owned(), field.clone())).or_default();
                let said = values.values.iter().filter(|said| said.value != Value::Cleared).cloned();
                of_field.extend(said.map(|said| crate::client::conflicts::said_by(said, names)));
            }
        }
    }
    found.retain(|_, said| !said.is_empty());
    found
}

fn compared(collection: String, field: String, left: Vec<SaidBy>, right: Vec<SaidBy>) -> ComparedField {
    let values =
        |side: &[SaidBy]| side.iter().map(|said| said.value.clone()).collect::<std::collections::BTreeSet<_>>();
    let agreement = match (left.is_empty(), right.is_empty()) {
        (false, false) if values(&left) == values(&right) => Agreement::Same,
        (false, false) => Agreement::Differs,
        _ => Agreement::OneSided,
    };
    ComparedField { collection, field, left, right, agreement }
}
