import { AGGREGATE, isAggregator, type Aggregator } from './aggregator.ts';
import { isTotal, seriesKey, type FamilyState, type SampleState, type WorkerState } from './worker-state.ts';

/** How a family is to be merged. */
export type AggregatorOf = (family: FamilyState) => Aggregator;

/**
 * Merges families of the same name. Series are the same where their label tuples are. Totals are always added up: any
 * other way of merging them could make them fall when a worker goes.
 *
 * A family whose type differs from that of the first worker that has it is left out of that worker's part.
 */
export function mergeStates(states: readonly WorkerState[], aggregatorOf: AggregatorOf): WorkerState {
  const byName = new Map<string, FamilyState[]>();
  for (const family of states.flat()) {
    const known = byName.get(family.name);
    if (known === undefined) byName.set(family.name, [family]);
    else if (known[0]?.type === family.type) known.push(family);
  }
  return [...byName.values()].flatMap((families) => {
    const [first] = families as [FamilyState, ...FamilyState[]];
    const aggregator = aggregatorOf(first);
    return aggregator === 'omit' ? [] : [{ ...first, samples: mergeSamples(families, aggregator) }];
  });
}

/** What a family itself asks for. */
export function ownAggregator({ aggregator }: FamilyState): Aggregator {
  return isAggregator(aggregator) ? aggregator : 'sum';
}

function mergeSamples(families: readonly FamilyState[], aggregator: Aggregator): readonly SampleState[] {
  const merged = new Map<string, { readonly sample: SampleState; readonly values: number[] }>();
  for (const family of families) {
    for (const sample of family.samples) {
      const [name, labels, value] = sample;
      const key = name + seriesKey(labels);
      const known = merged.get(key);
      if (known === undefined) merged.set(key, { sample, values: [Number(value)] });
      else known.values.push(Number(value));
    }
  }
  const [first] = families as [FamilyState, ...FamilyState[]];
  return [...merged.values()].map(({ sample, values }) => {
    const aggregate = AGGREGATE[isTotal(first, sample) ? 'sum' : aggregator];
    return [sample[0], sample[1], aggregate(values)];
  });
}
