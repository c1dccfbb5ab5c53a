import type { Failure } from './bindings/Failure';
import type { FailureCode } from './bindings/FailureCode';

/** Every code, by type: a new one in Rust does not compile here until it is added. */
const codes: Record<FailureCode, true> = {
  invalid_argument: true,
  too_long: true,
  unknown_ticket: true,
  unknown_company: true,
  unknown_draft: true,
  unknown_appointment: true,
  unknown_communication: true,
  unknown_point: true,
  unknown_attachment: true,
  list_expired: true,
  nothing_selected: true,
  mixed_companies: true,
  mixed_points: true,
  not_bookable: true,
  already_in_draft: true,
  not_assessable: true,
  not_remindable: true,
  reminder_sent: true,
  draft_stale: true,
  draft_locked: true,
  draft_incomplete: true,
  of_the_portal: true,
  not_cancellable: true,
  not_changeable: true,
  dossier_full: true,
  meeting_not_begun: true,
  file_elsewhere: true,
  not_ready: true,
  already_started: true,
  unknown_desk: true,
  not_a_certificate: true,
  sede_unreachable: true,
  sede_untrusted: true,
  sede_incompatible: true,
  sede_busy: true,
  invitation_unknown: true,
  invitation_expired: true,
  invitation_used: true,
  studio_suspended: true,
  keyring_failed: true,
  open_failed: true,
  autostart_failed: true,
  disk_full: true,
  storage_failed: true,
  newer_version: true,
  internal: true,
};

/** What a command throws: the failure as Rust sent it. */
export class IpcFailure extends Error {
  readonly failure: Failure;

  constructor(failure: Failure) {
    super(`${failure.code}: ${failure.message}`);
    this.name = 'IpcFailure';
    this.failure = failure;
  }
}

function isFailure(value: unknown): value is Failure {
  return (
    typeof value === 'object' &&
    value !== null &&
    'code' in value &&
    typeof value.code === 'string' &&
    Object.hasOwn(codes, value.code)
  );
}

/** Whatever was thrown, as a failure that has a text. What nobody foresaw is `internal`. */
export function asFailure(thrown: unknown): Failure {
  if (thrown instanceof IpcFailure) return thrown.failure;
  if (isFailure(thrown)) {
    return { code: thrown.code, message: String(thrown.message), details: { ...thrown.details } };
  }
  return { code: 'internal', message: String(thrown), details: {} };
}

/** Whether something thrown is a failure with this code. */
export function failedWith(thrown: unknown, code: FailureCode): boolean {
  return asFailure(thrown).code === code;
}
