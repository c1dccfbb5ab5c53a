import type { DeskView } from '../../ipc/types';
import { t } from '../../text';

/** What a desk is called: the address of its sede without what every address begins with. */
export function deskName(desk: DeskView): string {
  if (desk.sede) return desk.sede.address.replace(/^https?:\/\//, '');
  return desk.id === 'portal' ? t.portal.desk : t.connection.training;
}

/** What is said below it. */
export function deskHint(desk: DeskView): string {
  if (desk.sede) return t.connection.sedeHint(desk.sede);
  return desk.id === 'portal' ? t.portal.deskHint : t.connection.trainingHint;
}
