//! How pages look to a person: plain English, at most 100 columns, newest and most important first.

pub mod clocks;
pub mod conflicts;
pub mod consent;
pub mod firebox;
pub mod glass;
pub mod kit;
pub mod nhs;
pub mod person;
pub mod property;
pub mod protection;
pub mod table;
pub mod words;
