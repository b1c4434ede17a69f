import { test as property, fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { LabelTrie, Leaf, tupleOf } from '../../src/series/label-trie.ts';

class Mark extends Leaf<Mark> {
  id = 0;
}

const marked = (id: number) => Object.assign(new Mark(), { id });
// The characters with which other libraries put keys together, and what is special in JavaScript.
const nasty = fc.constantFrom(
  '',
  '|',
  ',',
  ':',
  '1|2',
  '|3',
  'b:2',
  '__proto__',
  'constructor',
  '"',
  '\\',
  '\n',
  'ü',
);
const tuple = fc.tuple(nasty, nasty, fc.oneof(nasty, fc.string({ maxLength: 3 })));

describe('a label trie', () => {
  property.prop([fc.array(tuple, { maxLength: 60 })])(
    'leads different tuples to different leaves',
    (tuples) => {
      const trie = new LabelTrie<Mark>(3);
      const model = new Map<string, Mark>();
      for (const values of tuples) {
        const key = JSON.stringify(values);
        expect(trie.find(values)).toBe(model.get(key));
        if (!model.has(key)) model.set(key, marked(model.size));
        trie.put(values, model.get(key) as Mark);
      }
      expect(trie.size).toBe(model.size);
      for (const [key, leaf] of model) expect(JSON.stringify(tupleOf(leaf))).toBe(key);
    },
  );

  property.prop([fc.array(fc.tuple(fc.boolean(), tuple), { maxLength: 80 })])(
    'holds what was put and not deleted, and nothing else',
    (steps) => {
      const trie = new LabelTrie<Mark>(3);
      const model = new Map<string, Mark>();
      for (const [put, values] of steps) {
        const key = JSON.stringify(values);
        const leaf = model.get(key);
        if (put) {
          const next = marked(0);
          model.set(key, next);
          trie.put(values, next);
        } else if (leaf !== undefined) {
          model.delete(key);
          trie.delete(leaf);
        }
        expect(trie.size).toBe(model.size);
      }
      const leaves = [...trie.groups()].flatMap((group) => [...group.values()]);
      expect(new Set(leaves)).toEqual(new Set(model.values()));
      if (model.size === 0) expect(trie.root.children.size).toBe(0);
    },
  );

  it('does not delete a leaf in whose place another one stands', () => {
    const trie = new LabelTrie<Mark>(1);
    const [first, second] = [marked(1), marked(2)];
    trie.put(['a'], first);
    trie.put(['a'], second);
    trie.delete(first);
    expect(trie.find(['a'])).toBe(second);
    expect(trie.size).toBe(1);
  });

  it('can be walked while leaves come and go', () => {
    const trie = new LabelTrie<Mark>(2);
    for (const key of ['a', 'b', 'c']) trie.put([key, '1'], marked(1));
    const seen: string[] = [];
    for (const group of trie.groups()) {
      for (const leaf of group.values()) {
        seen.push(tupleOf(leaf).join('/'));
        if (leaf.parent?.key === 'a') trie.delete(trie.find(['b', '1']) as Mark);
        if (leaf.parent?.key === 'c' && seen.length < 5) trie.put(['d', '1'], marked(4));
      }
    }
    expect(seen).toEqual(['a/1', 'c/1', 'd/1']);
  });
});
