import { Buffer } from 'node:buffer';
import type { Draft } from './draft.ts';
import { InjectionError } from './injection-error.ts';

/** `_method`, and what PHP takes for it: it cuts blanks off and makes an underscore of what no variable may have. */
const NAME = /^\s*[_.[]method(\0|$)/i;
/** The same where names stand between others. */
const WORD = /(?<!\w)[_.[]method(?!\w)/i;

/**
 * Refuses a parameter that many frameworks take the method from, which no rule looks at: in the query, and in a body as
 * whatever it may be read, for some read one without a type as a form.
 *
 * @throws {@link InjectionError} `denied`
 */
export function refuseOtherMethod({ url, headers, body }: Draft): void {
  const type = (headers.get('content-type') ?? '').toLowerCase();
  const text = body === undefined ? '' : Buffer.from(body).toString();
  const names = [
    ...parameters(url.search),
    ...parameters(text),
    ...(type.includes('json') ? members(text) : []),
  ];
  const isNamed = names.some((name) => NAME.test(name));
  if (isNamed || (type.includes('multipart') && WORD.test(unescaped(text))))
    throw new InjectionError('denied', 'a parameter must not name another method');
}

const parameters = (text: string) => new URLSearchParams(text).keys();

/** What a JSON text that is an object has. */
function members(text: string): readonly string[] {
  try {
    return Object.keys(JSON.parse(text) as object);
  } catch {
    return [];
  }
}

/** A text as those read it who know quoted pairs, or percent-encoding, in the names of parts. */
const unescaped = (text: string) =>
  text
    .replaceAll('\\', '')
    .replaceAll(/%([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(parseInt(digits, 16)));
