import {
  having,
  integer,
  readOptions,
  systemClock,
  type,
  type Clock,
  type Rule,
  type Rules,
} from '@holdfast/pipeline';
import { Secret } from '../../secret/secret.ts';
import type { BackendQuota } from '../backend.ts';
import { isId } from './find-item.ts';

/** What {@link onePasswordConnect} takes. */
export interface OnePasswordConnectOptions {
  /** Where the Connect server is: `http:` or `https:`, without query and user. */
  readonly url: string;
  /** The access token of the server. */
  readonly token: Secret;
  /**
   * The vaults that references may name, with their ids. What is named here needs no request to be found. Default: every
   * vault that the token may see.
   */
  readonly vaults?: Readonly<Record<string, string>> | undefined;
  /**
   * Whether references may name things by their ids as well. `false` where a policy forbids some of what it allows at
   * large: a rule that forbids a name is passed by the id. Default `true`.
   */
  readonly ids?: boolean | undefined;
  /** What the plan of the account grants. Default {@link onePasswordQuotas}.business. */
  readonly quota?: BackendQuota | undefined;
  /** How large an answer may be, in bytes: 1,024 to 67,108,864. Default 1,048,576. */
  readonly maxAnswerBytes?: number | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

// Finding a vault, finding an item, reading it, and a file of it: what a reference by names costs.
const hourly = (requests: number): BackendQuota => ({ requests, windowMs: 3_600_000, perCall: 4 });

/**
 * How many reads an hour 1Password grants to a token, by plan.
 *
 * @example
 * ```ts
 * import { onePasswordQuotas } from '@holdfast/credential-broker/backends';
 *
 * onePasswordQuotas.teams.requests; // 1000
 * ```
 */
export const onePasswordQuotas = Object.freeze({ business: hourly(10_000), teams: hourly(1_000) });

/** What {@link onePasswordConnect} does unless told otherwise. */
export const onePasswordConnectDefaults = {
  ids: true,
  quota: onePasswordQuotas.business,
  maxAnswerBytes: 1_048_576,
  clock: systemClock,
} satisfies Partial<OnePasswordConnectOptions>;

const server: Rule = (value) => {
  const url = typeof value === 'string' && URL.canParse(value) ? new URL(value) : undefined;
  const plain =
    url && /^https?:$/.test(url.protocol) && url.username + url.password + url.search + url.hash === '';
  return plain ? undefined : 'must be an http: or https: URL without user, query and fragment';
};

const secret: Rule = (value) => (value instanceof Secret ? undefined : 'must be a Secret');

const vaultIds: Rule = (value) =>
  typeof value === 'object' &&
  value !== null &&
  Object.values(value).every((id) => typeof id === 'string' && isId(id))
    ? undefined
    : 'must be an object whose values are ids of 26 letters and digits';

const quota: Rule = (value) => {
  const { requests, windowMs, perCall } = Object(value) as Partial<Record<keyof BackendQuota, unknown>>;
  const whole = [requests, windowMs, perCall].every((part) => integer(1)(part) === undefined);
  return whole ? undefined : 'must be an object with the integers requests, windowMs and perCall >= 1';
};

const rules: Rules<OnePasswordConnectOptions> = {
  url: server,
  token: secret,
  vaults: vaultIds,
  ids: type('boolean'),
  quota,
  maxAnswerBytes: integer(1_024, 67_108_864),
  clock: having('now', 'wallNow', 'setTimer'),
};

/** Options as {@link onePasswordConnect} works with them. */
export type OnePasswordConnectSettings = Readonly<
  OnePasswordConnectOptions & typeof onePasswordConnectDefaults
>;

/** Checks options and fills in the defaults. Neither the token nor the URL, which may hold one, gets into an error. */
export function readOnePasswordConnectOptions(
  options: OnePasswordConnectOptions,
): OnePasswordConnectSettings {
  const { url, token } = Object(options) as Partial<OnePasswordConnectOptions>;
  for (const [name, broken] of [
    ['url', server(url)],
    ['token', secret(token)],
  ] as const) {
    if (broken !== undefined) throw new TypeError(`onePasswordConnect: ${name} ${broken}`);
  }
  const settings = readOptions('onePasswordConnect', options, rules, onePasswordConnectDefaults);
  return { ...settings, url: settings.url.replace(/\/+$/, '') };
}
