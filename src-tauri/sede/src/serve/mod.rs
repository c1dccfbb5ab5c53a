//! The server that studios' programs speak to.
//!
//! * `operations`: health, on a port of their own, for the machine's own network only.
//! * `log`: what is written down: structured, without personal data.

mod log;
mod operations;

use std::io;
use std::net::SocketAddr;

use clap::Args;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::exit::Failure;
use crate::store::StoreArgs;

/// How the server is started.
#[derive(Debug, Clone, Args)]
pub struct ServeArgs {
    /// Where health (`/live`, `/ready`) is answered, over plain HTTP. Never the address that studios reach.
    #[arg(
        long,
        value_name = "ADDRESS",
        default_value = "127.0.0.1:9464",
        env = "SEDE_OPERATIONS"
    )]
    pub operations: SocketAddr,
}

/// Why the server can't be started or kept up.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    /// The address can't be listened on.
    #[error("{address} can't be listened on: {source}")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// Why.
        source: io::Error,
    },
}

/// Serves until the process is told to end.
///
/// # Errors
/// [`Failure`]; nothing is listened on any more.
pub async fn serve(store: &StoreArgs, args: ServeArgs) -> Result<(), Failure> {
    log::start();
    let backing = store.open().await?;
    let stop = stopped_by_the_system();
    let operations = listen(args.operations).await?;
    operations::answer(operations, backing.clone(), stop).await;
    backing.close().await;
    Ok(())
}

async fn listen(address: SocketAddr) -> Result<TcpListener, ServeError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| ServeError::Listen { address, source })
}

/// Cancelled when the system or a person at the terminal ends the process.
fn stopped_by_the_system() -> CancellationToken {
    let stop = CancellationToken::new();
    let stopping = stop.clone();
    tokio::spawn(async move {
        asked_to_end().await;
        tracing::info!("asked to end");
        stopping.cancel();
    });
    stop
}

#[cfg(unix)]
async fn asked_to_end() {
    use tokio::signal::unix::{SignalKind, signal};
    match signal(SignalKind::terminate()) {
        Ok(mut terminated) => {
            tokio::select! {
                _ = terminated.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
        }
        Err(error) => {
            tracing::error!(%error, "SIGTERM can't be waited for");
            let _ = tokio::signal::ctrl_c().await;
        }
    }
}

#[cfg(not(unix))]
async fn asked_to_end() {
    let _ = tokio::signal::ctrl_c().await;
}
