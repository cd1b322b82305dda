//! What each command does: arguments in, a page or an error out. How pages look is in [`crate::render`].

pub mod bench;
pub mod carrier;
pub mod conflicts;
pub mod device;
pub mod devices;
pub mod enrol;
pub mod find;
pub mod firebox;
pub mod import;
pub mod init;
pub mod input;
pub mod keys;
pub mod person;
pub mod property;
pub mod rebuild;
pub mod restored;
pub mod serve;
pub mod status;
pub mod sync;
pub mod teams;
pub mod tray;
pub mod verify;
pub mod visit;
pub mod watch;
