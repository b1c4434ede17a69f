import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { currentAuditContext, withContext } from '../../src/events/context.ts';

describe('withContext', () => {
  it('reaches what the function starts, and nothing after it', async () => {
    const seen = await withContext({ requestId: 'r1' }, async () => {
      await turn();
      return currentAuditContext();
    });
    expect(seen).toEqual({ requestId: 'r1' });
    expect(currentAuditContext()).toBeUndefined();
  });

  it('returns what the function returns, and throws what it throws', () => {
    expect(withContext({}, () => 7)).toBe(7);
    const error = new Error('own');
    const fail = () => {
      throw error;
    };
    expect(() => withContext({}, fail)).toThrow(error);
  });

  it('adds to the context around it; what is undefined adds nothing', () => {
    const inner = withContext({ tenant: 'acme', session: 's1', requestId: 'r1' }, () =>
      withContext({ session: 's2', requestId: undefined }, currentAuditContext),
    );
    expect(inner).toEqual({ tenant: 'acme', session: 's2', requestId: 'r1' });
  });

  it('keeps calls that run at the same time apart', async () => {
    const seen = await Promise.all(
      ['a', 'b', 'c'].map((tenant) =>
        withContext({ tenant }, async () => {
          await turn();
          return currentAuditContext()?.tenant;
        }),
      ),
    );
    expect(seen).toEqual(['a', 'b', 'c']);
  });

  it('cannot be left for another tenant', () => {
    const escape = () => withContext({ tenant: 'evil' }, () => 'escaped');
    expect(() => withContext({ tenant: 'acme' }, escape)).toThrow('tenant must be that of the context');
    expect(withContext({ tenant: 'evil' }, escape)).toBe('escaped');
  });
});
