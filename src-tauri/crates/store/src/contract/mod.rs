//! The contract: what every calendar store promises, as tests that any implementation runs.
//!
//! An implementation makes a [`Bench`] and expands [`contract_tests!`](crate::contract_tests) in a test file; each case
//! becomes a test of its own. A case speaks to the store through [`CalendarStore`], [`SedeDesk`], [`SedeRecords`] and
//! [`DeviceRegister`] only, and moves its clock. Cases are sentences; assertions say what would be lost.

mod view;
mod world;

use std::sync::Arc;

use async_trait::async_trait;
use domain::code::StudioCode;

use crate::{CalendarStore, DeviceRegister, SedeDesk, SedeRecords, SetClock};

/// How an implementation is put to the test.
#[async_trait]
pub trait Bench: Send + Sync + Sized + 'static {
    /// A store of its own, fresh and empty, that reads the present from `clock`. It ends with the bench.
    async fn fresh(clock: Arc<SetClock>) -> Self;

    /// The store as a device of `studio` sees it; the studio is enrolled.
    async fn session(&self, studio: &StudioCode) -> Arc<dyn CalendarStore>;

    /// The store as the sede sees it.
    async fn desk(&self) -> Arc<dyn SedeDesk>;

    /// The store as the sede reads it.
    async fn records(&self) -> Arc<dyn SedeRecords>;

    /// The store's register of devices.
    async fn register(&self) -> Arc<dyn DeviceRegister>;
}

/// Declares the cases once: as functions that can be reached, and as tests. A case that is not listed is dead code, and the
/// compiler says so.
macro_rules! cases {
    ($dollar:tt $($module:ident { $($case:ident,)* })*) => {
        $(
            #[allow(missing_docs, reason = "the names of the cases are sentences")]
            mod $module;
        )*

        /// The cases, for [`contract_tests!`](crate::contract_tests).
        pub mod case {
            $(pub use super::$module::{$($case),*};)*
        }

        /// Expands into one `#[tokio::test]` for each case of the contract, run on the given [`Bench`]. The crate that
        /// expands it needs `tokio` with `macros` and `rt-multi-thread`.
        #[macro_export]
        macro_rules! contract_tests {
            ($dollar bench:ty) => {
                $(mod $module {
                    use super::*;

                    $(#[tokio::test(flavor = "multi_thread")]
                    async fn $case() {
                        $crate::contract::case::$case::<$dollar bench>().await;
                    })*
                })*
            };
        }
    };
}

cases! { $
    hello {
        a_session_opens_with_what_holds_in_the_store,
        a_version_that_is_not_spoken_is_refused_with_those_that_are,
    }
    booking {
        a_ripe_ticket_is_booked_and_everything_about_it_follows,
        tickets_of_two_topics_share_an_appointment_at_one_point,
        a_ticket_that_is_named_twice_counts_once,
        the_granted_wish_is_the_first_that_is_free,
        a_pattern_gets_its_soonest_slot,
        what_never_suits_is_not_granted,
        a_slot_with_several_desks_is_granted_until_they_are_taken,
        with_every_wish_taken_the_nearest_free_slots_are_told,
        a_slot_that_has_begun_or_lies_beyond_the_horizon_is_not_granted,
        without_a_ticket_nothing_is_booked,
        tickets_of_two_companies_are_refused,
        a_delegation_that_is_over_is_refused,
        a_delegation_that_has_not_begun_shows_no_ticket,
        a_ticket_that_has_not_waited_long_enough_is_refused_with_its_day,
        a_reply_that_nobody_judged_is_refused,
        a_reply_that_was_found_satisfactory_is_refused,
        a_ticket_that_was_withdrawn_is_refused,
        a_ticket_that_no_point_answers_is_refused,
        a_ticket_that_an_appointment_carries_is_refused,
        a_ticket_that_leads_elsewhere_is_refused,
        wishes_that_cannot_be_ranked_are_refused,
        content_beyond_the_limits_is_refused,
        the_limits_of_the_sede_win,
        texts_are_kept_as_they_were_written,
        a_file_that_was_not_sent_is_refused,
        a_ticket_that_nobody_knows_is_refused,
        a_point_that_nobody_knows_is_refused,
        a_reply_closed_ko_is_bookable_unjudged,
        the_judgement_that_a_booking_brings_counts_and_is_kept,
        a_judgement_of_an_earlier_reply_says_nothing,
    }
    days {
        r4_holds_to_the_second_by_the_store_s_clock,
        r4_counts_days_of_the_sede_across_the_change_of_clocks,
        the_threshold_of_the_topic_counts,
        reopening_starts_the_count_again,
        r5_ends_with_the_appointment_to_the_second,
        a_clock_that_jumps_loses_nothing_and_doubles_nothing,
    }
    repeats {
        a_repeated_attempt_gets_the_first_outcome_whatever_happened_since,
        a_repeated_refusal_stays_one_and_the_next_attempt_is_decided_anew,
        an_attempt_never_stands_for_two_requests,
        a_late_attempt_of_a_decision_gets_its_one_appointment,
        two_studios_may_use_one_decision_id,
    }
    contention {
        thirty_two_compete_for_one_desk,
        thirty_two_compete_for_two_desks,
        thirty_two_compete_for_three_desks,
        one_ticket_is_never_in_two_live_appointments,
    }
    afterwards {
        cancelling_frees_the_slot_and_the_tickets,
        what_has_begun_is_not_cancelled,
        what_is_over_is_not_cancelled_again,
        a_judgement_makes_a_closed_ticket_bookable,
        a_judgement_is_about_the_reply_that_stood,
        a_judgement_is_the_studio_s_own,
        the_first_acknowledgement_counts,
    }
    deposits {
        a_deposit_goes_out_at_the_first_moment_with_nobody_asking_for_it,
        who_deposited_first_is_granted_first,
        nobody_gets_between_a_ripe_deposit_and_its_place,
        what_is_certain_to_be_refused_is_refused_at_once,
        what_is_ripe_is_decided_at_once,
        what_is_taken_back_does_not_go_out_even_if_it_arrives_later,
        the_next_attempt_of_a_decision_takes_the_place_of_the_last,
        a_booking_before_its_time_does_not_end_its_deposit,
        an_answer_of_the_sede_stops_what_was_decided_without_it,
        a_ticket_that_ripens_later_than_was_thought_is_waited_for,
        who_waits_for_a_place_gets_the_first_that_comes_free_the_longest_waiting_first,
        who_waits_gets_what_more_desks_or_a_move_bring,
        waiting_ends_with_the_last_wish_that_can_be_met,
        the_files_of_what_waits_are_kept,
        a_ticket_that_another_booking_carries_meanwhile_ends_the_wait,
    }
    changes {
        what_is_changed_is_changed_and_the_rest_stays,
        a_move_takes_the_first_place_that_is_free_and_gives_up_the_old_one,
        a_move_to_where_it_is_changes_nothing,
        a_move_into_what_is_taken_leaves_it_where_it_is,
        what_somebody_else_changed_meanwhile_is_not_written_over,
        a_change_beyond_the_limits_is_refused_whole,
        files_are_changed_once_they_are_there,
        what_has_begun_is_over_or_is_not_one_s_own_is_not_changed,
        r17_asks_for_the_delegation_and_not_for_what_made_the_ticket_bookable,
    }
    dossiers {
        what_one_enters_the_colleagues_read,
        an_appointment_s_dossier_says_who_attends_what_to_bring_and_how_it_went,
        an_entry_is_made_once_whatever_happens_to_its_answer,
        a_dossier_is_the_studio_s_own,
        about_what_one_does_not_see_nothing_is_entered,
        a_full_dossier_takes_no_more,
        the_people_of_a_studio_are_those_with_a_device,
    }
    requests {
        a_request_is_a_ticket_with_a_code_of_the_sede,
        the_first_ticket_of_a_sede_has_the_number_one,
        an_opened_ticket_ripens_and_carries_an_appointment,
        one_decision_opens_one_ticket,
        what_is_refused_is_decided_anew_at_the_next_attempt,
        a_request_without_delegation_topic_or_contact_is_refused,
        files_come_with_a_request_once_they_are_there_and_the_sede_reads_them,
        who_shares_the_position_sees_the_ticket_too,
        requests_at_one_moment_have_codes_of_their_own,
    }
    reminders {
        a_reminder_is_an_entry_of_the_conversation_and_changes_nothing_else,
        a_reminder_is_possible_to_the_second_by_the_store_s_clock,
        a_reminder_begins_the_promised_days_anew,
        what_was_answered_meanwhile_is_not_reminded_of,
        the_words_of_a_reminder_have_a_limit,
        a_repeated_reminder_is_written_once,
        who_shares_a_position_reads_the_reminder_and_nobody_else_writes_one,
        a_reminder_does_not_stop_a_deposit,
    }
    strangers {
        another_studio_s_ticket_answers_as_an_unknown_one,
        another_studio_s_appointment_answers_as_an_unknown_one,
        another_studio_s_file_answers_as_an_unknown_one,
    }
    feed {
        the_first_pull_is_the_whole_truth,
        after_that_only_what_changed_comes,
        an_entity_that_changed_often_comes_once,
        pages_add_up_to_the_whole,
        what_changes_during_a_first_pull_is_not_missed,
        a_cursor_of_another_life_of_the_store_is_told_so,
        after_a_restore_everybody_pulls_from_the_beginning,
        what_another_studio_books_shows_as_a_count_only,
        places_of_the_past_are_not_pulled_first,
        what_is_published_again_unchanged_is_no_change,
        a_delegation_that_ends_takes_its_tickets_along,
        a_delegation_that_ends_leaves_live_appointments_until_they_are_over,
        a_delegation_that_is_announced_shows_tickets_when_it_begins,
        a_delegation_that_is_renewed_brings_everything_back,
        who_takes_over_sees_the_tickets_and_that_one_is_carried,
    }
    uploads {
        a_file_sent_in_pieces_is_complete_and_can_be_booked_with,
        a_file_is_resumed_where_it_was_cut,
        a_gap_is_not_kept,
        content_of_another_hash_is_refused_and_forgotten,
        content_of_another_kind_is_refused_and_forgotten,
        a_studio_s_files_have_room_up_to_the_limit,
        a_file_is_kept_where_an_appointment_names_it_and_forgotten_after_a_month_otherwise,
        a_file_that_is_too_large_or_empty_is_refused,
        more_bytes_than_were_said_are_refused,
    }
    devices {
        an_invitation_admits_one_device_of_its_studio,
        an_invitation_is_of_no_use_to_a_second_device,
        an_answer_that_was_lost_does_no_harm,
        an_invitation_expires_to_the_second,
        an_invitation_that_nobody_made_admits_nobody,
        a_token_is_one_device_s,
        a_token_that_nobody_knows_is_told_so,
        a_revoked_device_is_told_so_and_its_person_is_invited_again,
        a_suspended_studio_is_told_so_and_loses_nothing,
        a_studio_that_nobody_enrolled_has_no_devices,
        the_register_lists_studios_and_devices,
        thirty_two_compete_for_one_invitation,
    }
    desk {
        a_ticket_is_taken_in_charge_answered_and_closed,
        an_act_that_the_status_does_not_allow_changes_nothing,
        an_appointment_is_resolved,
        an_appointment_is_moved_with_before_and_after,
        an_appointment_is_relocated_to_another_sede,
        an_appointment_is_cancelled_by_the_sede,
        words_of_the_sede_change_nothing_else,
        a_move_into_a_full_or_missing_slot_is_refused,
        what_is_over_is_not_moved,
        an_admission_that_names_the_unknown_changes_nothing,
        a_point_is_changed_in_one_piece_and_everybody_hears_of_it,
        a_point_that_somebody_else_changed_is_not_overwritten,
        a_desk_that_is_needed_is_not_taken_away,
        a_delegation_is_ended_by_the_sede,
    }
    records {
        what_the_sedi_offer_is_read_as_it_was_published,
        a_position_is_read_with_its_company,
        delegations_are_listed_page_by_page_and_filtered,
        tickets_are_listed_page_by_page_and_filtered,
        a_ticket_is_read_with_its_conversation_and_what_carries_it,
        appointments_are_listed_by_time_page_by_page,
        appointments_are_filtered_by_place_day_studio_and_state,
        an_appointment_is_read_with_what_the_sede_said,
        a_file_is_read_piece_by_piece_through_its_appointment,
        what_is_there_is_counted,
        a_fresh_store_holds_nothing_and_keeps_every_promise,
        a_store_in_use_keeps_every_promise,
        what_the_sede_changed_since_is_told_apart,
    }
}
