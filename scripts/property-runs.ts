import fc from 'fast-check';

// `npm run test:long` lets every property run more often than a developer wants to wait for.
const runs = process.env['HOLDFAST_PROPERTY_RUNS'];
if (runs !== undefined) fc.configureGlobal({ numRuns: Number(runs) });
