//! Photographs on a device: made anew from a file, cut into sealed parts, and kept beside the store as they were sealed.
//!
//! | file | is |
//! | --- | --- |
//! | `picture` | a file becomes a picture and a thumbnail of our own making, without anything else that was in it |
//! | `position` | where a file says that it was taken, for who keeps that |
//! | `sealed` | a picture becomes sealed parts, and again a picture |
//! | `files` | the folder of sealed parts |

mod files;
mod picture;
mod position;
mod sealed;

pub use files::{PARTS_FOLDER, PartFiles};
pub use picture::{
    FILE_BYTES_MAX, ORIGINAL_BYTES_MAX, ORIGINAL_SIDE_MAX, PIXELS_MAX, Picture, PictureError, SIDE_MAX,
    THUMBNAIL_SIDE_MAX,
};
pub use position::Position;
pub(crate) use sealed::{Opened, open, seal};
