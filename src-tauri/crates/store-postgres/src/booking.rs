//! Booking: R1–R11 decided by `domain`, written down in one transaction with the outcome.
//!
//! Most bookings meet nobody: one statement reads all that decides, one writes all that follows, if what was read is still
//! so. Whatever does not go so smoothly is decided in its turn, behind those who came before.

use chrono::{DateTime, Utc};
use domain::availability::TakenPlaces;
use domain::booking::{Booking, Refusal};
use domain::code::StudioCode;
use domain::content::Limits;
use domain::deposit::{Awaited, Deposit, awaited_after};
use domain::point::ConsultationPoint;
use domain::slot::Slot;
use domain::time::Now;
use sqlx::PgConnection;
use store::keeping::{self, Around, AskedTicket, Granted};
use store::{Attempt, BookOutcome, BookRefusal};

use crate::appointment::{StoredPoint, interval};
use crate::attempt::Asked;
use crate::deposit::{self, Live};
use crate::facts::{Facts, TicketKey};
use crate::failure::{Constraint, Failure};
use crate::feed::count_taken;
use crate::grant::Grant;
use crate::offering::Offered;
use crate::reach::Reach;
use crate::turn;

/// Books for `studio`.
pub(crate) async fn book(
    reach: &Reach,
    studio: &StudioCode,
    attempt: Attempt,
    booking: &Booking,
) -> Result<BookOutcome, Failure> {
    let asked = Asked::by(studio, attempt, "book", booking)?;
    match at_once(reach, &asked, booking).await {
        Ok(Some(outcome)) => Ok(outcome),
        Ok(None) | Err(Failure::Overtaken | Failure::Due | Failure::DueAt(_) | Failure::Broken(_)) => {
            let came = reach.tried(|| in_turn(reach, &asked, booking, Purpose::Book)).await?;
            came.outcome().ok_or(Failure::Body("outcome"))
        }
        Err(failure) => Err(failure),
    }
}

/// Books without a turn. Nothing where there is nothing to grant, or where no connection can be had for two statements on
/// their own.
async fn at_once(reach: &Reach, asked: &Asked, booking: &Booking) -> Result<Option<BookOutcome>, Failure> {
    let Some(mut connection) = reach.plain().await? else {
        return Ok(None);
    };
    let now = reach.now();
    let mut facts = Facts::read(&mut connection, asked, booking, ANY_DEPOSIT, now).await?;
    if let Some(earlier) = facts.earlier(asked)? {
        return Ok(Some(earlier));
    }
    if facts.granted() {
        return Ok(None);
    }
    let offered = reach.offered(&mut connection, facts.offering).await?;
    let Ok(asking) = Asking::of(&mut facts, &offered, booking)? else {
        return Ok(None);
    };
    let Ok(decided) = decided(&mut connection, &mut facts, asking, booking, now).await? else {
        return Ok(None);
    };
    let grant = Grant::of(asked, booking, &facts, decided, now)?;
    let appointment = grant.write(&mut connection).await?;
    Ok(Some(BookOutcome::Booked {
        appointment: Box::new(appointment),
    }))
}

/// Whatever is due at a point comes before what is asked now.
const ANY_DEPOSIT: i64 = i64::MAX;

/// What a booking is decided for.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Purpose<'a> {
    /// It is booked now, or refused.
    Book,
    /// It is booked now, refused, or laid down to wait (promise 4).
    Deposit {
        /// For a place, too.
        waits: bool,
    },
    /// The moment of a deposit has come.
    Settle(&'a Live),
}

impl Purpose<'_> {
    const fn waits(self) -> bool {
        match self {
            Self::Book => false,
            Self::Deposit { waits } => waits,
            Self::Settle(deposit) => deposit.waits,
        }
    }
}

/// What it came to.
#[derive(Debug)]
pub(crate) enum Came {
    /// Its outcome.
    To(BookOutcome),
    /// It lies here and waits.
    Lies(Box<Deposit>),
}

impl Came {
    fn outcome(self) -> Option<BookOutcome> {
        match self {
            Self::To(outcome) => Some(outcome),
            Self::Lies(_) => None,
        }
    }
}

/// Decides behind those who came before.
pub(crate) async fn in_turn(
    reach: &Reach,
    asked: &Asked,
    booking: &Booking,
    purpose: Purpose<'_>,
) -> Result<Came, Failure> {
    let now = reach.now();
    let before = match purpose {
        Purpose::Book | Purpose::Deposit { .. } => ANY_DEPOSIT,
        Purpose::Settle(deposit) => deposit.number,
    };
    let mut transaction = reach.begin().await?;
    let mut facts = Facts::read_in_turn(&mut transaction, asked, booking, before, now).await?;
    let turn = Turn {
        asked,
        booking,
        purpose,
        now,
    };
    if let Some(came) = turn.come_to_before(&mut transaction, &facts).await? {
        transaction.commit().await?;
        return Ok(came);
    }
    let offered = reach.offered(&mut transaction, facts.offering).await?;
    let decided = match turn.decided(&mut transaction, &mut facts, &offered).await? {
        Ok(decided) => decided,
        Err(refused) => {
            let came = turn.refused(&mut transaction, &facts, refused).await?;
            transaction.commit().await?;
            return Ok(came);
        }
    };
    let grant = Grant::of(asked, booking, &facts, decided, now)?;
    match grant.write(&mut transaction).await {
        Ok(appointment) => {
            turn.end(&mut transaction).await?;
            transaction.commit().await?;
            Ok(Came::To(BookOutcome::Booked {
                appointment: Box::new(appointment),
            }))
        }
        Err(Failure::Broken(constraint)) => {
            tracing::error!(?constraint, point = %grant.point.point.code, "a constraint refused what the rules had granted");
            transaction.rollback().await?;
            let mut transaction = reach.begin().await?;
            let outcome = broken(&mut transaction, constraint, &grant).await?;
            if let Some(outcome) = &outcome {
                turn.concluded(&mut transaction, outcome).await?;
            }
            transaction.commit().await?;
            outcome.map(Came::To).ok_or(Failure::Overtaken)
        }
        Err(failure) => Err(failure),
    }
}

/// A booking whose turn it is.
struct Turn<'a> {
    asked: &'a Asked,
    booking: &'a Booking,
    purpose: Purpose<'a>,
    now: Now,
}

/// What stands against a booking now.
enum Against {
    /// It may go out from this moment on.
    NotBefore(DateTime<Utc>),
    /// It is refused.
    Refusal(BookRefusal),
}

impl Turn<'_> {
    /// What the attempt has come to before, or lies here for. A deposit that has an outcome is over with it; an earlier
    /// attempt of the decision that lies here gives way to this one.
    async fn come_to_before(&self, connection: &mut PgConnection, facts: &Facts) -> Result<Option<Came>, Failure> {
        let Self {
            asked, purpose, now, ..
        } = self;
        if let Purpose::Settle(deposit) = purpose
            && !deposit.still_lies(connection).await?
        {
            return Ok(Some(Came::Lies(Box::new(deposit.deposit.clone()))));
        }
        if let Some(earlier) = facts.earlier(asked)? {
            self.end(connection).await?;
            return Ok(Some(Came::To(earlier)));
        }
        if let Purpose::Deposit { waits } = purpose
            && let Some(there) = Live::of(connection, &asked.studio, asked.attempt.decision).await?
        {
            if there.asked.attempt == asked.attempt {
                let lies = deposit::lies(there, asked, *waits)?;
                return Ok(Some(Came::Lies(Box::new(lies))));
            }
            there.withdraw(connection, *now).await?;
        }
        let Some(booked) = facts.booked()? else {
            return Ok(None);
        };
        self.concluded(connection, &booked).await?;
        Ok(Some(Came::To(booked)))
    }

    async fn decided<'a>(
        &self,
        connection: &mut PgConnection,
        facts: &mut Facts,
        offered: &'a Offered,
    ) -> Result<Result<Decided<'a>, Against>, Failure> {
        let Self { booking, now, .. } = self;
        let asking = match Asking::of(facts, offered, booking)? {
            Ok(asking) => asking,
            Err(why) => return Ok(Err(Against::Refusal(why))),
        };
        if let Purpose::Deposit { .. } = self.purpose {
            match keeping::ripens(booking, &asking.tickets, &asking.around(&facts.taken()), *now) {
                Ok(None) => {}
                Ok(Some(at)) => {
                    let missing = facts
                        .missing(booking)
                        .map(|file| BookRefusal::AttachmentMissing { hash: file.hash });
                    return Ok(Err(missing.map_or(Against::NotBefore(at), Against::Refusal)));
                }
                Err(refusal) => return Ok(Err(Against::Refusal(BookRefusal::Rule { refusal }))),
            }
        }
        let decided = decided(connection, facts, asking, booking, *now).await?;
        Ok(decided.map_err(Against::Refusal))
    }

    /// What comes of a booking that can't be granted now.
    async fn refused(&self, connection: &mut PgConnection, facts: &Facts, against: Against) -> Result<Came, Failure> {
        let Self {
            asked,
            booking,
            purpose,
            now,
        } = self;
        let (until, refusal) = match against {
            Against::NotBefore(at) => (Some(Awaited::Ripeness { at }), None),
            Against::Refusal(BookRefusal::Rule { refusal }) => {
                let until = awaited_after(&refusal, purpose.waits(), &booking.wishes, *now);
                (until, Some(BookRefusal::Rule { refusal }))
            }
            Against::Refusal(why) => (None, Some(why)),
        };
        match (purpose, until) {
            (Purpose::Settle(deposit), Some(until)) => {
                let goes_on = deposit.go_on(connection, until, *now).await?;
                return Ok(Came::Lies(Box::new(goes_on)));
            }
            (Purpose::Deposit { waits }, Some(until)) => {
                let sede = &facts.sede.as_ref().ok_or(Failure::Overtaken)?.sede;
                let lies = deposit::keep(connection, asked, sede, booking, *waits, until, *now).await?;
                return Ok(Came::Lies(Box::new(lies)));
            }
            _ => {}
        }
        let outcome = BookOutcome::Refused {
            why: refusal.ok_or(Failure::Body("outcome"))?,
        };
        // What lies here under this attempt has its outcome still to come.
        let lies_here = match purpose {
            Purpose::Book => Live::of(connection, &asked.studio, asked.attempt.decision)
                .await?
                .is_some_and(|there| there.asked.attempt == asked.attempt),
            Purpose::Deposit { .. } | Purpose::Settle(_) => false,
        };
        if !lies_here {
            self.concluded(connection, &outcome).await?;
        }
        Ok(Came::To(outcome))
    }

    /// Keeps the outcome; a deposit is over with it.
    async fn concluded(&self, connection: &mut PgConnection, outcome: &BookOutcome) -> Result<(), Failure> {
        self.asked.remember(connection, outcome).await?;
        self.end(connection).await
    }

    async fn end(&self, connection: &mut PgConnection) -> Result<(), Failure> {
        match self.purpose {
            Purpose::Settle(deposit) => deposit.end(connection, self.now).await,
            Purpose::Book | Purpose::Deposit { .. } => Ok(()),
        }
    }
}

/// What is asked, with all that the rules need beside what is taken.
pub(crate) struct Asking<'a> {
    pub(crate) point: &'a StoredPoint,
    pub(crate) tickets: Vec<AskedTicket<TicketKey>>,
    points: Vec<ConsultationPoint>,
    limits: &'a Limits,
}

impl<'a> Asking<'a> {
    fn of(facts: &mut Facts, offered: &'a Offered, booking: &Booking) -> Result<Result<Self, BookRefusal>, Failure> {
        let tickets = match keeping::asked_for(booking, facts.visible(offered)?) {
            Ok(tickets) => tickets,
            Err(why) => return Ok(Err(why)),
        };
        let Some(point) = offered.points.get(&booking.point) else {
            return Ok(Err(BookRefusal::UnknownPoint));
        };
        let points = offered.points_of(tickets.iter().map(|asked| &asked.ticket.sede));
        Ok(Ok(Self {
            point,
            tickets,
            points,
            limits: &offered.limits,
        }))
    }

    fn around<'b>(&'b self, taken: &'b TakenPlaces) -> Around<'b> {
        Around {
            point: &self.point.point,
            points: &self.points,
            taken,
            limits: self.limits,
        }
    }
}

/// What the rules grant, with where and for which tickets.
pub(crate) struct Decided<'a> {
    pub(crate) point: &'a StoredPoint,
    pub(crate) tickets: Vec<AskedTicket<TicketKey>>,
    pub(crate) granted: Granted,
}

async fn decided<'a>(
    connection: &mut PgConnection,
    facts: &mut Facts,
    asking: Asking<'a>,
    booking: &Booking,
    now: Now,
) -> Result<Result<Decided<'a>, BookRefusal>, Failure> {
    let decide = |facts: &Facts| keeping::decide(booking, &asking.tickets, &asking.around(&facts.taken()), now);
    let mut granted = decide(facts);
    if matches!(granted, Err(Refusal::AllTaken { .. })) && !facts.whole {
        facts.read_whole(connection, asking.point, now).await?;
        granted = decide(facts);
    }
    let granted = match granted {
        Ok(granted) => granted,
        Err(refusal) => return Ok(Err(BookRefusal::Rule { refusal })),
    };
    Ok(match facts.missing(booking) {
        Some(file) => Err(BookRefusal::AttachmentMissing { hash: file.hash }),
        None => Ok(Decided {
            point: asking.point,
            tickets: asking.tickets,
            granted,
        }),
    })
}

/// What a constraint that refused a grant says, in a transaction that begins with nothing of it. Nothing where the counts
/// were wrong: now they are what the places say, and the booking is decided anew.
async fn broken(
    connection: &mut PgConnection,
    constraint: Constraint,
    grant: &Grant<'_>,
) -> Result<Option<BookOutcome>, Failure> {
    let sedi = [grant.point.sede.clone()];
    turn::take(connection, std::slice::from_ref(&grant.asked.studio), &sedi).await?;
    let refusal = match constraint {
        Constraint::Place if recount(connection, grant.point, &grant.granted.slot).await? => return Ok(None),
        Constraint::Place => Refusal::AllTaken { nearest: Vec::new() },
        Constraint::Carriage => carried(connection, &grant.tickets).await?,
    };
    Ok(Some(BookOutcome::Refused {
        why: BookRefusal::Rule { refusal },
    }))
}

/// Sets the counts of what touches `slot` to what the places say. Returns whether one was another.
async fn recount(connection: &mut PgConnection, point: &StoredPoint, slot: &Slot) -> Result<bool, Failure> {
    let (starts_at, ends_at) = interval(slot);
    let code = point.point.code.as_str();
    let wrong = sqlx::query!(
        r#"SELECT p.starts_at, p.ends_at,
               (count(*) - coalesce((SELECT t.count FROM taken AS t
                   WHERE t.sede = p.sede AND t.point = p.point AND t.starts_at = p.starts_at AND t.ends_at = p.ends_at), 0)
               )::integer AS "by!"
           FROM place AS p
           WHERE p.sede = $1 AND p.point = $2 AND tstzrange(p.starts_at, p.ends_at) && tstzrange($3, $4)
           GROUP BY p.sede, p.point, p.starts_at, p.ends_at"#,
        point.sede,
        code,
        starts_at,
        ends_at
    )
    .fetch_all(&mut *connection)
    .await?;
    let mut changed = false;
    for row in wrong.into_iter().filter(|row| row.by != 0) {
        count_taken(connection, (&point.sede, code), (row.starts_at, row.ends_at), row.by).await?;
        changed = true;
    }
    Ok(changed)
}

/// R5: which ticket another live appointment carries, as the constraint found.
async fn carried(connection: &mut PgConnection, tickets: &[AskedTicket<TicketKey>]) -> Result<Refusal, Failure> {
    for asked in tickets {
        let until = sqlx::query_scalar!(
            "SELECT ends_at FROM carriage WHERE sede = $1 AND ticket = $2",
            asked.key.sede,
            asked.ticket.code.as_str()
        )
        .fetch_optional(&mut *connection)
        .await?;
        if let Some(until) = until {
            return Ok(keeping::carried(asked.ticket.code.clone(), until));
        }
    }
    Err(Failure::Body("carriage"))
}
