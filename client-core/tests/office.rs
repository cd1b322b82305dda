//! The back office over real devices without a server: what is to be done, reviews, disputes, twins, the past, the register,
//! reports.

#[path = "office/place.rs"]
mod place;

#[path = "office/buildings.rs"]
mod buildings;
#[path = "office/conflicts.rs"]
mod conflicts;
#[path = "office/consents.rs"]
mod consents;
#[path = "office/duplicates.rs"]
mod duplicates;
#[path = "office/lists.rs"]
mod lists;
#[path = "office/places.rs"]
mod places;
#[path = "office/readers.rs"]
mod readers;
#[path = "office/register.rs"]
mod register;
#[path = "office/reports.rs"]
mod reports;
#[path = "office/timeline.rs"]
mod timeline;
#[path = "office/todo.rs"]
mod todo;
#[path = "office/visits.rs"]
mod visits;
