//! What SQLCipher asks for: a page's cipher, its authentication, keys derived from keys, randomness. Source: the format of SQLCipher 4,
//! which other programs read too (`tests/interop` has one in Python).

use aes::Aes256;
use cbc::cipher::{Array, Block, BlockModeDecrypt, BlockModeEncrypt, KeyIvInit};
use hmac::{Hmac, KeyInit, Mac};
use sha2::{Sha256, Sha512};

/// Bytes of the key of AES-256.
pub const KEY_BYTES: usize = 32;
/// Bytes of a block of AES, and of what encryption starts from.
pub const BLOCK_BYTES: usize = 16;

/// Something was asked for that a page of SQLCipher 4 never needs: another length, or an algorithm of an older format.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsupported;

/// Which way a page goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// From the file.
    Decrypt,
    /// To the file.
    Encrypt,
}

/// The hash beneath authentication and derivation. SHA-1, which formats before SQLCipher 4 used, is not among them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hash {
    /// SHA-256.
    Sha256,
    /// SHA-512, which SQLCipher 4 uses.
    Sha512,
}

impl Hash {
    /// Bytes of its output.
    #[must_use]
    pub const fn bytes(self) -> usize {
        match self {
            Self::Sha256 => 32,
            Self::Sha512 => 64,
        }
    }
}

/// Encrypts or decrypts `data` in place: AES-256-CBC, without padding.
///
/// # Errors
/// `Unsupported` where `key` is not of [`KEY_BYTES`], `start` not of [`BLOCK_BYTES`], or `data` not of whole blocks; `data` is as it was.
pub fn cipher(direction: Direction, key: &[u8], start: &[u8], data: &mut [u8]) -> Result<(), Unsupported> {
    let (blocks, rest): (&mut [Block<Aes256>], _) = Array::slice_as_chunks_mut(data);
    if !rest.is_empty() {
        return Err(Unsupported);
    }
    match direction {
        Direction::Decrypt => {
            cbc::Decryptor::<Aes256>::new_from_slices(key, start).map_err(|_| Unsupported)?.decrypt_blocks(blocks);
        }
        Direction::Encrypt => {
            cbc::Encryptor::<Aes256>::new_from_slices(key, start).map_err(|_| Unsupported)?.encrypt_blocks(blocks);
        }
    }
    Ok(())
}

/// HMAC of `parts`, one after the other.
///
/// # Errors
/// `Unsupported` where `out` is not as long as the hash.
pub fn authenticate(hash: Hash, key: &[u8], parts: [&[u8]; 2], out: &mut [u8]) -> Result<(), Unsupported> {
    fn with<M: Mac + KeyInit>(key: &[u8], parts: [&[u8]; 2], out: &mut [u8]) -> Result<(), Unsupported> {
        let mut mac = <M as KeyInit>::new_from_slice(key).map_err(|_| Unsupported)?;
        parts.iter().for_each(|part| mac.update(part));
        out.copy_from_slice(&mac.finalize().into_bytes());
        Ok(())
    }
    if out.len() != hash.bytes() {
        return Err(Unsupported);
    }
    match hash {
        Hash::Sha256 => with::<Hmac<Sha256>>(key, parts, out),
        Hash::Sha512 => with::<Hmac<Sha512>>(key, parts, out),
    }
}

/// PBKDF2 over HMAC: fills `out`.
///
/// # Errors
/// `Unsupported` for no rounds at all.
pub fn derive(hash: Hash, secret: &[u8], salt: &[u8], rounds: u32, out: &mut [u8]) -> Result<(), Unsupported> {
    if rounds == 0 {
        return Err(Unsupported);
    }
    match hash {
        Hash::Sha256 => pbkdf2::pbkdf2_hmac::<Sha256>(secret, salt, rounds, out),
        Hash::Sha512 => pbkdf2::pbkdf2_hmac::<Sha512>(secret, salt, rounds, out),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use data_encoding::HEXLOWER;

    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        HEXLOWER.decode(hex.as_bytes()).unwrap()
    }

    /// NIST SP 800-38A, F.2.5 and F.2.6.
    #[test]
    fn a_page_is_encrypted_and_decrypted_as_the_standard_says() {
        let key = bytes("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
        let start = bytes("000102030405060708090a0b0c0d0e0f");
        let plain = bytes(concat!(
            "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51",
            "30c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710"
        ));
        let sealed = bytes(concat!(
            "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d",
            "39f23369a9d9bacfa530e26304231461b2eb05e2c39be9fcda6c19078c6a9d1b"
        ));
        let mut data = plain.clone();
        cipher(Direction::Encrypt, &key, &start, &mut data).unwrap();
        assert_eq!(data, sealed);
        cipher(Direction::Decrypt, &key, &start, &mut data).unwrap();
        assert_eq!(data, plain);
    }

    #[test]
    fn what_no_page_has_is_refused_and_changes_nothing() {
        let (key, start) = ([1; KEY_BYTES], [2; BLOCK_BYTES]);
        for (key, start, length) in [
            (&key[1..], &start[..], 32),
            (&key[..], &start[1..], 32),
            (&key[..], &start[..], 31),
            (&[], &start[..], 32),
        ] {
            for direction in [Direction::Encrypt, Direction::Decrypt] {
                let mut data = vec![3; length];
                assert_eq!(cipher(direction, key, start, &mut data), Err(Unsupported));
                assert_eq!(data, vec![3; length]);
            }
        }
        assert_eq!(authenticate(Hash::Sha512, &key, [&[], &[]], &mut [0; 32]), Err(Unsupported));
        assert_eq!(derive(Hash::Sha512, &key, &start, 0, &mut [0; 32]), Err(Unsupported));
    }

    /// RFC 4231, test case 2, its data in two parts.
    #[test]
    fn authentication_is_that_of_the_standard() {
        for (hash, expected) in [
            (Hash::Sha256, "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"),
            (
                Hash::Sha512,
                concat!(
                    "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554",
                    "9758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737"
                ),
            ),
        ] {
            let mut out = vec![0; hash.bytes()];
            authenticate(hash, b"Jefe", [b"what do ya want ", b"for nothing?"], &mut out).unwrap();
            assert_eq!(out, bytes(expected));
        }
    }

    /// Figures of Python's `hashlib.pbkdf2_hmac`.
    #[test]
    fn keys_are_derived_as_others_derive_them() {
        for (hash, rounds, expected) in [
            (Hash::Sha256, 4096, "c5e478d59288c841aa530db6845c4c8d962893a001ce4e11a4963873aa98134a"),
            (
                Hash::Sha512,
                2,
                concat!(
                    "e1d9c16aa681708a45f5c7c4e215ceb66e011a2e9f0040713f18aefdb866d53c",
                    "f76cab2868a39b9f7840edce4fef5a82be67335c77a6068e04112754f27ccf4e"
                ),
            ),
        ] {
            let mut out = vec![0; hash.bytes()];
            derive(hash, b"password", b"salt", rounds, &mut out).unwrap();
            assert_eq!(out, bytes(expected));
        }
    }
}
