import fc from 'fast-check';

// Histories as long as they may be, and not the ten steps or so that fast-check prefers. `npm run test:long` lets every
// property run more often than a developer wants to wait for.
const runs = process.env['HOLDFAST_PROPERTY_RUNS'];
fc.configureGlobal({
  defaultSizeToMaxWhenMaxSpecified: true,
  ...(runs === undefined ? {} : { numRuns: Number(runs) }),
});
