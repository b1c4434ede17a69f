import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { guardBackend } from '@holdfast/credential-broker';
import { quotaFile } from '@holdfast/credential-broker/backends';
import { slidingWindow } from '@holdfast/limiter';
import { manualClock } from '@holdfast/pipeline/testing';
import { never, requestFor } from '../backend-request.ts';
import { FakeBackend } from './fake-backend.ts';

const HOUR = 3_600_000;

function tempFile(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'quota-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return path.join(dir, 'quota.db');
}

it('outlives whoever starts over and over again', async () => {
  const file = tempFile();
  const clock = manualClock();
  let asked = 0;
  for (let start = 0; start < 400; start++) {
    using quotaStore = quotaFile({ file, clock });
    const backend = new FakeBackend({ quota: { requests: 1_000, windowMs: HOUR, perCall: 3 } });
    const guard = guardBackend(backend, { clock, quotaStore });
    for (let i = 0; i < 5; i++) await guard.issue(requestFor(`p${i}`), never()).catch(() => undefined);
    asked += 3 * backend.asked.length;
    await clock.advance(HOUR / 400);
  }
  expect(asked).toBeLessThanOrEqual(815);
  expect(asked).toBeGreaterThan(700);
});

it('would be exhausted by such a one without the file', async () => {
  const clock = manualClock();
  let asked = 0;
  for (let start = 0; start < 400; start++) {
    const backend = new FakeBackend({ quota: { requests: 1_000, windowMs: HOUR, perCall: 3 } });
    const guard = guardBackend(backend, { clock });
    for (let i = 0; i < 5; i++) await guard.issue(requestFor(`p${i}`), never()).catch(() => undefined);
    asked += 3 * backend.asked.length;
  }
  expect(asked).toBeGreaterThan(1_000);
});

it('says when there is enough, and takes nothing until then', () => {
  const clock = manualClock();
  using store = quotaFile({ file: tempFile(), clock });
  const rule = slidingWindow({ limit: 60, windowMs: 60_000 });
  expect([store.take('a', 1, rule), store.take('a', 1, rule)]).toEqual([0, 1_000]);
  expect(store.take('a', 1, rule)).toBe(1_000);
  expect(store.take('b', 1, rule)).toBe(0);
  store.charge('b', 1, rule);
  expect(store.take('b', 1, rule)).toBe(1_000);
});

it('is not locked up by a clock that is set back', async () => {
  const clock = manualClock();
  using store = quotaFile({ file: tempFile(), clock });
  const rule = slidingWindow({ limit: 60, windowMs: 60_000 });
  store.take('a', 1, rule);
  clock.jumpWall(-10 * HOUR);
  expect(store.take('a', 1, rule)).toBeLessThanOrEqual(1_000);
  await clock.advance(1_000);
  expect(store.take('a', 1, rule)).toBe(0);
});

it('counts what several processes take, and survives that they are killed', async () => {
  const file = tempFile();
  const script = `
    import { quotaFile } from '@holdfast/credential-broker/backends';
    import { slidingWindow } from '@holdfast/limiter';
    const store = quotaFile({ file: process.argv[1] });
    const rule = slidingWindow({ limit: 600, windowMs: 3_600_000 });
    let taken = 0;
    for (let i = 0; i < 50; i++) if (store.take('a', 1, rule) === 0) taken++;
    process.stdout.write(taken + '\\n', () => process.kill(process.pid, 'SIGKILL'));`;
  const run = async () => {
    const args = [
      '--conditions=@holdfast/source',
      '--no-warnings',
      '--input-type=module',
      '-e',
      script,
      file,
    ];
    const child = spawn(process.execPath, args, {
      cwd: import.meta.dirname,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await once(child, 'close');
    return Number(said);
  };
  const taken = await Promise.all([run(), run(), run()]);
  const total = taken.reduce((sum, each) => sum + each, 0);
  // What flows in within a minute, and a little that flowed in meanwhile.
  expect(total).toBeGreaterThanOrEqual(10);
  expect(total).toBeLessThan(20);
});

it.skipIf(!existsSync('/proc/locks'))('keeps its locks when it is opened once more', () => {
  const file = tempFile();
  using _ = quotaFile({ file });
  const locks = () => {
    const { ino } = statSync(file);
    return readFileSync('/proc/locks', 'utf8')
      .split('\n')
      .filter((line) => line.includes(`:${ino} `));
  };
  const held = locks();
  expect(held.length).toBeGreaterThan(0);
  quotaFile({ file }).close();
  expect(locks()).toHaveLength(held.length);
});

it('is nobody else’s to read', () => {
  const file = tempFile();
  using _ = quotaFile({ file });
  expect(statSync(file).mode & 0o777).toBe(0o600);
});
