import {
  generateSealingKey,
  generateSigningKey,
  keyRing,
  memoryRows,
  Secret,
} from '@holdfast/credential-broker';
import { createEgress } from '@holdfast/credential-broker/egress';
import {
  auth0Provider,
  azureProvider,
  createOAuthClient,
  discoveredProvider,
  githubProvider,
  googleProvider,
  type OAuthProvider,
} from '@holdfast/credential-broker/oauth';
import {
  DIRECTORY,
  startOidcProvider,
  type OidcFlavour,
  type OidcProvider,
} from '@holdfast/example-service-kit';
import { manualClock } from '@holdfast/pipeline/testing';
import { onTestFinished } from 'vitest';

export const REDIRECT = 'https://app.example/oauth/callback';
export const BROWSER = 'browser-4711-4711';
export const KEY = { tenant: 'acme', name: 'token/ada' };
export const ADA = { accountId: 'ada' };

const clientId = 'app';
const SECRET = 'app-secret-0815';

function profileOf(flavour: OidcFlavour, { url, issuer }: OidcProvider): OAuthProvider {
  const application = { clientId, clientSecret: new Secret(SECRET) };
  const scope = ['openid', 'offline_access'];
  const profiles: Readonly<Record<OidcFlavour, () => OAuthProvider>> = {
    plain: () => discoveredProvider({ ...application, name: 'plain', issuer, scope }),
    github: () => githubProvider({ ...application, url, apiUrl: url, scope: ['read:user', 'repo'] }),
    google: () => googleProvider({ ...application, issuer }),
    azure: () => azureProvider({ ...application, authority: url, directory: DIRECTORY, scope }),
    auth0: () => auth0Provider({ ...application, issuer, audience: 'https://api.example', scope }),
  };
  return profiles[flavour]();
}

/** A provider of some flavour, and a client of it whose clock stands still. */
export async function oauthFixture(flavour: OidcFlavour = 'plain') {
  const provider = await startOidcProvider({
    flavour,
    clientId,
    clientSecret: SECRET,
    redirectUris: [REDIRECT],
    scopes: ['read:user', 'repo'],
  });
  const egress = createEgress({
    allowNetworks: ['127.0.0.0/8'],
    allowHttp: true,
    ports: [Number(new URL(provider.url).port)],
  });
  onTestFinished(async () => {
    await egress.close();
    await provider.close();
  });
  const clock = manualClock({ wallStartMs: Date.now() });
  const rows = memoryRows();
  const keys = keyRing({ signing: [generateSigningKey()], sealing: [generateSealingKey()] });
  const settings = {
    provider: profileOf(flavour, provider),
    redirectUris: [REDIRECT],
    rows,
    keys,
    egress,
    clock,
  };
  const client = createOAuthClient(settings);
  const begin = () => client.initiate({ key: KEY, redirectUri: REDIRECT, browser: BROWSER });
  /** What a user does from the beginning to the return. */
  const comeBack = async () => provider.authorize((await begin()).url, ADA);
  const end = (url: URL) => client.callback({ url, tenant: KEY.tenant, browser: BROWSER });
  return { provider, client, clock, rows, keys, egress, settings, begin, comeBack, end };
}
