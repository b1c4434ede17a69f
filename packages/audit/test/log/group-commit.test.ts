import { manualClock } from '@holdfast/pipeline/testing';
import { expect, test } from 'vitest';
import { GroupCommit, type GroupCommitOptions } from '../../src/log/group-commit.ts';
import { TreeBook } from '../../src/log/tree-book.ts';
import type { WalEntry, WalWriter } from '../../src/wal/wal-writer.ts';

/** A group commit over a disk that answers when it is told to. */
function rig(options: Partial<GroupCommitOptions> = {}) {
  const book = new TreeBook('audit.example/test', '/logs');
  const batches: { entries: readonly WalEntry[]; succeed: () => void; fail: (error: unknown) => void }[] = [];
  const wal: Pick<WalWriter, 'write'> = {
    write: (entries) =>
      new Promise((resolve, reject) => {
        for (const entry of entries) entry.index = entry.tree.assigned++;
        const fail = (error: unknown) => {
          for (const { tree } of entries) tree.assigned--;
          reject(error instanceof Error ? error : new Error(String(error)));
        };
        batches.push({ entries, succeed: () => resolve(), fail });
      }),
  };
  const told: string[] = [];
  const clock = manualClock();
  const commits = new GroupCommit({
    wal: wal as WalWriter,
    checkLock: () => Promise.resolve(),
    clock,
    maxPending: 100,
    ackTimeoutMs: 1000,
    mustWait: () => false,
    onDurable: (batch) => {
      for (const { tree, leaf } of batch) tree.append(leaf);
      told.push(`durable ${batch.length}`);
    },
    onFailed: (entries) => told.push(`failed ${entries}`),
    onRecovered: () => told.push('recovered'),
    ...options,
  });
  const append = (text: string, tenant = 'a') => {
    const refusal = commits.refuse();
    return refusal === undefined
      ? commits.append(book.obtain(tenant), Buffer.from(text))
      : Promise.reject(refusal);
  };
  const turn = () => new Promise(setImmediate);
  return { commits, append, batches, told, turn, clock, book };
}

test('a batch is applied to the trees after its callers were answered, and before anything else happens', async () => {
  const { append, batches, told, turn } = rig();
  const answered = append('one').then(() => told.push('answered'));
  await turn();
  batches[0]?.succeed();
  await answered;
  await turn();
  expect(told).toEqual(['answered', 'durable 1']);
});

test('whoever asks earlier has it applied earlier, and once', async () => {
  const { commits, append, batches, told, turn, book } = rig();
  const answered = append('one').then(() => {
    commits.apply();
    return book.find('a')?.size;
  });
  await turn();
  batches[0]?.succeed();
  expect(await answered).toBe(1);
  await turn();
  expect(told).toEqual(['durable 1']);
});

test('the next batch is under way before the last one is applied', async () => {
  const { append, batches, told, turn } = rig();
  const first = append('one');
  await turn();
  const second = append('two');
  batches[0]?.succeed();
  await first;
  await turn();
  expect(batches).toHaveLength(2);
  expect(told).toEqual(['durable 1']);
  batches[1]?.succeed();
  expect(await second).toMatchObject({ index: 1 });
});

test('a failure is that of its batch alone', async () => {
  const { commits, append, batches, told, turn } = rig();
  const first = append('one').catch((error: unknown) => (error as Error).cause);
  await turn();
  const second = append('two');
  const broken = new Error('disk');
  batches[0]?.fail(broken);
  expect(await first).toBe(broken);
  expect(commits).toMatchObject({ state: 'failed', failure: broken, failed: 1 });
  await turn();
  batches[1]?.succeed();
  expect(await second).toMatchObject({ index: 0 });
  await turn();
  expect(told).toEqual(['failed 1', 'recovered', 'durable 1']);
  expect(commits.state).toBe('open');
});

test('a batch has some megabytes at most, and at least one entry', async () => {
  const { append, batches, turn } = rig();
  const large = 'x'.repeat(60_000);
  const appends = Array.from({ length: 90 }, () => append(large));
  await turn();
  expect(batches[0]?.entries.length).toBe(70);
  batches[0]?.succeed();
  await turn();
  expect(batches[1]?.entries.length).toBe(20);
  batches[1]?.succeed();
  expect((await Promise.all(appends)).map(({ index }) => index)).toEqual(appends.map((_, index) => index));
});

test('while it must wait nothing goes to the disk; what was promised is kept afterwards', async () => {
  let wait = true;
  const { commits, append, batches, turn } = rig({ mustWait: () => wait });
  const held = append('held');
  await turn();
  expect(batches).toHaveLength(0);
  commits.resume();
  expect(batches).toHaveLength(0);
  wait = false;
  commits.resume();
  await turn();
  batches[0]?.succeed();
  expect(await held).toMatchObject({ index: 0 });
});

test('who closes does not wait for files', async () => {
  const { commits, append, batches, turn } = rig({ mustWait: () => true });
  const held = append('held');
  await turn();
  commits.stop('closed', undefined);
  await turn();
  batches[0]?.succeed();
  expect(await held).toMatchObject({ index: 0 });
  await commits.whenSettled();
  await expect(append('late')).rejects.toMatchObject({ code: 'ERR_AUDIT_CLOSED' });
});

test('who waits for what was appended does not wait for what others append meanwhile', async () => {
  const { commits, append, batches, told, turn } = rig();
  const appended = [append('one')];
  await turn();
  appended.push(append('two'));
  void commits.whenSettled().then(() => told.push('settled'));
  batches[0]?.succeed();
  await turn();
  appended.push(append('three'));
  expect(told).toEqual(['durable 1']);
  batches[1]?.succeed();
  await turn();
  expect(told).toEqual(['durable 1', 'durable 1', 'settled']);
  batches[2]?.succeed();
  await Promise.all(appended);
});

test('who waits for what is in flight waits for it when all that came later was given up', async () => {
  const { commits, append, batches, told, turn, clock } = rig();
  const lost = [append('one')];
  await turn();
  lost.push(append('two'));
  const settled = commits.whenSettled().then(() => told.push('settled'));
  const outcomes = Promise.allSettled(lost);
  await clock.advance(1000);
  expect(await outcomes).toMatchObject([{ status: 'rejected' }, { status: 'rejected' }]);
  await turn();
  expect(told).toEqual([]);
  batches[0]?.succeed();
  await settled;
  expect(told).toEqual(['durable 1', 'settled']);
});

test('what waits when the log breaks is rejected, and never written', async () => {
  const { commits, append, batches, turn } = rig();
  const first = append('one');
  await turn();
  const second = append('two').catch((error: unknown) => (error as Error).cause);
  const lost = new Error('lost');
  commits.stop('broken', lost);
  batches[0]?.succeed();
  await first;
  expect(await second).toBe(lost);
  expect(batches).toHaveLength(1);
  await expect(append('late')).rejects.toMatchObject({ code: 'ERR_AUDIT_WRITE', cause: lost });
});

test('no timer is left when nobody waits', async () => {
  const { append, batches, turn, clock } = rig();
  const first = append('one');
  await turn();
  expect(clock.pendingTimers).toBe(1);
  expect(clock.refedTimers).toBe(0);
  batches[0]?.succeed();
  await first;
  await clock.advance(1000);
  expect(clock.pendingTimers).toBe(0);
});
