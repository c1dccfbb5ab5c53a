//! Faults, one by one, against real processes: whatever happens to the line, the server, the disk, the files or the program
//! itself, nothing that a person was told is safe is lost, and each says what happened.
//!
//! * `wire`, `line`: a proxy of the tests' own, and a store that tells it where a message begins; `office`: a studio that
//!   works with a real `sede serve` through it; `desk`: what its people do.
//! * `cuts`: the line cut in every part of every message.
//! * `sede`: the server slow, full, killed, told to end, of other versions; `upgrade`: upgraded under way.
//! * `small_disk`: a disk that is full at a write; `disk`: at every one of the studio's files.
//! * `damage`: the studio's files damaged.
//! * `killed`: the program killed on the ways that `kills` does not walk.
//!
//! What is random comes from a seed that a failure names; `SEED` begins with another.

#![allow(clippy::unwrap_used, reason = "a test may fail where it likes")]

mod cuts;
mod damage;
mod desk;
mod dice;
mod disk;
mod killed;
mod line;
mod office;
mod sede;
mod small_disk;
mod upgrade;
mod wire;
