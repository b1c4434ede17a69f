import {
  circuitBreaker,
  consecutiveFailures,
  type CircuitBreaker,
  type CircuitState,
} from '@holdfast/circuit-breaker';
import { check, pipeline, reportListenerError, type Strategy } from '@holdfast/pipeline';
import { retry } from '@holdfast/retry';
import { timeout } from '@holdfast/timeout';
import type { AuditEngine, StoredEntry } from '../log/engine.ts';
import { pause } from '../log/pause.ts';
import { followFrom } from '../query/follow-from.ts';
import { readSinkOptions, type SinkOptions } from './options.ts';
import type { AuditSink } from './sink.ts';
import { SinkOffset } from './sink-offset.ts';

/** What a running sink reads of an engine. */
export type SinkSource = Pick<AuditEngine, 'dir' | 'tenants' | 'size' | 'entries' | 'follow' | 'originOf'>;

/** How a sink is doing. */
export interface SinkStats {
  readonly name: string;
  /** How many durable entries it has not taken yet. */
  readonly lag: number;
  /** How many it has taken since the log was opened. */
  readonly delivered: number;
  /** How often delivering, reading the log or remembering how far it has come failed since. */
  readonly failures: number;
  /** `open` while the receiver is left alone. */
  readonly circuit: CircuitState;
  /** What failed last; nothing once a batch was delivered and remembered. */
  readonly error: unknown;
  /** Whether it still runs: it ends when it is closed, or the log is. */
  readonly running: boolean;
}

/** A sink at work. */
export interface RunningSink {
  stats(): SinkStats;
  /** Resolves once everything that is durable now has been taken, or the sink ended. */
  caughtUp(): Promise<void>;
  /** Ends the attempt under way and the sink. A second call returns the same promise. */
  close(): Promise<void>;
}

const NAME = /^[a-z0-9-]{1,64}$/;

/**
 * Copies the log to a sink, from where it stopped last time, until it is closed. Entries are read from the disk one batch
 * at a time, so that a sink that is stuck costs neither memory nor time of anybody else. An attempt that fails or takes
 * too long is made again, with growing pauses and never to be given up.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type, or the name cannot name a file
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import type { AuditLog } from '@holdfast/audit';
 * import { runSink, stdoutSink } from '@holdfast/audit/sinks';
 *
 * async function copyToStdout(log: AuditLog) {
 *   const running = await runSink(log.engine, stdoutSink());
 *   return () => running.close();
 * }
 * ```
 */
export async function runSink(
  source: SinkSource,
  sink: AuditSink,
  options: SinkOptions = {},
): Promise<RunningSink> {
  const settings = readSinkOptions(options);
  check('sink: name', sink.name, (name) =>
    typeof name === 'string' && NAME.test(name) ? undefined : `must match ${NAME.source}`,
  );
  return new SinkRunner(source, sink, settings, await SinkOffset.load(source.dir, sink.name, settings.files));
}

class SinkRunner implements RunningSink {
  private readonly source: SinkSource;
  private readonly sink: AuditSink;
  private readonly settings: ReturnType<typeof readSinkOptions>;
  private readonly offset: SinkOffset;
  private readonly breaker: CircuitBreaker;
  private readonly attempts: Strategy;
  private readonly controller = new AbortController();
  private readonly ended: Promise<void>;
  private waiting: (() => void)[] = [];
  private delivered = 0;
  private failures = 0;
  private error: unknown;
  private running = true;
  private remembered = true;
  private closing: Promise<void> | undefined;

  constructor(
    source: SinkSource,
    sink: AuditSink,
    settings: ReturnType<typeof readSinkOptions>,
    offset: SinkOffset,
  ) {
    const { clock, random, timeoutMs, baseDelayMs, maxDelayMs, failures, openMs } = settings;
    const name = `audit-sink-${sink.name}`;
    this.source = source;
    this.sink = sink;
    this.settings = settings;
    this.offset = offset;
    this.breaker = circuitBreaker({
      name,
      tripRule: consecutiveFailures({ failures }),
      openMs,
      successesToClose: 1,
      clock,
    });
    this.attempts = pipeline(
      retry({
        name,
        maxAttempts: Infinity,
        baseDelayMs,
        maxDelayMs,
        retryIf: () => true,
        retryRejections: true,
        clock,
        random,
      }),
      this.breaker,
      timeout({ name, timeoutMs, clock }),
    );
    this.ended = this.run().finally(() => this.end());
  }

  stats(): SinkStats {
    const { delivered, failures, error, running, sink, breaker } = this;
    return { name: sink.name, lag: this.lag(), delivered, failures, circuit: breaker.state, error, running };
  }

  async caughtUp(): Promise<void> {
    const wanted = new Map(this.source.tenants().map((tenant) => [tenant, this.source.size(tenant)]));
    const behind = () => [...wanted].some(([tenant, size]) => (this.offset.next.get(tenant) ?? 0) < size);
    while (this.running && behind()) await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  close(): Promise<void> {
    this.closing ??= this.shut();
    return this.closing;
  }

  private async shut(): Promise<void> {
    this.controller.abort();
    await this.ended;
    if (!this.remembered) await this.remember();
    await this.sink.close?.();
  }

  private lag(): number {
    const { source, offset } = this;
    return source
      .tenants()
      .reduce((sum, tenant) => sum + source.size(tenant) - (offset.next.get(tenant) ?? 0), 0);
  }

  private async run(): Promise<void> {
    const { signal } = this.controller;
    const { clock, maxDelayMs } = this.settings;
    this.rewind();
    while (!signal.aborted) {
      try {
        await this.copy(signal);
        return;
      } catch (error) {
        this.failed(error);
        if (!signal.aborted) await pause(maxDelayMs, signal, clock);
      }
    }
  }

  private async copy(signal: AbortSignal): Promise<void> {
    for await (const entries of followFrom(this.source, this.offset.next, signal)) {
      const first = entries[0];
      if (first !== undefined) await this.deliver(first, entries, signal);
    }
  }

  /** A log that is shorter than what was sent was restored from a backup: its new entries are others. */
  private rewind(): void {
    for (const [tenant, next] of this.offset.next) {
      if (next > this.source.size(tenant)) this.offset.next.set(tenant, 0);
    }
  }

  private async deliver(
    { tenant, index }: StoredEntry,
    entries: readonly StoredEntry[],
    signal: AbortSignal,
  ) {
    const batch = { tenant, origin: this.source.originOf(tenant), entries };
    await this.attempts.execute(
      async (ctx) => {
        try {
          await this.sink.write(batch, ctx.signal);
        } catch (error) {
          this.failed(error);
          throw error;
        }
      },
      { signal },
    );
    this.error = undefined;
    this.delivered += entries.length;
    this.offset.next.set(tenant, index + entries.length);
    await this.remember();
    this.wake();
  }

  /** What cannot be remembered now is with the next batch, or at the end: that entries come again is allowed. */
  private async remember(): Promise<void> {
    try {
      await this.offset.save();
      this.remembered = true;
    } catch (error) {
      this.remembered = false;
      this.failed(error);
    }
  }

  private failed(error: unknown): void {
    if (this.controller.signal.aborted) return;
    this.failures++;
    this.error = error;
    reportListenerError(this.settings.onError, error);
  }

  private end(): void {
    this.running = false;
    this.wake();
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}
