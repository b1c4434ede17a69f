import { type, type Rule, type Rules } from '@holdfast/pipeline';
import { slowDefaults, slowRules, type SlowOptions } from './slow.ts';

/** Whom a check asks over HTTP, and how. */
export interface HttpTarget extends SlowOptions {
  /** What to ask; absolute. */
  readonly url: string | URL;
  /** Sent with each request, e.g. `authorization`. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** How to ask. Default: the platform's `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

const url: Rule = (value) => (URL.canParse(String(value)) ? undefined : 'must be an absolute URL');

export const httpTargetRules: Rules<HttpTarget> = {
  ...slowRules,
  url,
  headers: type('object'),
  fetch: type('function'),
};

export const httpTargetDefaults = { ...slowDefaults, headers: {} };
