/** What can be done about a draft that did not go through. */
import type { AttentionView } from '../../ipc/types';

/**
 * `choose` from what is free and send; `wait` for what was chosen; send `again` as it is; `recall` it, to write on; send
 * what else it changes and let the appointment `stay`; `look` at the appointment; `read` what the sede answered; `confirm`
 * that it is to go all the same.
 */
export type Next = 'choose' | 'wait' | 'again' | 'recall' | 'stay' | 'look' | 'read' | 'confirm';

/**
 * The steps, the likeliest first. `content`: it changes more of an appointment than its slot. `ahead`: something that it
 * wishes for can still come free.
 */
export function nextSteps(attention: AttentionView, content: boolean, ahead = false): Next[] {
  switch (attention.kind) {
    case 'all_taken': {
      const rest: Next[] = content ? ['recall', 'stay'] : ['recall'];
      if (ahead) rest.unshift('wait');
      return attention.nearest.length > 0 ? ['choose', ...rest] : rest;
    }
    case 'answered':
      return ['read', 'confirm', 'recall'];
    case 'withdrawn':
      return ['confirm', 'recall'];
    case 'store_failed':
      return ['again', 'recall'];
    case 'appointment_over':
      return ['look'];
    default:
      return ['recall'];
  }
}
