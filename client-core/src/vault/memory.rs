//! Secrets that end with the program: of devices that are made to measure or to test something.

use std::sync::{Mutex, MutexGuard, PoisonError};

use zeroize::Zeroizing;

use super::{Destroy, DeviceSecrets, KeyVault, VaultError};

/// Secrets in memory alone, that open without asking anybody.
#[derive(Default)]
pub struct MemoryVault(Mutex<Option<Zeroizing<Vec<u8>>>>);

impl MemoryVault {
    fn held(&self) -> MutexGuard<'_, Option<Zeroizing<Vec<u8>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl KeyVault for MemoryVault {
    fn open(&self) -> Result<DeviceSecrets, VaultError> {
        self.held().as_deref().and_then(|bytes| DeviceSecrets::from_bytes(bytes)).ok_or(VaultError::Empty)
    }

    fn keep(&self, secrets: &DeviceSecrets) -> Result<(), VaultError> {
        let mut held = self.held();
        if held.is_some() {
            return Err(VaultError::Occupied);
        }
        *held = Some(secrets.expose_bytes());
        Ok(())
    }

    fn replace(&self, secrets: &DeviceSecrets) -> Result<(), VaultError> {
        if self.open()?.device() != secrets.device() {
            return Err(VaultError::Refused);
        }
        *self.held() = Some(secrets.expose_bytes());
        Ok(())
    }

    fn destroy(&self, what: Destroy) -> Result<(), VaultError> {
        let left = match (what, self.open()) {
            (Destroy::AllButSigning, Ok(secrets)) => Some(secrets.signing_only(&mut crate::randomness::os())),
            (Destroy::AllButSigning, Err(_)) | (Destroy::Everything, _) => None,
        };
        *self.held() = left.map(|secrets| secrets.expose_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_in_memory_are_kept_replaced_and_destroyed_as_in_any_vault() {
        let vault = MemoryVault::default();
        assert_eq!(vault.open().err(), Some(VaultError::Empty));
        let mut secrets = vault.make().expect("made");
        assert_eq!(vault.replace(&secrets), Err(VaultError::Empty));
        vault.keep(&secrets).expect("kept");
        assert_eq!(vault.keep(&secrets), Err(VaultError::Occupied));
        secrets.restricted = None;
        vault.replace(&secrets).expect("the same device");
        assert!(vault.open().expect("it opens").restricted.is_none());
        let other = DeviceSecrets::make(&mut crate::randomness::os());
        assert_eq!(vault.replace(&other), Err(VaultError::Refused));

        vault.destroy(Destroy::AllButSigning).expect("destroyed");
        let left = vault.open().expect("it still signs");
        assert_eq!(left.sign.public(), secrets.sign.public());
        assert_ne!(left.device(), secrets.device(), "what opens anything is another's");
        vault.destroy(Destroy::Everything).expect("destroyed");
        assert_eq!(vault.open().err(), Some(VaultError::Empty));
        vault.destroy(Destroy::Everything).expect("harmless to repeat");
    }
}
