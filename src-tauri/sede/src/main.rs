//! `sede`: see the library of the same name.
#![forbid(unsafe_code)]

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use sede::exit::Failure;
use sede::serve::ServeArgs;
use sede::store::StoreArgs;

/// The calendar store of a sede: its server, its administrator and its operators.
#[derive(Debug, Parser)]
#[command(name = "sede", version, arg_required_else_help = true)]
struct Program {
    #[command(flatten)]
    store: StoreArgs,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Answers the programs of the studios.
    Serve(ServeArgs),
}

#[tokio::main]
async fn main() -> ExitCode {
    let program = Program::parse();
    let done = match program.verb {
        Verb::Serve(args) => sede::serve::serve(&program.store, args).await.map_err(Failure::from),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("sede: {failure}");
            failure.code()
        }
    }
}
