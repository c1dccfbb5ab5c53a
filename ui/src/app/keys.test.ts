import { expect, it } from 'vitest';
import { roomOfKey } from './keys';

const key = (code: string, held: Partial<KeyboardEvent> = {}) =>
  roomOfKey({ code, altKey: true, ctrlKey: false, metaKey: false, shiftKey: false, ...held } as KeyboardEvent);

it('leads to the rooms in the order of the rail', () => {
  expect(['Digit1', 'Digit2', 'Digit3', 'Digit4', 'Digit5', 'Numpad6'].map((code) => key(code)?.room)).toEqual([
    'today',
    'tickets',
    'companies',
    'agenda',
    'drafts',
    'settings',
  ]);
});

it('leaves AltGr alone, which writes characters on Italian keyboards', () => {
  expect(key('Digit2', { ctrlKey: true })).toBeUndefined();
  expect(key('Digit2', { altKey: false })).toBeUndefined();
  expect(key('Digit7')).toBeUndefined();
});
