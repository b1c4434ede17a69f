import { Buffer } from 'node:buffer';
import { InjectionError } from './injection-error.ts';
import type { Injection } from './injection-rule.ts';
import { fieldsOf, render } from './template.ts';

/** A user and a password for basic authentication. */
export type Basic = Extract<Injection, { readonly into: 'basic' }>;

/** What stands for a user and a password in `Authorization: Basic` (RFC 7617). */
export function basicCredentials(
  { username = '{username}', password = '{password}' }: Basic,
  valueOf: (field: string) => string,
): string {
  const user = render(username, valueOf);
  if (user.includes(':')) throw new InjectionError('credential', 'the username must not have a colon');
  return Buffer.from(`${user}:${render(password, valueOf)}`).toString('base64');
}

/** Those fields that are secrets: a username is none, unless it stands for the password as well. */
export function secretFieldsOf({
  username = '{username}',
  password = '{password}',
}: Basic): readonly string[] {
  const fields = fieldsOf(password);
  return fields.length > 0 ? fields : fieldsOf(username);
}
