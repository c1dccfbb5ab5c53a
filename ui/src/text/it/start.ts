import type { TrainingSize } from '../../ipc/types';
import { number } from '../format';

const sizes: Record<TrainingSize, { name: string; text: string }> = {
  small: { name: 'Piccola', text: '50 richieste, pronta in un attimo' },
  ordinary: { name: 'Media', text: '1.200 richieste, come in uno studio di ogni giorno' },
  huge: { name: 'Grande', text: '200.000 richieste, per provare gli elenchi lunghi' },
};

export const start = {
  welcome: 'Benvenuto in Agenda Sede',
  lead: 'Dalle richieste di contatto agli appuntamenti con la sede INPS: quali si possono prenotare, da quando, e perché.',
  later: 'Si può cominciare dall’una e aggiungere l’altra dopo, in Impostazioni: restano separate.',
  portal: {
    title: 'Importa un elenco di richieste',
    text: 'Per chi lavora solo con il portale INPS: un elenco da CSV, Excel o copiato dalla pagina. Il programma dice quali si possono prenotare e quando, prepara il resto e tiene l’agenda.',
    go: 'Comincia da un elenco',
  },
  training: {
    title: 'Sede dimostrativa',
    text: 'Una sede inventata, su questo computer soltanto: aziende, richieste e posti liberi verosimili, con gli orari di Lucca. Funziona tutto, e niente arriva all’INPS.',
    size: 'Quanto grande',
    sizes,
    go: 'Comincia',
  },
  filling: 'Preparazione della sede dimostrativa',
  fillText: (done: number, total: number) =>
    total > 0 ? `${number(done)} richieste preparate su ${number(total)}` : 'Si comincia…',
  reading: 'Lettura delle richieste',
  readText: (done: number, total: number) =>
    total > 0 ? `${number(done)} richieste lette su ${number(total)}` : `${number(done)} richieste lette`,
  almost: 'Quasi pronto…',
};
