import { stat } from 'node:fs/promises';
import {
  createEmitter,
  having,
  integer,
  readOptions,
  systemClock,
  type,
  type Clock,
  type EventSource,
  type ListenerErrorHandler,
  type Rules,
  type Timer,
} from '@holdfast/pipeline';
import type { AccessRequest, Decision } from './access-policy.ts';
import type { Policy } from './define-policy.ts';
import { loadPolicy } from './load-policy.ts';
import { PolicyError, type PolicyMistake } from './policy-error.ts';
import type { PolicyRule } from './policy-rule.ts';

/** Options of {@link watchPolicy}. */
export interface WatchPolicyOptions {
  /** How often the file is looked at, in milliseconds. At least 10. Default 1,000. */
  readonly everyMs?: number | undefined;
  /** Hears of listeners that throw. Default `console.error`. */
  readonly onListenerError?: ListenerErrorHandler | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

/** What {@link watchPolicy} does unless told otherwise. */
export const watchPolicyDefaults = {
  everyMs: 1_000,
  onListenerError: console.error as ListenerErrorHandler,
  clock: systemClock,
} satisfies WatchPolicyOptions;

const rules: Rules<WatchPolicyOptions> = {
  everyMs: integer(10),
  onListenerError: type('function'),
  clock: having('now', 'wallNow', 'setTimer'),
};

/** What became of a file that changed. */
export type PolicyEvent =
  | {
      readonly type: 'policy.reloaded';
      readonly version: string;
      readonly warnings: readonly PolicyMistake[];
    }
  /** It cannot be used, or read; the last good policy stays. */
  | { readonly type: 'policy.refused'; readonly error: unknown };

/** A policy that follows its file. */
export interface WatchedPolicy extends Policy, EventSource<PolicyEvent> {
  /** Reads the file now, whether or not it seems to have changed. Never rejects: `policy.refused` tells why not. */
  reload(): Promise<void>;
  /** Stops following; the policy stays as it is. */
  close(): void;
}

/** What changes with a file, also where it is replaced, or a link to it is. */
const fingerprint = async (file: string) => {
  const { ino, mtimeNs, size } = await stat(file, { bigint: true });
  return `${ino} ${mtimeNs} ${size}`;
};

class PolicyFile implements WatchedPolicy {
  private readonly file: string;
  private readonly options: typeof watchPolicyDefaults;
  private readonly emitter;
  private current: Policy;
  private seen: string;
  private refusal = '';
  private timer: Timer | undefined;
  private closed = false;
  private reading: Promise<void> = Promise.resolve();
  readonly on: WatchedPolicy['on'];
  readonly subscribe: WatchedPolicy['subscribe'];

  constructor(file: string, options: typeof watchPolicyDefaults, current: Policy, seen: string) {
    this.file = file;
    this.options = options;
    this.current = current;
    this.seen = seen;
    const emitter = createEmitter<PolicyEvent>(options.onListenerError);
    this.emitter = emitter;
    this.on = (name, listener) => emitter.on(name, listener);
    this.subscribe = (listener) => emitter.subscribe(listener);
    this.arm();
  }

  get version(): string {
    return this.current.version;
  }

  get rules(): readonly PolicyRule[] {
    return this.current.rules;
  }

  get warnings(): readonly PolicyMistake[] {
    return this.current.warnings;
  }

  decide(request: AccessRequest): Decision {
    return this.current.decide(request);
  }

  reload(): Promise<void> {
    this.seen = '';
    return this.look();
  }

  close(): void {
    this.closed = true;
    this.timer?.cancel();
  }

  private arm(): void {
    this.timer = this.options.clock.setTimer(() => {
      void this.look().then(() => (this.closed ? undefined : this.arm()));
    }, this.options.everyMs);
    this.timer.unref();
  }

  /** One at a time, so that an older reading never replaces a newer one. */
  private look(): Promise<void> {
    this.reading = this.reading.then(() => this.read());
    return this.reading;
  }

  private async read(): Promise<void> {
    try {
      const seen = await fingerprint(this.file);
      if (seen === this.seen) return;
      // Before it is read: what is written meanwhile is read once more.
      this.seen = seen;
      this.accept(await loadPolicy(this.file));
      this.refusal = '';
    } catch (error) {
      this.refuse(error);
    }
  }

  /** Tells of each refusal once, not at every look. */
  private refuse(error: unknown): void {
    // A file that is gone or cannot be read is looked for again, whatever it looks like then.
    if (!(error instanceof PolicyError)) this.seen = '';
    const refusal = String(error);
    if (refusal === this.refusal || this.closed) return;
    this.refusal = refusal;
    this.emitter.emit({ type: 'policy.refused', error });
  }

  private accept(policy: Policy): void {
    if (this.closed || policy.version === this.current.version) return;
    this.current = policy;
    this.emitter.emit({ type: 'policy.reloaded', version: policy.version, warnings: policy.warnings });
  }
}

/**
 * Reads a policy from a file, and again whenever the file changes. A file that cannot be used, or is gone, leaves the
 * last good policy in force and says so.
 *
 * @throws {@link PolicyError} when the file cannot be used at the start
 * @throws {@link Error} when it cannot be read at the start
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when an option is out of bounds
 *
 * @example
 * ```ts
 * import { watchPolicy } from '@holdfast/credential-broker';
 *
 * const policy = await watchPolicy('policy.yaml');
 * policy.on('policy.refused', ({ error }) => console.error('the policy was not changed', error));
 * ```
 */
export async function watchPolicy(file: string, options: WatchPolicyOptions = {}): Promise<WatchedPolicy> {
  const settings = readOptions('watchPolicy', options, rules, watchPolicyDefaults);
  const seen = await fingerprint(file);
  return new PolicyFile(file, settings, await loadPolicy(file), seen);
}
