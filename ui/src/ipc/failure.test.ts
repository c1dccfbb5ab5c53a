import { describe, expect, it } from 'vitest';
import { asFailure, failedWith, IpcFailure } from './failure';

describe('what a command throws', () => {
  it('is taken as it came where it is a failure', () => {
    const sent = { code: 'too_long', message: 'notes', details: { max: 500 } };
    expect(asFailure(sent)).toEqual(sent);
    expect(asFailure(new IpcFailure(asFailure(sent)))).toEqual(sent);
    expect(failedWith(sent, 'too_long')).toBe(true);
  });

  it.each([undefined, null, 'denied', new Error('x'), { code: 'toString', message: '' }, { code: 7 }])(
    'is a failure with a text even when nobody foresaw it: %o',
    (thrown) => {
      expect(asFailure(thrown).code).toBe('internal');
    },
  );
});
