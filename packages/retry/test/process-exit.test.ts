import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';

/** Runs a module in a process of its own, from the sources. */
const run = (source: string) =>
  promisify(execFile)(
    process.execPath,
    ['--conditions=@holdfast/source', '--no-warnings', '--input-type=module', '--eval', source],
    { cwd: import.meta.dirname },
  );

describe('a process', () => {
  it('waits for the backoff of a retry at its top level, and ends with 0', async () => {
    const { stdout } = await run(`
      import { retry } from '@holdfast/retry';
      const strategy = retry({ backoff: 'constant', baseDelayMs: 30 });
      console.log(await strategy.execute(({ attempt }) => {
        if (attempt < 3) throw new Error('not yet');
        return 'attempt ' + attempt;
      }));`);
    expect(stdout).toBe('attempt 3\n');
  });

  it('does not wait for a hedge that is no longer needed', async () => {
    const { stdout } = await run(`
      import { hedge } from '@holdfast/retry';
      console.log(await hedge({ delayMs: 3_600_000 }).execute(() => 'done'));`);
    expect(stdout).toBe('done\n');
  });
});
