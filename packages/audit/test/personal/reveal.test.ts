import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EventEncoder } from '../../src/events/event-encoder.ts';
import { plainScribe } from '../../src/events/scribe.ts';
import { commitmentTo } from '../../src/personal/commitment.ts';
import { PersonalDraft } from '../../src/personal/personal-draft.ts';
import { personalPaths } from '../../src/personal/personal-paths.ts';
import { reveal } from '../../src/personal/reveal.ts';
import { SaltPool } from '../../src/personal/salt-pool.ts';

const encoder = new EventEncoder({ scribe: plainScribe, maxDetailsLength: 1 << 20, oversized: 'digest' });
const draftOf = (fields: readonly string[]) =>
  new PersonalDraft(personalPaths(fields), new SaltPool(), () => 7);

const encode = (details: Record<string, unknown>, fields: readonly string[]) => {
  const draft = draftOf(fields);
  const { leaf } = encoder.encode({ action: 'a', actor: { id: 'bob' }, details }, 0, undefined, draft);
  return { draft, entry: JSON.parse(leaf.toString()) as { details: unknown; actor: { id: string } } };
};

describe('putting personal values back', () => {
  it('gives what was handed over, whatever it was', () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (value, other) => {
        const details = JSON.parse(
          JSON.stringify({ own: value, deep: { list: [{ own: other }], other } }),
        ) as Record<string, unknown>;
        const { draft, entry } = encode(details, ['details.own', 'details.deep.list.own', 'actor.id']);
        const back = reveal(entry, draft.values) as typeof entry;
        expect(back.details).toEqual(details);
        expect(back.actor.id).toBe('bob');
      }),
    );
  });

  it('gives nothing back once the values are gone', () => {
    const { entry } = encode({ own: 'x' }, ['details.own']);
    expect(reveal(entry, new Map())).toEqual(entry);
  });
});

describe('a draft', () => {
  it('has no reference, and takes no number, before it has a value', () => {
    const draft = draftOf(['details.own']);
    expect([draft.reference(), draft.ref]).toEqual([undefined, 0]);
  });

  it('names each field once, in order, and the number of the values', () => {
    const draft = draftOf([]);
    for (const path of ['where.ip', 'details.own', 'where.ip']) draft.put(path, '"x"');
    expect(draft.reference()).toBe('{"fields":["details.own","where.ip"],"ref":7}');
    expect(draft.values.size).toBe(3);
  });

  it('hands out commitments to salt and value', () => {
    const draft = draftOf([]);
    const commitment = draft.put('details.own', '"x"');
    const salt = draft.values.get(commitment)?.salt ?? '';
    expect(commitmentTo(salt, '"x"')).toBe(commitment);
    expect(commitmentTo(salt, '"y"')).not.toBe(commitment);
  });
});
