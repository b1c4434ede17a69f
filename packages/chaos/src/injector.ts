import { reportListenerError, sleep, type Call, type Emitter, type Start } from '@holdfast/pipeline';
import { seededRandom } from '@holdfast/pipeline/testing';
import type { FaultInjectedEvent } from './events.ts';
import { covers, type Fault } from './fault.ts';
import type { ChaosSettings } from './options.ts';

/** Does to calls what the faults say. */
export class Injector<W> {
  readonly injected = { error: 0, latency: 0, result: 0, hang: 0 };
  private readonly settings: ChaosSettings<W>;
  private readonly emitter: Emitter<FaultInjectedEvent>;
  private readonly random: () => number;

  constructor(settings: ChaosSettings<W>, emitter: Emitter<FaultInjectedEvent>) {
    this.settings = settings;
    this.emitter = emitter;
    this.random = seededRandom(settings.seed);
  }

  /** @param sinceMs - milliseconds since faults are injected */
  async run(sinceMs: number, call: Call, start: Start): Promise<unknown> {
    const { faults, clock } = this.settings;
    // All numbers are drawn before anything waits, and for each fault, whether or not it applies: what a call meets
    // depends on nothing but the seed and its place in the order of calls.
    const draws = faults.map(() => [this.random(), this.random()] as const);
    for (const [index, fault] of faults.entries()) {
      const [hit, size] = draws[index] ?? [1, 0];
      if (hit >= fault.ratio || !this.applies(fault, call, sinceMs)) continue;
      const delayMs = fault.kind === 'latency' ? between(fault.delayMs, size) : 0;
      this.tell(fault.kind, index, delayMs);
      switch (fault.kind) {
        case 'latency':
          await sleep(delayMs, call, clock);
          break;
        case 'error':
          throw fault.error();
        case 'result':
          return fault.result();
        case 'hang':
          return new Promise((_, reject) => call.onEnd(reject));
        default:
          fault satisfies never;
      }
    }
    return start(1).result;
  }

  private applies({ during, when }: Fault<W>, call: Call, sinceMs: number): boolean {
    if (!covers(during, sinceMs)) return false;
    try {
      return when === undefined || when(call.attributes);
    } catch (error) {
      reportListenerError(this.settings.onListenerError, error);
      return false;
    }
  }

  private tell(fault: Fault['kind'], index: number, delayMs: number): void {
    this.injected[fault]++;
    if (!this.emitter.active) return;
    this.emitter.emit({ type: 'chaos.injected', strategy: this.settings.name, fault, index, delayMs });
  }
}

function between(delayMs: number | readonly [min: number, max: number], size: number): number {
  if (typeof delayMs === 'number') return delayMs;
  const [min, max] = delayMs;
  return min + (max - min) * size;
}
