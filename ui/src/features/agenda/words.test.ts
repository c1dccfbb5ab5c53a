import { describe, expect, it } from 'vitest';
import type { AppointmentRow } from '../../ipc/types';
import { t } from '../../text';

const event = t.agenda.detail.event;
const slot = (time: string, end_time: string) => ({
  start: `2026-11-26T${time}:00+01:00[Europe/Rome]`,
  date: '2026-11-26',
  time,
  end_time,
});
const unchanged = { notes: false, contact: false, attachments: false };

describe('what the studio changed', () => {
  it('is a move where the slot is another one', () => {
    const said = event({
      kind: 'changed_by_studio',
      before: slot('09:00', '09:30'),
      after: slot('10:00', '10:30'),
      ...unchanged,
    });
    expect(said.title).toBe('Spostato dallo studio');
    expect(said.before).toContain('9:00');
    expect(said.after).toContain('10:00');
    expect(said.text).toBe('');
  });

  it('names the parts that are different', () => {
    const change = { kind: 'changed_by_studio', before: null, after: null, ...unchanged } as const;
    expect(event({ ...change, notes: true }).title).toBe('Modificato dallo studio');
    expect(event({ ...change, notes: true }).text).toBe('Parti cambiate: note');
    expect(event({ ...change, contact: true, attachments: true }).text).toBe('Parti cambiate: contatto, allegati');
  });
});

describe('an appointment of the week, as it is heard', () => {
  it('says that a change is on its way beside how it stands', () => {
    const row: AppointmentRow = {
      id: 'a1',
      code: 'LU-A-000123',
      state: 'confirmed',
      slot: slot('09:30', '10:00'),
      point: { code: 'LU-CA', name: 'Consulenza aziende', place: 'Lucca', sede_name: 'Lucca' },
      company: '01234567890',
      company_name: 'Officine Serchio srl',
      tickets: ['LU-48213'],
      unread: 0,
      cancelling: false,
      changing: true,
      attends: [],
      clash: false,
      meeting: null,
      registered: null,
    };
    expect(t.agenda.week.event(row)).toMatch(/Confermato, modifica in corso$/);
    expect(t.agenda.week.event({ ...row, changing: false })).toMatch(/Confermato$/);
  });

  it('ends with what the studio keeps about it', () => {
    const row = { state: 'past', attends: ['Anna Ricci', 'Bruno Verdi'], clash: false, meeting: null } as const;
    const heard = (change: Partial<AppointmentRow>) =>
      t.agenda.week.event({
        ...({ company_name: 'Officine', slot: slot('09:30', '10:00') } as AppointmentRow),
        ...row,
        attends: [...row.attends],
        ...change,
      });
    expect(heard({})).toMatch(/Trascorso, esito da registrare, partecipano Anna Ricci e Bruno Verdi$/);
    expect(heard({ meeting: 'not_held', attends: [] })).toMatch(/Trascorso, esito: non si è tenuto$/);
    expect(heard({ state: 'confirmed', clash: true })).toMatch(/Bruno Verdi, sovrapposto$/);
  });
});
