//! *Oggi*: what needs somebody, in order.

use cache::drafts::DraftPhase;
use cache::pulled::AppointmentOrder;
use chrono::{Datelike, Days, NaiveDate, TimeDelta};
use domain::appointment::{AppointmentState, Stage};
use domain::time::{Civil, midnight};

use crate::StudioError;
use crate::mapping::{self, time};
use crate::studio::Studio;
use crate::view::agenda::{AppointmentRow, UnreadCommunication};
use crate::view::drafts::{DraftRow, Due};
use crate::view::today::{Today, WeekDay};

/// Tickets shown that became bookable today.
const RIPENED_SHOWN: u32 = 20;

/// Appointments shown.
const APPOINTMENTS_SHOWN: u32 = 6;

/// How long *Oggi* asks how a meeting went.
const REPORTED_WITHIN: TimeDelta = TimeDelta::days(21);

/// Meetings that it asks about at once.
const UNREPORTED_SHOWN: usize = 6;

/// Days of the strip.
const WORKING_DAYS: u64 = 5;

impl Studio {
    /// Reads the page of the day.
    ///
    /// # Errors
    /// Those of the studio's files.
    pub async fn today_read(&self) -> Result<Today, StudioError> {
        let guide = self.guide().await?;
        let pulled = &self.cache.pulled;
        let ripened = pulled.ripened_today(guide.now, RIPENED_SHOWN).await?;
        let (attention, leaving) = self.drafts_of_the_day().await?;
        Ok(Today {
            date: time::date(guide.now.today()),
            communications: self.unread_communications().await?,
            attention,
            requests: self.stopped_requests().await?,
            reminders: self.refused_reminders().await?,
            refusals: self.refusals_list().await?,
            ripened: self.ticket_rows(&ripened.rows, &guide).await?,
            ripened_total: ripened.total,
            bookable_total: pulled.bookable_now(guide.now).await?,
            appointments: self
                .appointments_by(AppointmentOrder::ToCome, APPOINTMENTS_SHOWN)
                .await?,
            unreported: self.unreported().await?,
            leaving,
            week: self.week(guide.now.today()).await?,
        })
    }

    /// Meetings of the last weeks of which nobody has said how they went, newest first.
    async fn unreported(&self) -> Result<Vec<AppointmentRow>, StudioError> {
        let guide = self.guide().await?;
        let now = guide.now.instant();
        let mut held = self.cache.pulled.appointments(now - REPORTED_WITHIN, now).await?;
        held.retain(|appointment| appointment.stage(guide.now) == Stage::Past);
        held.reverse();
        let mut rows = self.appointment_rows(&held, &guide).await?;
        rows.retain(|row| row.meeting.is_none());
        rows.truncate(UNREPORTED_SHOWN);
        Ok(rows)
    }

    /// Communications that nobody acknowledged, nor is about to, oldest first.
    async fn unread_communications(&self) -> Result<Vec<UnreadCommunication>, StudioError> {
        let guide = self.guide().await?;
        let pending = self.pending().await?;
        let mut shown = Vec::new();
        for unread in self.cache.pulled.unread().await? {
            if pending.acknowledges(unread.communication.id) {
                continue;
            }
            shown.push(UnreadCommunication {
                id: unread.communication.id.to_string(),
                appointment: self.appointment_row(&unread.appointment, &guide).await?,
                communication: mapping::agenda::communication(&unread.communication, |code| guide.point(code)),
                date: time::date(Civil::at(unread.communication.at).date()),
            });
        }
        Ok(shown)
    }

    /// Drafts that did not go through; and those that go out by themselves: on a known date, soonest first, then those that
    /// wait for a place.
    async fn drafts_of_the_day(&self) -> Result<(Vec<DraftRow>, Vec<DraftRow>), StudioError> {
        let (mut attention, mut leaving) = (Vec::new(), Vec::new());
        // Only what is open: nothing was booked or thrown away in the future.
        let since = self.now().instant() + TimeDelta::days(1);
        for draft in self.cache.drafts.list(since).await? {
            match draft.state.phase() {
                DraftPhase::NeedsAttention => attention.push(self.draft_row(&draft).await?),
                DraftPhase::Queued => leaving.push(self.draft_row(&draft).await?),
                DraftPhase::Editing | DraftPhase::Sending | DraftPhase::Booked | DraftPhase::Discarded => {}
            }
        }
        let waits = |row: &DraftRow| row.deposit.as_ref().is_some_and(|deposit| deposit.for_a_place);
        leaving.retain(|row| waits(row) || matches!(row.due, Due::On { .. }));
        leaving.sort_by(|a, b| (waits(a), date_of(&a.due)).cmp(&(waits(b), date_of(&b.due))));
        Ok((attention, leaving))
    }

    /// The five working days of the week that `today` is in.
    async fn week(&self, today: NaiveDate) -> Result<Vec<WeekDay>, StudioError> {
        let monday = today - Days::new(u64::from(today.weekday().num_days_from_monday()));
        let after = monday + Days::new(WORKING_DAYS);
        let pulled = &self.cache.pulled;
        let ripening = pulled.ripening(monday, after - Days::new(1)).await?;
        let mut confirmed = pulled.appointments(midnight(monday), midnight(after)).await?;
        confirmed.retain(|appointment| appointment.state == AppointmentState::Confirmed);
        Ok(ripening
            .into_iter()
            .map(|(day, ripening)| WeekDay {
                date: time::date(day),
                appointments: confirmed
                    .iter()
                    .filter(|appointment| appointment.slot.start.date() == day)
                    .map(|appointment| time::clock(appointment.slot.start))
                    .collect(),
                ripening,
            })
            .collect())
    }
}

fn date_of(due: &Due) -> &str {
    match due {
        Due::On { date } => date,
        Due::Now | Due::Never => "",
    }
}
