/** The provider that the stand-in behaves like; `plain` is none in particular. */
export type OidcFlavour = 'plain' | 'github' | 'google' | 'azure' | 'auth0';

/** What is particular about a provider. */
export interface Quirks {
  /** What comes before every path. */
  readonly base: string;
  readonly paths: {
    readonly authorization: string;
    readonly token: string;
    readonly revocation: string;
  };
  /** Whether it publishes its metadata. */
  readonly isDiscoverable: boolean;
  /** Whether it names itself to the one who comes back (RFC 9207). */
  readonly namesItself: boolean;
  /** Whether a refresh token works once. */
  readonly rotates: boolean;
  /** Whether tokens can be revoked as RFC 7009 says. */
  readonly revokes: boolean;
  /** Whether it gives a refresh token to one who asked with these parameters. */
  readonly givesRefreshToken: (asked: Readonly<Record<string, string>>) => boolean;
}

const asksOffline = ({ scope }: Readonly<Record<string, string>>) =>
  scope?.split(' ').includes('offline_access') === true;

const PLAIN: Quirks = {
  base: '',
  paths: { authorization: '/auth', token: '/token', revocation: '/token/revocation' },
  isDiscoverable: true,
  namesItself: true,
  rotates: true,
  revokes: true,
  // As OpenID Connect Core says (section 11).
  givesRefreshToken: (asked) => asksOffline(asked) && asked['prompt'] === 'consent',
};

/** The directory of the stand-in for Azure. */
export const DIRECTORY = 'contoso.example';

/** What each flavour does differently. */
export const QUIRKS: Readonly<Record<OidcFlavour, Quirks>> = {
  plain: PLAIN,
  github: {
    ...PLAIN,
    base: '/login/oauth',
    paths: { authorization: '/authorize', token: '/access_token', revocation: '/no-revocation' },
    isDiscoverable: false,
    namesItself: false,
    revokes: false,
    givesRefreshToken: () => false,
  },
  google: {
    ...PLAIN,
    namesItself: false,
    rotates: false,
    givesRefreshToken: ({ access_type, prompt }) => access_type === 'offline' && prompt === 'consent',
  },
  azure: {
    ...PLAIN,
    base: `/${DIRECTORY}/v2.0`,
    namesItself: false,
    revokes: false,
    givesRefreshToken: asksOffline,
  },
  auth0: {
    ...PLAIN,
    namesItself: false,
    paths: { authorization: '/authorize', token: '/oauth/token', revocation: '/oauth/revoke' },
    givesRefreshToken: asksOffline,
  },
};
