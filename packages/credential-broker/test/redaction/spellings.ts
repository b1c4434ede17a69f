import { Buffer } from 'node:buffer';

/** A secret in every spelling in which it could leave, by name. Made without the code under test. */
export function spellings(secret: string): ReadonlyMap<string, string> {
  const bytes = Buffer.from(secret);
  const percent = (upper: boolean) =>
    [...bytes].map((byte) => '%' + (upper ? hexOf(byte).toUpperCase() : hexOf(byte))).join('');
  const json = JSON.stringify(secret).slice(1, -1);
  const unicode = secret
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('');
  const ascii = json.replaceAll(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  const form = new URLSearchParams({ x: secret }).toString().slice(2);
  return new Map([
    ['raw', secret],
    ['hex', bytes.toString('hex')],
    ['HEX', bytes.toString('hex').toUpperCase()],
    ['base64', bytes.toString('base64').replaceAll('=', '')],
    ['base64url', bytes.toString('base64url')],
    ['base64 with percent', encodeURIComponent(bytes.toString('base64').replaceAll('=', ''))],
    ['base64 with escaped solidus', bytes.toString('base64').replaceAll('=', '').replaceAll('/', '\\/')],
    ['percent', encodeURIComponent(secret)],
    [
      'percent in lower case',
      encodeURIComponent(secret).replaceAll(/%../g, (escape) => escape.toLowerCase()),
    ],
    ['percent for every byte', percent(false)],
    ['PERCENT for every byte', percent(true)],
    ['percent twice', encodeURIComponent(encodeURIComponent(secret))],
    ['form', form],
    ['form in lower case', form.replaceAll(/%../g, (escape) => escape.toLowerCase())],
    ['JSON', json],
    ['JSON with escaped solidus', json.replaceAll('/', '\\/')],
    ['JSON in ASCII', ascii],
    ['JSON escapes alone', unicode],
    ['JSON ESCAPES alone', unicode.toUpperCase().replaceAll('\\U', '\\u')],
    ['JSON twice', JSON.stringify(JSON.stringify(secret)).slice(3, -3)],
    ['JSON in percent', encodeURIComponent(json)],
    ['percent in JSON', JSON.stringify(encodeURIComponent(secret)).slice(1, -1)],
  ]);
}

const hexOf = (byte: number) => byte.toString(16).padStart(2, '0');
