import { beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { DepositView, DraftDetail, Missing, WishView } from '../../ipc/types';
import type { World } from '../../mock/world';
import { t } from '../../text';
import { nextSteps } from './next';
import type { Session } from './session.svelte';
import { aheadOf } from './wishes';

// The address is the page's; the session only leads to it.
vi.stubGlobal('location', { hash: '', search: '' });
vi.stubGlobal('addEventListener', () => undefined);

const DAY: DepositView = { date: '2026-11-23', time: '09:41', for_a_place: false };
const PLACE: DepositView = { ...DAY, for_a_place: true };
const SOON = { kind: 'on' as const, date: '2026-11-28' };
const NOW = { kind: 'now' as const };
const SLOT: WishView = {
  kind: 'slot',
  start: '2026-11-26T09:30:00+01:00[Europe/Rome]',
  date: '2026-11-26',
  time: '09:30',
  free: 0,
};
const MORNINGS: WishView = { kind: 'pattern', weekdays: [4], from: null, to: '13:00', until: '2026-12-18' };

describe('a booking in the queue, in words', () => {
  const said = (deposit: DepositView | null, due: DraftDetail['due'], wishes: WishView[] = [MORNINGS]) => {
    const { title, text } = t.deposit.queued({ deposit, due, wishes });
    return [title, ...text].join(' ');
  };

  it('says since when it lies with the sede, and that it goes without this computer', () => {
    expect(said(DAY, SOON)).toContain('Partirà da sola sabato 28 novembre');
    expect(said(DAY, SOON)).toContain('Depositata presso la sede lunedì 23 novembre alle 9:41');
    expect(said(DAY, SOON)).toContain('anche a computer spento');
  });

  it('says of one that does not lie there yet what it needs', () => {
    expect(said(null, SOON)).toContain('solo se quel giorno il programma è aperto e collegato');
    expect(said(null, SOON)).not.toContain('Depositata');
    expect(t.deposit.leaving(null)).toContain('se il programma è aperto e collegato');
  });

  it('never names a day for one that waits for a place', () => {
    expect(said(PLACE, SOON)).toContain('da lunedì 23 novembre alle 9:41: prende il primo che si libera');
    expect(said(PLACE, SOON)).not.toContain('28 novembre');
    expect(t.deposit.leaves(PLACE, SOON)).toBeNull();
    expect(t.drafts.state('queued', false, PLACE)).toBe('In attesa di un posto');
  });

  it('does not promise a day that has come', () => {
    expect(said(DAY, NOW)).toContain('In attesa dell’esito');
    expect(said(null, NOW)).toContain('In coda');
    expect(t.drafts.state('queued', false, DAY)).toBe('Depositata');
    expect(t.drafts.state('sending', false, DAY)).toBe('In invio');
  });

  it('warns where a choice has no last day', () => {
    expect(t.booking.waits.how([SLOT, MORNINGS])).toContain('quando è passata l’ultima scelta');
    expect(t.booking.waits.how([SLOT, { ...MORNINGS, until: null }])).toContain('senza limite di data');
  });

  it('tells what the sede has not heard, except of what is booked', () => {
    expect(t.deposit.withdrawing('editing')?.title).toContain('ripresa');
    expect(t.deposit.withdrawing('discarded')?.title).toContain('scartata');
    expect(t.deposit.withdrawing('queued')?.text).toContain('quella di prima');
    expect(t.deposit.withdrawing('booked')).toBeNull();
  });
});

describe('the next step', () => {
  const answered = { kind: 'answered' as const, ticket: 'LU-3', date: '2026-11-24', time: '11:05' };

  it('is to read what the sede answered', () => {
    expect(nextSteps(answered, false)).toEqual(['read', 'confirm', 'recall']);
    expect(nextSteps({ kind: 'withdrawn' }, false)).toEqual(['confirm', 'recall']);
    expect(t.today.nextStep(answered, false)).toBe('Leggi la risposta');
    expect(t.drafts.attention(answered, false)).toMatchObject({
      title: 'La sede ha risposto a LU-3',
      text: 'Risposta di mar 24 novembre alle 11:05. L’invio si è fermato: l’appuntamento serve ancora?',
    });
  });

  it('may be to wait, where what was wished for can still come free', () => {
    const nearest = [{ start: 's', date: '2026-12-03', time: '10:00', end_time: '10:30' }];
    expect(nextSteps({ kind: 'all_taken', nearest: [] }, false, true)).toEqual(['wait', 'recall']);
    expect(nextSteps({ kind: 'all_taken', nearest }, false, true)).toEqual(['choose', 'wait', 'recall']);
    const missing: Missing[] = [{ kind: 'past_wish', index: 0 }];
    expect(aheadOf([SLOT, MORNINGS], missing)).toEqual([MORNINGS]);
    expect(aheadOf([SLOT], missing)).toEqual([]);
  });
});

describe('a draft on the page', () => {
  let Sessions: typeof Session;
  let world: World;
  let seed: () => void;

  beforeAll(async () => {
    ({ Session: Sessions } = await import('./session.svelte'));
    const { reset } = await import('../../mock/answers');
    const { seedDeposits } = await import('../../mock/deposits');
    seed = () => {
      world = reset('pochi');
      seedDeposits(world);
    };
  });
  beforeEach(() => seed());

  const kept = (id: string) => world.drafts.get(id);

  it('waits for a place where none was free, with the choices that it had', async () => {
    const session = await Sessions.open('p-occupata');
    const wishes: WishView[] = [SLOT];
    expect(await session.sendAgain({ wishes, waits: true })).toBe(true);
    expect(kept('p-occupata')).toMatchObject({ state: 'queued', waits: true, wishes });
    await vi.waitFor(() => expect(kept('p-occupata')?.deposit?.for_a_place).toBe(true), 3_000);
  });

  it('goes out all the same after an answer, once a closed ticket was judged', async () => {
    const session = await Sessions.open('p-da-giudicare');
    expect(session.draft.missing).toMatchObject([{ kind: 'ticket' }]);
    expect(await session.retry()).toBe(false);
    expect(session.draft.state).toBe('needs_attention');

    const { tickets } = await import('../../ipc/client');
    await tickets.assess(session.draft.tickets[0]?.code ?? '', 'unsatisfactory');
    await session.follow();
    expect(session.draft.missing).toEqual([]);
    expect(await session.retry()).toBe(true);
    expect(kept('p-da-giudicare')).toMatchObject({ state: 'queued', attention: null });
  });

  it('says that the sede has yet to hear of it when it is taken back without a network', async () => {
    world.offline = true;
    const session = await Sessions.open('p-depositata');
    expect(await session.recall()).toBe(true);
    expect(session.draft).toMatchObject({ state: 'editing', deposit: null, withdrawing: true });
  });
});
