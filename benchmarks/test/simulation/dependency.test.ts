import { manualClock, seededRandom } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { Dependency } from '../../src/simulation/dependency.ts';
import { VirtualClock } from '../../src/simulation/virtual-clock.ts';

function started(queueMs = 1_000) {
  const clock = manualClock();
  const dependency = new Dependency({ clock, capacityPerSecond: 10, latencyMs: 20, queueMs });
  const settled: string[] = [];
  const send = () => {
    dependency.request().then(
      () => settled.push(`ok ${clock.now()}`),
      () => settled.push(`failed ${clock.now()}`),
    );
  };
  return { clock, dependency, settled, send };
}

describe('Dependency', () => {
  it('serves one request after another', async () => {
    const { clock, settled, send } = started();
    [1, 2, 3].forEach(send);
    await clock.advance(10_000);
    expect(settled).toEqual(['ok 120', 'ok 220', 'ok 320']);
  });

  it('refuses what does not fit into its queue', async () => {
    const { clock, dependency, settled, send } = started(100);
    [1, 2, 3, 4].forEach(send);
    await clock.advance(10_000);
    expect(settled).toEqual(['failed 20', 'failed 20', 'ok 120', 'ok 220'].sort());
    expect(dependency.requests).toBe(4);
  });

  it('refuses everything while it is down, and counts it', async () => {
    const { clock, dependency, settled, send } = started();
    dependency.fault = { down: true };
    send();
    await clock.advance(100);
    dependency.fault = {};
    send();
    await clock.advance(1_000);
    expect(settled).toEqual(['failed 20', 'ok 220']);
    expect(dependency.requests).toBe(2);
  });

  it('has a part of its capacity, takes longer, or works in vain while it is told to', async () => {
    const { clock, dependency, settled, send } = started(10_000);
    dependency.fault = { speed: 0.5 };
    [1, 2].forEach(send);
    await clock.advance(10_000);
    expect(settled).toEqual(['ok 220', 'ok 420']);
    dependency.fault = { delayMs: 3_000 };
    send();
    await clock.advance(10_000);
    expect(settled.at(-1)).toBe('ok 13120');
    dependency.fault = { failureRatio: 1 };
    [1, 2].forEach(send);
    await clock.advance(10_000);
    expect(settled.slice(-2)).toEqual(['failed 20120', 'failed 20220']);
  });

  it('fails the share of the requests that it is told to', async () => {
    const clock = manualClock();
    const random = seededRandom(2);
    const dependency = new Dependency({ clock, capacityPerSecond: 1e6, latencyMs: 1, queueMs: 1e6, random });
    dependency.fault = { failureRatio: 0.3 };
    const outcomes = Promise.allSettled(Array.from({ length: 2_000 }, dependency.request));
    await clock.advance(10_000);
    const failed = (await outcomes).filter(({ status }) => status === 'rejected').length;
    expect(failed / 2_000).toBeCloseTo(0.3, 1);
  });

  it('refuses without working', async () => {
    const { clock, dependency, settled, send } = started();
    dependency.refuse().catch(() => settled.push(`refused ${clock.now()}`));
    send();
    await clock.advance(1_000);
    expect(settled).toEqual(['refused 20', 'ok 120']);
  });

  // M/D/1: the mean time in the queue is utilisation / (2 x rate of service x (1 - utilisation)) (Pollaczek-Khinchine).
  it.each([0.3, 0.5, 0.8])('has the queue that theory says at a utilisation of %d', async (utilisation) => {
    const clock = new VirtualClock();
    const random = seededRandom(9);
    const dependency = new Dependency({ clock, capacityPerSecond: 1_000, latencyMs: 0, queueMs: Infinity });
    const calls = 60_000;
    let sumMs = 0;
    const arrive = () => {
      const startedAtMs = clock.now();
      void dependency.request().then(() => (sumMs += clock.now() - startedAtMs));
      if (dependency.requests < calls) clock.setTimer(arrive, -Math.log(1 - random()) / utilisation);
    };
    arrive();
    await clock.run(1e9);
    const waitMs = sumMs / calls - 1;
    expect(waitMs / (utilisation / (2 * (1 - utilisation)))).toBeCloseTo(1, 1);
  });
});
