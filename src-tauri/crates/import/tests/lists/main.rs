//! Lists as people get them, and what becomes of them: tables of cases whose names say what would be lost, and properties that
//! hold whatever the list.

#![allow(clippy::unwrap_used)]

mod codes;
mod columns;
mod days;
mod hostile;
mod pages;
mod progress;
mod properties;
mod refused_whole;
mod rows;
mod states;
mod support;
mod texts;
mod workbooks;
