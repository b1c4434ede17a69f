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

const header = `import { timeout } from '@holdfast/timeout';`;

describe('a process', () => {
  it('stays alive for a strict timeout around a promise that never settles', async () => {
    const { stdout } = await run(
      `${header}
       try { await timeout({ timeoutMs: 50 }).execute(() => new Promise(() => {})); }
       catch (error) { console.log(error.name); }`,
    );
    expect(stdout).toBe('TimeoutError\n');
  });

  it('fails with the TimeoutError, not with exit code 13, when nobody catches it', async () => {
    const failed = await run(
      `${header} await timeout({ timeoutMs: 50 }).execute(() => new Promise(() => {}));`,
    ).catch((error: unknown) => error as { code: number; stderr: string });
    expect(failed).toMatchObject({ code: 1 });
    expect(failed.stderr).toContain('TimeoutError: timeout timed out after 50 ms');
  });

  it('does not wait for the timeout of a call that has settled', async () => {
    const { stdout } = await run(
      `${header}
       console.log(await timeout({ timeoutMs: 3_600_000 }).execute(() => 'done'));`,
    );
    expect(stdout).toBe('done\n');
  });
});
