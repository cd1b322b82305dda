//! Whom or what a form is about: a home or a person, named as people name them. What was typed is in no address.

use doorstep_client_core::client::ClientError;
use doorstep_client_core::device::RecordId;

use crate::ask::{Ask, Fault};
use crate::words::Message;

/// Characters of a name, an address or a number.
const ABOUT_CHARS_MAX: usize = 200;

/// The home or person that a field names: by UPRN, postcode and number, address or name. What fits nothing, or several, stands
/// at the field; nothing typed is nothing.
///
/// # Errors
/// [`Fault::Client`].
pub fn record(ask: &mut Ask, field: &str) -> Result<Option<RecordId>, Fault> {
    let Some(text) = ask.fields.text(field, ABOUT_CHARS_MAX) else { return Ok(None) };
    let client = ask.house.client.clone();
    let of_home = client.properties().resolve(&text);
    let found = match of_home {
        Err(ClientError::NotFound { .. }) => client.people().resolve(&text),
        other => other,
    };
    settle(ask, field, found)
}

/// The home that a field names.
///
/// # Errors
/// [`Fault::Client`].
pub fn home(ask: &mut Ask, field: &str) -> Result<Option<RecordId>, Fault> {
    let Some(text) = ask.fields.text(field, ABOUT_CHARS_MAX) else { return Ok(None) };
    let found = ask.house.client.properties().resolve(&text);
    settle(ask, field, found)
}

/// The person that a field names.
///
/// # Errors
/// [`Fault::Client`].
pub fn person(ask: &mut Ask, field: &str) -> Result<Option<RecordId>, Fault> {
    let Some(text) = ask.fields.text(field, ABOUT_CHARS_MAX) else { return Ok(None) };
    let found = ask.house.client.people().resolve(&text);
    settle(ask, field, found)
}

fn settle(ask: &mut Ask, field: &str, found: Result<RecordId, ClientError>) -> Result<Option<RecordId>, Fault> {
    match found {
        Ok(record) => Ok(Some(record)),
        Err(ClientError::NotFound { .. }) => {
            ask.fields.refuse(field, Message::new("error-about-none"));
            Ok(None)
        }
        Err(ClientError::Ambiguous { count, .. }) => {
            ask.fields.refuse(field, Message::new("no-ambiguous").with("n", count));
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// The address or name of a record that this device knows, and the way to its page.
///
/// # Errors
/// [`Fault::NotFound`].
pub fn titled(ask: &Ask, record: RecordId) -> Result<(String, String), Fault> {
    let client = &ask.house.client;
    if let Some(row) = client.properties().row(record)? {
        return Ok((row.address, format!("/home/{record}")));
    }
    let row = client.people().row(record)?.ok_or(Fault::NotFound)?;
    Ok((row.name, format!("/person/{record}")))
}
