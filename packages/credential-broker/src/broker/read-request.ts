import { check, integer, oneOf, type } from '@holdfast/pipeline';
import type { DeliveryMode } from '../leases/lease.ts';
import type { CredentialRequest } from './broker.ts';
import type { Principal } from './principal.ts';
import { checkPrincipal, checkText, checkThumbprint, checkVisible } from './read-principal.ts';
import { RESOURCE_TYPES, type Resource } from './resource.ts';

/** A request that was checked, with its defaults. */
export interface Asked {
  readonly principal: Principal;
  readonly resource: Resource;
  readonly scope: readonly string[];
  readonly audience: string | undefined;
  readonly mode: DeliveryMode;
  readonly ttlMs: number | undefined;
  readonly redeemer: string;
  readonly keyThumbprint: string | undefined;
  readonly sealTo: JsonWebKey | undefined;
  readonly oneTime: boolean | undefined;
  readonly reason: string | undefined;
  readonly approvalId: string | undefined;
  readonly protocol: string | undefined;
  readonly parameters: Readonly<Record<string, string>>;
}

/** The longest life of what an agent is given, in milliseconds. */
const AGENT_TTL_MS = 900_000;

/** The life of what a principal is given at once, in milliseconds, where it may have something for `ttlMs`. */
export const cappedTtl = (ttlMs: number, { type }: Principal): number =>
  type === 'agent' ? Math.min(ttlMs, AGENT_TTL_MS) : ttlMs;

const AGENT_TTL = integer(60, AGENT_TTL_MS / 1_000);
const TTL = integer(1, 86_400);
const MODE = oneOf('reference', 'sealed', 'injected', 'disclose');
const TYPE = oneOf(...RESOURCE_TYPES);
const BOOLEAN = type('boolean');
const OBJECT = type('object');
const NO_PARAMETERS: Readonly<Record<string, string>> = Object.freeze({});
const READ: readonly string[] = Object.freeze(['read']);
/** RFC 6749, appendix A.4. */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]{1,64}$/;
const PROTOCOL = /^[A-Za-z0-9-]{1,32}$/;
/** A scheme, and segments of which none is empty, `.` or `..`: whoever reads a reference reads it in the same way. */
const REF = /^[a-z][a-z0-9+.-]*:\/(?:\/(?!\.\.?(?:\/|$))[^/\\]+)+$/u;

const NAMES: ReadonlySet<string> = new Set<keyof CredentialRequest>([
  'principal',
  'resource',
  'scope',
  'audience',
  'mode',
  'ttlSeconds',
  'redeemer',
  'keyThumbprint',
  'sealTo',
  'oneTime',
  'reason',
  'approvalId',
  'protocol',
  'parameters',
]);

/**
 * Checks a request and fills in what it does not say.
 *
 * @throws {@link TypeError} naming the field that is unknown or wrong; no value is shown that could be a secret
 * @throws {@link RangeError} when the time asked for is out of bounds
 */
export function readRequest(owner: string, request: CredentialRequest): Asked {
  check(`${owner}: request`, request, OBJECT);
  for (const name of Object.keys(request)) {
    if (!NAMES.has(name))
      throw new TypeError(`${owner}: a request has no such field; it has ${[...NAMES].join(', ')}`);
  }
  const { principal, audience, mode = 'reference', reason, approvalId, protocol, oneTime, sealTo } = request;
  checkPrincipal(owner, principal);
  const resource = readResource(owner, request.resource);
  if (audience !== undefined) checkText(`${owner}: audience`, audience, 256);
  check(`${owner}: mode`, mode, MODE);
  if (reason !== undefined) checkText(`${owner}: reason`, reason, 512);
  if (approvalId !== undefined) checkText(`${owner}: approvalId`, approvalId, 64);
  if (oneTime !== undefined) check(`${owner}: oneTime`, oneTime, BOOLEAN);
  if (sealTo !== undefined) check(`${owner}: sealTo`, sealTo, OBJECT);
  if (protocol !== undefined && !(typeof protocol === 'string' && PROTOCOL.test(protocol))) {
    throw new TypeError(`${owner}: protocol must be 1 to 32 letters, digits or -`);
  }
  const { redeemer = principal.id } = request;
  checkText(`${owner}: redeemer`, redeemer, 256);
  return {
    principal,
    resource,
    scope: readScope(owner, request.scope),
    audience,
    mode,
    ttlMs: readTtl(owner, request.ttlSeconds, principal),
    redeemer,
    keyThumbprint: readKey(owner, request.keyThumbprint, principal, redeemer),
    sealTo,
    oneTime,
    reason,
    approvalId,
    protocol,
    parameters: readParameters(owner, request.parameters),
  };
}

function readResource(owner: string, resource: Resource): Resource {
  check(`${owner}: resource`, resource, OBJECT);
  const { type, ref, ...others } = resource;
  if (Object.keys(others).length > 0) {
    throw new TypeError(`${owner}: resource has no such field; it has type, ref`);
  }
  check(`${owner}: resource.type`, type, TYPE);
  checkText(`${owner}: resource.ref`, ref, 512);
  if (!REF.test(ref) || ref.normalize('NFC') !== ref) {
    throw new TypeError(`${owner}: resource.ref must be scheme://path, of segments in Unicode's form C`);
  }
  return { type, ref };
}

/** A list of 1 to 16 scopes, none of them twice. */
export function readScope(owner: string, scope: readonly string[] | undefined): readonly string[] {
  if (scope === undefined) return READ;
  if (!Array.isArray(scope) || scope.length < 1 || scope.length > 16) {
    throw new TypeError(`${owner}: scope must be a list of 1 to 16`);
  }
  if (!scope.every((one) => typeof one === 'string' && SCOPE.test(one))) {
    throw new TypeError(
      `${owner}: scope must be of 1 to 64 visible ASCII characters without quote and backslash`,
    );
  }
  if (scope.length > 1 && new Set(scope).size < scope.length) {
    throw new TypeError(`${owner}: scope must not have one twice`);
  }
  return Object.freeze([...(scope as readonly string[])]);
}

/** Milliseconds of a time asked for, within what this kind of principal may ask for. */
export function readTtl(
  owner: string,
  ttlSeconds: number | undefined,
  principal: Principal,
): number | undefined {
  if (ttlSeconds === undefined) return undefined;
  check(`${owner}: ttlSeconds`, ttlSeconds, principal.type === 'agent' ? AGENT_TTL : TTL);
  return ttlSeconds * 1_000;
}

/** The key to be proven: what is asked for, else the one that the principal has proven, if it redeems itself. */
function readKey(owner: string, asked: string | undefined, principal: Principal, redeemer: string) {
  if (asked !== undefined) checkThumbprint(`${owner}: keyThumbprint`, asked);
  return asked ?? (redeemer === principal.id ? principal.keyThumbprint : undefined);
}

function readParameters(owner: string, parameters: Readonly<Record<string, string>> | undefined) {
  if (parameters === undefined) return NO_PARAMETERS;
  check(`${owner}: parameters`, parameters, OBJECT);
  const entries = Object.entries(parameters);
  if (entries.length > 16) throw new TypeError(`${owner}: parameters must be at most 16`);
  for (const [name, value] of entries) {
    checkText(`${owner}: a name of parameters`, name, 64);
    if (name === '__proto__') throw new TypeError(`${owner}: parameters must have other names`);
    if (typeof value !== 'string' || value.length > 4_096) {
      throw new TypeError(`${owner}: parameters must be strings of at most 4096 characters`);
    }
    checkVisible(`${owner}: parameters`, value.replace(/[\t\r\n]/g, ' '));
  }
  return Object.freeze(Object.fromEntries(entries));
}
