//! The cipher beneath the device's database. SQLCipher brings the format of its pages (AES-256 in CBC mode under a random start, then
//! HMAC over all of it) and leaves the cipher to a provider. This is one made of the same kind of libraries as the rest of the
//! project, in place of OpenSSL: see docs/adr/0022. A program that links SQLCipher links this package, and calls nothing in it.
//!
//! [`pages`] computes; `provider` takes what C hands over.

pub mod pages;
#[expect(unsafe_code, reason = "what SQLCipher hands over are pointers")]
mod provider;
