//! The studio's two files, with real files.

mod agenda;
mod changes;
mod damage;
mod deposits;
mod dossiers;
mod drafts;
mod feed;
mod files;
mod judgements;
mod lists;
mod model;
mod outbox;
mod portal;
mod properties;
mod refusals;
mod reminders;
mod requests;
mod search;
mod world;
