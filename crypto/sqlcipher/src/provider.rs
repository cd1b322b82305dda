//! The table of functions that SQLCipher calls, laid out as its `struct sqlcipher_provider`. Each function turns pointers into slices
//! and asks [`crate::pages`]; none panics, since nobody above it could catch that.

use std::ffi::{CStr, c_char, c_int, c_uchar, c_void};
use std::{ptr, slice};

use crate::pages::{self, BLOCK_BYTES, Direction, Hash, KEY_BYTES, Unsupported};

const SQLITE_OK: c_int = 0;
const SQLITE_ERROR: c_int = 1;
const DECRYPT: c_int = 0;
const ENCRYPT: c_int = 1;
const SHA256: c_int = 1;
const SHA512: c_int = 2;
const NAME: &CStr = c"doorstep";
const VERSION: &CStr = c"1";
/// As OpenSSL names it, for `PRAGMA cipher`.
const CIPHER: &CStr = c"AES-256-CBC";

type Context = *mut c_void;
type Text = unsafe extern "C" fn(Context) -> *const c_char;
type Figure = unsafe extern "C" fn(Context) -> c_int;
type Life = unsafe extern "C" fn(*mut Context) -> c_int;

/// `struct sqlcipher_provider`, field by field; `tests` compares it with SQLCipher's own.
#[repr(C)]
struct Provider {
    init: Option<unsafe extern "C" fn() -> c_int>,
    shutdown: Option<unsafe extern "C" fn()>,
    get_provider_name: Text,
    add_random: unsafe extern "C" fn(Context, *const c_void, c_int) -> c_int,
    random: unsafe extern "C" fn(Context, *mut c_void, c_int) -> c_int,
    hmac: Authenticate,
    kdf: Derive,
    cipher: Cipher,
    get_cipher: Text,
    get_key_sz: Figure,
    get_iv_sz: Figure,
    get_block_sz: Figure,
    get_hmac_sz: unsafe extern "C" fn(Context, c_int) -> c_int,
    ctx_init: Life,
    ctx_free: Life,
    fips_status: Figure,
    get_provider_version: Text,
    next: *mut Provider,
}

/// Algorithm; key, its bytes; first part, its bytes; second part or null, its bytes; where the result goes.
type Authenticate = unsafe extern "C" fn(
    Context,
    c_int,
    *const c_uchar,
    c_int,
    *const c_uchar,
    c_int,
    *const c_uchar,
    c_int,
    *mut c_uchar,
) -> c_int;
/// Algorithm; secret, its bytes; salt, its bytes; rounds; bytes of the key, where it goes.
type Derive = unsafe extern "C" fn(
    Context,
    c_int,
    *const c_uchar,
    c_int,
    *const c_uchar,
    c_int,
    c_int,
    c_int,
    *mut c_uchar,
) -> c_int;
/// Direction; key, its bytes; start, of one block; input, its bytes; where the output goes, of as many.
type Cipher = unsafe extern "C" fn(
    Context,
    c_int,
    *const c_uchar,
    c_int,
    *const c_uchar,
    *const c_uchar,
    c_int,
    *mut c_uchar,
) -> c_int;

/// What SQLCipher calls once, before its first database, to learn of its provider.
///
/// # Safety
/// `provider` has room for a `struct sqlcipher_provider`.
#[unsafe(no_mangle)]
unsafe extern "C" fn doorstep_sqlcipher_setup(provider: *mut Provider) -> c_int {
    let table = Provider {
        init: None,
        shutdown: None,
        get_provider_name: name,
        add_random,
        random,
        hmac,
        kdf,
        cipher,
        get_cipher: cipher_name,
        get_key_sz: key_bytes,
        get_iv_sz: block_bytes,
        get_block_sz: block_bytes,
        get_hmac_sz: hmac_bytes,
        ctx_init: no_context,
        ctx_free: no_context,
        fips_status: no_fips,
        get_provider_version: version,
        next: ptr::null_mut(),
    };
    // SAFETY: the caller has room for it.
    unsafe { provider.write(table) };
    SQLITE_OK
}

fn answer(done: Result<(), Unsupported>) -> c_int {
    done.map_or(SQLITE_ERROR, |()| SQLITE_OK)
}

fn hash(algorithm: c_int) -> Result<Hash, Unsupported> {
    match algorithm {
        SHA256 => Ok(Hash::Sha256),
        SHA512 => Ok(Hash::Sha512),
        _ => Err(Unsupported),
    }
}

/// # Safety
/// `at` is null, or has `bytes` that nobody writes to while the slice lives.
unsafe fn input<'a>(at: *const c_uchar, bytes: c_int) -> Result<&'a [u8], Unsupported> {
    match usize::try_from(bytes) {
        Ok(0) => Ok(&[]),
        // SAFETY: not null, and the caller's promise.
        Ok(bytes) if !at.is_null() => Ok(unsafe { slice::from_raw_parts(at, bytes) }),
        _ => Err(Unsupported),
    }
}

/// # Safety
/// `at` is null, or has `bytes` that nobody else reads or writes while the slice lives, every one of them written before.
unsafe fn output<'a>(at: *mut c_uchar, bytes: c_int) -> Result<&'a mut [u8], Unsupported> {
    match usize::try_from(bytes) {
        Ok(0) => Ok(&mut []),
        // SAFETY: not null, and the caller's promise.
        Ok(bytes) if !at.is_null() => Ok(unsafe { slice::from_raw_parts_mut(at, bytes) }),
        _ => Err(Unsupported),
    }
}

unsafe extern "C" fn name(_: Context) -> *const c_char {
    NAME.as_ptr()
}

unsafe extern "C" fn version(_: Context) -> *const c_char {
    VERSION.as_ptr()
}

unsafe extern "C" fn cipher_name(_: Context) -> *const c_char {
    CIPHER.as_ptr()
}

unsafe extern "C" fn key_bytes(_: Context) -> c_int {
    KEY_BYTES as c_int
}

unsafe extern "C" fn block_bytes(_: Context) -> c_int {
    BLOCK_BYTES as c_int
}

/// None, as SQLCipher reads it, for an algorithm that is not supported.
unsafe extern "C" fn hmac_bytes(_: Context, algorithm: c_int) -> c_int {
    hash(algorithm).map_or(0, |hash| hash.bytes() as c_int)
}

unsafe extern "C" fn no_fips(_: Context) -> c_int {
    0
}

/// Nothing is kept between calls.
unsafe extern "C" fn no_context(_: *mut Context) -> c_int {
    SQLITE_OK
}

/// The system's randomness needs nothing added.
unsafe extern "C" fn add_random(_: Context, _: *const c_void, _: c_int) -> c_int {
    SQLITE_OK
}

unsafe extern "C" fn random(_: Context, at: *mut c_void, bytes: c_int) -> c_int {
    let Ok(bytes) = usize::try_from(bytes) else { return SQLITE_ERROR };
    if bytes == 0 {
        return SQLITE_OK;
    }
    if at.is_null() {
        return SQLITE_ERROR;
    }
    // SAFETY: SQLCipher gives a buffer of its own of as many bytes; it may be fresh, so it is written before it is a slice.
    let buffer = unsafe {
        ptr::write_bytes(at, 0, bytes);
        slice::from_raw_parts_mut(at.cast::<u8>(), bytes)
    };
    answer(getrandom::fill(buffer).map_err(|_| Unsupported))
}

unsafe extern "C" fn hmac(
    _: Context,
    algorithm: c_int,
    key: *const c_uchar,
    key_bytes: c_int,
    first: *const c_uchar,
    first_bytes: c_int,
    second: *const c_uchar,
    second_bytes: c_int,
    at: *mut c_uchar,
) -> c_int {
    // SAFETY: SQLCipher's buffers are as long as it says, and its result has room for the hash: it asked how long that is. The result
    // lies outside what is authenticated; it may be fresh, so it is written before it is a slice.
    let authenticate = || unsafe {
        let hash = hash(algorithm)?;
        let second = if second.is_null() { &[] } else { input(second, second_bytes)? };
        let (key, first) = (input(key, key_bytes)?, input(first, first_bytes)?);
        if at.is_null() {
            return Err(Unsupported);
        }
        ptr::write_bytes(at, 0, hash.bytes());
        pages::authenticate(hash, key, [first, second], output(at, hash.bytes() as c_int)?)
    };
    answer(authenticate())
}

unsafe extern "C" fn kdf(
    _: Context,
    algorithm: c_int,
    secret: *const c_uchar,
    secret_bytes: c_int,
    salt: *const c_uchar,
    salt_bytes: c_int,
    rounds: c_int,
    key_bytes: c_int,
    at: *mut c_uchar,
) -> c_int {
    // SAFETY: SQLCipher's buffers are as long as it says, and the key is made apart from what it is made of, in memory that
    // SQLCipher has cleared.
    let derive = || unsafe {
        let rounds = u32::try_from(rounds).map_err(|_| Unsupported)?;
        let (secret, salt) = (input(secret, secret_bytes)?, input(salt, salt_bytes)?);
        pages::derive(hash(algorithm)?, secret, salt, rounds, output(at, key_bytes)?)
    };
    answer(derive())
}

unsafe extern "C" fn cipher(
    _: Context,
    mode: c_int,
    key: *const c_uchar,
    key_bytes: c_int,
    start: *const c_uchar,
    from: *const c_uchar,
    bytes: c_int,
    to: *mut c_uchar,
) -> c_int {
    // SAFETY: SQLCipher's buffers are as long as it says, the start of one block. Input and output may be one page, so that the bytes are
    // moved first; the start lies behind the page's text, in neither.
    let cipher = || unsafe {
        let direction = match mode {
            DECRYPT => Direction::Decrypt,
            ENCRYPT => Direction::Encrypt,
            _ => return Err(Unsupported),
        };
        let length = usize::try_from(bytes).map_err(|_| Unsupported)?;
        if from.is_null() || to.is_null() {
            return Err(Unsupported);
        }
        ptr::copy(from, to, length);
        let (key, start) = (input(key, key_bytes)?, input(start, BLOCK_BYTES as c_int)?);
        pages::cipher(direction, key, start, output(to, bytes)?)
    };
    answer(cipher())
}

#[cfg(test)]
mod tests {
    use std::fs;

    /// The lines between `from` and the next `};` or lone `}`.
    fn body<'a>(text: &'a str, from: &str) -> &'a str {
        let (_, rest) = text.split_once(from).expect("the struct is there");
        rest.split_once("\n}").expect("the struct ends").0
    }

    /// SQLCipher calls by place: a version that moved a field would have one function called for another.
    #[test]
    fn the_table_is_laid_out_as_sqlcipher_declares_it() {
        let sqlcipher = fs::read(sqlcipher_src::source_dir().join(sqlcipher_src::SOURCE_FILE)).unwrap();
        let sqlcipher = String::from_utf8_lossy(&sqlcipher);
        let declared: Vec<&str> = body(&sqlcipher, "struct sqlcipher_provider {")
            .split(';')
            .filter_map(|field| match field.split_once("(*") {
                Some((_, function)) => function.split(')').next(),
                None => field.rsplit([' ', '*']).next().filter(|name| !name.trim().is_empty()),
            })
            .collect();
        let ours: Vec<&str> = body(include_str!("provider.rs"), "struct Provider {")
            .lines()
            .filter_map(|line| line.strip_prefix("    ")?.split_once(':'))
            .map(|(name, _)| name)
            .collect();
        assert_eq!(ours, declared);
        for (name, value) in [
            ("SQLCIPHER_DECRYPT", super::DECRYPT),
            ("SQLCIPHER_ENCRYPT", super::ENCRYPT),
            ("SQLCIPHER_HMAC_SHA256", super::SHA256),
            ("SQLCIPHER_HMAC_SHA512", super::SHA512),
            ("SQLCIPHER_PBKDF2_HMAC_SHA256", super::SHA256),
            ("SQLCIPHER_PBKDF2_HMAC_SHA512", super::SHA512),
        ] {
            assert!(sqlcipher.contains(&format!("#define {name} {value}\n")), "{name} is not {value}");
        }
    }
}
