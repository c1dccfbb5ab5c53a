//! Who is asking. Every request acts for the studio of its device: nothing in it names one.

use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use store::{AdmittedDevice, CalendarStore, DeviceToken, StoreError};
use store_http::api::ProblemKind;

use super::connections::Peer;
use super::problem::Refused;
use super::server::Server;

/// A device that was let in, and the store as its studio sees it.
pub(crate) struct Admitted {
    pub(crate) device: AdmittedDevice,
    pub(crate) store: Arc<dyn CalendarStore>,
}

/// The token that a request brings, whomever it admits.
pub(crate) struct Bearer(pub(crate) DeviceToken);

impl<S: Sync> FromRequestParts<S> for Bearer {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refused> {
        let mut values = parts.headers.get_all(AUTHORIZATION).iter();
        let (Some(value), None) = (values.next(), values.next()) else {
            return Err(ProblemKind::DeviceUnknown.into());
        };
        let token = value.to_str().ok().and_then(|value| {
            let (scheme, token) = value.split_once(' ')?;
            scheme.eq_ignore_ascii_case("Bearer").then(|| token.parse().ok())?
        });
        token.map(Self).ok_or_else(|| ProblemKind::DeviceUnknown.into())
    }
}

impl FromRequestParts<Arc<Server>> for Admitted {
    type Rejection = Refused;

    async fn from_request_parts(parts: &mut Parts, server: &Arc<Server>) -> Result<Self, Refused> {
        let peer = parts.extensions.get::<Peer>().copied();
        let Bearer(token) = Bearer::from_request_parts(parts, server).await?;
        let register = server.backing.register();
        let admitted = server.call(async { Ok(register.admitted(&token).await) }).await?;
        let device = match admitted {
            Ok(device) => device,
            Err(error) => {
                // Who guesses is slowed down; who was let in once learns what became of it.
                if error == StoreError::DeviceUnknown
                    && let Some(Peer(peer)) = peer
                {
                    server.rates.stranger(peer.ip())?;
                }
                return Err(error.into());
            }
        };
        if let Some(asking) = parts.extensions.get::<super::log::WhoAsks>() {
            asking.is(device.device);
        }
        server.rates.device(device.device)?;
        let store = server.backing.studio(&device.studio, Some(&device.person));
        Ok(Self { device, store })
    }
}
