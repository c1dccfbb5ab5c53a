//! The description of the API, made from the code that answers it.

use axum::response::IntoResponse;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};
use utoipa::{Modify, OpenApi};

use super::calls;

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Agenda Sede",
        description = "The calendar store of a sede, for the programs of professional studios. Every request acts for the \
            studio of its device. What the rules foresee, refusals too, is answered with 200 and an outcome; anything \
            else with a problem (RFC 9457) whose `type` never changes: 401 device-unknown; 403 device-revoked, \
            studio-suspended, studio-unknown; 429 too-many-requests; 503 busy, unreachable; 400 malformed.",
    ),
    paths(
        calls::hello,
        calls::changes,
        calls::book,
        calls::deposit,
        calls::withdraw,
        calls::change,
        calls::cancel,
        calls::acknowledge,
        calls::assess,
        calls::enter,
        calls::open_ticket,
        calls::remind,
        calls::upload,
        calls::watch,
        calls::redeem,
    ),
    modifiers(&Tokens),
    security(("device" = [])),
)]
struct Description;

struct Tokens;

impl Modify for Tokens {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .description(Some(
                "The token of an admitted device: 52 symbols of Crockford's base 32.",
            ))
            .build();
        openapi
            .components
            .get_or_insert_default()
            .add_security_scheme("device", SecurityScheme::Http(scheme));
    }
}

/// The description.
pub fn description() -> utoipa::openapi::OpenApi {
    Description::openapi()
}

pub(crate) async fn described() -> impl IntoResponse {
    axum::Json(description())
}
