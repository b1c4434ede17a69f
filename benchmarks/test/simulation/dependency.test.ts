import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { Dependency } from '../../src/simulation/dependency.ts';

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
    dependency.down = true;
    send();
    await clock.advance(100);
    dependency.down = false;
    send();
    await clock.advance(1_000);
    expect(settled).toEqual(['failed 20', 'ok 220']);
    expect(dependency.requests).toBe(2);
  });
});
