//! The pages, a file each: what they ask the device, and how they show it.

pub mod audit;
pub mod devices;
pub mod firebox;
pub mod glass;
pub mod health;
pub mod home;
pub mod late;
pub mod looks;
pub mod person;
pub mod photographs;
pub mod property;
pub mod reconcile;
pub mod search;
pub mod timeline;
pub mod todo;
pub mod unlock;
pub mod visit;
