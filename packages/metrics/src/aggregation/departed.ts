import { mergeStates } from './merge.ts';
import { isTotal, seriesKey, type FamilyState, type SampleState, type WorkerState } from './worker-state.ts';

const OVERFLOW = { overflow: 'true' };

/**
 * What workers that are gone have counted. It stays in the sum for as long as the process runs: without it a counter would
 * fall when a worker dies, and Prometheus would take what is left for new. Levels go with their worker.
 */
export class DepartedTotals {
  private readonly seriesLimit: number;
  private totals: WorkerState = [];

  constructor(seriesLimit: number) {
    this.seriesLimit = seriesLimit;
  }

  get state(): WorkerState {
    return this.totals;
  }

  /** Keeps the totals of a worker that is gone. */
  keep(state: WorkerState): void {
    const totals = state.map((family) => {
      return { ...family, samples: family.samples.filter((sample) => isTotal(family, sample)) };
    });
    this.totals = mergeStates([this.totals, totals], () => 'sum').map((family) => this.bounded(family));
  }

  /**
   * Keeps what a worker that lives has begun to count anew, after a `reset` or a removal.
   *
   * @param before - what it had told before
   */
  keepFallen(before: WorkerState, now: WorkerState): void {
    const current = new Map(now.map((family) => [family.name, family]));
    const fallen = before.map((family) => {
      const after = current.get(family.name);
      return { ...family, samples: after === undefined ? [] : fallenSamples(family, after) };
    });
    if (fallen.some(({ samples }) => samples.length > 0)) this.keep(fallen);
  }

  /** Workers that come and go may bring new labels for ever; those without room count together. */
  private bounded(family: FamilyState): FamilyState {
    const keys = new Set<string>();
    const samples = family.samples.map((sample): SampleState => {
      const [name, labels, value] = sample;
      const { le } = labels;
      const key = seriesKey(labels, 'le');
      if (keys.has(key) || keys.size < this.seriesLimit) {
        keys.add(key);
        return sample;
      }
      return [name, le === undefined ? OVERFLOW : { ...OVERFLOW, le }, value];
    });
    return mergeStates([[{ ...family, samples }]], () => 'sum')[0] ?? family;
  }
}

/**
 * The samples of every series of which one has fallen or gone: the others may have grown past what they were, and what is
 * gone begins at zero when it comes back.
 */
function fallenSamples(before: FamilyState, now: FamilyState): readonly SampleState[] {
  const values = new Map(
    now.samples.map(([name, labels, value]) => [name + seriesKey(labels), Number(value)]),
  );
  const fallen = new Set<string>();
  for (const sample of before.samples) {
    const [name, labels, value] = sample;
    const after = values.get(name + seriesKey(labels));
    if ((after === undefined || after < Number(value)) && isTotal(before, sample)) {
      fallen.add(seriesKey(labels, 'le'));
    }
  }
  return before.samples.filter(([, labels]) => fallen.has(seriesKey(labels, 'le')));
}
