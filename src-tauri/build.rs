//! Embeds the icons and the window's rights. A command that is not listed here is refused to every window.

/// The program's own commands, by area. One that is added in `src/commands/` is added here, and in
/// `capabilities/default.json` as `allow-…`, or the window can't call it.
const COMMANDS: &[&str] = &[
    // app
    "app_status",
    "training_start",
    "settings_save",
    "repairs_seen",
    "sync_now",
    "window_leave",
    "page_fault",
    // background
    "background_read",
    "background_save",
    "place_take",
    // desks
    "desks_list",
    "desk_open",
    "portal_start",
    "sede_check",
    "sede_check_current",
    "sede_join",
    "authority_pick",
    // tickets
    "tickets_open",
    "tickets_window",
    "ticket_facets",
    "ticket_open",
    "ticket_assess",
    "ticket_remind",
    "reminder_recall",
    "reminder_dismiss",
    "reminders_list",
    // refusals
    "refusals_list",
    "refusal_dismiss",
    // requests
    "request_begin",
    "request_open",
    "request_save",
    "request_send",
    "request_recall",
    "request_retry",
    "request_discard",
    "request_restore",
    "requests_list",
    "request_topics",
    "request_positions",
    "request_files_pick",
    "request_files_take_dropped",
    "request_file_remove",
    "request_file_open",
    // bookings
    "booking_group",
    "booking_prepare",
    "booking_from_reply",
    "draft_open",
    "draft_save",
    "draft_send",
    "draft_recall",
    "draft_retry",
    "draft_discard",
    "draft_restore",
    "drafts_list",
    // attachments
    "attachments_pick",
    "attachments_take_dropped",
    "attachment_remove",
    "attachment_open",
    // board
    "board_read",
    // companies
    "companies_list",
    "company_open",
    // agenda
    "agenda_read",
    "agenda_list",
    "appointment_open",
    "appointment_change",
    "appointment_cancel",
    "communication_acknowledge",
    // dossiers
    "ticket_in_charge",
    "ticket_note",
    "appointment_attends",
    "appointment_document",
    "appointment_meeting",
    "appointment_note",
    // import
    "import_pick",
    "import_take_dropped",
    "import_paste",
    "import_match",
    "import_rows",
    "import_take",
    "import_call_off",
    "import_close",
    // portal
    "portal_ticket_write",
    "portal_open",
    "portal_files_open",
    "appointment_register",
    "registration_change",
    "registration_cancel",
    // today
    "today_read",
];

fn main() {
    let manifest = tauri_build::AppManifest::new().commands(COMMANDS);
    let attributes = tauri_build::Attributes::new().app_manifest(manifest);
    tauri_build::try_build(attributes).expect("tauri.conf.json, capabilities/ and icons/ must be sound");
}
