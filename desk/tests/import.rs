//! Imports through the edge: the sample street, mappings and rows that are wrong, twice the same, a landlord's real columns, and
//! ten thousand at once.

#[path = "import/desk.rs"]
mod desk;
#[path = "import/landlord.rs"]
mod landlord;
#[path = "import/mappings.rs"]
mod mappings;
#[path = "import/record.rs"]
mod record;
#[path = "import/rows.rs"]
mod rows;
#[path = "import/shown.rs"]
mod shown;
#[path = "import/street.rs"]
mod street;
