//! Tablets as an app would drive them: enrolled by a desk, offline at a home, then together through a real server. A file for each
//! noun stands in `app/`.

#[path = "app/desk.rs"]
mod desk;
#[path = "app/home.rs"]
mod home;
#[path = "app/pocket.rs"]
mod pocket;
#[path = "app/story.rs"]
mod story;
