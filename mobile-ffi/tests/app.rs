//! Tablets as an app would drive them: enrolled by a desk, offline at a home, then together through a real server. A file for each
//! part of the surface stands in `app/`.

#[path = "app/brought.rs"]
mod brought;
#[path = "app/desk.rs"]
mod desk;
#[path = "app/home.rs"]
mod home;
#[path = "app/keys.rs"]
mod keys;
#[path = "app/killed.rs"]
mod killed;
#[path = "app/life.rs"]
mod life;
#[path = "app/mistaken.rs"]
mod mistaken;
#[path = "app/pocket.rs"]
mod pocket;
#[path = "app/quiet.rs"]
mod quiet;
#[path = "app/readers.rs"]
mod readers;
#[path = "app/record.rs"]
mod record;
#[path = "app/sealed.rs"]
mod sealed;
#[path = "app/story.rs"]
mod story;
