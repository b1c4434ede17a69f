import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import {
  fileLeases,
  LeaseFileError,
  type FileLeasesOptions,
  type LeaseStore,
} from '@holdfast/credential-broker';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { aLease } from './a-lease.ts';
import { leaseStoreContract } from './lease-store-contract.ts';

const folder = () => mkdtemp(path.join(tmpdir(), 'leases-'));

leaseStoreContract('fileLeases', async () => {
  const dir = await folder();
  let store = await fileLeases({ dir, maxOutdated: 3 });
  return {
    store,
    async reopen() {
      await store.close();
      store = await fileLeases({ dir, maxOutdated: 3 });
      return store;
    },
    async close() {
      await store.close();
      await rm(dir, { recursive: true });
    },
  };
});

describe('a file of leases', () => {
  let dir: string;
  let log: string;
  let store: LeaseStore;
  beforeEach(async () => {
    dir = await folder();
    log = path.join(dir, 'leases.log');
    store = await fileLeases({ dir });
  });
  afterEach(async () => {
    await store.close();
    await rm(dir, { recursive: true });
  });
  const ids = async () => (await store.list({ tenant: 'acme' }, undefined, 1_000)).map(({ id }) => id);
  const reopen = async () => {
    await store.close();
    store = await fileLeases({ dir });
  };

  it('belongs to one store at a time', async () => {
    await expect(fileLeases({ dir })).rejects.toMatchObject({ code: 'ERR_LEASE_FILE', failure: 'locked' });
    await store.close();
    store = await fileLeases({ dir });
  });

  it('can be read by its owner alone', async () => {
    expect((await stat(log)).mode & 0o777).toBe(0o600);
  });

  it('drops what was torn when the process died, and goes on behind the rest', async () => {
    await store.insert(aLease({ id: 'a' }));
    await store.insert(aLease({ id: 'b' }));
    await store.close();
    const whole = await readFile(log);
    const lines = whole.toString().trimEnd().split('\n');
    const first = Buffer.byteLength(`${lines[0]}\n`);
    for (const length of [first, first + 1, first + 12, whole.length - 2, whole.length - 1]) {
      await writeFile(log, whole.subarray(0, length));
      store = await fileLeases({ dir });
      expect(await ids()).toEqual(['a']);
      await store.insert(aLease({ id: 'c' }));
      await reopen();
      expect(await ids()).toEqual(['a', 'c']);
      await store.close();
    }
    await writeFile(log, Buffer.concat([whole, Buffer.alloc(4_096)]));
    store = await fileLeases({ dir });
    expect(await ids()).toEqual(['a', 'b']);
  });

  it('refuses a file that is damaged before its end: what was used up must not come back', async () => {
    const lease = aLease({ id: 'a' });
    await store.insert(lease);
    await store.change(lease, { state: 'consumed' });
    await store.insert(aLease({ id: 'b' }));
    await store.close();
    const bytes = await readFile(log);
    const at = bytes.indexOf('consumed');
    bytes[at] = (bytes[at] ?? 0) ^ 1;
    await writeFile(log, bytes);
    await expect(fileLeases({ dir })).rejects.toMatchObject({ failure: 'corrupt' });
    // Nothing was cut off, and the folder is free again.
    expect(await readFile(log)).toEqual(bytes);
    await rm(log);
    store = await fileLeases({ dir });
  });

  it('refuses a line of another format', async () => {
    await store.close();
    await writeFile(log, 'hello world\nhello again\n');
    await expect(fileLeases({ dir })).rejects.toThrow(LeaseFileError);
    await rm(log);
    store = await fileLeases({ dir });
  });

  it('writes together what comes together', async () => {
    await Promise.all(Array.from({ length: 200 }, (_, at) => store.insert(aLease({ id: `${at}` }))));
    const lines = (await readFile(log, 'utf8')).trimEnd().split('\n');
    expect(lines.length).toBeLessThan(5);
    await reopen();
    expect(await ids()).toHaveLength(200);
  });

  it('shrinks when most of it is outdated, and says the same afterwards', async () => {
    await store.close();
    store = await fileLeases({ dir, maxOutdated: 50 });
    await store.insert(aLease({ id: 'kept' }));
    for (let round = 0; round < 20; round++) {
      const leases = Array.from({ length: 10 }, (_, at) => aLease({ id: `${round}-${at}`, expiresAtMs: 1 }));
      await Promise.all(leases.map((lease) => store.insert(lease)));
      await Promise.all(leases.map((lease) => store.change(lease, { state: 'consumed' })));
      await store.forget(2);
    }
    expect((await readFile(log, 'utf8')).match(/"lease"/g)?.length).toBeLessThan(100);
    expect(await readdir(dir)).not.toContain('leases.log.new');
    await reopen();
    expect(await ids()).toEqual(['kept']);
  });

  it('does not mind what a compaction left that never ended', async () => {
    await store.insert(aLease({ id: 'a' }));
    await store.close();
    await appendFile(`${log}.new`, 'half');
    store = await fileLeases({ dir });
    expect(await ids()).toEqual(['a']);
    expect(await readdir(dir)).not.toContain('leases.log.new');
  });

  it('answers nothing more once it is closed, and closes once', async () => {
    await store.close();
    await store.close();
    await expect(store.find('a')).rejects.toMatchObject({ failure: 'closed' });
    await expect(store.insert(aLease({ id: 'a' }))).rejects.toMatchObject({ failure: 'closed' });
  });

  it('writes what it was given before it was closed', async () => {
    const inserted = store.insert(aLease({ id: 'a' }));
    await reopen();
    await inserted;
    expect(await ids()).toEqual(['a']);
  });

  it('checks its options', async () => {
    const wrong = (options: object) => fileLeases(options as FileLeasesOptions);
    await expect(wrong({ dir: 7 })).rejects.toThrow('fileLeases: dir must be a string, got a number');
    await expect(wrong({ dir, maxOutdated: 0 })).rejects.toThrow(
      'fileLeases: maxOutdated must be an integer >= 1',
    );
  });
});

it('a file of leases has all that was acknowledged when its process is killed, and lets one use each up', async () => {
  const dir = await folder();
  const acknowledged: string[] = [];
  for (let round = 0; round < 3; round++) {
    const writer = fileURLToPath(new URL('lease-writer.ts', import.meta.url));
    const child = spawn(
      process.execPath,
      ['--conditions=@holdfast/source', '--no-warnings', writer, dir, `${round}`],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const exited = once(child, 'exit');
    for await (const line of createInterface(child.stdout)) {
      acknowledged.push(line);
      if (acknowledged.length === 100 * (round + 1)) child.kill('SIGKILL');
    }
    expect((await exited)[1]).toBe('SIGKILL');
    const store = await fileLeases({ dir });
    for (const id of acknowledged) {
      const lease = await store.find(id);
      expect(lease?.state).toBe('consumed');
      expect(lease && (await store.change(lease, { state: 'consumed' }))).toBeUndefined();
    }
    await store.close();
  }
  await rm(dir, { recursive: true });
});
