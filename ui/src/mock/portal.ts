/** Tickets of the portal, and a list of them that is imported. */
import type {
  AppointmentDetail,
  ImportColumn,
  ImportFilter,
  ImportList,
  ImportMatching,
  ImportOpened,
  ImportOutcome,
  ImportRow,
  PortalAnswerForm,
  PortalTicketForm,
  PortalTicketView,
  RegisterOutcome,
  RowOutcomeView,
  TicketWritten,
} from '../ipc/types';
import { plusDays, today } from './calendar';
import { tell } from './event';
import { topics } from './names';
import type { MockTicket, World } from './world';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** What a list told of a ticket. */
export function portalTicket(world: World, one: MockTicket): PortalTicketView | null {
  if (!world.portal) return null;
  const topic = topics[one.topic];
  const closed = one.status.startsWith('closed');
  return {
    first_on: '2026-11-20',
    changed_on: '2026-11-23',
    form: {
      code: one.code,
      matricola: one.company.matricole[0] ?? '',
      company: one.company.code,
      company_name: one.company.name,
      sede: one.company.sede === 'LU' ? 'Lucca' : 'Pisa',
      subject: `${topic?.area} > ${topic?.subject} > ${topic?.detail}`,
      opened_on: one.opened,
      status: one.status,
      closed_on: closed ? plusDays(one.opened, 4) : '',
      request: 'Si chiede il riesame.',
      reply: closed ? 'La domanda non può essere accolta.' : '',
    },
  };
}

/** Marks an appointment as one that the studio wrote down. */
export function markRegistered(detail: AppointmentDetail, answer: PortalAnswerForm): void {
  const [name = '', ...rest] = answer.place.split('\n');
  Object.assign(detail.row, {
    state: 'registered',
    code: answer.identifier,
    point: { ...detail.row.point, name: name || 'Portale INPS', place: rest.join(', ') },
    registered: { answer, by: null, on: today, open: true },
  });
  detail.timeline = [{ date: today, time: '09:44', event: { kind: 'registered', by: null }, unread: null }];
  detail.can_cancel = false;
  detail.can_change = false;
}

const titles: [string, ImportColumn['field'], boolean, string[]][] = [
  ['N. richiesta', 'code', true, ['INPS.4600.2026.0048211', 'INPS.4600.2026.0048212', 'INPS.4600.2026.0048219']],
  ['Matricola', 'matricola', true, ['4600123456', '4600123456', '4600987654']],
  ['Ragione sociale', 'company_name', true, ['Cartiera Lucchese S.p.A.', 'Cartiera Lucchese S.p.A.', 'Bar Zanzibar']],
  ['Sede', 'sede', true, ['Lucca', 'Lucca', 'Pisa']],
  ['Oggetto', 'subject', false, ['DURC › Irregolarità', 'Denunce mensili › Uniemens', 'CIG › Autorizzazioni']],
  ['Data invio', 'opened_on', false, ['10/11/2026', '12/11/2026', '20/11/2026']],
  ['Stato', 'state', true, ['Aperta', 'In carico', 'Chiusa']],
  ['Esito', 'outcome', true, ['OK', 'KO']],
  ['Operatore', null, true, ['M. Bianchi', 'L. Neri']],
];

function listOf(matched: boolean): ImportList {
  return {
    name: 'richieste-novembre.xlsx',
    format: { kind: 'workbook', ending: 'xlsx' },
    tables: [{ name: 'Foglio1', rows: 1_248 }],
    table: 0,
    columns: titles.map(([title, field, certain, examples], n) => ({
      name: title.toLowerCase(),
      letters: String.fromCharCode(65 + n),
      title,
      field: matched || field !== 'code' ? field : null,
      certain: matched || certain,
      examples,
    })),
    missing: matched ? [] : ['code'],
    unknown_states: matched ? [] : [{ text: 'Smistata', rows: 14 }],
    remembered: false,
    counts: matched ? { new: 1_180, changed: 42, same: 15, refused: 9, asides: 2 } : null,
  };
}

const outcomes: RowOutcomeView[] = [
  { kind: 'new' },
  { kind: 'new' },
  { kind: 'changed', fields: ['status', 'reply'] },
  { kind: 'same' },
  { kind: 'refused', faults: [{ field: 'matricola', found: '4,6E+09', reason: { kind: 'rounded' } }] },
  { kind: 'refused', faults: [{ field: null, found: '', reason: { kind: 'older' } }] },
];

function rowAt(n: number, filter: ImportFilter): ImportRow {
  const kinds = outcomes.filter((one) => filter === 'all' || one.kind === filter);
  return {
    row: n + 2,
    code: `INPS.4600.2026.00${48_211 + n}`,
    company: ['Cartiera Lucchese S.p.A.', 'Bar Zanzibar', '4600987654'][n % 3] ?? '',
    subject: ['DURC › Irregolarità', 'Denunce mensili › Uniemens', 'CIG › Autorizzazioni'][n % 3] ?? '',
    opened_on: plusDays(today, -(n % 20)),
    status: (['open', 'in_progress', 'closed_ko'] as const)[n % 3] ?? 'open',
    comes: kinds[n % kinds.length] ?? { kind: 'new' },
  };
}

type Args = Record<string, unknown>;

/** The commands of the import and of the portal. */
export function portalCommands(
  world: () => World,
  appointment: (id: string) => AppointmentDetail,
  changed: () => void,
): Record<string, (args: Args) => unknown> {
  let calledOff = false;
  let list: ImportList | undefined;
  const read = (matched: boolean): ImportOpened => ({ outcome: 'read', list: (list = listOf(matched)) });
  return {
    import_pick: async () => {
      await pause(200);
      return read(true);
    },
    import_take_dropped: () => read(true),
    import_paste: ({ text }): ImportOpened =>
      (text as string).includes('\t') ? read(false) : { outcome: 'unreadable', name: '', why: 'no_header' },
    import_match: ({ matching }): ImportOpened => {
      const { columns, states } = matching as ImportMatching;
      const opened = read(columns.some((column) => column.field === 'code'));
      if (list && states.length === 0 && list.counts) list.unknown_states = [{ text: 'Smistata', rows: 14 }];
      return opened;
    },
    import_rows: ({ filter, offset, limit }) => {
      const counts = list?.counts;
      if (!counts) return [];
      const kind = filter as ImportFilter;
      const all = counts.new + counts.changed + counts.same + counts.refused;
      const total = kind === 'all' ? all : counts[kind];
      const end = Math.min(total, (offset as number) + (limit as number));
      return Array.from({ length: Math.max(0, end - (offset as number)) }, (_, n) =>
        rowAt((offset as number) + n, kind),
      );
    },
    import_take: async (): Promise<ImportOutcome> => {
      calledOff = false;
      const counts = list?.counts ?? { new: 0, changed: 0, same: 0, refused: 0, asides: 0 };
      for (let done = 0; done <= 1_248; done += 104) {
        tell('progress', { work: 'import_list', done, total: 1_248 });
        await pause(60);
        if (calledOff) return { outcome: 'called_off' };
      }
      return { outcome: 'imported', counts, bookable: 312 };
    },
    import_call_off: () => {
      calledOff = true;
      return null;
    },
    import_close: () => {
      list = undefined;
      return null;
    },
    portal_ticket_write: ({ form }): TicketWritten => {
      const { code, matricola } = form as PortalTicketForm;
      if (code && /^\d{10}$/.test(matricola)) return { outcome: 'new', code };
      return {
        outcome: 'refused',
        faults: [
          ...(code ? [] : [{ field: 'code' as const, reason: { kind: 'missing' as const } }]),
          { field: 'matricola', reason: { kind: 'malformed' } },
        ],
      };
    },
    portal_open: () => null,
    portal_files_open: () => null,
    appointment_register: ({ tickets, draft, form }): RegisterOutcome => {
      const answer = form as PortalAnswerForm;
      if (!answer.date) return { outcome: 'refused', why: { kind: 'malformed', field: 'date' } };
      if (answer.to <= answer.from) return { outcome: 'refused', why: { kind: 'span' } };
      const chosen = (tickets as string[]).flatMap((code) => world().byCode.get(code) ?? []);
      const detail = world().book(chosen, answer.date, answer.from, 'registered');
      markRegistered(detail, answer);
      const prepared = draft ? world().drafts.get(draft as string) : undefined;
      if (prepared) {
        prepared.state = 'booked';
        prepared.appointment = detail.row.id;
      }
      changed();
      return { outcome: 'registered', appointment: detail };
    },
    registration_change: ({ id, form }): RegisterOutcome => {
      const detail = appointment(id as string);
      markRegistered(detail, form as PortalAnswerForm);
      changed();
      return { outcome: 'registered', appointment: detail };
    },
    registration_cancel: ({ id, bySede }): RegisterOutcome => {
      const detail = appointment(id as string);
      detail.row.state = bySede ? 'cancelled_by_sede' : 'cancelled_by_studio';
      if (detail.row.registered) detail.row.registered.open = false;
      changed();
      return { outcome: 'registered', appointment: detail };
    },
  };
}
