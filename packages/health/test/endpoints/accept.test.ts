import fc from 'fast-check';
import { expect, test } from 'vitest';
import { preferred } from '../../src/endpoints/accept.ts';

const offered = ['application/health+json', 'application/json', 'text/plain'];
const chosen = (accept: string | undefined) => offered[preferred(accept, offered)];

test.each<[string | undefined, string]>([
  [undefined, 'application/health+json'],
  ['*/*', 'application/health+json'],
  ['', 'application/health+json'],
  ['text/plain', 'text/plain'],
  ['application/json', 'application/json'],
  ['APPLICATION/JSON', 'application/json'],
  ['text/*', 'text/plain'],
  ['application/*;q=0.5, text/plain', 'text/plain'],
  ['application/json;q=0.2, text/plain;q=0.1', 'application/json'],
  ['*/*;q=0.1, application/health+json;q=0', 'application/json'],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'application/health+json'],
  ['text/plain;q=nonsense, application/json;q=0.3', 'application/json'],
  ['image/png', 'application/health+json'],
  [';;,,q', 'application/health+json'],
])('Accept: %s gets %s', (accept, expected) => {
  expect(chosen(accept)).toBe(expected);
});

const range = fc.record({
  type: fc.constantFrom(...offered, 'application/*', 'text/*', '*/*', 'image/png'),
  quality: fc.constantFrom(undefined, '0', '0.1', '0.5', '0.9', '1', '1.5', '-1', 'x'),
});
const weightOf = (quality: string | undefined) => {
  const weight = Number(quality ?? '1');
  return weight >= 0 && weight <= 1 ? weight : 0;
};

test('no type is taken that the client likes less than another, or refuses while it takes one', () => {
  fc.assert(
    fc.property(fc.uniqueArray(range, { selector: ({ type }) => type, minLength: 1 }), (ranges) => {
      const accept = ranges
        .map(({ type, quality }) => (quality === undefined ? type : `${type}; q=${quality}`))
        .join(' , ');
      const likes = (type: string) => {
        const patterns = [type, type.replace(/\/.*/, '/*'), '*/*'];
        const found = patterns
          .map((pattern) => ranges.find((each) => each.type === pattern))
          .find((each) => each !== undefined);
        return found === undefined ? 0 : weightOf(found.quality);
      };
      const best = Math.max(...offered.map(likes));
      const taken = offered[preferred(accept, offered)] ?? '';
      if (best === 0) expect(taken).toBe(offered[0]);
      else expect(likes(taken)).toBe(best);
    }),
  );
});

test('any header is answered', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (accept) => {
      expect(offered).toContain(chosen(accept));
    }),
  );
});
