//! Which report an address names, and its sheets.

use doorstep_client_core::client::ClientError;
use doorstep_client_core::client::reports::{CountOf, ReadsLeftOut, Sheet};
use doorstep_client_core::device::RecordId;
use doorstep_protocol::{Class, DeviceId};

use crate::ask::{Ask, Fault};
use crate::page::about;
use crate::words::Message;

/// A report: one sheet, or for a resident three.
pub(super) struct Report {
    /// As addresses and the catalogue name it.
    pub(super) name: String,
    /// Whom or what it is about, with the way there.
    pub(super) about: Option<(String, String)>,
    /// The record it is about: handing it on is a disclosure about this.
    pub(super) record: Option<RecordId>,
    /// Each with the end of its address.
    pub(super) sheets: Vec<(String, Sheet)>,
    /// What is not in it, and why.
    pub(super) notes: Vec<Message>,
}

/// The report that the path names.
pub(super) fn of_path(ask: &Ask) -> Result<Report, Fault> {
    let name: String = ask.part("what")?;
    let reports = ask.house.client.reports();
    let plain = |sheet: Sheet, end: String| Report {
        name: name.clone(),
        about: None,
        record: None,
        sheets: vec![(end, sheet)],
        notes: Vec::new(),
    };
    let about_record = |record: RecordId, sheets: Vec<(String, Sheet)>, notes: Vec<Message>| -> Result<Report, Fault> {
        Ok(Report { name: name.clone(), about: Some(about::titled(ask, record)?), record: Some(record), sheets, notes })
    };
    match name.as_str() {
        "property" => {
            let record = of(ask)?;
            about_record(record, vec![(format!("property/{record}"), reports.property(record)?)], Vec::new())
        }
        "visit" => {
            let (record, row) = (of(ask)?, ask.row()?);
            let home = ask.house.client.document(record, Class::Home)?.ok_or(Fault::NotFound)?;
            let sheet = reports.visit(home.document, row)?;
            about_record(record, vec![(format!("visit/{record}/{row}"), sheet)], Vec::new())
        }
        "resident" => resident(ask, of(ask)?),
        "reg10" => {
            let record = of(ask)?;
            let found = reports.reg10(record)?;
            let notes = [
                (found.without_consent > 0)
                    .then(|| Message::new("reg10-without-consent").with("n", found.without_consent)),
                (found.review_overdue > 0)
                    .then(|| Message::new("reg10-review-overdue").with("n", found.review_overdue)),
            ];
            about_record(record, vec![(format!("reg10/{record}"), found.sheet)], notes.into_iter().flatten().collect())
        }
        "exposure" => {
            let device: DeviceId = ask.part("of")?;
            let mut report = plain(reports.exposure(device)?, format!("exposure/{device}"));
            report.about = Some((ask.house.names().device(device), format!("/device/{device}")));
            Ok(report)
        }
        "access" => Ok(plain(reports.access()?, name.clone())),
        "audit" => Ok(plain(reports.audit()?, name.clone())),
        "clocks" => Ok(plain(reports.clocks()?, name.clone())),
        "disclosures" => Ok(plain(reports.disclosures()?, name.clone())),
        _ => {
            let of = CountOf::ALL.into_iter().find(|of| of.as_str() == name).ok_or(Fault::NotFound)?;
            Ok(plain(reports.counts(of)?, name.clone()))
        }
    }
}

fn of(ask: &Ask) -> Result<RecordId, Fault> {
    ask.part("of")
}

/// The three sheets of a resident; a file is one of them.
fn resident(ask: &Ask, person: RecordId) -> Result<Report, Fault> {
    let found = ask.house.client.reports().resident(person).map_err(|error| match error {
        ClientError::NotFound { .. } => Fault::NotFound,
        other => Fault::Client(other),
    })?;
    let left_out = found.reads_left_out.map(|why| {
        Message::new(match why {
            ReadsLeftOut::AuditorsOnly => "reads-left-out-auditors",
            ReadsLeftOut::Locked => "reads-left-out-locked",
        })
    });
    let sheets = [("held", found.held), ("reads", found.reads), ("disclosures", found.disclosures)];
    Ok(Report {
        name: "resident".to_owned(),
        about: Some(about::titled(ask, person)?),
        record: Some(person),
        sheets: sheets.into_iter().map(|(part, sheet)| (format!("resident/{person}/{part}"), sheet)).collect(),
        notes: left_out.into_iter().collect(),
    })
}
