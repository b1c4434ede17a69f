import type { SuiteReport } from '../../src/harness/suite.ts';

/** A report of times, as `tableOf` and the renderers get it. */
export const timed: SuiteReport = {
  suite: 'breaker',
  node: 'v24.0.0',
  baseline: 'await fn()',
  cases: [
    { name: 'await fn()', subject: 'platform', nsPerOp: 40, bytesPerOp: 250, ratio: 1 },
    {
      name: 'consecutive',
      subject: 'holdfast',
      nsPerOp: 100,
      bytesPerOp: 684,
      ratio: 2.5,
      target: { atMost: { ratio: 2.4, bytesPerOp: 760 } },
    },
    { name: 'defaults', subject: 'opossum', nsPerOp: 1_234.5, bytesPerOp: 2_000, ratio: 30.9 },
  ],
};

const nothing = { nsPerOp: null, bytesPerOp: null, ratio: null };

/** A report of figures. */
export const simulated: SuiteReport = {
  suite: 'storm',
  node: 'v24.0.0',
  baseline: null,
  cases: [
    { name: 'retry', subject: 'p-retry', ...nothing, figures: { load: 4, recovered: null } },
    { name: 'retry', subject: 'holdfast', ...nothing, figures: { load: 1.045, recovered: 0 } },
    { name: 'other', subject: 'holdfast', ...nothing, figures: { recovered: 3 } },
  ],
};
