import { MAX_ACTORS, readActor, type Actor } from '../credential/actor.ts';
import { readScope } from '../credential/scope.ts';
import type { TokenClaims } from '../jose/sign-token.ts';
import type { ExchangeRequest } from './exchange-request.ts';
import { OAuthError } from './oauth-error.ts';

/** What a narrower token is made of; see {@link narrowClaims}. */
export interface NarrowClaimsOptions {
  /** What the verified `subject_token` says. */
  readonly subject: TokenClaims;
  /**
   * Who is to act with the new token: what the verified `actor_token` says, or the client that was authenticated, with
   * its tenant (`tid`) in either case.
   */
  readonly actor: TokenClaims;
  /** What is asked for. */
  readonly request: Pick<ExchangeRequest, 'audience' | 'scope'>;
  /** The id of the new token; unique. */
  readonly tokenId: string;
  /** Who issues the new token. */
  readonly issuer: string;
  /** Now, in milliseconds since the Unix epoch. */
  readonly nowMs: number;
  /** The longest that the new token may last, in milliseconds. */
  readonly maxTtlMs: number;
  /** The audiences that this actor may be given tokens for, besides that of the subject's token. Default none. */
  readonly audiences?: readonly string[] | undefined;
  /** The thumbprint of the key that the actor has proven to hold: the new token is bound to it. */
  readonly keyThumbprint?: string | undefined;
}

/**
 * Says what the narrower token of an exchange says (RFC 8693): the same subject and tenant, no more scope, no other
 * audience than is allowed, no later end, and the actor on top of those before it. An actor other than the subject
 * and the one who acts already must be named in the token's `may_act`.
 *
 * @throws {@link OAuthError} `invalid_grant` when the actor may not act for the subject, is of another tenant or one
 *   too many, cannot prove a key although the token is bound to one, or the token has ended; `invalid_scope` and
 *   `invalid_target` when more is asked for than there is
 *
 * @example
 * ```ts
 * import { narrowClaims, type ExchangeRequest, type TokenClaims } from '@holdfast/credential-broker';
 *
 * const claimsFor = (subject: TokenClaims, actor: TokenClaims, request: ExchangeRequest) =>
 *   narrowClaims({
 *     subject,
 *     actor,
 *     request,
 *     tokenId: 'c9e1',
 *     issuer: 'https://broker.example',
 *     nowMs: 1_767_225_600_000,
 *     maxTtlMs: 300_000,
 *   });
 * ```
 */
export function narrowClaims(options: NarrowClaimsOptions): TokenClaims {
  const { subject, actor, request, keyThumbprint } = options;
  const iat = Math.floor(options.nowMs / 1_000);
  const exp = Math.min(Number(subject['exp']), Math.floor((options.nowMs + options.maxTtlMs) / 1_000));
  if (!(exp > iat)) throw new OAuthError('invalid_grant', 'the token has ended');
  if (subject['tid'] !== actor['tid'])
    throw new OAuthError('invalid_grant', 'the actor may not act for the subject');
  if (subject['cnf'] !== undefined && keyThumbprint === undefined) {
    throw new OAuthError('invalid_grant', 'the token is bound to a key, so the new one has to be');
  }
  return {
    iss: options.issuer,
    aud: narrowAudience(subject, request.audience, options.audiences),
    sub: subject['sub'],
    ...(subject['tid'] === undefined ? {} : { tid: subject['tid'] }),
    jti: options.tokenId,
    iat,
    nbf: iat,
    exp,
    scope: narrowScope(subject, request.scope),
    ...(keyThumbprint === undefined ? {} : { cnf: { jkt: keyThumbprint } }),
    ...delegation(subject, actor),
  };
}

function narrowScope(subject: TokenClaims, asked: readonly string[] | undefined): string {
  const held = readScope(subject['scope'] ?? '') ?? [];
  if (asked?.every((scope) => held.includes(scope)) === false) {
    throw new OAuthError('invalid_scope', 'the scope is wider than that of the token');
  }
  return (asked ?? held).join(' ');
}

function narrowAudience(
  subject: TokenClaims,
  asked: string | undefined,
  allowed: readonly string[] = [],
): string {
  const audience = asked ?? subject['aud'];
  if (typeof audience !== 'string') throw new OAuthError('invalid_target', 'the audience must be said');
  if (audience !== subject['aud'] && !allowed.includes(audience)) {
    throw new OAuthError('invalid_target', 'the token cannot be exchanged for this audience');
  }
  return audience;
}

/** Who acts now, and who may after: only those that the subject's token named. */
function delegation(subject: TokenClaims, actor: TokenClaims): { act?: Actor; may_act?: unknown } {
  const earlier = subject['act'] === undefined ? undefined : readActor(subject['act']);
  if (subject['act'] !== undefined && earlier === undefined) throw mayNot();
  const mayAct = subject['may_act'];
  if (isSame(subject, actor)) {
    return { ...(earlier && { act: earlier }), ...(mayAct === undefined ? {} : { may_act: mayAct }) };
  }
  if (earlier !== undefined && isSame({ ...earlier }, actor)) return { act: earlier };
  if (!isNamed(mayAct, actor) || depthOf(earlier) >= MAX_ACTORS) throw mayNot();
  const { sub, iss } = actor;
  const act = readActor({ sub, ...(iss === undefined ? {} : { iss }), ...(earlier && { act: earlier }) });
  if (act === undefined) throw mayNot();
  return { act };
}

const isSame = (one: TokenClaims, other: TokenClaims) =>
  typeof other['sub'] === 'string' && one['sub'] === other['sub'] && one['iss'] === other['iss'];

/** Whether a `may_act` claim (RFC 8693, section 4.4) names an actor: all that it says must be true of it. */
function isNamed(mayAct: unknown, actor: TokenClaims): boolean {
  if (typeof mayAct !== 'object' || mayAct === null) return false;
  const { sub, ...others } = mayAct as Record<string, unknown>;
  if (typeof sub !== 'string' || sub !== actor['sub']) return false;
  return Object.entries(others).every(([name, value]) => actor[name] === value);
}

const depthOf = (actor: Actor | undefined): number => (actor === undefined ? 0 : 1 + depthOf(actor.act));

const mayNot = () => new OAuthError('invalid_grant', 'the actor may not act for the subject');
