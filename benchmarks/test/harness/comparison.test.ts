import { expect, it } from 'vitest';
import { measure } from '../../src/harness/measure.ts';
import { verify, type TimedCase } from '../../src/harness/timed-case.ts';

/** A clock that stands still but for the operations, which say how long they take. */
function slowCases() {
  let nowMs = 0;
  const slow = (subject: string, name: string, ms: number, more: Partial<TimedCase> = {}): TimedCase => ({
    subject,
    name,
    ending: 'returns',
    op: () => (nowMs += ms),
    maxOpsPerBatch: 4,
    countsBytes: false,
    ...more,
  });
  return { slow, now: () => nowMs };
}

it('compares the same job of Holdfast and a peer, and what is on top of something', async () => {
  const { slow, now } = slowCases();
  const cases = [
    slow('platform', 'bare', 1),
    slow('holdfast', 'ours', 2, { job: 'work', above: 'bare' }),
    slow('peer', 'theirs', 10, { job: 'work' }),
    slow('peer', 'other', 10, { job: 'other work' }),
  ];
  const reports = await measure(cases, { now, rounds: 3, batchMs: 1 });
  expect(reports.map(({ figures }) => figures)).toEqual([
    undefined,
    { 'x peer': 5, 'added ns': 1e6 },
    undefined,
    undefined,
  ]);
  expect(reports[1]?.bytesPerOp).toBeNull();
});

it('refuses a case that does not count each call once', async () => {
  let value = 0;
  const twice: TimedCase = {
    subject: 'peer',
    name: 'it',
    ending: 'returns',
    op: () => (value += 2),
    counted: () => value,
  };
  await expect(verify(twice)).rejects.toThrow("case 'it' of peer is called once, but counts 2");
});
