//! Walks the way to a server step by step, as *Verifica connessione* does it, in a process of its own: its proxy is what its
//! environment says.
//!
//! `check_the_way ADDRESS AUTHORITY`: the address as a person writes it, and the file of the office's authority. It says one
//! line for each step: its name, and what is wrong with it.

#![allow(clippy::print_stdout, reason = "what it finds is what it is for")]

use std::path::Path;
use std::process::ExitCode;

use store_http::{ServerAddress, Trust, check};

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (Some(address), Some(authority)) = (arguments.next(), arguments.next()) else {
        return ExitCode::from(2);
    };
    let (Ok(address), Ok(trust)) = (
        address.parse::<ServerAddress>(),
        Trust::system_and(Path::new(&authority)),
    ) else {
        return ExitCode::from(2);
    };
    for finding in check(&address, &trust, None, |_| {}).await {
        match finding.fault {
            None => println!("{:?}", finding.step),
            Some(fault) => println!("{:?} {fault:?}", finding.step),
        }
    }
    ExitCode::SUCCESS
}
