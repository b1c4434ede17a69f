import type { IncomingMessage } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { Provider, type Configuration, type KoaContextWithOIDC } from 'oidc-provider';
import { startServer } from '../stand-in-server.ts';
import { authorize } from './authorize.ts';
import { shownParameters, type OidcActivity } from './oidc-activity.ts';
import type { OidcFault } from './oidc-fault.ts';
import { QUIRKS, type OidcFlavour, type Quirks } from './quirks.ts';
import { rewrite } from './rewrite.ts';

/** What {@link startOidcProvider} takes. */
export interface OidcProviderOptions {
  /** Which provider it behaves like. Default `plain`. */
  readonly flavour?: OidcFlavour | undefined;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly redirectUris: readonly string[];
  /** The scopes that can be granted, besides `openid` and `offline_access`. Default none. */
  readonly scopes?: readonly string[] | undefined;
  /** How long an access token lasts, in seconds. Default 3,600. */
  readonly accessTokenSeconds?: number | undefined;
}

/** What a user does who is sent to the provider. */
export interface OidcUser {
  readonly accountId: string;
  /** Whether the user says no. Default `false`. */
  readonly refuses?: boolean | undefined;
}

/** A provider that keeps everything in memory. */
export interface OidcProvider extends AsyncDisposable {
  /** Where it is served. */
  readonly url: string;
  readonly issuer: string;
  /** The requests that were made, in their order. */
  readonly activity: readonly OidcActivity[];
  /** Has something go wrong with the next requests to the token or revocation endpoint, in order. */
  fail(...faults: readonly OidcFault[]): void;
  /** Does what a browser and its user do with an authorization URL. @returns where the browser is sent in the end */
  authorize(url: string | URL, user: OidcUser): Promise<URL>;
  /** Whether an access or refresh token still works. */
  knows(token: string): Promise<boolean>;
  close(): Promise<void>;
}

type Ctx = KoaContextWithOIDC & { body: unknown };

class StandIn {
  readonly provider: Provider;
  readonly activity: OidcActivity[] = [];
  readonly faults: OidcFault[] = [];
  readonly quirks: Quirks;
  private readonly flavour: OidcFlavour;
  /** The grants that get a refresh token. */
  private readonly offline = new Set<string>();
  user: OidcUser = { accountId: 'nobody' };
  /** What the last user was sent with, as it came. */
  private asked: Readonly<Record<string, string>> = {};

  constructor(url: string, options: OidcProviderOptions) {
    this.flavour = options.flavour ?? 'plain';
    this.quirks = QUIRKS[this.flavour];
    this.provider = new Provider(`${url}${this.quirks.base}`, this.configuration(options));
    this.provider.use((ctx, next) => this.serve(ctx as Ctx, next));
  }

  private configuration(options: OidcProviderOptions): Configuration {
    const { clientId, clientSecret, redirectUris, scopes = [], accessTokenSeconds = 3_600 } = options;
    return {
      clients: [
        {
          client_id: clientId,
          client_secret: clientSecret,
          redirect_uris: [...redirectUris],
          grant_types: ['authorization_code', 'refresh_token'],
          response_types: ['code'],
          token_endpoint_auth_method: 'client_secret_post',
        },
      ],
      cookies: { keys: ['of the stand-in'] },
      scopes: ['openid', 'offline_access', ...scopes],
      extraParams: ['audience', 'access_type'],
      pkce: { required: () => true },
      features: { devInteractions: { enabled: false }, revocation: { enabled: this.quirks.revokes } },
      routes: this.quirks.paths,
      interactions: { url: (_ctx, { uid }) => `${this.quirks.base}/interaction/${uid}` },
      rotateRefreshToken: this.quirks.rotates,
      issueRefreshToken: (_ctx, _client, { grantId }) => Promise.resolve(this.offline.has(grantId ?? '')),
      findAccount: (_ctx, accountId) => ({ accountId, claims: () => ({ sub: accountId }) }),
      ttl: {
        AccessToken: accessTokenSeconds,
        Grant: 86_400,
        IdToken: 3_600,
        Interaction: 600,
        RefreshToken: 86_400,
        Session: 600,
      },
    };
  }

  private async serve(ctx: Ctx, next: () => Promise<void>): Promise<void> {
    const { authorization, token, revocation } = this.quirks.paths;
    if (ctx.path === authorization) this.asked = Object.fromEntries(new URLSearchParams(ctx.querystring));
    if (ctx.path.startsWith('/interaction/')) return this.interact(ctx);
    if (ctx.path.startsWith('/applications/')) await this.revokeAsGithub(ctx);
    else if (!(await this.failed(ctx, [token, revocation]))) await next();
    const grantType = ctx.oidc?.params?.['grant_type'];
    rewrite(ctx, this.flavour, grantType);
    this.activity.push({
      method: ctx.method,
      path: ctx.path,
      status: ctx.status,
      grantType: typeof grantType === 'string' ? grantType : undefined,
      parameters: shownParameters(new URLSearchParams(ctx.querystring)),
    });
  }

  private async failed(ctx: Ctx, paths: readonly string[]): Promise<boolean> {
    const fault = paths.includes(ctx.path) ? this.faults.shift() : undefined;
    if (fault?.latencyMs !== undefined) await sleep(fault.latencyMs);
    const { status = fault?.error === undefined ? undefined : 400, error = 'server_error' } = fault ?? {};
    if (status === undefined) return false;
    ctx.status = status;
    ctx.body = { error };
    return true;
  }

  /** Does what the user does: says who it is, and yes or no. */
  private async interact(ctx: Ctx): Promise<void> {
    ctx.respond = false;
    const { req, res } = ctx;
    const { prompt, params, grantId } = await this.provider.interactionDetails(req, res);
    const { accountId, refuses } = this.user;
    const finish = (result: Parameters<Provider['interactionFinished']>[2]) =>
      this.provider.interactionFinished(req, res, result, { mergeWithLastSubmission: true });
    if (refuses === true) return finish({ error: 'access_denied', error_description: 'the user said no' });
    if (prompt.name === 'login') return finish({ login: { accountId } });
    const found = grantId === undefined ? undefined : await this.provider.Grant.find(grantId);
    const grant = found ?? new this.provider.Grant({ accountId, clientId: String(params['client_id']) });
    grant.addOIDCScope(typeof params['scope'] === 'string' ? params['scope'] : '');
    const id = await grant.save();
    if (this.quirks.givesRefreshToken(this.asked)) this.offline.add(id);
    return finish({ consent: { grantId: id } });
  }

  private async revokeAsGithub(ctx: Ctx): Promise<void> {
    const { access_token: secret } = JSON.parse(await textOf(ctx.req)) as { readonly access_token: string };
    const token = await this.provider.AccessToken.find(secret);
    await token?.destroy();
    ctx.status = token === undefined ? 404 : 204;
  }
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request as AsyncIterable<Buffer>) text += chunk.toString();
  return text;
}

/**
 * Starts a real OpenID provider that logs users in and has them consent without a page, and behaves like GitHub, Google,
 * Azure or Auth0 where they differ: for tests, demonstrations and development.
 */
export async function startOidcProvider(options: OidcProviderOptions): Promise<OidcProvider> {
  const { server, ...listening } = await startServer({});
  const standIn = new StandIn(listening.url, options);
  const { provider, quirks } = standIn;
  const answer = provider.callback();
  server.on('request', (request: IncomingMessage & { originalUrl?: string }, response) => {
    // As a framework does under which it is mounted.
    request.originalUrl = request.url ?? '/';
    if (request.originalUrl.startsWith(`${quirks.base}/`))
      request.url = request.originalUrl.slice(quirks.base.length);
    void answer(request, response);
  });
  return {
    ...listening,
    issuer: provider.issuer,
    activity: standIn.activity,
    fail: (...faults) => void standIn.faults.push(...faults),
    authorize: (address, user) => {
      standIn.user = user;
      return authorize(new URL(address), options.redirectUris);
    },
    knows: async (token) => {
      const found = (await provider.AccessToken.find(token)) ?? (await provider.RefreshToken.find(token));
      return found !== undefined && found.isValid;
    },
  };
}
