//! The program as a whole: status, settings, repairs, a round at once.

use std::collections::BTreeSet;
use std::sync::atomic::Ordering;

use cache::pulled::Touched;
use sync::{LinkState, Pauses};

use crate::limits::CONTACT_MAX;
use crate::mapping::{count, time};
use crate::studio::Studio;
use crate::view::app::{AppStatus, Area, Badges, Connection, ConnectionState, Phase, Repair, Settings};
use crate::{StudioError, parse};

/// Where the settings are kept.
const SETTINGS: &str = "settings";

impl Studio {
    /// What the rail, the top and the foot show.
    ///
    /// # Errors
    /// Those of the studio's files.
    pub async fn status(&self) -> Result<AppStatus, StudioError> {
        let pulled = &self.cache.pulled;
        let kept = pulled.welcome().await?;
        let read_at = pulled.read_at().await?;
        Ok(AppStatus {
            phase: Phase::AtWork,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            desk: Some(self.desk.clone()),
            studio: kept.map(|kept| kept.welcome.studio_name),
            people: self.people().await?,
            today: time::date(self.now().today()),
            connection: Connection {
                state: match self.engine.link_state() {
                    _ if !self.has_sede => ConnectionState::NoSede,
                    LinkState::Unknown => ConnectionState::Unknown,
                    LinkState::Connected => ConnectionState::Connected,
                    LinkState::Offline => ConnectionState::Offline,
                    LinkState::Incompatible => ConnectionState::Incompatible,
                    LinkState::NotAdmitted => ConnectionState::NotAdmitted,
                    LinkState::Revoked => ConnectionState::Revoked,
                    LinkState::Suspended => ConnectionState::Suspended,
                },
                read_at: read_at.map(time::instant),
                read_time: read_at.map(time::spoken),
                waiting: self.cache.outbox.waiting().await?,
                busy: self.busy.load(Ordering::Relaxed),
            },
            badges: self.badges().await?,
            settings: self.settings().await?,
            portal_tickets: self.cache.portal.count().await?,
            repairs: self.repairs().clone(),
        })
    }

    /// How many things wait for somebody.
    ///
    /// # Errors
    /// Those of the studio's files.
    pub async fn badges(&self) -> Result<Badges, StudioError> {
        let (drafts, attention) = self.cache.drafts.counts().await?;
        let outbox = &self.cache.outbox;
        let refused = outbox.refused_reminders().await?.len() + outbox.refused_decisions().await?.len();
        let refused = count(refused);
        let reminders = count(outbox.reminders().await?.len());
        let (requests, stopped) = self.cache.requests.counts().await?;
        let pending = self.pending().await?;
        let unread = self.cache.pulled.unread().await?;
        let unread = unread.iter().filter(|one| !pending.acknowledges(one.communication.id));
        Ok(Badges {
            today: count(unread.count()) + attention + refused + stopped,
            drafts: drafts + reminders + refused + requests,
        })
    }

    /// What the person chose for this computer.
    pub(crate) async fn settings(&self) -> Result<Settings, StudioError> {
        let kept = self.cache.settings.read(SETTINGS).await?;
        Ok(kept.unwrap_or_default())
    }

    /// Keeps what the person chose; drafts begun from now on carry the contact.
    ///
    /// # Errors
    /// [`StudioError::TooLong`], [`StudioError::InvalidArgument`].
    pub async fn settings_save(&self, settings: Settings) -> Result<AppStatus, StudioError> {
        parse::text("phone", &settings.phone, CONTACT_MAX)?;
        parse::text("email", &settings.email, CONTACT_MAX)?;
        parse::web_address("portal", &settings.portal)?;
        self.cache.settings.write(SETTINGS, &settings).await?;
        self.herald.changed([Area::Status]);
        self.status().await
    }

    /// The repairs were told.
    ///
    /// # Errors
    /// Those of the studio's files.
    pub async fn repairs_seen(&self) -> Result<AppStatus, StudioError> {
        self.repairs().clear();
        self.status().await
    }

    /// One round with the store at once; nothing waits for the end of a pause. What goes wrong at the store is in the
    /// status.
    ///
    /// # Errors
    /// Those of the studio's files.
    pub async fn sync_now(&self) -> Result<AppStatus, StudioError> {
        self.engine.round(Pauses::Skip).await?;
        self.status().await
    }
}

pub(crate) fn repair(repair: cache::Repair) -> Repair {
    match repair {
        cache::Repair::CacheRebuilt => Repair::CacheRebuilt,
        cache::Repair::StudioRestored {
            set_aside,
            backup_of,
            recovered,
        } => Repair::StudioRestored {
            name: set_aside.unwrap_or_default(),
            backup_of: backup_of.map(time::instant),
            recovered,
        },
    }
}

/// The areas that a page of changes makes old.
pub(crate) fn areas(touched: &Touched) -> Vec<Area> {
    let mut areas = BTreeSet::new();
    if touched.tickets {
        areas.insert(Area::Tickets);
    }
    if touched.drafts {
        areas.insert(Area::Drafts);
    }
    if touched.agenda {
        areas.insert(Area::Agenda);
    }
    if touched.dossiers {
        areas.extend([Area::Tickets, Area::Agenda]);
    }
    if touched.board {
        areas.insert(Area::Board);
    }
    if !areas.is_empty() {
        areas.insert(Area::Status);
    }
    areas.into_iter().collect()
}
