//! `sede`: see the library of the same name.
#![forbid(unsafe_code)]

use std::io::{ErrorKind, Write};
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};
use sede::exit::EXIT_CODES;
use sede::operate::{Operation, Said, operate, teach};
use sede::serve::ServeArgs;
use sede::store::StoreArgs;

/// The calendar store of a sede: its server, its administrator and its operators.
#[derive(Debug, Parser)]
#[command(name = "sede", version, arg_required_else_help = true, after_help = EXIT_CODES)]
struct Program {
    #[command(flatten)]
    store: StoreArgs,
    /// Speak to scripts: one JSON value on the standard output, refusals as JSON on the error stream.
    #[arg(long, global = true)]
    json: bool,
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Answers the programs of the studios.
    Serve(ServeArgs),
    #[command(flatten)]
    Operate(Operation),
}

#[tokio::main]
async fn main() -> ExitCode {
    let given = teach(Program::command()).get_matches();
    let program = Program::from_arg_matches(&given).unwrap_or_else(|error| error.exit());
    let done = match program.verb {
        Verb::Serve(args) => {
            let served = sede::serve::serve(&program.store, args).await;
            served.map(|()| ExitCode::SUCCESS)
        }
        Verb::Operate(operation) => {
            let said = operate(&program.store, operation).await;
            said.map(|said| tell(&said, program.json))
        }
    };
    done.unwrap_or_else(|failure| {
        if program.json {
            eprintln!("{}", failure.script());
        } else {
            eprintln!("sede: {failure}");
        }
        failure.code()
    })
}

/// Writes what there is to say. Nobody may be there to hear all of it (`| head`): what was done is done all the same.
fn tell(said: &Said, json: bool) -> ExitCode {
    let text = if json {
        said.script.to_string()
    } else {
        said.people.clone()
    };
    // What had to be said was written as it is.
    if !text.is_empty() && !said.script.is_null() {
        let mut out = std::io::stdout().lock();
        match writeln!(out, "{text}").and_then(|()| out.flush()) {
            Err(error) if error.kind() != ErrorKind::BrokenPipe => return ExitCode::from(1),
            _ => {}
        }
    }
    ExitCode::from(if said.broken { 4 } else { 0 })
}
