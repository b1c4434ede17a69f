import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SECRET_ANCHORS, secretPattern } from '../../src/redaction/secret-patterns.ts';
import { SUSPECT, TextScan } from '../../src/redaction/text-scan.ts';

const scan = new TextScan();
for (const anchor of SECRET_ANCHORS) scan.mark(anchor);

const word = (minLength: number) => fc.stringMatching(new RegExp(`^[A-Za-z0-9]{${minLength},30}$`));
const kinds: Readonly<Record<string, fc.Arbitrary<string>>> = {
  jwt: fc.tuple(word(8), word(8), word(8)).map(([a, b, c]) => `eyJ${a}.${b}.${c}`),
  bearer: fc
    .tuple(fc.constantFrom('Bearer', 'bearer', 'BEARER', 'Basic', 'DPoP'), word(8))
    .map((parts) => `${parts.join(' ')}7`),
  aws: fc.stringMatching(/^A(KIA|SIA)[0-9A-Z]{16}$/),
  prefixed: fc
    .tuple(
      fc.constantFrom(
        'ghp_',
        'gho_',
        'ghs_',
        'github_pat_',
        'glpat-',
        'xoxb-',
        'xoxp-',
        'npm_',
        'AIza',
        'ops_',
        'sk-',
        'sk_live_',
        'rk_test_',
        'hvs.',
      ),
      word(16),
    )
    .map((parts) => parts.join('')),
  url: fc.tuple(word(3), word(3)).map(([user, password]) => `https://${user}:${password}@host.example`),
  pem: fc.constantFrom('RSA ', 'EC ', '').map((kind) => `-----BEGIN ${kind}PRIVATE KEY-----\nabc`),
};

describe.each(Object.keys(kinds))('a secret of a well-known kind: %s', (kind) => {
  const secrets = kinds[kind] ?? fc.constant('');

  it('is matched, and has an anchor by which it is found at all', () => {
    fc.assert(
      fc.property(secrets, fc.constantFrom('', ' ', 'key=', '"'), (secret, before) => {
        const text = `${before}${secret}`;
        expect(secretPattern().test(text)).toBe(true);
        expect(scan.flags(text) & SUSPECT).toBe(SUSPECT);
      }),
    );
  });

  it('is matched each time, since the pattern that is handed out has no memory of others', () => {
    fc.assert(
      fc.property(secrets, (secret) => {
        const pattern = secretPattern();
        expect(secret.replace(pattern, 'x')).not.toBe(secret);
        expect(secret.replace(pattern, 'x')).not.toBe(secret);
      }),
    );
  });
});

it('ordinary texts are left alone', () => {
  const texts = [
    'https://user@host.example/path',
    'mailto:a@b.example',
    'task-list',
    'skeleton',
    'basic research',
    'a bearer of bad news arrived',
    'eyJ0.short',
    'ASIA and AKITA',
    '2026-11-21T12:00:00.000Z',
    '4bf92f3577b34da6a3ce929d0e0e4736',
    'Mozilla/5.0 (compatible; bot/1.0; +https://bot.example/info)',
  ];
  for (const text of texts) expect(text.replace(secretPattern(), '!'), text).toBe(text);
});

it('a long text does not take long: the pattern never goes back over it', () => {
  const hostile = [
    '://'.repeat(20_000),
    'eyJ'.repeat(20_000),
    'eyJ-'.repeat(250_000),
    `${'eyJ-'.repeat(125_000)}.${'b'.repeat(500_000)}`,
    `https://${'a:'.repeat(20_000)}`,
    '-----BEGIN '.repeat(10_000),
  ];
  for (const text of hostile) expect(text.replace(secretPattern(), '!').length).toBeGreaterThan(0);
});
