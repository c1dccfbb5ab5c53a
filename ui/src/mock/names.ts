import type { PointView, SlotView, TopicView } from '../ipc/types';
import { clockPlus } from './calendar';

export const slotAt = (date: string, time: string, minutes = 30): SlotView => ({
  start: `${date}T${time}:00+01:00[Europe/Rome]`,
  date,
  time,
  end_time: clockPlus(time, minutes),
});

type Hours = { weekday: number; from: string; to: string };
export type MockPoint = PointView & { hours: Hours[]; desks: number };

export const points: MockPoint[] = [
  {
    code: 'LU-CA',
    name: 'Consulenza aziende',
    place: 'Palazzo di Piazza dei Martiri, Lucca',
    sede_name: 'Lucca',
    desks: 3,
    hours: [
      { weekday: 2, from: '13:30', to: '17:30' },
      { weekday: 4, from: '09:00', to: '12:00' },
    ],
  },
  {
    code: 'LU-RG',
    name: 'Regolarità e rateazioni',
    place: 'Palazzo di Piazza dei Martiri, primo piano, Lucca',
    sede_name: 'Lucca',
    desks: 1,
    hours: [
      { weekday: 1, from: '09:00', to: '11:30' },
      { weekday: 3, from: '09:00', to: '11:30' },
    ],
  },
  {
    code: 'PI-CA',
    name: 'Consulenza aziende',
    place: 'Piazza Guerrazzi 17, Pisa',
    sede_name: 'Pisa',
    desks: 2,
    hours: [
      { weekday: 3, from: '09:00', to: '12:30' },
      { weekday: 5, from: '09:00', to: '11:00' },
    ],
  },
];

type MockTopic = TopicView & { desk: 'CA' | 'RG' | null };
const topic = (code: string, path: string, desk: MockTopic['desk'] = 'CA'): MockTopic => {
  const [area = '', subject = '', detail = ''] = path.split(' › ');
  return { code, area, subject, detail, desk };
};

export const topics: MockTopic[] = [
  topic('A01', 'Agevolazioni › Esoneri › Domanda respinta'),
  topic('A02', 'Agevolazioni › Esoneri › Recupero arretrati'),
  topic('A03', 'Agevolazioni › Under 35 › Recupero'),
  topic('B01', 'Anagrafica › Posizione › Riattivazione'),
  topic('B02', 'Anagrafica › Posizione › Inquadramento'),
  topic('C01', 'CIG › Conguagli › Note di rettifica'),
  topic('C02', 'CIG › Autorizzazioni › Domanda non definita'),
  topic('D01', 'Contributi › Malattia › Conguaglio'),
  topic('D02', 'Contributi › Maternità › Conguaglio'),
  topic('E01', 'Denunce › Uniemens › Flusso scartato'),
  topic('E02', 'Denunce › Uniemens › Variazione'),
  topic('R01', 'Rateazioni › Istanza › Esito', 'RG'),
  topic('R02', 'Regolarità › DURC › Irregolarità contestata', 'RG'),
  topic('R03', 'Regolarità › DURC › Preavviso', 'RG'),
  topic('V01', 'Versamenti › Avviso bonario › Sgravio'),
  topic('V02', 'Versamenti › F24 › Compensazione'),
  topic('Z01', 'Archivio › Copie › Atti anteriori al 1990', null),
];

export const pointOf = (code: string, sede: string): MockPoint | undefined => {
  const desk = topics.find((one) => one.code === code)?.desk;
  if (!desk) return undefined;
  return (
    points.find((point) => point.code === `${sede}-${desk}`) ?? points.find((point) => point.code === `${sede}-CA`)
  );
};

const first =
  'Officine,Panificio,Cartiera,Edil,Hotel,Trasporti,Conceria,Marmi,Farmacia,Nautica,Agricola,Tipografia,Ristorante,Calzaturificio,Vivai,Autocarrozzeria,Lavanderia,Impianti,Falegnameria,Grafica'.split(
    ',',
  );
const second =
  'Serchio,Lunardi,Valfreddana,Garfagnana,Versilia,Nottoli,Arno,Apuani,Del Prete,Tirrenia,Montecarlo,Puccini,Bertolucci,Altopascio,Capannori,Barga,Pescia,Viareggio,Camaiore,Massaciuccoli'.split(
    ',',
  );
const forms = ['srl', 'spa', 'snc', 'sas', 'srls', 'ss', 'soc. coop.'];

/** The n-th company's name, each once. */
export function companyName(n: number): string {
  const name = `${first[n % first.length]} ${second[(n * 7 + Math.floor(n / first.length)) % second.length]}`;
  const round = Math.floor(n / 400);
  return `${name}${round > 0 ? ` ${round + 1}` : ''} ${forms[n % forms.length]}`;
}
