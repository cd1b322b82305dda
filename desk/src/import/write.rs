//! Writes a plan: a batch of whole properties or people in one transaction each.

use std::collections::BTreeMap;

use doorstep_protocol::Class;

use doorstep_client_core::client::{Client, ClientError};
use doorstep_client_core::device::WriteError;

use super::decide::{Work, Write};
use super::fact::Target;

/// Properties or people written in one transaction.
const BATCH: usize = 64;

/// Writes all of it. What a failure leaves behind is whole properties and people; running the import again goes on there.
pub(super) fn write(
    client: &Client,
    works: &[Work],
    progress: &mut dyn FnMut(usize, usize),
) -> Result<(), ClientError> {
    let mut done = 0;
    for batch in works.chunks(BATCH) {
        client.write(|draft| {
            for work in batch {
                let record = match (&work.known, &work.target) {
                    (Some(record), _) => *record,
                    (None, Target::Property(uprn)) => draft.record_of_uprn(uprn)?,
                    (None, Target::Person(_)) => draft.new_record(),
                };
                // One edit a document: one change, however many rows.
                let mut by_class: BTreeMap<Class, Vec<&Write>> = BTreeMap::new();
                for write in &work.writes {
                    by_class.entry(write.said.class()).or_default().push(write);
                }
                for (class, writes) in by_class {
                    draft.edit(record, class, |edit| {
                        writes.iter().try_for_each(|write| write.said.write(edit, write.row))
                    })?;
                }
            }
            Ok::<_, WriteError>(())
        })?;
        done += batch.len();
        progress(done, works.len());
    }
    Ok(())
}
