import type {
  AppStatus,
  BackgroundChoice,
  DraftRow,
  Failure,
  FailureCode,
  Grouping,
  RequestChange,
  TicketDetail,
  TicketQuery,
  TicketRow,
  Today,
  WeekDay,
} from '../ipc/types';
import { readBoard } from './board';
import { beginChange, changing, follow, grant, seedChanges } from './changes';
import { Desks } from './connection';
import { lieThere, seedDeposits, takeBack } from './deposits';
import { plusDays, random, today, hash } from './calendar';
import { clashing, dossierCommands, manyPeople } from './dossiers';
import { tell } from './event';
import { slotAt, topics } from './names';
import { markRegistered, portalCommands, portalTicket } from './portal';
import { seedRefusals } from './refusals';
import { remind, reminderMessage, reminderOf, seedReminders } from './reminders';
import {
  beginRequest,
  moveRequest,
  positionsOf,
  request,
  requestRow,
  saveRequest,
  seedRequests,
  sendRequest,
} from './requests';
import { type MockDraft, type MockTicket, type Size, World } from './world';

/** What is asked for in the address: `?dati=…`, `?tema=…`, `?rete=no`, `?modifiche`, `?depositi`, `?persone=…`, … */
const asked = new URLSearchParams(typeof location === 'undefined' ? '' : location.search);
let world = new World((asked.get('dati') as Size | null) ?? 'pochi');
if (asked.get('tema') === 'scuro') world.settings.theme = 'dark';
if (asked.get('tema') === 'chiaro') world.settings.theme = 'light';
world.offline = asked.get('rete') === 'no';
if (asked.has('modifiche')) seedChanges(world);
if (asked.has('depositi')) seedDeposits(world);
const askedPeople = asked.get('persone');
if (askedPeople === 'nessuna') world.people = { me: null, all: [] };
if (askedPeople === 'molte') world.people = { ...world.people, all: manyPeople() };
if (asked.has('solleciti')) seedReminders(world);
if (asked.has('rifiuti')) seedRefusals(world);
if (asked.has('nuove')) seedRequests(world);
if (asked.has('portale')) {
  world.portal = true;
  world.people = { me: null, all: [] };
  const [first] = [...world.appointments.values()].filter((one) => one.row.state === 'confirmed');
  if (first) {
    markRegistered(first, {
      identifier: 'Prenotazione n. 20261124/117',
      date: first.row.slot.date,
      from: first.row.slot.time,
      to: first.row.slot.end_time,
      place: 'Sportello aziende\nPiazza dei Martiri, Lucca',
    });
  }
}
let desks = new Desks(world.started, asked.has('sede'), asked.has('portale'));
const revoked = asked.has('revocato');
if (asked.has('senza-avvisi')) world.background.means = { notices: false, tray: false, start_with_computer: false };

/** Begins again, for a test. */
export function reset(size: Size): World {
  world = new World(size);
  desks = new Desks(world.started, false, false);
  lists.clear();
  return world;
}

const fail = (code: FailureCode, details: Failure['details'] = {}): never => {
  throw { code, message: code, details } satisfies Failure;
};

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const lists = new Map<number, MockTicket[]>();
let nextList = 1;

const ticket = (code: string): MockTicket => world.byCode.get(code) ?? fail('unknown_ticket');
const draft = (id: string): MockDraft => world.drafts.get(id) ?? fail('unknown_draft');
const appointment = (id: string) => {
  const one = world.appointments.get(id) ?? fail('unknown_appointment');
  one.change = changing(world, id);
  one.dossier.clashes = clashing(world, one);
  one.row.attends = one.dossier.attends;
  one.row.clash = one.dossier.clashes.length > 0;
  one.row.meeting = one.dossier.meeting?.result ?? null;
  one.row.changing = one.change?.state === 'queued' || one.change?.state === 'sending';
  return one;
};
const appointmentRows = () => [...world.appointments.keys()].map((id) => appointment(id).row);
const copy = <T>(value: T): T => structuredClone(value);

function status(): AppStatus {
  const open = [...world.drafts.values()].filter((one) => one.state !== 'booked' && one.state !== 'discarded');
  const waiting = open.filter((one) => (one.state === 'queued' || one.state === 'sending') && !one.deposit).length;
  return {
    phase: desks.current ? 'at_work' : 'first_start',
    version: '0.1.0',
    desk: desks.current,
    studio: desks.current ? 'Studio Ricci e Associati' : null,
    people: world.people,
    today,
    connection: {
      state: desks.current?.id === 'portal' ? 'no_sede' : revoked ? 'revoked' : world.offline ? 'offline' : 'connected',
      read_at: '2026-11-23T08:41:00Z',
      read_time: '09:41',
      waiting,
      busy: false,
    },
    badges: {
      today: world.communications.length + open.filter((one) => one.state === 'needs_attention').length,
      drafts: open.length,
    },
    settings: world.settings,
    portal_tickets: world.portal ? world.tickets.length : 0,
    repairs: asked.has('riparato') ? [{ kind: 'cache_rebuilt' }] : [],
  };
}

function matches(query: TicketQuery) {
  const words = query.text.toLowerCase().split(/\s+/).filter(Boolean);
  return (one: MockTicket) => {
    const topic = topics[one.topic];
    if (query.statuses.length > 0 && !query.statuses.includes(one.status)) return false;
    if (query.company && one.company.code !== query.company) return false;
    if (query.topic && topic) {
      const paths = [topic.code, topic.area, `${topic.area} › ${topic.subject}`];
      if (!paths.includes(query.topic)) return false;
    }
    if (query.opened_from && one.opened < query.opened_from) return false;
    if (query.opened_to && one.opened > query.opened_to) return false;
    if (query.in_charge && one.inCharge !== (query.in_charge.by === 'person' ? query.in_charge.name : null))
      return false;
    const text = `${one.code} ${one.company.name} ${topic?.area} ${topic?.subject} ${topic?.detail}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
}

const answers = { yes: 'now', from: 'soon', no: 'not' } as const;

function openList(query: TicketQuery) {
  const counts = { any: 0, now: 0, soon: 0, not: 0 };
  const kept: [string | number, MockTicket][] = [];
  const match = matches(query);
  for (const one of world.tickets) {
    if (!match(one)) continue;
    const bookable = world.bookable(one);
    const kind = answers[bookable.answer];
    counts.any += 1;
    counts[kind] += 1;
    if (query.bookable !== 'any' && query.bookable !== kind) continue;
    const topic = topics[one.topic];
    const keys = {
      code: one.code,
      company: one.company.name,
      topic: `${topic?.area}${topic?.subject}${topic?.detail}`,
      opened: one.opened,
      status: one.status,
      bookable: bookable.answer === 'yes' ? '0' : bookable.answer === 'from' ? bookable.on : '9',
    };
    kept.push([keys[query.sort], one]);
  }
  const sign = query.descending ? -1 : 1;
  kept.sort((a, b) => (a[0] < b[0] ? -sign : a[0] > b[0] ? sign : 0));
  const list = nextList++;
  lists.set(
    list,
    kept.map(([, one]) => one),
  );
  lists.delete(list - 8);
  return { list, total: kept.length, counts };
}

function detail(code: string): TicketDetail {
  const one = ticket(code);
  const row = world.row(one);
  const point = world.point(one);
  const { hours: _h, desks: _d, ...place } = point ?? { hours: [], desks: 0 };
  const sede_name = one.company.sede === 'LU' ? 'Lucca' : 'Pisa';
  const reply = plusDays(one.opened, 1);
  return {
    row,
    sede_name,
    matricola: one.company.matricole[0] ?? '',
    point: point ? (place as TicketDetail['point']) : null,
    first_free: point ? slotAt(point.code === 'LU-CA' ? '2026-11-26' : '2026-11-25', '09:30') : null,
    messages: [
      {
        author: 'studio',
        date: one.opened,
        time: '10:04',
        text: 'La domanda di esonero risulta respinta per DURC irregolare, che è stato regolarizzato il 3 novembre. Si chiede il riesame.',
        status: 'open',
        files: ['quietanza_F24.pdf'],
        reminder: false,
      },
      ...(one.status === 'open'
        ? []
        : [
            {
              author: 'sede' as const,
              date: reply,
              time: '16:20',
              text: 'Presa in carico. In attesa di riscontro dall’area accertamento.',
              status: 'in_progress' as const,
              files: [],
              reminder: false,
            },
          ]),
      ...(one.status.startsWith('closed')
        ? [
            {
              author: 'sede' as const,
              date: plusDays(reply, 3),
              time: '11:02',
              text:
                one.status === 'closed_ok'
                  ? 'La posizione è stata aggiornata. Il recupero va esposto nel flusso del mese in corso.'
                  : 'La domanda non può essere accolta: il versamento non risulta abbinato.',
              status: one.status,
              files: [],
              reminder: false,
            },
          ]
        : []),
      ...reminderMessage(world, code),
    ],
    reminder: reminderOf(world, one),
    reminding: world.reminders.get(code) ?? null,
    reminder_max: 500,
    assessment: one.assessment,
    can_assess: one.status.startsWith('closed') && row.bookable.answer !== 'from' && !isCarried(row),
    companions: world.tickets
      .filter((two) => two !== one && two.company === one.company && !two.draft && world.point(two) === point && point)
      .slice(0, 40)
      .map((two) => world.row(two))
      .filter((two) => two.bookable.answer === 'yes'),
    dossier: { in_charge: one.inCharge, notes: one.notes },
    appointments: appointmentRows().filter((a) => a.tickets.includes(code)),
    portal: portalTicket(world, one),
  };
}

const isCarried = (row: TicketRow) => row.bookable.answer === 'no' && row.bookable.obstacle.kind === 'carried';

function group(codes: string[]): Grouping {
  if (codes.length === 0) fail('nothing_selected');
  const chosen = codes.map(ticket);
  if (chosen.some((one) => one.company !== chosen[0]?.company)) fail('mixed_companies');
  const grouping: Grouping = { groups: [], left_out: [] };
  for (const one of chosen) {
    const bookable = world.bookable(one);
    const point = world.point(one);
    if (bookable.answer === 'no' || one.draft || !point) {
      grouping.left_out.push({ ticket: one.code, bookable, draft: one.draft });
      continue;
    }
    const { hours: _h, desks: _d, ...place } = point;
    const same = grouping.groups.find((other) => other.point.code === place.code);
    if (same) same.tickets.push(one.code);
    else grouping.groups.push({ point: place, tickets: [one.code] });
  }
  return grouping;
}

function prepare(codes: string[]) {
  const { groups, left_out } = group(codes);
  if (left_out.some((one) => one.draft)) fail('already_in_draft');
  if (left_out.length > 0) fail('not_bookable');
  if (groups.length > 1) fail('mixed_points');
  const made = world.prepare(codes.map(ticket));
  changed('drafts', 'tickets');
  return made;
}

const changed = (...areas: string[]) => setTimeout(() => tell('changed', { areas: [...areas, 'status'] }), 0);

function draftRow(one: MockDraft): DraftRow {
  return {
    id: one.id,
    state: one.state,
    changes: one.changes && { appointment: one.changes.appointment, code: one.changes.code, slot: one.changes.slot },
    portal: one.portal,
    company_name: one.company_name,
    tickets: one.tickets.map((two) => two.code),
    point: one.point,
    first_wish: one.wishes[0] ?? null,
    wishes: one.wishes.length,
    due: one.due,
    waits: one.waits,
    deposit: one.deposit,
    withdrawing: one.withdrawing,
    earlier_try: one.earlier_try,
    last_attempt: one.last_attempt,
    next_attempt: one.next_attempt,
    failures: one.failures,
    attention: one.attention,
    appointment: one.appointment,
    changed_at: one.changed_at,
  };
}

async function send(one: MockDraft): Promise<void> {
  await pause(600);
  if (world.offline && one.due.kind === 'now') {
    one.failures += 1;
    one.last_attempt = '2026-11-23T08:45:00Z';
    one.next_attempt = '2026-11-23T08:47:00Z';
  } else if (!world.offline && one.state === 'queued') {
    one.state = 'sending';
    changed('drafts');
    await pause(600);
    if (lieThere(one)) {
      changed('drafts');
      return;
    }
    if (one.changes) {
      grant(world, one);
      changed('drafts', 'tickets', 'agenda', 'board');
      return;
    }
    const wish = one.wishes[0];
    const slot = wish?.kind === 'slot' ? wish : { date: '2026-12-03', time: '10:00' };
    const made = world.book(
      one.tickets.map((two) => ticket(two.code)),
      slot.date,
      slot.time,
      'confirmed',
    );
    made.notes = one.notes;
    made.attachments = one.attachments;
    one.state = 'booked';
    one.appointment = made.row.id;
  }
  changed('drafts', 'tickets', 'agenda', 'board');
}

function readToday(): Today {
  const rows = world.tickets.slice(0, 2_000).map((one) => world.row(one));
  const ripened = rows.filter(
    ({ bookable: b }) => b.answer === 'yes' && b.ground.kind === 'waiting' && b.ground.days === b.ground.threshold + 1,
  );
  const drafts = [...world.drafts.values()];
  const confirmed = appointmentRows()
    .filter((row) => row.state === 'confirmed' || row.state === 'registered')
    .sort((a, b) => a.slot.start.localeCompare(b.slot.start));
  const week: WeekDay[] = [0, 1, 2, 3, 4].map((n) => {
    const date = plusDays(today, n);
    return {
      date,
      appointments: confirmed.filter((row) => row.slot.date === date).map((row) => row.slot.time),
      ripening: rows.filter(({ bookable: b }) => b.answer === 'from' && b.on === date).length,
    };
  });
  return {
    date: today,
    communications: world.communications.map((one) => ({
      id: one.id,
      appointment: appointment(one.appointment).row,
      communication: one.communication,
      date: one.date,
    })),
    attention: drafts.filter((one) => one.state === 'needs_attention').map(draftRow),
    requests: [...world.requests.values()].filter((one) => one.state === 'needs_attention').map(requestRow),
    reminders: [...world.reminders.values()].filter((one) => one.state === 'refused'),
    refusals: [...world.refusals.values()],
    ripened: ripened.slice(0, 20),
    ripened_total: ripened.length,
    bookable_total: rows.filter((row) => row.bookable.answer === 'yes').length,
    appointments: confirmed.slice(0, 6),
    unreported: appointmentRows()
      .filter((row) => row.state === 'past' && row.meeting === null)
      .sort((a, b) => b.slot.start.localeCompare(a.slot.start))
      .slice(0, 6),
    leaving: drafts
      .flatMap((one) => (one.state === 'queued' && one.due.kind === 'on' ? [{ one, on: one.due.date }] : []))
      .sort((a, b) => a.on.localeCompare(b.on))
      .map(({ one }) => draftRow(one)),
    week,
  };
}

function companyRow(company: World['companies'][number], own: MockTicket[]) {
  return {
    code: company.code,
    has_fiscal_code: !world.portal || Number(company.code) % 3 !== 0,
    name: company.name,
    positions: company.matricole.length,
    open_tickets: own.filter((one) => one.status === 'open' || one.status === 'in_progress').length,
    bookable: own.filter((one) => world.bookable(one).answer === 'yes').length,
  };
}

const fileNames = ['istanza_riesame.pdf', 'documento d’identità.jpg', 'quietanza_F24.pdf', 'visura.png'];

function attach(one: MockDraft) {
  const chance = random(hash(one.id) + one.attachments.length);
  const name = fileNames[one.attachments.length % fileNames.length] ?? 'documento.pdf';
  const refused = [];
  if (one.attachments.length < one.limits.files_max) {
    const kind = name.endsWith('jpg') ? 'jpeg' : name.endsWith('png') ? 'png' : 'pdf';
    one.attachments.push({ hash: `${hash(name + chance())}`, name, kind, bytes: Math.round(chance() * 2_500_000) });
    refused.push({ name: 'contratto.docx', reason: { kind: 'wrong_kind' } });
  } else {
    refused.push({ name, reason: { kind: 'too_many', max: one.limits.files_max } });
  }
  world.complete(one);
  return { draft: copy(one), refused };
}

type Args = Record<string, unknown>;
const commands: Record<string, (args: Args) => unknown> = {
  app_status: () => status(),
  training_start: async ({ size }) => {
    const count = size === 'small' ? 50 : size === 'ordinary' ? 1_200 : 200_000;
    for (const work of ['fill_training', 'read_store']) {
      for (let step = 0; step <= 20; step += 1) {
        tell('progress', { work, done: Math.round((count * step) / 20), total: count });
        await pause(60);
      }
    }
    world = new World(size === 'huge' ? 'molti' : 'pochi');
    desks.madeTraining();
    return status();
  },
  desks_list: () => ({ current: desks.current?.id ?? null, desks: desks.all }),
  portal_start: () => {
    world = new World('nessuno');
    world.portal = true;
    world.people = { me: null, all: [] };
    desks.startPortal();
    return status();
  },
  desk_open: ({ desk }) => {
    desks.open(desk as string);
    return status();
  },
  sede_check: async ({ address }) => {
    await pause(500);
    return desks.check(address as string);
  },
  sede_check_current: async () => {
    await pause(500);
    return desks.checkCurrent(status().connection.state);
  },
  sede_join: async ({ address, invitation }) => {
    await pause(500);
    desks.join(address as string, invitation as string);
    return status();
  },
  authority_pick: () => ({ id: 'a1', name: 'autorità-ufficio.pem' }),
  settings_save: ({ settings }) => {
    world.settings = copy(settings as World['settings']);
    changed();
    return status();
  },
  window_leave: () => null,
  place_take: () => null,
  background_read: () => copy(world.background),
  background_save: async ({ choice }) => {
    await pause(100);
    world.background = { ...world.background, choice: copy(choice as BackgroundChoice) };
    return copy(world.background);
  },
  repairs_seen: () => ({ ...status(), repairs: [] }),
  sync_now: async () => {
    await pause(400);
    return status();
  },
  tickets_open: ({ query }) => openList(query as TicketQuery),
  tickets_window: async ({ list, offset, limit }) => {
    await pause(30);
    const rows = lists.get(list as number) ?? fail('list_expired');
    return rows.slice(offset as number, (offset as number) + (limit as number)).map((one) => world.row(one));
  },
  ticket_facets: () => ({ topics: topics.map(({ desk: _, ...topic }) => topic) }),
  ticket_open: ({ code }) => detail(code as string),
  ticket_assess: ({ code, assessment }) => {
    const one = ticket(code as string);
    one.assessment = assessment as MockTicket['assessment'];
    if (one.draft) world.complete(draft(one.draft));
    changed('tickets', 'drafts');
    return detail(code as string);
  },
  ticket_remind: ({ code, words }) => {
    remind(world, ticket(code as string), words as string);
    changed('tickets', 'drafts');
    return detail(code as string);
  },
  reminder_recall: ({ code }) => {
    if (!world.reminders.get(code as string)?.can_recall) fail('reminder_sent');
    world.reminders.delete(code as string);
    changed('tickets', 'drafts');
    return null;
  },
  reminder_dismiss: ({ code }) => {
    world.reminders.delete(code as string);
    changed('tickets', 'drafts');
    return null;
  },
  refusals_list: () => [...world.refusals.values()],
  refusal_dismiss: ({ id }) => {
    world.refusals.delete(id as string);
    changed('drafts');
    return null;
  },
  reminders_list: () => [...world.reminders.values()],
  request_begin: ({ position }) => beginRequest(world, position),
  request_open: ({ id }) => request(world, id),
  request_save: ({ id, change }) => saveRequest(world, id, change as RequestChange),
  request_send: ({ id }) => {
    changed('drafts');
    return sendRequest(world, id);
  },
  request_recall: ({ id }) => moveRequest(world, id, 'editing'),
  request_retry: ({ id }) => request(world, id),
  request_discard: ({ id }) => moveRequest(world, id, 'discarded'),
  request_restore: ({ id }) => moveRequest(world, id, 'editing'),
  requests_list: () => [...world.requests.values()].map(requestRow),
  request_topics: () => ({ topics }),
  request_positions: ({ text }) => {
    const words = (text as string).toLowerCase().split(/\s+/).filter(Boolean);
    const all = positionsOf(world).filter(({ company_name, company, matricola }) =>
      words.every((word) => `${company_name} ${company} ${matricola}`.toLowerCase().includes(word)),
    );
    return all.slice(0, 50);
  },
  request_files_pick: async ({ id }) => {
    await pause(300);
    const one = request(world, id);
    const file = { hash: `f-${one.attachments.length}`, name: 'denuncia.pdf', kind: 'pdf' as const, bytes: 81_920 };
    one.attachments = [...one.attachments, file];
    one.revision += 1;
    return { request: one, refused: [] };
  },
  request_files_take_dropped: () => null,
  request_file_remove: ({ id, hash }) => {
    const one = request(world, id);
    one.attachments = one.attachments.filter((file) => file.hash !== hash);
    one.revision += 1;
    return one;
  },
  request_file_open: () => null,
  booking_group: ({ tickets }) => group(tickets as string[]),
  booking_prepare: ({ tickets }) => prepare(tickets as string[]),
  booking_from_reply: ({ code }) => {
    ticket(code as string).assessment = 'unsatisfactory';
    return prepare([code as string]);
  },
  draft_open: ({ id }) => draft(id as string),
  draft_save: ({ id, revision, change }) => {
    const one = draft(id as string);
    if (one.revision !== revision) fail('draft_stale');
    if (one.state !== 'editing' && one.state !== 'needs_attention') fail('draft_locked');
    Object.assign(one, copy(change));
    one.revision += 1;
    world.complete(one);
    return one;
  },
  draft_send: ({ id }) => {
    const one = draft(id as string);
    if (one.missing.length > 0) fail('draft_incomplete');
    one.state = 'queued';
    one.attention = null;
    one.revision += 1;
    void send(one);
    return one;
  },
  draft_recall: ({ id }) => {
    const one = draft(id as string);
    one.state = 'editing';
    one.attention = null;
    one.revision += 1;
    takeBack(world, one, changed);
    follow(world, one);
    changed('drafts');
    return one;
  },
  draft_retry: ({ id }) => {
    const one = draft(id as string);
    if (one.state === 'needs_attention') {
      world.complete(one);
      if (one.missing.length > 0) fail('draft_incomplete');
    }
    one.state = 'queued';
    one.attention = null;
    one.revision += 1;
    void send(one);
    return one;
  },
  draft_discard: ({ id }) => {
    const one = draft(id as string);
    one.state = 'discarded';
    takeBack(world, one, changed);
    if (!one.changes) for (const two of one.tickets) ticket(two.code).draft = null;
    changed('drafts', 'tickets');
    return draftRow(one);
  },
  draft_restore: ({ id }) => {
    const one = draft(id as string);
    one.state = one.attention ? 'needs_attention' : 'editing';
    if (!one.changes) for (const two of one.tickets) ticket(two.code).draft = one.id;
    changed('drafts', 'tickets');
    return one;
  },
  drafts_list: () => [...world.drafts.values()].map(draftRow),
  attachments_pick: async (args) => {
    await pause(300);
    return attach(draft(args.draft as string));
  },
  attachments_take_dropped: (args) => attach(draft(args.draft as string)),
  attachment_remove: (args) => {
    const one = draft(args.draft as string);
    one.attachments = one.attachments.filter((file) => file.hash !== args.hash);
    world.complete(one);
    return one;
  },
  attachment_open: () => null,
  board_read: ({ point, from, days }) =>
    readBoard(point as string, (from as string | null) ?? today, days as number) ?? fail('unknown_point'),
  companies_list: ({ text }) => {
    const words = (text as string).toLowerCase().split(/\s+/).filter(Boolean);
    const own = new Map<World['companies'][number], MockTicket[]>();
    for (const one of world.tickets) {
      const rows = own.get(one.company);
      if (rows) rows.push(one);
      else own.set(one.company, [one]);
    }
    return world.companies
      .filter((one) => words.every((word) => `${one.name} ${one.code} ${one.matricole}`.toLowerCase().includes(word)))
      .map((one) => companyRow(one, own.get(one) ?? []))
      .sort((a, b) => a.name.localeCompare(b.name));
  },
  company_open: ({ code }) => {
    const company = world.companies.find((one) => one.code === code) ?? fail('unknown_company');
    return {
      row: companyRow(
        company,
        world.tickets.filter((one) => one.company === company),
      ),
      positions: company.matricole.map((matricola, n) => ({
        matricola,
        sede_name: company.sede === 'LU' ? 'Lucca' : 'Pisa',
        delegation: world.portal ? null : { from: '2024-01-08', until: n > 0 ? '2026-12-31' : null, active: true },
        portal: world.portal,
      })),
      appointments: [...world.appointments.values()]
        .map((one) => one.row)
        .filter((row) => row.company === code && row.state === 'confirmed'),
    };
  },
  agenda_read: ({ from, to }) =>
    appointmentRows().filter((row) => row.slot.date >= (from as string) && row.slot.date <= (to as string)),
  agenda_list: ({ past }) =>
    appointmentRows()
      .filter((row) => (row.state === 'confirmed' || row.state === 'registered') !== past)
      .sort((a, b) => a.slot.start.localeCompare(b.slot.start) * (past ? -1 : 1)),
  appointment_open: ({ id }) => appointment(id as string),
  appointment_change: ({ id }) => {
    const one = appointment(id as string);
    if (one.change) return draft(one.change.id);
    if (!one.can_change) fail('not_changeable');
    const begun = beginChange(world, one);
    changed('drafts', 'agenda');
    return begun;
  },
  appointment_cancel: ({ id }) => {
    const one = appointment(id as string);
    if (!one.can_cancel) fail('not_cancellable');
    one.row.cancelling = true;
    one.can_cancel = false;
    one.can_change = false;
    setTimeout(() => {
      one.row.cancelling = false;
      one.row.state = 'cancelled_by_studio';
      one.timeline.push({ date: today, time: '09:50', event: { kind: 'cancelled_by_studio' }, unread: null });
      changed('agenda', 'tickets', 'board');
    }, 900);
    return one;
  },
  communication_acknowledge: ({ id }) => {
    const said = world.communications.find((one) => one.id === id) ?? fail('unknown_communication');
    world.communications = world.communications.filter((one) => one !== said);
    const one = appointment(said.appointment);
    one.row.unread -= 1;
    for (const entry of one.timeline) if (entry.unread === id) entry.unread = null;
    changed('agenda');
    return null;
  },
  ...dossierCommands({
    people: () => world.people,
    ticket,
    ticketDetail: detail,
    appointment,
    changed: () => changed('tickets', 'agenda'),
    fail,
  }),
  ...portalCommands(
    () => world,
    appointment,
    () => changed('agenda', 'tickets', 'drafts'),
  ),
  today_read: () => readToday(),
};

/** Answers one command, as Rust would: with a copy, later, or with a failure. */
export async function answer(command: string, args: Record<string, unknown>): Promise<unknown> {
  await pause(10);
  const found = commands[command] ?? fail('internal');
  return copy(await found(args));
}
