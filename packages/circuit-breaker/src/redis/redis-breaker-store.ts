import {
  check,
  either,
  having,
  integer,
  readOptions,
  reportListenerError,
  systemClock,
  type,
  type Clock,
  type ListenerErrorHandler,
  type Timer,
} from '@holdfast/pipeline';
import { createRedisScript, type RedisClient, type RedisScript } from '@holdfast/pipeline/redis';
import type { BreakerStore, Verdict } from '../store/breaker-store.ts';
import { LEASE_SCRIPT, REPORT_SCRIPT, VERDICT_SCRIPT } from './breaker-scripts.ts';

/** Options of {@link redisBreakerStore}. */
export interface RedisBreakerStoreOptions {
  /** A connected client: `ioredis` or `redis` (node-redis), single or cluster. Its owner closes it. */
  readonly client: RedisClient;
  /** How many instances have to find a circuit open for it to open everywhere. Default 2; at least 1. */
  readonly quorum?: number | undefined;
  /** How often verdicts are looked up, in milliseconds, as long as anybody listens. Default 500; at least 10. */
  readonly pollMs?: number | undefined;
  /** What all keys in Redis begin with. Default `holdfast:breaker`. */
  readonly prefix?: string | undefined;
  /** Hears when looking up begins to fail, and not again until it has worked. Default `console.error`. */
  readonly onListenerError?: ListenerErrorHandler | undefined;
  /** The source of time. Default the platform's. */
  readonly clock?: Clock | undefined;
}

const rules = {
  client: either(having('eval', 'evalsha'), having('eval', 'evalSha')),
  quorum: integer(1),
  pollMs: integer(10),
  prefix: type('string'),
  onListenerError: type('function'),
  clock: having('now', 'wallNow', 'setTimer'),
};
const defaults = {
  quorum: 2,
  pollMs: 500,
  prefix: 'holdfast:breaker',
  onListenerError: console.error as ListenerErrorHandler,
  clock: systemClock,
};

type Settings = RedisBreakerStoreOptions & typeof defaults;

/** Who listens to one circuit, and the verdict that they have heard last. */
interface Audience {
  readonly listeners: Set<(verdict: Verdict) => void>;
  open: boolean;
}

class RedisBreakerStore implements BreakerStore {
  private readonly settings: Settings;
  private readonly verdictScript: RedisScript;
  private readonly reportScript: RedisScript;
  private readonly leaseScript: RedisScript;
  private readonly audiences = new Map<string, Audience>();
  private timer: Timer | undefined;
  private failing = false;

  constructor(settings: Settings) {
    this.settings = settings;
    this.verdictScript = createRedisScript(settings.client, VERDICT_SCRIPT);
    this.reportScript = createRedisScript(settings.client, REPORT_SCRIPT);
    this.leaseScript = createRedisScript(settings.client, LEASE_SCRIPT);
  }

  async report(circuit: string, instance: string, open: boolean, ttlMs: number): Promise<void> {
    const keys = [this.key(circuit, 'opinions'), this.key(circuit, 'probe')];
    const args = [this.settings.quorum, instance, open ? 1 : 0, Math.ceil(ttlMs)];
    this.tell(circuit, await this.reportScript.run(keys, args));
  }

  subscribe(circuit: string, onVerdict: (verdict: Verdict) => void): () => void {
    const listener = (verdict: Verdict) => onVerdict(verdict);
    const audience = this.audiences.get(circuit) ?? { listeners: new Set(), open: false };
    this.audiences.set(circuit, audience);
    audience.listeners.add(listener);
    // Whoever comes later has not heard a verdict that the others know.
    audience.open = false;
    void this.poll();
    return () => {
      audience.listeners.delete(listener);
      if (audience.listeners.size === 0 && this.audiences.get(circuit) === audience) {
        this.audiences.delete(circuit);
      }
      if (this.audiences.size === 0) this.timer?.cancel();
    };
  }

  async leaseProbe(circuit: string, instance: string, leaseMs: number): Promise<number> {
    return Number(await this.leaseScript.run([this.key(circuit, 'probe')], [instance, Math.ceil(leaseMs)]));
  }

  /** Looks up the verdict of each circuit that anybody listens to, then sleeps. */
  private async poll(): Promise<void> {
    this.timer?.cancel();
    try {
      await Promise.all([...this.audiences.keys()].map((circuit) => this.lookUp(circuit)));
      this.failing = false;
    } catch (error) {
      if (!this.failing) reportListenerError(this.settings.onListenerError, error);
      this.failing = true;
    }
    this.timer?.cancel();
    if (this.audiences.size === 0) return;
    this.timer = this.settings.clock.setTimer(() => void this.poll(), this.settings.pollMs);
    this.timer.unref();
  }

  private async lookUp(circuit: string): Promise<void> {
    this.tell(circuit, await this.verdictScript.run([this.key(circuit, 'opinions')], [this.settings.quorum]));
  }

  /** Tells an open verdict each time, since it may hold longer by now, and its end once. */
  private tell(circuit: string, answer: unknown): void {
    const audience = this.audiences.get(circuit);
    const [open, remainingMs] = Array.isArray(answer) ? answer.map(Number) : [];
    if (audience === undefined || open === undefined || remainingMs === undefined) return;
    const news = open === 1 || audience.open;
    audience.open = open === 1;
    if (news) for (const listener of [...audience.listeners]) listener({ open: open === 1, remainingMs });
  }

  /** Both keys of a circuit are in one slot of a cluster: the braces say by what, unless they are empty. */
  private key(circuit: string, what: 'opinions' | 'probe'): string {
    return `${this.settings.prefix}:{${encodeURIComponent(circuit) || '%'}}:${what}`;
  }
}

/**
 * Makes a store over Redis, for breakers of several processes. Nobody waits for it: verdicts are looked up in the
 * background, twice a second unless told otherwise, and each process decides alone while Redis is away. All time is the server's.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { circuitBreaker, shareBreaker } from '@holdfast/circuit-breaker';
 * import { redisBreakerStore } from '@holdfast/circuit-breaker/redis';
 * import { Redis } from 'ioredis';
 *
 * const client = new Redis('redis://127.0.0.1:6379', { lazyConnect: true });
 * const store = redisBreakerStore({ client, quorum: 2 });
 * using sharing = shareBreaker(circuitBreaker({ name: 'stripe' }), { store, instance: 'pod-7' });
 * ```
 */
export function redisBreakerStore(options: RedisBreakerStoreOptions): BreakerStore {
  const settings = readOptions('redisBreakerStore', options, rules, defaults);
  check('redisBreakerStore: client', settings.client, rules.client);
  return new RedisBreakerStore(settings);
}
