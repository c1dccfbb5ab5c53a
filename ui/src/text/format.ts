/**
 * Dates, numbers and sizes as people say them. Dates come as `2026-11-26`, clock times as `09:30`, both in the sede's
 * zone already: nothing here asks what day it is.
 */

const weekdays = ['domenica', 'lunedì', 'martedì', 'mercoledì', 'giovedì', 'venerdì', 'sabato'];
const months = [
  'gennaio',
  'febbraio',
  'marzo',
  'aprile',
  'maggio',
  'giugno',
  'luglio',
  'agosto',
  'settembre',
  'ottobre',
  'novembre',
  'dicembre',
];

type Parts = { year: number; month: number; day: number; weekday: string; monthName: string };

function parts(date: string): Parts {
  const [year = 0, month = 1, day = 1] = date.split('-').map(Number);
  const weekday = new Date(Date.UTC(year, month - 1, day)).getUTCDay();
  return { year, month, day, weekday: weekdays[weekday] ?? '', monthName: months[month - 1] ?? '' };
}

const two = (n: number) => String(n).padStart(2, '0');

/** *gio 3 dic* */
export function dayShort(date: string): string {
  const { weekday, day, monthName } = parts(date);
  return `${weekday.slice(0, 3)} ${day} ${monthName.slice(0, 3)}`;
}

/** *gio 12 novembre* */
export function dayLong(date: string): string {
  const { weekday, day, monthName } = parts(date);
  return `${weekday.slice(0, 3)} ${day} ${monthName}`;
}

/** *giovedì 12 novembre* */
export function dayFull(date: string): string {
  const { weekday, day, monthName } = parts(date);
  return `${weekday} ${day} ${monthName}`;
}

/** *Giovedì 12 novembre*, for a title. */
export function dayTitle(date: string): string {
  return capital(dayFull(date));
}

/** *sab 29/11* */
export function dayTag(date: string): string {
  const { weekday, day, month } = parts(date);
  return `${weekday.slice(0, 3)} ${two(day)}/${two(month)}`;
}

/** *gio 26* */
export function dayOfWeek(date: string): string {
  const { weekday, day } = parts(date);
  return `${weekday.slice(0, 3)} ${day}`;
}

/** *12/11* */
export function dayMonth(date: string): string {
  const { day, month } = parts(date);
  return `${two(day)}/${two(month)}`;
}

/** *12/11/2025* */
export function dayNumeric(date: string): string {
  return `${dayMonth(date)}/${parts(date).year}`;
}

/** *12/11* in the year of `today`, *12/11/25* in another. */
export function dayColumn(date: string, today: string): string {
  const year = date.slice(0, 4);
  return year === today.slice(0, 4) ? dayMonth(date) : `${dayMonth(date)}/${year.slice(2)}`;
}

/** *novembre*; *novembre 2026* with the year. */
export function monthName(date: string, withYear = false): string {
  const p = parts(date);
  return withYear ? `${p.monthName} ${p.year}` : p.monthName;
}

/** *lunedì* to *domenica*, for 1 to 7. */
export function weekdayName(weekday: number): string {
  return weekdays[weekday % 7] ?? '';
}

/** *9:30* */
export function clock(time: string): string {
  return time.replace(/^0(?=\d)/, '');
}

type When = { date: string; time: string };

/** *gio 3 dic, 9:30* */
export function slotShort(slot: When): string {
  return `${dayShort(slot.date)}, ${clock(slot.time)}`;
}

/** *gio 26 novembre, 9:30* */
export function slotLong(slot: When): string {
  return `${dayLong(slot.date)}, ${clock(slot.time)}`;
}

/** *alle 9:41*, *all’1:05*; an hour has its article. */
export function atClock(time: string): string {
  const said = clock(time);
  return /^1:/.test(said) ? `all’${said}` : `alle ${said}`;
}

/** *delle 9:41*, *dell’1:05*. */
export function ofClock(time: string): string {
  const said = clock(time);
  return /^1:/.test(said) ? `dell’${said}` : `delle ${said}`;
}

const romeParts = new Intl.DateTimeFormat('en-CA', {
  timeZone: 'Europe/Rome',
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
  hour: '2-digit',
  minute: '2-digit',
  hourCycle: 'h23',
});

/** Date and clock time in the sede's zone of an instant in UTC. */
export function inRome(instant: string): When {
  const found = Object.fromEntries(romeParts.formatToParts(new Date(instant)).map((p) => [p.type, p.value]));
  return { date: `${found.year}-${found.month}-${found.day}`, time: `${found.hour}:${found.minute}` };
}

/** *oggi alle 9:41*, *ven 20 nov alle 16:05*: something that happened, or will, seen from `today`. */
export function moment(instant: string, today: string): string {
  const { date, time } = inRome(instant);
  return `${date === today ? 'oggi' : dayShort(date)} ${atClock(time)}`;
}

const whole = new Intl.NumberFormat('it-IT', { useGrouping: 'always', maximumFractionDigits: 0 });
const oneDecimal = new Intl.NumberFormat('it-IT', { useGrouping: 'always', maximumFractionDigits: 1 });

/** *1.284* */
export function number(n: number): string {
  return whole.format(n);
}

/** *840 byte*, *640 KB*, *1,2 MB* */
export function size(bytes: number): string {
  if (bytes < 1024) return `${whole.format(bytes)} byte`;
  if (bytes < 1024 * 1024) return `${whole.format(bytes / 1024)} KB`;
  return `${oneDecimal.format(bytes / (1024 * 1024))} MB`;
}

/** `n` and the right one of two words: *1 richiesta*, *1.284 richieste*. */
export function plural(n: number, one: string, many: string): string {
  return `${number(n)} ${n === 1 ? one : many}`;
}

/** *1 giorno*, *11 giorni* */
export function days(n: number): string {
  return plural(n, 'giorno', 'giorni');
}

/** *1ª*, *2ª* */
export function ordinal(n: number): string {
  return `${n}ª`;
}

const and = new Intl.ListFormat('it-IT', { type: 'conjunction' });

/** *LU-48213, LU-48190 e LU-48155* */
export function list(items: readonly string[]): string {
  return and.format(items);
}

export function capital(text: string): string {
  return text.charAt(0).toLocaleUpperCase('it-IT') + text.slice(1);
}

/** The end of a long code, which tells it from its like: *…0048211*. */
export function shortCode(code: string, keep = 10): string {
  return code.length > keep + 1 ? `…${code.slice(-keep).replace(/^[^0-9A-Za-z]+/u, '')}` : code;
}
