//! Agreements to share: what grants refer to. The authority log, which the server reads, knows an agreement by a digest of its place
//! in the register, and nothing that it says.

use doorstep_protocol::{Class, Digest32, DocumentId, hash};

use super::{Register, registers};
use crate::client::ClientError;
use crate::order::Order as _;
use crate::records::register::Agreement;
use crate::records::{Date, Reading, RowId, Seen};

/// An agreement in the register.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize)]
pub struct AgreementRow {
    /// The register's document.
    pub document: DocumentId,
    /// The agreement.
    pub agreement: Seen<Agreement>,
    /// Whether it holds today.
    pub holds: bool,
    /// What a grant names it by.
    pub digest: Digest32,
    /// Who recorded it.
    pub recorded_by: String,
}

/// What a grant names an agreement by. The row's id is random, so it says nothing to whoever has no register.
#[must_use]
pub fn agreement_digest(document: DocumentId, row: RowId) -> Digest32 {
    hash::sha256(&[document.0, row.0].concat())
}

impl Register<'_> {
    /// Every agreement on this device, those that hold first, by name.
    ///
    /// # Errors
    /// [`ClientError::Device`].
    pub fn agreements(&self) -> Result<Vec<AgreementRow>, ClientError> {
        let names = self.client.directory().names()?;
        let today = Date::of(self.client.now());
        let mut device = self.client.lock();
        let mut rows = Vec::new();
        for view in registers(&mut device)? {
            rows.extend(view.rows::<Agreement>(Reading::Cautious).into_iter().map(|agreement| AgreementRow {
                document: view.document,
                holds: agreement.value.holds(&today),
                digest: agreement_digest(view.document, agreement.row),
                recorded_by: names.who(agreement.made.as_ref().and_then(|made| made.who)),
                agreement,
            }));
        }
        device.let_go();
        rows.order_by_key(|row| (!row.holds, row.agreement.value.name.clone(), row.agreement.row));
        Ok(rows)
    }

    /// Writes an agreement down.
    ///
    /// # Errors
    /// [`ClientError::Write`] names the field; [`ClientError::Device`] where this device keeps no register.
    pub fn agree(&self, agreement: &Agreement) -> Result<RowId, ClientError> {
        self.write(|document, draft| {
            let row = draft.row_id();
            draft.edit_document(document, Class::Register, None, |edit| edit.create(row, agreement))?;
            Ok(row)
        })
    }

    /// Ends an agreement after a day. Grants that name it are ended by themselves: each owes new keys.
    ///
    /// # Errors
    /// [`ClientError::Write`] names the field.
    pub fn end_agreement(&self, document: DocumentId, row: RowId, on: &Date) -> Result<(), ClientError> {
        let end = Agreement { ended_on: Some(on.clone()), ..Agreement::default() };
        self.client.write(|draft| draft.edit_document(document, Class::Register, None, |edit| edit.update(row, &end)))
    }
}
