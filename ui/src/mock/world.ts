import type {
  AppointmentDetail,
  AssessmentView,
  Background,
  BookableView,
  CommunicationView,
  DraftDetail,
  DraftRow,
  Settings,
  NoteView,
  People,
  StatusView,
  TicketDeposit,
  TicketRow,
  RefusalRow,
  ReminderRow,
  RequestDetail,
} from '../ipc/types';
import { daysBetween, plusDays, random, today } from './calendar';
import { compare, type Seen } from './changes';
import { emptyDossier, inChargeOf, people, seedDossiers } from './dossiers';
import { companyName, pointOf, points, slotAt, topics } from './names';

export type MockCompany = { code: string; name: string; sede: 'LU' | 'PI'; matricole: string[] };
export type MockTicket = {
  code: string;
  company: MockCompany;
  topic: number;
  opened: string;
  status: StatusView;
  assessment: AssessmentView;
  appointment: string | null;
  draft: string | null;
  /** What a colleague has left with the sede. */
  deposit: TicketDeposit | null;
  inCharge: string | null;
  /** Newest first. */
  notes: NoteView[];
};
export type MockDraft = DraftDetail &
  Pick<DraftRow, 'last_attempt' | 'next_attempt' | 'failures' | 'changed_at'> & {
    /** Of a change: the appointment as the person had it in view. */
    seen: Seen | null;
  };
export type MockCommunication = { id: string; appointment: string; communication: CommunicationView; date: string };
export type Size = 'inizio' | 'nessuno' | 'pochi' | 'molti';

export class World {
  /** Reminders on their way or refused, and those that arrived, by ticket. */
  reminders = new Map<string, ReminderRow>();
  refusals = new Map<string, RefusalRow>();
  requests = new Map<string, RequestDetail>();
  reminded = new Map<string, { date: string; words: string }>();
  started: boolean;
  companies: MockCompany[] = [];
  tickets: MockTicket[] = [];
  byCode = new Map<string, MockTicket>();
  drafts = new Map<string, MockDraft>();
  appointments = new Map<string, AppointmentDetail>();
  communications: MockCommunication[] = [];
  background: Background = {
    choice: { notices: true, keep_working: false, start_with_computer: false },
    means: { notices: true, tray: true, start_with_computer: true },
  };
  settings: Settings = { theme: 'system', phone: '0583 123456', email: '', portal: 'https://www.inps.it' };
  /** Whether all of it stands on the portal, and there is no sede. */
  portal = false;
  people: People = { me: people[0] ?? null, all: [...people] };
  offline = false;
  next = 1;

  constructor(size: Size) {
    this.started = size !== 'inizio';
    this.fill(size === 'molti' ? 200_000 : size === 'nessuno' ? 0 : 60);
    if (size === 'inizio') this.people = { me: null, all: [] };
    if (size === 'pochi' || size === 'molti') {
      this.seedAgenda();
      seedDossiers(this);
    }
  }

  fill(count: number): void {
    const chance = random(6542);
    const companies = count === 0 ? 0 : Math.max(12, Math.min(2_000, Math.round(count / 5)));
    this.companies = Array.from({ length: companies }, (_, n) => ({
      code: String(10_000_000_000 + n * 7919).slice(0, 11),
      name: companyName(n),
      sede: n % 4 === 3 ? 'PI' : 'LU',
      matricole:
        n % 5 === 0
          ? [`48${String(n).padStart(8, '0')}`, `49${String(n).padStart(8, '0')}`]
          : [`48${String(n).padStart(8, '0')}`],
    }));
    this.tickets = Array.from({ length: count }, (_, n) => this.invent(n, count, chance));
    this.byCode = new Map(this.tickets.map((ticket) => [ticket.code, ticket]));
  }

  private invent(n: number, count: number, chance: () => number): MockTicket {
    const company = this.companies[Math.floor(chance() * this.companies.length)] as MockCompany;
    const luck = chance();
    const status: StatusView =
      luck < 0.4
        ? 'open'
        : luck < 0.6
          ? 'in_progress'
          : luck < 0.78
            ? 'closed_ok'
            : luck < 0.96
              ? 'closed_ko'
              : 'withdrawn';
    const live = status === 'open' || status === 'in_progress';
    return {
      code: `${company.sede}-${(count > 1_000 ? 300_000 : 48_400) - n}`,
      company,
      topic: Math.floor(chance() * (topics.length - (chance() < 0.9 ? 1 : 0))),
      opened: plusDays(today, -Math.floor(live ? chance() * 16 : 4 + chance() * (count > 1_000 ? 900 : 60))),
      status,
      assessment:
        status === 'closed_ok' && chance() < 0.4 ? (chance() < 0.5 ? 'satisfactory' : 'unsatisfactory') : 'unassessed',
      appointment: null,
      draft: null,
      deposit: null,
      inCharge: inChargeOf(n),
      notes: [],
    };
  }

  bookable(ticket: MockTicket): BookableView {
    const no = (obstacle: Extract<BookableView, { answer: 'no' }>['obstacle']): BookableView => ({
      answer: 'no',
      obstacle,
    });
    const carrier = ticket.appointment ? this.appointments.get(ticket.appointment) : undefined;
    if (carrier?.row.state === 'confirmed' || carrier?.row.state === 'registered') {
      return no({ kind: 'carried', appointment: carrier.row.id, slot: carrier.row.slot });
    }
    if (ticket.status === 'withdrawn') return no({ kind: 'withdrawn' });
    if (!this.point(ticket)) return no({ kind: 'no_point' });
    if (ticket.status === 'closed_ko') {
      return ticket.assessment === 'satisfactory'
        ? no({ kind: 'satisfactory' })
        : { answer: 'yes', ground: { kind: 'closed_ko' } };
    }
    if (ticket.status === 'closed_ok') {
      if (ticket.assessment === 'unsatisfactory') return { answer: 'yes', ground: { kind: 'unsatisfactory' } };
      return no({ kind: ticket.assessment === 'satisfactory' ? 'satisfactory' : 'unassessed' });
    }
    const days = daysBetween(ticket.opened, today);
    return days > 5
      ? { answer: 'yes', ground: { kind: 'waiting', days, threshold: 5 } }
      : { answer: 'from', on: plusDays(ticket.opened, 6), days, threshold: 5 };
  }

  point(ticket: MockTicket) {
    return pointOf(topics[ticket.topic]?.code ?? '', ticket.company.sede);
  }

  row(ticket: MockTicket): TicketRow {
    const { desk: _, ...topic } = topics[ticket.topic] ?? { code: '', area: '', subject: '', detail: '', desk: null };
    const live = ticket.status === 'open' || ticket.status === 'in_progress';
    const draft = ticket.draft ? this.drafts.get(ticket.draft) : undefined;
    return {
      code: ticket.code,
      company: ticket.company.code,
      company_name: ticket.company.name,
      portal: this.portal,
      topic,
      opened_on: ticket.opened,
      waiting_days: live ? daysBetween(ticket.opened, today) : null,
      status: ticket.status,
      bookable: this.bookable(ticket),
      in_charge: ticket.inCharge,
      draft: draft ? { id: draft.id, state: draft.state } : null,
      deposit: draft ? null : ticket.deposit,
    };
  }

  /** Some appointments, what the sede said about them, and drafts in every state. */
  private seedAgenda(): void {
    const ripe = this.tickets.filter((one) => this.bookable(one).answer === 'yes').slice(0, 40);
    const soon = this.tickets.filter((one) => this.bookable(one).answer === 'from').slice(0, 10);
    const days = ['2026-11-24', '2026-11-26', '2026-11-26', '2026-12-01', '2026-12-03', '2026-11-19', '2026-11-12'];
    const times = ['15:00', '10:30', '11:00', '14:00', '09:30', '10:00', '09:00'];
    days.forEach((day, n) => {
      const ticket = ripe[n * 2];
      if (ticket) this.book([ticket], day, times[n] ?? '09:00', day < today ? 'past' : 'confirmed');
    });
    const [moved, solved, , , other] = [...this.appointments.values()];
    if (moved && solved && other) {
      solved.row.state = 'resolved';
      moved.timeline.push({
        date: '2026-11-21',
        time: '16:05',
        event: {
          kind: 'changed_by_studio',
          before: slotAt('2026-11-24', '13:30'),
          after: slotAt('2026-11-24', '14:30'),
          notes: true,
          contact: false,
          attachments: true,
        },
        unread: null,
      });
      this.say(moved, {
        kind: 'rescheduled',
        before: slotAt('2026-11-24', '14:30'),
        after: moved.row.slot,
        text: 'Riunione del personale.',
      });
      this.say(solved, { kind: 'resolved', text: 'Istanza accolta il 20 novembre, non occorre venire.' });
      this.say(other, {
        kind: 'other',
        label: 'documenti',
        text: 'Portare copia del libro unico del lavoro di ottobre.',
      });
    }
    const attention = ripe[1] && this.prepare([ripe[1]]);
    if (attention) {
      attention.state = 'needs_attention';
      attention.attention = {
        kind: 'all_taken',
        nearest: [slotAt('2026-11-26', '11:00'), slotAt('2026-12-03', '09:00')],
      };
      attention.wishes = [{ kind: 'slot', ...slotAt('2026-11-26', '09:30'), free: 0 }];
      attention.last_attempt = '2026-11-23T08:12:00Z';
    }
    for (const ticket of soon.slice(0, 2)) {
      const draft = this.prepare([ticket]);
      draft.state = 'queued';
      draft.deposit = { date: '2026-11-20', time: '16:05', for_a_place: false };
      draft.wishes = [{ kind: 'pattern', weekdays: [4], from: '09:00', to: '12:00', until: '2026-12-18' }];
    }
    if (ripe[3]) this.prepare([ripe[3]]);
  }

  private say(appointment: AppointmentDetail, communication: CommunicationView): void {
    const id = `C-${this.next++}`;
    appointment.row.unread += 1;
    appointment.timeline.push({
      date: '2026-11-23',
      time: '08:30',
      event: { kind: 'communication', communication },
      unread: id,
    });
    this.communications.push({ id, appointment: appointment.row.id, communication, date: '2026-11-23' });
  }

  book(tickets: MockTicket[], date: string, time: string, state: AppointmentDetail['row']['state']): AppointmentDetail {
    const [head] = tickets as [MockTicket];
    const point = this.point(head) ?? points[0];
    if (!point) throw new Error('no point');
    const id = `a${this.next++}`;
    const { hours: _h, desks: _d, ...place } = point;
    const detail: AppointmentDetail = {
      row: {
        id,
        code: `${head.company.sede}-A-${String(1_000 + this.next).padStart(6, '0')}`,
        state,
        slot: slotAt(date, time),
        point: place,
        company: head.company.code,
        company_name: head.company.name,
        tickets: tickets.map((one) => one.code),
        unread: 0,
        cancelling: false,
        changing: false,
        attends: [],
        clash: false,
        meeting: null,
        registered: null,
      },
      tickets: tickets.map((one) => ({ code: one.code, topic: this.row(one).topic })),
      notes: 'Si chiede di esaminare insieme la documentazione.',
      phone: '0583 123456',
      email: 'studio@example.it',
      attachments: [],
      granted: 0,
      dossier: emptyDossier(state === 'past'),
      timeline: [{ date: '2026-11-20', time: '09:12', event: { kind: 'booked' }, unread: null }],
      can_cancel: state === 'confirmed',
      can_change: state === 'confirmed',
      change: null,
      read_at: '2026-11-23T08:41:00Z',
      read_time: '09:41',
    };
    this.appointments.set(id, detail);
    for (const ticket of tickets) {
      ticket.appointment = id;
      ticket.draft = null;
    }
    return detail;
  }

  prepare(tickets: MockTicket[]): MockDraft {
    const [head] = tickets as [MockTicket];
    const point = this.point(head);
    if (!point) throw new Error('no point');
    const id = `d${this.next++}`;
    const { hours: _h, desks: _d, ...place } = point;
    const later = tickets
      .map((one) => this.bookable(one))
      .flatMap((answer) => (answer.answer === 'from' ? [answer.on] : []))
      .sort()
      .at(-1);
    const draft: MockDraft = {
      id,
      revision: 1,
      state: 'editing',
      changes: null,
      seen: null,
      company: head.company.code,
      company_name: head.company.name,
      point: place,
      tickets: tickets.map((one) => ({ code: one.code, topic: this.row(one).topic, bookable: this.bookable(one) })),
      wishes: [],
      never: { weekdays: [], dates: [] },
      waits: false,
      deposit: null,
      withdrawing: false,
      earlier_try: null,
      notes: '',
      phone: this.settings.phone,
      email: this.settings.email,
      attachments: [],
      limits: { notes_max: 500, files_max: 3, file_bytes_max: 3 * 1024 * 1024 },
      due: later ? { kind: 'on', date: later } : { kind: 'now' },
      missing: [],
      saved_time: '09:43',
      attention: null,
      appointment: null,
      portal: this.portal,
      last_attempt: null,
      next_attempt: null,
      failures: 0,
      changed_at: '2026-11-23T08:43:00Z',
    };
    this.complete(draft);
    this.drafts.set(id, draft);
    for (const ticket of tickets) ticket.draft = id;
    return draft;
  }

  /** Says what a draft lacks. */
  complete(draft: MockDraft): void {
    draft.missing = [];
    if (draft.changes) {
      draft.changes = { ...draft.changes, ...compare(draft, draft.seen) };
      if (this.appointments.get(draft.changes.appointment)?.row.state !== 'confirmed') {
        draft.missing.push({ kind: 'appointment' });
        return;
      }
    } else {
      for (const one of draft.tickets) {
        const ticket = this.byCode.get(one.code);
        if (ticket) one.bookable = this.bookable(ticket);
        if (one.bookable.answer === 'no') draft.missing.push({ kind: 'ticket', ...one });
      }
      if (draft.wishes.length === 0) draft.missing.push({ kind: 'wish' });
    }
    if (!draft.phone && !draft.email) draft.missing.push({ kind: 'contact' });
    if (draft.email && !draft.email.includes('@')) draft.missing.push({ kind: 'bad_email' });
    if (draft.phone && !/^[+0-9 ./-]{6,}$/.test(draft.phone)) draft.missing.push({ kind: 'bad_phone' });
    const length = [...draft.notes].length;
    if (length > 500) draft.missing.push({ kind: 'notes_too_long', length, max: 500 });
    const { notes, phone, attachments, moves } = draft.changes ?? { moves: true };
    if (!moves && notes === null && phone === null && attachments === null) {
      draft.missing.push({ kind: 'difference' });
    }
  }
}
