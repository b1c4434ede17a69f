import {
  check,
  either,
  having,
  integer,
  readOptions,
  systemClock,
  type,
  type Clock,
  type Rule,
  type Rules,
} from '@holdfast/pipeline';
import type { Egress } from '../egress/egress.ts';
import type { SealingKeys } from '../sealed-rows/row-box.ts';
import type { SealedRows } from '../sealed-rows/sealed-row.ts';
import type { OAuthProvider } from './oauth-provider.ts';
import { address, applicationRules, text } from './provider-options.ts';

/** Options of `createOAuthClient`. */
export interface OAuthClientOptions {
  /** Whom users are sent to: `githubProvider`, `discoveredProvider` and their like. */
  readonly provider: OAuthProvider;
  /** Where users may come back to: whole addresses, compared character by character. HTTPS, or HTTP to loopback. */
  readonly redirectUris: readonly string[];
  /** Where flows are kept that have begun, encrypted. */
  readonly rows: SealedRows;
  /** The keys that they are encrypted with: a `KeyRing`. */
  readonly keys: SealingKeys;
  /** How long a user may take, in milliseconds. 1,000 to 600,000. Default 600,000. */
  readonly flowTtlMs?: number | undefined;
  /** The way out, for example `createEgress({ … })`. Default: one to public addresses over HTTPS. */
  readonly egress?: Pick<Egress, 'fetch'> | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

/** What an OAuth client does unless told otherwise. */
export const oauthClientDefaults = {
  flowTtlMs: 600_000,
  clock: systemClock,
} satisfies Partial<OAuthClientOptions>;

const LOOPBACK = ['127.0.0.1', '[::1]', 'localhost'];

function isRedirectUri(text: unknown): boolean {
  if (typeof text !== 'string' || !URL.canParse(text)) return false;
  const { protocol, hostname, search, hash, username, password } = new URL(text);
  const isPrivate = protocol === 'https:' || (protocol === 'http:' && LOOPBACK.includes(hostname));
  return isPrivate && search + hash + username + password === '' && !/[?#*]/.test(text);
}

const redirectRule: Rule = (value) =>
  Array.isArray(value) && value.length > 0 && value.every(isRedirectUri)
    ? undefined
    : 'must be an array of addresses, at least one: HTTPS, or HTTP to loopback, without query, fragment or wildcard';

const rules: Rules<OAuthClientOptions> = {
  provider: type('object'),
  redirectUris: redirectRule,
  rows: having('put', 'take', 'removeOver'),
  keys: having('sealer', 'findSealing'),
  flowTtlMs: integer(1_000, 600_000),
  egress: having('fetch'),
  clock: having('wallNow'),
};

/** What no provider can do without. */
const providerRules = {
  name: text,
  clientId: text,
  server: either(address, (server) =>
    address((server as { readonly issuer?: unknown } | undefined)?.issuer) === undefined
      ? undefined
      : 'must be metadata with its issuer',
  ),
  scope: applicationRules.scope,
};

/** Options as an OAuth client works with them. */
export type OAuthClientSettings = Readonly<OAuthClientOptions & typeof oauthClientDefaults>;

/** Checks options and fills in the defaults. */
export function readOAuthClientOptions(options: OAuthClientOptions): OAuthClientSettings {
  const settings = readOptions('createOAuthClient', options, rules, oauthClientDefaults);
  for (const name of ['provider', 'redirectUris', 'rows', 'keys'] as const)
    check(`createOAuthClient: ${name}`, settings[name], rules[name]);
  for (const [name, rule] of Object.entries(providerRules))
    check(`createOAuthClient: provider.${name}`, settings.provider[name as keyof OAuthProvider], rule);
  if (settings.provider.clientSecret !== undefined)
    check(
      'createOAuthClient: provider.clientSecret',
      settings.provider.clientSecret,
      applicationRules.clientSecret,
    );
  return settings;
}
