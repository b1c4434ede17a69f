import { expect, it } from 'vitest';
import { judgeLicences } from '../licences.ts';

it('holds what is shipped to a stricter list than tools', () => {
  const { refused, counts } = judgeLicences({
    '': { license: 'MIT' },
    'node_modules/a': { license: 'MIT' },
    'node_modules/b': { license: '(GPL-3.0 OR Apache-2.0)' },
    'node_modules/c': { license: 'MIT AND GPL-3.0' },
    'node_modules/d': { license: 'MPL-2.0' },
    'node_modules/e': { license: 'MPL-2.0', dev: true },
    'node_modules/f': {},
    'node_modules/g': { link: true },
  });
  expect(refused).toEqual([
    'node_modules/c: MIT AND GPL-3.0 (shipped)',
    'node_modules/d: MPL-2.0 (shipped)',
    'node_modules/f: none named (shipped)',
  ]);
  expect(counts.dev).toEqual({ 'MPL-2.0': 1 });
});
