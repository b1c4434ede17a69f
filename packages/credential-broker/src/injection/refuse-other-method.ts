import { Buffer } from 'node:buffer';
import type { Draft } from './draft.ts';
import { InjectionError } from './injection-error.ts';

/** `_method`, and what PHP takes for it: it cuts blanks off and makes an underscore of what no variable may have. */
const NAME = /^\s*[_.[]method(\0|$)/i;
/** The same where names stand between others. */
const WORD = /(?<!\w)[_.[]method(?!\w)/i;

// Of a field that came twice, each of its types counts.
const JSON_TYPE = /(?:^|,)[^;,]*[/+-]json/;
/** Some read a body without a type, or one of plain text, as a form. */
const FORM_TYPE = /^\s*(?:$|[;,])|urlencoded|text\/plain/;
const CHARSET = /charset[\s\d*]*=\s*"?([^";,\s]*)/g;
const UTF_8: readonly unknown[] = ['utf-8', 'utf8', 'us-ascii', 'ascii'];

/**
 * Refuses a parameter that many frameworks take the method from, which no rule looks at: in the query, and in a body as
 * its type says.
 *
 * @throws {@link InjectionError} `denied`; `request` for a body of a JSON type that is not JSON in UTF-8, for others may
 *   read something else in it
 */
export function refuseOtherMethod({ url, headers, body }: Draft): void {
  const type = (headers.get('content-type') ?? '').toLowerCase();
  const text = body === undefined ? '' : Buffer.from(body).toString();
  const names = [
    ...parameters(url.search.slice(1)),
    ...(FORM_TYPE.test(type) ? parameters(text) : []),
    ...(JSON_TYPE.test(type) && text !== '' ? members(text, type) : []),
  ];
  const isNamed = names.some((name) => NAME.test(name));
  if (isNamed || (type.includes('multipart') && WORD.test(decoded(text.replaceAll('\\', '')))))
    throw new InjectionError('denied', 'a parameter must not name another method');
}

/** The names in a form. In Node.js `URLSearchParams` takes time that grows with the square of the number of them. */
const parameters = (text: string) =>
  text
    .replaceAll('+', ' ')
    .replaceAll(/=[^&;]*/g, '')
    .split(/[&;]/)
    .map(decoded);

/** What a JSON text that is an object has. */
function members(text: string, type: string): readonly string[] {
  const isUtf8 = [...type.matchAll(CHARSET)].every(([, charset]) => UTF_8.includes(charset));
  if (!isUtf8) throw notJson();
  try {
    const value: unknown = JSON.parse(text.replace(/^\ufeff/, ''));
    return value instanceof Object ? Object.keys(value) : [];
  } catch {
    throw notJson();
  }
}

const notJson = () => new InjectionError('request', 'a body of a JSON type must be JSON in UTF-8');

/** A text without percent-encoding, which may be wrong anywhere, and stand in the names of parts as well. */
const decoded = (text: string) =>
  text.replaceAll(/%([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
