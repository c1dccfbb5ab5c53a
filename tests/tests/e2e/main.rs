//! End to end, in the program's real window: what a person at a studio does, and what they must find afterwards.
//! Run by `scripts/test-e2e.sh`, one test after the other, on a desktop of its own.

mod asks;
mod background;
mod by_itself;
mod change;
mod company;
mod cut_off;
mod faults;
mod from_a_ticket;
mod hostile_files;
mod huge;
mod installed;
mod keyboard;
mod one_instance;
mod portal;
mod reply;
mod rival;
mod rooms;
mod sede;
mod shared_work;
mod steps;
mod waiting_day;
