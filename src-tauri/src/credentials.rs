//! The keys of this computer, in the keyring of the system: Credential Manager on Windows, Secret Service on Linux.
//!
//! A key is in no file, no log, no argument and no error; what names it in the keyring tells nothing about it. Calls of
//! a keyring block, sometimes on a person: they run on threads of their own.

use keyring_core::{Entry, Error};
use store::DeviceId;
use zeroize::Zeroizing;

/// Under which the keyring lists the keys of this program.
const SERVICE: &str = "it.agendasede.desktop";

/// What a keyring can't do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the keyring of this computer does not answer")]
pub struct KeyringError;

/// The name of a key in the keyring.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct KeyName(String);

impl KeyName {
    /// Of the key of this computer, by the identity that a sede gave it.
    pub(crate) fn of_device(device: DeviceId) -> Self {
        Self(device.to_string())
    }

    /// Of the key that an invitation is being traded for, by a digest of both sides of the trade.
    pub(crate) fn of_trade(digest: &str) -> Self {
        Self(format!("invitation {digest}"))
    }

    /// Of a key that is kept only to see whether one can be.
    pub(crate) fn of_selftest() -> Self {
        Self("selftest".to_owned())
    }

    /// The key; nothing where the keyring has none of this name.
    pub(crate) async fn read(&self) -> Result<Option<Zeroizing<String>>, KeyringError> {
        self.ask(|entry| match entry.get_password() {
            Ok(key) => Ok(Some(Zeroizing::new(key))),
            Err(Error::NoEntry) => Ok(None),
            Err(error) => Err(error),
        })
        .await
    }

    /// Keeps the key, in place of one that was there.
    pub(crate) async fn write(&self, key: Zeroizing<String>) -> Result<(), KeyringError> {
        self.ask(move |entry| entry.set_password(&key)).await
    }

    /// Forgets the key.
    pub(crate) async fn forget(&self) -> Result<(), KeyringError> {
        self.ask(|entry| match entry.delete_credential() {
            Err(Error::NoEntry) => Ok(()),
            done => done,
        })
        .await
    }

    async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(Entry) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, KeyringError> {
        let name = self.0.clone();
        let asked = tauri::async_runtime::spawn_blocking(move || entry(&name).and_then(question));
        match asked.await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => {
                tracing::error!(kind = kind(&error), "the keyring does not answer");
                Err(KeyringError)
            }
            Err(_) => Err(KeyringError),
        }
    }
}

/// What went wrong, without what the error carries: it may hold what was kept.
const fn kind(error: &Error) -> &'static str {
    match error {
        Error::PlatformFailure(_) => "platform failure",
        Error::NoStorageAccess(_) => "no access",
        Error::BadEncoding(_) | Error::BadDataFormat(..) | Error::BadStoreFormat(_) => "bad content",
        Error::TooLong(..) => "too long",
        Error::NoDefaultStore => "no keyring",
        Error::Ambiguous(_) => "ambiguous",
        _ => "other",
    }
}

/// An entry of the keyring that was chosen; of the system's where none was.
fn entry(name: &str) -> Result<Entry, Error> {
    if keyring_core::get_default_store().is_none()
        && let Err(error) = keyring::Entry::store_status()
    {
        tracing::warn!(kind = kind(error), "there is no keyring on this computer");
    }
    Entry::new(SERVICE, name)
}
