//! A keystore that refuses, and what is left of a device by it.

use std::path::PathBuf;

use super::*;

/// A keystore whose person does as told.
struct Told {
    person: Mutex<Result<(), KeystoreError>>,
    destroyed: Mutex<usize>,
}

impl Keystore for Told {
    fn abilities(&self) -> KeystoreAbilities {
        KeystoreAbilities { home: KeyHome::TrustedHardware, asks: Asks::Person, signs: Signs::Nothing }
    }

    fn wrap(&self, key: &[u8; 32]) -> Result<Vec<u8>, KeystoreError> {
        Ok(key.iter().rev().copied().collect())
    }

    fn unwrap(&self, wrapped: &[u8]) -> Result<Zeroizing<[u8; 32]>, KeystoreError> {
        (*self.person.lock().expect("no panic while holding it"))?;
        let key: Vec<u8> = wrapped.iter().rev().copied().collect();
        key.try_into().map(Zeroizing::new).map_err(|_| KeystoreError::Refused)
    }

    fn make_signing_key(&self) -> Result<SignPublic, KeystoreError> {
        Err(KeystoreError::Unavailable)
    }

    fn sign(&self, _: &[u8]) -> Result<Signature, KeystoreError> {
        Err(KeystoreError::Unavailable)
    }

    fn destroy(&self) -> Result<(), KeystoreError> {
        *self.destroyed.lock().expect("no panic while holding it") += 1;
        Ok(())
    }
}

fn vault(path: &Path) -> KeystoreVault<Told> {
    KeystoreVault::new(path, Arc::new(Told { person: Mutex::new(Ok(())), destroyed: Mutex::default() }))
}

fn says(vault: &KeystoreVault<Told>, answer: Result<(), KeystoreError>) {
    *vault.keystore().person.lock().expect("no panic while holding it") = answer;
}

fn kept(folder: &Path) -> (PathBuf, DeviceSecrets) {
    let path = folder.join("keys.wrapped");
    let first = vault(&path);
    let secrets = first.make().expect("made");
    first.keep(&secrets).expect("kept");
    (path, secrets)
}

#[test]
fn secrets_come_back_by_the_keystore_that_wrapped_their_key_and_are_replaced_without_asking() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, mut secrets) = kept(folder.path());
    let again = vault(&path);
    assert!(matches!(again.make().err(), Some(VaultError::Occupied)), "no second device in its place");
    assert_eq!(again.keep(&secrets), Err(VaultError::Occupied));
    assert_eq!(again.open().expect("opens").device(), secrets.device());
    says(&again, Err(KeystoreError::Cancelled));
    secrets.restricted = None;
    again.replace(&secrets).expect("nobody is asked for what was unwrapped");
    assert_eq!(again.open().err(), Some(VaultError::Cancelled), "an opening asks");
    says(&again, Ok(()));
    assert!(again.open().expect("opens").restricted.is_none());
    let other = DeviceSecrets::make(&mut crate::randomness::os());
    assert_eq!(again.replace(&other), Err(VaultError::Refused));
}

#[test]
fn whoever_turns_the_prompt_away_does_not_keep_the_keys_of_a_revoked_device() {
    for (answer, is_left) in [
        (Ok(()), true),
        (Err(KeystoreError::Unavailable), true),
        (Err(KeystoreError::Cancelled), false),
        (Err(KeystoreError::Lost), false),
    ] {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, secrets) = kept(folder.path());
        let vault = vault(&path);
        says(&vault, answer);
        let done = vault.destroy(Destroy::AllButSigning);
        assert_eq!(done.is_ok(), answer != Err(KeystoreError::Unavailable), "{answer:?}");
        assert_eq!(path.exists(), is_left, "{answer:?}");
        says(&vault, Ok(()));
        if answer.is_ok() {
            let left = vault.open().expect("the key that signs is left");
            assert_eq!(left.sign.public(), secrets.sign.public());
            assert_ne!(left.kem.public(), secrets.kem.public(), "and opens nothing");
        }
        vault.destroy(Destroy::Everything).expect("destroyed");
        vault.destroy(Destroy::Everything).expect("and harmless to repeat");
        assert!(!path.exists() && *vault.keystore().destroyed.lock().expect("no panic while holding it") > 0);
        assert!(vault.destroy(Destroy::AllButSigning).is_ok(), "nothing is there");
    }
}
