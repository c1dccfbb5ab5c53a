//! Companies, their positions and who acts for them.

use chrono::NaiveDate;
use domain::code::{Matricola, StudioCode};
use domain::company::{Company, Delegation, Position};
use store::AdmittedDelegation;

use crate::Seed;
use crate::calendar::{days_after, days_before};
use crate::codes::{Born, codice_fiscale, matricola, partita_iva, written};
use crate::dice::{Dice, Purpose};
use crate::names::{FIRST_NAMES, Name, Names, Trade};
use crate::offering::{LUCCA, MASSA, OFFICES, PISA};

/// Whose a position is to act for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Held {
    /// The training studio's, with no end in sight.
    Ours,
    /// The training studio's, and it ends in so many days.
    OursUntil(u32),
    /// It was the training studio's until so many days ago, and then the rival's.
    OursOnce(u32),
    /// The rival's.
    Rivals,
}

impl Held {
    /// Whether the training studio acts for it today.
    pub(crate) const fn ours(self) -> bool {
        matches!(self, Self::Ours | Self::OursUntil(_))
    }
}

/// A position as this crate knows it.
pub(crate) struct Site {
    pub(crate) company: usize,
    pub(crate) office: usize,
    pub(crate) matricola: Matricola,
    pub(crate) held: Held,
}

/// All companies and what is theirs.
pub(crate) struct Register {
    pub(crate) companies: Vec<Company>,
    pub(crate) trades: Vec<Trade>,
    pub(crate) sites: Vec<Site>,
    /// Places in `sites` of each company's.
    pub(crate) of_company: Vec<Vec<usize>>,
    pub(crate) delegations: Vec<AdmittedDelegation>,
    /// How many of `companies` are the training studio's clients; the rest are the rival's.
    pub(crate) clients: usize,
}

/// Companies that every training sede has: name, owner of a sole trader's, sedi of the positions.
pub(crate) const KNOWN: &[(&str, Option<&str>, Trade, &[usize])] = &[
    ("Officine Serchio srl", None, Trade::General, &[LUCCA]),
    ("Panificio Lunardi snc", None, Trade::General, &[LUCCA]),
    ("Cartiera Valfreddana spa", None, Trade::General, &[LUCCA, PISA]),
    ("Edil Garfagnana srl", None, Trade::General, &[LUCCA]),
    ("Hotel Versilia srl", None, Trade::General, &[LUCCA, LUCCA]),
    ("Trasporti Nottoli sas", None, Trade::General, &[LUCCA]),
    ("Conceria Arno spa", None, Trade::General, &[PISA]),
    ("Marmi Apuani srl", None, Trade::General, &[MASSA, LUCCA, MASSA]),
    ("Farmacia Del Prete", Some("Del Prete"), Trade::General, &[LUCCA]),
    ("Nautica Tirrenia srl", None, Trade::General, &[MASSA]),
    ("Agricola Montecarlo ss", None, Trade::Farming, &[LUCCA]),
];

/// Companies of which only the rival looks after all positions.
const RIVAL_CLIENTS: usize = 12;

/// How many companies the training studio looks after in a training sede with so many tickets.
fn clients(tickets: u32) -> u32 {
    match tickets {
        0..=50 => 15,
        51..=1_200 => 15 + (tickets - 50) * 105 / 1_150,
        1_201..=200_000 => 120 + (tickets - 1_200) / 10 * 188 / 1_988,
        _ => 2_000,
    }
}

impl Register {
    pub(crate) fn new(seed: Seed, tickets: u32, today: NaiveDate, ours: &StudioCode, rival: &StudioCode) -> Self {
        let clients = clients(tickets) as usize;
        let mut register = Self {
            companies: Vec::new(),
            trades: Vec::new(),
            sites: Vec::new(),
            of_company: Vec::new(),
            delegations: Vec::new(),
            clients,
        };
        let mut names = Names::default();
        for (name, ..) in KNOWN {
            names.reserve(name);
        }
        for index in 0..clients + RIVAL_CLIENTS {
            // A stream for each company: more of them do not change those before.
            let mut dice = Dice::new(seed, Purpose::Companies, index as u64);
            let (name, sites) = match KNOWN.get(index) {
                Some((name, owner, trade, offices)) => (
                    Name {
                        full: (*name).to_owned(),
                        owner: *owner,
                        trade: *trade,
                    },
                    offices.iter().map(|office| (*office, Held::Ours)).collect(),
                ),
                None => (names.make(&mut dice), sites(index, clients, &mut dice)),
            };
            register.add(&name, &sites, &mut dice);
        }
        register.delegate(seed, today, ours, rival);
        register
    }

    fn add(&mut self, name: &Name, sites: &[(usize, Held)], dice: &mut Dice) {
        let index = self.companies.len();
        let home = sites.first().map_or(LUCCA, |(office, _)| *office);
        // An odd step through a million: no two companies get the same number.
        let number = u32::try_from((index * 7_919 + 42_617) % 1_000_000).unwrap_or_default();
        let code = match name.owner {
            None => partita_iva(number, OFFICES[home].province),
            Some(surname) => {
                let first_name = dice.index(FIRST_NAMES.len());
                let woman = first_name % 2 == 1;
                codice_fiscale(&Born {
                    surname,
                    name: FIRST_NAMES[first_name],
                    year: dice.between(1951, 1996),
                    month: dice.index(12),
                    day: dice.between(1, 28) + if woman { 40 } else { 0 },
                    place: number % 1_000,
                })
            }
        };
        self.companies.push(Company {
            code,
            name: name.full.clone(),
        });
        self.trades.push(name.trade);
        let mut of_company = Vec::with_capacity(sites.len());
        for (office, held) in sites {
            let at = self.sites.len();
            of_company.push(at);
            let matricola = match at {
                0 => written("4801234567"),
                _ => matricola(OFFICES[*office].prefix, u32::try_from(at).unwrap_or_default()),
            };
            self.sites.push(Site {
                company: index,
                office: *office,
                matricola,
                held: *held,
            });
        }
        self.of_company.push(of_company);
    }

    fn delegate(&mut self, seed: Seed, today: NaiveDate, ours: &StudioCode, rival: &StudioCode) {
        let mut dice = Dice::new(seed, Purpose::Companies, u64::MAX);
        for site in &self.sites {
            let began = days_before(today, dice.between(1_200, 3_400));
            let mut give = |studio: &StudioCode, from, until| {
                self.delegations.push(AdmittedDelegation {
                    studio: studio.clone(),
                    delegation: Delegation {
                        position: site.matricola.clone(),
                        from,
                        until,
                    },
                });
            };
            match site.held {
                Held::Ours => give(ours, began, None),
                Held::OursUntil(days) => give(ours, began, Some(days_after(today, days))),
                Held::OursOnce(days) => {
                    let last = days_before(today, days);
                    give(ours, began, Some(last));
                    give(rival, days_after(last, 1), None);
                }
                Held::Rivals => give(rival, began, None),
            }
        }
    }

    /// The positions, as a store takes them in.
    pub(crate) fn positions(&self) -> impl Iterator<Item = Position> {
        self.sites.iter().map(|site| Position {
            matricola: site.matricola.clone(),
            company: self.companies[site.company].code.clone(),
            sede: written(OFFICES[site.office].code),
        })
    }

    /// The place of the first position of company `index` in `office` that the training studio acts for, or of any.
    pub(crate) fn site(&self, index: usize, office: usize) -> usize {
        let sites = &self.of_company[index];
        sites
            .iter()
            .copied()
            .find(|at| self.sites[*at].office == office && self.sites[*at].held.ours())
            .unwrap_or(sites[0])
    }
}

/// The positions of a company that is not among the known ones. The first three of those show, whatever the seed, what can
/// become of a delegation; and a client's first position is always the training studio's.
fn sites(index: usize, clients: usize, dice: &mut Dice) -> Vec<(usize, Held)> {
    let home = dice.weighted(&[60, 25, 15]);
    let count = 1 + dice.weighted(&[60, 25, 10, 5]);
    if index >= clients {
        return [(LUCCA, Held::Rivals), (PISA, Held::Rivals), (MASSA, Held::Rivals)]
            .into_iter()
            .cycle()
            .skip(index % 3)
            .take(2)
            .collect();
    }
    match index.checked_sub(KNOWN.len()) {
        Some(0) => return vec![(LUCCA, Held::Ours), (PISA, Held::OursOnce(20))],
        Some(1) => return vec![(PISA, Held::Ours), (PISA, Held::OursUntil(4))],
        Some(2) => return vec![(LUCCA, Held::Ours), (MASSA, Held::Rivals)],
        _ => {}
    }
    let second = if dice.chance(450) {
        (home + 1 + dice.index(2)) % 3
    } else {
        home
    };
    (0..count)
        .map(|at| {
            let held = match dice.below(100) {
                0..=2 if at > 0 => Held::OursOnce(dice.between(2, 70)),
                3..=4 if at > 0 => Held::Rivals,
                5..=6 => Held::OursUntil(dice.between(0, 12)),
                _ => Held::Ours,
            };
            (if at == 0 { home } else { second }, held)
        })
        .collect()
}
