//! *Solleciti* (S5): reminding the sede of a ticket, and what became of it.

use std::collections::HashMap;

use cache::outbox::{RefusedReminder, RowState, SentReminder};
use domain::code::TicketCode;
use domain::reminder::{Reminder, reminder};

use crate::limits::NOTES_MAX;
use crate::mapping::{self, time};
use crate::studio::{Studio, new_decision};
use crate::view::app::Area;
use crate::view::reminders::{ReminderRow, ReminderStateView};
use crate::view::tickets::TicketDetail;
use crate::{StudioError, parse};

impl Studio {
    /// S5: decides to remind the sede of a ticket, with words or without. It is marked until it stands in the conversation.
    ///
    /// # Errors
    /// [`StudioError::UnknownTicket`], [`StudioError::TooLong`], [`StudioError::NotRemindable`] also while a reminder is on
    /// its way.
    pub async fn ticket_remind(&self, code: &str, words: &str) -> Result<TicketDetail, StudioError> {
        parse::text("words", words, NOTES_MAX)?;
        // A page can't be typed it into, but something else may have put it on the clipboard.
        let words = words.replace('\0', "");
        let most = usize::try_from(self.limits().await?.notes_max).unwrap_or(NOTES_MAX);
        parse::text("words", &words, most)?;
        let code: TicketCode = parse::known(code, StudioError::UnknownTicket)?;
        let opened = self.cache.pulled.ticket(&code).await?;
        let opened = opened.ok_or(StudioError::UnknownTicket)?;
        if opened.row.portal {
            return Err(StudioError::OfThePortal);
        }
        let ticket = opened.ticket;
        let now = self.now();
        let outbox = &self.cache.outbox;
        let under_way = outbox.reminders().await?.iter().any(|sent| sent.ticket == code);
        if under_way || !matches!(reminder(&ticket, now), Reminder::Possible(_)) {
            return Err(StudioError::NotRemindable);
        }
        let decision = new_decision();
        self.decide(decision, outbox.remind(&code, &words, decision, now.instant()))
            .await?;
        self.reminders_moved();
        self.ticket_open(code.as_str()).await
    }

    /// Takes a reminder back that has never left this computer.
    ///
    /// # Errors
    /// [`StudioError::UnknownTicket`], [`StudioError::ReminderSent`] where there is nothing left to take back.
    pub async fn reminder_recall(&self, code: &str) -> Result<(), StudioError> {
        let code: TicketCode = parse::known(code, StudioError::UnknownTicket)?;
        if !self.cache.outbox.recall_reminder(&code).await? {
            return Err(StudioError::ReminderSent);
        }
        self.reminders_moved();
        Ok(())
    }

    /// The person has read why a reminder did not go through.
    ///
    /// # Errors
    /// [`StudioError::UnknownTicket`] for what is no code of a ticket.
    pub async fn reminder_dismiss(&self, code: &str) -> Result<(), StudioError> {
        let code: TicketCode = parse::known(code, StudioError::UnknownTicket)?;
        if self.cache.outbox.forget_refused(&code).await? {
            self.reminders_moved();
        }
        Ok(())
    }

    /// Reminders that did not go through, then those on their way.
    ///
    /// # Errors
    /// Those of the studio's files.
    pub async fn reminders_list(&self) -> Result<Vec<ReminderRow>, StudioError> {
        let mut rows = self.refused_reminders().await?;
        let sent = self.cache.outbox.reminders().await?;
        let names = self.companies_of(sent.iter().map(|sent| &sent.ticket)).await?;
        rows.extend(sent.iter().map(|sent| self.sent_row(sent, &names)));
        Ok(rows)
    }

    /// Reminders that did not go through and that nobody has read about, the last first.
    pub(crate) async fn refused_reminders(&self) -> Result<Vec<ReminderRow>, StudioError> {
        let refused = self.cache.outbox.refused_reminders().await?;
        let names = self.companies_of(refused.iter().map(|refused| &refused.ticket)).await?;
        let rows = refused.iter().map(|refused| self.refused_row(refused, &names));
        Ok(rows.collect())
    }

    /// What is on its way for one ticket, or did not go through.
    pub(crate) async fn reminding_of(&self, code: &TicketCode) -> Result<Option<ReminderRow>, StudioError> {
        let rows = self.reminders_list().await?;
        Ok(rows.into_iter().find(|row| row.ticket == code.as_str()))
    }

    fn sent_row(&self, sent: &SentReminder, names: &HashMap<TicketCode, String>) -> ReminderRow {
        let waits = sent.row.state == RowState::Waiting;
        let turns = self.turns(&sent.row, waits);
        ReminderRow {
            ticket: sent.ticket.to_string(),
            company_name: names.get(&sent.ticket).cloned().unwrap_or_default(),
            words: sent.words.clone(),
            state: if waits {
                ReminderStateView::Queued
            } else {
                ReminderStateView::Sending
            },
            can_recall: sent.can_recall(),
            last_attempt: turns.last.map(time::instant),
            next_attempt: turns.next.map(time::instant),
            failures: turns.failures,
            refusal: None,
        }
    }

    fn refused_row(&self, refused: &RefusedReminder, names: &HashMap<TicketCode, String>) -> ReminderRow {
        ReminderRow {
            ticket: refused.ticket.to_string(),
            company_name: names.get(&refused.ticket).cloned().unwrap_or_default(),
            words: refused.words.clone(),
            state: ReminderStateView::Refused,
            can_recall: false,
            last_attempt: Some(time::instant(refused.refused_at)),
            next_attempt: None,
            failures: 0,
            refusal: Some(mapping::reminders::refusal(refused.why, self.now())),
        }
    }

    async fn companies_of(
        &self,
        tickets: impl Iterator<Item = &TicketCode>,
    ) -> Result<HashMap<TicketCode, String>, StudioError> {
        let codes: Vec<TicketCode> = tickets.cloned().collect();
        if codes.is_empty() {
            return Ok(HashMap::new());
        }
        let rows = self.cache.pulled.tickets_of(&codes).await?;
        Ok(rows.into_iter().map(|row| (row.code, row.company_name)).collect())
    }

    fn reminders_moved(&self) {
        self.herald.changed([Area::Tickets, Area::Drafts, Area::Status]);
    }
}
