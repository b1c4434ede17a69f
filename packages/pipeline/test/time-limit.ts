import { createExpiryQueue, TimeoutError, type Clock, type ScopeHook } from '@holdfast/pipeline';

/** A scope that remembers what passed through it. */
export interface TimeLimit extends ScopeHook {
  entered: number;
  exited: number;
}

/** Makes a scope that ends calls after a while, as `@holdfast/timeout` does. */
export function timeLimit(clock: Clock, ms: number, strict = true, log: string[] = []): TimeLimit {
  const name = `limit ${ms}`;
  const queue = createExpiryQueue(clock, ms, ({ call, scope }) =>
    call.end(scope, new TimeoutError(ms, { strategy: name }), strict),
  );
  const limit: TimeLimit = {
    kind: 'scope',
    name,
    clock,
    strict,
    entered: 0,
    exited: 0,
    enter(call, scope) {
      log.push(`+${name}`);
      limit.entered++;
      return queue.add(call, scope);
    },
    exit(handle) {
      log.push(`-${name}`);
      limit.exited++;
      queue.remove(handle as ReturnType<typeof queue.add>);
    },
  };
  return limit;
}
