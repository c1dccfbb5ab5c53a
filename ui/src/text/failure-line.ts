import type { Failure } from '../ipc/types';
import { t } from '.';

/** The Italian of a failure: what happened and was kept, what to do, and how much it weighs. */
export function failureLine(failure: Failure) {
  const { text, next, severity } = t.failures[failure.code];
  return { text: typeof text === 'function' ? text(failure.details) : text, next, severity };
}
