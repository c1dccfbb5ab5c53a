//! What a notice says.

use chrono::NaiveDate;
use domain::communication::Change;
use studio::notices::{Appointed, News, Several, Stop};

use super::dates::{clock, day, moment};

/// Appointments that a reminder names one by one.
const NAMED: usize = 4;

/// A title, and the text below it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Words {
    pub(crate) title: String,
    pub(crate) text: String,
}

/// What is said of `news`.
pub(crate) fn words(news: &News) -> Words {
    match news {
        News::Communication { appointment, change } => communication(appointment, change),
        News::Booked { appointment } => said("Appuntamento confermato", where_and_when(appointment)),
        News::Changed { appointment } => said("Modifica confermata", where_and_when(appointment)),
        News::Stopped { company, stop } => stopped(company, *stop),
        News::Several(several) => at_once(*several),
        News::Ripened { first, company, count } => ripened(first.as_str(), company, *count),
        News::Reminder { today, appointments } => reminder(*today, appointments),
    }
}

fn said(title: &str, text: String) -> Words {
    Words {
        title: title.to_owned(),
        text,
    }
}

fn where_and_when(appointment: &Appointed) -> String {
    let Appointed { company, point, .. } = appointment;
    format!("{company}: {}, {point}.", moment(appointment.start))
}

fn communication(appointment: &Appointed, change: &Change) -> Words {
    let company = &appointment.company;
    let was_on = || format!("{company}: appuntamento di {}.", moment(appointment.start));
    match change {
        Change::Resolved => said("Chiuso e definito: non serve presentarsi", was_on()),
        Change::Cancelled => said("Appuntamento annullato dalla sede", was_on()),
        Change::Rescheduled { before, after } => said(
            "La sede ha spostato un appuntamento",
            format!("{company}: da {} a {}.", moment(before.start), moment(after.start)),
        ),
        Change::Relocated { .. } => said(
            "La sede ha spostato un appuntamento in un altro punto",
            where_and_when(appointment),
        ),
        Change::Other { label, .. } => said("Comunicazione della sede", format!("{company}: {label}.")),
    }
}

fn stopped(company: &str, stop: Stop) -> Words {
    match stop {
        Stop::Answered => said(
            "La sede ha risposto: l’appuntamento serve ancora?",
            format!("{company}: la prenotazione è ferma e aspetta una decisione."),
        ),
        Stop::NotBooked => said(
            "Prenotazione non riuscita",
            format!("{company}: la bozza è salva. Aprila per vedere perché e come proseguire."),
        ),
        Stop::NotChanged => said(
            "Modifica non riuscita",
            format!("{company}: la modifica non è stata applicata ed è salva come bozza. Aprila per vedere perché."),
        ),
    }
}

fn ripened(first: &str, company: &str, count: usize) -> Words {
    if count == 1 {
        return said(
            "Richiesta prenotabile da oggi",
            format!("{first}, {company}: si prenota sul portale."),
        );
    }
    said(
        &format!("{count} richieste prenotabili da oggi"),
        format!("{first}, {company}, e altre: si prenotano sul portale."),
    )
}

fn at_once(several: Several) -> Words {
    let Several {
        communications,
        granted,
        stopped,
    } = several;
    let parts = [
        (communications, "comunicazione della sede", "comunicazioni della sede"),
        (granted, "invio riuscito", "invii riusciti"),
        (stopped, "invio da rivedere", "invii da rivedere"),
    ];
    let told: Vec<String> = parts
        .into_iter()
        .filter(|(count, ..)| *count > 0)
        .map(|(count, one, many)| format!("{count} {}", if count == 1 { one } else { many }))
        .collect();
    Words {
        title: format!("{} novità", communications + granted + stopped),
        text: format!("{}.", told.join(", ")),
    }
}

fn reminder(today: NaiveDate, appointments: &[Appointed]) -> Words {
    let tomorrow = today.succ_opt();
    let is_tomorrow = |appointment: &Appointed| Some(appointment.start.date()) == tomorrow;
    if let [only] = appointments {
        let day = if is_tomorrow(only) {
            "domani".to_owned()
        } else {
            day(only.start.date())
        };
        return Words {
            title: format!("Promemoria: {day}, {}", clock(only.start)),
            text: format!("{}, {}.", only.company, only.point),
        };
    }
    let count = appointments.len();
    let all_tomorrow = appointments.iter().all(is_tomorrow);
    let mut lines: Vec<String> = appointments
        .iter()
        .take(NAMED)
        .map(|one| {
            let at = if all_tomorrow {
                clock(one.start)
            } else {
                moment(one.start)
            };
            format!("{at} {}", one.company)
        })
        .collect();
    match count.saturating_sub(NAMED) {
        0 => {}
        1 => lines.push("e un altro".to_owned()),
        more => lines.push(format!("e altri {more}")),
    }
    Words {
        title: if all_tomorrow {
            format!("Promemoria: {count} appuntamenti domani")
        } else {
            format!("Promemoria: {count} appuntamenti in arrivo")
        },
        text: lines.join("\n"),
    }
}

#[cfg(test)]
mod tests {
    use domain::code::AppointmentId;
    use domain::slot::Slot;
    use domain::time::Civil;

    use super::*;

    fn civil(text: &str) -> Civil {
        text.parse().expect("a moment at the sede")
    }

    fn appointed(company: &str, start: &str) -> Appointed {
        Appointed {
            id: "01890a5d-ac96-774b-bcce-b302099a8057"
                .parse::<AppointmentId>()
                .expect("an id"),
            company: company.to_owned(),
            start: civil(start),
            point: "Consulenza aziende".to_owned(),
        }
    }

    fn slot(start: &str, end: &str) -> Slot {
        Slot {
            point: "LU-AZ".parse().expect("a code"),
            start: civil(start),
            end: civil(end),
        }
    }

    const THURSDAY: &str = "2026-12-03T09:30:00+01:00[Europe/Rome]";
    const FRIDAY: &str = "2026-12-04T10:00:00+01:00[Europe/Rome]";

    fn texts(news: &News) -> (String, String) {
        let Words { title, text } = words(news);
        (title, text)
    }

    #[test]
    fn a_moved_appointment_says_from_when_to_when() {
        let news = News::Communication {
            appointment: appointed("Rossi srl", FRIDAY),
            change: Change::Rescheduled {
                before: slot(THURSDAY, "2026-12-03T10:00:00+01:00[Europe/Rome]"),
                after: slot(FRIDAY, "2026-12-04T10:30:00+01:00[Europe/Rome]"),
            },
        };
        let (title, text) = texts(&news);
        assert_eq!(title, "La sede ha spostato un appuntamento");
        assert_eq!(text, "Rossi srl: da gio 3 dic, 9:30 a ven 4 dic, 10:00.");
    }

    #[test]
    fn a_kind_that_nobody_knows_is_said_as_it_came() {
        let news = News::Communication {
            appointment: appointed("Rossi srl", THURSDAY),
            change: Change::Other {
                label: "Documenti mancanti".to_owned(),
                before: None,
                after: None,
            },
        };
        assert_eq!(texts(&news).1, "Rossi srl: Documenti mancanti.");
    }

    #[test]
    fn several_are_counted_by_kind_and_none_is_left_out_or_made_up() {
        let several = Several {
            communications: 2,
            granted: 0,
            stopped: 1,
        };
        let (title, text) = texts(&News::Several(several));
        assert_eq!(title, "3 novità");
        assert_eq!(text, "2 comunicazioni della sede, 1 invio da rivedere.");
    }

    #[test]
    fn a_reminder_names_the_day_the_hour_and_at_most_four_companies() {
        let today = civil(THURSDAY).date().pred_opt().expect("a day");
        let one = vec![appointed("Rossi srl", THURSDAY)];
        let reminder = |today, appointments| texts(&News::Reminder { today, appointments });
        assert_eq!(
            reminder(today, one),
            (
                "Promemoria: domani, 9:30".into(),
                "Rossi srl, Consulenza aziende.".into()
            )
        );
        let two = vec![appointed("Rossi srl", THURSDAY), appointed("Zeta", FRIDAY)];
        assert_eq!(
            reminder(today, two),
            (
                "Promemoria: 2 appuntamenti in arrivo".into(),
                "gio 3 dic, 9:30 Rossi srl\nven 4 dic, 10:00 Zeta".into()
            )
        );
        let six = vec![appointed("Rossi srl", THURSDAY); 6];
        let (title, text) = reminder(today, six);
        assert_eq!(title, "Promemoria: 6 appuntamenti domani");
        assert_eq!((text.lines().count(), text.lines().last()), (5, Some("e altri 2")));
    }
}
