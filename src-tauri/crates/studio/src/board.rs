//! The board of a point's places.

use domain::availability::{DayPlaces, last_day, places};
use domain::code::PointCode;
use domain::time::Now;

use crate::limits::BOARD_DAYS_MAX;
use crate::mapping::{self, time};
use crate::studio::Studio;
use crate::view::board::{Board, BoardDay, BoardSlot};
use crate::{StudioError, parse};

impl Studio {
    /// Some open days of a point, from `from` on or from today, with what was free when the store was last read.
    ///
    /// # Errors
    /// [`StudioError::UnknownPoint`], [`StudioError::InvalidArgument`] for what is no date, and for no day or more than
    /// [`BOARD_DAYS_MAX`](crate::limits::BOARD_DAYS_MAX).
    pub async fn board_read(&self, point: &str, from: Option<&str>, days: u32) -> Result<Board, StudioError> {
        if !(1..=BOARD_DAYS_MAX).contains(&days) {
            return Err(StudioError::InvalidArgument { argument: "days" });
        }
        let from = from.map(|from| parse::date("from", from)).transpose()?;
        let code: PointCode = parse::known(point, StudioError::UnknownPoint)?;
        let guide = self.guide().await?;
        let now = guide.now;
        let point = guide.directory.points.get(&code).ok_or(StudioError::UnknownPoint)?;
        let pulled = &self.cache.pulled;
        let taken = pulled.taken(&code, domain::time::midnight(now.today())).await?;
        let read_at = pulled.read_at().await?;
        let mut open = places(point, now.today(), last_day(point, now), &taken);
        // Nothing can be chosen on a day that is over.
        if open.first().is_some_and(|day| is_over(day, now)) {
            open.remove(0);
        }
        let length = usize::try_from(days).unwrap_or(1);
        let first = from.map_or(0, |from| open.partition_point(|day| day.date < from));
        let after = first.saturating_add(length).min(open.len());
        let desks = u32::from(point.desks);
        Ok(Board {
            point: guide.point_view(point),
            read_at: read_at.map(time::instant),
            read_time: read_at.map(|at| time::spoken_with_day(at, now)),
            previous: (first > 0)
                .then(|| open.get(first.saturating_sub(length)))
                .flatten()
                .map(|day| time::date(day.date)),
            next: open.get(after).map(|day| time::date(day.date)),
            days: open[first..after]
                .iter()
                .map(|day| board_day(day, desks, now))
                .collect(),
        })
    }
}

/// Whether the last slot of today has begun.
fn is_over(day: &DayPlaces, now: Now) -> bool {
    day.date == now.today()
        && day
            .places
            .last()
            .is_some_and(|place| place.slot.start.instant() <= now.instant())
}

fn board_day(day: &DayPlaces, desks: u32, now: Now) -> BoardDay {
    BoardDay {
        date: time::date(day.date),
        closed: day.closed.clone(),
        slots: day
            .places
            .iter()
            .map(|place| BoardSlot {
                slot: mapping::board::slot(&place.slot),
                free: u32::from(place.free),
                desks,
                begun: place.slot.start.instant() <= now.instant(),
            })
            .collect(),
    }
}
