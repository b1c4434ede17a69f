import { describe, expect, it } from 'vitest';
import { loopOf, verify, type Ending, type TimedCase } from '../../src/harness/timed-case.ts';

const boom = new Error('boom');
const OPS: Readonly<Record<Ending, () => unknown>> = {
  fulfils: () => Promise.resolve(1),
  rejects: () => Promise.reject(boom),
  returns: () => 1,
  throws: () => {
    throw boom;
  },
};
const ENDINGS = Object.keys(OPS) as Ending[];

const timedCase = (op: () => unknown, ending: Ending): TimedCase => ({
  name: 'it',
  subject: 'x',
  op,
  ending,
});

describe('loopOf', () => {
  it.each(ENDINGS)('runs an operation that %s exactly as often as asked', async (ending) => {
    let calls = 0;
    const op = () => {
      calls++;
      return OPS[ending]();
    };
    await loopOf(timedCase(op, ending))(17);
    expect(calls).toBe(17);
  });

  it('waits for each promise before the next call', async () => {
    let running = 0;
    let most = 0;
    const op = async () => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
    };
    await loopOf(timedCase(op, 'fulfils'))(5);
    expect(most).toBe(1);
  });

  it('takes an operation to fulfil unless it is told otherwise', () => {
    const loop = loopOf({ name: 'it', subject: 'x', op: OPS.fulfils });
    expect(loop(1)).toBeInstanceOf(Promise);
  });
});

describe('verify', () => {
  it.each(ENDINGS)('accepts a case that %s as it says', async (ending) => {
    await expect(verify(timedCase(OPS[ending], ending))).resolves.toBeUndefined();
  });

  const wrong = ENDINGS.flatMap((said) =>
    ENDINGS.filter((done) => done !== said).map((done) => [said, done] as const),
  );
  it.each(wrong)('refuses a case that says it %s but %s', async (said, done) => {
    await expect(verify(timedCase(OPS[done], said))).rejects.toThrow(
      `case 'it' of x ${done}, but says that it ${said}`,
    );
  });

  it('prepares the case first', async () => {
    let ready = false;
    const op = () => (ready ? 1 : Promise.reject(boom));
    await verify({ name: 'it', subject: 'x', op, ending: 'returns', prepare: () => void (ready = true) });
    expect(ready).toBe(true);
  });
});
