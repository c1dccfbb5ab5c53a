//! States and outcomes as lists word them: apart, or in one cell (*Chiusa KO*).

use std::cell::RefCell;
use std::collections::HashMap;

use domain::ticket::Outcome;
use serde::{Deserialize, Serialize};

use crate::fold::words;

/// What a word for the state of a ticket means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// *Aperta*.
    Open,
    /// *In carico*.
    InProgress,
    /// *Chiusa*; with which outcome stands elsewhere.
    Closed,
    /// *Chiusa OK*.
    ClosedOk,
    /// *Chiusa KO*.
    ClosedKo,
    /// *Annullata*, *ritirata* (R5).
    Withdrawn,
}

impl State {
    /// The outcome that the word tells itself.
    pub(crate) const fn outcome(self) -> Option<Outcome> {
        match self {
            Self::ClosedOk => Some(Outcome::Ok),
            Self::ClosedKo => Some(Outcome::Ko),
            Self::Open | Self::InProgress | Self::Closed | Self::Withdrawn => None,
        }
    }
}

/// What a word or phrase says.
#[derive(Clone, Copy, PartialEq)]
enum Sign {
    State(State),
    Outcome(Outcome),
    /// *Risolta*: closed, and as an outcome a good one.
    Solved,
    /// Says nothing.
    Filler,
}

const OPEN: Sign = Sign::State(State::Open);
const IN_PROGRESS: Sign = Sign::State(State::InProgress);
const CLOSED: Sign = Sign::State(State::Closed);
const WITHDRAWN: Sign = Sign::State(State::Withdrawn);
const OK: Sign = Sign::Outcome(Outcome::Ok);
const KO: Sign = Sign::Outcome(Outcome::Ko);

/// Phrases, longest first where one begins with another. A final `*` stands for the endings of gender and number.
const SIGNS: &[(&str, Sign)] = &[
    ("in attesa di presa in carico", OPEN),
    ("da prendere in carico", OPEN),
    ("in attesa di lavorazione", OPEN),
    ("in attesa di risposta", OPEN),
    ("da lavorare", OPEN),
    ("da evadere", OPEN),
    ("non lavorat*", OPEN),
    ("non evas*", OPEN),
    ("apert*", OPEN),
    ("riapert*", OPEN),
    ("inviat*", OPEN),
    ("inserit*", OPEN),
    ("inoltrat*", OPEN),
    ("presentat*", OPEN),
    ("trasmess*", OPEN),
    ("ricevut*", OPEN),
    ("acquisit*", OPEN),
    ("protocollat*", OPEN),
    ("nuov*", OPEN),
    ("open", OPEN),
    ("pres* in carico", IN_PROGRESS),
    ("in carico", IN_PROGRESS),
    ("in corso di lavorazione", IN_PROGRESS),
    ("in corso di definizione", IN_PROGRESS),
    ("in lavorazione", IN_PROGRESS),
    ("in corso", IN_PROGRESS),
    ("in gestione", IN_PROGRESS),
    ("in trattazione", IN_PROGRESS),
    ("in istruttoria", IN_PROGRESS),
    ("in esame", IN_PROGRESS),
    ("in elaborazione", IN_PROGRESS),
    ("assegnat*", IN_PROGRESS),
    ("chius*", CLOSED),
    ("chiusura", CLOSED),
    ("definit*", CLOSED),
    ("evas*", CLOSED),
    ("conclus*", CLOSED),
    ("completat*", CLOSED),
    ("terminat*", CLOSED),
    ("closed", CLOSED),
    ("annullat*", WITHDRAWN),
    ("ritirat*", WITHDRAWN),
    ("revocat*", WITHDRAWN),
    ("rinunciat*", WITHDRAWN),
    ("cancellat*", WITHDRAWN),
    ("non risolt*", KO),
    ("non accolt*", KO),
    ("non accoglibile", KO),
    ("non positiv*", KO),
    ("non favorevole", KO),
    ("non ok", KO),
    ("ko", KO),
    ("k o", KO),
    ("negativ*", KO),
    ("negativamente", KO),
    ("respint*", KO),
    ("rigettat*", KO),
    ("sfavorevole", KO),
    ("ok", OK),
    ("o k", OK),
    ("positiv*", OK),
    ("positivamente", OK),
    ("accolt*", OK),
    ("favorevole", OK),
    ("risolt*", Sign::Solved),
    ("con", Sign::Filler),
    ("esito", Sign::Filler),
    ("stato", Sign::Filler),
    ("richiesta", Sign::Filler),
    ("pratica", Sign::Filler),
    ("ticket", Sign::Filler),
    ("da", Sign::Filler),
    ("dal", Sign::Filler),
    ("dalla", Sign::Filler),
    ("dallo", Sign::Filler),
    ("dall", Sign::Filler),
    ("sede", Sign::Filler),
    ("inps", Sign::Filler),
    ("operatore", Sign::Filler),
    ("studio", Sign::Filler),
    ("utente", Sign::Filler),
    ("intermediario", Sign::Filler),
    ("e", Sign::Filler),
];

/// Words of a text that could name a state or an outcome; more are a sentence.
const MOST_WORDS: usize = 10;

fn is(word: &str, pattern: &str) -> bool {
    match pattern.strip_suffix('*') {
        Some(stem) => word
            .strip_prefix(stem)
            .is_some_and(|ending| matches!(ending, "a" | "o" | "e" | "i")),
        None => word == pattern,
    }
}

/// What stands after `phrase`, if `words` begin with it.
fn after<'w>(words: &'w [String], phrase: &str) -> Option<&'w [String]> {
    let mut rest = words;
    for pattern in phrase.split(' ') {
        let (word, after) = rest.split_first()?;
        if !is(word, pattern) {
            return None;
        }
        rest = after;
    }
    Some(rest)
}

/// The signs of a text, none if there is a word that says something unknown.
fn signs(text: &str) -> Option<Vec<Sign>> {
    let words = words(text);
    if words.len() > MOST_WORDS {
        return None;
    }
    let mut signs = Vec::new();
    let mut rest = words.as_slice();
    while !rest.is_empty() {
        let (after, sign) = SIGNS
            .iter()
            .find_map(|(phrase, sign)| Some((after(rest, phrase)?, *sign)))?;
        signs.push(sign);
        rest = after;
    }
    Some(signs)
}

/// Words that were looked up before: a list has few, in many rows.
#[derive(Default)]
pub(crate) struct KnownWords {
    states: RefCell<HashMap<Box<str>, Option<State>>>,
    outcomes: RefCell<HashMap<Box<str>, Option<Outcome>>>,
}

impl KnownWords {
    /// The state that a text names. What closes a ticket well or badly says that it is closed.
    pub(crate) fn state(&self, text: &str) -> Option<State> {
        looked_up(&self.states, text, state_in)
    }

    /// The outcome that a text names.
    pub(crate) fn outcome(&self, text: &str) -> Option<Outcome> {
        looked_up(&self.outcomes, text, outcome_in)
    }
}

fn looked_up<T: Copy>(
    known: &RefCell<HashMap<Box<str>, Option<T>>>,
    text: &str,
    look_up: fn(&str) -> Option<T>,
) -> Option<T> {
    if let Some(meaning) = known.borrow().get(text) {
        return *meaning;
    }
    let meaning = look_up(text);
    known.borrow_mut().insert(text.into(), meaning);
    meaning
}

/// The one thing that all of `found` say.
fn agreed<T: PartialEq>(found: impl IntoIterator<Item = T>) -> Result<Option<T>, ()> {
    let mut found = found.into_iter();
    let first = found.next();
    if found.all(|other| Some(&other) == first.as_ref()) {
        Ok(first)
    } else {
        Err(())
    }
}

fn state_in(text: &str) -> Option<State> {
    let signs = signs(text)?;
    let state = agreed(signs.iter().filter_map(|sign| match sign {
        Sign::State(state) => Some(*state),
        Sign::Solved => Some(State::Closed),
        Sign::Outcome(_) | Sign::Filler => None,
    }));
    let outcome = agreed(signs.iter().filter_map(|sign| match sign {
        Sign::Outcome(outcome) => Some(*outcome),
        _ => None,
    }));
    match (state.ok()?, outcome.ok()?) {
        (None | Some(State::Closed), Some(Outcome::Ok)) => Some(State::ClosedOk),
        (None | Some(State::Closed), Some(Outcome::Ko)) => Some(State::ClosedKo),
        (Some(State::Withdrawn), _) => Some(State::Withdrawn),
        (state, None) => state,
        (Some(_), Some(_)) => None,
    }
}

fn outcome_in(text: &str) -> Option<Outcome> {
    let signs = signs(text)?;
    agreed(signs.iter().filter_map(|sign| match sign {
        Sign::Outcome(outcome) => Some(*outcome),
        Sign::Solved => Some(Outcome::Ok),
        _ => None,
    }))
    .ok()?
}
