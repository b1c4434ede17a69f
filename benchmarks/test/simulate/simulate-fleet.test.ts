import { describe, expect, it } from 'vitest';
import { scenarioNamed } from '../../src/simulate/command-line.ts';
import { callsPerSecond, capacityPerSecond, WORLD } from '../../src/simulate/scenario.ts';
import { SCENARIOS } from '../../src/simulate/scenarios.ts';
import { simulateFleet } from '../../src/simulate/simulate-fleet.ts';
import { SUBJECTS, type Subject } from '../../src/simulate/subjects.ts';
import { play, SMALL, subjectNamed } from './small.ts';

const labelled = SUBJECTS.map((subject) => [`${subject.subject}: ${subject.name}`, subject] as const);
const unprotected: Subject = { name: 'bare', subject: 'platform', protect: () => (request) => request() };
const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);

describe.each(labelled)('%s', (_, subject) => {
  it('ends every call, in every scenario', async () => {
    for (const scenario of SCENARIOS) {
      const size = { clients: 200, processes: 2, seed: 1 };
      const { callsStarted, callsEnded, series } = await play(scenario, subject, size);
      expect(callsStarted).toBeGreaterThan(500);
      expect(callsEnded).toBe(callsStarted);
      expect(sum(series.calls)).toBe(callsStarted);
      for (const [second, count] of series.goodput.entries()) {
        expect(count).toBeLessThanOrEqual(series.calls[second] ?? 0);
      }
    }
  });

  it('plays the same again from the same seed, and another with another', async () => {
    const size = { clients: 500, processes: 5, seed: 7 };
    const first = await play('brown-out', subject, size);
    expect(await play('brown-out', subject, size)).toEqual(first);
    expect(await play('brown-out', subject, { ...size, seed: 8 })).not.toEqual(first);
  });

  it('lets nearly every call succeed, once, while nothing is wrong', async () => {
    const calm = { ...scenarioNamed('outage'), fault: {} };
    const { figures, series, callsStarted } = await play(calm, subject);
    expect(figures['succeed in it, %']).toBeGreaterThan(99);
    expect(sum(series.load) / callsStarted).toBeCloseTo(1, 1);
  });
});

describe('the world', () => {
  it('makes as many calls as its clients think of', async () => {
    const { series } = await play({ ...scenarioNamed('outage'), fault: {} }, unprotected);
    const usual = callsPerSecond(SMALL);
    expect(sum(series.calls) / WORLD.endAtSecond / usual).toBeCloseTo(1, 1);
    expect(sum(series.load)).toBe(sum(series.calls));
  });

  it('serves no more than what is left of the capacity', async () => {
    const { series } = await play('brown-out', unprotected);
    const served = sum(series.goodput.slice(WORLD.faultAtSecond, WORLD.faultAtSecond + 20));
    const inTime = 0.4 * capacityPerSecond(SMALL) * 20;
    // Whoever waits for as long as it takes also gets what the queue holds in the end.
    expect(served).toBeLessThan(inTime * (1 + WORLD.queueMs / 20_000));
    expect(served).toBeGreaterThan(inTime);
  });

  it('fails the calls of an outage, of a share of the attempts, or of an instance', async () => {
    const share = async (scenario: string) => (await play(scenario, unprotected)).figures['succeed in it, %'];
    expect(await share('outage')).toBe(0);
    expect(await share('partial-failure')).toBeCloseTo(70, -1);
    const { figures } = await play('bad-instance', subjectNamed('timeout', 'platform'));
    expect(figures['succeed in it, %']).toBeCloseTo(90, -1);
  });

  it('brings clients back sooner where they come back sooner', async () => {
    const calls = async (scenario: string) => {
      const { series } = await play(scenario, unprotected);
      return series.calls[WORLD.faultAtSecond + 19] ?? 0;
    };
    expect(await calls('thundering-herd')).toBeGreaterThan(1.5 * (await calls('outage')));
  });

  it('tells of each second that it has played', async () => {
    const seconds: number[] = [];
    const size = { clients: 10, processes: 1, seed: 1 };
    await simulateFleet(scenarioNamed('outage'), unprotected, size, (second) => seconds.push(second));
    expect(seconds).toEqual(Array.from({ length: WORLD.endAtSecond }, (_, index) => index + 1));
  });
});

describe('what the report promises', () => {
  it.each(['recommended', 'recommended, both ends'])('holds for %s in an outage', async (name) => {
    const { figures } = await play('outage', subjectNamed(name));
    expect(figures['load in the fault']).toBeLessThanOrEqual(1.1);
    expect(figures['back after, s']).toBeLessThanOrEqual(2);
  });

  it('is a dependency that comes back after a hiccup, where retries without a budget keep it down', async () => {
    const recovered = async (subject: Subject) =>
      (await play('retry-storm', subject)).figures['back after, s'];
    expect(await recovered(subjectNamed('retry, timeout', 'p-retry'))).toBeNull();
    expect(await recovered(subjectNamed('recommended'))).toBeLessThan(15);
  });

  it('is a slower return with the defaults, whose circuits rest for 30 s', async () => {
    const { figures } = await play('outage', subjectNamed('defaults'));
    expect(figures['back after, s']).toBeGreaterThan(2);
  });

  it('is most of what a browned-out dependency can do, where it limits itself', async () => {
    const size = { clients: 5_000, processes: 50, seed: 1 };
    const both = await play('brown-out', subjectNamed('recommended, both ends'), size);
    const one = await play('brown-out', subjectNamed('recommended'), size);
    expect(both.figures['succeed in it, %']).toBeGreaterThan(40);
    expect(one.figures['succeed in it, %']).toBeLessThan(40);
  });
});
