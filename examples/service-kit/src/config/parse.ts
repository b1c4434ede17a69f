import { integer, number, oneOf, type Rule } from '@holdfast/pipeline';
import type { Parser } from './setting.ts';

/** Reads a text as a number and holds it to a rule. */
const numeric =
  (rule: Rule): Parser<number> =>
  (text) => {
    const value = /^[+-]?\d+(\.\d+)?$/.test(text) ? Number(text) : NaN;
    const broken = rule(value);
    if (broken !== undefined) throw new RangeError(broken);
    return value;
  };

function text(maxLength = 1_024): Parser<string> {
  return (value) => {
    if (value.length > maxLength) throw new RangeError(`must have at most ${maxLength} characters`);
    return value;
  };
}

function choice<const T extends string>(...choices: readonly T[]): Parser<T> {
  const rule = oneOf(...choices);
  return (value) => {
    const broken = rule(value);
    if (broken !== undefined) throw new TypeError(broken);
    return value as T;
  };
}

function flag(): Parser<boolean> {
  return (value) => {
    if (!/^(true|false|1|0)$/i.test(value)) throw new TypeError('must be true or false');
    return /^(true|1)$/i.test(value);
  };
}

function url(...protocols: readonly string[]): Parser<URL> {
  const allowed = protocols.length === 0 ? ['https:', 'http:'] : protocols;
  return (value) => {
    const parsed = URL.parse(value);
    if (parsed === null || !allowed.includes(parsed.protocol))
      throw new TypeError(`must be a URL with ${allowed.join(' or ')}`);
    // What is not declared a secret is shown to whoever asks.
    if (parsed.username !== '' || parsed.password !== '')
      throw new TypeError('must be a URL without user and password; declare it a secret to have them');
    return parsed;
  };
}

function list<T>(item: Parser<T>, maxItems = 100): Parser<readonly T[]> {
  return (value) => {
    const parts = value.split(',').map((part) => part.trim());
    if (parts.length > maxItems) throw new RangeError(`must have at most ${maxItems} items`);
    return parts.filter((part) => part !== '').map(item);
  };
}

/** What a variable may be read as. */
export const parse = {
  /** Any text, up to a number of characters: 1,024 unless told otherwise. */
  text,
  /** A whole number within bounds. */
  integer: (min: number, max?: number) => numeric(integer(min, max)),
  /** A number within bounds. */
  number: (min: number, max?: number) => numeric(number(min, max)),
  /** `true` or `1`, `false` or `0`. */
  flag,
  /** One of the given texts. */
  choice,
  /** A URL without user and password: with `https:` or `http:` unless other protocols are given. */
  url,
  /** Items between commas; blank ones do not count. At most 100 unless told otherwise. */
  list,
};
