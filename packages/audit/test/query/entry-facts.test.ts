import { describe, expect, it } from 'vitest';
import { factsOf } from '../../src/query/entry-facts.ts';
import { questionOf, readQuery, wordsOf } from '../../src/query/options.ts';

const facts = (entry: unknown) =>
  factsOf(Buffer.from(typeof entry === 'string' ? entry : JSON.stringify(entry)));

describe('what the index knows of an entry', () => {
  it('is who, what, on what, when and how', () => {
    const entry = {
      action: 'key.read',
      actor: { id: 'bob' },
      outcome: 'denied',
      resource: { id: 'k1', type: 'key' },
      time: '1970-01-01T00:00:01.000Z',
    };
    expect(facts(entry)).toMatchObject({
      ...{
        action: 'key.read',
        actor: 'bob',
        resource: 'k1',
        resourceType: 'key',
        outcome: 'denied',
        timeMs: 1000,
      },
    });
  });

  it('is every text in it, however deep, and no commitment', () => {
    const details = { a: ['x', { b: 'y' }], n: 7, hidden: 'sha256:abc', no: null, yes: true };
    expect(facts({ action: 'a', details }).text).toBe('a x y 7');
  });

  it.each(['', 'not JSON', '7', 'null', '"text"', '[]', '{}', '{"time":"never","actor":"x","resource":7}'])(
    'is nothing where there is nothing: %s',
    (entry) => {
      expect(facts(entry)).toMatchObject({ actor: null, resource: null, action: null, timeMs: 0 });
    },
  );

  it('is bounded', () => {
    expect(facts({ text: 'x'.repeat(60_000) }).text).toHaveLength(8192);
  });
});

describe('a question', () => {
  it('has defaults', () => {
    expect(readQuery({})).toEqual({ order: 'newest-first', limit: 50, personal: false });
  });

  it('is the same one on every page, and another one when anything else differs', () => {
    const base = { tenant: 'acme', actor: 'bob', resource: { type: 't', id: 'i' } };
    const same = [{ after: 'x' }, { limit: 7 }, { personal: true }, { resource: { id: 'i', type: 't' } }];
    for (const change of same) expect(questionOf({ ...base, ...change })).toBe(questionOf(base));
    const others = [
      { tenant: 'evil' },
      { actor: 'eve' },
      { order: 'oldest-first' as const },
      { fromMs: 0 },
      { text: '' },
    ];
    for (const change of others) expect(questionOf({ ...base, ...change })).not.toBe(questionOf(base));
  });

  it('has the words that the index has', () => {
    expect(wordsOf('  Red-fox, "4711"!  \u00fcber_all  ')).toEqual([
      'Red',
      'fox',
      '4711',
      '\u00fcber',
      'all',
    ]);
    expect(wordsOf('*** --- ""')).toEqual([]);
    expect(wordsOf('u\u0308ber')).toEqual(['\u00fcber']);
  });
});
