import type { Failure, RequestChange, RequestDetail, RequestMissing, RequestPosition, RequestRow } from '../ipc/types';
import { today } from './calendar';
import { topics } from './names';
import type { World } from './world';

const fail = (code: Failure['code']): never => {
  throw { code, message: code, details: {} } satisfies Failure;
};

export const positionsOf = (world: World): RequestPosition[] =>
  world.companies.flatMap(({ code, name, sede, matricole }) =>
    matricole.map((matricola) => ({
      matricola,
      company: code,
      company_name: name,
      sede_name: sede === 'LU' ? 'Lucca' : 'Pisa',
    })),
  );

function missing(draft: RequestDetail): RequestMissing[] {
  const found: RequestMissing[] = [];
  if (!draft.position) found.push({ kind: 'position' });
  if (!draft.topic) found.push({ kind: 'topic' });
  if (!draft.text.trim()) found.push({ kind: 'text' });
  const [length, max] = [[...draft.text].length, draft.limits.notes_max];
  if (length > max) found.push({ kind: 'text_too_long', length, max });
  if (!draft.phone && !draft.email) found.push({ kind: 'contact' });
  return found;
}

export function request(world: World, id: unknown): RequestDetail {
  return world.requests.get(id as string) ?? fail('unknown_draft');
}

export function beginRequest(world: World, position: unknown): RequestDetail {
  const id = `r-${world.next++}`;
  const draft: RequestDetail = {
    id,
    revision: 1,
    state: 'editing',
    position: positionsOf(world).find(({ matricola }) => matricola === position) ?? null,
    topic: null,
    text: '',
    phone: world.settings.phone,
    email: world.settings.email,
    attachments: [],
    limits: { notes_max: 2000, files_max: 3, file_bytes_max: 3 * 1024 * 1024 },
    missing: [],
    saved_time: '9:41',
    attention: null,
    ticket: null,
    ticket_known: false,
    never_left: true,
  };
  draft.missing = missing(draft);
  world.requests.set(id, draft);
  return draft;
}

export function saveRequest(world: World, id: unknown, change: RequestChange): RequestDetail {
  const draft = request(world, id);
  if (draft.state !== 'editing') fail('draft_locked');
  if (change.position !== undefined)
    draft.position = positionsOf(world).find(({ matricola }) => matricola === change.position) ?? null;
  if (change.topic !== undefined) draft.topic = topics.find(({ code }) => code === change.topic) ?? null;
  draft.text = change.text ?? draft.text;
  draft.phone = change.phone ?? draft.phone;
  draft.email = change.email ?? draft.email;
  draft.revision += 1;
  draft.missing = missing(draft);
  return draft;
}

/** Without a network it waits; with one the sede opens it. */
export function sendRequest(world: World, id: unknown): RequestDetail {
  const draft = request(world, id);
  if (draft.missing.length > 0) fail('draft_incomplete');
  draft.attention = null;
  draft.state = world.offline ? 'queued' : 'opened';
  const [first] = world.tickets;
  if (!world.offline && first) Object.assign(draft, { ticket: first.code, ticket_known: true });
  return draft;
}

export function moveRequest(world: World, id: unknown, state: RequestDetail['state']): RequestDetail {
  const draft = request(world, id);
  draft.state = state;
  draft.revision += 1;
  if (state === 'editing') draft.attention = null;
  return draft;
}

export const requestRow = (draft: RequestDetail): RequestRow => ({
  id: draft.id,
  revision: draft.revision,
  state: draft.state,
  position: draft.position,
  topic: draft.topic,
  text: draft.text,
  last_attempt: draft.attention ? `${today}T08:12:00Z` : null,
  next_attempt: null,
  failures: 0,
  attention: draft.attention,
  ticket: draft.ticket,
  changed_at: `${today}T08:43:00Z`,
});

/** A request in every state. */
export function seedRequests(world: World): void {
  const text =
    'La denuncia di ottobre risulta scartata per un codice che non ci risulta. Si chiede quale, e come correggerla.';
  const positions = positionsOf(world);
  const make = (id: string, n: number, what: Partial<RequestDetail>) => {
    const draft = beginRequest(world, positions[n]?.matricola);
    world.requests.delete(draft.id);
    Object.assign(draft, { id, topic: topics[n % topics.length] ?? null, text, ...what });
    draft.missing = missing(draft);
    world.requests.set(id, draft);
  };
  make('n-scritta', 2, {});
  make('n-vuota', 3, { topic: null, text: '', position: null });
  make('n-in-coda', 4, { state: 'queued', never_left: false });
  make('n-delega', 5, { state: 'needs_attention', attention: { kind: 'not_delegated' } });
  make('n-aperta', 6, { state: 'opened', ticket: world.tickets[0]?.code ?? 'LU-1', ticket_known: true });
}
