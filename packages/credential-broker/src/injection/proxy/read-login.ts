import { Buffer } from 'node:buffer';
import type { ProxyLogin } from './options.ts';

/** The user and password of a field `Proxy-Authorization` (RFC 7617); nothing where it is of another kind. */
export function readLogin(field: string): ProxyLogin | undefined {
  const [, coded = ''] = /^basic +([\w+/=-]+) *$/i.exec(field) ?? [];
  const text = Buffer.from(coded, 'base64').toString();
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  return { username: text.slice(0, colon), password: text.slice(colon + 1) };
}
