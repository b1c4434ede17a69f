import { seededRandom } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { Cluster, type Guard } from '../../src/simulation/cluster.ts';
import { VirtualClock } from '../../src/simulation/virtual-clock.ts';

const unguarded: Guard = (instance) => instance.request();

function started(guard: () => Guard = () => unguarded) {
  const clock = new VirtualClock();
  const cluster = new Cluster({
    ...{ clock, random: seededRandom(5), instances: 4, capacityPerSecond: 400, latencyMs: 20 },
    ...{ queueMs: 1_000, guard },
  });
  const counts = { ok: 0, failed: 0 };
  const send = (requests: number) => {
    for (let request = 0; request < requests; request++) {
      cluster.request().then(
        () => counts.ok++,
        () => counts.failed++,
      );
    }
  };
  return { clock, cluster, counts, send };
}

describe('Cluster', () => {
  it('serves what its instances can serve together', async () => {
    const { clock, cluster, counts, send } = started();
    send(200);
    await clock.run(420);
    // A perfect balance would serve all that came in by then; a random one leaves some idle at the end.
    expect(counts.ok).toBeGreaterThan(140);
    expect(counts.ok).toBeLessThanOrEqual(160);
    expect(cluster.requests).toBe(200);
  });

  it('breaks as many instances as it is told to, and mends them', async () => {
    const { clock, cluster, counts, send } = started();
    cluster.suffer({ down: true }, 1);
    send(200);
    await clock.run(5_000);
    expect(counts.failed).toBeGreaterThan(200 / 4 - 20);
    expect(counts.failed).toBeLessThan(200 / 4 + 20);
    expect(counts.ok).toBe(200 - counts.failed);
    cluster.suffer({}, 1);
    const before = counts.failed;
    send(200);
    await clock.run(10_000);
    expect(counts.failed).toBe(before);
  });

  it('asks the guard of the instance that was chosen, and counts what that refuses', async () => {
    let guards = 0;
    const { clock, cluster, counts, send } = started(() => {
      const refuses = guards++ === 0;
      return (instance) => (refuses ? instance.refuse() : instance.request());
    });
    expect(guards).toBe(4);
    send(100);
    await clock.run(5_000);
    expect(counts.failed).toBeGreaterThan(10);
    expect(counts.failed).toBeLessThan(40);
    expect(cluster.requests).toBe(100);
  });
});
