//! Every command through IPC, with the program's own rights and no display: good input does what it says, bad input gets a
//! code and leaves everything as it was, and what no right allows is refused.

mod background;
mod bad_input;
mod portal;
mod program;
mod rights;
mod sede;
mod story;
