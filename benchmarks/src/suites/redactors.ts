import { createRedactor } from '@holdfast/credential-broker';
import { seededRandom } from '@holdfast/pipeline/testing';
import type { TimedCase } from '../harness/timed-case.ts';
import { timingSuite } from '../harness/timing-suite.ts';

const SECRETS = 100;
const BYTES = 1024 * 1024;
/** What 100 MB/s comes to. */
const TARGET_NS = (BYTES / 100e6) * 1e9;

const about = `A mebibyte of JSON, searched for ${SECRETS} secrets in every spelling that the redactor knows: as they are, in base64
wherever it begins, hex, and with escapes of URLs, forms, JSON, HTML and mail. The peers search for the secrets as they are and in one
base64 and hex spelling each: one regular expression of all, or one replacement after another.`;

export const redactors = timingSuite('redactor', about, () => {
  const random = seededRandom(7);
  const word = (length: number) =>
    Array.from({ length }, () => 'abcdefghijklmnopqrstuvwxyz0123456789'[Math.floor(random() * 36)]).join('');
  const secrets = Array.from({ length: SECRETS }, () => word(24));
  const clean = textOf(word);
  const text = `${clean.slice(0, BYTES / 2)}${secrets[50]}${clean.slice(BYTES / 2 + 24)}`;
  const redactor = createRedactor();
  for (const secret of secrets) redactor.register(secret);
  const cleanBytes = Buffer.from(clean);
  const bytes = Buffer.from(text);
  const target = { atMost: { nsPerOp: TARGET_NS } };
  return [
    timed('look for one byte', 'platform', () => cleanBytes.indexOf(0)),
    { ...timed('clean bytes', 'holdfast', () => redactor.cleanBytes(cleanBytes), 'clean'), target },
    { ...timed('bytes with one secret', 'holdfast', () => redactor.cleanBytes(bytes), 'one'), target },
    { ...timed('clean text', 'holdfast', () => redactor.clean(clean)), target },
    ...peers(secrets, clean, text),
  ];
});

function timed(name: string, subject: string, op: () => unknown, job?: string): TimedCase {
  return { name, subject, op, ending: 'returns', countsBytes: false, ...(job !== undefined && { job }) };
}

/** Log lines, of a mebibyte together. */
function textOf(word: (length: number) => string): string {
  let text = '';
  while (text.length < BYTES)
    text += `{"level":"info","user":"${word(8)}","path":"/${word(12)}","ms":${text.length % 997}}\n`;
  return text.slice(0, BYTES);
}

function peers(secrets: readonly string[], clean: string, text: string): readonly TimedCase[] {
  const spellings = secrets.flatMap((secret) => {
    const bytes = Buffer.from(secret);
    return [secret, bytes.toString('base64'), bytes.toString('hex')];
  });
  const pattern = new RegExp(spellings.map((each) => each.replaceAll(/[+/=]/g, '\\$&')).join('|'), 'g');
  const byPattern = (from: string) => from.replaceAll(pattern, '[secret]');
  const oneByOne = (from: string) =>
    spellings.reduce((left, each) => left.replaceAll(each, '[secret]'), from);
  return [
    timed('clean text', 'RegExp', () => byPattern(clean), 'clean'),
    timed('text with one secret', 'RegExp', () => byPattern(text), 'one'),
    timed('clean text', 'replaceAll', () => oneByOne(clean), 'clean'),
    timed('text with one secret', 'replaceAll', () => oneByOne(text), 'one'),
  ];
}
