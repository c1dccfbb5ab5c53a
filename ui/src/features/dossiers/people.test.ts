import { describe, expect, it } from 'vitest';
import { called, initials, inOrderOfNearness, shortName } from './people';

describe('the short name of somebody', () => {
  it('is the first one', () => {
    expect(shortName('Anna Ricci', ['Anna Ricci', 'Bruno Verdi'])).toBe('Anna');
  });

  it('tells two of the same first name apart', () => {
    const all = ['Anna Ricci', 'Anna Bertolucci'];
    expect(all.map((name) => shortName(name, all))).toEqual(['Anna R.', 'Anna B.']);
  });

  it('is the whole name where an initial does not tell them apart', () => {
    const all = ['Anna Ricci', 'Anna Rossi', 'Anna'];
    expect(all.map((name) => shortName(name, all))).toEqual(['Anna Ricci', 'Anna Rossi', 'Anna']);
  });
});

describe('initials', () => {
  it('are those of the first and of the last word', () => {
    expect(initials('Anna Ricci')).toBe('AR');
    expect(initials('Maria Teresa De Santis')).toBe('MS');
    expect(initials('élise')).toBe('É');
  });
});

describe('the people to choose from', () => {
  const all = ['Anna Ricci', 'Bruno Verdi', 'Chiara Neri'];

  it('begin with me, who is there once', () => {
    expect(inOrderOfNearness({ me: 'Chiara Neri', all })).toEqual(['Chiara Neri', 'Anna Ricci', 'Bruno Verdi']);
    expect(called('Chiara Neri', 'Chiara Neri')).toBe('io · Chiara Neri');
    expect(called('Anna Ricci', 'Chiara Neri')).toBe('Anna Ricci');
  });

  it('hold who is named already, though not of the studio any more', () => {
    expect(inOrderOfNearness({ me: null, all }, ['Piero Galli'])).toEqual([...all, 'Piero Galli']);
  });

  it('are nobody where the studio was never connected', () => {
    expect(inOrderOfNearness({ me: null, all: [] })).toEqual([]);
  });
});
