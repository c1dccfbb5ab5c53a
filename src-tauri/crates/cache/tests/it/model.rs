//! Whatever happens to the two files, every list is what a plain reading of the rows, one by one, says it is.

use cache::drafts::Judged;
use cache::fold;
use cache::outbox::Work;
use cache::pulled::{Bookable, BookableCounts, StatusKind, TicketFilter, TicketRow, TicketSort, TopicScope};
use chrono::{Days, TimeDelta};
use domain::eligibility::{Eligibility, forecast};
use domain::ticket::{Judgement, ReplyAssessment};
use domain::time::Now;
use proptest::prelude::*;
use sqlx::Connection as _;
use sqlx::sqlite::SqliteConnectOptions;
use std::collections::HashMap;
use store::{AssessOutcome, BookOutcome, Change, Cursor, Entity, Page};

use crate::properties::any_change;
use crate::world::{
    Desk, EPOCH, appointment, code, day, decision, draft_id, fiscal, instant, new_draft, now, offer, says, ticket_code,
};

/// Something that happens at a studio.
#[derive(Debug, Clone)]
enum Step {
    /// A page of the feed.
    Page(Vec<Change>),
    /// A page of another life of the store.
    NewLife(Vec<Change>),
    /// The studio judges a reply.
    Judge(u32, ReplyAssessment),
    /// The store takes the judgements that are on their way.
    Told,
    /// The store grants a booking for a ticket.
    Book(u32),
    /// The program ends and starts again.
    Reopen,
}

const SAID: [&str; 4] = [
    "Sollecito il pagamento della rata",
    "Il pagamento è già stato fatto; perché risulta sospeso?",
    "pag. 2 del modello F24",
    "🙂",
];

fn any_page() -> impl Strategy<Value = Vec<Change>> {
    let said = any_change().prop_flat_map(|change| {
        prop::sample::subsequence(SAID.to_vec(), 0..=2).prop_map(move |texts| {
            let mut change = change.clone();
            if let Change::Put(Entity::Ticket(pulled)) = &mut change {
                pulled
                    .ticket
                    .messages
                    .extend(texts.iter().map(|text| says(text, now())));
            }
            change
        })
    });
    prop::collection::vec(said, 0..10)
}

fn any_step() -> impl Strategy<Value = Step> {
    let assessment = prop::sample::select(vec![
        ReplyAssessment::Unassessed,
        ReplyAssessment::Satisfactory,
        ReplyAssessment::Unsatisfactory,
    ]);
    prop_oneof![
        8 => any_page().prop_map(Step::Page),
        1 => any_page().prop_map(Step::NewLife),
        3 => (0_u32..12, assessment).prop_map(|(n, assessment)| Step::Judge(n, assessment)),
        1 => Just(Step::Told),
        2 => (0_u32..12).prop_map(Step::Book),
        1 => Just(Step::Reopen),
    ]
}

/// What a person asks a list for, how many hours after the present of these tests.
#[derive(Debug, Clone)]
struct Question {
    filter: TicketFilter,
    sort: TicketSort,
    descending: bool,
    hours: i64,
}

fn any_question() -> impl Strategy<Value = Question> {
    let topic = prop_oneof![
        prop::sample::select(vec!["DENUNCE", "COLF", "IGNOTO"]).prop_map(|topic| TopicScope::Topic(code(topic))),
        prop::sample::select(vec!["Aziende", "Area 0", "Area 1", "DURC"])
            .prop_map(|area| TopicScope::Area(area.into())),
        Just(TopicScope::Subject {
            area: "Area 0".into(),
            subject: "Materia DURC".into()
        }),
    ];
    let text = prop_oneof![
        4 => Just(""),
        6 => prop::sample::select(vec![
            "t", "t-1", "1", "p", "pa", "pag", "pagam", "pagamento", "PAGAM della", "f24", "so", "sol", "sos", "è", "già",
            "perche", "d", "di", "dit", "ditta 1", "ditta pag", "b", "buongiorno", "m", "mat", "materia d", "area 1", "de",
            "denunce", "0", "00", "000", "0000100", "0045", "00045", "z", "zz", "zzz", "🙂", "t pag area",
        ]),
    ];
    let filter = (
        prop::option::of(prop::sample::select(vec![Bookable::Now, Bookable::Soon, Bookable::Not])),
        prop_oneof![
            2 => Just(Vec::new()),
            1 => prop::sample::subsequence(StatusKind::ALL.to_vec(), 0..4),
        ],
        prop::option::weighted(0.2, 0_u32..5),
        prop::option::weighted(0.2, topic),
        prop::option::weighted(0.2, 0_u64..30),
        prop::option::weighted(0.2, 0_u64..30),
        text,
    )
        .prop_map(|(bookable, statuses, company, topic, from, to, text)| {
            let ago = |days: u64| day("2026-03-12") - Days::new(days);
            TicketFilter {
                bookable,
                statuses,
                company: company.map(|n| code(&fiscal(n))),
                topic,
                opened_from: from.map(ago),
                opened_to: to.map(ago),
                in_charge: None,
                text: text.into(),
            }
        });
    (
        filter,
        prop::sample::select(TicketSort::ALL.to_vec()),
        any::<bool>(),
        -2 * 24_i64..20 * 24,
    )
        .prop_map(|(filter, sort, descending, hours)| Question {
            filter,
            sort,
            descending,
            hours,
        })
}

/// A ticket as the rows tell it, with all its words.
struct Told {
    row: TicketRow,
    words: String,
    company_id: i64,
    topic_id: i64,
}

/// Every ticket there is, read one by one.
async fn everything(desk: &Desk) -> Vec<Told> {
    let options = SqliteConnectOptions::new()
        .filename(desk.folder.path().join("cache.db"))
        .read_only(true);
    let mut connection = sqlx::SqliteConnection::connect_with(&options).await.expect("opens");
    let found: Vec<(String, i64, i64)> = sqlx::query_as("SELECT code, company_id, topic_id FROM ticket")
        .fetch_all(&mut connection)
        .await
        .expect("reads");
    let mut all = Vec::new();
    for (text, company_id, topic_id) in found {
        let opened = desk.cache.pulled.ticket(&ticket_code(&text)).await.expect("reads");
        let opened = opened.expect("is there");
        let (row, ticket) = (opened.row, opened.ticket);
        let mut words = vec![
            text,
            row.position.to_string(),
            row.company.to_string(),
            row.company_name.clone(),
            row.topic.area.clone(),
            row.topic.subject.clone(),
            row.topic.detail.clone(),
        ];
        for message in ticket.messages {
            words.push(message.text);
            words.extend(message.files.iter().map(ToString::to_string));
        }
        all.push(Told {
            row,
            words: fold::folded(&words.join(" ")),
            company_id,
            topic_id,
        });
    }
    all
}

fn stands(row: &TicketRow, at: Now) -> Bookable {
    match row.eligibility(at) {
        Eligibility::Bookable(_) => Bookable::Now,
        Eligibility::BookableFrom { .. } => Bookable::Soon,
        Eligibility::NotBookable(_) => Bookable::Not,
    }
}

fn bookable_from(row: &TicketRow) -> Option<i64> {
    let from = forecast(&row.standing).bookable_from()?;
    Some(from.timestamp().max(0))
}

/// What the list should hold, and its figures.
fn expected(all: &[Told], question: &Question, at: Now) -> (Vec<u32>, BookableCounts) {
    let filter = &question.filter;
    let wanted = fold::words(&filter.text);
    let mut kept: Vec<&Told> = all
        .iter()
        .filter(|told| {
            let row = &told.row;
            let of_topic = |scope: &TopicScope| match scope {
                TopicScope::Topic(code) => row.topic.code == *code,
                // A topic that was not pulled, or is no more, belongs to no area.
                TopicScope::Area(area) => row.topic.area == *area && !row.topic.subject.is_empty(),
                TopicScope::Subject { area, subject } => row.topic.area == *area && row.topic.subject == *subject,
            };
            (filter.statuses.is_empty() || filter.statuses.contains(&row.status))
                && filter.company.as_ref().is_none_or(|company| row.company == *company)
                && filter.topic.as_ref().is_none_or(of_topic)
                && filter.opened_from.is_none_or(|from| from <= row.standing.counts_from)
                && filter.opened_to.is_none_or(|to| row.standing.counts_from <= to)
                && fold::begins_words(&told.words, &wanted)
        })
        .collect();
    let mut counts = BookableCounts::default();
    for told in &kept {
        counts.any += 1;
        match stands(&told.row, at) {
            Bookable::Now => counts.now += 1,
            Bookable::Soon => counts.soon += 1,
            Bookable::Not => counts.not += 1,
        }
    }
    kept.retain(|told| filter.bookable.is_none_or(|wanted| wanted == stands(&told.row, at)));
    let status = |told: &Told| StatusKind::ALL.iter().position(|status| *status == told.row.status);
    kept.sort_by_key(|told| told.row.rowid);
    match question.sort {
        TicketSort::Code => kept.sort_by_key(|told| told.row.code.to_string()),
        TicketSort::Company => kept.sort_by_key(|told| (fold::folded(&told.row.company_name), told.company_id)),
        TicketSort::Topic => kept.sort_by_key(|told| {
            let topic = &told.row.topic;
            let levels = [&topic.area, &topic.subject, &topic.detail].map(|level| fold::folded(level));
            (levels, told.topic_id)
        }),
        TicketSort::Opened => kept.sort_by_key(|told| told.row.standing.counts_from),
        TicketSort::Status => kept.sort_by_key(|told| status(told)),
        TicketSort::Bookable => kept.sort_by_key(|told| bookable_from(&told.row).unwrap_or(i64::MAX)),
    }
    if question.descending {
        kept.reverse();
    }
    if question.sort == TicketSort::Bookable {
        kept.sort_by_key(|told| bookable_from(&told.row).is_none());
    }
    (kept.iter().map(|told| told.row.rowid).collect(), counts)
}

async fn judge(desk: &Desk, n: u128, ticket: u32, assessment: ReplyAssessment) {
    let judged = Judged {
        decision: decision(1_000 + n),
        ticket: ticket_code(&format!("T-{ticket}")),
        judgement: Judgement {
            assessment,
            closed_at: instant("2026-03-01T10:00:00Z"),
        },
    };
    desk.cache.outbox.assess(&judged, now()).await.expect("decides");
}

async fn tell(desk: &Desk) {
    for row in desk.cache.outbox.pending().await.expect("reads") {
        if matches!(row.work, Work::Assess { .. }) {
            let row = desk.cache.outbox.take(&row, now()).await.expect("takes");
            desk.cache
                .outbox
                .complete_assess(&row.expect("is there"), AssessOutcome::Assessed)
                .await
                .expect("completes");
        }
    }
}

async fn book(desk: &Desk, n: u128, ticket: u32) {
    let ticket = format!("T-{ticket}");
    let drafts = &desk.cache.drafts;
    let mut new = new_draft(n, &[&ticket]);
    new.id = draft_id(1_000 + n);
    let draft = drafts.prepare(new, None, now()).await.expect("prepares");
    let (_, row) = drafts
        .send(
            draft.id,
            draft.revision,
            decision(2_000 + n),
            None,
            &HashMap::new(),
            now(),
        )
        .await
        .expect("sends");
    let row = desk.cache.outbox.take(&row, now()).await.expect("takes");
    let granted = BookOutcome::Booked {
        appointment: Box::new(appointment(
            100 + n,
            decision(2_000 + n),
            &[&ticket],
            "2026-03-19T08:00:00Z",
        )),
    };
    desk.cache
        .outbox
        .complete_book(&row.expect("is there"), &granted, now())
        .await
        .expect("completes");
}

async fn apply(desk: &Desk, n: u128, changes: Vec<Change>, epoch: &str) {
    let page = Page {
        changes,
        cursor: Cursor(n.to_string()),
        more: false,
        remaining: 0,
        read_at: now(),
    };
    desk.cache.apply(&page, epoch).await.expect("applies");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 16, ..ProptestConfig::default() })]

    /// Filters, orders, figures and search, through everything that changes them, midnight included.
    #[test]
    fn every_list_is_what_the_rows_say(
        steps in prop::collection::vec((any_step(), prop::collection::vec(any_question(), 12)), 1..12),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let mut desk = Desk::new().await;
            let mut epoch = EPOCH.to_owned();
            apply(&desk, 0, offer(), &epoch).await;
            for (n, (step, questions)) in (1_u128..).zip(steps) {
                match step {
                    Step::Page(changes) => apply(&desk, n, changes, &epoch).await,
                    Step::NewLife(changes) => {
                        epoch = format!("life {n}");
                        apply(&desk, n, changes, &epoch).await;
                    }
                    Step::Judge(ticket, assessment) => judge(&desk, n, ticket, assessment).await,
                    Step::Told => tell(&desk).await,
                    Step::Book(ticket) => book(&desk, n, ticket).await,
                    Step::Reopen => desk = desk.reopened().await.0,
                }
                let all = everything(&desk).await;
                for question in questions {
                    let at = Now::at(now() + TimeDelta::hours(question.hours));
                    let Question { filter, sort, descending, .. } = &question;
                    let list = desk.cache.pulled.open_tickets(filter, *sort, *descending, at).await.expect("opens");
                    let (rowids, counts) = expected(&all, &question, at);
                    prop_assert_eq!(list.counts, counts, "{:?}", question);
                    prop_assert_eq!(&list.rowids[..], &rowids[..], "{:?}", question);
                }
            }
            Ok(())
        })?;
    }
}
