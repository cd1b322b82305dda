//! The command as a person or a script meets it: the real program, real folders, a real server.

#[path = "cli/place.rs"]
mod place;

#[path = "cli/backoffice.rs"]
mod backoffice;
#[path = "cli/enrolment.rs"]
mod enrolment;
#[path = "cli/enrolment_codes.rs"]
mod enrolment_codes;
#[path = "cli/input.rs"]
mod input;
#[path = "cli/office.rs"]
mod office;
#[path = "cli/pages.rs"]
mod pages;
#[path = "cli/people.rs"]
mod people;
#[path = "cli/photos.rs"]
mod photos;
#[path = "cli/seats.rs"]
mod seats;
#[path = "cli/syncing.rs"]
mod syncing;
#[path = "cli/years.rs"]
mod years;
