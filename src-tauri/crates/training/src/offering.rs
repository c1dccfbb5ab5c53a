//! What the three sedi offer.

use chrono::{Datelike, NaiveDate, Weekday};
use domain::point::{Closure, ConsultationPoint, DayPart, OpeningHours, Sede, SlotLength};
use domain::time::{Now, TimeOfDay};
use store::Offering;

use crate::calendar::{days_after, holidays, is_working_day};
use crate::codes::written;
use crate::topics::SUBJECTS;

/// A sede as this crate knows it.
pub(crate) struct Office {
    pub(crate) code: &'static str,
    pub(crate) name: &'static str,
    /// First two digits of its matricole.
    pub(crate) prefix: u32,
    /// The province's number at the revenue office.
    pub(crate) province: u32,
    /// The number of its newest ticket in a small training sede.
    pub(crate) newest_number: u32,
    /// The number of its oldest ticket in a large one.
    pub(crate) oldest_number: u32,
    /// Topics that no point of it answers (R5).
    unanswered: &'static [&'static str],
}

pub(crate) const LUCCA: usize = 0;
pub(crate) const PISA: usize = 1;
pub(crate) const MASSA: usize = 2;

pub(crate) static OFFICES: [Office; 3] = [
    Office {
        code: "LU",
        name: "Lucca",
        prefix: 48,
        province: 46,
        newest_number: 48_330,
        oldest_number: 100_000,
        unanswered: &[],
    },
    Office {
        code: "PI",
        name: "Pisa",
        prefix: 61,
        province: 50,
        newest_number: 11_960,
        oldest_number: 300_000,
        unanswered: &[],
    },
    Office {
        code: "MS",
        name: "Massa-Carrara",
        prefix: 51,
        province: 45,
        newest_number: 20_430,
        oldest_number: 200_000,
        unanswered: &["CIG-FIS-DOM", "AGR-ELE-GIO"],
    },
];

/// A day of the week, from hour and minute, to hour and minute.
type Hours = (Weekday, (u16, u16), (u16, u16));

/// A point as this crate knows it.
struct Desk {
    office: usize,
    code: &'static str,
    name: &'static str,
    place: &'static str,
    areas: &'static [&'static str],
    minutes: u16,
    desks: u16,
    horizon_days: u16,
    hours: &'static [Hours],
    /// Month, day and name of the patron of its town.
    patron: (u32, u32, &'static str),
}

static DESKS: &[Desk] = &[
    // The real hours of the real point.
    Desk {
        office: LUCCA,
        code: "LU-AZIENDE",
        name: "Consulenza aziende",
        place: "Stabile di Piazza dei Martiri, Lucca",
        areas: &["AGE", "REG", "DEN", "VER", "ANA", "CIG", "CON"],
        minutes: 30,
        desks: 3,
        horizon_days: 60,
        hours: &[(Weekday::Tue, (13, 30), (17, 30)), (Weekday::Thu, (9, 0), (12, 0))],
        patron: (7, 12, "San Paolino, patrono"),
    },
    Desk {
        office: LUCCA,
        code: "LU-AGRICOLTURA",
        name: "Sportello agricoltura e rateazioni",
        place: "Stabile di Piazza dei Martiri, primo piano, Lucca",
        areas: &["AGR", "RAT"],
        minutes: 45,
        desks: 1,
        horizon_days: 45,
        hours: &[(Weekday::Wed, (9, 0), (12, 0)), (Weekday::Fri, (9, 0), (10, 30))],
        patron: (7, 12, "San Paolino, patrono"),
    },
    Desk {
        office: PISA,
        code: "PI-AZIENDE",
        name: "Consulenza aziende",
        place: "Via delle Officine 4, Pisa",
        areas: &["AGE", "DEN", "ANA", "CON"],
        minutes: 30,
        desks: 4,
        horizon_days: 60,
        hours: &[(Weekday::Mon, (9, 0), (12, 0)), (Weekday::Wed, (14, 0), (16, 0))],
        patron: (6, 17, "San Ranieri, patrono"),
    },
    Desk {
        office: PISA,
        code: "PI-REGOLARITA",
        name: "Regolarità, versamenti e rateazioni",
        place: "Via delle Officine 4, Pisa",
        areas: &["REG", "VER", "RAT"],
        minutes: 20,
        desks: 2,
        horizon_days: 45,
        hours: &[(Weekday::Fri, (9, 0), (12, 0))],
        patron: (6, 17, "San Ranieri, patrono"),
    },
    Desk {
        office: PISA,
        code: "PI-CIG",
        name: "Ammortizzatori sociali e agricoltura",
        place: "Largo del Ponte Vecchio 2, Pontedera",
        areas: &["CIG", "AGR"],
        minutes: 45,
        desks: 1,
        horizon_days: 30,
        hours: &[(Weekday::Tue, (9, 0), (12, 0))],
        patron: (6, 17, "San Ranieri, patrono"),
    },
    Desk {
        office: MASSA,
        code: "MS-AZIENDE",
        name: "Consulenza aziende",
        place: "Largo dei Marmisti 7, Massa",
        areas: &["AGE", "REG", "DEN", "VER", "CON"],
        minutes: 30,
        desks: 2,
        horizon_days: 60,
        hours: &[(Weekday::Tue, (9, 0), (12, 30)), (Weekday::Thu, (14, 30), (16, 30))],
        patron: (10, 4, "San Francesco, patrono"),
    },
    Desk {
        office: MASSA,
        code: "MS-CARRARA",
        name: "Sportello anagrafica, CIG e rateazioni",
        place: "Via del Molo 21, Marina di Carrara",
        areas: &["ANA", "CIG", "RAT", "AGR"],
        minutes: 20,
        desks: 2,
        horizon_days: 45,
        hours: &[(Weekday::Mon, (14, 0), (16, 0))],
        patron: (6, 16, "San Ceccardo, patrono"),
    },
];

/// The offering at `now`: closures are those of its year and of the next one.
pub(crate) fn offering(now: Now) -> Offering {
    Offering {
        sedi: OFFICES
            .iter()
            .map(|office| Sede {
                code: written(office.code),
                name: office.name.to_owned(),
            })
            .collect(),
        topics: SUBJECTS.iter().map(|subject| subject.topic()).collect(),
        points: DESKS.iter().map(|desk| point(desk, now)).collect(),
    }
}

fn point(desk: &Desk, now: Now) -> ConsultationPoint {
    let unanswered = OFFICES[desk.office].unanswered;
    ConsultationPoint {
        code: written(desk.code),
        sede: written(OFFICES[desk.office].code),
        name: desk.name.to_owned(),
        place: desk.place.to_owned(),
        topics: SUBJECTS
            .iter()
            .filter(|subject| desk.areas.contains(&subject.area()) && !unanswered.contains(&subject.code))
            .map(|subject| written(subject.code))
            .collect(),
        slot_length: length(desk.minutes),
        desks: desk.desks,
        horizon_days: desk.horizon_days,
        hours: desk
            .hours
            .iter()
            .map(|(weekday, from, to)| OpeningHours {
                weekday: *weekday,
                part: part(*from, *to),
                valid_from: None,
                valid_until: None,
            })
            .collect(),
        closures: closures(desk, now),
    }
}

fn closures(desk: &Desk, now: Now) -> Vec<Closure> {
    let this_year = now.today().year();
    let mut whole_days: Vec<(NaiveDate, &str)> = Vec::new();
    for year in [this_year, this_year + 1] {
        let mut days = holidays(year);
        let (month, day, patron) = desk.patron;
        if let Some(date) = NaiveDate::from_ymd_opt(year, month, day) {
            days.entry(date).or_insert(patron);
        }
        whole_days.extend(days);
    }
    let mut closures: Vec<Closure> = whole_days
        .into_iter()
        .map(|(day, reason)| Closure {
            from: day,
            until: day,
            part: None,
            reason: reason.to_owned(),
        })
        .collect();
    if desk.code == "LU-AZIENDE" {
        let meeting = (8..)
            .map(|ahead| days_after(now.today(), ahead))
            .find(|day| day.weekday() == Weekday::Tue && is_working_day(*day))
            .unwrap_or(NaiveDate::MAX);
        closures.push(Closure {
            from: meeting,
            until: meeting,
            part: Some(part((15, 30), (17, 30))),
            reason: "Riunione del personale".to_owned(),
        });
    }
    closures
}

fn length(minutes: u16) -> SlotLength {
    match SlotLength::from_minutes(minutes) {
        Some(length) => length,
        None => unreachable!("no desk of this crate works {minutes} minutes"),
    }
}

fn part(from: (u16, u16), to: (u16, u16)) -> DayPart {
    let time = |(hour, minute)| TimeOfDay::new(hour, minute);
    match (time(from), time(to)) {
        (Some(from), Some(to)) if from < to => match DayPart::new(from, to) {
            Ok(part) => part,
            Err(error) => unreachable!("{error}"),
        },
        _ => unreachable!("no desk of this crate opens from {from:?} to {to:?}"),
    }
}
