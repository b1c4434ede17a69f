import type { LeaseCheck } from '../broker/broker.ts';
import type { CompiledRule } from './compile-rules.ts';
import type { Draft } from './draft.ts';
import { InjectionError } from './injection-error.ts';
import { fitsPath } from './path-pattern.ts';
import { place } from './place.ts';
import { refuseOtherMethod } from './refuse-other-method.ts';

/** A request and the rule that allows it. */
export interface Plan {
  readonly rule: CompiledRule;
  readonly draft: Draft;
}

type UsedLease = Parameters<LeaseCheck>[0];

/** Fields that say what is sent and wanted, and nothing of who asks or where it goes. */
const REQUEST_HEADERS: readonly string[] = [
  'accept',
  'accept-language',
  'content-language',
  'content-type',
  'idempotency-key',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-unmodified-since',
  'prefer',
  'traceparent',
  'tracestate',
  'user-agent',
  'x-request-id',
];

/**
 * Finds the rule that allows a request with a lease, and leaves of the request what it may carry.
 *
 * @param upgrade - whether `http:` may stand for `https:`
 * @throws {@link InjectionError} when there is none, the request names another method, or it lacks what the rule puts a
 *   secret into
 */
export function planFor(
  rules: readonly CompiledRule[],
  lease: UsedLease,
  asked: Draft,
  upgrade: boolean,
): Plan {
  for (const url of upgrade ? [asked.url, upgraded(asked.url)] : [asked.url]) {
    const rule = rules.find((one) => allows(one, lease, url, asked.method));
    if (rule === undefined) continue;
    refuseOtherMethod(asked);
    const headers = new Headers([...asked.headers].filter(([name]) => isSent(rule, name)));
    const draft = { ...asked, url, headers };
    // With something in place of the secret it shows whether there is a place for it, before anything is used up.
    for (const injection of rule.inject) place(draft, injection, () => 'x');
    return { rule, draft };
  }
  const message = `no rule allows ${asked.method} to ${asked.url.origin} with this credential`;
  throw new InjectionError('denied', message);
}

function allows(
  { isFor, origin, methods, paths, scope }: CompiledRule,
  lease: UsedLease,
  url: URL,
  method: string,
): boolean {
  return (
    url.origin === origin &&
    methods.includes(method) &&
    isFor(lease.resource.ref) &&
    (scope === undefined || lease.scope.includes(scope)) &&
    (lease.audience === undefined || lease.audience === origin) &&
    paths.some((pattern) => fitsPath(pattern, url.pathname))
  );
}

const isSent = ({ requestHeaders = [] }: CompiledRule, name: string) =>
  REQUEST_HEADERS.includes(name) || requestHeaders.includes(name);

const upgraded = ({ href, protocol }: URL) =>
  new URL(protocol === 'http:' ? `https:${href.slice('http:'.length)}` : href);
