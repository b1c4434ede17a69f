import { reportListenerError, type Clock } from '@holdfast/pipeline';
import { CounterInstrument } from './instruments/counter.ts';
import { Instrument } from './instruments/instrument.ts';
import { counterRules, readInstrument } from './instruments/instrument-options.ts';
import type { Settings } from './options.ts';
import { ownRegistry, type MetricRegistry } from './registry/registry.ts';
import type { Definition, FamilyHost } from './series/definition.ts';

const HOOKS = Symbol.for('@holdfast/metrics/hooks/1');

/** What brings the instruments of a registry up to date. */
interface Hooks {
  readonly all: Set<() => void>;
  running: boolean;
}

/** The hooks belong to the registry: whoever reads it wants all of it up to date, and instruments are shared too. */
function hooksOf(registry: MetricRegistry & { [HOOKS]?: Hooks }): Hooks {
  return (registry[HOOKS] ??= { all: new Set(), running: false });
}

/** Holds the instruments of a registry together, and brings them up to date before they are read. */
export class Hub implements FamilyHost {
  readonly registry: MetricRegistry;
  readonly settings: Settings;
  private readonly hooks: Hooks;
  /** Whether a foreign registry has begun to read in this turn of the event loop. */
  private fresh = false;

  constructor(settings: Settings) {
    this.settings = settings;
    this.registry = settings.registry ?? ownRegistry();
    this.hooks = hooksOf(this.registry);
  }

  get clock(): Clock {
    return this.settings.clock;
  }

  get exposeCreated(): boolean {
    return this.settings.exposeCreated;
  }

  get foreignOpenMetrics(): boolean {
    return this.registry.contentType?.startsWith('application/openmetrics-text') === true;
  }

  /** The instrument of a definition: the one that there is, if it is the same, or a new one. */
  claim<I extends { readonly definition: Definition }>(
    definition: Definition,
    Kind: new (definition: Definition, host: FamilyHost) => I,
  ): I {
    const present = this.registry.getSingleMetric(definition.name);
    if (present === undefined) {
      this.checkFamily(definition);
      const made = new Kind(definition, this);
      this.registry.registerMetric(made as never);
      return made;
    }
    if (present instanceof Kind && identity(present.definition) === identity(definition)) return present;
    throw new TypeError(`${definition.name} is already registered as another metric`);
  }

  /** OpenMetrics takes the ending off the name of a counter: what is left must not be the name of another family. */
  private checkFamily({ name, type }: Definition): void {
    const other = type === 'counter' ? name.replace(/_total$/, '') : `${name}_total`;
    if (this.registry.getSingleMetric(other) === undefined) return;
    throw new TypeError(`${name} has the same name as ${other} in OpenMetrics`);
  }

  onCollect(hook: () => void): () => void {
    const own = () => hook();
    this.hooks.all.add(own);
    return () => void this.hooks.all.delete(own);
  }

  /** Brings everything up to date; a hook that throws costs only what it would have brought. */
  collect(): readonly unknown[] {
    // A hook may ask for figures that are made from this very registry, as a check of health does: those are read as they are.
    if (!this.hooks.running) {
      this.hooks.running = true;
      for (const hook of this.hooks.all) this.attempt(hook);
      this.hooks.running = false;
    }
    const all = this.registry.getMetricsAsArray();
    for (const metric of all) if (metric instanceof Instrument) metric.sweep();
    return all;
  }

  refresh(): void {
    if (this.fresh) return;
    // A foreign registry reads one metric after the other in the same turn.
    this.fresh = true;
    queueMicrotask(() => (this.fresh = false));
    this.collect();
  }

  refused(metric: string, first: boolean): void {
    const options = {
      name: 'metrics_series_dropped_total',
      help: 'Writes that found no room for a series of their own',
      labels: ['metric'],
      limit: Infinity,
    };
    const definition = readInstrument('counter', options, counterRules, Infinity);
    // Somebody else's metric may have the name, which must not reach whoever counts.
    this.attempt(() => this.claim(definition, CounterInstrument).with(metric).inc());
    const { onOverflow } = this.settings;
    if (first && onOverflow !== undefined) this.attempt(() => onOverflow(metric));
  }

  /** Runs code of others; an error of theirs must not reach whoever only counts something. */
  attempt(run: () => void): void {
    try {
      run();
    } catch (error) {
      reportListenerError(this.settings.onListenerError, error);
    }
  }
}

/** What makes two definitions the same: what would change the series or their meaning. */
function identity({ type, labels, buckets, native }: Definition): string {
  return JSON.stringify([type, labels, buckets, native]);
}
