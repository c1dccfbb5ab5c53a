//! Attempts to break in: nothing is learned, nothing is changed, and nobody else has to wait.

#![allow(clippy::unwrap_used, reason = "a test may fail where it likes")]

mod house;
mod office;

use std::sync::Arc;
use std::time::{Duration, Instant};

use domain::code::TicketCode;
use domain::ticket::{Judgement, ReplyAssessment};
use house::{House, code, generous};
use office::{any_slot, decided, furnished, morning, ticket};
use reqwest::{Method, StatusCode};
use sede::serve::{Limits, Rate};
use serde_json::{Value, json};
use store::{
    AssessOutcome, BookOutcome, BookRefusal, CONTRACT_VERSION, CalendarStore, Change, DeviceRegister, DeviceToken,
    Entity, InvitationCode, RedeemOutcome, SetClock, StoreError,
};
use store_http::api::{IDEMPOTENCY_KEY, IdempotencyKey, path};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// ALFA and BETA with three tickets each, behind a server.
async fn house(limits: Limits) -> House {
    let clock = Arc::new(SetClock::new(morning()));
    let house = House::empty(clock, limits).await;
    furnished(&house.store, 3).await;
    house
}

/// Every call that needs a token, with what it needs beside it.
fn calls() -> Vec<(Method, String, Option<Value>)> {
    let id = "0199c5a8-1f6e-7c3a-9d1b-2f4a6c8e0b12";
    let hash = "0".repeat(64);
    vec![
        (Method::GET, format!("{}?version={CONTRACT_VERSION}", path::HELLO), None),
        (Method::GET, path::CHANGES.to_owned(), None),
        (Method::GET, path::HINTS.to_owned(), None),
        (
            Method::POST,
            path::APPOINTMENTS.to_owned(),
            Some(json!(any_slot(&ticket("ALFA", 0)))),
        ),
        (
            Method::POST,
            path::CHANGE.replace("{appointment}", id),
            Some(json!({"notes": "Altre note."})),
        ),
        (Method::POST, path::CANCELLATION.replace("{appointment}", id), None),
        (
            Method::POST,
            path::ACKNOWLEDGEMENT
                .replace("{appointment}", id)
                .replace("{communication}", id),
            None,
        ),
        (
            Method::POST,
            path::ASSESSMENTS.to_owned(),
            Some(json!({"ticket": ticket("ALFA", 0), "judgement": {
                "assessment": "unsatisfactory", "closed_at": "2026-11-20T11:00:00Z"}})),
        ),
        (
            Method::PUT,
            format!("{}?bytes=4&kind=pdf&offset=0", path::UPLOAD.replace("{hash}", &hash)),
            None,
        ),
    ]
}

/// Sends it as well formed as can be, with this in `Authorization`.
async fn sent(
    house: &House,
    client: &reqwest::Client,
    (method, path, body): (Method, String, Option<Value>),
    authorization: Option<&str>,
) -> reqwest::Response {
    let mut request = client
        .request(method.clone(), house.url(&path))
        .header(IDEMPOTENCY_KEY, IdempotencyKey(decided()).to_string());
    if let Some(authorization) = authorization {
        request = request.header("authorization", authorization);
    }
    request = match body {
        Some(body) => request
            .header("content-type", "application/json")
            .body(body.to_string()),
        None if method == Method::PUT => request.header("content-type", "application/octet-stream").body("%PDF"),
        None => request,
    };
    request.send().await.expect("an answer")
}

async fn problem(response: reqwest::Response) -> (StatusCode, Value) {
    let status = response.status();
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    let body = response.bytes().await.expect("a body");
    (status, serde_json::from_slice(&body).expect("a problem"))
}

/// What ALFA and BETA see, to the last change.
async fn seen(house: &House) -> Vec<Vec<Change>> {
    let mut seen = Vec::new();
    for studio in ["ALFA", "BETA"] {
        seen.push(office::everything(&house.store.studio(&code(studio))).await);
    }
    seen
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_token_that_admits_nothing_is_answered() {
    let house = house(generous()).await;
    let client = house.anybody();
    let before = seen(&house).await;
    let guessed = format!("Bearer {}", DeviceToken::random().reveal().as_str());
    let known = house.device(&code("ALFA")).await;
    let known = known.reveal();
    let cut = format!("Bearer {}", &known[..51]);
    let basic = format!("Basic {}", known.as_str());
    let twice = format!("Bearer {} {}", known.as_str(), known.as_str());
    let long = format!("Bearer {}", "0".repeat(8_000));
    for call in calls() {
        for authorization in [
            None,
            Some(""),
            Some("Bearer"),
            Some("Bearer "),
            Some("Bearer ' OR 1=1 --"),
            Some(&*guessed),
            Some(&*cut),
            Some(&*basic),
            Some(&*twice),
            Some(&*long),
        ] {
            let (status, problem) = problem(sent(&house, &client, call.clone(), authorization).await).await;
            assert_eq!(
                (status, &problem["type"]),
                (StatusCode::UNAUTHORIZED, &json!("/api/problems/device-unknown")),
                "{} {}",
                call.0,
                call.1
            );
        }
    }
    assert_eq!(seen(&house).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_revoked_device_and_a_suspended_studio_are_told_so_in_every_call() {
    let house = house(generous()).await;
    let client = house.anybody();
    let register = house.store.register();
    let (revoked, suspended) = (house.device(&code("ALFA")).await, house.device(&code("BETA")).await);
    let device = register.admitted(&revoked).await.unwrap().device;
    let before = seen(&house).await;
    register.revoke(device).await.unwrap();
    register.suspend(&code("BETA")).await.unwrap();
    for (token, kind) in [(revoked, "device-revoked"), (suspended, "studio-suspended")] {
        let authorization = format!("Bearer {}", token.reveal().as_str());
        for call in calls() {
            let (status, problem) = problem(sent(&house, &client, call, Some(&authorization)).await).await;
            assert_eq!(status, StatusCode::FORBIDDEN);
            assert_eq!(problem["type"], json!(format!("/api/problems/{kind}")));
        }
    }
    assert_eq!(seen(&house).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_invitation_is_redeemed_once_and_not_guessed() {
    let rate = Rate {
        every: Duration::from_secs(600),
        burst: 10.try_into().unwrap(),
    };
    let limits = Limits {
        redemptions: rate,
        ..generous()
    };
    let house = house(limits).await;
    let redeem = async |invitation: &InvitationCode, token: &DeviceToken| {
        store_http::redeem(&house.address, &house.trust, invitation.clone(), code("PC"), token).await
    };
    let (invitation, token) = (house.invite(&code("ALFA")).await, DeviceToken::random());
    let first = redeem(&invitation, &token).await;
    assert!(matches!(first, Ok(RedeemOutcome::Admitted { .. })), "{first:?}");
    assert_eq!(redeem(&invitation, &token).await, first, "an answer that was lost");
    assert_eq!(
        redeem(&invitation, &DeviceToken::random()).await,
        Ok(RedeemOutcome::Used)
    );
    let mut guesses = 0;
    let told = loop {
        match redeem(&InvitationCode::random(), &DeviceToken::random()).await {
            Ok(RedeemOutcome::UnknownInvitation) if guesses < 100 => guesses += 1,
            other => break other,
        }
    };
    assert!(matches!(told, Err(StoreError::Busy { seconds: 1.. })), "{told:?}");
    assert_eq!(guesses, 7, "ten in all from one address, and then no more");
    let store = house.as_seen_by(&token);
    store
        .hello(CONTRACT_VERSION)
        .await
        .expect("who is in is served all the same");
    assert_eq!(house.store.register().devices(None).await.unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_guesses_tokens_is_slowed_down_and_nobody_else_is() {
    let rate = Rate {
        every: Duration::from_secs(600),
        burst: 20.try_into().unwrap(),
    };
    let limits = Limits {
        strangers: rate,
        ..generous()
    };
    let house = house(limits).await;
    let token = house.device(&code("ALFA")).await;
    let mut answers = Vec::new();
    for _ in 0..40 {
        let guess = house.as_seen_by(&DeviceToken::random());
        answers.push(guess.hello(CONTRACT_VERSION).await.unwrap_err());
    }
    assert_eq!(
        answers
            .iter()
            .filter(|answer| **answer == StoreError::DeviceUnknown)
            .count(),
        20
    );
    assert!(
        answers[20..]
            .iter()
            .all(|answer| matches!(answer, StoreError::Busy { .. }))
    );
    house
        .as_seen_by(&token)
        .hello(CONTRACT_VERSION)
        .await
        .expect("from the same address");
}

#[tokio::test(flavor = "multi_thread")]
async fn one_device_that_asks_too_often_is_told_when_to_come_back() {
    let rate = Rate {
        every: Duration::from_secs(600),
        burst: 5.try_into().unwrap(),
    };
    let limits = Limits {
        device: rate,
        ..generous()
    };
    let house = house(limits).await;
    let (eager, other) = (house.device(&code("ALFA")).await, house.device(&code("ALFA")).await);
    let store = house.as_seen_by(&eager);
    for _ in 0..5 {
        store.hello(CONTRACT_VERSION).await.unwrap();
    }
    let answer = store.hello(CONTRACT_VERSION).await;
    assert!(
        matches!(answer, Err(StoreError::Busy { seconds: 1..=601 })),
        "{answer:?}"
    );
    house
        .as_seen_by(&other)
        .hello(CONTRACT_VERSION)
        .await
        .expect("a colleague is served");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_another_studio_answers_byte_for_byte_as_what_does_not_exist() {
    let house = house(generous()).await;
    let client = house.anybody();
    let of_alfa = house.device(&code("ALFA")).await;
    let booked = house.as_seen_by(&of_alfa);
    let outcome = booked.book(decided(), &any_slot(&ticket("ALFA", 0))).await.unwrap();
    let BookOutcome::Booked { appointment } = outcome else {
        panic!("it must be booked: {outcome:?}");
    };
    let authorization = format!("Bearer {}", house.device(&code("BETA")).await.reveal().as_str());
    let before = seen(&house).await;
    let mut answers = Vec::new();
    for (ticket, id) in [
        (ticket("ALFA", 1), appointment.id.to_string()),
        (
            "LU-ALFA-9".to_owned(),
            "0199c5a8-1f6e-7c3a-9d1b-2f4a6c8e0b12".to_owned(),
        ),
    ] {
        let judged = json!({"ticket": ticket, "judgement": {
            "assessment": "unsatisfactory", "closed_at": "2026-11-20T11:00:00Z"}});
        let acknowledged = path::ACKNOWLEDGEMENT
            .replace("{appointment}", &id)
            .replace("{communication}", "0199c5a8-1f6e-7c3a-9d1b-2f4a6c8e0b13");
        let mut said = Vec::new();
        for call in [
            (
                Method::POST,
                path::APPOINTMENTS.to_owned(),
                Some(json!(any_slot(&ticket))),
            ),
            (
                Method::POST,
                path::CHANGE.replace("{appointment}", &id),
                Some(json!({"notes": "Altre note."})),
            ),
            (Method::POST, path::CANCELLATION.replace("{appointment}", &id), None),
            (Method::POST, acknowledged, None),
            (Method::POST, path::ASSESSMENTS.to_owned(), Some(judged)),
        ] {
            let response = sent(&house, &client, call, Some(&authorization)).await;
            let status = response.status();
            let mut headers: Vec<_> = response.headers().keys().map(ToString::to_string).collect();
            headers.sort();
            let body = response.text().await.unwrap();
            // The name that was asked for comes back; nothing else differs.
            said.push((status, headers, body.replace(&ticket, "TICKET")));
        }
        answers.push(said);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(seen(&house).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_that_another_device_sends_again_is_its_own_studio_s_or_nothing() {
    let house = house(generous()).await;
    let (anna, berto) = (house.device(&code("ALFA")).await, house.device(&code("ALFA")).await);
    let stranger = house.device(&code("BETA")).await;
    let (attempt, asked) = (decided(), any_slot(&ticket("ALFA", 0)));
    let first = house.as_seen_by(&anna).book(attempt, &asked).await.unwrap();
    assert!(matches!(first, BookOutcome::Booked { .. }), "{first:?}");
    let again = house.as_seen_by(&berto).book(attempt, &asked).await.unwrap();
    assert_eq!(
        again, first,
        "a colleague's device gets the first outcome, and books nothing more"
    );
    let theirs = house.as_seen_by(&stranger).book(attempt, &asked).await.unwrap();
    let why = BookRefusal::UnknownTicket {
        ticket: code(&ticket("ALFA", 0)),
    };
    assert_eq!(theirs, BookOutcome::Refused { why }, "a stranger's gets nothing");
    let appointments = seen(&house)
        .await
        .concat()
        .into_iter()
        .filter(|change| matches!(change, Change::Put(Entity::Appointment(_))));
    assert_eq!(appointments.count(), 1);
}

/// Texts that mean something to a database, a shell, a path, a page, a log or a header.
const HOSTILE: [&str; 8] = [
    "'; DROP TABLE ticket; --",
    "\" OR \"1\"=\"1",
    "../../../../etc/passwd",
    "C:\\Windows\\System32\\config\\SAM",
    "<script>alert(1)</script>",
    "${jndi:ldap://sede.invalid/a}",
    "riga\r\nSet-Cookie: a=b\r\n\r\n{\"level\":\"ERROR\"}",
    "zero\u{0}\u{202e}\u{feff}💣",
];

#[tokio::test(flavor = "multi_thread")]
async fn hostile_texts_are_texts_and_nothing_else() {
    let house = house(generous()).await;
    let token = house.device(&code("ALFA")).await;
    let store = house.as_seen_by(&token);
    let tickets = ticket("ALFA", 0);
    for text in HOSTILE {
        let mut asked = any_slot(&tickets);
        asked.content.notes = text.to_owned();
        let outcome = store.book(decided(), &asked).await.unwrap();
        let appointment = match outcome {
            BookOutcome::Booked { appointment } => appointment,
            BookOutcome::Refused { .. } if text.contains('\0') => continue,
            BookOutcome::Refused { why } => panic!("notes are free: {why:?}"),
        };
        assert_eq!(appointment.content.notes, text, "as it was written");
        store.cancel(decided(), appointment.id).await.unwrap();
    }
    let client = house.anybody();
    let authorization = format!("Bearer {}", token.reveal().as_str());
    for text in HOSTILE {
        let judged = json!({"ticket": text, "judgement": {
            "assessment": "unsatisfactory", "closed_at": "2026-11-20T11:00:00Z"}});
        let mut asked = json!(any_slot(&tickets));
        asked["point"] = json!(text);
        for body in [judged, asked.clone()] {
            for route in [path::ASSESSMENTS, path::APPOINTMENTS] {
                let call = (Method::POST, route.to_owned(), Some(body.clone()));
                let (status, problem) = problem(sent(&house, &client, call, Some(&authorization)).await).await;
                assert_eq!(status, StatusCode::BAD_REQUEST);
                assert!(!problem.to_string().contains(text), "what was sent is not sent back");
            }
        }
        let url = reqwest::Url::parse_with_params(&house.url(path::CHANGES), [("after", text)]).unwrap();
        let response = client
            .get(url)
            .header("authorization", &authorization)
            .send()
            .await
            .unwrap();
        assert_eq!(
            problem(response).await.0,
            StatusCode::GONE,
            "a cursor that no store made"
        );
    }
    for odd in [
        "/api/v1/uploads/..%2f..%2fetc%2fpasswd?bytes=4&kind=pdf&offset=0",
        "/api/v1/appointments/..%2f..%2f/cancellation",
        "/api/problems/..%2f..%2fetc%2fpasswd",
        "/../../etc/passwd",
        "/api/v1/hello/%00",
        "//api/v1/hello",
        "/API/V1/HELLO",
    ] {
        for method in [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::TRACE] {
            let call = (method.clone(), odd.to_owned(), None);
            let response = sent(&house, &client, call, Some(&authorization)).await;
            assert!(
                response.status().is_client_error(),
                "{method} {odd}: {}",
                response.status()
            );
        }
    }
    assert_eq!(
        office::everything(&store).await,
        office::everything(&house.store.studio(&code("ALFA"))).await
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_desktop_that_lies_is_judged_by_the_store_s_own_facts() {
    let house = house(generous()).await;
    let store = house.as_seen_by(&house.device(&code("ALFA")).await);
    let before = seen(&house).await;
    let ticket = ticket("ALFA", 0);
    let refused = async |change: &dyn Fn(&mut domain::booking::Booking)| {
        let mut asked = any_slot(&ticket);
        change(&mut asked);
        let outcome = store.book(decided(), &asked).await.unwrap();
        assert!(matches!(outcome, BookOutcome::Refused { .. }), "{outcome:?}");
    };
    refused(&|asked| asked.point = code("LU-NESSUNO")).await;
    refused(&|asked| asked.tickets.clear()).await;
    refused(&|asked| asked.wishes.clear()).await;
    refused(&|asked| asked.content.notes = "x".repeat(501)).await;
    refused(&|asked| asked.content.contact.phone = String::new()).await;
    refused(&|asked| asked.wishes = vec![office::slot("1999-01-01T08:00:00Z")]).await;
    refused(&|asked| asked.wishes = vec![office::slot("2999-01-01T08:00:00Z")]).await;
    let judgement = Judgement {
        assessment: ReplyAssessment::Unsatisfactory,
        closed_at: "2999-01-01T00:00:00Z".parse().unwrap(),
    };
    let ticket: TicketCode = code(&ticket);
    let outcome = store.assess_reply(decided(), &ticket, judgement).await.unwrap();
    assert_eq!(outcome, AssessOutcome::ReplyChanged, "an open ticket has no reply");
    assert_eq!(seen(&house).await, before);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_body_that_is_too_large_is_not_read() {
    let house = house(generous()).await;
    let client = house.anybody();
    let authorization = format!("Bearer {}", house.device(&code("ALFA")).await.reveal().as_str());
    let upload = path::UPLOAD.replace("{hash}", &"0".repeat(64));
    let upload = format!("{upload}?bytes=3000000&kind=pdf&offset=0");
    for (method, path, kind, bytes) in [
        (Method::POST, path::APPOINTMENTS, "application/json", 70_000),
        (Method::POST, path::DEVICES, "application/json", 70_000),
        (Method::PUT, &*upload, "application/octet-stream", 1_100_000),
    ] {
        let request = client
            .request(method, house.url(path))
            .header("authorization", &authorization)
            .header("content-type", kind)
            .header(IDEMPOTENCY_KEY, IdempotencyKey(decided()).to_string())
            .body(vec![b' '; bytes]);
        // The answer may come before all was sent, and the rest finds a closed door.
        if let Ok(response) = request.send().await {
            assert_eq!(problem(response).await.0, StatusCode::PAYLOAD_TOO_LARGE);
        }
    }
}

/// Plain HTTP/1.1 by hand, at a door of this computer.
async fn by_hand(house: &House, limits: Limits) -> (sede::serve::Serving, std::net::SocketAddr) {
    let running = sede::serve::Serving::begin(
        "127.0.0.1:0".parse().unwrap(),
        None,
        Duration::from_secs(60),
        house::backing(&house.store),
        limits,
        sede::serve::Metrics::new(),
        tokio_util::sync::CancellationToken::new(),
    )
    .await
    .unwrap();
    let address = running.address();
    (running, address)
}

async fn rest_of(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    // A door that is shut in one's face is an answer, too.
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_slow_a_half_sent_and_a_silent_request_end_by_themselves_and_book_nothing() {
    let limits = Limits {
        body: Duration::from_millis(300),
        head: Duration::from_millis(300),
        ..generous()
    };
    let house = house(generous()).await;
    let (running, address) = by_hand(&house, limits).await;
    let before = seen(&house).await;
    let token = house.device(&code("ALFA")).await;
    let body = json!(any_slot(&ticket("ALFA", 0))).to_string();
    let head = format!(
        "POST {} HTTP/1.1\r\nHost: sede\r\nAuthorization: Bearer {}\r\nContent-Type: application/json\r\n\
         Idempotency-Key: {}\r\nContent-Length: {}\r\n\r\n",
        path::APPOINTMENTS,
        token.reveal().as_str(),
        IdempotencyKey(decided()),
        body.len()
    );
    let within = Duration::from_secs(20);

    let mut slow = TcpStream::connect(address).await.unwrap();
    slow.write_all(format!("{head}{}", &body[..20]).as_bytes())
        .await
        .unwrap();
    let answer = tokio::time::timeout(within, rest_of(slow)).await.expect("it ends");
    assert!(answer.starts_with("HTTP/1.1 408"), "{answer}");

    let mut half = TcpStream::connect(address).await.unwrap();
    half.write_all(format!("{head}{}", &body[..body.len() - 1]).as_bytes())
        .await
        .unwrap();
    half.shutdown().await.unwrap();
    let answer = tokio::time::timeout(within, rest_of(half)).await.expect("it ends");
    assert!(!answer.starts_with("HTTP/1.1 200"), "{answer}");

    for silent in ["", "GET /api/v1/hello HTT", "GET /api/v1/hello HTTP/1.1\r\nX-Long: "] {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(silent.as_bytes()).await.unwrap();
        tokio::time::timeout(within, rest_of(stream)).await.expect("it ends");
    }
    assert_eq!(seen(&house).await, before);
    running.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_connections_of_one_address_keep_nobody_else_out() {
    let limits = Limits {
        connections_per_address: 50,
        ..generous()
    };
    let house = house(generous()).await;
    let (running, address) = by_hand(&house, limits).await;
    let token = house.device(&code("ALFA")).await;
    let mut held = Vec::new();
    for _ in 0..1_000 {
        let socket = tokio::net::TcpSocket::new_v4().unwrap();
        socket.bind("127.0.0.77:0".parse().unwrap()).unwrap();
        if let Ok(stream) = socket.connect(address).await {
            held.push(stream);
        }
    }
    let begun = Instant::now();
    let client = house.anybody();
    let url = format!("http://{address}{}?version={CONTRACT_VERSION}", path::HELLO);
    let authorization = format!("Bearer {}", token.reveal().as_str());
    let response = client
        .get(url)
        .header("authorization", authorization)
        .send()
        .await
        .unwrap();
    assert_eq!(response.status(), StatusCode::OK);
    assert!(
        begun.elapsed() < Duration::from_secs(10),
        "from another address it is as ever"
    );
    running.stop();
}
