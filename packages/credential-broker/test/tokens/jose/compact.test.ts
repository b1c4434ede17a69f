import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fromBase64url } from '../../../src/tokens/jose/base64url.ts';
import { MAX_TOKEN_LENGTH, readCompact } from '../../../src/tokens/jose/compact.ts';
import { failureOf } from '../failure-of.ts';
import { encoded } from '../hand-made.ts';

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const header = encoded({ alg: 'EdDSA', kid: 'a' });
const jws = `${header}.${encoded({ sub: 'x' })}.${Buffer.alloc(64, 7).toString('base64url')}`;
const jwe = `${header}..${encoded('iv')}.${encoded('text')}.${encoded('tag')}`;

/** The spellings that a lenient decoder takes for the same bytes. */
function lenientSpellings(part: string): string[] {
  const bytes = Buffer.from(part, 'base64url');
  const spellings = [
    `${part}=`,
    `${part}==`,
    ` ${part}`,
    `${part}\n`,
    `${part.slice(0, 2)} ${part.slice(2)}`,
    `${part.slice(0, 2)}\r\n${part.slice(2)}`,
    `${part}?`,
    bytes.toString('base64'),
    `${part}A`.slice(0, part.length + 1),
  ];
  for (const last of ALPHABET) spellings.push(part.slice(0, -1) + last);
  return spellings.filter((one) => one !== part && Buffer.from(one, 'base64url').equals(bytes));
}

describe('a strict reader of compact tokens', () => {
  it('reads tokens of three and of five parts', () => {
    expect(readCompact(jws, 3).header).toEqual({ alg: 'EdDSA', kid: 'a' });
    expect(readCompact(jwe, 5).parts.map((part) => part.length)).toEqual([25, 0, 2, 4, 3]);
  });

  it.each([0, 1, 2])('refuses every other spelling of part %i', async (at) => {
    const parts = jws.split('.');
    const others = lenientSpellings(parts[at] as string);
    expect(others.length).toBeGreaterThan(3);
    for (const other of others) {
      const token = parts.with(at, other).join('.');
      expect(await failureOf(() => readCompact(token, 3)), other).toBe('malformed');
    }
  });

  it('refuses bits after the last byte', async () => {
    // Of 64 bytes the last two digits hold 12 bits, 4 of them beyond the end.
    const last = ALPHABET.indexOf(jws.at(-1) as string);
    for (const bit of [1, 2, 4, 8]) {
      const token = jws.slice(0, -1) + (ALPHABET[last | bit] as string);
      expect(Buffer.from(token.split('.')[2] as string, 'base64url')).toEqual(Buffer.alloc(64, 7));
      expect(await failureOf(() => readCompact(token, 3))).toBe('malformed');
    }
  });

  it('has one spelling for any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 20 }), fc.string({ maxLength: 30 }), (bytes, text) => {
        expect(fromBase64url(Buffer.from(bytes).toString('base64url'))).toEqual(Buffer.from(bytes));
        const read = fromBase64url(text);
        if (read !== undefined) expect(read.toString('base64url')).toBe(text);
      }),
    );
  });

  it.each([
    ['no text', 17],
    ['no token', ''],
    ['two parts', 'e30.e30'],
    ['four parts', `${jws}.e30`],
    ['a trailing dot', `${jws}.`],
    ['five parts', jwe],
    ['an object in the JSON serialization', JSON.stringify({ payload: 'e30', protected: header })],
    ['a blank before', ` ${jws}`],
    ['a line break behind', `${jws}\n`],
    ['an empty header', `.${jws.split('.').slice(1).join('.')}`],
    ['a header that is an array', `${encoded([])}.e30.AA`],
    ['a header with a key twice', `${encoded('{"alg":"EdDSA","alg":"none"}')}.e30.AA`],
    ['a header that is not UTF-8', `${Buffer.from([0xff]).toString('base64url')}.e30.AA`],
  ])('refuses %s', async (_, token) => {
    expect(await failureOf(() => readCompact(token, 3))).toBe('malformed');
  });

  it.each(['crit', 'jku', 'x5u', 'jwk', 'x5c', 'zip', 'b64'])('refuses a header with %s', async (name) => {
    for (const value of ['https://keys.example', ['exp'], {}, false, null]) {
      const token = `${encoded({ alg: 'EdDSA', kid: 'a', [name]: value })}.e30.AA`;
      expect(await failureOf(() => readCompact(token, 3))).toBe('malformed');
    }
  });

  it('takes a key in the header only where one is expected', async () => {
    const token = `${encoded({ alg: 'ES256', jwk: {} })}.e30.AA`;
    expect(await failureOf(() => readCompact(token, 3, true))).toBe('accepted');
    const withMore = `${encoded({ alg: 'ES256', jwk: {}, jku: 'x' })}.e30.AA`;
    expect(await failureOf(() => readCompact(withMore, 3, true))).toBe('malformed');
  });

  it('looks at no token that is too long', async () => {
    const longest = `${header}.${'A'.repeat(MAX_TOKEN_LENGTH - header.length - 2 - 4)}.AAAA`;
    expect(longest).toHaveLength(MAX_TOKEN_LENGTH);
    expect(await failureOf(() => readCompact(longest, 3))).toBe('accepted');
    expect(await failureOf(() => readCompact(`${longest}AAAA`, 3))).toBe('malformed');
    expect(await failureOf(() => readCompact('.'.repeat(1_000_000), 3))).toBe('malformed');
  });

  it('says nothing of the token in its error', () => {
    expect(() => readCompact('the-secret-itself', 3)).toThrow('the token must have 3 parts');
    expect(() => readCompact(`${encoded({ jku: 'https://x' })}..`, 3)).toThrow(
      'the token must not have jku in its header',
    );
  });
});
