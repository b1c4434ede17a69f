import { createMetrics } from '@holdfast/metrics';
import { seededRandom } from '@holdfast/pipeline/testing';
import { onTestFinished, vi } from 'vitest';
import { readCommandLine, type Settings } from '../../src/command-line.ts';
import { openQuickstart, type Quickstart } from '../../src/quickstart.ts';
import type { World } from '../../src/scenarios/scenario.ts';
import type { Fared, Status } from '../../src/status.ts';

/** Runs a scenario four times as fast as it is shown, until the test is over. */
export async function play(name: string, ...args: readonly string[]): Promise<Quickstart> {
  const flags = ['--port', '0', '--drain', '0', '--speed', '4', '--scenario', name, ...args];
  const settings = readCommandLine(flags, {}) as Settings;
  const quickstart = await openQuickstart(settings, { onEntry: () => undefined, random: seededRandom(1) });
  onTestFinished(async () => void (await quickstart.lifecycle.shutdown('SIGINT')));
  return quickstart;
}

/** Waits until a scenario has shown something. */
export async function shown(
  { status }: Quickstart,
  expectation: (status: Status & { readonly without: Fared }) => void,
): Promise<void> {
  await vi.waitFor(
    () => {
      const now = status();
      if (now.without === null) throw new Error('nothing to compare with');
      expectation({ ...now, without: now.without });
    },
    { timeout: 60_000, interval: 50 },
  );
}

/** How many requests failed, for whatever reason. */
export const failures = ({ totals }: Pick<Fared, 'totals'>): number =>
  totals.error + totals.unreachable + totals.broken + totals.timeout;

/** What a guard is made of, in real time. */
export function sampleWorld(upstream = new URL('http://127.0.0.1:9')): World {
  const random = seededRandom(1);
  const ms = (durationMs: number) => durationMs;
  return { metrics: createMetrics(), upstream, ms, random, speed: 1, timeoutMs: 1_000, openMs: 2_000 };
}
