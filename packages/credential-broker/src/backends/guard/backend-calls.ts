import type { Clock } from '@holdfast/pipeline';
import type { Backend, BackendInfo, BackendLease, BackendRequest } from '../backend.ts';
import { BackendError, type BackendFailure } from '../backend-error.ts';
import { backendPipeline, type BackendPipeline } from './backend-pipeline.ts';
import type { GuardStats } from './guard-stats.ts';
import type { GuardSettings } from './options.ts';
import { toBackendError } from './to-backend-error.ts';

/** A pause of which the provider did not say how long it lasts. */
const PAUSE_MS = 1_000;
/** The longest pause where no quota says after how long there is a new one. */
const MAX_PAUSE_MS = 60_000;

type Method = keyof GuardStats['calls'];

/** Calls a backend through its pipeline, and counts. */
export class BackendCalls {
  readonly renew: Backend['renew'];
  readonly revoke: Backend['revoke'];
  private readonly backend: Backend;
  private readonly pipeline: BackendPipeline;
  private readonly clock: Clock;
  private readonly calls = { inspect: 0, issue: 0, renew: 0, revoke: 0, health: 0 };
  private readonly failures = { 'not-found': 0, denied: 0, quota: 0, unavailable: 0, invalid: 0 };
  private pausedUntilMs = -Infinity;

  constructor(backend: Backend, settings: GuardSettings) {
    this.backend = backend;
    this.pipeline = backendPipeline(backend, settings);
    this.clock = settings.clock;
    if (backend.renew !== undefined) {
      this.renew = (ref, ttlMs, signal) =>
        this.call('renew', signal, (inner) => backend.renew?.(ref, ttlMs, inner) ?? 0);
    }
    if (backend.revoke !== undefined) {
      this.revoke = (ref, signal) => this.call('revoke', signal, (inner) => backend.revoke?.(ref, inner));
    }
  }

  inspect(request: BackendRequest, signal: AbortSignal): Promise<BackendInfo> {
    return this.call('inspect', signal, (inner) => this.backend.inspect(request, inner));
  }

  issue(request: BackendRequest, signal: AbortSignal): Promise<BackendLease> {
    return this.call('issue', signal, async (inner) => {
      const lease = await this.backend.issue(request, inner);
      if (inner.aborted) this.undo(lease);
      return lease;
    });
  }

  /** A question that is to find out costs no quota and is not kept back by the breaker. */
  async health(signal: AbortSignal): Promise<void> {
    this.calls.health++;
    try {
      await this.backend.health(signal);
    } catch (error) {
      throw this.failed(error, signal);
    }
  }

  stats(): Omit<GuardStats, 'cache'> {
    const { breaker, limit } = this.pipeline;
    const { kind } = this.backend;
    return {
      kind,
      calls: { ...this.calls },
      failures: { ...this.failures },
      quota: limit && {
        limit: Math.floor(limit.status().limit),
        remaining: Math.floor(limit.status().remaining),
        refused: limit.stats().rejected.full,
      },
      breaker: breaker.state,
    };
  }

  private async call<T>(
    method: Method,
    signal: AbortSignal,
    ask: (signal: AbortSignal) => T | PromiseLike<T>,
  ): Promise<T> {
    this.calls[method]++;
    // A credential that is made may have been made although no answer came; a second one would be nobody's.
    const repeatable = String(method !== 'issue' || this.backend.keepsSecrets === true);
    try {
      this.throwIfPaused();
      return await this.pipeline.guarded.execute(
        (ctx) => {
          // It may have begun while this call waited for its place.
          this.throwIfPaused();
          return ask(ctx.signal);
        },
        { signal, cost: this.backend.quota?.perCall ?? 1, attributes: { repeatable } },
      );
    } catch (error) {
      throw this.failed(error, signal);
    }
  }

  /** The provider said until when it wants to be left alone. */
  private throwIfPaused(): void {
    const retryAfterMs = this.pausedUntilMs - this.clock.now();
    if (retryAfterMs <= 0) return;
    throw new BackendError('quota', `${this.backend.kind} asked for a pause`, { retryAfterMs });
  }

  private failed(error: unknown, signal: AbortSignal): unknown {
    if (signal.aborted) return signal.reason;
    const failure = toBackendError(this.backend.kind, error);
    this.failures[failure.failure satisfies BackendFailure]++;
    if (failure.failure === 'quota' && failure === error) {
      const { retryAfterMs = PAUSE_MS } = failure;
      const pauseMs = Math.min(retryAfterMs, this.backend.quota?.windowMs ?? MAX_PAUSE_MS);
      this.pausedUntilMs = Math.max(this.pausedUntilMs, this.clock.now() + pauseMs);
    }
    return failure;
  }

  /** A credential came too late: nobody knows of it, so nobody would end it. */
  private undo({ credential, ref }: BackendLease): void {
    for (const secret of Object.values(credential)) secret.dispose();
    if (ref === undefined) return;
    // What cannot be revoked ends by itself; whoever asked has been told that there is nothing.
    this.revoke?.(ref, new AbortController().signal).catch(() => {});
  }
}
