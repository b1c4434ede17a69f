import type { BoundCounter } from '../instruments/counter.ts';
import type { Metrics } from '../metrics.ts';
import type { StrategyKind, StrategyStats } from './strategy-kind.ts';

const STATE = {
  name: 'resilience_circuit_state',
  help: '1 for the state that a circuit is in, 0 for the others',
  labels: ['name', 'state'],
} as const;

/** The series of one strategy. Totals are told apart from those of a namesake: each adds what is new to it. */
export class StrategySeries {
  private readonly metrics: Metrics;
  private readonly name: string;
  private readonly kind: StrategyKind;
  private readonly counters: readonly { readonly from: string; readonly counter: BoundCounter }[];
  private readonly counted = new Map<string, number>();

  constructor(metrics: Metrics, name: string, kind: StrategyKind) {
    this.metrics = metrics;
    this.name = name;
    this.kind = kind;
    this.counters = kind.totals.map(({ from, name: metric, help, outcome }) => {
      const counter =
        outcome === undefined
          ? metrics.counter({ name: metric, help, labels: ['name'] }).with(name)
          : metrics.counter({ name: metric, help, labels: ['name', 'outcome'] }).with(name, outcome);
      return { from, counter };
    });
  }

  update(stats: StrategyStats): void {
    for (const { from, counter } of this.counters) {
      const total = Number(stats[from]);
      counter.inc(Math.max(0, total - (this.counted.get(from) ?? 0)));
      this.counted.set(from, total);
    }
    const { name } = this;
    for (const level of this.kind.levels) this.gaugeOf(level).set({ name }, Number(stats[level.from]));
    for (const state of this.kind.states ?? []) {
      this.metrics.gauge(STATE).set({ name, state }, stats['state'] === state ? 1 : 0);
    }
  }

  private gaugeOf({ name, help }: StrategyKind['levels'][number]) {
    return this.metrics.gauge({ name, help, labels: ['name'] });
  }

  /** Takes out what says how things are now; what was counted stays. */
  end(): void {
    const { name } = this;
    for (const level of this.kind.levels) this.gaugeOf(level).remove({ name });
    if (this.kind.states !== undefined) this.metrics.gauge(STATE).remove({ name });
  }
}
