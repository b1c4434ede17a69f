import { check, number, type } from '@holdfast/pipeline';
import { MAX_TIMEOUT_MS, MIN_TIMEOUT_MS } from './clamp-timeout.ts';
import { operationTimeouts, type OperationName } from './operation-timeouts.ts';

/** Any string, without losing the completion of the known ones. */
type AnyName = string & Record<never, never>;

/** Answers how long an operation may take, in milliseconds. */
export type TimeoutFor<Name extends string = OperationName> = (operation: Name | AnyName) => number;

/**
 * Tells how long an operation may take.
 *
 * @param operation - a name from {@link operationTimeouts}; any other gets its `default`, 30 000 ms
 * @returns milliseconds
 *
 * @example
 * ```ts
 * import { timeout, timeoutFor } from '@holdfast/timeout';
 *
 * const query = timeout({ timeoutMs: timeoutFor('db.query') });
 * ```
 */
export function timeoutFor(operation: OperationName | AnyName): number {
  return read(operationTimeouts, operation);
}

/**
 * Makes a table of your own, on top of {@link operationTimeouts}.
 *
 * @param own - milliseconds by operation, 100 to 600 000; `default` serves the unknown ones
 * @throws {@link TypeError} when a value is no number
 * @throws {@link RangeError} when a value is out of bounds
 *
 * @example
 * ```ts
 * import { createTimeouts } from '@holdfast/timeout';
 *
 * const timeoutFor = createTimeouts({ 'invoice.render': 20_000, 'db.query': 2_000 });
 * console.assert(timeoutFor('invoice.render') === 20_000 && timeoutFor('dns.lookup') === 2_000);
 * ```
 */
export function createTimeouts<Own extends string>(
  own: Readonly<Record<Own, number>>,
): TimeoutFor<Own | OperationName> {
  check('createTimeouts: own', own, type('object'));
  for (const [name, ms] of Object.entries(own)) {
    check(`createTimeouts: ${name}`, ms, number(MIN_TIMEOUT_MS, MAX_TIMEOUT_MS));
  }
  const table = { ...operationTimeouts, ...own };
  return (operation) => read(table, operation);
}

function read(table: Readonly<Record<'default', number>>, operation: string): number {
  return Object.hasOwn(table, operation) ? table[operation as 'default'] : table.default;
}
