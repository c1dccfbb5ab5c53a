import { expect, it } from 'vitest';
import { tree } from './topic-tree';

const topic = (code: string, area: string, subject: string, detail: string) => ({ code, area, subject, detail });

it('makes three levels of the topics, with what the filter takes for each', () => {
  const made = tree([
    topic('R2', 'Regolarità', 'DURC', 'Irregolarità'),
    topic('R3', 'Regolarità', 'DURC', 'Preavviso'),
    topic('C1', 'CIG', 'Conguagli', 'Rettifica'),
    topic('R4', 'Regolarità', 'Rateazioni', 'Esito'),
  ]);
  expect(made.map((area) => area.value)).toEqual(['Regolarità', 'CIG']);
  expect(made[0]?.children.map((subject) => subject.value)).toEqual(['Regolarità › DURC', 'Regolarità › Rateazioni']);
  expect(made[0]?.children[0]?.children.map((one) => [one.value, one.label])).toEqual([
    ['R2', 'Irregolarità'],
    ['R3', 'Preavviso'],
  ]);
});
