import type {
  AppointmentDetail,
  AppointmentDossierView,
  Clash,
  Failure,
  FailureCode,
  MeetingView,
  NoteView,
  People,
  TicketDetail,
} from '../ipc/types';
import { today } from './calendar';
import { slotAt } from './names';
import type { MockTicket, World } from './world';

/** Everybody of the studio, whose device this is first. */
export const people = ['Anna Ricci', 'Bruno Verdi', 'Chiara Neri', 'Davide Bianchi'];

/** A studio of thirty, with two called Anna. */
export function manyPeople(): string[] {
  const first = 'Elena,Fabio,Giulia,Luca,Maria Teresa,Nicola,Olga,Paolo,Rita,Sandro,Tania,Ugo,Vera'.split(',');
  const invented = first.flatMap((name) => [`${name} Lunardi`, `${name} Bertolucci-Garfagnini`]);
  return [...people, 'Anna Bertolucci', ...invented].sort();
}

/** Every other ticket has somebody; most of them me or Bruno. */
export function inChargeOf(n: number): string | null {
  return [people[0], null, people[1], null, people[0], null, people[2], people[3], null][n % 9] ?? null;
}

export const emptyDossier = (can_report: boolean): AppointmentDossierView => ({
  attends: [],
  clashes: [],
  documents: [],
  meeting: null,
  can_report,
  notes: [],
});

const note = (by: string | null, date: string, time: string, text: string): NoteView => ({ by, date, time, text });

/** Notes of the first tickets, who attends, what to bring, how it went. */
export function seedDossiers(world: World): void {
  const [anna = '', bruno = '', chiara = ''] = people;
  world.tickets.forEach((ticket, n) => {
    if (n % 3 !== 0 || n > 60) return;
    ticket.notes = [
      note(bruno, '2026-11-20', '16:12', 'Sentito il cliente: la quietanza è in arrivo via PEC, la carico appena c’è.'),
      note(
        anna,
        '2026-11-18',
        '09:05',
        'Il DURC è stato regolarizzato il 3 novembre, protocollo 118842.\nSe rispondono picche si va a sportello.',
      ),
    ];
    if (n % 12 !== 0) return;
    for (let older = 0; older < 6; older += 1) {
      ticket.notes.push(note(older % 2 === 0 ? chiara : null, `2025-1${older % 3}-14`, '11:30', 'Richiamare in sede.'));
    }
  });
  const all = [...world.appointments.values()];
  const coming = all.filter(({ row }) => row.state === 'confirmed');
  const [first, second, third] = coming;
  if (first) {
    first.dossier.attends = [anna, bruno];
    first.dossier.documents = [
      'Delega firmata dal cliente',
      'Quietanza F24 di ottobre',
      'Copia del libro unico del lavoro',
    ];
    first.dossier.notes = [
      note(chiara, '2026-11-20', '17:40', 'Chiedere dell’ingegner Paoli, conosce già la pratica.'),
    ];
  }
  if (second && third) {
    // Both of Bruno, half an hour apart.
    third.row.slot = slotAt(second.row.slot.date, second.row.slot.time);
    second.dossier.attends = [bruno];
    third.dossier.attends = [chiara, bruno];
  }
  const past = all.filter(({ row }) => row.state === 'past');
  const [older] = past.slice(1);
  if (older) {
    older.dossier.attends = [bruno];
    older.dossier.meeting = {
      result: 'to_follow_up',
      text: 'L’operatore ha ricevuto i documenti. Manca la visura: inviarla con un sollecito entro il 30.',
    };
  }
}

/** Who attends another appointment at the same time. */
export function clashing(world: World, { row, dossier }: AppointmentDetail): Clash[] {
  if (row.state !== 'confirmed') return [];
  return [...world.appointments.values()].flatMap((other) => {
    const { slot } = other.row;
    const meets = slot.date === row.slot.date && slot.time < row.slot.end_time && row.slot.time < slot.end_time;
    if (other.row === row || other.row.state !== 'confirmed' || !meets) return [];
    return other.dossier.attends
      .filter((person) => dossier.attends.includes(person))
      .map((person) => ({
        person,
        appointment: other.row.id,
        company_name: other.row.company_name,
        start: slot.time,
      }));
  });
}

type Room = {
  people: () => People;
  ticket: (code: string) => MockTicket;
  ticketDetail: (code: string) => TicketDetail;
  appointment: (id: string) => AppointmentDetail;
  changed: () => void;
  fail: (code: FailureCode, details?: Failure['details']) => never;
};

/** What answers the commands about them. */
export function dossierCommands({ people: known, ticket, ticketDetail, appointment, changed, fail }: Room) {
  const written = (text: string, max: number) => {
    const words = text.trim();
    if (words === '') fail('invalid_argument');
    if ([...words].length > max) fail('too_long', { max });
    return words;
  };
  const mine = (text: unknown) => note(known().me, today, '09:43', written(text as string, 2_000));
  const about = (id: unknown, change: (dossier: AppointmentDossierView) => void) => {
    change(appointment(id as string).dossier);
    changed();
    return appointment(id as string);
  };
  const toggled = (list: string[], one: string, wanted: boolean, max: number) => {
    if (wanted && !list.includes(one) && list.length >= max) fail('dossier_full');
    return [...list.filter((other) => other !== one), ...(wanted ? [one] : [])];
  };
  type Args = Record<string, unknown>;
  return {
    ticket_in_charge: ({ code, person }: Args) => {
      if (person !== null && !known().all.includes(person as string)) fail('invalid_argument');
      ticket(code as string).inCharge = person as string | null;
      changed();
      return ticketDetail(code as string);
    },
    ticket_note: ({ code, text }: Args) => {
      const one = ticket(code as string);
      one.notes = [mine(text), ...one.notes];
      changed();
      return ticketDetail(code as string);
    },
    appointment_attends: ({ id, person, attends }: Args) =>
      about(id, (dossier) => {
        dossier.attends = toggled(dossier.attends, person as string, attends as boolean, 10).sort();
      }),
    appointment_document: ({ id, name, wanted }: Args) =>
      about(id, (dossier) => {
        dossier.documents = toggled(dossier.documents, written(name as string, 120), wanted as boolean, 30);
      }),
    appointment_meeting: ({ id, result, text }: Args) =>
      about(id, (dossier) => {
        if (!dossier.can_report) fail('meeting_not_begun');
        const words = text as string;
        dossier.meeting = { result: result as MeetingView['result'], text: words && written(words, 2_000) };
      }),
    appointment_note: ({ id, text }: Args) =>
      about(id, (dossier) => {
        dossier.notes = [mine(text), ...dossier.notes];
      }),
  };
}
