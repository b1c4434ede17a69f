import {
  createEmitter,
  type Clock,
  type Emitter,
  type EventSource,
  type ListenerErrorHandler,
  type Timer,
} from '@holdfast/pipeline';
import { each } from '../log/each.ts';
import type { Fetch } from '../remote/fetch-bounded.ts';
import { readWitnessingOptions } from './options.ts';
import { quorumMet } from './quorum.ts';
import { WitnessClient, type Submission } from './witness-client.ts';
import type { WitnessEvent } from './witness-events.ts';
import type { WitnessPolicy } from './witness-policy.ts';

/** A log as witnesses and those who rely on them see it. */
export interface WitnessedLog {
  /** The last signed checkpoint; nothing while there is none. */
  head(): Submission | undefined;
  /** Publishes a checkpoint that a quorum cosigned, in place of the last one that was. */
  publish(note: string): Promise<void>;
}

/** Options of {@link startWitnessing}. */
export interface WitnessingOptions {
  /** The witnesses, with their URLs, and the quorum. Logs are not looked at. */
  readonly policy: WitnessPolicy;
  /** The logs; asked at the beginning of each round. */
  readonly logs: () => Iterable<WitnessedLog>;
  /** Milliseconds between two rounds; at least 1. Default 60,000. */
  readonly everyMs?: number | undefined;
  /** Milliseconds that a witness has for an answer; at least 1. Default 5,000. */
  readonly timeoutMs?: number | undefined;
  /** Sends the requests. Default the platform's `fetch`. */
  readonly fetch?: Fetch | undefined;
  /** The source of time. Default the platform's. */
  readonly clock?: Clock | undefined;
  /** Where the jitter of retries comes from: numbers from 0 up to 1. Default `Math.random`. */
  readonly random?: (() => number) | undefined;
  /** Where errors of listeners go. Default `console.error`. */
  readonly onListenerError?: ListenerErrorHandler | undefined;
}

/** Figures of a {@link Witnessing}, read when asked. */
export interface WitnessingStats {
  /** Checkpoints that a quorum cosigned since the start. */
  readonly published: number;
  /** Checkpoints for which too few witnesses could be had. */
  readonly missed: number;
  /** When a checkpoint was published last, in milliseconds since the Unix epoch. */
  readonly lastPublishedAtMs: number | undefined;
  /** For how many milliseconds there has been a tree that no quorum vouches for as it is; 0 for none. */
  readonly behindMs: number;
}

/** Has the checkpoints of logs cosigned, in rounds. */
export interface Witnessing extends EventSource<WitnessEvent> {
  /** Runs a round now, or waits for the one under way; never rejects. */
  round(): Promise<void>;
  /** Figures. */
  stats(): WitnessingStats;
  /** Ends the rounds; requests under way are aborted. */
  close(): Promise<void>;
}

/** Logs asked for at a time: a round over a thousand tenants must not be a thousand requests at once. */
const CONCURRENT_LOGS = 8;

class Rounds implements Witnessing {
  readonly on: Witnessing['on'];
  readonly subscribe: Witnessing['subscribe'];
  private readonly settings: ReturnType<typeof readWitnessingOptions>;
  private readonly emitter: Emitter<WitnessEvent>;
  private readonly clients: readonly WitnessClient[];
  private readonly witnessed = new Map<string, number>();
  private readonly behindSince = new Map<string, number>();
  private readonly stop = new AbortController();
  private running: Promise<void> | undefined;
  private timer: Timer | undefined;
  private published = 0;
  private missed = 0;
  private lastPublishedAtMs: number | undefined;

  constructor(options: WitnessingOptions) {
    this.settings = readWitnessingOptions(options);
    const { policy, timeoutMs, fetch, clock, random } = this.settings;
    const calls = { timeoutMs, fetch, clock, random };
    this.clients = policy.witnesses.map((each) => new WitnessClient(each, each.url ?? '', calls));
    this.emitter = createEmitter(this.settings.onListenerError);
    this.on = this.emitter.on.bind(this.emitter);
    this.subscribe = this.emitter.subscribe.bind(this.emitter);
    this.plan();
  }

  round(): Promise<void> {
    this.running ??= this.run().finally(() => {
      this.running = undefined;
    });
    return this.running;
  }

  stats(): WitnessingStats {
    const since = Math.min(...this.behindSince.values());
    return {
      published: this.published,
      missed: this.missed,
      lastPublishedAtMs: this.lastPublishedAtMs,
      behindMs: since === Infinity ? 0 : this.settings.clock.now() - since,
    };
  }

  async close(): Promise<void> {
    this.timer?.cancel();
    this.stop.abort();
    await this.running;
  }

  private plan(): void {
    if (this.stop.signal.aborted) return;
    const { clock, everyMs } = this.settings;
    this.timer = clock.setTimer(() => void this.round().then(() => this.plan()), everyMs);
    this.timer.unref();
  }

  private async run(): Promise<void> {
    const heads = [...this.settings.logs()].flatMap((log) => {
      const head = log.head();
      return head === undefined || this.witnessed.get(head.origin) === head.size ? [] : [{ log, head }];
    });
    const nowMs = this.settings.clock.now();
    for (const { head } of heads)
      if (!this.behindSince.has(head.origin)) this.behindSince.set(head.origin, nowMs);
    await each(heads, CONCURRENT_LOGS, ({ log, head }) => this.witness(log, head));
  }

  private async witness(log: WitnessedLog, head: Submission): Promise<void> {
    const { origin, size } = head;
    const asked = await Promise.all(this.clients.map((client) => this.ask(client, head)));
    const lines = asked.filter((line) => line !== undefined);
    const witnesses = this.clients.flatMap(({ name }, at) => (asked[at] === undefined ? [] : [name]));
    if (this.stop.signal.aborted) return;
    if (!quorumMet(this.settings.policy.quorum, new Set(witnesses))) {
      this.missed++;
      this.emitter.emit({ type: 'audit.quorum_missed', origin, size, witnesses });
      return;
    }
    await this.publish(log, head, lines, witnesses);
  }

  private async publish(
    log: WitnessedLog,
    { origin, size, note }: Submission,
    lines: readonly string[],
    witnesses: readonly string[],
  ): Promise<void> {
    const cosigned = `${note}${lines.join('')}`;
    try {
      await log.publish(cosigned);
    } catch (error) {
      this.emitter.emit({ type: 'audit.witness_failed', origin, witness: undefined, error });
      return;
    }
    this.published++;
    this.witnessed.set(origin, size);
    this.behindSince.delete(origin);
    this.lastPublishedAtMs = this.settings.clock.wallNow();
    this.emitter.emit({ type: 'audit.checkpoint_witnessed', origin, size, witnesses });
  }

  private async ask(client: WitnessClient, head: Submission): Promise<string | undefined> {
    try {
      return await client.cosign(head, this.stop.signal);
    } catch (error) {
      const { origin } = head;
      if (!this.stop.signal.aborted) {
        this.emitter.emit({ type: 'audit.witness_failed', origin, witness: client.name, error });
      }
      return undefined;
    }
  }
}

/**
 * Has the checkpoints of logs cosigned by witnesses (C2SP tlog-witness): in rounds, never for each entry, and only
 * those of logs that have grown. A checkpoint is published as witnessed when the quorum of the policy cosigned it, and
 * not before. Witnesses are dependencies: each has its timeout, its retries and its breaker.
 *
 * @throws {@link TypeError} when an option is wrong, or a witness of the policy has no URL
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { parsePolicy, startWitnessing, type WitnessedLog } from '@holdfast/audit';
 *
 * function witness(policyFile: string, logs: readonly WitnessedLog[]) {
 *   const witnessing = startWitnessing({ policy: parsePolicy(policyFile), logs: () => logs });
 *   witnessing.on('audit.witness_failed', ({ witness, error }) => console.warn(witness, error));
 *   return witnessing;
 * }
 * ```
 */
export function startWitnessing(options: WitnessingOptions): Witnessing {
  return new Rounds(options);
}
