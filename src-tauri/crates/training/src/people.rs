//! The people of the studio that everybody is in training.

use chrono::TimeDelta;
use domain::people::Person;
use store::{DeviceName, DeviceRegister, DeviceToken, InviteOutcome, StoreError};

/// Their names; the first is the one at this computer.
const NAMES: [&str; 4] = ["Anna Ricci", "Bruno Verdi", "Chiara Neri", "Davide Bianchi"];

/// How long their invitations would be valid: they are redeemed at once.
const VALID: TimeDelta = TimeDelta::hours(1);

/// The person at this computer.
pub fn person() -> Option<Person> {
    NAMES[0].parse().ok()
}

/// Admits a device of each of them, of which nobody has the token: so that the sede knows who they are.
///
/// # Errors
/// [`StoreError`].
pub async fn admit_people(register: &dyn DeviceRegister) -> Result<(), StoreError> {
    let studio = crate::studio().code;
    for name in NAMES {
        let (Ok(person), Ok(device)) = (name.parse::<Person>(), name.parse::<DeviceName>()) else {
            continue;
        };
        if let InviteOutcome::Invited { code, .. } = register.invite(&studio, &person, VALID).await? {
            register.redeem(&code, &device, &DeviceToken::random()).await?;
        }
    }
    Ok(())
}
