import { basicCredentials } from './basic.ts';
import type { Draft } from './draft.ts';
import { InjectionError } from './injection-error.ts';
import type { Injection } from './injection-rule.ts';
import { placeInJson } from './place-in-json.ts';
import { render } from './template.ts';

/** Visible ASCII and blanks (RFC 9110, section 5.5): of anything else servers do not agree on the encoding. */
const FIELD_VALUE = /^[\x20-\x7e]*$/;
const FORM = 'application/x-www-form-urlencoded';

/**
 * Puts a secret where it belongs.
 *
 * @param valueOf - a field of the credential
 * @throws {@link InjectionError} when the request has no such place, or the secret does not fit there
 */
export function place(draft: Draft, injection: Injection, valueOf: (field: string) => string): Draft {
  if (injection.into === 'basic')
    return setHeader(draft, 'authorization', `Basic ${basicCredentials(injection, valueOf)}`);
  const value = render(injection.template, valueOf);
  switch (injection.into) {
    case 'header':
      return setHeader(draft, injection.name, value);
    case 'query': {
      const url = new URL(draft.url);
      url.search = setParameter(url.search.slice(1), injection.name, value);
      return { ...draft, url };
    }
    case 'form':
      return { ...draft, body: setParameter(textOf(draft, isForm), injection.name, value) };
    case 'json':
      return { ...draft, body: placeInJson(textOf(draft, isJson), injection.pointer, value) };
    default:
      return injection satisfies never;
  }
}

function setHeader(draft: Draft, name: string, value: string): Draft {
  if (!FIELD_VALUE.test(value))
    throw new InjectionError('credential', 'the credential has characters that no header field takes');
  const headers = new Headers(draft.headers);
  headers.set(name, value);
  return { ...draft, headers };
}

/** A query or form in which a parameter is there once, and the others as they were. */
function setParameter(text: string, name: string, value: string): string {
  const others = text.split('&').filter((part) => part !== '' && !new URLSearchParams(part).has(name));
  return [...others, `${encodeURIComponent(name)}=${encodeURIComponent(value)}`].join('&');
}

const isForm = (type: string) => type === FORM;
const isJson = (type: string) => type === 'application/json' || /^application\/[\w.+-]+\+json$/.test(type);

function textOf({ headers, body }: Draft, fits: (type: string) => boolean): string {
  const [type = '', ...parameters] = (headers.get('content-type') ?? '').toLowerCase().split(/\s*;\s*/);
  const isUtf8 = parameters.every((one) => !one.startsWith('charset') || /^charset="?utf-8"?$/.test(one));
  if (!fits(type) || !isUtf8) throw wrongBody();
  if (typeof body === 'string') return body;
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    throw wrongBody();
  }
}

const wrongBody = () =>
  new InjectionError('request', 'the body must be of the type that the rule puts a secret into, in UTF-8');
