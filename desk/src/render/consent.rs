//! What a person agreed to: how they stand now, and what was recorded.

use doorstep_client_core::client::{ConsentPage, NameBook};
use doorstep_client_core::records::consent::Agreement;
use doorstep_client_core::records::network::Consent;

use super::words::{by, moment, plain};
use crate::screen::{Colours, Tone};

/// The page.
#[must_use]
pub fn page(found: &ConsentPage, names: &NameBook, colours: Colours) -> String {
    let mut text = format!("{}\n", colours.paint(Tone::Heading, "What the person agreed to"));
    for one in &found.standings {
        let standing = &one.standing;
        let since = standing.since.map_or_else(String::new, |at| format!(" since {}", moment(at)));
        let contact = standing.contact.as_ref().filter(|_| standing.agreement.is_no());
        let contact = contact.map_or_else(String::new, |contact| format!(": ask {contact}"));
        text.push_str(&format!("{:<24}{}{since}{contact}\n", plain(one.scope.as_str()), word(standing.agreement)));
    }
    if !found.rows.is_empty() {
        text.push_str(&format!("{}\n", colours.paint(Tone::Heading, "What was recorded")));
    }
    for seen in &found.rows {
        text.push_str(&format!("{}\n  {}\n", row(&seen.value), by(names, seen.made.as_ref())));
    }
    text
}

/// An agreement in words.
const fn word(agreement: Agreement) -> &'static str {
    match agreement {
        Agreement::NotAsked => "not asked",
        Agreement::Given => "agreed",
        Agreement::Expired => "agreed, has run out: ask again",
        Agreement::Refused => "refused",
        Agreement::Withdrawn => "withdrawn",
    }
}

/// What one row says, in a line.
pub(super) fn row(row: &Consent) -> String {
    let scope = row.scope.as_ref().map_or("something", |scope| scope.as_str());
    let decision = row.decision.as_ref().map_or("not known", |decision| decision.as_str());
    let decision = if row.withdrawn_at.is_some() { "withdrawn" } else { decision };
    let contact = row.contact.as_ref().map_or_else(String::new, |contact| format!(": ask {contact}"));
    format!("{}: {decision}{contact}", plain(scope))
}
