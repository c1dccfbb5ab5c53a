//! Studios and their devices: invited, admitted, revoked, suspended.

use std::sync::Arc;

use chrono::TimeDelta;
use domain::people::Person;

use super::Bench;
use super::world::{TUESDAY, World, at, booked, booking, code, decided};
use crate::{
    AdmittedDevice, DeviceName, DeviceRegister, DeviceToken, InvitationCode, InviteOutcome, RedeemOutcome,
    RegisteredDevice, RevokeOutcome, StoreError, SuspendOutcome,
};

const VALID: TimeDelta = TimeDelta::hours(48);

fn anna() -> Person {
    code("Anna Bianchi")
}

fn desktop() -> DeviceName {
    code("SCRIVANIA-1")
}

async fn invited(register: &dyn DeviceRegister, studio: &str) -> InvitationCode {
    match register.invite(&code(studio), &anna(), VALID).await {
        Ok(InviteOutcome::Invited { code, .. }) => code,
        other => panic!("she must be invited: {other:?}"),
    }
}

async fn redeemed(register: &dyn DeviceRegister, invitation: &InvitationCode, token: &DeviceToken) -> RedeemOutcome {
    let outcome = register.redeem(invitation, &desktop(), token).await;
    outcome.expect("an outcome")
}

/// A new device of a studio.
async fn device(register: &dyn DeviceRegister, studio: &str) -> (DeviceToken, AdmittedDevice) {
    let token = DeviceToken::random();
    match redeemed(register, &invited(register, studio).await, &token).await {
        RedeemOutcome::Admitted { admitted } => (token, admitted),
        other => panic!("it must be admitted: {other:?}"),
    }
}

async fn listed(register: &dyn DeviceRegister) -> Vec<RegisteredDevice> {
    register.devices(None).await.expect("a list")
}

/// The device as it is listed.
async fn entry(register: &dyn DeviceRegister, device: &AdmittedDevice) -> RegisteredDevice {
    let mut all = listed(register).await.into_iter();
    all.find(|entry| entry.admitted == *device).expect("it is in the list")
}

pub async fn an_invitation_admits_one_device_of_its_studio<B: Bench>() {
    let world = World::<B>::new().await;
    let register = &*world.register;
    let (token, admitted) = device(register, "ALFA").await;
    assert_eq!((&admitted.studio, &admitted.person), (&code("ALFA"), &anna()));
    assert_eq!(register.admitted(&token).await, Ok(admitted.clone()));
    let (other, of_beta) = device(register, "BETA").await;
    assert_ne!(admitted.device, of_beta.device);
    assert_eq!(register.admitted(&other).await.map(|device| device.studio), Ok(code("BETA")));
}

pub async fn an_invitation_is_of_no_use_to_a_second_device<B: Bench>() {
    let world = World::<B>::new().await;
    let register = &*world.register;
    let invitation = invited(register, "ALFA").await;
    redeemed(register, &invitation, &DeviceToken::random()).await;
    let before = listed(register).await;
    let second = DeviceToken::random();
    assert_eq!(redeemed(register, &invitation, &second).await, RedeemOutcome::Used);
    assert_eq!(register.admitted(&second).await, Err(StoreError::DeviceUnknown));
    assert_eq!(listed(register).await, before);
}

pub async fn an_answer_that_was_lost_does_no_harm<B: Bench>() {
    let world = World::<B>::new().await;
    let register = &*world.register;
    let before = listed(register).await.len();
    let (invitation, token) = (invited(register, "ALFA").await, DeviceToken::random());
    let first = redeemed(register, &invitation, &token).await;
    assert!(matches!(first, RedeemOutcome::Admitted { .. }), "{first:?}");
    assert_eq!(redeemed(register, &invitation, &token).await, first);
    world.clock.advance(VALID * 2);
    assert_eq!(
        redeemed(register, &invitation, &token).await,
        first,
        "whenever it comes, also when the invitation has expired since"
    );
    assert_eq!(listed(register).await.len(), before + 1);
}

pub async fn an_invitation_expires_to_the_second<B: Bench>() {
    let world = World::<B>::new().await;
    let register = &*world.register;
    let before = listed(register).await.len();
    let (early, late) = (invited(register, "ALFA").await, invited(register, "ALFA").await);
    world.clock.advance(VALID - TimeDelta::seconds(1));
    let outcome = redeemed(register, &early, &DeviceToken::random()).await;
    assert!(matches!(outcome, RedeemOutcome::Admitted { .. }), "{outcome:?}");
    world.clock.advance(TimeDelta::seconds(1));
    assert_eq!(
        redeemed(register, &late, &DeviceToken::random()).await,
        RedeemOutcome::Expired
    );
    assert_eq!(listed(register).await.len(), before + 1);
}

pub async fn an_invitation_that_nobody_made_admits_nobody<B: Bench>() {
    let world = World::<B>::new().await;
    let register = &*world.register;
    invited(register, "ALFA").await;
    let before = listed(register).await;
    let token = DeviceToken::random();
    for _ in 0..100 {
        assert_eq!(
            redeemed(register, &InvitationCode::random(), &token).await,
            RedeemOutcome::UnknownInvitation
        );
    }
    assert_eq!(register.admitted(&token).await, Err(StoreError::DeviceUnknown));
    assert_eq!(listed(register).await, before);
}

pub async fn a_token_is_one_device_s<B: Bench>() {
    let world = World::<B>::new().await;
    let register = &*world.register;
    let (token, admitted) = device(register, "ALFA").await;
    let invitation = invited(register, "BETA").await;
    assert_eq!(
        redeemed(register, &invitation, &token).await,
        RedeemOutcome::TokenTaken
    );
    assert_eq!(register.admitted(&token).await, Ok(admitted.clone()), "it stays ALFA's");
    register.revoke(admitted.device).await.expect("revoked");
    assert_eq!(
        redeemed(register, &invitation, &token).await,
        RedeemOutcome::TokenTaken,
        "what was revoked never opens again"
    );
    let outcome = redeemed(register, &invitation, &DeviceToken::random()).await;
    assert!(
        matches!(outcome, RedeemOutcome::Admitted { .. }),
        "the invitation is none the worse for it: {outcome:?}"
    );
}

pub async fn a_token_that_nobody_knows_is_told_so<B: Bench>() {
    let world = World::<B>::new().await;
    let register = &*world.register;
    let (_, admitted) = device(register, "ALFA").await;
    assert_eq!(
        register.admitted(&DeviceToken::random()).await,
        Err(StoreError::DeviceUnknown)
    );
    let nobody = crate::DeviceId::new(uuid::Uuid::now_v7());
    assert_eq!(register.revoke(nobody).await, Ok(RevokeOutcome::UnknownDevice));
    assert_eq!(entry(register, &admitted).await.revoked_at, None);
}

pub async fn a_revoked_device_is_told_so_and_its_person_is_invited_again<B: Bench>() {
    let world = World::<B>::new().await;
    let register = &*world.register;
    let (invitation, token) = (invited(register, "ALFA").await, DeviceToken::random());
    let RedeemOutcome::Admitted { admitted } = redeemed(register, &invitation, &token).await else {
        panic!("it must be admitted");
    };
    assert_eq!(register.revoke(admitted.device).await, Ok(RevokeOutcome::Revoked));
    assert_eq!(register.admitted(&token).await, Err(StoreError::DeviceRevoked));
    let answer = register.redeem(&invitation, &desktop(), &token).await;
    assert_eq!(answer, Err(StoreError::DeviceRevoked), "the old invitation is no way back");
    let since = entry(register, &admitted).await.revoked_at;
    assert!(since.is_some());
    world.clock.advance(TimeDelta::hours(1));
    assert_eq!(register.revoke(admitted.device).await, Ok(RevokeOutcome::Revoked));
    assert_eq!(entry(register, &admitted).await.revoked_at, since, "the first time counts");

    let (again, readmitted) = device(register, "ALFA").await;
    assert_ne!(readmitted.device, admitted.device);
    assert_eq!(register.admitted(&again).await, Ok(readmitted));
    assert_eq!(register.admitted(&token).await, Err(StoreError::DeviceRevoked));
}

pub async fn a_suspended_studio_is_told_so_and_loses_nothing<B: Bench>() {
    let world = World::<B>::with_a_ticket().await;
    let register = &*world.register;
    let (token, admitted) = device(register, "ALFA").await;
    let (of_beta, beta) = device(register, "BETA").await;
    let waiting = invited(register, "ALFA").await;
    assert_eq!(register.suspend(&code("ALFA")).await, Ok(SuspendOutcome::Done));
    assert_eq!(register.admitted(&token).await, Err(StoreError::StudioSuspended));
    assert_eq!(register.admitted(&of_beta).await, Ok(beta), "another studio is served as before");
    let fresh = DeviceToken::random();
    let answer = register.redeem(&waiting, &desktop(), &fresh).await;
    assert_eq!(answer, Err(StoreError::StudioSuspended));

    let since = register.studios().await.expect("a list")[0].suspended_since;
    assert_eq!(since, Some(at("2026-11-23T10:00")));
    world.clock.advance(TimeDelta::hours(1));
    assert_eq!(register.suspend(&code("ALFA")).await, Ok(SuspendOutcome::Done));
    assert_eq!(
        register.studios().await.expect("a list")[0].suspended_since,
        since,
        "the first time counts"
    );

    assert_eq!(register.resume(&code("ALFA")).await, Ok(SuspendOutcome::Done));
    assert_eq!(register.admitted(&token).await, Ok(admitted));
    let outcome = redeemed(register, &waiting, &fresh).await;
    assert!(matches!(outcome, RedeemOutcome::Admitted { .. }), "{outcome:?}");
    booked(
        world
            .alfa
            .book(decided(), &booking(&["LU-1"], &TUESDAY[..1]))
            .await
            .expect("an outcome"),
    );
}

pub async fn a_studio_that_nobody_enrolled_has_no_devices<B: Bench>() {
    let world = World::<B>::new().await;
    let register = &*world.register;
    let nobody = code("NESSUNO");
    let outcome = register.invite(&nobody, &anna(), VALID).await;
    assert_eq!(outcome, Ok(InviteOutcome::UnknownStudio));
    assert_eq!(register.suspend(&nobody).await, Ok(SuspendOutcome::UnknownStudio));
    assert_eq!(register.resume(&nobody).await, Ok(SuspendOutcome::UnknownStudio));
    assert_eq!(register.devices(Some(&nobody)).await, Ok(Vec::new()));
}

pub async fn the_register_lists_studios_and_devices<B: Bench>() {
    let world = World::<B>::new().await;
    let register = &*world.register;
    let studios = register.studios().await.expect("a list");
    let seen: Vec<_> = studios
        .iter()
        .map(|studio| (studio.code.as_str(), studio.name.as_str(), studio.suspended_since))
        .collect();
    assert_eq!(seen, [("ALFA", "Studio ALFA", None), ("BETA", "Studio BETA", None)]);
    let (before, of_alfa_before) = (studios[0].devices, register.devices(Some(&code("ALFA"))).await);
    let skipped = listed(register).await.len();

    let (_, first) = device(register, "ALFA").await;
    let (_, second) = device(register, "BETA").await;
    let (_, third) = device(register, "ALFA").await;
    register.revoke(first.device).await.expect("revoked");
    let all = listed(register).await.split_off(skipped);
    let ids: Vec<_> = all.iter().map(|device| device.admitted.device).collect();
    assert_eq!(ids, [first.device, second.device, third.device]);
    let now = at("2026-11-23T10:00");
    let revoked: Vec<_> = all.iter().map(|device| device.revoked_at).collect();
    assert_eq!(revoked, [Some(now), None, None]);
    assert!(all.iter().all(|device| device.name == desktop() && device.admitted_at == now));
    let of_alfa = register.devices(Some(&code("ALFA"))).await.expect("a list");
    let of_alfa = &of_alfa[of_alfa_before.expect("a list").len()..];
    assert_eq!(of_alfa, [all[0].clone(), all[2].clone()]);
    let studios = register.studios().await.expect("a list");
    assert_eq!(studios[0].devices, before + 1, "a revoked one does not count");
}

pub async fn thirty_two_compete_for_one_invitation<B: Bench>() {
    let world = World::<B>::new().await;
    let register = &*world.register;
    let before = listed(register).await.len();
    let invitation = invited(register, "ALFA").await;
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..32 {
        let (register, invitation) = (Arc::clone(&world.register), invitation.clone());
        tasks.spawn(async move { redeemed(&*register, &invitation, &DeviceToken::random()).await });
    }
    let outcomes = tasks.join_all().await;
    let admitted = outcomes
        .iter()
        .filter(|outcome| matches!(outcome, RedeemOutcome::Admitted { .. }))
        .count();
    let used = outcomes.iter().filter(|outcome| **outcome == RedeemOutcome::Used).count();
    assert_eq!((admitted, used), (1, 31));
    assert_eq!(listed(register).await.len(), before + 1);
}
