//! The people of a studio.

use crate::text::{in_a_line, written};

written!(
    /// A person of a studio, as the administrator wrote the name: 1 to 80 characters. Personal: never in a log.
    Person, 80, in_a_line
);
