//! What may happen, one thing at a time.

use chrono::TimeDelta;
use domain::appointment::SedeChange;
use domain::booking::{BookedTicket, Booking};
use domain::content::{Contact, Content};
use domain::point::Closure;
use domain::ticket::Outcome;
use domain::time::{civil_day, midnight};
use domain::wish::{Pattern, Wish};
use store::{AppointmentFilter, BookOutcome, DepositOutcome, SedeDesk, SedeRecords, TicketAct};
use studio::view::drafts::{DraftChange, DraftDetail, DraftStateView, WishView};
use studio::view::requests::RequestChange;
use studio::view::tickets::{AssessmentView, BookableFilter, TicketQuery, TicketSort};
use sync::Waypoint;

use crate::computer::Did;
use crate::dice::Dice;
use crate::scene::{OURS, Scene, THEIRS, new_attempt};
use crate::world::{POINT, TOPIC};

/// One step of the simulation; its name, for the story of a seed that fails.
pub async fn something(scene: &mut Scene, dice: &mut Dice) -> String {
    let who = dice.below(2);
    match dice.below(100) {
        0..12 => time_passes(scene, dice),
        12..40 => {
            scene.computers[who].sync().await;
            format!("{who} syncs")
        }
        40..54 => a_booking(scene, dice, who).await,
        54..64 => a_draft_again(scene, dice, who).await,
        64..70 => an_appointment(scene, dice, who).await,
        70..73 => a_judgement(scene, dice, who).await,
        73..76 => a_note(scene, dice, who).await,
        76..79 => a_reminder(scene, dice, who).await,
        79..82 => a_request(scene, dice, who).await,
        82..87 => the_sede(scene, dice).await,
        87..95 => the_rival(scene, dice).await,
        _ => misfortune(scene, dice, who).await,
    }
}

fn time_passes(scene: &Scene, dice: &mut Dice) -> String {
    let now = scene.now();
    let then = match dice.below(4) {
        0 => now + TimeDelta::minutes(i64::try_from(dice.below(50)).unwrap() + 1),
        1 => now + TimeDelta::hours(i64::try_from(dice.below(20)).unwrap() + 1),
        // The first moment of the next day: the one at which tickets ripen.
        _ => midnight(civil_day(now).succ_opt().unwrap()),
    };
    scene.world.clock.set(then);
    format!("it is {then}")
}

async fn wishes(scene: &Scene, dice: &mut Dice, point: &str) -> Vec<WishView> {
    let mut wishes = Vec::new();
    for _ in 0..=dice.below(3) {
        let slot = if point == POINT {
            scene.some_slot(dice).await
        } else {
            None
        };
        wishes.push(match slot.filter(|_| dice.chance(70)) {
            Some(slot) => WishView::Slot {
                start: slot.start.to_string(),
                date: String::new(),
                time: String::new(),
                free: None,
            },
            None => WishView::Pattern {
                weekdays: if dice.chance(50) { vec![2, 4] } else { Vec::new() },
                from: dice.chance(30).then(|| "10:00".to_owned()),
                to: None,
                until: dice
                    .chance(40)
                    .then(|| (civil_day(scene.now()) + TimeDelta::days(9)).to_string()),
            },
        });
    }
    wishes
}

/// A person finds a ticket and books it, now or for its day.
async fn a_booking(scene: &mut Scene, dice: &mut Dice, who: usize) -> String {
    let query = TicketQuery {
        bookable: BookableFilter::Any,
        statuses: Vec::new(),
        company: None,
        topic: None,
        opened_from: None,
        opened_to: None,
        in_charge: None,
        text: String::new(),
        sort: TicketSort::Code,
        descending: false,
    };
    let listed = scene.computers[who]
        .does(|studio| async move {
            let list = studio.tickets_open(query).await?;
            studio.tickets_window(list.list, 0, 100).await
        })
        .await;
    let rows = listed.well().unwrap_or_default();
    let Some(code) = dice.pick(&rows).map(|row| row.code.clone()) else {
        return format!("{who} finds no ticket");
    };
    let from_reply = dice.chance(20);
    let (asked, with) = (
        code.clone(),
        dice.pick(&rows).map(|row| row.code.clone()).filter(|_| dice.chance(15)),
    );
    let begun = scene.computers[who]
        .does(move |studio| async move {
            if from_reply {
                return studio.booking_from_reply(&asked).await;
            }
            let tickets: Vec<String> = [Some(asked), with].into_iter().flatten().collect();
            studio.booking_prepare(&tickets).await
        })
        .await;
    let Some(draft) = begun.well() else {
        return format!("{who} can't book {code}");
    };
    let sent = write_and_send(scene, dice, who, draft).await;
    format!("{who} books {code}: {sent:?}")
}

async fn write_and_send(scene: &mut Scene, dice: &mut Dice, who: usize, draft: DraftDetail) -> Option<DraftStateView> {
    let change = DraftChange {
        wishes: Some(wishes(scene, dice, &draft.point.code).await),
        waits: (draft.changes.is_none() && dice.chance(40)).then_some(true),
        notes: Some(format!("Nota {}.", dice.below(1_000))),
        phone: Some("0583 123456".into()),
        ..DraftChange::default()
    };
    let (id, revision) = (draft.id, draft.revision);
    let saved = scene.computers[who]
        .does(move |studio| async move { studio.draft_save(&id, revision, change).await })
        .await
        .well()?;
    if dice.chance(10) {
        return Some(saved.state);
    }
    let (id, revision) = (saved.id, saved.revision);
    let sent = scene.computers[who]
        .does(move |studio| async move { studio.draft_send(&id, revision).await })
        .await;
    sent.well().map(|draft| draft.state)
}

/// A person does something with a draft that there is.
async fn a_draft_again(scene: &mut Scene, dice: &mut Dice, who: usize) -> String {
    let computer = &mut scene.computers[who];
    let drafts = computer.does(|studio| async move { studio.drafts_list().await }).await;
    let drafts = drafts.well().unwrap_or_default();
    let Some(draft) = dice.pick(&drafts).cloned() else {
        return format!("{who} has no draft");
    };
    let (id, act) = (draft.id.clone(), dice.below(5));
    let did = computer
        .does(move |studio| async move {
            match act {
                0 => studio.draft_recall(&id).await.map(drop),
                1 => studio.draft_discard(&id).await.map(drop),
                2 => studio.draft_restore(&id).await.map(drop),
                3 => studio.draft_retry(&id).await.map(drop),
                _ => Ok(()),
            }
        })
        .await
        .well();
    let id = draft.id.clone();
    let opened = computer
        .does(move |studio| async move { studio.draft_open(&id).await })
        .await
        .well();
    if act == 4
        && let Some(opened) = opened.filter(|opened| opened.state == DraftStateView::Editing)
    {
        write_and_send(scene, dice, who, opened).await;
    }
    format!(
        "{who}, draft {} ({:?}), act {act}: {}",
        draft.id,
        draft.state,
        did.is_some()
    )
}

/// A person cancels, changes or acknowledges.
async fn an_appointment(scene: &mut Scene, dice: &mut Dice, who: usize) -> String {
    let computer = &mut scene.computers[who];
    let listed = computer
        .does(|studio| async move { studio.agenda_list(false).await })
        .await;
    let listed = listed.well().unwrap_or_default();
    let Some(id) = dice.pick(&listed).map(|row| row.id.clone()) else {
        return format!("{who} has no appointment");
    };
    let (of, act) = (id.clone(), dice.below(4));
    match act {
        0 => {
            computer
                .does(move |studio| async move { studio.appointment_cancel(&of).await })
                .await;
        }
        1 | 2 => {
            let draft = computer
                .does(move |studio| async move { studio.appointment_change(&of).await })
                .await;
            if let Some(draft) = draft.well().filter(|draft| draft.state == DraftStateView::Editing) {
                write_and_send(scene, dice, who, draft).await;
            }
        }
        _ => {
            let today = computer
                .does(|studio| async move { studio.today_read().await })
                .await
                .well();
            for unread in today.map(|today| today.communications).unwrap_or_default() {
                computer
                    .does(move |studio| async move { studio.communication_acknowledge(&unread.id).await })
                    .await;
            }
        }
    }
    format!("{who}, appointment {id}, act {act}")
}

async fn a_judgement(scene: &mut Scene, dice: &mut Dice, who: usize) -> String {
    let code = scene.some_ticket(dice);
    let judgement = *dice
        .pick(&[AssessmentView::Unsatisfactory, AssessmentView::Satisfactory])
        .unwrap();
    let asked = code.to_string();
    let did = scene.computers[who]
        .does(move |studio| async move { studio.ticket_assess(&asked, judgement).await })
        .await;
    format!("{who} judges {code}: {}", did.well().is_some())
}

async fn a_note(scene: &mut Scene, dice: &mut Dice, who: usize) -> String {
    let code = scene.some_ticket(dice);
    let words = format!("Nota riservata {}.", scene.notes.len());
    let (about, written) = (code.to_string(), words.clone());
    let did = scene.computers[who]
        .does(move |studio| async move { studio.ticket_note(&about, &written).await })
        .await;
    let kept = matches!(did, Did::Well(_));
    // Where the program ended, it may have been kept, or not.
    if !matches!(did, Did::Not) {
        scene.notes.push((code.clone(), words, kept));
    }
    format!("{who} notes something about {code}: {kept}")
}

async fn a_reminder(scene: &mut Scene, dice: &mut Dice, who: usize) -> String {
    let code = scene.some_ticket(dice);
    let (asked, takes_back) = (code.to_string(), dice.chance(15));
    let did = scene.computers[who]
        .does(move |studio| async move {
            let told = studio.ticket_remind(&asked, "Attendiamo un cenno.").await?;
            if takes_back {
                studio.reminder_recall(&asked).await?;
            }
            Ok(told)
        })
        .await;
    format!("{who} reminds of {code}: {}", did.well().is_some())
}

/// A request is written and sent; now and then it is taken back, and thrown away.
async fn a_request(scene: &mut Scene, dice: &mut Dice, who: usize) -> String {
    scene.begun += 1;
    let words = format!("Si chiede un chiarimento, numero {}.", scene.begun);
    let position = format!("460000000{}", dice.pick(&OURS).unwrap());
    let change = RequestChange {
        topic: Some(TOPIC.into()),
        text: Some(words.clone()),
        email: Some("studio@alfa.example".into()),
        ..RequestChange::default()
    };
    let taken_back = dice.chance(25);
    let did = scene.computers[who]
        .does(move |studio| async move {
            let begun = studio.request_begin(Some(&position)).await?;
            let written = studio.request_save(&begun.id, begun.revision, change).await?;
            studio.request_send(&written.id, written.revision).await?;
            if taken_back {
                studio.sync_now().await?;
                studio.request_discard(&written.id).await?;
            }
            Ok(())
        })
        .await;
    let kept = matches!(did, Did::Well(()));
    if kept {
        scene.requests.push(words.clone());
    }
    format!("{who} asks: {words} {kept}, taken back: {taken_back}")
}

async fn the_sede(scene: &mut Scene, dice: &mut Dice) -> String {
    let desk = scene.world.store.desk();
    match dice.below(10) {
        0..4 => {
            let (code, act) = (
                scene.some_ticket(dice),
                *dice
                    .pick(&[
                        TicketAct::TakeInProgress,
                        TicketAct::Reply,
                        TicketAct::Close(Outcome::Ok),
                        TicketAct::Close(Outcome::Ko),
                        TicketAct::Reopen,
                        TicketAct::Withdraw,
                    ])
                    .unwrap(),
            );
            let done = desk.act(&code, act, "Risposta.").await.unwrap();
            format!("the sede, {code}: {act:?}, {done:?}")
        }
        4..7 => {
            let records = scene.world.store.records();
            let all = records
                .appointments(&AppointmentFilter::default(), None, 1_000)
                .await
                .unwrap();
            let Some(appointment) = dice.pick(&all).map(|record| record.appointment.id) else {
                return "the sede has no appointment".into();
            };
            let change = match (dice.below(4), scene.some_slot(dice).await) {
                (0, _) => SedeChange::Resolve,
                (1, _) => SedeChange::Cancel,
                (2, Some(slot)) => SedeChange::MoveTo { slot },
                _ => SedeChange::Say { label: "avviso".into() },
            };
            let done = desk
                .tell(appointment, change.clone(), "Parola della sede.")
                .await
                .unwrap();
            format!("the sede, {appointment}: {change:?}, {done:?}")
        }
        7 => {
            let from = civil_day(scene.now()) + TimeDelta::days(i64::try_from(dice.below(6)).unwrap());
            match scene.closures.is_empty() {
                true => scene.closures.push(Closure {
                    from,
                    until: from,
                    part: None,
                    reason: "Chiusura".into(),
                }),
                false => scene.closures.clear(),
            }
            scene.world.publish(scene.closures.clone()).await;
            format!("the sede publishes {:?}", scene.closures)
        }
        _ => {
            let company = *dice.pick(&[OURS[0], OURS[1], THEIRS]).unwrap();
            scene.new_ticket(dice, company).await;
            format!("a new ticket of company {company}")
        }
    }
}

async fn the_rival(scene: &mut Scene, dice: &mut Dice) -> String {
    if dice.chance(30)
        && let Some(id) = scene.rivals_appointments.pop()
    {
        scene.rival.cancel(new_attempt(), id).await.unwrap();
        return format!("the rival cancels {id}");
    }
    if dice.chance(15)
        && let Some(attempt) = scene.rivals_attempts.pop()
    {
        scene.rival.withdraw(attempt).await.unwrap();
        return "the rival takes a booking back".into();
    }
    let code = scene.the_rivals_ticket(dice);
    let wish = match scene.some_slot(dice).await.filter(|_| dice.chance(60)) {
        Some(slot) => Wish::Slot { start: slot.start },
        None => Wish::Pattern(Pattern::default()),
    };
    let booking = Booking {
        tickets: vec![BookedTicket {
            code: code.clone(),
            judgement: None,
            read: None,
        }],
        point: POINT.parse().unwrap(),
        wishes: vec![wish],
        content: Content {
            contact: Contact {
                phone: "0583 7654321".into(),
                email: String::new(),
            },
            ..Content::default()
        },
    };
    let (attempt, waits) = (new_attempt(), dice.chance(30));
    let outcome = if dice.chance(70) {
        scene.rival.deposit(attempt, &booking, waits).await.unwrap()
    } else {
        DepositOutcome::Decided {
            of_it: scene.rival.book(attempt, &booking).await.unwrap(),
        }
    };
    match outcome {
        DepositOutcome::Deposited { .. } => {
            scene.rivals_attempts.push(attempt);
            format!("the rival deposits {code}")
        }
        DepositOutcome::Decided {
            of_it: BookOutcome::Booked { appointment },
        } => {
            scene.rivals_appointments.push(appointment.id);
            format!("the rival books {code} at {}", appointment.slot.start)
        }
        DepositOutcome::Decided { .. } => format!("the rival is refused {code}"),
    }
}

async fn misfortune(scene: &mut Scene, dice: &mut Dice, who: usize) -> String {
    let computer = &mut scene.computers[who];
    match dice.below(7) {
        0 => {
            computer.cut();
            format!("{who} is cut off")
        }
        1 | 2 => {
            computer.mend();
            format!("{who} has a network")
        }
        3 => {
            let (call, arrives) = (dice.below(10), dice.chance(70));
            computer.lose(call, arrives);
            format!("{who} will lose an answer to call {call}, arrived: {arrives}")
        }
        4 | 5 => {
            let waypoint = *dice.pick(&Waypoint::ALL).unwrap();
            computer.end_at(waypoint);
            format!("{who} will end at {waypoint:?}")
        }
        _ if dice.chance(50) => {
            let hours = i64::try_from(dice.below(200)).unwrap() - 100;
            computer.set_clock_wrong_by(TimeDelta::hours(hours));
            format!("the clock of {who} is wrong by {hours} hours")
        }
        _ => {
            computer.start_again().await;
            format!("{who} is started again")
        }
    }
}
