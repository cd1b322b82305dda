//! What people agreed to: asked, given, refused, withdrawn. Whoever says no, or takes a yes back, leaves whom to ask instead; what
//! crews were told because of the yes is withdrawn in the same transaction.

use doorstep_protocol::{Class, Millis};
use rand_core::CryptoRng;

use super::people::known_person;
use super::properties::view_of;
use super::{Client, ClientError};
use crate::device::{Draft, RecordId, WriteError};
use crate::order::Order as _;
use crate::records::consent::{self, Standing};
use crate::records::network::{Consent, ConsentDecision, ConsentMethod, ConsentScope};
use crate::records::{Date, FieldError, Reading, RowId, Seen};

/// Consents of a device.
pub struct Consents<'c> {
    pub(super) client: &'c Client,
}

/// How a person stands to one scope.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ConsentStanding {
    /// To what.
    pub scope: ConsentScope,
    /// How.
    #[serde(flatten)]
    pub standing: Standing,
}

/// All that a person was asked.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct ConsentPage {
    /// The person.
    pub record: RecordId,
    /// How they stand to every scope there is, those included that nobody asked them about.
    pub standings: Vec<ConsentStanding>,
    /// What was recorded, the latest first.
    pub rows: Vec<Seen<Consent>>,
}

/// A yes that is taken back. All of it is asked for: a withdrawal is somebody's word, and leaves whom to ask instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// How the person said so.
    pub how: ConsentMethod,
    /// Who wrote it down, in what role.
    pub by: String,
    /// Whom to ask instead.
    pub contact: String,
    /// When they said so; now, when left out.
    pub at: Option<Millis>,
}

impl Consents<'_> {
    /// How a person stands to every scope, and what was recorded.
    ///
    /// # Errors
    /// [`ClientError::NotFound`].
    pub fn of(&self, person: RecordId) -> Result<ConsentPage, ClientError> {
        let today = Date::of(self.client.now());
        let mut device = self.client.lock();
        known_person(&device, person)?;
        let network = view_of(&mut device, person, Class::Network)?;
        device.let_go();
        let standing = |code: &&str| {
            let scope = ConsentScope::from_code(code);
            ConsentStanding { standing: consent::standing(network.as_ref(), &scope, &today), scope }
        };
        let standings = ConsentScope::CODES.iter().map(standing).collect();
        let mut rows: Vec<Seen<Consent>> = network.map(|view| view.rows(Reading::Cautious)).unwrap_or_default();
        rows.order_by_key(|seen| {
            let latest = seen.value.decided_at.max(seen.value.withdrawn_at);
            (std::cmp::Reverse(latest), seen.row)
        });
        Ok(ConsentPage { record: person, standings, rows })
    }

    /// Records an answer, yes or no; when it was given is now, when left out.
    ///
    /// # Errors
    /// [`ClientError::NotFound`], [`ClientError::Write`] when the answer is not whole.
    pub fn record(&self, person: RecordId, answer: &Consent) -> Result<RowId, ClientError> {
        known_person(&self.client.lock(), person)?;
        self.client.write(|draft| {
            let answer = Consent { decided_at: answer.decided_at.or(Some(draft.now())), ..answer.clone() };
            let answer = knowing(draft, person, &answer)?;
            let row = draft.row_id();
            draft.edit(person, Class::Network, |edit| edit.create(row, &answer))?;
            Ok(row)
        })
    }

    /// Takes back what the person had agreed to. What crews were told because of it is withdrawn, and whom to ask stands there
    /// instead.
    ///
    /// # Errors
    /// [`ClientError::NotFound`]; [`ClientError::Write`] when there is no yes to take back.
    pub fn withdraw(&self, person: RecordId, scope: &ConsentScope, end: &Withdrawal) -> Result<RowId, ClientError> {
        known_person(&self.client.lock(), person)?;
        for (field, words) in [("withdrawn_by", &end.by), ("contact", &end.contact)] {
            if words.trim().is_empty() {
                let limit = "a withdrawal says who wrote it down and whom to ask instead";
                return Err(refused(field, limit, "fill it in, so that nobody stands before a closed door"));
            }
        }
        let today = Date::of(self.client.now());
        self.client.write(|draft| {
            let network = draft.view(person, Class::Network)?;
            let standing = consent::standing(network.as_ref(), scope, &today);
            let row = standing.row.filter(|_| !standing.agreement.is_no()).ok_or_else(|| {
                let limit = "the person has no agreement on record that could be withdrawn";
                FieldError::new("scope", limit, "record a refusal instead: it is kept, and shown, in the same way")
            })?;
            let end = Consent {
                withdrawn_at: Some(end.at.unwrap_or_else(|| draft.now())),
                withdrawn_how: Some(end.how.clone()),
                withdrawn_by: Some(end.by.clone()),
                contact: Some(end.contact.clone()),
                ..Consent::default()
            };
            draft.edit(person, Class::Network, |edit| edit.update(row, &end))?;
            Ok(row)
        })
    }
}

fn refused(field: &'static str, limit: &'static str, remedy: &'static str) -> ClientError {
    WriteError::from(FieldError::new(field, limit, remedy)).into()
}

/// An answer that names the no it came after, as far as this device has heard of one. An answer from before that no, which
/// somebody writes down later, does not.
pub(super) fn knowing<R: CryptoRng>(
    draft: &mut Draft<'_, R>,
    person: RecordId,
    answer: &Consent,
) -> Result<Consent, WriteError> {
    let (Some(scope), Some(ConsentDecision::Given), None) = (&answer.scope, &answer.decision, answer.after) else {
        return Ok(answer.clone());
    };
    let today = Date::of(draft.now());
    let network = draft.view(person, Class::Network)?;
    let standing = consent::standing(network.as_ref(), scope, &today);
    let after = standing.row.filter(|_| standing.agreement.is_no() && answer.decided_at >= standing.since);
    Ok(Consent { after, ..answer.clone() })
}
