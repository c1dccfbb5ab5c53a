//! Step by step, what stands between this computer and the server: for a person who must know whom to ask.
//!
//! Each step is done the plainest way, by hand up to the encryption and then as the store does it. The first that fails is
//! the last.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use reqwest::Method;
use rustls::client::Resumption;
use rustls::{CertificateError, Error as TlsError};
use rustls_pki_types::ServerName;
use store::{CONTRACT_VERSION, CalendarStore, Change, DeviceToken, Entity, StoreError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;

use super::wire::{Patience, Wire};
use super::{HttpStore, ServerAddress, Trust};
use crate::api::{Greeting, Problem, path};

/// How long each step by hand may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Pages in which a delegation is looked for: where there are any, the first ones name them.
const PAGES: usize = 50;

/// The steps, in their order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The server's name, or the proxy's where there is one, has a number.
    Name,
    /// Something answers at the port.
    Port,
    /// The proxy, where there is one, lets us through.
    Proxy,
    /// The connection is encrypted, and the server is who it says.
    Tls,
    /// It is a server of ours.
    Service,
    /// It knows this device.
    Device,
    /// It speaks our version of the contract.
    Versions,
    /// The studio acts for somebody.
    Delegations,
}

/// What a step came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The step.
    pub step: Step,
    /// Nothing where it went well.
    pub fault: Option<Fault>,
}

/// Why a step failed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// Nobody knows the name: it is written wrong, or there is no network.
    NameUnknown {
        /// The name that was asked for: the server's or the proxy's.
        host: String,
    },
    /// The computer is there, and nothing listens at the port.
    PortRefused {
        /// The port.
        port: u16,
    },
    /// No answer at the port: a firewall, or a computer that is off.
    PortSilent {
        /// The port.
        port: u16,
    },
    /// The proxy wants a name and a password, or others than it was given.
    ProxyWantsPassword,
    /// The proxy does not let us through.
    ProxyRefuses {
        /// Its status, if it said one.
        status: Option<u16>,
    },
    /// A kind of proxy that is not known here.
    ProxyUnknown,
    /// The certificate comes from an authority that this computer does not trust: an office's own needs its file.
    IssuerUnknown,
    /// The certificate is for another name.
    NameMismatch,
    /// The certificate has expired, or this computer's clock is ahead.
    CertificateExpired,
    /// The certificate is not valid yet, or this computer's clock is behind.
    CertificateNotYetValid,
    /// No encrypted connection comes about, for another reason.
    TlsFailed,
    /// Something answers that is no server of ours.
    NotOurs,
    /// The server answers, and can't serve now.
    ServerBusy,
    /// The server answers, and its store does not; or the connection broke meanwhile.
    StoreAway,
    /// The server answers, and failed.
    ServerFailed,
    /// The connection broke.
    Broken,
    /// No invitation was redeemed on this device, or the server does not know it.
    NotAdmitted,
    /// The device was revoked.
    Revoked,
    /// The studio is suspended.
    Suspended,
    /// The studio is not known to the store.
    StudioUnknown,
    /// The server speaks only older versions: it must be renewed.
    ServerTooOld {
        /// The newest that it speaks.
        newest: u32,
    },
    /// The server speaks only newer versions: this program must be renewed.
    ProgramTooOld {
        /// The oldest that it speaks.
        oldest: u32,
    },
    /// The sede knows of no position that the studio acts for.
    NoDelegation,
}

/// Checks the way to `address` for the device that has `token`, and tells of each step as it ends.
pub async fn check(
    address: &ServerAddress,
    trust: &Trust,
    token: Option<&DeviceToken>,
    mut tell: impl FnMut(&Finding) + Send,
) -> Vec<Finding> {
    let mut way = Way {
        address,
        trust,
        token,
        proxy: proxy_for(address),
        stream: None,
    };
    let mut findings = Vec::new();
    for step in [
        Step::Name,
        Step::Port,
        Step::Proxy,
        Step::Tls,
        Step::Service,
        Step::Device,
        Step::Versions,
        Step::Delegations,
    ] {
        let fault = way.walk(step).await.err();
        let ended = fault.is_some();
        let finding = Finding { step, fault };
        tell(&finding);
        findings.push(finding);
        if ended {
            break;
        }
    }
    findings
}

/// The system's proxy for this address, chosen as the store's own connections choose it.
fn proxy_for(address: &ServerAddress) -> Option<Intercept> {
    let uri = address.to_string().parse().ok()?;
    Matcher::from_system().intercept(&uri)
}

struct Way<'a> {
    address: &'a ServerAddress,
    trust: &'a Trust,
    token: Option<&'a DeviceToken>,
    proxy: Option<Intercept>,
    stream: Option<TcpStream>,
}

impl Way<'_> {
    async fn walk(&mut self, step: Step) -> Result<(), Fault> {
        match step {
            Step::Name => self.name().await,
            Step::Port => self.port().await,
            Step::Proxy => self.through_the_proxy().await,
            Step::Tls => self.encrypted().await,
            Step::Service => self.service().await,
            Step::Device => self.device().await,
            Step::Versions => self.versions().await,
            Step::Delegations => self.delegations().await,
        }
    }

    /// Where the first connection leads: to the proxy, or to the server.
    fn next_hop(&self) -> (String, u16) {
        match &self.proxy {
            Some(proxy) => {
                let uri = proxy.uri();
                let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
                let usual = if uri.scheme_str() == Some("https") { 443 } else { 80 };
                (host, uri.port_u16().unwrap_or(usual))
            }
            None => (self.address.host().to_owned(), self.address.port()),
        }
    }

    async fn name(&self) -> Result<(), Fault> {
        let (host, port) = self.next_hop();
        let found = timeout(PATIENCE, tokio::net::lookup_host((host.clone(), port))).await;
        let numbers = found.ok().and_then(Result::ok).map_or(0, Iterator::count);
        if numbers > 0 {
            Ok(())
        } else {
            Err(Fault::NameUnknown { host })
        }
    }

    async fn port(&mut self) -> Result<(), Fault> {
        let (host, port) = self.next_hop();
        match timeout(PATIENCE, TcpStream::connect((host, port))).await {
            Ok(Ok(stream)) => {
                self.stream = Some(stream);
                Ok(())
            }
            Ok(Err(error)) if error.kind() == io::ErrorKind::ConnectionRefused => Err(Fault::PortRefused { port }),
            Ok(Err(_)) | Err(_) => Err(Fault::PortSilent { port }),
        }
    }

    async fn through_the_proxy(&mut self) -> Result<(), Fault> {
        let (Some(proxy), Some(stream)) = (&self.proxy, &mut self.stream) else {
            return Ok(());
        };
        if proxy.uri().scheme_str() != Some("http") || !self.address.is_https() {
            return Err(Fault::ProxyUnknown);
        }
        let silent = Fault::ProxyRefuses { status: None };
        let status = timeout(PATIENCE, connect_through(stream, self.address, proxy)).await;
        match status {
            Ok(Ok(Some(200..=299))) => Ok(()),
            Ok(Ok(Some(407))) => Err(Fault::ProxyWantsPassword),
            Ok(Ok(status)) => Err(Fault::ProxyRefuses { status }),
            Ok(Err(_)) | Err(_) => Err(silent),
        }
    }

    async fn encrypted(&mut self) -> Result<(), Fault> {
        let Some(stream) = self.stream.take().filter(|_| self.address.is_https()) else {
            return Ok(());
        };
        let name = ServerName::try_from(self.address.host().to_owned()).map_err(|_| Fault::TlsFailed)?;
        // A session that is taken up again shows no certificate, and it is the certificate that is to be looked at.
        let mut config = self.trust.config().as_ref().clone();
        config.resumption = Resumption::disabled();
        let connector = TlsConnector::from(Arc::new(config));
        match timeout(PATIENCE, connector.connect(name, stream)).await {
            Ok(Ok(_)) => Ok(()),
            Ok(Err(error)) => Err(distrust(&error)),
            Err(_) => Err(Fault::TlsFailed),
        }
    }

    /// Without the token: whoever answers is not known yet.
    async fn service(&self) -> Result<(), Fault> {
        let wire = Wire::to(self.address.clone(), self.trust, Patience::default()).map_err(|_| Fault::TlsFailed)?;
        let greeting = Greeting {
            version: CONTRACT_VERSION,
        };
        let request = wire.request(Method::GET, path::HELLO).query(&greeting);
        let response = request.timeout(PATIENCE).send().await.map_err(|_| Fault::Broken)?;
        let body = response.bytes().await.map_err(|_| Fault::Broken)?;
        let problem: Problem = serde_json::from_slice(&body).map_err(|_| Fault::NotOurs)?;
        match problem.into_error() {
            StoreError::DeviceUnknown => Ok(()),
            error => Err(trouble(&error)),
        }
    }

    fn store(&self) -> Result<HttpStore, Fault> {
        let token = self.token.ok_or(Fault::NotAdmitted)?;
        HttpStore::new(self.address.clone(), self.trust, token.clone()).map_err(|_| Fault::TlsFailed)
    }

    async fn device(&self) -> Result<(), Fault> {
        match self.store()?.hello(CONTRACT_VERSION).await {
            // Who is told of versions was let in.
            Ok(_) | Err(StoreError::Incompatible { .. }) => Ok(()),
            Err(error) => Err(trouble(&error)),
        }
    }

    async fn versions(&self) -> Result<(), Fault> {
        match self.store()?.hello(CONTRACT_VERSION).await {
            Ok(_) => Ok(()),
            Err(StoreError::Incompatible { oldest, .. }) if oldest > CONTRACT_VERSION => {
                Err(Fault::ProgramTooOld { oldest })
            }
            Err(StoreError::Incompatible { newest, .. }) => Err(Fault::ServerTooOld { newest }),
            Err(error) => Err(trouble(&error)),
        }
    }

    async fn delegations(&self) -> Result<(), Fault> {
        let store = self.store()?;
        let mut cursor = None;
        for _ in 0..PAGES {
            let page = store.pull(cursor.as_ref()).await.map_err(|error| trouble(&error))?;
            let named = |change: &Change| matches!(change, Change::Put(Entity::Delegation(_)));
            if page.changes.iter().any(named) {
                return Ok(());
            }
            if !page.more {
                break;
            }
            cursor = Some(page.cursor);
        }
        Err(Fault::NoDelegation)
    }
}

/// Asks the proxy for a way to the server; its status, if it says one.
async fn connect_through(
    stream: &mut TcpStream,
    address: &ServerAddress,
    proxy: &Intercept,
) -> io::Result<Option<u16>> {
    let target = match address.host() {
        number if number.contains(':') => format!("[{number}]:{}", address.port()),
        name => format!("{name}:{}", address.port()),
    };
    let mut request = format!("CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n").into_bytes();
    if let Some(password) = proxy.basic_auth() {
        request.extend_from_slice(b"Proxy-Authorization: ");
        request.extend_from_slice(password.as_bytes());
        request.extend_from_slice(b"\r\n");
    }
    request.extend_from_slice(b"\r\n");
    stream.write_all(&request).await?;
    // Byte by byte: what comes after the head is the server's already.
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && head.len() < 8 * 1024 {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head);
    Ok(head.split_whitespace().nth(1).and_then(|status| status.parse().ok()))
}

/// What a failed handshake says.
fn distrust(error: &io::Error) -> Fault {
    let known = error.get_ref().and_then(|inner| inner.downcast_ref::<TlsError>());
    match known {
        Some(TlsError::InvalidCertificate(why)) => match why {
            // An authority of the same name with another key is another one.
            CertificateError::UnknownIssuer | CertificateError::BadSignature => Fault::IssuerUnknown,
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => Fault::NameMismatch,
            CertificateError::Expired | CertificateError::ExpiredContext { .. } => Fault::CertificateExpired,
            CertificateError::NotValidYet | CertificateError::NotValidYetContext { .. } => {
                Fault::CertificateNotYetValid
            }
            _ => Fault::TlsFailed,
        },
        _ => Fault::TlsFailed,
    }
}

/// What an error of the store says here.
fn trouble(error: &StoreError) -> Fault {
    match error {
        StoreError::Unreachable { .. } => Fault::StoreAway,
        StoreError::Busy { .. } => Fault::ServerBusy,
        StoreError::DeviceUnknown => Fault::NotAdmitted,
        StoreError::DeviceRevoked => Fault::Revoked,
        StoreError::StudioSuspended => Fault::Suspended,
        StoreError::StudioUnknown => Fault::StudioUnknown,
        StoreError::Incompatible { .. }
        | StoreError::EpochChanged
        | StoreError::AttemptReused
        | StoreError::Unsupported
        | StoreError::Failed { .. } => Fault::ServerFailed,
    }
}
