import type { TimedCase } from './harness/timed-case.ts';
import { fail, succeed } from './operations.ts';

/** What ratios refer to: the operation without protection. */
export const bareCall: TimedCase = { name: 'await fn()', subject: 'platform', op: succeed };

/** What ratios of failing calls refer to. */
export const bareFailure: TimedCase = {
  name: 'try { await fn() } catch {}',
  subject: 'platform',
  op: fail,
  ending: 'rejects',
};

/** The least that any wrapper written as an async function costs. */
export const asyncWrapper: TimedCase = {
  name: 'empty async wrapper',
  subject: 'platform',
  op: async () => await succeed(),
};
