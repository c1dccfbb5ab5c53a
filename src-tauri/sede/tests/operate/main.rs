//! The administrator's and operators' verbs, as the program itself: real processes on a real store. What is refused must
//! have changed nothing, and ends with the number that the help tells.

mod appointments;
mod checks;
mod delegations;
mod offering;
mod studios;
mod taught;
mod tickets;
mod together;
mod usage;
mod world;
