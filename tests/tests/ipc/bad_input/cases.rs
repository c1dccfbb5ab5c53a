//! Input that is bad, room by room, with the codes that may answer it.

use serde_json::{Value, json};
use training::Landmarks;

use super::OfOthers;
use crate::program::{NOBODY, query};

/// A command, its input, and the codes that may answer it; no code stands for an argument that the command can't even read.
pub(super) type Case = (&'static str, Value, &'static [&'static str]);

/// An invitation that nobody wrote.
const INVITATION: &str = "K7QP-2M8X-0ZRD-5TWN";
const NO_HASH: &str = "0000000000000000000000000000000000000000000000000000000000000000";

const INVALID: &[&str] = &["invalid_argument"];
const TOO_LONG: &[&str] = &["too_long"];
const UNREADABLE: &[&str] = &[];
const UNKNOWN_TICKET: &[&str] = &["unknown_ticket"];
const UNKNOWN_APPOINTMENT: &[&str] = &["unknown_appointment"];
const UNKNOWN_DRAFT: &[&str] = &["unknown_draft"];

/// What the cases are about.
pub(super) struct Scene {
    pub(super) marks: Landmarks,
    /// A draft that is being written, of the first of the tickets that go together.
    pub(super) draft: Value,
    /// The id of a draft that was thrown away.
    pub(super) discarded: String,
    pub(super) others: OfOthers,
    pub(super) huge: String,
}

impl Scene {
    pub(super) fn cases(&self) -> Vec<Case> {
        [
            desks_and_settings(&self.huge),
            lists(self),
            bookings(self),
            reminders(self),
            requests(self),
            portal(self),
            drafts(self),
            dossiers(self),
            unknown(self),
        ]
        .concat()
    }

    fn draft_id(&self) -> &str {
        self.draft["id"].as_str().expect("an id")
    }
}

fn desks_and_settings(huge: &str) -> Vec<Case> {
    vec![
        ("training_start", json!({ "size": "small" }), &["already_started"]),
        ("training_start", json!({ "size": "enormous" }), UNREADABLE),
        ("desk_open", json!({ "desk": "" }), &["unknown_desk"]),
        ("desk_open", json!({ "desk": huge }), &["unknown_desk"]),
        ("desk_open", json!({ "desk": "../training" }), &["unknown_desk"]),
        ("desk_open", json!({ "desk": "0".repeat(32) }), &["unknown_desk"]),
        ("desk_open", json!({ "desk": 7 }), UNREADABLE),
        ("sede_check_current", json!({}), &["unknown_desk"]),
        ("sede_check", json!({ "address": "", "authority": null }), INVALID),
        ("sede_check", json!({ "address": huge, "authority": null }), INVALID),
        (
            "sede_check",
            json!({ "address": "http://agenda.sede.example", "authority": null }),
            INVALID,
        ),
        (
            "sede_check",
            json!({ "address": "https://nome:parola@agenda.sede.example", "authority": null }),
            INVALID,
        ),
        (
            "sede_check",
            json!({ "address": "agenda.sede.example", "authority": "mai scelto" }),
            &["not_a_certificate"],
        ),
        (
            "sede_join",
            json!({ "address": "non un indirizzo", "invitation": INVITATION, "authority": null }),
            INVALID,
        ),
        (
            "sede_join",
            json!({ "address": "agenda.sede.example", "invitation": "K7QP", "authority": null }),
            INVALID,
        ),
        (
            "sede_join",
            json!({ "address": "agenda.sede.example", "invitation": huge, "authority": null }),
            INVALID,
        ),
        (
            "sede_join",
            json!({ "address": "agenda.sede.example", "invitation": INVITATION, "authority": "mai scelto" }),
            &["not_a_certificate"],
        ),
        (
            "sede_join",
            json!({ "address": "https://127.0.0.1:1", "invitation": INVITATION, "authority": null }),
            &["sede_unreachable"],
        ),
        ("training_start", json!({}), UNREADABLE),
        (
            "settings_save",
            json!({ "settings": { "theme": "dark", "phone": huge, "email": "" } }),
            TOO_LONG,
        ),
        (
            "settings_save",
            json!({ "settings": { "theme": "dark", "phone": "", "email": huge } }),
            TOO_LONG,
        ),
        (
            "settings_save",
            json!({ "settings": { "theme": "pink", "phone": "", "email": "" } }),
            UNREADABLE,
        ),
        ("settings_save", json!({ "settings": null }), UNREADABLE),
        ("background_save", json!({ "choice": null }), UNREADABLE),
        (
            "background_save",
            json!({ "choice": { "notices": "sì", "keep_working": true, "start_with_computer": true } }),
            UNREADABLE,
        ),
        (
            "background_save",
            json!({ "choice": { "notices": false, "keep_working": true } }),
            UNREADABLE,
        ),
    ]
}

fn lists(scene: &Scene) -> Vec<Case> {
    let huge = &scene.huge;
    let point = scene.draft["point"]["code"].as_str().expect("a point");
    vec![
        ("tickets_open", query(&json!({ "text": huge })), TOO_LONG),
        ("tickets_open", query(&json!({ "opened_from": "2026-02-30" })), INVALID),
        ("tickets_open", query(&json!({ "opened_to": "ieri" })), INVALID),
        (
            "tickets_open",
            query(&json!({ "opened_from": "+12026-01-01" })),
            INVALID,
        ),
        ("tickets_open", query(&json!({ "sort": "colour" })), UNREADABLE),
        ("tickets_open", query(&json!({ "topic": huge })), TOO_LONG),
        (
            "tickets_open",
            query(&json!({ "company": "non un codice" })),
            &["unknown_company", "invalid_argument"],
        ),
        (
            "tickets_window",
            json!({ "list": 4_000_000_000_u32, "offset": 0, "limit": 10 }),
            &["list_expired"],
        ),
        (
            "tickets_window",
            json!({ "list": -1, "offset": 0, "limit": 10 }),
            UNREADABLE,
        ),
        (
            "tickets_window",
            json!({ "list": "uno", "offset": 0, "limit": 10 }),
            UNREADABLE,
        ),
        ("company_open", json!({ "code": "99999999999" }), &["unknown_company"]),
        ("company_open", json!({ "code": "" }), &["unknown_company"]),
        (
            "company_open",
            json!({ "code": huge }),
            &["unknown_company", "too_long"],
        ),
        ("companies_list", json!({ "text": huge }), TOO_LONG),
        ("companies_list", json!({ "text": 12 }), UNREADABLE),
        (
            "agenda_read",
            json!({ "from": "2026-11-31", "to": "2026-12-01" }),
            INVALID,
        ),
        ("agenda_read", json!({ "from": "", "to": "" }), INVALID),
        (
            "agenda_read",
            json!({ "from": "2026-12-01", "to": "2026-11-01" }),
            INVALID,
        ),
        (
            "agenda_read",
            json!({ "from": "0001-01-01", "to": "9999-12-31" }),
            INVALID,
        ),
        ("agenda_read", json!({ "from": huge, "to": "2026-12-01" }), INVALID),
        ("agenda_list", json!({ "past": "sì" }), UNREADABLE),
        (
            "board_read",
            json!({ "point": "XX-NESSUNO", "from": null, "days": 7 }),
            &["unknown_point"],
        ),
        (
            "board_read",
            json!({ "point": huge, "from": null, "days": 7 }),
            &["unknown_point"],
        ),
        (
            "board_read",
            json!({ "point": point, "from": "26/11/2026", "days": 7 }),
            INVALID,
        ),
        (
            "board_read",
            json!({ "point": point, "from": null, "days": 0 }),
            INVALID,
        ),
        (
            "board_read",
            json!({ "point": point, "from": null, "days": 4_000_000_000_u32 }),
            INVALID,
        ),
    ]
}

fn bookings(scene: &Scene) -> Vec<Case> {
    let marks = &scene.marks;
    let [first, second] = &marks.together.one_point;
    let (first, second) = (first.as_str(), second.as_str());
    let elsewhere = marks.together.elsewhere.as_str();
    let other_company = marks.closed_ko.as_str();
    vec![
        ("booking_group", json!({ "tickets": [] }), &["nothing_selected"]),
        ("booking_group", json!({ "tickets": vec!["LU-1"; 2_000] }), TOO_LONG),
        ("booking_group", json!({ "tickets": first }), UNREADABLE),
        (
            "booking_group",
            json!({ "tickets": [first, other_company] }),
            &["mixed_companies"],
        ),
        ("booking_prepare", json!({ "tickets": [] }), &["nothing_selected"]),
        (
            "booking_prepare",
            json!({ "tickets": [second, elsewhere] }),
            &["mixed_points"],
        ),
        (
            "booking_prepare",
            json!({ "tickets": [second, other_company] }),
            &["mixed_companies"],
        ),
        ("booking_prepare", json!({ "tickets": [first] }), &["already_in_draft"]),
        (
            "booking_prepare",
            json!({ "tickets": [marks.no_point.as_str()] }),
            &["not_bookable"],
        ),
        (
            "booking_from_reply",
            json!({ "code": marks.ripe_today.as_str() }),
            &["not_assessable"],
        ),
        (
            "ticket_assess",
            json!({ "code": marks.ripe_today.as_str(), "assessment": "satisfactory" }),
            &["not_assessable"],
        ),
        (
            "ticket_assess",
            json!({ "code": first, "assessment": "so so" }),
            UNREADABLE,
        ),
    ]
}

fn drafts(scene: &Scene) -> Vec<Case> {
    let (huge, discarded, draft_id) = (&scene.huge, &scene.discarded, scene.draft_id());
    let revision = scene.draft["revision"].as_u64().expect("a revision");
    let save = |change: Value| json!({ "id": draft_id, "revision": revision, "change": change });
    let pattern = |change: Value| {
        let mut wish = json!({ "kind": "pattern", "weekdays": [], "from": null, "to": null, "until": null });
        for (name, value) in change.as_object().expect("fields") {
            wish[name] = value.clone();
        }
        wish
    };
    vec![
        (
            "draft_save",
            json!({ "id": draft_id, "revision": 999, "change": { "notes": "x" } }),
            &["draft_stale"],
        ),
        (
            "draft_save",
            json!({ "id": draft_id, "revision": -1, "change": {} }),
            UNREADABLE,
        ),
        ("draft_save", save(json!({ "notes": huge })), TOO_LONG),
        ("draft_save", save(json!({ "phone": huge })), TOO_LONG),
        ("draft_save", save(json!({ "email": huge })), TOO_LONG),
        ("draft_save", save(json!({ "notes": 7 })), UNREADABLE),
        (
            "draft_save",
            save(json!({ "wishes": [{ "kind": "slot", "start": "domani alle nove" }] })),
            INVALID,
        ),
        (
            "draft_save",
            save(json!({ "wishes": [{ "kind": "slot", "start": "2026-11-26T09:30:00+01:00[America/Lima]" }] })),
            INVALID,
        ),
        (
            "draft_save",
            save(json!({ "wishes": [pattern(json!({ "weekdays": [9] }))] })),
            INVALID,
        ),
        (
            "draft_save",
            save(json!({ "wishes": [pattern(json!({ "from": "25:99" }))] })),
            INVALID,
        ),
        (
            "draft_save",
            save(json!({ "wishes": [pattern(json!({ "until": "2026-13-01" }))] })),
            INVALID,
        ),
        (
            "draft_save",
            save(json!({ "wishes": vec![pattern(json!({})); 11] })),
            INVALID,
        ),
        (
            "draft_save",
            save(json!({ "never": { "weekdays": [9], "dates": [] } })),
            INVALID,
        ),
        (
            "draft_save",
            save(json!({ "never": { "weekdays": [300], "dates": [] } })),
            UNREADABLE,
        ),
        (
            "draft_save",
            save(json!({ "never": { "weekdays": [], "dates": ["2026-02-30"] } })),
            INVALID,
        ),
        (
            "draft_save",
            save(json!({ "never": { "weekdays": [], "dates": [huge] } })),
            INVALID,
        ),
        (
            "draft_save",
            save(json!({ "never": { "weekdays": [], "dates": vec!["2026-12-08"; 41] } })),
            INVALID,
        ),
        ("draft_save", save(json!({ "never": "il giovedì" })), UNREADABLE),
        ("draft_save", save(json!({ "waits": "sì" })), UNREADABLE),
        (
            "draft_send",
            json!({ "id": draft_id, "revision": 999 }),
            &["draft_stale"],
        ),
        (
            "draft_send",
            json!({ "id": draft_id, "revision": revision }),
            &["draft_incomplete"],
        ),
        ("draft_recall", json!({ "id": draft_id }), &["draft_locked"]),
        ("draft_retry", json!({ "id": draft_id }), &["draft_locked"]),
        ("draft_restore", json!({ "id": draft_id }), &["draft_locked"]),
        (
            "attachment_remove",
            json!({ "draft": draft_id, "hash": NO_HASH }),
            &["unknown_attachment"],
        ),
        (
            "attachment_remove",
            json!({ "draft": draft_id, "hash": "../../studio.db" }),
            &["unknown_attachment"],
        ),
        (
            "attachment_open",
            json!({ "draft": draft_id, "hash": NO_HASH }),
            &["unknown_attachment"],
        ),
        (
            "attachment_open",
            json!({ "draft": draft_id, "hash": "/etc/passwd" }),
            &["unknown_attachment"],
        ),
        ("attachments_pick", json!({ "draft": discarded }), &["draft_locked"]),
        (
            "attachments_take_dropped",
            json!({ "draft": discarded }),
            &["draft_locked"],
        ),
        ("attachments_take_dropped", json!({ "draft": 7 }), UNREADABLE),
    ]
}

/// Ids and codes that are nobody's, or another studio's.
fn reminders(scene: &Scene) -> Vec<Case> {
    let waiting = scene.marks.together.one_point[0].as_str();
    let answered = scene.marks.closed_ok_unassessed.as_str();
    vec![
        (
            "ticket_remind",
            json!({ "code": answered, "words": "" }),
            &["not_remindable"],
        ),
        (
            "ticket_remind",
            json!({ "code": waiting, "words": scene.huge }),
            TOO_LONG,
        ),
        ("ticket_remind", json!({ "code": waiting, "words": 7 }), UNREADABLE),
        ("reminder_recall", json!({ "code": waiting }), &["reminder_sent"]),
        ("reminder_dismiss", json!({ "code": "" }), UNKNOWN_TICKET),
        ("refusal_dismiss", json!({ "id": "forse" }), INVALID),
        ("refusal_dismiss", json!({ "id": 7 }), UNREADABLE),
    ]
}

fn requests(scene: &Scene) -> Vec<Case> {
    vec![
        ("request_begin", json!({ "position": "domani" }), INVALID),
        ("request_begin", json!({ "position": 7 }), UNREADABLE),
        ("request_positions", json!({ "text": scene.huge }), TOO_LONG),
    ]
}

/// R16: of the portal, where nothing stands there.
fn portal(scene: &Scene) -> Vec<Case> {
    let ticket = scene.marks.together.one_point[0].as_str();
    let answer = json!({
        "identifier": "12", "date": "2026-11-26", "from": "09:30", "to": "10:00", "place": "Lucca",
    });
    let matching = json!({ "table": 0, "columns": [], "states": [] });
    let address = |portal: &str| json!({ "settings": { "theme": "dark", "phone": "", "email": "", "portal": portal } });
    vec![
        ("settings_save", address("http://www.inps.it"), INVALID),
        ("settings_save", address("file:///etc/passwd"), INVALID),
        ("settings_save", address(""), INVALID),
        ("settings_save", address(&scene.huge), TOO_LONG),
        ("import_paste", json!({ "html": 7, "text": "" }), UNREADABLE),
        (
            "import_paste",
            json!({ "html": null, "text": "x".repeat(33 * 1024 * 1024) }),
            TOO_LONG,
        ),
        ("import_match", json!({ "matching": matching }), &["list_expired"]),
        ("import_match", json!({ "matching": { "table": -1 } }), UNREADABLE),
        (
            "import_rows",
            json!({ "filter": "all", "offset": 0, "limit": 201 }),
            INVALID,
        ),
        (
            "import_rows",
            json!({ "filter": "all", "offset": 0, "limit": 9 }),
            &["list_expired"],
        ),
        (
            "import_rows",
            json!({ "filter": "alle", "offset": 0, "limit": 9 }),
            UNREADABLE,
        ),
        ("import_take", json!({}), &["list_expired"]),
        ("portal_ticket_write", json!({ "form": null }), UNREADABLE),
        (
            "portal_files_open",
            json!({ "draft": scene.draft_id() }),
            &["unknown_attachment"],
        ),
        ("portal_files_open", json!({ "draft": "../../x" }), UNKNOWN_DRAFT),
        (
            "appointment_register",
            json!({ "tickets": [], "draft": null, "form": answer }),
            &["nothing_selected"],
        ),
        (
            "appointment_register",
            json!({ "tickets": [ticket], "draft": null, "form": answer }),
            &["of_the_portal"],
        ),
        (
            "appointment_register",
            json!({ "tickets": ["NIENTE-1"], "draft": null, "form": answer }),
            UNKNOWN_TICKET,
        ),
        (
            "appointment_register",
            json!({ "tickets": [ticket], "draft": null, "form": {} }),
            UNREADABLE,
        ),
        (
            "registration_change",
            json!({ "id": NOBODY, "seen": answer, "form": answer }),
            UNKNOWN_APPOINTMENT,
        ),
        (
            "registration_change",
            json!({ "id": "", "seen": answer, "form": answer }),
            UNKNOWN_APPOINTMENT,
        ),
        (
            "registration_cancel",
            json!({ "id": NOBODY, "bySede": true }),
            UNKNOWN_APPOINTMENT,
        ),
        ("registration_cancel", json!({ "id": NOBODY }), UNREADABLE),
    ]
}

fn dossiers(scene: &Scene) -> Vec<Case> {
    let ticket = scene.marks.ripe_today.as_str();
    let huge = scene.huge.as_str();
    let line = "x".repeat(121);
    vec![
        ("ticket_in_charge", json!({ "code": ticket, "person": "" }), INVALID),
        (
            "ticket_in_charge",
            json!({ "code": ticket, "person": "Uno qualunque" }),
            INVALID,
        ),
        ("ticket_in_charge", json!({ "code": ticket, "person": huge }), INVALID),
        ("ticket_in_charge", json!({ "code": ticket, "person": 7 }), UNREADABLE),
        ("ticket_note", json!({ "code": ticket, "text": "" }), INVALID),
        ("ticket_note", json!({ "code": ticket, "text": " \n\t" }), INVALID),
        ("ticket_note", json!({ "code": ticket, "text": "zero\u{0}" }), INVALID),
        ("ticket_note", json!({ "code": ticket, "text": huge }), TOO_LONG),
        (
            "appointment_attends",
            json!({ "id": NOBODY, "person": "Uno qualunque", "attends": true }),
            INVALID,
        ),
        (
            "appointment_attends",
            json!({ "id": NOBODY, "person": "Anna Ricci", "attends": "sì" }),
            UNREADABLE,
        ),
        (
            "appointment_document",
            json!({ "id": NOBODY, "name": "due\nrighe", "wanted": true }),
            INVALID,
        ),
        (
            "appointment_document",
            json!({ "id": NOBODY, "name": line, "wanted": true }),
            TOO_LONG,
        ),
        (
            "appointment_meeting",
            json!({ "id": NOBODY, "result": "settled", "text": huge }),
            TOO_LONG,
        ),
        (
            "appointment_meeting",
            json!({ "id": NOBODY, "result": "così così", "text": "" }),
            UNREADABLE,
        ),
        ("appointment_note", json!({ "id": NOBODY, "text": "" }), INVALID),
        ("appointment_note", json!({ "id": NOBODY, "text": huge }), TOO_LONG),
    ]
}

fn unknown(scene: &Scene) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for id in [
        "",
        NOBODY,
        "../../../etc/passwd",
        scene.draft_id().get(..8).unwrap_or("x"),
        scene.huge.as_str(),
    ] {
        cases.extend([
            ("draft_open", json!({ "id": id }), UNKNOWN_DRAFT),
            (
                "draft_save",
                json!({ "id": id, "revision": 1, "change": { "notes": "x" } }),
                UNKNOWN_DRAFT,
            ),
            ("draft_send", json!({ "id": id, "revision": 1 }), UNKNOWN_DRAFT),
            ("draft_recall", json!({ "id": id }), UNKNOWN_DRAFT),
            ("draft_retry", json!({ "id": id }), UNKNOWN_DRAFT),
            ("draft_discard", json!({ "id": id }), UNKNOWN_DRAFT),
            ("draft_restore", json!({ "id": id }), UNKNOWN_DRAFT),
            ("attachments_pick", json!({ "draft": id }), UNKNOWN_DRAFT),
            ("request_open", json!({ "id": id }), UNKNOWN_DRAFT),
            (
                "request_save",
                json!({ "id": id, "revision": 1, "change": { "text": "x" } }),
                UNKNOWN_DRAFT,
            ),
            ("request_send", json!({ "id": id, "revision": 1 }), UNKNOWN_DRAFT),
            ("request_recall", json!({ "id": id }), UNKNOWN_DRAFT),
            ("request_retry", json!({ "id": id }), UNKNOWN_DRAFT),
            ("request_discard", json!({ "id": id }), UNKNOWN_DRAFT),
            ("request_restore", json!({ "id": id }), UNKNOWN_DRAFT),
            ("request_files_pick", json!({ "id": id }), UNKNOWN_DRAFT),
            ("request_files_take_dropped", json!({ "id": id }), UNKNOWN_DRAFT),
            (
                "request_file_remove",
                json!({ "id": id, "hash": NO_HASH }),
                UNKNOWN_DRAFT,
            ),
            ("request_file_open", json!({ "id": id, "hash": NO_HASH }), UNKNOWN_DRAFT),
            ("attachments_take_dropped", json!({ "draft": id }), UNKNOWN_DRAFT),
            (
                "attachment_remove",
                json!({ "draft": id, "hash": NO_HASH }),
                UNKNOWN_DRAFT,
            ),
            (
                "attachment_open",
                json!({ "draft": id, "hash": NO_HASH }),
                UNKNOWN_DRAFT,
            ),
        ]);
    }
    for id in [
        "",
        NOBODY,
        "LU-A-000001",
        scene.others.appointment.as_str(),
        scene.huge.as_str(),
    ] {
        cases.push(("appointment_open", json!({ "id": id }), UNKNOWN_APPOINTMENT));
        cases.push(("appointment_change", json!({ "id": id }), UNKNOWN_APPOINTMENT));
        cases.push(("appointment_cancel", json!({ "id": id }), UNKNOWN_APPOINTMENT));
        cases.extend([
            (
                "appointment_attends",
                json!({ "id": id, "person": "Anna Ricci", "attends": true }),
                UNKNOWN_APPOINTMENT,
            ),
            (
                "appointment_document",
                json!({ "id": id, "name": "Delega", "wanted": true }),
                UNKNOWN_APPOINTMENT,
            ),
            (
                "appointment_meeting",
                json!({ "id": id, "result": "settled", "text": "" }),
                UNKNOWN_APPOINTMENT,
            ),
            (
                "appointment_note",
                json!({ "id": id, "text": "Nota" }),
                UNKNOWN_APPOINTMENT,
            ),
        ]);
    }
    for code in [
        "",
        "LU-999999999",
        "'; DROP TABLE ticket; --",
        scene.others.ticket.as_str(),
        scene.huge.as_str(),
    ] {
        cases.extend([
            ("ticket_open", json!({ "code": code }), UNKNOWN_TICKET),
            (
                "ticket_assess",
                json!({ "code": code, "assessment": "unsatisfactory" }),
                UNKNOWN_TICKET,
            ),
            ("ticket_remind", json!({ "code": code, "words": "" }), UNKNOWN_TICKET),
            (
                "ticket_in_charge",
                json!({ "code": code, "person": "Anna Ricci" }),
                UNKNOWN_TICKET,
            ),
            ("ticket_note", json!({ "code": code, "text": "Nota" }), UNKNOWN_TICKET),
            ("booking_group", json!({ "tickets": [code] }), UNKNOWN_TICKET),
            ("booking_prepare", json!({ "tickets": [code] }), UNKNOWN_TICKET),
            ("booking_from_reply", json!({ "code": code }), UNKNOWN_TICKET),
        ]);
    }
    for id in [
        "",
        NOBODY,
        "LU-A-000001",
        scene.others.communication.as_str(),
        scene.huge.as_str(),
    ] {
        cases.push((
            "communication_acknowledge",
            json!({ "id": id }),
            &["unknown_communication"],
        ));
    }
    cases
}
