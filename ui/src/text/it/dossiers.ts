import type { Clash, MeetingResultView, NoteView } from '../../ipc/types';
import { atClock, clock, dayNumeric, dayShort, list, number, plural } from '../format';

const results: Record<MeetingResultView, string> = {
  settled: 'Risolto',
  to_follow_up: 'Da seguire',
  not_held: 'Non si è tenuto',
};

/** What the people of the studio keep among themselves. */
export const dossiers = {
  me: (name: string) => `io · ${name}`,
  /** Before the first connection. */
  unknownPeople: 'Le persone dello studio non si conoscono ancora: arrivano con il primo collegamento alla sede.',
  onlyStudio: 'Le leggono solo le persone dello studio.',

  inCharge: {
    label: 'In carico a',
    nobody: 'Nessuno',
    given: (code: string, person: string) => `${code} è in carico a ${person}.`,
    freed: (code: string) => `${code} non è in carico a nessuno.`,
  },

  notes: {
    title: 'Note dello studio',
    count: (n: number) => plural(n, 'nota dello studio', 'note dello studio'),
    label: 'Nuova nota',
    hint: 'Ctrl+Invio aggiunge',
    add: 'Aggiungi nota',
    empty: 'Scrivi prima la nota.',
    tooLong: 'La nota è troppo lunga.',
    added: 'Nota aggiunta.',
    by: ({ by }: NoteView) => by ?? 'Lo studio',
    /** The year only where it is another one. */
    when: ({ date, time }: NoteView, today: string) =>
      `${date.slice(0, 4) === today.slice(0, 4) ? dayShort(date) : dayNumeric(date)}, ${clock(time)}`,
    all: (n: number) => `Mostra tutte le ${number(n)} note`,
  },

  attends: {
    title: 'Partecipa',
    names: (names: readonly string[]) => (names.length === 1 ? `Partecipa ${names[0]}` : `Partecipano ${list(names)}`),
    all: (n: number) => `Mostra tutte le ${number(n)} persone`,
    added: (person: string) => `${person} partecipa.`,
    removed: (person: string) => `${person} non partecipa più.`,
    /** Whether it is he or she is not known. */
    clash: (person: string) => `${person} partecipa anche all’appuntamento di`,
    clashWith: ({ company_name, start }: Clash) => `${company_name} ${atClock(start)}`,
    overlapping: 'Sovrapposto',
    overlappingWhy: 'Chi partecipa ha un altro appuntamento alla stessa ora.',
  },

  documents: {
    title: 'Documenti da portare',
    label: 'Documento da aggiungere',
    placeholder: 'Scrivi e premi Invio',
    add: 'Aggiungi',
    remove: (name: string) => `Togli «${name}»`,
    added: (name: string) => `Aggiunto: ${name}.`,
    removed: (name: string) => `«${name}» tolto dai documenti da portare.`,
    there: 'È già nell’elenco.',
    tooLong: (max: number) => `Al massimo ${number(max)} caratteri.`,
  },

  meeting: {
    title: 'Esito dell’incontro',
    question: 'Com’è andato l’incontro?',
    results,
    missing: 'Esito da registrare',
    said: (result: MeetingResultView) => `Esito: ${results[result].toLocaleLowerCase('it-IT')}`,
    text: 'Che cosa è stato detto (facoltativo)',
    hint: 'Ctrl+Invio registra',
    save: 'Registra l’esito',
    choose: 'Scegli prima com’è andato.',
    tooLong: 'Il testo è troppo lungo.',
    saved: (result: MeetingResultView) => `Esito registrato: ${results[result].toLocaleLowerCase('it-IT')}.`,
    correct: 'Correggi',
    leave: 'Lascia com’è',
    stands: (result: MeetingResultView) => `Adesso è registrato: ${results[result].toLocaleLowerCase('it-IT')}.`,
  },
};
