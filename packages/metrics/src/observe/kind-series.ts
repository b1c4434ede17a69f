import type { Metrics } from '../metrics.ts';
import type { Figure, Kind, States, Stats } from './kind.ts';

type Labels = Readonly<Record<string, string>>;

/** The series of one thing. Totals are told apart from those of a namesake: each adds what is new to it. */
export class KindSeries {
  private readonly metrics: Metrics;
  private readonly kind: Kind;
  private readonly labels: Labels;
  /** What has been counted of each total, by figure and key. */
  private readonly counted = new Map<Figure, Map<string, number>>();
  /** The keys that each level is shown with. */
  private readonly shown = new Map<Figure, Set<string>>();

  constructor(metrics: Metrics, kind: Kind, labels: Labels) {
    this.metrics = metrics;
    this.kind = kind;
    this.labels = labels;
  }

  update(stats: Stats): void {
    const { kind } = this;
    for (const figure of kind.totals) this.count(figure, numbersOf(figure, stats));
    for (const figure of kind.levels) this.show(figure, numbersOf(figure, stats));
    if (kind.states !== undefined && 'state' in stats) this.showState(kind.states, stats['state']);
  }

  private count(figure: Figure, numbers: readonly (readonly [key: string, total: number])[]): void {
    let counted = this.counted.get(figure);
    if (counted === undefined) this.counted.set(figure, (counted = new Map<string, number>()));
    for (const [key, total] of numbers) {
      const labels = this.labelsOf(figure, key);
      const more = Math.max(0, total - (counted.get(key) ?? 0));
      this.metrics
        .counter(definition(figure, labels))
        .with(...Object.values(labels))
        .inc(more);
      counted.set(key, total);
    }
  }

  private show(figure: Figure, numbers: readonly (readonly [key: string, level: number])[]): void {
    const before = this.shown.get(figure);
    const now = new Set<string>();
    this.shown.set(figure, now);
    for (const [key, level] of numbers) {
      const labels = this.labelsOf(figure, key);
      this.metrics
        .gauge(definition(figure, labels))
        .with(...Object.values(labels))
        .set(level);
      now.add(key);
      before?.delete(key);
    }
    this.hide(figure, before);
  }

  private hide(figure: Figure, keys: Iterable<string> = []): void {
    for (const key of keys) {
      const labels = this.labelsOf(figure, key);
      this.metrics.gauge(definition(figure, labels)).remove(labels);
    }
  }

  private showState(states: States, state: unknown): void {
    for (const each of states.all) {
      const labels = { ...this.labels, state: each };
      this.metrics
        .gauge(definition(states, labels))
        .with(...Object.values(labels))
        .set(state === each ? 1 : 0);
    }
  }

  private labelsOf({ by, labels }: Figure, key: string): Labels {
    return { ...this.labels, ...(by !== undefined && { [by]: key }), ...labels };
  }

  /** Takes out what says how things are now; what was counted stays. */
  end(): void {
    for (const [figure, keys] of this.shown) this.hide(figure, keys);
    const { states } = this.kind;
    if (states === undefined) return;
    this.metrics.gauge(definition(states, { ...this.labels, state: '' })).remove(this.labels);
  }
}

/** The numbers of a figure, with the keys of those of a record. */
function numbersOf({ from }: Figure, stats: Stats): readonly (readonly [key: string, value: number])[] {
  const given = stats[from];
  const scale = from.endsWith('Ms') ? 1000 : 1;
  const record: Stats = typeof given === 'object' && given !== null ? { ...given } : { '': given };
  return Object.entries(record).flatMap(([key, each]) => {
    const value = typeof each === 'boolean' ? Number(each) : each;
    return typeof value === 'number' && !Number.isNaN(value) ? [[key, value / scale] as const] : [];
  });
}

function definition({ name, help, values }: Described, labels: Labels) {
  return { name, help, labels: Object.keys(labels), values };
}

type Described = Pick<Figure, 'name' | 'help' | 'values'>;
