//! An office whose only way out is a proxy: a real one, which lets through, refuses, and asks for a password.

#![allow(clippy::unwrap_used, reason = "a test may fail where it likes")]

use std::fs;
use std::net::{Ipv4Addr, TcpStream};
use std::process::{Child, Command, Stdio};

use agenda_sede_tests::served::{Served, free_port};
use agenda_sede_tests::waiting;
use tempfile::TempDir;

/// An office's proxy. It ends with the value.
struct Proxy {
    process: Child,
    port: u16,
    folder: TempDir,
}

impl Proxy {
    /// A proxy that lets connections through to `port`, with `more` in its configuration.
    fn to(port: u16, more: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let own = free_port();
        let log = folder.path().join("log");
        let configuration = folder.path().join("conf");
        let lines = [
            format!("Port {own}\nListen 127.0.0.1\nAllow 127.0.0.1\nConnectPort {port}\nTimeout 60"),
            format!("LogFile \"{}\"\nLogLevel Connect\n{more}\n", log.display()),
        ];
        fs::write(&configuration, lines.join("\n")).unwrap();
        let process = Command::new("tinyproxy")
            .arg("-d")
            .arg("-c")
            .arg(&configuration)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("tinyproxy; scripts/setup.sh installs it");
        waiting::until("the proxy never listens", || {
            TcpStream::connect((Ipv4Addr::LOCALHOST, own)).ok()
        });
        Self {
            process,
            port: own,
            folder,
        }
    }

    /// Its address, with what stands before the `@`.
    fn address(&self, who: &str) -> String {
        format!("http://{who}127.0.0.1:{}", self.port)
    }

    /// How often somebody was let through.
    fn let_through(&self) -> usize {
        let log = fs::read_to_string(self.folder.path().join("log")).unwrap_or_default();
        log.matches("Established connection to host").count()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// What is found on the way to `sede` through `proxy`, line by line.
fn way(sede: &Served, proxy: &str) -> Vec<String> {
    let output = Command::new(env!("CARGO_BIN_EXE_check_the_way"))
        .arg(sede.address())
        .arg(sede.authority())
        .env_clear()
        .env("HTTPS_PROXY", proxy)
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    String::from_utf8(output.stdout)
        .unwrap()
        .lines()
        .map(str::to_owned)
        .collect()
}

#[test]
fn each_thing_that_a_proxy_can_do_to_a_connection_is_found() {
    let sede = Served::begin(50);
    let port: u16 = sede.address().rsplit(':').next().unwrap().parse().unwrap();
    let up_to_the_device = ["Name", "Port", "Proxy", "Tls", "Service", "Device NotAdmitted"];

    let open = Proxy::to(port, "");
    assert_eq!(way(&sede, &open.address("")), up_to_the_device);
    assert!(
        open.let_through() >= 2,
        "by hand and as the store goes: both through the proxy"
    );

    let closed = Proxy::to(443, "");
    let found = way(&sede, &closed.address(""));
    assert_eq!(found, ["Name", "Port", "Proxy ProxyRefuses { status: Some(403) }"]);

    let guarded = Proxy::to(port, "BasicAuth ufficio parola");
    let found = way(&sede, &guarded.address(""));
    assert_eq!(found, ["Name", "Port", "Proxy ProxyWantsPassword"]);
    let found = way(&sede, &guarded.address("ufficio:sbagliata@"));
    assert_eq!(
        found.last().map(|last| last.starts_with("Proxy Proxy")),
        Some(true),
        "{found:?}"
    );
    assert_eq!(way(&sede, &guarded.address("ufficio:parola@")), up_to_the_device);

    let gone = open.address("");
    drop(open);
    assert_eq!(way(&sede, &gone)[..1], ["Name"]);
    assert!(
        way(&sede, &gone)[1].starts_with("Port PortRefused"),
        "it is the proxy that does not answer"
    );
    assert_eq!(
        way(&sede, "http://proxy.invalid:3128"),
        [r#"Name NameUnknown { host: "proxy.invalid" }"#]
    );
}
