//! How a session opens.

use domain::content::Limits;

use super::Bench;
use super::world::{World, code};
use crate::{CONTRACT_VERSION, StoreError};

pub async fn a_session_opens_with_what_holds_in_the_store<B: Bench>() {
    let world = World::<B>::new().await;
    let limits = Limits {
        notes_max: 200,
        files_max: 2,
        file_bytes_max: 1_000,
        studio_bytes_max: 50_000,
    };
    world.desk.set_limits(limits).await.expect("set");
    let welcome = world.alfa.hello(CONTRACT_VERSION).await.expect("a welcome");
    assert!((welcome.versions.0..=welcome.versions.1).contains(&CONTRACT_VERSION));
    assert_eq!(welcome.now, world.now(), "the store's clock is the one that decides");
    assert_eq!(welcome.limits, limits, "R10: the sede's limits are those in force");
    assert_eq!(welcome.studio, code("ALFA"));
    assert_eq!(welcome.studio_name, "Studio ALFA");
    assert!(welcome.ask_again_after > 0, "a client that asks without a pause stalls the others");
    let again = world.alfa.hello(CONTRACT_VERSION).await.expect("a welcome");
    assert_eq!(again.epoch, welcome.epoch, "one life of the store is one epoch");
    let other = World::<B>::new().await.alfa.hello(CONTRACT_VERSION).await.expect("a welcome");
    assert_ne!(other.epoch, welcome.epoch, "another store is another epoch");
}

pub async fn a_version_that_is_not_spoken_is_refused_with_those_that_are<B: Bench>() {
    let world = World::<B>::new().await;
    for version in [0, 999] {
        match world.alfa.hello(version).await {
            Err(StoreError::Incompatible { oldest, newest }) => {
                assert!((oldest..=newest).contains(&CONTRACT_VERSION), "it says what it speaks");
            }
            answer => panic!("version {version} is spoken by nobody, but: {answer:?}"),
        }
    }
}
