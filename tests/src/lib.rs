//! What the tests of the whole program share: the program in a real window, driven as a person would drive it, and the
//! pieces around it (the desktop, files to attach, the sede's own store).
#![forbid(unsafe_code)]

pub mod desk_process;
pub mod desktop;
pub mod documents;
pub mod dragging;
pub mod house;
pub mod notices;
pub mod page;
pub mod panel;
pub mod program;
pub mod served;
pub mod training_desk;
pub mod waiting;
pub mod webdriver;
pub mod world;
