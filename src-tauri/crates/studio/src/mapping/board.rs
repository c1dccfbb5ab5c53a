//! Points and slots.

use domain::point::ConsultationPoint;
use domain::slot::Slot;

use super::time;
use crate::view::board::{PointView, SlotView};

pub(crate) fn point(point: &ConsultationPoint, sede_name: &str) -> PointView {
    PointView {
        code: point.code.to_string(),
        name: point.name.clone(),
        place: point.place.clone(),
        sede_name: sede_name.to_owned(),
    }
}

pub(crate) fn slot(slot: &Slot) -> SlotView {
    SlotView {
        start: slot.start.to_string(),
        date: time::date(slot.start.date()),
        time: time::clock(slot.start),
        end_time: time::clock(slot.end),
    }
}
