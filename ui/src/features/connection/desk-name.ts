import type { DeskView } from '../../ipc/types';
import { t } from '../../text';

/** What a desk is called: the address of its sede without what every address begins with. */
export function deskName(desk: DeskView): string {
  return desk.sede ? desk.sede.address.replace(/^https?:\/\//, '') : t.connection.training;
}
