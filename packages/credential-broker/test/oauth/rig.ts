import { generateSealingKey, generateSigningKey, keyRing, memoryRows } from '@holdfast/credential-broker';
import {
  createOAuthClient,
  type OAuthClientOptions,
  type OAuthProvider,
} from '@holdfast/credential-broker/oauth';
import { manualClock } from '@holdfast/pipeline/testing';

export const REDIRECT = 'https://app.example/callback';
export const BROWSER = 'browser-4711-4711';
export const KEY = { tenant: 'acme', name: 'sso/ada' };

/** A request that left. */
export interface Sent {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: URLSearchParams;
}

export const METADATA = {
  issuer: 'https://sso.example',
  authorization_endpoint: 'https://sso.example/authorize',
  token_endpoint: 'https://sso.example/token',
};

export const PROVIDER: OAuthProvider = { name: 'sso', clientId: 'app', scope: ['read'], server: METADATA };

export const keys = keyRing({ signing: [generateSigningKey()], sealing: [generateSealingKey()] });

/** A client whose requests are answered by a script; the last answer is given again and again. */
export function aClient(answers: readonly (() => Response)[], options: Partial<OAuthClientOptions> = {}) {
  const sent: Sent[] = [];
  const [clock, rows] = [manualClock(), memoryRows()];
  const client = createOAuthClient({
    ...{ provider: PROVIDER, redirectUris: [REDIRECT], rows, keys, clock },
    egress: {
      fetch: async (url, init = {}) => {
        const body = new URLSearchParams(typeof init.body === 'string' ? init.body : '');
        sent.push({
          url: String(url),
          method: init.method ?? 'GET',
          headers: new Headers(init.headers),
          body,
        });
        const answer = answers[Math.min(sent.length, answers.length) - 1];
        if (answer === undefined) throw new Error('nothing was to leave');
        return answer();
      },
    },
    ...options,
  });
  const begin = () => client.initiate({ key: KEY, redirectUri: REDIRECT, browser: BROWSER });
  /** Comes back with a code, as after a page of the provider. */
  const end = (url: URL, more = '') =>
    client.callback({
      url: `/callback?code=code-1&state=${url.searchParams.get('state')}${more}`,
      tenant: KEY.tenant,
      browser: BROWSER,
    });
  return { client, clock, rows, sent, begin, end };
}

/** An answer with an ID token; the connection vouches for it, so nobody looks at its signature. */
export const identified = (claims: Readonly<Record<string, unknown>>) => {
  const nowSeconds = Math.floor(Date.now() / 1_000);
  const standard = { iss: METADATA.issuer, aud: 'app', sub: 'ada', iat: nowSeconds, exp: nowSeconds + 3_600 };
  const parts = [{ alg: 'RS256' }, { ...standard, ...claims }, 'signature'];
  const idToken = parts.map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return granted({ id_token: idToken });
};

export const granted =
  (more: Readonly<Record<string, unknown>> = {}) =>
  () =>
    Response.json({ access_token: 'access-1', token_type: 'Bearer', ...more });
