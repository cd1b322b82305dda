//! Two-dimensional codes: drawn in a terminal or as a picture, and read from a photograph.
//!
//! A text of capital letters and digits takes half the room of other text in such a code, so invitations and requests are
//! written in them, and fit a terminal of 80 columns.

mod draw;
mod read;

pub use draw::{Code, Ink};
pub use read::{PICTURE_BYTES_MAX, PICTURE_PIXELS_MAX, PictureError, read};

/// White around a code, in modules: readers need it to find the code at all.
pub const QUIET_MODULES: usize = 4;

#[cfg(test)]
mod tests;
