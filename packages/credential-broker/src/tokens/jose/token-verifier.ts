import { either, having, integer, readOptions, systemClock, type Clock, type Rule } from '@holdfast/pipeline';
import { errors, jwtVerify } from 'jose';
import type { VerificationKey, VerificationKeys } from '../keys/verification-key.ts';
import { TokenError, type TokenFailure } from '../token-error.ts';
import { readCompact, type CompactToken } from './compact.ts';
import type { TokenClaims } from './sign-token.ts';
import { readJsonObject } from './strict-json.ts';

/** Options of {@link createTokenVerifier}. */
export interface TokenVerifierOptions {
  /** The keys of the issuer: a {@link keyRing}, {@link publicKeys}, or whatever finds a key by its exact id. */
  readonly keys: VerificationKeys;
  /** Who must have issued the token. */
  readonly issuer: string;
  /**
   * Who it must be for: one of these, and nobody else besides. `any` for who only tells others about tokens, such as
   * an issuer that is asked about its own.
   */
  readonly audience: string | readonly string[];
  /** What kind of token it must be (`typ`), e.g. `at+jwt`. */
  readonly type: string;
  /** Claims that it must have, besides `iss`, `aud`, `iat` and `exp`. Default none. */
  readonly requiredClaims?: readonly string[] | undefined;
  /** How far the clocks of issuer and verifier may be apart, in milliseconds: 0 to 60,000. Default 5,000. */
  readonly clockSkewMs?: number | undefined;
  /** The source of time. Default the platform's. */
  readonly clock?: Clock | undefined;
}

/** Tells genuine tokens from others. */
export interface TokenVerifier {
  /**
   * The claims of a token that is genuine, ours, and valid now.
   *
   * @throws {@link TokenError} when it is anything else
   */
  verify(token: string): Promise<TokenClaims>;
}

/** The bounds of every `clockSkewMs`. */
export const SKEW = { rule: integer(0, 60_000), defaultMs: 5_000 };

// To jose, what is empty is not to be checked.
const text: Rule = (value) =>
  typeof value === 'string' && value !== '' ? undefined : 'must be a string that is not empty';

const texts =
  (least: number): Rule =>
  (value) =>
    Array.isArray(value) && value.length >= least && value.every((item) => text(item) === undefined)
      ? undefined
      : `must be an array of at least ${least} strings that are not empty`;

const rules = {
  keys: having('find'),
  issuer: text,
  audience: either(text, texts(1)),
  type: text,
  requiredClaims: texts(0),
  clockSkewMs: SKEW.rule,
  clock: having('now', 'wallNow'),
};

const FAILURES: Readonly<Record<string, TokenFailure>> = {
  [errors.JWSSignatureVerificationFailed.code]: 'signature',
  [errors.JWTExpired.code]: 'expired',
};
const CLAIM_FAILURES: Readonly<Record<string, TokenFailure>> = {
  typ: 'type',
  iss: 'issuer',
  aud: 'audience',
  nbf: 'not-yet-valid',
};

/**
 * Makes a verifier of tokens with everything pinned: keys and with them algorithms, issuer, audience and type.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 * @throws {@link RangeError} when the skew is out of bounds
 *
 * @example
 * ```ts
 * import { createTokenVerifier, publicKeys, type JwkSet } from '@holdfast/credential-broker';
 *
 * const verifierFor = (set: JwkSet) =>
 *   createTokenVerifier({ keys: publicKeys(set), issuer: 'https://idp.example', audience: 'api', type: 'at+jwt' });
 * ```
 */
export function createTokenVerifier(options: TokenVerifierOptions): TokenVerifier {
  const pinned = readVerifierOptions(options);
  return { verify: (token) => verify(token, pinned) };
}

function readVerifierOptions(options: TokenVerifierOptions) {
  const read = readOptions('createTokenVerifier', options, rules, {
    requiredClaims: [] as readonly string[],
    clockSkewMs: SKEW.defaultMs,
    clock: systemClock,
  });
  for (const name of ['keys', 'issuer', 'audience', 'type'] as const) {
    if (read[name] === undefined) throw new TypeError(`createTokenVerifier: ${name} is required`);
  }
  return read;
}

async function verify(token: string, pinned: ReturnType<typeof readVerifierOptions>): Promise<TokenClaims> {
  const compact = readCompact(token, 3);
  const key = await findKey(compact, pinned.keys);
  const { audience, clock, clockSkewMs } = pinned;
  const nowMs = clock.wallNow();
  const isAny = audience === 'any';
  try {
    await jwtVerify(token, key.verifyWith, {
      algorithms: [key.alg],
      typ: pinned.type,
      issuer: pinned.issuer,
      ...(isAny ? {} : { audience: [audience].flat() }),
      requiredClaims: ['aud', 'iat', 'exp', ...pinned.requiredClaims],
      clockTolerance: clockSkewMs / 1_000,
      currentDate: new Date(nowMs),
    });
  } catch (error) {
    throw asTokenError(error);
  }
  const claims = readJsonObject(compact.parts[1] as Uint8Array);
  if (claims === undefined) throw new TokenError('malformed', 'the claims have a key twice');
  checkInstants(claims, (nowMs + clockSkewMs) / 1_000);
  if (!isAny && ![claims['aud']].flat().every((one) => [audience].flat().includes(one as string))) {
    throw new TokenError('audience', 'the token is for others as well');
  }
  return claims;
}

/** The key that a token names, provided the token does not say another algorithm than the key's. */
async function findKey({ header }: CompactToken, keys: VerificationKeys): Promise<VerificationKey> {
  const key = typeof header['kid'] === 'string' ? await keys.find(header['kid']) : undefined;
  if (key === undefined) throw new TokenError('key', 'no valid key has the kid of the token');
  if (header['alg'] !== key.alg) throw new TokenError('key', 'the algorithm is not the one of the key');
  return key;
}

/** jose takes fractions and numbers without end, and an `iat` of tomorrow. */
function checkInstants(claims: TokenClaims, latestSeconds: number): void {
  const { iat, nbf = iat, exp } = claims;
  if (![iat, nbf, exp].every((instant) => Number.isSafeInteger(instant) && (instant as number) >= 0)) {
    throw new TokenError('claims', 'iat, nbf and exp must be whole seconds');
  }
  if ((iat as number) > latestSeconds)
    throw new TokenError('not-yet-valid', 'the token was issued in the future');
  if ((exp as number) <= (iat as number)) throw new TokenError('claims', 'the token ends before it begins');
}

/** The errors of jose carry the claims of the token, so they stay here. */
function asTokenError(error: unknown): TokenError {
  if (!(error instanceof errors.JOSEError))
    return new TokenError('malformed', 'the token cannot be verified');
  const claim = error instanceof errors.JWTClaimValidationFailed ? error.claim : undefined;
  const failure =
    FAILURES[error.code] ?? (claim === undefined ? 'malformed' : (CLAIM_FAILURES[claim] ?? 'claims'));
  return new TokenError(failure, `the token is refused: ${failure}`);
}
