import { manualClock, type ManualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bulkhead, isBulkheadFull, type Bulkhead } from '../../src/index.ts';
import { job, type Job } from '../job.ts';
import { watch, type Watched } from '../watch.ts';

const LIMITS = { maxConcurrent: 2, maxQueue: 3, maxQueueMs: 100 };

interface Entry {
  readonly number: number;
  readonly priority: number;
  readonly joinedAtMs: number;
}

/** What is to be true, written as plainly as can be: two sorted lists. */
class Model {
  running: number[] = [];
  waiting: Entry[] = [];
  readonly refused = new Set<number>();
  nowMs = 0;
  private readonly order: 'fifo' | 'lifo';

  constructor(order: 'fifo' | 'lifo') {
    this.order = order;
  }

  arrive(number: number, priority: number): void {
    if (this.running.length < LIMITS.maxConcurrent) return void this.running.push(number);
    if (this.waiting.length === LIMITS.maxQueue) {
      const lowest = Math.min(...this.waiting.map((entry) => entry.priority));
      if (lowest >= priority) return void this.refused.add(number);
      const victim = this.waiting.findLast((entry) => entry.priority === lowest);
      this.drop((entry) => entry === victim);
    }
    this.waiting.push({ number, priority, joinedAtMs: this.nowMs });
  }

  leave(number: number): void {
    this.running = this.running.filter((other) => other !== number);
    if (this.waiting.length === 0) return;
    const highest = Math.max(...this.waiting.map((entry) => entry.priority));
    const equals = this.waiting.filter((entry) => entry.priority === highest);
    const next = this.order === 'fifo' ? equals[0] : equals.at(-1);
    if (next === undefined) return;
    this.waiting = this.waiting.filter((entry) => entry !== next);
    this.running.push(next.number);
  }

  abort(number: number): void {
    this.waiting = this.waiting.filter((entry) => entry.number !== number);
  }

  advance(ms: number): void {
    this.nowMs += ms;
    this.drop(({ joinedAtMs }) => joinedAtMs + LIMITS.maxQueueMs <= this.nowMs);
  }

  private drop(which: (entry: Entry) => boolean): void {
    for (const { number } of this.waiting.filter(which)) this.refused.add(number);
    this.waiting = this.waiting.filter((entry) => !which(entry));
  }
}

interface Call extends Job {
  readonly controller: AbortController;
  readonly watched: Watched;
}

interface Real {
  readonly clock: ManualClock;
  readonly strategy: Bulkhead;
  readonly calls: Call[];
}

type Step =
  | { readonly kind: 'arrive'; readonly priority: number }
  | { readonly kind: 'finish' | 'fail' | 'abort'; readonly pick: number }
  | { readonly kind: 'advance'; readonly ms: number };

const steps = fc.array(
  fc.oneof(
    { weight: 5, arbitrary: fc.record({ kind: fc.constant('arrive' as const), priority: fc.nat(2) }) },
    {
      weight: 5,
      arbitrary: fc.record({ kind: fc.constantFrom('finish', 'fail', 'abort'), pick: fc.nat(20) }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ kind: fc.constant('advance' as const), ms: fc.constantFrom(1, 40, 100) }),
    },
  ),
  { maxLength: 40 },
) as fc.Arbitrary<Step[]>;

async function take(step: Step, model: Model, { clock, strategy, calls }: Real): Promise<void> {
  switch (step.kind) {
    case 'arrive': {
      const started = job();
      const controller = new AbortController();
      const attributes = { priority: String(step.priority) };
      const call = strategy.execute(started.run, { signal: controller.signal, attributes });
      model.arrive(calls.push({ ...started, controller, watched: watch(call) }) - 1, step.priority);
      break;
    }
    case 'advance':
      model.advance(step.ms);
      await clock.advance(step.ms);
      break;
    case 'abort': {
      const number = model.waiting[step.pick % Math.max(1, model.waiting.length)]?.number;
      if (number === undefined) break;
      calls[number]?.controller.abort('aborted');
      model.abort(number);
      break;
    }
    default: {
      const number = model.running[step.pick % Math.max(1, model.running.length)];
      if (number === undefined) break;
      calls[number]?.[step.kind]('over');
      model.leave(number);
    }
  }
  await clock.advance(0);
}

describe('a bulkhead under any history of calls', () => {
  it.each(['fifo', 'lifo'] as const)('does what the model does (%s)', async (order) => {
    await fc.assert(
      fc.asyncProperty(steps, async (history) => {
        const clock = manualClock();
        const priorityBy = ({ priority }: Readonly<Record<string, string>>) => Number(priority);
        const strategy = bulkhead({ ...LIMITS, order, priorityBy, clock });
        const real: Real = { clock, strategy, calls: [] };
        const model = new Model(order);
        for (const step of history) {
          await take(step, model, real);
          const open = real.calls.filter(({ started, watched }) => started() && !watched.settled);
          expect(open).toEqual(model.running.toSorted((a, b) => a - b).map((number) => real.calls[number]));
          expect(strategy.stats()).toMatchObject({
            inFlight: model.running.length,
            queueLength: model.waiting.length,
          });
          const refused = real.calls.flatMap(({ watched }, index) =>
            isBulkheadFull(watched.error) ? [index] : [],
          );
          expect(refused).toEqual([...model.refused].sort((a, b) => a - b));
          expect(clock.pendingTimers).toBe(model.waiting.length);
        }
      }),
    );
  });
});
