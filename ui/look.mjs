// `npm run look [-- folder]`: walks through every room in headless Chromium, with invented data, in both themes, leaves
// a picture of each state in the folder, 1366 or WIDTH points wide, and fails on what axe finds and on any error of a page.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { chromium } from 'playwright-core';
import { createServer } from 'vite';

const folder = resolve(process.argv[2] ?? join(tmpdir(), 'agenda-sede-look'));
mkdirSync(folder, { recursive: true });
const only = process.argv[3];
const width = Number(process.env.WIDTH ?? 1366);

const server = await createServer({ mode: 'mock', logLevel: 'error', server: { port: 0, strictPort: false } });
await server.listen();
const profile = mkdtempSync(join(tmpdir(), 'look-'));
const quiet = '--disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync';
const browser = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  viewport: { width, height: 768 },
  args: ['--no-sandbox', '--disable-gpu', ...quiet.split(' ')],
});
const page = browser.pages()[0] ?? (await browser.newPage());
const found = [];
// Each state begins as on a new computer.
await page.addInitScript(() => location.host && localStorage.clear());
page.on('pageerror', (error) => found.push(`${page.url()}: ${error.message}`));

const row = (n) => page.locator(`[role=row][data-index="${n}"]`);
const company = (n) => page.locator(`[role=option][data-index="${n}"]`);

async function book(n) {
  await row(n).click();
  await page.click('#book');
  await page.locator('h1', { hasText: 'Prenotazione' }).waitFor();
}

async function twoPoints() {
  await page.getByRole('option', { name: 'Officine Serchio' }).click();
  await page.locator('[id^=tick-]').first().waitFor();
  for (const box of await page.locator('[id^=tick-]').all()) await box.check();
}

async function findWay(address) {
  await page.fill('#sede-address', address);
  await page.click('#pick-authority');
  await page.click('#check-way');
  await page.locator('.way').waitFor();
}

async function joinSede(address, invitation) {
  await page.fill('#sede-address', address);
  await page.fill('#invitation', invitation);
  await page.click('#join');
  await page.locator('[role=alert], .error').first().waitFor();
}

async function joinAgain() {
  await page.click('#check-current');
  await page.locator('.way').waitFor();
  await page.click('#another-sede');
}

const appointment = (name) => page.locator('button[data-appointment]', { hasText: name }).first().click();
const step = (n) => page.click(`#step-${n}`);
/** A change that is about something else each time. */
const change = (id) => ['pochi&modifiche', `#/prenotazione/m-${id}`];
/** A booking that lies with the sede, or is to; `cut`: without a network. */
const deposit = (id, cut = '') => [`pochi&depositi${cut}`, `#/prenotazione/p-${id}`];
const cut = '&rete=no';

async function discardUnheard() {
  await page.click('[data-draft=p-depositata] [data-action=discard]');
  await page.locator('.toast').waitFor();
}

async function restOfDrafts() {
  await page.locator('[data-draft=p-da-giudicare]').evaluate((card) => card.scrollIntoView({ block: 'end' }));
}

/** Opens the ticket of a draft, where its answer can be judged. */
async function readAnswer() {
  await page.click('#read-answer');
  await page.locator('#open-draft').waitFor();
}

/** Opens tickets of the list until one is found that a colleague has left with the sede. */
async function findColleague() {
  for (let n = 0; n < 15; n += 1) {
    await row(n).click();
    await page.locator('[data-testid=eligibility]').waitFor();
    await page.waitForTimeout(150);
    if ((await page.locator('#colleague-deposit').count()) > 0) return;
  }
  throw new Error('no ticket of a colleague');
}

/** Opens tickets of the list until one is found that may be reminded of, or that will be; `write`: with words. */
async function openReminder(write) {
  const wanted = write ? page.locator('#reminder-write') : page.locator('[data-testid=reminder]');
  for (let n = 0; n < 15; n += 1) {
    await row(n).click();
    await page.locator('[data-testid=eligibility]').waitFor();
    await page.waitForTimeout(150);
    if ((await wanted.count()) > 0) break;
  }
  if (write) {
    await wanted.click();
    await page.fill('#reminder-words', 'La scadenza è il 30 novembre: serve almeno un cenno entro venerdì.');
  }
  await page.locator('[data-testid=reminder]').evaluate((section) => section.scrollIntoView({ block: 'end' }));
}

async function beginRequest() {
  await page.click('#new-request');
  await page.locator('#position-search').waitFor();
  await page.locator('#topics button').first().waitFor();
}

async function restOfRequests() {
  await page.locator('#requests').evaluate((list) => list.scrollIntoView({ block: 'end' }));
}

async function sendReminder() {
  await openReminder(true);
  await page.click('#reminder-send');
  await page.locator('#reminder-recall').waitFor();
}

async function restOfReminders() {
  await page.locator('#reminders').evaluate((list) => list.scrollIntoView({ block: 'end' }));
}

async function changedWeek() {
  await page.click('#view-week');
  await page.click('#week-next');
}

async function beginChange() {
  await appointment('Trasporti Barga');
  await page.click('#change-appointment');
  await page.locator('#stands-now').waitFor();
}

async function sendNothing() {
  await beginChange();
  await step(3);
  await page.click('#send');
}

async function restoreNotes() {
  await step(3);
  await page.locator('[data-before=notes] button').click();
}

/** Goes from the line of the open ticket to its many notes. */
async function ticketNotes() {
  await row(0).click();
  await page.locator('#to-notes').click();
}

/** Opens a ticket and writes a note that is longer than a note may be. */
async function longNote() {
  await row(0).click();
  await page.locator('[data-dossier=notes] textarea').fill('Sentito il cliente. '.repeat(120));
  await page.locator('[data-dossier=notes] textarea').scrollIntoViewIfNeeded();
}

/** Ctrl+Enter is the note's while one writes it, and not the button at the foot. */
async function addNote() {
  await row(1).click();
  const field = page.locator('[data-dossier=notes] textarea');
  await field.fill('Ho chiamato la sede: rispondono entro venerdì.');
  await field.press('Control+Enter');
  await page.locator('[data-dossier=notes] li', { hasText: 'entro venerdì' }).scrollIntoViewIfNeeded();
  await page.locator('h1', { hasText: 'Richieste' }).waitFor();
}

async function takeCharge() {
  await row(3).click();
  await page.selectOption('[data-dossier=in-charge]', 'Bruno Verdi');
  await page.locator('.toast').waitFor();
}

const toReport = () => page.locator('[data-report]').first().click();

async function report() {
  await toReport();
  await page.getByRole('radio', { name: 'Da seguire' }).check();
  await page.getByRole('button', { name: 'Registra l’esito' }).click();
  await page.locator('[data-correct]').waitFor();
}

async function correct() {
  await page.locator('#past button').last().click();
  await page.locator('[data-correct]').click();
}

const overlapping = () => page.locator('#coming button', { hasText: 'Sovrapposto' }).first().click();

async function bring() {
  await page.locator('#coming button').first().click();
  const field = page.locator('[data-dossier=documents] input');
  await field.fill('Visura camerale aggiornata, firmata dal rappresentante legale in ogni sua pagina');
  await field.press('Enter');
  await page.getByRole('button', { name: 'Togli «Delega firmata' }).click();
  await field.scrollIntoViewIfNeeded();
}

const appointmentNotes = () =>
  page
    .locator('#coming button')
    .first()
    .click()
    .then(() => page.locator('[data-dossier=notes] ol').scrollIntoViewIfNeeded());

const filterMine = () => page.click('#filter-in-charge').then(() => page.getByText('A me ·').click());

async function pickList() {
  await page.click('#import-pick');
  await page.locator('#import-take').waitFor();
  await page.waitForTimeout(300);
}

async function pasteList(text) {
  await page.click('#import-paste');
  await page.fill('#import-text', text);
  await page.click('#import-read');
  await page.locator('#unreadable, #columns-title').first().waitFor();
}

async function takeList() {
  await pickList();
  await page.click('#import-take');
  await page.locator('#import-result').waitFor();
}

async function wrongTicket() {
  await page.click('#add-portal-ticket');
  await page.fill('#ticket-matricola', '46');
  await page.click('#portal-ticket-save');
  await page.locator('[aria-invalid=true]').first().waitFor();
}

async function bookOnPortal() {
  await row(4).click();
  await page.click('#book');
  await page.locator('#portal-card').waitFor();
  await page.fill('#notes', 'Si chiede di esaminare insieme la quietanza del 3 novembre.');
}

async function register(from, to) {
  await bookOnPortal();
  await page.click('#register');
  await page.fill('#register-date', '2026-12-03');
  await page.fill('#register-from', from);
  await page.fill('#register-to', to);
  await page.fill('#register-place', 'Sportello aziende\nPiazza dei Martiri, Lucca');
  await page.click('#register-do');
}

const registerWrong = () => register('10:00', '09:00').then(() => page.locator('#register-refused').waitFor());
const registerRight = () => register('09:30', '10:00').then(() => page.locator('#appointment').waitFor());

async function cancelRegistration() {
  await page.locator('[data-state=registered]').first().click();
  await page.click('#cancel-registration');
}

/** What is looked at: the data, the room, and what is done there before the picture. */
const states = [
  ['inizio', '', 'start'],
  ['inizio', '', 'start-filling', () => page.click('#start-training')],
  ['inizio', '', 'start-way', () => findWay('agenda.lucca.example')],
  ['inizio', '', 'start-no-way', () => findWay('agenda.ufficio.example')],
  ['inizio', '', 'start-refused', () => joinSede('agenda.lucca.example', 'USATO-8KQ2-41MD-77XA')],
  ['inizio', '', 'start-wrong', () => joinSede('agenda', 'x')],
  ['pochi', '#/oggi', 'today'],
  ['nessuno', '#/oggi', 'today-none'],
  ['pochi&rete=no&riparato', '#/oggi', 'today-offline'],
  ['pochi', '#/richieste', 'tickets'],
  ['pochi', '#/richieste', 'request-new', beginRequest],
  ['pochi', '#/richieste', 'request-lacks', () => beginRequest().then(() => page.click('#send'))],
  ['pochi&nuove', '#/nuova-richiesta/n-scritta', 'request-written'],
  ['pochi&nuove&rete=no', '#/nuova-richiesta/n-in-coda', 'request-queued'],
  ['pochi&nuove', '#/nuova-richiesta/n-delega', 'request-refused'],
  ['pochi&nuove', '#/nuova-richiesta/n-aperta', 'request-opened'],
  ['pochi&nuove', '#/bozze', 'drafts-requests', restOfRequests],
  ['pochi&nuove', '#/oggi', 'today-requests'],
  ['pochi', '#/richieste?mostra=prenotabili', 'ticket-reminder', () => openReminder(true)],
  ['pochi&rete=no', '#/richieste?mostra=prenotabili', 'ticket-reminder-sent', sendReminder],
  ['pochi', '#/richieste?mostra=tra-poco', 'ticket-reminder-soon', () => openReminder(false)],
  ['pochi&solleciti', '#/bozze', 'drafts-reminders', restOfReminders],
  ['pochi&solleciti', '#/oggi', 'today-reminders'],
  ['pochi&rifiuti', '#/oggi', 'today-refusals'],
  ['pochi&rifiuti', '#/bozze', 'drafts-refusals'],
  ['pochi', '#/richieste?mostra=prenotabili', 'tickets-now', () => row(2).click()],
  ['pochi', '#/richieste?mostra=tra-poco', 'tickets-soon', () => row(1).click()],
  ['pochi', '#/richieste?mostra=non-prenotabili', 'tickets-not', () => row(0).click()],
  [
    'pochi',
    '#/richieste',
    'tickets-chosen',
    () =>
      row(1)
        .click()
        .then(() => row(3).click({ modifiers: ['Shift'] })),
  ],
  ['pochi', '#/richieste', 'tickets-topics', () => page.click('#filter-topic')],
  ['pochi', '#/richieste', 'tickets-companies', () => page.click('#filter-company')],
  ['nessuno', '#/richieste', 'tickets-none'],
  [
    'molti',
    '#/richieste',
    'tickets-many',
    () =>
      row(0)
        .focus()
        .then(() => page.keyboard.press('End')),
  ],
  [
    'pochi',
    '#/aziende',
    'company',
    () =>
      company(1)
        .click()
        .then(() => page.locator('[id^=tick-]').first().check()),
  ],
  ['nessuno', '#/aziende', 'companies-none'],
  ['pochi', '#/aziende', 'company-two-points', () => twoPoints()],
  ['pochi', '#/richieste?mostra=prenotabili', 'booking', () => book(4)],
  ['pochi', '#/agenda', 'agenda'],
  [
    'pochi',
    '#/agenda',
    'agenda-open',
    () =>
      page
        .getByRole('button', { name: /Edil Lunardi/ })
        .first()
        .click(),
  ],
  ['nessuno', '#/agenda', 'agenda-none'],
  ['pochi&modifiche', '#/agenda', 'change-panel', () => appointment('Trasporti Barga')],
  ['pochi&modifiche', '#/agenda', 'change-panel-editing', () => appointment('Panificio Apuani')],
  ['pochi&modifiche&rete=no', '#/agenda', 'change-panel-waiting', () => appointment('Cartiera Capannori')],
  ['pochi&modifiche', '#/agenda', 'change-panel-failed', () => appointment('Edil Lunardi')],
  ['pochi&modifiche', '#/agenda', 'change-week', changedWeek],
  ['pochi&modifiche', '#/agenda', 'change-begun', beginChange],
  ['pochi&modifiche', '#/agenda', 'change-nothing', sendNothing],
  [...change('scritta'), 'change-tickets', () => step(1)],
  [...change('scritta'), 'change-when'],
  [...change('scritta'), 'change-extras', () => step(3)],
  [...change('scritta'), 'change-restored', restoreNotes],
  ['pochi&modifiche&rete=no', '#/prenotazione/m-in-coda', 'change-waiting'],
  [...change('superata'), 'change-overtaken'],
  [...change('superata'), 'change-reviewed', () => page.click('#recall').then(() => step(3))],
  [...change('occupata'), 'change-taken'],
  [...change('finita'), 'change-over'],
  [...change('tardi'), 'change-late'],
  [...change('confermata'), 'change-confirmed'],
  [...change('lasciata'), 'change-discarded'],
  [...change('ripresa', cut), 'change-taken-back'],
  ['pochi&modifiche&rete=no', '#/bozze', 'change-drafts'],
  ['pochi&modifiche', '#/oggi', 'change-today'],
  [...deposit('depositata'), 'deposit-waiting'],
  [...deposit('depositata', cut), 'deposit-waiting-offline'],
  [...deposit('da-depositare', cut), 'deposit-not-yet'],
  [...deposit('scaduta', cut), 'deposit-due'],
  [...deposit('in-attesa'), 'deposit-place'],
  [...deposit('scritta'), 'deposit-when'],
  [...deposit('scritta'), 'deposit-never', () => page.click('#never-change')],
  [...deposit('scritta'), 'deposit-extras', () => step(3)],
  [...deposit('ripresa', cut), 'deposit-withdrawing'],
  [...deposit('rimandata', cut), 'deposit-resent'],
  [...deposit('scartata', cut), 'deposit-discarded'],
  [...deposit('risposta'), 'deposit-answered'],
  [...deposit('da-giudicare'), 'deposit-answered-judge'],
  [...deposit('da-giudicare'), 'deposit-answered-read', readAnswer],
  [...deposit('ritirata'), 'deposit-withdrawn'],
  [...deposit('occupata'), 'deposit-taken'],
  [...deposit('finita'), 'deposit-over'],
  ['pochi', '#/prenotazione/d11', 'deposit-taken-near'],
  ['pochi&depositi', '#/richieste?mostra=tra-poco', 'deposit-ticket', findColleague],
  ['pochi&depositi', '#/richieste?mostra=prenotabili', 'deposit-ticket-place', findColleague],
  ['pochi&depositi', '#/oggi', 'deposit-today'],
  [
    'pochi&depositi',
    '#/oggi',
    'deposit-today-leaving',
    () => page.locator('#leaving + ul li').last().scrollIntoViewIfNeeded(),
  ],
  ['pochi&depositi', '#/bozze', 'deposit-drafts'],
  ['pochi&depositi', '#/bozze', 'deposit-drafts-rest', restOfDrafts],
  ['pochi&depositi&rete=no', '#/bozze', 'deposit-drafts-discarded', discardUnheard],
  ['pochi', '#/richieste', 'dossier-ticket', () => row(0).click()],
  ['pochi', '#/richieste', 'dossier-ticket-notes', ticketNotes],
  ['pochi', '#/richieste', 'dossier-ticket-long', longNote],
  ['pochi', '#/richieste', 'dossier-ticket-added', addNote],
  ['pochi', '#/richieste', 'dossier-ticket-given', takeCharge],
  ['pochi', '#/richieste', 'dossier-filter', () => page.click('#filter-in-charge')],
  ['pochi', '#/richieste', 'dossier-filter-mine', filterMine],
  ['molti', '#/richieste', 'dossier-tickets-many'],
  ['pochi&persone=nessuna', '#/richieste', 'dossier-ticket-unknown', () => row(1).click()],
  ['pochi&persone=nessuna', '#/richieste', 'dossier-filter-unknown', () => page.click('#filter-in-charge')],
  ['pochi', '#/oggi', 'dossier-today', () => page.locator('#unreported').scrollIntoViewIfNeeded()],
  ['pochi', '#/oggi', 'dossier-to-report', toReport],
  ['pochi', '#/oggi', 'dossier-reported', report],
  ['pochi', '#/agenda', 'dossier-correct', correct],
  ['pochi', '#/agenda', 'dossier-clash', overlapping],
  ['pochi', '#/agenda', 'dossier-documents', bring],
  ['pochi', '#/agenda', 'dossier-appointment-notes', appointmentNotes],
  ['pochi', '#/agenda', 'dossier-week', () => page.click('#view-week')],
  ['pochi&persone=molte', '#/agenda', 'dossier-people-many', overlapping],
  ['pochi&persone=nessuna', '#/agenda', 'dossier-people-unknown', () => page.locator('#coming button').last().click()],
  ['nessuno&portale', '#/richieste', 'portal-none'],
  ['nessuno&portale', '#/importa', 'import'],
  ['nessuno&portale', '#/importa', 'import-paste', () => pasteList('Ciao')],
  ['nessuno&portale', '#/importa', 'import-columns', () => pasteList('N.\tStato')],
  ['nessuno&portale', '#/importa', 'import-preview', pickList],
  ['nessuno&portale', '#/importa', 'import-refused', () => pickList().then(() => page.click('[data-filter=refused]'))],
  ['nessuno&portale', '#/importa', 'import-result', takeList],
  ['pochi&portale', '#/oggi', 'portal-today'],
  ['pochi&portale', '#/richieste', 'portal-tickets', () => row(2).click()],
  ['pochi&portale', '#/richieste?mostra=tra-poco', 'portal-soon', () => row(0).click()],
  ['pochi&portale', '#/richieste', 'portal-form', () => page.click('#add-portal-ticket')],
  ['pochi&portale', '#/richieste', 'portal-form-wrong', wrongTicket],
  ['pochi&portale', '#/richieste?mostra=prenotabili', 'portal-booking', bookOnPortal],
  ['pochi&portale', '#/richieste?mostra=prenotabili', 'portal-register', registerWrong],
  ['pochi&portale', '#/richieste?mostra=prenotabili', 'portal-registered', registerRight],
  ['pochi&portale', '#/agenda', 'portal-agenda', () => page.locator('[data-state=registered]').first().click()],
  ['pochi&portale', '#/agenda', 'portal-cancel', cancelRegistration],
  ['pochi&portale', '#/bozze', 'portal-drafts'],
  ['pochi&portale', '#/aziende', 'portal-company', () => company(1).click()],
  ['pochi&portale', '#/impostazioni', 'portal-settings'],
  ['pochi', '#/bozze', 'drafts'],
  ['nessuno', '#/bozze', 'drafts-none'],
  ['pochi', '#/impostazioni', 'settings'],
  ['pochi&senza-avvisi', '#/impostazioni', 'settings-no-background'],
  ['pochi&sede', '#/impostazioni', 'settings-sede', () => page.click('#check-current')],
  ['pochi&sede&revocato', '#/impostazioni', 'settings-revoked', () => joinAgain()],
  ['pochi', '#/oggi', 'keys', () => page.keyboard.press('F1')],
];

for (const theme of ['chiaro', 'scuro']) {
  for (const [data, room, name, act] of states) {
    if (only && !name.startsWith(only)) continue;
    const picture = theme === 'scuro' ? `${name}-dark` : name;
    try {
      await page.goto('about:blank');
      await page.goto(`${server.resolvedUrls.local[0]}?dati=${data}&tema=${theme}${room}`);
      await page.locator('h1').first().waitFor({ timeout: 20_000 });
      await act?.();
      await page.locator('h1').first().waitFor({ timeout: 20_000 });
      await page.waitForTimeout(500);
      await page.screenshot({ path: join(folder, `${picture}.png`) });
      const { violations } = await new AxeBuilder({ page }).analyze();
      for (const { id, help, nodes } of violations) {
        found.push(`${picture}: ${id} (${help}), ${nodes.length} times: ${nodes[0]?.html.slice(0, 200)}`);
      }
    } catch (error) {
      found.push(`${picture}: ${error.message.split('\n')[0]}`);
    }
  }
}

await browser.close();
await server.close();
rmSync(profile, { recursive: true, force: true });
for (const line of found) process.stderr.write(`${line}\n`);
process.stdout.write(`${folder}: ${found.length === 0 ? 'nothing to mend' : `${found.length} to mend`}\n`);
process.exit(found.length === 0 ? 0 : 1);
