//! What is kept of a person under protection: it says so in words, and in red where there are colours.

use doorstep_client_core::client::ProtectedPage;
use doorstep_client_core::device::RecordId;

use super::words::plain;
use crate::screen::{Colours, Tone};

/// The screen. `address` names a home of this device.
#[must_use]
pub fn page(seen: &ProtectedPage, address: &dyn Fn(RecordId) -> Option<String>, colours: Colours) -> String {
    let head = "PROTECTED – do not say, show or print where this person is. Your looking at this is recorded.";
    let mut text = format!("{}\n", colours.paint(Tone::Alarm, head));
    for link in &seen.links {
        let one = &link.value;
        let place = one.property.and_then(|property| address(RecordId(property))).or_else(|| one.address.clone());
        let place = place.unwrap_or_else(|| "a home that is not on this device".to_owned());
        let kind = one.kind.as_ref().map_or_else(|| "address".to_owned(), |kind| plain(kind.as_str()));
        let said = |word: &str, said: Option<String>| said.map_or_else(String::new, |said| format!("{word}{said}"));
        let from = said(", from ", one.from.as_ref().map(ToString::to_string));
        let to = said(", until ", one.to.as_ref().map(ToString::to_string));
        let note = said("; ", one.note.clone());
        text.push_str(&format!("{kind}: {place}{from}{to}{note}  ({})\n", link.row));
    }
    for concern in &seen.concerns {
        let one = &concern.value;
        let kind = one.kind.as_ref().map_or_else(|| "concern".to_owned(), |kind| plain(kind.as_str()));
        let said: Vec<&str> =
            [&one.detail, &one.precaution, &one.holder].into_iter().flatten().map(String::as_str).collect();
        text.push_str(&format!("{kind}: {}\n", said.join("; ")));
    }
    for note in &seen.notes {
        text.push_str(&format!("note: {}\n", note.value.text.as_deref().unwrap_or_default()));
    }
    if seen.left_out > 0 {
        text.push_str(&format!("{} entries could not be read here: there may be more.\n", seen.left_out));
    }
    text
}
