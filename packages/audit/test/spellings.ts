import { Buffer } from 'node:buffer';

/** The spellings of a secret that its readers know how to undo. */
export function spellings(secret: string): ReadonlyMap<string, string> {
  const bytes = Buffer.from(secret);
  const hex = bytes.toString('hex');
  const basic = Buffer.from(`user:${secret}`).toString('base64');
  return new Map([
    ['raw', secret],
    ['base64', bytes.toString('base64')],
    ['base64url', bytes.toString('base64url')],
    ['basic authentication', basic],
    ['base64 after one byte', Buffer.from(`x${secret}`).toString('base64')],
    ['base64 after two bytes', Buffer.from(`xy${secret}z`).toString('base64')],
    ['hex', hex],
    ['upper-case hex', hex.toUpperCase()],
    ['percent-encoded', encodeURIComponent(secret)],
    ['percent-encoded as a form', new URLSearchParams([['', secret]]).toString().slice(1)],
    ['percent-encoded as a whole', hex.replace(/../g, '%$&')],
    ['percent-encoded twice', encodeURIComponent(encodeURIComponent(secret))],
    ['JSON', JSON.stringify(secret)],
    [
      'JSON in unicode escapes',
      [...secret].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join(''),
    ],
  ]);
}
