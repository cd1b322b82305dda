//! The sample street: an invented landlord's export of forty homes in three buildings and a terrace, with the people in some
//! of them, for the story, for tests and for trying things out. Nobody in it exists: see the head of its mapping.

use std::collections::BTreeMap;

use super::error::ImportError;
use super::mapping::Mapping;
use super::source::Input;

/// Its mapping.
pub const MAPPING: &str = include_str!("sample/mapping.toml");

/// Its files, by name.
pub const FILES: &[(&str, &str)] = &[
    ("homes.csv", include_str!("sample/homes.csv")),
    ("people.csv", include_str!("sample/people.csv")),
    ("tenancies.csv", include_str!("sample/tenancies.csv")),
    ("alerts.csv", include_str!("sample/alerts.csv")),
];

/// Homes in the street, buildings not counted.
pub const HOMES: usize = 40;
/// Buildings that hold flats.
pub const BUILDINGS: usize = 3;
/// People.
pub const PEOPLE: usize = 20;

/// The sample street, ready to be imported.
///
/// # Errors
/// None as it is shipped; [`ImportError::Mapping`] says what an edit of it broke.
pub fn street() -> Result<(Mapping, Input), ImportError> {
    let files: BTreeMap<String, String> =
        FILES.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    Ok((Mapping::parse(MAPPING, "the sample street")?, Input::Texts(files)))
}
