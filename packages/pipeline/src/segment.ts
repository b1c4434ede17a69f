import { systemClock, type Clock } from './clock.ts';
import type { DriverHook, GateHook, Hook, RecoveryHook, ScopeHook } from './hook.ts';

/** A gate or a scope; always the same shape, so that the engine's loops stay monomorphic. */
export interface Step {
  readonly gate: GateHook | undefined;
  readonly scope: ScopeHook | undefined;
}

/** A run of gates and scopes that share one frame, up to the next hook that may run what is inside it again. */
export interface Segment {
  readonly clock: Clock;
  readonly steps: readonly Step[];
  /** Whether a scope of this segment settles the caller before the operation does. */
  readonly strict: boolean;
  /** Whether the segment has a scope at all. */
  readonly scoped: boolean;
  /** The segment around this one. */
  readonly outer: Segment | undefined;
  /** Stands between this segment and `inner`. */
  readonly driver: RecoveryHook | DriverHook | undefined;
  inner: Segment | undefined;
}

/** Cuts a list of hooks, outermost first, into segments. */
export function compile(hooks: readonly Hook[]): Segment {
  return segmentFrom(hooks, hooks.find((hook) => hook.clock !== undefined)?.clock ?? systemClock, undefined);
}

function segmentFrom(hooks: readonly Hook[], clock: Clock, outer: Segment | undefined): Segment {
  const steps: Step[] = [];
  let driver: RecoveryHook | DriverHook | undefined;
  for (const hook of hooks) {
    if (hook.kind === 'recovery' || hook.kind === 'driver') {
      driver = hook;
      break;
    }
    steps.push(hook.kind === 'gate' ? { gate: hook, scope: undefined } : { gate: undefined, scope: hook });
  }
  const strict = steps.some(({ scope }) => scope?.strict);
  const scoped = steps.some(({ scope }) => scope);
  const segment: Segment = { clock, steps, strict, scoped, outer, driver, inner: undefined };
  if (driver !== undefined) segment.inner = segmentFrom(hooks.slice(steps.length + 1), clock, segment);
  return segment;
}
