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
import { parseNetwork, type Network } from './address-class.ts';
import { resolveHost, type ResolveHost } from './resolve-host.ts';

/** What {@link createEgress} takes. */
export interface EgressOptions {
  /**
   * Networks that are fine although they are not public: addresses or ranges such as `10.1.0.0/16`, in full (`10/8` is
   * refused). Addresses at which clouds hand out credentials stay closed. Default none.
   */
  readonly allowNetworks?: readonly string[] | undefined;
  /** Whether plain HTTP may be spoken, which everyone on the way can read. Default `false`. */
  readonly allowHttp?: boolean | undefined;
  /** Ports that may be connected to. Default 443, and 80 where plain HTTP is allowed. */
  readonly ports?: readonly number[] | undefined;
  /** How many redirects are followed, each checked like the request. 0 to 10. Default 0: a redirect is an answer. */
  readonly maxRedirects?: number | undefined;
  /** The longest body that is read, in bytes after decompression. At least 0. Default 10 MiB. */
  readonly maxBytes?: number | undefined;
  /** How long a request may take until its answer is read, in milliseconds. 1 to 600,000. Default 10,000. */
  readonly timeoutMs?: number | undefined;
  /** Finds the addresses of a host. Default: the resolver of the system. */
  readonly resolve?: ResolveHost | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

/** What an egress goes by. */
export interface EgressSettings {
  readonly allowHttp: boolean;
  readonly maxRedirects: number;
  readonly maxBytes: number;
  readonly timeoutMs: number;
  readonly resolve: ResolveHost;
  readonly clock: Clock;
  /** `allowNetworks`. */
  readonly allowed: readonly Network[];
  readonly ports: readonly number[];
}

/** What {@link createEgress} does unless told otherwise. */
export const DEFAULT_EGRESS = {
  allowNetworks: [],
  allowHttp: false,
  maxRedirects: 0,
  maxBytes: 10 * 1024 * 1024,
  timeoutMs: 10_000,
  resolve: resolveHost,
  clock: systemClock,
} as const satisfies EgressOptions;

const each =
  (what: string, holds: (item: unknown) => boolean): Rule =>
  (value) =>
    Array.isArray(value) && value.every(holds) ? undefined : `must be an array of ${what}`;

const isPort = (value: unknown) => Number.isInteger(value) && Number(value) >= 1 && Number(value) <= 65_535;

const RULES: Rules<EgressOptions> = {
  allowNetworks: each(
    'IP addresses or networks such as 10.1.0.0/16',
    (text) => typeof text === 'string' && parseNetwork(text) !== undefined,
  ),
  allowHttp: type('boolean'),
  ports: each('integers >= 1 and <= 65535', isPort),
  maxRedirects: integer(0, 10),
  maxBytes: integer(0),
  timeoutMs: integer(1, 600_000),
  resolve: type('function'),
  clock: having('now', 'setTimer'),
};

export function readEgressOptions(options: EgressOptions): EgressSettings {
  const { allowNetworks, ...settings } = readOptions('createEgress', options, RULES, DEFAULT_EGRESS);
  return {
    ...settings,
    allowed: allowNetworks.map(parseNetwork).filter((network) => network !== undefined),
    ports: settings.ports ?? (settings.allowHttp ? [443, 80] : [443]),
  };
}
