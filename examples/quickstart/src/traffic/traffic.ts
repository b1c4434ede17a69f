import type { CircuitState } from '@holdfast/circuit-breaker';
import { LatencyHistogram, type Percentiles } from './latency-histogram.ts';
import { countsBy, type Outcome, type OutcomeCounts } from './outcome.ts';

/** What happened within one slot of time: a second, unless the demonstration runs faster. */
export interface Slot {
  readonly counts: OutcomeCounts;
  readonly retries: number;
  readonly latency: LatencyHistogram;
  /** The worst state that the circuit was in. */
  readonly circuit: CircuitState;
  /** The phase of the schedule, if there is one. */
  readonly phase: string | undefined;
}

/** What a slot begins with. */
export interface Surroundings {
  readonly circuit: CircuitState;
  readonly phase: string | undefined;
}

interface OpenSlot extends Slot {
  readonly counts: Record<Outcome, number>;
  retries: number;
  circuit: CircuitState;
}

/** What {@link Traffic} takes. */
export interface TrafficOptions {
  readonly slotMs: number;
  readonly now: () => number;
  readonly surroundings: () => Surroundings;
}

const MAX_SLOTS = 240;

const emptySlot = ({ circuit, phase }: Surroundings): OpenSlot => {
  return { counts: countsBy(() => 0), retries: 0, latency: new LatencyHistogram(), circuit, phase };
};

/** Counts requests: in total, and slot by slot for the last few minutes. */
export class Traffic {
  readonly totals: Record<Outcome, number> = countsBy(() => 0);
  retries = 0;
  inFlight = 0;
  private readonly options: TrafficOptions;
  private readonly startedAtMs: number;
  private readonly slots: OpenSlot[] = [];
  private readonly latency = new LatencyHistogram();
  /** How many slots have begun. */
  private begun = 0;
  private stopped = false;

  constructor(options: TrafficOptions) {
    this.options = options;
    this.startedAtMs = options.now();
  }

  began(): void {
    this.inFlight++;
  }

  retried(): void {
    this.retries++;
    this.slot().retries++;
  }

  ended(outcome: Outcome, durationMs: number): void {
    this.inFlight--;
    if (this.stopped) return;
    this.totals[outcome]++;
    const slot = this.slot();
    slot.counts[outcome]++;
    slot.latency.record(durationMs);
    this.latency.record(durationMs);
  }

  /** Counts no more: what ends from now on was cut off. */
  stop(): void {
    this.stopped = true;
  }

  circuitChanged(state: CircuitState): void {
    const slot = this.slot();
    if (severity(state) > severity(slot.circuit)) slot.circuit = state;
  }

  /** Percentiles since the start. */
  percentiles(): Percentiles {
    return this.latency.percentiles();
  }

  elapsedMs(): number {
    return this.options.now() - this.startedAtMs;
  }

  /** The last slots, oldest first; the one under way comes last. */
  history(): readonly Slot[] {
    this.slot();
    return this.slots;
  }

  /** The slot under way; catches up with those in which nothing happened. */
  private slot(): OpenSlot {
    const due = Math.floor(this.elapsedMs() / this.options.slotMs) + 1;
    this.begun = Math.max(this.begun, due - MAX_SLOTS);
    for (; this.begun < due; this.begun++) {
      this.slots.push(emptySlot(this.options.surroundings()));
      if (this.slots.length > MAX_SLOTS) this.slots.shift();
    }
    return this.slots.at(-1) as OpenSlot;
  }
}

const SEVERITIES: readonly CircuitState[] = ['closed', 'half-open', 'open'];
const severity = (state: CircuitState) => SEVERITIES.indexOf(state);
