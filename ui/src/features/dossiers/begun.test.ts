import { describe, expect, it } from 'vitest';
import { Begun } from './begun.svelte';

describe('words begun', () => {
  it('wait while one looks at something else, each at its own place', () => {
    const begun = new Begun();
    begun.write('ticket:LU-1', 'Chiamare');
    begun.write('ticket:LU-2', 'Altro');
    expect(begun.about('ticket:LU-1')).toBe('Chiamare');
    expect(begun.about('ticket:LU-3')).toBe('');
  });

  it('go once they were entered', () => {
    const begun = new Begun();
    begun.write('ticket:LU-1', 'Chiamare');
    begun.entered('ticket:LU-1', 'Chiamare');
    expect(begun.about('ticket:LU-1')).toBe('');
  });

  it('stay where they were written on while the first part was being entered', () => {
    const begun = new Begun();
    begun.write('ticket:LU-1', 'Chiamare');
    begun.write('ticket:LU-1', 'Chiamare domani');
    begun.entered('ticket:LU-1', 'Chiamare');
    expect(begun.about('ticket:LU-1')).toBe('Chiamare domani');
  });
});
