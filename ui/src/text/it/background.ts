import type { BackgroundChoice, BackgroundMeans } from '../../ipc/types';

type Switch = keyof BackgroundChoice;

const names: Record<Switch, string> = {
  notices: 'Avvisi sullo schermo',
  keep_working: 'Continua a lavorare quando chiudo la finestra',
  start_with_computer: 'Avvia Agenda Sede all’accensione del computer',
};

const goesOn = 'Gli invii partono e le novità arrivano anche a finestra chiusa.';

/** What it does on this computer, or that it is not to be had here. */
const hints: Record<Switch, (means: BackgroundMeans) => string> = {
  notices: (means) =>
    means.notices
      ? 'Per le comunicazioni della sede, l’esito degli invii e gli appuntamenti del giorno dopo. Dicono azienda, giorno e ora.'
      : 'Questo computer non mostra avvisi: le novità si leggono in Oggi.',
  keep_working: (means) =>
    means.tray
      ? `${goesOn} La finestra si riapre dall’icona accanto all’orologio; da lì si esce dal programma.`
      : `${goesOn} Qui non c’è l’icona accanto all’orologio: la finestra si riapre avviando di nuovo il programma, e per uscire si toglie questa scelta.`,
  start_with_computer: (means) => {
    if (!means.start_with_computer) return 'Questo computer non permette al programma di avviarsi da solo.';
    return means.tray ? 'Parte senza finestra: resta l’icona accanto all’orologio.' : 'Parte senza finestra.';
  },
};

export const background = {
  title: 'In sottofondo e avvisi',
  names,
  hint: (one: Switch, means: BackgroundMeans) => hints[one](means),
};
