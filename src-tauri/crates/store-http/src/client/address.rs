//! The address of a server, as a person types it.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use url::{Host, Url};

/// Characters that a name may have (RFC 1035, 2.3.4, without the dot at its end).
const LONGEST_NAME: usize = 253;

/// A server: `https://sede.example.it`, perhaps with a port. `http` only for this computer itself, where nobody listens in.
/// No path, no user, no password; a name of at most 253 characters, as RFC 1035 allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServerAddress(Url);

/// Why a text is no address of a server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum MalformedAddress {
    /// Not written as an address is.
    #[error("not an address of a server")]
    NotAnAddress,
    /// `http` to another computer: everybody on the way could read along.
    #[error("http is for this computer only: another one needs https")]
    NotSecret,
    /// A user, a password, a path or a question in it.
    #[error("an address of a server is a name, and perhaps a port")]
    TooMuch,
}

impl ServerAddress {
    /// Its name or number.
    pub fn host(&self) -> &str {
        self.0.host_str().unwrap_or_default().trim_matches(['[', ']'])
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.0.port_or_known_default().unwrap_or(443)
    }

    /// Whether the way to it is encrypted; it is not only on this computer.
    pub fn is_https(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// The whole address of `path`, which begins with a slash.
    pub(crate) fn at(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(path);
        url
    }
}

impl FromStr for ServerAddress {
    type Err = MalformedAddress;

    /// A name alone means `https`.
    fn from_str(text: &str) -> Result<Self, MalformedAddress> {
        let text = text.trim();
        let with_scheme = if text.contains("://") {
            text.to_owned()
        } else {
            format!("https://{text}")
        };
        let url = Url::parse(&with_scheme).map_err(|_| MalformedAddress::NotAnAddress)?;
        let host = url.host().ok_or(MalformedAddress::NotAnAddress)?;
        if matches!(host, Host::Domain(name) if name.len() > LONGEST_NAME) {
            return Err(MalformedAddress::NotAnAddress);
        }
        match url.scheme() {
            "https" => {}
            "http" if is_this_computer(&host) => {}
            "http" => return Err(MalformedAddress::NotSecret),
            _ => return Err(MalformedAddress::NotAnAddress),
        }
        let bare = url.username().is_empty()
            && url.password().is_none()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none();
        if bare {
            Ok(Self(url))
        } else {
            Err(MalformedAddress::TooMuch)
        }
    }
}

fn is_this_computer(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => IpAddr::from(*address).is_loopback(),
        Host::Ipv6(address) => IpAddr::from(*address).is_loopback(),
    }
}

impl fmt::Display for ServerAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_a_name_and_perhaps_a_port() {
        for (typed, meant) in [
            ("sede.example.it", "https://sede.example.it"),
            (" https://Sede.Example.IT/ ", "https://sede.example.it"),
            ("https://sede.example.it:8443", "https://sede.example.it:8443"),
            ("https://192.0.2.7", "https://192.0.2.7"),
            ("https://[2001:db8::7]:8443", "https://[2001:db8::7]:8443"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("http://localhost:8080", "http://localhost:8080"),
        ] {
            let address: ServerAddress = typed.parse().expect(typed);
            assert_eq!(address.to_string(), meant);
        }
    }

    #[test]
    fn what_is_no_address_says_why() {
        for (typed, why) in [
            ("", MalformedAddress::NotAnAddress),
            ("https://", MalformedAddress::NotAnAddress),
            ("ftp://sede.example.it", MalformedAddress::NotAnAddress),
            ("file:///etc/passwd", MalformedAddress::NotAnAddress),
            ("due parole", MalformedAddress::NotAnAddress),
            ("http://sede.example.it", MalformedAddress::NotSecret),
            ("http://127.0.0.1.example.it", MalformedAddress::NotSecret),
            ("http://localhost.example.it", MalformedAddress::NotSecret),
            ("https://anna:segreto@sede.example.it", MalformedAddress::TooMuch),
            ("https://sede.example.it/altro", MalformedAddress::TooMuch),
            ("https://sede.example.it/?a=b", MalformedAddress::TooMuch),
            ("https://sede.example.it/#a", MalformedAddress::TooMuch),
        ] {
            assert_eq!(typed.parse::<ServerAddress>(), Err(why), "{typed}");
        }
    }

    #[test]
    fn a_name_that_no_directory_can_hold_is_no_address() {
        let longest = format!("{}.it", "a".repeat(250));
        assert!(longest.parse::<ServerAddress>().is_ok(), "253 characters");
        assert_eq!(
            format!("a{longest}").parse::<ServerAddress>(),
            Err(MalformedAddress::NotAnAddress)
        );
    }

    #[test]
    fn a_number_of_the_sixth_version_is_a_host_without_brackets() {
        let address: ServerAddress = "https://[2001:db8::7]:8443".parse().expect("an address");
        assert_eq!((address.host(), address.port()), ("2001:db8::7", 8443));
    }
}
