import type { AppointmentDetail, AttachmentView, ChangeDraft, SlotView, WishView } from '../ipc/types';
import { today } from './calendar';
import { slotAt } from './names';
import type { MockDraft, World } from './world';

/** An appointment as a person had it in view. */
export type Seen = Pick<AppointmentDetail, 'notes' | 'phone' | 'email' | 'attachments'> & { slot: SlotView };

const seenOf = ({ row, notes, phone, email, attachments }: AppointmentDetail): Seen => ({
  slot: row.slot,
  notes,
  phone,
  email,
  attachments,
});

const live = ['editing', 'queued', 'sending', 'needs_attention'];

/** The live draft that changes an appointment. */
export function changing(world: World, appointment: string): ChangeDraft | null {
  for (const { id, state, changes } of world.drafts.values()) {
    if (changes?.appointment === appointment && live.includes(state)) return { id, state };
  }
  return null;
}

/** Begins a draft that changes it. */
export function beginChange(world: World, detail: AppointmentDetail, id = `d${world.next++}`): MockDraft {
  const { row } = detail;
  const draft: MockDraft = {
    id,
    revision: 1,
    state: 'editing',
    changes: null,
    seen: seenOf(detail),
    company: row.company,
    company_name: row.company_name,
    point: row.point,
    tickets: detail.tickets.map((one) => ({
      ...one,
      bookable: { answer: 'no', obstacle: { kind: 'carried', appointment: row.id, slot: row.slot } },
    })),
    wishes: [],
    never: { weekdays: [], dates: [] },
    waits: false,
    deposit: null,
    withdrawing: false,
    earlier_try: null,
    portal: false,
    notes: detail.notes,
    phone: detail.phone,
    email: detail.email,
    attachments: [...detail.attachments],
    limits: { notes_max: 500, files_max: 3, file_bytes_max: 3 * 1024 * 1024 },
    due: { kind: 'now' },
    missing: [],
    saved_time: '09:43',
    attention: null,
    appointment: null,
    last_attempt: null,
    next_attempt: null,
    failures: 0,
    changed_at: '2026-11-23T08:43:00Z',
  };
  draft.changes = { appointment: row.id, code: row.code, ...compare(draft, draft.seen) };
  world.complete(draft);
  world.drafts.set(id, draft);
  return draft;
}

/** What differs from what the person had in view. */
export function compare(draft: MockDraft, seen: Seen | null) {
  if (!seen) throw new Error('no appointment');
  const contact = draft.phone !== seen.phone || draft.email !== seen.email;
  const files = (all: AttachmentView[]) => all.map(({ hash }) => hash).join();
  return {
    slot: seen.slot,
    notes: draft.notes === seen.notes ? null : seen.notes,
    phone: contact ? seen.phone : null,
    email: contact ? seen.email : null,
    attachments: files(draft.attachments) === files(seen.attachments) ? null : seen.attachments,
    moves: draft.wishes.length > 0,
  };
}

/** What the person left as it was takes what stands there now. */
export function follow(world: World, draft: MockDraft): void {
  const detail = draft.changes && world.appointments.get(draft.changes.appointment);
  if (!detail || !draft.seen) return;
  const now = seenOf(detail);
  if (draft.notes === draft.seen.notes) draft.notes = now.notes;
  if (draft.phone === draft.seen.phone && draft.email === draft.seen.email) {
    draft.phone = now.phone;
    draft.email = now.email;
  }
  draft.seen = now;
  draft.revision += 1;
  world.complete(draft);
}

/** The sede grants it. */
export function grant(world: World, draft: MockDraft): void {
  const detail = draft.changes && world.appointments.get(draft.changes.appointment);
  if (!detail || !draft.changes) return;
  const { notes, phone, attachments } = draft.changes;
  const before = detail.row.slot;
  const wish = draft.wishes[0];
  if (wish) detail.row.slot = wish.kind === 'slot' ? slotAt(wish.date, wish.time) : slotAt('2026-12-10', '10:00');
  detail.notes = draft.notes;
  detail.phone = draft.phone;
  detail.email = draft.email;
  detail.attachments = [...draft.attachments];
  detail.timeline.push({
    date: today,
    time: '09:45',
    event: {
      kind: 'changed_by_studio',
      before: wish ? before : null,
      after: wish ? detail.row.slot : null,
      notes: notes !== null,
      contact: phone !== null,
      attachments: attachments !== null,
    },
    unread: null,
  });
  draft.state = 'booked';
  draft.appointment = detail.row.id;
}

const file = (name: string, bytes: number): AttachmentView => ({ hash: name, name, kind: 'pdf', bytes });
const at = (date: string, time: string, free = 2): WishView => ({ kind: 'slot', ...slotAt(date, time), free });

/** A change in every state, each of another appointment. */
export function seedChanges(world: World): void {
  const ripe = world.tickets.filter((one) => !one.draft && world.bookable(one).answer === 'yes');
  const more = (time: string, date = '2026-12-10') => {
    const ticket = ripe.shift();
    if (!ticket) throw new Error('no ticket');
    return world.book([ticket], date, time, 'confirmed');
  };
  const [moved, written, queued, done] = [...world.appointments.values()].filter(
    ({ row }) => row.state === 'confirmed',
  ) as [AppointmentDetail, AppointmentDetail, AppointmentDetail, AppointmentDetail];
  const write = (detail: AppointmentDetail, id: string, what: Partial<MockDraft>) => {
    const draft = Object.assign(beginChange(world, detail, id), what);
    world.complete(draft);
    return draft;
  };

  written.attachments = [file('istanza_riesame.pdf', 640_000)];
  write(written, 'm-scritta', {
    wishes: [
      at('2026-12-03', '10:00'),
      { kind: 'pattern', weekdays: [4], from: null, to: '13:00', until: '2026-12-18' },
    ],
    notes: 'Si chiede di esaminare insieme la documentazione. Portiamo anche la quietanza del versamento di ottobre.',
    phone: '0583 998877',
    attachments: [...written.attachments, file('quietanza_F24.pdf', 212_000)],
  });
  write(queued, 'm-in-coda', {
    wishes: [at('2026-12-02', '10:00')],
    state: 'queued',
    failures: 2,
    last_attempt: '2026-11-23T08:45:00Z',
    next_attempt: '2026-11-23T08:47:00Z',
  });
  write(moved, 'm-superata', {
    wishes: [at('2026-11-25', '10:30')],
    notes: 'Viene il dott. Ricci con la delega del titolare.',
    phone: '0583 998877',
    state: 'needs_attention',
    attention: {
      kind: 'overtaken',
      before: slotAt('2026-11-24', '14:30'),
      after: moved.row.slot,
      notes: moved.notes,
      contact: true,
      attachments: false,
    },
    last_attempt: '2026-11-23T08:12:00Z',
    seen: { ...seenOf(moved), slot: slotAt('2026-11-24', '14:30'), notes: '' },
  });
  grant(world, write(done, 'm-confermata', { wishes: [at('2026-12-10', '09:30')], email: 'paghe@example.it' }));
  write(more('09:00'), 'm-occupata', {
    wishes: [at('2026-11-26', '09:30', 0)],
    notes: 'Portiamo la quietanza del versamento di ottobre.',
    state: 'needs_attention',
    attention: { kind: 'all_taken', nearest: [slotAt('2026-11-26', '11:00'), slotAt('2026-12-03', '09:00')] },
    last_attempt: '2026-11-23T08:12:00Z',
  });
  const held = more('10:30', '2026-11-19');
  held.row.state = 'past';
  held.can_cancel = false;
  held.can_change = false;
  write(held, 'm-finita', {
    notes: 'Portiamo la quietanza del versamento di ottobre.',
    state: 'needs_attention',
    attention: { kind: 'appointment_over' },
    last_attempt: '2026-11-23T08:12:00Z',
  });
  const late = more('11:00', '2026-11-23');
  late.row.state = 'past';
  late.can_cancel = false;
  late.can_change = false;
  write(late, 'm-tardi', { notes: 'Portiamo la quietanza del versamento di ottobre.' });
  const tried = { last_attempt: '2026-11-23T08:12:00Z', notes: 'Portiamo la quietanza del versamento di ottobre.' };
  write(more('11:30'), 'm-lasciata', { ...tried, state: 'discarded', earlier_try: 'arrived' });
  write(more('12:00'), 'm-ripresa', { ...tried, earlier_try: 'unknown' });
}
