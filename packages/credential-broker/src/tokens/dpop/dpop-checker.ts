import { check, having, integer, readOptions, systemClock, type, type Clock } from '@holdfast/pipeline';
import { compactVerify } from 'jose';
import { readCompact } from '../jose/compact.ts';
import type { TokenClaims } from '../jose/sign-token.ts';
import { readJsonObject } from '../jose/strict-json.ts';
import { SKEW } from '../jose/token-verifier.ts';
import { readPublicJwk } from '../keys/verification-key.ts';
import { TokenError } from '../token-error.ts';
import type { DpopNonces } from './dpop-nonces.ts';
import { accessTokenHash, PROOF_TYPE } from './dpop-proof.ts';
import { MemoryReplayWindow, type ReplayWindow } from './replay-window.ts';
import { targetUri } from './target-uri.ts';

/** Options of {@link createDpopChecker}. */
export interface DpopCheckerOptions {
  /** How old a proof may be, in milliseconds: 1,000 to 300,000. Default 60,000. */
  readonly maxAgeMs?: number | undefined;
  /** How far in the future a proof may have been made, in milliseconds: 0 to 60,000. Default 5,000. */
  readonly clockSkewMs?: number | undefined;
  /** What proofs must have besides; `current()` goes with every answer. Default none. */
  readonly nonces?: DpopNonces | undefined;
  /** How many proofs of one key are remembered; more are refused for a while. Default 1,000; at least 1. */
  readonly maxProofsPerKey?: number | undefined;
  /**
   * How many proofs are remembered of all keys that a token is bound to, and as many of others; more are refused for a
   * while. Default 100,000; at least 1.
   */
  readonly maxProofs?: number | undefined;
  /** Where proofs are remembered, for a server of several instances. Default in memory. */
  readonly replays?: ReplayWindow | undefined;
  /** The source of time. Default the platform's. */
  readonly clock?: Clock | undefined;
}

/** The request that a proof came with. */
export interface ProvenRequest {
  readonly method: string;
  /** The URI that the client called, as it is seen from outside. */
  readonly url: string;
  /** The access token of the request, if one came with it: the proof must be for it. */
  readonly accessToken?: string | undefined;
  /** The key that the access token is bound to (`cnf.jkt`): the proof must be made with it. */
  readonly keyThumbprint?: string | undefined;
}

/** Checks proofs of possession. */
export interface DpopChecker {
  /**
   * Checks the proof of a request, which is good once.
   *
   * @param proof - the one value of its `DPoP` header
   * @returns the thumbprint (RFC 7638) of the key that the client has proven to hold
   * @throws {@link TypeError} when the request is not one
   * @throws {@link TokenError} `proof` or `malformed` when it is no proof for this request, `nonce` when it lacks a
   *   current one, `replayed` when it was seen before or the key has made too many
   */
  check(proof: string, request: ProvenRequest): Promise<string>;
}

const rules = {
  maxAgeMs: integer(1_000, 300_000),
  clockSkewMs: SKEW.rule,
  nonces: having('current', 'accepts'),
  maxProofsPerKey: integer(1),
  maxProofs: integer(1),
  replays: having('firstUse'),
  clock: having('now', 'wallNow'),
};

const OBJECT = type('object');
const TEXT = type('string');
const MAX_ID_LENGTH = 256;

/** No public key has these. */
const PRIVATE = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'oth', 'k'];

/**
 * Makes a checker of proofs (RFC 9449, section 4.3).
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { createDpopChecker, createDpopProof, generateDpopKey } from '@holdfast/credential-broker';
 *
 * const request = { method: 'GET', url: 'https://api.example/orders' };
 * const proof = await createDpopProof({ key: generateDpopKey(), ...request });
 * console.log(await createDpopChecker().check(proof, request)); // the thumbprint of the key
 * ```
 */
export function createDpopChecker(options: DpopCheckerOptions = {}): DpopChecker {
  const read = readOptions('createDpopChecker', options, rules, {
    maxAgeMs: 60_000,
    clockSkewMs: SKEW.defaultMs,
    maxProofsPerKey: 1_000,
    maxProofs: 100_000,
    clock: systemClock,
  });
  const { maxAgeMs, clockSkewMs, nonces, clock } = read;
  let latestMs = 0;
  // A clock that is put back must not make a forgotten proof good again.
  const nowMs = () => (latestMs = Math.max(latestMs, clock.wallNow()));
  const replays =
    read.replays ??
    new MemoryReplayWindow(maxAgeMs + clockSkewMs, nowMs, read.maxProofsPerKey, read.maxProofs);

  return {
    check: async (proof, request) => {
      check('check: request', request, OBJECT);
      check('check: method', request.method, TEXT);
      check('check: url', request.url, TEXT);
      const { claims, thumbprint } = await readProof(proof);
      checkRequest(claims, request);
      if (request.keyThumbprint !== undefined && request.keyThumbprint !== thumbprint) {
        throw refused('is made with another key');
      }
      const { iat, jti, nonce } = claims;
      const madeAtMs = Number(iat) * 1_000;
      const ageMs = nowMs() - madeAtMs;
      if (!(typeof iat === 'number' && ageMs <= maxAgeMs && -ageMs <= clockSkewMs)) {
        throw refused('is not of this time');
      }
      if (nonces !== undefined && !(typeof nonce === 'string' && nonces.accepts(nonce))) {
        throw new TokenError('nonce', 'the proof must have a current nonce');
      }
      if (typeof jti !== 'string' || jti === '' || jti.length > MAX_ID_LENGTH)
        throw refused('has no proper jti');
      const isBound = request.keyThumbprint !== undefined;
      if (!(await replays.firstUse(thumbprint, jti, madeAtMs + maxAgeMs, isBound))) {
        throw new TokenError('replayed', 'the proof was used before, or the key has made too many');
      }
      return thumbprint;
    },
  };
}

/** The claims of a proof, and the thumbprint of the key that it is signed with. */
async function readProof(proof: string): Promise<{ claims: TokenClaims; thumbprint: string }> {
  const { header, parts } = readCompact(proof, 3, true);
  if (header['typ'] !== PROOF_TYPE) throw refused(`must be of the type ${PROOF_TYPE}`);
  const jwk = header['jwk'];
  if (typeof jwk !== 'object' || jwk === null || PRIVATE.some((name) => Object.hasOwn(jwk, name))) {
    throw refused('must carry a public key');
  }
  const key = readPublicJwk(jwk);
  if (key === undefined || key.alg !== header['alg'])
    throw refused('is signed in a way that is not accepted');
  const claims = readJsonObject(parts[1] as Uint8Array);
  if (claims === undefined) throw refused('has no proper claims');
  await compactVerify(proof, key.verifyWith, { algorithms: [key.alg] }).catch(() => {
    throw refused('is not signed by its key');
  });
  return { claims, thumbprint: key.kid };
}

function checkRequest(claims: TokenClaims, { method, url, accessToken }: ProvenRequest): void {
  // Methods are told apart by case (RFC 9110, section 9.1).
  if (claims['htm'] !== method) throw refused('is for another method');
  const htu = targetUri(claims['htu']);
  if (htu === undefined || htu !== targetUri(url)) throw refused('is for another URI');
  if (accessToken !== undefined && claims['ath'] !== accessTokenHash(accessToken)) {
    throw refused('is for another access token');
  }
}

const refused = (rule: string) => new TokenError('proof', `the proof ${rule}`);
