//! The present and what the sedi offer, for showing things by their codes.

use std::sync::Arc;

use cache::pulled::Directory;
use domain::code::{PointCode, TopicCode};
use domain::point::ConsultationPoint;
use domain::time::Now;

use crate::mapping;
use crate::view::board::PointView;
use crate::view::tickets::TopicView;

/// See the module.
pub(crate) struct Guide {
    pub(crate) directory: Arc<Directory>,
    pub(crate) now: Now,
}

impl Guide {
    /// A point by its code; one that has not been pulled shows its code.
    pub(crate) fn point(&self, code: &PointCode) -> PointView {
        match self.directory.points.get(code) {
            Some(point) => self.point_view(point),
            None => PointView {
                code: code.to_string(),
                name: code.to_string(),
                place: String::new(),
                sede_name: String::new(),
            },
        }
    }

    pub(crate) fn point_view(&self, point: &ConsultationPoint) -> PointView {
        mapping::board::point(point, &self.directory.sede_name(&point.sede))
    }

    /// A topic by its code.
    pub(crate) fn topic(&self, code: &TopicCode) -> TopicView {
        mapping::tickets::topic(&self.directory.topic(code))
    }
}
