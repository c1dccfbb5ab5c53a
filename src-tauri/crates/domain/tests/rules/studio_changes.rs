//! R14, R17: what a studio changes of its appointment.

use chrono::TimeDelta;
use domain::appointment::{Appointment, AppointmentState, LifeRefusal, SedeChange};
use domain::availability::{Taken, TakenPlaces};
use domain::booking::{Facts, Refusal, Surroundings};
use domain::communication::{Change, Communication};
use domain::company::Delegation;
use domain::content::{Breach, Contact, Content, Limits};
use domain::point::ConsultationPoint;
use domain::routing::Routing;
use domain::slot::Slot;
use domain::studio_change::{GrantedChange, Seen, StudioChange, StudioEdit, decide};
use domain::ticket::{Outcome, Party, ReplyAssessment};
use domain::wish::{MOST_WISHES, Wish};

use crate::given::{
    appointment_id, closed, communication_id, company, content, day, decision_id, file, lucca, now, open_since, parsed,
    point_code, position, sede, slot, taken, ticket, topic, utc,
};

const TODAY: &str = "2026-11-24T08:00:00";

/// Thursday 26 November, 9:00–9:30.
fn nine() -> Slot {
    slot("2026-11-26T09:00:00", 30)
}

fn ten() -> Slot {
    slot("2026-11-26T10:00:00", 30)
}

fn confirmed() -> Appointment {
    Appointment {
        id: appointment_id(1),
        code: parsed("LU-A-000123"),
        decision: decision_id(1),
        company: company(),
        tickets: vec![ticket("T1")],
        slot: nine(),
        state: AppointmentState::Confirmed,
        content: content(),
        granted: 2,
        booked_at: utc("2026-11-20T08:00:00Z"),
        communications: Vec::new(),
        edits: Vec::new(),
    }
}

/// An appointment, and all that surrounds a change of it.
struct Scene {
    appointment: Appointment,
    facts: Facts,
    delegations: Vec<Delegation>,
    points: Vec<ConsultationPoint>,
    taken: Vec<Taken>,
    limits: Limits,
}

impl Scene {
    fn in_order() -> Self {
        Self {
            appointment: confirmed(),
            facts: Facts {
                code: ticket("T1"),
                company: company(),
                position: position(1),
                sede: sede("LU"),
                topic: topic("DEN-UNI"),
                standing: open_since("2026-11-01"),
            },
            delegations: vec![Delegation {
                position: position(1),
                from: day("2020-01-01"),
                until: None,
            }],
            points: vec![lucca()],
            taken: Vec::new(),
            limits: Limits::default(),
        }
    }

    fn with(change: impl FnOnce(&mut Self)) -> Self {
        let mut scene = Self::in_order();
        change(&mut scene);
        scene
    }

    fn decided(&self, change: &StudioChange) -> Result<GrantedChange, Refusal> {
        let around = Surroundings {
            tickets: std::slice::from_ref(&self.facts),
            delegations: &self.delegations,
            routing: &Routing::new(&self.points),
            point: &self.points[0],
            taken: &TakenPlaces::new(self.taken.clone()),
            limits: &self.limits,
        };
        decide(change, &self.appointment, &around, now(TODAY))
    }
}

fn notes(text: &str) -> StudioChange {
    StudioChange {
        notes: Some(text.into()),
        ..StudioChange::default()
    }
}

fn to(slots: &[Slot]) -> StudioChange {
    let wishes = slots.iter().map(|slot| Wish::Slot { start: slot.start });
    StudioChange {
        wishes: wishes.collect(),
        ..StudioChange::default()
    }
}

#[test]
fn each_field_changes_on_its_own() {
    let before = content();
    assert_eq!(StudioChange::default().of(&before), before);
    let contact = Contact {
        phone: "0583 1".into(),
        ..Contact::default()
    };
    let change = StudioChange {
        notes: Some("Altre.".into()),
        contact: Some(contact.clone()),
        attachments: Some(vec![file(7)]),
        ..StudioChange::default()
    };
    let after = Content {
        notes: "Altre.".into(),
        contact,
        attachments: vec![file(7)],
    };
    assert_eq!(change.of(&before), after);
    assert_eq!(notes("").of(&before).notes, "", "nothing is something too");
    assert_eq!(notes("").of(&before).contact, before.contact);
}

#[test]
fn a_change_is_written_with_what_it_changes_and_no_more() {
    assert_eq!(serde_json::to_string(&notes("Sì.")).unwrap(), r#"{"notes":"Sì."}"#);
    assert_eq!(
        serde_json::from_str::<StudioChange>("{}").unwrap(),
        StudioChange::default()
    );
    let written = serde_json::to_value(confirmed()).unwrap();
    assert!(
        written.get("edits").is_none(),
        "appointments of earlier releases are as they were"
    );
    assert_eq!(serde_json::from_value::<Appointment>(written).unwrap(), confirmed());
}

#[test]
fn a_change_is_what_is_different_from_what_was_seen() {
    let seen = || Seen::of(&confirmed());
    let before = content();
    assert!(StudioChange::from(seen(), &before, vec![]).is_empty());
    let wish = || vec![Wish::Slot { start: ten().start }];
    let moves = StudioChange::from(seen(), &before, wish());
    assert!(!moves.is_empty());
    assert_eq!((moves.notes, moves.contact, moves.attachments), (None, None, None));
    type Alter = fn(&mut Content);
    let each: [Alter; 3] = [
        |content| content.notes.push('!'),
        |content| content.contact.phone.push('1'),
        |content| content.attachments.push(file(7)),
    ];
    for alter in each {
        let mut wanted = before.clone();
        alter(&mut wanted);
        let change = StudioChange::from(seen(), &wanted, vec![]);
        assert!(!change.is_empty());
        assert_eq!(change.of(&before), wanted);
        let fields = [
            change.notes.is_some(),
            change.contact.is_some(),
            change.attachments.is_some(),
        ];
        assert_eq!(
            fields.iter().filter(|given| **given).count(),
            1,
            "one field, and no more"
        );
    }
}

#[test]
fn what_the_person_left_as_it_was_follows_and_what_they_wrote_stays() {
    let seen = Seen::of(&confirmed());
    let contact = |phone: &str| Contact {
        phone: phone.into(),
        ..Contact::default()
    };
    type Set = fn(&mut Content, Content);
    let fields: [(&str, Set); 3] = [
        ("notes", |content, other| content.notes = other.notes),
        ("contact", |content, other| content.contact = other.contact),
        ("attachments", |content, other| content.attachments = other.attachments),
    ];
    let mine = || Content {
        notes: "Mie.".into(),
        contact: contact("0583 1"),
        attachments: vec![file(7)],
    };
    let theirs = || Content {
        notes: "Di altri.".into(),
        contact: contact("0583 2"),
        attachments: vec![file(8)],
    };
    for (name, set) in fields {
        let with = |other: Content| {
            let mut content = content();
            set(&mut content, other);
            content
        };
        let cases = [
            ("nobody", content(), content(), content()),
            ("only I", with(mine()), content(), with(mine())),
            ("only they", content(), with(theirs()), with(theirs())),
            ("both", with(mine()), with(theirs()), with(mine())),
            ("both alike", with(mine()), with(mine()), with(mine())),
        ];
        for (who, wanted, now, expected) in cases {
            assert_eq!(seen.merged(&wanted, &now), expected, "{name}: {who} changed it");
        }
        for (other, set_other) in fields.iter().filter(|(other, _)| *other != name) {
            let mut now = content();
            set_other(&mut now, theirs());
            let mut expected = now.clone();
            set(&mut expected, mine());
            assert_eq!(
                seen.merged(&with(mine()), &now),
                expected,
                "my {name} and their {other} are no quarrel"
            );
        }
    }
}

#[test]
fn who_changes_what_another_changed_is_overtaken() {
    let seen = || Seen::of(&confirmed());
    let wish = || vec![Wish::Slot { start: ten().start }];
    let all = |content: &Content| Content {
        notes: content.notes.clone() + "!",
        contact: Contact {
            phone: content.contact.phone.clone() + "1",
            ..content.contact.clone()
        },
        attachments: vec![file(7)],
    };
    let mine = StudioChange::from(seen(), &all(&content()), wish());
    assert!(!mine.is_overtaken(&confirmed()), "nothing has changed");
    type Alter = fn(&mut Appointment);
    let others: [Alter; 4] = [
        |now| now.content.notes = "Di altri.".into(),
        |now| now.content.contact.phone = "0583 9".into(),
        |now| now.content.attachments = vec![file(8)],
        |now| now.slot = slot("2026-11-26T11:00:00", 30),
    ];
    let fields = |only: usize| StudioChange {
        notes: mine.notes.clone().filter(|_| only == 0),
        contact: mine.contact.clone().filter(|_| only == 1),
        attachments: mine.attachments.clone().filter(|_| only == 2),
        wishes: if only == 3 { wish() } else { vec![] },
        seen: mine.seen.clone(),
    };
    for (theirs, alter) in others.into_iter().enumerate() {
        let mut now = confirmed();
        alter(&mut now);
        for only in 0..4 {
            assert_eq!(
                fields(only).is_overtaken(&now),
                only == theirs,
                "{only} against {theirs}"
            );
        }
        let blind = StudioChange {
            seen: None,
            ..mine.clone()
        };
        assert!(
            !blind.is_overtaken(&now),
            "who says nothing of what was seen is not asked"
        );
    }
    let mut agreed = confirmed();
    agreed.content = all(&content());
    assert!(
        !StudioChange { wishes: vec![], ..mine }.is_overtaken(&agreed),
        "both want the same"
    );
}

#[test]
fn it_moves_to_the_first_wish_that_is_free() {
    let scene = Scene::in_order();
    let moved = |slots: &[Slot]| scene.decided(&to(slots)).map(|granted| granted.moved);
    assert_eq!(moved(&[]), Ok(None));
    assert_eq!(moved(&[ten()]), Ok(Some((0, ten()))));
    assert_eq!(moved(&[nine(), ten()]), Ok(None), "it is where it is wished");
    let busy = Scene::with(|scene| scene.taken = vec![taken("2026-11-26T10:00:00", 30, 1)]);
    let eleven = slot("2026-11-26T11:00:00", 30);
    let granted = busy.decided(&to(&[ten(), eleven.clone()])).map(|granted| granted.moved);
    assert_eq!(granted, Ok(Some((1, eleven))));
    let refused = busy.decided(&to(&[ten()]));
    assert!(matches!(refused, Err(Refusal::AllTaken { .. })), "R11: {refused:?}");
    let many = vec![ten(); MOST_WISHES + 1];
    assert_eq!(moved(&many), Err(Refusal::BadWishes), "R9");
    assert_eq!(moved(&many[1..]), Ok(Some((0, ten()))));
}

#[test]
fn r2_and_the_limits_hold_for_every_change() {
    let ended = Scene::with(|scene| scene.delegations[0].until = Some(day("2026-11-23")));
    let position = position(1);
    for change in [notes("Sì."), to(&[ten()]), StudioChange::default()] {
        let refusal = Refusal::DelegationMissing {
            position: position.clone(),
        };
        assert_eq!(ended.decided(&change), Err(refusal));
    }
    let short = Scene::with(|scene| scene.limits.notes_max = 2);
    let breaches = vec![Breach::NotesTooLong { length: 3, max: 2 }];
    assert_eq!(short.decided(&notes("Sì.")), Err(Refusal::Content { breaches }));
    let change = StudioChange {
        contact: Some(Contact::default()),
        ..to(&[ten()])
    };
    let breaches = vec![Breach::NoContact];
    assert_eq!(Scene::in_order().decided(&change), Err(Refusal::Content { breaches }));
}

#[test]
fn r3_to_r5_are_not_asked_again() {
    let closed = Scene::with(|scene| {
        scene.facts.standing.status = closed(Outcome::Ok, ReplyAssessment::Satisfactory);
        scene.facts.standing.carried_until = Some(nine().end.instant());
    });
    assert_eq!(
        closed.decided(&to(&[ten()])).map(|granted| granted.moved),
        Ok(Some((0, ten())))
    );
}

#[test]
fn r8_is_asked_where_it_moves_and_the_sede_has_not_sent_it_there() {
    let mut elsewhere = Scene::with(|scene| scene.points[0].topics = vec![topic("CRE-DUR")]);
    assert!(
        elsewhere.decided(&notes("Sì.")).is_ok(),
        "its notes have nothing to do with the point"
    );
    let refused = elsewhere.decided(&to(&[ten()]));
    assert!(matches!(refused, Err(Refusal::TicketNotBookable { .. })), "{refused:?}");
    let mut before = nine();
    before.point = point_code("PI-AZIENDE");
    elsewhere.appointment.communications.push(Communication {
        id: communication_id(1),
        at: utc("2026-11-21T08:00:00Z"),
        change: Change::Relocated { before, after: nine() },
        text: String::new(),
        acknowledged_at: None,
    });
    assert!(elsewhere.decided(&to(&[ten()])).is_ok(), "R13: the sede's word");
}

#[test]
fn what_stood_before_is_kept() {
    let mut appointment = confirmed();
    let before = confirmed();
    let granted = GrantedChange {
        content: notes("Altre.").of(&before.content),
        moved: Some((1, ten())),
    };
    appointment.change_by_studio(granted.clone(), now(TODAY)).unwrap();
    assert_eq!(
        (&appointment.content.notes, &appointment.slot, appointment.granted),
        (&"Altre.".into(), &ten(), 1)
    );
    let edit = StudioEdit {
        at: now(TODAY).instant(),
        content: Some(before.content),
        slot: Some(nine()),
    };
    assert_eq!(appointment.edits, [edit], "R15");
    let same = GrantedChange { moved: None, ..granted };
    appointment.change_by_studio(same, now(TODAY)).unwrap();
    assert_eq!(appointment.edits.len(), 1, "what changes nothing leaves nothing");
    assert_eq!(appointment.granted, 1);
}

#[test]
fn what_came_of_a_change_is_known_whatever_changed_since() {
    let eleven = slot("2026-11-26T11:00:00", 30);
    let mut appointment = confirmed();
    let at = |time: &str| domain::time::Now::at(utc(&format!("2026-11-24T{time}Z")));
    let granted = |notes: &str, moved: Option<Slot>| GrantedChange {
        content: Content {
            notes: notes.into(),
            ..content()
        },
        moved: moved.map(|slot| (0, slot)),
    };
    appointment
        .change_by_studio(granted("Prime.", Some(ten())), at("08:00:00"))
        .unwrap();
    let move_to = SedeChange::MoveTo { slot: eleven.clone() };
    appointment
        .hear(communication_id(1), move_to, String::new(), at("09:00:00"))
        .unwrap();
    appointment
        .change_by_studio(granted("Seconde.", None), at("10:00:00"))
        .unwrap();
    appointment
        .change_by_studio(granted("Seconde.", Some(nine())), at("10:00:00"))
        .unwrap();
    let after: Vec<_> = (0..4)
        .map(|edit| {
            appointment
                .after(edit)
                .map(|(slot, content)| (slot.clone(), content.notes.as_str()))
        })
        .collect();
    let expected = [
        Some((ten(), "Prime.")),
        Some((eleven, "Seconde.")),
        Some((nine(), "Seconde.")),
        None,
    ];
    assert_eq!(after, expected);
}

#[test]
fn what_came_of_a_move_is_where_the_next_one_began_whoever_made_it() {
    let eleven = slot("2026-11-26T11:00:00", 30);
    let at = |time: &str| domain::time::Now::at(utc(&format!("2026-11-24T{time}Z")));
    let to = |slot: Slot| GrantedChange {
        content: content(),
        moved: Some((0, slot)),
    };
    let sede = |slot: Slot| SedeChange::MoveTo { slot };
    let mut appointment = confirmed();
    appointment.change_by_studio(to(ten()), at("08:00:00")).unwrap();
    appointment
        .change_by_studio(to(eleven.clone()), at("08:30:00"))
        .unwrap();
    appointment
        .hear(communication_id(1), sede(nine()), String::new(), at("09:00:00"))
        .unwrap();
    let after = |appointment: &Appointment, edit| appointment.after(edit).unwrap().0.clone();
    assert_eq!(
        [after(&appointment, 0), after(&appointment, 1)],
        [ten(), eleven.clone()]
    );

    // At one moment, the sede was first: what it says afterwards has a later one.
    let mut appointment = confirmed();
    appointment
        .hear(communication_id(1), sede(eleven), String::new(), at("08:00:00"))
        .unwrap();
    appointment.change_by_studio(to(ten()), at("08:00:00")).unwrap();
    assert_eq!(after(&appointment, 0), ten());
}

#[test]
fn what_has_begun_or_is_over_is_not_changed() {
    let granted = || GrantedChange {
        content: notes("Tardi.").of(&content()),
        moved: None,
    };
    let second = TimeDelta::seconds(1);
    for (at, refusal) in [
        (nine().start.instant() - second, None),
        (nine().start.instant(), Some(LifeRefusal::Begun)),
        (nine().end.instant(), Some(LifeRefusal::NotLive)),
    ] {
        let mut appointment = confirmed();
        let outcome = appointment.change_by_studio(granted(), domain::time::Now::at(at));
        assert_eq!(outcome.err(), refusal, "R14 at {at}");
        assert_eq!(appointment == confirmed(), refusal.is_some());
    }
    let mut cancelled = confirmed();
    cancelled.state = AppointmentState::Cancelled {
        by: Party::Sede,
        at: utc("2026-11-21T08:00:00Z"),
    };
    assert_eq!(
        cancelled.change_by_studio(granted(), now(TODAY)),
        Err(LifeRefusal::NotLive)
    );
}
