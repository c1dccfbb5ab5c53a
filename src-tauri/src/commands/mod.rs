//! What the window can call, one module per area of the interface.

pub mod program;
