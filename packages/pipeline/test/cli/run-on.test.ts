import { PassThrough, Writable } from 'node:stream';
import { runOn } from '@holdfast/pipeline/cli';
import { describe, expect, it } from 'vitest';

/** A stream that takes no more than so many bytes, and fails as the streams of a process do: again at each write. */
function limited(bytes: number, code: string) {
  let left = bytes;
  return new Writable({
    autoDestroy: false,
    write(chunk: Buffer, _encoding, done) {
      left -= chunk.length;
      done(left < 0 ? Object.assign(new Error(`write ${code}`), { code }) : null);
    },
  });
}

async function told(stdout: Writable, run: (unread: AbortSignal) => Promise<number>) {
  let said = '';
  const stderr = new PassThrough().on('data', (chunk: Buffer) => (said += chunk.toString()));
  const status = await runOn({ stdout, stderr }, run);
  return { status, said };
}

describe('runOn', () => {
  it.each([0, 1, 130])('answers exit code %d when all could be written', async (code) => {
    const stdout = new PassThrough();
    const run = async (unread: AbortSignal) => {
      stdout.write('result\n');
      return unread.aborted ? -1 : code;
    };
    expect(await told(stdout, run)).toEqual({ status: code, said: '' });
    expect(String(stdout.read())).toBe('result\n');
  });

  it('keeps the exit code when the reader went away', async () => {
    const stdout = limited(8, 'EPIPE');
    const run = async () => {
      for (let n = 0; n < 3; n++) stdout.write('result\n');
      return 1;
    };
    expect(await told(stdout, run)).toEqual({ status: 1, said: '' });
  });

  it.each([0, 1])('exits with 3 and one line in place of %d when the disk is full', async (code) => {
    const stdout = limited(8, 'ENOSPC');
    const run = async () => {
      for (let n = 0; n < 3; n++) stdout.write('result\n');
      return code;
    };
    expect(await told(stdout, run)).toEqual({
      status: 3,
      said: 'the output could not be written: write ENOSPC\n',
    });
  });

  it('tells the run of the first write that failed', async () => {
    const stdout = limited(0, 'EPIPE');
    const reasons: unknown[] = [];
    const run = async (unread: AbortSignal) => {
      stdout.write('result\n');
      await new Promise(setImmediate);
      reasons.push(unread.reason);
      stdout.write('more\n');
      await new Promise(setImmediate);
      reasons.push(unread.reason);
      return 0;
    };
    expect(await told(stdout, run)).toEqual({ status: 0, said: '' });
    expect(reasons[0]).toMatchObject({ code: 'EPIPE' });
    expect(reasons[1]).toBe(reasons[0]);
  });

  it('runs on when nobody can be told of anything', async () => {
    const [stdout, stderr] = [limited(0, 'ENOSPC'), limited(0, 'ENOSPC')];
    const run = async () => {
      stdout.write('result\n');
      stderr.write('remark\n');
      return 0;
    };
    expect(await runOn({ stdout, stderr }, run)).toBe(3);
    await new Promise(setImmediate);
  });
});
