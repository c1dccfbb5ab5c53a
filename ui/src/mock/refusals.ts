import type { RefusalAsked, RefusalRow } from '../ipc/types';
import type { World } from './world';

/** A decision of every kind that came to nothing. */
export function seedRefusals(world: World): void {
  const [ticket] = world.tickets;
  const appointment = [...world.appointments.values()].find(({ row }) => row.state === 'confirmed')?.row;
  if (!ticket || !appointment) throw new Error('nothing to be refused about');
  const put = (about: RefusalRow['about'], company_name: string, asked: RefusalAsked, why: RefusalRow['why']) => {
    const id = `rifiuto-${world.refusals.size}`;
    world.refusals.set(id, { id, about, company_name, asked, why, refused_at: '2026-11-23T08:12:00Z' });
  };
  const { id, code, slot } = appointment;
  const now = { code, slot, state: appointment.state };
  put({ kind: 'appointment', id, now }, appointment.company_name, { kind: 'cancel' }, 'begun');
  put(
    { kind: 'appointment', id, now: { ...now, state: 'resolved' } },
    appointment.company_name,
    { kind: 'cancel' },
    'over',
  );
  put(
    { kind: 'ticket', code: 'LU-47001', seen: false },
    '',
    { kind: 'note', text: 'Sentito il cliente: la quietanza arriva domani.\nRichiamare mercoledì.' },
    'gone',
  );
  put(
    { kind: 'ticket', code: ticket.code, seen: true },
    ticket.company.name,
    { kind: 'in_charge', person: 'Bruno Verdi' },
    'store_failed',
  );
  put(
    { kind: 'ticket', code: ticket.code, seen: true },
    ticket.company.name,
    { kind: 'note', text: 'Il titolare vuole venire di persona.' },
    'sede_too_old',
  );
}
