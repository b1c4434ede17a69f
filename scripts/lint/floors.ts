/**
 * The floors of the house: a package imports only packages of lower floors. Observers are imported by no package at
 * all; they see the others through structural types.
 */
const FLOORS: Readonly<Record<string, number>> = {
  pipeline: 0,
  'circuit-breaker': 1,
  retry: 1,
  timeout: 1,
  limiter: 1,
  fallback: 1,
  chaos: 1,
  metrics: 1,
  health: 1,
  http: 2,
  audit: 2,
  'credential-broker': 3,
};

const OBSERVERS = new Set(['metrics', 'health']);

/** Packages that run on every runtime and in browsers; the others are made for Node. */
const PORTABLE = new Set([
  'pipeline',
  'circuit-breaker',
  'retry',
  'timeout',
  'limiter',
  'fallback',
  'chaos',
  'http',
]);

/** Whether a file of a portable package may use Node: only what its entries for Node are made of. */
export function mayUseNode(packageName: string, pathInSrc: string): boolean {
  return !PORTABLE.has(packageName) || isPlatformFile(pathInSrc);
}

/** Whether a file belongs to a named platform entry: `cli.ts`, `node.ts`, `redis.ts` or a folder of that name. */
export function isPlatformFile(pathInSrc: string): boolean {
  return /^(cli|node|redis)(\.ts$|\/)/.test(pathInSrc);
}

/** Says why one package must not import another, or nothing where it may. */
export function floorViolation(from: string, to: string): string | undefined {
  const fromFloor = FLOORS[from];
  const toFloor = FLOORS[to];
  if (fromFloor === undefined || toFloor === undefined) {
    return `'${fromFloor === undefined ? from : to}' has no floor; give it one in scripts/lint/floors.ts`;
  }
  if (OBSERVERS.has(to)) return `no package imports '${to}'; describe what it needs as a structural type`;
  if (toFloor >= fromFloor) return `'${from}' (floor ${fromFloor}) imports '${to}' (floor ${toFloor})`;
  return undefined;
}
