import { agenda } from './agenda';
import { app } from './app';
import { appointments } from './appointments';
import { background } from './background';
import { booking } from './booking';
import { change } from './change';
import { companies } from './companies';
import { connection } from './connection';
import { deposit } from './deposit';
import { dossiers } from './dossiers';
import { drafts } from './drafts';
import { failures } from './failures';
import { importing } from './import';
import { portal } from './portal';
import { refusals } from './refusals';
import { reminders } from './reminders';
import { request } from './request';
import { rules } from './rules';
import { settings } from './settings';
import { start } from './start';
import { offer, tickets } from './tickets';
import { today } from './today';

export const it = {
  app,
  start,
  today,
  tickets,
  offer,
  companies,
  background,
  booking,
  change,
  appointments,
  agenda,
  drafts,
  deposit,
  dossiers,
  refusals,
  reminders,
  request,
  importing,
  portal,
  connection,
  settings,
  rules,
  failures,
};
