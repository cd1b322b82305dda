//! The pages of a device, on loopback: a desk, field work, the crew's firebox.
//!
//! A device shows itself: the pages are made by the device that holds the keys, on 127.0.0.1, for the person in front of it.
//! Nothing but sync leaves the machine. HTML is made here, whole; the small script only saves time, and everything works
//! without it.
//!
//! | room | is |
//! | --- | --- |
//! | [`serve`] | the listener, start links, headers of every answer |
//! | [`street`] | an index of several devices on one machine |
//! | [`door`] | who may come in |
//! | [`ask`] | from a request to an answer |
//! | [`house`], [`network`] | the device behind the pages, and its way to the server |
//! | [`fields`], [`upload`] | what was typed, and the errors that stand at its field; forms that carry a file |
//! | [`words`] | English and Welsh: messages, days, ages |
//! | [`routes`], [`page`] | every address, and a file for each page |
//! | [`view`], [`refusals`] | what the device says no to; the frame, forms, facts with who and when |
//! | [`assets`] | styles and script |
//!
//! ```
//! use doorstep_pages::words::{Language, Speech};
//! let welsh = Speech::of(Language::Welsh);
//! assert_eq!(welsh.tell("found-homes", "n", 3u64), "3 chartref");
//! ```

pub mod ask;
pub mod assets;
pub mod door;
pub mod fields;
pub mod house;
pub mod network;
pub mod serve;
pub mod street;
pub mod upload;
pub mod words;

pub mod page;
pub mod refusals;
pub mod routes;
pub mod view;

pub use house::{House, Setup, Signal, SignalIs};
pub use network::Network;
pub use serve::{Pages, ServeError};
