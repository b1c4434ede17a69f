import type { Status } from '../status.ts';
import { paint } from './paint.ts';
import { LABEL } from './strips.ts';

/** What the strategies have counted, in a line: `inFlight 8  queueLength 3  rejected 12`. */
export function strategyLine({ scenario, strategies }: Pick<Status, 'scenario' | 'strategies'>): string {
  const sums = new Map<string, number>();
  for (const { stats } of strategies) {
    for (const [name, value] of figures(stats)) sums.set(name, (sums.get(name) ?? 0) + value);
  }
  const shown = [...sums].filter(([, value]) => value > 0).map(([name, value]) => `${name} ${round(value)}`);
  return `${scenario.name.padEnd(LABEL)}${paint('bold', shown.join('  '))}`;
}

const round = (value: number) => Math.round(value * 100) / 100;

/** The numbers in what a strategy tells; those of one kind as `rejected.full`. */
function figures(stats: object): [string, number][] {
  return Object.entries(stats).flatMap(([name, value]: [string, unknown]) => {
    if (typeof value === 'number') return [[name, value] as [string, number]];
    if (typeof value !== 'object' || value === null) return [];
    return figures(value).map(([inner, number]): [string, number] => [`${name}.${inner}`, number]);
  });
}
