import { invoke } from '@tauri-apps/api/core';
import type {
  AppointmentDetail,
  AppointmentRow,
  AppStatus,
  AssessmentView,
  AttachOutcome,
  AuthorityView,
  Background,
  BackgroundChoice,
  Board,
  CompanyDetail,
  CompanyRow,
  Desks,
  DraftChange,
  DraftDetail,
  DraftRow,
  Grouping,
  ImportFilter,
  ImportMatching,
  ImportOpened,
  ImportOutcome,
  ImportRow,
  MeetingResultView,
  Place,
  PortalAnswerForm,
  PortalTicketForm,
  RefusalRow,
  RegisterOutcome,
  ReminderRow,
  RequestChange,
  RequestDetail,
  RequestFiles,
  RequestPosition,
  RequestRow,
  Settings,
  TicketDetail,
  TicketFacets,
  TicketList,
  TicketQuery,
  TicketRow,
  TicketWritten,
  Today,
  TrainingSize,
  Way,
} from './types';
import { asFailure, IpcFailure } from './failure';

/** Every command rejects with an `IpcFailure`. */
async function call<T>(command: string, args: Record<string, unknown> = {}): Promise<T> {
  try {
    return await invoke<T>(command, args);
  } catch (thrown) {
    throw new IpcFailure(asFailure(thrown));
  }
}

export const app = {
  status: () => call<AppStatus>('app_status'),
  /** First start; `progress` tells how far it is. */
  startTraining: (size: TrainingSize) => call<AppStatus>('training_start', { size }),
  saveSettings: (settings: Settings) => call<AppStatus>('settings_save', { settings }),
  repairsSeen: () => call<AppStatus>('repairs_seen'),
  /** One round with the store at once. */
  syncNow: () => call<AppStatus>('sync_now'),
  /** After `closing`: nothing is left to save. */
  leave: () => call<null>('window_leave'),
  /** Where somebody wants to be who clicked on a notice, once; null: nobody did. */
  takePlace: () => call<Place | null>('place_take'),
};

export const background = {
  read: () => call<Background>('background_read'),
  save: (choice: BackgroundChoice) => call<Background>('background_save', { choice }),
};

export const connection = {
  desks: () => call<Desks>('desks_list'),
  /** Goes to work at another desk. */
  open: (desk: string) => call<AppStatus>('desk_open', { desk }),
  /** Tries the way to a sede, as far as it can be tried without an invitation. */
  check: (address: string, authority: string | null) => call<Way>('sede_check', { address, authority }),
  /** Tries the whole way to the sede in use. */
  checkCurrent: () => call<Way>('sede_check_current'),
  /** Trades an invitation; `progress` tells how far the first reading is. */
  join: (address: string, invitation: string, authority: string | null) =>
    call<AppStatus>('sede_join', { address, invitation, authority }),
  /** Null: closed without picking. */
  pickAuthority: () => call<AuthorityView | null>('authority_pick'),
};

export const tickets = {
  openList: (query: TicketQuery) => call<TicketList>('tickets_open', { query }),
  /** At most 200 rows. */
  window: (list: number, offset: number, limit: number) => call<TicketRow[]>('tickets_window', { list, offset, limit }),
  facets: () => call<TicketFacets>('ticket_facets'),
  open: (code: string) => call<TicketDetail>('ticket_open', { code }),
  assess: (code: string, assessment: AssessmentView) => call<TicketDetail>('ticket_assess', { code, assessment }),
  remind: (code: string, words: string) => call<TicketDetail>('ticket_remind', { code, words }),
};

export const requests = {
  /** About a position, where one is given. */
  begin: (position: string | null) => call<RequestDetail>('request_begin', { position }),
  list: () => call<RequestRow[]>('requests_list'),
  open: (id: string) => call<RequestDetail>('request_open', { id }),
  save: (id: string, revision: number, change: RequestChange) =>
    call<RequestDetail>('request_save', { id, revision, change }),
  send: (id: string, revision: number) => call<RequestDetail>('request_send', { id, revision }),
  recall: (id: string) => call<RequestDetail>('request_recall', { id }),
  retry: (id: string) => call<RequestDetail>('request_retry', { id }),
  discard: (id: string) => call<RequestDetail>('request_discard', { id }),
  restore: (id: string) => call<RequestDetail>('request_restore', { id }),
  topics: () => call<TicketFacets>('request_topics'),
  /** Those that the studio acts for, of the companies that the words find. */
  positions: (text: string) => call<RequestPosition[]>('request_positions', { text }),
  /** Null: closed without picking. */
  pickFiles: (id: string) => call<RequestFiles | null>('request_files_pick', { id }),
  /** The files last dropped on the window; the page never sees their paths. */
  takeDropped: (id: string) => call<RequestFiles | null>('request_files_take_dropped', { id }),
  removeFile: (id: string, hash: string) => call<RequestDetail>('request_file_remove', { id, hash }),
  openFile: (id: string, hash: string) => call<null>('request_file_open', { id, hash }),
};

export const reminders = {
  /** Those that did not go through, then those on their way. */
  list: () => call<ReminderRow[]>('reminders_list'),
  /** One that has never left this computer. */
  recall: (code: string) => call<null>('reminder_recall', { code }),
  /** Why it did not go through was read. */
  dismiss: (code: string) => call<null>('reminder_dismiss', { code }),
};

/** Cancellations and entries of dossiers that came to nothing. */
export const refusals = {
  /** Those that nobody has read about. */
  list: () => call<RefusalRow[]>('refusals_list'),
  /** Why it came to nothing was read. */
  dismiss: (id: string) => call<null>('refusal_dismiss', { id }),
};

export const bookings = {
  group: (codes: string[]) => call<Grouping>('booking_group', { tickets: codes }),
  /** All of one company and one point. */
  prepare: (codes: string[]) => call<DraftDetail>('booking_prepare', { tickets: codes }),
  /** Closed OK: records the judgement and prepares, in one step. */
  fromReply: (code: string) => call<DraftDetail>('booking_from_reply', { code }),
};

export const drafts = {
  list: () => call<DraftRow[]>('drafts_list'),
  open: (id: string) => call<DraftDetail>('draft_open', { id }),
  save: (id: string, revision: number, change: DraftChange) =>
    call<DraftDetail>('draft_save', { id, revision, change }),
  send: (id: string, revision: number) => call<DraftDetail>('draft_send', { id, revision }),
  recall: (id: string) => call<DraftDetail>('draft_recall', { id }),
  retry: (id: string) => call<DraftDetail>('draft_retry', { id }),
  discard: (id: string) => call<DraftRow>('draft_discard', { id }),
  restore: (id: string) => call<DraftDetail>('draft_restore', { id }),
};

export const attachments = {
  /** Null: closed without picking. */
  pick: (draft: string) => call<AttachOutcome | null>('attachments_pick', { draft }),
  /** The files last dropped on the window; the page never sees their paths. */
  takeDropped: (draft: string) => call<AttachOutcome | null>('attachments_take_dropped', { draft }),
  remove: (draft: string, hash: string) => call<DraftDetail>('attachment_remove', { draft, hash }),
  open: (draft: string, hash: string) => call<null>('attachment_open', { draft, hash }),
};

export const board = {
  read: (point: string, from: string | null, days: number) => call<Board>('board_read', { point, from, days }),
};

export const companies = {
  list: (text: string) => call<CompanyRow[]>('companies_list', { text }),
  open: (code: string) => call<CompanyDetail>('company_open', { code }),
};

export const agenda = {
  /** Both dates inclusive. */
  read: (from: string, to: string) => call<AppointmentRow[]>('agenda_read', { from, to }),
  list: (past: boolean) => call<AppointmentRow[]>('agenda_list', { past }),
  open: (id: string) => call<AppointmentDetail>('appointment_open', { id }),
  /** A draft that changes it: a new one, or the one that there is. */
  change: (id: string) => call<DraftDetail>('appointment_change', { id }),
  cancel: (id: string) => call<AppointmentDetail>('appointment_cancel', { id }),
  acknowledge: (id: string) => call<null>('communication_acknowledge', { id }),
};

/** What the people of the studio keep among themselves. */
export const dossiers = {
  /** Null: nobody. */
  inCharge: (code: string, person: string | null) => call<TicketDetail>('ticket_in_charge', { code, person }),
  ticketNote: (code: string, text: string) => call<TicketDetail>('ticket_note', { code, text }),
  attends: (id: string, person: string, attends: boolean) =>
    call<AppointmentDetail>('appointment_attends', { id, person, attends }),
  /** A document to bring; `wanted` false takes it from the list. */
  document: (id: string, name: string, wanted: boolean) =>
    call<AppointmentDetail>('appointment_document', { id, name, wanted }),
  /** The text may be empty. */
  meeting: (id: string, result: MeetingResultView, text: string) =>
    call<AppointmentDetail>('appointment_meeting', { id, result, text }),
  appointmentNote: (id: string, text: string) => call<AppointmentDetail>('appointment_note', { id, text }),
};

/** Tickets of the INPS portal, and what the portal answered. */
export const portal = {
  /** First start, or another desk: the one that works without a sede. */
  start: () => call<AppStatus>('portal_start'),
  writeTicket: (form: PortalTicketForm) => call<TicketWritten>('portal_ticket_write', { form }),
  /** In the browser. */
  open: () => call<null>('portal_open'),
  /** The folder with the files of a draft. */
  openFiles: (draft: string) => call<null>('portal_files_open', { draft }),
  register: (tickets: string[], draft: string | null, form: PortalAnswerForm) =>
    call<RegisterOutcome>('appointment_register', { tickets, draft, form }),
  /** `seen`: what stood there when the person decided. */
  changeRegistration: (id: string, seen: PortalAnswerForm, form: PortalAnswerForm) =>
    call<RegisterOutcome>('registration_change', { id, seen, form }),
  cancelRegistration: (id: string, bySede: boolean) => call<RegisterOutcome>('registration_cancel', { id, bySede }),
};

/** A list of the portal, before it is taken. One is open at a time. */
export const importing = {
  /** Null: closed without picking. */
  pick: () => call<ImportOpened | null>('import_pick'),
  /** The file last dropped on the window; the page never sees its path. */
  takeDropped: () => call<ImportOpened | null>('import_take_dropped'),
  paste: (html: string | null, text: string) => call<ImportOpened>('import_paste', { html, text }),
  match: (matching: ImportMatching) => call<ImportOpened>('import_match', { matching }),
  /** At most 200 rows. */
  rows: (filter: ImportFilter, offset: number, limit: number) =>
    call<ImportRow[]>('import_rows', { filter, offset, limit }),
  take: () => call<ImportOutcome>('import_take'),
  callOff: () => call<null>('import_call_off'),
  close: () => call<null>('import_close'),
};

export const today = {
  read: () => call<Today>('today_read'),
};
