//! Whose word counts about who the server is.

use std::path::Path;
use std::sync::Arc;

use rustls::ClientConfig;
use rustls::crypto::CryptoProvider;
use rustls_pki_types::CertificateDer;
use rustls_pki_types::pem::PemObject;
use rustls_platform_verifier::Verifier;

/// The authorities that this computer trusts, and perhaps one more of the office's own: a network that opens every
/// connection on its way out shows certificates of its own making.
#[derive(Clone)]
pub struct Trust {
    config: Arc<ClientConfig>,
}

/// Why there is no trust to work with.
#[derive(Debug, thiserror::Error)]
pub enum TrustError {
    /// The file of the office's authority can't be read, or holds no certificate.
    #[error("the file holds no certificate that can be read")]
    NoCertificate,
    /// A certificate in the file can't be one of an authority, or the system's own can't be used.
    #[error("the certificates can't be used: {0}")]
    Unusable(#[from] rustls::Error),
}

impl Trust {
    /// The authorities of this computer.
    ///
    /// # Errors
    /// [`TrustError::Unusable`] where the system has none.
    pub fn system() -> Result<Self, TrustError> {
        Self::with([])
    }

    /// The authorities of this computer, and those in the PEM file at `path`.
    ///
    /// # Errors
    /// [`TrustError`].
    pub fn system_and(path: &Path) -> Result<Self, TrustError> {
        let extra: Result<Vec<_>, _> = CertificateDer::pem_file_iter(path)
            .map_err(|_| TrustError::NoCertificate)?
            .collect();
        let extra = extra.map_err(|_| TrustError::NoCertificate)?;
        if extra.is_empty() {
            return Err(TrustError::NoCertificate);
        }
        Self::with(extra)
    }

    fn with(extra: impl IntoIterator<Item = CertificateDer<'static>>) -> Result<Self, TrustError> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let verifier = Verifier::new_with_extra_roots(extra, Arc::<CryptoProvider>::clone(&provider))?;
        let mut config = ClientConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .dangerous()
            .with_custom_certificate_verifier(Arc::new(verifier))
            .with_no_client_auth();
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self {
            config: Arc::new(config),
        })
    }

    /// How a connection is encrypted and whom it believes.
    pub(crate) fn config(&self) -> Arc<ClientConfig> {
        Arc::clone(&self.config)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_without_a_certificate_is_refused() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("ca.pem");
        assert!(matches!(Trust::system_and(&path), Err(TrustError::NoCertificate)));
        for text in ["", "Gentile ufficio,", "-----BEGIN CERTIFICATE-----\nnonsense"] {
            std::fs::write(&path, text).expect("written");
            assert!(
                matches!(Trust::system_and(&path), Err(TrustError::NoCertificate)),
                "{text}"
            );
        }
        let not_one = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        std::fs::write(&path, not_one).expect("written");
        assert!(matches!(Trust::system_and(&path), Err(TrustError::Unusable(_))));
    }
}
