import { having, integer, readOptions, type, type Rules } from '@holdfast/pipeline';
import type { TileSource } from '../tiles/tile-source.ts';
import type { WitnessPolicy } from '../witness/witness-policy.ts';

/** How far a verification has come. */
export interface VerifyProgress {
  /** How many entries were looked at. */
  readonly entries: number;
  /** How many there are. */
  readonly size: number;
}

/** What {@link verifyLog} takes. */
export interface VerifyLogOptions {
  /** The files of the log. */
  readonly source: TileSource;
  /** The keys to trust, and the witnesses to ask for. */
  readonly policy: WitnessPolicy;
  /** The origin that the log must have. Default: that of any log of the policy. */
  readonly origin?: string | undefined;
  /** Signed checkpoints of the log that were kept elsewhere; the log must go on where they end. Default: none. */
  readonly kept?: readonly string[] | undefined;
  /** How many findings are told; at least 1. Default 100. */
  readonly maxFindings?: number | undefined;
  /** How many bundles are read ahead of the one being hashed; 1 to 256. Default 8. */
  readonly readAhead?: number | undefined;
  /** Called after each bundle. */
  readonly onProgress?: ((progress: VerifyProgress) => void) | undefined;
  /** Stops the verification; it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

const verifyDefaults = { maxFindings: 100, readAhead: 8, kept: [] as readonly string[] };

const rules: Rules<VerifyLogOptions> = {
  source: having('read'),
  policy: type('object'),
  origin: type('string'),
  kept: (value) =>
    Array.isArray(value) && value.every((each) => typeof each === 'string')
      ? undefined
      : 'must be an array of texts',
  maxFindings: integer(1),
  readAhead: integer(1, 256),
  onProgress: type('function'),
  signal: having('throwIfAborted'),
};

/** Options with their defaults. */
export type VerifySettings = ReturnType<typeof readVerifyOptions>;

export function readVerifyOptions(options: VerifyLogOptions) {
  return readOptions('verifyLog', options, rules, verifyDefaults);
}
