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
  const entity = (named: boolean) =>
    secret.replaceAll(/[&<>"'/]/g, (sign) => (named && ENTITIES[sign]) || `&#${sign.charCodeAt(0)};`);
  const quoted = (plain: RegExp) =>
    [...bytes]
      .map((byte) =>
        plain.test(String.fromCharCode(byte)) ? String.fromCharCode(byte) : `=${hexOf(byte).toUpperCase()}`,
      )
      .join('');
  const hex = [...bytes].map(hexOf);
  const lines = wrapped(bytes.toString('base64').replaceAll('=', ''));
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
    ['hex in mixed case', hex.map((byte, at) => (at % 3 === 0 ? byte.toUpperCase() : byte)).join('')],
    ['hex with colons', hex.join(':')],
    ['HEX with colons', hex.join(':').toUpperCase()],
    ['a buffer inspected', hex.join(' ')],
    ['a buffer in JSON', [...bytes].join(',')],
    ['HTML', entity(true)],
    ['HTML by number', entity(false)],
    ['HTML in hex', [...secret].map((one) => `&#x${one.codePointAt(0)?.toString(16)};`).join('')],
    [
      'HTML IN HEX',
      [...secret].map((one) => `&#X0${one.codePointAt(0)?.toString(16).toUpperCase()};`).join(''),
    ],
    ['quoted-printable', quoted(/[ -<>-~]/)],
    ['quoted-printable in lines', quoted(/[ -<>-~]/).replaceAll(/(?:=..|[^=]){7}(?=.)/g, '$&=\r\n')],
    ['quoted-printable for every byte', quoted(/$^/)],
    ['backslash x', hex.map((byte) => `\\x${byte}`).join('')],
    ['backslash X for some', json.replaceAll(/\\"/g, '\\x22').replaceAll(/[^ -~]/gu, xEscape)],
    ['base64 in lines', lines],
    ['base64 in lines of Windows', lines.replaceAll('\n', '\r\n')],
    ['base64 in lines that are indented', lines.replaceAll('\n', '\n    ')],
    ['base64 in lines in JSON', lines.replaceAll('/', '\\/').replaceAll('\n', '\\r\\n')],
    ['base64 in lines in percent', encodeURIComponent(lines)],
    ['base64 in lines inspected', lines.replaceAll('\n', "\\n' +\n    '")],
    ['base64url in lines', wrapped(bytes.toString('base64url'))],
    ['percent in JSON', JSON.stringify(encodeURIComponent(secret)).slice(1, -1)],
  ]);
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&apos;',
};

/** In lines, which are short as secrets of tests are; no digit is alone in one. */
const wrapped = (text: string) => text.replaceAll(/.{7}(?=..)/g, '$&\n');

const xEscape = (character: string) =>
  [...Buffer.from(character)].map((byte) => `\\x${hexOf(byte).toUpperCase()}`).join('');

const hexOf = (byte: number) => byte.toString(16).padStart(2, '0');
