/** Where something that is missing is put right. */
import type { Missing } from '../../ipc/types';

const steps: Record<Missing['kind'], number> = {
  ticket: 0,
  delegation: 0,
  wish: 1,
  past_wish: 1,
  unsuitable_wish: 1,
  appointment: 1,
  difference: 1,
  contact: 2,
  bad_phone: 2,
  bad_email: 2,
  notes_too_long: 2,
  notes_unreadable: 2,
  attachments: 2,
};

/** The step, from 0. */
export function stepOf(missing: Missing): number {
  return steps[missing.kind];
}

/** About the draft as a whole: no step is short of it. */
const whole: Missing['kind'][] = ['appointment', 'difference'];

/** For each of the three steps, whether something is missing there. */
export function lackingSteps(missing: readonly Missing[]): boolean[] {
  return [0, 1, 2].map((step) => missing.some((one) => !whole.includes(one.kind) && stepOf(one) === step));
}

/** Id of the element to work with. */
export function fieldOf(missing: Missing): string {
  switch (missing.kind) {
    case 'contact':
    case 'bad_phone':
      return 'phone';
    case 'bad_email':
      return 'email';
    case 'notes_too_long':
    case 'notes_unreadable':
      return 'notes';
    case 'attachments':
      return 'pick-files';
    case 'wish':
    case 'past_wish':
    case 'unsuitable_wish':
    case 'difference':
      return 'add-pattern';
    case 'appointment':
      return 'to-appointment';
    case 'ticket':
    case 'delegation':
      return 'step-1';
  }
}
