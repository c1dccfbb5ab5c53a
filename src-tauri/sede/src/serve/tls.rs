//! The server's certificate: read from files, and again when they change, so that a renewed one needs no restart.

use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use rustls::ServerConfig;
use rustls::server::{ClientHello, ResolvesServerCert};
use rustls::sign::CertifiedKey;
use rustls_pki_types::pem::PemObject;
use rustls_pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;
use zeroize::Zeroizing;

/// Where certificate and key are.
#[derive(Debug, Clone)]
pub struct CertificateFiles {
    /// The certificate and those that lead to its authority, PEM.
    pub certificate: PathBuf,
    /// Its private key, PEM.
    pub key: PathBuf,
}

/// Why a certificate can't be used. Never what is in the files.
#[derive(Debug, thiserror::Error)]
pub enum CertificateError {
    /// A file can't be read.
    #[error("{} can't be read: {source}", .path.display())]
    Unreadable {
        /// Which.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// There is no certificate in the file.
    #[error("{} holds no certificate in PEM", .0.display())]
    NoCertificate(PathBuf),
    /// There is no key in the file.
    #[error("{} holds no private key in PEM", .0.display())]
    NoKey(PathBuf),
    /// They don't belong together, or are of a kind that is not spoken.
    #[error("certificate and key can't be used together: {0}")]
    Unusable(#[from] rustls::Error),
}

/// The certificate in use.
#[derive(Debug)]
pub(crate) struct Certificates {
    files: CertificateFiles,
    read: Mutex<Files>,
    current: RwLock<Arc<CertifiedKey>>,
}

/// What the files held when they were read last.
#[derive(PartialEq, Eq)]
struct Files {
    certificate: Vec<u8>,
    key: Zeroizing<Vec<u8>>,
}

impl std::fmt::Debug for Files {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Files(…)")
    }
}

async fn content(path: &PathBuf) -> Result<Vec<u8>, CertificateError> {
    tokio::fs::read(path)
        .await
        .map_err(|source| CertificateError::Unreadable {
            path: path.clone(),
            source,
        })
}

impl Files {
    async fn read(files: &CertificateFiles) -> Result<Self, CertificateError> {
        Ok(Self {
            certificate: content(&files.certificate).await?,
            key: Zeroizing::new(content(&files.key).await?),
        })
    }

    fn certified(&self, files: &CertificateFiles) -> Result<CertifiedKey, CertificateError> {
        let none = || CertificateError::NoCertificate(files.certificate.clone());
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&self.certificate)
            .collect::<Result<_, _>>()
            .map_err(|_| none())?;
        if chain.is_empty() {
            return Err(none());
        }
        let key = PrivateKeyDer::from_pem_slice(&self.key).map_err(|_| CertificateError::NoKey(files.key.clone()))?;
        Ok(CertifiedKey::from_der(
            chain,
            key,
            &rustls::crypto::ring::default_provider(),
        )?)
    }
}

impl Certificates {
    /// Reads them.
    pub(crate) async fn read(files: CertificateFiles) -> Result<Arc<Self>, CertificateError> {
        let read = Files::read(&files).await?;
        let current = RwLock::new(Arc::new(read.certified(&files)?));
        Ok(Arc::new(Self {
            files,
            read: Mutex::new(read),
            current,
        }))
    }

    /// Reads them again; whether they are others than before. What can't be used (a certificate that is written before its
    /// key) leaves those that are in use.
    pub(crate) async fn renew(&self) -> Result<bool, CertificateError> {
        let read = Files::read(&self.files).await?;
        if *self.read.lock().unwrap_or_else(PoisonError::into_inner) == read {
            return Ok(false);
        }
        let certified = Arc::new(read.certified(&self.files)?);
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = certified;
        *self.read.lock().unwrap_or_else(PoisonError::into_inner) = read;
        Ok(true)
    }
}

impl ResolvesServerCert for Certificates {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner)))
    }
}

/// How connections are encrypted with `certificates`: TLS 1.2 and 1.3, HTTP/2 and 1.1.
pub(crate) fn acceptor(certificates: Arc<Certificates>) -> Result<TlsAcceptor, CertificateError> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_cert_resolver(certificates);
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok(TlsAcceptor::from(Arc::new(config)))
}
