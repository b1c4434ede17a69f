import {
  generateSigningKey,
  keyRing,
  signToken,
  type SigningAlgorithm,
  type SigningKey,
} from '@holdfast/credential-broker';
import { manualClock } from '@holdfast/pipeline/testing';

export const ISSUER = 'https://idp.example';
export const AUDIENCE = 'agent-api';

/** An issuer that publishes what keys it has at the moment, and counts who asks. */
export function createIssuer(...algorithms: readonly Exclude<SigningAlgorithm, 'HS256'>[]) {
  const clock = manualClock();
  const made = algorithms.map((alg) => generateSigningKey(alg, { kid: alg }));
  const state = { published: made as readonly SigningKey[], asked: 0, fails: false };
  const nowSeconds = () => Math.floor(clock.wallNow() / 1_000);
  return {
    clock,
    state,
    keys: made,
    /** What `remoteKeys` asks through. */
    egress: {
      fetch: async () => {
        state.asked++;
        if (state.fails) throw new Error('down');
        const keys = state.published.length === 0 ? [] : keyRing({ signing: state.published }).jwks().keys;
        return Response.json({ keys });
      },
    },
    claims: (more: object = {}) => ({
      iss: ISSUER,
      aud: AUDIENCE,
      sub: 'user-1',
      tenant: 'acme',
      roles: ['admin'],
      iat: nowSeconds(),
      exp: nowSeconds() + 300,
      ...more,
    }),
    token: (key: SigningKey, claims: object, type = 'at+jwt') => signToken(key, type, { ...claims }),
  };
}
