//! What the person agreed to, as far as the rows say it on a day. A withdrawal beats whatever was recorded without knowing of it.

use doorstep_protocol::{DocumentId, Millis};

use super::network::{Consent, ConsentDecision, ConsentScope};
use super::publish::Desired;
use super::{Date, DocumentView, Reading, RowId};
use crate::records::fire::FactKind;

/// How the person stands to one scope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Agreement {
    /// They were not asked, or it is not recorded here.
    NotAsked,
    /// They agreed.
    Given,
    /// What they agreed to has run out: ask again.
    Expired,
    /// They did not agree.
    Refused,
    /// They agreed, and took it back.
    Withdrawn,
}

impl Agreement {
    /// The person has said no.
    #[must_use]
    pub const fn is_no(self) -> bool {
        matches!(self, Self::Refused | Self::Withdrawn)
    }
}

/// How the person stands to one scope, and whom to ask where they said no.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Standing {
    /// How they stand.
    pub agreement: Agreement,
    /// The row that says so.
    pub row: Option<RowId>,
    /// Whom to ask instead.
    pub contact: Option<String>,
    /// Since when.
    pub since: Option<Millis>,
}

/// What one row says of its scope.
struct Word {
    agreement: Agreement,
    since: Millis,
    row: RowId,
    after: Option<RowId>,
    contact: Option<String>,
}

impl Word {
    const fn order(&self) -> (Millis, RowId) {
        (self.since, self.row)
    }

    /// Whether a yes of the same scope knew of this no, or of a later one.
    fn is_overcome(&self, all: &[Self]) -> bool {
        let known = all.iter().filter(|yes| !yes.agreement.is_no()).filter_map(|yes| yes.after);
        let named = known.filter_map(|row| all.iter().find(|no| no.row == row && no.agreement.is_no()));
        named.into_iter().any(|no| no.since >= self.since)
    }
}

/// How the person stands to a scope on a day: the latest no that no yes knew of, else the latest yes. Whoever asks again names
/// the no that they knew of ([`Consent::after`]), so that a yes from a tablet that had not heard of it undoes nothing, whatever
/// its clock says.
#[must_use]
pub fn standing(network: Option<&DocumentView>, scope: &ConsentScope, today: &Date) -> Standing {
    let rows = network.map(|view| view.rows::<Consent>(Reading::Cautious)).unwrap_or_default();
    let of_scope = rows.into_iter().filter(|seen| seen.value.scope.as_ref() == Some(scope));
    let words: Vec<Word> = of_scope
        .map(|seen| {
            let (agreement, since) = word(&seen.value, today);
            Word { agreement, since, row: seen.row, after: seen.value.after, contact: seen.value.contact }
        })
        .collect();
    let no =
        words.iter().filter(|word| word.agreement.is_no() && !word.is_overcome(&words)).max_by_key(|no| no.order());
    let yes = || words.iter().filter(|word| !word.agreement.is_no()).max_by_key(|yes| yes.order());
    match no.or_else(yes) {
        Some(word) => Standing {
            agreement: word.agreement,
            row: Some(word.row),
            contact: word.contact.clone(),
            since: Some(word.since),
        },
        None => Standing { agreement: Agreement::NotAsked, row: None, contact: None, since: None },
    }
}

fn word(consent: &Consent, today: &Date) -> (Agreement, Millis) {
    let decided = consent.decided_at.unwrap_or_default();
    match (&consent.decision, consent.withdrawn_at) {
        // A clock that stands behind the one by which it was given does not undo the withdrawal.
        (_, Some(at)) => (Agreement::Withdrawn, at.max(decided)),
        (Some(ConsentDecision::Given), None) => {
            let is_over = consent.expires.as_ref().is_some_and(|day| day < today);
            (if is_over { Agreement::Expired } else { Agreement::Given }, decided)
        }
        (_, None) => (Agreement::Refused, decided),
    }
}

/// Whether what the person can do is kept from crews, by their own word.
#[must_use]
pub fn is_withheld(network: Option<&DocumentView>, today: &Date) -> bool {
    standing(network, &ConsentScope::ShareWithFire, today).agreement.is_no()
}

/// The rule by which a refusal points to somebody.
pub const POINTER_RULE: &str = "consent-pointer";

/// What a network document calls for: where the person said no, whom to ask. Never a dead end.
#[must_use]
pub fn pointer(network: &DocumentView, today: &Date) -> Vec<Desired> {
    let standing = standing(Some(network), &ConsentScope::ShareWithFire, today);
    let (true, Some(row)) = (standing.agreement.is_no(), standing.row) else { return Vec::new() };
    let whom = standing.contact.unwrap_or_else(|| "the organisation that visits".to_owned());
    vec![Desired {
        rule: POINTER_RULE,
        source_row: row,
        fact: Some((FactKind::Contact, super::publish::cut(&format!("about the person: ask {whom}"), 200))),
        flag: None,
        place: None,
        scope: None,
        as_of: standing.since.unwrap_or_default(),
    }]
}

/// The documents among `people` (each: what the person can do, their network) that are kept from crews.
#[must_use]
pub fn withheld<'v>(
    people: impl IntoIterator<Item = (Option<&'v DocumentView>, Option<&'v DocumentView>)>,
    today: &Date,
) -> Vec<DocumentId> {
    people
        .into_iter()
        .filter(|(_, network)| is_withheld(*network, today))
        .filter_map(|(function, _)| function.map(|view| view.document))
        .collect()
}
