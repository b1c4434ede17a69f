import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { loadPolicy, PolicyError, watchPolicy } from '@holdfast/credential-broker';
import { manualClock, recordEvents } from '@holdfast/pipeline/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let folder: string;
let file: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'policy-'));
  file = path.join(folder, 'policy.yaml');
  await write('first');
});
afterEach(() => rm(folder, { recursive: true }));

const write = (id: string) => writeFile(file, `rules: [{ id: ${id}, tenants: [acme], refs: ["**"] }]\n`);
const asked = {
  principal: { id: 'a', tenant: 'acme', type: 'agent' },
  resource: { type: 'api', ref: 'op://x' },
  scope: ['read'],
  mode: 'reference',
} as const;
const watch = async () => {
  const clock = manualClock();
  const policy = await watchPolicy(file, { clock, everyMs: 100 });
  return { clock, policy, events: recordEvents(policy) };
};

describe('a watched policy', () => {
  it('follows its file', async () => {
    const { policy, events } = await watch();
    const { version } = policy;
    expect(policy.decide(asked).rule).toBe('first');
    await write('second');
    await policy.reload();
    expect(policy.decide(asked).rule).toBe('second');
    expect(policy.rules[0]?.id).toBe('second');
    expect(policy.version).not.toBe(version);
    expect(events.events).toEqual([{ type: 'policy.reloaded', version: policy.version, warnings: [] }]);
    policy.close();
  });

  it('looks by itself, also at a file that was put in the place of the old one', async () => {
    const { clock, policy } = await watch();
    await writeFile(`${file}.new`, 'rules: []\n');
    await rename(`${file}.new`, file);
    await expect
      .poll(async () => {
        await clock.advance(100);
        return policy.rules;
      })
      .toEqual([]);
    expect(policy.decide(asked).allowed).toBe(false);
    policy.close();
  });

  it('keeps the last good rules when the file is wrong, and says so once', async () => {
    const { policy, events } = await watch();
    const { version } = policy;
    await writeFile(file, 'rules: [{ id: 7 }]');
    await policy.reload();
    await policy.reload();
    expect(policy.decide(asked).rule).toBe('first');
    expect(policy.version).toBe(version);
    expect(events.types).toEqual(['policy.refused']);
    expect(events.events[0]).toMatchObject({ error: expect.any(PolicyError) as PolicyError });
    await write('third');
    await policy.reload();
    expect(policy.decide(asked).rule).toBe('third');
    await writeFile(file, 'rules: [{ id: 7 }]');
    await policy.reload();
    expect(events.types).toEqual(['policy.refused', 'policy.reloaded', 'policy.refused']);
    policy.close();
  });

  it('keeps the last good rules when the file is gone, and takes it up again', async () => {
    const { policy, events } = await watch();
    await rm(file);
    await policy.reload();
    await policy.reload();
    expect(policy.decide(asked).rule).toBe('first');
    expect(events.types).toEqual(['policy.refused']);
    await write('second');
    await policy.reload();
    expect(policy.decide(asked).rule).toBe('second');
    policy.close();
  });

  it('says nothing when the rules are the same', async () => {
    const { policy, events } = await watch();
    await writeFile(file, '# a comment\nrules: [{ id: first, tenants: [acme], refs: ["**"] }]\n');
    await policy.reload();
    expect(events.types).toEqual([]);
    policy.close();
  });

  it('has no timer once it is closed, and keeps no process alive before', async () => {
    const { clock, policy } = await watch();
    expect([clock.pendingTimers, clock.refedTimers]).toEqual([1, 0]);
    policy.close();
    expect(clock.pendingTimers).toBe(0);
    await write('second');
    await policy.reload();
    expect(policy.decide(asked).rule).toBe('first');
  });

  it('does not begin with a file that cannot be used', async () => {
    await writeFile(file, '{}');
    await expect(watchPolicy(file)).rejects.toThrow(PolicyError);
    await expect(loadPolicy(file)).rejects.toThrow(`${file} cannot be used:\n  1:1: must have rules`);
    await expect(watchPolicy(path.join(folder, 'none.yaml'))).rejects.toThrow('ENOENT');
  });

  it('checks its options', async () => {
    const wrong = (options: object) => watchPolicy(file, options);
    await expect(wrong({ everyMs: 0 })).rejects.toThrow(
      'watchPolicy: everyMs must be an integer >= 10, got 0',
    );
    await expect(wrong({ poll: true })).rejects.toThrow('watchPolicy has no option "poll"');
  });
});
