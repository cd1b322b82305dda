//! The pages, a file each: what they ask the device, and how they show it.

pub mod about;
pub mod audit;
pub mod clocks;
pub mod devices;
pub mod enrol;
pub mod firebox;
pub mod glass;
pub mod health;
pub mod home;
pub mod keeping;
pub mod late;
pub mod looks;
pub mod person;
pub mod photographs;
pub mod places;
pub mod property;
pub mod reconcile;
pub mod register;
pub mod reports;
pub mod search;
pub mod teams;
pub mod timeline;
pub mod todo;
pub mod twins;
pub mod unlock;
pub mod visit;
