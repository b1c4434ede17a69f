import { ANSWERS } from './answer-kinds.ts';
import { AUDIT } from './audit-kinds.ts';
import { CREDENTIALS } from './credential-kind.ts';
import { CHECK, GROUP, HEALTH } from './health-kinds.ts';
import type { Kind, Stats } from './kind.ts';
import { LIMITS } from './limit-kinds.ts';
import { OUTBOUND } from './outbound-kinds.ts';
import type { Observed, ObservedHealth, ObservedRegistry } from './sources.ts';
import { STRATEGIES } from './strategy-kinds.ts';

const KINDS: readonly Kind[] = [...OUTBOUND, ...STRATEGIES, ...LIMITS, ...ANSWERS, ...AUDIT, ...CREDENTIALS];

/** What one thing has counted. */
export interface Reading {
  /** Tells it from the others of its source. */
  readonly key: unknown;
  readonly kind: Kind;
  readonly labels: Readonly<Record<string, string>>;
  readonly stats: Stats;
}

/**
 * Reads what there is to be read, part by part.
 *
 * @param name - what a single thing is labelled with, in place of its own name
 * @throws {@link TypeError} when something is none that is known
 */
export function readingsOf(source: Observed, name?: string): Iterable<Reading> {
  if (isHealth(source)) return healthReadings(source);
  return Symbol.iterator in source ? registryReadings(source) : ownReadings(source, name);
}

function* registryReadings(registry: ObservedRegistry): Generator<Reading> {
  for (const each of registry) yield reading(each, each.name, each.stats() as Stats);
}

function* ownReadings(source: { stats(): object }, given?: string): Generator<Reading> {
  const stats = source.stats() as Stats;
  yield reading(source, given ?? nameOf(source) ?? nameOf(stats) ?? 'default', stats);
}

function reading(key: unknown, name: string, stats: Stats): Reading {
  const kind = KINDS.find(({ has }) => has.every((field) => field in stats));
  if (kind === undefined) throw new TypeError(`observe: '${name}' counts nothing that is known`);
  return { key, kind, labels: kind.label === undefined ? {} : { [kind.label]: name }, stats };
}

function nameOf(source: object): string | undefined {
  return 'name' in source && typeof source.name === 'string' ? source.name : undefined;
}

/** Whether something is a health: only that has groups. */
export function isHealth(source: Observed): source is ObservedHealth {
  return 'groups' in source;
}

function* healthReadings(health: ObservedHealth): Generator<Reading> {
  const { groups, draining } = health;
  for (const stats of health.stats()) {
    yield { key: `check ${stats.name}`, kind: CHECK, labels: { check: stats.name }, stats: { ...stats } };
  }
  for (const group of groups) {
    yield { key: `group ${group}`, kind: GROUP, labels: { group }, stats: { state: health.state(group) } };
  }
  const alerts: Record<string, number> = { warning: 0, critical: 0 };
  for (const { severity } of health.report().alerts) alerts[severity] = (alerts[severity] ?? 0) + 1;
  yield { key: 'health', kind: HEALTH, labels: {}, stats: { draining, alerts } };
}
