import { describe, expect, it } from 'vitest';
import { chaos, chaosDefaults, type ChaosOptions } from '../src/index.ts';

const refused = (options: unknown) => () => chaos(options as ChaosOptions);
const fault = (fields: object) =>
  refused({ faults: [{ kind: 'error', ratio: 1, error: () => 1, ...fields }] });

describe('the options of chaos', () => {
  it('leave it disabled unless told otherwise', () => {
    expect(chaosDefaults).toMatchObject({ enabled: false, seed: 1, name: 'chaos' });
    expect(chaos({ faults: [] }).enabled).toBe(false);
  });

  it.each([
    [refused(undefined), 'chaos: options must be an object, got undefined'],
    [refused({}), 'chaos: faults must be an array, got undefined'],
    [refused({ faults: {} }), 'chaos: faults must be an array, got an object'],
    [refused({ faults: [], rate: 1 }), 'chaos has no option "rate"'],
    [refused({ faults: [], seed: 0.5 }), 'chaos: seed must be an integer'],
    [refused({ faults: [null] }), 'chaos: faults[0] must be an object, got null'],
    [
      refused({ faults: [{ kind: 'flood', ratio: 1 }] }),
      'chaos: faults[0].kind must be one of "error", "latency"',
    ],
    [fault({ ratio: 1.01 }), 'chaos: faults[0]: ratio must be a number >= 0 and <= 1, got 1.01'],
    [fault({ ratio: undefined }), 'chaos: faults[0].ratio must be a number >= 0 and <= 1, got undefined'],
    [fault({ error: undefined }), 'chaos: faults[0].error must be a function, got undefined'],
    [fault({ delayMs: 5 }), 'chaos: faults[0] has no option "delayMs"'],
    [fault({ when: 'host' }), 'chaos: faults[0]: when must be a function, got a string of length 4'],
    [
      fault({ during: { fromMs: 5 } }),
      'chaos: faults[0].during.untilMs must be a number >= 5, got undefined',
    ],
    [
      fault({ during: { fromMs: 5, untilMs: 4 } }),
      'chaos: faults[0].during.untilMs must be a number >= 5, got 4',
    ],
    [
      fault({ during: { fromMs: 5, untilMs: 10, everyMs: 9 } }),
      'chaos: faults[0].during.everyMs must be a number >= 10, got 9',
    ],
    [
      refused({ faults: [{ kind: 'latency', ratio: 1, delayMs: [2, 1] }] }),
      'chaos: faults[0]: delayMs must be milliseconds >= 0, or two of them with the smaller first, got an array',
    ],
    [
      refused({ faults: [{ kind: 'latency', ratio: 1 }] }),
      'chaos: faults[0].delayMs must be milliseconds >= 0, or two of them with the smaller first, got undefined',
    ],
    [refused({ faults: [{ kind: 'result', ratio: 1 }] }), 'chaos: faults[0].result must be a function'],
  ])('are refused with what is wrong (%#)', (construct, message) => {
    expect(construct).toThrow(message);
  });
});
