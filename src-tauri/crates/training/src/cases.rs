//! Tickets that every training sede has, whatever its size: those of the tests, and the boundary days of R4.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use domain::ticket::{Outcome, Party, ReplyAssessment};
use domain::time::{Now, midnight};

use crate::calendar::{days_before, last_clock_change, moment};
use crate::companies::KNOWN;
use crate::offering::{LUCCA, MASSA, PISA};

/// What became of a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fate {
    Open,
    InProgress,
    Closed(Outcome, ReplyAssessment),
    /// Reopened then, and open again since; or in progress.
    Reopened(DateTime<Utc>, bool),
    /// Reopened once, and closed again.
    ClosedAgain(Outcome, ReplyAssessment),
    Withdrawn(Party),
}

/// A guaranteed ticket.
pub(crate) struct Case {
    pub(crate) company: usize,
    pub(crate) office: usize,
    pub(crate) topic: &'static str,
    pub(crate) opened_at: DateTime<Utc>,
    pub(crate) fate: Fate,
}

// The places of the cases that have a name.
pub(crate) const TOGETHER: [usize; 3] = [0, 1, 2];
pub(crate) const RIPE_TODAY: usize = 3;
pub(crate) const RIPE_TOMORROW: usize = 4;
pub(crate) const CLOSED_OK_UNASSESSED: usize = 5;
pub(crate) const CLOSED_KO: usize = 6;
pub(crate) const NO_POINT: usize = 7;

/// The company that has the cases [`TOGETHER`], and no other ticket.
pub(crate) const COMPANY_TOGETHER: usize = 0;

fn company(name: &str) -> usize {
    KNOWN.iter().position(|(known, ..)| *known == name).unwrap_or_default()
}

/// The cases at `now`, the named ones first.
pub(crate) fn cases(now: Now) -> Vec<Case> {
    use Fate::{Closed, InProgress, Open, Reopened, Withdrawn};
    use Outcome::{Ko, Ok};
    use ReplyAssessment::{Satisfactory, Unassessed, Unsatisfactory};

    let today = now.today();
    let ago = |days: u32| -> NaiveDate { days_before(today, days) };
    let at = |days: u32, hour: u32, minute: u32| moment(ago(days), hour, minute);
    let first = |days: u32| midnight(ago(days));
    let last = |days: u32| moment(ago(days), 23, 59);

    let officine = COMPANY_TOGETHER;
    let panificio = company("Panificio Lunardi snc");
    let cartiera = company("Cartiera Valfreddana spa");
    let edil = company("Edil Garfagnana srl");
    let hotel = company("Hotel Versilia srl");
    let trasporti = company("Trasporti Nottoli sas");
    let conceria = company("Conceria Arno spa");
    let marmi = company("Marmi Apuani srl");
    let farmacia = company("Farmacia Del Prete");
    let nautica = company("Nautica Tirrenia srl");
    let agricola = company("Agricola Montecarlo ss");

    [
        // Together at one point, and one that leads elsewhere.
        (officine, LUCCA, "AGE-ESO-RES", at(11, 10, 4), Open),
        (officine, LUCCA, "REG-DUR-IRR", at(13, 9, 12), Closed(Ko, Unassessed)),
        (officine, LUCCA, "RAT-PIA-RAT", at(12, 15, 31), InProgress),
        // The other named ones.
        (panificio, LUCCA, "DEN-UNI-VAR", at(6, 11, 20), Open),
        (cartiera, LUCCA, "VER-F24-COM", at(5, 9, 47), Open),
        (hotel, LUCCA, "CIG-CON-RET", at(20, 16, 5), Closed(Ok, Unassessed)),
        (marmi, LUCCA, "DEN-UNI-SCA", at(27, 8, 55), Closed(Ko, Unassessed)),
        (nautica, MASSA, "CIG-FIS-DOM", at(10, 10, 38), Open),
        // R4: the first and the last minute of the days around its boundary.
        (edil, LUCCA, "ANA-POS-RIA", first(4), Open),
        (edil, LUCCA, "DEN-UNI-OMI", last(4), Open),
        (trasporti, LUCCA, "VER-F24-ERR", first(5), Open),
        (conceria, PISA, "AGE-U35-REC", last(5), InProgress),
        (conceria, PISA, "DEN-DMV-SQU", first(6), Open),
        (farmacia, LUCCA, "CON-MAL-CON", last(6), InProgress),
        (marmi, MASSA, "REG-DUR-PRE", first(7), Open),
        (hotel, LUCCA, "CON-TES-QUO", last(7), Open),
        (cartiera, PISA, "VER-AVB-CHI", first(0), Open),
        (
            nautica,
            MASSA,
            "REG-DUR-VER",
            (now.instant() - TimeDelta::minutes(10)).max(first(0)),
            Open,
        ),
        // The day on which clocks changed: the first hour that is not what it seems.
        (
            trasporti,
            LUCCA,
            "CON-LIC-TIC",
            moment(last_clock_change(today), 2, 30),
            InProgress,
        ),
        // R4 counts anew.
        (
            edil,
            LUCCA,
            "AGE-APP-ALI",
            at(24, 10, 10),
            Reopened(at(5, 10, 15), false),
        ),
        (
            panificio,
            LUCCA,
            "CON-MAT-CON",
            at(26, 12, 2),
            Reopened(at(6, 15, 40), true),
        ),
        // S4: thresholds of the topics' own.
        (trasporti, LUCCA, "RAT-IST-ESI", at(7, 9, 5), Open),
        (hotel, LUCCA, "RAT-IST-ESI", at(8, 17, 15), Open),
        (agricola, LUCCA, "AGR-POS-VAR", at(10, 11, 48), InProgress),
        (agricola, LUCCA, "AGR-POS-VAR", at(11, 9, 33), Open),
        // Every other state.
        (farmacia, LUCCA, "DEN-UNI-DUP", at(3, 9, 26), InProgress),
        (
            panificio,
            LUCCA,
            "VER-F24-DUP",
            at(38, 10, 50),
            Closed(Ok, Satisfactory),
        ),
        (
            conceria,
            PISA,
            "REG-INV-REP",
            at(17, 14, 22),
            Closed(Ok, Unsatisfactory),
        ),
        (cartiera, PISA, "VER-RIM-IST", at(45, 11, 11), Closed(Ko, Satisfactory)),
        (agricola, LUCCA, "AGR-DEN-APP", at(9, 16, 44), Withdrawn(Party::Studio)),
        (nautica, MASSA, "ANA-INQ-AUT", at(14, 10, 1), Withdrawn(Party::Sede)),
    ]
    .into_iter()
    .map(|(company, office, topic, opened_at, fate)| Case {
        company,
        office,
        topic,
        opened_at,
        fate,
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_training_sede_has_room_for_every_case() {
        let now = Now::at("2026-11-23T08:41:00Z".parse().unwrap());
        let room = usize::try_from(crate::FEWEST_TICKETS).unwrap();
        assert!(cases(now).len() < room);
    }
}
