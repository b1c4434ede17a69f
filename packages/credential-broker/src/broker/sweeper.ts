import type { Timer } from '@holdfast/pipeline';
import type { BrokerCore } from './broker-core.ts';
import { endLease } from './end-lease.ts';

/** The least time between two sweeps, in milliseconds. */
const PAUSE_MS = 1_000;
/** How many leases a sweep ends at once, and how long one waits that could not be ended: twice as long each time. */
const BATCH = 100;
const RETRY_MS = 1_000;
const MAX_RETRY_MS = 300_000;

/** A lease whose credential could not be ended at its backend. */
interface Stuck {
  attempts: number;
  atMs: number;
}

/** Ends what has expired: with one timer for the next to expire, and none where nothing can. */
export class Sweeper {
  private readonly core: BrokerCore;
  private timer: Timer | undefined;
  private armedForMs = Infinity;
  /** Leases that are over and whose backend has not ended them yet. */
  private readonly ending = new Set<string>();
  private readonly stuck = new Map<string, Stuck>();
  /** When the last lease that is known of ends; what is left of it is forgotten a while later. */
  private lastMs = 0;
  private sweeping = false;
  /** The first instant that was spoken of during a sweep. */
  private heardMs = Infinity;
  private stopped = false;

  constructor(core: BrokerCore) {
    this.core = core;
  }

  /** Says that there is something that ends at an instant. */
  expect(atMs: number): void {
    this.lastMs = Math.max(this.lastMs, atMs);
    this.wake(atMs);
  }

  /** Says that a lease is about to be ended at its backend. @returns whether nobody said so before */
  begin(leaseId: string): boolean {
    if (this.ending.has(leaseId)) return false;
    this.ending.add(leaseId);
    return true;
  }

  /** Says that it was. */
  settle(leaseId: string): void {
    this.ending.delete(leaseId);
    this.stuck.delete(leaseId);
  }

  /** Says that it was not. */
  postpone(leaseId: string): void {
    const attempts = this.stuck.get(leaseId)?.attempts ?? 0;
    const atMs = this.core.now() + Math.min(RETRY_MS * 2 ** attempts, MAX_RETRY_MS);
    this.stuck.set(leaseId, { attempts: attempts + 1, atMs });
    this.wake(atMs);
  }

  stop(): void {
    this.stopped = true;
    this.timer?.cancel();
  }

  private wake(atMs: number): void {
    // A sweep under way may have looked already.
    if (this.sweeping) this.heardMs = Math.min(this.heardMs, atMs);
    else this.arm(atMs);
  }

  private arm(atMs: number): void {
    if (this.stopped || atMs >= this.armedForMs) return;
    this.timer?.cancel();
    this.armedForMs = atMs;
    // A millisecond more, for timers may fire that much early.
    const delayMs = Math.max(PAUSE_MS, atMs - this.core.now() + 1);
    this.timer = this.core.settings.clock.setTimer(() => void this.sweep(), delayMs);
    this.timer.unref();
  }

  /** Ends what is due, forgets what is old, and sees when the next one is due. */
  async sweep(): Promise<void> {
    if (this.sweeping) return;
    this.sweeping = true;
    this.heardMs = Infinity;
    let nextMs: number;
    try {
      nextMs = await this.run();
    } catch {
      // The store gives no answer. Nobody gets anything from it meanwhile, and what is due stays due.
      nextMs = this.core.now() + RETRY_MS;
    }
    this.sweeping = false;
    this.armedForMs = Infinity;
    this.arm(Math.min(nextMs, this.heardMs));
  }

  private async run(): Promise<number> {
    const { core } = this;
    const nowMs = core.now();
    const seen = new Set<string>();
    for (let more = true; more && !this.stopped;) {
      const due = await core.store((leases) => leases.due(nowMs, BATCH + this.stuck.size));
      const ready = due.filter(({ id }) => !seen.has(id) && (this.stuck.get(id)?.atMs ?? 0) <= nowMs);
      for (const { id } of ready) seen.add(id);
      await Promise.all(ready.map((lease) => endLease(core, lease, 'expired')));
      more = ready.length > 0;
    }
    for (const [id, { atMs }] of this.stuck) {
      // Somebody else has ended it.
      if (atMs <= nowMs && !seen.has(id)) this.settle(id);
    }
    await core.store((leases) => leases.forget(nowMs - core.settings.keepMs));
    await core.answer(() => core.approvals.forget(nowMs - core.settings.keepMs));
    const { changes } = core.counts;
    const active = await core.store((leases) => leases.active());
    // What changed meanwhile may be counted in it or not.
    if (core.counts.changes === changes) core.counts.setActive(active);
    return this.next(nowMs);
  }

  private async next(nowMs: number): Promise<number> {
    const { core, stuck } = this;
    const upcoming = await core.store((leases) => leases.due(Number.MAX_SAFE_INTEGER, 1 + stuck.size));
    const firstMs = upcoming.find(({ id }) => !stuck.has(id))?.expiresAtMs ?? Infinity;
    const retryMs = [...stuck.values()].reduce((first, { atMs }) => Math.min(first, atMs), Infinity);
    const forgetMs = this.lastMs + core.settings.keepMs + 1;
    return Math.min(firstMs, retryMs, forgetMs > nowMs ? forgetMs : Infinity);
  }
}
